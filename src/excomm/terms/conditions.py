"""Conditions: whether one has come about, since when, and on which entries. Three-valued.

What has come about stays so (a duty once set off is not taken back because the other undertaking
has since ended); under `not` the present counts. What nobody can know is unknown, and `not` of it
is unknown too. A claim makes unknown what it would make true; but an act of speech, such as an
acceptance or a request, has happened once its speaker's word is there.
"""

from collections.abc import Callable, Iterable
from typing import Literal, Protocol

from excomm.entries.entry import Standing
from excomm.entries.kinds import Undertaking
from excomm.entries.language import (
    All,
    Amount,
    Any,
    Condition,
    Counted,
    EventKind,
    Is,
    Not,
    Number,
)
from excomm.terms.evidence import Act, no_amounts
from excomm.terms.outcome import Outcome, Truth, Verdict

Tense = Literal["ever", "now"]  # has it come about; is it so at present

ACCEPTING: frozenset[EventKind] = frozenset(("accepted", "signed"))
_SPEAKING: frozenset[EventKind] = frozenset(
    ("signed", "accepted", "refusal", "objection", "request", "declaration", "suspension_claimed")
)


class Sight(Protocol):
    """What a condition is judged by."""

    def outcome(self, undertaking: str) -> Outcome | None: ...
    def acts_about(self, undertaking: str) -> Iterable[Act]: ...
    def acts_at_large(self) -> Iterable[Act]: ...
    def act(self, act_id: str) -> Act | None: ...
    def body(self, undertaking: str) -> Undertaking | None: ...


FALSE = Verdict("false")


def judge(condition: Condition, of: str, sight: Sight) -> Verdict:
    """Judge a condition of the undertaking `of`."""
    return _judge(condition, of, sight, "ever")


def _judge(condition: Condition, of: str, sight: Sight, tense: Tense) -> Verdict:
    if isinstance(condition, Is):  # most are, and a pattern takes longer
        return _ATOMS[condition.what](condition.of, of, sight, tense)
    match condition:
        case Counted(undertaking, at_least):
            return _counted(undertaking, at_least, sight)
        case Not(part):
            return _opposite(_judge(part, of, sight, "now" if tense == "ever" else "ever"))
        case All(parts):
            return _all([_judge(part, of, sight, tense) for part in parts])
        case Any(parts):
            return _any([_judge(part, of, sight, tense) for part in parts])


def _all(verdicts: list[Verdict]) -> Verdict:
    for truth in ("false", "unknown"):
        for verdict in verdicts:
            if verdict.truth == truth:
                return verdict
    times = [verdict.since for verdict in verdicts if verdict.since is not None]
    return Verdict("true", max(times, default=None), _union(v.decided_by for v in verdicts))


def _any(verdicts: list[Verdict]) -> Verdict:
    true = [verdict for verdict in verdicts if verdict.truth == "true"]
    if true:
        # The first to come about; what holds without a time of its own holds from the start.
        return min(true, key=lambda v: (v.since is not None, v.since.timestamp() if v.since else 0))
    unknown = [verdict for verdict in verdicts if verdict.truth == "unknown"]
    return unknown[0] if unknown else FALSE


def _opposite(verdict: Verdict) -> Verdict:
    match verdict.truth:
        case "true":
            return Verdict("false", None, verdict.decided_by)
        case "false":
            return Verdict("true", None, verdict.decided_by)
        case "unknown":
            return Verdict("unknown", None, verdict.decided_by)


def _fulfilled(name: str, of: str, sight: Sight, tense: Tense) -> Verdict:
    found = sight.outcome(name)
    if found is None:
        return FALSE
    if found.state == "fulfilled":
        return Verdict("true", found.performed, found.basis)
    return _else(found)


def _breached(name: str, of: str, sight: Sight, tense: Tense) -> Verdict:
    found = sight.outcome(name)
    if found is None:
        return FALSE
    if found.state == "breached":
        return Verdict("true", found.breached, found.basis)
    if found.breached is not None and tense == "ever":
        return Verdict("true", found.breached, found.breaches)  # made good since, but it was
    return _else(found)


def _in_force(name: str, of: str, sight: Sight, tense: Tense) -> Verdict:
    found = sight.outcome(name)
    if found is None or not found.begun:
        return FALSE
    if tense == "now" and found.state in ("fulfilled", "lapsed", "suspended", "pending"):
        return Verdict("false", None, found.basis)
    return Verdict("true", found.starts, found.start_basis)


def _else(found: Outcome) -> Verdict:
    return Verdict("unknown" if found.state == "unverifiable" else "false", None, found.basis)


def _happened(name: str, of: str, sight: Sight, tense: Tense) -> Verdict:
    act = sight.act(name)
    return _first([act] if act else [], lambda standing: standing == "established")


def _said(
    kinds: frozenset[EventKind],
) -> Callable[[str, str, Sight, Tense], Verdict]:
    def verdict(name: str, of: str, sight: Sight, tense: Tense) -> Verdict:
        return _first(spoken(kinds, (name,), of, sight), lambda standing: standing != "disputed")

    return verdict


def spoken(
    kinds: frozenset[EventKind], parties: tuple[str, ...], of: str, sight: Sight
) -> list[Act]:
    """Acts of these kinds by one of the parties that name the undertaking, or none at all."""
    return [
        act
        for acts in (sight.acts_about(of), sight.acts_at_large())
        for act in acts
        if act.kind in kinds and act.by_any(parties)
    ]


def _first(acts: list[Act], holds: Callable[[Standing], bool]) -> Verdict:
    for act in acts:
        if holds(act.standing) or (act.kind in _SPEAKING and act.standing != "disputed"):
            return Verdict("true", act.set_off, (act.id,))
    if acts:
        return Verdict("unknown", None, (acts[0].id,))
    return FALSE


def _counted(undertaking: str, at_least: Number, sight: Sight) -> Verdict:
    body, found = sight.body(undertaking), sight.outcome(undertaking)
    if body is None or found is None:
        return FALSE
    quantity = body.quantity or Amount("", at_least)
    amounts = no_amounts(quantity)
    for act in sight.acts_about(undertaking):
        amounts = amounts.counting(act, quantity)
        if amounts.at_least >= at_least:
            return Verdict("true", act.set_off, amounts.decided_by)
    if found.state == "fulfilled" and body.quantity and body.quantity.number >= at_least:
        return Verdict("true", found.performed, found.basis)
    truth: Truth = "unknown" if amounts.claimed >= at_least else "false"
    return Verdict(truth, None, amounts.decided_by)


def _union(parts: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(entry for part in parts for entry in part))


_ATOMS: dict[str, Callable[[str, str, Sight, Tense], Verdict]] = {
    "fulfilled": _fulfilled,
    "breached": _breached,
    "in_force": _in_force,
    "event": _happened,
    "accepted_by": _said(ACCEPTING),
    "requested_by": _said(frozenset(("request",))),
}
