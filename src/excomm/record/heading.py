"""When and where the meeting was, as its heading says."""

import re
from datetime import date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

from excomm.record.due import Moment

# Capitals from whose clocks such records are dated; a zone given by the caller goes before these.
_ZONES = {
    "Washington": "America/New_York",
    "New York": "America/New_York",
    "London": "Europe/London",
    "Paris": "Europe/Paris",
    "Bonn": "Europe/Berlin",
    "Berlin": "Europe/Berlin",
    "Vienna": "Europe/Vienna",
    "Geneva": "Europe/Zurich",
    "Moscow": "Europe/Moscow",
    "Brussels": "Europe/Brussels",
    "The Hague": "Europe/Amsterdam",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_MONTH = "(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?\\.?" for name in _MONTHS) + ")"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})\b"
_DATES = (
    re.compile(rf"\b{_MONTH}\s{{1,3}}{_DAY}\s{{0,2}}[,.]?\s{{1,3}}{_YEAR}", re.IGNORECASE),
    re.compile(rf"\b{_DAY}\s{{1,3}}{_MONTH},?\s{{1,3}}{_YEAR}", re.IGNORECASE),
    re.compile(r"\b(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    # With full stops the day stands first; with strokes only where it cannot be the month.
    re.compile(r"\b(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<day>1[3-9]|2\d|3[01])/(?P<number>\d{1,2})/(?P<year>\d{4})\b"),
    re.compile(r"\b(?P<number>\d{1,2})/(?P<day>1[3-9]|2\d|3[01])/(?P<year>\d{4})\b"),
)
_TIME = re.compile(
    r"\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?:\s?[-–—]\s?\d{1,2}(?:[:.]\d\d)?)?"
    r"\s?(?P<half>[ap])\.?\s?m\b",
    re.IGNORECASE,
)
_HOURS = re.compile(r"\b(?P<hour>[01]\d|2[0-3])[:.]?(?P<minute>[0-5]\d)\s?(?:hours|hrs|h)\b")
_BARE = re.compile(r"\b(?P<hour>\d{1,2}):(?P<minute>\d\d)\b(?!\s?[ap])", re.IGNORECASE)
_REACH = 160  # characters after the date in which its time of day may stand


def moment_of(text: str, zone: tzinfo | None) -> Moment:
    """The date, and the time of day beside it, in the head of a record.

    >>> moment_of("Washington, October 30, 1962, 10 a.m.", None).at.isoformat()
    '1962-10-30T10:00:00-05:00'
    """
    first = min(
        (found for pattern in _DATES if (found := pattern.search(text))),
        key=lambda found: found.start(),
        default=None,
    )
    if first is None:
        return Moment(zone=zone)
    day = _day(first)
    if day is None:
        return Moment(zone=zone)
    zone = zone or _zone(text)
    at = _time(text[first.end() : first.end() + _REACH]) or _time(text[: first.start()][-_REACH:])
    return Moment(day, datetime.combine(day, at, tzinfo=zone) if at else None, zone)


def _day(found: "re.Match[str]") -> date | None:
    parts = found.groupdict()
    number = parts.get("number")
    try:
        if number:
            return date(int(parts["year"]), int(number), int(parts["day"]))
        prefix = parts["month"][:3].lower()
        month = next(i for i, name in enumerate(_MONTHS, 1) if name[:3].lower() == prefix)
        return date(int(parts["year"]), month, int(parts["day"]))
    except ValueError:
        return None


def _time(text: str) -> time | None:
    for pattern in (_TIME, _HOURS, _BARE):
        found = pattern.search(text)
        if not found:
            continue
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        half = found.groupdict().get("half")
        if half:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if half.lower() == "p" else 0)
        if hour < 24 and minute < 60:
            return time(hour, minute)
    return None


def _zone(text: str) -> tzinfo | None:
    for place, name in _ZONES.items():
        if place in text:
            return ZoneInfo(name)
    return None
