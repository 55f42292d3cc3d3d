"""Cells made from entries: what they say, whose word it is, how well it was read.

The one place that decides when the word "unverified" stands beside a figure: `qualified` goes over
the finished page, so no section can forget it.
"""

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

import msgspec

from excomm.brief import words
from excomm.brief.structs import (
    Brief,
    Cell,
    Point,
    Points,
    Row,
    Section,
    Sentence,
    State,
    Table,
    Tone,
)
from excomm.case import View
from excomm.entries import Entry, Span
from excomm.entries.kinds import Item, Means, Outlet, Party, Site
from excomm.errors import InputError
from excomm.tallied import tallied

B = TypeVar("B")

_WORD = "unverified"
_NAMED = ("person", "body")


def cell(text: str, *entries: Entry, tone: Tone = "plain", states: tuple[State, ...] = ()) -> Cell:
    """A cell that rests on these entries, each named once."""
    ids = tuple(dict.fromkeys(str(entry.id) for entry in entries))
    return Cell(text, tone=tone, states=states, rests_on=ids)


def quiet(text: str, *entries: Entry) -> Cell:
    """A cell that gives context."""
    return cell(text, *entries, tone="quiet")


def whose_word(view: View, entry: Entry) -> str:
    """Who holds what an entry says: "on the word of USSR", "disputed by Cuba", "established"."""
    held_by = entry.held_by or ((entry.by,) if entry.by else ())
    holders = words.listed([who(view, each) for each in held_by])
    if entry.standing == "established":
        return "established"
    if entry.standing == "disputed":
        return f"disputed; so says {holders}" if holders else "disputed"
    return f"on the word of {holders}" if holders else "claimed"


def day_of(view: View, entry: Entry) -> str:
    """When an entry was so, short, as read on the day of the view."""
    told = words.when_words(entry.occurred, view.case.zone, view.on)
    return f"today {told}" if told[:1].isdigit() and told[2:3] == ":" else told


def last_day_of(view: View, entry: Entry) -> str:
    """The last day of what an entry says, in a sentence; of an interval under way, today."""
    today = view.on.astimezone(view.case.zone).date()
    if isinstance(entry.occurred, Span):
        return words.long_day(min(words.last_day(entry.occurred, view.case.zone), today), today)
    return words.long_day(view.facts.local_day(entry), today)


def name_of(view: View, entry_id: str) -> str:
    """The name of a party, item, site, means or outlet; its id where no such entry is seen."""
    entry = view.facts.get(entry_id)
    if entry is not None and isinstance(entry.body, Party | Item | Site | Means | Outlet):
        return entry.body.name
    return entry_id


def latest(
    rows: tuple[tuple[Entry, B], ...], key: Callable[[B], Hashable]
) -> tuple[tuple[Entry, B], ...]:
    """Of rows that follow each other under one key, the last; in the order of the first ones."""
    return tuple({key(body): (entry, body) for entry, body in rows}.values())


def section(key: str, title: str, *blocks: Table | Points) -> Section | None:
    """A part of the page, without its empty blocks; None where nothing is left to say."""
    kept = tuple(b for b in blocks if (b.rows if isinstance(b, Table) else b.points))
    return Section(key, title, kept) if kept else None


def points(found: Iterable[Point]) -> Points:
    """A list of what was found."""
    return Points(tuple(found))


def who(view: View, entry_id: str) -> str:
    """A party by its id, which is short; a person or a body by name."""
    entry = view.facts.get(entry_id)
    if entry is not None and isinstance(entry.body, Party) and entry.body.role in _NAMED:
        return entry.body.name
    return entry_id


def not_computed(fault: InputError) -> str:
    """Why a figure is missing, and which row would give it; never a number in its place."""
    missing = str(fault.found).removeprefix("no row ")
    if fault.where == "assumptions.csv" and missing != fault.found:
        return f"cannot be computed: add row {missing} to assumptions.csv"
    return f"cannot be computed: {fault}"


def is_too_far_ahead(fault: InputError) -> bool:
    """Of the day asked for, not of what was entered: told once for the page."""
    return fault.where == "--on"


def not_computed_here(fault: InputError) -> str:
    """The same beside a figure, where the page says elsewhere which day is too far ahead."""
    if is_too_far_ahead(fault):
        return "cannot be computed so far ahead"
    return not_computed(fault).removesuffix(".")


def qualified(brief: Brief, view: View) -> Brief:
    """The page with the word "unverified" beside whatever rests on an entry so read."""
    unverified = tallied(view.facts).unverified
    return msgspec.structs.replace(
        brief,
        bottom_line=tuple(
            Sentence(said.lead, _with_word((said.lead, said.rest), unverified)[-1])
            for said in brief.bottom_line
        ),
        sections=tuple(_section(each, unverified) for each in brief.sections),
    )


def qualified_section(part: Section, view: View) -> Section:
    """One part with the same words, for a page that shows it by itself."""
    return _section(part, tallied(view.facts).unverified)


def _section(part: Section, unverified: frozenset[str]) -> Section:
    def point(said: Point) -> Point:
        body, *notes = _with_word((said.body, *said.notes), unverified)
        return Point(said.label, body, tuple(notes))

    def row(said: Row) -> Row:
        cells = _with_word((*said.cells, *said.notes), unverified)
        size = len(said.cells)
        return Row(cells[:size], cells[size:], said.total)

    def block(said: Table | Points) -> Table | Points:
        if isinstance(said, Points):
            return Points(tuple(point(each) for each in said.points))
        return msgspec.structs.replace(said, rows=tuple(row(each) for each in said.rows))

    return Section(part.key, part.title, tuple(block(each) for each in part.blocks))


def _with_word(cells: tuple[Cell, ...], unverified: frozenset[str]) -> tuple[Cell, ...]:
    """The cells that are read together, one of them carrying the word if any entry needs it."""
    if any(_WORD in each.text for each in cells):
        return cells
    for at, each in enumerate(cells):
        if each.text and not unverified.isdisjoint(each.rests_on):
            word = _WORD if unverified.issuperset(each.rests_on) else f"partly {_WORD}"
            stop = "." if each.text.endswith(".") else ""
            text = f"{each.text.removesuffix('.')} ({word}){stop}"
            told = msgspec.structs.replace(each, text=text)
            return (*cells[:at], told, *cells[at + 1 :])
    return cells
