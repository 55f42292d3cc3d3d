"""The guide through a practice case: what to do, one step after the other, and what was done.

A step that leaves something in the ledger is done when that is there; the others are for looking.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from excomm.desk.asking import Asked
from excomm.desk.forms import ENTERED
from excomm.desk.served import NOW
from excomm.desk.telling import told
from excomm.entries import Entry
from excomm.entries.kinds import Count, Declaration, Handover, Look, Offer

State = Literal["done", "to do", "to look at"]


class Step(msgspec.Struct, frozen=True):
    """One step. href: where it is done."""

    does: str
    why: str
    href: str
    called: str
    state: State


@require_safe
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """The steps, with those that were done."""
    asked = Asked(request, slug)
    if not asked.is_practice:
        raise Http404
    begun = asked.desk.practice.begun_with(slug)
    # Nothing is recorded before now: what was practised is seen as known now.
    now = asked.served.seen(asked.kept.get("on") or asked.desk.run.on, NOW, None)
    later = tuple(entry for entry in now.view.log if entry.seq > begun)
    steps = (*_reads(asked), *_enters(asked, later), *_judges(asked, later), *_closes(asked, later))
    said = {
        "asked": asked,
        "room": "guide",
        "steps": steps,
        "done": sum(step.state == "done" for step in steps),
        "count": sum(step.state != "to look at" for step in steps),
        "name": slug.removeprefix(asked.desk.practice.word("")),
        "practised": len(later),
    }
    return render(request, "desk/guide.html", said)


def _reads(asked: Asked) -> Iterator[Step]:
    looked = asked.marks.looked(asked.served.where) is not None
    yield Step(
        _("Read Today from the top; stop anywhere, then press “I have read these” at its foot."),
        _("The most important stands first. From now on what came later stands above everything."),
        asked.to("today"),
        _("Today"),
        "done" if looked else "to do",
    )
    figures = asked.view.items_with_figures()
    if figures:
        yield Step(
            _("Open an item, press a figure to see what it rests on, and move one assumption."),
            _(
                "A figure is a range. Where it ends differently from what you believed, see which "
                "assumption carries it."
            ),
            asked.to("item", id=figures[0]),
            figures[0],
            "to look at",
        )


def _enters(asked: Asked, later: tuple[Entry, ...]) -> Iterator[Step]:
    last = _last(asked)
    kind = last.kind if last is not None else "event"
    like = str(last.id) if last is not None else None
    entered = [entry for entry in later if entry.kind == kind]
    first = entered[0] if entered else None
    does = _("Enter %(one)s, as if somebody had just telephoned.") % {"one": _(ENTERED[kind].one)}
    if last is not None:
        says = told(asked.view, last)
        does += " " + _("It comes filled with the last one (%(says)s): change it.") % {"says": says}
    yield Step(
        does,
        _(
            "What you enter is of the day shown, and recorded now: the page of that day is as it "
            "was until you ask for it as known now."
        ),
        asked.to_form(kind, like=like),
        _("Enter"),
        "done" if entered else "to do",
    )
    yield Step(
        _("Look at Today as known now, and again as known that day."),
        _("The two differ by what you entered. Nobody can say later that it was known before."),
        asked.to("today", known_by=NOW),
        _("Today, as known now"),
        "to look at",
    )
    corrected = any(entry.corrects and entry.kind == kind for entry in later)
    yield Step(
        _("You misheard a word: correct your entry."),
        _("Nothing is ever written over. The corrected one stays readable, with who corrected it."),
        asked.to("entry", id=str(first.id), known_by=NOW) if first else asked.to("ledger"),
        _("your entry") if first else _("Ledger"),
        "done" if corrected else "to do",
    )
    withdrawn = any(entry.kind == "correction" for entry in later)
    yield Step(
        _("Withdraw it altogether, with the reason."),
        _("That is undo: the figures are those from before, and the ledger says why."),
        asked.to("ledger", after=asked.desk.practice.begun_with(asked.slug), known_by=NOW),
        _("Ledger: what you entered"),
        "done" if withdrawn else "to do",
    )


def _judges(asked: Asked, later: tuple[Entry, ...]) -> Iterator[Step]:
    offer = next((entry for entry, _body in asked.view.facts.of(Offer)), None)
    yield Step(
        _("Suppose an event, or an offer accepted, and see every undertaking that would move."),
        _("Nothing is stored: the question is the address, and can be sent to a colleague."),
        asked.to("what-if", offer=str(offer.id) if offer else None),
        _("What if"),
        "to look at",
    )
    waiting = [one.report for one in asked.view.waiting()]
    if waiting:
        yield Step(
            _("Open what is owed an answer, read which looks bear on it, and propose a finding."),
            _(
                "A report is weighed by what was really looked at. Another person reviews the "
                "finding."
            ),
            asked.to("report", id=waiting[0]),
            waiting[0],
            "done" if any(entry.kind == "finding" for entry in later) else "to do",
        )


def _closes(asked: Asked, later: tuple[Entry, ...]) -> Iterator[Step]:
    handed = [entry for entry in later if isinstance(entry.body, Handover)]
    yield Step(
        _("Your shift ends: name who has each open item, and hand over."),
        _("The next shift takes it by name; until then it says that it was not taken."),
        asked.to("handover"),
        _("Handover"),
        "done" if handed else "to do",
    )
    yield Step(
        _("Verify the whole chain."),
        _(
            "Whoever holds the head of today elsewhere can see later that nothing before it "
            "changed."
        ),
        asked.to("ledger"),
        _("Ledger: Verify"),
        "to look at",
    )


def _last(asked: Asked) -> Entry | None:
    """The newest count of an item with a figure, else declaration, else look: a form's example."""
    facts = asked.view.facts
    told_of = set(asked.view.items_with_figures())
    counts = [entry for entry, body in facts.of(Count) if body.item in told_of]
    for found in (counts, *([e for e, _body in facts.of(kind)] for kind in (Declaration, Look))):
        if found:
            return found[-1]
    return None
