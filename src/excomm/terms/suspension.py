"""Suspension: whether an undertaking stands still, on whose word, and what is only claimed.

By agreement it always does. One side alone suspends only in answer to an established breach by
another; any other suspension is contested: it is marked, and conduct decides.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.terms.conditions import Sight
from excomm.terms.evidence import Act


class Still(msgspec.Struct, frozen=True):
    """A time during which the undertaking stood still. until: None while it lasts."""

    since: datetime
    until: datetime | None
    how: Literal["by_agreement", "in_answer"]
    basis: tuple[str, ...]


class Suspension(msgspec.Struct, frozen=True):
    """All suspensions up to the day. contested: claims that suspend nothing, not taken back."""

    stills: tuple[Still, ...] = ()
    contested: tuple[str, ...] = ()

    def at(self, at: datetime) -> Still | None:
        """The suspension that covers a time."""
        for still in self.stills:
            if still.since <= at and (still.until is None or at < still.until):
                return still
        return None


class Record(Sight, Protocol):
    """A sight that also knows what was corrected since."""

    def corrected(self, entry_id: str) -> datetime | None: ...


def suspension(body: Undertaking, acts: Sequence[Act], sight: Record) -> Suspension:
    """Follow suspensions and resumptions through the acts, in order of time."""
    stills: list[Still] = []
    contested: dict[str, Act] = {}
    for act in acts:
        match act.kind:
            case "suspended_by_agreement" if act.established:
                contested.clear()
                _begin(stills, Still(act.at, None, "by_agreement", (act.id,)))
            case "suspended_by_agreement":
                contested[act.id] = act
            case "suspension_claimed" | "countermeasure" if not act.parties or act.by_any(body.by):
                answered = _answered(act, sight)
                if answered is not None:
                    _begin(stills, Still(act.at, None, "in_answer", (act.id, *answered)))
                elif _all_joined(act, body):
                    _begin(stills, Still(act.at, None, "by_agreement", (act.id,)))
                else:
                    contested[act.id] = act
            case "accepted":
                for claimed in _agreed_to(act, contested):
                    del contested[claimed.id]
                    _begin(stills, Still(act.at, None, "by_agreement", (claimed.id, act.id)))
            case "resumed" if act.standing != "disputed":
                contested.clear()
                _end(stills, act.at)
            case "refusal" if act.established and act.by_any(body.by):
                # Who refuses to go on no longer rests on the other side's agreement.
                if stills and stills[-1].how == "by_agreement":
                    _end(stills, act.at)
    return Suspension(tuple(stills), tuple(contested))


def _begin(stills: list[Still], still: Still) -> None:
    if stills and stills[-1].until is None:
        if stills[-1].how == still.how:
            return
        _end(stills, still.since)
    stills.append(still)


def _end(stills: list[Still], at: datetime) -> None:
    if stills and stills[-1].until is None:
        stills[-1] = msgspec.structs.replace(stills[-1], until=at)


def _answered(act: Act, sight: Record) -> tuple[str, ...] | None:
    """The established breach that an act answers, by its entries; None where there is none.

    What was lawful when it was done stays so when the entry it answered is corrected later.
    """
    for entry_id in act.event.in_answer_to:
        corrected = sight.corrected(entry_id)
        if corrected is not None and act.occurred < corrected:
            return ()
        answered = sight.act(entry_id)
        if answered is None or not answered.established or answered.at > act.at:
            continue
        for name in dict.fromkeys((*answered.event.about, *answered.event.shows)):
            outcome, duty = sight.outcome(name), sight.body(name)
            if outcome is None or duty is None or entry_id not in outcome.breaches:
                continue
            if not act.parties or any(party not in act.parties for party in duty.by):
                return (entry_id,)
    return None


def _agreed_to(act: Act, contested: dict[str, Act]) -> list[Act]:
    return [
        claimed
        for claimed in contested.values()
        if claimed.id in act.event.in_answer_to
        and act.standing != "disputed"
        and any(party not in claimed.parties for party in act.parties)
    ]


def _all_joined(act: Act, body: Undertaking) -> bool:
    others = [party for party in body.to if party not in body.by]
    return act.established and bool(others) and all(p in act.parties for p in (*body.by, *others))
