"""Routes through points, of most profit within a length: a heuristic with a certified bound.

Ruin and recreate: neighbours are taken out of the routes and what fits best is put back, crossings
are undone, and a worse state is sometimes kept for a while. The bound fills the total length with
the points of most profit per length, each charged half of its two shortest legs at least.
"""

import math
import time

import msgspec
import numpy as np

from excomm.watch.linear import Floats, Ints

Route = list[int]


class Field(msgspec.Struct, frozen=True):
    """Points with profit; routes lead from start to end."""

    distance: Floats  # (points, points)
    profit: Floats  # (points,)
    start: int
    end: int
    routes: int
    max_length: float
    points_most: int | None = None  # on one route

    def length(self, route: Route) -> float:
        """Length of a route, start and end included."""
        return float(self.distance[route[:-1], route[1:]].sum())

    def total(self, routes: list[Route]) -> float:
        """Profit of the points on the routes."""
        return float(sum(self.profit[route].sum() for route in routes))


def reachable(field: Field) -> Ints:
    """The points, other than start and end, that one route can take in at all."""
    there = field.distance[field.start] + field.distance[:, field.end]
    there[[field.start, field.end]] = math.inf
    return np.flatnonzero((there <= field.max_length + 1e-9) & (field.profit > 0))


def profit_bound(field: Field) -> float:
    """No routes gain more than this."""
    points = reachable(field)
    if not len(points):
        return 0.0
    ends = [field.start, field.end] if field.start != field.end else [field.start]
    among = np.concatenate([points, ends])
    legs = field.distance[np.ix_(points, among)].copy()
    legs[np.arange(len(points)), np.arange(len(points))] = math.inf
    legs.sort(axis=1)
    if field.start == field.end:  # a route of one point uses its leg home twice
        least = np.minimum((legs[:, 0] + legs[:, 1]) / 2, field.distance[points, field.start])
    else:
        least = (legs[:, 0] + legs[:, 1]) / 2
    left, total = field.routes * field.max_length, 0.0
    profit = field.profit[points]
    if field.points_most is not None:
        seats = field.routes * field.points_most
        most = float(-np.sort(-profit)[:seats].sum())
    else:
        most = float(profit.sum())
    with np.errstate(divide="ignore"):
        order = np.argsort(-profit / np.maximum(least, 1e-12), kind="stable")
    for point in order:
        if least[point] > left:
            return min(total + float(profit[point] * left / least[point]), most)
        left -= least[point]
        total += float(profit[point])
    return min(total, most)


def routes_of_most_profit(field: Field, *, until: float) -> tuple[list[Route], bool]:
    """Routes within the length, and whether somebody interrupted; ends by `until` (monotonic).

    Ends before where every reachable point is on a route.
    """
    random = np.random.default_rng(1962)
    points = reachable(field)
    empty: list[Route] = [[field.start, field.end] for _ in range(field.routes)]
    if not len(points) or field.routes == 0:
        return empty, False
    every = float(field.profit[points].sum())
    now = _recreate(field, empty, points, random)
    best, best_profit = now, field.total(now)
    began = time.monotonic()
    try:
        while time.monotonic() < until and best_profit < every - 1e-9:
            cold = (time.monotonic() - began) / max(until - began, 1e-9)
            heat = 0.02 * best_profit * (1.0 - cold) ** 2 + 1e-9
            tried = _recreate(field, _ruin(field, now, random), points, random)
            gained = field.total(tried) - field.total(now)
            if gained > 0 or random.random() < math.exp(gained / heat):
                now = tried
            if field.total(now) > best_profit + 1e-9:
                best, best_profit = now, field.total(now)
    except KeyboardInterrupt:
        return best, True
    return best, False


def _ruin(field: Field, routes: list[Route], random: np.random.Generator) -> list[Route]:
    """The routes without some points that lie together, or without a stretch of each."""
    kept = [list(route) for route in routes]
    visited = [point for route in kept for point in route[1:-1]]
    if not visited:
        return kept
    centre = visited[int(random.integers(len(visited)))]
    size = int(random.integers(2, max(3, min(20, len(visited) // 2 + 2))))
    if random.random() < 0.5:
        near = np.argsort(field.distance[centre, visited])[:size]
        gone = {visited[n] for n in near}
    else:
        gone = set()
        for route in kept:
            if len(route) > 2:
                first = int(random.integers(1, len(route) - 1))
                gone.update(route[first : min(first + size // 2 + 1, len(route) - 1)])
    return [
        [point for n, point in enumerate(route) if n in (0, len(route) - 1) or point not in gone]
        for route in kept
    ]


def _recreate(
    field: Field, routes: list[Route], points: Ints, random: np.random.Generator
) -> list[Route]:
    """Untangle, then put in what gives most profit for its detour, while anything fits."""
    routes = [untangled(field, route) for route in routes]
    out = np.setdiff1d(points, [point for route in routes for point in route])
    taste = np.exp(0.3 * random.standard_normal(len(out))) * field.profit[out]
    power = random.uniform(0.3, 1.2)
    distance = field.distance
    again = True
    while len(out):
        places = []
        for route in routes:
            tail, head = np.array(route[:-1]), np.array(route[1:])
            detour = distance[np.ix_(out, tail)] + distance[np.ix_(out, head)]
            detour -= distance[tail, head]
            room = field.max_length - field.length(route) + 1e-9
            if field.points_most is not None and len(route) - 2 >= field.points_most:
                room = -math.inf
            place = detour.argmin(axis=1)
            least = detour[np.arange(len(out)), place]
            least = np.where(least <= room, least, math.inf)
            places.append((least, place))
        detours = np.stack([least for least, _ in places])
        into = detours.argmin(axis=0)
        least = detours[into, np.arange(len(out))]
        score = np.where(np.isfinite(least), taste / np.maximum(least, 1e-3) ** power, -1.0)
        chosen = int(score.argmax())
        if score[chosen] <= 0:
            if not again:
                break
            # Full: shorter ways may make room once more.
            again = False
            routes = [untangled(field, route) for route in routes]
            continue
        route = routes[int(into[chosen])]
        route.insert(int(places[int(into[chosen])][1][chosen]) + 1, int(out[chosen]))
        out, taste = np.delete(out, chosen), np.delete(taste, chosen)
        again = True
    return routes


def untangled(field: Field, route: Route) -> Route:
    """The route after every exchange of two legs, and move of a point, that shortens it."""
    distance = field.distance
    now = np.array(route)
    while len(now) > 3:
        legs = distance[now[:-1], now[1:]]
        crossed = distance[np.ix_(now[:-1], now[:-1])] + distance[np.ix_(now[1:], now[1:])]
        saved = legs[:, None] + legs[None, :] - crossed
        saved = np.triu(saved, 1)
        first, last = np.unravel_index(int(saved.argmax()), saved.shape)
        if saved[first, last] > 1e-9:
            now[first + 1 : last + 1] = now[first + 1 : last + 1][::-1]
            continue
        inner = now[1:-1]
        freed = legs[:-1] + legs[1:] - distance[now[:-2], now[2:]]
        into = distance[np.ix_(inner, now[:-1])] + distance[np.ix_(inner, now[1:])] - legs
        n = np.arange(len(inner))
        into[n, n] = into[n, n + 1] = math.inf
        gain = freed[:, None] - into
        point, place = np.unravel_index(int(gain.argmax()), gain.shape)
        if gain[point, place] <= 1e-9:
            break
        moved = now[point + 1]
        rest = np.delete(now, point + 1)
        at = int(place) + 1 if place < point + 1 else int(place)
        now = np.insert(rest, at, moved)
    return [int(point) for point in now]
