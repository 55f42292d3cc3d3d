"""Which looks for an item count, what each was worth at each place, and which did not come off.

A look that saw the item is a sighting, not evidence of absence; a look that was authorized,
refused, aborted or failed found nothing out. No probabilities but those that were assumed.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date

import msgspec
import numpy as np

from excomm.assurance.assumed import Assumptions
from excomm.assurance.joint import LookRange
from excomm.assurance.places import ELSEWHERE
from excomm.assurance.ranges import probability


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """A look for the item, whatever came of it."""

    id: str
    day: date  # the day it counts from
    means: str
    means_name: str
    outcome: str
    sites: tuple[str, ...]  # empty: the whole area
    coverage: float | None
    number: int | None
    doubt: str  # why it cannot be used: "read unverified", "disputed"; else empty

    @property
    def came_off(self) -> bool:
        """Somebody looked, and we know it."""
        return self.outcome == "made" and self.number != 0 and not self.doubt


class Reached(msgspec.Struct, frozen=True):
    """What one look reached, and by which assumption it sees what is there."""

    assumption: str
    places: tuple[int, ...]  # by index among the places as they are listed
    period: int  # days after the start, less one
    share: float  # of each of them


class Looked(msgspec.Struct, frozen=True):
    """The looks after the start that came off and saw nothing."""

    used: tuple[str, ...]
    detection: LookRange  # (places, days after the start)
    places: tuple[str, ...]  # ids, longest unseen first, elsewhere last
    last: date | None  # the last day on which anybody looked for it
    excluded: tuple[str, ...]  # in words
    reached: tuple[Reached, ...]  # one for each used


class Places:
    """Where an item can be: each site that holds no smaller one, and elsewhere in the area."""

    def __init__(self, within: Mapping[str, str]) -> None:
        """within: each site, and the larger site it lies in, if any."""
        holders = set(within.values())
        self.ids = (*(site for site in within if site not in holders), ELSEWHERE)
        self._within = within
        self._covered: dict[tuple[str, ...], list[int]] = {}

    def covered(self, look: Attempt) -> list[int]:
        """The places a look reached, by index; all of them where it names no site."""
        named = look.sites
        if named not in self._covered:
            everywhere = not named
            self._covered[named] = [
                i for i, place in enumerate(self.ids) if everywhere or self._is_in(place, named)
            ]
        return self._covered[named]

    def unknown(self, look: Attempt) -> tuple[str, ...]:
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


def looked(
    looks: Sequence[Attempt],
    item: str,
    where: Places,
    assumed: Assumptions,
    *,
    span: tuple[date, date],
    saw: AbstractSet[str],
    said_to_have_seen: AbstractSet[str],
    begins: str,
) -> Looked:
    """The looks for an item from the day after the start to the day asked for.

    span: day of the start, and the day asked for. saw: looks that saw the item.
    said_to_have_seen: looks whose sighting cannot be used; they count for neither.
    begins: what the start is the day of, in words.
    A day's looks are independent of each other; flights entered together are one look. A look that
    names sites is worth its coverage at each (all of it where none is given) and nothing elsewhere.
    Raises InputError for a coverage outside 0 to 1 and a detection that was not assumed.
    """
    start, end = span
    made = [look for look in looks if look.came_off]
    order = _longest_unseen(made, where)
    miss = [np.ones((len(order), (end - start).days)) for _ in range(3)]
    used: list[str] = []
    excluded: list[str] = []
    reached: list[Reached] = []
    worth: list[tuple[float, float, float]] = []  # of each used: low, best, high
    where_seen: list[tuple[int, int, int]] = []  # place, period, which of those used
    listed_at = {place: at for at, place in enumerate(order)}
    for look in made:
        if look.day <= start or look.id in saw:
            continue
        if look.id in said_to_have_seen:
            excluded.append(f"look {look.id}: what it is said to have seen cannot be used")
            continue
        if unknown := where.unknown(look):
            excluded.append(f"look {look.id}: {', '.join(unknown)} not among the sites of the case")
        at = where.covered(look)
        share = 1.0 if look.coverage is None else look.coverage
        share = probability(f"look {look.id}: coverage", share)
        name = f"{look.means}.{item}.detection"
        period = (look.day - start).days - 1
        detection = assumed.chance(
            name,
            f"the chance that one look by {look.means_name} over all of a site sees the"
            f" {item} there (0, 0, 0 for a means that cannot)",
        )
        worth.append((share * detection.low, share * detection.best, share * detection.high))
        where_seen += [(place, period, len(used)) for place in at]
        used.append(look.id)
        reached.append(Reached(name, tuple(listed_at[place] for place in at), period, share))
    place, day, number = np.array(where_seen, dtype=np.intp).reshape(-1, 3).T
    for ones, seen in zip(miss, np.array(worth).reshape(-1, 3).T, strict=True):
        # One look after the other, as they were made.
        np.multiply.at(ones, (place, day), 1.0 - seen[number])
    low, best, high = (1.0 - ones[order] for ones in miss)
    return Looked(
        tuple(used),
        LookRange(low, best, high),
        tuple(where.ids[at] for at in order),
        max((look.day for look in made), default=None),
        (*excluded, *_not_counted(looks, start, begins)),
        tuple(reached),
    )


def _not_counted(looks: Sequence[Attempt], start: date, begins: str) -> tuple[str, ...]:
    groups: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for look in looks:
        if look.day >= start and (reason := _reason(look, start, begins)):
            key = (look.means_name, reason)
            number, ids = groups.get(key, (0, []))
            groups[key] = (number + (1 if look.number is None else look.number), [*ids, look.id])
    return tuple(
        f"{means}: {number} {reason}: {', '.join(ids)}"
        for (means, reason), (number, ids) in groups.items()
        if number
    )


def _reason(look: Attempt, start: date, begins: str) -> str:
    if look.outcome == "authorized":
        return "authorized, no outcome entered"
    if look.outcome != "made":
        return look.outcome
    at_start = f"made on the day of {begins}, perhaps before it"
    return look.doubt or (at_start if look.day == start else "")


def _longest_unseen(made: Sequence[Attempt], where: Places) -> list[int]:
    # By index; elsewhere stays last, so that of equals a site that can be looked at is named.
    last = [date.min] * len(where.ids)
    for look in made:
        for at in where.covered(look):
            last[at] = max(last[at], look.day)
    return [*sorted(range(len(last) - 1), key=lambda at: last[at]), len(last) - 1]
