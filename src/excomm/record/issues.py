"""Issues: which items and undertakings of the case a passage of the minutes speaks of.

An issue is known by its names, and by the words that set it apart from the other issues of the
same case: "quarantine" belongs to one undertaking, "missile" to several and decides nothing alone.
A passage that fits none has no tag; nothing is guessed from what was said before.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec

from excomm.record.lexicon import TASK_VERBS, word_set

_WORD = re.compile(r"[A-Za-z][\w-]*")
_PLAIN = word_set(
    "the a an of in on at to from for by with without against about and or not no any all such each"
    " every other this that these those their our its his her be is are was were as into out more"
    " than within under over between given made let so far it they system systems number kind"
    " country government side party parties day days month months year years"
    " come go put bring take show new own"
)
_RARE_MAX = 2  # of how many issues a word may be, to stand for them alone
_ENDINGS = (
    ("ations", ""), ("ation", ""), ("sions", "d"), ("sion", "d"), ("tions", "t"), ("tion", "t"),
    ("ances", ""), ("ance", ""), ("ments", ""), ("ment", ""), ("ings", ""), ("ing", ""),
    ("als", ""),
    ("al", ""), ("ies", "y"), ("ors", ""), ("or", ""), ("ers", ""), ("er", ""), ("ed", ""),
    ("es", ""), ("s", ""), ("e", ""),
)  # fmt: skip
_STEM_MIN = 4


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spoken of: an item or an undertaking of the case, with its names and its words.

    words: further words that describe it ("remove the bombers"); names alone suffice.
    """

    id: str
    name: str
    names: tuple[str, ...] = ()
    words: str = ""


class Tagger:
    """Finds the issues of a passage. common: words of no issue (the names of the parties)."""

    def __init__(self, issues: Sequence[Issue], common: Iterable[str] = ()) -> None:
        self.issues = tuple(issues)
        unmarked = {stem(word) for name in common for word in _WORD.findall(name)}
        self._phrases: dict[str, list[tuple[tuple[str, ...], int]]] = {}
        self._marks: dict[str, list[int]] = {}
        for index, issue in enumerate(issues):
            for name in (issue.name, *issue.names):
                stems = tuple(stem(word) for word in _WORD.findall(name))
                if stems and len(name) <= _NAME_CHARS_MAX:
                    self._phrases.setdefault(stems[0], []).append((stems, index))
            described = {
                stem(word)
                for word in _WORD.findall(issue.words)
                if word.lower() not in _PLAIN and word.lower() not in TASK_VERBS
            }
            for mark in sorted(described - unmarked):
                self._marks.setdefault(mark, []).append(index)

    def tags(self, words: str) -> tuple[str, ...]:
        """The ids of the issues that the words speak of, in the order of the case."""
        stems = [stem(word) for word in _WORD.findall(words)]
        found: set[int] = set()
        for at, first in enumerate(stems):
            for phrase, index in self._phrases.get(first, ()):
                if tuple(stems[at : at + len(phrase)]) == phrase:
                    found.add(index)
        seen: Counter[int] = Counter()
        for mark in dict.fromkeys(stems):
            indices = self._marks.get(mark, ())
            seen.update(indices)
            if 0 < len(indices) <= _RARE_MAX:
                found.update(indices)
        found.update(index for index, count in seen.items() if count >= _RARE_MAX)
        return tuple(one.id for index, one in enumerate(self.issues) if index in found)


_NAME_CHARS_MAX = 60


@lru_cache(maxsize=65536)
def stem(word: str) -> str:
    """What the forms of a word have in common.

    >>> stem("invasion") == stem("invade"), stem("inspections") == stem("inspected")
    (True, True)
    """
    low = word.lower()
    for ending, instead in _ENDINGS:
        if low.endswith(ending) and len(low) - len(ending) >= _STEM_MIN:
            return low[: len(low) - len(ending)] + instead
    return low
