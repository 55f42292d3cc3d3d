"""Which looks for an item count, what each was worth at each place, and which did not come off.

First what the looks of one day come to, then all days together: after one look more only its day
has to be asked anew. A look that saw the item is a sighting, not evidence of absence; a look that
was authorized, refused, aborted or failed found nothing out. No probabilities but those that were
assumed.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from itertools import chain

import msgspec
import numpy as np

from excomm.assurance.assumed import Assumptions
from excomm.assurance.interval import Interval
from excomm.assurance.joint import LookRange
from excomm.assurance.places import ELSEWHERE
from excomm.assurance.ranges import probability
from excomm.errors import InputError


class Attempt(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A look for the item, whatever came of it."""

    id: str
    day: date  # the day it counts from
    means: str
    means_name: str
    outcome: str
    sites: tuple[str, ...]  # empty: the whole area
    coverage: float | None
    number: int | None
    group: str  # looks that share a cause of error share a word; else empty
    doubt: str  # why it cannot be used: "read unverified", "disputed"; else empty
    saw: bool  # the item, by a count that can be used
    said_to_have_seen: bool  # by a count that cannot: the look counts for neither

    @property
    def came_off(self) -> bool:
        """Somebody looked, and we know it."""
        return self.outcome == "made" and self.number != 0 and not self.doubt


class Alike(msgspec.Struct, frozen=True):
    """Looks of one day that were worth the same at the same places."""

    means: str
    means_name: str
    places: tuple[int, ...]  # by index among those where the item can be
    share: float  # of each of them


class Grouped(msgspec.Struct, frozen=True):
    """A look that shares a cause of error with others, on this day or another."""

    id: str
    group: str
    worth: Alike


class OnDay(msgspec.Struct, frozen=True, kw_only=True):
    """What the looks of one day come to."""

    attempts: tuple[Attempt, ...]
    not_made: tuple[Attempt, ...]  # of these, those that did not come off or are in doubt
    means: tuple[str, ...]  # that looked or were meant to
    places_seen: tuple[int, ...]  # by any look that came off
    used: tuple[str, ...]  # ids of those that saw nothing, and share no cause of error
    alike: dict[Alike, int]  # the same by what they were worth, with their number
    grouped: tuple[Grouped, ...]  # those of a group, which are in neither of these
    excluded: tuple[str, ...]  # in words
    fault: InputError | None  # of a look that cannot be weighed

    @property
    def anybody_looked(self) -> bool:
        """Whether one of them came off, wherever it was."""
        return len(self.not_made) < len(self.attempts)


class Reached(msgspec.Struct, frozen=True):
    """What looks of one day reached, and by which assumption each sees what is there."""

    assumption: str
    places: tuple[int, ...]  # by index among the places as they are listed
    period: int  # days after the start, less one
    share: float  # of each of them
    number: int  # of such looks


class Looked(msgspec.Struct, frozen=True):
    """The looks after the start that came off and saw nothing."""

    used: tuple[str, ...]
    days: tuple[date, ...]  # of each used
    detection: LookRange  # (places, days after the start)
    places: tuple[str, ...]  # ids, longest unseen first, elsewhere last
    last: date | None  # the last day on which anybody looked for it
    excluded: tuple[str, ...]  # in words
    reached: tuple[Reached, ...]
    grouped: bool  # whether some of them share a cause of error


class Places:
    """Where an item can be: each site that holds no smaller one, and elsewhere in the area."""

    def __init__(self, within: Mapping[str, str]) -> None:
        """within: each site, and the larger site it lies in, if any."""
        holders = set(within.values())
        self.ids = (*(site for site in within if site not in holders), ELSEWHERE)
        self._within = within
        self._covered: dict[tuple[str, ...], tuple[int, ...]] = {}

    def covered(self, look: Attempt) -> tuple[int, ...]:
        """The places a look reached, by index; all of them where it names no site."""
        named = look.sites
        if named not in self._covered:
            everywhere = not named
            self._covered[named] = tuple(
                i for i, place in enumerate(self.ids) if everywhere or self._is_in(place, named)
            )
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


def on_day(attempts: Iterable[Attempt], where: Places) -> OnDay:
    """What the looks of one day come to, in their order; no assumption is asked yet.

    A look that names sites is worth its coverage at each (all of it where none is given) and
    nothing elsewhere.
    """
    day = tuple(attempts)
    used: list[str] = []
    alike: dict[Alike, int] = {}
    grouped: list[Grouped] = []
    excluded: list[str] = []
    fault = None
    made = [look for look in day if look.came_off]
    for look in made:
        if look.saw:
            continue
        if look.said_to_have_seen:
            excluded.append(f"look {look.id}: what it is said to have seen cannot be used")
            continue
        if unknown := where.unknown(look):
            excluded.append(f"look {look.id}: {', '.join(unknown)} not among the sites of the case")
        share = 1.0 if look.coverage is None else look.coverage
        if not 0.0 <= share <= 1.0:
            try:
                probability(f"look {look.id}: coverage", share)
            except InputError as found:
                fault = fault or found
        worth = Alike(look.means, look.means_name, where.covered(look), share)
        if look.group:
            grouped.append(Grouped(look.id, look.group, worth))
        else:
            alike[worth] = alike.get(worth, 0) + 1
            used.append(look.id)
    return OnDay(
        attempts=day,
        not_made=tuple(look for look in day if not look.came_off),
        means=tuple(dict.fromkeys(look.means for look in day)),
        places_seen=tuple(sorted({at for look in made for at in where.covered(look)})),
        used=tuple(used),
        alike=alike,
        grouped=tuple(grouped),
        excluded=tuple(excluded),
        fault=fault,
    )


