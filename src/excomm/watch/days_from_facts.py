"""From the facts of a case to its looks, day by day: where each was, and what can be counted.

A look that named no site and no coverage may have been anywhere: it is no look at any site.
"""

from collections.abc import Sequence
from datetime import date

import msgspec

from excomm.day_by_day import Counts, day_by_day
from excomm.entries import Entry, end_of
from excomm.entries.kinds import Look, Site
from excomm.fold import Facts


class Attempts(msgspec.Struct, frozen=True):
    """What was tried on a day; sites by number.

    made, tried: by site the last look that came off, and the last that did not after it. last_word:
    by site and means the id of a look refused; empty where one made came after it.
    """

    made: dict[int, Entry]
    tried: dict[int, Entry]
    last_word: dict[tuple[int, str], str]


class Alike(msgspec.Struct, frozen=True, gc=False):
    """Looks that saw as much at the same sites, and were over on the same day."""

    at: tuple[int, ...]
    means: str
    share: float
    last_day: date


class Counted(msgspec.Struct, frozen=True):
    """The looks made on a day for what is watched: ids of those alike; in words those left out."""

    alike: dict[Alike, tuple[str, ...]]
    excluded: tuple[str, ...]


def attempts_by_day(facts: Facts, places: "Places") -> dict[date, Attempts]:
    """What was tried on each day."""
    return day_by_day(facts, ("watch", "attempts"), _AsTried(facts, places))


def looks_by_day(
    facts: Facts, places: "Places", watched: tuple[str, ...], weighable: frozenset[str]
) -> dict[date, Counted]:
    """The looks made for several items together. weighable: means of which it is known what they

    see of each of them.
    """
    return day_by_day(facts, ("watch", watched), _ForItems(facts, places, watched, weighable))


Tried = tuple[Entry, Look, tuple[int, ...], bool]  # with the sites, and whether they are named


class _AsTried:
    def __init__(self, facts: Facts, places: "Places") -> None:
        self.rests_on = (facts.of(Site),)
        self._places = places

    def row(self, entry: Entry, look: Look, counts: Counts, day: date) -> Tried:
        somewhere = bool(look.sites) or look.coverage is not None
        return entry, look, self._places.at(look.sites), somewhere

    def day(self, day: date, rows: Sequence[Tried]) -> Attempts:
        made: dict[int, Entry] = {}
        tried: dict[int, Entry] = {}
        last_word: dict[tuple[int, str], str] = {}
        for entry, look, at, somewhere in rows:
            if somewhere:
                for site in at:
                    if look.outcome == "made":
                        made[site] = entry
                        tried.pop(site, None)
                    else:
                        tried[site] = entry
            if look.outcome in ("made", "refused"):
                refusal = str(entry.id) if look.outcome == "refused" else ""
                last_word.update(((site, look.means), refusal) for site in at)
        return Attempts(made, tried, last_word)


class _ForItems:
    def __init__(
        self, facts: Facts, places: "Places", watched: tuple[str, ...], weighable: frozenset[str]
    ) -> None:
        self.rests_on = (facts.of(Site), weighable)
        self._facts = facts
        self._places = places
        self._watched = set(watched)
        self._weighable = weighable

    def row(
        self, entry: Entry, look: Look, counts: Counts, day: date
    ) -> tuple[str, Alike | None, str]:
        if look.outcome != "made" or look.number == 0:
            return entry.id, None, ""
        if look.items and not self._watched <= set(look.items):
            return entry.id, None, ""
        if why := self._not_counted(entry, look):
            return entry.id, None, f"{entry.id}: {why}"
        share = 1.0 if look.coverage is None else look.coverage
        at = self._places.at(look.sites)
        return entry.id, Alike(at, look.means, share, last_day(self._facts, entry)), ""

    def day(self, day: date, rows: Sequence[tuple[str, Alike | None, str]]) -> Counted:
        alike: dict[Alike, list[str]] = {}
        for entry, look, _ in rows:
            if look is not None:
                alike.setdefault(look, []).append(entry)
        return Counted(
            {look: tuple(entries) for look, entries in alike.items()},
            tuple(why for _, _, why in rows if why),
        )

    def _not_counted(self, entry: Entry, look: Look) -> str:
        if not look.sites and look.coverage is None:
            return "it names no site"
        if entry.standing == "disputed":
            return "disputed"
        if entry.reading == "unverified":
            return "read unverified"
        if look.means not in self._weighable:
            return f"nothing is assumed of what {look.means} sees"
        return ""


class Places:
    """The sites that hold no smaller one, by number, and which of them lie in which place."""

    def __init__(self, facts: Facts) -> None:
        every = facts.of(Site)
        within = {str(entry.id): site.within for entry, site in every}
        holders = set(within.values())
        self.sites = [(entry, site) for entry, site in every if str(entry.id) not in holders]
        self.ids = [str(entry.id) for entry, _ in self.sites]
        self._at: dict[tuple[str, ...], tuple[int, ...]] = {(): tuple(range(len(self.ids)))}
        self._in: dict[str, list[int]] = {}
        for number, one in enumerate(self.ids):
            place = one
            passed: list[str] = []
            while place and place not in passed:  # a ring of sites within each other ends here
                passed.append(place)
                self._in.setdefault(place, []).append(number)
                place = within.get(place, "")

    def at(self, named: tuple[str, ...]) -> tuple[int, ...]:
        """The sites that lie in the places named; all of them where none is."""
        if named not in self._at:
            inside = {one for place in named for one in self._in.get(place, ())}
            self._at[named] = tuple(sorted(inside))
        return self._at[named]

    def told(self, ids: list[str]) -> str:
        """These sites in words."""
        return "every site" if len(ids) == len(self.ids) else ", ".join(ids)


def last_day(facts: Facts, entry: Entry) -> date:
    return end_of(entry.occurred, facts.zone).astimezone(facts.zone).date()


def today(facts: Facts) -> date:
    return facts.on.astimezone(facts.zone).date()
