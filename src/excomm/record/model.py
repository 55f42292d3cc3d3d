"""What a reading of minutes consists of: plain frozen structs, every one tied to its span.

Offsets are characters in the raw text, `raw[start:end]`; the raw text itself is never altered.
What the minutes do not say is empty or None, never guessed.
"""

from datetime import datetime
from typing import Literal

import msgspec

from excomm.documents import Source
from excomm.entries import instant_text

Act = Literal[
    "said",
    "asked",
    "replied",
    "commented",
    "reported",
    "read",
    "suggested",
    "proposed",
    "recommended",
    "urged",
    "directed",
    "decided",
    "authorized",
    "agreed",
    "objected",
    "cautioned",
    "undertook",
]
Strength = Literal["hard", "decision", "approved-recommendation", "commitment", "reported", "soft"]
MarkKind = Literal[
    "heading", "page", "stamp", "withheld", "signature", "narration", "attachment", "attendance"
]


class Person(msgspec.Struct, frozen=True):
    """A row of the roster: who may speak, and how the minutes may call them."""

    name: str
    office: str = ""
    aliases: tuple[str, ...] = ()
    party: str = ""


class Statement(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A run of sentences by one speaker with one act. id: from its words.

    speaker: the short name (surname, or the office by which the minutes call a person).
    person: the roster's full name, where it is sure. spelt: as the minutes have it; for a pronoun
    or a sentence without subject, the pronoun or nothing. doubt: why a person should look.
    """

    speaker: str
    act: Act
    start: int
    end: int
    id: str = ""
    person: str = ""
    spelt: str = ""
    verb: str = ""
    doubt: str = ""


class Directive(msgspec.Struct, frozen=True, kw_only=True):
    """Something to be done: who wants it, who does it, what, by when.

    id: from the words ordered, so that it stays when the reading around them changes.
    from_: empty where the minutes speak in the passive; to: None where they name nobody.
    due: the words; due_at: the instant they mean, without offset where no zone is known;
    due_reason: why there is none, or what was assumed. statement: its index, None in narration.
    """

    start: int
    end: int
    id: str = ""
    from_: str = msgspec.field(name="from", default="")
    to: str | None = None
    what: str = ""
    due: str = ""
    due_at: datetime | None = None
    due_reason: str = ""
    strength: Strength = "hard"
    kind: Literal["task", "wording"] = "task"
    statement: int | None = None


class Branch(msgspec.Struct, frozen=True, kw_only=True):
    """One "if" of a proposal and what is to follow."""

    start: int
    end: int
    if_: str = msgspec.field(name="if")
    then: str = ""


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody put forward, and on what it hangs."""

    start: int
    end: int
    by: str
    what: str
    statement: int
    branches: tuple[Branch, ...] = ()
    before: str = ""
    until: str = ""
    else_: str = msgspec.field(name="else", default="")


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question put, with the index of the statement that answers it; None: open."""

    start: int
    end: int
    by: str
    what: str
    statement: int
    answered_by: int | None = None


class Breach(msgspec.Struct, frozen=True, kw_only=True):
    """Where a later statement uses the words that were ruled out; doubt: of something else?"""

    start: int
    end: int
    speaker: str
    statement: int
    doubt: str = ""


class WordingRule(msgspec.Struct, frozen=True, kw_only=True):
    """Words to use and words to avoid, as somebody asked."""

    start: int
    end: int
    by: str
    avoid: str
    use: str = ""
    scope: str = ""
    broken: tuple[Breach, ...] = ()


class Mark(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What is no statement: furniture of the page, and the rapporteur's own narration."""

    kind: MarkKind
    start: int
    end: int


class Repair(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One reading put in place of what the scan has; certainty is 0 to 1. id: from its place."""

    start: int
    end: int
    raw: str
    fixed: str
    certainty: float
    reason: str = ""
    id: str = ""


class Annexed(msgspec.Struct, frozen=True, kw_only=True):
    """A paper that the minutes say is attached; what: how they call it."""

    start: int
    end: int
    what: str


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Minutes as read. `text` is the raw text with the repairs put in; all offsets are raw."""

    statements: tuple[Statement, ...]
    directives: tuple[Directive, ...]
    proposals: tuple[Proposal, ...]
    questions: tuple[Question, ...]
    wording_rules: tuple[WordingRule, ...]
    marks: tuple[Mark, ...]
    repairs: tuple[Repair, ...]
    text: str
    attachments: tuple[Annexed, ...] = ()
    meeting: datetime | None = None  # when it was held, as given or as the heading has it
    warnings: tuple[str, ...] = ()
    source: Source | None = None  # the file it came from, where it came from one

    def to_builtins(self) -> dict[str, object]:
        """The JSON form as plain lists and dictionaries; instants in ISO 8601."""
        built: dict[str, object] = msgspec.to_builtins(self, builtin_types=(datetime,))
        built["meeting"] = _iso(self.meeting)
        built["directives"] = [
            {**msgspec.to_builtins(one, builtin_types=(datetime,)), "due_at": _iso(one.due_at)}
            for one in self.directives
        ]
        return built

    def to_json(self) -> bytes:
        """The JSON form, one line."""
        return msgspec.json.encode(self.to_builtins())


def _iso(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
