"""Spelling: a damaged word back to one that is known; typing errors, misread letters, lost spaces.

A known word is never touched. A repair is a reading, not an alteration: the text as received stays
as it is, and every repaired word counts as damage, which the matching takes into account.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract, extractOne

from excomm.reports.vocabulary import english, folded, singular, speech

# Letters that scanners and hasty typists take for each other; both sides are read alike.
_ALIKE = str.maketrans(
    {
        "0": "o",
        "1": "l",
        "i": "l",
        "!": "l",
        "|": "l",
        "5": "s",
        "8": "b",
        "c": "e",
        "a": "o",
        "n": "m",
    }
)
_DIGIT_LIKE = str.maketrans({"o": "0", "l": "1", "i": "1", "s": "5", "b": "8", "z": "2"})
_TWICE = re.compile(r"(.)\1+")
_PARTS = re.compile(r"[^\W\d_]+|\d+")
_CASES = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ORDINAL = re.compile(r"(\d{1,2})(st|nd|rd|th|t|h|d)")
_MEMORY = 200_000
_LETTERS_MAX = 40  # no word is longer


class Speller:
    """Repairs words against a list of known ones.

    words: known words, folded. names: those among them that are written with a capital (places);
    a capitalised word that is not known is taken for one of these sooner than for a plain word.

    >>> Speller(["missiles", "near", "were"], ["Banes"]).repair("misiles")
    ('missiles',)
    >>> Speller(["missiles", "near", "were"], ["Banes"]).repair("nearBames")
    ('near', 'banes')
    """

    def __init__(self, words: Iterable[str], names: Iterable[str] = ()) -> None:
        self._names = frozenset(folded(name) for name in names)
        self._known: dict[str, None] = dict.fromkeys(folded(word) for word in words)
        self._known.update(dict.fromkeys(sorted(self._names)))
        self._by_key: dict[str, list[str]] = {}
        for word in self._known:
            self._by_key.setdefault(_key(word), []).append(word)
        self._keys: dict[int, list[str]] = {}
        for key in self._by_key:
            self._keys.setdefault(len(key), []).append(key)
        self._memory: dict[str, tuple[str, ...]] = {}

    def knows(self, word: str) -> bool:
        """Whether a folded word needs no repair: it stands in the list, or is plain English."""
        return self._aims(word) or word in english() or singular(word) in english()

    def _aims(self, word: str) -> bool:
        """Whether a word is one of those that others are repaired to, in singular or plural."""
        return word in self._known or singular(word) in self._known or f"{word}s" in self._known

    def repair(self, token: str) -> tuple[str, ...]:
        """The word or words that a token stands for, folded; the token itself if none is near."""
        if token in self._memory:
            return self._memory[token]
        found = self._read(token)
        if len(self._memory) >= _MEMORY:
            self._memory.clear()
        self._memory[token] = found
        return found

    def _read(self, token: str) -> tuple[str, ...]:
        word = folded(token)
        if self.knows(word) or word.isdecimal() or len(word) > _LETTERS_MAX:
            return (word,)
        alike = _figures(word) or self._alike(word)
        if alike:
            return alike
        return self._parts(token, word) or (
            self._near(word, named=token[:1].isupper())
            or (self._split(word, self._close) if len(word) > 6 and token.islower() else None)
            or (word,)
        )

    def _parts(self, token: str, word: str) -> tuple[str, ...] | None:
        """A token made of several known words, or of words and figures, that lost their spaces."""
        if any(c.isdecimal() for c in word):
            parts = [folded(part) for part in _PARTS.findall(token)]
            known = (p.isdecimal() or self.knows(p) or len(p) <= 3 for p in parts)
            if len(parts) > 1 and all(known):
                return tuple(parts)
        split = self._split(word, self._exact) if len(word) > 4 else None
        if split:
            return split
        by_case = _CASES.split(token)
        if len(by_case) > 1:
            return tuple(word for part in by_case for word in self.repair(part))
        return None

    def _exact(self, part: str) -> str | None:
        return part if self._aims(part) else None

    def _close(self, part: str) -> str | None:
        if self._aims(part):
            return part
        alike = self._alike(part)
        if alike or len(part) < 5:
            return alike[0] if alike else None
        near = self._near(part, named=False)
        return near[0] if near else None

    def _split(self, word: str, reading: Callable[[str], str | None]) -> tuple[str, ...] | None:
        # The longer half says more: cuts near the ends come last.
        cuts = sorted(range(2, len(word) - 1), key=lambda cut: (-max(cut, len(word) - cut), cut))
        for cut in cuts:
            left = reading(word[:cut])
            right = reading(word[cut:]) if left else None
            if left and right and _can_stand(left) and _can_stand(right):
                return left, right
        return None

    def _alike(self, word: str) -> tuple[str] | None:
        candidates = self._by_key.get(_key(word)) or self._by_key.get(_key(singular(word)))
        if not candidates or (len(word) < 3 and word.isalpha()):
            return None
        return (min(candidates, key=lambda known: (OSA.distance(word, known), known)),)

    def _near(self, word: str, *, named: bool) -> tuple[str] | None:
        key = _key(word)
        budget = _errors(len(key))
        best: tuple[int, bool, int, str] | None = None
        for length in range(len(key) - budget, len(key) + budget + 1):
            near = extract(
                key, self._keys.get(length, ()), scorer=OSA.distance, score_cutoff=budget, limit=5
            )
            for close, errors, _ in near:
                for known in self._by_key[close]:
                    name = known in self._names
                    if named and not name and (errors > 1 or len(word) < 6):
                        continue
                    seen = OSA.distance(word, known)
                    # Letters that look alike count nothing, but not all of a word.
                    if seen > budget + 1 + len(word) // 8:
                        continue
                    rank = (int(errors), name != named, seen, known)
                    best = min(best, rank) if best else rank
        plain = _plain_nearer(word, best[2]) if best else None
        return (plain or best[3],) if best else None


def _plain_nearer(word: str, errors: int) -> str | None:
    """A plain English word with fewer errors, which a damaged one is then taken for."""
    for length in range(len(word) - errors + 1, len(word) + errors):
        near = extractOne(
            word, _english_by_length().get(length, ()), scorer=OSA.distance, score_cutoff=errors - 1
        )
        if near is not None:
            return str(near[0])
    return None


@lru_cache(maxsize=1)
def _english_by_length() -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for word in sorted(english()):
        found.setdefault(len(word), []).append(word)
    return found


def _can_stand(part: str) -> bool:
    """Whether half of a torn word is a word: of the shortest only small words are."""
    return len(part) > 2 or part in speech("glued")


def _figures(word: str) -> tuple[str, ...] | None:
    """`18th` as figure and ending; `l8`, `2O` as the figures meant."""
    ordinal = _ORDINAL.fullmatch(word)
    if ordinal:
        return ordinal[1], "th"
    digits = word.translate(_DIGIT_LIKE)
    return (digits,) if digits.isdecimal() and any(c.isdecimal() for c in word) else None


def _key(word: str) -> str:
    return _TWICE.sub(r"\1", word.replace("rn", "m").translate(_ALIKE))


def _errors(length: int) -> int:
    """How many errors a word of that length may have and still be known again."""
    if length < 4:
        return 0
    if length < 8:
        return 1
    return 2 if length < 12 else 3
