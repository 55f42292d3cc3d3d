"""Points in time: when a start begins and when a deadline is over, in the agreement's zone.

A start is a first instant; a deadline is a last instant, and includes the whole of its last day.
Durations of days, months and years count calendar days in the zone; hours count from the instant.
A point whose anchor has not come about yet is no point yet: None.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, tzinfo

import msgspec

from excomm.entries import Day, end_of, parse_when, start_of
from excomm.entries.durations import Duration, parse_duration
from excomm.entries.language import Fixed, Point, Relative, With
from excomm.errors import InputError

TICK = timedelta(microseconds=1)


class Anchor(msgspec.Struct, frozen=True):
    """What a relative point counts from. at: a start runs from here; day: a deadline from here."""

    at: datetime
    day: date


Anchors = Callable[[str], Anchor | None]


def later_day(day: date, duration: Duration) -> date:
    """The day so many months and days later; a month without that day gives its last one.

    >>> later_day(date(2015, 1, 31), parse_duration("P1M"))
    datetime.date(2015, 2, 28)
    """
    try:
        month = day.month - 1 + duration.months
        year, month = day.year + month // 12, month % 12 + 1
        return date(year, month, min(day.day, _days_in(year, month))) + timedelta(duration.days)
    except (ValueError, OverflowError):
        return date.max  # beyond the calendar: never over


def first_instant(point: Point, anchors: Anchors, zone: tzinfo) -> datetime | None:
    """When what starts at the point begins, UTC; None while its anchor has not come about."""
    match point:
        case Fixed(when):
            return start_of(when, zone)
        case With(undertaking):
            anchor = anchors(f"end of {undertaking}")
            return anchor.at if anchor else None
        case Relative(name, text):
            anchor = anchors(name)
            if anchor is None:
                return None
            return _later(anchor.at, parse_duration(text), zone)


def last_instant(point: Point, anchors: Anchors, zone: tzinfo) -> datetime | None:
    """When what ends at the point is over: the last instant that is still in time, UTC.

    `last_day` fixes it, where the text does; otherwise the last day is counted from the anchor's.
    """
    match point:
        case Fixed(when, last_day):
            return end_of(Day(last_day) if last_day else when, zone)
        case With(undertaking):
            anchor = anchors(f"end of {undertaking}")
            return anchor.at if anchor else None
        case Relative(name, text, last_day):
            if last_day:
                return end_of(Day(last_day), zone)
            anchor = anchors(name)
            if anchor is None:
                return None
            duration = parse_duration(text)
            if duration.seconds:
                return _later(anchor.at, duration, zone)
            return end_of(Day(later_day(anchor.day, duration)), zone)


class Calendar:
    """First and last instants of fixed days, each worked out once."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self._first: dict[Fixed | date, datetime] = {}
        self._last: dict[Fixed | date, datetime] = {}

    def first(self, point: Fixed) -> datetime:
        """When what starts then begins."""
        when = point.when
        # A day is looked up four times as fast as the point that names it.
        key = when.day if type(when) is Day else point
        at = self._first.get(key)
        if at is None:
            at = self._first[key] = start_of(when, self.zone)
        return at

    def last(self, point: Fixed) -> datetime:
        """The last instant in time."""
        when, last_day = point.when, point.last_day
        key = last_day or (when.day if type(when) is Day else point)
        at = self._last.get(key)
        if at is None:
            at = self._last[key] = end_of(Day(last_day) if last_day else when, self.zone)
        return at


def window_end(due: datetime, text: str, zone: tzinfo) -> datetime:
    """The last instant of the time given after a deadline (`evidence_by`)."""
    duration = parse_duration(text)
    if duration.seconds:
        return _later(due, duration, zone)
    return end_of(Day(later_day(local_day(due, zone), duration)), zone)


def written_anchor(text: str, zone: tzinfo) -> Anchor | None:
    """The anchor that a day or an instant names; None where the text is neither."""
    if not text[:1].isdigit():
        return None
    try:
        when = parse_when(text)
    except InputError:
        return None
    return anchor_at(start_of(when, zone), zone)


def anchor_at(at: datetime, zone: tzinfo) -> Anchor:
    """The anchor at an instant; its day is the one in the zone."""
    return Anchor(at, local_day(at, zone))


def anchor_after(last: datetime, zone: tzinfo) -> Anchor:
    """The anchor after a last instant: what starts then starts with the next instant."""
    return Anchor(
        last + TICK if last < datetime.max.replace(tzinfo=UTC) else last, local_day(last, zone)
    )


def local_day(at: datetime, zone: tzinfo) -> date:
    """The day in the zone."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()


def _later(at: datetime, duration: Duration, zone: tzinfo) -> datetime:
    local = at.astimezone(zone)
    day = later_day(local.date(), duration)
    if day == date.max:
        return end_of(Day(day), zone)
    moved = datetime.combine(day, local.timetz()) if duration.months or duration.days else local
    try:
        return moved.astimezone(UTC) + timedelta(seconds=duration.seconds)
    except OverflowError:
        return end_of(Day(date.max), zone)  # beyond the calendar: never over


def _days_in(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1) if (year, month) != (9999, 12) else None
    return (following - timedelta(1)).day if following else 31
