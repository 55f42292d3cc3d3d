"""Flights of one day: points on the earth joined into routes that an aircraft can fly.

A flight leaves the base, stays so long over each point, and is back within its range; where it has
to see by daylight, all of it lies between sunrise and sunset at the base, and a point counts only
as far as sky and sensor let it be seen. Several means take their points in turn:
what one sees well enough is left to it. Weather on the way and refuelling are not known here.
"""

import time
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.errors import InputError
from excomm.watch.linear import Floats
from excomm.watch.problems import Flights, FlyingMeans, Solver
from excomm.watch.ranges import require_count
from excomm.watch.routes import Field, profit_bound
from excomm.watch.sorties import searched

_EARTH_KM = 6371.0088


class Flight(msgspec.Struct, frozen=True):
    """One flight from the base and back: its points in order, by number.

    leaves_by: the latest start that ends by daylight, UTC; None where night is no bar.
    """

    means: str
    points: tuple[int, ...]
    km: float
    minutes: float
    leaves_by: str | None


class FlightsAnswer(msgspec.Struct, frozen=True):
    """value: the gain of the points seen, each as far as its means sees it; bound: of any flights.

    daylight: sunrise and sunset at the base, UTC; None where no means needs it. unreachable: points
    that no flight takes in.
    """

    value: float
    bound: float
    gap: float
    flights: tuple[Flight, ...]
    seen: tuple[float, ...]
    daylight: tuple[str, str] | None
    unreachable: tuple[int, ...]
    assumptions: tuple[str, ...]


def solve_flights(
    problem: Flights, *, seconds: float, solver: Solver | None = None
) -> FlightsAnswer:
    """The flights of most gain. Raises InputError with the place of what is out of range."""
    _require(problem)
    points = len(problem.points)
    gain = np.array(problem.gain, dtype=np.float64)
    missed, reached, bound = np.ones(points), np.zeros(points, dtype=bool), 0.0
    flown: list[Flight] = []
    ends = time.monotonic() + seconds
    for n, means in enumerate(problem.means):
        way = way_of(problem.day, means, problem.base, problem.points)
        sees = np.full(points, means.detect * means.clear_sky)
        sees[list(means.refused)] = 0.0
        bound += profit_bound(way.field(means, gain * sees))
        reached |= way.within_reach(means) & (sees > 0)
        share = (ends - time.monotonic()) / (len(problem.means) - n)
        until = time.monotonic() + max(share, 0)
        field = way.field(means, gain * missed * sees)
        routes, interrupted = searched(field, solver, until=until)
        for route in routes:
            inner = route[1:-1]
            if inner:
                missed[inner] *= 1.0 - sees[inner]
                flown.append(way.flight(means, inner))
        if interrupted:
            break
    seen = 1.0 - missed
    value = float((gain * seen).sum())
    # No point is worth more than its gain, by however many means it is seen.
    bound = max(min(bound, float(gain[reached].sum())), value)
    own = daylight(problem.base, problem.day) if any(m.daylight for m in problem.means) else None
    return FlightsAnswer(
        value=value,
        bound=bound,
        gap=bound - value,
        flights=tuple(flown),
        seen=tuple(float(one) for one in seen),
        daylight=None if own is None else (_told(own[0]), _told(own[1])),
        unreachable=tuple(int(n) for n in np.flatnonzero(~reached)),
        assumptions=(
            "great circles at one speed, no wind",
            "means take their points in the order given, what is seen already counting less",
        ),
    )


class Way(msgspec.Struct, frozen=True):
    """The legs of a means on a day: kilometres and minutes between points, the base last.

    The stay over a point is charged half to each of its legs. longest: minutes from take-off to
    landing, by range and by daylight. ends: when daylight does; None where night is no bar.
    """

    km: Floats
    minutes: Floats
    longest: float
    ends: datetime | None

    def field(self, means: FlyingMeans, profit: Floats) -> Field:
        """The routes that its sorties can fly, for a profit at each point."""
        base = len(profit)
        return Field(
            distance=self.minutes,
            profit=np.append(profit, 0.0),
            start=base,
            end=base,
            routes=means.sorties,
            max_length=self.longest,
            points_most=means.points_most,
        )

    def within_reach(self, means: FlyingMeans) -> NDArray[np.bool_]:
        """(points,) whether a sortie to the point alone can be flown."""
        there = 2 * self.minutes[-1, :-1] <= self.longest + 1e-9
        return there & (means.sorties > 0)

    def flight(self, means: FlyingMeans, points: Sequence[int]) -> Flight:
        """The flight over points in this order."""
        base = len(self.km) - 1
        route = [base, *points, base]
        minutes = float(self.minutes[route[:-1], route[1:]].sum())
        leaves = None if self.ends is None else _told(self.ends - timedelta(minutes=minutes))
        return Flight(
            means=means.name,
            points=tuple(points),
            km=float(self.km[route[:-1], route[1:]].sum()),
            minutes=minutes,
            leaves_by=leaves,
        )


