"""The known and the never seen: an exact pass over the counts of many sites at once.

At every look the chance of a count is summed over how many of those counted had never been seen
before. Weights are scaled to add to 1 and their logarithm is kept; rows for which a number too
small for a double could have mattered are done again in logarithms, so nothing is lost unnoticed.
"""

import math
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.assurance.ranges import Floats

Whole = NDArray[np.int64]


class Record(msgspec.Struct, frozen=True):
    """What was counted and under what conditions, each (S, T); no look: 0 counted, detection 0."""

    counts: Whole
    arrivals: Floats
    detection: Floats
    stay: Floats
    false_items: Floats

    def rows(self, which: NDArray[np.intp] | slice) -> "Record":
        """Some of the sites."""
        return Record(*(getattr(self, name)[which] for name in self.__struct_fields__))


class First(msgspec.Struct, frozen=True):
    """What was there at first: a known number with these chances and a Poisson number beside it."""

    known: Floats  # (S, N)
    unseen: Floats  # (S,)


class Posterior(msgspec.Struct, frozen=True):
    """The same after the last period, with the likelihood of the counts."""

    log_likelihood: Floats  # (S,)
    known: Floats  # (S, K)
    unseen: Floats  # (S,)
    impossible: dict[int, int]  # by site, the first period whose count could not have been


def width(record: Record, first: First) -> int:
    """How many numbers of known things an exact pass has to carry at most."""
    new = _newly(record, _never_seen(record, first)[0])[:, -1]
    return int(first.known.shape[1]) + int(new.max())


