"""Packages side by side: who must do what in which order, seen by what, and who carries the risk.

The order is that of the waits: whoever waits for another comes after him. Between two steps whoever
has acted carries the risk that the other does not. What an offer does not say is shown as open,
never filled in.
"""

from collections.abc import Mapping, Sequence

import msgspec

from excomm.entries.kinds import Offer, Undertaking
from excomm.entries.nearest import did_you_mean
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.terms.assured import Figure
from excomm.terms.book import book
from excomm.terms.findings import Finding, check
from excomm.terms.judging import Room
from excomm.terms.order import components
from excomm.terms.phrases import condition_words, listed, party_words, point_words
from excomm.terms.promises import promises
from excomm.terms.rings import atoms, named, needed_by_point
from excomm.terms.spans import spans
from excomm.terms.standing import NONE
from excomm.terms.text import Text, text_of

_OPEN = ("no_deadline", "unverifiable_means", "counting_open_to_doubt", "standard_missing")


class Step(msgspec.Struct, frozen=True):
    """One undertaking of a package. turn: from 1; equal turns wait for nothing of each other."""

    turn: int
    undertaking: str
    by: str
    what: str
    when: str
    verified_by: str  # the agreed means; empty where none is agreed
    assurance: str  # how sure its item's figure is; empty where there is none
    risk: str  # who acts before the other, and on what; empty where nobody does


class Package(msgspec.Struct, frozen=True):
    """One offer, as far as the record says it."""

    offer: str
    by: str
    text: str
    put: bool
    steps: tuple[Step, ...]
    before: str
    if_accepted: str
    if_countered: str
    if_rejected: str
    open: tuple[str, ...]  # what remains open, in words


def compare(
    facts: Facts, offers: Sequence[str] = (), figures: Mapping[str, Figure] = NONE
) -> tuple[Package, ...]:
    """The offers side by side, in the order asked for; all of the day where none is named.

    Raises InputError for an offer that the facts do not have.
    """
    text = text_of(facts)
    for name in offers:
        if name not in text.offers:
            known = ", ".join(text.offers) or "there is none"
            raise InputError(
                "offers", name, f"an offer of the case ({known})", did_you_mean(name, text.offers)
            )
    found = check(facts)
    asked = Room(book(facts, figures))
    outcomes = asked.found.outcomes
    agreed = {name: outcomes[name].body for name in text.undertakings}  # as amended by the day
    first = {
        promise.first: promise.on
        for promise in promises(text.undertakings, spans(text.undertakings, text.zone))
    }
    return tuple(
        _package(name, text.offers[name], text, agreed, found, first, figures)
        for name in offers or text.offers
    )


def aspects(package: Package) -> tuple[tuple[str, str], ...]:
    """What there is to compare, each with what this offer says of it; what it does not is unknown.

    The same names in the same order for every offer.
    """
    steps = package.steps
    order = "; ".join(f"{step.turn}. {step.by}: {step.what} ({step.undertaking})" for step in steps)
    when = "; ".join(f"{step.undertaking} {step.when or 'unknown'}" for step in steps)
    means = "; ".join(f"{step.undertaking} by {step.verified_by or 'no means'}" for step in steps)
    sure = "; ".join(f"{step.undertaking} {step.assurance or 'unknown'}" for step in steps)
    risk = "; ".join(step.risk for step in steps if step.risk)
    return (
        ("offered by", package.by + ("" if package.put else ", not yet put")),
        ("says", package.text or "unknown"),
        ("before it is put", package.before or "unknown"),
        ("who does what, in order", order or "unknown"),
        ("when", when or "unknown"),
        ("verified by", means or "unknown"),
        ("how sure", sure or "unknown"),
        ("who carries the risk", risk or ("nobody" if steps else "unknown")),
        ("if accepted", package.if_accepted or "unknown"),
        ("if countered", package.if_countered or "unknown"),
        ("if rejected", package.if_rejected or "unknown"),
        ("remains open", "; ".join(package.open) or "nothing"),
    )


def _package(
    name: str,
    offer: Offer,
    text: Text,
    agreed: Mapping[str, Undertaking],
    found: Sequence[Finding],
    first: Mapping[str, tuple[str, ...]],
    figures: Mapping[str, Figure],
) -> Package:
    inside = {of: agreed[of] for of in offer.undertakings if of in agreed}
    steps = _steps(inside, text, first, figures)
    return Package(
        offer=name,
        by=_who((offer.by,), text),
        text=offer.text,
        put=offer.put,
        steps=steps,
        before=offer.before,
        if_accepted=offer.if_accepted,
        if_countered=offer.if_countered,
        if_rejected=offer.if_rejected,
        open=tuple(_open(offer, inside, found)),
    )


