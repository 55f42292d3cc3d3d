"""Answering an outlet: one person proposes the words, another approves them, and they leave.

What is approved is the text that was proposed, word for word, and what left is named in its entry
by its SHA-256. Nothing leaves with a leak in it, and nothing leaves twice.
"""

from datetime import UTC, datetime

import msgspec
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from excomm.brief import words
from excomm.brief.attribution import name_of
from excomm.desk.asking import Asked
from excomm.desk.marks import confirms
from excomm.desk.pages.enter import FORM_KEY_CHARS, Sent, appended, fresh_key
from excomm.desk.pages.ledger import download
from excomm.desk.pages.reports import found_report
from excomm.desk.roles import Doing
from excomm.desk.served import NOW
from excomm.entries import Entry, instant_text
from excomm.entries.corrections import Corrections
from excomm.entries.kinds import Reply
from excomm.errors import Faults, InputError
from excomm.mailing import MailServer
from excomm.reports import answering
from excomm.reports.answering import Answer
from excomm.reports.following import Followed
from excomm.reports.sealing import Sources

_SENDING_SECONDS = 120  # for so long nobody else sends the same
_PROPOSED = "proposed"
"""How a reply that is owed would leave, where somebody has proposed its words."""
_FORMS = {"eml": "e-mail file", "txt": "file"}


class Proposed(msgspec.Struct, frozen=True):
    """Words that somebody proposed and that have not left."""

    entry: Entry
    body: Reply
    by: str
    at: str


