"""The text of an agreement, apart from whatever happened: what the static findings are judged by.

Events are never looked at here. `not_party` says who never accepted.
"""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Protocol, TypeVar

import msgspec

from excomm.entries import Entry, parse_zone, start_of
from excomm.entries.header import WordRule
from excomm.entries.kinds import (
    Agreement,
    Assumption,
    CaseHeader,
    Item,
    Line,
    Means,
    Offer,
    Party,
    Reply,
    Undertaking,
)
from excomm.entries.language import Condition, Point
from excomm.errors import InputError
from excomm.fold import Facts

B = TypeVar("B")

_STOCK = ".stock"  # the assumption without which no item has a figure


class Text(msgspec.Struct, frozen=True):
    """An agreement as written. parties, outsiders: id -> name; units: item -> unit."""

    zone: tzinfo
    undertakings: dict[str, Undertaking]  # in the order of the agreement
    offers: dict[str, Offer]
    agreements: dict[str, Agreement]
    letters: dict[str, str]  # lines to take and replies, by id
    parties: dict[str, str]
    outsiders: dict[str, str]
    units: dict[str, str]
    means: dict[str, Means]
    wording: tuple[WordRule, ...]
    with_figures: frozenset[str] | None  # items with a figure; None where no case says so

    def name(self, party: str) -> str:
        """A party's name, or its id where it has none."""
        return self.parties.get(party) or self.outsiders.get(party) or party


def text_of(source: Facts | Iterable[Entry]) -> Text:
    """The text in the facts of a day, or in the entries of a file as they stand corrected."""
    held = _held(source)
    agreements = {str(entry.id): body for entry, body in held(Agreement)}
    headers = held(CaseHeader)
    header = headers[-1][1] if headers else None
    parties: dict[str, str] = {}
    outsiders: dict[str, str] = {}
    units: dict[str, str] = {}
    for agreement in agreements.values():
        parties.update(agreement.parties)
        outsiders.update(agreement.not_party)
        units.update(agreement.items)
    for entry, party in held(Party):
        known = outsiders if party.role == "outsider" else parties
        known.setdefault(str(entry.id), party.name)
    units.update((str(entry.id), item.unit) for entry, item in held(Item))
    case = any(True for _ in held(Item)) and any(True for _ in held(Assumption))
    zone = next((agreement.zone for agreement in agreements.values()), None)
    zone_of_text = parse_zone(zone or (header.zone if header else "UTC"))
    return Text(
        zone=zone_of_text,
        undertakings={str(entry.id): body for entry, body in held(Undertaking)},
        offers={str(entry.id): body for entry, body in held(Offer)},
        agreements=agreements,
        letters={
            **{str(entry.id): line.clause for entry, line in held(Line)},
            **{str(entry.id): reply.text for entry, reply in held(Reply)},
        },
        parties={party: name for party, name in parties.items() if party not in outsiders},
        outsiders=outsiders,
        units=units,
        means={str(entry.id): body for entry, body in held(Means)},
        wording=_rules(source, headers, zone_of_text),
        with_figures=frozenset(
            body.name.removesuffix(_STOCK)
            for _, body in held(Assumption)
            if body.name.endswith(_STOCK)
        )
        if case
        else None,
    )


class _Held:
    """Entries by kind, those that were corrected left out."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        entries = tuple(entries)
        gone = {entry.corrects for entry in entries if entry.corrects is not None}
        self._by_kind: dict[type, list[tuple[Entry, object]]] = {}
        for entry in entries:
            if entry.id not in gone:
                self._by_kind.setdefault(type(entry.body), []).append((entry, entry.body))

    def of(self, kind: type[B]) -> tuple[tuple[Entry, B], ...]:
        """The entries of one kind with their bodies, as the facts give them."""
        return tuple(self._by_kind.get(kind, ()))  # type: ignore[arg-type]


class _Of(Protocol):
    def __call__(self, kind: type[B], /) -> tuple[tuple[Entry, B], ...]: ...


def _held(source: Facts | Iterable[Entry]) -> "_Of":
    return source.of if isinstance(source, Facts) else _Held(source).of


def _rules(
    source: Facts | Iterable[Entry], headers: tuple[tuple[Entry, CaseHeader], ...], zone: tzinfo
) -> tuple[WordRule, ...]:
    """The rules of the newest header that the reader may see and that were known by the day."""
    if not headers:
        return ()
    entry, header = headers[-1]
    if not isinstance(source, Facts):
        return header.wording
    return tuple(
        rule
        for rule in header.wording
        if source.sees(rule.marking or entry.marking)
        and (rule.since is None or start_of(rule.since, zone) <= source.on)
    )


class Variant(msgspec.Struct, frozen=True):
    """When an undertaking begins by one reading of it."""

    starts: Point | None
    condition: Condition | None


def variants(body: Undertaking) -> tuple[Variant, ...]:
    """The text's own way to begin, and each party's where they read it differently."""
    own = Variant(body.starts, body.condition)
    if not body.readings:
        return (own,)
    read = (
        Variant(reading.starts or body.starts, reading.condition or body.condition)
        for reading in body.readings.values()
    )
    return (own, *read)


def undertaking(source: Mapping[str, Undertaking], name: str) -> Undertaking:
    """The undertaking of that id. Raises InputError where the agreement has none."""
    if name in source:
        return source[name]
    raise InputError(
        "ID", name, f"an undertaking of the agreement: {', '.join(source) or 'it has none'}"
    )
