"""Waits: which undertakings keep another from beginning."""

from collections.abc import Iterator

from excomm.entries.kinds import Undertaking
from excomm.entries.language import All, Any, Condition, Counted, Is, Not
from excomm.terms.book import anchored_on
from excomm.terms.conditions import Sight, judge
from excomm.terms.rings import awaited


def open_waits(name: str, body: Undertaking, sight: Sight) -> tuple[str, ...]:
    """The undertakings that an undertaking not yet begun waits for, as far as they keep it."""
    waits = dict.fromkeys(_open(body.condition, name, sight)) if body.condition else {}
    anchor = anchored_on(body.starts)
    if anchor is not None and sight.body(anchor) is not None:
        waits[anchor] = None
    return tuple(name for name in waits if sight.body(name) is not None)


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
