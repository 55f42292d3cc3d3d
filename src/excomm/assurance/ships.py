"""Ships: what is known of each carrier of an item on its way out, from the entries of a case.

A ship counts where its own number was both declared and seen, or where it is known to have carried
more or fewer than declared. Which rows can be used at all is decided by whoever calls.
"""

from collections.abc import Iterable
from datetime import date

import msgspec

from excomm.assurance.by_carrier import Ship


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A count on one carrier that is leaving; number or difference, or both."""

    id: str
    day: date
    carrier: str
    number: int | None
    difference: int | None


class Declared(msgspec.Struct, frozen=True):
    """What one carrier was declared to carry."""

    id: str
    carrier: str
    number: int


def ships_of(seen: Iterable[Seen], declared: Iterable[Declared], until: date) -> tuple[Ship, ...]:
    """The ships with evidence of their own, up to a day; of each the latest count and declaration.

    A ship with a count alone, and nothing to hold it against, is one of all the others.
    """
    by_carrier = {one.carrier: one for one in seen if one.day <= until}
    said = {one.carrier: one for one in declared}
    ships = []
    for carrier, count in by_carrier.items():
        claim = said.get(carrier)
        number = claim.number if claim else None
        if number is None and count.number is not None and count.difference is not None:
            number = count.number - count.difference
        if number is None and count.difference is None:
            continue
        ids = (count.id, claim.id) if claim else (count.id,)
        ships.append(
            Ship(
                name=carrier,
                declared=number,
                counted=count.number,
                difference=count.difference,
                ids=ids,
            )
        )
    return tuple(ships)
