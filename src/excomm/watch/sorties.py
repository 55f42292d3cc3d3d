"""Sorties from a base, and teams from a start to an end: which points, in which order?

Few points are solved exactly, over all sets of them; more go to ruin and recreate, with a bound.
"""

import math
import time
from typing import Literal

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.linear import Floats, Ints
from excomm.watch.problems import Solver, Sorties, Team
from excomm.watch.ranges import require_count
from excomm.watch.routes import Field, Route, profit_bound, routes_of_most_profit
from excomm.watch.vehicles import routes_by_pyvrp

_EXACT_POINTS_MOST = 13

Ended = Literal["proved", "time", "interrupted"]


class RoutesAnswer(msgspec.Struct, frozen=True):
    """routes: points in order, by number; without the base (sorties), with start and end (team)."""

    profit: float
    value: float
    bound: float
    gap: float
    ended: Ended
    routes: tuple[tuple[int, ...], ...]
    lengths: tuple[float, ...]
    unreachable: tuple[int, ...]  # points that no route can take in


def solve_sorties(
    problem: Sorties, *, seconds: float, solver: Solver | None = None
) -> RoutesAnswer:
    """Sorties of most profit; every leg is rounded up. Exact to 13 points. Raises InputError."""
    require_count("$.sorties", problem.sorties, 0)
    if len(problem.profit) != len(problem.points):
        found = f"{len(problem.profit)} profits"
        raise InputError("$.profit", found, f"{len(problem.points)}, one for each point", "")
    points = np.array([*problem.points, problem.base], dtype=np.float64)
    _require_finite("$.points", points)
    _require_profits(list(problem.profit), problem.max_length)
    base = len(problem.points)
    field = Field(
        distance=_rounded_up(points),
        profit=np.array([*problem.profit, 0.0]),
        start=base,
        end=base,
        routes=problem.sorties,
        max_length=problem.max_length,
    )
    if len(problem.points) <= _EXACT_POINTS_MOST and solver is None:
        routes, ended = _exact(field), "proved"
        return _answer(field, routes, "proved" if ended else "time", inner=True, proved=True)
    routes, interrupted = searched(field, solver, until=time.monotonic() + seconds)
    return _answer(field, routes, "interrupted" if interrupted else "time", inner=True)


def solve_team(problem: Team, *, seconds: float, solver: Solver | None = None) -> RoutesAnswer:
    """Routes of most profit from start to end. Raises InputError for what is out of range."""
    require_count("$.vehicles", problem.vehicles, 0)
    if len(problem.points) < 1:
        raise InputError("$.points", "none", "at least start and end", "Give their places.")
    require_count("$.start", problem.start, 0, len(problem.points) - 1)
    require_count("$.end", problem.end, 0, len(problem.points) - 1)
    table = np.array(problem.points, dtype=np.float64)
    _require_finite("$.points", table)
    _require_profits(table[:, 2].tolist(), problem.max_length)
    profit = table[:, 2].copy()
    profit[[problem.start, problem.end]] = 0.0
    apart = table[:, None, :2] - table[None, :, :2]
    field = Field(
        distance=np.hypot(apart[..., 0], apart[..., 1]),
        profit=profit,
        start=problem.start,
        end=problem.end,
        routes=problem.vehicles,
        max_length=problem.max_length,
    )
    straight = float(field.distance[problem.start, problem.end])
    if straight > problem.max_length + 1e-9:
        expected = f"{straight:g} or more, from start to end"
        raise InputError("$.max_length", problem.max_length, expected, "No route gets there.")
    routes, interrupted = searched(field, solver, until=time.monotonic() + seconds)
    return _answer(field, routes, "interrupted" if interrupted else "time", inner=False)


def searched(field: Field, solver: Solver | None, *, until: float) -> tuple[list[Route], bool]:
    """Routes by the search of our own, or by the solver asked for; and whether interrupted."""
    search = routes_of_most_profit if solver is None else routes_by_pyvrp
    return search(field, until=until)


