"""References of the text that name nothing: undertakings, parties, items that it does not have.

Events are not asked for: what a point or a condition waits for may still be to come.
"""

from collections.abc import Collection, Iterable, Iterator

from excomm.entries.kinds import Offer, Undertaking
from excomm.entries.language import Condition, Fixed, Is, Point, Relative, With
from excomm.entries.nearest import did_you_mean
from excomm.terms.rings import atoms, named
from excomm.terms.text import Text

_ANCHORS = ("start of ", "due of ", "fulfilled ")
_OWN = ("starts", "condition")
_NEAR_MAX = 1000  # among more names the nearest is not looked for


def unknown(text: Text) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each undertaking or package that names something unknown, with what, in words."""
    known = text.parties.keys() | text.outsiders.keys()
    for name, body in text.undertakings.items():
        said = dict.fromkeys((*_parties(body, text, known), *_of_undertaking(body, text)))
        if said:
            yield name, tuple(said)
    for name, offer in text.offers.items():
        said = dict.fromkeys(_of_offer(offer, text))
        if said:
            yield name, tuple(said)


def _parties(body: Undertaking, text: Text, known: Collection[str]) -> Iterable[str]:
    asked = (body.on_request_of,) if body.on_request_of else ()
    named_here = (*body.by, *body.to, *body.needs_consent_of, *asked, *body.readings)
    if not text.parties or all(party in known for party in named_here):
        return ()
    return [
        _said(field, party, "party", (*text.parties, *text.outsiders))
        for field, parties in (
            ("by", body.by),
            ("to", body.to),
            ("needs_consent_of", body.needs_consent_of),
            ("on_request_of", asked),
            ("readings", body.readings),
        )
        for party in parties
        if party not in known
    ]


def _of_undertaking(body: Undertaking, text: Text) -> Iterator[str]:
    for of in body.relies_on:
        yield from _undertaking("relies_on", of, text)
    for field, point in (("starts", body.starts), ("due", body.due), ("ends", body.ends)):
        if point is not None and type(point) is not Fixed:
            yield from _point(field, point, body, text)
    if body.condition is not None:
        yield from _condition(body.condition, text)
    for reading in body.readings.values():
        yield from _point("starts", reading.starts, body, text)
        yield from _condition(reading.condition, text)
    if body.quantity is not None and body.quantity.item:
        yield from _item("quantity.item", body.quantity.item, text)
    if body.item:
        yield from _item("item", body.item, text)


def _of_offer(offer: Offer, text: Text) -> Iterator[str]:
    yield from _party("by", offer.by, text)
    for party in offer.to:
        yield from _party("to", party, text)
    for of in offer.undertakings:
        yield from _undertaking("undertakings", of, text)


def _condition(condition: Condition | None, text: Text) -> Iterator[str]:
    for atom in atoms(condition):
        of = named(atom)
        if of is not None:
            yield from _undertaking("condition", of, text)
        elif isinstance(atom, Is) and atom.what in ("requested_by", "accepted_by"):
            yield from _party("condition", atom.of, text)


def _point(field: str, point: Point | None, body: Undertaking, text: Text) -> Iterator[str]:
    match point:
        case With(undertaking):
            yield from _undertaking(field, undertaking, text)
        case Relative("condition"):
            read = (reading.condition for reading in body.readings.values())
            if body.condition is None and not any(read):
                yield f"{field}: the undertaking has no condition"
        case Relative(anchor) if anchor not in _OWN:
            for word in _ANCHORS:
                if anchor.startswith(word):
                    yield from _undertaking(field, anchor.removeprefix(word), text)


def _undertaking(field: str, name: str, text: Text) -> Iterator[str]:
    if name not in text.undertakings:
        yield _said(field, name, "undertaking", text.undertakings)


def _party(field: str, party: str, text: Text) -> Iterator[str]:
    if _is_unknown(party, text):
        yield _said(field, party, "party", (*text.parties, *text.outsiders))


def _is_unknown(party: str, text: Text) -> bool:
    return bool(text.parties) and party not in text.parties and party not in text.outsiders


def _item(field: str, item: str, text: Text) -> Iterator[str]:
    if text.units and item not in text.units:
        yield _said(field, item, "item", text.units)


def _said(field: str, name: str, kind: str, known: Collection[str]) -> str:
    near = did_you_mean(name, known) if len(known) <= _NEAR_MAX else ""
    return f"{field}: {name} is no {kind} of the agreement" + (f" ({near})" if near else "")
