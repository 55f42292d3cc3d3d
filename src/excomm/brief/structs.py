"""What a brief is made of: sentences, points, tables with cells. Values only, no rendering.

Every text that reaches a page passes through `Cell` (or `Sentence`), which lets nothing through
that could steer a terminal or turn the reading direction. Every cell names the entries it rests on.
"""

from datetime import datetime
from typing import Literal

import msgspec

from excomm.brief.words import printable

# The first eight are the states of an undertaking; LOOK gives each its shape and colour.
State = Literal[
    "pending", "in_force", "due", "fulfilled", "breached", "suspended", "lapsed", "unverifiable"
]
Tone = Literal["plain", "strong", "quiet", "unknown", "warning"]
"""plain; strong (what a principal reads first); quiet (context); unknown (cannot be known: hatched,
unlike zero, empty or not yet computed); warning (late, short, broken, refused)."""


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """A piece of text with its look and the ids of the entries it rests on."""

    text: str
    tone: Tone = "plain"
    states: tuple[State, ...] = ()  # drawn as shapes; the words stand in the text
    rests_on: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "text", printable(self.text))


class Column(msgspec.Struct, frozen=True, omit_defaults=True):
    """Head of a column; figures stand to the right. share: of the width, where text must wrap."""

    head: str
    share: float = 1.0
    figures: bool = False


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """One cell a column; notes run below, over the whole width."""

    cells: tuple[Cell, ...]
    notes: tuple[Cell, ...] = ()
    total: bool = False


class Table(msgspec.Struct, frozen=True, tag="table", omit_defaults=True):
    """Rows to compare. title: the finding, where there is one."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    title: str = ""


class Point(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a list: a short label (may be empty), what is said, and notes below it."""

    label: str
    body: Cell
    notes: tuple[Cell, ...] = ()

    def __post_init__(self) -> None:
        msgspec.structs.force_setattr(self, "label", printable(self.label))


class Points(msgspec.Struct, frozen=True, tag="points", omit_defaults=True):
    """A list of points."""

    points: tuple[Point, ...]


class Section(msgspec.Struct, frozen=True, omit_defaults=True):
    """A part of the page. key: stable, for links and styles. Empty sections are left out."""

    key: str
    title: str
    blocks: tuple[Table | Points, ...]


class Sentence(msgspec.Struct, frozen=True, omit_defaults=True):
    """A sentence of the bottom line: what is read first, then the rest."""

    lead: Cell
    rest: Cell


class Heading(msgspec.Struct, frozen=True, omit_defaults=True):
    """What page this is: of which case, for when, for whom, from what."""

    case_id: str
    title: str
    on: datetime  # UTC
    known_by: datetime  # UTC
    when: str  # "Monday 12 November 1962, 17:00 (-05:00)"
    known: str  # "as known at that hour"
    view: str  # the reader's clearance, or "all"
    marking: str  # the join of all that was read; empty where the case marks nothing
    entries: int  # that this reader sees on this day
    head_kind: Literal["ledger", "folder"]
    head: str  # SHA-256, hexadecimal

    def __post_init__(self) -> None:
        for name in ("title", "case_id", "view", "marking"):
            msgspec.structs.force_setattr(self, name, printable(getattr(self, name)))

    @property
    def head_words(self) -> str:
        """The head as it stands on each sheet: "ledger head 3f9ac41e77b20d15"."""
        kind = "ledger head" if self.head_kind == "ledger" else "folder digest"
        return f"{kind} {self.head[:16]}"


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry that something on the page rests on."""

    id: str
    kind: str
    occurred: str
    by: str
    source: str
    standing: str
    reading: str

    def __post_init__(self) -> None:
        for name in ("id", "by", "source"):
            msgspec.structs.force_setattr(self, name, printable(getattr(self, name)))


class Brief(msgspec.Struct, frozen=True, omit_defaults=True):
    """The morning brief: the answer, how sure, why, and what to do about it.

    references_more: entries that it rests on beside those; the cells name every one.
    """

    heading: Heading
    bottom_line: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    references: tuple[Reference, ...]
    references_more: int = 0


def to_json(brief: Brief) -> bytes:
    """The brief as JSON, two spaces deep; the same brief gives the same bytes."""
    return msgspec.json.format(msgspec.json.encode(brief), indent=2)
