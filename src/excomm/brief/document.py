"""What leaves the desk as a document: the brief, a finding, a letter; one for DOCX and PDF alike.

Text, tables and numbered sources, in parts and annexes. A letter goes to somebody outside: it names
no source that is not marked with the lowest level, and says nothing of the others.
"""

import msgspec

from excomm.brief import attribution, basis, words
from excomm.brief.allegations import decided_words
from excomm.brief.attribution import cell, name_of
from excomm.brief.structs import (
    Brief,
    Cell,
    Column,
    Point,
    Points,
    Reference,
    Row,
    Section,
    Sentence,
    Table,
)
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Check, Finding, Interview, Outlet, Reply, Report
from excomm.errors import InputError


class Document(msgspec.Struct, frozen=True):
    """One document. to: the lines of an address; empty where it is nobody's letter.

    foot: on each sheet, beside its number. sources: numbered from 1, in the order in which the text
    names them; `numbers` gives the number of each entry.
    """

    title: str
    under: tuple[str, ...]  # lines below the title: when, of what, from which head
    marking: str
    to: tuple[str, ...]
    opening: tuple[Sentence, ...]
    parts: tuple[Section, ...]
    closing: tuple[str, ...]
    sources: tuple[Reference, ...]
    annexes: tuple[Section, ...]
    foot: str

    @property
    def numbers(self) -> dict[str, int]:
        """The number of each source, by the id of its entry."""
        return {each.id: at for at, each in enumerate(self.sources, start=1)}


_ANNEXED = ("basis", "sample")


def of_brief(brief: Brief) -> Document:
    """The brief as a document: what it rests on stands in annexes behind it."""
    head = brief.heading
    return Document(
        title=head.title,
        under=(
            f"Brief for {head.when}",
            f"view: {head.view} · {head.known} · {words.plural(head.entries, 'entry')}",
        ),
        marking=head.marking,
        to=(),
        opening=brief.bottom_line,
        parts=tuple(part for part in brief.sections if part.key not in _ANNEXED),
        closing=_not_listed(brief),
        sources=brief.references,
        annexes=tuple(part for part in brief.sections if part.key in _ANNEXED),
        foot=f"{head.title} · {head.when} · {head.head_words}",
    )


def _not_listed(brief: Brief) -> tuple[str, ...]:
    if not brief.references_more:
        return ()
    return (f"Rests on {words.plural(brief.references_more, 'more entry')} in the ledger.",)


def finding(view: View, entry_id: str) -> Document:
    """What the desk decided of an allegation, with what was done and what it rests on.

    Raises InputError where there is no such finding for this reader on this day.
    """
    entry = view.entry(entry_id, Finding)
    body = entry.body
    assert isinstance(body, Finding)
    report = view.facts.get(body.report)
    done = [(e, c) for e, c in view.facts.of(Check) if c.report == body.report]
    asked = [(e, i) for e, i in view.facts.of(Interview) if i.report == body.report]
    alleged = _alleged(view, report)
    decided = f"{words.capital(decided_words(view, body.decision))}."
    sections = (
        attribution.section("alleged", "What was alleged", Points(alleged)) if alleged else None,
        attribution.section("done", "What was done", _done(view, done, asked)),
        attribution.section("signed", "Who decided", Points(_signed(view, body))),
    )
    return _document(
        view,
        title=f"Finding on {report.id if report else body.report}",
        opening=(Sentence(cell(decided, entry), cell(words.sentence(body.text), entry)),),
        parts=sections,
    )


