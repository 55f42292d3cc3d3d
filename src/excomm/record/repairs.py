"""Repairs: what a scan garbled, put right only where it is sure, as a layer over the raw text.

Sure means: the title is of minutes, the name is on the roster or stands clean elsewhere in the
record, the broken word stands whole elsewhere, the punctuation has only one reading in its place.
Figures, dates and designations are never touched.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from excomm.record.garbled import garbled
from excomm.record.layout import Layout, distance
from excomm.record.lexicon import CALLED_BY_OFFICE, MODIFIERS, TITLES, word_set
from excomm.record.model import Person, Repair
from excomm.record.roster import surname


def _by_shape(words: Iterable[str]) -> dict[tuple[int, str], list[str]]:
    """Words by their length and first letter."""
    found: dict[tuple[int, str], list[str]] = {}
    for word in words:
        found.setdefault((len(word), word[0]), []).append(word)
    return found


_LONG_TITLES = _by_shape(
    sorted(t for t in TITLES if len(t) >= 7 and "-" not in t and t not in MODIFIERS)
)
_HEADINGS = _by_shape(
    ("Summary", "Record", "Memorandum", "Meeting", "Committee", "Minutes", "Council")
)
_STAMPS = ("SECRET", "SENSITIVE", "CONFIDENTIAL", "SANITIZED", "DECLASSIFIED", "UNCLASSIFIED")
_CAPITALS = re.compile(r"[A-Z]{3,}")
_PAIR = re.compile(
    r"([A-Z][\w’'-]*)([.,]?)\s+(?:([A-Z][\w’'-]*)\.?\s+)?(['’]?[\w][\w’'-]+)", re.UNICODE
)
_THE_OFFICE = re.compile(r"\b[Tt]he ([A-Z][\w]{6,14})\b")
_TOKEN = re.compile(r"[\w’'-]+")
# Begins with the hyphen, which is rare; the half word before it is looked at afterwards.
_HYPHEN = re.compile(r"-[ \t]{0,9}\r?\n[ \t]{0,40}([a-z]{2,30})\b")
_HALF_WORD = re.compile(r"\b[A-Za-z]{2,30}\Z")
_HALF_WORD_CHARS = 30
_SECOND_HALF = re.compile(r"-[a-z]{2,30}\b")
# These begin with the sign itself, which a search runs to; what must stand before it comes after.
_COMMA_TITLE = re.compile(
    r",(?=\s{1,3}['’]?[A-Za-z])(?:"
    + "|".join(
        rf"(?<=\b{one},)" for one in ("Mr", "Mrs", "Dr", "Messrs", "Gen", "Adm", "Col", "Capt")
    )
    + ")"
)
_COMMA_STOP = re.compile(
    r",(?<=[a-z],)(?=\s{1,3}(?:(?:He|She|They|It|There) [a-z]|The (?:"
    + "|".join(sorted(CALLED_BY_OFFICE | {"Secretary", "Director", "Ambassador", "General"}))
    + r")\b))"
)
_COMMA_NO = re.compile(r",(?<=\bNo,)(?=\s{1,3}\d)")
_POSSESSIVE = re.compile(r"!(?= [a-z])(?:(?<=\btoday!)|(?<=\byesterday!)|(?<=\btomorrow!))")
_WITH_HYPHEN = word_set(
    "low high on off anti non well long short self half all ex two three four five six ten"
    " mid so vice air sea on-site day left right far near full first second third"
)


def repairs(raw: str, page: Layout, roster: Sequence[Person]) -> tuple[Repair, ...]:
    """Every repair that is sure, in order, none overlapping another."""
    on_roster = {name for one in roster for name in (surname(one.name), *one.aliases)}
    titled = list(_titled(raw))
    clean = _clean(titled) | on_roster
    found = [
        *_stamps(raw, page),
        *_headings(raw, page),
        *_hyphens(raw),
        *_punctuation(raw, page),
        *_names(raw, titled, clean, on_roster),
        *_offices(raw),
        *(one for one in garbled(raw, clean) if not _in_mark(one, page)),
    ]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Repair] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return tuple(kept)


def repaired(raw: str, found: Sequence[Repair]) -> str:
    """The text with the repairs put in."""
    parts: list[str] = []
    at = 0
    for one in found:
        parts += (raw[at : one.start], one.fixed)
        at = one.end
    parts.append(raw[at:])
    return "".join(parts)


def _repair(raw: str, start: int, end: int, fixed: str, certainty: float, reason: str) -> Repair:
    return Repair(
        start=start, end=end, raw=raw[start:end], fixed=fixed, certainty=certainty, reason=reason
    )


def _stamps(raw: str, page: Layout) -> Iterator[Repair]:
    for mark in page.marks:
        if mark.kind != "stamp":
            continue
        found = list(_CAPITALS.finditer(raw, mark.start, mark.end))
        for index, word in enumerate(found):
            fixed = _stamp(word[0])
            if fixed != word[0]:
                yield _repair(raw, *word.span(), fixed, 0.95, "stamp")
            before_secret = index + 1 < len(found) and _stamp(found[index + 1][0]) == "SECRET"
            if before_secret and len(word[0]) == 3 and word[0] != "TOP" and word[0][1] == "O":
                yield _repair(raw, *word.span(), "TOP", 0.95, "stamp")


@lru_cache(maxsize=4096)
def _stamp(word: str) -> str:
    """The word of a stamp that this one is garbled from, or the word itself."""
    near = [known for known in _STAMPS if len(known) == len(word) and distance(word, known, 2) <= 2]
    return near[0] if len(near) == 1 else word


def _headings(raw: str, page: Layout) -> Iterator[Repair]:
    for mark in page.marks:
        if mark.kind != "heading":
            continue
        for word in _TOKEN.finditer(raw, mark.start, mark.end):
            for known in _HEADINGS.get((len(word[0]), word[0][0]), ()):
                if word[0] != known and _one_letter_off(word[0], known):
                    yield _repair(raw, *word.span(), known, 0.9, "heading")


def _hyphens(raw: str) -> Iterator[Repair]:
    broken = list(_HYPHEN.finditer(raw))
    written = _hyphenated(raw) if broken else frozenset()
    last_end = 0
    for found in broken:
        at = found.start()
        half = _HALF_WORD.search(raw, max(last_end, at - _HALF_WORD_CHARS), at)
        if half is None:
            continue
        first, second, last_end = half[0], found[1], found.end()
        kept = first.lower() in _WITH_HYPHEN or f"{first}-{second}" in written
        fixed = f"{first}-{second}" if kept else first + second
        certainty = 0.9 if kept else 0.95
        yield _repair(raw, half.start(), last_end, fixed, certainty, "word broken at a line end")


def _hyphenated(raw: str) -> Set[str]:
    """The words that are written with a hyphen inside a line."""
    found: set[str] = set()
    for second in _SECOND_HALF.finditer(raw):
        at = second.start()
        half = _HALF_WORD.search(raw, max(0, at - _HALF_WORD_CHARS), at)
        if half:
            found.add(half[0] + second[0])
    return found


def _punctuation(raw: str, page: Layout) -> Iterator[Repair]:
    for pattern in (_COMMA_TITLE, _COMMA_NO):
        for found in pattern.finditer(raw):
            yield _repair(raw, *found.span(), ".", 0.97, "full stop of an abbreviation")
    for found in _COMMA_STOP.finditer(raw):
        yield _repair(raw, *found.span(), ".", 0.9, "full stop before a sentence")
    for found in _POSSESSIVE.finditer(raw):
        yield _repair(raw, *found.span(), "'s", 0.9, "possessive")
    paragraphs = page.paragraphs
    for index, one in enumerate(paragraphs):
        start, end = one.spans[0][0], one.spans[-1][1]
        if one.number.endswith(","):
            comma = raw.rfind(",", max(0, start - 8), start)
            if comma >= 0:
                yield _repair(raw, comma, comma + 1, ".", 0.95, "number of a paragraph")
        following = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        ends = following and (following.number or raw[following.spans[0][0]].isupper())
        if raw[end - 1] == "," and ends:
            yield _repair(raw, end - 1, end, ".", 0.9, "end of a paragraph")


# -- titles and names ----------------------------------------------------------------------------


class _Titled(NamedTuple):
    """A word beside a title. title: as it should be."""

    title: str
    pair: "re.Match[str]"
    title_group: int
    group: int
    name: str


def _titled(raw: str) -> Iterator[_Titled]:
    for pair in _PAIR.finditer(raw):
        first, second = pair.group(1, 3)
        title, group = second or first, 4
        known = _title(title)
        if known is None and second:
            title, known, group = first, _title(first), 3
        if known is None or (known != title and not pair[group][0].isupper()):
            continue
        title_group = 3 if group == 4 and pair[3] else 1
        yield _Titled(known, pair, title_group, group, pair[group].strip("'’"))


def _clean(titled: Sequence[_Titled]) -> frozenset[str]:
    """Names that stand at least twice beside a title."""
    counts = Counter(one.name for one in titled)
    return frozenset(name for name, count in counts.items() if count >= 2)


def _names(
    raw: str, titled: Sequence[_Titled], clean: Set[str], on_roster: Set[str]
) -> Iterator[Repair]:
    titles_of: dict[str, set[str]] = {}
    for one in titled:
        titles_of.setdefault(one.name, set()).add(one.title)
    by_head, by_tail = _by_ends(clean)
    for known, pair, title_group, group, name in titled:
        if pair[title_group] != known:
            yield _repair(raw, *pair.span(title_group), known, 0.95, "title")
        if name in clean or len(name) < 6:
            continue
        near = sorted(
            one
            for one in {*by_head.get(name[:3], ()), *by_tail.get(name[-3:], ())}
            if _near(name, one)
            and (one in on_roster or (len(one) == len(name) and known in titles_of.get(one, ())))
        )
        if len(near) == 1 and near[0] not in TITLES:
            yield _repair(raw, *pair.span(group), near[0], 0.93, "name stands clean elsewhere")


def _offices(raw: str) -> Iterator[Repair]:
    """ "The Presldent": an office that is called without a name."""
    for found in _THE_OFFICE.finditer(raw):
        known = _title(found[1])
        if known in CALLED_BY_OFFICE and known != found[1]:
            yield _repair(raw, *found.span(1), known, 0.95, "title")


def _in_mark(one: Repair, page: Layout) -> bool:
    """Whether the repair lies in furniture that is no text; a heading is read for its date."""
    index = bisect_right(page.marks, one.start, key=lambda mark: mark.start) - 1
    mark = page.marks[index] if index >= 0 else None
    return mark is not None and one.start < mark.end and mark.kind not in ("heading", "attendance")


def _by_ends(names: Set[str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Names by their first and by their last three letters, a bounded number of each."""
    head: dict[str, list[str]] = {}
    tail: dict[str, list[str]] = {}
    for name in sorted(names):
        for index, key in ((head, name[:3]), (tail, name[-3:])):
            found = index.setdefault(key, [])
            if len(found) < _SAME_END_MAX:
                found.append(name)
    return head, tail


_SAME_END_MAX = 64


def _near(name: str, known: str) -> bool:
    most = 2 if len(known) >= 9 else 1
    return len(known) >= 6 and distance(name, known, most) <= most


@lru_cache(maxsize=4096)
def _title(word: str) -> str | None:
    """The title that the word is, or is garbled from."""
    if word in TITLES:
        return word
    if len(word) < 7 or not word[0].isupper() or word.isupper() or word.endswith(("s", "ly", "y")):
        return None
    alike = _LONG_TITLES.get((len(word), word[0]), ())
    near = [known for known in alike if _one_letter_off(word, known)]
    return near[0] if len(near) == 1 else None


def _one_letter_off(word: str, known: str) -> bool:
    """Of two words of one length, whether a single letter differs."""
    return sum(one != other for one, other in zip(word, known, strict=True)) == 1
