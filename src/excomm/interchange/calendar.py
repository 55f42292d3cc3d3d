"""iCalendar: days by which something is owed, for any calendar program. Written, never read.

RFC 5545, by hand: a line is folded at 75 bytes and text is escaped; there is nothing else to it.
Rooms bring their own sources of `Due`; this module knows none of them.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

_LINE_BYTES_MAX = 75
_PRODUCT = "-//excomm//calendar//EN"


class Due(msgspec.Struct, frozen=True, kw_only=True):
    """Something owed by a day or an instant.

    uid: the same for the same thing in every export, so that a calendar moves it and adds none.
    by: a day (an all-day entry) or an instant (UTC in the file). state: a tentative one may move.
    sequence: how often it was changed, so that an older export never undoes a newer one.
    """

    uid: str
    title: str
    by: date | datetime
    text: str = ""
    state: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"] = "CONFIRMED"
    categories: tuple[str, ...] = ()
    sequence: int = 0
    form: Literal["VEVENT", "VTODO"] = "VEVENT"  # a day in the calendar, or something to do


def calendar(dues: Iterable[Due], *, name: str, stamp: datetime) -> bytes:
    """The whole file. stamp: when it was made; the caller's, so that equal inputs give equal bytes.

    >>> made = calendar([Due(uid="CU-4", title="IL-28s out", by=date(1962, 12, 20))],
    ...                 name="Cuba 1962", stamp=datetime(1962, 11, 20, tzinfo=UTC))
    >>> print(made.decode().splitlines()[8])
    DTSTART;VALUE=DATE:19621220
    """
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{_escaped(name)}",
    ]
    for due in dues:
        lines.extend(_event(due, stamp))
    lines.append("END:VCALENDAR")
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def _event(due: Due, stamp: datetime) -> list[str]:
    lines = [f"BEGIN:{due.form}", f"UID:{_escaped(due.uid)}", f"DTSTAMP:{_utc(stamp)}"]
    when = "DTSTART" if due.form == "VEVENT" else "DUE"
    if isinstance(due.by, datetime):
        lines.append(f"{when}:{_utc(due.by)}")
    else:
        lines.append(f"{when};VALUE=DATE:{due.by:%Y%m%d}")
    lines.append(f"SUMMARY:{_escaped(due.title)}")
    if due.sequence:
        lines.append(f"SEQUENCE:{due.sequence}")
    if due.text:
        lines.append(f"DESCRIPTION:{_escaped(due.text)}")
    if due.categories:
        lines.append(f"CATEGORIES:{','.join(map(_escaped, due.categories))}")
    if due.form == "VTODO":
        # A to-do knows other states (RFC 5545, 3.8.1.11) and takes up no time.
        return [*lines, f"STATUS:{_TO_DO[due.state]}", "END:VTODO"]
    return [*lines, f"STATUS:{due.state}", "TRANSP:TRANSPARENT", "END:VEVENT"]


_TO_DO = {"CONFIRMED": "IN-PROCESS", "TENTATIVE": "NEEDS-ACTION", "CANCELLED": "CANCELLED"}


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,")):
        text = text.replace(plain, escaped)
    broken = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(c for c in broken if c >= " " and c != "\x7f")


def _folded(line: str) -> bytes:
    """At most 75 bytes a line; what follows starts with a space, no character is torn apart."""
    parts: list[bytes] = []
    part = b""
    for character in line:
        coded = character.encode()
        room = _LINE_BYTES_MAX - (1 if parts else 0)
        if len(part) + len(coded) > room:
            parts.append(part)
            part = b""
        part += coded
    return b"\r\n ".join((*parts, part))
