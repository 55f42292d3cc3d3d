"""Review: reading proposes, a person disposes. What is to be looked at, the doubtful first, and
what a person's word makes of the reading.

A rejected repair stays refused when the text is read again; a rejected directive is none; a
statement whose speaker was put right keeps the right one. All by ids made of the words, so that
nothing slips when the reading around them changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import msgspec

from excomm.record.model import Directive, Record, Repair, Statement

Part = Literal["directive", "repair", "statement"]
Verdict = Literal["accepted", "edited", "rejected"]
EDITED = ("what", "to", "due", "speaker")
"""What may be put in another's place."""

_SURE = {
    "hard": 0.9,
    "decision": 0.85,
    "approved-recommendation": 0.8,
    "commitment": 0.85,
    "reported": 0.7,
    "soft": 0.5,
}


class Proposed(msgspec.Struct, frozen=True, kw_only=True):
    """Something read that a person may accept, edit or reject.

    confidence: 0 to 1; why: what makes it doubtful, in words. fields: what may be edited.
    """

    part: Part
    id: str
    start: int
    end: int
    confidence: float
    why: str
    says: str
    fields: dict[str, str] = {}


class Disposed(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person's word on something read; fields: what he put in its place."""

    part: Part
    id: str
    verdict: Verdict
    fields: dict[str, str] = {}


def proposed(record: Record) -> tuple[Proposed, ...]:
    """Every directive, every repair and every doubtful statement; the least sure first."""
    found = [
        *(_directive(one) for one in record.directives),
        *(_repair(one) for one in record.repairs),
        *(_statement(one) for one in record.statements if one.doubt),
    ]
    found.sort(key=lambda one: (one.confidence, one.start, one.part))
    return tuple(found)


def pending(record: Record, said: Iterable[Disposed]) -> tuple[Proposed, ...]:
    """What nobody has disposed of yet."""
    done = {(one.part, one.id) for one in said}
    return tuple(one for one in proposed(record) if (one.part, one.id) not in done)


def refused(said: Iterable[Disposed]) -> frozenset[str]:
    """The repairs that a person refused: the text is to be read without them."""
    last = {one.id: one for one in said if one.part == "repair"}
    return frozenset(id_ for id_, one in last.items() if one.verdict == "rejected")


def disposed(record: Record, said: Sequence[Disposed]) -> Record:
    """The reading as a person left it: the last word on each thing holds."""
    last = {(one.part, one.id): one for one in said}
    directives = []
    for one in record.directives:
        word = last.get(("directive", one.id))
        if word is None or word.verdict != "rejected":
            directives.append(edited(one, word.fields) if word else one)
    statements = [_spoken(one, last.get(("statement", one.id))) for one in record.statements]
    return msgspec.structs.replace(
        record, directives=tuple(directives), statements=tuple(statements)
    )


def _directive(one: Directive) -> Proposed:
    confidence, doubts = _SURE[one.strength], []
    if one.strength in ("soft", "reported"):
        doubts.append({"soft": "suggested, not ordered", "reported": "told of, not given here"}[
            one.strength
        ])  # fmt: skip
    if one.to is None:
        confidence -= 0.15
        doubts.append("nobody is named")
    if one.due and one.due_at is None and one.due_reason != "names no time":
        confidence -= 0.1
        doubts.append(f"“{one.due}”: {one.due_reason}")
    elif one.due_reason and one.due_at is not None:
        confidence -= 0.05
        doubts.append(one.due_reason)
    who = f"{one.from_ or 'nobody named'} to {one.to or 'nobody named'}"
    return Proposed(
        part="directive",
        id=one.id,
        start=one.start,
        end=one.end,
        confidence=round(max(confidence, 0.05), 2),
        why="; ".join(doubts),
        says=f"{who}: {one.what}" + (f" ({one.due})" if one.due else ""),
        fields={"what": one.what, "to": one.to or "", "due": one.due},
    )


def _repair(one: Repair) -> Proposed:
    return Proposed(
        part="repair",
        id=one.id,
        start=one.start,
        end=one.end,
        confidence=one.certainty,
        why=one.reason,
        says=f"{' '.join(one.raw.split()) or one.raw!r} read as {one.fixed or 'nothing'}",
    )


def _statement(one: Statement) -> Proposed:
    return Proposed(
        part="statement",
        id=one.id,
        start=one.start,
        end=one.end,
        confidence=0.4,
        why=one.doubt,
        says=f"{one.spelt or one.speaker} {one.act}",
        fields={"speaker": one.person or one.speaker},
    )


def edited(one: Directive, fields: Mapping[str, str]) -> Directive:
    """A directive with what a person put in; a time put in by hand is not worked out again."""
    what = fields.get("what", one.what)
    to = fields.get("to", one.to or "") or None
    due = fields.get("due", one.due)
    if due != one.due:
        return msgspec.structs.replace(
            one, what=what, to=to, due=due, due_at=None, due_reason="put in by hand"
        )
    return msgspec.structs.replace(one, what=what, to=to)


def _spoken(one: Statement, word: Disposed | None) -> Statement:
    if word is None:
        return one
    speaker = word.fields.get("speaker", one.speaker)
    return msgspec.structs.replace(one, speaker=speaker, doubt="")
