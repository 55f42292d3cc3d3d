"""What was counted out, and what was seen to be there, from the counts that can be used.

A count out is a tally; a count of what is there is a sighting, or, before the last count out, says
only how many there were at least. No probabilities here.
"""

from collections.abc import Iterable
from datetime import date
from typing import Literal

import msgspec

from excomm.assurance.interval import Interval


class Counted(msgspec.Struct, frozen=True, kw_only=True):
    """A count of whole things that can be used."""

    id: str
    first: date  # the day it counts from
    last: date  # the day it was over
    number: Interval
    moving: Literal["present", "leaving", "arriving"]
    scope: Literal["own", "total"]
    site: str
    carrier: str
    look: str
    what: str

    @property
    def is_sighting(self) -> bool:
        """Something was there, or came."""
        return self.number.best > 0 and self.moving != "leaving"


class CountedOut(msgspec.Struct, frozen=True):
    """What was counted leaving, to the day."""

    ids: tuple[str, ...]
    day: date  # the last it covers
    tally: Interval


def counted_out(counts: Iterable[Counted]) -> tuple[CountedOut | None, tuple[str, ...]]:
    """The tally on the way out, and in words the counts out that were not added to it.

    The latest total; or the sum over carriers, the latest count of each, where there is no total or
    where the sum is later and larger. Never both. None: nothing was counted out.
    counts: in the order in which they were so.
    """
    leaving = [one for one in counts if one.moving == "leaving"]
    totals = [one for one in leaving if one.scope == "total"]
    own = {one.carrier or one.site or one.id: one for one in leaving if one.scope == "own"}
    by_total = _tally(totals[-1:])
    by_carrier = _tally(own.values())
    if by_total is None or by_carrier is None:
        return by_total or by_carrier, ()
    later_and_larger = by_carrier.day > by_total.day and by_carrier.tally.best > by_total.tally.best
    used, other = (by_carrier, by_total) if later_and_larger else (by_total, by_carrier)
    return used, (
        f"other counts out, {other.tally.best:g} in all, not added to"
        f" the {used.tally.best:g}: {', '.join(other.ids)}",
    )


def at_once(seen: Iterable[Counted]) -> int:
    """The largest number seen on one day: its parts added, or a total; the low end of each."""
    parts: dict[tuple[date, str, str, str, str], float] = {}
    largest = 0.0
    for one in seen:
        if one.scope == "total":
            largest = max(largest, one.number.low)
            continue
        # Two counts of one day, place and kind of thing saw the same things.
        part = (one.first, one.moving, one.site, one.carrier, one.what)
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
        tuple(one.id for one in parts),
        max(one.last for one in parts),
        Interval(
            sum(one.number.low for one in parts),
            sum(one.number.best for one in parts),
            sum(one.number.high for one in parts),
        ),
    )
