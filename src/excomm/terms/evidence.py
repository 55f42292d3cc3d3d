"""What an entry shows about an undertaking: performed, not performed, part, or nothing of it.

The entry's own `shows` comes first, then its kind. Amounts are lower bounds: `total` and `adds`
say what was seen, only `exactly` speaks of the rest. Who says so (`standing`) is kept apart: only
established entries decide, and what follows from that is the monitor's business.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Literal

import msgspec

from excomm.entries.entry import Standing
from excomm.entries.kinds import Event, Undertaking
from excomm.entries.language import Amount, EventKind, Number, Shows

UNKNOWN = "unknown"  # the party of what nobody known has done

_BY_KIND: dict[EventKind, Shows] = {
    "done": "performed",
    "not_done": "not_performed",
    "violation": "not_performed",
    "progress": "part",
    "partial": "part",
    "count": "part",
    "access_gap": "cannot_tell",
    "cannot_confirm": "cannot_tell",
}
# An allegation by its kind, where nobody has established it.
_ALLEGING: frozenset[EventKind] = frozenset(("violation", "finding", "objection"))


# Events before acceptances of offers before counts; then as the facts have them.
Place = tuple[int, datetime, int, int]


class Act(msgspec.Struct, frozen=True, gc=False):
    """One event of the record, with its times worked out.

    at: when it was so (`as_of`, where a figure speaks of an earlier day), UTC; day: in the zone.
    occurred: when it happened. set_off: from when it sets anything off, the later of occurred and
    recorded (asked in hindsight, of a day before it was recorded: occurred).
    """

    id: str
    at: datetime
    day: date
    occurred: datetime
    set_off: datetime
    standing: Standing
    event: Event
    place: Place  # among acts of the same time
    held_by: tuple[str, ...] = ()

    @property
    def kind(self) -> EventKind:
        """The kind of event."""
        return self.event.kind

    @property
    def parties(self) -> tuple[str, ...]:
        """Who acted; `unknown` where nobody knows."""
        return self.event.party

    @property
    def established(self) -> bool:
        """Agreed means or both sides hold it."""
        return self.standing == "established"

    def by_any(self, parties: Sequence[str]) -> bool:
        """Whether one of these acted; an act of nobody named is not theirs."""
        return any(party in parties for party in self.event.party)


class Amounts(msgspec.Struct, frozen=True):
    """How much of an item has been shown: at least, and at most where the rest is known too."""

    item: str
    unit: str
    number: Number
    at_least: Number = 0
    exactly: bool = False  # the last word speaks of the rest
    claimed: Number = 0  # shown at least, were every claim true
    decided_by: tuple[str, ...] = ()

    @property
    def at_most(self) -> Number:
        """More than this cannot have been performed; the whole, where nothing speaks of it."""
        return self.at_least if self.exactly else max(self.number, self.at_least)

    def counting(self, act: Act, quantity: Amount) -> "Amounts":
        """With one more act; an act that names no comparable amount changes nothing."""
        found = amount(act, quantity)
        if found is None:
            return self
        how, number = found
        if not act.established:
            claimed = self.claimed + number if how == "adds" else max(self.claimed, number)
            return msgspec.structs.replace(self, claimed=max(claimed, self.at_least))
        if how == "adds":
            at_least = self.at_least + number
            decided = (*self.decided_by, act.id)
        elif how == "total" and number < self.at_least:
            return self
        else:
            at_least, decided = number, (act.id,)
        return msgspec.structs.replace(
            self,
            at_least=at_least,
            exactly=how == "exactly",
            claimed=max(self.claimed, at_least),
            decided_by=decided,
        )


def amount(act: Act, quantity: Amount) -> tuple[Literal["total", "adds", "exactly"], Number] | None:
    """The amount of the undertaking's item that an act names, and how; None where it names none."""
    value = act.event.value
    if names_other_item(act, quantity):
        return None
    for how in ("exactly", "total", "adds"):
        number = value.get(how)
        if isinstance(number, int | float) and not isinstance(number, bool):
            return how, number
    return None


def names_other_item(act: Act, quantity: Amount) -> bool:
    """Whether an act speaks of another item, or in another unit, than the undertaking."""
    item = act.event.value.get("item") or act.event.item
    unit = act.event.value.get("unit")
    return bool(item and quantity.item and item != quantity.item) or bool(
        unit and quantity.unit and unit != quantity.unit
    )


def no_amounts(quantity: Amount) -> Amounts:
    """Nothing shown yet."""
    return Amounts(quantity.item, quantity.unit, quantity.number)


def shown(act: Act, undertaking: str, body: Undertaking) -> Shows:
    """What an act shows about an undertaking: as it says itself, else by its kind.

    A refusal is by the obligor (not performed) or by somebody else (the means are refused, so
    nobody can tell). An amount of another item shows nothing of this one.
    """
    said = act.event.shows.get(undertaking)
    if said is not None:
        return said
    if act.kind == "refusal":
        return "not_performed" if act.by_any(body.by) else "cannot_tell"
    by_kind = _BY_KIND.get(act.kind, "nothing")
    return by_kind if body.quantity is None else _by_amount(act, body, body.quantity, by_kind)


def _by_amount(act: Act, body: Undertaking, quantity: Amount, by_kind: Shows) -> Shows:
    if body.modality == "must_not":
        return _against_limit(act, quantity) or by_kind
    if by_kind in ("part", "performed") and names_other_item(act, quantity):
        return "nothing"
    if (by_kind in ("part", "performed") or act.kind == "correction") and amount(act, quantity):
        return "part"  # the sum of the amounts decides, see `Amounts`
    return by_kind


def _against_limit(act: Act, limit: Amount) -> Shows | None:
    """What an amount shows of a duty to have no more than a number; None where it names none."""
    found = amount(act, limit)
    if found is None or found[0] == "adds":
        return "nothing" if names_other_item(act, limit) else None
    how, number = found
    if number > limit.number:
        return "not_performed"
    return "performed" if how == "exactly" else "nothing"


def leaves_the_rest_open(act: Act, undertaking: str, body: Undertaking) -> bool:
    """Whether a part shown is a lower bound: the rest may have been performed unseen."""
    if undertaking in act.event.shows or act.kind == "partial" or body.quantity is None:
        return False
    found = amount(act, body.quantity)
    return found is not None and found[0] != "exactly"


def alleges(act: Act, undertaking: str, body: Undertaking) -> bool:
    """Whether an act accuses without deciding: claimed or disputed, or an objection at all."""
    said = act.event.shows.get(undertaking)
    if act.kind == "objection":
        return said not in ("nothing", "performed")
    if act.established or said in ("nothing", "performed", "part"):
        return False
    if said == "not_performed":
        return True
    return act.kind in _ALLEGING or shown(act, undertaking, body) == "not_performed"


def silent(act: Act, undertaking: str) -> bool:
    """Whether an act bears on nothing: a withdrawal, or one that says so itself."""
    return act.kind == "retraction" or act.event.shows.get(undertaking) == "nothing"


def in_time(act: Act) -> tuple[datetime, Place]:
    """The order of acts."""
    return act.at, act.place
