"""Places: names of a gazetteer in a text, whole, cut short or only described.

`(Guan...)` is any name that begins so; "the hills southwest of Havana" or "the far eastern bay"
chooses among them, by bearing from a known town or by how far out a place lies among all of them.
"""

import math
import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from importlib.resources import files

import msgspec
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

from excomm.reports.model import Place, Span
from excomm.reports.vocabulary import english, folded, one_spelling, speech, words_of
from excomm.reports.words import Words


class Site(msgspec.Struct, frozen=True):
    """A place with its names; degrees, north and east positive; None where it is not known."""

    name: str
    lat: float | None = None
    lon: float | None = None
    aliases: tuple[str, ...] = ()


class Gazetteer:
    """The places that a case knows, found by name, by beginning or by description."""

    def __init__(self, sites: Iterable[Site]) -> None:
        self.sites = {site.name: site for site in sites}
        self._names: dict[tuple[str, ...], str] = {}
        for site in self.sites.values():
            for name in (site.name, *site.aliases):
                self._names.setdefault(_spelled(words_of(name)), site.name)
        self._names.pop((), None)
        self._names |= _short_forms(self._names)
        self._longest = max(map(len, self._names), default=0)
        self._located = {
            n: s for n, s in self.sites.items() if s.lat is not None and s.lon is not None
        }
        self._ranks = _ranks(self._located)

    def ready(self) -> None:
        """Read the world's gazetteer now, and not at the first unknown name."""
        assert self._also is not None

    def words(self) -> tuple[str, ...]:
        """Every word of a name, for the speller."""
        return tuple(dict.fromkeys(word for name in self._names for word in name))

    def places(self, text: str, words: Words) -> tuple[Place, ...]:
        """Every place in these words, in order; a description counts where no name stands."""
        found = [*self._cut_short(text, words), *self._named(words)]
        if not found:
            described = self._described(words) or self._called_elsewhere(text, words)
            found = [described] if described else self._garbled(words)
        return tuple(sorted(found, key=lambda place: place.span.start))

    @cached_property
    def _also(self) -> Mapping[tuple[str, ...], str]:
        """What the towns of these places are called elsewhere; read at the first unknown name."""
        if not self._located:
            return {}
        from excomm.reports.world import also_called

        found = also_called(
            (name, (site.name, *site.aliases), (site.lat, site.lon))
            for name, site in self.sites.items()
            if site.lat is not None and site.lon is not None
        )
        return {words: name for words, name in found.items() if words not in self._names}

    @cached_property
    def _also_in_a_word(self) -> Mapping[str, str]:
        return {words[0]: name for words, name in self._also.items() if len(words) == 1}

    def _called_elsewhere(self, text: str, words: Words) -> Place | None:
        """A place under another name that the world's gazetteer knows it by ("Gjilan")."""
        for at, start in enumerate(words.starts) if self._located else ():
            if not at or not text[start].isupper():
                continue
            # As written: the speller knows the case's own names alone.
            end = min(words.ends[-1], start + _NAME_CHARS_MAX)
            said = list(_WORD.finditer(text, start, end))[:_WORLD_WORDS_MAX]
            read = tuple(folded(each[0]) for each in said)
            # "Sour" may be Tyre, but only where a place would stand.
            is_plain = read[:1] == () or read[0] in english()
            if is_plain and words.read[at - 1] not in speech("before_places"):
                continue
            for length in range(len(read), 0, -1):
                name = self._also.get(read[:length])
                if name:
                    return Place({name: 1.0}, Span(start, said[length - 1].end()))
        return None

    def written_like(self, words: Words, at: int) -> Place | None:
        """A place by a name that is nearly one of those: "Nikolayev" for Nikolaev, Mykolaiv."""
        word, single = words.read[at], self._also_in_a_word
        if len(word) < _WRITTEN_LETTERS_MIN or not single:
            return None
        near = extractOne(word, single.keys(), scorer=ratio, score_cutoff=_WRITTEN_ALIKE)
        if near is None:
            return None
        return Place({single[near[0]]: 1.0}, Span(words.starts[at], words.ends[at]))

    def _named(self, words: Words) -> list[Place]:
        found = []
        at = 0
        read = _spelled(words.read)
        while at < len(words.read):
            for length in range(min(self._longest, len(words.read) - at), 0, -1):
                name = self._names.get(read[at : at + length])
                if name:
                    span = Span(words.starts[at], words.ends[at + length - 1])
                    if not _of_a_direction(words.read, at):
                        found.append(Place({name: 1.0}, span))
                    at += length - 1
                    break
            at += 1
        return found

    def _cut_short(self, text: str, words: Words) -> list[Place]:
        found = []
        start, end = (words.starts[0], words.ends[-1] + 8) if words.read else (0, 0)
        for match in _CUT.finditer(text, start, end):
            begins = _letters(match[1])
            names = [n for n in self.sites if _letters(n).startswith(begins)]
            if not names:
                names = [n for n in self.sites if ratio(_letters(n)[: len(begins)], begins) >= 70]
            if names:
                before = tuple(
                    w for w, s in zip(words.read, words.starts, strict=True) if s < match.start()
                )
                found.append(Place(self._chosen(names, before[-8:]), Span(*match.span())))
        return found

    def _described(self, words: Words) -> Place | None:
        """`the far eastern bay`, without any name: a place that lies outermost that way."""
        for at, word in enumerate(words.read):
            far = words.read[at - 1] if at else ""
            if far in ("far", "extreme", "remote") and _bearing(word) is not None:
                shares = self._outermost(_bearing(word) or 0.0, list(self._located))
                if shares:
                    return Place(shares, Span(words.starts[at - 1], words.ends[at]))
        return None

    def _garbled(self, words: Words) -> list[Place]:
        """Names of several words that stand there with too many errors for each word alone."""
        best: tuple[float, str, int, int] | None = None
        for name, site in self._names.items() if len(self._names) <= _GARBLED_NAMES_MAX else ():
            joined = "".join(name)
            if len(joined) < 6:
                continue
            for length in range(max(1, len(name) - 1), len(name) + 2):
                for at in range(len(words.read) - length + 1):
                    said = words.read[at : at + length]
                    if all(len(word) < _PLAIN_BELOW or word in english() for word in said):
                        continue  # "in the harbour" is no garbled name
                    there = "".join(said)
                    if abs(len(there) - len(joined)) > 3:
                        continue
                    alike = ratio(there, joined, score_cutoff=75)
                    if alike and (best is None or alike > best[0]):
                        best = (alike, site, at, length)
        if best is None:
            return []
        _, site, at, length = best
        return [Place({site: 1.0}, Span(words.starts[at], words.ends[at + length - 1]))]

    def _chosen(self, names: list[str], before: tuple[str, ...]) -> dict[str, float]:
        """Shares of the names that fit, by what is said of the place just before."""
        if len(names) == 1:
            return {names[0]: 1.0}
        located = [name for name in names if name in self._located]
        bearings = [(at, b) for at, word in enumerate(before) if (b := _bearing(word)) is not None]
        for at, bearing in bearings[::-1]:
            if before[at + 1 : at + 2] == ("of",):
                town = self._town(before[at + 2 :])
                if town:
                    return _by_bearing(town, bearing, {n: self._located[n] for n in located})
            else:
                shares = self._outermost(bearing, located)
                if shares:
                    return shares
        return dict.fromkeys(names, 1.0 / len(names))

    def _town(self, after: tuple[str, ...]) -> tuple[float, float] | None:
        for length in range(min(3, len(after)), 0, -1):
            site = self._located.get(self._names.get(after[:length], ""))
            if site:
                assert site.lat is not None and site.lon is not None
                return site.lat, site.lon
            town = towns().get(" ".join(after[:length]))
            if town:
                return town
        return None

    def _outermost(self, bearing: float, names: list[str]) -> dict[str, float]:
        if not names:
            return {}
        north, east = math.cos(bearing), math.sin(bearing)
        reach = {n: north * self._ranks[n][0] + east * self._ranks[n][1] for n in names}
        best = max(reach.values())
        weights = {n: math.exp(-6.0 * (best - reach[n])) for n in names}
        return _as_shares(weights)


