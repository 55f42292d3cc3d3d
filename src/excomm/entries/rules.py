"""Rules that hold between the entries of a case, whichever file or form they came in by.

Each rule is asked of entries with the case's words known. Nothing is repaired here and nothing is
judged: an entry that says something unlikely is as welcome as any.
"""

import math
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import tzinfo

from excomm.entries.agreement_rules import agreement_faults
from excomm.entries.body_rules import body_faults
from excomm.entries.corrections import Corrections, withdraws
from excomm.entries.entry import Entry, EntryId
from excomm.entries.kinds import (
    Agreement,
    Assessment,
    CaseHeader,
    Clearance,
    Count,
    Declaration,
    Item,
    Report,
)
from excomm.entries.marking import DEFAULT_LEVELS, Scheme
from excomm.entries.references import ANYBODY, Names, unknown_names
from excomm.entries.times import instant_text, parse_zone, start_of
from excomm.entries.units import is_measure
from excomm.errors import InputError

Fault = tuple[Entry, InputError]


def faults(
    entries: Iterable[Entry],
    *,
    failed: Collection[str] = (),
    unread: Collection[str] = (),
) -> Iterator[Fault]:
    """Every entry that breaks a rule, and how; the `where` of a fault is the field.

    failed: ids of entries that could not be read; nobody is blamed for naming them. unread: kinds
    of which not all could be read; names of these are not checked.
    """
    entries = tuple(entries)
    yield from own_faults(entries)
    names = Names(entries, failed, unread)
    for entry in entries:
        for fault in unknown_names(entry, names):
            yield entry, fault
    yield from _whole_things(entries)
    yield from _zones(entries)


def own_faults(entries: Iterable[Entry]) -> Iterator[Fault]:
    """What is wrong with each entry whatever else the case holds: ids, times, ranges, markings.

    An agreement that is read alone is held against these only.
    """
    entries = tuple(entries)
    zone = _zone(entries)
    scheme = _scheme(entries)
    first: dict[str, Entry] = {}
    for entry in entries:
        if first.setdefault(entry.id, entry) is not entry:
            yield entry, _twice(entry, first[entry.id])
        for fault in (
            *_id_faults(entry),
            *_text_faults(entry),
            *_time_faults(entry, zone),
            *_marking_faults(entry, scheme),
            *body_faults(entry.body),
        ):
            yield entry, fault
    yield from agreement_faults(entries, zone)
    yield from _corrections(entries)


# -- the head ------------------------------------------------------------------------------------

_ID_CHARS_MAX = 200
_SHORTENED = re.compile(r"\d(\.\d+)?E[+-]?\d+", re.ASCII)


def _id_faults(entry: Entry) -> Iterator[InputError]:
    said = entry.id
    if _SHORTENED.fullmatch(said):
        yield InputError(
            "id", said, "an id", "A spreadsheet has made a number of it: write it out as text."
        )
    if not said or said != said.strip() or not said.isprintable() or len(said) > _ID_CHARS_MAX:
        expected = f"up to {_ID_CHARS_MAX} printable characters, no space at either end"
        yield InputError("id", said, expected)
    if said == ANYBODY:
        yield InputError("id", said, "another word", f"An event's party may be {ANYBODY}: nobody.")
    if entry.corrects == said:
        yield InputError(
            "corrects", said, "the id of another entry", "A corrected row takes an id of its own."
        )


def _twice(entry: Entry, first: Entry) -> InputError:
    other = _a(first.kind)
    remedy = "Give one of them another id."
    if entry.kind == first.kind:
        other = f"another {first.kind}"
        remedy += " (A corrected row has its own id, and `corrects` names the old one.)"
    return InputError("id", entry.id, f"an id of its own: {other} has this one", remedy)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


SPREADSHEET_REMEDY = "A spreadsheet could not work it out: enter the value itself."


def is_spreadsheet_error(text: str) -> bool:
    """Whether a text is what a spreadsheet shows for a value it does not have: #REF!, #N/A."""
    return text.startswith("#") and _SPREADSHEET.fullmatch(text) is not None


_SPREADSHEET = re.compile(r"#(REF|N/A|VALUE|DIV/0|NAME|NUM|NULL|GETTING_DATA|SPILL|CALC)[!?]?")


def _text_faults(entry: Entry) -> Iterator[InputError]:
    """NULs, errors of a spreadsheet, empty words in lists; in every text of an entry."""
    for where, text in _texts(entry):
        if "\x00" in text:
            yield InputError(where, "a NUL character", "text", "Delete it.")
        if is_spreadsheet_error(text):
            yield InputError(where, text, "a value", SPREADSHEET_REMEDY)


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    for field in ("id", "by", "source", "note"):
        yield field, getattr(entry, field)
    for field in entry.body.__struct_fields__:
        yield from _texts_of(field, getattr(entry.body, field))


