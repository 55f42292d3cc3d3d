"""The map of sites, laid out on the server: by days since the last look that came off.

Equirectangular about the middle of the sites, with graticule and scale. A name that would lie over
another is left out: the list beside the map has them all.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from math import cos, radians
from typing import Literal

import msgspec

from excomm.desk import outline
from excomm.desk.outline import Box, Point

Age = Literal["never", "recent", "weeks", "old"]

_KM_A_DEGREE = 111.2
_MARGIN = 0.12  # of the extent
_DEGREES_LEAST = 1.5
_LETTER, _LINE = 6.2, 13.0  # of a name, in units of the view box
_RECENT_DAYS, _WEEKS_DAYS = 7, 28


class Place(msgspec.Struct, frozen=True):
    """A site to be shown. days: since the last look that came off; None: never looked.

    radius_km: how far it reaches; None: not said.
    """

    id: str
    name: str
    lat: float
    lon: float
    days: int | None
    radius_km: float | None = None

    @property
    def age(self) -> Age:
        """How the site is drawn."""
        return age_of(self.days)


class Ground(msgspec.Struct, frozen=True):
    """An area to be shown: its corners, degrees east and north. days: as of a place."""

    name: str
    corners: tuple[Point, ...]
    days: int | None
    says: str


class Shape(msgspec.Struct, frozen=True):
    """An area on the drawing: its corners as a path."""

    path: str
    age: Age
    says: str


class Ring(msgspec.Struct, frozen=True):
    """How far a site reaches, on the drawing."""

    x: float
    y: float
    wide: float
    high: float
    age: Age


class Spot(msgspec.Struct, frozen=True):
    """A site on the drawing. label: empty where it would lie over another."""

    place: Place
    x: float
    y: float
    label: str
    says: str


class Line(msgspec.Struct, frozen=True):
    """A line of the graticule with its degrees."""

    at: float
    text: str


class Map(msgspec.Struct, frozen=True):
    """Everything the template draws, in units of the view box."""

    width: float
    height: float
    land: tuple[str, ...]
    meridians: tuple[Line, ...]
    parallels: tuple[Line, ...]
    shapes: tuple[Shape, ...]
    rings: tuple[Ring, ...]
    spots: tuple[Spot, ...]
    scale_width: float
    scale_km: int


def age_of(days: int | None) -> Age:
    """How what was unseen for so many days is drawn."""
    if days is None:
        return "never"
    if days <= _RECENT_DAYS:
        return "recent"
    return "weeks" if days <= _WEEKS_DAYS else "old"


def drawing(places: Iterable[Place], grounds: Iterable[Ground] = (), *, width: float) -> Map | None:
    """Lay out the map of some places, and of areas that hold them; None where there are none."""
    shown = tuple(places)
    if not shown:
        return None
    box = _box(shown, 2.0 if width > 500 else 1.2)
    middle = radians((box.south + box.north) / 2)
    unit = width / ((box.east - box.west) * cos(middle))  # of a degree of latitude
    height = round((box.north - box.south) * unit, 1)

    def x(lon: float) -> float:
        return round((lon - box.west) * cos(middle) * unit, 1)

    def y(lat: float) -> float:
        return round((box.north - lat) * unit, 1)

    step = _step(box.east - box.west)
    km = _round_km((box.east - box.west) * cos(middle) * _KM_A_DEGREE / 4)
    return Map(
        width=width,
        height=height,
        land=tuple(
            " ".join(point for point, _ in groupby(f"{x(lon)},{y(lat)}" for lon, lat in ring))
            for ring in outline.land(_wider(box))
        ),
        meridians=tuple(Line(x(d), _degrees(d, "EW")) for d in _marks(box.west, box.east, step)),
        parallels=tuple(
            Line(y(d), _degrees(d, "NS"))
            for d in _marks(box.south, box.north, step)
            if y(d) < height - 16
        ),
        shapes=tuple(
            Shape(
                "M" + "L".join(f"{x(lon)} {y(lat)}" for lon, lat in one.corners) + "z",
                age_of(one.days),
                one.says,
            )
            for one in grounds
            if one.corners
        ),
        rings=tuple(
            Ring(
                x(one.lon),
                y(one.lat),
                # A degree of longitude is narrower at the site than in the middle of the map.
                round(one.radius_km / _KM_A_DEGREE * unit * cos(middle) / _narrowing(one.lat), 1),
                round(one.radius_km / _KM_A_DEGREE * unit, 1),
                one.age,
            )
            for one in shown
            if one.radius_km
        ),
        spots=tuple(_spots([(one, x(one.lon), y(one.lat)) for one in shown], width)),
        scale_width=round(km / _KM_A_DEGREE * unit, 1),
        scale_km=km,
    )


def _narrowing(lat: float) -> float:
    """A degree of longitude in degrees of latitude; near a pole, no map is drawn to scale."""
    return max(cos(radians(lat)), 0.1)


def _box(places: tuple[Place, ...], shape: float) -> Box:
    """The places, as far as they reach, with a margin; as wide to its height as it looks there."""
    reach = [(one, (one.radius_km or 0) / _KM_A_DEGREE) for one in places]
    lats = [one.lat + side * far for one, far in reach for side in (-1, 1)]
    lons = [one.lon + side * far / _narrowing(one.lat) for one, far in reach for side in (-1, 1)]
    middle = (min(lats) + max(lats)) / 2
    squeeze = _narrowing(middle)
    high = max((max(lats) - min(lats)) * (1 + 2 * _MARGIN), _DEGREES_LEAST)
    wide = max((max(lons) - min(lons)) * (1 + 2 * _MARGIN) * squeeze, _DEGREES_LEAST)
    high, wide = max(high, wide / shape), max(wide, high * shape)
    center = (min(lons) + max(lons)) / 2
    south, north = max(middle - high / 2, -90.0), min(middle + high / 2, 90.0)
    return Box(center - wide / squeeze / 2, south, center + wide / squeeze / 2, north)


def _wider(box: Box) -> Box:
    """A little more than is shown: the sides along which the land is cut lie outside."""
    more = (box.east - box.west) * 0.02
    return Box(box.west - more, box.south - more, box.east + more, box.north + more)


def _spots(placed: list[tuple[Place, float, float]], width: float) -> Iterator[Spot]:
    """The sites that were never looked at are named first; then by days, the longest first."""
    # Left, right, middle of the line: first of the spots themselves, then of the names.
    taken = [(x - 6, x + 6, y) for _, x, y in placed]
    order = sorted(placed, key=lambda one: (one[0].days is not None, -(one[0].days or 0)))
    for place, x, y in order:
        left, right = x + 8, x + 8 + _LETTER * len(place.name)
        over = any(
            left < end and right > start and abs(y - middle) < _LINE for start, end, middle in taken
        )
        fits = right < width and not over
        if fits:
            taken.append((left, right, y))
        told = "not looked" if place.days is None else f"{place.days} days unseen"
        yield Spot(place, x, y, place.name if fits else "", f"{place.name}: {told}")


def _step(degrees: float) -> float:
    return next((step for step in (0.5, 1, 2, 5, 10, 20) if degrees / step <= 8), 30)


def _marks(low: float, high: float, step: float) -> list[float]:
    first = int(low // step) + 1
    return [number * step for number in range(first, int(high // step) + 1)]


def _degrees(value: float, sides: str) -> str:
    if value == 0:
        return "0°"
    return f"{abs(value):g}° {sides[0] if value > 0 else sides[1]}"


def _round_km(km: float) -> int:
    sizes = [factor * 10**power for power in range(5) for factor in (1, 2, 5)]
    return max([size for size in sizes if size <= km], default=1)
