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
from excomm.watch import exact
from excomm.watch.bounds import ceiling, impossible
from excomm.watch.exact import add_agreed, add_cover, by_day, cells_of, keeps_agreed
from excomm.watch.known import Ended, Hunt, Progress
from excomm.watch.linear import INFINITY, Floats, Ints, Program, solve
from excomm.watch.problems import KnownSchedule
from excomm.watch.schedule import SURE, Arrays, Looks, coverage, nepers

_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
_SPREADS_MOST = 12
_CELLS_MOST = 6_000
_PROVED = 1e-9


class Flying:
    """The best looks so far, whole sorties paid for, and the bound, in nepers."""

    def __init__(self, problem: KnownSchedule, arrays: Arrays, ends: float) -> None:
        self.problem = problem
        required = problem.required_detection
        self.target = None if required is None else float(nepers(np.array(required)))
        self.cost_bound = 0.0
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
            if self.target is not None:
                return self._cheapest(self.target)
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
        if not keeps_agreed(self.arrays, self.problem, looks):
            return
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
        program, cells, _ = self._looks_and_sorties(aim=None, below=self.bound)
        start = self._point(cells, min(self.value, self.bound))
        kept = keeps_agreed(self.arrays, self.problem, self.looks)
        solved = solve(program, seconds=self._left(), start=start if kept else None)
        if solved.x is not None:
            looks = np.zeros(self.arrays.shape, dtype=bool)
            looks[tuple(cells.T)] = solved.x[: len(cells)] > 0.5
            self._keep(looks, progress)
        elif not kept:
            exact.refuse_infeasible(self.arrays, self.problem, None, seconds=5.0)
            found = "whole looks that fit, not found"
            raise InputError(
                "$.agreed", found, "frequencies that sorties can keep", "Agree on less."
            )
        self.bound = max(min(self.bound, solved.bound), self.value)
        if solved.status == "interrupted":
            return "interrupted"
        return "proved" if solved.status == "optimal" or self._proved() else "time"

    def _cheapest(self, target: float) -> Ended:
        """The least cost of whole sorties that assures a target: searched, then by the program."""
        if impossible(self.arrays, target):
            exact.refuse_infeasible(self.arrays, self.problem, target, seconds=self._left())
        self.looks = self._affordable_reaching(target)
        program, cells, _ = self._looks_and_sorties(aim=target, below=SURE)
        found = coverage(self.arrays, self.looks).min() >= target - 1e-9
        kept = found and keeps_agreed(self.arrays, self.problem, self.looks)
        start = self._point(cells, None) if kept else None
        solved = solve(program, seconds=max(self._left(), 0.5), start=start)
        if solved.x is not None:
            self.looks = np.zeros(self.arrays.shape, dtype=bool)
            self.looks[tuple(cells.T)] = solved.x[: len(cells)] > 0.5
        elif not kept:
            exact.refuse_infeasible(self.arrays, self.problem, target, seconds=5.0)
            found_ = "whole sorties that fit, not found"
            expected = "what whole sorties can assure"
            raise InputError("$.required_detection", found_, expected, "Ask for a little less.")
        self.value = self.bound = float(coverage(self.arrays, self.looks).min())
        self.cost_bound = max(solved.bound, 0.0)
        if solved.status == "interrupted":
            return "interrupted"
        return "proved" if solved.status == "optimal" else "time"

    def _affordable_reaching(self, target: float) -> Looks:
        """Looks of evenly spread sorties that reach the target, at the least budget found to do."""
        days = self.arrays.shape[1]
        whole = self.arrays
        low, high = 0.0, min(float((self.price * self.most).sum() * days), whole.budget)
        best: Looks = np.zeros(whole.shape, dtype=bool)
        step = float(self.price[self.price > 0].min(initial=1.0))
        until = self.ends - 0.5 * self._left()
        budget = high
        while high - low >= step and time.monotonic() < until:
            self.arrays = msgspec.structs.replace(whole, budget=budget)
            reached = None
            for spread in self._spreads():
                looks = self._filled(spread, 0.3)
                if coverage(whole, looks).min() >= target - 1e-9:
                    reached = looks
                    break
            if reached is None:
                low = budget
            else:
                best, high = reached, min(budget, self.cost(reached))
            budget = (low + high) / 2
        self.arrays = whole
        return best

    def _looks_and_sorties(self, *, aim: float | None, below: float) -> tuple[Program, Ints, int]:
        """Columns: the possible looks, the sorties of each day, and without an aim the least."""
        arrays, cells = self.arrays, cells_of(self.arrays)
        _, days, means = arrays.shape
        last = len(cells) + days * means
        free = [1.0] if aim is None else []
        paid = np.zeros(days * means) if free else np.tile(self.price, days)
        program = Program(
            cost=np.concatenate([np.zeros(len(cells)), paid, free]),
            lower=np.zeros(last + len(free)),
            upper=np.concatenate(
                [np.ones(len(cells)), np.tile(self.most, days), [below] if free else []]
            ),
            integer=np.concatenate([np.ones(last, dtype=bool), np.zeros(len(free), dtype=bool)]),
            sense="max" if free else "min",
        )
        add_cover(program, arrays, cells, aim=aim, below=below)
        for n, (m, index) in enumerate(by_day(cells, days, means)):
            values = np.append(np.ones(len(index)), -float(self.seats[m]))
            program.add_row(np.append(index, len(cells) + n), values, -INFINITY, 0.0)
        every = np.arange(len(cells), last)
        for price, limit in ((self.price, arrays.budget), (self.risk, arrays.risk_budget)):
            if limit < INFINITY:
                scale = 1.0 / limit if limit > 0 else 1e3
                program.add_row(every, np.tile(price, days) * scale, -INFINITY, limit * scale)
        add_agreed(program, self.problem, cells)
        return program, cells, days * means

    def _point(self, cells: Ints, least: float | None) -> Floats:
        """The looks so far as a point of the program."""
        point: Floats = np.concatenate(
            [
                self.looks[tuple(cells.T)].astype(np.float64),
                self.sorties(self.looks).ravel().astype(np.float64),
                [] if least is None else [least],
            ]
        )
        return point
