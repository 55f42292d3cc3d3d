"""Aligning: two records of one meeting, what only one has, who owns what, where they differ.

A summary record and a record of action, or the records of two note-takers, tell the same in other
words and another order. Statements and directives are paired by the words they share, rarer ones
counting more, and by who speaks; what fits nothing is told of one record alone. Neither is right.
"""

import re
from collections import Counter
from collections.abc import Sequence
from math import log
from typing import Literal

import msgspec

from excomm.record.issues import stem
from excomm.record.lexicon import ACT_CLASS
from excomm.record.model import Directive, Record, Statement
from excomm.record.repaired import Cut
from excomm.record.roster import surname

Where = Literal["both", "first", "second"]
_WORD = re.compile(r"[A-Za-z][\w-]*")
_FIGURE = re.compile(r"\b\d+(?:[.,:]\d+)*\b")
_LIKE = 0.30  # of the weight of the shorter one's words, to be of the same
_LIKE_SPEAKER = 0.22  # the same speaker
_SHORT = 3
_CANDIDATES = 24  # of one passage, by its rarest words: more would be the square of the records
_SAME_TEXT = 0.9


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """Something that one record or both tell. differ: in what, in words; likeness: 0 to 1."""

    part: Literal["statement", "directive"]
    where: Where
    first: str = ""
    second: str = ""
    first_at: tuple[int, int] | None = None
    second_at: tuple[int, int] | None = None
    by: str = ""  # who says or orders it, as the first record that tells it says
    owner: str = ""  # of a directive: who is to do it, where a record says so
    differ: tuple[str, ...] = ()
    likeness: float = 0.0


class Alignment(msgspec.Struct, frozen=True, kw_only=True):
    """Two records side by side, in the order of the first, then what only the second has.

    warnings: why they may not be of one meeting, or are one record twice.
    """

    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()

    def only(self, where: Where) -> tuple[Row, ...]:
        """What stands in both, or in one alone."""
        return tuple(one for one in self.rows if one.where == where)


class _Said(msgspec.Struct):
    part: Literal["statement", "directive"]
    read: Statement | Directive
    words: str
    stems: Counter[str]


def align(first: Record, second: Record) -> Alignment:
    """Pair what two records of one meeting tell."""
    rows: list[Row] = []
    one, other = _said(first), _said(second)
    for part in ("directive", "statement"):
        rows += _paired(
            [each for each in one if each.part == part],
            [each for each in other if each.part == part],
        )
    return Alignment(rows=tuple(rows), warnings=_warnings(first, second, rows))


def _said(record: Record) -> list[_Said]:
    cut = Cut(record)
    found: list[_Said] = []
    for statement in record.statements:
        words = cut.words(statement.start, statement.end)
        found.append(_Said("statement", statement, words, _stems(words)))
    for directive in record.directives:
        words = cut.words(directive.start, directive.end)
        found.append(_Said("directive", directive, words, _stems(words)))
    return found


def _stems(words: str) -> Counter[str]:
    return Counter(stem(word) for word in _WORD.findall(words) if len(word) > _SHORT)


def _paired(first: Sequence[_Said], second: Sequence[_Said]) -> list[Row]:
    weights = _weights([*first, *second])
    by_stem: dict[str, list[int]] = {}
    for index, each in enumerate(second):
        for word in each.stems:
            by_stem.setdefault(word, []).append(index)
    scored: list[tuple[float, int, int]] = []
    for i, one in enumerate(first):
        rare = sorted(one.stems, key=lambda word: (-weights[word], word))
        near: dict[int, None] = {}
        for word in rare:
            for j in by_stem.get(word, ())[:_CANDIDATES]:
                near[j] = None
            if len(near) >= _CANDIDATES:
                break
        for j in near:
            alike = _likeness(one, second[j], weights)
            if alike >= (_LIKE_SPEAKER if _by(one) == _by(second[j]) else _LIKE):
                scored.append((alike, i, j))
    of: dict[int, tuple[int, float]] = {}
    taken: set[int] = set()
    for alike, i, j in sorted(scored, key=lambda each: (-each[0], each[1], each[2])):
        if i not in of and j not in taken:
            of[i] = (j, alike)
            taken.add(j)
    rows = [
        _both(one, second[of[i][0]], of[i][1]) if i in of else _alone(one, "first")
        for i, one in enumerate(first)
    ]
    return rows + [_alone(one, "second") for j, one in enumerate(second) if j not in taken]


