"""A plan for the days to come of a case: what it assures, in what sorties, at what cost and risk.

Joins a `Situation` with what may be spent and hands it to the engines. The plan is made at the best
of every range and judged at all three, so its least detection has a range of its own.
"""

from collections.abc import Mapping
from datetime import date
from typing import Literal

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.known import KnownAnswer, Progress, solve_known
from excomm.watch.problems import KnownSchedule, Means, Solver
from excomm.watch.schedule import Looks, arrays, misses
from excomm.watch.situation import Closed, Range, Situation

TheyKnow = Literal["calendar", "policy", "looks"]
Schedule = tuple[tuple[str, int, str], ...]  # site, day, means


class Sortie(msgspec.Struct, frozen=True):
    """One sortie: the day, the means, and the sites it sees, in the order in which it does.

    km, minutes, leaves_by (UTC, to be back by daylight): None where nothing says how it flies.
    """

    day: date
    means: str
    sites: tuple[str, ...]
    km: float | None = None
    minutes: float | None = None
    leaves_by: str | None = None


class Supposed(msgspec.Struct, frozen=True):
    """A look that is only supposed: it came off, and saw so much of each of its sites."""

    day: date
    means: str
    sites: tuple[str, ...]
    coverage: float


class CasePlan(msgspec.Struct, frozen=True):
    """A plan against one who knows the calendar. detection: over the ranges of what is assumed.

    unflown: looks that the flights of their day cannot take in; the detection is without them.
    """

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
    unflown: Schedule = ()


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
            for _ in range(look.number)
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
    require_days(now, days)
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


def supposed(sorties: tuple[Sortie, ...], clear_sky: Mapping[str, float]) -> list[Supposed]:
    """Each sortie as if it came off. clear_sky: by means, the share of a site that is in sight."""
    return [Supposed(one.day, one.means, one.sites, clear_sky[one.means]) for one in sorties]


def _east(now: Situation, site: int) -> float:
    place = now.places[site] if now.places else None
    return place[1] if place else 360.0


def _loss(now: Situation, sorties: tuple[Sortie, ...]) -> Range:
    risk = {one.id: one.loss for one in now.means}
    kept = [np.prod([1.0 - risk[one.means][at] for one in sorties]) for at in (0, 1, 2)]
    return Range(*(float(1.0 - one) for one in kept))


def require_days(now: Situation, days: int) -> None:
    """Raises InputError where the days hold no whole window."""
    if days < now.window:
        raise InputError(
            "--days",
            days,
            f"{now.window} or more, one window",
            "Plan further, or shorten the window.",
        )
