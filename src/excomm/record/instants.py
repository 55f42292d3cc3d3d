"""Instants: what a due phrase means, seen from the meeting.

Conventions, stated because minutes leave them open: a day means its last instant in the zone of
the meeting, and "before Friday" the last one of Thursday; "within N hours" counts from the
meeting's own instant, "within N days" to the end of that day; a morning ends at noon, an afternoon
and a day of business at 18:00, first thing is 09:00; a week ends with its Sunday, "early next week"
with the Wednesday, the middle of a month is its 15th; "next Friday" is that of next week; an hour
without a.m. or p.m. is the next one after the meeting began. What hangs on an event, or names no
time ("promptly"), has no instant, and the reason is said.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from excomm.record.due import (
    CLOCK,
    DATE,
    MONTHS,
    NUMBER,
    NUMBERS,
    PLACES,
    WEEKDAY,
    WEEKDAYS,
    ZONES,
    Due,
    Moment,
)

_REASONS = {
    "none": "names no time",
    "event": "hangs on an event",
    "counted": "counts from an event",
    "next": "the record does not say when the next meeting is",
    "that": "the record does not say when that meeting is",
}
_STRICT = ("before", "prior to", "ahead of")
_NOON, _EVENING, _MORNING = time(12), time(18), time(9)


def resolve(due: Due, meeting: Moment) -> tuple[datetime | None, str]:
    """The instant a due phrase means, or None with the reason."""
    if due.form in _REASONS:
        return None, _REASONS[due.form]
    if meeting.day is None:
        return None, "the record gives no date of the meeting"
    try:
        return _resolved(due, meeting, meeting.day)
    except (OverflowError, ValueError):
        return None, "no such day or time"


def _resolved(due: Due, meeting: Moment, today: date) -> tuple[datetime | None, str]:
    words = due.words.lower().replace("’", "'")
    if due.form == "for_span":
        return _after(words, meeting, today)
    clock = re.search(CLOCK, due.words) if due.form not in ("end", "close") else None
    day = _day(words[: clock.start()] + words[clock.end() :] if clock else words, today)
    if clock:
        at, reason = _at_clock(due.words, clock, meeting, today, day)
        return at, "recurs" if due.form == "recurs" else reason
    if day is None:
        return None, "recurs" if due.form == "recurs" else "the day cannot be told"
    if due.form == "close" and "eod" not in words:
        return _local(day, _EVENING, meeting), "taken as 18:00"
    if due.form == "first":
        return _local(day, _MORNING, meeting), "taken as 09:00"
    at, reason = _in_day(words, day, meeting)
    if due.form == "meeting" and not reason:
        reason = "the record does not say at what hour that meeting is"
    return at, "recurs" if due.form == "recurs" else reason


def _in_day(words: str, day: date, meeting: Moment) -> tuple[datetime, str]:
    for part, at in (("morning", _NOON), ("afternoon", _EVENING), ("overnight", _MORNING)):
        if part in words:
            return _local(day, at, meeting), f"taken as {at:%H:%M}"
    if words.startswith(_STRICT) and _names_a_day(words):
        return _end_of(day - timedelta(days=1), meeting), "the day before"
    return _end_of(day, meeting), ""


def _names_a_day(words: str) -> bool:
    """ "Before Friday" leaves Thursday; "before the end of the month" leaves all of it."""
    return not any(
        part in words for part in ("end of", "'s end", "is out", "is over", "meeting", "session")
    )


# -- spans ---------------------------------------------------------------------------------------


def _after(words: str, meeting: Moment, today: date) -> tuple[datetime | None, str]:
    unit = re.findall(r"\b(minute|hour|day|week|fortnight|month|year)(?:s|\b)", words)[0]
    spoken = re.findall(
        rf"\b{NUMBER}\b", re.sub(r"^(?:within|in|over|during|inside|for) ", "", words)
    )
    spoken = [one for one in spoken if one not in ("a", "an")] or spoken
    number = _number(spoken[-1]) if spoken else 1
    if unit in ("minute", "hour"):
        return _later(_minutes(words, unit, number), meeting)
    if "working" in words or "business" in words or "clear" in words:
        return _end_of(_working(today, number), meeting), "Saturdays and Sundays not counted"
    if unit in ("day", "week", "fortnight"):
        days = {"day": 1, "week": 7, "fortnight": 14}[unit]
        return _end_of(today + timedelta(days=number * days), meeting), ""
    months = today.month - 1 + number * (12 if unit == "year" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    day = min(today.day, monthrange(year, month)[1])
    return _end_of(date(year, month, day), meeting), ""


def _minutes(words: str, unit: str, number: int) -> int:
    if "half an hour" in words:
        return 30
    minutes = number if unit == "minute" else 60 * number
    return minutes + (30 if "and a half" in words else 0)


def _later(minutes: int, meeting: Moment) -> tuple[datetime | None, str]:
    if meeting.at is None:
        return None, "the record gives no time of day of the meeting"
    step = timedelta(minutes=minutes)
    if meeting.at.tzinfo is None:
        return meeting.at + step, "local time: no zone is known"
    return (meeting.at.astimezone(UTC) + step).astimezone(meeting.at.tzinfo), ""


def _working(today: date, days: int) -> date:
    day = today
    while days > 0:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day


def _number(words: str) -> int:
    return (
        int(words)
        if words.isdigit()
        else NUMBERS[words if words in NUMBERS else words.replace(" ", "-")]
    )


# -- hours ---------------------------------------------------------------------------------------


def _at_clock(
    phrase: str, clock: "re.Match[str]", meeting: Moment, today: date, day: date | None
) -> tuple[datetime, str]:
    hour, minute, sure = _hour(clock[0].lower().replace("’", "'"), phrase[clock.end() :].lower())
    zone, known = _zone(phrase[clock.end() :], meeting)
    said = day or today
    if not sure:
        began = meeting.at.time() if meeting.at and said == today else time(7)
        if time(hour % 24, minute) <= began and hour < 12:
            hour += 12
    at = datetime.combine(said, time(hour % 24, minute), tzinfo=zone)
    if hour == 24:
        at += timedelta(days=1)
    reason = "" if sure else "a.m. or p.m. taken from the hour of the meeting"
    if known:
        at = at.astimezone(meeting.zone or zone)
    comparable = meeting.at is not None and (meeting.at.tzinfo is None) == (at.tzinfo is None)
    if day is None and comparable and meeting.at is not None and at < meeting.at:
        return at + timedelta(days=1), "the next one after the meeting"
    return at, reason


def _hour(words: str, rest: str) -> tuple[int, int, bool]:  # noqa: PLR0911
    """Hour, minute, and whether morning or afternoon is sure."""
    if "noon" in words or "midday" in words:
        return 12, 0, True
    if words == "midnight":
        return 24, 0, True
    past = re.match(r"(half|quarter) (past|to) (\w+)", words)
    if past:
        hour, minute = NUMBERS[past[3]], 30 if past[1] == "half" else 15
        return (
            (hour, minute, False) if past[2] == "past" else ((hour - 1) or 12, 60 - minute, False)
        )
    military = re.match(r"(\d\d):?(\d\d)(?: ?(?:hours|hrs|h))?$", words)
    if military and (":" not in words or words[0] == "0" or int(military[1]) > 12):
        return int(military[1]), int(military[2]), True
    first = words.split(maxsplit=1)[0]
    if first in NUMBERS:
        evening = "evening" in rest or "afternoon" in rest or "tonight" in rest
        return NUMBERS[first] + 12 * (evening and NUMBERS[first] < 12), 0, evening
    found = re.match(r"(\d{1,2})(?:[:.](\d\d))?", words)
    assert found
    hour, minute = int(found[1]), int(found[2] or 0)
    half = words[found.end() :].strip()
    if half.startswith("p"):
        return (hour % 12) + 12, minute, True
    if half.startswith("a"):
        return hour % 12, minute, True
    return hour, minute, hour > 12


def _zone(rest: str, meeting: Moment) -> tuple[tzinfo | None, bool]:
    """The zone named after an hour, and whether one is."""
    words = rest.lower().split()
    head = words[0].strip(".,;") if words else ""
    if head in ZONES:
        return timezone(timedelta(hours=ZONES[head])), True
    for place, name in PLACES.items():
        if rest.lower().lstrip().startswith(place):
            return ZoneInfo(name), True
    return meeting.zone, False


# -- days ----------------------------------------------------------------------------------------


def _day(words: str, today: date) -> date | None:
    """The day named, the last of a period; None where none is."""
    for told in (_near, _dated, _weekday, _period):
        found = told(words, today)
        if found:
            return found
    return None


def _near(words: str, today: date) -> date | None:
    ahead = re.search(rf"({NUMBER}) weeks? (?:from|on) (today|tomorrow|\w+day)", words)
    if ahead:
        first = _near(ahead[2], today) or _weekday(ahead[2], today)
        return first + timedelta(days=7 * _number(ahead[1])) if first else None
    if "day after tomorrow" in words:
        return today + timedelta(days=2)
    tomorrow = ("tomorrow", "in the morning", "overnight", "each morning", "every morning")
    if any(part in words for part in tomorrow):
        return today + timedelta(days=1)
    return today if any(part in words for part in _OF_TODAY) else None


_OF_TODAY = (
    "today",
    "tonight",
    "this morning",
    "this afternoon",
    "this evening",
    "the day",
    "the afternoon",
    "the evening",
    "the morning",
    "each evening",
    "each afternoon",
    "eod",
)
_OF_BUSINESS = ("business", "play", "working", "cob", "cop")


def _dated(words: str, today: date) -> date | None:
    found = re.search(DATE, words, re.IGNORECASE)
    if found:
        return _of_date(found[0], today, limit=words.startswith(_LIMITS))
    nth = re.search(r"the (\d{1,2})(?:st|nd|rd|th)\b", words)
    if nth is None:
        return None
    number = int(nth[1])
    following = "next month" in words or "prox" in words
    if following or number < today.day:
        year, month = _month_after(today, 1)
        return date(year, month, number)
    return date(today.year, today.month, number)


_LIMITS = ("by", "before", "not later", "no later", "until", "till", "on or before", "nlt")


def _of_date(words: str, today: date, *, limit: bool) -> date:
    """limit: it is by when something must be done, which lies ahead."""
    iso = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", words)
    if iso:
        return date(int(iso[1]), int(iso[2]), int(iso[3]))
    month = _month(words)
    assert month
    figures = [int(figure) for figure in re.findall(r"\d+", words)]
    day = next((figure for figure in figures if figure <= 31), 0)  # 0: no such day
    years = [figure for figure in figures if figure > 31]
    found = date(years[0] if years else today.year, month, day)
    # "by January 3" in December is next year's; "of January 3" in March is this year's.
    if not years and (today - found).days > (0 if limit else 180):
        found = date(today.year + 1, month, day)
    return found


_WRITTEN_MONTHS = tuple((name, re.compile(rf"\b(?:{name}|{name[:3]}t?)\b")) for name in MONTHS)


def _month(words: str) -> int:
    """The number of the month named; 0 where none is."""
    small = words.lower()
    for number, (name, written) in enumerate(_WRITTEN_MONTHS, 1):
        if name[:3] in small and written.search(small):
            return number
    return 0


def _weekday(words: str, today: date) -> date | None:
    named = re.findall(WEEKDAY.lower(), words)
    if not named:
        return None
    number = WEEKDAYS.index(named[-1])
    ahead = (number - today.weekday()) % 7 or 7
    same_week = ahead <= 6 - today.weekday()
    if (f"next {named[-1]}" in words and same_week) or re.search(r"day (?:week|next)\b", words):
        ahead += 7
    return today + timedelta(days=ahead)


def _period(words: str, today: date) -> date | None:  # noqa: PLR0911
    sunday = today + timedelta(days=6 - today.weekday())
    if "weekend" in words:
        if words.startswith(("by", *_STRICT)):
            # "Before" takes a day off by itself.
            return sunday - timedelta(days=2 if words.startswith("by") else 1)
        return sunday
    if "week" in words:
        if "next" in words:
            return sunday + timedelta(days=3 if "early" in words else 7)
        return sunday
    if month := _month(words):
        named = re.search(r"\b\d{4}\b", words)
        year = int(named[0]) if named else today.year + (month < today.month)
        middle = "mid" in words
        return date(year, month, 15 if middle else monthrange(year, month)[1])
    if "quarter" in words:
        year, month = _month_after(today, (3 if "next" in words else 0) + (-today.month) % 3)
        return date(year, month, monthrange(year, month)[1])
    if "month" in words:
        year, month = _month_after(today, 1 if "next" in words else 0)
        return date(year, month, 15 if "middle" in words else monthrange(year, month)[1])
    if holiday := _holiday(words, today):
        return holiday
    if named := re.search(r"\b(\d{4})\b", words):
        return date(int(named[1]), 12, 31)
    if "year" in words:
        return date(today.year + ("next" in words), 12, 31)
    if (
        "business" in words
        or "play" in words
        or words.endswith(("cob", "cop"))
        or "working" in words
    ):
        return today
    return None


def _holiday(words: str, today: date) -> date | None:
    if "christmas" in words:
        return date(today.year, 12, 25)
    if "new year" in words:
        # "By the New Year": while the old one lasts.
        return date(today.year, 12, 31) if words.startswith("by") else date(today.year + 1, 1, 1)
    if "independence day" in words:
        return date(today.year + (today > date(today.year, 7, 4)), 7, 4)
    if "labor day" in words:
        return _nth_weekday(today, 9, 0, 1)
    if "thanksgiving" in words:
        return _nth_weekday(today, 11, 3, 4)
    return None


def _nth_weekday(today: date, month: int, weekday: int, nth: int) -> date:
    for year in (today.year, today.year + 1):
        first = date(year, month, 1)
        found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (nth - 1))
        if found >= today:
            return found
    raise ValueError("no such day")


def _month_after(today: date, months: int) -> tuple[int, int]:
    month = today.month - 1 + months
    return today.year + month // 12, month % 12 + 1


def _local(day: date, at: time, meeting: Moment) -> datetime:
    return datetime.combine(day, at, tzinfo=meeting.zone)


def _end_of(day: date, meeting: Moment) -> datetime:
    """The last instant of the day: the day itself is still in time."""
    following = datetime.combine(day + timedelta(days=1), time(0), tzinfo=meeting.zone)
    if meeting.zone is None:
        return following - timedelta(microseconds=1)
    last = following.astimezone(UTC) - timedelta(microseconds=1)
    return last.astimezone(meeting.zone)
