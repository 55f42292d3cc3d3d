"""From the facts of a case to the looks for an item, day by day."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property
from hashlib import sha256

import msgspec

from excomm.assurance.counts_from_facts import doubt, unusable
from excomm.assurance.looked import Attempt, OnDay, Places, on_day
from excomm.day_by_day import Counts, day_by_day
from excomm.entries import Entry, lines
from excomm.entries.kinds import Item, Look, Means, Site
from excomm.fold import Facts

Row = tuple[Attempt, Entry] | None  # None: the look was not for the item


class LookedOn:
    """What the looks of one day come to, and the entries that say so."""

    def __init__(self, looks: OnDay, entries: Sequence[Entry]) -> None:
        self.looks = looks
        self._entries = entries

    @cached_property
    def digest(self) -> bytes:
        """SHA-256 of what was used."""
        used = set(self.looks.used)
        return sha256(contents(entry for entry in self._entries if entry.id in used)).digest()


def contents(entries: Iterable[Entry]) -> bytes:
    """What entries say; where one stands in a ledger is no part of that."""
    return lines(msgspec.structs.replace(entry, seq=0, appended=None) for entry in entries)


def looks_by_day(facts: Facts, item: str, about: Item, where: Places) -> dict[date, LookedOn]:
    """The looks for the item on each day; not those that only counted what left."""
    return day_by_day(facts, ("assurance", item), _ForItem(facts, item, about, where))


class _ForItem:
    def __init__(self, facts: Facts, item: str, about: Item, where: Places) -> None:
        self.rests_on = (facts.of(Means), facts.of(Site), about)
        self._item = item
        self._about = about
        self._where = where
        self._names = {str(entry.id): means.name for entry, means in facts.of(Means)}

    def row(self, entry: Entry, look: Look, counts: Counts, day: date) -> Row:
        if look.items and self._item not in look.items:
            return None
        mine = [(each, count) for each, count in counts if count.item == self._item]
        if mine and all(count.moving == "leaving" for _, count in mine):
            return None
        there = [(each, count) for each, count in mine if count.moving != "leaving"]
        saw = any(
            not unusable(each, count, self._about) and (count.number or count.low or 0) > 0
            for each, count in there
        )
        said = any(
            number is not None and number > 0
            for _, count in there
            for number in (count.number, count.low, count.high)
        )
        return (
            Attempt(
                id=entry.id,
                day=day,
                means=look.means,
                means_name=self._names.get(look.means, look.means),
                outcome=look.outcome,
                sites=look.sites,
                coverage=look.coverage,
                number=look.number,
                group=look.group,
                doubt=doubt(entry),
                saw=saw,
                said_to_have_seen=said and not saw,
            ),
            entry,
        )

    def day(self, day: date, rows: Sequence[Row]) -> LookedOn:
        mine = [row for row in rows if row is not None]
        return LookedOn(
            on_day((attempt for attempt, _ in mine), self._where), [entry for _, entry in mine]
        )
