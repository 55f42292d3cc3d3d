"""The calendar is known: which looks make the least detection, over sites and start days, greatest?

A good plan first, a proof if there is time: due dates and descent give a plan within seconds at any
size, large neighbourhoods improve it, `ceiling` certifies how much better any plan could be, and
small problems go to the exact program. Whatever ends the search, the answer is the best plan so far
with its bound; its figures are recomputed from its looks.
"""

import time
from collections.abc import Callable
from typing import Literal

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch import cp_sat, exact
from excomm.watch.bounds import best_levels, ceiling, impossible, level_below
from excomm.watch.cheapest import cheap_looks
from excomm.watch.descent import Search, descend, due_dates, search
from excomm.watch.neighbourhood import resolve, some_days, some_sites
from excomm.watch.problems import KnownSchedule, Solver
from excomm.watch.schedule import (
    Arrays,
    Looks,
    Worth,
    arrays,
    coverage,
    misses,
    nepers,
    within_limits,
    worth,
)
from excomm.watch.sitewise import MEANS_MOST, Proof, bidden, lowered
from excomm.watch.tightening import scaled

Ended = Literal["proved", "time", "interrupted"]
Progress = Callable[[float, float], None]  # value and bound, as detection

_PROVED = 1e-9
_EXACT_CELLS_MOST = 400
_CLIMB_CELLS_MOST = 3_000
_CLIMB_SECONDS = 15.0
_BID_SECONDS_LEAST = 20.0  # the first time, compiling alone takes some
_BID_PART = 0.75
_NEAR = 1e-4
_SHARES_SITES_MOST = 64
_SWEEPS = 40
_ONE_MORE_CELLS_MOST = 60_000
_FREE_CELLS_MOST = 3_000
_FREE_MOST = 14.0
_REACH = 0.15
_STALE_MOST = 20


class KnownAnswer(msgspec.Struct, frozen=True):
    """The plan, what it assures, and how much better any plan could be.

    unreachable: sites with a window in which no look is possible; the plan is for the others.
    elsewhere: the least detection at those others; None where there are no unreachable ones.
    one_more_sortie: by means, how far the bound rises if one more could be flown a day.
    """

    min_detection: float
    value: float
    bound: float
    upper_bound: float
    gap: float
    ended: Ended
    worst_site: str
    worst_start_day: int
    cost: float
    cost_bound: float | None
    loss_prob: float
    unreachable: tuple[str, ...]
    one_more_sortie: dict[str, float]
    schedule: tuple[tuple[str, int, str], ...]
    assumptions: tuple[str, ...]
    elsewhere: float | None = None


def solve_known(
    problem: KnownSchedule,
    *,
    seconds: float,
    progress: Progress | None = None,
    solver: Solver = "highs",
) -> KnownAnswer:
    """The best known schedule that `seconds` allow; with required_detection, the cheapest.

    Raises InputError for what is out of range, and for demands that no plan can keep: the limit
    that gives way most cheaply is named, and by how much. EnvironmentFault where the solver asked
    for is not installed.
    """
    ends = time.monotonic() + seconds
    shaped = arrays(problem)
    whole = any(means.sites_per_sortie > 1 for means in problem.means)
    if solver != "highs" and (whole or solver != "cp-sat"):
        expected = "highs, where a sortie sees several sites" if whole else "highs or cp-sat"
        raise InputError("solver", solver, expected, "Leave it out.")
    if whole:
        return _flown(problem, shaped, ends, progress)
    if problem.agreed or problem.required_detection is not None:
        return _demanded(problem, shaped, ends, solver)
    within = _reached(shaped)
    looks = np.zeros(shaped.shape, dtype=bool)
    if not within.any():
        return _answer(problem, shaped, looks, 0.0, "proved", {}, None)
    hunt = Hunt(shaped if within.all() else _only(shaped, within), ends, progress)
    ended: Ended = "time"
    try:
        ended = hunt.run(problem) if solver == "highs" else hunt.ask_cp_sat(problem)
    except KeyboardInterrupt:
        ended = "interrupted"
    until = max(ends, time.monotonic() + 0.1 * seconds)
    more = {} if ended == "interrupted" else _one_more(problem, hunt.arrays, until)
    looks[within] = hunt.looks
    bound = hunt.bound if within.all() else 0.0
    return _answer(problem, shaped, looks, bound, ended, more, None)


