"""Item: how sure we are, by day; declared against counted; the worst case; what it all assumes."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.brief import counted, undertakings, words
from excomm.brief.attribution import name_of, not_computed, not_computed_here, qualified_section
from excomm.brief.structs import Cell, Section
from excomm.case import View
from excomm.desk import charts, sliders
from excomm.desk.asking import Asked
from excomm.desk.kept import kept
from excomm.desk.telling import told
from excomm.entries import Entry
from excomm.entries.kinds import Assumption, Count, Item, Undertaking
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.assurance.interval import Interval
    from excomm.assurance.item import ItemAssurance

_WIDE, _NARROW = 760.0, 330.0
_BANDS = 24
_LOOKS_SHOWN = 60  # of those under a figure, the latest


class Row(msgspec.Struct, frozen=True):
    """One item in the list of items."""

    id: str
    name: str
    figure: Cell
    declared: str
    counted: str


class Asking(msgspec.Struct, frozen=True):
    """An undertaking that rests on the item's figure."""

    id: str
    what: str
    sure: Cell


class DayRow(msgspec.Struct, frozen=True):
    """The table behind the chart."""

    day: date
    low: str
    best: str
    high: str
    looks: tuple[charts.Tick, ...]


@kept
@require_safe
def items(request: HttpRequest, slug: str) -> HttpResponse:
    """Every item of the case."""
    asked = Asked(request, slug)
    view = asked.view
    tallies = {each.item: each.whole for each in counted.tallies(view)}
    rows = []
    for entry, item in view.facts.of(Item):
        whole = tallies.get(str(entry.id))
        rows.append(
            Row(
                str(entry.id),
                item.name,
                _figure_of(view, str(entry.id)),
                _amount(whole.declared[1] if whole and whole.declared else None),
                _amount(whole.counted[1] if whole and whole.counted else None),
            )
        )
    return render(request, "desk/items.html", {"asked": asked, "room": "items", "rows": rows})


@kept
@require_safe
def item(request: HttpRequest, slug: str) -> HttpResponse:
    """One item."""
    asked = Asked(request, slug)
    view = asked.view
    name = request.GET.get("id", "")
    entry = view.facts.get(name)
    if entry is None or not isinstance(entry.body, Item):
        raise Http404
    said: dict[str, object] = {
        "asked": asked,
        "room": "items",
        "entry": entry,
        "body": entry.body,
        "figure": _figure_of(view, name),
        "undertakings": _asking(view, name),
        "tables": _tables(view, name),
    }
    if name in view.items_with_figures():
        try:
            found = view.assurance(name)
        except InputError as fault:
            said["missing"] = not_computed(fault)
        else:
            said |= _supposed(view, name, found, request.GET)
            if getattr(request, "htmx", False):
                return render(request, "desk/supposed.html", said)
            said |= _assured(view, name, found)
    return render(request, "desk/item.html", said)


def _supposed(
    view: View, name: str, held: "ItemAssurance", sent: Mapping[str, str]
) -> dict[str, object]:
    """The figures as held, and as they would be with the sliders where they are."""
    found = sliders.sliders(view, held.item, held.assumed, sent)
    changes = sliders.moved(found)
    now, fault = held, ""
    try:
        now = view.assuming(changes).assurance(name) if changes else held
    except InputError as said:
        fault = f"The entries exclude it: {said}"
    pairs = zip(_compared(held), _compared(now), strict=True)
    told = "; ".join(f"{each} exactly {value:.3g}" for each, value in changes.items())
    return {
        "sliders": found,
        "compared": [(row[0], row[1], other[1]) for row, other in pairs],
        "supposed_says": fault or (f"Supposed: {told}." if told else "Nothing is supposed yet."),
        "sentences": [each.sentence for each in now.sensitivity],
    }


