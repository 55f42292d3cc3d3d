"""Sentences and words of a paragraph, with the way back to the raw text.

A sentence ends at a full stop, question or exclamation mark that is no abbreviation's, with its
closing quotes and footnote number, before a capital. Each character is looked at a fixed number
of times: no expression here can backtrack.

Where a word stands is asked of few words, so it is worked out then; what makes looking words up
cheap is that one word is one object, from a table of those seen before.
"""

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable
from itertools import chain, islice
from typing import Any

import msgspec

from excomm.record.layout import Paragraph
from excomm.record.lexicon import word_set
from excomm.record.model import Repair


class Text(msgspec.Struct, frozen=True, gc=False):
    """A paragraph as read: breaks made spaces, repairs put in; `pieces` lead back to the raw text.

    pieces: (start here, raw start, raw end), each copied unchanged or replaced as a whole.
    """

    words: str
    starts: tuple[int, ...]
    pieces: tuple[tuple[int, int, bool], ...]  # raw start, raw end, replaced
    number: str = ""  # of the paragraph, where it has one

    def raw_start(self, at: int) -> int:
        """Where in the raw text the character at `at` comes from."""
        index = bisect_right(self.starts, at) - 1
        start, end, replaced = self.pieces[index]
        return start if replaced else min(start + at - self.starts[index], end)

    def raw_end(self, at: int) -> int:
        """The raw end of what ends before `at`."""
        index = bisect_right(self.starts, at - 1) - 1
        start, end, replaced = self.pieces[index]
        return end if replaced else min(start + at - self.starts[index], end)


class Words(msgspec.Struct, gc=False, eq=False):
    """The words and signs of one sentence; keys without their full stop, for looking up.

    begin, end: where it stands in the text. first: how many words stand before these in it.
    """

    keys: tuple[str, ...]
    text: str
    begin: int
    end: int
    first: int = 0
    titled: dict[int, Any] | None = None  # who is named at a title, as far as anybody asked
    _spans: "_Spans | None" = None

    def start_of(self, at: int) -> int:
        """Where in the text word `at` begins."""
        return (self._spans or self._known()).of(self.first + at)[0]

    def end_of(self, at: int) -> int:
        """Where it ends, its full stop counted."""
        return (self._spans or self._known()).of(self.first + at)[1]

    def part(self, first: int, after: int | None = None) -> "Words":
        """The words from `first` up to `after`."""
        return self.read_as(self.keys[first:after], first)

    def read_as(self, keys: tuple[str, ...], first: int = 0) -> "Words":
        """Other keys for the words that stand here from `first` on."""
        return Words(keys, self.text, self.begin, self.end, self.first + first, None, self._spans)

    def _known(self) -> "_Spans":
        if self._spans is None:
            self._spans = _Spans(self.text, self.begin, self.end)
        return self._spans


class _Spans:
    """Where the words of a sentence stand, as far as anybody asked."""

    __slots__ = ("_found", "_known")

    def __init__(self, text: str, begin: int, end: int) -> None:
        self._found = _TOKEN.finditer(text, begin, end)
        self._known: list[tuple[int, int]] = []

    def of(self, at: int) -> tuple[int, int]:
        while at >= len(self._known):
            self._known.append(next(self._found).span())
        return self._known[at]


_BREAKS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x1f\x7f]")
_BREAKS_OF_ASCII = dict.fromkeys((*range(32), 127), " ")
# The full stop with its closers, and the spaces after it. Nothing that was taken is given back.
_END = re.compile(r"""(?<![.?!])([.?!]++["”’')\]]*+(?:\s?\(\d{1,2}\)|\[\d{1,2}\])*+)(?: ++|\Z)""")
_TOKEN = re.compile(r"[\w’'&/-]+\.?|[^\w\s]")
_KEY = re.compile(r"[\w’'&/-]+|[^\w\s.]|(?<![\w’'&/-])\.")  # a token without its full stop
_WORDS_MAX = 400
_LONG_CHARS = 4000
_PIECES_MAX = 65_536
_PIECE_CHARS_MAX = 40
_BEFORE = re.compile(r"[\w.’'&-]+$")
_ABBREVIATIONS = word_set(
    "mr mrs ms messrs dr prof gen adm col capt maj lt cmdr sgt gov sen rep sec amb hon rev sr"
    " jr st mme mlle no nos vol op cf ca vs etc i.e e.g viz al dept inc ltd co corp jan feb mar"
    " apr aug sept sep oct nov dec p pp para fig art approx est ft lbs"
)
# "in the U.S. If it is": after such an abbreviation only these begin a sentence.
_STARTERS = word_set(
    "The A An If He She We It In This That These Those They There But And When However As At"
    " On For Such Our His Their Its No Not What Mr. Secretary Ambassador General Director"
    " Under Senator Representative Admiral Attorney I You Any Some"
)
_BEFORE_FIGURES = word_set("no nos vol op sec para p pp fig art approx")
_SHORT = word_set("a.m p.m u.s u.n u.s.s.r u.k d.c n.y")


