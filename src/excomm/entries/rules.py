"""Rules that hold between the entries of a case, whichever file or form they came in by.

Each rule is asked of entries with the case's words known. Nothing is repaired here and nothing is
judged: an entry that says something unlikely is as welcome as any.
"""

import hashlib
import math
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from datetime import tzinfo

import msgspec

from excomm.entries.agreement_rules import agreement_faults
from excomm.entries.corrections import Corrections, withdraws
from excomm.entries.entry import Entry, EntryId
from excomm.entries.header import ReportRules
from excomm.entries.kinds import (
    Agreement,
    Assessment,
    Assumption,
    Attachment,
    Body,
    CaseHeader,
    Clearance,
    Commitment,
    Count,
    Declaration,
    Directive,
    Event,
    Finding,
    Item,
    Look,
    Plan,
    Report,
    Site,
    Statement,
    Undertaking,
)
from excomm.entries.language import All, Condition, Counted, Is, Not, Point, Relative
from excomm.entries.language import Any as AnyOf
from excomm.entries.marking import DEFAULT_LEVELS, Scheme
from excomm.entries.persons import approved_by_another, reviewed_by_another
from excomm.entries.references import ANYBODY, Names, unknown_names
from excomm.entries.times import instant_text, parse_zone, start_of
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
            *_body_faults(entry.body),
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


# -- each kind by itself -------------------------------------------------------------------------

_SHA256 = re.compile(r"[0-9a-f]{64}")
_DURATION = re.compile(
    r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?", re.ASCII
)


def is_duration(text: str) -> bool:
    """Whether a text is an ISO 8601 duration: P14D, P3M, PT24H."""
    return _DURATION.fullmatch(text) is not None


def _body_faults(body: Body) -> Iterator[InputError]:  # noqa: PLR0912  one case a kind
    yield from _missing_words(body)
    match body:
        case CaseHeader():
            yield from _header_faults(body)
        case Agreement():
            yield from _zone_fault("calendar.zone", body.zone)
        case Site():
            yield from _place_faults(body)
        case Undertaking():
            yield from _undertaking_faults(body)
        case Event():
            for name, value in body.value.items():
                if isinstance(value, int | float):
                    yield from _finite(f"value.{name}", value)
            yield from _point_faults("due", body.due)
        case Report():
            yield from _range_faults(body)
            yield from _place_faults(body)
        case Finding():
            yield from _finding_faults(body)
        case Count() | Declaration() | Assessment():
            yield from _range_faults(body)
        case Look():
            yield from _at_least_0("number", body.number)
            yield from _at_least_0("lost", body.lost)
            yield from _between("coverage", body.coverage, 0, 1, "Write 85 % as 0.85.")
        case Plan(number=number):
            yield from _at_least_0("number", number)
        case Assumption():
            yield from _assumption_faults(body)
        case Attachment():
            yield from _attachment_faults(body)
        case Commitment(sha256=digest) if digest:
            if not _SHA256.fullmatch(digest):
                yield _not_a_digest(digest)
        case Clearance(sha256=digest):
            yield from approved_by_another(body)
            if digest and not _SHA256.fullmatch(digest):
                yield _not_a_digest(digest)
        case Statement(start=start, end=end) | Directive(start=start, end=end):
            yield from _at_least_0("start", start)
            if start is not None and end is not None and end < start:
                yield InputError("end", end, f"start ({start}) or more", "Swap them.")
        case _:
            pass


def _place_faults(body: Site | Report) -> Iterator[InputError]:
    yield from _between("lat", body.lat, -90, 90, "North is positive, south negative.")
    yield from _between("lon", body.lon, -180, 180, "East is positive, west negative.")
    yield from _at_least_0("radius_km", body.radius_km)
    if (body.lat is None) != (body.lon is None):
        missing = "lat" if body.lat is None else "lon"
        yield InputError(missing, None, "lat and lon together", "Give both, or neither.")


