"""The facts of the case as this room needs them: undertakings and events, indexed by each other.

Made once for a day; everything after it works on these and asks the facts no more.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from types import MappingProxyType

import msgspec

from excomm.entries import Entry, parse_zone, start_of
from excomm.entries.kinds import (
    Agreement,
    Assessment,
    CaseHeader,
    Correction,
    Event,
    Item,
    Offer,
    Party,
    Response,
    Undertaking,
)
from excomm.entries.language import (
    EventKind,
    Point,
    Relative,
    With,
)
from excomm.fold import Facts
from excomm.terms.assured import Assessed, Figure
from excomm.terms.conditions import ACCEPTING
from excomm.terms.counting import counted_acts, counts_of_removal, merged, owed_of
from excomm.terms.evidence import Act, in_time
from excomm.terms.own_words import own_words
from excomm.terms.points import local_day

# What is asked for although it names no undertaking.
SAID_AT_LARGE: frozenset[EventKind] = ACCEPTING | {"request"}
_EVENT, _ACCEPTANCE, _SUPPOSED = 0, 1, 3  # and counts between: see `Place`
_ANCHOR_WORDS = ("start of ", "due of ", "fulfilled ")


class Book(msgspec.Struct, frozen=True):
    """What the record says of the agreement on one day."""

    on: datetime  # UTC
    zone: tzinfo  # the agreement's
    undertakings: dict[str, Undertaking]  # in the order of the agreement
    about: Mapping[str, tuple[Act, ...]]  # undertaking -> acts about it, in order of time
    at_large: tuple[Act, ...]  # what somebody said without naming an undertaking
    acts: Mapping[str, Act]
    latest: datetime  # when the last of them was so
    counted: frozenset[str]  # undertakings on which counts of the record may bear
    outsiders: frozenset[str]  # named in the text, never accepted
    names: dict[str, str]  # of parties
    units: Mapping[str, str]  # of items
    corrected: Mapping[str, datetime]  # entries no longer held, and when the desk learned it
    figures: Mapping[str, Figure]  # of undertakings by their own id, else of items
    assessed: Mapping[str, Assessed]  # undertaking -> the latest that a person entered of its state
    own_words: Mapping[str, str]  # what the institution says for a state

    def figure(self, name: str, body: Undertaking) -> Figure | None:
        """The assurance figure of an undertaking, else that of its item."""
        if not self.figures or body.standard is None:
            return None
        item = body.item or (body.quantity.item if body.quantity else "")
        return self.figures.get(name) or self.figures.get(item)

    @property
    def today(self) -> date:
        """The day asked for, in the zone."""
        return local_day(self.on, self.zone)


def book(facts: Facts, figures: Mapping[str, Figure] = MappingProxyType({})) -> Book:
    """Index the facts; times are worked out in the agreement's zone, else the case's."""
    agreements = facts.of(Agreement)
    zone = parse_zone(agreements[0][1].zone) if agreements else facts.zone
    undertakings = {str(entry.id): body for entry, body in facts.of(Undertaking)}
    acts = sorted(_acts(facts, zone), key=in_time)
    about, at_large = _indexed(acts, undertakings)
    counts = counts_of_removal(facts)
    owed = owed_of(counts, undertakings, about)
    counted = merged(counted_acts(counts, owed, about, facts.on, zone))
    if counted:
        acts = sorted((*acts, *counted), key=in_time)
        about, at_large = _indexed(acts, undertakings)
    headers = facts.of(CaseHeader)
    names = {
        party: name for _, agreement in agreements for party, name in agreement.parties.items()
    }
    outsiders = {p: name for _, agreement in agreements for p, name in agreement.not_party.items()}
    for entry, party in facts.of(Party):
        names.setdefault(str(entry.id), party.name)
        if party.role == "outsider":
            outsiders.setdefault(str(entry.id), party.name)
    return Book(
        on=facts.on,
        zone=zone,
        undertakings=undertakings,
        about=about,
        at_large=at_large,
        acts={act.id: act for act in acts},
        latest=acts[-1].at if acts else datetime.min.replace(tzinfo=UTC),
        counted=frozenset(owed),
        outsiders=frozenset(outsiders),
        names={**outsiders, **names},
        units={
            **{item: unit for _, agreement in agreements for item, unit in agreement.items.items()},
            **{str(entry.id): item.unit for entry, item in facts.of(Item)},
        },
        corrected=corrected_of(facts),
        figures=figures,
        assessed=assessed_of(facts, zone),
        own_words=own_words(headers[-1][1] if headers else None),
    )


def corrected_of(facts: Facts) -> dict[str, datetime]:
    """The entries that another replaces or withdraws, and when the desk learned it."""
    return {
        str(entry.corrects): entry.recorded
        for kind in (Event, Correction)
        for entry, _ in facts.of(kind)
        if entry.corrects is not None
    }


def assessed_of(facts: Facts, zone: tzinfo) -> dict[str, Assessed]:
    """What a person last entered of each undertaking's state."""
    return {
        body.undertaking: Assessed(str(entry.id), body.state, start_of(entry.occurred, zone))
        for entry, body in facts.of(Assessment)
        if body.undertaking and body.state is not None
    }