def _texts_of(where: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield where, value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts_of(where, part)
    elif isinstance(value, dict):
        for key, part in value.items():
            yield where, str(key)
            yield from _texts_of(f"{where}.{key}", part)


def _time_faults(entry: Entry, zone: tzinfo | None) -> Iterator[InputError]:
    if zone is not None and start_of(entry.occurred, zone) > entry.recorded:
        yield InputError(
            "occurred",
            entry.occurred,
            f"no later than recorded ({instant_text(entry.recorded)})",
            "What is to come is an undertaking, a plan or a deadline; else correct one of the two.",
        )


def _zone(entries: tuple[Entry, ...]) -> tzinfo | None:
    for entry in entries:
        if isinstance(entry.body, CaseHeader):
            with suppress(InputError):  # said of the header itself
                return parse_zone(entry.body.zone)
    return None


def _scheme(entries: tuple[Entry, ...]) -> Scheme:
    """The case's marking words, as the latest of its headers has them."""
    headers = [entry.body for entry in entries if isinstance(entry.body, CaseHeader)]
    levels = headers[-1].levels if headers else ()
    compartments = headers[-1].compartments if headers else ()
    parties = Names(entries, (), ()).of(("party",))
    return Scheme(levels or DEFAULT_LEVELS, compartments, tuple(parties))


def _marking_faults(entry: Entry, scheme: Scheme) -> Iterator[InputError]:
    said = [("", entry.marking)]
    if isinstance(entry.body, Clearance):
        said.append(("", entry.body.marking))
    elif isinstance(entry.body, CaseHeader):
        said.extend(("wording.", rule.marking) for rule in entry.body.wording if rule.marking)
    for place, marking in said:
        try:
            scheme.parse(marking)
        except InputError as fault:
            yield InputError(
                f"{place}{fault.where}",
                fault.found,
                fault.expected,
                "Markings stand in [markings] of case.toml.",
            )
            return
    lowest = scheme.levels[0]
    if isinstance(entry.body, CaseHeader) and entry.marking not in (lowest, ""):
        yield InputError(
            "marking",
            entry.marking,
            f"the lowest level, {lowest}: every reader needs the head of the case",
            "Mark the rows of the case, and a rule of wording by itself.",
        )


# -- entries together ----------------------------------------------------------------------------


def _corrections(entries: tuple[Entry, ...]) -> Iterator[Fault]:
    """Rings, and two corrections of one entry where neither was withdrawn."""
    by_id = {entry.id: entry for entry in entries}
    corrected: dict[EntryId, list[Entry]] = {}
    for entry in entries:
        if entry.corrects is None:
            if withdraws(entry):
                yield (
                    entry,
                    InputError("corrects", None, "the id of what it withdraws", "Name the entry."),
                )
        elif entry.corrects != entry.id:
            corrected.setdefault(entry.corrects, []).append(entry)
            if ring := _ring(entry, by_id):
                yield (
                    entry,
                    InputError(
                        "corrects",
                        " corrects ".join(ring),
                        "corrections that end at an entry",
                        "Delete one `corrects` of the ring.",
                    ),
                )
    withdrawn = Corrections(entries).withdrawn
    for old, found in corrected.items():
        standing = [one for one in found if one.id not in withdrawn]
        for entry in standing[1:]:
            yield (
                entry,
                InputError(
                    "corrects",
                    old,
                    f"one correction of each entry: {standing[0].id} corrects it already",
                    f"Correct {standing[0].id} instead.",
                ),
            )


def _ring(entry: Entry, by_id: dict[EntryId, Entry]) -> list[str]:
    """The ring that an entry closes, told once: at the member with the least id."""
    path = [entry.id]
    old = entry.corrects
    while old is not None and old in by_id and old not in path:
        path.append(old)
        old = by_id[old].corrects
    if old != entry.id or len(path) == 1 or entry.id != min(path):
        return []
    return [*path, entry.id]


def _whole_things(entries: tuple[Entry, ...]) -> Iterator[Fault]:
    """Fractions of things that are counted whole, in the item's own unit."""
    items = {entry.id: entry.body for entry in entries if isinstance(entry.body, Item)}
    for entry in entries:
        body = entry.body
        if not isinstance(body, Count | Declaration | Report | Assessment):
            continue
        item = items.get(EntryId(body.item))
        unit = "" if isinstance(body, Report) else body.unit
        if item is None or not item.whole or unit not in ("", item.unit) or is_measure(item.unit):
            continue
        for field in ("number", "low", "high", "difference"):
            value = getattr(body, field, None)
            if isinstance(value, float) and math.isfinite(value) and not value.is_integer():
                remedy = f"If {item.name} can be parted, say whole = false of the item."
                yield entry, InputError(field, value, f"whole {item.unit}", remedy)


def _zones(entries: tuple[Entry, ...]) -> Iterator[Fault]:
    """One zone in a case: the days of an agreement are days of the case."""
    if _zone(entries) is None:
        return
    zones = [entry.body.zone for entry in entries if isinstance(entry.body, CaseHeader)]
    for entry in entries:
        body = entry.body
        if isinstance(body, CaseHeader | Agreement) and body.zone != zones[0]:
            where = "zone" if isinstance(body, CaseHeader) else "calendar.zone"
            yield (
                entry,
                InputError(
                    where,
                    body.zone,
                    f"the case's zone, {zones[0]}",
                    "A case counts its days in one zone.",
                ),
            )
