"""To do a thing again and again: each period, or whenever asked."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, datetime
from itertools import pairwise

import msgspec

from excomm.entries import Day, end_of
from excomm.entries.durations import Duration
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
from excomm.terms.points import later_day, local_day, window_end


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
    silent_since = _silent_since(duty) if broken is None else None
    ended = duty.ends is not None and duty.clock > duty.ends
    if broken is not None:
        ground: Ground = "refused" if broken.kind == "refusal" else "not_performed"
        if broken.kind == "violation":
            ground = "violated"
        judged = Judged("breached", ground, (broken.id,), since=broken.at, breached=broken.set_off)
    elif silent_since is not None:
        judged = Judged("breached", "silence_is_breach", since=silent_since, breached=silent_since)
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
    if not good.event.period or not broken.event.period:
        return False
    one, other = period_end(good.event.period), period_end(broken.event.period)
    if one is None or other is None:
        return good.event.period < broken.event.period
    return one < other


def _next_period(duty: Duty) -> Judged:
    if duty.due is not None:
        return running(duty)
    today = local_day(duty.clock, duty.zone)
    for period in _periods(duty, later_day(today, Duration(0, NEAR_DAYS, 0))):
        if duty.clock > period.until or _spoken_of(period, duty, duty.established_good):
            continue
        ground: Ground = "deadline_near" if duty.clock <= period.due else "evidence_awaited"
        return Judged("due", ground, since=period.due, evidence_until=period.until)
    return running(duty)


def _silent_since(duty: Duty) -> datetime | None:
    """The end of the last period over of which no entry speaks, where silence is a breach."""
    if duty.body.silence != "breached" or duty.body.modality == "may":
        return None
    clock = min(duty.clock, duty.ends) if duty.ends else duty.clock
    over = [p for p in _periods(duty, local_day(clock, duty.zone)) if p.until < clock]
    if not over or duty.suspension.at(over[-1].until) is not None:
        return None
    return None if _spoken_of(over[-1], duty, duty.speaks) else over[-1].until


class _Period(msgspec.Struct, frozen=True):
    """after: the last day of the period before. until: when evidence of it may still come."""

    after: date
    last_day: date
    due: datetime
    until: datetime


def _periods(duty: Duty, until: date) -> Iterator[_Period]:
    """The latest periods whose last day is not after a day."""
    each = duty.body.each
    if each is None or each.due_day is None or duty.begun is None or not each.months:
        return
    begun = local_day(duty.begun, duty.zone)
    days = [
        date(year, month, min(each.due_day, monthrange(year, month)[1]))
        for year in range(max(until.year - 2, 1), until.year + 1)
        for month in sorted(each.months)
    ]
    for before, last_day in pairwise(days):
        if begun <= last_day <= until:
            due = end_of(Day(last_day), duty.zone)
            late = duty.body.evidence_by
            window = window_end(due, late, duty.zone) if late else due
            yield _Period(before, last_day, due, window)


def _spoken_of(period: _Period, duty: Duty, how: Callable[[Act], bool]) -> bool:
    return any(_is_of(act, period) for act in duty.acts if act.at <= duty.clock and how(act))


def _is_of(act: Act, period: _Period) -> bool:
    """Whether an act speaks of a period: of the one it names, else of the one its day is in.

    A named month, quarter, half or year is of the period in whose last month it ends, or of the
    first that is over after it.
    """
    named = period_end(act.event.period) if act.event.period else None
    if named is None:
        return period.after < act.day <= period.last_day
    return _month(period.after) < _month(named) <= _month(period.last_day)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


_PERIOD = re.compile(r"(\d{4})(?:-(?:(\d\d)(?:-(\d\d))?|Q([1-4])|H([12])))?", re.ASCII)


def period_end(text: str) -> date | None:
    """The last day of a named period: a year, half, quarter, month, day or interval; else None.

    >>> [str(period_end(text)) for text in ("2018", "2018-H1", "2018-Q3", "2018-02")]
    ['2018-12-31', '2018-06-30', '2018-09-30', '2018-02-28']
    """
    found = _PERIOD.fullmatch(text.rpartition("/")[2].strip())
    if found is None:
        return None
    year, month, day, quarter, half = (int(part) if part else 0 for part in found.groups())
    month = month or 3 * quarter or 6 * half or 12
    try:
        return date(year, month, day or monthrange(year, month)[1])
    except ValueError:
        return None
