"""Due times: the words that say by when, and the instant they mean, seen from the meeting.

Conventions, stated because minutes leave them open: a day means its last instant in the zone of
the meeting; "within N hours" counts from the meeting's own instant, "within N days" to the end of
that day; a morning ends at noon, an afternoon at 18:00; a week ends with its Sunday; an hour
without a.m. or p.m. is the next one after the meeting began. What hangs on an event, or names no
time ("promptly"), has no instant, and the reason is said.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import msgspec

from excomm.record.sentences import has_any

_UNITS = {"minute": 0, "hour": 1, "day": 2, "week": 3, "month": 4, "year": 5}
_SMALL = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18,
    "twenty": 20, "thirty": 30, "thirty-six": 36, "forty": 40, "fifty": 50, "sixty": 60,
    "twenty-four": 24, "forty-eight": 48, "seventy-two": 72, "ninety": 90, "fourteen": 14,
    "twenty-one": 21, "couple of": 2, "ninety-six": 96,
}  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NUMBER = (
    "(?:"
    + "|".join(sorted((w.replace("-", "[- ]") for w in _SMALL), key=len, reverse=True))
    + r"|\d{1,3})"
)
_UNIT = "(?:minute|hour|day|week|month|year)s?"
_DAYPART = "(?: (?:morning|afternoon|evening|night|noon))?"
_WEEKDAY = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = rf"(?:{_MONTH} {_ORDINAL}(?:, \d{{4}})?|{_ORDINAL} (?:of )?{_MONTH}(?: \d{{4}})?)"
_HOUR_WORDS = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_CLOCK = (
    r"(?:\d{1,2}(?::\d\d)? ?(?:[ap]\.?m\b\.?|[AP]\.?M\b\.?|o['’]clock)|\d{1,2}:\d\d"
    rf"|{_HOUR_WORDS} o['’]clock"
    r"|noon|midnight|\d{4} hours)"
)
_BY = r"(?:[Bb]y|before|at|on|for|not later than|no later than|prior to|until|toward|towards|of)"
_DAY = (
    rf"(?:(?:later |early |late )?(?:today|tomorrow)(?!['’]){_DAYPART}|tonight|(?:later )?this "
    r"(?:morning|afternoon|evening|week|month)|(?:early |late )?next (?:week|month)"
    rf"|{_WEEKDAY}, {_DATE}|(?:next |this )?{_WEEKDAY}(?!['’]){_DAYPART}|{_DATE})"
)
_POSSIBLE = "(?:possible|practicable|practical|feasible|we can|they can|he can)"
_SPAN = rf"{_NUMBER}(?:(?: or | to |-|–){_NUMBER})?[- ]{_UNIT}\b(?! (?:ago|old|period of))"
_OF = r"(?:a |an |the |our |his |today['’]s |tomorrow['’]s )?"
_LATER = "during|in the course of|later in|before the end of"
_PROMPT = "|".join(
    (
        *(f"as {how} as {_POSSIBLE}" for how in ("soon", "quickly", "early", "rapidly")),
        "promptly|immediately|at once|without (?:further )?delay|right away|urgently|forthwith",
        "at the earliest (?:possible )?(?:moment|date|time|opportunity)",
        "in the near future|shortly|soon",
    )
)
# Each with what stands in every phrase of the form (# for a figure): a plain search for that costs
# a tenth, and most sentences have none.
_FORMS = (
    (
        "for_span",
        "minute|hour|day|week|month|year",
        rf"\b(?:within|in|over|during) (?:the )?(?:next |coming )?{_SPAN}",
    ),
    ("for_span", "within ", rf"\bwithin (?:the|a|an) {_UNIT}\b"),
    (
        "clock",
        "clock|noon|midnight|#",
        rf"\b(?:{_BY} )?{_OF}{_CLOCK}(?: meeting)?(?: (?:on )?{_DAY})?",
    ),
    ("day", "today or", rf"\b(?:{_BY} )?today or tomorrow\b"),
    (
        "end",
        "end of|close of",
        rf"\b(?:{_BY} )?(?:the )?(?:end|close) of (?:the |this |next )?"
        rf"(?:day|week|month|year|business)\b(?: (?:on )?{_DAY})?",
    ),
    (
        "meeting",
        "meeting|session|conference",
        rf"\b(?:{_BY} |in )?(?:today|tomorrow|{_WEEKDAY})['’]s (?:[a-z]{{1,12}} )?"
        r"(?:meeting|session|conference)\b",
    ),
    (
        "day",
        "day|morrow|night|this |week|month|#",
        rf"\b(?:{_BY} )?{_DAY}(?:,? at {_CLOCK})?\b",
    ),
    ("day", "first thing", r"\bfirst thing in the morning\b"),
    (
        "day",
        "during|in the course|later in|before the end",
        rf"\b(?:{_LATER}) the (?:day|afternoon|evening|morning|week)\b",
    ),
    (
        "next",
        "the next ",
        rf"\b(?:{_BY} |in )the next (?:[A-Za-z]{{1,12}} ){{0,2}}(?:meeting|session)\b",
    ),
    (
        "none",
        "as soon|as quickly|as early|as rapidly|promptly|immediately|at once|delay|right away"
        "|urgently|forthwith|earliest|in the near|shortly|soon",
        rf"\b(?:{_PROMPT})\b",
    ),
    (
        "event",
        "until|before|pending|as soon as|prior to",
        r"\b(?:until|before|pending|as soon as|prior to) [^,.;?!]{3,160}",
    ),
)
_FIGURE = re.compile(r"\d")
PATTERNS = tuple(
    (form, tuple(signs.split("|")), re.compile(pattern)) for form, signs, pattern in _FORMS
)
# A time on the clock or calendar counts before a word of haste, and that before an event.
_STRENGTHS = tuple(
    (tuple(dict.fromkeys(sign for _, signs, _ in group for sign in signs)), group)
    for group in (
        tuple(one for one in PATTERNS if one[0] not in ("none", "event")),
        tuple(one for one in PATTERNS if one[0] == "none"),
        tuple(one for one in PATTERNS if one[0] == "event"),
    )
)


class Moment(msgspec.Struct, frozen=True):
    """When the meeting was: its day, its instant where the time of day is known, its zone."""

    day: date | None = None
    at: datetime | None = None  # local, with offset where the zone is known
    zone: tzinfo | None = None


class Due(msgspec.Struct, frozen=True):
    """The words that say by when, and where they stand."""

    words: str
    start: int
    end: int
    form: str


def find(text: str, start: int, end: int) -> Due | None:
    """The first due phrase of the strongest form between start and end, if there is one."""
    part = text[start:end]
    looked_through = signs_in(part)
    for signs_of_all, patterns in _STRENGTHS:
        if not has_any(looked_through, signs_of_all):
            continue
        best: Due | None = None
        for form, signs, pattern in patterns:
            if not has_any(looked_through, signs):
                continue
            found = pattern.search(part)
            if found and (best is None or start + found.start() < best.start):
                words = found[0].rstrip(' )"”')
                at = start + found.start()
                best = Due(words, at, at + len(words), form)
        if best:
            return best
    return None


def signs_in(part: str) -> str:
    """The text in which the signs of a form are looked for: # stands for any figure."""
    return f"{part}#" if _FIGURE.search(part) else part


