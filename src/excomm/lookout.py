"""Lookout: what the watch of a case looks like to whoever keeps it.

Joins a view with the watch room and the writers of files: the picture of sites by days, planned
looks beside what came of them, and the calendar. Computes nothing of its own.
"""

from datetime import date, datetime, timedelta

import msgspec

from excomm.case import View
from excomm.entries import Day, end_of
from excomm.errors import InputError
from excomm.interchange.calendar import Due, calendar
from excomm.watch import campaign, drawing, looks_from_facts, picture, rotas
from excomm.watch.campaign import CasePlan, Schedule, Supposed, supposed
from excomm.watch.drawing import Audit
from excomm.watch.looks_from_facts import Planned, Proposed
from excomm.watch.policy import DrawnPlan
from excomm.watch.review import Review, Reviewed, Side
from excomm.watch.rotas import RotaBeside
from excomm.watch.situation import Range, Situation


class Weakest(msgspec.Struct, frozen=True):
    """The site and the days of a window in which the planned looks would find least."""

    site: str
    name: str
    first: date
    last: date
    detection: Range


def review(view: View) -> Review:
    """The planned looks beside what came of them, and what either bought up to this day."""

    planned = as_planned(view)
    since = min((one.first for one in planned_looks(view) if one.came != "cancelled"), default=None)
    sides = []
    for side in (planned, view):
        seen = side.watch().least_seen(since) if since else None
        back = {
            item: side.assurance(item).prob_none_back
            for item in view.watched_items
            if item in view.items_with_figures()
        }
        sides.append(
            Side(
                least_detection=seen[0] if seen else None,
                worst_site=seen[1] if seen else None,
                prob_none_back={
                    item: Range(one.low, one.best, one.high) for item, one in back.items()
                },
            )
        )
    return Review(
        looks=tuple(
            Reviewed(
                plan=str(one.entry.id),
                day=one.first,
                means=one.body.means,
                sites=one.body.sites,
                came=one.came,
                look=str(one.look.id) if one.look else None,
            )
            for one in planned_looks(view)
        ),
        as_planned=sides[0],
        as_flown=sides[1],
        entered_later=sum(
            entry.recorded > view.known_by and looks_from_facts.plans(entry) for entry in view.log
        ),
    )


class Curve(msgspec.Struct, frozen=True):
    """The chance that none of an item is left or was brought back, by day, on its best figures.

    planned: had each planned look been made and seen nothing, to the last day planned; flown: by
    what is entered, to the day of the view.
    """

    item: str
    name: str
    days: tuple[date, ...]
    planned: tuple[float, ...]
    flown: tuple[float, ...]

    @property
    def finding(self) -> str:
        """What the picture shows, in words."""
        today = self.days[len(self.flown) - 1]
        return (
            f"{self.name}, none left and none brought back: as planned {self.planned[-1]:.2f} by"
            f" {self.days[-1]:%-d %B %Y}; as flown {self.flown[-1]:.2f} on {today:%-d %B %Y}"
        )


def curves(view: View) -> tuple[Curve, ...]:
    """Planned beside actual for every watched item that has a figure.

    Raises InputError for an assumption that is missing.
    """
    kept = [one for one in planned_looks(view) if one.came != "cancelled"]
    today = view.on.astimezone(view.case.zone).date()
    last = max([today, *(one.last for one in kept)])
    until = max(view.on, end_of(Day(last), view.case.zone))
    later = View(view.case, until, view.known_by, view.cleared)
    later = later.supposing(looks_from_facts.as_flown(one for one in kept if one.came != "done"))
    found = []
    for item in view.watched_items:
        if item not in view.items_with_figures():
            continue
        wanted, made = later.assurance(item), view.assurance(item)
        best = [tuple(map(float, one.prob_absent_by_day[1])) for one in (wanted, made)]
        if best[0] and best[1]:
            found.append(Curve(item, made.name, tuple(wanted.days), best[0], best[1]))
    return tuple(found)


def watch_picture(
    view: View,
    days: int = 30,
    plan: CasePlan | None = None,
    *,
    added: Schedule = (),
    without: tuple[str, ...] = (),
) -> bytes:
    """Sites by days, SVG: the window that is behind and the days to come, planned looks too.

    plan: drawn as planned in place of the looks that the case has planned. added, without: looks
    tried beside those, and planned looks left out. Raises what `View.watch` raises.
    """
    now = view.watch()
    behind = now.window
    first = now.day(-behind)
    kept = () if plan else _kept(view, without)
    schedule = _schedule(view, now, days, kept, (*(plan.answer.schedule if plan else ()), *added))
    drawn = looks_from_facts.marks(view.facts, kept, first, behind + days)
    sites = {one: n for n, one in enumerate(now.sites)}
    for site, day, _ in schedule:
        drawn.setdefault((sites[site], day + behind), "planned")
    worst = campaign.worst_of(now, max(days, now.window), schedule)
    gap = picture.Gap(
        worst.site, max(worst.first + behind, 0), min(worst.last + behind, behind + days - 1)
    )
    finding = (
        f"{view.header.title}: least detection {worst.detection:.2f}, at"
        f" {now.names[worst.site]} from {now.day(worst.first):%-d %B %Y}"
    )
    return picture.picture(
        now.names, first, behind + days, drawn, worst=gap, finding=finding, today=behind - 1
    )


