"""Areas of the map: how far a site reaches, and which sites a larger one holds.

A larger site has no outline of its own in a case; it is drawn as the hull of the sites in it. It is
seen as badly as the one in it that was looked at longest ago: one that nobody looked at is enough.
"""

from collections.abc import Iterable, Mapping

import msgspec

from excomm.case import View
from excomm.desk.maps import Place
from excomm.entries.kinds import Site

Point = tuple[float, float]


class Area(msgspec.Struct, frozen=True):
    """A larger site with the sites in it. days: of the worst of them; None: one never looked at."""

    id: str
    name: str
    places: tuple[Place, ...]
    sites: int
    never: int
    days: int | None

    @property
    def hull(self) -> tuple[Point, ...]:
        """The corners of the hull of its sites, degrees east and north."""
        return hull((place.lon, place.lat) for place in self.places)


def areas(view: View, places: Iterable[Place]) -> tuple[Area, ...]:
    """The larger sites of a case, those that hold a site never looked at first."""
    sites = {str(entry.id): body for entry, body in view.facts.of(Site)}
    placed = {place.id: place for place in places}
    seen = {str(one.site.id): one.days for one in view.sites_seen}
    found = []
    for name in dict.fromkeys(body.within for body in sites.values() if body.within):
        inside = [one for one in seen if _is_within(sites, one, name)]
        if name not in sites or not inside:
            continue
        days = [seen[one] for one in inside]
        known = [each for each in days if each is not None]
        found.append(
            Area(
                name,
                sites[name].name,
                tuple(placed[one] for one in inside if one in placed),
                len(inside),
                len(days) - len(known),
                max(known) if len(known) == len(days) else None,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.days is not None, -(one.days or 0), one.name)))


def _is_within(sites: Mapping[str, Site], one: str, name: str) -> bool:
    """Whether a site lies in another, through however many between them."""
    passed = set()
    while one in sites and one not in passed:
        passed.add(one)
        one = sites[one].within
        if one == name:
            return True
    return False


def hull(points: Iterable[Point]) -> tuple[Point, ...]:
    """The convex hull, counter-clockwise from the leftmost.

    Source: Andrew 1979, Another efficient algorithm for convex hulls in two dimensions.

    >>> hull([(0, 0), (2, 0), (1, 1), (2, 2), (0, 2)])
    ((0, 0), (2, 0), (2, 2), (0, 2))
    """
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return tuple(ordered)
    lower, upper = _chain(ordered), _chain(reversed(ordered))
    return (*lower[:-1], *upper[:-1])


def _chain(points: Iterable[Point]) -> list[Point]:
    found: list[Point] = []
    for point in points:
        while len(found) > 1 and _turn(found[-2], found[-1], point) <= 0:
            found.pop()
        found.append(point)
    return found


def _turn(a: Point, b: Point, c: Point) -> float:
    """Above zero where the way from a over b to c turns left."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
