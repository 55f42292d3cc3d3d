"""Conflicts: the same act demanded and forbidden, or forbidden and allowed, in overlapping time.

Only one party's own undertakings conflict: what A must do and B must not is no conflict. A number
under `must_not` is a limit, so that an amount within it is allowed.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import All, Condition, Is, Not, Point, Relative, With
from excomm.terms.rings import split_anchor
from excomm.terms.spans import EVER, Span


class Conflict(msgspec.Struct, frozen=True):
    """Two undertakings on the same act, in the order of the agreement."""

    first: str
    second: str
    how: Literal["modality", "unit"]


def conflicts(
    undertakings: Mapping[str, Undertaking], times: Mapping[str, Span]
) -> Iterator[Conflict]:
    """Every pair that conflicts, or whose amounts of one act cannot be compared."""
    place = {name: index for index, name in enumerate(undertakings)}
    found: list[Conflict] = []
    for group in _same_act(undertakings):
        forbidden = [name for name in group if undertakings[name].modality == "must_not"]
        for barred in forbidden:
            for other in group:
                if undertakings[other].modality == "must_not":
                    continue
                how = _how(undertakings[barred], undertakings[other], times[barred], times[other])
                if how is not None:
                    first, second = sorted((barred, other), key=place.__getitem__)
                    found.append(Conflict(first, second, how))
    yield from sorted(found, key=lambda each: (place[each.first], place[each.second]))


def _same_act(undertakings: Mapping[str, Undertaking]) -> Iterator[list[str]]:
    """Groups of one obligor's undertakings with an equal act, else an equal what."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    barred = {p for body in undertakings.values() if body.modality == "must_not" for p in body.by}
    for name, body in undertakings.items() if barred else ():
        for party in body.by:
            if party not in barred:
                continue
            if body.act:
                groups.setdefault((party, "act", _words(body.act)), []).append(name)
            groups.setdefault((party, "what", _words(body.what)), []).append(name)
    seen: set[tuple[str, str]] = set()
    for (_, field, _), names in groups.items():
        if len(names) < 2:
            continue
        for index, name in enumerate(names):
            if undertakings[name].modality != "must_not":
                continue
            for other in (*names[:index], *names[index + 1 :]):
                # Two acts that are named differ, whatever else is said alike.
                both_named = undertakings[name].act and undertakings[other].act
                pair = (name, other)
                if pair not in seen and not (field == "what" and both_named):
                    seen.add(pair)
                    yield [name, other]


def _words(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".;")


def _how(
    barred: Undertaking, other: Undertaking, barred_time: Span, other_time: Span
) -> Literal["modality", "unit"] | None:
    if _apart(barred, other, barred_time, other_time):
        return None
    limit, amount = barred.quantity, other.quantity
    if limit is None:
        return "modality"
    if amount is None:
        return None  # how much of it is wanted, the text does not say
    if limit.item != amount.item or (limit.unit and amount.unit and limit.unit != amount.unit):
        return "unit"
    return "modality" if amount.number > limit.number else None


def _apart(first: Undertaking, second: Undertaking, a: Span, b: Span) -> bool:
    """Whether the text keeps them apart in time."""
    return (
        _before(first, second, a, b)
        or _before(second, first, b, a)
        or _excludes(first.condition, second.condition)
        or _excludes(second.condition, first.condition)
    )


def _before(first: Undertaking, second: Undertaking, a: Span, b: Span) -> bool:
    """Whether the first is over before the second begins."""
    over = _over(first, a)
    begins = b.begins
    if over is not None and begins != EVER and over < begins + _slack(second):
        return True
    end = first.ends or first.due
    return _ends_when_begins(end, second)


def _slack(body: Undertaking) -> timedelta:
    """What starts after a day does not share that day with what ends on it."""
    starts = body.starts
    if isinstance(starts, Relative) and not starts.duration and starts.anchor[:1].isdigit():
        return timedelta(days=1)
    return timedelta(0)


def _over(body: Undertaking, time: Span) -> datetime | None:
    known = [at for at in (time.due if body.kind == "achieve" else None, time.ends) if at]
    if known:
        return max(known) if body.kind == "achieve" else min(known)
    return time.due if body.kind != "achieve" else None


def _ends_when_begins(end: Point | None, second: Undertaking) -> bool:
    """Whether a term ends with what sets the second off."""
    match end:
        case With(undertaking):
            ended = undertaking
            anchor = f"fulfilled {undertaking}"
        case Relative(anchor=anchor, duration="") if anchor not in ("starts", "condition"):
            word, name = split_anchor(anchor)
            ended = name if word == "fulfilled" else ""
        case _:
            return False
    starts = second.starts
    if isinstance(starts, Relative) and (
        starts.anchor == anchor or split_anchor(starts.anchor) == split_anchor(anchor)
    ):
        return True
    return any(
        (ended and atom == Is("fulfilled", ended)) or atom == Is("event", anchor)
        for atom in _required(second.condition)
    )


def _excludes(first: Condition | None, second: Condition | None) -> bool:
    """Whether the first needs something that the second needs not to be."""
    needed = set(_required(first))
    return any(isinstance(part, Not) and part.part in needed for part in _parts(second))


def _required(condition: Condition | None) -> Iterator[Condition]:
    return (part for part in _parts(condition) if not isinstance(part, Not))


def _parts(condition: Condition | None) -> Iterator[Condition]:
    if isinstance(condition, All):
        for part in condition.parts:
            yield from _parts(part)
    elif condition is not None:
        yield condition
