"""What the models of the case conclude: in three lines for a brief, in full for the desk."""

from excomm.brief import words
from excomm.brief.attribution import cell, points, quiet, section
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table
from excomm.case import View
from excomm.entries.kinds import Offer
from excomm.options.from_facts import CaseModel


def conclusions(view: View) -> Section | None:
    """A line a model: what it concludes, the one thing nearest to turning it, what has changed."""
    authors = dict.fromkeys(one.author or "nobody named" for one in view.models)
    title = f"What our moves hang on, by {words.listed(tuple(authors))}"
    return section("options", title, points(_point(view, one) for one in view.models))


_LABELS = {"conflict": "outcome", "offers": "offers", "posture": "posture", "keeping": "keeping"}


def _point(view: View, one: CaseModel) -> Point:
    label = _LABELS.get(one.kind, one.kind)
    if one.asks_watch:
        asked = f"{one.title}: ask excomm options show, or the desk: it plans looks first."
        return Point(label, cell(asked, one.entry, tone="quiet"))
    if one.told is None:
        told = f"{one.title}: not solved: {one.fault}"
        return Point(label, cell(told, one.entry, tone="unknown"))
    stale = [cell(f"Stale: {said}.", one.entry, tone="warning") for said in one.stale]
    turning = [quiet(said) for said in _turning(one)]
    return Point(label, cell(_lead(one), one.entry), (*turning, *stale))


def _lead(one: CaseModel) -> str:
    """The conclusion; of a conflict, what holds most firmly, and what one comparison decides."""
    assert one.told is not None
    if one.kind == "conflict":
        turning = [said for said in one.told.hangs_on if "just if" in said]
        return " ".join([*one.told.says[:1], *turning[:1]])
    return one.told.says[0] if one.told.says else "No conclusion."


def _turning(one: CaseModel) -> tuple[str, ...]:
    """What is nearest to turning the conclusion."""
    assert one.told is not None
    if one.kind == "conflict":
        return ()
    return tuple(f"Hangs on: {said}." for said in one.told.hangs_on[:1])


def model_sections(view: View, one: CaseModel) -> tuple[Section, ...]:
    """One model in full: what it says, what it hangs on, its tables, the facts it cites."""
    if one.told is None:
        said = points([Point("", cell(f"Not solved: {one.fault}", one.entry, tone="unknown"))])
        found = [section(f"{_key(one)}-says", one.title, said)]
    else:
        lines = [Point("", cell(f"Stale: {s}.", one.entry, tone="warning")) for s in one.stale]
        lines += [Point("", cell(said, one.entry)) for said in one.told.says]
        lines += [Point("hangs on", cell(said)) for said in one.told.hangs_on]
        tables = tuple(
            Table(
                tuple(Column(head) for head in table.columns),
                tuple(
                    Row(tuple(_cell(text, n) for n, text in enumerate(row))) for row in table.rows
                ),
                table.title,
            )
            for table in one.told.tables
        )
        found = [section(f"{_key(one)}-says", one.title, points(lines), *tables)]
    cited = [view.facts.get(name) for name in one.cites]
    told = [Point(str(entry.id), cell(_told(entry.source), entry)) for entry in cited if entry]
    found.append(section(f"{_key(one)}-cites", "Facts it takes from the case", points(told)))
    return tuple(part for part in found if part is not None)


def _cell(text: str, place: int) -> Cell:
    return cell(text, tone="strong" if place == 0 else "plain")


def _told(source: str) -> str:
    return source or "no source named"


def _key(one: CaseModel) -> str:
    return f"model-{_safe(one.id)}"


def _safe(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name)


def accepted_sections(view: View) -> tuple[Section, ...]:
    """Each offer of the day, were it accepted: what arises, and whether the result would hold."""
    found = []
    for entry, _ in view.facts.of(Offer):
        supposed = view.if_accepted(str(entry.id))
        columns = (
            *(Column("Undertaking", 0.7), Column("by", 0.5), Column("is", 0.7)),
            *(Column("would be", 0.8), Column("verified by", 2), Column("what", 3)),
        )
        rows = tuple(
            Row(
                (
                    Cell(one.undertaking, tone="strong", rests_on=(one.undertaking,)),
                    cell(one.by),
                    Cell(words.STATE_WORDS[one.before], states=(one.before,)),
                    Cell(words.STATE_WORDS[one.after], states=(one.after,)),
                    cell(one.verified_by or "no means named"),
                    cell(one.what),
                )
            )
            for one in supposed.arising
        )
        told = [Point("holds?", cell(said)) for said in supposed.outcomes]
        told += [Point("open", quiet(said)) for said in supposed.open]
        title = f"If accepted: {words.printable(supposed.text or supposed.offer)}"
        part = section(f"if-{_safe(str(entry.id))}", title, Table(columns, rows), points(told))
        found.append(part)
    return tuple(part for part in found if part is not None)