def assembled(paragraph: Paragraph, raw: str, repairs: list[Repair]) -> Text:
    """Put a paragraph together from its raw spans. repairs: sorted, those inside it suffice."""
    parts: list[str] = []
    starts: list[int] = []
    pieces: list[tuple[int, int, bool]] = []
    length = number = 0

    def add(text: str, start: int, end: int, *, replaced: bool) -> None:
        nonlocal length
        parts.append(text)
        starts.append(length)
        pieces.append((start, end, replaced))
        length += len(text)

    for start, end in paragraph.spans:
        if parts:
            add(" ", start, start, replaced=True)
        at = start
        while number < len(repairs) and repairs[number].start < end:
            repair = repairs[number]
            number += 1
            if repair.start < at or repair.end > end:
                continue
            if repair.start > at:
                add(_spaced(raw[at : repair.start]), at, repair.start, replaced=False)
            if repair.fixed:
                add(repair.fixed, repair.start, repair.end, replaced=True)
            at = repair.end
        if at < end:
            add(_spaced(raw[at:end]), at, end, replaced=False)
    return Text("".join(parts), tuple(starts), tuple(pieces), paragraph.number)


def has_any(text: str, signs: Iterable[str]) -> bool:
    """Whether any of the signs stands in the text: asked before a dear expression is tried."""
    for sign in signs:  # noqa: SIM110 (any over a generator takes half as long again)
        if sign in text:
            return True
    return False


def _spaced(raw: str) -> str:
    return raw.translate(_BREAKS_OF_ASCII) if raw.isascii() else _BREAKS.sub(" ", raw)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, in order, without the spaces between them.

    >>> text = "He said no. Mr. X of the U.S. agreed."
    >>> [text[start:end] for start, end in sentences(text)]
    ['He said no.', 'Mr. X of the U.S. agreed.']
    """
    spans: list[tuple[int, int]] = []
    length = len(text.rstrip(" "))
    start = length - len(text[:length].lstrip(" "))
    for found in _END.finditer(text, start, length):
        following = found.end()
        if following == length or _ends(text, found.start(), following):
            spans.append((start, found.end(1)))
            start = following
    if start < length:
        spans.append((start, length))
    return spans


def words(text: str, start: int, end: int) -> Words:
    """The words and signs of one sentence; of a very long one, the first 400."""
    if end - start > _LONG_CHARS:
        found = list(islice(_TOKEN.finditer(text, start, end), _WORDS_MAX))
        end = found[-1].end() if found else start
    keys = tuple(chain.from_iterable(map(_SEEN.__getitem__, text[start:end].split())))
    return Words(keys[:_WORDS_MAX], text, start, end)


class _Seen(dict[str, tuple[str, ...]]):
    """What stands between two spaces, divided into words: each kept as one object."""

    def __missing__(self, piece: str) -> tuple[str, ...]:
        keys = tuple(map(sys.intern, _KEY.findall(piece)))
        if len(piece) <= _PIECE_CHARS_MAX:
            if len(self) >= _PIECES_MAX:
                self.clear()
            self[piece] = keys
        return keys


_SEEN = _Seen()


def parsed(text: str) -> list[Words]:
    """The sentences by their words."""
    return [words(text, start, end) for start, end in sentences(text)]


def _ends(text: str, stop: int, following: int) -> bool:
    """Whether the stop ends a sentence. following: where the text goes on after it."""
    after = text[following]
    if after.islower() or after in ",;":
        return False
    if text[stop] != "." or text[stop + 1] in ".?!":
        return True
    written = text[max(0, stop - 24) : stop]
    written = written[written.rfind(" ") + 1 :]
    if not written.isalpha():
        before = _BEFORE.search(written)
        written = before[0] if before else ""
    word = written.lower()
    if word in _SHORT or (len(word) > 2 and word[-2] == "." and len(word) <= 8):
        return text[following : following + 20].split(" ", 1)[0].rstrip(",") in _STARTERS
    if word in _BEFORE_FIGURES and written != "P":
        return not after.isdigit()
    if word in _ABBREVIATIONS:
        return word == "etc" and after.isupper()
    # An initial: "J. Smith", but not "plan B. The".
    initial = len(word) == 1 and written.isupper()
    return not initial or text[following : following + 20].split(" ", 1)[0] in _STARTERS
