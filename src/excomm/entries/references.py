"""Which fields name other entries, and what each of them may name.

A name is an id of an entry of the right kind, whether or not that entry was corrected later.
Events that points and conditions wait for may still be to come and are not asked for here;
`excomm.terms` names those that never came in its static checks.
"""

from collections.abc import Collection, Iterable, Iterator

from excomm.entries.entry import Entry
from excomm.entries.kinds import (
    Assessment,
    Assumption,
    Attachment,
    Body,
    Check,
    Clearance,
    Count,
    Declaration,
    Directive,
    Disposal,
    Event,
    Finding,
    Handover,
    Interview,
    Look,
    Means,
    Measure,
    Model,
    Offer,
    Party,
    Plan,
    Repeat,
    Reply,
    Report,
    Response,
    Site,
    Statement,
    Undertaking,
)
from excomm.entries.language import All, Condition, Counted, Is, Not, Point, Relative, With
from excomm.entries.language import Any as AnyOf
from excomm.entries.nearest import did_you_mean
from excomm.errors import InputError

ANYBODY = "unknown"
"""What an event's `party` may say beside a party's id."""

REFERENCES: dict[type[Body], dict[str, tuple[str, ...]]] = {
    Party: {"of": ("party",)},
    Site: {"within": ("site",)},
    Means: {"party": ("party",)},
    Undertaking: {
        "by": ("party",),
        "to": ("party",),
        "on_request_of": ("party",),
        "needs_consent_of": ("party",),
        "relies_on": ("undertaking",),
        "item": ("item",),
    },
    Offer: {"by": ("party",), "to": ("party",), "undertakings": ("undertaking",)},
    Response: {"offer": ("offer",), "party": ("party",)},
    Event: {
        "party": ("party",),
        "about": ("undertaking", "directive", "offer"),
        "in_answer_to": (),
        "item": ("item",),
        "site": ("site",),
    },
    Declaration: {"party": ("party",), "item": ("item",), "site": ("site",)},
    Look: {
        "means": ("means",),
        "sites": ("site",),
        "items": ("item",),
        "party": ("party",),
        "refused_by": ("party",),
        "plan": ("plan",),
    },
    Plan: {"means": ("means",), "sites": ("site",), "items": ("item",), "party": ("party",)},
    Count: {"item": ("item",), "site": ("site",), "look": ("look",)},
    Measure: {"party": ("party",)},
    Report: {
        "outlet": ("outlet",),
        "item": ("item",),
        "site": ("site",),
        "would_break": ("undertaking",),
    },
    Repeat: {"report": ("report",), "of": ("report",)},
    Check: {"report": ("report",), "excluded_by": ()},
    Interview: {"report": ("report",)},
    Finding: {"report": ("report",)},
    Reply: {"outlet": ("outlet",), "report": ("report",), "finding": ("finding",)},
    Statement: {"minutes": ("attachment",)},
    Directive: {"minutes": ("attachment",)},
    Disposal: {"minutes": ("attachment",)},
    Attachment: {"about": ()},
    Handover: {"of": ("handover",)},
    Assessment: {"item": ("item",), "undertaking": ("undertaking",)},
    Clearance: {"of": ()},
    Model: {"cites": ()},
}
"""Field -> the kinds that it may name; (): any entry."""

_ASSUMED = {
    "stock": ("item",),
    "prob_retained": ("item",),
    "exit.missed": ("item",),
    "exit.twice": ("item",),
    "arrival": ("item",),
    "detection": ("means", "item"),
    "sampled": ("means", "item"),
    "hidden": ("means", "item"),
    "prob_false_alarm": ("means", "item"),
    "window_days": ("item",),
    "sorties_per_day": ("means",),
    "sites_per_sortie": ("means",),
    "cost_per_sortie": ("means",),
    "loss_per_sortie": ("means",),
    "clear_sky": ("means",),
}
"""What an assumption's name ends with -> what stands before it."""

_WHERE = {
    "party": "Name it in [[parties]] of case.toml.",
    "item": "Name it in [[items]] of case.toml.",
    "site": "Name it in [[sites]] of case.toml.",
    "means": "Name it in [[means]] of case.toml.",
    "undertaking": "Undertakings stand in agreement.yaml.",
}
_SHOWN = 8


