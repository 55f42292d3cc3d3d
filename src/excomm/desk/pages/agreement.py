"""Agreement: every undertaking with its state, what decided it, and how it came to stand so."""

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.brief import undertakings, words
from excomm.brief.attribution import name_of, whose_word
from excomm.brief.history import DAYS_MAX, first_day
from excomm.brief.structs import Cell
from excomm.case import View
from excomm.desk import waits
from excomm.desk.asking import Asked
from excomm.desk.kept import kept
from excomm.desk.telling import full_when, told
from excomm.entries import Entry
from excomm.entries.kinds import Undertaking

_WIDE, _NARROW = 960.0, 330.0


class Bearing(msgspec.Struct, frozen=True):
    """An entry that bears on an undertaking."""

    entry: Entry
    says: str
    when: str
    word: str


class Waiting(msgspec.Struct, frozen=True):
    """One undertaking that cannot begin before others."""

    undertaking: str
    by: str
    what: str
    state: Cell
    through: tuple[str, ...]


@kept
@require_safe
def agreement(request: HttpRequest, slug: str) -> HttpResponse:
    """All undertakings, who waits for whom."""
    asked = Asked(request, slug)
    view = asked.view
    said = {
        "asked": asked,
        "room": "agreement",
        "section": asked.seen.stands,
        "waiting": _waiting(view),
        "drawings": _drawings(asked),
    }
    return render(request, "desk/agreement.html", said)


@kept
@require_safe
def undertaking(request: HttpRequest, slug: str) -> HttpResponse:
    """One undertaking: its state, how sure, why, what is missing, its history."""
    asked = Asked(request, slug)
    view = asked.view
    name = request.GET.get("id", "")
    entry = view.facts.get(name)
    status = view.standing().get(name)
    if entry is None or status is None or not isinstance(entry.body, Undertaking):
        raise Http404
    body = entry.body
    said = {
        "asked": asked,
        "room": "agreement",
        "entry": entry,
        "body": body,
        "what": undertakings.what_words(body),
        "by": words.listed([name_of(view, party) for party in body.by]),
        "to": words.listed([name_of(view, party) for party in body.to]),
        "status": status,
        "state": undertakings.state_cell(status),
        "sure": undertakings.how_sure(view, body, status),
        "suppose": {"kind-1": "done", "party-1": body.by[0], "about-1": str(entry.id)},
        "item": undertakings.item_of(body),
        "due": words.full_when(status.due, view.case.zone) if status.due else "",
        "left": words.left(status.due, view.on) if status.due else "",
        "starts": words.full_when(status.starts, view.case.zone) if status.starts else "",
        "by_party": [(name_of(view, p), words.STATE_WORDS[s]) for p, s in status.by_party.items()],
        "readings": [
            (name_of(view, party), words.STATE_WORDS[state], body.readings.get(party))
            for party, state in status.readings.items()
        ],
        "decides": _bearing(view, status.decides),
        "why": _bearing(view, [each for each in status.why if each not in status.decides]),
        "why_not": {one.entry: one.why_not for one in view.explain(name).weighed},
        "history": asked.seen.histories.get(name, ()),
        "history_from": first_day(view),
        "history_days_max": DAYS_MAX,
    }
    return render(request, "desk/undertaking.html", said)


def _bearing(view: View, names: tuple[str, ...] | list[str]) -> tuple[Bearing, ...]:
    found = (view.facts.get(name) for name in names)
    return tuple(
        Bearing(
            entry,
            told(view, entry),
            full_when(entry.occurred, view.case.zone),
            whose_word(view, entry),
        )
        for entry in found
        if entry is not None
    )


def _drawings(asked: Asked) -> tuple[waits.Drawing, ...]:
    view = asked.view
    found = view.who_waits()
    duties = {
        name: waits.Duty(
            name,
            words.listed(entry.body.by),
            undertakings.what_words(entry.body),
            undertakings.state_cell(status),
            asked.to("undertaking", id=name),
        )
        for name, status in view.standing().items()
        if (entry := view.facts.get(name)) is not None and isinstance(entry.body, Undertaking)
    }
    drawn = (
        waits.drawing(found.columns, found.waits, duties, width=width) for width in (_WIDE, _NARROW)
    )
    return tuple(each for each in drawn if each is not None)


def _waiting(view: View) -> tuple[Waiting, ...]:
    found = []
    for name, status in view.standing().items():
        entry = view.facts.get(name)
        if status.path and entry is not None and isinstance(entry.body, Undertaking):
            found.append(
                Waiting(
                    name,
                    words.listed(entry.body.by),
                    undertakings.what_words(entry.body),
                    undertakings.state_cell(status),
                    status.path,
                )
            )
    return tuple(found)