def _answer(
    field: Field, routes: list[Route], ended: Ended, *, inner: bool, proved: bool = False
) -> RoutesAnswer:
    lengths = tuple(field.length(route) for route in routes)
    assert all(length <= field.max_length + 1e-6 for length in lengths if len(routes))
    visited = [point for route in routes for point in route[1:-1]]
    assert len(visited) == len(set(visited))
    profit = field.total(routes)
    bound = profit if proved else max(profit_bound(field), profit)
    if bound - profit <= 1e-9:
        ended = "proved"
    there = field.distance[field.start] + field.distance[:, field.end]
    return RoutesAnswer(
        profit=profit,
        value=profit,
        bound=bound,
        gap=bound - profit,
        ended=ended,
        routes=tuple(tuple(route[1:-1] if inner else route) for route in routes),
        lengths=lengths,
        unreachable=tuple(
            int(n)
            for n in np.flatnonzero(there > field.max_length + 1e-9)
            if n not in {field.start, field.end}
        ),
    )


def _exact(field: Field) -> list[Route]:
    """Best disjoint sets of points that one sortie each can fly, over all sets."""
    points = field.start
    size = 1 << points
    profit = np.zeros(size)
    for point in range(points):
        profit[1 << point : 2 << point] = profit[: 1 << point] + field.profit[point]
    length, last = _shortest(field)
    flown = np.where(length <= field.max_length + 1e-9, profit, -1.0)
    best, chosen = np.zeros(size), []
    for _ in range(min(field.routes, points)):
        best, part = _added(best, flown)
        chosen.append(part)
    left, routes = size - 1, []
    for part in reversed(chosen):
        flown_set = int(part[left])
        routes.append(_walk(field, last, flown_set))
        left ^= flown_set
    return routes


def _added(best: Floats, flown: Floats) -> tuple[Floats, Ints]:
    """By set of points: most profit with one sortie more, and which points that one takes."""
    size = len(best)
    more, part = best.copy(), np.zeros(size, dtype=np.int64)
    every = np.arange(size)
    for one in np.flatnonzero(flown > 0):
        holds = every[(every & one) == one]
        found = best[holds ^ one] + flown[one]
        better = found > more[holds]
        more[holds[better]] = found[better]
        part[holds[better]] = one
    return more, part


def _shortest(field: Field) -> tuple[Floats, Ints]:
    """By set of points: length of the shortest round; by set and point: who came before it last."""
    points = field.start
    size = 1 << points
    reach = np.full((size, points), math.inf)
    before = np.full((size, points), -1, dtype=np.int64)
    legs = field.distance[:points, :points]
    for point in range(points):
        reach[1 << point, point] = field.distance[field.start, point]
    for visited in range(1, size):
        row = reach[visited]
        ways = row[:, None] + legs
        came = ways.argmin(axis=0)
        for point in range(points):
            if visited >> point & 1:
                continue
            way = ways[came[point], point]
            if way < reach[visited | 1 << point, point]:
                reach[visited | 1 << point, point] = way
                before[visited | 1 << point, point] = came[point]
    home = reach + field.distance[:points, field.end]
    if not points:
        return np.zeros(1), np.full((1, 1), -1, dtype=np.int64)
    length = home.min(axis=1)
    length[0] = 0.0
    return length, np.concatenate([home.argmin(axis=1)[:, None], before], axis=1)


def _walk(field: Field, last: Ints, visited: int) -> Route:
    route = [field.end]
    point = int(last[visited, 0]) if visited else -1
    while point >= 0:
        route.append(point)
        came = int(last[visited, point + 1])
        visited ^= 1 << point
        point = came
    return [*route, field.start][::-1]


def _rounded_up(points: Floats) -> Floats:
    apart = points[:, None, :] - points[None, :, :]
    squared = (apart**2).sum(axis=2)
    up = np.ceil(np.sqrt(squared))
    # A root that is whole must not be rounded up by its last digit.
    exact: Floats = np.where((up - 1) ** 2 >= squared, up - 1, up)
    return exact


def _require_finite(place: str, found: Floats) -> None:
    if not np.isfinite(found).all():
        raise InputError(place, "no number", "finite numbers", "Give each point its place.")


def _require_profits(profits: list[float], max_length: float) -> None:
    for n, profit in enumerate(profits):
        if not 0 <= profit < math.inf:
            raise InputError(f"$.profit[{n}]", profit, "0 or more", "Leave the point out.")
    if not 0 <= max_length < math.inf:
        raise InputError("$.max_length", max_length, "0 or more", "")
