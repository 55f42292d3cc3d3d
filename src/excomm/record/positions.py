"""Positions: who stood where on each issue, in the order spoken, and where two stood apart.

A stance is what an act does to an issue: put forward, supported, opposed, warned of, asked, told.
A contradiction is proposed for a person to look at, with its reason; it is never a judgement.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from excomm.record.issues import Tagger, stem
from excomm.record.lexicon import ACT_CLASS, ADVERBS
from excomm.record.model import Act, Record
from excomm.record.repaired import Cut

Stance = Literal["for", "against", "warns", "asks", "decides", "undertakes", "says"]
_STANCES: dict[str, Stance] = {
    "propose": "for",
    "agree": "for",
    "object": "against",
    "caution": "warns",
    "ask": "asks",
    "direct": "decides",
    "commit": "undertakes",
    "assert": "says",
}


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """What one person said on one issue. statement: its index in the record of the minutes."""

    issue: str
    speaker: str
    stance: Stance
    act: Act
    words: str
    minutes: str
    statement: int
    start: int
    end: int
    at: datetime | None = None  # when the meeting was


class Contradiction(msgspec.Struct, frozen=True, kw_only=True):
    """Two positions on one issue that do not go together, and why they seem so.

    They are two people's, or one person's in two meetings.
    """

    issue: str
    one: Position
    other: Position
    why: str


def positions(minutes: str, record: Record, tagger: Tagger) -> tuple[Position, ...]:
    """Every statement on every issue it speaks of, in the order spoken."""
    found: list[Position] = []
    cut = Cut(record)
    for index, one in enumerate(record.statements):
        words = cut.words(one.start, one.end)
        for issue in tagger.tags(words):
            found.append(
                Position(
                    issue=issue,
                    speaker=one.speaker,
                    stance=_STANCES[ACT_CLASS[one.act]],
                    act=one.act,
                    words=words,
                    minutes=minutes,
                    statement=index,
                    start=one.start,
                    end=one.end,
                    at=record.meeting,
                )
            )
    return tuple(found)


# -- contradictions ------------------------------------------------------------------------------

_CLAIM = re.compile(
    r"\b(should|must|ought to|can|could|would|will|shall|cannot|can't|can’t|won't|couldn't"
    r"|shouldn't)"
    r"((?: [\w-]{1,20}){1,12})"
)
_DENIED = ("cannot", "can't", "can’t", "won't", "couldn't", "shouldn't")
_OPPOSITES = (
    ("lift", "maintain"), ("lift", "keep"), ("reduce", "maintain"), ("reduce", "keep"),
    ("reduce", "increase"), ("continue", "stop"), ("continue", "suspend"), ("accept", "reject"),
    ("accept", "refuse"), ("wait", "act"), ("announce", "withhold"), ("publish", "withhold"),
    ("give", "refuse"), ("open", "close"), ("withdraw", "remain"), ("withdraw", "stay"),
)  # fmt: skip
_OPPOSITE: dict[str, frozenset[str]] = {}
for _one, _other in _OPPOSITES:
    for _a, _b in ((_one, _other), (_other, _one)):
        _OPPOSITE[stem(_a)] = _OPPOSITE.get(stem(_a), frozenset()) | {stem(_b)}
_NO_CLAIM = frozenset(
    {"be", "have", "get", "take", "do", "make", "go", "see", "say", "not", "give"}
)
_SHORT = 4  # words up to this length say little of what is meant
_NEAR = 6  # statements between which an objection answers a proposal
_PAIRS_MAX = 120  # of one issue; more would be the square of long meetings


class _Claim(msgspec.Struct, frozen=True):
    verb: str
    denied: bool
    about: frozenset[str]  # what stands after the verb, by stem
    words: str


def contradictions(found: Sequence[Position]) -> tuple[Contradiction, ...]:
    """Pairs of positions that seem to exclude each other, on one issue, over all meetings.

    Either one person objects to what another put forward shortly before, or two people (or one at
    two meetings) say of the same deed that it should and that it should not be done, or name
    opposite deeds.
    """
    by_issue: dict[str, list[Position]] = {}
    for one in found:
        by_issue.setdefault(one.issue, []).append(one)
    told: list[Contradiction] = []
    for issue, said in by_issue.items():
        told += _of_issue(issue, said[-_PAIRS_MAX:])
    return tuple(told)


def _of_issue(issue: str, said: Sequence[Position]) -> Iterable[Contradiction]:
    claims = [_claims(one.words) for one in said]
    for j, other in enumerate(said):
        for i, one in enumerate(said[:j]):
            same_meeting = one.minutes == other.minutes
            if one.speaker == other.speaker and same_meeting:
                continue
            why = (_objects(one, other) if same_meeting else "") or _excludes(claims[i], claims[j])
            if why:
                yield Contradiction(issue=issue, one=one, other=other, why=why)


def _objects(one: Position, other: Position) -> str:
    near = other.statement - one.statement <= _NEAR
    if near and other.stance == "against" and one.stance in ("for", "decides"):
        return f"{other.speaker} objects to what {one.speaker} put forward"
    named = re.search(rf"\b{re.escape(one.speaker)}['’]s? (?:suggestion|proposal|view|plan|idea)\b",
                      other.words)  # fmt: skip
    if named and re.search(r"\b(?:prefer|rather|instead|against|not)\w*\b", other.words):
        return f"{other.speaker} sets another course against {named[0]}"
    return ""


def _claims(words: str) -> list[_Claim]:
    found: list[_Claim] = []
    for claim in _CLAIM.finditer(words):
        rest = [word for word in claim[2].split() if word not in ADVERBS and word != "be"]
        denied = claim[1] in _DENIED
        if rest[:1] == ["not"]:
            denied, rest = True, rest[1:]
        if rest and rest[0] not in _NO_CLAIM and len(rest[0]) > 2:
            about = frozenset(stem(word) for word in rest[1:] if len(word) > _SHORT)
            said = " ".join(claim[0].split()[:6])
            found.append(_Claim(stem(rest[0]), denied, about, said))
    return found


def _excludes(one: Sequence[_Claim], other: Sequence[_Claim]) -> str:
    for a in one:
        for b in other:
            same = a.verb == b.verb and a.denied != b.denied
            opposite = a.denied == b.denied and b.verb in _OPPOSITE.get(a.verb, ())
            if (same or opposite) and a.about & b.about:
                return f"“{a.words}” against “{b.words}”"
    return ""
