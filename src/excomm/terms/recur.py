"""To do a thing again and again: each period, or whenever asked."""

from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime

import msgspec

from excomm.entries import Day, end_of
from excomm.terms.duty import (
    NEAR_DAYS,
    PENDING,
    Duty,
    Judged,
    means_refused,
    running,
    standing_still,
)
from excomm.terms.evidence import Act
from excomm.terms.outcome import Ground
from excomm.terms.points import Duration, later_day, local_day, window_end


Speaking = Callable[[Act], bool]


def recur(duty: Duty) -> Judged:
    """A thing to be done each period, or whenever asked. A later good period ends a breach."""
    if duty.begun is None:
        return PENDING
    breaches: list[str] = []
    broken: Act | None = None
    good: Act | None = None
    for act in duty.binding_acts if duty.body.modality != "may" else ():
        if not act.established or act.at > (duty.ends or duty.clock):
            continue
        if duty.shows(act) == "not_performed" and not duty.excuses(act):
            broken = broken or act
            breaches.append(act.id)
        elif duty.good(act):
            good = act
            if broken is not None and not _earlier_period(act, broken):
                broken = None
    silent_since = _silent_period(duty) if broken is None else None
    ended = duty.ends is not None and duty.clock > duty.ends
    if broken is not None:
        ground: Ground = "refused" if broken.kind == "refusal" else "not_performed"
        if broken.kind == "violation":
            ground = "violated"
        judged = Judged(
            "breached", ground, (broken.id,), since=broken.at, breached=broken.at
        )
    elif silent_since is not None:
        judged = Judged(
            "breached", "silence_is_breach", since=silent_since, breached=silent_since
        )
    elif ended:
        judged = _series_over(duty, good)
    else:
        judged = standing_still(duty) or _refused(duty) or _next_period(duty)
    return msgspec.structs.replace(
        judged, breaches=tuple(breaches), over=duty.ends if ended else judged.over
    )


def _series_over(duty: Duty, good: Act | None) -> Judged:
    if good is None or duty.body.modality == "may":
        return Judged("lapsed", "term_over", since=duty.ends)
    return Judged(
        "fulfilled",
        "term_kept",
        (good.id,),
        since=duty.ends,
        performed_at=duty.ends,
        performed=duty.ends,
    )


def _refused(duty: Duty) -> Judged | None:
    act = means_refused(duty) if duty.body.modality != "may" else None
    return Judged("unverifiable", "means_refused", (act.id,), since=act.at) if act else None


def _earlier_period(good: Act, broken: Act) -> bool:
    return bool(good.event.period and broken.event.period) and (
        good.event.period < broken.event.period
    )


def _next_period(duty: Duty) -> Judged:
    if duty.due is not None:
        return running(duty)
    today = local_day(duty.clock, duty.zone)
    for before, last_day in _periods(duty, later_day(today, Duration(0, NEAR_DAYS, 0))):
        due = end_of(Day(last_day), duty.zone)
        until = window_end(due, duty.body.evidence_by, duty.zone) if duty.body.evidence_by else due
        if duty.clock <= until and not _period_spoken_of(duty, before, last_day, duty.established_good):
            near = duty.clock <= due
            return Judged("due", "deadline_near" if near else "evidence_awaited", since=due)
    return running(duty)


def _silent_period(duty: Duty) -> datetime | None:
    """The end of the last period over of which no entry speaks, where silence is a breach."""
    if duty.body.silence != "breached" or duty.body.modality == "may":
        return None
    clock = min(duty.clock, duty.ends) if duty.ends else duty.clock
    last: tuple[date, date, datetime] | None = None
    for before, last_day in _periods(duty, local_day(clock, duty.zone)):
        due = end_of(Day(last_day), duty.zone)
        until = window_end(due, duty.body.evidence_by, duty.zone) if duty.body.evidence_by else due
        if until < clock:
            last = (before, last_day, until)
    if last is None or duty.suspension.at(last[2]) is not None:
        return None
    return None if _period_spoken_of(duty, last[0], last[1], duty.speaks) else last[2]


def _periods(duty: Duty, until: date) -> Iterator[tuple[date, date]]:
    """The last days of the latest periods up to a day, each with the last day before it."""
    each = duty.body.each
    if each is None or each.due_day is None or duty.begun is None or not each.months:
        return
    begun = local_day(duty.begun, duty.zone)
    days = [
        date(year, month, min(each.due_day, monthrange(year, month)[1]))
        for year in range(max(until.year - 2, 1), until.year + 1)
        for month in sorted(each.months)
    ]
    for before, last_day in zip(days, days[1:], strict=False):
        if begun <= last_day <= until:
            yield before, last_day


def _period_spoken_of(duty: Duty, before: date, last_day: date, how: Speaking) -> bool:
    name = f"{last_day.year:04}-{last_day.month:02}"
    return any(
        how(act)
        and (act.event.period == name if act.event.period else before < act.day <= last_day)
        for act in duty.acts
        if act.at <= duty.clock
    )
