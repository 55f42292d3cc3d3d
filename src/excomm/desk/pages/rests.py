"""What a figure rests on: what is assumed, what was seen, whose word it is, and how it is read.

Every figure of the desk leads here, with the entries that it was computed from. Only those that the
reader may see are named; what he may not see was never part of his figure.
"""

from collections import Counter

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.brief import words
from excomm.brief.attribution import whose_word
from excomm.desk.asking import RESTS_MAX, Asked
from excomm.desk.telling import full_when, told
from excomm.entries import Entry
from excomm.entries.kinds import Assumption
from excomm.errors import InputError

_KINDS = ("look", "count", "declaration", "event", "undertaking", "report", "finding")


class Assumed(msgspec.Struct, frozen=True):
    """A number that is in no record. item: the item on whose page it can be moved, or empty."""

    entry: Entry
    body: Assumption
    item: str


class Held(msgspec.Struct, frozen=True):
    """An entry under the figure."""

    entry: Entry
    says: str
    when: str
    word: str


@require_safe
def rests(request: HttpRequest, slug: str) -> HttpResponse:
    """The page of the entries that the address names."""
    asked = Asked(request, slug)
    view = asked.view
    named = dict.fromkeys(request.GET.get("ids", "").split()[:RESTS_MAX])
    found = [entry for name in named if (entry := view.facts.get(name)) is not None]
    if not found:
        raise Http404
    more = request.GET.get("more", "")
    items = view.items_with_figures()
    assumed = tuple(
        Assumed(
            entry, entry.body, next((i for i in items if entry.body.name.startswith(f"{i}.")), "")
        )
        for entry in found
        if isinstance(entry.body, Assumption)
    )
    others = [entry for entry in found if not isinstance(entry.body, Assumption)]
    kinds = sorted({entry.kind for entry in others}, key=_order)
    said = {
        "asked": asked,
        "room": "",
        "count": len(found),
        "more": int(more) if more.isascii() and more.isdigit() and len(more) < 7 else 0,
        "counted": [words.plural(number, kind) for kind, number in _kinds_of(found)],
        "marking": _marking(asked, found),
        "weak": [_held(asked, entry) for entry in others if entry.reading in ("low", "unverified")],
        "open_to_doubt": [
            _held(asked, entry) for entry in others if entry.standing != "established"
        ],
        "assumed": assumed,
        "groups": [
            (kind, [_held(asked, entry) for entry in others if entry.kind == kind])
            for kind in kinds
        ],
        "scale": view.header.scale or words.ICD_203,
    }
    return render(request, "desk/rests.html", said)


def _kinds_of(found: list[Entry]) -> list[tuple[str, int]]:
    counts = Counter(entry.kind for entry in found)
    return sorted(counts.items(), key=lambda each: _order(each[0]))


def _order(kind: str) -> tuple[int, str]:
    return (_KINDS.index(kind) if kind in _KINDS else len(_KINDS), kind)


def _held(asked: Asked, entry: Entry) -> Held:
    zone = asked.view.case.zone
    return Held(
        entry,
        told(asked.view, entry),
        full_when(entry.occurred, zone),
        whose_word(asked.view, entry),
    )


def _marking(asked: Asked, found: list[Entry]) -> str:
    """The join of what it rests on; empty where a word of it is none of this case."""
    scheme = asked.view.facts.scheme
    try:
        return str(scheme.join(scheme.parse(entry.marking) for entry in found))
    except InputError:
        return ""