def _finding_faults(body: Finding) -> Iterator[InputError]:
    yield from _between("power", body.power, 0, 1, "Write 85 % as 0.85.")
    yield from _at_least_0("likelihood_ratio", body.likelihood_ratio)
    yield from reviewed_by_another(body)


def _missing_words(body: Body) -> Iterator[InputError]:
    """Texts and lists that a kind must have, and that say nothing."""
    for field in msgspec.structs.fields(type(body)):
        value = getattr(body, field.name)
        empty_default = field.default in ("", None) or field.default is msgspec.NODEFAULT
        if field.required and value in ("", ()):
            yield InputError(field.name, None, "a value", "Every row needs one.")
        elif value == "" and not (field.required or empty_default):
            yield InputError(field.name, None, f"a word; {field.default} where nothing is said")
        elif isinstance(value, tuple) and "" in value:
            yield InputError(field.name, None, "a word in every place of the list")


def _header_faults(body: CaseHeader) -> Iterator[InputError]:
    yield from _zone_fault("zone", body.zone)
    for field in ("levels", "compartments"):
        words = getattr(body, field)
        for index, word in enumerate(words):
            if word in words[:index]:
                yield InputError(f"markings.{field}", word, "each word once", "Delete one.")
            if re.search(r"//|,|^REL |^\s|\s$", word):
                yield InputError(f"markings.{field}", word, "a word without commas or //")
    for likely in body.scale:
        where = f"scale.{likely.word}"
        yield from _between(where, likely.low, 0, 1, "Write 85 % as 0.85.")
        yield from _between(where, likely.high, 0, 1, "Write 85 % as 0.85.")
        if likely.low > likely.high:
            yield InputError(
                where, f"{likely.low} to {likely.high}", "low no more than high", _SWAP
            )
    if body.reports is not None:
        yield from _report_rule_faults(body.reports)


_SWAP = "Swap them."


def _report_rule_faults(rules: ReportRules) -> Iterator[InputError]:
    for field in ("interview_hours", "reply_hours"):
        hours = getattr(rules, field)
        if not 0 < hours <= _HOURS_MAX:
            yield InputError(f"reports.{field}", hours, f"above 0, up to {_HOURS_MAX}")
    ordered = 0 < rules.contradicted_ratio <= rules.no_evidence_ratio < 1 < rules.corroborated_ratio
    if not ordered:
        yield InputError(
            "reports.no_evidence_ratio",
            f"{rules.contradicted_ratio:g}, {rules.no_evidence_ratio:g},"
            f" {rules.corroborated_ratio:g}",
            "contradicted_ratio <= no_evidence_ratio < 1 < corroborated_ratio",
        )
    yield from _between("reports.contradicted_power", rules.contradicted_power, 0, 1, "")


_HOURS_MAX = 24 * 366


def _zone_fault(where: str, zone: str) -> Iterator[InputError]:
    try:
        parse_zone(zone)
    except InputError as fault:
        yield InputError(where, fault.found, fault.expected)


def _undertaking_faults(body: Undertaking) -> Iterator[InputError]:
    hint = "Write 85 % as 0.85."
    yield from _between("standard", body.standard, 0, 1, hint)
    yield from _between("accuse", body.accuse, 0, 1, hint)
    if body.evidence_by and not is_duration(body.evidence_by):
        yield _not_a_duration("evidence_by", body.evidence_by)
    for field in ("starts", "due", "ends"):
        yield from _point_faults(field, getattr(body, field))
    if body.condition is not None:
        yield from _condition_faults("condition", body.condition)
    for party, reading in body.readings.items():
        yield from _point_faults(f"readings.{party}.starts", reading.starts)
        if reading.condition is not None:
            yield from _condition_faults(f"readings.{party}.condition", reading.condition)
    if body.quantity is not None:
        yield from _at_least_0("quantity.number", body.quantity.number)
    for name, value in body.measure.items():
        yield from _finite(f"measure.{name}", value)
    if body.each is not None:
        for month in body.each.months:
            yield from _between("each.months", month, 1, 12, "Months are numbers: [3, 9], or all.")
        yield from _between("each.due_day", body.each.due_day, 1, 31, "")


