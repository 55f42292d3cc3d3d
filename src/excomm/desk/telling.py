"""An entry in words: one line for lists, every field for its own page, text to search.

Nothing is judged here; what an entry says is shown as it says it.
"""

from datetime import UTC, tzinfo

import msgspec

from excomm.brief import words
from excomm.brief.attribution import name_of
from excomm.case import View
from excomm.entries import Day, Entry, Instant, Span, When
from excomm.entries.kinds import Count, Declaration, Look, Plan, Report
from excomm.folder import texts_of

_SAYING = (
    *("what", "allegation", "statement", "clause", "question", "reason", "name", "title"),
    *("decision", "text", "whom", "person", "level", "kind"),
)
_LINE_CHARS_MAX = 160
_LONG_CHARS = 400


class FieldSaid(msgspec.Struct, frozen=True):
    """One field of an entry. names: the ids it holds, where it names others. long: running text."""

    name: str
    text: str
    long: bool = False


def told(view: View, entry: Entry) -> str:
    """What an entry says, in a line.

    >>> from excomm.case import Case
    >>> view = Case.open("cuba-1962").on("1962-11-12")
    >>> told(view, view.entry("count-labinsk"))
    'missiles leaving on Labinsk: 0'
    """
    body = entry.body
    match body:
        case Count() | Declaration():
            line = _figure(view, body)
        case Look(means=means, outcome=outcome, sites=sites):
            where = ", ".join(name_of(view, site) for site in sites)
            line = f"{name_of(view, means)} {outcome}" + (f": {where}" if where else "")
            line += f"; {body.what}" if body.what else ""
        case Plan(means=means, state=state, sites=sites):
            where = ", ".join(name_of(view, site) for site in sites)
            line = f"{name_of(view, means)} {state} for {body.planned_for}"
            line += f": {where}" if where else ""
        case Report():
            line = body.allegation
        case _:
            said = (getattr(body, name, "") for name in _SAYING)
            line = next((str(text) for text in said if text), entry.kind)
    return _short(words.printable(line))


def _figure(view: View, body: Count | Declaration) -> str:
    moving = getattr(body, "moving", "present")
    where = f" on {body.carrier}" if body.carrier else ""
    where += f" at {name_of(view, body.site)}" if body.site else ""
    moves = f" {moving}" if moving != "present" else ""
    scope = " in all" if body.scope == "total" else ""
    difference = getattr(body, "difference", None)
    if body.number is None and body.low is None and difference is not None:
        amount = f"{words.signed(difference)} against what was declared"
    else:
        amount = words.amount(body.number, body.low, body.high)
    line = f"{name_of(view, body.item)}{moves}{where}{scope}: {amount}"
    return f"{line}; {body.what}" if body.what else line


def fields_said(view: View, entry: Entry) -> tuple[FieldSaid, ...]:
    """Every field of the body that says something, in the form of a table's cell."""
    head = {"occurred", "by", "source", "standing", "held_by", "reading", "marking", "note"}
    own = set(entry.body.__struct_fields__)
    return tuple(
        FieldSaid(name.replace("_", " "), text, long=len(text) > _LONG_CHARS)
        for name, text in texts_of(entry, view.header).items()
        if name in own or name not in head
    )


def full_when(when: When, zone: tzinfo) -> str:
    """When an entry was so, in full: weekday, day, month, year; clock time with its zone."""
    match when:
        case Instant(at):
            return words.full_when(at, zone)
        case Day(day):
            return f"{day:%A} {day.day} {day:%B} {day.year}"
        case Span(start, end):
            return f"{full_when(start, zone)} to {full_when(end, zone)}"


def in_utc(when: When) -> str:
    """An instant in UTC; a day has none of its own."""
    return words.full_when(when.at, UTC) if isinstance(when, Instant) else ""


def _short(line: str) -> str:
    return line if len(line) <= _LINE_CHARS_MAX else f"{line[: _LINE_CHARS_MAX - 1]}…"
