"""Words for figures and times: likelihood, days, what is left, who and how many.

The words follow LOOK: a probability is a word with its range, never beyond .99; the weekday stands
before the day; a date of another year says so. Nothing here knows of a case.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo

from excomm.entries import Day, Instant, Span, When, end_of
from excomm.entries.header import Likelihood

# ICD 203 (2015), table "degrees of likelihood".
ICD_203 = (
    Likelihood("almost no chance", 0.01, 0.05),
    Likelihood("very unlikely", 0.05, 0.20),
    Likelihood("unlikely", 0.20, 0.45),
    Likelihood("roughly even chance", 0.45, 0.55),
    Likelihood("likely", 0.55, 0.80),
    Likelihood("very likely", 0.80, 0.95),
    Likelihood("almost certain", 0.95, 0.99),
)

SHAPES = {
    "fulfilled": "●",
    "in_force": "◐",
    "due": "◔",
    "pending": "○",
    "breached": "✕",
    "suspended": "‖",
    "lapsed": "–",
    "unverifiable": "?",
}
STATE_WORDS = {state: state.replace("_", " ") for state in SHAPES} | {
    "unverifiable": "cannot be known"
}

_KEPT_FORMAT_CHARS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_END_OF_DAY = timedelta(microseconds=1)


def printable(text: str) -> str:
    """One line of text that can do nothing but be read.

    >>> printable("plain \\x1b[31mred\\n next")
    'plain �[31mred next'
    """
    joined = " ".join(text.split())
    if joined.isprintable():
        return joined
    return "".join(
        c if c.isprintable() or c in _KEPT_FORMAT_CHARS else "\N{REPLACEMENT CHARACTER}"
        for c in joined
    )


def probability(value: float) -> str:
    """Two digits, between .01 and .99: an input that was not measured supports no more."""
    return f"{min(max(value, 0.01), 0.99):.2f}".removeprefix("0")


def likelihood(low: float, high: float, scale: Sequence[Likelihood] = ICD_203) -> str:
    """The word for a range of probability, with the range.

    >>> likelihood(0.60, 0.75), likelihood(0.3, 0.7), likelihood(1.0, 1.0)
    ('likely (.60 to .75)', 'unlikely to likely (.30 to .70)', 'almost certain (.99)')
    """
    first, last = _word(low, scale), _word(high, scale)
    if first == last:
        return f"{first} ({between(low, high)})"
    return f"{first} to {last} ({between(low, high)})"


def between(low: float, high: float) -> str:
    """A range of probability without its word: ".60 to .75"."""
    first, last = probability(low), probability(high)
    return first if first == last else f"{first} to {last}"


def _word(value: float, scale: Sequence[Likelihood]) -> str:
    # A word holds from its lower end to below the next one's; what is off the scale takes the end.
    at = min(max(value, 0.01), 0.99)
    fits = [step.word for step in sorted(scale, key=lambda step: step.low) if step.low <= at]
    return fits[-1] if fits else min(scale, key=lambda step: step.low).word


def number(value: float) -> str:
    """A count as the sources write it: 42, 0.125, 1,613."""
    return f"{value:,}" if isinstance(value, int) else f"{value:,g}"


def signed(value: float) -> str:
    """A difference, with its sign.

    >>> signed(1), signed(-2), signed(0)
    ('+1', '−2', '0')
    """
    return "0" if value == 0 else f"{'+' if value > 0 else '−'}{number(abs(value))}"


def amount(value: float | None, low: float | None, high: float | None) -> str:
    """A figure with its range, or the bound that is known; "?" where there is none.

    >>> amount(48, 33, 48), amount(5, 5, None), amount(None, 3, None), amount(42, 42, 42)
    ('48 (33 to 48)', '5 or more', '3 or more', '42')
    """
    if value is None:
        if low is not None and high is not None:
            return number(low) if low == high else f"{number(low)} to {number(high)}"
        if low is not None:
            return f"{number(low)} or more"
        return f"up to {number(high)}" if high is not None else "?"
    if low is not None and high is not None and low != high:
        return f"{number(value)} ({number(low)} to {number(high)})"
    if low == value and high is None:
        return f"{number(value)} or more"
    return number(value)


def plural(count: float, noun: str) -> str:
    """So many of a thing.

    >>> plural(1, "entry"), plural(3, "entry"), plural(2, "day")
    ('1 entry', '3 entries', '2 days')
    """
    if count == 1:
        return f"1 {noun}"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return f"{number(count)} {noun[:-1]}ies"
    return f"{number(count)} {noun}s"


def listed(words: Sequence[str]) -> str:
    """The words in a row: "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def capital(text: str) -> str:
    """The text with its first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """The text with its first letter small, unless its first word is a name in capitals."""
    first = text.split(" ", 1)[0]
    return text if first[1:].lower() != first[1:] else text[:1].lower() + text[1:]


def sentence(text: str) -> str:
    """The text with one full stop at its end."""
    return f"{text.rstrip('.; ')}." if text and text[-1] not in "?!" else text


def full_when(at: datetime, zone: tzinfo) -> str:
    """Weekday, day, month, year and clock time with zone; the last instant of a day is its end."""
    local = at.astimezone(zone)
    day = f"{_WEEKDAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"
    return f"{day}, {_clock(local)} ({_offset(local)})"


def day_month(day: date, on: date) -> str:
    """A day as it is read on another day: "9 Nov", with its year where that differs."""
    text = f"{day.day} {_MONTHS[day.month - 1][:3]}"
    return text if day.year == on.year else f"{text} {day.year}"


def long_day(day: date, on: date) -> str:
    """A day in a sentence: "9 November"."""
    text = f"{day.day} {_MONTHS[day.month - 1]}"
    return text if day.year == on.year else f"{text} {day.year}"


def instant_words(at: datetime, zone: tzinfo, on: datetime) -> str:
    """An instant as it is read at another: the clock time alone on the same day."""
    local, today = at.astimezone(zone), on.astimezone(zone).date()
    if _is_end_of_day(local):
        return day_month(local.date(), today)
    clock = f"{local:%H:%M}"
    return clock if local.date() == today else f"{day_month(local.date(), today)} {clock}"


def when_words(when: When, zone: tzinfo, on: datetime) -> str:
    """A day, an instant or an interval as it is read at an instant."""
    today = on.astimezone(zone).date()
    match when:
        case Day(day):
            return day_month(day, today)
        case Instant(at):
            return instant_words(at, zone, on)
        case Span(start, end):
            if isinstance(start, Day) and isinstance(end, Day):
                if _is_month(start.day, end.day):
                    month = _MONTHS[start.day.month - 1]
                    return month if start.day.year == today.year else f"{month} {start.day.year}"
                if (start.day.year, start.day.month) == (end.day.year, end.day.month):
                    return f"{start.day.day} to {day_month(end.day, today)}"
            return f"{when_words(start, zone, on)} to {when_words(end, zone, on)}"


def left(due: datetime, on: datetime, since: datetime | None = None) -> str:
    """What is left until a deadline, and of how much, where that is known.

    >>> at = datetime(1962, 11, 12, 22, tzinfo=UTC)
    >>> left(at + timedelta(hours=18), at, since=at - timedelta(hours=6))
    '18 h of 24'
    >>> left(at + timedelta(days=30), at), left(at - timedelta(hours=1), at)
    ('30 days', 'over by 1 h')
    """
    if due < on:
        return f"over by {duration(on - due)}"
    whole = due - since if since is not None else None
    if whole is not None and timedelta(0) < whole <= timedelta(hours=72):
        return f"{duration(due - on)} of {round(whole / timedelta(hours=1))}"
    return duration(due - on)


def duration(length: timedelta) -> str:
    """Hours and minutes below two days, whole days above."""
    minutes = round(length / timedelta(minutes=1))
    if minutes >= 2 * 24 * 60:
        return plural(round(minutes / (24 * 60)), "day")
    hours, rest = divmod(minutes, 60)
    if hours == 0:
        return f"{rest} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def last_day(when: When, zone: tzinfo) -> date:
    """The day, in the case's zone, on which something was last so."""
    return end_of(when, zone).astimezone(zone).date()


def _is_month(start: date, end: date) -> bool:
    follows = end + timedelta(days=1) if end < date.max else end
    return (
        start.day == 1
        and follows.day == 1
        and (start.year, start.month)
        == (
            end.year,
            end.month,
        )
    )


def _is_end_of_day(local: datetime) -> bool:
    return (local + _END_OF_DAY).time() == datetime.min.time()


def _clock(local: datetime) -> str:
    return "end of day" if _is_end_of_day(local) else f"{local:%H:%M}"


def _offset(local: datetime) -> str:
    text = f"{local:%z}"
    return "UTC" if local.tzinfo is UTC else f"{text[:3]}:{text[3:5]}"