def _flown(
    problem: KnownSchedule, shaped: Arrays, ends: float, progress: Progress | None
) -> KnownAnswer:
    """Where a sortie sees several sites, whole sorties are paid for, however many looks they make.

    The bound is that of looks paid one by one, which no plan of whole sorties exceeds.
    """
    from excomm.watch.flown import Flying

    _require_required(problem)
    within = _reached(shaped)
    if problem.required_detection and not within.all():
        target = float(nepers(np.array(problem.required_detection)))
        exact.refuse_infeasible(shaped, problem, target, seconds=max(ends - time.monotonic(), 5.0))
    if not within.any():
        return _answer(problem, shaped, np.zeros(shaped.shape, dtype=bool), 0.0, "proved", {}, None)
    flying = Flying(problem, shaped if within.all() else _only(shaped, within), ends)
    ended = flying.run(progress)
    looks = np.zeros(shaped.shape, dtype=bool)
    looks[within] = flying.looks
    bound = flying.bound if within.all() else 0.0
    found = _answer(problem, shaped, looks, bound, ended, {}, None)
    cost = flying.cost(flying.looks)
    cost_bound = cost if ended == "proved" else min(flying.cost_bound, cost)
    return msgspec.structs.replace(
        found,
        cost=cost,
        cost_bound=cost_bound if problem.required_detection is not None else None,
        loss_prob=flying.loss(flying.looks),
    )


def _require_required(problem: KnownSchedule) -> None:
    required = problem.required_detection
    if required is not None and not 0 <= required < 1:
        raise InputError("$.required_detection", required, "0 to below 1", "Write 85 % as 0.85.")


def _reached(shaped: Arrays) -> Looks:
    """(sites,) whether each window of the site holds a possible look, or one already made."""
    every = (shaped.detect > 0) & (shaped.sorties > 0)
    return np.asarray((coverage(shaped, every) > 0).all(axis=1))


def _only(shaped: Arrays, sites: Looks) -> Arrays:
    """The same problem without the other sites."""
    return msgspec.structs.replace(
        shaped,
        detect=shaped.detect[sites],
        weight=shaped.weight[sites],
        risk=shaped.risk[sites],
        miss_before=shaped.miss_before[sites],
    )


