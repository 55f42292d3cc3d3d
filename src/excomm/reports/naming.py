"""Naming: what a case calls its items and places, and which of them a text means.

Made once for a case and asked of every report: the parser with the case's own names, items by their
general class where a text does not use the case's word, and the names by which all of the case's
area is meant.
"""

from collections.abc import Mapping
from functools import lru_cache

from excomm.reports.evidence import alike_classes
from excomm.reports.model import Allegation, Parsed, Report
from excomm.reports.overlap import Disc
from excomm.reports.parsing import Parser
from excomm.reports.places import Gazetteer, Site
from excomm.reports.vocabulary import folded

_ALIKE = 0.5
_KEPT = 8192  # texts whose reading is kept, those asked for last

Names = tuple[tuple[str, tuple[str, ...]], ...]  # id, and what it is called


class Naming:
    """The words of one case. items, sites: by id; whole: names of the case's area as a whole."""

    def __init__(
        self, items: Names, sites: tuple[tuple[str, Site], ...], whole: tuple[str, ...]
    ) -> None:
        self.items = dict(items)
        self.site_names = {name: site.name for name, site in sites}
        self.positions = tuple(
            Disc(site.lat, site.lon)
            for _, site in sites
            if site.lat is not None and site.lon is not None
        )
        self._site_of = {site.name: name for name, site in reversed(sites)}
        self._whole = frozenset(folded(word) for word in whole)
        self.parser = _parser(items, tuple(site for _, site in sites))
        self._classes = _classes(items, tuple(site for _, site in sites))
        self._parsed = lru_cache(maxsize=_KEPT)(self.parser.parse)

    def read(self, report: Report) -> Parsed:
        """What stands in a report, read once."""
        return self._parsed(report)

    def item_of(self, part: Allegation) -> str:
        """The item of the case that is meant: by its own names, else by its general class."""
        if part.item is None:
            return ""
        named = {name: w for name, w in part.item.classes.items() if name in self.items}
        if named:
            return max(named, key=lambda name: (named[name], name))
        alike = {
            item: alike_classes(part.item.classes, known) for item, known in self._classes.items()
        }
        best = max(alike, key=lambda name: (alike[name], name), default="")
        return best if best and alike[best] >= _ALIKE else ""

    def sites_of(self, part: Allegation) -> dict[str, float]:
        """Shares of the sites of the case that are meant; none where it has no such place."""
        shares = part.place.shares if part.place else {}
        return {self._site_of[n]: share for n, share in shares.items() if n in self._site_of}

    def is_whole(self, name: str) -> bool:
        """Whether a name means all of the case's area: a party, or the case by its title."""
        return folded(name) in self._whole

    def tells_of(self, words: str, item: str) -> bool:
        """Whether words say that something of the item was seen: it is named, and not as none."""
        return any(
            self.item_of(part) == item and not (part.number and part.number.high == 0)
            for part in self.read(Report(id="", text=words)).allegations
        )


@lru_cache(maxsize=8)
def naming(items: Names, sites: tuple[tuple[str, Site], ...], whole: tuple[str, ...]) -> Naming:
    """The words of one case, with what was read by them: one for all facts that name the same."""
    return Naming(items, sites, whole)


@lru_cache(maxsize=16)
def _parser(items: Names, sites: tuple[Site, ...]) -> Parser:
    return Parser(Gazetteer(sites), item_names=dict(items))


@lru_cache(maxsize=16)
def _classes(items: Names, sites: tuple[Site, ...]) -> Mapping[str, Mapping[str, float]]:
    """The general classes of each item of the case, as read in its own names."""
    plain = Parser(Gazetteer(sites))
    found = {}
    for item, said in items:
        total: dict[str, float] = {}
        for name in said:
            read = plain.parse(Report(id="", text=name)).allegations
            for word, weight in (read[0].item.classes if read and read[0].item else {}).items():
                total[word] = max(total.get(word, 0.0), weight)
        found[item] = total
    return found
