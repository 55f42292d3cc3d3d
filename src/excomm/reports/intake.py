"""Intake: a report as it came in becomes an entry, once, with where it came from kept apart.

The bytes are never altered: text is kept as received and their SHA-256 stands in the entry, so the
same post twice is one entry. The time received rules; what a report says of its own time is kept
as said. A source is sealed apart and stands here by its pseudonym.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from functools import partial
from hashlib import sha256

import msgspec

from excomm.entries import Entry, instant_text
from excomm.entries.kinds import CaseHeader, Report
from excomm.errors import Faults, InputError
from excomm.folder import typed
from excomm.ledger import Ledger
from excomm.reports.sealing import Sources
from excomm.reports.words import sentences

TEXT_CHARS_MAX = 500_000  # what is longer is kept as a file and read to here
_SAID_CHARS_MAX = 200
NO_TEXT = "no text: to be looked at by a person"
IMAGE = "image file"  # how it was captured: nothing of it can be read


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A report before it is taken in; texts as a table's cells have them.

    where: file and line, for faults. raw: the bytes captured; empty: those of the text. source: the
    name of whoever told it, which is sealed. grade: a letter A to F and a figure 1 to 6 ("B2").
    """

    where: str = "report"
    text: str = ""
    raw: bytes = b""
    allegation: str = ""
    outlet: str = ""
    published: str = ""
    source: str = ""
    grade: str = ""
    item: str = ""
    site: str = ""
    would_break: str = ""
    method: str = "entered by hand"
    note: str = ""


class Taken(msgspec.Struct, frozen=True):
    """What an intake came to. again: those that the ledger had already, by content."""

    entries: tuple[Entry, ...]
    again: tuple[str, ...]


def prepared(
    incoming: Sequence[Incoming],
    case: Sequence[Entry],
    *,
    now: datetime,
    operator: str,
    marking: str = "",
    seal: Sources | None,
    known: Collection[str] = (),
) -> Taken:
    """The entries of these reports, held against the rules and names of the case.

    case: the entries of the ledger that whoever takes in may see. known: ids of others in it.
    operator: who takes them in. seal: where names of sources go; None in a preview, which seals
    nothing. Raises Faults, each with its place.
    """
    if not operator.strip():
        raise InputError("--by", operator, "who takes it in", "Name yourself or your desk.")
    names = _Case(case)
    there = {str(entry.id) for entry in case} | set(known)
    found: dict[str, Entry] = {}
    again: list[str] = []
    wrong: list[InputError] = []
    for each in incoming:
        try:
            entry_id = content_id(each)
            if entry_id in there or entry_id in found:
                again.append(entry_id)
                continue
            found[entry_id] = _entry(each, names, entry_id, now, operator, marking, seal)
        except Faults as several:
            wrong.extend(fault.at(each.where) for fault in several.faults)
        except InputError as fault:
            wrong.append(fault.at(each.where))
    if wrong:
        raise Faults(wrong)
    return Taken(tuple(found.values()), tuple(dict.fromkeys(again)))


def take_in(
    ledger: Ledger,
    incoming: Sequence[Incoming],
    *,
    now: datetime,
    operator: str,
    marking: str = "",
    seen: Sequence[Entry] | None = None,
) -> Taken:
    """Append these reports to a ledger: all of them or none; those it has already are left alone.

    seen: what whoever takes them in may see of it, so that no fault names more; None: all. Raises
    Faults, each with its place; nothing is written then, and no name is sealed.
    """
    case = tuple(ledger.read())
    known = frozenset(str(entry.id) for entry in case)
    make = partial(
        prepared,
        incoming,
        case if seen is None else seen,
        now=now,
        operator=operator,
        marking=marking,
        known=known,
    )
    make(seal=None)
    taken = make(seal=Sources(ledger))
    if taken.entries:
        ledger.append(taken.entries, now=now)
    return taken