class Hunt:
    """The search for one plan: the best looks so far and the bound, in nepers, at any moment."""

    def __init__(self, arrays: Arrays, ends: float, progress: Progress | None = None) -> None:
        self.arrays, self.ends, self.progress = arrays, ends, progress
        self.random = np.random.default_rng(1962)
        self.looks: Looks = np.zeros(arrays.shape, dtype=bool)
        self.value = float(coverage(arrays, self.looks).min())
        self.bound = float("inf")

    def run(self, problem: KnownSchedule) -> Ended:
        """Greedy, descent, bound, then whatever improves most, until proved or out of time."""
        arrays = self.arrays
        self.bound = ceiling(arrays, at_least=0.0, until=self.ends - 0.7 * self.left())
        if self.proved():
            return "proved"
        for part in (0.6, 0.4, 0.8, 0.2, 1.0):
            if self.left() > 0:
                self.keep(due_dates(arrays, part * self.bound))
        small = np.prod(arrays.shape) <= _EXACT_CELLS_MOST
        self.descents(min(0.1 * self.left(), 0.5 if small else 5.0))
        if not self.proved() and not small and self.left() > _BID_SECONDS_LEAST:
            middling = np.prod(arrays.shape) <= _CLIMB_CELLS_MOST
            self.bid(self.ends - (0.5 if middling else 0.1) * self.left())
        if not self.proved() and np.prod(arrays.shape) <= _CLIMB_CELLS_MOST:
            self.climb(self.ends - 0.3 * self.left())
        if not self.proved() and small:
            solved = exact.most_assured(
                arrays, problem, start=self.looks, below=self.bound, seconds=0.5 * self.left()
            )
            if solved.looks is not None:
                self.keep(solved.looks)
            self.lower_bound(solved.bound)
            if solved.interrupted:
                return "interrupted"
            if solved.proved:
                return "proved"
        if not self.proved():
            self.improve()
        return "proved" if self.proved() else "time"

    def ask_cp_sat(self, problem: KnownSchedule) -> Ended:
        """A plan within seconds, then CP-SAT from there."""
        self.bound = ceiling(self.arrays, at_least=0.0, until=self.ends - 0.8 * self.left())
        self.descents(0.1 * self.left())
        if self.proved():
            return "proved"
        solved = cp_sat.most_assured(
            self.arrays, problem, start=self.looks, below=self.bound, seconds=self.left()
        )
        if solved.looks is not None:
            self.keep(solved.looks)
        self.lower_bound(solved.bound)
        if solved.interrupted:
            return "interrupted"
        return "proved" if solved.proved or self.proved() else "time"

    def left(self) -> float:
        """Seconds left."""
        return max(self.ends - time.monotonic(), 0.0)

    def proved(self) -> bool:
        """Whether the bound is the value, to the grain of the figures."""
        return self.bound - self.value <= _PROVED

    def keep(self, looks: Looks) -> bool:
        """Take the looks over if they are better; whether they were."""
        value = float(coverage(self.arrays, looks).min())
        if value <= self.value + 1e-12 or not within_limits(self.arrays, looks):
            return False
        self.looks, self.value = looks.copy(), value
        if self.progress:
            self.progress(-np.expm1(-value), -np.expm1(-self.bound))
        return True

    def lower_bound(self, found: float) -> None:
        """A solver's bound, told to the next value that a window can have."""
        if found >= self.bound:
            return
        # A solver is sure to its tolerance only; a level further up than that is not reached.
        levels = best_levels(self.arrays, found + 1e-6)
        self.bound = max(min(self.bound, level_below(levels, found + 1e-6, self.value)), self.value)

    def bid(self, until: float) -> None:
        """Sites bid for sorties: a better bound first, then plans nearer to it by each success."""
        if self.arrays.shape[2] > MEANS_MOST:
            return
        proof = Proof(self.arrays, until)
        early = time.monotonic() + 0.2 * (until - time.monotonic())
        found = lowered(self.arrays, proof, value=self.value, bound=self.bound, until=early)
        if found < self.bound:
            self.certify(found)
        proof.until = until
        part = _BID_PART
        while not self.proved() and time.monotonic() < until:
            aim = self.value + part * (self.bound - self.value) - _PROVED
            if aim - self.value < _NEAR:
                break
            share = 0.6 * (until - time.monotonic())
            ends = time.monotonic() + share
            looks = bidden(self.arrays, aim, proof.prices(), until=ends, random=self.random)
            kept = looks is not None and self.keep(looks)
            if looks is not None and self.value < aim - _NEAR:
                state = search(self.arrays, looks)
                ends = min(until, time.monotonic() + share / 4)
                descend(state, aim, sweeps=_SWEEPS, until=ends, random=self.random)
                kept |= self.keep(state.looks)
            if kept:
                part = min(1.2 * part, 0.97)
            elif proof.impossible(aim):
                self.certify(aim)
            else:  # the prices are better now
                part *= 0.6

    def certify(self, found: float) -> None:
        """No plan reaches what was found: the bound is the next value that a window can have."""
        levels = best_levels(self.arrays, found)
        below = found if levels is None else float(levels[levels < found - 1e-8].max(initial=0.0))
        self.bound = max(min(self.bound, below), self.value)

    def climb(self, until: float) -> None:
        """Targets between value and bound: each is reached, proved out of reach, or left open.

        A yes-or-no question in shares of the target is far easier than the greatest value itself.
        """
        levels = best_levels(self.arrays, self.bound)
        open_above = self.bound
        while not self.proved():
            if levels is not None:
                between = levels[(levels > self.value + 1e-8) & (levels <= open_above + 1e-8)]
                if not len(between):
                    break
                aim = float(between[(len(between) - 1) // 2])
            else:
                aim = self.value + 0.4 * (open_above - self.value)
                if aim - self.value < _NEAR:
                    return
            left = until - time.monotonic()
            if left <= 0:
                return
            found = exact.reaching(
                scaled(self.arrays, aim - 1e-9), seconds=min(left, _CLIMB_SECONDS)
            )
            if found.interrupted:
                raise KeyboardInterrupt
            if found.looks is not None and self.keep(found.looks):
                continue
            open_above = aim
            if levels is not None:
                below = levels[levels < aim - 1e-8]
                open_above = max(float(below[-1]) if len(below) else 0.0, self.value)
            if found.proved:
                self.bound = open_above
        if open_above >= self.bound:
            self.bound = self.value

    def descents(self, seconds: float) -> None:
        """Descent towards targets between the value and the bound, nearer after each failure."""
        until = min(time.monotonic() + seconds, self.ends)
        state, part = search(self.arrays, self.looks), 0.5
        while time.monotonic() < until and not self.proved():
            part = self.descent(state, part, until)

    def descent(self, state: Search, part: float, until: float) -> float:
        """One descent; returns the part of the way to the bound to aim at next."""
        target = self.value + part * (min(self.bound, 2.0 * self.value + 0.5) - self.value)
        noise = float(self.random.choice([0.0, 0.1, 0.3]))
        descend(state, target, sweeps=_SWEEPS, until=until, random=self.random, noise=noise)
        if self.keep(state.looks):
            return min(part * 1.3, 1.0)
        return part * 0.75 if part > 0.02 else 0.5

    def improve(self) -> None:
        """Descents and neighbourhoods in turn, until proved or out of time."""
        state, part = search(self.arrays, self.looks), 0.3
        # Few values are possible: the best of them is aimed at. Many: a little more than there is.
        few = best_levels(self.arrays, self.bound) is not None
        reach, patience = (1.0, 3 * _STALE_MOST) if few else (_REACH, _STALE_MOST)
        aim = Aim(self.arrays, self.looks, self.value + reach * (self.bound - self.value))
        size, stale = 8.0, 0
        while self.left() > 0 and not self.proved():
            if stale % 8 == 0:
                part = self.descent(state, part, min(time.monotonic() + 2, self.ends))
            target = self.value + reach * (self.bound - self.value)
            if abs(target - aim.target) > 1e-9:
                aim = Aim(self.arrays, self.looks, target)
            before, step = aim.short, min(1.5, self.left())
            took = aim.step(round(size), step, self.random)
            # As large as the solver masters in its time.
            size = max(size * 0.93, 4.0) if took > 0.9 * step else min(size * 1.05, _FREE_MOST)
            stale = 0 if aim.short < before else stale + 1
            if self.keep(aim.looks):
                state = search(self.arrays, self.looks)
            if aim.interrupted:
                raise KeyboardInterrupt
            if aim.short == 0:
                reach = min(reach * 1.3, 1.0)
            elif stale >= patience:
                reach, stale = (reach * 0.5 if reach > 0.01 else 1.0), 0


class Aim:
    """Neighbourhoods solved towards one target; its looks may be worse than the best meanwhile."""

    def __init__(self, arrays: Arrays, looks: Looks, target: float) -> None:
        self.target, self.interrupted = target, False
        tight = arrays.shape[0] <= _SHARES_SITES_MOST
        self.arrays = scaled(arrays, target) if tight else arrays
        self.goal = 1.0 if tight else target
        self.looks = looks.copy()
        self.short = self.missing()

    def missing(self) -> int:
        """Windows short of the target."""
        return int((coverage(self.arrays, self.looks) < self.goal - 1e-9).sum())

    def step(self, size: int, seconds: float, random: np.random.Generator) -> float:
        """Solve one neighbourhood of so many sites; how many seconds that took."""
        sites, days, means = self.arrays.shape
        stretch = min(size, _FREE_CELLS_MOST // (sites * means), days)
        if stretch >= 3 and random.random() < 0.5:
            free = some_days(self.arrays, self.looks, stretch, self.goal, random)
        else:
            most = max(2, min(size, _FREE_CELLS_MOST // (days * means), sites))
            free = some_sites(self.arrays, self.looks, most, self.goal, random)
        began = time.monotonic()
        self.looks, self.interrupted = resolve(
            self.arrays, self.looks, free, self.goal, seconds=seconds
        )
        self.short = self.missing()
        return time.monotonic() - began


def least_cost_bound(solved: exact.Solved, cost: float) -> float:
    """The least cost that is still possible."""
    return cost if solved.proved else min(solved.bound, cost)


def _demanded(problem: KnownSchedule, shaped: Arrays, ends: float, solver: Solver) -> KnownAnswer:
    required = problem.required_detection
    _require_required(problem)
    target = None if required is None else float(nepers(np.array(required)))
    left = max(ends - time.monotonic(), 1.0)
    if target is not None and impossible(shaped, target):
        exact.refuse_infeasible(shaped, problem, target, seconds=left)
    solved = (
        _most_assured_as_agreed(problem, shaped, ends, solver)
        if target is None
        else _least_cost(problem, shaped, target, ends, solver)
    )
    if solved.looks is None:
        exact.refuse_infeasible(shaped, problem, target, seconds=max(left / 2, 5.0))
        found = "whole looks that fit, not found"
        raise InputError("$", found, "demands that whole looks can keep", "Ask for a little less.")
    looks = solved.looks
    of = worth(shaped, looks)
    bound = float(coverage(shaped, looks).min()) if target is not None else solved.bound
    if solved.proved and target is None:
        bound = float(coverage(shaped, looks).min())
    ended: Ended = "proved" if solved.proved else "interrupted" if solved.interrupted else "time"
    cost = least_cost_bound(solved, of.cost) if target is not None else None
    return _answer(problem, shaped, looks, bound, ended, {}, cost)


def _least_cost(
    problem: KnownSchedule, shaped: Arrays, target: float, ends: float, solver: Solver
) -> exact.Solved:
    """The program, from looks that were found without it."""
    left = max(ends - time.monotonic(), 1.0)
    looks = cheap_looks(shaped, target, until=time.monotonic() + 0.3 * left)
    if looks is not None and not exact.keeps_agreed(shaped, problem, looks):
        looks = None
    left = max(ends - time.monotonic(), 0.5)
    program = exact.least_cost if solver == "highs" else cp_sat.least_cost
    return program(shaped, problem, target, start=looks, seconds=left)


def _most_assured_as_agreed(
    problem: KnownSchedule, shaped: Arrays, ends: float, solver: Solver
) -> exact.Solved:
    """The program with agreed frequencies, under the bound of plans that are free of them."""
    left = max(ends - time.monotonic(), 1.0)
    below = ceiling(shaped, at_least=0.0, until=time.monotonic() + 0.2 * left)
    hunt = Hunt(shaped, time.monotonic() + 0.3 * left)
    hunt.bound = below
    hunt.descents(0.2 * left)
    start = hunt.looks if exact.keeps_agreed(shaped, problem, hunt.looks) else None
    left = max(ends - time.monotonic(), 0.5)
    # A window in which no look is possible holds everything at nothing.
    program = exact.most_assured if solver == "highs" else cp_sat.most_assured
    solved = program(shaped, problem, start=start, below=max(below, 1e-6), seconds=left)
    if solved.looks is None and start is not None:
        return msgspec.structs.replace(solved, looks=start, bound=min(solved.bound, below))
    return solved


def _one_more(problem: KnownSchedule, shaped: Arrays, until: float) -> dict[str, float]:
    """By means, how far one sortie more a day raises the bound; of those that the time allows."""
    if np.prod(shaped.shape) > _ONE_MORE_CELLS_MOST:
        return {}
    plain = ceiling(shaped, at_least=0.0, until=until)
    more: dict[str, float] = {}
    for m, means in enumerate(problem.means):
        sorties = shaped.sorties.copy()
        sorties[m] += 1
        wider = msgspec.structs.replace(shaped, sorties=sorties)
        raised = ceiling(wider, at_least=plain, until=until)
        if time.monotonic() > until:
            break
        more[means.name] = float(max(np.exp(-plain) - np.exp(-raised), 0.0))
    return more


def _answer(
    problem: KnownSchedule,
    shaped: Arrays,
    looks: Looks,
    bound_nepers: float,
    ended: Ended,
    more: dict[str, float],
    cost_bound: float | None,
) -> KnownAnswer:
    assert within_limits(shaped, looks)
    of: Worth = worth(shaped, looks)
    within = _reached(shaped)
    bound = max(float(-np.expm1(-bound_nepers)), of.min_detection)
    if ended == "proved":
        bound = of.min_detection
    return KnownAnswer(
        min_detection=of.min_detection,
        value=of.min_detection,
        bound=bound,
        upper_bound=bound,
        gap=bound - of.min_detection,
        ended=ended,
        worst_site=problem.sites[of.worst_site],
        worst_start_day=of.worst_start_day,
        cost=of.cost,
        cost_bound=cost_bound,
        loss_prob=of.loss_prob,
        unreachable=tuple(problem.sites[int(s)] for s in np.flatnonzero(~within)),
        one_more_sortie=more,
        schedule=_listed(problem, looks),
        assumptions=(
            f"a start on day u is seen by looks on days u to u + {problem.window_days - 1}",
            "looks independent",
            "the other side knows the calendar",
        ),
        elsewhere=float(1.0 - misses(shaped, looks)[within].max())
        if 0 < within.sum() < len(within)
        else None,
    )


def _listed(problem: KnownSchedule, looks: Looks) -> tuple[tuple[str, int, str], ...]:
    order = np.argwhere(looks.transpose(1, 0, 2))
    return tuple((problem.sites[s], int(t), problem.means[m].name) for t, s, m in order)