def resolve(due: Due, meeting: Moment) -> tuple[datetime | None, str]:
    """The instant a due phrase means, or None with the reason."""
    if due.form == "none":
        return None, "names no time"
    if due.form == "event":
        return None, "hangs on an event"
    if due.form == "next":
        return None, "the record does not say when the next meeting is"
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
    clock = re.search(rf"\b{_CLOCK}", due.words, re.IGNORECASE)
    day = _day(words, today)
    if clock:
        return _at_clock(clock[0].lower().replace("’", "'"), meeting, today, day)
    if day is None:
        return None, "the day cannot be told"
    for part, hour in (("morning", 12), ("afternoon", 18)):
        if part in words:
            return _local(day, time(hour), meeting), f"taken as {hour}:00"
    if due.form == "meeting":
        return _end_of(day, meeting), "the record does not say at what hour that meeting is"
    return _end_of(day, meeting), ""


def _after(words: str, meeting: Moment, today: date) -> tuple[datetime | None, str]:
    unit = next(unit for unit in _UNITS if re.search(rf"\b{unit}s?$", words))
    spoken = re.findall(rf"\b{_NUMBER}\b", re.sub(r"^(?:within|in|over|during) ", "", words))
    last = spoken[-1] if spoken else "one"
    number = int(last) if last.isdigit() else _SMALL.get(last, 0) or _SMALL[last.replace(" ", "-")]
    if unit in ("minute", "hour"):
        if meeting.at is None:
            return None, "the record gives no time of day of the meeting"
        step = timedelta(minutes=number) if unit == "minute" else timedelta(hours=number)
        if meeting.at.tzinfo is None:
            return meeting.at + step, "local time: no zone is known"
        return (meeting.at.astimezone(UTC) + step).astimezone(meeting.at.tzinfo), ""
    if unit in ("day", "week"):
        return _end_of(today + timedelta(days=number * (7 if unit == "week" else 1)), meeting), ""
    months = today.month - 1 + number * (12 if unit == "year" else 1)
    year, month = today.year + months // 12, months % 12 + 1
    day = min(today.day, monthrange(year, month)[1])
    return _end_of(date(year, month, day), meeting), ""


