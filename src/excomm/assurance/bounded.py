"""Bounded: the pass over counts with the number there held below a bound, when that is cheaper.

The bound is not guessed. The chance that more were ever there is bounded beforehand (Chernoff), it
can hide no more than itself of the likelihood, and a pass whose likelihood is not at least 1e14
times as large is refused: the exact pass of `known.py` then runs.
"""

import math

import numpy as np

from excomm.assurance.known import (
    First,
    Posterior,
    Record,
    log_binomial,
    log_factorials,
    thinning,
)
from excomm.assurance.ranges import Floats

FIRST_BOUND = -80.0  # logarithm of the first chance of more that is tried
A_PERIOD = -2.5  # and more for each period, whose count has a chance of its own
BESIDE = float(np.log(1e-14))  # what may be lost beside the likelihood
WORTH = 3  # exact passes carry so many times fewer numbers before they cost more

_LOG_LOST = float(np.log(1e-308))


def most(record: Record, first: First, log_bound: float) -> int:
    """Least K such that more than K are ever there with a chance whose logarithm is bounded.

    What was known at first can only shrink; beside it, a Poisson number whose mean is that without
    any look. P(Poisson(m) >= x) <= exp(x - m - x log(x / m)) for x > m; over all periods and sites,
    and with room for the mean of what is beyond.
    """
    mean = now = first.unseen
    for period in range(1, record.counts.shape[1]):
        now = now * record.stay[:, period] + record.arrivals[:, period]
        mean = np.maximum(mean, now)
    held = int(first.known.shape[1]) - 1
    top = float(mean.max(initial=0.0))
    if top == 0.0:
        return held
    low, high = int(top) + 1, int(top) + 2
    room = math.log(record.counts.size) + math.log(4.0 * (held + 2.0))

    def log_more(x: float) -> float:
        return x - top - x * math.log(x / top) + room + math.log(x)

    while log_more(high) > log_bound:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if log_more(middle) <= log_bound else (middle, high)
    return held + high


def forward(record: Record, first: First, bound: int, log_bound: float) -> Posterior | None:
    """The pass with at most `bound` there; None where its likelihood does not outweigh the rest.

    log_bound: logarithm of the chance that more were ever there.
    """
    sites, periods = record.counts.shape
    wide = bound + 1
    weights = _with_poisson(first, wide)
    log_total, below_most = np.zeros(sites), np.zeros(sites)
    for period in range(periods):
        if period:
            weights = _moved_on(weights, record.stay[:, period], record.arrivals[:, period])
        logs = _log_chances(record, period, wide)
        scale = logs.max(axis=1)
        scale = np.where(np.isfinite(scale), scale, 0.0)
        weights = weights * np.exp(logs - scale[:, None])
        total = weights.sum(axis=1)
        if not total.all():
            return None
        weights /= total[:, None]
        log_total += np.log(total) + scale
        below_most += np.log(total)
    # What fell below a double lost at most so much, since no later factor is above its scale.
    lost = _LOG_LOST + np.log(float(wide) * periods)
    if log_total.min() + BESIDE < log_bound or below_most.min() + BESIDE < lost:
        return None
    return Posterior(log_total, weights, np.zeros(sites), {})


def _with_poisson(first: First, wide: int) -> Floats:
    weights = np.zeros((len(first.unseen), wide))
    known = first.known[:, :wide]
    if not first.unseen.any():
        weights[:, : known.shape[1]] = known
        return weights
    beside = _poisson(first.unseen, wide)
    for n in range(known.shape[1]):
        weights[:, n:] += known[:, n : n + 1] * beside[:, : wide - n]
    return weights


def _poisson(mean: Floats, wide: int) -> Floats:
    n = np.arange(wide)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(n == 0, 0.0, n * np.log(mean)[:, None])
    return np.exp(logs - mean[:, None] - log_factorials(wide - 1))


def _moved_on(weights: Floats, stay: Floats, arrivals: Floats) -> Floats:
    wide = weights.shape[1]
    moved = np.empty_like(weights)
    pairs = np.stack([stay, arrivals])
    distinct, of = np.unique(pairs, axis=1, return_inverse=True)
    back = np.arange(wide)[None, :] - np.arange(wide)[:, None]
    for at, (chance, mean) in enumerate(distinct.T):
        rows = of.ravel() == at
        here = weights[rows]
        if chance < 1.0:
            here = here @ thinning(float(chance), wide)
        if mean > 0.0:
            coming = _poisson(np.array([mean]), wide)[0]
            here = here @ np.where(back >= 0, coming[np.maximum(back, 0)], 0.0)
        moved[rows] = here
    return moved


def _log_chances(record: Record, period: int, wide: int) -> Floats:
    counts, looks = record.counts[:, period, None], record.detection[:, period, None]
    false = record.false_items[:, period, None]
    there = np.arange(wide)
    if not false.any():
        return log_binomial(counts, np.broadcast_to(there, (len(counts), wide)), looks)
    logs = np.full((len(counts), wide), -np.inf)
    for k in range(min(int(counts.max()), wide - 1) + 1):
        rest = np.maximum(counts - k, 0)
        with np.errstate(divide="ignore", invalid="ignore"):
            wrong = np.where(rest == 0, 0.0, rest * np.log(false)) - false
        wrong = wrong - log_factorials(int(rest.max()))[rest]
        right = log_binomial(np.array(k), there, looks)
        logs = np.logaddexp(logs, np.where(counts >= k, wrong, -np.inf) + right)
    return logs
