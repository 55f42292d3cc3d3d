"""Reports: the queue, one report with the looks that bear on it, and what is done about it.

Deciding, reviewing and answering go through the room of reports, which holds every rule; a page
only asks and shows what was refused.
"""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from excomm.brief import report as parts
from excomm.brief.attribution import name_of, qualified_section
from excomm.desk.asking import Asked
from excomm.desk.roles import Doing
from excomm.desk.served import NOW
from excomm.entries.kinds import Finding, Report
from excomm.errors import Faults, InputError
from excomm.reports import deciding
from excomm.reports.following import Followed

_WORDS = ("corroborated", "contradicted", "no evidence", "undetermined")
_NEEDS = {
    "decide": Doing.ASSESS,
    "review": Doing.REVIEW,
    "ask": Doing.KEEP_SOURCES,
    "confirm": Doing.ASSESS,
    "undo": Doing.ASSESS,
}


@require_safe
def reports(request: HttpRequest, slug: str) -> HttpResponse:
    """What the desk owes, most pressing first, and what is settled."""
    asked = Asked(request, slug)
    found = (parts.queue(asked.view), parts.settled(asked.view))
    said = {
        "asked": asked,
        "room": "reports",
        "sections": [qualified_section(each, asked.view) for each in found if each is not None],
        "owed": len(asked.view.waiting()),
        "all": [(each.report, _allegation(asked, each)) for each in asked.view.waiting()],
        "suggested": asked.view.suggested_repeats()[:12],
    }
    return render(request, "desk/reports.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """One report; a POST decides, reviews, asks, or says what it repeats."""
    asked = Asked(request, slug)
    found = found_report(asked, request.GET.get("id", ""))
    if request.method == "POST":
        return _do(request, asked, found)
    return _page(request, asked, found)


def _do(request: HttpRequest, asked: Asked, found: Followed) -> HttpResponse:
    step = request.POST.get("step", "")
    if step not in _NEEDS or not asked.takes_in or not asked.may(_NEEDS[step]):
        raise Http404
    try:
        _steps(request, asked, found)[step]()
    except (Faults, InputError) as fault:
        return _page(request, asked, found, fault)
    asked.kept = {**asked.kept, "known_by": NOW}
    return redirect(asked.to("report", id=found.report))


def _steps(request: HttpRequest, asked: Asked, found: Followed) -> dict[str, Callable[[], object]]:
    ledger, now = asked.served.ledger, datetime.now(UTC)
    assert ledger is not None
    said = {name: str(text) for name, text in request.POST.items()}
    by = asked.reader.name or said.get("by", "")
    other = said.get("of", "")

    def decide() -> object:
        if not found.weighed:
            raise InputError("report", found.report, "a report that alleges something")
        return deciding.decided(
            ledger,
            found.weighed[0],
            said.get("decision", ""),
            head=asked.view.head.digest,
            author=by,
            text=said.get("text", ""),
            now=now,
        )

    columns = ("person", "language", "outcome", "knows", "heard_from", "last_there", "shows")
    account = {name: said.get(name, "") for name in (*columns, "result")}

    def repeats(state: str) -> object:
        of = asked.view.report(other).report  # one that this reader may see
        return deciding.repeat(ledger, found.report, of, state, by=by, why="", now=now)

    return {
        "decide": decide,
        "review": lambda: deciding.reviewed(ledger, found.finding, reviewer=by, now=now),
        "ask": lambda: deciding.asked(
            ledger, found.report, {**account, "asked_by": by, "asked": _now(now)}, by=by, now=now
        ),
        "confirm": lambda: repeats("confirmed"),
        "undo": lambda: repeats("undone"),
    }


def _now(now: datetime) -> str:
    return now.replace(microsecond=0).isoformat()


def _page(
    request: HttpRequest, asked: Asked, found: Followed, fault: InputError | None = None
) -> HttpResponse:
    view = asked.view
    body = view.facts.get(found.finding)
    finding = body.body if body is not None and isinstance(body.body, Finding) else None
    best = found.weighed[0] if found.weighed else None
    waits = finding is not None and not finding.reviewer
    may = {step for step, doing in _NEEDS.items() if asked.takes_in and asked.may(doing)}
    suggested = [s for s in view.suggested_repeats() if s.report == found.report]
    said = {
        "asked": asked,
        "room": "reports",
        "report": found,
        "allegation": _allegation(asked, found),
        "sections": [qualified_section(each, view) for each in parts.of_report(view, found)],
        "decision": best.decision if best else None,
        "words": _WORDS,
        "waits_for_review": waits,
        "may": may,
        "by": asked.reader.name,
        "origin": _origin(asked, found) if asked.may(Doing.KEEP_SOURCES) else "",
        "outlets": [(outlet, name_of(view, outlet)) for outlet in found.outlets],
        "suggested": suggested,
        "steps": bool(
            ("decide" in may and best)
            or ("review" in may and waits)
            or ("confirm" in may and suggested)
            or "ask" in may
        ),
        "faults": fault.faults if isinstance(fault, Faults) else (fault,) if fault else (),
    }
    return render(request, "desk/report.html", said, status=422 if fault else 200)


def found_report(asked: Asked, name: str) -> Followed:
    """A report that this reader may see. Raises Http404 for all others."""
    try:
        return asked.view.report(name)
    except InputError:
        raise Http404 from None


def _origin(asked: Asked, found: Followed) -> str:
    """The pseudonym of who told it; empty where nobody is sealed."""
    entry = asked.view.facts.get(found.report)
    return entry.body.origin if entry is not None and isinstance(entry.body, Report) else ""


def _allegation(asked: Asked, found: Followed) -> str:
    entry = asked.view.facts.get(found.report)
    body = entry.body if entry is not None else None
    assert isinstance(body, msgspec.Struct)
    return str(getattr(body, "allegation", found.report))
