"""Garbled words: broken by a space, or with a figure in place of a letter.

Put right only where the whole is a word of minutes, a title, or a name or a word that stands clean
elsewhere in the record. What holds a figure for good (U-2, 28th, IL-28) has no such whole.
"""

import re
from collections import Counter
from collections.abc import Iterator, Set
from itertools import pairwise, product

from excomm.record.lexicon import (
    DELIVERABLES,
    DOCUMENTS,
    LONG_WORDS,
    MEETING_PARTICIPLES,
    TASK_PARTICIPLES,
    TASK_VERBS,
    TITLES,
    VERBS,
    word_set,
)
from excomm.record.model import Repair

_LOWER = re.compile(r"\b[a-z]+\b")
_HEAD = re.compile(r"[a-z]{1,20}\b")
_TAIL = re.compile(r"\b[A-Za-z][a-z]{0,20}\Z")
_PAIR = re.compile(r"\b([A-Za-z][a-z]{0,20}) (?=([a-z]{1,20})\b)")
# Begins with the figure, which is rare; the letters around it are looked at afterwards.
_FIGURE = re.compile(r"[0158](?=[\w’'])|(?<=[a-z])[015]")
_TOKEN_BEFORE = re.compile(r"\w{1,30}\Z")
_TOKEN_AFTER = re.compile(r"\w{1,30}")
_LETTERS_OF = {"0": "oO", "1": "lIi", "5": "sS", "8": "B"}
_FIGURES_MAX = 3
_WHOLE_MIN = 6
_NAME_MIN = 4
_COMMON = word_set(
    "the and for with that this not but from they will would should could have has had was"
    " were are all any one two out over under after before into upon within without between"
    " against our its his her their who what when where how why which than then there here"
    " very more most some such also only other same each every both few many much own per via"
    " yet nor air sea man men new old day days week end may might must can did does done see"
    " say said get got put set way use used take took make made give gave way ways down back"
    " off about above along in on an a at to of by it is be he we as if or so no do go us my me"
)
_WORDS_OF_SPEECH = frozenset(
    word for phrases in VERBS.values() for word in phrases.replace("|", " ").split()
)
_KNOWN = (
    _WORDS_OF_SPEECH
    | LONG_WORDS
    | DOCUMENTS
    | TASK_VERBS
    | TASK_PARTICIPLES
    | DELIVERABLES
    | MEETING_PARTICIPLES
)
_OFTEN_BROKEN = _WORDS_OF_SPEECH | LONG_WORDS
_CAPITALS = word_set(
    "January February March April June July August September October November December Monday"
    " Tuesday Wednesday Thursday Friday Saturday Sunday Department Committee Executive Council"
    " Meeting Record Summary Memorandum Conference Intelligence Security National"
) | {title for title in TITLES if len(title) >= _WHOLE_MIN}


# What a broken word in capitals may begin with.
_BEGUN = frozenset(whole[:length] for whole in _CAPITALS for length in range(1, len(whole)))


def garbled(raw: str, names: Set[str]) -> Iterator[Repair]:
    """Every garbled word whose whole is sure. names: those that stand clean in the record."""
    pieces = raw.split()
    lower = {piece: _LOWER.findall(piece) for piece in dict.fromkeys(pieces)}
    counts: Counter[str] = Counter()
    for piece, number in Counter(pieces).items():
        for word in lower[piece]:
            counts[word] += number
    yield from _broken(raw, pieces, lower, names, counts)
    # A word is in one piece: where none of these is garbled, the text need not be looked through.
    if any(next(_with_figures(piece, names, counts), None) for piece in lower):
        yield from _with_figures(raw, names, counts)
    yield from _misread(raw, counts)


def _misread(raw: str, counts: Counter[str]) -> Iterator[Repair]:
    """ "Wamed": rn read as m, in a word that minutes use often."""
    for word in counts:
        meant = word.replace("m", "rn")
        if meant == word or word in _KNOWN or meant not in _OFTEN_BROKEN:
            continue
        for found in re.finditer(rf"\b{word}\b", raw):
            yield Repair(
                start=found.start(),
                end=found.end(),
                raw=word,
                fixed=meant,
                certainty=0.9,
                reason="rn read as m",
            )


def _broken(
    raw: str, pieces: list[str], lower: dict[str, list[str]], names: Set[str], counts: Counter[str]
) -> Iterator[Repair]:
    halves = _BEGUN | {name[:length] for name in names for length in range(1, len(name))}
    begins = {piece: found[0] for piece in lower if (found := _HEAD.match(piece))}
    ends = {
        piece: found[0]
        for piece in lower
        if (found := _TAIL.search(piece))
        and (found[0] in halves if found[0][0].isupper() else found[0] not in _COMMON)
    }
    # Most words of a text are common. Without a pair that makes a word, where the pairs stand need
    # not be looked for.
    pairs = {
        (ends[one], begins[other])
        for one, other in pairwise(pieces)
        if one in ends and other in begins
    }
    wholes = {pair: whole for pair in pairs if (whole := _whole(*pair, names, counts))}
    if not wholes:
        return
    for found in _PAIR.finditer(raw):
        joined = wholes.get((found[1], found[2]))
        if joined:
            start, end = found.start(1), found.end(2)
            yield Repair(
                start=start,
                end=end,
                raw=raw[start:end],
                fixed=joined,
                certainty=0.9,
                reason="broken word",
            )


def _whole(first: str, second: str, names: Set[str], counts: Counter[str]) -> str:
    """The word of which these are the halves, where that is sure; else nothing."""
    whole = first + second
    if first[0].isupper():
        named = whole in names and len(whole) >= _NAME_MIN and first not in names
        return whole if named or (whole in _CAPITALS and second not in _COMMON) else ""
    sure = (
        len(whole) >= _WHOLE_MIN
        and first not in _COMMON
        and second not in _COMMON
        and (
            (counts[first] == counts[second] == 1 and (whole in counts or whole in _KNOWN))
            or (whole in _OFTEN_BROKEN and not (first in _KNOWN and second in _KNOWN))
        )
    )
    return whole if sure else ""


def _with_figures(raw: str, names: Set[str], counts: Counter[str]) -> Iterator[Repair]:
    last_end = 0
    for found in _FIGURE.finditer(raw):
        if found.start() < last_end:
            continue
        before = _TOKEN_BEFORE.search(raw, max(0, found.start() - 30), found.start())
        start = before.start() if before else found.start()
        after = _TOKEN_AFTER.match(raw, start)
        last_end = after.end() if after else found.end()
        word = raw[start:last_end]
        figures = [char for char in word if char.isdigit()]
        if len(word) < _NAME_MIN or len(figures) > _FIGURES_MAX or len(figures) * 2 > len(word):
            continue
        if not all(char in _LETTERS_OF for char in figures):
            continue
        wholes = [one for one in _spelt(word) if _clean(one, names, counts)]
        if len(wholes) == 1:
            yield Repair(
                start=start,
                end=last_end,
                raw=word,
                fixed=wholes[0],
                certainty=0.92,
                reason="figure in place of a letter",
            )


def _spelt(word: str) -> list[str]:
    """The word with each figure as the letters that look like it."""
    return ["".join(one) for one in product(*(_LETTERS_OF.get(char, char) for char in word))]


def _clean(word: str, names: Set[str], counts: Counter[str]) -> bool:
    return (
        word in names or word in TITLES or word in _CAPITALS or word in _KNOWN or counts[word] > 0
    )