@lru_cache(maxsize=1)
def towns() -> Mapping[str, tuple[float, float]]:
    """Large towns of the world by folded name: latitude and longitude, to a tenth of a degree."""
    text = files("excomm.reports").joinpath("towns.tsv").read_text(encoding="utf-8")
    found = {}
    for line in text.splitlines():
        name, lat, lon = line.split("\t")
        found[folded(name)] = (float(lat), float(lon))
    return found


def _spelled(words: Iterable[str]) -> tuple[str, ...]:
    """The words of a name as they are compared: of British and American spelling one."""
    return tuple(map(one_spelling, words))


def _short_forms(names: Mapping[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    """What longer names are shortened to, where that is no other's: "San Vicente (del Caguán)"."""
    found: dict[tuple[str, ...], set[str]] = {}
    for words, site in names.items():
        shorter = [tuple(_ABBREVIATIONS.get(word, word) for word in words)]
        if words[0] in speech("name_articles"):
            shorter.append(words[1:])
        links = [at for at, word in enumerate(words) if at and word in speech("name_links")]
        if links:
            shorter.append(words[: links[0]])
        if len(words) == 2 and words[0] in speech("name_openings"):
            shorter.append(words[1:])
        for form in shorter:
            plain = len(form) == 1 and (len(form[0]) < _SHORT_LETTERS_MIN or form[0] in english())
            if form and form not in names and not plain:
                found.setdefault(form, set()).add(site)
    return {form: min(sites) for form, sites in found.items() if len(sites) == 1}


_SHORT_LETTERS_MIN = 4
_ABBREVIATIONS = {
    "puerto": "pto",
    "santa": "sta",
    "santo": "sto",
    "saint": "st",
    "san": "s",
    "grande": "gde",
    "sainte": "ste",
    "mount": "mt",
    "fort": "ft",
    "general": "gral",
}
_WORLD_WORDS_MAX = 4
_NAME_CHARS_MAX = 60
_WORD = re.compile(r"[^\W\d_]+|\d+")
_WRITTEN_ALIKE = 88.0  # percent; "Nikolayev" and "Nikolaev" are 94
_WRITTEN_LETTERS_MIN = 6
_CUT = re.compile(
    r"((?:[A-Z][\w'’-]{0,20} (?:(?:de|la|el|of|al|del) )?){0,3}[A-Z][\w'’-]{0,20})\s?(?:\.\.+|…)"
)
_GARBLED_NAMES_MAX = 2000
_PLAIN_BELOW = 3  # letters: the list of English words begins there
_COMPASS = ("north", "northeast", "east", "southeast", "south", "southwest", "west", "northwest")


def _bearing(word: str) -> float | None:
    """Radians clockwise from north."""
    plain = word.removesuffix("ern").removesuffix("erly").removesuffix("ward")
    plain = plain.removesuffix("most").removesuffix("ern")
    return math.radians(45.0 * _COMPASS.index(plain)) if plain in _COMPASS else None


def _of_a_direction(read: tuple[str, ...], at: int) -> bool:
    """Whether a name only says from where: "west of Mariel" is not Mariel."""
    return at >= 2 and read[at - 1] == "of" and _bearing(read[at - 2]) is not None


def _by_bearing(
    town: tuple[float, float], bearing: float, sites: Mapping[str, Site]
) -> dict[str, float]:
    """Shares by how well the bearing fits and by how near they lie: e-fold at 45 degrees, 60 km."""
    weights = {}
    for name, site in sites.items():
        assert site.lat is not None and site.lon is not None
        north = (site.lat - town[0]) * 111.2
        east = (site.lon - town[1]) * 111.2 * math.cos(math.radians(town[0]))
        off = abs((math.atan2(east, north) - bearing + math.pi) % (2 * math.pi) - math.pi)
        weights[name] = math.exp(-off / math.radians(45.0) - math.hypot(north, east) / 60.0)
    return _as_shares(weights)


def _ranks(located: Mapping[str, Site]) -> dict[str, tuple[float, float]]:
    """How far north and how far east each place lies among all, 0 to 1."""
    if not located:
        return {}
    lats = [site.lat or 0.0 for site in located.values()]
    lons = [site.lon or 0.0 for site in located.values()]
    tall, wide = max(lats) - min(lats) or 1.0, max(lons) - min(lons) or 1.0
    return {
        name: (((site.lat or 0.0) - min(lats)) / tall, ((site.lon or 0.0) - min(lons)) / wide)
        for name, site in located.items()
    }


def _as_shares(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    if not total:
        return {name: 1.0 / len(weights) for name in weights}
    return {name: weight / total for name, weight in weights.items() if weight / total > 1e-3}


def _letters(name: str) -> str:
    return "".join(words_of(name))