def _point_faults(where: str, point: Point | None) -> Iterator[InputError]:
    if isinstance(point, Relative) and point.duration and not is_duration(point.duration):
        yield _not_a_duration(where, point.duration)


def _condition_faults(where: str, condition: Condition) -> Iterator[InputError]:
    match condition:
        case Counted(at_least=least):
            yield from _at_least_0(f"{where}.at_least", least)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _condition_faults(where, part)
        case Not(part):
            yield from _condition_faults(where, part)
        case Is():
            pass


def _not_a_duration(where: str, text: str) -> InputError:
    return InputError(
        where, text, "an ISO 8601 duration", "P14D is 14 days, P3M three months, PT24H 24 hours."
    )


def _range_faults(body: Count | Declaration | Report | Assessment) -> Iterator[InputError]:
    for field in ("number", "low", "high"):
        yield from _at_least_0(field, getattr(body, field))
    if isinstance(body, Count) and body.difference is not None:
        yield from _finite("difference", body.difference)
    low, high, number = body.low, body.high, body.number
    if low is not None and high is not None and low > high:
        yield InputError("low", low, f"no more than high ({high})", _SWAP)
    elif number is not None and low is not None and number < low:
        yield InputError("number", number, f"low ({low}) or more", "Correct one of the two.")
    elif number is not None and high is not None and number > high:
        yield InputError("number", number, f"high ({high}) or less", "Correct one of the two.")


_PROBABILITIES = re.compile(r"prob|\.(missed|twice|arrival|detection)(\.|$)")


def _assumption_faults(body: Assumption) -> Iterator[InputError]:
    figures = {"low": body.low, "best": body.best, "high": body.high}
    sound = True
    for field, value in figures.items():
        if _PROBABILITIES.search(body.name):
            found = [*_between(field, value, 0, 1, f"{body.name} is a probability: 85 % is 0.85.")]
        elif body.name.endswith(".stock"):
            found = [*_at_least_0(field, value)]
        else:
            found = [*_finite(field, value)]
        sound = sound and not found
        yield from found
    if sound and not body.low <= body.best <= body.high:
        said = f"{body.low:g}, {body.best:g}, {body.high:g}"
        yield InputError("best", said, "low, best, high in rising order", "Put them in order.")


def _attachment_faults(body: Attachment) -> Iterator[InputError]:
    yield from _at_least_0("size", body.size)
    if not _SHA256.fullmatch(body.sha256):
        yield _not_a_digest(body.sha256)
    elif body.text:
        raw = body.text.encode()
        digest = hashlib.sha256(raw).hexdigest()
        if (body.sha256, body.size) != (digest, len(raw)):
            yield InputError(
                "sha256",
                f"{body.sha256} and {body.size} bytes",
                f"those of the text, {digest} and {len(raw)}",
                "The text was changed: put it back as it was, or take in the changed one as new.",
            )


def _not_a_digest(text: str) -> InputError:
    return InputError("sha256", text, "64 hexadecimal digits, lower case")


def _at_least_0(where: str, value: float | None) -> Iterator[InputError]:
    if value is not None and not 0 <= value < math.inf:
        yield InputError(where, _short(value), "0 or more", "What is not known stays empty.")
    elif value is not None:
        yield from _finite(where, value)


def _between(
    where: str, value: float | None, low: float, high: float, remedy: str
) -> Iterator[InputError]:
    if value is not None and not low <= value <= high:
        yield InputError(where, _short(value), f"{low} to {high}", remedy)


def _short(value: float) -> float:
    return int(value) if math.isfinite(value) and value == int(value) else value


_NUMBER_MAX = 10**15  # the digits that a double and a spreadsheet keep


def _finite(where: str, value: float) -> Iterator[InputError]:
    if not -_NUMBER_MAX <= value <= _NUMBER_MAX:
        yield InputError(where, value, "a number of at most 15 digits")


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
        if item is None or not item.whole or unit not in ("", item.unit):
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
