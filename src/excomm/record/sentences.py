"""Sentences and words of a paragraph, with the way back to the raw text.

A sentence ends at a full stop, question or exclamation mark that is no abbreviation's, with its
closing quotes and footnote number, before a capital. Each character is looked at a fixed number
of times: no expression here can backtrack.
"""

import re
from bisect import bisect_right
from itertools import islice

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


class Words(msgspec.Struct, frozen=True, gc=False):
    """The words of one sentence; keys without their full stop, for looking up."""

    keys: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class Sentence(msgspec.Struct, frozen=True, gc=False):
    """Where a sentence stands, and its words."""

    start: int
    end: int
    words: Words


_BREAKS = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\x00-\x1f\x7f]")
_END = re.compile(r"[.?!]+")
_CLOSERS = re.compile(r"""["”’')\]]*(?:\s?\(\d{1,2}\)|\[\d{1,2}\])*""")
_TOKEN = re.compile(r"[\w’'&/-]+\.?|[^\w\s]")
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
                add(_BREAKS.sub(" ", raw[at : repair.start]), at, repair.start, replaced=False)
            if repair.fixed:
                add(repair.fixed, repair.start, repair.end, replaced=True)
            at = repair.end
        if at < end:
            add(_BREAKS.sub(" ", raw[at:end]), at, end, replaced=False)
    return Text("".join(parts), tuple(starts), tuple(pieces), paragraph.number)


def sentences(text: str) -> list[tuple[int, int]]:
    """Spans of the sentences, in order, without the spaces between them.

    >>> text = "He said no. Mr. X of the U.S. agreed."
    >>> [text[start:end] for start, end in sentences(text)]
    ['He said no.', 'Mr. X of the U.S. agreed.']
    """
    spans: list[tuple[int, int]] = []
    start, length = 0, len(text)
    for found in _END.finditer(text):
        if found.start() < start:
            continue
        closed = _CLOSERS.match(text, found.end())
        end = closed.end() if closed else found.end()
        if end < length and text[end] != " ":
            continue
        following = end
        while following < length and text[following] == " ":
            following += 1
        if following < length and not _ends(text, found, following):
            continue
        _add(text, start, end, spans)
        start = following
    _add(text, start, length, spans)
    return spans


def words(text: str, start: int, end: int, limit: int = 400) -> Words:
    """The words and signs of one sentence; of a very long one, the first `limit`."""
    spans = [one.span() for one in islice(_TOKEN.finditer(text, start, end), limit)]
    if not spans:
        return Words((), (), ())
    keys = [
        text[first : after - 1 if text[after - 1] == "." and after - first > 1 else after]
        for first, after in spans
    ]
    starts, ends = zip(*spans, strict=True)
    return Words(tuple(keys), starts, ends)


def parsed(text: str) -> list[Sentence]:
    """The sentences with their words."""
    return [Sentence(start, end, words(text, start, end)) for start, end in sentences(text)]


def _ends(text: str, found: "re.Match[str]", following: int) -> bool:
    after = text[following]
    if after.islower() or after in ",;":
        return False
    if found[0] != ".":
        return True
    before = _BEFORE.search(text, max(0, found.start() - 24), found.start())
    word = before[0].lower() if before else ""
    if word in _SHORT or (len(word) > 2 and word[-2] == "." and len(word) <= 8):
        return text[following : following + 20].split(" ", 1)[0].rstrip(",") in _STARTERS
    if word in _BEFORE_FIGURES:
        return not after.isdigit()
    if word in _ABBREVIATIONS:
        return word == "etc" and after.isupper()
    # An initial: "J. Smith", but not "plan B. The".
    initial = bool(before) and len(word) == 1 and before is not None and before[0].isupper()
    return not initial or text[following : following + 20].split(" ", 1)[0] in _STARTERS


def _add(text: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while start < end and text[start] == " ":
        start += 1
    while end > start and text[end - 1] == " ":
        end -= 1
    if start < end:
        spans.append((start, end))
