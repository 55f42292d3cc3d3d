"""Unsealing: the keeper of the sources reads a name, once he has said why, and it is an entry.

The name is shown on the answer to that one form, and stands nowhere else: in no entry, no address,
no log. Only a source that something the reader may see speaks of can be asked for.
"""

from datetime import UTC, datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from excomm.brief import words
from excomm.desk.asking import Asked
from excomm.desk.marks import confirms
from excomm.desk.roles import Doing
from excomm.desk.served import NOW
from excomm.desk.telling import told
from excomm.entries import Entry
from excomm.entries.kinds import Report, Unsealing
from excomm.errors import Faults, InputError
from excomm.reports.sealing import Sources


@confirms
@require_http_methods(["GET", "HEAD", "POST"])
def unseal(request: HttpRequest, slug: str) -> HttpResponse:
    """The form of one source; sent, its name."""
    asked = Asked(request, slug)
    origin = request.GET.get("origin", "")
    reports = [
        entry
        for entry in asked.view.log
        if isinstance(entry.body, Report) and entry.body.origin == origin
    ]
    if not reports or not origin or not asked.takes_in or not asked.may(Doing.KEEP_SOURCES):
        raise Http404
    name, faults = "", tuple[InputError, ...]()
    if request.method == "POST":
        try:
            name = _read(request, asked, origin, reports)
        except InputError as fault:
            faults = fault.faults if isinstance(fault, Faults) else (fault,)
    said = {
        "asked": asked,
        "room": "reports",
        "origin": origin,
        "reports": [(entry, told(asked.view, entry)) for entry in reports],
        "read_before": _read_before(asked, origin),
        "by": asked.reader.name,
        "name": name,
        "reason": request.POST.get("reason", ""),
        "faults": faults,
    }
    return render(request, "desk/unseal.html", said, status=422 if faults else 200)


def _read(request: HttpRequest, asked: Asked, origin: str, reports: list[Entry]) -> str:
    """The name, once its reading is in the ledger: marked as highly as what names the source."""
    ledger, now = asked.served.ledger, datetime.now(UTC)
    assert ledger is not None
    scheme = asked.view.facts.scheme
    marking = str(scheme.join(scheme.parse(entry.marking) for entry in reports))
    name, entry = Sources(ledger).reading(
        origin,
        reason=request.POST.get("reason", ""),
        by=asked.reader.name or request.POST.get("by", ""),
        now=now,
        marking=marking,
    )
    asked.served.append(lambda: entry, now=now)
    return name


def _read_before(asked: Asked, origin: str) -> list[tuple[Entry, str, str]]:
    """Who has read the name so far, when and why."""
    log = asked.served.seen(None, NOW, asked.reader.cleared).view.log
    return [
        (entry, words.full_when(entry.recorded, asked.view.case.zone), entry.body.reason)
        for entry in log
        if isinstance(entry.body, Unsealing) and entry.body.origin == origin
    ]
