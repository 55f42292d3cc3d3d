"""Sorties of a case as flights: over which sites in which order, how far, and when to leave.

What a case says of a means' base, speed, range, stay and need of daylight is handed to the routes
of `flights`. A day's looks that no flights of the day can take in are said, and are no looks.
"""

import time
from datetime import date

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.campaign import CasePlan, Sortie, detection_of
from excomm.watch.flights import FlightsAnswer, solve_flights, way_of
from excomm.watch.linear import Floats
from excomm.watch.problems import Flights, FlyingMeans, Solver
from excomm.watch.routes import routes_of_most_profit, untangled
from excomm.watch.situation import PlannedMeans, Situation

_DAY_SECONDS = 1.0


class NextFlights(msgspec.Struct, frozen=True):
    """The flights of the next day that would find most; sites by id, in the order of the points."""

    sites: tuple[str, ...]
    problem: Flights
    answer: FlightsAnswer
    excluded: tuple[str, ...]

    def text(self) -> str:
        """The same in words."""
        answer = self.answer
        lines = [
            f"FLIGHTS  {self.problem.day:%a %-d %b %Y}: of {sum(self.problem.gain):.2f} sites"
            f" unseen, {answer.value:.2f} would be seen; no flights see more than"
            f" {answer.bound:.2f}"
        ]
        if answer.daylight:
            lines.append(f"  daylight at the base {answer.daylight[0]} to {answer.daylight[1]}")
        for one in answer.flights:
            sites = ", ".join(self.sites[n] for n in one.points)
            lines.append(
                f"  {one.means}: {sites} ({way_words(one.km, one.minutes, one.leaves_by)})"
            )
        if not answer.flights:
            lines.append("  none: nothing can be seen that is not seen already")
        lines += [f"  {self.sites[n]} is out of reach" for n in answer.unreachable]
        lines += [f"left out  {one}" for one in self.excluded]
        return "\n".join(lines) + "\n"


def way_words(km: float, minutes: float, leaves_by: str | None) -> str:
    """How far, how long, and when to leave at the latest."""
    hours, rest = divmod(round(minutes), 60)
    by = f", leaves by {leaves_by}" if leaves_by else ""
    return f"{km:,.0f} km, {hours} h {rest:02} min{by}"


def next_flights(
    now: Situation, *, seconds: float = 10.0, solver: Solver | None = None
) -> NextFlights:
    """The flights of the first day that can be planned, over the sites least seen by then.

    A site counts by the chance that what came in a window ago has not been found there. Raises
    InputError where no means says how it flies, or no site says where it lies.
    """
    flying = [one for one in now.means if one.flies is not None]
    if not flying:
        example = now.means[0].id
        raise InputError(
            "assumptions.csv",
            "no means that says how it flies",
            "rows for base_north, base_east, speed_kmh, range_km, station_minutes, by_daylight",
            f"Add the lines: {example}.base_north,low,best,high,author,basis and so on.",
        )
    placed = [n for n, place in enumerate(now.places) if place is not None]
    if not placed:
        raise InputError("sites", "no place", "lat and lon of a site at least", "Add them.")
    missed = 1.0 - now.detected(0)[1]
    detect = now.detect[1] * now.open_on(1)[:, 0]
    # Each means first where it sees most for a sortie's cost.
    flying.sort(key=lambda one: (-one.sites_per_sortie / max(one.cost.best, 1e-9), one.id))
    problem = Flights(
        day=now.day(0),
        base=_base(flying[0]),
        points=tuple(place for place in now.places if place is not None),
        gain=tuple(float(missed[n]) for n in placed),
        means=tuple(_means(one, detect[placed, now.means.index(one)]) for one in flying),
    )
    answer = solve_flights(problem, seconds=seconds, solver=solver)
    left = tuple(
        f"{now.sites[n]}: no place is known of it" for n in range(len(now.sites)) if n not in placed
    )
    return NextFlights(
        sites=tuple(now.sites[n] for n in placed),
        problem=problem,
        answer=answer,
        excluded=(*now.excluded, *left),
    )


def _base(means: PlannedMeans) -> tuple[float, float]:
    assert means.flies is not None
    return means.flies.north, means.flies.east


def _means(means: PlannedMeans, sees: Floats) -> FlyingMeans:
    """The means as it flies. sees: (points,) its detection at each; 0 where it may not look."""
    flies = means.flies
    assert flies is not None
    return FlyingMeans(
        name=means.id,
        sorties=means.sorties_per_day,
        speed_kmh=flies.speed_kmh,
        range_km=flies.range_km,
        station_minutes=flies.station_minutes,
        detect=float(sees.max(initial=0.0)),
        daylight=flies.by_daylight,
        base=_base(means),
        refused=tuple(int(n) for n in np.flatnonzero(sees <= 0)),
        points_most=means.sites_per_sortie,
    )


def flown(now: Situation, plan: CasePlan, *, closed: tuple[tuple[int, int], ...] = ()) -> CasePlan:
    """A calendar with the ways of its sorties, each day's looks by a means shared out anew.

    No day has more sorties than the plan pays for: looks that these cannot take in are told, and
    the detection is without them. Sorties of a means that says nothing of how it flies stay as they
    are, and so do those over a site without a place.
    """
    by_day: dict[tuple[date, str], list[Sortie]] = {}
    for one in plan.sorties:
        by_day.setdefault((one.day, one.means), []).append(one)
    means_of = {one.id: one for one in now.means}
    places = dict(zip(now.sites, now.places, strict=True)) if now.places else {}
    found: list[Sortie] = []
    unflown: list[tuple[str, int, str]] = []
    for (day, id_), of_day in by_day.items():
        sites = [site for one in of_day for site in one.sites]
        where = [place for site in sites if (place := places.get(site)) is not None]
        if means_of[id_].flies is None or len(where) < len(sites):
            found += of_day
            continue
        made = _of_day(means_of[id_], of_day, sites, where)
        found += made
        seen = {site for one in made for site in one.sites}
        unflown += [(one, (day - now.first_day).days, id_) for one in sites if one not in seen]
    if not unflown:
        return msgspec.structs.replace(plan, sorties=tuple(found))
    kept = tuple(look for look in plan.answer.schedule if look not in unflown)
    return msgspec.structs.replace(
        plan,
        sorties=tuple(found),
        unflown=tuple(unflown),
        detection=detection_of(now, plan.days, kept, closed=closed),
    )


def _of_day(
    means: PlannedMeans, of_day: list[Sortie], sites: list[str], places: list[tuple[float, float]]
) -> list[Sortie]:
    """A day's sorties, as few of their looks left out as can be."""
    every = np.ones(len(sites))
    flying = msgspec.structs.replace(_means(means, every), sorties=len(of_day))
    way = way_of(of_day[0].day, flying, _base(means), places)
    field = way.field(flying, every)
    routes, _ = routes_of_most_profit(field, until=time.monotonic() + _DAY_SECONDS)
    made = []
    for route in routes:
        if len(route) > 2:
            flight = way.flight(flying, untangled(field, route)[1:-1])
            made.append(
                msgspec.structs.replace(
                    of_day[0],
                    sites=tuple(sites[n] for n in flight.points),
                    km=round(flight.km, 1),
                    minutes=round(flight.minutes, 1),
                    leaves_by=flight.leaves_by,
                )
            )
    return made