def added(to: Book, entries: Sequence[Entry]) -> Book:
    """The same facts with more events, each an entry with an event for its body."""
    more = [
        act_of(entry, entry.body, to.on, to.zone, group=_SUPPOSED, index=index)
        for index, entry in enumerate(entries)
        if isinstance(entry.body, Event)
    ]
    acts = sorted((*to.acts.values(), *more), key=in_time)
    about, at_large = _indexed(acts, to.undertakings)
    return msgspec.structs.replace(
        to, about=about, at_large=at_large, acts={act.id: act for act in acts}
    )


def _indexed(
    acts: Sequence[Act], undertakings: Mapping[str, Undertaking]
) -> tuple[dict[str, tuple[Act, ...]], tuple[Act, ...]]:
    """Acts by the undertakings that they are about, and what is said about none."""
    about: dict[str, list[Act]] = {}
    at_large: list[Act] = []
    for act in acts:
        names = named_by(act.event)
        if not names and act.kind in SAID_AT_LARGE:
            at_large.append(act)
        for name in names:
            if name in undertakings:
                about.setdefault(name, []).append(act)
    return {name: tuple(found) for name, found in about.items()}, tuple(at_large)


def named_by(event: Event) -> Collection[str]:
    """The undertakings that an event is about, each once."""
    if event.shows or len(event.about) > 1:
        return dict.fromkeys((*event.about, *event.shows))
    return event.about


def _acts(facts: Facts, zone: tzinfo) -> Iterator[Act]:
    for index, (entry, event) in enumerate(facts.of(Event)):
        yield act_of(entry, event, facts.on, zone, group=_EVENT, index=index)
    offers = {str(entry.id): (entry, offer) for entry, offer in facts.of(Offer)}
    for index, (entry, response) in enumerate(facts.of(Response)):
        if response.answer == "accepted" and response.offer in offers:
            _, offer = offers[response.offer]
            # Whoever made the offer is bound by it once it is taken up.
            accepted = Event(
                kind="accepted", party=(response.party, offer.by), about=offer.undertakings
            )
            yield act_of(entry, accepted, facts.on, zone, group=_ACCEPTANCE, index=index)


def act_of(
    entry: Entry, event: Event, on: datetime, zone: tzinfo, *, group: int = _EVENT, index: int = 0
) -> Act:
    """An entry as an act. group, index: its place among acts of the same time."""
    occurred = start_of(entry.occurred, zone)
    at = start_of(event.as_of, zone) if event.as_of is not None else occurred
    return Act(
        id=str(entry.id),
        at=at,
        day=local_day(at, zone),
        occurred=occurred,
        set_off=max(occurred, entry.recorded) if entry.recorded <= on else occurred,
        standing=entry.standing,
        event=event,
        held_by=entry.held_by,
        place=(group, occurred, entry.seq, index),
    )


def anchored_on(point: Point | None) -> str | None:
    """The undertaking that a point counts from."""
    match point:
        case With(undertaking):
            return undertaking
        case Relative(anchor):
            for word in _ANCHOR_WORDS:
                if anchor.startswith(word):
                    return anchor.removeprefix(word)
            return anchor
        case _:
            return None
