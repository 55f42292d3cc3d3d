"""Whole calendars of each site: a bound that knows every window, and plans by bidding for sorties.

A site needs some calendar that covers all its windows. At prices for sorties, budget and loss
budget the cheapest one is found exactly (`compiled`). Where the cheapest calendars of all sites
cost more than all there is, no plan reaches the target: that is the bound. And where each site in
turn takes the cheapest calendar beside those of the others, dearer where too many want the same
day, the crowding dissolves and a plan is left. Prices may be found on a sample of the sites; what
counts is the sum over all.
"""

import itertools
import time
from collections.abc import Iterator
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.watch.bounds import dearest
from excomm.watch.cheapest import pruned
from excomm.watch.linear import INFINITY, Floats, Ints
from excomm.watch.schedule import Arrays, Looks, coverage, within_limits

MEANS_MOST = 3
_SAMPLE = 200
_BLOCK_SECONDS = 0.2  # between two looks at the clock
_ROUNDS_MOST = 120
_PROOF = 1e-7
_NEAR = 1e-3
_SLACK = 0.02  # of the target
# What a look beyond the limit adds to its price, in average prices: while there is a crowd, and for
# good after each turn.
_PRESS, _HISTORY, _HARDER = 1.0, 0.5, 1.2


class Sitewise(msgspec.Struct, frozen=True):
    """A target as the sites see it. Options of a day are sets of means; option 0 is no look."""

    arrays: Arrays
    target: float
    weight: Floats  # (sites, days, options), -1 where not possible
    holds: Floats  # (options, means)
    need: Floats  # (sites, days) of the window that ends on the day

    def memory(self) -> tuple[NDArray[Any], ...]:
        """Workspace for the machine code."""
        from excomm.watch.compiled import Workspace

        _, days, kinds = self.weight.shape
        return Workspace(days, kinds, self.arrays.window).parts


class Prices(msgspec.Struct, frozen=True):
    """Of a look on a day by a means, the share of the cost in it; and of a neper of loss."""

    day: Floats  # (days, means)
    risk: float


def sitewise(arrays: Arrays, target: float) -> Sitewise:
    """The target as the sites see it."""
    sites, days, means = arrays.shape
    holds = np.array(list(itertools.product((0.0, 1.0), repeat=means)))
    weight = np.minimum(np.minimum(arrays.weight, target) @ holds.T, target)
    barred = ((arrays.weight <= 0) | (arrays.sorties <= 0)) @ holds.T > 0
    weight = np.where(barred, -1.0, weight)
    weight[:, :, 0] = 0.0
    need = np.zeros((sites, days))
    ends = np.arange(arrays.windows) - arrays.lead + arrays.window - 1
    need[:, ends] = np.maximum(target - arrays.before, 0.0)
    return Sitewise(arrays, target, weight, holds, need)


