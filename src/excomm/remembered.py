"""What was worked out from facts, kept for the facts that go on from them, with what changed since.

Values are never altered, so earlier facts go on holding theirs. What nobody asked for while many
entries came is let go: making it anew is cheaper then, and memory stays flat.
"""

from collections.abc import Hashable
from typing import NamedTuple

from excomm.entries import Entry

_CHANGES_MAX = 500


class Change(NamedTuple):
    """An entry before and after; None where it did not hold."""

    before: Entry | None
    after: Entry | None


class Waiting(NamedTuple):
    """A value made of earlier facts, and what has changed since."""

    value: object
    changes: tuple[Change, ...]


class Remembered:
    """Values by name. A name is asked for by one piece of code, which knows what it keeps there."""

    def __init__(self) -> None:
        self._made: dict[Hashable, object] = {}
        self._waiting: dict[Hashable, Waiting] = {}

    def made(self, name: Hashable) -> object | None:
        """What was made of these very facts."""
        return self._made.get(name)

    def waiting(self, name: Hashable) -> Waiting | None:
        """What was made of facts before these."""
        return self._waiting.get(name)

    def keep(self, name: Hashable, value: object) -> None:
        """Keep what was made of these facts."""
        self._made[name] = value
        self._waiting.pop(name, None)

    def gone_on(self, changes: tuple[Change, ...]) -> "Remembered":
        """For facts that differ by these changes."""
        found = Remembered()
        # Copied first: another thread may be keeping something at this moment.
        for name, (value, before) in self._waiting.copy().items():
            if len(before) + len(changes) <= _CHANGES_MAX:
                found._waiting[name] = Waiting(value, (*before, *changes))
        if len(changes) <= _CHANGES_MAX:
            found._waiting |= {
                name: Waiting(value, changes) for name, value in self._made.copy().items()
            }
        return found
