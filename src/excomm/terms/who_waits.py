"""Who waits for whom: the undertakings of an agreement in the order in which they can begin."""

import msgspec

from excomm.fold import Facts
from excomm.terms.book import Book, book
from excomm.terms.order import components
from excomm.terms.rings import atoms, named, split_anchor


class WhoWaits(msgspec.Struct, frozen=True):
    """Who waits for whom.

    waits: each undertaking with those that it names in its condition or its start. columns: left to
    right, who waits for nobody, then who waits for those; a ring stands in one column.
    """

    waits: dict[str, tuple[str, ...]]
    columns: tuple[tuple[str, ...], ...]


def who_waits(facts: Facts) -> WhoWaits:
    """The undertakings of a day in the order in which they can begin."""
    return waits_of(book(facts))


def waits_of(about: Book) -> WhoWaits:
    """The same, of facts already indexed."""
    waits = {name: _waits(name, about) for name in about.undertakings}
    return WhoWaits(waits, tuple(tuple(column) for column in _columns(waits)))


def _waits(name: str, about: Book) -> tuple[str, ...]:
    body = about.undertakings[name]
    conditions = [body.condition, *(reading.condition for reading in body.readings.values())]
    names = [named(atom) for condition in conditions for atom in atoms(condition)]
    anchor = getattr(body.starts, "anchor", "")
    names.append(split_anchor(anchor)[1] if anchor else None)
    known = about.undertakings
    return tuple(dict.fromkeys(n for n in names if n is not None and n in known and n != name))


def _columns(waits: dict[str, tuple[str, ...]]) -> list[list[str]]:
    """Left to right: who waits for nobody, then who waits for those; a ring in one column."""
    depth: dict[str, int] = {}
    for group in components(waits):
        members = set(group)
        before = [depth[n] for name in group for n in waits[name] if n not in members]
        depth.update(dict.fromkeys(group, max(before, default=-1) + 1))
    columns: list[list[str]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for name in waits:
        columns[depth[name]].append(name)
    return columns
