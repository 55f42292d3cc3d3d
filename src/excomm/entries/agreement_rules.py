"""What is wrong between the parts of an agreement: amounts, days, and what events are about.

A ring, or an amount that no undertaking can reach, is a finding of the terms room and no fault: the
text may say such things. Here is only what cannot be meant.
"""

import math
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import tzinfo

from excomm.entries.entry import Entry
from excomm.entries.kinds import Agreement, Event, Item, Undertaking
from excomm.entries.language import Fixed
from excomm.entries.nearest import did_you_mean
from excomm.entries.times import Day, parse_zone, start_of
from excomm.entries.units import is_measure
from excomm.errors import InputError

Fault = tuple[Entry, InputError]
_AMOUNTS = ("total", "adds", "exactly")


def agreement_faults(entries: Iterable[Entry], zone: tzinfo | None) -> Iterator[Fault]:
    """Every fault, with the entry that it is of. zone: in which days are counted, where known."""
    entries = tuple(entries)
    yield from _zones(entries)
    for entry in entries:
        if isinstance(entry.body, Agreement):
            with suppress(InputError):  # said of the agreement itself
                zone = parse_zone(entry.body.zone)
    units = _units(entries)
    parts = frozenset(str(e.id) for e in entries if isinstance(e.body, Item) and not e.body.whole)
    owed = {str(e.id): e.body for e in entries if isinstance(e.body, Undertaking)}
    for entry in entries:
        body = entry.body
        if isinstance(body, Undertaking):
            for fault in (*_owed(body, units, parts), *_days(body, zone)):
                yield entry, fault
        elif isinstance(body, Event) and body.value:
            for fault in _amounts(body, owed, units, parts):
                yield entry, fault


def _zones(entries: Iterable[Entry]) -> Iterator[Fault]:
    """Agreements of one case that count their days in different zones: a day is one day in it."""
    agreements = [entry for entry in entries if isinstance(entry.body, Agreement)]
    corrected = {entry.corrects for entry in agreements}
    first: Agreement | None = None
    for entry in agreements:
        body = entry.body
        if entry.id in corrected or not isinstance(body, Agreement):
            continue
        if first is None:
            first = body
        elif body.zone != first.zone:
            expected = f"{first.zone}, the zone of {first.title or 'the agreement before it'}"
            remedy = "A case counts its days in one zone: write that one, or keep two cases."
            yield entry, InputError("calendar.zone", body.zone, expected, remedy)


def unknown_about(entries: Iterable[Entry]) -> Iterator[Fault]:
    """What events are about or correct that a file does not have, where it is all there is."""
    entries = tuple(entries)
    known = tuple(str(e.id) for e in entries if isinstance(e.body, Undertaking))
    if not known:
        return
    ids = {str(entry.id) for entry in entries}
    for entry in entries:
        if entry.corrects is not None and entry.corrects not in ids:
            remedy = did_you_mean(entry.corrects, sorted(ids)) or "Write the id of one."
            yield entry, InputError("corrects", entry.corrects, "an entry of this file", remedy)
        if isinstance(entry.body, Event):
            for name in (*entry.body.about, *entry.body.shows):
                if name not in known:
                    remedy = did_you_mean(name, known) or "Write the id of one."
                    fault = InputError("about", name, "an undertaking of this agreement", remedy)
                    yield entry, fault


def _units(entries: Iterable[Entry]) -> dict[str, str]:
    units: dict[str, str] = {}
    for entry in entries:
        if isinstance(entry.body, Agreement):
            units.update(entry.body.items)
        elif isinstance(entry.body, Item):
            units[str(entry.id)] = entry.body.unit
    return units


def _amounts(
    body: Event, owed: Mapping[str, Undertaking], units: Mapping[str, str], parts: frozenset[str]
) -> Iterator[InputError]:
    about = next((owed[name] for name in body.about if name in owed and owed[name].quantity), None)
    quantity = about.quantity if about is not None else None
    item = str(body.value.get("item") or body.item or (quantity.item if quantity else ""))
    for how in _AMOUNTS:
        number = body.value.get(how)
        if number is None:
            continue
        if not isinstance(number, int | float) or isinstance(number, bool):
            yield InputError(f"value.{how}", number, "a number", "What is not known stays empty.")
        elif not item:
            continue
        elif number < 0:
            remedy = "To take back what was counted, correct that entry."
            yield InputError(f"value.{how}", number, "0 or more", remedy)
        elif _in_fractions(number, item, units, parts):
            remedy = "Round what was seen, or mark the item `whole: false`."
            yield InputError(f"value.{how}", number, f"whole {units[item]}", remedy)
    unit = body.value.get("unit")
    wanted = units.get(item) or (quantity.unit if quantity and quantity.item == item else "")
    if isinstance(unit, str) and wanted and unit != wanted:
        yield InputError("value.unit", unit, f"{wanted}, the unit of {item}", "Use one unit.")


def _owed(
    body: Undertaking, units: Mapping[str, str], parts: frozenset[str]
) -> Iterator[InputError]:
    quantity = body.quantity
    if quantity is None or not math.isfinite(quantity.number):
        return  # told with the numbers of every kind
    if _in_fractions(quantity.number, quantity.item, units, parts):
        remedy = "Write whole ones, or mark the item `whole: false`."
        expected = f"whole {units[quantity.item]}"
        yield InputError("quantity.number", quantity.number, expected, remedy)


def _in_fractions(
    number: float, item: str, units: Mapping[str, str], parts: frozenset[str]
) -> bool:
    whole = item in units and item not in parts and not is_measure(units[item])
    return whole and number != int(number)


def _days(body: Undertaking, zone: tzinfo | None) -> Iterator[InputError]:
    for name in ("starts", "due", "ends"):
        point = getattr(body, name)
        if not isinstance(point, Fixed) or zone is None or not isinstance(point.when, Day):
            continue
        day = point.when.day
        if start_of(point.when, zone).astimezone(zone).date() != day:
            remedy = "Its zone skipped that day: write the day before or after."
            yield InputError(name, day, f"a day that exists in {zone}", remedy)
    if isinstance(body.starts, Fixed) and zone is not None:
        begins = start_of(body.starts.when, zone)
        for name, point in (("due", body.due), ("ends", body.ends)):
            if isinstance(point, Fixed) and start_of(point.when, zone) < begins:
                expected = f"no earlier than starts, {body.starts.when}"
                yield InputError(name, point.when, expected, "Swap them, or correct one.")
