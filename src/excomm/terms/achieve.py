"""To achieve a thing once: by a deadline, without one, or as a right.

Performance is final and is asked for first; then breach, suspension, what cannot be known, what is
due, and what simply runs. Only established entries decide.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from excomm.terms.amendments import accepts
from excomm.terms.duty import (
    PENDING,
    Breach,
    Duty,
    Judged,
    means_refused,
    running,
    standing_still,
)
from excomm.terms.evidence import Act, Amounts, leaves_the_rest_open, no_amounts
from excomm.terms.outcome import Ground
from excomm.terms.points import local_day


def achieve(duty: Duty) -> Judged:
    """A thing to be done once, by a deadline or without one; or a right to do it."""
    done, amounts = _performance(duty)
    if done is not None:
        earlier = [act for act in duty.binding_acts if act.at <= done.at and act is not done]
        before = _missed(duty, earlier, done.at - timedelta(microseconds=1))
        return Judged(
            "fulfilled",
            "performed",
            (done.id,)
            if duty.shows(done) == "performed" or amounts is None
            else amounts.decided_by,
            breaches=before.entries if before else (),
            since=done.at,
            over=done.set_off,
            performed_at=done.at,
            performed=done.set_off,
            breached=before.known if before else None,
            amounts=amounts,
        )
    found = _right(duty) if duty.body.modality == "may" else _open(duty, amounts)
    return msgspec.structs.replace(found, amounts=amounts)


def _performance(duty: Duty) -> tuple[Act | None, Amounts | None]:
    quantity = duty.body.quantity
    amounts = no_amounts(quantity) if quantity else None
    for act in duty.acts:
        if act.at > duty.clock:
            break
        if quantity and amounts and duty.speaks(act):
            amounts = amounts.counting(act, quantity)
        if not act.established:
            continue
        enough = amounts is not None and amounts.at_least >= amounts.number
        if duty.shows(act) == "performed" or enough:
            return act, amounts
    return None, amounts


def _right(duty: Duty) -> Judged:
    if duty.begun is None:
        return PENDING
    if _over(duty):
        claims = tuple(act.id for act in duty.acts if duty.shows(act) in ("performed", "part"))
        if _window_open(duty):
            return Judged("due", "evidence_awaited", since=duty.due)
        if claims:
            return Judged("unverifiable", "only_claims", claims, since=duty.due)
        return Judged("lapsed", "unused", since=duty.due, over=duty.due)
    return _term_over(duty) or standing_still(duty) or running(duty)


def _open(duty: Duty, amounts: Amounts | None) -> Judged:
    """A duty not shown to be performed."""
    if duty.begun is None:
        return PENDING
    breach = _missed(duty, duty.binding_acts, duty.clock)
    refused = means_refused(duty)
    if breach is not None and (breach.own or refused is None):
        return Judged(
            "breached",
            breach.ground,
            breach.entries,
            breaches=breach.entries,
            since=breach.since,
            breached=breach.known,
        )
    settled = _term_over(duty) or standing_still(duty)
    if settled is None and refused is not None:
        settled = Judged("unverifiable", "means_refused", (refused.id,), since=refused.at)
    if settled is None and _over(duty):
        settled = _undecided(duty, amounts)
    return settled or running(duty)


def _undecided(duty: Duty, amounts: Amounts | None) -> Judged:
    """The deadline is over, and nothing established decides."""
    if _window_open(duty):
        return Judged("due", "evidence_awaited", since=duty.due)
    spoken = [act for act in duty.binding_acts if duty.speaks(act)]
    if not spoken:
        if duty.body.silence == "breached":
            return Judged("breached", "silence_is_breach", since=duty.due, breached=duty.due)
        return Judged("unverifiable", "silence", since=duty.due)
    entries = tuple(act.id for act in spoken)
    if not any(act.established for act in spoken):
        return Judged("unverifiable", "only_claims", entries, since=duty.due)
    if amounts is not None and amounts.at_least:
        return Judged("unverifiable", "amounts_open", entries, since=duty.due)
    return Judged("unverifiable", "nobody_can_tell", entries, since=duty.due)


def _missed(duty: Duty, binding: Sequence[Act], clock: datetime) -> Breach | None:
    """The breach established by that time; None where there is none."""
    acts = [
        act
        for act in binding
        if act.established and not duty.excuses(act) and not _taken_back(duty, act)
    ]
    if duty.body.due is None or duty.deadline_void:
        return _refused_without_deadline(duty, acts, clock)
    for act in acts:
        violates = act.kind == "violation" and duty.shows(act) == "not_performed"
        if violates and act.at <= clock and not _settled_since(duty, act):
            return Breach("violated", (act.id,), act.at, act.set_off)
    if duty.deadline is None or clock <= duty.deadline:
        return None
    return _left_undone(duty, acts, duty.deadline, clock)


def _left_undone(
    duty: Duty, acts: Sequence[Act], deadline: datetime, clock: datetime
) -> Breach | None:
    """What the last established word says about a deadline that is over."""
    last_day = local_day(deadline, duty.zone)
    deciding = [act for act in acts if _speaks_of_performance(duty, act)]
    for act in deciding:
        if act.day >= last_day and duty.shows(act) != "cannot_tell":
            return _breach_by(duty, act, act.at)
    if duty.evidence_until is not None and clock <= duty.evidence_until:
        return None
    # The last word before the deadline holds, unless a later one says that nobody can tell.
    if deciding and duty.shows(deciding[-1]) != "cannot_tell":
        return _breach_by(duty, deciding[-1], duty.evidence_until or deadline)
    return None


def _breach_by(duty: Duty, act: Act, since: datetime) -> Breach:
    if act.kind == "refusal":
        ground: Ground = "refused"
    elif duty.shows(act) == "part":
        ground = "partial"
    else:
        ground = "violated" if act.kind == "violation" else "not_performed"
    own = act.kind in ("refusal", "violation") or act.event.shows.get(duty.name) == "not_performed"
    return Breach(ground, (act.id,), max(since, act.at), max(since, act.set_off), own)


def _refused_without_deadline(duty: Duty, acts: Sequence[Act], clock: datetime) -> Breach | None:
    """Without a deadline only a refusal of the thing breaks it, or not doing it when asked."""
    asked = next(
        (act for act in duty.acts if act.kind == "request" and act.standing != "disputed"), None
    )
    for act in acts:
        if act.at > clock or duty.shows(act) != "not_performed":
            continue
        if act.kind == "refusal":
            return Breach("refused", (act.id,), act.at, act.set_off)
        if act.kind == "not_done" and asked is not None and asked.at <= act.at:
            asked_too = max(asked.set_off, act.set_off)
            return Breach("not_done_when_asked", (asked.id, act.id), act.at, asked_too, own=False)
    return None


def _speaks_of_performance(duty: Duty, act: Act) -> bool:
    shows = duty.shows(act)
    if shows == "part":
        return not leaves_the_rest_open(act, duty.name, duty.body)
    return shows in ("not_performed", "cannot_tell")


def _settled_since(duty: Duty, act: Act) -> bool:
    """Whether the parties set the deadline anew after the act."""
    return duty.deadline_set is not None and act.at < duty.deadline_set


def _taken_back(duty: Duty, act: Act) -> bool:
    """A refusal after which the obligor accepted again, or the parties set a new deadline."""
    return act.kind == "refusal" and (_settled_since(duty, act) or _accepted_since(duty, act))


def _accepted_since(duty: Duty, act: Act) -> bool:
    return any(
        other.at > act.at and other.kind == "accepted" and accepts(other, duty.body.by)
        for other in duty.acts
    )


def _over(duty: Duty) -> bool:
    return duty.deadline is not None and duty.clock > duty.deadline


def _window_open(duty: Duty) -> bool:
    return duty.evidence_until is not None and duty.clock <= duty.evidence_until


def _term_over(duty: Duty) -> Judged | None:
    """Its term ended before any deadline was missed."""
    if duty.ends is None or duty.clock <= duty.ends:
        return None
    if duty.deadline is not None and duty.deadline <= duty.ends:
        return None
    return Judged("lapsed", "term_over", since=duty.ends, over=duty.ends)
