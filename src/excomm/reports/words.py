"""Words of a text with their places in it, as read after repair, and its sentences."""

import re
from itertools import pairwise

import msgspec

from excomm.reports.spelling import Speller
from excomm.reports.vocabulary import folded, stem

TIES = ("-", "\N{HYPHEN}", "\N{EN DASH}")
"""Signs that make one compound of the words on both sides."""
# What runs on without a stop is cut, so that no text costs more than its length.
SENTENCE_CHARS_MAX = 2000


class Words(msgspec.Struct, frozen=True):
    """A stretch of text as words: what each is read as, its stem, and where it stands.

    starts, ends: characters in the text as received. repaired: how many words needed it. breaks:
    words before which a colon, a bracket or a quotation mark stands.
    """

    read: tuple[str, ...]
    stems: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    repaired: int
    breaks: frozenset[int]

    @property
    def damage(self) -> float:
        """Share of words that had to be repaired, 0 to 1."""
        return self.repaired / max(1, len(self.read))


def words_in(text: str, speller: Speller, start: int = 0, end: int | None = None) -> Words:
    """The words between two places of a text."""
    read: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    repaired = 0
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        token = match[0]
        found = speller.repair(token)
        repaired += found != (folded(token),) and not _DESIGNATION.fullmatch(token)
        at = match.start()
        for place, word in enumerate(found):
            last = place == len(found) - 1
            end_at = match.end() if last else min(at + len(word), match.end() - 1)
            read.append(word)
            starts.append(at)
            ends.append(end_at)
            at = end_at
    stems = tuple(stem(word) for word in read)
    breaks = frozenset(
        at for at in range(1, len(read)) if _BREAK.search(text, ends[at - 1], starts[at])
    )
    return Words(tuple(read), stems, tuple(starts), tuple(ends), repaired, breaks)


def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Start and end of each sentence; an abbreviation or three dots end none."""
    bounds = [0]
    for match in _STOP.finditer(text):
        before = text[max(bounds[-1], match.start() - 8) : match.start() + 1]
        if not _ABBREVIATED.search(before):
            bounds.append(match.end())
    bounds.append(len(text))
    pairs = [
        (cut, min(cut + SENTENCE_CHARS_MAX, end))
        for start, end in pairwise(bounds)
        for cut in range(start, end, SENTENCE_CHARS_MAX)
    ]
    return tuple((start, end) for start, end in pairs if text[start:end].strip())


# The plural of a designation is none of its letters: "IL-28s" is "IL", "28".
_TOKEN = re.compile(r"(?<!\d)\d{1,3}(?=s\b)|(?!(?<=\d)s\b)[^\W_]+(?:['’](?!s\b)[^\W_]+)?")
_DESIGNATION = re.compile(r"\d{1,2}(st|nd|rd|th)|[A-Za-z]{1,3}\d{1,3}")
_BREAK = re.compile(r"[:;()\"“”]| [-–—] ")
_STOP = re.compile(r"[.!?][\"”')\]]*\s+(?=[\"“'(\[]?[A-Z0-9])|\n\s*\n")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Gen|Col|Capt|Lt|Sgt|Dr|Mr|Mrs|St|No|approx|c|ca|Pto|Sta|Sto|Ste|Mt|Ft|Gral)"
    r"|\b[A-Z]|\.\.)\.$"
)
