"""Times that the text alone gives: when an undertaking can begin, and when it is over.

Lower ends say the earliest that is possible; upper ends the latest if everybody acts in time, and
are None where the text sets no limit.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo
from typing import Literal

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import (
    All,
    Any,
    Condition,
    Counted,
    Fixed,
    Is,
    Not,
    Point,
    Relative,
)
from excomm.terms.points import (
    Anchor,
    Calendar,
    anchor_after,
    anchor_at,
    first_instant,
    last_instant,
    written_anchor,
)
from excomm.terms.rings import Atom, Links, links, named, split_anchor

_ROUNDS_MAX = 8  # times that chase each other round a ring settle nowhere
EVER = datetime.min.replace(tzinfo=UTC)


class Span(msgspec.Struct, frozen=True):
    """begins: earliest. begun_by, kept_by: latest in time, None where nothing limits it.

    due: its deadline, where the text fixes it apart from its condition. ends: of its term.
    """

    begins: datetime = EVER
    begun_by: datetime | None = None
    due: datetime | None = None
    ends: datetime | None = None
    kept: datetime = EVER  # earliest
    kept_by: datetime | None = None
    waits_until: datetime = EVER  # the earliest that its condition can be met
    waits_by: datetime | None = None  # the latest, everybody acting in time


def spans(
    undertakings: Mapping[str, Undertaking], zone: tzinfo, linked: Links | None = None
) -> dict[str, Span]:
    """The times of every undertaking, each after those it counts from."""
    linked = linked or links(undertakings)
    calendar = Calendar(zone)
    found: dict[str, Span] = {}
    for group in linked.order:
        for name in group:
            found[name] = _span(undertakings[name], undertakings, found, calendar)
        # In a ring the fixed days of some give times to others: again, with those known.
        for _ in range(_ROUNDS_MAX if len(group) > 1 else 0):
            before = [found[name] for name in group]
            for name in group:
                found[name] = _span(undertakings[name], undertakings, found, calendar)
            if before == [found[name] for name in group]:
                break
    return found


def _span(
    body: Undertaking,
    undertakings: Mapping[str, Undertaking],
    found: Mapping[str, Span],
    calendar: Calendar,
) -> Span:
    starts = due = ends = None
    if body.starts is not None:
        starts = _instant(body.starts, body, found, calendar, "first")
    if body.due is not None:
        due = _instant(body.due, body, found, calendar, "last")
    if body.ends is not None:
        ends = _instant(body.ends, body, found, calendar, "last")
    low, high = (starts, starts) if starts is not None else _start_range(body.starts, found)
    waits, waits_by, begins, begun_by = EVER, None, low, high
    condition = body.condition
    if condition is not None:
        if type(condition) is Is:
            waits, waits_by = _comes(condition, undertakings, found), _comes_by(condition, found)
        else:
            waits = _earliest(condition, undertakings, found, "is")
            waits_by = _latest(condition, found, "is")
        begins, begun_by = max(low, waits), _later(high, waits_by)
    over = due if body.kind == "achieve" and body.modality != "must_not" else ends or due
    at_end = body.kind != "achieve" or body.modality == "must_not"
    if type(body.starts) is Relative:
        waits, waits_by = max(waits, low), _later(waits_by, high)
    return Span(
        begins,
        begun_by,
        due,
        ends,
        max(begins, over) if at_end and over is not None else begins,
        over,
        waits,
        waits_by,
    )


def _start_range(
    point: Point | None, found: Mapping[str, Span]
) -> tuple[datetime, datetime | None]:
    if isinstance(point, Relative):
        word, name = split_anchor(point.anchor)
        span = found.get(name)
        if span is not None and word != "due":
            return (span.begins, span.begun_by) if word == "start" else (span.kept, span.kept_by)
    return EVER, None


def _instant(
    point: Point,
    body: Undertaking,
    found: Mapping[str, Span],
    calendar: Calendar,
    end: Literal["first", "last"],
) -> datetime | None:
    if type(point) is Fixed:
        return calendar.first(point) if end == "first" else calendar.last(point)
    zone = calendar.zone

    def anchor(text: str) -> Anchor | None:
        if text == "starts":
            fixed = body.starts if body.condition is None else None
            if type(fixed) is not Fixed:
                return None
            return anchor_at(calendar.first(fixed), zone)
        word, name = split_anchor(text)
        if word == "due" and name in found:
            due = found[name].due
            return anchor_after(due, zone) if due is not None else None
        if word == "start" and name in found:
            span = found[name]
            sure = span.begun_by is not None and span.begins == span.begun_by
            return anchor_at(span.begins, zone) if sure else None
        if text.startswith("end of "):
            span_of = found.get(text.removeprefix("end of "))
            return anchor_at(span_of.ends, zone) if span_of and span_of.ends else None
        return written_anchor(text, zone)

    return (first_instant if end == "first" else last_instant)(point, anchor, zone)


def _earliest(
    condition: Condition,
    undertakings: Mapping[str, Undertaking],
    found: Mapping[str, Span],
    side: Literal["is", "not"],
) -> datetime:
    match condition:
        case Is() | Counted():
            return _comes(condition, undertakings, found) if side == "is" else EVER
        case Not(part):
            return _earliest(part, undertakings, found, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            times = [_earliest(part, undertakings, found, side) for part in parts]
            every = isinstance(condition, All) == (side == "is")
            return max(times, default=EVER) if every else min(times, default=EVER)


def _comes(
    atom: Atom, undertakings: Mapping[str, Undertaking], found: Mapping[str, Span]
) -> datetime:
    of = named(atom)
    span = found.get(of) if of is not None else None
    if of is None or span is None:
        return EVER
    if type(atom) is Is:
        if atom.what == "fulfilled":
            return span.kept
        if atom.what == "breached" and span.due and undertakings[of].kind == "achieve":
            return span.due
    return span.begins


def _latest(
    condition: Condition, found: Mapping[str, Span], side: Literal["is", "not"]
) -> datetime | None:
    """The latest that it comes about if everybody acts in time, as far as the text says."""
    match condition:
        case Is() | Counted():
            return _comes_by(condition, found) if side == "is" else None
        case Not(part):
            return _latest(part, found, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            times = [_latest(part, found, side) for part in parts]
            known = [time for time in times if time is not None]
            if isinstance(condition, All) == (side == "is"):
                return max(known, default=None)
            return min(known) if len(known) == len(times) else None


def _comes_by(atom: Atom, found: Mapping[str, Span]) -> datetime | None:
    of = named(atom)
    span = found.get(of) if of is not None else None
    if span is None or (type(atom) is Is and atom.what == "breached"):
        return None
    return span.begun_by if type(atom) is Is and atom.what == "in_force" else span.kept_by


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    if first is None or second is None:
        return second if first is None else first
    return max(first, second)