def content_id(incoming: Incoming) -> str:
    """One id for one report from one outlet, whoever takes it in and however often."""
    digest = sha256()
    for part in (incoming.outlet, incoming.published, incoming.source):
        digest.update(part.strip().encode() + b"\0")
    digest.update(incoming.raw or incoming.text.encode())
    return f"report-{digest.hexdigest()[:16]}"


def said_in_short(text: str) -> str:
    """The first sentence of a text, for a list; what stands for one where there is no text.

    >>> said_in_short("Rockets at the port. They came by night.")
    'Rockets at the port.'
    """
    flat = " ".join(text[: 4 * _SAID_CHARS_MAX].split())
    if not flat:
        return NO_TEXT
    start, end = sentences(flat)[0]
    said = flat[start:end].strip()
    return said if len(said) <= _SAID_CHARS_MAX else f"{said[: _SAID_CHARS_MAX - 1].rstrip()}…"


def _entry(
    each: Incoming,
    names: "_Case",
    entry_id: str,
    now: datetime,
    operator: str,
    marking: str,
    seal: Sources | None,
) -> Entry:
    text = each.text.replace("\x00", "\N{REPLACEMENT CHARACTER}")
    raw = each.raw or each.text.encode()
    notes = [each.note] if each.note else []
    if len(text) > TEXT_CHARS_MAX:
        notes.append(f"the first {TEXT_CHARS_MAX} characters of {len(text)}")
        text = text[:TEXT_CHARS_MAX]
    origin = seal.seal(each.source) if seal and each.source.strip() else ""
    letter, figure = _graded(each.grade)
    said = {
        "occurred": instant_text(now),
        "allegation": _shown(each.allegation) or said_in_short(text),
        "outlet": each.outlet,
        "item": each.item,
        "site": each.site,
        "would_break": each.would_break,
        "published": each.published,
        "reliability": letter,
        "credibility": figure,
        "method": each.method,
        "sha256": sha256(raw).hexdigest(),
        "by": operator,
        "marking": marking,
        "reading": "high",
        "note": "; ".join(notes),
    }
    made = typed(Report, said, names.asked(each), entry_id=entry_id, now=now)
    assert isinstance(made.body, Report)
    # As received, spaces and all: a form would have stripped them.
    body = msgspec.structs.replace(made.body, text=text if text.strip() else "", origin=origin)
    return msgspec.structs.replace(made, body=body)


def _graded(grade: str) -> tuple[str, str]:
    """Letter and figure of a grade."""
    said = grade.strip().upper()
    if not said:
        return "", ""
    letter, figure = said[:1], said[1:]
    if letter not in "ABCDEF" or (figure and figure not in tuple("123456")):
        raise InputError(
            "grade",
            grade,
            "a letter A to F and a figure 1 to 6",
            "B2: usually reliable, probable.",
        )
    return letter, figure


def _shown(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SAID_CHARS_MAX else f"{flat[: _SAID_CHARS_MAX - 1]}…"


class _Case:
    """The entries that the rules have to know of to judge one report more."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._head: list[Entry] = []
        self._named: dict[str, Entry] = {}
        for entry in entries:
            if isinstance(entry.body, CaseHeader) or entry.kind in ("agreement", "party", "item"):
                self._head.append(entry)
            elif entry.kind in ("outlet", "site", "undertaking"):
                self._named[str(entry.id)] = entry
        if not any(isinstance(entry.body, CaseHeader) for entry in self._head):
            raise InputError("LEDGER", "no case in it", "a case", "Load a folder into it first.")

    def asked(self, each: Incoming) -> tuple[Entry, ...]:
        """The head of the case, and what this report names; of an unknown name the whole kind."""
        wanted = [w.strip() for w in (each.outlet, each.site, *each.would_break.split(";"))]
        if all(not name or name in self._named for name in wanted):
            return (*self._head, *(self._named[name] for name in wanted if name))
        return (*self._head, *self._named.values())
