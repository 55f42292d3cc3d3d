"""Where things stand for whoever plans looks: sites, means, what a look sees, what was seen lately.

Plain values. `from_facts` makes them of a case; a notebook may make them by hand. Days count from
the first day that can still be planned, which is 0; looks already made are on days below 0.
"""

from datetime import date, timedelta
from typing import NamedTuple

import msgspec
import numpy as np

from excomm.watch.linear import Floats
from excomm.watch.schedule import Looks


class Range(NamedTuple):
    """A figure with the range that its assumption gives it."""

    low: float
    best: float
    high: float


class Flies(msgspec.Struct, frozen=True):
    """How a means flies, at the best of every range: from where, how fast, how far, how long."""

    north: float
    east: float
    speed_kmh: float
    range_km: float
    station_minutes: float
    by_daylight: bool


class PlannedMeans(msgspec.Struct, frozen=True):
    """A means that can be planned: what a day holds of it, what a sortie costs and risks.

    loss: the chance that one sortie is lost. legal_basis: in words, as entered; empty: none is.
    clear_sky: the chance that nothing hides a site, which `Situation.detect` has in it already.
    """

    id: str
    name: str
    sorties_per_day: int
    sites_per_sortie: int
    cost: Range
    loss: Range
    legal_basis: tuple[str, ...] = ()
    clear_sky: float = 1.0
    flies: Flies | None = None  # None: nothing is said of how it flies

    @property
    def sites_per_day(self) -> int:
        """How many sites it can see on one day."""
        return self.sorties_per_day * self.sites_per_sortie

    @property
    def cost_of_look(self) -> float:
        """A full sortie's cost, shared among the sites that it sees."""
        return self.cost.best / self.sites_per_sortie


class Made(msgspec.Struct, frozen=True):
    """Looks already made at a site, alike: on a day below 0, with the detection that each had.

    entries: their ids; none: it is one look.
    """

    site: int
    day: int
    detect: Range
    entries: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """How many they are."""
        return max(len(self.entries), 1)


class Closed(msgspec.Struct, frozen=True):
    """Days on which a site is closed to a means; first and last, both counted."""

    site: int
    means: int
    first: int
    last: int
    why: str
    entry: str = ""


class Situation(msgspec.Struct, frozen=True):
    """All that the planning of looks takes from a case.

    detect: (3, sites, means), low, best and high chance that a look on a day to come sees what is
    there: coverage x clear sky x sensor; 0 where refused. days_unseen: since the last look that
    came off, None where none did.
    """

    first_day: date
    items: tuple[str, ...]
    window_days: Range
    sites: tuple[str, ...]
    names: tuple[str, ...]
    means: tuple[PlannedMeans, ...]
    detect: Floats
    made: tuple[Made, ...] = ()
    closed: tuple[Closed, ...] = ()
    days_unseen: tuple[int | None, ...] = ()
    places: tuple[tuple[float, float] | None, ...] = ()  # degrees north and east
    assumptions: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    @property
    def window(self) -> int:
        """Days within which what is started has to be found, at the best of its range."""
        return int(self.window_days.best)

    @property
    def means_ids(self) -> tuple[str, ...]:
        """The means that can be planned, by id."""
        return tuple(one.id for one in self.means)

    def day(self, number: int) -> date:
        """The date of a day of the plan."""
        return self.first_day + timedelta(days=number)

    def open_on(self, days: int) -> Looks:
        """(sites, days, means) whether no closure stands in the way."""
        open_ = np.ones((len(self.sites), days, len(self.means)), dtype=bool)
        for one in self.closed:
            open_[one.site, max(one.first, 0) : max(one.last + 1, 0), one.means] = False
        return open_

    def detected(self, last_day: int) -> Floats:
        """(3, sites): chance that what has been at a site for a whole window ending on a day

        below 0 (or 0, with nothing flown) was seen by the looks made in it.
        """
        miss = np.ones((3, len(self.sites)))
        for look in self.made:
            if last_day - self.window < look.day <= last_day:
                miss[:, look.site] *= (1.0 - np.array(look.detect)) ** look.number
        found: Floats = 1.0 - miss
        return found

    def least_seen(self, since: date) -> tuple[Range, str] | None:
        """The least detection of the looks made, over sites and starts from a day on, and where.

        Only of windows that have closed; None where none has.
        """
        first = (since - self.first_day).days
        starts = -self.window - first + 1
        if starts < 1:
            return None
        miss = np.ones((3, len(self.sites), starts))
        for look in self.made:
            after = max(look.day - self.window + 1 - first, 0)
            miss[:, look.site, after : max(look.day - first + 1, 0)] *= (
                1.0 - np.array(look.detect)[:, None]
            ) ** look.number
        worst = int(miss[1].max(axis=1).argmax())
        return Range(*(float(1.0 - miss[at].max()) for at in range(3))), self.sites[worst]