def _compared(found: "ItemAssurance") -> tuple[tuple[str, str], ...]:
    told = found.prob_none_if_refusals_tell
    rows = [
        ("none left and none brought back", _chances(found.prob_none_left_nor_back)),
        *([("the same, refusals weighed as stated", _chances(told))] if told else []),
        ("none left", _chances(found.prob_none_left)),
        ("none brought back", _chances(found.prob_none_back)),
        ("still there: mean", _numbers(found.remaining_mean)),
        ("still there: 95 % bound", _numbers(found.remaining_upper95)),
        ("worst case: missed by every look", _worst(found) or "–"),
    ]
    return tuple(rows)


def _chances(found: "Interval") -> str:
    low, best, high = (words.probability(each) for each in (found.low, found.best, found.high))
    return best if low == high else f"{best} ({low} to {high})"


def _numbers(found: "Interval") -> str:
    if found.low == found.high:
        return f"{found.best:.3g}"
    return f"{found.best:.3g} ({found.low:.3g} to {found.high:.3g})"


def _assured(view: View, name: str, found: "ItemAssurance") -> dict[str, object]:
    low, best, high = (tuple(map(float, each)) for each in found.prob_absent_by_day)
    ticks = _ticks(view, name)
    standards = _standards(view, name)
    drawings = [
        charts.drawing(found.days, low, best, high, ticks=ticks, standards=standards, width=width)
        for width in (_WIDE, _NARROW)
    ]
    on_day: dict[date, list[charts.Tick]] = {}
    for tick in ticks:
        on_day.setdefault(tick.day, []).append(tick)
    rows = [
        DayRow(
            day,
            words.probability(low[at]),
            words.probability(best[at]),
            words.probability(high[at]),
            tuple(on_day.get(day, ())),
        )
        for at, day in enumerate(found.days)
    ]
    return {
        "found": found,
        "title": f"{found.name}: {_finding(view, found, standards)}",
        "drawings": drawings,
        "days": tuple(reversed(rows)),
        "figures": found.figures(),
        **_remaining(found),
        "grounds": tuple(dict.fromkeys((*found.assumed, *found.rests_on))),
        "worst_at": name_of(view, found.worst_site),
        "worst_words": _worst(found),
        # Those that are entries stand with their links already.
        "beside": [each for each in found.assumptions if not each.startswith(_names(view, found))],
        "assumed": _entries(view, found.assumed),
        "looks": _entries(view, found.looks[-_LOOKS_SHOWN:]),
        "looks_before": len(found.looks[:-_LOOKS_SHOWN]),
        "counts": _entries(view, (*found.counted_out, *found.seen_after)),
        "standards": standards,
    }


def _remaining(found: "ItemAssurance") -> dict[str, object]:
    """How many may remain: drawn, in a sentence, and as rows; nothing where it cannot be told."""
    if found.remaining_pmf is None:
        return {}
    bands = found.remaining_pmf.bands(_BANDS)
    none, upper = bands[0].prob, found.remaining_upper95
    chances = [(band.says, band.prob.low, band.prob.best, band.prob.high) for band in bands]
    return {
        "bars": [charts.bars(chances, width=width) for width in (_WIDE, _NARROW)],
        "bars_title": f"Still there, of what should have left: none with {_chances(none)};"
        f" at most {_numbers(upper)} with 95 %",
        "numbers": found.distribution(_BANDS),
    }


def _finding(view: View, found: "ItemAssurance", standards: tuple[charts.Standard, ...]) -> str:
    if found.seen_after:
        return "still there, seen after the last count out"
    asked = found.prob_none_left_nor_back
    word = words.likelihood(asked.low, asked.high, view.header.scale or words.ICD_203)
    said = f"none left and none brought back, {word}"
    if not standards:
        return said
    least = max(each.probability for each in standards)
    meets = asked.low >= least
    reached = "meets" if meets else "may meet" if asked.high >= least else "does not reach"
    return f"{said}; {reached} the standard of {words.probability(least)}"


