"""The short way: undertakings of which no entry speaks and whose days are fixed by the text.

Most undertakings of a large agreement are such on most days. What is found is what `monitor` finds,
a test compares them; here it takes a tenth of the time.
"""

from datetime import datetime, timedelta

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import Condition, Fixed, Is, State
from excomm.terms.conditions import FALSE, judge
from excomm.terms.duty import NEAR_DAYS
from excomm.terms.evidence import no_amounts
from excomm.terms.monitor import ALWAYS, Others
from excomm.terms.outcome import Ground, Outcome, Verdict
from excomm.terms.points import local_day

_NEAR = timedelta(days=NEAR_DAYS + 2)  # beyond this no zone makes a deadline near


def plain(  # noqa: PLR0912  one branch a case
    name: str, body: Undertaking, others: Others
) -> Outcome | None:
    """What is found of an undertaking without any act about it; None where that takes more."""
    starts, due = body.starts, body.due
    kind = body.kind
    if (
        body.modality != "must"
        or kind == "recur"
        or len(body.by) != 1
        or body.readings
        or body.relies_on
        or body.ends is not None
        or body.evidence_by
        or body.standard is not None
        or body.silence != "unverifiable"
        or (starts is not None and type(starts) is not Fixed)
        or (due is not None and type(due) is not Fixed)
        or others.is_outsider(body.by[0])
    ):
        return None
    clock, calendar = others.on, others.calendar
    last = calendar.last(due) if type(due) is Fixed else None
    at = calendar.first(starts) if type(starts) is Fixed else None
    condition = body.condition
    verdict = None
    if condition is not None:
        verdict = _short(condition, others) or judge(condition, name, others)
    if verdict is None and at is None:
        return _pending(body, "no_start", None, last, None, clock)
    if verdict is not None and verdict.truth != "true":
        ground: Ground = "condition_unknown" if verdict.truth == "unknown" else "condition_open"
        return _pending(body, ground, at, last, verdict, clock)
    basis: tuple[str, ...] = ()
    if verdict is not None and verdict.since is not None:
        at = verdict.since if at is None else max(at, verdict.since)
        basis = tuple(dict.fromkeys(verdict.decided_by))
    begins = ALWAYS if at is None else at
    if begins > clock:
        later = _pending(body, "starts_later", begins, last, verdict, clock)
        return msgspec.structs.replace(later, start_basis=basis) if basis else later
    void = last is not None and last < begins
    state: State = "in_force"
    ground, since = "running", begins
    over: datetime | None = None
    if last is not None and not void:
        if clock > last:
            if kind == "maintain":
                state, ground, since, over = "fulfilled", "term_kept", last, last
            else:
                state, ground, since = "unverifiable", "silence", last
        elif last - clock < _NEAR:
            zone = others.zone
            if (local_day(last, zone) - local_day(clock, zone)).days <= NEAR_DAYS:
                state, ground, since = "due", "deadline_near", last
    elif kind == "maintain" and last is not None and clock > last:
        return None
    return Outcome(
        body=body,
        state=state,
        ground=ground,
        basis=basis,
        start_basis=basis,
        begun=True,
        starts=None if begins is ALWAYS else begins,
        due=last,
        since=since,
        over=over,
        performed=over,
        flags=("deadline_before_condition",) if void else (),
        amounts=no_amounts(body.quantity) if body.quantity and kind == "achieve" else None,
        condition=verdict,
    )


def _short(condition: Condition, others: Others) -> Verdict | None:
    """The commonest wait, for another's performance, while there is none and no entry speaks."""
    if type(condition) is not Is or condition.what != "fulfilled":
        return None
    found = others.outcome(condition.of)
    if found is None or (found.state in ("pending", "in_force", "due") and not found.basis):
        return FALSE
    return None


def _pending(
    body: Undertaking,
    ground: Ground,
    starts: datetime | None,
    due: datetime | None,
    verdict: Verdict | None,
    clock: datetime,
) -> Outcome:
    is_open = verdict is not None and verdict.truth != "true"
    flags = ("deadline_before_condition",) if is_open and due and due < clock else ()
    return Outcome(
        body=body,
        state="pending",
        ground=ground,
        basis=verdict.decided_by if verdict else (),
        starts=starts,
        due=due,
        flags=flags,
        amounts=no_amounts(body.quantity) if body.quantity and body.kind == "achieve" else None,
        condition=verdict,
    )
