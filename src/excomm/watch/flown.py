"""Sorties that see several sites: a day's looks are paid for in whole sorties.

Looks paid one by one are cheaper than sorties half empty, so their bound holds here too. Plans are
first made for sorties spread evenly over the days, each filled with the looks that the search for
single looks chooses; then one program with the number of sorties of each day improves on the best.
Never splits a sortie over days or means; never decides in which order its sites are flown over.
"""

import itertools
import time

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.bounds import ceiling
from excomm.watch.exact import add_cover, by_day, cells_of
from excomm.watch.known import Ended, Hunt, Progress
from excomm.watch.linear import INFINITY, Ints, Program, solve
from excomm.watch.problems import KnownSchedule
from excomm.watch.schedule import Arrays, Looks, coverage

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_SPREADS_MOST = 12
_CELLS_MOST = 6_000
_PROVED = 1e-9


class Flying:
    """The best looks so far, whole sorties paid for, and the bound, in nepers."""

    def __init__(self, problem: KnownSchedule, arrays: Arrays, ends: float) -> None:
        if problem.agreed or problem.required_detection is not None:
            place = "$.agreed" if problem.agreed else "$.required_detection"
            raise InputError(
                place,
                "demands beside sorties that see several sites",
                "one of the two",
                "Say sites_per_sortie 1 and what each look costs.",
            )
        self.arrays, self.ends = arrays, ends
        self.seats = np.array([m.sites_per_sortie for m in problem.means])
        self.most = np.array([m.sorties_per_day for m in problem.means])
        self.price = np.array([m.cost for m in problem.means])
        # Of a sortie, from the share of a look.
        self.risk = arrays.risk.max(axis=0) * self.seats
        self.looks: Looks = np.zeros(arrays.shape, dtype=bool)
        self.value = float(coverage(arrays, self.looks).min())
        self.bound = INFINITY

    def run(self, progress: Progress | None = None) -> Ended:
        """Even spreads first, then the program; whatever ends it, the best so far stands."""
        try:
            self.bound = ceiling(
                self.arrays, at_least=self.value, until=self.ends - 0.8 * self._left()
            )
            spreads = list(self._spreads())
            for n, sorties in enumerate(spreads):
                if self._proved() or self._left() <= 0:
                    break
                share = 0.4 * self._left() / (len(spreads) - n)
                self._keep(self._filled(sorties, min(share, 2.0)), progress)
            if not self._proved() and np.prod(self.arrays.shape) <= _CELLS_MOST:
                return self._program(progress)
        except KeyboardInterrupt:
            return "interrupted"
        return "proved" if self._proved() else "time"

    def sorties(self, looks: Looks) -> Ints:
        """(days, means) whole sorties that the looks take."""
        flown: Ints = -(-looks.sum(axis=0) // self.seats)
        return flown

    def cost(self, looks: Looks) -> float:
        """What the sorties cost."""
        return float((self.sorties(looks) * self.price).sum())

    def loss(self, looks: Looks) -> float:
        """The chance that at least one sortie is lost."""
        return float(-np.expm1(-(self.sorties(looks) * self.risk).sum()))

    def _left(self) -> float:
        return max(self.ends - time.monotonic(), 0.0)

    def _proved(self) -> bool:
        return self.bound - self.value <= _PROVED

    def _keep(self, looks: Looks, progress: Progress | None) -> None:
        value = float(coverage(self.arrays, looks).min())
        if value <= self.value + 1e-12 or not self._affordable(self.sorties(looks)):
            return
        self.looks, self.value = looks.copy(), value
        if progress:
            progress(-np.expm1(-value), -np.expm1(-self.bound))

    def _affordable(self, sorties: Ints) -> bool:
        return bool(
            (sorties <= self.most).all()
            and (sorties * self.price).sum() <= self.arrays.budget + 1e-9
            and (sorties * self.risk).sum() <= self.arrays.risk_budget + 1e-12
        )

    def _spreads(self) -> "list[Ints]":
        """(days, means) sorties a day, spread evenly, for several ways to share the budget."""
        days, means = self.arrays.shape[1:]
        found: list[Ints] = []
        for shares in itertools.product(_SHARES, repeat=means):
            if abs(sum(shares) - 1.0) > 1e-9 or len(found) >= _SPREADS_MOST:
                continue
            number = np.array([self._number(m, share, days) for m, share in enumerate(shares)])
            spread = np.zeros((days, means), dtype=np.int64)
            for m, each in enumerate(number):
                np.add.at(
                    spread[:, m], ((np.arange(each) + 0.5) * days / max(each, 1)).astype(int), 1
                )
            if number.any() and self._affordable(spread):
                found.append(spread)
        return sorted(found, key=lambda one: -float((one * self.seats).sum()))

    def _number(self, m: int, share: float, days: int) -> int:
        most = float(self.most[m] * days)
        if self.price[m] > 0 and self.arrays.budget < INFINITY:
            most = min(most, (self.arrays.budget * share + 1e-9) // self.price[m])
        elif share == 0:
            most = 0.0
        if self.risk[m] > 0 and self.arrays.risk_budget < INFINITY:
            most = min(most, (self.arrays.risk_budget * share + 1e-12) // self.risk[m])
        return int(most)

    def _filled(self, sorties: Ints, seconds: float) -> Looks:
        """Looks for sorties already set: their cost is paid, so only their seats limit."""
        seats = sorties * self.seats
        most = seats.max(axis=0)
        # Days with fewer seats than the most are held to them after the search.
        open_ = self.arrays.detect * (seats > 0)[None]
        weight = self.arrays.weight * (seats > 0)[None]
        free = msgspec.structs.replace(
            self.arrays,
            detect=open_,
            weight=weight,
            sorties=most.astype(np.float64),
            cost=np.zeros(len(most)),
            budget=INFINITY,
            risk=np.zeros_like(self.arrays.risk),
            risk_budget=INFINITY,
        )
        hunt = Hunt(free, time.monotonic() + seconds)
        if (coverage(free, free.detect > 0) > 0).all():
            hunt.bound = ceiling(free, at_least=0.0, until=time.monotonic() + 0.3 * seconds)
            hunt.descents(seconds)
        return self._topped(hunt.looks, seats)

    def _topped(self, looks: Looks, seats: Ints) -> Looks:
        """The looks with too many taken out, and empty seats given to the weakest sites."""
        looks = looks.copy()
        covered = coverage(self.arrays, looks)
        for day, m in np.argwhere(seats > 0):
            seen = self.arrays.of_day(int(day))
            spare = int(seats[day, m] - looks[:, day, m].sum())
            weight = self.arrays.weight[:, day, m]
            if spare < 0:
                chosen = np.flatnonzero(looks[:, day, m])
                out = chosen[np.argsort(-covered[chosen, seen].min(axis=1), kind="stable")][:-spare]
                looks[out, day, m] = False
                covered[out, seen] -= weight[out, None]
            elif spare:
                able = np.flatnonzero(~looks[:, day, m] & (weight > 0))
                into = able[np.argsort(covered[able, seen].min(axis=1), kind="stable")][:spare]
                looks[into, day, m] = True
                covered[into, seen] += weight[into, None]
        return looks

    def _program(self, progress: Progress | None) -> Ended:
        """The exact program: looks, the sorties of each day, and the least coverage."""
        arrays, cells = self.arrays, cells_of(self.arrays)
        _, days, means = arrays.shape
        last = len(cells) + days * means
        program = Program(
            cost=np.append(np.zeros(last), 1.0),
            lower=np.zeros(last + 1),
            upper=np.concatenate([np.ones(len(cells)), np.tile(self.most, days), [self.bound]]),
            integer=np.append(np.ones(last, dtype=bool), np.zeros(1, dtype=bool)),
        )
        add_cover(program, arrays, cells, aim=None, below=self.bound)
        for n, (m, index) in enumerate(by_day(cells, days, means)):
            values = np.append(np.ones(len(index)), -float(self.seats[m]))
            program.add_row(np.append(index, len(cells) + n), values, -INFINITY, 0.0)
        every = np.arange(len(cells), last)
        for price, limit in ((self.price, arrays.budget), (self.risk, arrays.risk_budget)):
            if limit < INFINITY:
                scale = 1.0 / limit if limit > 0 else 1e3
                program.add_row(every, np.tile(price, days) * scale, -INFINITY, limit * scale)
        start = np.concatenate(
            [
                self.looks[tuple(cells.T)].astype(np.float64),
                self.sorties(self.looks).ravel().astype(np.float64),
                [min(self.value, self.bound)],
            ]
        )
        solved = solve(program, seconds=self._left(), start=start)
        if solved.x is not None:
            looks = np.zeros(arrays.shape, dtype=bool)
            looks[tuple(cells.T)] = solved.x[: len(cells)] > 0.5
            self._keep(looks, progress)
        self.bound = max(min(self.bound, solved.bound), self.value)
        if solved.status == "interrupted":
            return "interrupted"
        return "proved" if solved.status == "optimal" or self._proved() else "time"
