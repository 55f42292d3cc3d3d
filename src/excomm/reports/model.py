"""What comes in and what is read out of it: earlier findings, reports, allegations.

Plain structs, no logic. A report is as received; an allegation is what the desk read in it, each
part with the characters it rests on. A part that is not stated is absent, never guessed.
"""

import datetime as dt

import msgspec


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """An earlier finding: what was alleged then. Only `id` and a text or an item are needed."""

    id: str
    text: str = ""
    title: str = ""
    item: str = ""
    action: str = ""
    place: str = ""
    lat: float | None = None
    lon: float | None = None
    date: dt.date | None = None
    count: int | None = None
    verdict: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report as received; `published` is an instant with offset, or a day."""

    id: str
    text: str = ""
    kind: str = ""
    outlet: str = ""
    published: dt.datetime | dt.date | None = None


class Span(msgspec.Struct, frozen=True):
    """Characters of the text as received: from `start` up to, without, `end`."""

    start: int
    end: int


class Item(msgspec.Struct, frozen=True):
    """What kind of thing. classes: weight by general class, the strongest 1; words: as read."""

    classes: dict[str, float]
    words: tuple[str, ...]
    span: Span

    @property
    def best(self) -> str:
        """The likeliest class; empty where the vocabulary has none for it."""
        return max(self.classes or {"": 0.0}, key=lambda name: (self.classes.get(name, 0.0), name))


class Action(msgspec.Struct, frozen=True):
    """What is said to have been done with it: arrive, leave, build, hide, ..."""

    what: str
    span: Span


class Place(msgspec.Struct, frozen=True):
    """Where: names of the gazetteer with their shares (sum 1); several where the text is open.

    None at all: a place is named, and the gazetteer lacks it.
    """

    shares: dict[str, float]
    span: Span

    @property
    def best(self) -> str:
        """The likeliest name; empty for a place that the gazetteer lacks."""
        return max(self.shares or {"": 0.0}, key=lambda name: (self.shares.get(name, 0.0), name))


class Window(msgspec.Struct, frozen=True):
    """When: first to last day, both inside; `best` is the day meant, if one is.

    other: the day that the figures mean if read the other way round (day and month swapped).
    """

    first: dt.date
    last: dt.date
    best: dt.date | None
    span: Span
    other: dt.date | None = None


class Number(msgspec.Struct, frozen=True):
    """How many: low to high, both inside; high None: no upper end. `best`: the number, if one is.

    vague: said without a figure ("several").
    """

    low: int
    high: int | None
    best: int | None
    vague: bool
    span: Span


class Allegation(msgspec.Struct, frozen=True, kw_only=True):
    """One thing alleged in a report, part by part; a part not stated is None.

    damage: share of its words that had to be repaired, 0 to 1. notes: what the reader should know
    ("date after publication").
    """

    span: Span
    item: Item | None = None
    action: Action | None = None
    place: Place | None = None
    window: Window | None = None
    number: Number | None = None
    damage: float = 0.0
    notes: tuple[str, ...] = ()


class Parsed(msgspec.Struct, frozen=True):
    """All allegations of a report; none, with the reason, where it could not be read."""

    allegations: tuple[Allegation, ...]
    unparsed: str = ""