def _worst(found: "ItemAssurance") -> str:
    miss = found.worst_case_miss
    if miss is None:
        return ""
    if miss.low == miss.high:
        return f"{miss.best:.2g}"
    return f"{miss.best:.2g} ({miss.low:.2g} to {miss.high:.2g})"


def _names(view: View, found: "ItemAssurance") -> tuple[str, ...]:
    bodies = [entry.body for name in found.assumed if (entry := view.facts.get(name)) is not None]
    return tuple(f"{body.name} " for body in bodies if isinstance(body, Assumption))


def _figure_of(view: View, name: str) -> Cell:
    if name not in view.items_with_figures():
        return Cell("no figure: nothing is assumed of it", tone="quiet")
    asking = [body for _, body in view.facts.of(Undertaking) if undertakings.item_of(body) == name]
    try:
        found = view.assurance(name)
    except InputError as fault:
        return Cell(not_computed_here(fault), tone="unknown")
    must = [body for body in asking if body.modality == "must"]
    if must:
        return undertakings.figure(view, name, must[0])
    if found.seen_after:
        return Cell("still there", tone="warning", rests_on=found.seen_after)
    word = words.likelihood(
        found.prob_none_left_nor_back.low,
        found.prob_none_left_nor_back.high,
        view.header.scale or words.ICD_203,
    )
    return Cell(f"none left, none back: {word}", rests_on=found.rests_on)


def _asking(view: View, name: str) -> tuple[Asking, ...]:
    return tuple(
        Asking(
            str(entry.id),
            undertakings.what_words(body),
            undertakings.how_sure(view, body, view.standing()[str(entry.id)]),
        )
        for entry, body in view.facts.of(Undertaking)
        if undertakings.item_of(body) == name and str(entry.id) in view.standing()
    )


def _standards(view: View, name: str) -> tuple[charts.Standard, ...]:
    return tuple(
        charts.Standard(str(entry.id), body.standard)
        for entry, body in view.facts.of(Undertaking)
        if undertakings.item_of(body) == name and body.standard is not None
    )


def _ticks(view: View, name: str) -> tuple[charts.Tick, ...]:
    outcomes = {"made": "made", "refused": "refused"}
    numbers: dict[tuple[date, str, str], int] = {}
    for day, found in view.looks_by_day.items():
        for (means, outcome, items), number in found.numbers.items():
            if not items or name in items:
                key = (day, means, outcome)
                numbers[key] = numbers.get(key, 0) + number
    looks = [
        charts.Tick(
            day,
            cast(charts.Outcome, outcomes.get(outcome, "failed")),
            f"{'' if number == 1 else f'{number} × '}{name_of(view, means)} {outcome}",
        )
        for (day, means, outcome), number in numbers.items()
    ]
    seen = [
        charts.Tick(view.facts.local_day(entry), "seen", told(view, entry))
        for entry, count in view.facts.of(Count)
        if count.item == name and count.moving != "leaving" and (count.number or count.low)
    ]
    return tuple(sorted([*looks, *seen], key=lambda tick: tick.day))


def _tables(view: View, name: str) -> tuple[Section, ...]:
    found = (counted.of_item(view, name),)
    return tuple(qualified_section(each, view) for each in found if each is not None)


def _entries(view: View, names: tuple[str, ...]) -> tuple[tuple[Entry, str], ...]:
    found = (view.facts.get(name) for name in names)
    return tuple((entry, _assumption(view, entry)) for entry in found if entry is not None)


def _assumption(view: View, entry: Entry) -> str:
    body = entry.body
    if not isinstance(body, Assumption):
        return told(view, entry)
    return (
        f"{body.name}: {body.best:g} ({body.low:g} to {body.high:g}), {body.author}: {body.basis}"
    )


def _amount(body: object) -> str:
    if body is None:
        return "–"
    return words.amount(
        getattr(body, "number", None), getattr(body, "low", None), getattr(body, "high", None)
    )
