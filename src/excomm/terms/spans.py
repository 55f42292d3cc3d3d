"""Times that the text alone gives: when an undertaking can begin, and when it is over.

Lower ends say the earliest that is possible; upper ends the latest if everybody acts in time, and
are None where the text sets no limit.
"""

from collections.abc import Iterable, Mapping
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
    With,
)
from excomm.terms.order import components
from excomm.terms.points import (
    Anchor,
    anchor_after,
    anchor_at,
    first_instant,
    last_instant,
    written_anchor,
)
from excomm.terms.rings import Atom, atoms, named, split_anchor

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


def spans(undertakings: Mapping[str, Undertaking], zone: tzinfo) -> dict[str, Span]:
    """The times of every undertaking, each after those it counts from."""
    needs = {name: _needs(body, undertakings) for name, body in undertakings.items()}
    found: dict[str, Span] = {}
    for group in components(needs):
        # In a ring the fixed days of some give times to others: once more round, with those known.
        for name in (*group, *group) if len(group) > 1 else group:
            found[name] = _span(undertakings[name], undertakings, found, zone)
    return found


def _needs(body: Undertaking, undertakings: Mapping[str, Undertaking]) -> tuple[str, ...]:
    names: dict[str, None] = {}
    for atom in atoms(body.condition):
        of = named(atom)
        if of is not None:
            names[of] = None
    for point in (body.starts, body.due, body.ends):
        if isinstance(point, Relative):
            names[split_anchor(point.anchor)[1]] = None
        elif isinstance(point, With):
            names[point.undertaking] = None
    return tuple(name for name in names if name in undertakings)


def _span(
    body: Undertaking,
    undertakings: Mapping[str, Undertaking],
    found: Mapping[str, Span],
    zone: tzinfo,
) -> Span:
    starts = _instant(body.starts, body, found, zone, "first")
    due = _instant(body.due, body, found, zone, "last")
    ends = _instant(body.ends, body, found, zone, "last")
    waits, waits_by = EVER, None
    if body.condition is not None:
        waits = _earliest(body.condition, undertakings, found, "is")
        waits_by = _latest(body.condition, undertakings, found, "is")
    low, high = _start_range(body.starts, starts, found)
    begins = max(low, waits)
    begun_by = _later(high, waits_by) if body.condition is not None else high
    over = due if body.kind == "achieve" and body.modality != "must_not" else ends or due
    at_end = body.kind != "achieve" or body.modality == "must_not"
    return Span(
        begins=begins,
        begun_by=begun_by,
        due=due,
        ends=ends,
        kept=max(begins, over) if at_end and over is not None else begins,
        kept_by=over,
        waits_until=max(waits, low if isinstance(body.starts, Relative) else EVER),
        waits_by=_later(waits_by, high if isinstance(body.starts, Relative) else None),
    )


def _start_range(
    point: Point | None, starts: datetime | None, found: Mapping[str, Span]
) -> tuple[datetime, datetime | None]:
    if starts is not None:
        return starts, starts
    if isinstance(point, Relative):
        word, name = split_anchor(point.anchor)
        span = found.get(name)
        if span is not None and word != "due":
            return (span.begins, span.begun_by) if word == "start" else (span.kept, span.kept_by)
    return EVER, None


def _instant(
    point: Point | None,
    body: Undertaking,
    found: Mapping[str, Span],
    zone: tzinfo,
    end: Literal["first", "last"],
) -> datetime | None:
    if point is None:
        return None

    def anchor(text: str) -> Anchor | None:
        if text == "starts":
            fixed = body.starts if body.condition is None else None
            return _anchor_of(fixed, zone, anchor)
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


def _anchor_of(point: Point | None, zone: tzinfo, anchors: object) -> Anchor | None:
    if not isinstance(point, Fixed):
        return None
    at = first_instant(point, lambda _: None, zone)
    return anchor_at(at, zone) if at is not None else None


def _earliest(
    condition: Condition,
    undertakings: Mapping[str, Undertaking],
    found: Mapping[str, Span],
    side: Literal["is", "not"],
) -> datetime:
    match condition:
        case Not(part):
            return _earliest(part, undertakings, found, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            times = [_earliest(part, undertakings, found, side) for part in parts]
            every = isinstance(condition, All) == (side == "is")
            return max(times, default=EVER) if every else min(times, default=EVER)
        case Is() | Counted():
            of = named(condition)
            span = found.get(of) if of is not None and side == "is" else None
            if span is None:
                return EVER
            return _comes(condition, span, undertakings[str(of)])


def _comes(atom: Atom, span: Span, body: Undertaking) -> datetime:
    match atom:
        case Is("fulfilled"):
            return span.kept
        case Is("breached") if body.kind == "achieve" and span.due is not None:
            return span.due
        case _:
            return span.begins


def _latest(
    condition: Condition,
    undertakings: Mapping[str, Undertaking],
    found: Mapping[str, Span],
    side: Literal["is", "not"],
) -> datetime | None:
    """The latest that it comes about if everybody acts in time, as far as the text says."""
    match condition:
        case Not(part):
            return _latest(part, undertakings, found, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            times = [_latest(part, undertakings, found, side) for part in parts]
            if isinstance(condition, All) == (side == "is"):
                return max((time for time in times if time is not None), default=None)
            known = [time for time in times if time is not None]
            return min(known) if len(known) == len(times) else None
        case Is() | Counted():
            of = named(condition)
            span = found.get(of) if of is not None and side == "is" else None
            if span is None:
                return None
            if isinstance(condition, Is) and condition.what != "fulfilled":
                return span.begun_by if condition.what == "in_force" else None
            return span.kept_by


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    known: Iterable[datetime] = (time for time in (first, second) if time is not None)
    return max(known, default=None)
