"""Minutes: what was said on each issue in all meetings; one record, source left and reading right.

Reading proposes, a person disposes: a word on a reading is a form that appends entries. What was
disposed of meanwhile by another is not written over: the last word holds, and both stay readable.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from excomm.brief import words
from excomm.brief.minutes import meeting_of
from excomm.desk.asking import Asked
from excomm.desk.served import NOW
from excomm.entries import Entry
from excomm.entries.kinds import Disposal
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.case import View

_FIELDS = ("what", "to", "due", "speaker")
_SHOWN = 200


class Meeting(msgspec.Struct, frozen=True):
    """One record in the list."""

    id: str
    name: str
    when: str
    statements: int
    directives: int
    open_questions: int
    pending: int


@require_safe
def minutes(request: HttpRequest, slug: str) -> HttpResponse:
    """The meetings; positions on each issue, and what was said, by words."""
    asked = Asked(request, slug)
    view = asked.view
    issue = request.GET.get("issue", "")
    asked_words = request.GET.get("words", "").strip()
    speaker = request.GET.get("speaker", "").strip()
    positions = view.positions()
    issues = tuple(dict.fromkeys(one.issue for one in positions))
    if issue and issue not in issues:
        issue = ""
    names = {str(entry.id): meeting_of(entry) for entry, _ in view.records()}
    found = _found(view, asked_words, speaker)
    said = {
        "asked": asked,
        "room": "minutes",
        "meetings": [_meeting(view, entry) for entry, _ in view.records()],
        "names": names,
        "issues": issues,
        "issue": issue,
        "positions": [one for one in positions if issue in ("", one.issue)][:_SHOWN],
        "apart": [one for one in view.contradictions() if issue in ("", one.issue)],
        "broken": view.wording_broken_later(),
        "words": asked_words,
        "speaker": speaker,
        "found": found,
    }
    return render(request, "desk/minutes.html", said)


def _found(view: "View", asked: str, speaker: str) -> Sequence[object] | None:
    """None where nothing was asked."""
    if not (asked or speaker):
        return None
    try:
        return view.said(asked, speaker=speaker)
    except InputError:
        return ()


def _meeting(view: "View", entry: Entry) -> Meeting:
    _, record = view.minutes(str(entry.id))
    open_questions = sum(one.answered_by is None for one in record.questions)
    return Meeting(
        str(entry.id),
        meeting_of(entry),
        words.full_when(view.facts.start(entry), view.case.zone),
        len(record.statements),
        len(record.directives),
        open_questions,
        len(view.sheet(str(entry.id)).pending),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def reading(request: HttpRequest, slug: str) -> HttpResponse:
    """One record line by line; a word on a reading, sent, is taken in."""
    asked = Asked(request, slug)
    name = request.GET.get("id", "")
    try:
        entry, _ = asked.view.minutes(name)
    except InputError:
        raise Http404 from None
    if request.method == "POST":
        if not asked.may_enter:
            raise Http404
        return _take(request, asked, name)
    sheet = asked.view.sheet(name)
    at = request.GET.get("look", "")
    number = next((i for i, one in enumerate(sheet.pending) if one.id == at), 0)
    look = sheet.pending[number] if sheet.pending else None
    after = sheet.pending[(number + 1) % len(sheet.pending)] if len(sheet.pending) > 1 else None
    raw = str(getattr(entry.body, "text", ""))
    said = {
        "asked": asked,
        "room": "minutes",
        "minutes": entry,
        "name": meeting_of(entry),
        "sheet": sheet,
        "dues": {
            one.id: words.full_when(one.due_at, asked.view.case.zone)
            for line in sheet.lines
            for one in line.directives
            if one.due_at is not None
        },
        "look": look,
        "number": number + 1,
        "words": raw[look.start : look.end] if look else "",
        "line": next((n for n in sheet.lines if look and n.start <= look.start < n.end), None),
        "after": after,
    }
    return render(request, "desk/reading.html", said)


def _take(request: HttpRequest, asked: Asked, name: str) -> HttpResponse:
    sent = {field: request.POST.get(field, "").strip() for field in ("part", "reading", "verdict")}
    fields = {
        field: text
        for field in _FIELDS
        if sent["verdict"] == "edited"
        and (text := request.POST.get(field, "").strip())
        and text != request.POST.get(f"was-{field}", "")
    }
    try:
        word = msgspec.convert({"minutes": name, **sent}, Disposal)
    except msgspec.ValidationError as fault:
        raise InputError("form", str(fault), "one that this desk made", "Open it anew.") from None
    now = datetime.now(UTC)
    by = asked.reader.name or request.POST.get("by", "").strip()

    def make() -> Sequence[Entry]:
        # Asked again under the lock: what another has just disposed of counts.
        view = asked.served.seen(None, NOW, asked.reader.cleared).view
        said = [one for one in view.disposals().get(name, ()) if one.id == word.reading]
        if said and said[-1].verdict == word.verdict and said[-1].fields == fields:
            return ()  # the form was sent twice
        return view.disposing(name, word.part, word.reading, word.verdict, fields, by=by, now=now)

    asked.served.append_all(make, now=now)
    asked.kept = {**asked.kept, "known_by": NOW}
    following = request.POST.get("next", "")
    return redirect(asked.to("reading", id=name, look=following))
