"""The agreement in plain English: one paragraph an undertaking, and what a changed text changes.

Read from the text alone. Each paragraph says who owes what to whom, when it begins and what that
waits for, by when it must be done, how anybody would know, and who acts first on a promise.
"""

from collections.abc import Iterable, Iterator

from excomm.entries import Entry
from excomm.entries.kinds import Offer, Undertaking
from excomm.fold import Facts
from excomm.terms.phrases import (
    MONTHS,
    condition_words,
    counted,
    duration_words,
    figures,
    listed,
    party_words,
    point_words,
)
from excomm.terms.promises import promises
from excomm.terms.rings import atoms, named
from excomm.terms.spans import spans
from excomm.terms.text import Text, text_of

Source = Facts | Iterable[Entry]

_MODALITY = {"must": "must", "must_not": "must not", "may": "may"}


def say(source: Source) -> str:
    """The agreement as plain English, a paragraph an undertaking and a package.

    source: the facts of a day, or the entries of a file.
    """
    return "\n\n".join(paragraphs(source).values()) + "\n"


def paragraphs(source: Source) -> dict[str, str]:
    """The same by id, the head of the agreement first."""
    text = text_of(source)
    first = {
        promise.first: promise.on
        for promise in promises(text.undertakings, spans(text.undertakings, text.zone))
    }
    found = {name: _head(name, text) for name in text.agreements}
    for name, body in text.undertakings.items():
        found[name] = " ".join(_paragraph(name, body, text, first.get(name, ())))
    for name, offer in text.offers.items():
        found[name] = " ".join(_package(name, offer, text))
    return found


def say_changes(before: Source, after: Source) -> str:
    """What a changed text says otherwise: paragraphs gone, come, and changed; empty where none."""
    old, new = paragraphs(before), paragraphs(after)
    said: list[str] = []
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            said.append(f"No longer there:\n- {old[name]}")
        elif name not in old:
            said.append(f"Added:\n+ {new[name]}")
        elif old[name] != new[name]:
            said.append(_changed(name, old[name], new[name]))
    return "\n\n".join(said) + ("\n" if said else "")


def _changed(name: str, old: str, new: str) -> str:
    before, after = _sentences(old), _sentences(new)
    gone = [f"- {sentence}" for sentence in before if sentence not in after]
    come = [f"+ {sentence}" for sentence in after if sentence not in before]
    return "\n".join((f"Changed, {name}:", *gone, *come))


def _sentences(paragraph: str) -> list[str]:
    return [part.rstrip(".") + "." for part in paragraph.split(". ")]


def _head(name: str, text: Text) -> str:
    agreement = text.agreements[name]
    said = [f"{agreement.title}{f' ({agreement.form})' if agreement.form else ''}."]
    bound = [party_words(party, known) for party, known in agreement.parties.items()]
    if bound:
        said.append(f"Between {listed(bound)}.")
    outside = [party_words(party, known) for party, known in agreement.not_party.items()]
    if outside:
        said.append(f"{_capital(listed(outside))} never accepted it and is not bound by it.")
    said.append(f"Its days are those of {agreement.zone}.")
    return " ".join(said)


def _paragraph(name: str, body: Undertaking, text: Text, on: tuple[str, ...]) -> Iterator[str]:
    by = listed([party_words(party, text.name(party)) for party in body.by])
    to = listed([party_words(party, text.name(party)) for party in body.to])
    owed = {"must": "owed to", "must_not": "owed to", "may": "allowed by"}[body.modality]
    whom = f" ({owed} {to})" if to else ""
    what = body.what.rstrip(".")
    yield f"{name}: {by} {_MODALITY[body.modality]} {what}{_amount(body, text)}{whom}."
    yield from _start(body, text)
    if on:
        others = listed(
            list(
                dict.fromkeys(
                    party_words(party, text.name(party))
                    for each in on
                    for party in text.undertakings[each].by
                )
            )
        )
        yield (
            f"So {by} acts first, on the promise of {others} ({listed(list(on))}), which need not"
            " have been kept by then."
        )
    yield from _deadline(body, text)
    yield from _knowing(body, text)
    yield from _rest(body, text)


def _amount(body: Undertaking, text: Text) -> str:
    quantity = body.quantity
    if quantity is None:
        return ""
    unit = quantity.unit or text.units.get(quantity.item) or quantity.item
    limit = "no more than " if body.modality == "must_not" else ""
    return f", {limit}{figures(quantity.number)} {unit}"


