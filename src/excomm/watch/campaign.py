"""A plan for the days to come of a case: what it assures, in what sorties, at what cost and risk.

Joins a `Situation` with what may be spent and hands it to the engines. The plan is made at the best
of every range and judged at all three, so its least detection has a range of its own.
"""

from datetime import date
from typing import Literal

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.cycle import cycle, cycle_detection
from excomm.watch.draw import Slots
from excomm.watch.envelope import upper_bound
from excomm.watch.known import KnownAnswer, Progress, solve_known
from excomm.watch.problems import KnownSchedule, Means, Solver
from excomm.watch.schedule import Looks, arrays, misses
from excomm.watch.situation import Closed, Range, Situation

TheyKnow = Literal["calendar", "policy", "looks"]
Schedule = tuple[tuple[str, int, str], ...]  # site, day, means


class Sortie(msgspec.Struct, frozen=True):
    """One sortie: the day, the means, and the sites it sees."""

    day: date
    means: str
    sites: tuple[str, ...]


class CasePlan(msgspec.Struct, frozen=True):
    """A plan against one who knows the calendar. detection: over the ranges of what is assumed."""

    first_day: date
    days: int
    window_days: int
    items: tuple[str, ...]
    detection: Range
    answer: KnownAnswer
    sorties: tuple[Sortie, ...]
    loss: Range
    legal_basis: dict[str, tuple[str, ...]]
    assumptions: tuple[str, ...]
    excluded: tuple[str, ...]


class DrawnPlan(msgspec.Struct, frozen=True):
    """A plan that is drawn: every `rhythm_days` days one slot of the cycle, in turn.

    slots: for each slot the chance of each site, in the order of `sites`. watched: the least
    detection against one who sees every look; secret: against one who knows the slots and not on
    which day the first of them falls. bound: what no policy of equal cost exceeds.
    """

    first_day: date
    days: int
    window_days: int
    means: str
    rhythm_days: float
    sorties: int
    watched: Range
    secret: Range
    bound: float
    cost: float
    loss: Range
    sites: tuple[str, ...]
    slots: Slots
    legal_basis: tuple[str, ...]
    assumptions: tuple[str, ...]
    excluded: tuple[str, ...]


def problem_of(
    now: Situation,
    days: int,
    *,
    budget: float | None = None,
    loss_max: float | None = None,
    closed: tuple[tuple[int, int], ...] = (),
    required: float | None = None,
    at: Literal[0, 1, 2] = 1,
) -> KnownSchedule:
    """The known-schedule problem of the days to come.

    closed: first and last of days without any look. at: low, best or high of what looks see.
    """
    shut = tuple(
        Closed(site, means, first, last, "asked")
        for first, last in closed
        for site in range(len(now.sites))
        for means in range(len(now.means))
    )
    with_shut = msgspec.structs.replace(now, closed=(*now.closed, *shut))
    detect = np.where(with_shut.open_on(days), now.detect[at][:, None, :], 0.0)
    return KnownSchedule(
        window_days=now.window,
        days=days,
        sites=now.sites,
        means=tuple(
            Means(one.id, one.sorties_per_day, one.cost.best, one.sites_per_sortie)
            for one in now.means
        ),
        detect=tuple(tuple(tuple(cell) for cell in row) for row in detect.tolist()),
        budget=budget,
        risk=tuple(tuple(one.loss.best for one in now.means) for _ in now.sites),
        risk_max=loss_max,
        required_detection=required,
        looks_before=tuple(
            (now.sites[look.site], look.day, look.detect[at])
            for look in now.made
            if look.day > -now.window
        ),
    )


def planned(
    now: Situation,
    days: int,
    *,
    budget: float | None = None,
    loss_max: float | None = None,
    closed: tuple[tuple[int, int], ...] = (),
    required: float | None = None,
    seconds: float = 30.0,
    progress: Progress | None = None,
    solver: Solver = "highs",
) -> CasePlan:
    """The best calendar for the days to come; with `required`, the cheapest that assures it.

    Raises InputError for what no plan can be made of.
    """
    _require_days(now, days)
    problem = problem_of(
        now, days, budget=budget, loss_max=loss_max, closed=closed, required=required
    )
    answer = solve_known(problem, seconds=seconds, progress=progress, solver=solver)
    return _plan(now, days, closed, answer)


def _plan(
    now: Situation, days: int, closed: tuple[tuple[int, int], ...], answer: KnownAnswer
) -> CasePlan:
    sorties = joined(now, answer.schedule)
    return CasePlan(
        first_day=now.first_day,
        days=days,
        window_days=now.window,
        items=now.items,
        detection=detection_of(now, days, answer.schedule, closed=closed),
        answer=answer,
        sorties=sorties,
        loss=_loss(now, sorties),
        legal_basis={one.id: one.legal_basis for one in now.means},
        assumptions=(*now.assumptions, *answer.assumptions[2:]),
        excluded=now.excluded,
    )


def detection_of(
    now: Situation,
    days: int,
    schedule: Schedule,
    *,
    closed: tuple[tuple[int, int], ...] = (),
) -> Range:
    """The least detection of a schedule, over sites and start days, and over the ranges."""
    found = [misses_of(now, days, schedule, closed=closed, at=at).max() for at in (0, 1, 2)]
    return Range(*(float(1.0 - miss) for miss in found))


def misses_of(
    now: Situation,
    days: int,
    schedule: Schedule,
    *,
    closed: tuple[tuple[int, int], ...] = (),
    at: Literal[0, 1, 2] = 1,
) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
    """(sites, windows) the chance that a start on the window's first day is missed.

    The first windows are those that the looks already made began.
    """
    shaped = arrays(problem_of(now, days, closed=closed, at=at))
    looks: Looks = np.zeros(shaped.shape, dtype=bool)
    site_of = {one: n for n, one in enumerate(now.sites)}
    means_of = {one.id: n for n, one in enumerate(now.means)}
    for site, day, means in schedule:
        looks[site_of[site], day, means_of[means]] = True
    return misses(shaped, looks)


