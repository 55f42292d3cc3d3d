"""What the page rests on: assumptions with their ranges, what was left out, the head, the day.

Every number that is in no record is named here with its author. What was recorded later is counted,
never shown.
"""

from collections.abc import Iterator

from excomm.brief import words
from excomm.brief.attribution import cell, is_too_far_ahead, not_computed, points, section
from excomm.brief.structs import Brief, Cell, Heading, Point, Reference, Section, Table
from excomm.case import View
from excomm.entries import Entry, Marking
from excomm.entries.kinds import Agreement, Assumption, Item
from excomm.errors import InputError
from excomm.tallied import tallied

_OF_SORTIES = (
    ".clear_sky",
    ".sorties_per_day",
    ".sites_per_sortie",
    ".cost_per_sortie",
    ".loss_per_sortie",
)
_NAMED_EACH_END = 20  # of the entries that one cell rests on, where the page lists them
_LABEL_CHARS_MAX = 10  # of an item beside the word before it
_LEFT_OUT_MAX = 24  # of an item, told on the page


def rests_on(view: View) -> Section:
    """The assumptions, the exclusions of each figure, and what this was computed from."""
    found = section("basis", "This rests on", points([*_assumptions(view), *_points(view)]))
    assert found is not None, "the head is always there"
    return found


def _assumptions(view: View) -> Iterator[Point]:
    """The assumptions of each item together, under the names they have in assumptions.csv."""
    groups: dict[tuple[str, str], list[tuple[Entry, Assumption]]] = {}
    items = [str(entry.id) for entry, _ in view.facts.of(Item)]
    for entry, a in view.facts.of(Assumption):
        if a.name.endswith(_OF_SORTIES):
            continue  # no figure of the page rests on these but the next look: `excomm watch next`
        if a.name.startswith("reports.") or a.name.endswith(_OF_REPORTS):
            continue  # these stand with each allegation that was weighed by them
        item = next((each for each in items if each in a.name.split(".")), "")
        groups.setdefault((item, a.author), []).append((entry, a))
    for (item, author), rows in groups.items():
        told = "; ".join(f"{_short(a.name, item)} {_range(a)}" for _, a in rows)
        label, text = "assumed", f"{author or 'nobody named'}: {told}"
        if item and len(item) <= _LABEL_CHARS_MAX:
            label = f"assumed, {item}"
        elif item:
            text = f"{item}: {text}"
        yield Point(label, cell(text, *(e for e, _ in rows)))


_OF_REPORTS = (".prob_false_alarm", ".prob_concealed", ".prob_true", ".lasting_days")


def _short(name: str, item: str) -> str:
    return ".".join(part for part in name.split(".") if part != item)


def _range(a: Assumption) -> str:
    return f"{a.best:g}" if a.low == a.high else f"{a.best:g} ({a.low:g} to {a.high:g})"


def _points(view: View) -> Iterator[Point]:
    names = tuple(f"{a.name} " for _, a in view.facts.of(Assumption))
    told_how_far = False
    for item in view.items_with_figures():
        try:
            figure = view.assurance(item)
        except InputError as fault:
            if not is_too_far_ahead(fault):
                yield Point(item, Cell(not_computed(fault), tone="unknown"))
            elif not told_how_far:
                told_how_far = True
                yield Point("how sure", Cell(not_computed(fault), tone="unknown"))
            continue
        told = [each for each in figure.assumptions if not each.startswith(names)]
        left = [_without_ids(view, each) for each in figure.excluded]
        told += [f"left out: {each}" for each, _ in left[:_LEFT_OUT_MAX]]
        if len(left) > _LEFT_OUT_MAX:
            more = len(left) - _LEFT_OUT_MAX
            told.append(f"and {words.number(more)} more left out, named on the page of the item")
        if told:
            rests_on = tuple(name for _, names in left for name in names)
            body = Cell(words.sentence("; ".join(told)), tone="quiet", rests_on=rests_on)
            yield Point(item, body)
    head = view.head
    kind = "ledger head" if head.kind == "ledger" else "digest of the folder"
    when = words.full_when(view.on, view.case.zone)
    known = words.full_when(view.known_by, view.case.zone)
    same = "at that hour" if view.known_by == view.on else f"by {known}"
    yield Point("read from", cell(f"{kind} {head.digest}, for {when}, as known {same}"))
    later = view.facts.recorded_later
    if later:
        verb = "is" if later == 1 else "are"
        text = f"{words.plural(later, 'entry')} recorded later {verb} not shown; add --known-by."
        yield Point("later", cell(text))


