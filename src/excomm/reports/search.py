"""Search: which earlier texts are nearest to a new one in their words.

A full text index (`full_text`) finds candidates by BM25; they are ranked again together with their
likeness letter by letter (four-letter groups, weighed by rarity), which sees through endings,
compounds and misspellings. Texts that score alike are put in the order of a digest of their ids:
the order of a file says nothing, and in some public sets it tells the answer.
"""

import hashlib
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from excomm.reports.full_text import Fts5, FullText, PostgresqlFullText
from excomm.reports.vocabulary import folded, one_spelling, speech

if TYPE_CHECKING:
    from excomm.sentences import Encoder, Vectors

# Rows that one question may touch; terms are taken from the rarest on until then.
ROWS_MAX = 30_000
_TERMS_MAX = 60
_FEW = 500  # texts, of which each word may ask all
_GRAM = 4
_RARITY_MIN = 0.1
# One full letter-by-letter likeness counts as this many times the best BM25 of the question; tuned
# on the train part of CheckThat 2020, flat from 3 to 6.
_LIKENESS_WEIGHT = 5.0
# Where a sentence model takes part: that likeness, and the cosines of meaning with text and title.
# A listwise logistic regression on the train part alone; by fifths held out it orders as well.
_LIKENESS_BESIDE, _TEXT_WEIGHT, _TITLE_WEIGHT = 3.9, 5.3, 1.8
_NEAR_MAX = 50


class Hit(msgspec.Struct, frozen=True):
    """A text found. likeness: letter by letter, 0 to 1; score: for ranking within one question."""

    row: int
    score: float
    likeness: float


class FoundReport(msgspec.Struct, frozen=True):
    """A report of a case found by its words. likeness: letter by letter, 0 to 1."""

    report: str
    received: datetime
    allegation: str
    likeness: float


