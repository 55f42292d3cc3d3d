"""Rings: which undertakings can never begin, everyone being willing, since they wait in a circle.

An and/or graph. Whoever can act does, so a second limb outside the ring is a way in; what has not
come about can be absent, so `not` is one too. Requests, acceptances and events can always come.
What can never come about whoever is willing (fifty counted of forty-two) opens nothing.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
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
from excomm.terms.text import Variant, variants

Atom = Is | Counted
_OF_UNDERTAKINGS = ("fulfilled", "in_force", "breached")
_FINAL = ("fulfilled", "event", "requested_by", "accepted_by")


class Rings(msgspec.Struct, frozen=True):
    """rings: members in the order of the agreement. waiting: who can only begin after a ring ->

    the way to it, nearest first. never: all that can never begin.
    """

    rings: tuple[tuple[str, ...], ...]
    paths: tuple[tuple[str, ...], ...]  # of each ring, from its first member back to it
    waiting: dict[str, tuple[str, ...]]
    never: frozenset[str]


class Links(msgspec.Struct, frozen=True):
    """needs: undertaking -> those that its text names. order: each after those, rings together."""

    needs: dict[str, tuple[str, ...]]
    order: tuple[tuple[str, ...], ...]


def links(undertakings: Mapping[str, Undertaking]) -> Links:
    """Who is named by whom: in conditions by any reading, and in points of time."""
    needs = {name: _mentioned(body, undertakings) for name, body in undertakings.items()}
    return Links(needs, components(needs))


def rings(undertakings: Mapping[str, Undertaking], linked: Links | None = None) -> Rings:
    """Find every ring without a way in, and whoever waits on one.

    >>> from excomm.entries.language import Is
    >>> def waits(by, on):
    ...     return Undertaking(by=(by,), modality="must", kind="achieve", what="go",
    ...                        condition=Is("fulfilled", on))
    >>> rings({"A": waits("X", "B"), "B": waits("Y", "A"), "C": waits("X", "B")}).waiting
    {'C': ('B',)}
    """
    never = never_begins(undertakings, linked)
    if not never:
        return Rings((), (), {}, never)
    names = [name for name in undertakings if name in never]
    place = {name: index for index, name in enumerate(names)}
    kept_by = {name: _kept_by(undertakings[name], undertakings, never) for name in names}
    found = [
        sorted(group, key=place.__getitem__)
        for group in components(kept_by)
        if len(group) > 1 or group[0] in kept_by[group[0]]
    ]
    found.sort(key=lambda group: place[group[0]])
    ringed = {name for group in found for name in group}
    return Rings(
        tuple(map(tuple, found)),
        tuple(_way(group[0], kept_by, {group[0]}) for group in found),
        _waiting(names, kept_by, ringed),
        never,
    )


def _kept_by(
    body: Undertaking, undertakings: Mapping[str, Undertaking], never: frozenset[str]
) -> tuple[str, ...]:
    """Those that can never begin and whose beginning one of its readings needs."""
    condition = body.condition
    if type(condition) is Is and waits_by_condition(body):
        of = condition.of
        return (of,) if of in never and not is_dead(condition, undertakings) else ()
    return tuple(
        dict.fromkeys(
            needed
            for variant in variants(body)
            for needed in _blocking(variant, undertakings)
            if needed in never
        )
    )


def never_begins(
    undertakings: Mapping[str, Undertaking], linked: Links | None = None
) -> frozenset[str]:
    """Undertakings that could not begin even if everybody were willing."""
    linked = linked or links(undertakings)
    needs = linked.needs
    able: set[str] = set()
    for group in linked.order:
        if len(group) == 1:
            name = group[0]
            if can_begin(undertakings[name], able, undertakings):
                able.add(name)
            continue
        members = set(group)
        dependents: dict[str, list[str]] = {name: [] for name in group}
        for name in group:
            for needed in needs[name]:
                if needed in members:
                    dependents[needed].append(name)
        queue, queued = deque(group), set(group)
        while queue:
            name = queue.popleft()
            queued.discard(name)
            if name in able or not can_begin(undertakings[name], able, undertakings):
                continue
            able.add(name)
            for other in dependents[name]:
                if other not in able and other not in queued:
                    queue.append(other)
                    queued.add(other)
    return frozenset(name for name in undertakings if name not in able)


def can_begin(body: Undertaking, able: set[str], undertakings: Mapping[str, Undertaking]) -> bool:
    """Whether an undertaking can begin once those in `able` can, by any reading of it."""
    if not body.readings and not isinstance(body.starts, Relative):
        condition = body.condition
        if condition is None:
            return True
        if type(condition) is Is:
            return _can_come(condition, able, undertakings)
    return any(
        all(needed in able for needed in needed_by_point(variant.starts, undertakings))
        and (
            variant.condition is None
            or can_hold(variant.condition, lambda atom: _can_come(atom, able, undertakings))
        )
        for variant in variants(body)
    )


def can_hold(
    condition: Condition, comes: Callable[[Atom], bool], side: Literal["is", "not"] = "is"
) -> bool:
    """Whether a condition can hold where its atoms can come; what is denied always can."""
    match condition:
        case Is() | Counted():
            return side == "not" or comes(condition)
        case Not(part):
            return can_hold(part, comes, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            every = isinstance(condition, All) == (side == "is")
            return (all if every else any)(can_hold(part, comes, side) for part in parts)


def never_holds(condition: Condition, undertakings: Mapping[str, Undertaking]) -> bool:
    """Whether a condition cannot hold whoever does what, rings left aside."""
    return _never(condition, {}, lambda atom: is_dead(atom, undertakings), "is")


def is_dead(atom: Atom, undertakings: Mapping[str, Undertaking]) -> bool:
    """Whether an atom can never come about, by the text of the undertaking it names."""
    if type(atom) is Counted:
        body = undertakings.get(atom.undertaking)
        if body is None or body.quantity is None or body.modality == "must_not":
            return False
        return atom.at_least > body.quantity.number
    assert type(atom) is Is
    if atom.what == "fulfilled":
        body = undertakings.get(atom.of)
        if body is None or body.kind == "achieve":
            return False
        return body.ends is None and body.due is None  # what never ends is never fulfilled
    if atom.what == "breached":
        return atom.of in undertakings and undertakings[atom.of].modality == "may"
    return False


def needed_by_point(
    point: Point | None, undertakings: Mapping[str, Undertaking]
) -> tuple[str, ...]:
    """The undertakings that must begin before a start has a date."""
    seen: set[str] = set()
    while isinstance(point, Relative):
        word, name = split_anchor(point.anchor)
        if name not in undertakings:
            return ()
        if word != "due":
            return (name,)
        if name in seen:
            return ()
        seen.add(name)
        body = undertakings[name]
        due = body.due
        if not isinstance(due, Relative) or due.last_day is not None:
            return ()
        if due.anchor in ("starts", "condition"):
            dated = due.anchor == "starts" and isinstance(body.starts, Fixed)
            return () if dated else (name,)
        point = due
    return ()


def waits_by_condition(body: Undertaking) -> bool:
    """Whether its condition alone names others: its days are fixed, and it has one reading."""
    starts, due, ends = body.starts, body.due, body.ends
    return (
        (starts is None or type(starts) is Fixed)
        and (due is None or type(due) is Fixed)
        and (ends is None or type(ends) is Fixed)
        and not body.readings
    )


def split_anchor(anchor: str) -> tuple[str, str]:
    """What of what a point counts from: ("due", "CU-2"); a bare name is its fulfilment.

    >>> split_anchor("start of CU-2"), split_anchor("CU-2")
    (('start', 'CU-2'), ('fulfilled', 'CU-2'))
    """
    for word in ("start of ", "due of ", "fulfilled "):
        if anchor.startswith(word):
            return word.split()[0], anchor.removeprefix(word)
    return "fulfilled", anchor


def atoms(condition: Condition | None) -> tuple[Atom, ...]:
    """Every atom of a condition, denied or not, in the order of the text."""
    # Asked of every undertaking of a text: by type, since patterns take three times as long.
    if condition is None:
        return ()
    if type(condition) is Is or type(condition) is Counted:
        return (condition,)
    if type(condition) is Not:
        return atoms(condition.part)
    assert type(condition) is All or type(condition) is Any
    found: list[Atom] = []
    for part in condition.parts:
        found.extend(atoms(part))
    return tuple(found)


def awaited(condition: Condition | None) -> tuple[str, ...]:
    """The undertakings that a condition speaks of."""
    return tuple([of for atom in atoms(condition) if (of := named(atom)) is not None])


def named(atom: Atom) -> str | None:
    """The undertaking that an atom speaks of."""
    if type(atom) is Is:
        return atom.of if atom.what in _OF_UNDERTAKINGS else None
    assert isinstance(atom, Counted)
    return atom.undertaking


def _can_come(atom: Atom, able: set[str], undertakings: Mapping[str, Undertaking]) -> bool:
    name = named(atom)
    if name is not None and name not in able and name in undertakings:
        return False
    return not is_dead(atom, undertakings)


def _mentioned(body: Undertaking, undertakings: Mapping[str, Undertaking]) -> tuple[str, ...]:
    if waits_by_condition(body):
        condition = body.condition
        if condition is None:
            return ()
        if type(condition) is Is:
            of = condition.of
            return (of,) if condition.what in _OF_UNDERTAKINGS and of in undertakings else ()
    named_here = [named(atom) for atom in atoms(body.condition)]
    for point in (body.starts, body.due, body.ends):
        if type(point) is Relative:
            named_here.append(split_anchor(point.anchor)[1])
        elif type(point) is With:
            named_here.append(point.undertaking)
    for variant in variants(body) if body.readings or type(body.starts) is Relative else ():
        named_here.extend(needed_by_point(variant.starts, undertakings))
        named_here.extend(named(atom) for atom in atoms(variant.condition))
    if len(named_here) > 1:
        named_here = list(dict.fromkeys(named_here))
    return tuple(name for name in named_here if name is not None and name in undertakings)


def _blocking(variant: Variant, undertakings: Mapping[str, Undertaking]) -> Iterator[str]:
    yield from needed_by_point(variant.starts, undertakings)
    if variant.condition is not None:
        yield from _asserted(variant.condition, undertakings, "is")


def _asserted(
    condition: Condition, undertakings: Mapping[str, Undertaking], side: Literal["is", "not"]
) -> Iterator[str]:
    """Undertakings that must come about for the condition to hold, denied ones left out."""
    match condition:
        case Not(part):
            yield from _asserted(part, undertakings, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            for part in parts:
                yield from _asserted(part, undertakings, side)
        case Is() | Counted():
            of = named(condition)
            if side == "is" and of is not None and not is_dead(condition, undertakings):
                yield of


def _way(start: str, kept_by: Mapping[str, tuple[str, ...]], ends: set[str]) -> tuple[str, ...]:
    """The shortest way along the waits from a name to one of the ends, without the name itself."""
    before: dict[str, str] = {}
    queue = deque((start,))
    while queue:
        name = queue.popleft()
        for needed in kept_by[name]:
            if needed in before:
                continue
            before[needed] = name
            if needed in ends:
                way = [needed]
                while before[way[-1]] != start:
                    way.append(before[way[-1]])
                return tuple(reversed(way))
            if needed != start:
                queue.append(needed)
    return ()


def _waiting(
    names: list[str], kept_by: Mapping[str, tuple[str, ...]], ringed: set[str]
) -> dict[str, tuple[str, ...]]:
    """Whoever reaches a ring without being in one, by one search from all rings backwards."""
    dependents: dict[str, list[str]] = {name: [] for name in names}
    for name in names:
        for needed in kept_by[name]:
            dependents[needed].append(name)
    nearest: dict[str, str] = {}
    queue = deque(name for name in names if name in ringed)
    while queue:
        name = queue.popleft()
        for other in dependents[name]:
            if other not in ringed and other not in nearest:
                nearest[other] = name
                queue.append(other)
    found: dict[str, tuple[str, ...]] = {}
    for name in names:
        if name in nearest:
            way = [nearest[name]]
            while way[-1] in nearest and len(way) < _PATH_MAX:
                way.append(nearest[way[-1]])
            found[name] = tuple(way)
    return found


_PATH_MAX = 64  # of a longer chain its near end is shown


def _never(
    condition: Condition,
    required: Mapping[Atom, str],
    dead: Callable[[Atom], bool],
    side: Literal["is", "not"],
) -> bool:
    match condition:
        case Not(part):
            return _never(part, required, dead, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            if isinstance(condition, All) != (side == "is"):
                return all(_never(part, required, dead, side) for part in parts)
            known = dict(required)
            for part in parts:
                for atom, said in _conjuncts(part, side):
                    if known.setdefault(atom, said) != said and _cannot_be_both(atom):
                        return True
            return any(_never(part, known, dead, side) for part in parts)
        case Is() | Counted():
            if side == "is" and dead(condition):
                return True
            return required.get(condition, side) != side and _cannot_be_both(condition)


def _conjuncts(condition: Condition, side: Literal["is", "not"]) -> Iterator[tuple[Atom, str]]:
    match condition:
        case Not(part):
            yield from _conjuncts(part, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            if isinstance(condition, All) == (side == "is"):
                for part in parts:
                    yield from _conjuncts(part, side)
        case Is() | Counted():
            yield condition, side


def _cannot_be_both(atom: Atom) -> bool:
    # In force or broken once, and no more at present: both can be so.
    return isinstance(atom, Counted) or atom.what in _FINAL
