"""Counts of the record as evidence: what was counted leaving bears on who undertook to remove it.

A count of one carrier or site is a part of the whole, a total is all of it to date; what both say
is never added together. A count that shows no more than is already known bears on nothing, so that
an event and a count of the same are one.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo

import msgspec

from excomm.entries import Entry, start_of
from excomm.entries.kinds import Count, Event, Undertaking
from excomm.entries.language import Amount, Number
from excomm.fold import Facts
from excomm.terms.evidence import Act, Place, no_amounts
from excomm.terms.points import local_day

Counts = Sequence[tuple[Entry, Count]]


def counts_of_removal(facts: Facts) -> Counts:
    """The counts of the record that may bear on an undertaking."""
    return [(entry, count) for entry, count in facts.of(Count) if is_of_removal(entry, count)]


def is_of_removal(entry: Entry, count: Count) -> bool:
    """Whether a count is of something leaving, with a number that was read."""
    known = count.number is not None or count.low is not None
    return count.moving == "leaving" and known and entry.reading != "unverified"


def counted_acts(
    counts: Counts,
    owed: Mapping[str, Amount],
    about: Mapping[str, Sequence[Act]],
    on: datetime,
    zone: tzinfo,
) -> Iterator[Act]:
    """An act for each count that shows more of an undertaking's amount than was known by then."""
    for name, quantity in owed.items():
        yield from _more(name, quantity, counts, about.get(name, ()), on, zone)


def merged(acts: Iterator[Act]) -> tuple[Act, ...]:
    """One act a count, about every undertaking of which it shows more."""
    found: dict[str, Act] = {}
    for act in acts:
        known = found.get(act.id)
        if known is None:
            found[act.id] = act
            continue
        about = (*known.event.about, *act.event.about)
        event = msgspec.structs.replace(known.event, about=about)
        found[act.id] = msgspec.structs.replace(known, event=event)
    return tuple(found.values())


def owed_of(
    counts: Counts, undertakings: Mapping[str, Undertaking], about: Mapping[str, Sequence[Act]]
) -> dict[str, Amount]:
    """Undertakings to remove a number of what is counted, where only one side owes that."""
    items = {count.item for _, count in counts}
    if not items:
        return {}
    owed: dict[str, dict[str, Amount]] = {}
    by: dict[str, set[tuple[str, ...]]] = {}
    for name, body in undertakings.items():
        if body.modality != "must" or body.kind != "achieve":
            continue
        quantity = body.quantity or _amended(about.get(name, ()))
        if quantity is not None and quantity.item in items:
            owed.setdefault(quantity.item, {})[name] = quantity
            by.setdefault(quantity.item, set()).add(body.by)
    # A count does not say whose things they were: where two sides owe the same, it says nothing.
    return {
        name: quantity
        for item, found in owed.items()
        if len(by[item]) == 1
        for name, quantity in found.items()
    }


def _amended(acts: Sequence[Act]) -> Amount | None:
    for act in reversed(acts):
        value = act.event.set.get("quantity")
        if act.established and isinstance(value, Mapping) and "number" in value:
            return Amount(str(value.get("item", "")), value["number"], str(value.get("unit", "")))
    return None


def _more(
    name: str,
    quantity: Amount,
    counts: Counts,
    acts: Sequence[Act],
    on: datetime,
    zone: tzinfo,
) -> Iterator[Act]:
    amounts = no_amounts(quantity)
    carriers: dict[tuple[bool, str], Number] = {}
    told = sorted(acts, key=lambda act: act.at)
    for index, (entry, count) in enumerate(counts):
        if count.item != quantity.item or (
            count.unit and quantity.unit and count.unit != quantity.unit
        ):
            continue
        at = start_of(entry.occurred, zone)
        while told and told[0].at <= at:
            amounts = amounts.counting(told.pop(0), quantity)
        total = _total(entry, count, carriers)
        act = _act(name, entry, count, total, (2, at, entry.seq, index), on, zone)
        more = amounts.counting(act, quantity)
        known = amounts.at_least if act.established else amounts.claimed
        if (more.at_least if act.established else more.claimed) > known:
            yield act
            amounts = more


def _total(entry: Entry, count: Count, carriers: dict[tuple[bool, str], Number]) -> Number:
    """What the count shows of the whole: of single carriers, all of them together."""
    least = count.number if count.low is None else count.low
    assert least is not None
    if count.scope == "total":
        return least
    established = entry.standing == "established"
    carriers[established, count.carrier or count.site or str(entry.id)] = least
    return sum(number for (sure, _), number in carriers.items() if sure or not established)


def _act(
    name: str,
    entry: Entry,
    count: Count,
    total: Number,
    place: Place,
    on: datetime,
    zone: tzinfo,
) -> Act:
    at = place[1]
    return Act(
        id=str(entry.id),
        at=at,
        day=local_day(at, zone),
        occurred=at,
        set_off=max(at, entry.recorded) if entry.recorded <= on else at,
        standing=entry.standing,
        event=Event(
            kind="count",
            party=(entry.by,) if entry.by else (),
            about=(name,),
            what=count.what or f"{total:g} counted",
            value={"item": count.item, "total": total},
        ),
        held_by=entry.held_by,
        place=place,
    )