def _weights(said: Sequence[_Said]) -> dict[str, float]:
    seen = Counter(word for one in said for word in one.stems)
    return {word: log(1 + len(said) / count) for word, count in seen.items()}


def _likeness(one: _Said, other: _Said, weights: dict[str, float]) -> float:
    """The weight of the words they share, of that of the lighter one."""
    shared = sum(weights[word] for word in one.stems.keys() & other.stems.keys())
    lighter = min(
        sum(weights[word] for word in one.stems), sum(weights[word] for word in other.stems)
    )
    return shared / lighter if lighter else 0.0


def _by(one: _Said) -> str:
    read = one.read
    return (read.speaker if isinstance(read, Statement) else read.from_).lower()


def _alone(one: _Said, where: Where) -> Row:
    at = (one.read.start, one.read.end)
    owner = (one.read.to or "") if isinstance(one.read, Directive) else ""
    row = Row(part=one.part, where=where, by=_by_as_read(one.read), owner=owner)
    if where == "first":
        return msgspec.structs.replace(row, first=one.words, first_at=at)
    return msgspec.structs.replace(row, second=one.words, second_at=at)


def _both(one: _Said, other: _Said, likeness: float) -> Row:
    owners = [each.read.to for each in (one, other) if isinstance(each.read, Directive)]
    return Row(
        part=one.part,
        where="both",
        first=one.words,
        second=other.words,
        first_at=(one.read.start, one.read.end),
        second_at=(other.read.start, other.read.end),
        by=_by_as_read(one.read),
        owner=next((owner for owner in owners if owner), ""),
        differ=_differ(one, other),
        likeness=round(likeness, 2),
    )


def _differ(one: _Said, other: _Said) -> tuple[str, ...]:
    found: list[str] = []
    a, b = one.read, other.read
    if _by(one) != _by(other):
        found.append(f"who: {_by_as_read(a)} or {_by_as_read(b)}")
    if isinstance(a, Directive) and isinstance(b, Directive):
        if surname(a.to or "").lower() != surname(b.to or "").lower():
            found.append(f"owner: {a.to or 'nobody named'} or {b.to or 'nobody named'}")
        if a.due_at != b.due_at or (a.due_at is None and a.due.lower() != b.due.lower()):
            found.append(f"due: {a.due or 'no time'} or {b.due or 'no time'}")
    elif (
        isinstance(a, Statement)
        and isinstance(b, Statement)
        and ACT_CLASS[a.act] != ACT_CLASS[b.act]
    ):
        found.append(f"act: {a.act} or {b.act}")
    figures = [sorted(set(_FIGURE.findall(each.words))) for each in (one, other)]
    if all(figures) and figures[0] != figures[1]:
        found.append(f"figures: {', '.join(figures[0])} or {', '.join(figures[1])}")
    return tuple(found)


def _by_as_read(read: Statement | Directive) -> str:
    return read.speaker if isinstance(read, Statement) else read.from_ or "nobody named"


def _warnings(first: Record, second: Record, rows: Sequence[Row]) -> tuple[str, ...]:
    found: list[str] = []
    if first.meeting and second.meeting and first.meeting.date() != second.meeting.date():
        found.append(
            f"they are of two days, {first.meeting.date()} and {second.meeting.date()}: perhaps of"
            " two meetings"
        )
    if first.text == second.text:
        found.append("they are the same text, to the letter: one record, twice")
    else:
        both = sum(one.where == "both" and one.first == one.second for one in rows)
        if rows and both >= _SAME_TEXT * len(rows):
            found.append(
                "they claim to be the same record and are not the same text: the places that"
                " differ are shown, neither is taken for the right one"
            )
    return tuple(found)
