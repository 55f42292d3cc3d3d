"""What was worked out from facts, kept for the facts that go on from them, with what changed since.

Values are never altered, so earlier facts go on holding theirs. What nobody asked for while many
entries came is let go: making it anew is cheaper then, and memory stays flat.
"""

from collections.abc import Callable, Hashable
from typing import NamedTuple, TypeVar

from excomm.entries import Entry

V = TypeVar("V")
_CHANGES_MAX = 500


class Change(NamedTuple):
    """An entry before and after; None where it did not hold."""

    before: Entry | None
    after: Entry | None


Changes = tuple[Change, ...]


class _Made(NamedTuple):
    value: object
    rests_on: tuple[object, ...]


class Remembered:
    """Values by name. A name is asked for by one piece of code, which knows what it keeps there."""

    def __init__(self) -> None:
        self._made: dict[Hashable, _Made] = {}
        self._waiting: dict[Hashable, tuple[_Made, Changes]] = {}

    def asked(
        self,
        name: Hashable,
        rests_on: tuple[object, ...],
        anew: Callable[[], V],
        go_on: Callable[[V, Changes], V] | None = None,
    ) -> V:
        """The value of these facts: as it was made, gone on with from earlier facts, or made anew.

        rests_on: what it is made of beside what `go_on` asks of the changes: tuples that the facts
        gave, compared by identity, and values. Where one of them is another, it is made anew.
        """
        made = self._made.get(name)
        if made is not None and _same(made.rests_on, rests_on):
            return made.value  # type: ignore[return-value]
        before, changes = self._waiting.get(name, (None, ()))
        if before is not None and _same(before.rests_on, rests_on):
            known: V = before.value  # type: ignore[assignment]
            value = known if go_on is None else go_on(known, changes)
        else:
            value = anew()
        self._made[name] = _Made(value, rests_on)
        self._waiting.pop(name, None)
        return value

    def gone_on(self, changes: Changes) -> "Remembered":
        """For facts that differ by these changes."""
        found = Remembered()
        # Copied first: another thread may be keeping something at this moment.
        for name, (made, before) in self._waiting.copy().items():
            if len(before) + len(changes) <= _CHANGES_MAX:
                found._waiting[name] = made, (*before, *changes)
        if len(changes) <= _CHANGES_MAX:
            for name, made in self._made.copy().items():
                found._waiting[name] = made, changes
        return found


def _same(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    return len(before) == len(now) and all(
        one is other or (not isinstance(one, tuple) and one == other)
        for one, other in zip(before, now, strict=True)
    )