@confirms
@require_http_methods(["GET", "HEAD", "POST"])
def reply(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer to one outlet: its draft, its proposal, and what has left already."""
    asked = Asked(request, slug)
    report = found_report(asked, request.GET.get("id", ""))
    outlet = request.GET.get("outlet", "")
    if outlet not in report.outlets:
        raise Http404
    if request.method == "POST":
        if not asked.takes_in or not asked.may(Doing.SPEAK):
            raise Http404
        try:
            return _take(request, asked, report, outlet)
        except InputError as fault:
            faults = fault.faults if isinstance(fault, Faults) else (fault,)
            return _page(request, asked, report, outlet, faults)
    return _page(request, asked, report, outlet, ())


def _take(request: HttpRequest, asked: Asked, report: Followed, outlet: str) -> HttpResponse:
    key = request.POST.get("form-key", "")
    if len(key) != FORM_KEY_CHARS:
        expected = "one that this desk made"
        raise InputError("form", "a form without its key", expected, "Open it anew.")
    person = asked.reader.name or request.POST.get("by", "").strip()
    if not person:
        raise InputError("by", None, "who proposes or approves it", "Name yourself.")
    if request.POST.get("step") == "propose":
        _propose(
            asked, report, outlet, Sent(key, {"by": person}, None), request.POST.get("text", "")
        )
    else:
        left = _send(request, asked, report, outlet, person)
        if left is not None:
            return left
    asked.kept = {**asked.kept, "known_by": NOW}
    return redirect(asked.to("reply", id=report.report, outlet=outlet))


def _propose(asked: Asked, report: Followed, outlet: str, sent: Sent, text: str) -> None:
    """Enter the words as a reply that is owed, in the place of one that was owed before."""
    draft = _answer(asked, report, outlet, text)
    answering.checked(draft, approved_by="another", second_person=False)  # leaks are told at once
    owed = _owed(asked, report, outlet)
    sent.texts.update(
        {
            "occurred": instant_text(datetime.now(UTC).replace(microsecond=0)),
            "outlet": outlet,
            "report": report.report,
            "finding": draft.finding,
            "text": draft.text,
            "method": _PROPOSED,
            "marking": draft.marking,
        }
    )
    if owed is not None and isinstance(owed.body, Reply) and owed.body.due is not None:
        sent.texts["due"] = str(owed.body.due)
    appended(asked, "reply", Sent(sent.key, sent.texts, str(owed.id) if owed else None))


def _send(
    request: HttpRequest, asked: Asked, report: Followed, outlet: str, person: str
) -> HttpResponse | None:
    """Let the proposed words leave. Gives the file where they leave as one."""
    waiting = _proposed(asked, report, outlet)
    if waiting is None or waiting.entry.id != request.POST.get("of"):
        raise InputError(
            "of", request.POST.get("of"), "the words that wait for approval", "Read them anew."
        )
    if person.casefold() == waiting.by.casefold():
        raise InputError("by", person, f"another person than {waiting.by}, who proposed it")
    rules = asked.view.report_rules
    second = rules.review == "second person"
    if second and waiting.body.finding and not report.reviewed:
        raise InputError("finding", waiting.body.finding, "a finding that was reviewed")
    answer = _answer(asked, report, outlet, waiting.body.text)
    answering.checked(answer, approved_by=person, second_person=second)
    way = request.POST.get("way", "")
    if way not in ("mail", *_FORMS):
        raise InputError("way", way, "mail, eml or txt")
    lock = f"excomm.desk.sending.{waiting.entry.id}"
    if not cache.add(lock, person, _SENDING_SECONDS):
        raise InputError("reply", "one that is being sent", "one that waits", "Look in a minute.")
    now = datetime.now(UTC)
    try:
        data, method = _leaves(answer, way, now)
    except BaseException:
        cache.delete(lock)  # nothing has left: it may be tried again at once
        raise
    entry = msgspec.structs.replace(
        answering.sent(answer, data, method, person, now=now), corrects=waiting.entry.id
    )
    asked.served.append(lambda: entry, now=now)
    if way == "mail":
        return None
    return download(data, "application/octet-stream", f"{asked.slug}-answer-{outlet}.{way}")


def _leaves(answer: Answer, way: str, now: datetime) -> tuple[bytes, str]:
    """What leaves, and how."""
    if way == "mail":
        return answering.mailed(answer, now=now), "e-mail"
    data = answering.as_file(answer, now=now) if way == "eml" else answer.text.encode()
    return data, _FORMS[way]


def _page(
    request: HttpRequest,
    asked: Asked,
    report: Followed,
    outlet: str,
    faults: tuple[InputError, ...],
) -> HttpResponse:
    typed = request.POST.get("text", "")
    answer = _answer(asked, report, outlet, typed)
    waiting, owed = _proposed(asked, report, outlet), _owed(asked, report, outlet)
    zone = asked.view.case.zone
    said = {
        "asked": asked,
        "room": "reports",
        "report": report,
        "answer": answer,
        "outlet": name_of(asked.view, outlet),
        "waiting": waiting,
        "owed": owed if owed is not None and waiting is None else None,
        "is_own": waiting is not None
        and bool(asked.reader.name)
        and waiting.by == asked.reader.name,
        "left": [
            (entry, body, words.full_when(entry.recorded, zone))
            for entry, body in _replies(asked, report, outlet)
            if body.sent is not None
        ],
        "may_speak": asked.takes_in and asked.may(Doing.SPEAK),
        "can_mail": bool(answer.to) and MailServer.of_environment() is not None,
        "by": asked.reader.name,
        "faults": faults,
        "key": fresh_key(),
    }
    return render(request, "desk/reply.html", said, status=422 if faults else 200)


def _answer(asked: Asked, report: Followed, outlet: str, text: str) -> Answer:
    """The reply in the desk's words, or in somebody's own; sealed names may not be in it."""
    ledger = asked.served.ledger
    names = tuple(Sources(ledger).names().values()) if ledger is not None else ()
    found = asked.view.answer_to(report.report, outlet, sources=names)
    plain = text.replace("\r\n", "\n")
    if not plain.strip() or plain == found.text:
        return found
    return asked.view.in_other_words(found, plain, sources=names)


def _proposed(asked: Asked, report: Followed, outlet: str) -> Proposed | None:
    owed = _owed(asked, report, outlet)
    if owed is None or not isinstance(owed.body, Reply) or owed.body.method != _PROPOSED:
        return None
    at = words.full_when(owed.recorded, asked.view.case.zone)
    return Proposed(owed, owed.body, owed.by, at)


def _owed(asked: Asked, report: Followed, outlet: str) -> Entry | None:
    """The reply that is owed as known now, whatever the page shows: nothing is sent twice."""
    owed = [entry for entry, body in _replies(asked, report, outlet) if body.sent is None]
    return owed[-1] if owed else None


def _replies(asked: Asked, report: Followed, outlet: str) -> list[tuple[Entry, Reply]]:
    """Those about a report to an outlet that hold now, of whatever day the page is."""
    log = asked.served.seen(None, NOW, asked.reader.cleared).view.log
    gone = Corrections(log).gone
    return [
        (entry, entry.body)
        for entry in log
        if isinstance(entry.body, Reply)
        and entry.id not in gone
        and (entry.body.report, entry.body.outlet) == (report.report, outlet)
    ]
