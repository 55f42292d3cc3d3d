"""What each side keeps up, what is offered, and what follows each answer."""

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, points, quiet, section
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Offer, Response, Undertaking
from excomm.entries.language import All, Any, Condition, Counted, Is, Relative


def measures(view: View) -> Section | None:
    """The measures in force: whether they see it, what a day more costs, what taking back needs."""
    rows = [
        Row(
            (
                cell(m.name, entry, tone="strong"),
                cell(m.level),
                quiet(f"{m.party}, {day_of(view, entry)}"),
                cell(m.seen_by_them or "not entered", tone=_entered(m.seen_by_them)),
                cell(m.cost or "not entered", tone=_entered(m.cost)),
                cell(m.to_reverse or "not entered", tone=_entered(m.to_reverse)),
            )
        )
        for entry, m in view.measures
    ]
    columns = (
        Column("Measure", 1.6),
        Column("level", 1.6),
        Column("kept up by, since", 1.3),
        Column("do they see it?", 1.6),
        Column("a day more costs", 2),
        Column("to take back", 2),
    )
    return section("measures", "What is kept up", Table(columns, tuple(rows)))


def _entered(text: str):  # type: ignore[no-untyped-def]
    return "plain" if text else "quiet"


def offers(view: View) -> Section | None:
    """Each offer on the table: its terms, the risk in it, and what follows each answer."""
    answers = {r.offer: (entry, r) for entry, r in view.facts.of(Response)}
    settled = {"accepted", "refused"}
    return section(
        "offers",
        "Offers on the table",
        points(
            _offer(view, entry, offer, answers.get(entry.id))
            for entry, offer in view.facts.of(Offer)
            if entry.id not in answers or answers[entry.id][1].answer not in settled
        ),
    )


def _offer(view: View, entry: Entry, offer: Offer, answer: tuple[Entry, Response] | None) -> Point:
    to = f" to {words.listed([*offer.to])}" if offer.to else ""
    state = f"put{to}" if offer.put else f"proposed{to}, not put"
    notes = [*_terms(view, offer), *_risks(view, offer)]
    if entry.note:
        notes.append(quiet(entry.note))
    if offer.before:
        notes.append(cell(f"Before it is put: {words.sentence(offer.before)}"))
    branches = [
        f"{word}: {text}"
        for word, text in (
            ("accepted", offer.if_accepted),
            ("countered", offer.if_countered),
            ("refused", offer.if_rejected),
        )
        if text
    ]
    notes.append(cell(f"If {'; if '.join(branches)}." if branches else "Branches not entered."))
    if answer is not None:
        notes.append(cell(_answer(view, *answer), answer[0], tone="strong"))
    text = f"{offer.text or entry.id} ({state}, {day_of(view, entry)})"
    return Point(offer.by, cell(text, entry), tuple(notes))


def _answer(view: View, entry: Entry, response: Response) -> str:
    if response.answer == "none":
        return f"No answer from {response.party} by {day_of(view, entry)}."
    text = f": {response.text}" if response.text else ""
    return f"{words.capital(response.answer)} by {response.party}, {day_of(view, entry)}{text}."


def _terms(view: View, offer: Offer) -> list[Cell]:
    told = []
    for name in offer.undertakings:
        entry = view.facts.get(name)
        if entry is not None and isinstance(entry.body, Undertaking):
            told.append(f"{name} {words.listed(entry.body.by)}: {entry.body.what}")
    return [quiet(f"Undertakings: {'; '.join(told)}.")] if told else []


def _risks(view: View, offer: Offer) -> list[Cell]:
    """Who performs first on a mere promise; what nobody could verify."""
    found = []
    for name in offer.undertakings:
        entry = view.facts.get(name)
        if entry is None or not isinstance(entry.body, Undertaking):
            continue
        body = entry.body
        if offer.by in body.by and _on_a_promise(body):
            found.append(cell(f"{offer.by} acts first on {name}, on a promise.", tone="warning"))
        elif not body.verification and offer.by not in body.by:
            found.append(cell(f"No means of verifying {name} is named.", tone="warning"))
    return found


def _on_a_promise(undertaking: Undertaking) -> bool:
    """Whether an acceptance alone, and no performance, sets the undertaking going."""
    if undertaking.condition is not None:
        return not _needs_performance(undertaking.condition) and _is_promised(undertaking.condition)
    starts = undertaking.starts
    return isinstance(starts, Relative) and not starts.anchor.startswith("fulfilled ")


def _needs_performance(condition: Condition) -> bool:
    match condition:
        case All(parts) | Any(parts):
            return any(_needs_performance(part) for part in parts)
        case Counted():
            return True
        case Is(what, _):
            return what == "fulfilled"
    return False


def _is_promised(condition: Condition) -> bool:
    match condition:
        case All(parts) | Any(parts):
            return any(_is_promised(part) for part in parts)
        case Is(what, _):
            return what in ("accepted_by", "in_force")
    return False