def _steps(
    inside: Mapping[str, Undertaking],
    text: Text,
    first: Mapping[str, tuple[str, ...]],
    figures: Mapping[str, Figure],
) -> tuple[Step, ...]:
    needs = _order(inside, first)
    turns: dict[str, int] = {}
    for group in components(needs):
        members = set(group)
        earlier = [turns[n] for name in group for n in needs[name] if n not in members]
        turn = max(earlier, default=0) + 1
        turns.update(dict.fromkeys(group, turn))
    order = sorted(inside, key=lambda name: turns[name])
    return tuple(
        Step(
            turn=turns[name],
            undertaking=name,
            by=_who(inside[name].by, text),
            what=_what(inside[name]),
            when=_when(inside[name], text),
            verified_by=listed(list(inside[name].verification)),
            assurance=_assurance(name, inside[name], figures),
            risk=_risk(name, inside, needs, text, first),
        )
        for name in order
    )


def _order(
    inside: Mapping[str, Undertaking], first: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """After whom each acts: what is only promised is performed after who acts on the promise."""
    needs = {name: list(_needs(body, inside)) for name, body in inside.items()}
    for name, promised in first.items():
        for other in promised:
            if name in inside and other in inside:
                needs[name] = [needed for needed in needs[name] if needed != other]
                needs[other].append(name)
    return {name: tuple(needed) for name, needed in needs.items()}


def _needs(body: Undertaking, inside: Mapping[str, Undertaking]) -> tuple[str, ...]:
    waited = [named(atom) for atom in atoms(body.condition)]
    names = (*waited, *needed_by_point(body.starts, inside))
    return tuple(dict.fromkeys(name for name in names if name is not None and name in inside))


def _what(body: Undertaking) -> str:
    return {"must": "", "must_not": "not ", "may": "may "}[body.modality] + body.what


def _when(body: Undertaking, text: Text) -> str:
    said = []
    if body.condition is not None:
        said.append(f"once {condition_words(body.condition, text)}")
    if body.starts is not None:
        said.append(f"from {point_words(body.starts, text, last=False).removeprefix('on ')}")
    if body.due is not None:
        said.append(point_words(body.due, text, last=True))
    return ", ".join(said)


def _assurance(name: str, body: Undertaking, figures: Mapping[str, Figure]) -> str:
    item = body.item or (body.quantity.item if body.quantity else "")
    figure = figures.get(name) or figures.get(item)
    return f"{figure.low:.2f} to {figure.high:.2f}" if figure else ""


def _risk(
    name: str,
    inside: Mapping[str, Undertaking],
    needs: Mapping[str, Sequence[str]],
    text: Text,
    first: Mapping[str, tuple[str, ...]],
) -> str:
    body = inside[name]
    who = _who(body.by, text)
    if name in first:
        others = _who(tuple(p for on in first[name] for p in text.undertakings[on].by), text)
        return f"{who} acts on a mere promise of {others} ({', '.join(first[name])})"
    later = [
        other
        for other, needed in needs.items()
        if name in needed and not set(inside[other].by) & set(body.by)
    ]
    if later and body.modality == "must":
        others = _who(tuple(p for other in later for p in inside[other].by), text)
        return f"{who} has acted before {others} does ({', '.join(later)})"
    return ""


def _open(offer: Offer, inside: Mapping[str, Undertaking], found: Sequence[Finding]) -> list[str]:
    said = []
    if not offer.undertakings:
        said.append("which undertakings it joins is not in the record")
    said.extend(f"{of} is not in the record" for of in offer.undertakings if of not in inside)
    branches = {
        "accepted": offer.if_accepted,
        "countered": offer.if_countered,
        "rejected": offer.if_rejected,
    }
    unsaid = [branch for branch, then in branches.items() if not then]
    if unsaid:
        said.append(f"what follows if it is {listed(unsaid, 'or')} is not said")
    said.extend(
        finding.says.partition(". ")[0].rstrip(".")
        for finding in found
        if finding.check in _OPEN
        and finding.on[0] in inside
        and not (finding.check == "no_deadline" and inside[finding.on[0]].due is not None)
    )
    return said


def _who(parties: Sequence[str], text: Text) -> str:
    return listed([party_words(party, text.name(party)) for party in dict.fromkeys(parties)])
