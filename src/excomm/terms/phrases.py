"""Plain English for the words of the language: points in time, conditions, durations, amounts.

Text alone; nothing here knows what has happened.
"""

from datetime import date, datetime

from excomm.entries import Day, Instant
from excomm.entries.durations import parse_duration
from excomm.entries.language import (
    All,
    Any,
    Condition,
    Counted,
    Fixed,
    Is,
    Not,
    Number,
    Point,
    Relative,
    With,
)
from excomm.terms.rings import split_anchor
from excomm.terms.text import Text

NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WITH_ARTICLE = ("States", "Union", "Federation", "Republic", "Kingdom", "Nations", "Mission")
_NAME_CHARS_MAX = 24  # a longer name gives way to the party's id


def party_words(party: str, name: str) -> str:
    """A party by its name, with its article: "the United States"."""
    name = name.partition(" (")[0]
    if not name or len(name) > _NAME_CHARS_MAX:
        return party
    return f"the {name}" if name.rpartition(" ")[2] in _WITH_ARTICLE else name


def listed(words: tuple[str, ...] | list[str], joint: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joint} {words[-1]}"


def spelt(number: Number) -> str:
    """A small whole number in letters, any other in figures."""
    whole = int(number) == number and 0 < number < len(NUMBERS)
    return NUMBERS[int(number)] if whole else figures(number)


def figures(number: Number) -> str:
    """A number in figures, thousands set apart."""
    return f"{number:g}" if isinstance(number, float) else f"{number:,}"


def day_words(day: date, year: int | None = None) -> str:
    """ "20 November 1962"; without the year where it is the one given."""
    said = f"{day.day} {MONTHS[day.month - 1]}"
    return said if day.year == year else f"{said} {day.year}"


def when_words(when: Day | Instant) -> str:
    """A day, or an instant with its own offset: "20 November 1962, 18:45 (-05:00)"."""
    if isinstance(when, Day):
        return day_words(when.day)
    at: datetime = when.at
    offset = at.strftime("%z")
    zone = f"{offset[:3]}:{offset[3:5]}" if offset and at.utcoffset() else "UTC"
    return f"{day_words(at.date())}, {at:%H:%M} ({zone})"


def duration_words(text: str) -> str:
    """ "14 days", "one month", "24 hours".

    >>> duration_words("P14D"), duration_words("P18M"), duration_words("PT24H")
    ('14 days', '18 months', '24 hours')
    """
    duration = parse_duration(text)
    years, months = (
        divmod(duration.months, 12)
        if duration.months % 12 == 0
        else (
            0,
            duration.months,
        )
    )
    hours, rest = divmod(duration.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = (
        (years, "year"),
        (months, "month"),
        (duration.days, "day"),
        (hours, "hour"),
        (minutes, "minute"),
        (seconds, "second"),
    )
    return listed([counted(number, noun) for number, noun in parts if number]) or "no time"


def counted(number: Number, noun: str) -> str:
    """ "one day", "14 days"."""
    return f"{spelt(number)} {noun}{'' if number == 1 else 's'}"


def point_words(point: Point, text: Text, *, last: bool) -> str:
    """When something starts ("on 1 May 2030"), or by when it must be done ("by the end of ...")."""
    match point:
        case Fixed(when, last_day):
            day = Day(last_day) if last_day and last else when
            return f"{'by' if last else 'on'} {when_words(day)}"
        case With(undertaking):
            return f"when {undertaking} ends"
        case Relative(anchor, duration, last_day):
            after = anchor_words(anchor)
            fixed = f" (that is, by {day_words(last_day)})" if last_day else ""
            if not duration:
                return f"at once after {after}{fixed}" if last else f"after {after}{fixed}"
            span = duration_words(duration)
            return f"within {span} after {after}{fixed}" if last else f"{span} after {after}{fixed}"


def anchor_words(anchor: str) -> str:  # noqa: PLR0911  one return a form
    """What a point counts from."""
    if anchor == "starts":
        return "its start"
    if anchor == "condition":
        return "its condition is met"
    if anchor[:1].isdigit():
        try:
            return day_words(date.fromisoformat(anchor))
        except ValueError:
            return anchor
    word, name = split_anchor(anchor)
    match word:
        case "start":
            return f"{name} begins"
        case "due":
            return f"the deadline of {name}"
        case _:
            return f"{name} is fulfilled" if anchor != name else name


def condition_words(condition: Condition, text: Text) -> str:  # noqa: PLR0911  one a form
    """What has to come about: "CU-6 is fulfilled, or CU-4 is in force"."""
    match condition:
        case Is("fulfilled", of):
            return f"{of} is fulfilled"
        case Is("in_force", of):
            return f"{of} is in force"
        case Is("breached", of):
            return f"{of} is broken"
        case Is("requested_by", of):
            return f"{party_words(of, text.name(of))} asks for it"
        case Is("accepted_by", of):
            return f"{party_words(of, text.name(of))} accepts"
        case Is(_, of):
            return f"{of} has happened"
        case Counted(of, at_least):
            return f"at least {spelt(at_least)} are counted under {of}"
        case All(parts):
            return listed([_part(part, text) for part in parts])
        case Any(parts):
            return listed([_part(part, text) for part in parts], "or")
        case Not(part):
            return f"it is not so that {condition_words(part, text)}"


def _part(condition: Condition, text: Text) -> str:
    said = condition_words(condition, text)
    return f"({said})" if isinstance(condition, All | Any) and len(condition.parts) > 1 else said
