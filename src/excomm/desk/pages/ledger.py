"""Ledger: every entry that the reader may see, one entry's page, verification, downloads."""

from datetime import date

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from excomm.brief import words
from excomm.brief.attribution import whose_word
from excomm.brief.basis import part_rests_on as rests_on
from excomm.case import View
from excomm.desk import exports
from excomm.desk.asking import HANDED_OUT, Asked
from excomm.desk.forms import ENTERED
from excomm.desk.kept import kept
from excomm.desk.marks import hands_out
from excomm.desk.receipts import given
from excomm.desk.telling import fields_said, full_when, in_utc, told
from excomm.entries import KINDS, Entry, start_of
from excomm.entries.corrections import withdraws
from excomm.entries.kinds import Assumption, Attachment, Finding, Reply
from excomm.entries.references import named
from excomm.errors import InputError

_PAGE = 50


class Filter(msgspec.Struct, frozen=True):
    """What is asked of the ledger. Empty: everything."""

    kind: str = ""
    day: str = ""
    text: str = ""
    ids: str = ""
    after: int = 0  # in the ledger's order: what came since

    @classmethod
    def of(cls, request: HttpRequest) -> "Filter":
        """What the address says; what is no kind or number is not said."""
        said = {name: request.GET.get(name, "").strip() for name in ("kind", "day", "text", "ids")}
        after = request.GET.get("after", "")
        number = int(after) if after.isascii() and after.isdigit() and len(after) < 12 else 0
        kind = said["kind"] if said["kind"] in KINDS else ""
        return cls(kind, said["day"], said["text"], said["ids"], number)

    @property
    def is_empty(self) -> bool:
        """Whether everything is asked for."""
        return self == Filter()


class Line(msgspec.Struct, frozen=True):
    """One entry in the list."""

    entry: Entry
    when: str
    says: str
    holds: str  # empty where it holds on this day


@kept
@require_safe
def ledger(request: HttpRequest, slug: str) -> HttpResponse:
    """The list, newest first; a fragment of it where only that is asked for."""
    asked = Asked(request, slug)
    wanted = Filter.of(request)
    found = _matching(asked, wanted)
    start = _number(request.GET.get("start", ""))
    rows = [_line(asked.view, entry) for entry in found[start : start + _PAGE]]
    said = {
        "asked": asked,
        "room": "ledger",
        "wanted": wanted,
        "kinds": asked.seen.kinds,
        "rows": rows,
        "count": len(found),
        "first": start + 1,
        "last": start + len(rows),
        "next": start + _PAGE if start + _PAGE < len(found) else None,
        "previous": max(start - _PAGE, 0) if start else None,
        "again": msgspec.structs.asdict(wanted) | {"after": wanted.after or ""},
    }
    part = getattr(request, "htmx", False)
    return render(request, "desk/ledger-rows.html" if part else "desk/ledger.html", said)


@require_safe
def entry(request: HttpRequest, slug: str) -> HttpResponse:
    """One entry: what it says, whose word it is, what corrected it, what rests on it."""
    asked = Asked(request, slug)
    view = asked.view
    found = asked.found(request.GET.get("id", ""))
    zone = view.case.zone
    hands_receipt = bool(request.GET.get("entered")) and asked.may_enter
    said = {
        "asked": asked,
        "room": "ledger",
        "entry": found,
        "says": told(view, found),
        "when": full_when(found.occurred, zone),
        "when_utc": in_utc(found.occurred),
        "recorded": words.full_when(found.recorded, zone),
        "appended": words.full_when(found.appended, zone) if found.appended else "",
        "later": found.appended is not None and found.recorded < found.appended,
        "word": whose_word(view, found),
        "fields": fields_said(view, found),
        "holds": _holds(view, found),
        "corrected_by": [_line(view, one) for one in view.log if one.corrects == found.id],
        "named_by": [
            _line(view, one)
            for one in view.log
            if one.corrects != found.id and found.id in named(one)
        ],
        "names": [name for name in named(found) if any(one.id == name for one in view.log)],
        "states": _states(view, found),
        "figures": _figures(view, found),
        "parts": [part for part in asked.seen.brief.sections if found.id in rests_on(part)],
        "entered": request.GET.get("entered", ""),
        "given": given(asked.served.ledger, found) if hands_receipt else None,
        "receipt_name": _receipt_name(slug, found),
        "withdraws": withdraws(found),
        "enterable": tuple(ENTERED),
        "leaves": _leaves(view, found),
        "is_file": isinstance(found.body, Attachment) and asked.served.ledger is not None,
        "original": original_of(found),
        **_attached(view, found),
    }
    if said["given"]:
        request.META[HANDED_OUT] = "receipt"
    return render(request, "desk/entry.html", said)


@require_safe
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    """The signed proof that an entry is in the ledger, for whoever submitted it to keep."""
    from excomm.ledger.receipt import receipt as made

    asked = Asked(request, slug)
    found = asked.found(request.GET.get("id", ""))
    if asked.served.ledger is None or not asked.may_enter:
        raise Http404
    answer = HttpResponse(
        made(asked.served.ledger, found.id).content, content_type="application/zip"
    )
    answer["Content-Disposition"] = f'attachment; filename="{_receipt_name(slug, found)}"'
    return answer


