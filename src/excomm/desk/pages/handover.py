"""Handover: what came, what is open, due and promised, each with whoever has it; taken by name."""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from excomm.brief import words
from excomm.brief.attribution import name_of
from excomm.brief.handover import came_since, last_shift, open_items
from excomm.desk.asking import Asked
from excomm.desk.pages.enter import FORM_KEY_CHARS, Sent, appended, fresh_key
from excomm.desk.served import NOW
from excomm.desk.telling import told
from excomm.entries import instant_text
from excomm.errors import Faults, InputError
from excomm.folder import map_cell

_CAME = 40


@require_http_methods(["GET", "HEAD", "POST"])
def handover(request: HttpRequest, slug: str) -> HttpResponse:
    """The list; sent, it is handed over or taken."""
    asked = Asked(request, slug)
    if request.method != "POST":
        return _page(request, asked, ())
    if not asked.may_enter:
        raise Http404
    try:
        _take(request, asked)
    except InputError as fault:
        faults = fault.faults if isinstance(fault, Faults) else (fault,)
        return _page(request, asked, faults)
    asked.kept = {**asked.kept, "known_by": NOW}
    return redirect(asked.to("handover"))


def _take(request: HttpRequest, asked: Asked) -> None:
    sent = request.POST
    key = sent.get("form-key", "")
    if len(key) != FORM_KEY_CHARS:
        expected = "one that this desk made"
        raise InputError("form", "a form without its key", expected, "Open it anew.")
    takes = sent.get("do") == "take"
    texts = {
        "occurred": sent.get("at", ""),
        "by": (sent.get("by", "") or asked.reader.name).strip(),
        "to": (sent.get("by", "") if takes else sent.get("to", "")).strip(),
        "state": "taken" if takes else "handed over",
        "what": sent.get("what", "").strip(),
    }
    if takes:
        texts["to"] = texts["to"] or asked.reader.name
        texts["of"] = sent.get("of", "")
    else:
        owners = _owners(request, asked)
        texts["owners"] = map_cell(owners.items())
    if not texts["by"]:
        raise InputError("by", None, "who hands over, or takes, by name")
    appended(asked, "handover", Sent(key, {n: t for n, t in texts.items() if t}, None))


def _owners(request: HttpRequest, asked: Asked) -> dict[str, str]:
    """Who has each open item. Raises Faults where one has nobody."""
    found, faults = {}, []
    for item in open_items(asked.view):
        owner = request.POST.get(f"owner-{item.key}", item.owner).strip()
        if not owner:
            faults.append(InputError(item.what, "nobody", "somebody who has it", "Name him."))
        found[item.key] = owner
    if faults:
        raise Faults(faults)
    return found


def _page(request: HttpRequest, asked: Asked, faults: tuple[InputError, ...]) -> HttpResponse:
    view = asked.view
    shift = last_shift(view)
    came = came_since(view, shift)
    sent = request.POST
    items = open_items(view)
    said = {
        "asked": asked,
        "room": "handover",
        "shift": shift,
        "handed_by": name_of(view, shift.handed.by) if shift else "",
        "handed_at": words.instant_words(shift.handed.recorded, view.case.zone, view.on)
        if shift
        else "",
        "items": [
            (each, sent.get(f"owner-{each.key}", each.owner), bool(each.owner)) for each in items
        ],
        "ownerless": sum(not each.owner for each in items),
        "late": sum(each.is_late for each in items),
        "came": [(entry, told(view, entry)) for entry in came[:_CAME]],
        "came_count": len(came),
        "faults": faults,
        "key": fresh_key(),
        "now": instant_text(datetime.now(UTC).astimezone(view.case.zone).replace(microsecond=0)),
        "sent": sent,
    }
    return render(request, "desk/handover.html", said, status=422 if faults else 200)
