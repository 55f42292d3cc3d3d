"""Vocabulary: the general words for items, actions and numbers, as phrases to be found in a text.

Read once from `vocabulary.toml`. Phrases are matched word by word without case, accents, hyphens or
plural endings; the longest wins. No word of a case stands here: a case's own items come with it.
"""

import re
import tomllib
import unicodedata
from functools import lru_cache
from importlib.resources import files
from typing import Generic, TypeVar

import msgspec

Meaning = TypeVar("Meaning")
# What a head counts beside a phrase that names a class (1).
HEAD_WEIGHT = 0.35


class Vocabulary(msgspec.Struct, frozen=True):
    """Word lists as written: phrases by class, heads by word, pairs, numbers and months by name."""

    items: dict[str, tuple[str, ...]]
    heads: dict[str, tuple[str, ...]]
    families: dict[str, tuple[str, ...]]
    together: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    actions: dict[str, tuple[str, ...]]
    motion: dict[str, str]
    numbers: dict[str, int]
    months: dict[str, int]
    weekdays: dict[str, int]
    plain: dict[str, str]
    speech: dict[str, str]
    languages: dict[str, str]

    def words(self) -> tuple[str, ...]:
        """Every single word that stands anywhere in it, folded, in order of appearance."""
        found: dict[str, None] = dict.fromkeys(folded(self.plain["words"]).split())
        for phrases in (*self.items.values(), *self.actions.values()):
            for phrase in phrases:
                found.update(dict.fromkeys(words_of(phrase)))
        for said in self.speech.values():
            found.update(dict.fromkeys(said.split()))
        for pair in self.together.values():
            found.update(dict.fromkeys(word for words in pair for word in words))
        for said in self.motion.values():
            found.update(dict.fromkeys(said.split()))
        for named in (self.heads, self.numbers, self.months, self.weekdays):
            found.update(dict.fromkeys(named))
        return tuple(found)


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """The shipped vocabulary."""
    text = files("excomm.reports").joinpath("vocabulary.toml").read_text(encoding="utf-8")
    found = msgspec.convert(tomllib.loads(text), Vocabulary)
    carried = found.motion["verbs"].split()
    actions = {
        name: (*phrases, *(f"{verb} {way}" for verb in carried for way in _ways(found, name)))
        for name, phrases in found.actions.items()
    }
    alike = {
        name: (tuple(map(stem, one)), tuple(map(stem, other)))
        for name, (one, other) in found.together.items()
    }
    return msgspec.structs.replace(found, actions=actions, together=alike)


def _ways(found: Vocabulary, action: str) -> tuple[str, ...]:
    """Where a thing is carried, if carrying it there is this action: "into", "away from"."""
    return tuple(way.strip() for way in found.motion.get(action, "").split(",") if way.strip())


@lru_cache(maxsize=1)
def kin() -> dict[str, frozenset[str]]:
    """For each class those that it is easily told for."""
    families = vocabulary().families.values()
    return {
        name: frozenset(other for family in families if name in family for other in family) - {name}
        for name in sorted({name for family in families for name in family})
    }


@lru_cache(maxsize=1)
def english() -> frozenset[str]:
    """Plain English words, in the singular: what is one of them is no damaged word."""
    text = files("excomm.reports").joinpath("english.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset("\n".join(lines).split())


@lru_cache(maxsize=16)
def speech(kind: str) -> frozenset[str]:
    """Small words by what they do in a sentence: telling, auxiliaries, links, stops, bounds, ..."""
    return frozenset(vocabulary().speech[kind].split())


class Phrases(Generic[Meaning]):
    """Phrases by their first word; the longest that stands at a place is the one meant.

    beside: phrases that are known as well; of two alike, the one here is meant.
    """

    def __init__(self, beside: "Phrases[Meaning] | None" = None) -> None:
        self._by_first: dict[str, dict[tuple[str, ...], Meaning]] = {}
        self._longest: dict[str, int] = {}
        self._beside = beside

    def add(self, phrase: str, meaning: Meaning) -> None:
        """Take in one phrase; a phrase given twice keeps its first meaning."""
        words = tuple(map(stem, words_of(phrase)))
        if words:
            self._by_first.setdefault(words[0], {}).setdefault(words, meaning)
            self._longest[words[0]] = max(self._longest.get(words[0], 0), len(words))

    def at(self, stems: tuple[str, ...], place: int) -> tuple[int, Meaning] | None:
        """Length in words and meaning of the longest phrase that starts at `place`."""
        other = self._beside.at(stems, place) if self._beside else None
        known = self._by_first.get(stems[place], {})
        at_most = min(self._longest.get(stems[place], 0), len(stems) - place)
        for length in range(at_most, other[0] - 1 if other else 0, -1):
            words = stems[place : place + length]
            if words in known:
                return length, known[words]
        return other


def folded(text: str) -> str:
    """Lower case, without accents.

    >>> folded("Sagüa la GRANDE")
    'sagua la grande'
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


def words_of(phrase: str) -> tuple[str, ...]:
    """Words and numbers of a phrase, folded: `IL-28` is `il`, `28`."""
    return tuple(_WORD.findall(folded(phrase)))


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """A word without its plural ending, in one spelling: `batteries` is `battery`, `vans` is `van`.

    >>> stem("harbours") == stem("harbor"), stem("centre") == stem("centers")
    (True, True)
    """
    return one_spelling(singular(word))


def singular(word: str) -> str:
    """A word without its plural ending."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and word[-2] not in "siu":
        return word[:-1]
    return word


def one_spelling(word: str) -> str:
    """Of British and American spelling one, for comparing only."""
    if len(word) < 5:
        return word
    for british, american in _SPELLINGS:
        if word.endswith(british):
            return word[: -len(british)] + american
    return word


_SPELLINGS = (
    ("ours", "ors"),
    ("our", "or"),
    ("oured", "ored"),
    ("tre", "ter"),
    ("bre", "ber"),
    ("fence", "fense"),
    ("cence", "cense"),
    ("ramme", "ram"),
)


_WORD = re.compile(r"[^\W\d_]+|\d+")
