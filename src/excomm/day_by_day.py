"""What the looks of a case come to, day by day; after a change only its own days are made again.

Figures that rest on looks rest on all of them, and one look more changes one day. Whoever works
them out says what one look comes to and what the looks of one day do; what was made goes with the
facts as they go on, and is equal to making all of it anew.

Never done here: putting days together. That is the rooms' own, and has to be quick.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Iterable, Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any, Protocol, TypeVar

import msgspec

from excomm.entries import Entry, EntryId, Span, end_of
from excomm.entries.kinds import Count, Look
from excomm.fold import Facts
from excomm.remembered import Change

R = TypeVar("R")
D_co = TypeVar("D_co", covariant=True)
Counts = tuple[tuple[Entry, Count], ...]


class Working(Protocol[R, D_co]):
    """How looks are worked out.

    rests_on: whatever else a row or a day is made of: tuples that the facts gave, compared by
    identity, and values. Where one of them is another, all days are made anew.
    """

    @property
    def rests_on(self) -> tuple[object, ...]: ...

    def row(self, entry: Entry, look: Look, counts: Counts, day: date) -> R:
        """What one look comes to, with the counts that rest on it and the day it counts from."""
        ...

    def day(self, day: date, rows: Sequence[R]) -> D_co:
        """What the looks of one day come to, in their order."""
        ...


class _Day(msgspec.Struct, frozen=True):
    looks: tuple[EntryId, ...]
    rows: tuple[Any, ...]  # of each
    value: Any


class _Made(msgspec.Struct, frozen=True):
    days: dict[date, _Day]
    # Looks that end after the day asked for: what they come to changes as time goes.
    under_way: frozenset[EntryId]


def day_by_day(facts: Facts, name: Hashable, working: Working[R, D_co]) -> dict[date, D_co]:
    """What the looks come to on each day on which there is one, in the order of days.

    name: under which it is kept: of the room, and of what it is about.
    """
    made = facts.remembered.asked(
        name,
        working.rests_on,
        lambda: _anew(facts, working),
        lambda before, changes: _gone_on(before, facts, changes, working),
    )
    return {day: one.value for day, one in made.days.items()}


def counts_by_look(facts: Facts) -> dict[str, Counts]:
    """The counts that rest on a look, by its id."""
    pairs = facts.of(Count)

    def by_look() -> dict[str, Counts]:
        found: dict[str, list[tuple[Entry, Count]]] = {}
        for pair in pairs:
            if pair[1].look:
                found.setdefault(pair[1].look, []).append(pair)
        return {look: tuple(counts) for look, counts in found.items()}

    return facts.remembered.asked("counts by look", (pairs,), by_look)


def _anew(facts: Facts, working: Working[Any, Any]) -> _Made:
    counts = counts_by_look(facts)
    looks = facts.of(Look)
    days = {
        day: _worked_out(day, looks[first:end], {}, counts, working)
        for day, first, end in _stretches(facts)
    }
    return _Made(days, _under_way(facts, (entry for entry, _ in looks)))


def _stretches(facts: Facts) -> tuple[tuple[date, int, int], ...]:
    """Each day with its looks, from one place among them all to another; for all who ask."""
    looks = facts.of(Look)

    def anew() -> tuple[tuple[date, int, int], ...]:
        days = [facts.local_day(entry) for entry, _ in looks]
        firsts = [at for at, day in enumerate(days) if at == 0 or days[at - 1] != day]
        return tuple((days[first], first, end) for first, end in pairwise([*firsts, len(days)]))

    return facts.remembered.asked("stretches of looks", (looks,), anew)


def _gone_on(
    made: _Made, facts: Facts, changes: Iterable[Change], working: Working[Any, Any]
) -> _Made:
    touched, days = set(made.under_way), set()
    for change in changes:
        for entry in change:
            if entry is not None and isinstance(entry.body, Look):
                touched.add(entry.id)
                days.add(facts.local_day(entry))
            elif entry is not None and isinstance(entry.body, Count) and entry.body.look:
                touched.add(EntryId(entry.body.look))
    here = [e for one in touched if (e := facts.get(one)) and isinstance(e.body, Look)]
    days |= {facts.local_day(entry) for entry in here}
    if not days:
        return made
    counts = counts_by_look(facts)
    found = dict(made.days)
    for day in sorted(days):
        pairs, before = _looks_of(facts, day), found.pop(day, None)
        rows = dict(zip(before.looks, before.rows, strict=True)) if before is not None else {}
        if pairs:
            known = {one: row for one, row in rows.items() if one not in touched}
            found[day] = _worked_out(day, pairs, known, counts, working)
    in_order = {day: found[day] for day in sorted(found)}
    return _Made(in_order, _under_way(facts, here) | (made.under_way - touched))


def _worked_out(
    day: date,
    pairs: Sequence[tuple[Entry, Look]],
    known: Mapping[EntryId, Any],
    counts: Mapping[str, Counts],
    working: Working[Any, Any],
) -> _Day:
    rows = tuple(
        known[entry.id]
        if entry.id in known
        else working.row(entry, look, counts.get(entry.id, ()), day)
        for entry, look in pairs
    )
    return _Day(tuple(entry.id for entry, _ in pairs), rows, working.day(day, rows))


def _looks_of(facts: Facts, day: date) -> Sequence[tuple[Entry, Look]]:
    """The looks that count from a day: a stretch of all, which are in order."""
    looks = facts.of(Look)

    def day_of(pair: tuple[Entry, Look]) -> date:
        return facts.local_day(pair[0])

    return looks[bisect_left(looks, day, key=day_of) : bisect_right(looks, day, key=day_of)]


def _under_way(facts: Facts, entries: Iterable[Entry]) -> frozenset[EntryId]:
    return frozenset(
        entry.id
        for entry in entries
        if isinstance(entry.occurred, Span) and end_of(entry.occurred, facts.zone) > facts.on
    )