class Worst(msgspec.Struct, frozen=True):
    """Where a schedule is weakest: the site, the days of the window, and the detection in it."""

    site: int
    first: int
    last: int
    detection: float


def worst_of(now: Situation, days: int, schedule: Schedule) -> Worst:
    """The weakest window of a schedule, the looks already made counted; the first of equals."""
    miss = misses_of(now, days, schedule)
    site, window = np.unravel_index(int(miss.argmax()), miss.shape)
    first = int(window) - (miss.shape[1] - (days - now.window + 1))
    return Worst(int(site), first, first + now.window - 1, float(1.0 - miss[site, window]))


def rota(now: Situation, means: str, sorties: int, days: int) -> Schedule:
    """So many sorties spread evenly over the days, round the sites in their order: no thought."""
    one = next((m for m in now.means if m.id == means), None)
    if one is None:
        known = ", ".join(m.id for m in now.means)
        raise InputError("means", means, f"a means that can be planned: {known}")
    found = []
    for n in range(sorties):
        day = int((n + 0.5) * days / sorties)
        for seat in range(one.sites_per_sortie):
            site = (n * one.sites_per_sortie + seat) % len(now.sites)
            found.append((now.sites[site], day, means))
    return tuple(dict.fromkeys(found))


def joined(now: Situation, schedule: Schedule) -> tuple[Sortie, ...]:
    """The looks of each day and means joined into sorties, from west to east."""
    by_id = {one: n for n, one in enumerate(now.sites)}
    seats = {one.id: one.sites_per_sortie for one in now.means}
    found: dict[tuple[int, str], list[str]] = {}
    for site, day, means in schedule:
        found.setdefault((day, means), []).append(site)
    sorties = []
    for (day, means), sites in sorted(found.items()):
        sites.sort(key=lambda site: (_east(now, by_id[site]), site))
        for first in range(0, len(sites), seats[means]):
            sorties.append(Sortie(now.day(day), means, tuple(sites[first : first + seats[means]])))
    return tuple(sorties)


def _east(now: Situation, site: int) -> float:
    place = now.places[site] if now.places else None
    return place[1] if place else 360.0


def drawn(now: Situation, days: int, *, budget: float | None = None) -> DrawnPlan:
    """The best random cycle for the days to come, by the one means that assures most.

    Raises InputError where the budget pays for no sortie, or a window holds no whole slot.
    """
    _require_days(now, days)
    found = [
        plan for m in range(len(now.means)) if (plan := _drawn_by(now, days, budget, m)) is not None
    ]
    if not found:
        raise InputError(
            "--budget",
            "too little for a look in every window" if budget is not None else "no look possible",
            "at least one sortie in every window of "
            f"{now.window} days, by a means that no site refuses",
            "Give more, or watch fewer sites.",
        )
    return max(found, key=lambda plan: (plan.watched.best, -plan.cost))


def _drawn_by(now: Situation, days: int, budget: float | None, m: int) -> DrawnPlan | None:
    means = now.means[m]
    detect = now.detect[:, :, m]
    afford = means.sorties_per_day * days
    if budget is not None and means.cost.best > 0:
        afford = min(afford, int((budget + 1e-9) // means.cost.best))
    if not afford or not (detect[1] > 0).all():
        return None
    # At most one slot a day; where more can be paid for, several sorties fly in each.
    at_once = max(afford // days, 1)
    number = afford // at_once
    rhythm = days / min(number, days)
    looks = min(at_once * means.sites_per_sortie, len(now.sites))
    whole = int(now.window / rhythm + 1e-9)
    if whole < 1:
        return None
    slots = cycle(detect[1], looks, whole)
    part = now.window / rhythm - whole
    # A window of unknown place holds `whole` slots, or with this chance one more of them.
    watched, secret = [], []
    for sees in detect:
        held = cycle_detection(slots, sees)
        again = 1.0 - (1.0 - held) * (1.0 - slots * sees).mean(axis=0)
        watched.append(float(held.min()))
        secret.append(float(((1.0 - part) * held + part * again).min()))
    flown = min(number, days) * at_once
    per_day = flown * means.sites_per_sortie / days
    return DrawnPlan(
        first_day=now.first_day,
        days=days,
        window_days=now.window,
        means=means.id,
        rhythm_days=rhythm,
        sorties=flown,
        watched=Range(*watched),
        secret=Range(*secret),
        bound=max(upper_bound(detect[1], per_day, now.window), secret[1]),
        cost=flown * means.cost.best,
        loss=Range(*(float(1.0 - (1.0 - one) ** flown) for one in means.loss)),
        sites=now.sites,
        slots=tuple(tuple(row) for row in slots.tolist()),
        legal_basis=means.legal_basis,
        assumptions=(*now.assumptions, "each slot is drawn anew each time it comes round"),
        excluded=now.excluded,
    )


def _loss(now: Situation, sorties: tuple[Sortie, ...]) -> Range:
    risk = {one.id: one.loss for one in now.means}
    kept = [np.prod([1.0 - risk[one.means][at] for one in sorties]) for at in (0, 1, 2)]
    return Range(*(float(1.0 - one) for one in kept))


def _require_days(now: Situation, days: int) -> None:
    if days < now.window:
        raise InputError(
            "--days",
            days,
            f"{now.window} or more, one window",
            "Plan further, or shorten the window.",
        )
