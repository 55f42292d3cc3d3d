"""Waits: which undertakings keep another from beginning, and which can never begin at all."""

from collections.abc import Iterator, Mapping, Sequence

from excomm.entries.kinds import Undertaking
from excomm.entries.language import All, Any, Condition, Counted, Is, Not, Point
from excomm.terms.book import anchored_on, awaited
from excomm.terms.conditions import Sight, judge


def open_waits(name: str, body: Undertaking, sight: Sight) -> tuple[str, ...]:
    """The undertakings that an undertaking not yet begun waits for, as far as they keep it."""
    waits = dict.fromkeys(_open(body.condition, name, sight)) if body.condition else {}
    anchor = anchored_on(body.starts)
    if anchor is not None and sight.body(anchor) is not None:
        waits[anchor] = None
    return tuple(waits)


def _open(condition: Condition, of: str, sight: Sight) -> Iterator[str]:
    if judge(condition, of, sight).truth == "true":
        return
    match condition:
        case All(parts) | Any(parts):
            for part in parts:
                yield from _open(part, of, sight)
        case Not(part):
            yield from awaited(part)
        case Is() | Counted():
            yield from awaited(condition)


def never_begins(
    undertakings: Mapping[str, Undertaking], order: Sequence[Sequence[str]]
) -> frozenset[str]:
    """Undertakings that could not begin even if everybody were willing: an and/or graph.

    order: groups of names, each after all it needs, as `components` gives them.
    """
    able: set[str] = set()
    for group in order:
        grew = True
        while grew:
            before = len(able)
            able.update(
                name for name in group if _can_begin(undertakings[name], able, undertakings)
            )
            grew = len(able) > before and len(group) > 1
    return frozenset(undertakings) - able


def _can_begin(body: Undertaking, able: set[str], undertakings: Mapping[str, Undertaking]) -> bool:
    return _reachable(body.starts, able, undertakings) and (
        body.condition is None or _can_hold(body.condition, able, undertakings)
    )


def _reachable(
    point: Point | None, able: set[str], undertakings: Mapping[str, Undertaking]
) -> bool:
    anchor = anchored_on(point)
    return anchor is None or anchor not in undertakings or anchor in able


def _can_hold(
    condition: Condition, able: set[str], undertakings: Mapping[str, Undertaking]
) -> bool:
    match condition:
        case All(parts):
            return all(_can_hold(part, able, undertakings) for part in parts)
        case Any(parts):
            return any(_can_hold(part, able, undertakings) for part in parts)
        case Not():
            return True
        case Is() | Counted():
            return all(name in able or name not in undertakings for name in awaited(condition))
