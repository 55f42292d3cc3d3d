"""Which looks for an item count, what each was worth at each place, and which did not come off.

A look that saw the item is a sighting, not evidence of absence; a look that was authorized,
refused, aborted or failed found nothing out. No probabilities but those that were assumed.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from excomm.assurance.assumed import Assumptions
from excomm.assurance.counted import Counted
from excomm.assurance.item import ELSEWHERE
from excomm.assurance.joint import LookRange
from excomm.assurance.ranges import probability
from excomm.entries import Entry
from excomm.entries.kinds import Count, Look, Site


class Places:
    """Where an item can be: each site that holds no smaller one, and elsewhere in the area."""

    def __init__(self, sites: Iterable[tuple[Entry, Site]]) -> None:
        within = {str(entry.id): site.within for entry, site in sites}
        holders = set(within.values())
        self.ids = (*(site for site in within if site not in holders), ELSEWHERE)
        self._within = within

    def __len__(self) -> int:
        return len(self.ids)

    def covered(self, look: Look) -> tuple[int, ...]:
        """The places a look reached, by index; all of them where it names no site."""
        if not look.sites:
            return tuple(range(len(self.ids)))
        return tuple(i for i, place in enumerate(self.ids) if self._is_in(place, look.sites))

    def unknown(self, look: Look) -> tuple[str, ...]:
        """The sites a look names and the case does not."""
        return tuple(site for site in look.sites if site not in self._within)

    def _is_in(self, place: str, sites: tuple[str, ...]) -> bool:
        passed: set[str] = set()
        while place and place not in passed:  # a ring of sites within each other ends here
            if place in sites:
                return True
            passed.add(place)
            place = self._within.get(place, "")
        return False


class Looked(NamedTuple):
    """The looks after the start that came off and saw nothing."""

    used: tuple[Entry, ...]
    detection: LookRange  # (places, days after the start)
    places: tuple[str, ...]  # ids, longest unseen first, elsewhere last
    last: date | None  # the last day on which anybody is known to have looked for it
    excluded: tuple[str, ...]


def looked(
    rows: Sequence[tuple[Entry, Look]],
    item: str,
    tied: Iterable[Count],
    counts: Sequence[Counted],
    where: Places,
    assumed: Assumptions,
    *,
    span: tuple[date, date],
    day_of: Callable[[Entry], date],
    name_of: Callable[[str], str],
) -> Looked:
    """The looks for an item from the day after the start to the day asked for.

    rows: all looks of the case. tied: all counts of the item; counts: those that can be used.
    span: day of the start, and the day asked for. name_of: the name of a means.
    A day's looks are independent of each other; flights entered together are one look. A look that
    names sites is worth its coverage at each (all of it where none is given) and nothing elsewhere.
    """
    start, end = span
    looks = [
        (entry, look, day_of(entry))
        for entry, look in rows
        if (not look.items or item in look.items) and not _is_count_out(entry, tied)
    ]
    saw = {one.count.look for one in counts if one.is_sighting}
    claimed = {count.look for count in tied if _saw_something(count)} - saw
    made = [one for one in looks if _came_off(one[1]) and not _doubt(one[0])]
    seen_days = [one.first for one in counts if one.count.moving == "present"]
    order, last = _longest_unseen(made, where)
    miss = [np.ones((len(where), (end - start).days)) for _ in range(3)]
    used: list[Entry] = []
    excluded: list[str] = []
    for entry, look, day in made:
        if day <= start or entry.id in saw:
            continue
        if entry.id in claimed:
            excluded.append(f"look {entry.id}: what it is said to have seen cannot be used")
            continue
        if unknown := where.unknown(look):
            excluded.append(
                f"look {entry.id}: {', '.join(unknown)} not among the sites of the case"
            )
        at = list(where.covered(look))
        share = (
            1.0
            if look.coverage is None
            else probability(f"look {entry.id}: coverage", look.coverage)
        )
        detection = assumed.chance(
            f"{look.means}.{item}.detection",
            f"the chance that one look by {name_of(look.means)} over all of a site sees the"
            f" {item} there (0, 0, 0 for a means that cannot)",
        )
        for ones, d in zip(miss, (detection.low, detection.best, detection.high), strict=True):
            ones[at, (day - start).days - 1] *= 1.0 - share * d
        used.append(entry)
    rank = [where.ids.index(place) for place in order]
    low, best, high = (1.0 - ones[rank] for ones in miss)
    return Looked(
        tuple(used),
        LookRange(low, best, high),
        order,
        max([*seen_days, *([last] if last else [])], default=None),
        (*excluded, *_not_counted(looks, start, name_of)),
    )


_OUTCOMES = {
    "authorized": "authorized, no outcome entered",
    "failed": "failed",
    "refused": "refused",
    "aborted": "aborted",
}


def _not_counted(
    looks: Sequence[tuple[Entry, Look, date]], start: date, name_of: Callable[[str], str]
) -> tuple[str, ...]:
    groups: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for entry, look, day in looks:
        if day < start:
            continue
        reason = _OUTCOMES.get(look.outcome) or _doubt(entry)
        if not reason and day == start:
            reason = "made on the day of the count, perhaps before it"
        if reason:
            key = (name_of(look.means), reason)
            number, ids = groups.get(key, (0, []))
            groups[key] = (number + (1 if look.number is None else look.number), [*ids, entry.id])
    return tuple(
        f"{means}: {number} {reason}: {', '.join(ids)}"
        for (means, reason), (number, ids) in groups.items()
        if number
    )


def _came_off(look: Look) -> bool:
    return look.outcome == "made" and look.number != 0


def _doubt(entry: Entry) -> str:
    if entry.reading == "unverified":
        return "read unverified"
    return "disputed" if entry.standing == "disputed" else ""


def _is_count_out(entry: Entry, tied: Iterable[Count]) -> bool:
    # A look all of whose counts are of things leaving looked at what left, not at the area.
    moving = {count.moving for count in tied if count.look == entry.id}
    return moving == {"leaving"}


def _saw_something(count: Count) -> bool:
    numbers = (count.number, count.low, count.high)
    return count.moving != "leaving" and any(n is not None and n > 0 for n in numbers)


def _longest_unseen(
    made: Sequence[tuple[Entry, Look, date]], where: Places
) -> tuple[tuple[str, ...], date | None]:
    last = [date.min] * len(where)
    for _, look, day in made:
        for at in where.covered(look):
            last[at] = max(last[at], day)
    elsewhere = len(where) - 1
    order = sorted(range(elsewhere), key=lambda at: last[at])
    newest = max((day for _, _, day in made), default=None)
    return (*(where.ids[at] for at in order), ELSEWHERE), newest