def _at_clock(
    words: str, meeting: Moment, today: date, day: date | None
) -> tuple[datetime | None, str]:
    hour, minute, sure = _hour(words)
    said = day or today
    if not sure:
        began = meeting.at.time() if meeting.at and said == today else time(7)
        if time(hour % 24, minute) <= began and hour < 12:
            hour += 12
    at = _local(said, time(hour % 24, minute), meeting)
    if hour == 24:
        at += timedelta(days=1)
    reason = "" if sure else "a.m. or p.m. taken from the hour of the meeting"
    return at, reason


def _hour(words: str) -> tuple[int, int, bool]:  # noqa: PLR0911
    if words == "noon":
        return 12, 0, True
    if words == "midnight":
        return 24, 0, True
    military = re.fullmatch(r"(\d\d)(\d\d) hours", words)
    if military:
        return int(military[1]), int(military[2]), True
    first = words.split(maxsplit=1)[0]
    if first in _SMALL:
        return _SMALL[first], 0, False
    found = re.match(r"(\d{1,2})(?::(\d\d))?", words)
    assert found
    hour, minute = int(found[1]), int(found[2] or 0)
    if "p" in words[found.end() :]:
        return (hour % 12) + 12, minute, True
    if re.search(r"\ba", words[found.end() :].strip()):
        return hour % 12, minute, True
    return hour, minute, hour > 12


def _day(words: str, today: date) -> date | None:  # noqa: PLR0911
    if "tomorrow" in words or words == "first thing in the morning":
        return today + timedelta(days=1)
    found = re.search(rf"{_DATE}", words, re.IGNORECASE)
    if found:
        return _dated(found[0], today)
    for number, name in enumerate(_WEEKDAYS):
        if name in words:
            ahead = (number - today.weekday()) % 7 or 7
            return today + timedelta(days=ahead)
    weeks = 1 if "next week" in words or ("next" in words.split() and "week" in words) else 0
    if "week" in words:
        return today + timedelta(days=6 - today.weekday() + 7 * weeks)
    if "month" in words or "year" in words:
        return _end_of_period(words, today)
    if any(w in words for w in ("today", "tonight", "this ", "the day", "the afternoon", "of day",
                                "the evening", "the morning", "business")):  # fmt: skip
        return today
    return None


def _end_of_period(words: str, today: date) -> date:
    if "year" in words:
        return date(today.year + ("next" in words), 12, 31)
    month = today.month - 1 + ("next" in words)
    year, month = today.year + month // 12, month % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def _dated(words: str, today: date) -> date:
    month = next(number for number, name in enumerate(_MONTHS, 1) if name in words.lower())
    figures = [int(figure) for figure in re.findall(r"\d+", words)]
    day = next(figure for figure in figures if figure <= 31)
    years = [figure for figure in figures if figure > 31]
    found = date(years[0] if years else today.year, month, day)
    # "by January 3" in December is next year's.
    if not years and (today - found).days > 180:
        found = date(today.year + 1, month, day)
    return found


def _local(day: date, at: time, meeting: Moment) -> datetime:
    return datetime.combine(day, at, tzinfo=meeting.zone)


def _end_of(day: date, meeting: Moment) -> datetime:
    """The last instant of the day: the day itself is still in time."""
    following = datetime.combine(day + timedelta(days=1), time(0), tzinfo=meeting.zone)
    if meeting.zone is None:
        return following - timedelta(microseconds=1)
    last = following.astimezone(UTC) - timedelta(microseconds=1)
    return last.astimezone(meeting.zone)
