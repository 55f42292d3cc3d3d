"""Taking in reports: one as it was received, or a file of many, looked at first.

The room of reports holds every rule: what is kept of a text, the source sealed apart, the same
report once. A name that this reader may not see is unknown to him here too. Nothing is kept between
looking and taking in but what the form carries: the file as text.
"""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from excomm.desk.asking import Asked
from excomm.desk.forms import Box, boxes
from excomm.desk.served import NOW
from excomm.desk.uploads import plain_name, uploaded
from excomm.entries import Entry
from excomm.errors import Faults, InputError
from excomm.ledger import attachments
from excomm.reports.importing import MANY, decoded, read_data
from excomm.reports.intake import Incoming, Taken, prepared, take_in

TEXT_CHARS_MAX = 600_000
"""Of a file of many reports that goes through the page; a larger one goes in by the command."""
_SHOWN = 200
_FIELDS = ("outlet", "published", "reliability", "credibility", "item", "site", "would_break")
_HEAD = ("marking",)


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest, slug: str) -> HttpResponse:
    """The form; sent with one report it is taken in, with a file of many it is shown first."""
    asked = Asked(request, slug)
    if not asked.may_enter:
        raise Http404
    if request.method != "POST":
        return _form(request, asked)
    try:
        name, many = _many(request)
        if not many:
            return _one(request, asked)
        return _looked_at(request, asked, name, many)
    except InputError as fault:
        faults = fault.faults if isinstance(fault, Faults) else (fault,)
        return _form(request, asked, faults)


def _one(request: HttpRequest, asked: Asked) -> HttpResponse:
    said = _said(request)
    given = Incoming(text=said.get("text", ""), method="entered at the desk")
    sent = uploaded(request, "file")
    if sent is not None:
        if said.get("text", "").strip():
            raise InputError("text", "a text and a file", "one of them", "Leave one out.")
        file, name = sent
        (given,) = read_data(name, file.read())
    elif not given.text.strip():
        raise InputError("text", None, "the report as it was received", "Or give a file.")
    own = ("outlet", "published", "item", "site", "would_break", "source")
    changes = {each: said[each].strip() for each in own if said.get(each, "").strip()}
    grade = said.get("reliability", "") + said.get("credibility", "")
    incoming = msgspec.structs.replace(given, where="report", grade=grade, **changes)
    taken = _taken(asked, (incoming,), said)
    if sent is not None and taken.entries and not incoming.text.strip():
        _keep(asked, sent[1], given.raw, taken.entries[0])
    asked.kept = {**asked.kept, "known_by": NOW}
    names = [str(entry.id) for entry in taken.entries] or list(taken.again)
    seen = asked.served.seen(None, NOW, asked.reader.cleared).view
    if seen.facts.get(names[0]) is None:
        raise InputError("text", "a report that is in the ledger already", "a report that is new")
    return redirect(asked.to("report", id=names[0]))


def _many(request: HttpRequest) -> tuple[str, str]:
    """A file of many reports, its name and text: sent now, or carried since it was looked at."""
    said = _said(request)
    if said.get("many"):
        return said.get("name", ""), said["many"]
    sent = uploaded(request, "file")
    if sent is None or Path(sent[1]).suffix.lower() not in MANY:
        return "", ""
    file, name = sent
    text = decoded(name, file.read()).replace("\r\n", "\n")
    file.seek(0)
    if len(text) > TEXT_CHARS_MAX:
        raise InputError(
            "file",
            f"{len(text)} characters",
            f"at most {TEXT_CHARS_MAX}",
            "A larger one goes in by: excomm reports import.",
        )
    return name, text


def _looked_at(request: HttpRequest, asked: Asked, name: str, text: str) -> HttpResponse:
    said = _said(request)
    incoming = read_data(name, text.encode(), outlet=said.get("outlet", ""))
    taken: Taken
    done = request.POST.get("step") == "take"
    if done:
        taken = _taken(asked, incoming, said)
        asked.kept = {**asked.kept, "known_by": NOW}
    else:
        taken = prepared(
            incoming,
            asked.view.log,
            now=datetime.now(UTC),
            operator=_by(asked, said) or "preview",
            marking=said.get("marking", ""),
            seal=None,
        )
    shown = {
        "asked": asked,
        "room": "reports",
        "name": name,
        "many": text,
        "said": {each: said.get(each, "") for each in ("outlet", "marking", "by")},
        "done": done,
        "rows": [(str(e.id), getattr(e.body, "allegation", "")) for e in taken.entries[:_SHOWN]],
        "total": len(taken.entries),
        "again": len(taken.again),
    }
    return render(request, "desk/intake-look.html", shown)


def _taken(asked: Asked, incoming: tuple[Incoming, ...], said: dict[str, str]) -> Taken:
    ledger = asked.served.ledger
    assert ledger is not None
    return take_in(
        ledger,
        incoming,
        now=datetime.now(UTC),
        operator=_by(asked, said),
        marking=said.get("marking", ""),
        seen=asked.served.seen(None, NOW, asked.reader.cleared).view.log,
    )


def _keep(asked: Asked, name: str, data: bytes, report: Entry) -> None:
    """The bytes of what nobody could read, for the eyes that may see its report."""
    ledger = asked.served.ledger
    assert ledger is not None
    with TemporaryDirectory() as folder:
        path = Path(folder) / plain_name(name)
        path.write_bytes(data)
        attachments.attach(
            ledger,
            path,
            by=report.by,
            now=datetime.now(UTC),
            role="report",
            marking=report.marking,
        )


def _by(asked: Asked, said: dict[str, str]) -> str:
    return asked.reader.name or said.get("by", "")


def _said(request: HttpRequest) -> dict[str, str]:
    # A browser sends a line's end as two signs.
    return {name: str(text).replace("\r\n", "\n") for name, text in request.POST.items()}


def _form(request: HttpRequest, asked: Asked, faults: tuple[InputError, ...] = ()) -> HttpResponse:
    given = _said(request) if request.method == "POST" else {}
    known = {name: text for name, text in given.items() if name in (*_FIELDS, *_HEAD)}
    made = {box.name: box for _, group in boxes(asked.view, "report", known, ()) for box in group}
    shown: list[Box] = [made[name] for name in (*_FIELDS, *_HEAD) if name in made]
    said = {
        "asked": asked,
        "room": "reports",
        "boxes": shown,
        "text": given.get("text", ""),
        "source": given.get("source", ""),
        "by": asked.reader.name,
        "faults": faults,
    }
    return render(request, "desk/intake.html", said, status=422 if faults else 200)