def _without_ids(view: View, text: str) -> tuple[str, tuple[str, ...]]:
    """Words without the ids of entries at their end, which become what the words rest on."""
    said, _, tail = text.rpartition(": ")
    names = tuple(tail.split(", "))
    if said and all(view.facts.get(name) is not None for name in names):
        return said, names
    return text, ()


def heading(view: View) -> Heading:
    """Of which case, for when, for whom, from what."""
    zone = view.case.zone
    same = view.known_by == view.on
    known = (
        "as known at that hour" if same else f"as known by {words.full_when(view.known_by, zone)}"
    )
    return Heading(
        case_id=view.case.id,
        title=view.header.title,
        on=view.on,
        known_by=view.known_by,
        when=words.full_when(view.on, zone),
        known=known,
        view=view.cleared or "all",
        marking=_marking(view),
        entries=len(view.facts),
        head_kind=view.head.kind,
        head=view.head.digest,
    )


def _marking(view: View) -> str:
    """The join of all that was read; empty where that is the lowest level and nothing more."""
    scheme = view.facts.scheme
    texts = set(tallied(view.facts).markings)
    texts |= {rule.marking for rule in view.header.wording if rule.marking}
    try:
        joined = scheme.join(scheme.parse(text) for text in sorted(texts))
    except InputError as fault:
        return f"marked with a word this case does not know: {fault.found}"
    return "" if joined == Marking(scheme.levels[0]) else str(joined)


def references(brief: Brief, view: View) -> tuple[Reference, ...]:
    """The entries that the page rests on, in the order in which it names them.

    Of a cell that rests on very many, the first and the last of them.
    """
    named = dict.fromkeys(name for each in _cells(brief) for name in _ends(each.rests_on))
    entries = (view.facts.get(entry_id) for entry_id in named)
    sources = {
        source: str(said.get("what", source))
        for _, agreement in view.facts.of(Agreement)
        for source, said in agreement.sources.items()
    }
    return tuple(_reference(entry, sources) for entry in entries if entry is not None)


def references_more(brief: Brief, view: View) -> int:
    """How many entries the page rests on beside its references."""
    named: set[str] = set()
    for each in _cells(brief):
        named.update(each.rests_on)
    return view.facts.number_of(named - {each.id for each in brief.references})


def _ends(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(names) <= 2 * _NAMED_EACH_END:
        return names
    return (*names[:_NAMED_EACH_END], *names[-_NAMED_EACH_END:])


def _reference(entry: Entry, sources: dict[str, str]) -> Reference:
    """sources: what the agreement's own short names of sources stand for."""
    return Reference(
        id=str(entry.id),
        kind=entry.kind,
        occurred=str(entry.occurred),
        by=entry.by,
        source="; ".join(sources.get(part, part) for part in entry.source.split("; ")),
        standing=entry.standing,
        reading=entry.reading,
    )


def part_rests_on(part: Section) -> set[str]:
    """The ids of the entries that one part of the page rests on."""
    return {entry_id for each in _cells_of(part) for entry_id in each.rests_on}


def _cells(brief: Brief) -> list[Cell]:
    found = [each for said in brief.bottom_line for each in (said.lead, said.rest)]
    for part in brief.sections:
        found.extend(_cells_of(part))
    return found


def _cells_of(part: Section) -> Iterator[Cell]:
    for block in part.blocks:
        if isinstance(block, Table):
            yield from (each for row in block.rows for each in (*row.cells, *row.notes))
        else:
            yield from (each for one in block.points for each in (one.body, *one.notes))