def _start(body: Undertaking, text: Text) -> Iterator[str]:
    if body.starts is None and body.condition is None and not body.readings:
        yield "It begins when it is accepted: the text names no start."
    if body.starts is not None:
        yield f"It begins {point_words(body.starts, text, last=False)}."
    if body.condition is not None:
        yield f"It binds only once {condition_words(body.condition, text)}."
        yield from _waits(body, text)
    for party, reading in body.readings.items():
        said = []
        if reading.what:
            said.append(reading.what.rstrip("."))
        if reading.starts is not None:
            said.append(f"it begins {point_words(reading.starts, text, last=False)}")
        if reading.condition is not None:
            said.append(f"it binds only once {condition_words(reading.condition, text)}")
        who = party_words(party, text.name(party))
        yield f"{_capital(who)} reads it so: {'; '.join(said)}."
    if body.on_request_of:
        asking = party_words(body.on_request_of, text.name(body.on_request_of))
        yield f"It is owed whenever {asking} asks."


def _waits(body: Undertaking, text: Text) -> Iterator[str]:
    """What each undertaking waited for is, in its own words."""
    for of in dict.fromkeys(named(atom) for atom in atoms(body.condition)):
        other = text.undertakings.get(of) if of else None
        if other is not None:
            by = listed([party_words(party, text.name(party)) for party in other.by])
            yield f"{of} is that {by} {_MODALITY[other.modality]} {other.what.rstrip('.')}."


def _deadline(body: Undertaking, text: Text) -> Iterator[str]:
    if body.due is not None:
        done = "The right ends" if body.modality == "may" else "It must be done"
        done = "It is due" if body.kind != "achieve" or body.modality == "must_not" else done
        when = point_words(body.due, text, last=True)
        yield f"{done} {when}."
    elif body.kind == "achieve" and body.modality == "must":
        yield "No deadline is set."
    if body.kind == "recur" and body.each is not None:
        months = listed([MONTHS[month - 1] for month in body.each.months])
        every = "every month" if len(body.each.months) == len(MONTHS) else f"in {months}"
        day = f", by day {body.each.due_day}" if body.each.due_day else ""
        yield f"It comes round {every}{day}."
    if body.ends is not None:
        renewable = ", and may be renewed" if getattr(body.ends, "renewable", False) else ""
        yield f"It ends {point_words(body.ends, text, last=False)}{renewable}."
    elif body.kind == "maintain" and body.due is None:
        yield "No end is set."
    if body.evidence_by:
        yield f"Evidence may come until {duration_words(body.evidence_by)} after the deadline."


def _knowing(body: Undertaking, text: Text) -> Iterator[str]:
    if body.verification:
        yield f"It is verified by {listed(list(body.verification))}."
    else:
        yield "No means of verification is agreed."
    if body.relies_on:
        yield f"Its evidence rests on {listed(list(body.relies_on))}."
    if body.standard is not None:
        accuse = f", and {body.accuse:g} to call it broken" if body.accuse is not None else ""
        yield f"A probability of {body.standard:g} is needed to call it performed{accuse}."
    if body.silence == "breached":
        yield "Silence after the deadline means that it is broken."
    if body.needs_consent_of:
        who = listed([party_words(party, text.name(party)) for party in body.needs_consent_of])
        never = [party for party in body.needs_consent_of if party in text.outsiders]
        outside = listed([party_words(party, text.name(party)) for party in never])
        yield f"It needs the consent of {who}" + (
            f"; {outside} never agreed to it, and may obstruct it." if never else "."
        )


def _rest(body: Undertaking, text: Text) -> Iterator[str]:
    for limit, number in body.measure.items():
        yield f"Its measure of {limit.replace('_', ' ')} is {figures(number)}."
    if body.for_as_long_as:
        yield f"It holds for as long as {body.for_as_long_as.rstrip('.')}."
    if body.without_prejudice_to:
        yield f"It leaves above it {listed(list(body.without_prejudice_to))}."
    if body.leaves_free:
        yield f"It leaves free: {'; '.join(body.leaves_free)}."


def _package(name: str, offer: Offer, text: Text) -> Iterator[str]:
    by = party_words(offer.by, text.name(offer.by))
    to = listed([party_words(party, text.name(party)) for party in offer.to])
    said = f": {offer.text.rstrip('.')}" if offer.text else ""
    yield f"{name}, offered by {by}{f' to {to}' if to else ''}{said}."
    if offer.undertakings:
        number = counted(len(offer.undertakings), "undertaking")
        yield f"It joins {number}: {listed(list(offer.undertakings))}."
    else:
        yield "Which undertakings it joins, the record does not say."
    branches = (
        ("Before it is put", offer.before),
        ("If it is accepted", offer.if_accepted),
        ("If it is countered", offer.if_countered),
        ("If it is rejected", offer.if_rejected),
    )
    for branch, then in branches:
        yield f"{branch}: {then.rstrip('.') or 'not said'}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