class Proof:
    """The prices at which calendars are dearest, by cutting planes; kept from target to target.

    piece: days that share a price: each its own in a small problem, else half a window or one.
    """

    def __init__(self, arrays: Arrays, until: float) -> None:
        self.arrays, self.until = arrays, until
        sites, days, means = arrays.shape
        piece = 1 if sites * days * means <= 3_000 else max(arrays.window // 2, 1)
        if sites > _SAMPLE * 2:
            piece = arrays.window
        self.piece = np.arange(days) // piece
        held = np.bincount(self.piece)[:, None] * arrays.sorties[None, :]
        self.limit = np.append(held.ravel(), [arrays.budget, arrays.risk_budget])
        self.counts = np.flatnonzero((self.limit > 0) & (self.limit < INFINITY))
        random = np.random.default_rng(1962)
        every = np.arange(sites)
        self.sample = (
            every if sites <= 2 * _SAMPLE else np.sort(random.permutation(sites)[:_SAMPLE])
        )
        self.shares = np.full(len(self.counts), 1.0 / max(len(self.counts), 1))

    def impossible(self, target: float) -> bool:
        """Whether it is proved that no plan reaches the target, in nepers."""
        if not len(self.counts) or self.arrays.shape[2] > MEANS_MOST:
            return False
        whole = sitewise(self.arrays, target)
        best, shares = self._sought(whole)
        self.shares = shares
        if best < 1.0 - _NEAR:
            return False
        if len(self.sample) < len(whole.need):
            best, _ = self._priced(whole, shares, np.arange(len(whole.need)))
        return best > 1.0 + _PROOF

    def prices(self) -> Prices:
        """The prices so far."""
        return self._prices(self.shares)

    def _prices(self, shares: Floats) -> Prices:
        price = np.zeros(len(self.limit))
        price[self.counts] = shares / self.limit[self.counts]
        day = price[:-2].reshape(-1, self.arrays.shape[2])[self.piece]
        return Prices(day + price[-2] * self.arrays.cost, float(price[-1]))

    def _sought(self, whole: Sitewise) -> tuple[float, Floats]:
        """The greatest cost found on the sample, in parts of all there is, and its prices."""
        best, shares = -INFINITY, self.shares
        trial, cuts = self.shares, []
        for _ in range(_ROUNDS_MOST):
            value, cut = self._priced(whole, trial, self.sample)
            if value > best:
                best, shares = value, trial
            if best > 1.0 + _NEAR or not np.isfinite(value) or time.monotonic() > self.until:
                break
            cuts.append(cut)
            far, most = dearest(cuts, len(self.counts))
            if most <= 1.0 + _PROOF or most - best < _PROOF:
                break
            # Half the way to where the cuts point: the best so far is a better guide than they.
            trial = 0.5 * shares + 0.5 * far
        return best, shares

    def _priced(self, whole: Sitewise, shares: Floats, sites: Ints) -> tuple[float, Floats]:
        """What the sites' cheapest calendars cost at prices, and of what they use how much."""
        from excomm.watch.compiled import every_cheapest

        prices, arrays = self._prices(shares), self.arrays
        chosen = np.zeros(whole.need.shape, dtype=np.int8)
        memory = whole.memory()
        total, done = 0.0, 0
        risk = prices.risk * arrays.risk
        for block in _blocks(sites, self.until):
            found = every_cheapest(
                block,
                whole.weight,
                prices.day @ whole.holds.T,
                risk @ whole.holds.T,
                whole.need,
                arrays.window,
                whole.target,
                chosen,
                *memory,
            )
            # Where the labels were too many, a calendar costs nothing at the least.
            total += float(np.where(found < 0, 0.0, found).sum())
            done += len(block)
        if done < len(sites):
            return -INFINITY, np.zeros(len(self.counts))
        scale = len(whole.need) / len(sites)
        looks = whole.holds[chosen[sites].astype(np.int64)]  # (sites, days, means)
        by_day = looks.sum(axis=0)
        used = np.zeros((int(self.piece.max()) + 1, by_day.shape[1]))
        np.add.at(used, self.piece, by_day)
        spent = float((by_day.sum(axis=0) * arrays.cost).sum())
        risked = float((looks.sum(axis=1) * arrays.risk[sites]).sum())
        cut = np.append(used.ravel(), [spent, risked])[self.counts] / self.limit[self.counts]
        return total * scale, cut * scale


def _blocks(sites: Ints, until: float) -> Iterator[Ints]:
    """The sites in blocks of some moments each, as far as the time goes."""
    first, size = 0, 4
    while first < len(sites) and (first == 0 or time.monotonic() < until):
        began = time.monotonic()
        yield sites[first : first + size]
        first += size
        took = time.monotonic() - began
        size = max(min(int(size * _BLOCK_SECONDS / max(took, 1e-6)), 4 * size), 1)


def lowered(arrays: Arrays, proof: Proof, *, value: float, bound: float, until: float) -> float:
    """A bound between a value that some plan has and one that is known, in nepers."""
    low, high = value, bound
    proof.until = until
    while time.monotonic() < until and high - low > 1e-4 * max(high, 1e-3):
        middle = (low + high) / 2
        if proof.impossible(middle):
            high = middle
        else:
            low = middle
    return high


def bidden(
    arrays: Arrays,
    target: float,
    prices: Prices,
    *,
    until: float,
    random: np.random.Generator,
    turns: int = 60,
) -> Looks | None:
    """A plan in which every site takes the cheapest calendar that reaches the target.

    Where the crowding does not dissolve in the turns, or by `until` (time.monotonic()), looks
    beyond the limits are left out, and some windows fall short; None where that is not enough.
    """
    from excomm.watch.compiled import negotiate

    whole = sitewise(arrays, target)
    sites, days, means = arrays.shape
    chosen = np.zeros((sites, days), dtype=np.int8)
    used = np.zeros((days, means))
    memory = whole.memory()
    unit = float(prices.day[prices.day > 0].mean()) if (prices.day > 0).any() else 1.0
    dear, dear_risk, crowded = 1.0, 1.0, np.zeros((days, means))
    press = _PRESS
    bidders = random.permutation(sites)
    looks: Looks = np.zeros(arrays.shape, dtype=bool)
    for _ in range(turns):
        base = prices.day * dear + crowded + 1e-3 * unit
        risk = prices.risk * dear_risk * arrays.risk
        for block in _blocks(bidders, until):
            negotiate(
                block,
                whole.weight,
                whole.holds,
                base,
                np.full(means, press * unit),
                arrays.sorties,
                risk,
                whole.need,
                arrays.window,
                whole.target,
                _SLACK * target,
                used,
                chosen,
                *memory,
            )
        looks = whole.holds[chosen.astype(np.int64)] > 0
        over = np.maximum(used - arrays.sorties, 0.0)
        spent = float((looks.sum(axis=(0, 1)) * arrays.cost).sum())
        risked = float((looks.sum(axis=1) * arrays.risk).sum())
        short = spent > arrays.budget or risked > arrays.risk_budget
        if over.sum() == 0 and not short:
            return looks
        crowded += _HISTORY * unit * over / np.maximum(arrays.sorties, 1.0) ** 0.5
        press *= _HARDER
        dear *= 1.02 if spent > arrays.budget else 0.995
        dear_risk *= 1.05 if risked > arrays.risk_budget else 0.98
        # Those in a crowd bid again; everybody, where all have to save.
        crowd = (looks & (over > 0)[None]).any(axis=(1, 2))
        bidders = random.permutation(sites if short else np.flatnonzero(crowd))
        if time.monotonic() > until:
            break
    return _within(arrays, pruned(arrays, looks, target))


def _within(arrays: Arrays, looks: Looks) -> Looks | None:
    """The looks without those beyond a day's sorties, of the sites best covered first."""
    covered = coverage(arrays, looks)
    for day, m in np.argwhere(looks.sum(axis=0) > arrays.sorties):
        beyond = int(looks[:, day, m].sum() - arrays.sorties[m])
        seen = arrays.of_day(int(day))
        able = np.flatnonzero(looks[:, day, m])
        out = able[np.argsort(-covered[able, seen].min(axis=1), kind="stable")][:beyond]
        looks[out, day, m] = False
        covered[out, seen] -= arrays.weight[out, day, m][:, None]
    return looks if within_limits(arrays, looks) else None
