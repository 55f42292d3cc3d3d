"""Files and minutes, and what was read in them and confirmed."""

from typing import Literal

from excomm.entries.kinds.body import Body, When
from excomm.entries.language import Advice


class Attachment(Body, frozen=True, kw_only=True, tag="attachment"):
    """A file of the case; minutes are kept as text, untouched."""

    name: str
    sha256: str
    size: int  # bytes
    media_type: str = "text/plain"
    role: str = ""  # "minutes"
    text: str = ""
    meeting: str = ""  # "ExComm 24"
    provenance: str = ""
    about: tuple[str, ...] = ()  # the entries that it belongs to
    collected_by: str = ""
    collected_from: str = ""
    handed_to: str = ""
    language: str = ""  # of the text
    translator: str = ""  # of a translation
    approves: str = ""  # SHA-256, hex, of the bytes that this approves


class Statement(Body, frozen=True, kw_only=True, tag="statement"):
    """Who said, asked or proposed what, confirmed from the minutes."""

    speaker: str
    act: str
    text: str
    minutes: str = ""  # attachment
    start: int | None = None  # characters in the raw file
    end: int | None = None


class Directive(Body, frozen=True, kw_only=True, tag="directive"):
    """Something somebody was told to do, by when."""

    what: str
    issued_by: str = ""
    to: str = ""  # empty: the minutes name nobody
    due: When | None = None
    due_words: str = ""
    strength: str = ""
    minutes: str = ""
    start: int | None = None
    end: int | None = None


class Disposal(Body, frozen=True, kw_only=True, tag="disposal"):
    """What a person made of something read in minutes; the latest of a reading holds."""

    minutes: str
    part: Literal["directive", "repair", "statement"]
    reading: str  # its id, made of its words
    verdict: Literal["accepted", "edited", "rejected"]
    what: str = ""  # put in; empty: as read
    to: str = ""
    due: str = ""
    speaker: str = ""


class Consultation(Body, frozen=True, kw_only=True, tag="consultation"):
    """Who is to be asked before we act, and what they answered."""

    whom: str
    about: str
    state: Literal["wanted", "asked", "answered"] = "wanted"
    answer: str = ""


class Decision(Body, frozen=True, kw_only=True, tag="decision"):
    """A question for a principal: wanted, put off or taken."""

    question: str
    state: Literal["wanted", "put off", "taken"]
    by: str = ""  # who decides
    until: str = ""  # put off until; due by
    options: tuple[str, ...] = ()
    advice: tuple[Advice, ...] = ()
    outcome: str = ""


class Line(Body, frozen=True, kw_only=True, tag="line"):
    """One clause of the line to take."""

    clause: str
    to: str = ""  # "press", "Security Council"
