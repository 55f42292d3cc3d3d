"""A secret policy: the mix of schedules that holds most against one who knows it, not the draw.

Column generation: a small program mixes the schedules met so far and prices the starts; the best
schedule at those prices is added until none is better than the mix. The prices of any round bound
every policy. The best schedule is exact (a dynamic programme over the last days' looks) while the
days' choices are few; beyond, it is searched for, and the bound is that of the mean looks.
"""

import time
from itertools import combinations
from math import comb
from typing import Literal

import msgspec
import numpy as np

from excomm.watch.envelope import upper_bound
from excomm.watch.known import Hunt
from excomm.watch.linear import INFINITY, Floats, Ints, Program, solve
from excomm.watch.problems import KnownSchedule, Means, SecretMix
from excomm.watch.ranges import require_count
from excomm.watch.schedule import Looks, arrays

_STATES_MOST = 200_000
_SURPLUS = 1e-11

Ended = Literal["proved", "time", "interrupted"]


class Part(msgspec.Struct, frozen=True):
    """A schedule of the mix, as [site, day], and how often it is to be drawn."""

    probability: float
    schedule: tuple[tuple[int, int], ...]


class MixAnswer(msgspec.Struct, frozen=True):
    """The mix; `starts` is the other side's answer to it: [site, start day, probability]."""

    value: float
    best_known_schedule: float
    bound: float
    gap: float
    ended: Ended
    worst_site: int
    worst_start_day: int
    mix: tuple[Part, ...]
    starts: tuple[tuple[int, int, float], ...]


def solve_mixed(problem: SecretMix, *, seconds: float) -> MixAnswer:
    """The best mix that `seconds` allow, with its bound. Raises InputError for bad shapes."""
    ends = time.monotonic() + seconds
    known = _as_known(problem)
    detect = arrays(known).detect[:, :, 0]
    hunt = Hunt(arrays(known), time.monotonic() + 0.3 * seconds)
    mixing = _Mixing(problem, detect, ends)
    ended: Ended = "time"
    try:
        hunt.run(known)
        ended = mixing.run([hunt.looks[:, :, 0]])
    except KeyboardInterrupt:
        ended = "interrupted"
    detections = np.tensordot(mixing.mix, np.stack(mixing.found), axes=1)
    site, start = np.unravel_index(int(detections.argmin()), detections.shape)
    value = float(detections[site, start])
    bound = max(mixing.bound, value)
    best = float((1.0 - _missed(hunt.looks[:, :, 0], detect, problem.window_days)).min())
    return MixAnswer(
        value=value,
        best_known_schedule=best,
        bound=bound,
        gap=bound - value,
        ended=ended,
        worst_site=int(site),
        worst_start_day=int(start),
        mix=tuple(
            Part(float(p), tuple((int(s), int(t)) for t, s in np.argwhere(looks.T)))
            for p, looks in zip(mixing.mix, mixing.looks, strict=True)
            if p > 0
        ),
        starts=tuple(
            (int(s), int(u), float(mixing.prices[s, u])) for s, u in np.argwhere(mixing.prices > 0)
        ),
    )


def _as_known(problem: SecretMix) -> KnownSchedule:
    require_count("$.sites", problem.sites, 1)
    require_count("$.looks_per_day", problem.looks_per_day, 0, problem.sites)
    return KnownSchedule(
        window_days=problem.window_days,
        days=problem.days,
        sites=tuple(f"site {n}" for n in range(problem.sites)),
        means=(Means("look", problem.looks_per_day),),
        detect=tuple(tuple((d,) for d in row) for row in problem.detect),
    )


def _missed(looks: Floats | Looks, detect: Floats, window: int) -> Floats:
    daily = 1.0 - detect * looks
    starts = daily.shape[1] - window + 1
    return np.prod([daily[:, n : n + starts] for n in range(window)], axis=0)  # type: ignore[no-any-return]


