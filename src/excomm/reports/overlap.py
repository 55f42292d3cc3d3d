"""Overlap: which share of an allegation's area and time a look reached.

Discs on the globe and spans of time in, shares from 0 to 1 out. What has no position or no extent
overlaps nothing here; whoever asks says so. Nothing is known of cases or of probabilities.
"""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

import msgspec

Lasts = Literal["from then on", "throughout", "while it happens"]
"""How what is alleged can be seen: from its time on (something arrived), all through its time
(something is there), or only while it happens (something is moved)."""

KM_PER_DEGREE = 111.2
_STEPS = 32  # of a quarter circle
_LEAST_KM = 1e-6  # a millimetre: what is smaller is a point, and no shape can be drawn of it


class Disc(msgspec.Struct, frozen=True):
    """A position with how far it reaches; degrees, north and east positive; radius 0: a point."""

    lat: float
    lon: float
    radius_km: float = 0.0


class Footprint(msgspec.Struct, frozen=True, gc=False):
    """The ground that a look covered: the corners of an area, or a track with its swath.

    at: degrees north and east, in order. swath_km: how wide the track is, edge to edge (of a single
    position, the width of the circle); None: the positions are corners.
    """

    at: tuple[tuple[float, float], ...]
    swath_km: float | None = None


class Time(msgspec.Struct, frozen=True, gc=False):
    """From the first instant to the last, both with offset."""

    first: datetime
    last: datetime


def share_of_area(alleged: Disc, seen: Sequence[Disc]) -> float:
    """The share of one disc that several others cover together; of a point, all or nothing.

    >>> round(share_of_area(Disc(22.0, -84.0, 10.0), [Disc(22.0, -84.0, 5.0)]), 3)
    0.25
    """
    if alleged.radius_km < _LEAST_KM:
        return float(any(distance_km(alleged, disc) <= disc.radius_km for disc in seen))
    near = [
        disc
        for disc in seen
        if disc.radius_km >= _LEAST_KM
        and distance_km(alleged, disc) < alleged.radius_km + disc.radius_km
    ]
    if not near:
        return 0.0
    from shapely import union_all
    from shapely.geometry import Point

    # Flat around the middle of what is alleged: a port or a valley, not a continent.
    shapes = [
        Point(_east_km(alleged, disc.lon), (disc.lat - alleged.lat) * KM_PER_DEGREE).buffer(
            disc.radius_km, quad_segs=_STEPS
        )
        for disc in near
    ]
    whole = Point(0.0, 0.0).buffer(alleged.radius_km, quad_segs=_STEPS)
    return min(1.0, float(union_all(shapes).intersection(whole).area / whole.area))


def share_of_footprint(alleged: Disc, seen: Footprint) -> float:
    """The share of a disc that lies in a footprint; of a point, all or nothing.

    >>> square = Footprint(((21.9, -84.0), (22.1, -84.0), (22.1, -83.0), (21.9, -83.0)))
    >>> round(share_of_footprint(Disc(22.0, -84.0, 5.0), square), 2)
    0.5
    """
    from shapely import make_valid
    from shapely.geometry import LineString, Point, Polygon

    flat = [(_east_km(alleged, lon), (lat - alleged.lat) * KM_PER_DEGREE) for lat, lon in seen.at]
    if seen.swath_km is None:
        ground = make_valid(Polygon(flat))
    else:
        line = LineString(flat) if len(flat) > 1 else Point(flat[0])
        ground = line.buffer(seen.swath_km / 2.0, quad_segs=_STEPS)
    if alleged.radius_km < _LEAST_KM:
        return float(ground.covers(Point(0.0, 0.0)))
    whole = Point(0.0, 0.0).buffer(alleged.radius_km, quad_segs=_STEPS)
    return min(1.0, float(ground.intersection(whole).area / whole.area))


def distance_km(one: Disc, other: Disc) -> float:
    """How far two positions lie apart, along the globe."""
    north, south = math.radians(one.lat), math.radians(other.lat)
    half_lat = math.sin((south - north) / 2.0) ** 2
    half_lon = math.sin(math.radians(other.lon - one.lon) / 2.0) ** 2
    chord = half_lat + math.cos(north) * math.cos(south) * half_lon
    return 2.0 * math.degrees(math.asin(min(1.0, math.sqrt(chord)))) * KM_PER_DEGREE


def share_of_time(alleged: Time, look: Time, lasts: Lasts, *, lasting_days: float) -> float:
    """The chance that what is alleged was there to be seen when somebody looked, by time alone.

    lasting_days: how long after its time it stays where it was; 0: nobody has said.
    The time at which something happened is taken as equally likely all through the span alleged.
    """
    if look.last < alleged.first:
        return 0.0
    if lasts == "while it happens":
        both = min(look.last, alleged.last) - max(look.first, alleged.first)
        return _ratio(both, alleged.last - alleged.first) if both >= timedelta() else 0.0
    if look.first > alleged.last + timedelta(days=lasting_days):
        return 0.0
    if lasts == "throughout" or look.last >= alleged.last:
        return 1.0
    return _ratio(look.last - alleged.first, alleged.last - alleged.first)


def _ratio(part: timedelta, whole: timedelta) -> float:
    return min(1.0, part / whole) if whole else 1.0


def _east_km(middle: Disc, lon: float) -> float:
    # Across the date line the short way round.
    degrees = (lon - middle.lon + 180.0) % 360.0 - 180.0
    return degrees * KM_PER_DEGREE * math.cos(math.radians(middle.lat))