def forward(record: Record, first: First) -> Posterior:
    """The exact pass; sites in blocks that fit in a cache."""
    sites = len(record.counts)
    wide = width(record, first)
    unseen = _never_seen(record, first)
    result = Posterior(np.empty(sites), np.zeros((sites, wide)), unseen[1][:, -1].copy(), {})
    block = max(1, _BLOCK // wide)
    for at in range(0, sites, block):
        rows = slice(at, at + block)
        before = unseen[0][rows]
        lost = _pass(record.rows(rows), first.known[rows], before, wide, result, at)
        for site in lost:
            _pass_in_logs(record.rows(slice(site, site + 1)), first, unseen[0], site, result)
    return result


def poisson_pmf(mean: Floats) -> Floats:
    """Probabilities of 0, 1, ... (S, N), to where the rest is below 1e-30."""
    top = float(mean.max(initial=0.0))
    n = np.arange(np.ceil(top + 14.0 * np.sqrt(top) + 40.0) if top else 1.0)
    logs = _times_log(n, mean[:, None]) - mean[:, None] - log_factorials(len(n) - 1)
    return np.exp(logs)


def log_factorials(most: int) -> Floats:
    """Logarithms of 0! to most!."""
    return _log_factorials(1 << max(most, 1).bit_length())[: most + 1]


def thinning(stay: float, wide: int) -> Floats:
    """Chance that j of i stay, (i, j)."""
    return _thinning(stay, 1 << max(wide - 1, 1).bit_length())[:wide, :wide]


def by_table(weights: Floats, table: Floats) -> Floats:
    """Rows of weights through a table of transitions.

    In parts too small for OpenBLAS to share among threads: on a busy machine a product of small
    tables waits for the other thread longer than it works, ten times over.
    """
    rows = _ALONE // table.size
    if not 0 < rows < len(weights):
        return weights @ table
    return np.concatenate([weights[at : at + rows] @ table for at in range(0, len(weights), rows)])


def log_binomial(number: Whole, of: Whole, chance: Floats) -> Floats:
    """Logarithm of the chance that `number` of `of` are found; -inf where there are fewer."""
    logs = log_factorials(int(max(of.max(initial=0), number.max(initial=0), 1)))
    inside = (number >= 0) & (number <= of)
    k, rest = np.where(inside, number, 0), np.where(inside, of - number, 0)
    value = logs[of] - logs[k] - logs[rest] + _times_log(k, chance) + _times_log1p(rest, chance)
    return np.where(inside, value, -np.inf)


_BLOCK = 1 << 15
_ALONE = 1 << 18  # products that OpenBLAS does by itself
_LOG_LOST = np.log(1e-308)
_LOG_DIGITS = np.log(1e15)


def _never_seen(record: Record, first: First) -> tuple[Floats, Floats]:
    """Mean number never seen, before and after each look, (S, T); the counts change none."""
    before, after = np.empty(record.counts.shape), np.empty(record.counts.shape)
    now = first.unseen
    for period in range(record.counts.shape[1]):
        if period:
            now = now * record.stay[:, period] + record.arrivals[:, period]
        before[:, period] = now
        now = after[:, period] = now * (1.0 - record.detection[:, period])
    return before, after


def _newly(record: Record, before: Floats) -> Whole:
    """How many of those counted so far may have been new, at most, (S, T)."""
    total: Whole = np.cumsum(np.where(before > 0, record.counts, 0), axis=1)
    return total


def _pass(
    record: Record, start: Floats, before: Floats, wide: int, result: Posterior, at: int
) -> list[int]:
    sites, periods = record.counts.shape
    weights = np.zeros((sites, wide))
    weights[:, : start.shape[1]] = start
    bounds = np.minimum(wide, start.shape[1] + _newly(record, before).max(axis=0))
    log_total = np.zeros(sites)
    ceiling, reached = np.zeros((periods, sites)), np.zeros((periods, sites))
    kernels = _Kernels(record, before, bounds)
    for period in range(periods):
        held = int(bounds[period - 1]) if period else start.shape[1]
        if period:
            weights[:, :held] = _stayed(weights[:, :held], record.stay[:, period])
        reached[period] = log_total
        kernel, scale = kernels.at(period)
        moved = np.zeros_like(weights)
        for new in range(kernel.shape[1]):
            upto = min(held, wide - new)
            moved[:, new : new + upto] += weights[:, :upto] * kernel[:, new, :upto]
        total = moved.sum(axis=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            weights = moved / total[:, None]
            log_total = log_total + np.log(total) + scale
        ceiling[period] = np.minimum(0.0, scale + np.log(kernel.shape[1]))
        weights[total == 0] = 0.0
    rows = slice(at, at + sites)
    result.log_likelihood[rows] = log_total
    result.known[rows] = weights
    # What fell below a double at a period was at most so much, and what followed at most that.
    ahead = np.cumsum(ceiling[::-1], axis=0)[::-1]
    lost = (reached + ahead).max(axis=0) + _LOG_LOST + np.log(float(wide) * periods)
    unsafe = ~(log_total - lost > _LOG_DIGITS)
    return [at + int(site) for site in np.flatnonzero(unsafe)]


class _Kernels:
    """Chances of each period's counts by what was known and how many are new, many at once."""

    def __init__(self, record: Record, before: Floats, bounds: Whole) -> None:
        self._record, self._before, self._bounds = record, before, bounds
        self._first = 0
        self._held: list[tuple[Floats, Floats]] = []

    def at(self, period: int) -> tuple[Floats, Floats]:
        """Chances, (S, new, known), divided by exp(scale), (S,); none above 1."""
        if not self._first <= period < self._first + len(self._held):
            self._build(period)
        return self._held[period - self._first]

    def _build(self, first: int) -> None:
        # As many periods as share a block: numbers are then made in a few large operations.
        record, sites = self._record, len(self._record.counts)
        new = np.where(self._before > 0, record.counts, 0).max(axis=0)
        last = first + 1
        most = int(new[first])
        while last < record.counts.shape[1]:
            grown = max(most, int(new[last]))
            if (last + 1 - first) * sites * (grown + 1) * int(self._bounds[last]) > 4 * _BLOCK:
                break
            most, last = grown, last + 1
        span = slice(first, last)
        wide = int(self._bounds[last - 1])
        logs = _log_kernel(
            record.counts[:, span].T.ravel(),
            record.detection[:, span].T.ravel(),
            self._before[:, span].T.ravel(),
            record.false_items[:, span].T.ravel(),
            most,
            wide,
        )
        scale = logs.reshape(len(logs), -1).max(axis=1)
        scale = np.where(np.isfinite(scale), scale, 0.0)
        logs -= scale[:, None, None]
        np.exp(logs, out=logs)
        self._first = first
        self._held = [
            (part[:, : int(new[first + n]) + 1], by)
            for n, (part, by) in enumerate(
                zip(
                    logs.reshape(last - first, sites, most + 1, wide),
                    scale.reshape(last - first, sites),
                    strict=True,
                )
            )
        ]


def _log_kernel(
    counts: Whole, detection: Floats, unseen: Floats, false: Floats, most_new: int, wide: int
) -> Floats:
    """Logarithm of the chance that `new` never seen are counted, and the rest of the count known
    or false; (rows, new, known)."""
    new = np.arange(most_new + 1)
    rest = counts[:, None] - new
    seen = unseen * detection
    by_new = _times_log(new, seen[:, None]) - seen[:, None] - log_factorials(most_new)
    if not false.any():
        # Split so that the large array takes two additions: C(i, k), d^k (1-d)^-k, (1-d)^i.
        possible = rest >= 0
        k = np.where(possible, rest, 0)
        sure = detection >= 1.0
        miss = np.log1p(-np.where(sure, 0.0, detection))
        by_new = by_new + _times_log(k, detection[:, None]) - k * miss[:, None]
        logs: Floats = _log_choose(int(counts.max(initial=0)), wide)[k]
        logs += np.where(possible, by_new, -np.inf)[:, :, None]
        logs += (miss[:, None] * np.arange(wide))[:, None, :]
        for row in np.flatnonzero(sure):
            logs[row][k[row][:, None] != np.arange(wide)] = -np.inf
        return logs
    return by_new[:, :, None] + _log_known_or_false(rest, detection, false, wide)


def _log_known_or_false(rest: Whole, detection: Floats, false: Floats, wide: int) -> Floats:
    # Chance that `rest` are counted among i known things and the false ones together.
    logs = np.full((*rest.shape, wide), -np.inf)
    for k in range(min(int(rest.max(initial=0)), wide - 1) + 1):
        left = rest - k
        possible = left >= 0
        m = np.where(possible, left, 0)
        wrong = _times_log(m, false[:, None]) - false[:, None]
        wrong = np.where(possible, wrong - log_factorials(int(m.max()))[m], -np.inf)
        right = log_binomial(np.array(k), np.arange(wide), detection[:, None])
        logs = np.logaddexp(logs, wrong[:, :, None] + right[:, None, :])
    return logs


def _stayed(weights: Floats, stay: Floats) -> Floats:
    chances = np.unique(stay)
    if len(chances) == 1:
        chance = float(chances[0])
        return weights if chance == 1.0 else by_table(weights, thinning(chance, weights.shape[1]))
    found = np.empty_like(weights)
    for chance in chances:
        rows = stay == chance
        found[rows] = by_table(weights[rows], thinning(float(chance), weights.shape[1]))
    return found


def _pass_in_logs(
    record: Record, first: First, before: Floats, site: int, result: Posterior
) -> None:
    start = first.known[site]
    with np.errstate(divide="ignore"):
        weights = np.log(start)
    log_total = 0.0
    for period in range(record.counts.shape[1]):
        if period and (stay := record.stay[0, period]) < 1.0:
            i = np.arange(len(weights))
            by = log_binomial(i[None, :], i[:, None], np.array(stay))
            weights = np.logaddexp.reduce(weights[:, None] + by, axis=0)
        unseen = before[site : site + 1, period]
        count = record.counts[:, period]
        most = int(count[0]) if unseen[0] > 0 else 0
        look = record.detection[:, period]
        kernel = _log_kernel(
            count, look, unseen, record.false_items[:, period], most, len(weights)
        )[0]
        moved = np.full(len(weights) + most, -np.inf)
        for new in range(most + 1):
            part = slice(new, new + len(weights))
            moved[part] = np.logaddexp(moved[part], weights + kernel[new])
        step = float(np.logaddexp.reduce(moved))
        if step == -np.inf:
            result.impossible[site] = period
            result.log_likelihood[site] = 0.0
            return
        weights, log_total = moved - step, log_total + step
    result.log_likelihood[site] = log_total
    result.known[site] = 0.0
    result.known[site, : len(weights)] = np.exp(weights)


def _times_log(n: NDArray[np.generic], x: Floats) -> Floats:
    """n log x, and 0 where n is 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        product: Floats = np.where(n == 0, 0.0, n * np.log(x))
    return product


def _times_log1p(n: NDArray[np.generic], x: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        product: Floats = np.where(n == 0, 0.0, n * np.log1p(-x))
    return product


@lru_cache(maxsize=8)
def _log_factorials(size: int) -> Floats:
    return np.array([math.lgamma(n + 1.0) for n in range(size + 1)])


@lru_cache(maxsize=8)
def _log_choose(most: int, wide: int) -> Floats:
    i, k = np.arange(wide)[None, :], np.arange(most + 1)[:, None]
    logs = log_factorials(max(most, wide - 1))
    value = logs[i] - logs[np.minimum(k, i)] - logs[np.maximum(i - k, 0)]
    return np.where(k <= i, value, -np.inf)


@lru_cache(maxsize=64)
def _thinning(stay: float, size: int) -> Floats:
    i = np.arange(size)
    return np.exp(log_binomial(i[None, :], i[:, None], np.array(stay)))
