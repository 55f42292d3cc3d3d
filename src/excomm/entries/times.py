"""When something was so: a day, an instant or an interval, never silently one for another.

Text forms are ISO 8601: `1962-11-09`, `1962-11-09T06:00-05:00`, `a/b`; `1962-11` is the interval of
its days. Nothing here asks the clock, and nothing guesses a zone: an instant carries its offset,
a day gets its bounds from the zone of the case.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from excomm.errors import InputError


class Day(msgspec.Struct, frozen=True, array_like=True, tag="day", gc=False):
    """A calendar day in the zone of the case."""

    day: date

    def __str__(self) -> str:
        return self.day.isoformat()


class Instant(msgspec.Struct, frozen=True, array_like=True, tag="at", gc=False):
    """A point in time, with the offset its source gave."""

    at: datetime

    def __str__(self) -> str:
        return instant_text(self.at)


class Span(msgspec.Struct, frozen=True, array_like=True, tag="span", gc=False):
    """From the beginning of `start` to the end of `end`."""

    start: Day | Instant
    end: Day | Instant

    def __str__(self) -> str:
        return f"{self.start}/{self.end}"


When = Day | Instant | Span

# The last instant of a day is inside it; the first of the next is not.
_TICK = timedelta(microseconds=1)
_INSTANT = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d(?::?\d\d)?)", re.ASCII
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONTH = re.compile(r"(\d{4})-(\d\d)", re.ASCII)
_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)?", re.ASCII)
_FORMS = "a day (1962-11-09), an instant with offset (1962-11-09T06:00-05:00) or an interval (a/b)"


def parse_when(text: str) -> When:
    """Read a day, an instant, an interval or a month.

    Raises InputError (its `where` is "time") where the form is none of these, a day does not
    exist, an instant lacks its offset, or an interval ends before it starts.

    >>> parse_when("1962-11-09"), str(parse_when("1962-10"))
    (Day(day=datetime.date(1962, 11, 9)), '1962-10-01/1962-10-31')
    >>> parse_when("1962-11-31")
    Traceback (most recent call last):
    ...
    excomm.errors.InputError: time: found 1962-11-31, expected a day that exists.
    """
    text = text.strip()
    if "/" in text:
        first, _, last = text.partition("/")
        start, end = parse_when(first), parse_when(last)
        if isinstance(start, Span):
            start = start.start
        if isinstance(end, Span):
            end = end.end
        if _ends_before(start, end):
            raise InputError("time", text, "an interval that ends after it starts", "Swap them.")
        return Span(start, end)
    if _DAY.fullmatch(text):
        return Day(_date(text))
    if month := _MONTH.fullmatch(text):
        year, number = int(month[1]), int(month[2])
        if not 1 <= number <= 12 or year == 0:
            raise InputError("time", text, "a month that exists")
        days = monthrange(year, number)[1]
        return Span(Day(date(year, number, 1)), Day(date(year, number, days)))
    return Instant(parse_instant(text))


def parse_instant(text: str) -> datetime:
    """Read an instant with offset; `Z`, `-05:00`, `-0500` and `-05` are offsets."""
    found = _INSTANT.fullmatch(text.strip())
    if not found:
        remedy = "Add the offset, as in -05:00." if re.search(r"\d[T ]\d\d:\d\d", text) else ""
        raise InputError("time", text, _FORMS, remedy)
    _date(found[1])
    offset = "+00:00" if found[3] == "Z" else found[3]
    try:
        return datetime.fromisoformat(f"{found[1]}T{found[2]}{offset}")
    except ValueError:
        raise InputError("time", text, "a time of day and an offset that exist") from None


def instant_text(at: datetime) -> str:
    """ISO 8601 with offset, no more digits than the instant has; UTC is written Z.

    >>> instant_text(parse_instant("1962-11-20T18:45-05"))
    '1962-11-20T18:45-05:00'
    """
    precision = "microseconds" if at.microsecond else "seconds" if at.second else "minutes"
    text = at.isoformat(timespec=precision)
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


@lru_cache(maxsize=64)
def parse_zone(name: str) -> tzinfo:
    """The zone of a case: an IANA name or a fixed offset.

    Raises InputError (`where` is "zone") for a zone that does not exist.
    """
    if name.upper() in ("UTC", "Z"):
        return UTC
    if fixed := _OFFSET.fullmatch(name):
        hours, minutes = int(fixed[2]), int(fixed[3] or 0)
        if hours <= 14 and minutes < 60:
            shift = timedelta(hours=hours, minutes=minutes)
            return timezone(shift if fixed[1] == "+" else -shift)
    else:
        try:
            return ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            pass
    raise InputError("zone", name, "an IANA name (America/New_York) or an offset (-05:00)")


def start_of(when: When, zone: tzinfo) -> datetime:
    """The first instant: an entry dated by day counts from here. UTC."""
    match when:
        case Day(day):
            return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        case Instant(at):
            return at.astimezone(UTC)
        case Span(start, _):
            return start_of(start, zone)


def end_of(when: When, zone: tzinfo) -> datetime:
    """The last instant: a day asked for means this. UTC."""
    match when:
        case Day(day):
            if day == date.max:
                return datetime.max.replace(tzinfo=UTC)
            return start_of(Day(day + timedelta(days=1)), zone) - _TICK
        case Instant(at):
            return at.astimezone(UTC)
        case Span(_, end):
            return end_of(end, zone)


def _ends_before(start: Day | Instant, end: Day | Instant) -> bool:
    # A day beside an instant: the instant's own offset tells its day.
    if isinstance(start, Instant) and isinstance(end, Instant):
        return end.at < start.at
    first = start.at.date() if isinstance(start, Instant) else start.day
    last = end.at.date() if isinstance(end, Instant) else end.day
    return last < first


def _date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("time", text, "a day that exists") from None
