"""Rules that each kind of entry keeps by itself: ranges, digests, durations, missing words."""

import hashlib
import math
import re
from collections.abc import Iterator

import msgspec

from excomm.entries.durations import is_duration
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
    Look,
    Plan,
    Report,
    Site,
    Statement,
    Undertaking,
)
from excomm.entries.language import All, Condition, Counted, Is, Not, Point, Relative
from excomm.entries.language import Any as AnyOf
from excomm.entries.persons import approved_by_another, reviewed_by_another
from excomm.entries.positions import footprint_faults
from excomm.entries.times import parse_zone
from excomm.errors import InputError

_SHA256 = re.compile(r"[0-9a-f]{64}")


def body_faults(body: Body) -> Iterator[InputError]:  # noqa: PLR0912  one case a kind
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
            yield from footprint_faults(body.footprint, body.swath_km)
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
