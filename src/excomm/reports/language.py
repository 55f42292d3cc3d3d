"""Language: whether a text is in English, by its commonest words; the desk reads no other yet."""

import re
from functools import lru_cache

from excomm.reports.vocabulary import vocabulary

_CHARS_MAX = 2000


def language(text: str) -> str:
    """The language of a text that is not English; empty where it may be English.

    >>> language("Los cohetes que llegaron al puerto son de los rusos y no se ven")
    'Spanish'
    """
    letters = [c for c in text[:_CHARS_MAX] if c.isalpha()]
    latin = sum(c < "\u0250" for c in letters)
    if letters and latin < len(letters) / 2:
        return "another script"
    found = dict.fromkeys(_commonest(), 0)
    for word in _LETTERS.findall(text[:_CHARS_MAX].lower()):
        for name, known in _commonest().items():
            found[name] += word in known
    best = max(found, key=lambda name: found[name])
    return best if best != "English" and found[best] >= 3 + 2 * found["English"] else ""


@lru_cache(maxsize=1)
def _commonest() -> dict[str, frozenset[str]]:
    return {name: frozenset(words.split()) for name, words in vocabulary().languages.items()}


_LETTERS = re.compile(r"[^\W\d_]+")