def looked(
    days: Mapping[date, OnDay],
    item: str,
    where: Places,
    assumed: Assumptions,
    *,
    span: tuple[date, date],
    begins: str,
) -> Looked:
    """The looks for an item from the day after the start to the day asked for.

    days: each with a look, in order. span: day of the start, and the day asked for.
    begins: what the start is the day of, in words.
    A day's looks are independent of each other; flights entered together are one look. Of looks
    that share a cause of error, on one day or several, only the best at each place counts, and of
    equals the first: they are taken to miss together.
    Raises InputError for a coverage outside 0 to 1 and a detection that was not assumed.
    """
    start, end = span
    after = [(day, found) for day, found in days.items() if day > start]
    order = _longest_unseen(days, where)
    listed_at = {place: at for at, place in enumerate(order)}
    miss = np.ones((3, len(order), (end - start).days))
    reached: list[Reached] = []

    def chances(worth: Alike) -> Interval:
        return assumed.chance(
            f"{worth.means}.{item}.detection",
            f"the chance that one look by {worth.means_name} over all of a site sees the"
            f" {item} there (0, 0, 0 for a means that cannot)",
        )

    best_of_group = _best_of_group((look for _, found in after for look in found.grouped), chances)
    used: list[str] = []
    used_on: list[date] = []
    missed: list[tuple[float, float, float]] = []  # by all alike of a day: at low, best and high
    where_seen: list[tuple[int, int, int]] = []  # place, period, which of these
    for day, found in after:
        if found.fault is not None:
            raise found.fault
        period = (day - start).days - 1
        counted = [(worth, worth.places, number) for worth, number in found.alike.items()]
        used += found.used
        for look in found.grouped:
            if places := best_of_group[look.id]:
                counted.append((look.worth, places, 1))
                used.append(look.id)
        used_on += [day] * (len(used) - len(used_on))
        for worth, places, number in counted:
            detection = chances(worth)
            at = tuple(listed_at[place] for place in places)
            where_seen += [(place, period, len(missed)) for place in at]
            missed.append(
                (
                    (1.0 - worth.share * detection.low) ** number,
                    (1.0 - worth.share * detection.best) ** number,
                    (1.0 - worth.share * detection.high) ** number,
                )
            )
            name = f"{worth.means}.{item}.detection"
            reached.append(Reached(name, at, period, worth.share, number))
    place, in_period, alike = np.array(where_seen, dtype=np.intp).reshape(-1, 3).T
    for ones, by in zip(miss, np.array(missed).reshape(-1, 3).T, strict=True):
        np.multiply.at(ones, (place, in_period), by[alike])
    low, best, high = 1.0 - miss
    return Looked(
        used=tuple(used),
        days=tuple(used_on),
        detection=LookRange(low, best, high),
        places=tuple(where.ids[at] for at in order),
        last=max((day for day, found in days.items() if found.anybody_looked), default=None),
        excluded=(
            *chain.from_iterable(found.excluded for _, found in after),
            *_outdone(after, best_of_group),
            *_not_counted(days, start, begins),
        ),
        reached=tuple(reached),
        grouped=bool(best_of_group),
    )


def _best_of_group(
    looks: Iterable[Grouped], chances: Callable[[Alike], Interval]
) -> dict[str, tuple[int, ...]]:
    """Each look, and the places at which it is the best of its group."""
    places: dict[str, list[int]] = {}
    best: dict[tuple[str, int], tuple[float, str]] = {}
    for look in looks:
        places[look.id] = []
        worth = look.worth.share * chances(look.worth).best
        for place in look.worth.places:
            if worth > best.get((look.group, place), (-1.0, ""))[0]:
                best[look.group, place] = worth, look.id
    for (_, place), (_, id_) in best.items():
        places[id_].append(place)
    return {id_: tuple(sorted(at)) for id_, at in places.items()}


def _outdone(
    after: Iterable[tuple[date, OnDay]], best_of_group: Mapping[str, tuple[int, ...]]
) -> Iterator[str]:
    groups: dict[str, list[str]] = {}
    for _, found in after:
        for look in found.grouped:
            if not best_of_group[look.id]:
                groups.setdefault(look.group, []).append(look.id)
    for group, ids in groups.items():
        yield f"shares a cause of error ({group}) with a better look: {', '.join(ids)}"


def _not_counted(days: Mapping[date, OnDay], start: date, begins: str) -> tuple[str, ...]:
    groups: dict[tuple[str, str], tuple[int, list[str]]] = {}
    for day, found in days.items():
        # On all other days, those used need not be asked.
        for look in found.attempts if day == start else found.not_made if day > start else ():
            if reason := _reason(look, start, begins):
                number, ids = groups.setdefault((look.means_name, reason), (0, []))
                ids.append(look.id)
                added = 1 if look.number is None else look.number
                groups[look.means_name, reason] = (number + added, ids)
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


def _longest_unseen(days: Mapping[date, OnDay], where: Places) -> list[int]:
    # By index; elsewhere stays last, so that of equals a site that can be looked at is named.
    last = [date.min] * len(where.ids)
    for day, found in days.items():
        for at in found.places_seen:
            last[at] = day
    return [*sorted(range(len(last) - 1), key=lambda at: last[at]), len(last) - 1]
