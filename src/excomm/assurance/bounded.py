"""Bounded: the pass over counts with the number there held below a bound, when that is cheaper.

The bound is not guessed. The chance that more were ever there is bounded beforehand (Chernoff), it
can hide no more than itself of the likelihood, and a pass whose likelihood is not at least 1e14
times as large is refused: the exact pass of `known.py` then runs.
"""

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from excomm.assurance.known import (
    First,
    Posterior,
    Record,
    by_table,
    log_binomial,
    log_factorials,
    thinning,
)
from excomm.assurance.ranges import Floats

FIRST_BOUND = -80.0  # logarithm of the first chance of more that is tried
A_PERIOD = -2.5  # and more for each period, whose count has a chance of its own
BESIDE = float(np.log(1e-14))  # what may be lost beside the likelihood
WORTH = 3  # exact passes carry so many times fewer numbers before they cost more

LONG = 200  # of more periods an exact pass has to be done again in logarithms

# Dropped, so that no product of two leaves the plain doubles: those take a hundred times longer.
_SMALL = 1e-150
_LOG_LOST = math.log(4.0 * _SMALL)


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


def forward(
    record: Record, first: First, bound: int, log_bound: float
) -> tuple[Posterior | None, float]:
    """The pass with at most `bound` there, and the least logarithm of a site's likelihood.

    log_bound: logarithm of the chance that more were ever there. None where what is left out, or
    what was dropped, could be more than 1e-14 of the likelihood.
    """
    sites, periods = record.counts.shape
    wide = bound + 1
    weights = _with_poisson(first, wide)
    log_total, below_most = np.zeros(sites), np.zeros(sites)
    passed = []
    for period in range(periods):
        if period:
            weights = _moved_on(weights, record.stay[:, period], record.arrivals[:, period])
        chance, scale = _scaled_chances(record, period, wide)
        weights = weights * chance
        total = weights.sum(axis=1)
        if not total.all():
            return None, -np.inf
        weights /= total[:, None]
        weights[weights < _SMALL] = 0.0
        log_total += np.log(total) + scale
        below_most += np.log(total)
        passed.append(weights)
    least = float(log_total.min())
    # What was dropped lost at most so much, since no later factor is above its scale.
    lost = _LOG_LOST + math.log(float(wide) * periods)
    sure = float(below_most.min()) + BESIDE >= lost or _nothing_lost(record, passed)
    if least + BESIDE < log_bound or not sure:
        return None, least
    return Posterior(log_total, weights, np.zeros(sites), {}), least


def _nothing_lost(record: Record, passed: list[Floats]) -> bool:
    """Backwards: what was lost anywhere, times the most that can follow it, beside what did."""
    wide = passed[0].shape[1]
    room = _LOG_LOST + math.log(float(wide) * len(passed)) - BESIDE
    ahead = np.ones_like(passed[-1])
    for period in range(len(passed) - 1, 0, -1):
        chance, _ = _scaled_chances(record, period, wide)
        seen = chance * ahead
        before = _moved_back(seen, record.stay[:, period], record.arrivals[:, period])
        followed = (passed[period - 1] * before).sum(axis=1)
        most = np.maximum(seen.max(axis=1), before.max(axis=1))
        if not (followed > most * math.exp(room)).all():
            return False
        ahead = before / before.max(axis=1, keepdims=True)
        ahead[ahead < _SMALL] = 0.0
    return True


def _scaled_chances(record: Record, period: int, wide: int) -> tuple[Floats, Floats]:
    logs = _log_chances(record, period, wide)
    scale = logs.max(axis=1)
    scale = np.where(np.isfinite(scale), scale, 0.0)
    return _dropped(np.exp(logs - scale[:, None])), scale


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
    found = np.empty_like(weights)
    for rows, step in _steps(stay, arrivals, weights.shape[1]):
        found[rows] = weights[rows]
        for part in step:
            found[rows] = by_table(found[rows], part)
    return found


def _moved_back(values: Floats, stay: Floats, arrivals: Floats) -> Floats:
    found = np.empty_like(values)
    for rows, step in _steps(stay, arrivals, values.shape[1]):
        found[rows] = values[rows]
        for part in reversed(step):
            found[rows] = by_table(found[rows], part.T)
    return found


def _steps(
    stay: Floats, arrivals: Floats, wide: int
) -> list[tuple[NDArray[np.intp], list[Floats]]]:
    """The sites that share a step, and its parts: some stay, some arrive."""
    distinct, of = np.unique(np.stack([stay, arrivals]), axis=1, return_inverse=True)
    found = []
    for at, (chance, mean) in enumerate(distinct.T.tolist()):
        step = [_thinned(chance, wide)] if chance < 1.0 else []
        if mean > 0.0:
            step.append(_arrivals(mean, wide))
        found.append((np.flatnonzero(of.ravel() == at), step))
    return found


@lru_cache(maxsize=16)
def _arrivals(mean: float, wide: int) -> Floats:
    back = np.arange(wide)[None, :] - np.arange(wide)[:, None]
    coming = _poisson(np.array([mean]), wide)[0]
    return _dropped(np.where(back >= 0, coming[np.maximum(back, 0)], 0.0))


@lru_cache(maxsize=16)
def _thinned(stay: float, wide: int) -> Floats:
    return _dropped(thinning(stay, wide).copy())


def _dropped(chances: Floats) -> Floats:
    chances[chances < _SMALL] = 0.0
    return chances


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
