"""A mapping of which a little has changed since: what did not change is shared, never copied.

For things that hold a million and learn one more. The mapping below is never altered, so whoever
holds an earlier state goes on holding it. Changes pile up until copying is the cheaper way.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Generic, TypeVar, overload

K = TypeVar("K")
V = TypeVar("V")
T = TypeVar("T")


class Gone:
    """What stands for a key that was taken away."""


GONE: Final = Gone()


class Layered(Mapping[K, V], Generic[K, V]):
    """`below` with `over` laid on it. Immutable.

    >>> one = Layered({"a": 1, "b": 2})
    >>> two = one.changed({"a": GONE, "c": 3})
    >>> dict(one), dict(two)
    ({'a': 1, 'b': 2}, {'b': 2, 'c': 3})
    """

    __slots__ = ("below", "over")

    def __init__(self, below: Mapping[K, V], over: Mapping[K, V | Gone] | None = None) -> None:
        self.below = below
        self.over: Mapping[K, V | Gone] = {} if over is None else over

    def changed(self, changes: Mapping[K, V | Gone]) -> "Layered[K, V]":
        """With these keys set, or taken away; costs the changes so far, not the mapping."""
        over = {**self.over, **changes}
        if len(over) ** 2 < 4 * len(self.below) + 64**2:
            return Layered(self.below, over)
        flat = dict(self.below)
        for key, value in over.items():
            if isinstance(value, Gone):
                flat.pop(key, None)
            else:
                flat[key] = value
        return Layered(flat)

    def __getitem__(self, key: K) -> V:
        found = self.over.get(key)
        if found is None:
            return self.below[key]
        if isinstance(found, Gone):
            raise KeyError(key)
        return found

    @overload
    def get(self, key: K, /) -> V | None: ...

    @overload
    def get(self, key: K, default: V | T, /) -> V | T: ...

    def get(self, key: K, default: object = None, /) -> object:
        """The mapping's own `get` raises and catches for every key that is not there."""
        found = self.over.get(key)
        if found is None:
            return self.below.get(key, default)
        return default if isinstance(found, Gone) else found

    def __contains__(self, key: object) -> bool:
        found = self.over.get(key)  # type: ignore[arg-type]
        return key in self.below if found is None else found is not GONE

    def __iter__(self) -> Iterator[K]:
        over = self.over
        yield from (key for key in self.below if key not in over)
        yield from (key for key, value in over.items() if value is not GONE)

    def __len__(self) -> int:
        return sum(1 for _ in self)