class Names:
    """The ids of a case by kind. failed, unread: as in `rules.faults`."""

    def __init__(
        self, entries: Iterable[Entry], failed: Collection[str], unread: Collection[str]
    ) -> None:
        self._by_kind: dict[str, dict[str, None]] = {}
        for entry in entries:
            self._by_kind.setdefault(entry.kind, {})[entry.id] = None
        self._failed = failed
        self._unread = unread

    def of(self, kinds: tuple[str, ...]) -> list[str]:
        """The ids of these kinds, in the order of their entries; (): of all."""
        found = self._by_kind.values() if not kinds else (self._by_kind.get(k, {}) for k in kinds)
        return [one for ids in found for one in ids]

    def has(self, word: str, kinds: tuple[str, ...]) -> bool:
        """Whether a word is known, or cannot be called unknown."""
        if word in self._failed:
            return True
        asked = kinds or tuple(self._by_kind)
        if any(word in self._by_kind.get(kind, {}) for kind in asked):
            return True
        return bool(self._unread) if not kinds else any(kind in self._unread for kind in kinds)

    def fault(self, where: str, word: str, kinds: tuple[str, ...]) -> InputError | None:
        """The fault of an unknown word, with the nearest that is known; None where it is known."""
        if self.has(word, kinds):
            return None
        known = self.of(kinds)
        *others, last = [_article(kind) for kind in kinds] or ["the id of an entry"]
        called = f"{', '.join(others)} or {last}" if others else last
        called = f"{called} of the case"
        if kinds and known and len(known) <= _SHOWN:
            called = f"{called} ({', '.join(known)})"
        elif kinds and not known:
            called = f"{called} (the case has none)"
        near = did_you_mean(word, known)
        return InputError(where, word, called, near or _WHERE.get("".join(kinds[:1]), ""))


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def unknown_names(entry: Entry, names: Names) -> Iterator[InputError]:
    """Every reference of an entry that names nothing."""
    for where, word, kinds in _references(entry):
        if word and (fault := names.fault(where, word, kinds)):
            yield fault


def named(entry: Entry) -> tuple[str, ...]:
    """The ids that an entry names in its fields, each once; what it corrects among them."""
    return tuple(dict.fromkeys(word for _, word, _ in _references(entry) if word))


_Reference = tuple[str, str, tuple[str, ...]]


def _references(entry: Entry) -> Iterator[_Reference]:
    body = entry.body
    if entry.corrects is not None:
        yield "corrects", entry.corrects, ()
    for who in entry.held_by:
        yield "held_by", who, ("party",)
    for field, kinds in REFERENCES.get(type(body), {}).items():
        value = getattr(body, field)
        for word in (value,) if isinstance(value, str) else value:
            if not (isinstance(body, Event) and field == "party" and word == ANYBODY):
                yield field, word, kinds
    match body:
        case Undertaking():
            yield from _of_undertaking(body)
        case Event():
            for word in body.shows:
                yield f"shows.{word}", word, ("undertaking",)
            if isinstance(item := body.value.get("item"), str):
                yield "value.item", item, ("item",)
            yield from _of_point("due", body.due)
        case Assumption():
            yield from _of_assumption(body.name)


def _of_undertaking(body: Undertaking) -> Iterator[_Reference]:
    for field in ("starts", "due", "ends"):
        yield from _of_point(field, getattr(body, field))
    if body.condition is not None:
        yield from _of_condition("condition", body.condition)
    if body.quantity is not None:
        yield "quantity.item", body.quantity.item, ("item",)
    for party, reading in body.readings.items():
        yield f"readings.{party}", party, ("party",)
        yield from _of_point(f"readings.{party}.starts", reading.starts)
        if reading.condition is not None:
            yield from _of_condition(f"readings.{party}.condition", reading.condition)


_ANCHORS = ("start of ", "due of ", "fulfilled ")


def _of_point(where: str, point: Point | None) -> Iterator[_Reference]:
    match point:
        case With(undertaking):
            yield where, undertaking, ("undertaking",)
        case Relative(anchor=anchor):
            for before in _ANCHORS:
                if anchor.startswith(before):
                    yield where, anchor.removeprefix(before), ("undertaking",)


def _of_condition(where: str, condition: Condition) -> Iterator[_Reference]:
    match condition:
        case Is("requested_by" | "accepted_by", of):
            yield where, of, ("party",)
        case Is("fulfilled" | "in_force" | "breached", of):
            yield where, of, ("undertaking",)
        case Counted(undertaking=undertaking):
            yield where, undertaking, ("undertaking",)
        case All(parts) | AnyOf(parts):
            for part in parts:
                yield from _of_condition(where, part)
        case Not(part):
            yield from _of_condition(where, part)


def _of_assumption(name: str) -> Iterator[_Reference]:
    for ending, kinds in _ASSUMED.items():
        if name.endswith(f".{ending}"):
            words = name.removesuffix(f".{ending}").split(".", len(kinds) - 1)
            # An id may hold points itself; then nothing can be told apart here.
            if len(words) == len(kinds) and not any("." in word for word in words):
                yield from (
                    ("name", word, (kind,)) for word, kind in zip(words, kinds, strict=True)
                )
            return
