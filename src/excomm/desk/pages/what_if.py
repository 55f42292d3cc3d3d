"""What if: suppose events, see every status that moves and why. A GET from end to end: nothing here
can be stored, and the address holds the whole question.
"""

from collections.abc import Mapping
from typing import Any, cast, get_args

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.brief import undertakings, words
from excomm.brief.attribution import name_of
from excomm.brief.structs import Cell, State
from excomm.case import View
from excomm.desk.asking import Asked
from excomm.desk.forms import Choice, named_choices
from excomm.desk.telling import told
from excomm.entries.kinds import Offer, Party, Undertaking
from excomm.entries.language import EventKind, Shows
from excomm.errors import Faults, InputError

_ROWS = 3
_FIELDS = ("kind", "party", "about", "shows", "total", "date", "what")
_FIRST: tuple[EventKind, ...] = ("accepted", "done", "refusal", "request", "violation", "count")
_STATES = get_args(State)


class Supposed(msgspec.Struct, frozen=True):
    """One event as the form has it: texts."""

    number: int
    kind: str = ""
    party: str = ""
    about: str = ""
    shows: str = ""
    total: str = ""
    date: str = ""
    what: str = ""

    @property
    def names(self) -> list[str]:
        """The undertakings it is about, however they were parted."""
        return self.about.replace(";", " ").replace(",", " ").split()

    def event(self) -> dict[str, Any]:
        """The same in the form of an agreement file."""
        found: dict[str, Any] = {"kind": self.kind, "about": self.names}
        for name in ("party", "date", "what"):
            if text := getattr(self, name):
                found[name] = text
        if self.shows:
            found["shows"] = dict.fromkeys(self.names, self.shows)
        if self.total:
            found["value"] = {"total": _number(self.total, self.number)}
        return found

    def says(self, view: View) -> str:
        """The same in words."""
        who = f" by {name_of(view, self.party)}" if self.party else ""
        about = f" ({words.listed(self.names)})" if self.names else ""
        total = f", {self.total} in all" if self.total else ""
        date = f", {self.date}" if self.date else ""
        return f"{self.kind.replace('_', ' ')}{about}{who}{total}{date}"


class Move(msgspec.Struct, frozen=True):
    """An undertaking whose state would be another. decides: ids with the words of each."""

    id: str
    what: str
    was: Cell
    would_be: Cell
    reason: str
    decides: tuple[tuple[str, str, bool], ...]  # id, words, whether it was only supposed


@require_safe
def what_if(request: HttpRequest, slug: str) -> HttpResponse:
    """The question, and its answer once something is supposed."""
    asked = Asked(request, slug)
    view = asked.view
    rows = _rows(request.GET, view)
    events = [row for row in rows if row.kind]
    said: dict[str, object] = {
        "asked": asked,
        "room": "agreement",
        "rows": rows,
        "kinds": _kinds(),
        "parties": _parties(view),
        "undertakings": named_choices(view, ("undertaking",)),
        "shows": get_args(Shows),
        "offers": _offers(view),
        "states": [(state, words.STATE_WORDS[state]) for state in _STATES],
        "least_of": request.GET.get("least", ""),
        "least_state": request.GET.get("state", "") or "fulfilled",
    }
    status = 200
    try:
        if events:
            said |= _answer(view, events)
        if said["least_of"]:
            said |= _least(view, str(said["least_of"]), str(said["least_state"]))
    except InputError as fault:
        status = 400
        said["faults"] = fault.faults if isinstance(fault, Faults) else (fault,)
    return render(request, "desk/what-if.html", said, status=status)


def _answer(view: View, events: list[Supposed]) -> dict[str, object]:
    before = view.standing()
    after_view = view.what_if([each.event() for each in events])
    after = after_view.standing()
    said = {f"supposed-{at}": each.says(view) for at, each in enumerate(events, start=1)}
    moves, stays = [], []
    for name, status in after.items():
        entry = after_view.facts.get(name)
        if entry is None or not isinstance(entry.body, Undertaking):
            continue
        what = f"{name} {words.listed(entry.body.by)}: {undertakings.what_words(entry.body)}"
        was = undertakings.state_cell(before[name]) if name in before else Cell("not known")
        would_be = undertakings.state_cell(status)
        if was == would_be:
            stays.append((name, what, would_be))
            continue
        decides = tuple(
            (one, said.get(one) or _told(after_view, one), one in said) for one in status.decides
        )
        moves.append(Move(name, what, was, would_be, status.reason, decides))
    day = after_view.on if after_view.on > view.on else None
    return {
        "answered": True,
        "supposed": [each.says(view) for each in events],
        "moves": moves,
        "stays": stays,
        "moved_to": words.full_when(day, view.case.zone) if day else "",
    }


def _told(view: View, name: str) -> str:
    entry = view.facts.get(name)
    return told(view, entry) if entry is not None else name


def _least(view: View, name: str, state: str) -> dict[str, object]:
    if name not in view.standing() or state not in _STATES:
        raise InputError("least", name, "an undertaking of the agreement on this day")
    found = view.least(name, cast(State, state))
    events: list[Mapping[str, Any]] = list(found.events)
    asking: dict[str, str] = {}
    for number, event in enumerate(events[:_ROWS], start=1):
        value = event.get("value", {})
        asking |= {
            f"kind-{number}": str(event.get("kind", "")),
            f"party-{number}": str(event.get("party", "")),
            f"about-{number}": " ".join(event.get("about", ())),
            f"what-{number}": str(event.get("what", "")),
            f"total-{number}": str(value.get("total", "")) if isinstance(value, dict) else "",
        }
    return {"least": found, "suppose_least": asking if len(events) <= _ROWS else {}}


def _rows(sent: Mapping[str, str], view: View) -> tuple[Supposed, ...]:
    rows = tuple(
        Supposed(n, **{name: str(sent.get(f"{name}-{n}", "")).strip() for name in _FIELDS})
        for n in range(1, _ROWS + 1)
    )
    offer = view.facts.get(str(sent.get("offer", "")))
    if offer is None or not isinstance(offer.body, Offer) or any(row.kind for row in rows):
        return rows
    about = " ".join(offer.body.undertakings)
    told_of = [Supposed(n, "accepted", p, about) for n, p in enumerate(offer.body.to[:_ROWS], 1)]
    return (*told_of, *rows[len(told_of) :])


def _kinds() -> tuple[Choice, ...]:
    rest = [kind for kind in get_args(EventKind) if kind not in _FIRST]
    return tuple(Choice(kind, kind.replace("_", " ")) for kind in (*_FIRST, *rest))


def _parties(view: View) -> tuple[Choice, ...]:
    return tuple(
        Choice(str(entry.id), f"{body.name} ({entry.id})" if body.name != entry.id else body.name)
        for entry, body in view.facts.of(Party)
        if body.role in ("party", "outsider")
    )


def _offers(view: View) -> tuple[tuple[str, str], ...]:
    """Offers that name undertakings: nothing moves where none is named."""
    return tuple(
        (str(entry.id), told(view, entry))
        for entry, body in view.facts.of(Offer)
        if body.undertakings and body.to
    )


def _number(text: str, row: int) -> int | float:
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        raise InputError(f"events[{row - 1}].total", text, "a number") from None
