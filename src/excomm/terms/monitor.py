"""The monitor: the state of one undertaking on one day, by the precedence of the semantics.

Three-valued. A claim never fulfils and never breaks; silence is "cannot be known" unless the
undertaking says otherwise. Here one undertaking is judged from the acts about it and from what is
already found of the others; in which order that happens is the affair of `standing`.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Protocol

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import EventKind, Fixed, Point, Relative
from excomm.terms.achieve import achieve
from excomm.terms.amendments import Terms, accepts, as_amended
from excomm.terms.assured import Assessed, Figure, assured, settled
from excomm.terms.conditions import judge
from excomm.terms.duty import Duty, Judged
from excomm.terms.evidence import Act, alleges, silent
from excomm.terms.maintain import maintain
from excomm.terms.outcome import Ground, Outcome, Verdict
from excomm.terms.points import (
    Anchor,
    Anchors,
    Calendar,
    anchor_after,
    anchor_at,
    first_instant,
    last_instant,
    local_day,
    window_end,
    written_anchor,
)
from excomm.terms.recur import recur
from excomm.terms.suspension import Record, suspension

# Conduct that takes an undertaking as binding, where its text names no start.
_TAKEN_AS_BOUND: frozenset[EventKind] = frozenset(
    (
        "progress",
        "partial",
        "count",
        "not_done",
        "violation",
        "suspended_by_agreement",
        "amended",
        "extended",
    )
)


_SUSPENDING: frozenset[EventKind] = frozenset(("suspension_claimed", "countermeasure"))

ALWAYS = datetime.min.replace(tzinfo=UTC)  # binding from the first, by a condition without a time


class Others(Record, Protocol):
    """The record, and what is found of the other undertakings so far."""

    on: datetime
    zone: tzinfo
    calendar: Calendar

    def is_outsider(self, party: str) -> bool: ...
    def figure(self, name: str, body: Undertaking) -> Figure | None: ...
    def assessed(self, name: str) -> Assessed | None: ...


class Start(msgspec.Struct, frozen=True):
    """When an undertaking began or will begin, and what keeps it from beginning."""

    at: datetime | None
    begun: bool
    basis: tuple[str, ...] = ()
    ground: Ground = "running"
    condition: Verdict | None = None


def outcome(name: str, body: Undertaking, acts: Sequence[Act], others: Others) -> Outcome:
    """Judge one undertaking from the acts about it, in order of time.

    Raises InputError where an amendment or a duration is not in its form.
    """
    terms = as_amended(body, acts)
    body = terms.body
    start = _start(name, body, acts, others)
    anchors = _anchors(name, start, others)
    due = _last(body.due, anchors, others)
    ends = _last(body.ends, anchors, others)
    until = window_end(due, body.evidence_by, others.zone) if due and body.evidence_by else None
    ended_by = next((act for act in acts if act.kind == "terminated" and act.established), None)
    duty = Duty(
        name=name,
        body=body,
        acts=tuple(act for act in acts if not silent(act, name)),
        begun=start.at if start.begun else None,
        due=due,
        ends=ends,
        evidence_until=until,
        clock=others.on,
        zone=others.zone,
        deadline_set=terms.deadline_set.at if terms.deadline_set else None,
        suspension=suspension(body, acts, others),
        means_gone=_means_gone(name, body, others),
    )
    judged = assured(duty, _with_end(duty, ended_by), others.figure(name, body))
    judged, proposed = settled(judged, others.assessed(name))
    found = _outcome(duty, start, judged, terms, others)
    if proposed:
        found = msgspec.structs.replace(found, flags=(*found.flags, "assessment_proposed"))
    return found


def _last(point: Point | None, anchors: Anchors, others: Others) -> datetime | None:
    if point is None or type(point) is Fixed:
        return others.calendar.last(point) if point is not None else None
    return last_instant(point, anchors, others.zone)


def _with_end(duty: Duty, ended_by: Act | None) -> Judged:
    """Judge; what is ended by the parties keeps only what was final before."""
    if ended_by is None:
        return _judged(duty)
    judged = _judged(duty.until(ended_by.at))
    if judged.state in ("fulfilled", "breached") or judged.over is not None:
        return judged
    return Judged("lapsed", "terminated", (ended_by.id,), since=ended_by.at, over=ended_by.at)


def _judged(duty: Duty) -> Judged:
    match duty.body.kind:
        case "achieve" if duty.body.modality == "must_not":
            # Not to do a thing by a day is to leave it undone until then.
            return maintain(msgspec.structs.replace(duty, ends=duty.ends or duty.due))
        case "achieve":
            return achieve(duty)
        case "maintain":
            return maintain(msgspec.structs.replace(duty, ends=duty.ends or duty.due))
        case "recur":
            return recur(duty)


def _outcome(duty: Duty, start: Start, judged: Judged, terms: Terms, others: Others) -> Outcome:
    pending = judged.state == "pending"
    late = (
        judged.performed_at is not None and duty.due is not None and judged.performed_at > duty.due
    )
    flags: list[str] = []
    condition_open = start.condition is not None and start.condition.truth != "true"
    if duty.due is not None and duty.due < duty.clock and pending and condition_open:
        flags.append("deadline_before_condition")
    if duty.deadline_void:
        flags.append("deadline_before_condition")
    amounts = judged.amounts
    if amounts is not None and amounts.at_least > amounts.number and duty.body.modality == "must":
        flags.append("more_than_declared")
    if pending and start.ground == "outsider":
        flags.append("obligor_not_party")
    return Outcome(
        body=duty.body,
        state=judged.state,
        ground=start.ground if pending else judged.ground,
        basis=_basis(start, judged, terms, others),
        start_basis=start.basis,
        breaches=judged.breaches,
        begun=start.begun,
        starts=None if start.at == ALWAYS else start.at,
        due=duty.due or (judged.since if judged.state == "due" else None),
        ends=duty.ends,
        evidence_until=duty.evidence_until or judged.evidence_until,
        over=judged.over,
        since=judged.since,
        performed=judged.performed,
        breached=judged.breached,
        days_late=(
            (local_day(judged.performed_at, duty.zone) - local_day(duty.due, duty.zone)).days
            if late and judged.performed_at and duty.due
            else None
        ),
        disputed=_disputed(duty),
        flags=tuple(flags),
        amounts=judged.amounts,
        contested=duty.suspension.contested,
        condition=start.condition,
        changed_by=terms.changed_by,
    )


def _basis(start: Start, judged: Judged, terms: Terms, others: Others) -> tuple[str, ...]:
    if judged.state == "pending":
        return start.condition.decided_by if start.condition else ()
    times = (
        point.anchor
        for point in (terms.body.due, terms.body.ends)
        if type(point) is Relative and others.act(point.anchor) is not None
    )
    return _unique((*judged.basis, *start.basis, *terms.changed_by, *times))


def _disputed(duty: Duty) -> bool:
    if duty.suspension.contested:
        return True
    still = duty.suspension.at(duty.clock)
    return any(
        act.standing == "disputed"
        or (act.kind == "objection" and alleges(act, duty.name, duty.body))
        for act in duty.acts
        if act.kind not in _SUSPENDING
        or (still is not None and still.how == "in_answer" and act.id in still.basis)
    )


# -- when it begins ------------------------------------------------------------------------------


def _start(name: str, body: Undertaking, acts: Sequence[Act], others: Others) -> Start:
    verdict = judge(body.condition, name, others) if body.condition else None
    accepted = next((act for act in acts if accepts(act, body.by)), None)
    if all(others.is_outsider(party) for party in body.by) and accepted is None:
        return Start(None, begun=False, ground="outsider", condition=verdict)
    if verdict is not None and verdict.truth != "true":
        # Whoever accepts with a deadline of his own no longer waits for the condition.
        taken_on = next((a for a in acts if a.event.due and accepts(a, body.by)), None)
        if taken_on is None:
            planned = _planned(name, body, verdict, others)
            ground: Ground = "condition_unknown" if verdict.truth == "unknown" else "condition_open"
            return Start(planned, begun=False, ground=ground, condition=verdict)
        verdict = Verdict("true", taken_on.set_off, (taken_on.id,))
    times: list[tuple[datetime, tuple[str, ...]]] = []
    if verdict is not None and verdict.since is not None:
        times.append((verdict.since, verdict.decided_by))
    if accepted is not None and any(others.is_outsider(party) for party in body.by):
        times.append((accepted.set_off, (accepted.id,)))
    if body.starts is not None:
        at = _planned(name, body, verdict, others)
        if at is None:
            return Start(None, begun=False, ground="starts_later", condition=verdict)
        times.append((at, _anchor_basis(body, others)))
    elif verdict is None:
        set_off = _set_off(body, acts, accepted)
        if set_off is None:
            return Start(None, begun=False, ground="no_start")
        times.append(set_off)
    at = max((time for time, _ in times), default=ALWAYS)
    basis = _unique(entry for _, entries in times for entry in entries)
    begun = at <= others.on
    return Start(at, begun, basis, "running" if begun else "starts_later", verdict)


def _set_off(
    body: Undertaking, acts: Sequence[Act], accepted: Act | None
) -> tuple[datetime, tuple[str, ...]] | None:
    """What starts an undertaking whose text names no start, and when."""
    if accepted is not None:
        return accepted.set_off, (accepted.id,)
    for act in acts:
        if act.kind == "in_force" or (act.kind == "request" and body.on_request_of):
            return act.set_off, (act.id,)
        if act.kind in _TAKEN_AS_BOUND and act.established:
            return ALWAYS, (act.id,)  # what is missed or broken was binding before
    return None


def _planned(
    name: str, body: Undertaking, verdict: Verdict | None, others: Others
) -> datetime | None:
    if body.starts is None or type(body.starts) is Fixed:
        return others.calendar.first(body.starts) if body.starts is not None else None
    waiting = Start(None, begun=False, condition=verdict)
    return first_instant(body.starts, _anchors(name, waiting, others), others.zone)


def _anchor_basis(body: Undertaking, others: Others) -> tuple[str, ...]:
    if type(body.starts) is not Relative:
        return ()
    anchor = body.starts.anchor
    if others.act(anchor) is not None:
        return (anchor,)
    for word in ("start of ", "fulfilled ", "due of "):
        found = others.outcome(anchor.removeprefix(word)) if anchor.startswith(word) else None
        if found is not None:
            return found.basis if word == "fulfilled " else found.start_basis
    return ()


def _anchors(name: str, start: Start, others: Others) -> Anchors:
    """What relative points of this undertaking count from."""
    zone = others.zone

    def anchor(text: str) -> Anchor | None:
        act = others.act(text)
        if act is not None:
            return anchor_at(act.set_off, zone) if act.standing != "disputed" else None
        last: datetime | None = None
        at: datetime | None = None
        match text.split(" "):
            case ["starts"] | ["start"]:
                at = start.at
            case ["condition"]:
                at = start.condition.since if start.condition else None
            case ["start", "of", of]:
                at = start.at if of == name else _of(of, "starts")
            case ["due", "of", of]:
                last = _of(of, "due")
            case ["end", "of", of]:
                at = _of(of, "over") or _of(of, "ends") or _of(of, "due")
            case ["fulfilled", of] | [of] if others.outcome(of) is not None:
                at = _of(of, "performed")
            case _:
                return written_anchor(text, zone)
        if last is not None:
            return anchor_after(last, zone)
        return anchor_at(at, zone) if at is not None and at != ALWAYS else None

    def _of(undertaking: str, field: str) -> datetime | None:
        # Nothing counts from its own end.
        found = others.outcome(undertaking) if undertaking != name else None
        return getattr(found, field) if found is not None else None

    return anchor


# -- what its evidence rests on ----------------------------------------------------------------


def _means_gone(
    name: str, body: Undertaking, others: Others
) -> tuple[datetime, tuple[str, ...]] | None:
    """Since when nothing it relies on gives evidence any more, by which entries; else None."""
    if not body.relies_on:
        return None
    times: list[datetime] = []
    basis: list[str] = []
    for relied in body.relies_on:
        found = others.outcome(relied)
        relying_on = others.body(relied)
        if found is None or found.since is None or relying_on is None:
            return None
        ended = found.state == "fulfilled" and relying_on.kind != "achieve"
        refused = found.state == "unverifiable" and found.ground in ("means_refused", "means_gone")
        if not ended and not refused and found.state not in ("breached", "suspended", "lapsed"):
            return None
        times.append(found.since)
        basis.extend(found.basis)
    return max(times), _unique(basis)


def _unique(ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(ids))
