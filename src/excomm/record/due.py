"""Due phrases: the words of minutes that say by when.

Found by form, in three strengths: a time on the clock or calendar goes before a word of haste or
of repetition, and that before an event on which the task hangs. `instants` says what they mean.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, tzinfo

import msgspec

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "eighteen": 18,
    "twenty": 20, "thirty": 30, "thirty-six": 36, "forty": 40, "fifty": 50, "sixty": 60,
    "twenty-four": 24, "forty-eight": 48, "seventy-two": 72, "ninety": 90, "fourteen": 14,
    "twenty-one": 21, "a couple of": 2, "ninety-six": 96, "forty-five": 45,
}  # fmt: skip
# Offsets of zones from UTC in hours; places go by the clocks of today's zone there.
ZONES = {
    "z": 0, "gmt": 0, "utc": 0, "zulu": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7,
    "mdt": -6, "pst": -8, "pdt": -7, "cet": 1, "cest": 2, "bst": 1,
}  # fmt: skip
PLACES = {
    "eastern": "America/New_York", "washington": "America/New_York", "new york": "America/New_York",
    "central": "America/Chicago", "mountain": "America/Denver", "pacific": "America/Los_Angeles",
    "moscow": "Europe/Moscow", "london": "Europe/London", "paris": "Europe/Paris",
    "geneva": "Europe/Zurich", "vienna": "Europe/Vienna", "berlin": "Europe/Berlin",
    "bonn": "Europe/Berlin", "rome": "Europe/Rome", "havana": "America/Havana",
    "tokyo": "Asia/Tokyo", "cairo": "Africa/Cairo", "saigon": "Asia/Ho_Chi_Minh",
    "delhi": "Asia/Kolkata", "the hague": "Europe/Amsterdam", "brussels": "Europe/Brussels",
}  # fmt: skip
HOLIDAYS = ("christmas", "labor day", "new year", "thanksgiving", "independence day")


NUMBER = (
    "(?:"
    + "|".join(sorted((w.replace("-", "[- ]") for w in NUMBERS), key=len, reverse=True))
    + r"|\d{1,3})"
)
UNIT = "(?:minute|hour|day|week|month|year|fortnight)s?"
WORKING = r"(?:(?:working|business|clear) )?"
WEEKDAY = "(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
MONTH = (
    "(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
ORDINAL = r"\d{1,2}(?:st|nd|rd|th)?\b"
DATE = (
    rf"(?:\b{MONTH} {ORDINAL}(?:,? \d{{4}}\b)?"
    rf"|(?:the )?\b{ORDINAL} (?:of )?{MONTH}(?:,? \d{{4}}\b)?"
    r"|\b\d{4}-\d\d-\d\d\b)"
)
# A day of this or the next month by its number alone.
NTH = (
    r"(?:the \d{1,2}(?:st|nd|rd|th)"
    r"(?: (?:of (?:this|next) month|inst(?:ant)?\b\.?|prox(?:imo)?\b\.?))?"
    r"(?!(?:-| )[A-Za-z]{4}))"
)
HOUR_WORD = "(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_ZONE = (
    r"(?: ?(?:Z\b|GMT\b|UTC\b|Zulu\b|(?:[ECMP][SD]T|CES?T|BST)\b|local time\b|local\b"
    rf"|(?:{'|'.join(sorted((name.title() for name in PLACES), key=len, reverse=True))})"
    r"(?: (?:Standard|Daylight))? [Tt]ime\b))"
)
_ENDS = r"(?=[.,;:)?!\"”]|$| (?:this|tomorrow|today|tonight|on|in|daily|each|every|and|local)\b)"
CLOCK = (
    r"(?:\b\d{1,2}(?:[:.]\d\d)? ?(?:[ap]\.? ?m\b\.?|[AP]\.? ?M\b\.?|o['’]clock)"
    rf"|\b{HOUR_WORD} o['’]clock|\b(?:half|quarter) (?:past|to) {HOUR_WORD}\b"
    r"|\b(?:12 )?noon\b|\bmidday\b|\bmidnight\b|\b[0-2]\d[:.]?[0-5]\d ?(?:hours|hrs|h)\b"
    rf"|\b[0-2]\d:?[0-5]\d(?={_ZONE})|\b\d{{1,2}}:\d\d\b"
    r"|(?<=NLT )[0-2]\d[0-5]\d\b"
    rf"|(?<=(?:by|at|to) )(?!(?:19|20)\d\d)[0-2]\d[0-5]\d\b{_ENDS}"
    rf"|(?<=(?:by|at) ){HOUR_WORD}\b{_ENDS}"
    rf"|(?<=than )(?!(?:19|20)\d\d)[0-2]\d[0-5]\d\b{_ENDS})"
)
_BY = (
    r"(?:[Bb]y|before|at|on|for|(?:not |no )?later than|NLT|prior to|until|till|toward|towards|of"
    r"|on or before|in time for|at the latest by|ahead of|COB|EOD|COP)"
)
DAYPART = "(?: (?:morning|afternoon|evening|night|noon|midday))?"
_CALENDAR = (
    rf"(?:{WEEKDAY},? (?:the )?{DATE}|{WEEKDAY},? {NTH}|(?:{NUMBER} weeks? (?:from|on) )"
    rf"(?:today|tomorrow|{WEEKDAY})|(?:next |this |coming )?{WEEKDAY}(?: (?:week|next)\b)?(?!['’])"
    rf"{DAYPART}|{DATE})"
)
_RELATIVE = (
    rf"(?:(?:later |early |late )?(?:today|tomorrow)(?!['’]){DAYPART}|the day after tomorrow"
    r"|tonight|(?:later )?this (?:morning|afternoon|evening|week|month)"
    r"|(?:early |late )?next (?:week|month|year)|(?:this|next) weekend)"
)
DAY = rf"(?:{_RELATIVE}|{_CALENDAR})"
_POSSIBLE = "(?:possible|practicable|practical|feasible|convenient|we can|they can|he can|she can)"
_SPAN = (
    r"(?:a (?:day|week|month) or (?:two|so)\b|half an hour\b|an hour and a half\b"
    rf"|{NUMBER}(?:(?: or | to |-|–){NUMBER})?[- ]{WORKING}{UNIT}(?: and a half)?\b"
    r"(?! (?:ago|old|period of)))"
    r"(?:['’]s?(?: time)?)?"
)
_FROM_NOW = r"(?: (?:from now|from today|hence|of (?:this|the) meeting))?"
_OF = r"(?:a |an |the |our |his |today['’]s |tomorrow['’]s )?"
_LATER = "by|during|in the course of|later in|before the end of|in"
_MEETING = r"(?:meeting|session|conference|sitting|call)\b"
_PERIOD = (
    rf"(?:(?:the |this |next )?(?:day|week|month|quarter|year|business|business day|working day)"
    rf"|(?:the )?(?:business |working )?day|{MONTH}(?: \d{{4}})?|\d{{4}})"
)
_CLOSE = (
    r"(?:close of (?:business|play)|COB|COP|EOD|end of business"
    r"|end of the (?:working|business) day)"
)
_PROMPT = "|".join(
    (
        *(f"as {how} as {_POSSIBLE}" for how in ("soon", "quickly", "early", "rapidly", "fast")),
        "promptly|immediately|at once|right away|urgently|forthwith",
        "without (?:further |any )?delay",
        "at the (?:earliest|first) (?:possible )?(?:moment|date|time|opportunity)",
        "at an early date",
        r"with (?:all|the (?:least|utmost)) (?:possible )?(?:speed|delay|haste|urgency|dispatch)",
        "ASAP|asap|soonest|as a matter of urgency|in due course|until further notice",
        "at (?:his|her|their) convenience",
        "in the near future|shortly|(?<!as )soon(?! as)",
    )
)
# What the words hang on: up to the end of the clause.
_THING = r"[^,.;?!]{3,160}"
_LAST = r"[^,.;?!]{3,60}(?=[.?!]?$)"
_UNITS = "minute|hour|day|week|month|year|fortnight"
_HOLIDAYS = "|".join(name.title() for name in HOLIDAYS)
_REGULAR = "hourly|daily|weekly|fortnightly|monthly|quarterly"
_UNTIL = "until|till|(?<!draft )(?<!paper )(?<!text )before|pending|as soon as|prior to|once"
_AFTER = "after|when|following|upon"
_OF_MONTHS = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# Where a day or an hour may begin, of all places between words: most are passed over by one look.
_BEGINS = r"\b(?=[\da-cefhil-uA-FJM-OSTW])"
_AT_HOUR = "|".join(
    f"{at} {hour}" for at in ("by", "at") for hour in HOUR_WORD.strip("(?:)").split("|")
)
# Each form with signs of which one stands wherever it does; # is any figure.
_FORMS = (
    (
        "counted",
        _UNITS,
        rf"\b(?:within |in |by )?(?:the )?{_SPAN} (?:of|after|before|following|from)"
        rf" (?!now|today|this meeting|the meeting|tomorrow|{WEEKDAY})[^,.;?!]{{3,60}}",
    ),
    (
        "for_span",
        _UNITS,
        rf"\b(?:within|in|over|during|inside|inside of|for)"
        rf" (?:the )?(?:next |coming )?{_SPAN}{_FROM_NOW}",
    ),
    ("for_span", "within", rf"\bwithin (?:the|a|an) {UNIT}\b"),
    (
        "recurs",
        "every|each",
        rf"\b(?:{_BY} )?(?:{CLOCK}{_ZONE}? |{_OF}end of )?(?:every|each) "
        rf"(?:other )?(?:{WEEKDAY}|day|week|month|morning|evening|afternoon|hour)\b"
        rf"(?: (?:by|at) {CLOCK})?",
    ),
    ("recurs", "daily|weekly", rf"\b(?:{_BY} )?{CLOCK}{_ZONE}? (?:daily|weekly)\b"),
    (
        "clock",
        f"#|clock|noon|midday|midnight|half past|half to|quarter past|quarter to|{_AT_HOUR}",
        rf"{_BEGINS}(?:{_BY} )?{_OF}{CLOCK}{_ZONE}?(?: meeting)?(?: (?:on )?(?:{DAY}|{NTH})"
        r"| this evening| tonight)?",
    ),
    ("day", "day or", rf"\b(?:{_BY} )?today or tomorrow\b|\b(?:{_BY} )?{WEEKDAY} or {WEEKDAY}\b"),
    (
        "close",
        "close of|COB|COP|EOD|end of",
        rf"\b(?:{_BY} )?(?:the )?{_CLOSE}(?: (?:on |of )?{DAY})?",
    ),
    (
        "end",
        "d of|close of|middle of|'s end|’s end|mid|before the ",
        rf"\b(?:{_BY} )?(?:the )?(?:end|close|middle) of {_PERIOD}\b(?: (?:on )?{DAY})?"
        rf"|\b(?:{_BY} )?(?:the )?(?:week|month|year)['’]s end\b|\b{_BY} mid-? ?{MONTH}"
        rf"|\bbefore the (?:day|week|month|year) is (?:out|over)\b",
    ),
    (
        "meeting",
        "'s |’s ",
        rf"\b(?:{_BY} )?(?:today|tomorrow|{WEEKDAY})['’]s (?:{CLOCK} )?(?:[a-z]{{1,12}} )?"
        rf"{_MEETING}",
    ),
    ("first", "first thing", rf"\bfirst thing (?:in the morning|(?:on )?{DAY})"),
    (
        "day",
        f"#|day|tomorrow|tonight|this |next |{_OF_MONTHS}",
        rf"{_BEGINS}(?:{_BY} (?:or before )?)?{DAY}(?:,? at {CLOCK})?(?: at the latest)?\b",
    ),
    ("day", "#", rf"\b(?:by|on|before|until|till|for|than) {NTH}"),
    ("day", "weekend", rf"\b(?:{_BY}|over) the weekend\b"),
    (
        "day",
        "by the|during|in |before the end|overnight",
        rf"\b(?:{_LATER}) the (?:day|afternoon|evening|morning|week)\b|\bovernight\b",
    ),
    ("end", _OF_MONTHS, rf"\b(?:in|during|by|before) {MONTH}\b(?! \d)"),
    ("day", _HOLIDAYS, rf"\b(?:by|before|on|at) (?:the )?(?:{_HOLIDAYS})\b"),
    (
        "next",
        "next|following",
        rf"\b(?:{_BY}|in) (?:the |our |its |their )?(?:next|following) "
        rf"(?:[A-Za-z]{{1,12}} ){{0,2}}{_MEETING}",
    ),
    ("that", _OF_MONTHS, rf"\b(?:at|for|by|before|in time for) the {MONTH} {_MEETING}"),
    ("recurs", _REGULAR, rf"\b(?:{_REGULAR})\b(?! \w+(?:ing|s|t)\b)"),
    (
        "none",
        "as |ly|at |right away|forthwith|delay|with |ASAP|asap|soon|course|until|near",
        rf"\b(?:{_PROMPT})\b",
    ),
    ("event", "until|till|before|pending|as soon as|prior to|once", rf"\b(?:{_UNTIL}) {_THING}"),
    (
        "event",
        "arrival|return|receipt",
        r"\b(?:on|upon) (?:(?:his|her|their|its|the) )?(?:arrival|return|receipt)\b",
    ),
    ("event", _AFTER, rf"\b(?:{_AFTER}) {_LAST}"),
)
_FIGURE = re.compile(r"\d")
PATTERNS = tuple(
    (form, tuple(signs.split("|")), re.compile(pattern)) for form, signs, pattern in _FORMS
)
# A time on the clock or calendar counts before a word of haste, and that before an event.
_STRENGTHS = tuple(
    (
        group,
        # By sign, the forms that it stands in.
        {
            sign: [at for at, (_, signs, _) in enumerate(group) if sign in signs]
            for sign in dict.fromkeys(sign for _, signs, _ in group for sign in signs)
        },
    )
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
    return next(phrases(text, start, end), None)


def phrases(text: str, start: int, end: int) -> Iterator[Due]:
    """Due phrases between start and end, the strongest form first, each strength in its order."""
    part = text[start:end]
    looked_through = signs_in(part)
    for patterns, by_sign in _STRENGTHS:
        signs = [sign for sign in by_sign if sign in looked_through]
        if not signs:
            continue
        forms = [patterns[at] for at in sorted({at for sign in signs for at in by_sign[sign]})]
        reached = 0
        while rows := [
            (found.start(), -found.end(), form, found)
            for form, _, pattern in forms
            if (found := pattern.search(part, reached))
        ]:
            begins, ends, form, found = min(rows, key=lambda row: row[:2])
            words = found[0].rstrip(' )"”')
            reached = -ends
            yield Due(words, start + begins, start + begins + len(words), form)


def signs_in(part: str) -> str:
    """The text in which the signs of a form are looked for: # stands for any figure."""
    return f"{part}#" if _FIGURE.search(part) else part
