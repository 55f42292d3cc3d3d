"""What each side keeps up, what is offered, and what follows each answer."""

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, points, quiet, section
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Measure, Offer, Response, Undertaking

_NEWS_DAYS = 7  # an answer is news for so long


def measures(view: View) -> Section | None:
    """The measures in force: whether they see it, what a day more costs, what taking back needs."""
    weighed = [(e, m) for e, m in view.measures if _is_weighed(m)]
    others = [(e, m) for e, m in view.measures if not _is_weighed(m)]
    rows = tuple(
        Row(
            (
                cell(f"{m.party}: {m.name}", entry, tone="strong"),
                cell(m.level),
                quiet(day_of(view, entry)),
                _entered(m.seen_by_them),
                _entered(_cost(m)),
                _entered(_back(view, m)),
            )
        )
        for entry, m in weighed
    )
    columns = (
        Column("Measure", 1.5),
        Column("level", 1.5),
        Column("as of", 0.7),
        Column("do they see it?", 1.9),
        Column("a day more costs", 1.7),
        Column("to take back", 3.4),
    )
    told = "; ".join(f"{m.name} {m.level} ({m.party}, {day_of(view, e)})" for e, m in others)
    more = [Point("cost not entered", cell(told, *(e for e, _ in others)))] if others else []
    return section("measures", "What is kept up", Table(columns, rows), points(more))


def _is_weighed(measure: Measure) -> bool:
    told = measure.seen_by_them or measure.cost or measure.to_reverse or measure.expires
    return bool(told) or measure.cost_a_day is not None


def _cost(measure: Measure) -> str:
    """What it costs: a figure for a day and for a week, where one was entered."""
    if measure.cost_a_day is None:
        return measure.cost
    unit = f" {measure.cost_unit}" if measure.cost_unit else ""
    figures = f"{measure.cost_a_day:g}{unit} a day, {7 * measure.cost_a_day:g} a week"
    return f"{measure.cost}; {figures}" if measure.cost else figures


def _back(view: View, measure: Measure) -> str:
    if measure.expires is None:
        return measure.to_reverse
    ends = f"ends by itself {words.when_words(measure.expires, view.case.zone, view.on)}"
    return f"{measure.to_reverse}; {ends}" if measure.to_reverse else ends


def _entered(text: str) -> Cell:
    return cell(text) if text else quiet("not entered")


def offers(view: View) -> Section | None:
    """Each offer on the table: its terms, the risk in it, and what follows each answer.

    One that was settled stays for a week, with its answer.
    """
    answers = {r.offer: (entry, r) for entry, r in view.facts.of(Response)}
    return section(
        "offers",
        "Offers on the table",
        points(
            _offer(view, entry, offer, answers.get(entry.id))
            for entry, offer in view.facts.of(Offer)
            if not _is_over(view, answers.get(entry.id))
        ),
    )


def _is_over(view: View, answer: tuple[Entry, Response] | None) -> bool:
    if answer is None or answer[1].answer not in ("accepted", "refused"):
        return False
    return (view.on - view.facts.start(answer[0])).days > _NEWS_DAYS


def _offer(view: View, entry: Entry, offer: Offer, answer: tuple[Entry, Response] | None) -> Point:
    to = f" to {words.listed(offer.to)}" if offer.to else ""
    state = f"put{to}" if offer.put else f"not put{to}"
    about = f"; {words.listed(offer.undertakings)}" if offer.undertakings else ""
    text = f"{offer.text or entry.id} ({state}{about}; {day_of(view, entry)})"
    branches = [
        f"{word}: {then}"
        for word, then in (
            ("first", offer.before),
            ("accepted", offer.if_accepted),
            ("countered", offer.if_countered),
            ("refused", offer.if_rejected),
        )
        if then
    ]
    notes = []
    if branches or answer is None or answer[1].answer == "none":
        told = "; ".join(branches) or "What follows each answer: not entered"
        notes.append(quiet(words.sentence(told)))
    notes += _unverifiable(view, offer)
    if entry.note:
        notes.append(quiet(entry.note))
    if answer is not None:
        notes.append(cell(_answer(view, *answer), answer[0], tone="strong"))
    return Point(offer.by, cell(text, entry), tuple(notes))


def _unverifiable(view: View, offer: Offer) -> list[Cell]:
    """The undertakings in the offer for which no means of verifying is named."""
    entries = [(name, view.facts.get(name)) for name in offer.undertakings]
    found = [
        name
        for name, entry in entries
        if entry and isinstance(entry.body, Undertaking) and not entry.body.verification
    ]
    if not found:
        return []
    return [cell(f"No means of verifying {words.listed(found)} is named.", tone="warning")]


def _answer(view: View, entry: Entry, response: Response) -> str:
    if response.answer == "none":
        return f"No answer from {response.party} by {day_of(view, entry)}."
    text = f": {response.text}" if response.text else ""
    return f"{words.capital(response.answer)} by {response.party}, {day_of(view, entry)}{text}."