class _Mixing:
    """The schedules met, their mix, the prices of starts, and the bound so far."""

    def __init__(self, problem: SecretMix, detect: Floats, ends: float) -> None:
        self.problem, self.detect, self.ends = problem, detect, ends
        self.looks: list[Floats] = []
        self.found: list[Floats] = []  # detection by (site, start) of each schedule
        starts = problem.days - problem.window_days + 1
        self.prices = np.full((problem.sites, starts), 1.0 / (problem.sites * starts))
        self.mix = np.zeros(0)
        self.bound = upper_bound(detect.max(axis=1), problem.looks_per_day, problem.window_days)
        self.random = np.random.default_rng(1962)
        choices = comb(problem.sites, problem.looks_per_day)
        self.exact = choices**problem.window_days <= _STATES_MOST

    def run(self, first: list[Looks]) -> Ended:
        for known in first:
            self.take(known)
        while True:
            value = self.remix()
            if self.bound - value <= _SURPLUS:
                return "proved"
            looks = (
                _best_schedule(self.problem, self.detect, self.prices)
                if self.exact
                else self.searched()
            )
            detections = 1.0 - _missed(looks, self.detect, self.problem.window_days)
            reached = float((self.prices * detections).sum())
            if self.exact:
                self.bound = min(self.bound, reached)
            if reached <= value + _SURPLUS:
                return "proved" if self.exact else "time"
            if time.monotonic() > self.ends:
                return "time"
            self.take(looks)

    def take(self, looks: Floats | Looks) -> None:
        self.looks.append(looks.astype(np.float64))
        self.found.append(1.0 - _missed(looks, self.detect, self.problem.window_days))
        self.mix = np.append(self.mix, 1.0 if len(self.looks) == 1 else 0.0)

    def remix(self) -> float:
        """The best mix of what was met, and the prices that certify it."""
        table = np.stack([one.ravel() for one in self.found], axis=1)
        rows, columns = table.shape
        program = Program(
            cost=np.append(np.zeros(columns), 1.0),
            lower=np.zeros(columns + 1),
            upper=np.full(columns + 1, INFINITY),
        )
        index = np.arange(columns + 1)
        program.add_rows(
            np.full(rows, columns + 1),
            np.tile(index, rows),
            np.concatenate([table, -np.ones((rows, 1))], axis=1).ravel(),
            np.zeros(rows),
            np.full(rows, INFINITY),
        )
        program.add_row(index[:-1], np.ones(columns), 1.0, 1.0)
        solved = solve(program)
        assert solved.x is not None
        mix = np.maximum(solved.x[:-1], 0.0)
        self.mix = mix / mix.sum()
        prices = np.maximum(np.abs(solved.duals[:-1]), 0.0)
        prices[prices < 1e-13] = 0.0
        if prices.sum() > 0:
            self.prices = (prices / prices.sum()).reshape(self.prices.shape)
        return float((table @ self.mix).min())

    def searched(self) -> Floats:
        """A good schedule at these prices: each day anew, others held, from random beginnings."""
        best, best_value = None, -1.0
        for _ in range(8):
            order = self.random.random(self.detect.shape).argsort(axis=0)
            looks: Floats = (order < self.problem.looks_per_day).astype(np.float64)
            value = -1.0
            while True:
                for day in self.random.permutation(self.problem.days):
                    self.choose(looks, int(day))
                missed = _missed(looks, self.detect, self.problem.window_days)
                now = float((self.prices * (1.0 - missed)).sum())
                if now <= value + 1e-13:
                    break
                value = now
            if value > best_value:
                best, best_value = looks.copy(), value
        assert best is not None
        return best

    def choose(self, looks: Floats, day: int) -> None:
        looks[:, day] = 0.0
        missed = _missed(looks, self.detect, self.problem.window_days)
        first, last = max(day - self.problem.window_days + 1, 0), day + 1
        gain = (self.prices * missed)[:, first:last].sum(axis=1) * self.detect[:, day]
        looks[np.argsort(-gain, kind="stable")[: self.problem.looks_per_day], day] = 1.0


def _best_schedule(problem: SecretMix, detect: Floats, prices: Floats) -> Floats:
    """The schedule that finds most at these prices of starts, exactly.

    best[a, b, ...]: most that windows ended so far can find, if the last window_days - 1 days'
    choices were a, b, ...; a day adds the window that it ends.
    """
    choices = np.zeros((comb(problem.sites, problem.looks_per_day), problem.sites))
    for n, chosen in enumerate(combinations(range(problem.sites), problem.looks_per_day)):
        choices[n, list(chosen)] = 1.0
    window, count = problem.window_days, len(choices)
    best = np.zeros((count,) * (window - 1))
    came: list[Ints] = []
    for start in range(problem.days - window + 1):
        total = np.broadcast_to(best[..., None], (count,) * window) + prices[:, start].sum()
        for site in range(problem.sites):
            if prices[site, start] == 0:
                continue
            missed = np.ones(())
            for day in range(start, start + window):
                missed = np.multiply.outer(missed, 1.0 - detect[site, day] * choices[:, site])
            total = total - prices[site, start] * missed
        came.append(total.argmax(axis=0))
        best = total.max(axis=0)
    at = np.unravel_index(int(best.argmax()), best.shape) if window > 1 else ()
    order = [int(n) for n in at]
    for arg in reversed(came):
        order.insert(0, int(arg[tuple(order[: window - 1])]))
    return choices[order].T.copy()
