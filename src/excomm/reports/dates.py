"""Dates: when something is said to have been so, as days, relative to the day of publication.

A date without a year is the latest one not after publication; of `05/12` read both ways the one
nearer before publication is meant. No clock is asked: without a day of publication, a date needs
its year.
"""

import re
from datetime import date, timedelta
from functools import partial

from rapidfuzz.distance import OSA

from excomm.reports.model import Span, Window
from excomm.reports.vocabulary import speech, vocabulary
from excomm.reports.words import Words

# Figures outside are no years of anything that is alleged.
YEARS = (1000, 2999)


def windows(text: str, words: Words, published: date | None) -> tuple[Window, ...]:
    """Every date in these words, in order of place; dates inside one another count once."""
    found: list[Window] = []
    if published and not YEARS[0] <= published.year <= YEARS[1]:
        published = None
    if words.read:
        found.extend(_figures(text, words.starts[0], words.ends[-1], published))
        found.extend(_in_words(text, words, published))
    found.sort(key=lambda window: (window.span.start, -window.span.end))
    kept: list[Window] = []
    for window in found:
        if not kept or window.span.start >= kept[-1].span.end:
            kept.append(window)
    return tuple(kept)


_ISO = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_FIGURES = re.compile(
    r"(?<![\d/.,-])([0-3]?\d)\s?([/.-])\s?([0-3]?\d)"
    r"(?:\s?\2\s?(\d{4}|\d\d))?(?![\d/-]|[.,]\d| ?[%])"
)


def _figures(text: str, start: int, end: int, published: date | None) -> list[Window]:
    found = []
    for match in _ISO.finditer(text, start, end):
        day = _day(_likely(int(match[1]), published), int(match[2]), int(match[3]))
        if day:
            found.append(Window(day, day, day, Span(*match.span())))
    for match in _FIGURES.finditer(text, start, end):
        if match[2] in ".-" and match[4] is None:
            continue
        left, right = int(match[1]), int(match[3])
        year = _year(match[4], published)
        read = (_dated(right, left, year, published), _dated(left, right, year, published))
        days = [day for day in dict.fromkeys(read) if day]
        if not days:
            continue
        if published:
            days.sort(key=partial(_how_far, published))
        best, other = days[0], days[1] if len(days) > 1 else None
        found.append(Window(best, best, best, Span(*match.span()), other))
    return found


def _how_far(published: date, day: date) -> tuple[bool, int]:
    return day > published, abs((published - day).days)


def _in_words(text: str, words: Words, published: date | None) -> list[Window]:
    found: list[Window] = []
    at = 0
    while at < len(words.read):
        read = _month_day(words, at, published) or _relative(text, words, at, published)
        if read is None:
            at += 1
            continue
        length, first, last, best = read
        span = Span(words.starts[at], words.ends[at + length - 1])
        found.append(Window(first, last, best, span))
        at += length
    return found


_Read = tuple[int, date, date, date | None]


def _month_day(words: Words, at: int, published: date | None) -> _Read | None:
    """`8 December`, `the 8th of December`, `December 8`, `night of the 8th`, `mid-November`."""
    read = words.read
    if read[at].isdecimal():
        return _day_first(read, at, published) if len(read[at]) <= 2 else None
    month = _month(read, at)
    if month is None:
        return None
    following = _at(read, at + 1)
    if following.isdecimal() and len(following) <= 2:
        ordinal = _at(read, at + 2) == "th"
        year, used = _year_at(read, at + 2 + ordinal, published)
        found = _dated(month, int(following), year, published)
        return (2 + ordinal + used, *_nights(read, at, found), found) if found else None
    if read[at] in ("may", "march", "mar") and _at(read, at - 1) not in _BEFORE_MONTH:
        return None
    return _part_of_month(read, at, month, published)


