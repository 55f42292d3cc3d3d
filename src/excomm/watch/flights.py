"""Flights of one day: points on the earth joined into routes that an aircraft can fly.

A flight leaves the base, stays so long over each point, and is back within its range; where it has
to see by daylight, all of it lies between sunrise and sunset at the base, and a point counts only
as far as sky and sensor let it be seen. Several means take their points in turn:
what one sees well enough is left to it. Weather on the way and refuelling are not known here.
"""

import time
from datetime import date, datetime, timedelta

import msgspec
import numpy as np

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
    points = np.array([*problem.points, problem.base], dtype=np.float64)
    km = distances_km(points)
    base = len(problem.points)
    sun = None
    if any(one.daylight for one in problem.means):
        sun = daylight(problem.base, problem.day)
    missed = np.ones(base)
    flown: list[Flight] = []
    bound = 0.0
    reached = np.zeros(base, dtype=bool)
    gain = np.array(problem.gain, dtype=np.float64)
    ends = time.monotonic() + seconds
    for n, means in enumerate(problem.means):
        field = _field(problem, means, km, gain * missed * means.detect * means.clear_sky, sun)
        straight = _field(problem, means, km, gain * means.detect * means.clear_sky, sun)
        bound += profit_bound(straight)
        reached |= 2 * field.distance[base, :base] <= field.max_length + 1e-9
        share = (ends - time.monotonic()) / (len(problem.means) - n)
        until = time.monotonic() + max(share, 0)
        routes, interrupted = searched(field, solver, until=until)
        for route in routes:
            inner = route[1:-1]
            if inner:
                missed[inner] *= 1.0 - means.detect * means.clear_sky
                flown.append(_flight(means, field, km, route, sun))
        if interrupted:
            break
    seen = 1.0 - missed
    value = float((gain * seen).sum())
    # No point is worth more than its gain, by however many means it is seen.
    bound = max(min(bound, float(gain[reached].sum())), value)
    return FlightsAnswer(
        value=value,
        bound=bound,
        gap=bound - value,
        flights=tuple(flown),
        seen=tuple(float(one) for one in seen),
        daylight=None if sun is None else (_told(sun[0]), _told(sun[1])),
        unreachable=tuple(int(n) for n in np.flatnonzero(~reached)),
        assumptions=(
            "great circles at one speed, no wind",
            "means take their points in the order given, what is seen already counting less",
        ),
    )


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


def _field(
    problem: Flights,
    means: FlyingMeans,
    km: Floats,
    profit: Floats,
    sun: tuple[datetime, datetime] | None,
) -> Field:
    """In minutes: the stay over a point is charged half to each of its legs."""
    base = len(problem.points)
    minutes = km / means.speed_kmh * 60.0
    stay = np.append(np.full(base, means.station_minutes / 2), 0.0)
    minutes = minutes + stay[:, None] + stay[None, :]
    np.fill_diagonal(minutes, 0.0)
    longest = means.range_km / means.speed_kmh * 60.0
    if means.daylight and sun is not None:
        longest = min(longest, (sun[1] - sun[0]).total_seconds() / 60.0)
    return Field(
        distance=minutes,
        profit=np.append(profit, 0.0),
        start=base,
        end=base,
        routes=means.sorties,
        max_length=longest,
    )


def _flight(
    means: FlyingMeans,
    field: Field,
    km: Floats,
    route: list[int],
    sun: tuple[datetime, datetime] | None,
) -> Flight:
    minutes = field.length(route)
    leaves = None
    if means.daylight and sun is not None:
        leaves = _told(sun[1] - timedelta(minutes=minutes))
    return Flight(
        means=means.name,
        points=tuple(route[1:-1]),
        km=float(km[route[:-1], route[1:]].sum()),
        minutes=minutes,
        leaves_by=leaves,
    )


def _told(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%MZ}"


def _require(problem: Flights) -> None:
    for n, (north, east) in enumerate((*problem.points, problem.base)):
        place = f"$.points[{n}]" if n < len(problem.points) else "$.base"
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
        place = f"$.means[{n}]"
        require_count(f"{place}.sorties", means.sorties, 0)
        if not 0 < means.speed_kmh < float("inf"):
            raise InputError(f"{place}.speed_kmh", means.speed_kmh, "above 0", "")
        for name in ("range_km", "station_minutes"):
            if not 0 <= getattr(means, name) < float("inf"):
                raise InputError(f"{place}.{name}", getattr(means, name), "0 or more", "")
        for name in ("detect", "clear_sky"):
            if not 0 <= getattr(means, name) <= 1:
                found_ = getattr(means, name)
                raise InputError(f"{place}.{name}", found_, "0 to 1", "Write 85 % as 0.85.")