class Search:
    """An index over texts with titles, in memory; rows count from 0 in the order given.

    encoder: the sentence model, where it is installed and wanted: texts near in meaning are then
    candidates too, and nearness counts in the order. database: the URL of a PostgreSQL database
    whose full text search finds the candidates; empty: FTS5 does.
    """

    def __init__(
        self,
        texts: Sequence[tuple[str, str]],
        ids: Sequence[str],
        *,
        encoder: "Encoder | None" = None,
        database: str = "",
    ) -> None:
        self._texts = texts
        self._ids = ids
        self._found: FullText = PostgresqlFullText(texts, database) if database else Fts5(texts)
        word_rows: Counter[str] = Counter()
        for text, title in texts:
            word_rows.update(set(_WORD.findall(folded(f"{text} {title}"))))
        self._word_rows = word_rows
        gram_rows: Counter[str] = Counter()
        for word, rows in word_rows.items():
            for gram in set(_grams(one_spelling(word))):
                gram_rows[gram] += rows
        many = len(texts) + 1
        # What all texts have counts a little: two copies and nothing else are copies too.
        self._rarity = {
            g: max(_RARITY_MIN, math.log(many / (min(len(texts), n) + 1)))
            for g, n in gram_rows.items()
        }
        self._rarest = math.log(many) or 1.0
        self._kept: dict[int, tuple[dict[str, float], float]] = {}
        self._encoder = encoder
        if encoder is not None:
            self._meant = encoder.encode([text for text, _ in texts])
            # What has no title is meant by its text alone.
            self._with_title = np.array([row for row, (_, title) in enumerate(texts) if title], int)
            self._titled = encoder.encode([texts[row][1] for row in self._with_title])

    @property
    def by_meaning(self) -> bool:
        """Whether a sentence model takes part, so that scores run wider."""
        return self._encoder is not None

    def close(self) -> None:
        """Give the memory back."""
        self._found.close()

    def find(self, text: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """The nearest texts, best first."""
        question = plain_text(text)
        ranks = self._bm25(question)
        best = max(ranks.values(), default=0.0) or 1.0
        said = self._grams_of(question)
        meaning = self._meaning(question)
        letters = _LIKENESS_WEIGHT if meaning is None else _LIKENESS_BESIDE
        found = []
        for row in dict.fromkeys((*ranks, *_nearest(meaning))):
            alike = _cosine(said, self._kept_grams(row))
            score = ranks.get(row, 0.0) / best + letters * alike
            if meaning is not None:
                score += float(meaning[row])
            found.append(Hit(row, score, alike))
        found.sort(key=lambda hit: (-round(hit.score, 9), neutral(self._ids[hit.row])))
        return tuple(found[:limit])

    def _meaning(self, question: str) -> "Vectors | None":
        """How near each text is in meaning, weighed; None without a model."""
        if self._encoder is None or not len(self._ids):
            return None
        asked = self._encoder.encode([question])[0]
        by_text = self._meant @ asked
        near: Vectors = (_TEXT_WEIGHT + _TITLE_WEIGHT) * by_text
        if len(self._with_title):
            rows = self._with_title
            near[rows] += _TITLE_WEIGHT * (self._titled @ asked - by_text[rows])
        return near

    def likeness(self, text: str, rows: Iterable[int]) -> dict[int, float]:
        """Letter-by-letter likeness of a text to the texts of some rows, 0 to 1."""
        said = self._grams_of(plain_text(text))
        return {row: _cosine(said, self._kept_grams(row)) for row in rows}

    def _bm25(self, question: str) -> dict[int, float]:
        words = dict.fromkeys(_WORD.findall(question.lower()))
        rows = {word: self._word_rows.get(folded(word), 0) for word in words}
        # A word that half of all texts have tells nothing, and costs most.
        known = [w for w in words if len(w) > 1 and w not in speech("common")]
        many = len(self._texts)
        useful = [w for w in known if many < _FEW or 2 * rows[w] <= many + 2] or known
        useful.sort(key=lambda word: rows[word])
        chosen: list[str] = []
        touched = 0
        for word in useful[:_TERMS_MAX]:
            touched += rows[word]
            if chosen and touched > ROWS_MAX:
                break
            chosen.append(word)
        return self._found.ranks({word: rows[word] for word in chosen})

    def _kept_grams(self, row: int) -> tuple[dict[str, float], float]:
        if row not in self._kept:
            if len(self._kept) > _KEPT_MAX:
                self._kept.clear()
            text, title = self._texts[row]
            self._kept[row] = self._grams_of(f"{text} {title}")
        return self._kept[row]

    def _grams_of(self, text: str) -> tuple[dict[str, float], float]:
        counted: Counter[str] = Counter()
        for word in _WORD.findall(folded(text)):
            counted.update(_grams(one_spelling(word)))
        weights = {
            gram: (1.0 + math.log(times)) * self._rarity.get(gram, self._rarest)
            for gram, times in counted.items()
        }
        return weights, math.sqrt(sum(w * w for w in weights.values())) or 1.0


def _nearest(meaning: "Vectors | None") -> list[int]:
    if meaning is None:
        return []
    many = min(_NEAR_MAX, len(meaning))
    return [int(row) for row in np.argpartition(meaning, -many)[-many:]]


def plain_text(text: str) -> str:
    """A text for searching: without handles and addresses, hashtags taken apart.

    >>> plain_text("@desk see #CubanMissiles https://example.org/x")
    ' see CubanMissiles Cuban Missiles '
    """
    bare = _HANDLE.sub("", text)
    return _HASHTAG.sub(lambda tag: f"{tag[1]} {_HUMPS.sub(' ', tag[1])}", bare)


def neutral(identity: str) -> bytes:
    """A key that orders ids without regard to where or when they were made."""
    return hashlib.blake2b(identity.encode(), digest_size=8).digest()


_KEPT_MAX = 50_000
_WORD = re.compile(r"[^\W_]+")
_HANDLE = re.compile(r"@\w+|https?://\S+")
_HASHTAG = re.compile(r"#(\w+)")
_HUMPS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=\d)")


def _grams(word: str) -> list[str]:
    padded = f" {word} "
    return [padded[at : at + _GRAM] for at in range(len(padded) - _GRAM + 1)]


def _cosine(one: tuple[dict[str, float], float], other: tuple[dict[str, float], float]) -> float:
    (left, left_size), (right, right_size) = one, other
    if len(left) > len(right):
        left, right = right, left
    return sum(w * right.get(gram, 0.0) for gram, w in left.items()) / (left_size * right_size)
