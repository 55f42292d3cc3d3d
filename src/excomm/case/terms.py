"""What a view is asked about undertakings: the part of it that the room of terms answers."""

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from excomm.case.ground import Ground
from excomm.entries import Entry

if TYPE_CHECKING:
    from excomm.assurance.item import ItemAssurance
    from excomm.terms import (
        Deadline,
        Explanation,
        Figure,
        Least,
        Package,
        Standing,
        State,
        WhoWaits,
    )
    from excomm.terms.seen_from_facts import SitesSeen


_ENTRIES_MAX = 1000  # after more than these all is judged anew


class OfTerms(Ground):
    """The part of a view that judges undertakings."""

    def assurance(self, item: str, *, standard: float | None = None) -> "ItemAssurance":
        """How sure we are that none of an item is left and none was brought back."""
        raise NotImplementedError

    # What stood before the last entries, and these; nothing where it was not asked.
    _stood: "tuple[Standing, tuple[Entry, ...]] | None" = None

    @cached_property
    def _standing(self) -> "Standing":
        from excomm.terms import standing

        if self._stood is None:
            return standing(self.facts, self.figures())
        before, entries = self._stood
        return before.updated(self.facts, entries, self.figures())

    def _go_on_from(self, before: "OfTerms", entries: Sequence[Entry]) -> None:
        """Judge only what these entries touch, once it is asked what stands."""
        if "_standing" in before.__dict__:
            self._stood = before._standing, tuple(entries)
        elif before._stood is not None and len(before._stood[1]) < _ENTRIES_MAX:
            self._stood = before._stood[0], (*before._stood[1], *entries)

    def standing(self) -> "Standing":
        """The status of each undertaking, in the order of the agreement."""
        return self._standing

    def own_words(self, lang: str = "en") -> dict[str, str]:
        """What the institution says for a state, a static finding or a decision, by language."""
        from excomm.terms import own_words

        return own_words(self.header, lang)

    def figures(self) -> "dict[str, Figure]":
        """How sure it is that each undertaking is kept, where it names a standard to be held to."""
        from excomm.case.figures import figures

        return figures(self.facts, self.assurance)

    def seen_in_time(self, within: int, item: str = "") -> "SitesSeen":
        """Every site, each to be seen within so many days. Raises InputError."""
        from excomm.terms.seen_from_facts import sites_seen

        return sites_seen(self.facts, within, item)

    def who_waits(self) -> "WhoWaits":
        """Which undertaking waits for which others."""
        from excomm.terms import who_waits

        return who_waits(self.facts)

    def least(self, undertaking: str, state: "State") -> "Least":
        """The least that would bring an undertaking into a state. Raises InputError."""
        from excomm.terms import least

        return least(self.facts, undertaking, state)

    def explain(self, undertaking: str) -> "Explanation":
        """Why an undertaking stands as it does. Raises InputError for no such id."""
        from excomm.terms import explain

        return explain(self.facts, undertaking, self.figures())

    def compare(self, offers: Sequence[str] = ()) -> "tuple[Package, ...]":
        """Offers side by side, all of the day where none is named. Raises InputError."""
        from excomm.terms import compare

        return compare(self.facts, offers, self.figures())

    def deadlines(self) -> "tuple[Deadline, ...]":
        """What is still owed, by when."""
        from excomm.terms import deadlines

        return deadlines(self.facts, self.figures())

    def calendar(self) -> bytes:
        """The deadlines as an iCalendar file."""
        from excomm.interchange.calendar import calendar
        from excomm.interchange.deadlines import dues

        found = dues(self.facts, self.figures())
        return calendar(found, name=self.header.title, stamp=self.on)

    def picture(self, only: Sequence[str] = ()) -> str:
        """The agreement, or some undertakings of it, as an SVG document."""
        from excomm.terms import picture

        return picture(self.facts, self.header.title, only, self.figures())
