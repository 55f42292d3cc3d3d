"""Today: the live brief, and what arrived since the reader last said he had read."""

from bisect import bisect_right
from datetime import UTC, datetime

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from excomm.brief import html
from excomm.desk.asking import Asked
from excomm.desk.keeping import Looked
from excomm.desk.telling import told
from excomm.entries import Entry

_SHOWN = 12


class Arrived(msgspec.Struct, frozen=True):
    """What came into the ledger since the reader last looked. looked: None where he never said."""

    looked: Looked | None
    count: int
    rows: tuple[tuple[Entry, str], ...]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.rows)


@require_safe
def today(request: HttpRequest, slug: str) -> HttpResponse:
    """The brief of the day asked for."""
    asked = Asked(request, slug)
    body = asked.seen.bodies.get(asked.query)
    if body is None:
        body = html.body(asked.seen.brief, asked.entry_href, asked.to_rests)
        asked.seen.bodies[asked.query] = body
    said = {
        "asked": asked,
        "room": "today",
        # Made by the brief's own template, which escapes all that it places.
        "body": mark_safe(body),
        "arrived": _arrived(asked),
    }
    return render(request, "desk/today.html", said)


@require_safe
def sheet(request: HttpRequest, slug: str) -> HttpResponse:
    """The foot and the marking of every printed sheet, as a style sheet of its own."""
    heading = Asked(request, slug).heading
    foot = f"{heading.title} · {heading.head_words}"
    return HttpResponse(html.sheet_css(foot, heading.marking), content_type="text/css")


@require_POST
def mark_read(request: HttpRequest, slug: str) -> HttpResponse:
    """The reader says how far he has read: up to the head of the page that he saw."""
    asked = Asked(request, slug)
    size = request.POST.get("size", "")
    head = asked.view.head.size
    read = min(int(size), head) if size.isascii() and size.isdigit() and len(size) < 12 else head
    asked.marks.mark_looked(asked.served.where, Looked(read, datetime.now(UTC)))
    return redirect(asked.to("today"))


def _arrived(asked: Asked) -> Arrived | None:
    if asked.served.ledger is None:
        return None
    looked = asked.marks.looked(asked.served.where)
    size = looked.size if looked is not None else 0
    log = asked.view.log
    later = log[bisect_right(log, size, key=lambda entry: entry.seq) :]
    rows = tuple((entry, told(asked.view, entry)) for entry in reversed(later[-_SHOWN:]))
    return Arrived(looked, len(later), rows if looked is not None else ())