def weakest(
    view: View, days: int = 30, *, added: Schedule = (), without: tuple[str, ...] = ()
) -> Weakest:
    """Where the planned looks are weakest, with looks tried beside them and some left out.

    Nothing is stored. Raises what `View.watch` raises; InputError for a look that cannot be tried.
    """
    now = view.watch()
    for site, day, means in added:
        if site not in now.sites or means not in now.means_ids:
            known = ", ".join(now.means_ids)
            raise InputError("look", f"{means} at {site}", f"a site, and a means of {known}")
        if not 0 <= day < days:
            expected = f"{now.day(0)} to {now.day(days - 1)}"
            raise InputError("day", now.day(day), expected, "Choose a day to come.")
    schedule = _schedule(view, now, days, _kept(view, without), added)
    span = max(days, now.window)
    worst = campaign.worst_of(now, span, schedule)
    return Weakest(
        site=now.sites[worst.site],
        name=now.names[worst.site],
        first=now.day(worst.first),
        last=now.day(worst.last),
        detection=campaign.detection_of(now, span, schedule),
    )


def _kept(view: View, without: tuple[str, ...]) -> tuple[Planned, ...]:
    return tuple(one for one in planned_looks(view) if str(one.entry.id) not in without)


def _schedule(
    view: View, now: Situation, days: int, kept: tuple[Planned, ...], added: Schedule
) -> Schedule:
    """The looks still planned and those added, as far as the days and means go."""
    wanted = (*looks_from_facts.ahead(view.facts, kept, now.first_day), *added)
    known = {*now.means_ids}
    fits = (one for one in wanted if 0 <= one[1] < days and one[2] in known and one[0] in now.sites)
    return tuple(dict.fromkeys(fits))


def planned_calendar(view: View, stamp: datetime) -> bytes:
    """The planned looks as iCalendar: one id for each, whatever became of it.

    stamp: when the file is made. A look that was called off or withdrawn is CANCELLED, one only
    proposed TENTATIVE; each change raises its sequence number.
    """

    known = [entry for entry in view.log if entry.recorded <= view.known_by]
    return calendar(
        (
            Due(
                uid=f"{one.root}@{view.case.id}",
                title=one.title,
                by=one.by,
                text=one.text,
                state=one.state,
                sequence=one.sequence,
                categories=("look",),
            )
            for one in looks_from_facts.appointments(view.facts, known, _roots(view))
        ),
        name=f"{view.header.title}: planned looks",
        stamp=stamp,
    )


def planned_looks(view: View) -> tuple[Planned, ...]:
    """Every planned look with what came of it, in the order of their days."""
    return looks_from_facts.planned_looks(view.facts, _roots(view))


def _roots(view: View) -> dict[str, str]:
    """Each entry's id and the first of its chain of corrections."""
    roots: dict[str, str] = {}
    for entry in view.log:
        before = str(entry.corrects) if entry.corrects else ""
        roots[str(entry.id)] = roots.get(before, before) or str(entry.id)
    return roots


def proposals(view: View, plan: CasePlan) -> Proposed:
    """The sorties of a plan as entries that propose them, on the day of the view."""
    return looks_from_facts.proposals(
        view.facts,
        plan.sorties,
        planned_looks(view),
        items=plan.items,
        until=plan.first_day + timedelta(days=plan.days - 1),
        taken={str(entry.id) for entry in view.case.read()},
    )


def rota_beside(
    view: View,
    means: str,
    sorties: int,
    days: int,
    *,
    window_days: int | None = None,
    seconds: float = 10.0,
) -> RotaBeside:
    """What a rota of a means buys, beside the best that its cost could, by both rooms' figures.

    window_days: in place of the case's own. Raises what `View.watch` raises, and InputError for a
    means that cannot be planned.
    """
    now = view.watch()
    if window_days is not None:
        span = float(window_days)
        now = msgspec.structs.replace(now, window_days=Range(span, span, span))
    found = rotas.beside(now, means, sorties, days, seconds=seconds)
    last = end_of(Day(now.day(days - 1)), view.case.zone)
    later = View(view.case, last, view.known_by, view.cleared)
    clear = {one.id: one.clear_sky for one in now.means}
    rota = campaign.joined(now, found.schedule)
    by: dict[str, list[Supposed]] = {"no look": [], "rota": supposed(rota, clear)}
    if found.calendar.sorties:
        by["calendar"] = supposed(found.calendar.sorties, clear)
    if found.draw is not None:
        by["draw"] = drawing.supposed(found.draw, clear)
    back: dict[str, dict[str, Range]] = {}
    for what, looks in by.items():
        side = later.supposing(looks_from_facts.as_assumed(view.facts, looks))
        for item in view.watched_items:
            if item in view.items_with_figures():
                one = side.assurance(item).prob_none_back
                back.setdefault(item, {})[what] = Range(one.low, one.best, one.high)
    return msgspec.structs.replace(found, none_back=back)


def audited(view: View, plan: DrawnPlan, seed: bytes) -> Audit:
    """The looks of a case held against the seed of a policy: was any draw bent?"""
    return looks_from_facts.audit_of(view.facts, plan, seed)


def as_planned(view: View) -> View:
    """The view as it would be, had each planned look up to now been made and seen nothing."""
    today = view.on.astimezone(view.case.zone).date()
    return view.supposing(
        looks_from_facts.as_flown(
            one for one in planned_looks(view) if one.last <= today and one.came != "done"
        )
    )
