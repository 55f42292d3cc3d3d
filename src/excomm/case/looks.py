"""The looks of a view, day by day: what a page tells of them without going through them all."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

import msgspec

from excomm.case.ground import Ground
from excomm.day_by_day import Counts, day_by_day
from excomm.entries import Entry, end_of
from excomm.entries.kinds import Look
from excomm.fold import Facts

Pair = tuple[Entry, Look]


class LooksOn(msgspec.Struct, frozen=True):
    """The looks of one day.

    numbers: by means, outcome and the items they were for. apart: all but those that were plainly
    made: another outcome, none flown, something lost, or no word of where. last: the last that came
    off. longest: of each means, of those made, the one that was over last.
    """

    numbers: dict[tuple[str, str, tuple[str, ...]], int]
    apart: tuple[Pair, ...]
    last: Pair | None
    longest: dict[str, Entry]


class OfLooks(Ground):
    """The part of a view that tells of looks."""

    @cached_property
    def looks_by_day(self) -> dict[date, LooksOn]:
        """Each day on which there is a look, in order."""
        return day_by_day(self.facts, "looks", _Told(self.facts))

    @property
    def looks_apart(self) -> tuple[Pair, ...]:
        """All looks but those that were plainly made at a place."""
        return tuple(pair for found in self.looks_by_day.values() for pair in found.apart)

    @property
    def means_used(self) -> frozenset[str]:
        """The means by which a look came off."""
        every = (key for found in self.looks_by_day.values() for key in found.numbers)
        return frozenset(means for means, outcome, _ in every if outcome == "made")

    def last_made(self, means: str) -> Entry | None:
        """The look by a means that was over last, of those made; of equals the first."""
        found = [day.longest[means] for day in self.looks_by_day.values() if means in day.longest]
        return max(found, key=lambda entry: end_of(entry.occurred, self.facts.zone), default=None)


class _Told:
    rests_on = ()

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def row(self, entry: Entry, look: Look, counts: Counts, day: date) -> Pair:
        return entry, look

    def day(self, day: date, rows: Sequence[Pair]) -> LooksOn:
        numbers: dict[tuple[str, str, tuple[str, ...]], int] = {}
        apart = []
        last = None
        longest: dict[str, Entry] = {}
        for entry, look in rows:
            key = (look.means, look.outcome, look.items)
            numbers[key] = numbers.get(key, 0) + 1
            somewhere = bool(look.sites) or look.coverage is not None
            if look.outcome != "made" or look.number == 0 or look.lost or not somewhere:
                apart.append((entry, look))
            if look.outcome == "made":
                last = entry, look
                if look.number != 0 and (
                    look.means not in longest or self._end(longest[look.means]) < self._end(entry)
                ):
                    longest[look.means] = entry
        return LooksOn(numbers, tuple(apart), last, longest)

    def _end(self, entry: Entry) -> datetime:
        return end_of(entry.occurred, self._facts.zone)
