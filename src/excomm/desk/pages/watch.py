"""Watch: where the planned looks are weakest, the picture, the next look; a change can be tried.

A change is tried in the address and stored nowhere. What becomes of a planned look is entered as a
look; this page only reads.
"""

from datetime import date
from urllib.parse import urlencode

import msgspec
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from excomm import lookout
from excomm.brief.attribution import name_of
from excomm.desk.asking import Asked
from excomm.desk.marks import hands_out
from excomm.errors import Faults, InputError
from excomm.lookout import Curve, Weakest
from excomm.watch import picture
from excomm.watch.campaign import Schedule
from excomm.watch.review import Reviewed
from excomm.watch.situation import Situation

_DAYS = 30
_NEXT_SHOWN = 6


class Tried(msgspec.Struct, frozen=True):
    """What a reader tries: a look more on a day at some sites, and planned looks left out."""

    means: str
    sites: tuple[str, ...]
    day: str
    without: tuple[str, ...]

    @property
    def is_anything(self) -> bool:
        return bool(self.sites and self.means and self.day) or bool(self.without)


class PlannedRow(msgspec.Struct, frozen=True):
    """A planned look in the table."""

    id: str
    day: date
    means: str
    sites: str
    came: str
    look: str
    left_out: bool


@require_safe
def watch(request: HttpRequest, slug: str) -> HttpResponse:
    """The watch of a case."""
    asked = Asked(request, slug)
    view = asked.view
    tried = _tried(request)
    said: dict[str, object] = {"asked": asked, "room": "watch", "tried": tried}
    try:
        now = view.watch()
    except Faults as faults:
        said["missing"] = tuple(map(str, faults.faults))
        return render(request, "desk/watch.html", said)
    except InputError as fault:
        said["missing"] = (str(fault),)
        return render(request, "desk/watch.html", said)
    stands = lookout.weakest(view, _DAYS)
    tries = [("means", tried.means), ("day", tried.day)]
    tries += [("site", one) for one in tried.sites] + [("without", one) for one in tried.without]
    given = urlencode([*asked.kept.items(), *((name, text) for name, text in tries if text)])
    said |= {
        "now": now,
        "picture": f"{reverse('watch-picture', args=[slug])}?{given}",
        "stands": stands,
        "stands_words": _words(stands),
        "sites": tuple(zip(now.sites, now.names, strict=True)),
        "next_looks": view.next_looks()[:_NEXT_SHOWN],
        "rows": [_row(asked, one, tried) for one in lookout.review(view).looks],
        "curves": _curves(asked),
        "basis": tuple((means.name, "; ".join(means.legal_basis)) for means in now.means),
    }
    if tried.is_anything:
        try:
            would = lookout.weakest(view, _DAYS, added=_added(now, tried), without=tried.without)
        except InputError as fault:
            said["fault"] = str(fault)
        else:
            said["would"] = would
            said["would_words"] = _words(would)
            said["moves"] = _moves(stands, would)
    return render(request, "desk/watch.html", said)


@require_safe
def as_svg(request: HttpRequest, slug: str) -> HttpResponse:
    """The picture of sites by days, with what is tried."""
    view = Asked(request, slug).view
    tried = _tried(request)
    try:
        drawn = lookout.watch_picture(
            view, _DAYS, added=_added(view.watch(), tried), without=tried.without
        )
    except InputError:
        raise Http404 from None
    return HttpResponse(drawn, content_type="image/svg+xml")


@hands_out
@require_safe
def as_curve(request: HttpRequest, slug: str) -> HttpResponse:
    """The assurance of one item by day, as planned beside as flown."""
    view = Asked(request, slug).view
    wanted = request.GET.get("item", "")
    try:
        found = next((one for one in lookout.curves(view) if one.item == wanted), None)
    except InputError:
        found = None
    if found is None:
        raise Http404
    drawn = picture.curve(found.days, found.planned, found.flown, finding=found.finding)
    return HttpResponse(drawn, content_type="image/svg+xml")


def _curves(asked: Asked) -> tuple[Curve, ...]:
    try:
        return lookout.curves(asked.view)
    except InputError:
        return ()  # the item's own page says which assumption is missing


@require_safe
def as_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """The planned looks as iCalendar."""
    view = Asked(request, slug).view
    made = HttpResponse(
        lookout.planned_calendar(view, view.known_by), content_type="text/calendar; charset=utf-8"
    )
    made["Content-Disposition"] = f'attachment; filename="{slug}-looks.ics"'
    return made


def _tried(request: HttpRequest) -> Tried:
    given = request.GET
    return Tried(
        means=given.get("means", ""),
        sites=tuple(site for site in given.getlist("site") if site),
        day=given.get("day", "").strip(),
        without=tuple(one for one in given.getlist("without") if one),
    )


def _added(now: Situation, tried: Tried) -> Schedule:
    if not (tried.sites and tried.means and tried.day):
        return ()
    try:
        day = (date.fromisoformat(tried.day) - now.first_day).days
    except ValueError:
        raise InputError("day", tried.day, "a day", "Write 1962-11-20.") from None
    return tuple((site, day, tried.means) for site in tried.sites)


def _row(asked: Asked, one: Reviewed, tried: Tried) -> PlannedRow:
    return PlannedRow(
        id=one.plan,
        day=one.day,
        means=name_of(asked.view, one.means),
        sites=", ".join(name_of(asked.view, site) for site in one.sites) or "the whole area",
        came=one.came,
        look=one.look or "",
        left_out=one.plan in tried.without,
    )


def _words(found: Weakest) -> str:
    of = found.detection
    return f"{of.best:.2f} ({of.low:.2f} to {of.high:.2f})"


def _moves(stands: Weakest, would: Weakest) -> str:
    change = would.detection.best - stands.detection.best
    if abs(change) < 5e-4:
        return "the least does not move"
    return "the least rises" if change > 0 else "the least falls"