def _day_first(read: tuple[str, ...], at: int, published: date | None) -> _Read | None:
    ordinal = _at(read, at + 1) == "th"
    place = at + 1 + ordinal
    place += _at(read, place) == "of"
    month = _month(read, place)
    if month:
        year, used = _year_at(read, place + 1, published)
        found = _dated(month, int(read[at]), year, published)
        return (place + 1 + used - at, *_nights(read, at, found), found) if found else None
    of_the_night = _at(read, at - 1) in ("the", "of") and "night" in read[max(0, at - 4) : at]
    if published and (ordinal or of_the_night):
        found = _last_such_day(int(read[at]), published)
        return (1 + ordinal, *_nights(read, at, found), found) if found else None
    return None


def _part_of_month(
    read: tuple[str, ...], at: int, month: int, published: date | None
) -> _Read | None:
    year, used = _year_at(read, at + 1, published)
    first = _dated(month, 1, year, published)
    if first is None:
        return None
    part = _at(read, at - 1)
    last = _month_end(first)
    if part == "early":
        last = first.replace(day=10)
    elif part in ("mid", "middle"):
        first, last = first.replace(day=11), first.replace(day=20)
    elif part == "late":
        first = first.replace(day=21)
    return 1 + used, first, last, None


_BEFORE_MONTH = ("in", "of", "early", "mid", "late", "since", "during", "last", "this", "by")


def _relative(text: str, words: Words, at: int, published: date | None) -> _Read | None:
    """`yesterday`, `two days ago`, `last Tuesday`; `today` unless it dates the telling."""
    if published is None:
        return None
    read, word = words.read, words.read[at]
    day = timedelta(days=1)
    found: _Read | None = None
    if word == "yesterday":
        back = 2 if (_at(read, at - 3), _at(read, at - 2), _at(read, at - 1)) == _BEFORE else 1
        found = (1, published - back * day, published - back * day, published - back * day)
    elif (word == "overnight" and not _names_a_date(read, at + 1)) or (
        word == "last" and _at(read, at + 1) == "night"
    ):
        found = (1 + (word == "last"), published - day, published, published - day)
    elif word == "earlier" and _at(read, at + 1) in ("today", "yesterday"):
        back = int(read[at + 1] == "yesterday")
        found = (2, published - back * day, published - back * day, published - back * day)
    elif word in ("today", "tonight") or (
        word == "this" and _at(read, at + 1) in ("morning", "afternoon", "evening")
    ):
        if not _dates_the_telling(text, words, at):
            found = (1 + (word == "this"), published, published, published)
    elif word == "last" and _at(read, at + 1) in ("week", "weekend", "month"):
        span = {"week": 13, "weekend": 8, "month": 61}[read[at + 1]]
        found = (2, published - span * day, published, None)
    elif word == "this" and _at(read, at + 1) == "week":
        found = (2, published - 7 * day, published, None)
    else:
        found = _ago(read, at, published) or _weekday(read, at, published)
    return found


_BEFORE = ("the", "day", "before")


def _ago(read: tuple[str, ...], at: int, published: date) -> _Read | None:
    numbers = {**vocabulary().numbers, "a": 1, "few": 3, "couple": 2}
    many = int(read[at]) if read[at].isdecimal() and len(read[at]) < 4 else numbers.get(read[at])
    unit = _at(read, at + 1)
    length = 3 if _at(read, at + 2) in ("ago", "earlier", "back", "before") else 0
    if (
        many is None
        or not length
        or unit not in ("day", "days", "week", "weeks", "nights", "night")
    ):
        return None
    days = many * (7 if unit.startswith("week") else 1)
    centre = published - timedelta(days=days)
    slack = timedelta(days=0 if read[at] != "few" and unit.startswith(("day", "night")) else 3)
    return length, centre - slack, min(published, centre + slack), centre if not slack else None


