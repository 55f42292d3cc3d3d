"""The cheapest looks that assure a required detection: a plan within seconds at any size.

Descents reach the target in the whole of the limits, then every look that no window needs is taken
out, the dearest for what it sees first. No bound: that is the program's (`exact.least_cost`).
"""

import time

import numpy as np

from excomm.watch.descent import descend, search
from excomm.watch.schedule import Arrays, Looks, coverage, within_limits

_SWEEPS = 60
_TRIES = 6


def cheap_looks(arrays: Arrays, target: float, *, until: float) -> Looks | None:
    """Looks that cover every window with the target, in nepers; None where none was found.

    until: time.monotonic() at which to stop looking for cheaper ones.
    """
    random = np.random.default_rng(1962)
    best: Looks | None = None
    least = float("inf")
    for turn in range(_TRIES):
        state = search(arrays, np.zeros(arrays.shape, dtype=bool))
        noise = 0.0 if turn == 0 else 0.3
        reached = descend(state, target, sweeps=_SWEEPS, until=until, random=random, noise=noise)
        if reached:
            looks = pruned(arrays, state.looks, target)
            cost = float((looks.sum(axis=(0, 1)) * arrays.cost).sum())
            if cost < least and within_limits(arrays, looks):
                best, least = looks, cost
        if time.monotonic() > until:
            break
    return best


def pruned(arrays: Arrays, looks: Looks, target: float) -> Looks:
    """The looks without those that no window needs for the target, dearest per neper first."""
    looks = looks.copy()
    covered = coverage(arrays, looks)
    cells = np.argwhere(looks)
    weight = arrays.weight[tuple(cells.T)]
    dear = arrays.cost[cells[:, 2]] / np.maximum(weight, 1e-12)
    for n in np.argsort(-dear, kind="stable"):
        site, day, means = cells[n]
        seen = arrays.of_day(int(day))
        if covered[site, seen].min() - weight[n] >= target - 1e-12:
            looks[site, day, means] = False
            covered[site, seen] -= weight[n]
    return looks
