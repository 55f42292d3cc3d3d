"""From the facts of a case to the counts of an item: which can be used, and why others cannot."""

from collections.abc import Set as AbstractSet
from datetime import date
from math import inf

from excomm.assurance.counted import Counted
from excomm.assurance.interval import Interval
from excomm.entries import Entry, end_of
from excomm.entries.kinds import Count, Item
from excomm.errors import InputError
from excomm.fold import Facts


def counts_of(
    facts: Facts, item: str, about: Item, on: date, *, taken: AbstractSet[str] = frozenset()
) -> tuple[list[Counted], tuple[str, ...]]:
    """The counts of the item that can be used, and in words those that cannot.

    taken: those used in another way.
    """
    found: list[Counted] = []
    left_out: dict[str, list[str]] = {}
    for entry, count in facts.of(Count):
        if count.item != item:
            continue
        if reason := unusable(entry, count, about):
            if entry.id not in taken:
                left_out.setdefault(reason, []).append(entry.id)
            continue
        last = end_of(entry.occurred, facts.zone).astimezone(facts.zone).date()
        found.append(
            Counted(
                id=entry.id,
                first=facts.local_day(entry),
                last=min(last, on),
                number=_number(entry, count),
                moving=count.moving,
                scope=count.scope,
                site=count.site,
                carrier=count.carrier,
                look=count.look,
                what=count.what,
            )
        )
    return found, tuple(
        f"{len(ids)} {'count' if len(ids) == 1 else 'counts'} {reason}: {', '.join(ids)}"
        for reason, ids in left_out.items()
    )


def unusable(entry: Entry, count: Count, about: Item) -> str:
    """Why a count of the item is no number of it, in words; empty where it is."""
    numberless = count.number is None and count.low is None and count.high is None
    reasons = {
        doubt(entry): True,
        f"in {count.unit}, not in {about.unit}": count.unit not in ("", about.unit),
        "giving only a difference from what was declared": numberless
        and count.difference is not None,
        "without a number": numberless,
        "on a carrier, neither leaving nor arriving": count.moving == "present"
        and bool(count.carrier),
    }
    return next((reason for reason, holds in reasons.items() if reason and holds), "")


def _number(entry: Entry, count: Count) -> Interval:
    # A low without a high is "at least": nobody said how many more.
    best = next((n for n in (count.number, count.low) if n is not None), 0)
    low = best if count.low is None else count.low
    at_least = count.low is not None and count.high is None
    high = best if count.high is None else count.high
    for name, value in (("number", best), ("low", low), ("high", high)):
        if not (value >= 0 and float(value).is_integer()):
            raise InputError(f"count {entry.id}: {name}", value, "a whole number, 0 or more")
    if not low <= best <= high:
        expected = f"low and high around the number, {best:g}"
        raise InputError(f"count {entry.id}", f"{low:g} to {high:g}", expected)
    return Interval(low, best, inf if at_least else high)


def doubt(entry: Entry) -> str:
    """Why an entry cannot be used for a figure, whatever it says; empty where it can."""
    if entry.reading == "unverified":
        return "read unverified"
    return "disputed" if entry.standing == "disputed" else ""
