"""The outline of the land in a part of the world: Natural Earth, 1:50m, nothing from the network.

Two kilometres are as fine as it goes. No borders: whose land it is, an outline does not say.
"""

import gzip
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

_DATA = Path(__file__).parent / "data" / "land.txt.gz"
_STEPS = 100  # of the data, in a degree

Point = tuple[float, float]  # degrees east, degrees north


class Box(NamedTuple):
    """A part of the world, in degrees."""

    west: float
    south: float
    east: float
    north: float


def land(box: Box) -> tuple[tuple[Point, ...], ...]:
    """The rings of the land inside a box, cut at its sides."""
    found = []
    for bounds, ring in _rings():
        apart = (
            bounds.east < box.west
            or bounds.west > box.east
            or bounds.north < box.south
            or bounds.south > box.north
        )
        if not apart and len(cut := _cut(ring, box)) > 2:
            found.append(cut)
    return tuple(found)


@lru_cache(maxsize=1)
def _rings() -> tuple[tuple[Box, tuple[Point, ...]], ...]:
    found = []
    for line in gzip.decompress(_DATA.read_bytes()).decode("ascii").splitlines():
        if not line.startswith("#"):
            ring = _ring(line)
            lons, lats = [lon for lon, _ in ring], [lat for _, lat in ring]
            found.append((Box(min(lons), min(lats), max(lons), max(lats)), ring))
    return tuple(found)


def _ring(line: str) -> tuple[Point, ...]:
    """A ring from its steps."""
    lon = lat = 0
    found = []
    for step in line.split():
        east, _, north = step.partition(",")
        lon, lat = lon + int(east), lat + int(north)
        found.append((lon / _STEPS, lat / _STEPS))
    return tuple(found)


def _cut(ring: tuple[Point, ...], box: Box) -> tuple[Point, ...]:
    """The part of a ring inside a box.

    Source: Sutherland and Hodgman 1974, Reentrant polygon clipping: side after side.
    """
    points = list(ring)
    for axis, limit, keeps_above in (
        (0, box.west, True),
        (0, box.east, False),
        (1, box.south, True),
        (1, box.north, False),
    ):
        points = _cut_side(points, axis, _inside(axis, limit, keeps_above=keeps_above), limit)
    return tuple(points)


def _inside(axis: int, limit: float, *, keeps_above: bool) -> Callable[[Point], bool]:
    return lambda point: point[axis] >= limit if keeps_above else point[axis] <= limit


def _cut_side(
    points: list[Point], axis: int, inside: Callable[[Point], bool], limit: float
) -> list[Point]:
    found = []
    for before, point in zip([*points[-1:], *points[:-1]], points, strict=True):
        if inside(before) != inside(point):
            part = (limit - before[axis]) / (point[axis] - before[axis])
            crossing = [
                one + part * (other - one) for one, other in zip(before, point, strict=True)
            ]
            crossing[axis] = limit
            found.append((crossing[0], crossing[1]))
        if inside(point):
            found.append(point)
    return found
