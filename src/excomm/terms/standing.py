"""What stands: the status of every undertaking on one day, with the entries that decided it."""

import gc
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from excomm.entries import Entry
from excomm.fold import Facts
from excomm.terms.assured import Figure
from excomm.terms.book import book
from excomm.terms.explaining import Explanation, explain_from
from excomm.terms.explanation import Explaining
from excomm.terms.judging import Room
from excomm.terms.status import Status
from excomm.terms.updating import Updating

NONE: Mapping[str, Figure] = MappingProxyType({})


class Standing(Mapping[str, Status]):
    """The status of each undertaking, in the order of the agreement. Immutable."""

    def __init__(self, facts: Facts, room: Room, updating: Updating) -> None:
        self._facts = facts
        self._room = room
        self._updating = updating
        self._teller = Explaining(room)
        self._told: dict[str, Status] = {}

    def __getitem__(self, undertaking: str) -> Status:
        status = self._told.get(undertaking)
        if status is None:
            state = self._room.found.outcomes[undertaking].state
            status = self._told[undertaking] = Status(undertaking, state, self._teller)
        return status

    def __iter__(self) -> Iterator[str]:
        return iter(self._room.book.undertakings)

    def __len__(self) -> int:
        return len(self._room.book.undertakings)

    def __repr__(self) -> str:
        return f"Standing({', '.join(f'{name}: {self[name].state}' for name in self)})"

    def updated(
        self, facts: Facts, entries: Sequence[Entry], figures: Mapping[str, Figure] = NONE
    ) -> "Standing":
        """The standing of facts that went on from these, equal to judging all of it anew.

        entries: what the log took in between. Only those undertakings are judged that the entries
        can touch, or a figure that moved, or a day that has passed since, and whoever waits for
        one whose outcome is another now.
        """
        gone_on = self._updating.updated(self._room, self._facts, facts, entries, figures)
        if gone_on is None:
            return standing(facts, figures)
        room, updating = gone_on
        return Standing(facts, room, updating)


def standing(facts: Facts, figures: Mapping[str, Figure] = NONE) -> Standing:
    """The status of each undertaking at `facts.on`, in the order of the agreement.

    Only what the facts hold is used: what was known by then, as corrected by then. States are
    worked out at once, explanations when they are asked for.
    figures: item -> how sure it is that none is left and none is back; an undertaking's own id
    where it asks something else. Where an undertaking names a standard its state follows from them.
    Raises InputError where an amendment's `set` is not in the form of an agreement file.
    """
    collecting = gc.isenabled()
    # A hundred thousand small structs that all stay: the cycle collector would only re-read them.
    gc.disable()
    try:
        room = Room(book(facts, figures))
        return Standing(facts, room, Updating())
    finally:
        if collecting:
            gc.enable()


def explain(facts: Facts, undertaking: str, figures: Mapping[str, Figure] = NONE) -> Explanation:
    """Why one undertaking stands as it does: what decides, what was weighed, what is missing.

    Raises InputError for an id that the agreement does not have.
    """
    asked = Room(book(facts, figures))
    return explain_from(facts, asked, undertaking)
