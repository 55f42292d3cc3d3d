"""Files of earlier findings and of reports: JSON Lines in, structs out, every fault with its line.

All faults of a file are reported together. Unknown keys are left alone: other desks' files have
their own. A report may be empty or in any language; it is taken in all the same.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from excomm.entries import Span as TimeSpan
from excomm.entries import parse_when
from excomm.entries.times import Day
from excomm.errors import EnvironmentFault, Faults, InputError
from excomm.reports.model import Earlier, Report

FAULTS_MAX = 100
_Row = TypeVar("_Row", Earlier, Report)


def read_earlier(path: Path) -> tuple[Earlier, ...]:
    """The earlier findings in a file, one JSON object a line.

    Keys: id; text, title, item, action, place, lat, lon, date, count, verdict as far as known.
    Raises Faults naming file and line; EnvironmentFault where the file cannot be read.
    """
    return _read(path, _earlier)


def read_reports(path: Path) -> tuple[Report, ...]:
    """The reports in a file, one JSON object a line.

    Keys: id, text; published, outlet, kind as far as known. Errors as for `read_earlier`.
    """
    return _read(path, _report)


def _read(path: Path, row_of: Callable[[dict[str, object]], _Row]) -> tuple[_Row, ...]:
    found: dict[str, tuple[_Row, int]] = {}
    faults: list[InputError] = []
    for number, line in _lines(path, faults):
        try:
            row = row_of(_object(line))
            earlier = found.get(row.id)
            if earlier and earlier[0] != row:
                raise InputError(
                    "id",
                    row.id,
                    f"an id of its own (line {earlier[1]} has it)",
                    "Give each its own.",
                )
            found.setdefault(row.id, (row, number))
        except InputError as fault:
            faults.append(fault.at(f"{path}:{number}"))
        if len(faults) >= FAULTS_MAX:
            break
    if faults:
        raise Faults(faults)
    return tuple(row for row, _ in found.values())


def _lines(path: Path, faults: list[InputError]) -> Iterator[tuple[int, str]]:
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a readable file.") from None
    for number, raw in enumerate(data.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        try:
            line = raw.decode("utf-8").strip()
        except UnicodeDecodeError as fault:
            faults.append(
                InputError(
                    f"{path}:{number}",
                    f"byte {raw[fault.start]:#04x}",
                    "text in UTF-8",
                    "Convert the file, from Windows-1252 for example.",
                )
            )
            continue
        if line:
            yield number, line


def _object(line: str) -> dict[str, object]:
    try:
        raw = msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError) as fault:
        raise InputError("line", line, "one JSON object", f"Mend it: {fault}.") from None
    if not isinstance(raw, dict):
        raise InputError("line", line, "one JSON object", "Write {...} on one line.")
    return raw


def _earlier(raw: dict[str, object]) -> Earlier:
    lat, lon = _number(raw, "lat", 90.0), _number(raw, "lon", 180.0)
    count = raw.get("count")
    if count is not None and (not isinstance(count, int) or isinstance(count, bool) or count < 0):
        raise InputError("count", count, "a whole number, 0 or more", "Leave it out if not known.")
    if isinstance(count, int) and count > 10**9:
        raise InputError("count", count, "at most 1000000000")
    when = _when(raw, "date")
    found = Earlier(
        id=_id(raw),
        lat=lat,
        lon=lon,
        date=when.date() if isinstance(when, dt.datetime) else when,
        count=count,
        **{key: _text(raw, key) for key in ("text", "title", "item", "action", "place", "verdict")},
    )
    if not (found.text or found.title or found.item):
        raise InputError("text", None, "a text or an item", "Say what was alleged.")
    return found


def _report(raw: dict[str, object]) -> Report:
    return Report(
        id=_id(raw),
        published=_when(raw, "published"),
        **{key: _text(raw, key) for key in ("text", "kind", "outlet")},
    )


def _id(raw: dict[str, object]) -> str:
    found = raw.get("id")
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found)
    if not isinstance(found, str) or not _ID.fullmatch(found) or found == "NONE":
        raise InputError("id", found, "an id without spaces", "Write letters, digits, - and _.")
    return found


def _text(raw: dict[str, object], key: str) -> str:
    found = raw.get(key)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise InputError(key, found, "a text", "Put it between quotation marks.")
    return found


def _number(raw: dict[str, object], key: str, most: float) -> float | None:
    found = raw.get(key)
    if found is None:
        return None
    if not isinstance(found, int | float) or isinstance(found, bool) or not -most <= found <= most:
        raise InputError(
            key, found, f"degrees from {-most:g} to {most:g}", "North and east are positive."
        )
    return float(found)


def _when(raw: dict[str, object], key: str) -> dt.datetime | dt.date | None:
    found = raw.get(key)
    if found is None or found == "":
        return None
    expected = "a day (1962-11-09) or an instant with offset (1962-11-09T06:00-05:00)"
    if not isinstance(found, str):
        raise InputError(key, found, expected)
    try:
        when = parse_when(found)
    except InputError as fault:
        told = fault.expected if fault.expected == "a day that exists" else expected
        raise InputError(key, found, told, fault.remedy) from None
    if isinstance(when, TimeSpan):
        raise InputError(key, found, expected, "Give one day.")
    return when.day if isinstance(when, Day) else when.at


_ID = re.compile(r"[^\s\x00-\x1f\x7f]{1,200}")
