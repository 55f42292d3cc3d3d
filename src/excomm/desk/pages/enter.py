"""Enter: a look, a count, a declaration, an event, a report; and undo, which is a correction.

A form carries a key of its own. The id of the entry is made from it, so a form that is sent twice
is one entry, whichever process took it first. What was seen to be true by others is never written
over: a correction of an entry that was corrected meanwhile is turned away and shown.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from excomm.desk.asking import Asked
from excomm.desk.forms import ENTERED, Box, boxes, texts_sent, when_said
from excomm.desk.served import NOW
from excomm.desk.telling import told
from excomm.entries import KINDS, Entry, EntryId
from excomm.entries.corrections import Corrections
from excomm.entries.kinds import Agreement, CaseHeader, Correction
from excomm.entries.times import Instant
from excomm.errors import Faults, InputError
from excomm.folder import texts_of, typed

FORM_KEY_CHARS = 43
"""Of token_urlsafe(32), by which a form is known again."""


class Sent(msgspec.Struct, frozen=True):
    """A form as it was sent: its key, its texts, and what it corrects."""

    key: str
    texts: dict[str, str]
    corrects: str | None

    def entry_id(self, kind: str) -> EntryId:
        """One key, one id: random, and the same for every copy of the form."""
        return EntryId(f"{kind}-{hashlib.sha256(self.key.encode()).hexdigest()[:16]}")


@require_safe
def kinds(request: HttpRequest, slug: str) -> HttpResponse:
    """What can be entered; for a case that is no ledger, how to make it one."""
    asked = Asked(request, slug)
    last = [entry for entry in reversed(asked.view.log) if entry.kind in ENTERED][:8]
    said = {
        "asked": asked,
        "room": "enter",
        "kinds": ENTERED,
        "recent": [(entry, told(asked.view, entry)) for entry in last if entry.seq],
    }
    return render(request, "desk/enter.html", said)


@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The form of one kind, empty or like an earlier entry; sent, it is taken in."""
    asked = Asked(request, slug)
    if kind not in ENTERED or not asked.may_enter:
        raise Http404
    if request.method == "POST":
        return _take(request, asked, kind, corrects=None)
    like = request.GET.get("like", "")
    given = texts_of(asked.found(like), asked.view.header) if like else {}
    return _form(request, asked, kind, given)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, slug: str) -> HttpResponse:
    """The form filled with an entry; sent, the new entry stands in the old one's place."""
    asked = Asked(request, slug)
    old = asked.found(request.GET.get("id", ""))
    if old.kind not in ENTERED or not asked.may_enter:
        raise Http404
    if meanwhile := _meanwhile(asked, old):
        return _changed(request, asked, old, meanwhile)
    if request.method == "POST":
        return _take(request, asked, old.kind, corrects=old)
    return _form(request, asked, old.kind, texts_of(old, asked.view.header), corrects=old)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take an entry back, with the reason; it stays readable in the ledger."""
    asked = Asked(request, slug)
    old = asked.found(request.GET.get("id", ""))
    if isinstance(old.body, CaseHeader | Agreement) or not asked.may_enter:
        raise Http404
    if meanwhile := _meanwhile(asked, old):
        return _changed(request, asked, old, meanwhile)
    if request.method == "POST":
        return _take(request, asked, "correction", corrects=old)
    return _form(request, asked, "correction", {}, corrects=old)


# -- taking in -----------------------------------------------------------------------------------


def _take(request: HttpRequest, asked: Asked, kind: str, *, corrects: Entry | None) -> HttpResponse:
    key = request.POST.get("form-key", "")
    if len(key) != FORM_KEY_CHARS:
        raise InputError(
            "form", "a form without its key", "one that this desk made", "Open it anew."
        )
    sent = Sent(key, texts_sent(request.POST, kind), corrects.id if corrects else None)
    if said := sent.texts.get("occurred"):
        sent.texts["occurred"] = when_said(asked.view, said)
    if asked.reader.name:
        sent.texts.setdefault("by", asked.reader.name)
    if corrects is not None and kind == "correction":
        # A withdrawal is of now, for the same eyes as what it withdraws.
        sent.texts["occurred"] = str(Instant(datetime.now(UTC)))
        sent.texts["marking"] = corrects.marking
    try:
        entry = appended(asked, kind, sent)
    except Faults as faults:
        return _form(
            request,
            asked,
            kind,
            sent.texts,
            corrects=corrects,
            key=key,
            faults=faults.faults,
            status=422,
        )
    shown = {**asked.kept, "known_by": NOW}
    asked.kept = shown
    return redirect(asked.to("entry", id=str(entry.id), entered="yes"))


def fresh_key() -> str:
    """A key for a form that is shown now."""
    return secrets.token_urlsafe(32)


def appended(asked: Asked, kind: str, sent: Sent) -> Entry:
    """The entry as it stands in the ledger: taken in now, or by an earlier copy of the form."""
    now = datetime.now(UTC)
    entry_id = sent.entry_id(kind)
    made: list[Entry] = []

    def make() -> Entry:
        # Asked again under the lock: what another request has just taken in counts.
        log = asked.served.seen(None, NOW, asked.reader.cleared).view.log
        entry = typed(
            KINDS[kind],
            sent.texts,
            [one for one in log if one.id != entry_id],
            entry_id=entry_id,
            now=now,
            corrects=sent.corrects,
        )
        there = next((one for one in log if one.id == entry_id), None)
        if there is not None:
            raise _Already(there, is_same=_content(there) == _content(entry))
        made.append(entry)
        return entry

    try:
        asked.served.append(make, now=now)
    except _Already as already:
        if not already.is_same:
            raise Faults(
                [
                    InputError(
                        "form",
                        "a form that was sent before, with other words",
                        "one form for one entry",
                        f"The first was taken in as {entry_id}: correct that one.",
                    )
                ]
            ) from None
        return already.entry
    return made[-1]


class _Already(Exception):
    """The form was sent before."""

    def __init__(self, entry: Entry, *, is_same: bool) -> None:
        super().__init__(entry.id)
        self.entry = entry
        self.is_same = is_same


def _content(entry: Entry) -> Entry:
    """What an entry says, without when it was taken in."""
    begin = datetime.min.replace(tzinfo=UTC)
    bare = msgspec.structs.replace(entry, recorded=begin, seq=0, appended=None)
    if isinstance(entry.body, Correction):
        return msgspec.structs.replace(bare, occurred=Instant(begin))
    return bare


def _meanwhile(asked: Asked, old: Entry) -> Entry | None:
    """What has corrected or withdrawn an entry, and still holds."""
    log = asked.served.seen(None, NOW, asked.reader.cleared).view.log
    gone = Corrections(log).gone
    if old.id not in gone:
        return None
    later = [one for one in log if one.corrects == old.id]
    holding = [one for one in later if one.id not in gone]
    return (holding or later or [None])[-1]  # type: ignore[list-item]


# -- showing -------------------------------------------------------------------------------------


def _form(
    request: HttpRequest,
    asked: Asked,
    kind: str,
    given: Mapping[str, str],
    *,
    corrects: Entry | None = None,
    key: str = "",
    faults: tuple[InputError, ...] = (),
    status: int = 200,
) -> HttpResponse:
    made: tuple[tuple[str, tuple[Box, ...]], ...] = boxes(asked.view, kind, given, faults)
    placed = {box.name for _, group in made for box in group}
    said = {
        "asked": asked,
        "room": "enter",
        "kind": kind,
        "called": _(ENTERED[kind].one) if kind in ENTERED else _("a withdrawal"),
        "groups": made,
        "key": key or fresh_key(),
        "corrects": corrects,
        "corrects_says": told(asked.view, corrects) if corrects else "",
        "faults": faults,
        "unplaced": [fault for fault in faults if fault.where.split(".")[0] not in placed],
    }
    return render(request, "desk/form.html", said, status=status)


def _changed(request: HttpRequest, asked: Asked, old: Entry, later: Entry) -> HttpResponse:
    said = {
        "asked": asked,
        "room": "enter",
        "old": old,
        "later": later,
        "says": told(asked.view, later),
    }
    return render(request, "desk/changed.html", said, status=409)
