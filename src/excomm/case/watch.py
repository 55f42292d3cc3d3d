"""Where to look next: the watch room, asked with the facts of a view."""

from functools import cached_property
from typing import TYPE_CHECKING

from excomm.case.ground import Ground

if TYPE_CHECKING:
    from excomm.watch.from_facts import SiteSeen
    from excomm.watch.nextlook import NextLook
    from excomm.watch.situation import Situation


class OfWatch(Ground):
    """The part of a view that plans looks."""

    @cached_property
    def sites_seen(self) -> "tuple[SiteSeen, ...]":
        """Every site with the days since it was last seen: never, then longest, first."""
        from excomm.watch.from_facts import sites_seen

        return sites_seen(self.facts)

    @cached_property
    def watched_items(self) -> tuple[str, ...]:
        """The items that a watch is kept for: those with a row ITEM.window_days."""
        from excomm.watch.from_facts import watched_items

        return watched_items(self.facts)

    def watch(self, items: tuple[str, ...] = ()) -> "Situation":
        """Where things stand for whoever plans looks from the day after this one.

        items: those watched for; empty: all that have a row ITEM.window_days.
        Raises InputError, or Faults naming every line that assumptions.csv lacks.
        """
        from excomm.assurance.from_facts import assumptions_of
        from excomm.watch.from_facts import situation

        return situation(self.facts, assumptions_of(self.facts), items, self.sites_seen)

    def next_looks(self, items: tuple[str, ...] = ()) -> "tuple[NextLook, ...]":
        """The looks of the day after this one, the best first. Raises what `watch` raises."""
        from excomm.watch.nextlook import next_looks

        return next_looks(self.watch(items))