def _receipt_name(slug: str, entry: Entry) -> str:
    return f"{slug}-{entry.seq}-receipt.zip"


@require_POST
def verify(request: HttpRequest, slug: str) -> HttpResponse:
    """Compute the whole chain again and say what was found."""
    asked = Asked(request, slug)
    found = asked.served.ledger.verify() if asked.served.ledger is not None else None
    said = {"asked": asked, "room": "ledger", "found": found}
    part = getattr(request, "htmx", False)
    return render(request, "desk/verified.html" if part else "desk/verify.html", said)


@hands_out
@require_safe
def as_csv(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries asked for, as a table that no spreadsheet runs."""
    asked = Asked(request, slug)
    found = _matching(asked, Filter.of(request))
    text = "".join(exports.to_csv(_handed(asked, found), asked.view.header))
    return download(f"\ufeff{text}".encode(), "text/csv; charset=utf-8", f"{slug}-entries.csv")


@hands_out
@require_safe
def as_xlsx(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries asked for, as a workbook in which every cell is text."""
    asked = Asked(request, slug)
    found = _matching(asked, Filter.of(request))
    raw = exports.to_xlsx(_handed(asked, found), asked.view.header)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return download(raw, media_type, f"{slug}-entries.xlsx")


@hands_out
@require_safe
def as_json(request: HttpRequest, slug: str) -> HttpResponse:
    """The entries asked for, in their canonical form."""
    asked = Asked(request, slug)
    found = _matching(asked, Filter.of(request))
    raw = exports.to_json(_handed(asked, found))
    return download(raw, "application/json", f"{slug}-entries.json")


def download(raw: bytes, media_type: str, name: str) -> HttpResponse:
    """An answer that is saved under a name, not shown."""
    response = HttpResponse(raw, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _matching(asked: Asked, wanted: Filter) -> list[Entry]:
    """The entries asked for, newest first."""
    day = _day(wanted.day)
    seen = asked.seen
    within = asked.served.matching(wanted.text, seen) if wanted.text else seen.newest_first
    ids = set(wanted.ids.split())
    zone = asked.view.case.zone
    return [
        entry
        for entry in within
        if (not wanted.kind or entry.kind == wanted.kind)
        and (not ids or entry.id in ids)
        and entry.seq >= wanted.after + (1 if wanted.after else 0)
        and (
            day is None
            or start_of(entry.occurred, zone).astimezone(zone).date()
            <= day
            <= words.last_day(entry.occurred, zone)
        )
    ]


def _handed(asked: Asked, entries: list[Entry]) -> list[Entry]:
    """In the ledger's order; for who does not see all, without numbers that would tell of gaps."""
    found = list(reversed(entries))
    if asked.sees_all:
        return found
    return [msgspec.structs.replace(entry, seq=0) for entry in found]


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError("day", text, "a day that exists", "Write 1962-11-12.") from None


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _line(view: View, entry: Entry) -> Line:
    when = words.when_words(entry.occurred, view.case.zone, view.on)
    return Line(entry, when, told(view, entry), _holds(view, entry))


def _holds(view: View, entry: Entry) -> str:
    """Why an entry says nothing on this day; empty where it holds."""
    if view.facts.get(entry.id) is not None or withdraws(entry):
        return ""
    if entry.recorded > view.known_by:
        return _("recorded later")
    if start_of(entry.occurred, view.case.zone) > view.on:
        return _("of a later day")
    return _("corrected or withdrawn")


def _states(view: View, entry: Entry) -> list[tuple[str, bool]]:
    """The undertakings that an entry bears on, and whether it decides their state."""
    return [
        (name, entry.id in status.decides)
        for name, status in view.standing().items()
        if entry.id in status.why or entry.id in status.decides
    ]


def original_of(entry: Entry) -> str:
    """What a translation is of: the entry's running text."""
    names = ("text", "allegation", "what", "statement")
    return next((said for name in names if (said := getattr(entry.body, name, ""))), "")


def _attached(view: View, entry: Entry) -> dict[str, list[Entry]]:
    """The files of an entry, as they hold on this day: translations beside the rest."""
    found = [one for one, body in view.facts.of(Attachment) if entry.id in body.about]
    translated = [one for one in found if getattr(one.body, "role", "") == "translation"]
    return {"translations": translated, "attached": [e for e in found if e not in translated]}


def _leaves(view: View, entry: Entry) -> str:
    """What an entry is called as a document of its own; empty where it is none."""
    if view.facts.get(entry.id) is None:
        return ""
    if isinstance(entry.body, Finding):
        return "finding"
    return "letter" if isinstance(entry.body, Reply) and entry.body.text.strip() else ""


def _figures(view: View, entry: Entry) -> list[str]:
    """The items whose figure rests on an entry."""
    found = []
    for item in view.items_with_figures():
        try:
            if entry.id in view.assurance(item).rests_on:
                found.append(item)
        except InputError:
            if isinstance(entry.body, Assumption) and entry.body.name.startswith(f"{item}."):
                found.append(item)
    return found