def way_of(
    day: date,
    means: FlyingMeans,
    base: tuple[float, float],
    points: Sequence[tuple[float, float]],
) -> Way:
    """The legs of a means on a day from its own base, or from the one given."""
    at = base if means.base is None else means.base
    km = distances_km(np.array([*points, at], dtype=np.float64))
    stay = np.append(np.full(len(points), means.station_minutes / 2), 0.0)
    minutes = km / means.speed_kmh * 60.0 + stay[:, None] + stay[None, :]
    np.fill_diagonal(minutes, 0.0)
    longest, ends = means.range_km / means.speed_kmh * 60.0, None
    sun = daylight(at, day) if means.daylight else None
    if sun is not None:
        longest, ends = min(longest, (sun[1] - sun[0]).total_seconds() / 60.0), sun[1]
    return Way(km, minutes, longest, ends)


def distances_km(points: Floats) -> Floats:
    """(points, points) great-circle distances of (degrees north, degrees east), by haversines."""
    north, east = np.radians(points[:, 0]), np.radians(points[:, 1])
    half = np.sin((north[:, None] - north) / 2) ** 2
    half = half + np.cos(north)[:, None] * np.cos(north) * np.sin((east[:, None] - east) / 2) ** 2
    found: Floats = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    np.fill_diagonal(found, 0.0)
    return found


def daylight(place: tuple[float, float], day: date) -> tuple[datetime, datetime] | None:
    """Sunrise and the sunset after it, UTC; None where the sun does not set.

    Raises InputError where it does not rise.
    """
    from astral import Observer
    from astral.sun import elevation, noon, sun

    observer = Observer(place[0], place[1])
    try:
        found = sun(observer, date=day)
    except ValueError:
        if elevation(observer, noon(observer, date=day)) > 0:
            return None
        raise InputError(
            "$.day", day, "a day on which the sun rises at the base", "Fly by another means."
        ) from None
    rises, sets = found["sunrise"], found["sunset"]
    # Far from Greenwich the sunset of the UTC day may be that of the day before.
    return rises, sets if sets > rises else sun(observer, date=day + timedelta(days=1))["sunset"]


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%MZ}"


def _require(problem: Flights) -> None:
    places = {f"$.points[{n}]": point for n, point in enumerate(problem.points)}
    places["$.base"] = problem.base
    places |= {f"$.means[{n}].base": one.base for n, one in enumerate(problem.means) if one.base}
    for place, (north, east) in places.items():
        if not (-90 <= north <= 90 and -180 <= east <= 180):
            expected = "degrees north, -90 to 90, and east, -180 to 180"
            raise InputError(place, f"{north}, {east}", expected, "")
    if len(problem.gain) != len(problem.points):
        found = f"{len(problem.gain)} gains"
        raise InputError("$.gain", found, f"{len(problem.points)}, one for each point", "")
    for n, gain in enumerate(problem.gain):
        if not 0 <= gain < float("inf"):
            raise InputError(f"$.gain[{n}]", gain, "0 or more", "Leave the point out.")
    for n, means in enumerate(problem.means):
        _require_means(f"$.means[{n}]", means, len(problem.points))


def _require_means(place: str, means: FlyingMeans, points: int) -> None:
    require_count(f"{place}.sorties", means.sorties, 0)
    if not 0 < means.speed_kmh < float("inf"):
        raise InputError(f"{place}.speed_kmh", means.speed_kmh, "above 0", "")
    for name in ("range_km", "station_minutes"):
        if not 0 <= getattr(means, name) < float("inf"):
            raise InputError(f"{place}.{name}", getattr(means, name), "0 or more", "")
    for n, point in enumerate(means.refused):
        require_count(f"{place}.refused[{n}]", point, 0, points - 1)
    if means.points_most is not None:
        require_count(f"{place}.points_most", means.points_most, 1)
    for name in ("detect", "clear_sky"):
        if not 0 <= getattr(means, name) <= 1:
            found_ = getattr(means, name)
            raise InputError(f"{place}.{name}", found_, "0 to 1", "Write 85 % as 0.85.")