def letter(view: View, entry_id: str) -> Document:
    """A reply to whoever carried an allegation, as a letter to be signed.

    Raises InputError where there is no such reply, or it says nothing yet.
    """
    entry = view.entry(entry_id, Reply)
    body = entry.body
    assert isinstance(body, Reply)
    if not body.text.strip():
        raise InputError(
            f"reply {entry_id}", "a reply without text", "what is to be said",
            "Correct the reply with its text first.",
        )  # fmt: skip
    outlet = view.facts.get(body.outlet)
    contact = outlet.body.contact if outlet and isinstance(outlet.body, Outlet) else ""
    report = view.facts.get(body.report)
    about = ""
    if report is not None and isinstance(report.body, Report) and _is_lowest(view, report):
        about = f"Your report of {_long_day(view, report)}: {report.body.allegation}"
    made = _document(
        view,
        title=about or "In answer to your report",
        opening=(Sentence(cell(words.sentence(body.text), entry), Cell("")),),
        parts=(),
        to=tuple(line for line in (name_of(view, body.outlet), contact) if line),
        closing=("For the desk:", "", "Name, office", "Date"),
    )
    shown = tuple(
        each
        for each in made.sources
        if (source := view.facts.get(each.id)) is not None
        and source is not entry
        and _is_lowest(view, source)
    )
    return msgspec.structs.replace(made, sources=shown, marking=_said_marking(view, entry))


def _document(
    view: View,
    *,
    title: str,
    opening: tuple[Sentence, ...],
    parts: tuple[Section | None, ...],
    to: tuple[str, ...] = (),
    closing: tuple[str, ...] = (),
) -> Document:
    head = basis.heading(view)
    shown = tuple(part for part in parts if part is not None)
    made = Brief(heading=head, bottom_line=opening, sections=shown, references=())
    made = attribution.qualified(made, view)
    sources = basis.references(made, view)
    return Document(
        title=words.printable(title),
        under=(head.title, head.when, head.known),
        marking=_joined(view, sources),
        to=tuple(words.printable(line) for line in to),
        opening=made.bottom_line,
        parts=made.sections,
        closing=closing,
        sources=sources,
        annexes=(),
        foot=f"{head.title} · {head.when} · {head.head_words}",
    )


def _alleged(view: View, report: Entry | None) -> tuple[Point, ...]:
    if report is None or not isinstance(report.body, Report):
        return ()
    body = report.body
    carried = name_of(view, body.outlet) if body.outlet else report.by
    rows = (
        ("allegation", body.allegation),
        ("as received", body.text),
        ("carried by", carried),
        ("said to be of", _long_day(view, report)),
        ("item", name_of(view, body.item) if body.item else ""),
        ("site", name_of(view, body.site) if body.site else ""),
        ("number", _amount(body)),
        ("would break", ", ".join(body.would_break)),
    )
    return tuple(Point(label, cell(text, report)) for label, text in rows if text)


def _amount(body: Report) -> str:
    if body.number is None and body.low is None and body.high is None:
        return ""
    return words.amount(body.number, body.low, body.high)


def _done(
    view: View, checks: list[tuple[Entry, Check]], asked: list[tuple[Entry, Interview]]
) -> Table:
    rows = [(e, c.what, c.result or "no result yet") for e, c in checks]
    rows += [(e, f"asked {i.person or 'a source'}", i.result or "no answer yet") for e, i in asked]
    columns = (Column("when"), Column("what", 2.5), Column("what came of it", 2.5))
    return Table(
        columns,
        tuple(Row((cell(_long_day(view, e)), cell(what, e), cell(came))) for e, what, came in rows),
    )


def _signed(view: View, body: Finding) -> tuple[Point, ...]:
    reviewer = name_of(view, body.reviewer) if body.reviewer else "not reviewed yet"
    author = name_of(view, body.author) if body.author else "nobody named"
    return (Point("author", cell(author)), Point("reviewer", cell(reviewer)))


def _long_day(view: View, entry: Entry) -> str:
    return words.when_words(entry.occurred, view.case.zone, view.on)


def _is_lowest(view: View, entry: Entry) -> bool:
    return entry.marking == view.facts.scheme.levels[0]


def _said_marking(view: View, entry: Entry) -> str:
    return "" if _is_lowest(view, entry) else entry.marking


def _joined(view: View, sources: tuple[Reference, ...]) -> str:
    scheme = view.facts.scheme
    entries = [entry for each in sources if (entry := view.facts.get(each.id)) is not None]
    joined = scheme.join(scheme.parse(entry.marking) for entry in entries)
    return "" if str(joined) == scheme.levels[0] else str(joined)
