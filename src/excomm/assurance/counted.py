"""Which counts of an item can be used, what was counted out, and what was seen to be there.

A count out is a tally; a count of what is there is a sighting, or, before the last count out, says
only how many there were at least. No probabilities here.
"""

from collections.abc import Callable, Iterable
from datetime import date

import msgspec

from excomm.assurance.interval import Interval
from excomm.entries import Entry
from excomm.entries.kinds import Count, Item
from excomm.errors import InputError


class Counted(msgspec.Struct, frozen=True):
    """A count that can be used."""

    entry: Entry
    count: Count
    first: date  # the day it counts from
    last: date  # the day it was over
    number: Interval

    @property
    def is_sighting(self) -> bool:
        """Something was there, or came: on the ground, or arriving by any carrier."""
        count = self.count
        on_ground = count.moving == "present" and not count.carrier
        return self.number.best > 0 and (on_ground or count.moving == "arriving")


class CountedOut(msgspec.Struct, frozen=True):
    """What was counted leaving, to the day."""

    entries: tuple[Entry, ...]
    day: date  # the last it covers
    tally: Interval


def usable_counts(
    rows: Iterable[tuple[Entry, Count]],
    item: str,
    about: Item,
    days: Callable[[Entry], tuple[date, date]],
) -> tuple[tuple[Counted, ...], tuple[str, ...]]:
    """The counts of the item that can be used, and in words those that cannot.

    days: first and last day of an entry. Left out: read unverified, disputed, in another unit, and
    those that give no number. Raises InputError where things of the item are not counted in whole
    numbers, 0 or more.
    """
    found: list[Counted] = []
    left_out: dict[str, list[str]] = {}
    for entry, count in rows:
        if count.item != item:
            continue
        if reason := _unusable(entry, count, about):
            left_out.setdefault(reason, []).append(entry.id)
        else:
            found.append(Counted(entry, count, *days(entry), _number(entry, count)))
    words = tuple(
        f"{len(ids)} {'count' if len(ids) == 1 else 'counts'} {reason}: {', '.join(ids)}"
        for reason, ids in left_out.items()
    )
    return tuple(found), words


def counted_out(counts: Iterable[Counted]) -> tuple[CountedOut | None, tuple[str, ...]]:
    """The tally on the way out, and in words the counts out that were not added to it.

    The latest total; or the sum over carriers, the latest count of each, where there is no total or
    where the sum is later and larger. Never both. None: nothing was counted out.
    """
    leaving = [one for one in counts if one.count.moving == "leaving"]
    totals = [one for one in leaving if one.count.scope == "total"]
    own = {
        one.count.carrier or one.count.site or one.entry.id: one
        for one in leaving
        if one.count.scope == "own"
    }
    by_total = _tally(totals[-1:])
    by_carrier = _tally(own.values())
    if by_total is None or by_carrier is None:
        return by_total or by_carrier, ()
    later_and_larger = by_carrier.day > by_total.day and by_carrier.tally.best > by_total.tally.best
    used, other = (by_carrier, by_total) if later_and_larger else (by_total, by_carrier)
    ids = ", ".join(entry.id for entry in other.entries)
    return used, (
        f"other counts out, {other.tally.best:g} in all, not added to"
        f" the {used.tally.best:g}: {ids}",
    )


def at_once(seen: Iterable[Counted]) -> int:
    """The largest number seen on one day: its parts added, or a total; the low end of each."""
    parts: dict[tuple[date, str, str, str, str], float] = {}
    largest = 0.0
    for one in seen:
        count = one.count
        if count.scope == "total":
            largest = max(largest, one.number.low)
            continue
        # Two counts of one day, place and kind of thing saw the same things.
        part = (one.first, count.moving, count.site, count.carrier, count.what)
        parts[part] = max(parts.get(part, 0.0), one.number.low)
    by_day: dict[date, float] = {}
    for (day, *_), number in parts.items():
        by_day[day] = by_day.get(day, 0.0) + number
    return int(max([largest, *by_day.values()]))


def _tally(counts: Iterable[Counted]) -> CountedOut | None:
    parts = tuple(counts)
    if not parts:
        return None
    return CountedOut(
        tuple(one.entry for one in parts),
        max(one.last for one in parts),
        Interval(
            sum(one.number.low for one in parts),
            sum(one.number.best for one in parts),
            sum(one.number.high for one in parts),
        ),
    )


def _unusable(entry: Entry, count: Count, about: Item) -> str:
    numberless = count.number is None and count.low is None and count.high is None
    reasons = {
        "read unverified": entry.reading == "unverified",
        "disputed": entry.standing == "disputed",
        f"in {count.unit}, not in {about.unit}": count.unit not in ("", about.unit),
        "giving only a difference from what was declared": numberless
        and count.difference is not None,
        "without a number": numberless,
        "on a carrier, neither leaving nor arriving": count.moving == "present"
        and bool(count.carrier),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _number(entry: Entry, count: Count) -> Interval:
    # "At least n" is n: the low end is taken where there is no other.
    best = next((n for n in (count.number, count.low) if n is not None), 0)
    low = best if count.low is None else count.low
    high = best if count.high is None else count.high
    for name, value in (("number", best), ("low", low), ("high", high)):
        if not (value >= 0 and float(value).is_integer()):
            raise InputError(f"count {entry.id}: {name}", value, "a whole number, 0 or more")
    if not low <= best <= high:
        raise InputError(
            f"count {entry.id}", f"{best:g} with {low:g} to {high:g}", "a number between"
        )
    return Interval(low, best, high)