def _weekday(read: tuple[str, ...], at: int, published: date) -> _Read | None:
    """`last Tuesday`, `Tuesday night`; in "Tuesday 6 August" the date is what counts."""
    following = _at(read, at + 1)
    if read[at] not in vocabulary().weekdays or following in speech("of_a_paper"):
        return None
    if _names_a_date(read, at + 1):
        return None
    back = (published.weekday() - vocabulary().weekdays[read[at]]) % 7
    if back == 0 and _at(read, at - 1) == "last":
        back = 7
    found = published - timedelta(days=back)
    part = following in _PARTS_OF_DAY
    last = found + timedelta(days=1) if "night" in (following, _at(read, at - 1)) else found
    return 1 + part, found, last, found


_PARTS_OF_DAY = ("night", "morning", "afternoon", "evening", "noon", "midnight", "dawn")


def _names_a_date(read: tuple[str, ...], at: int) -> bool:
    """Whether a date by its figure follows: "(to) the 6th of August", "August 6"."""
    while _at(read, at) in ("to", "the", "on"):
        at += 1
    one, other = _at(read, at), _at(read, at + 1)
    figure = one.isdecimal() and len(one) <= 2
    return (figure and (other in ("th", "of") or _month(read, at + 1) is not None)) or (
        _month(read, at) is not None and other.isdecimal()
    )


def _dates_the_telling(text: str, words: Words, at: int) -> bool:
    """ "This station learned today", "on air this morning": that is when it was told."""
    return any(
        words.read[before] in speech("dated_telling")
        and not any(sign in text[words.ends[before] : words.starts[at]] for sign in ':“"')
        for before in range(max(0, at - 3), at)
    )


def _nights(read: tuple[str, ...], at: int, day: date) -> tuple[date, date]:
    """First and last day that a date covers: a night reaches into the next morning."""
    before = read[max(0, at - 3) : at]
    if "overnight" in before or (_at(read, at - 1) == "to" and "night" in before):
        return day - timedelta(days=1), day
    return day, day + timedelta(days=1) if "night" in before else day


def _last_such_day(day: int, published: date) -> date | None:
    year, month = published.year, published.month
    for _ in range(3):
        found = _day(year, month, day)
        if found and found <= published:
            return found
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return None


def _dated(month: int, day: int, year: int | None, published: date | None) -> date | None:
    if year is not None:
        return _day(year, month, day)
    if published is None:
        return None
    this, before = _day(published.year, month, day), _day(published.year - 1, month, day)
    # A week ahead is an announcement or an error in the date; half a year ahead is last year's.
    if this and before and this > published and (this - published).days > 120:
        return before
    return this or before


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day) if YEARS[0] <= year <= YEARS[1] else None
    except ValueError:
        return None


def _month_end(first: date) -> date:
    following = first.replace(day=28) + timedelta(days=4)
    return following - timedelta(days=following.day)


def _year(said: str | None, published: date | None) -> int | None:
    if said is None:
        return None
    year = int(said)
    if len(said) == 4:
        return _likely(year, published)
    century = (published.year if published else 2000) // 100 * 100
    return century + year


def _year_at(read: tuple[str, ...], at: int, published: date | None) -> tuple[int | None, int]:
    said = _at(read, at)
    if said.isdecimal() and len(said) == 4 and YEARS[0] <= int(said) <= YEARS[1]:
        return _likely(int(said), published), 1
    # "23 Nov 62": two figures are the year only where they are that of publication or the last.
    if published and said.isdecimal() and len(said) == 2:
        year = _year(said, published)
        if year in (published.year, published.year - 1):
            return year, 1
    return None, 0


def _likely(year: int, published: date | None) -> int:
    """A year far off whose figures are nearly those of publication is a slip of the pen."""
    if published is None or abs(year - published.year) <= 1:
        return year
    return (
        published.year
        if OSA.distance(str(year), str(published.year)) <= 1
        or sorted(str(year)) == sorted(str(published.year))
        else year
    )


def _month(read: tuple[str, ...], at: int) -> int | None:
    return vocabulary().months.get(_at(read, at))


def _at(read: tuple[str, ...], at: int) -> str:
    return read[at] if 0 <= at < len(read) else ""
