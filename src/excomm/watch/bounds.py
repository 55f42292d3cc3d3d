"""What no known schedule can exceed: certified from looks that must fit, window by window.

A target is impossible if the looks it takes do not fit. In each of the disjoint windows every site
needs one of a few minimal allotments (so many looks by each means, each taken on the best days for
the site); the allotments of all sites have to fit the sorties of each window, the budget and the
loss budget. Prices prove that they do not: at them, the cheapest allotments cost more than all
there is. Whole looks are counted, so the bound sees what a relaxation of looks to fractions does
not (5 sites that each need one and a half looks need two).
"""

import itertools
import time
from collections.abc import Iterator

import msgspec
import numpy as np

from excomm.watch.linear import INFINITY, Floats, Program, solve
from excomm.watch.schedule import SURE, Arrays

_COMBINATIONS_MOST = 400
_CUTS_MOST = 300
_LEVELS_MOST = 20_000
_GRAIN = 1e-9


class _Needs(msgspec.Struct, frozen=True):
    """use[resource, site and window, option]; INFINITY where the option does not reach."""

    use: Floats
    limit: Floats  # (resources,)


def ceiling(arrays: Arrays, *, at_least: float, until: float = INFINITY) -> float:
    """An upper bound in nepers on what any schedule assures, by bisection over targets.

    at_least: a value that some schedule has. until: time.monotonic() at which to stop; the bound is
    valid however early that is.
    """
    high = min(_every_look(arrays), SURE)
    if high <= at_least + _GRAIN:
        return max(high, at_least)
    low = at_least
    best = best_levels(arrays, high)
    while time.monotonic() < until:
        if high - low <= 1e-7 * max(high, 1.0):
            break
        middle = (low + high) / 2
        if impossible(arrays, middle):
            high = middle
        else:
            low = middle
    return level_below(best, high, at_least)


def impossible(arrays: Arrays, target: float) -> bool:
    """Whether it is proved that no schedule reaches the target (in nepers) everywhere."""
    needs = _needs(arrays, target)
    if needs is None:
        return False
    if not np.isfinite(needs.use[0]).any(axis=1).all():
        return True
    return _priced_out(needs) is not None


def proving_prices(arrays: Arrays, target: float) -> Floats | None:
    """The prices that prove a target (in nepers) out of reach; None where there are none.

    In order: of a sortie by each means in each disjoint window, window by window; of the budget; of
    the loss budget in nepers. At them, the cheapest allotments of all sites cost more than all that
    there is, which anybody can add up; they are 0 where nothing limits.
    """
    needs = _needs(arrays, target)
    return None if needs is None else _priced_out(needs)


def best_levels(arrays: Arrays, highest: float) -> Floats | None:
    """Every value that one window of one site can have, ascending; None where there are too many.

    The least of all windows is the value of one of them, so a bound may fall to the next level.
    """
    if arrays.lead:
        return None
    found: list[Floats] = []
    for rows in arrays.weight:
        kinds, index = np.unique(np.round(rows.ravel(), 12), return_inverse=True)
        levels = np.zeros(1)
        for n, weight in enumerate(kinds):
            if weight <= 0:
                continue
            # How many looks of this weight one window can hold at most.
            days = (index.reshape(rows.shape) == n).sum(axis=1)
            summed = np.concatenate([[0], np.cumsum(days)])
            most = int((summed[arrays.window :] - summed[: -arrays.window]).max())
            most = min(most, int(highest / weight) + 1)
            levels = (levels[:, None] + weight * np.arange(most + 1)).ravel()
            levels = np.unique(np.round(levels[levels <= highest + 1e-6], 10))
            if len(levels) > _LEVELS_MOST:
                return None
        found.append(levels)
        if sum(len(one) for one in found) > 50 * _LEVELS_MOST:
            return None
    return np.unique(np.concatenate(found))


def level_below(levels: Floats | None, bound: float, at_least: float) -> float:
    """The highest level that the bound allows."""
    if levels is None:
        return bound
    n = int(np.searchsorted(levels, bound + 1e-7, side="right")) - 1
    return max(min(float(levels[n]), bound) if n >= 0 else 0.0, at_least)


def _every_look(arrays: Arrays) -> float:
    """Nepers at the worst window if everything that can be flown over a site is."""
    daily = (arrays.weight * (arrays.sorties > 0)).sum(axis=2)
    padded = np.concatenate([np.zeros((len(daily), arrays.lead + 1)), daily], axis=1)
    summed = np.cumsum(padded, axis=1)
    return float((summed[:, arrays.window :] - summed[:, : -arrays.window] + arrays.before).min())


def _needs(arrays: Arrays, target: float) -> _Needs | None:
    """Minimal allotments for every site in each disjoint window; None where too many means."""
    _, days, means = arrays.shape
    window = arrays.window
    if (window + 1) ** (means - 1) > _COMBINATIONS_MOST:
        return None
    starts = range(0, days - window + 1, window)
    best = [
        np.concatenate(
            [_best_first(arrays.weight[:, u : u + window, m], arrays.sorties[m]) for u in starts]
        )
        for m in range(means)
    ]
    risk = np.tile(arrays.risk, (len(starts), 1))
    options = list(_options(best, risk, arrays, target - 1e-9, len(starts)))
    if not options:
        options = [np.full((len(starts) * means + 2, len(risk)), INFINITY)]
    limit = [float(window * arrays.sorties[m]) for _ in starts for m in range(means)]
    use = np.stack(options, axis=2)
    return _Needs(use=use, limit=np.array([*limit, arrays.budget, arrays.risk_budget]))


def _best_first(weight: Floats, sorties: float) -> Floats:
    """(sites, window + 1): nepers of the best 0, 1, 2, ... looks."""
    best = -np.sort(-weight * (sorties > 0), axis=1)
    return np.concatenate([np.zeros((len(best), 1)), np.cumsum(best, axis=1)], axis=1)


def _options(
    best: list[Floats], risk: Floats, arrays: Arrays, target: float, windows: int
) -> Iterator[Floats]:
    """use[resource, site and window] of one combination of looks at a time."""
    sites, _, means = arrays.shape
    most = arrays.window
    for counts in itertools.product(range(most + 1), repeat=means - 1):
        ahead = sum((best[m][:, c] for m, c in enumerate(counts)), np.zeros(sites * windows))
        # One look fewer that still reaches makes this option pointless.
        last = (best[-1] < (target - ahead)[:, None]).sum(axis=1)
        reaches = last <= most
        used = np.full((windows * means + 2, sites * windows), 0.0)
        cost = np.zeros(sites * windows)
        lost = np.zeros(sites * windows)
        for m in range(means):
            looks = last.astype(np.float64) if m == means - 1 else np.full(len(last), counts[m])
            for w in range(windows):
                rows = slice(w * sites, (w + 1) * sites)
                used[w * means + m, rows] = looks[rows]
            cost += looks * arrays.cost[m]
            lost += looks * risk[:, m]
        used[-2], used[-1] = cost, lost
        used[:, ~reaches] = INFINITY
        if reaches.any():
            yield used
        if (last == 0).all() and means == 2:
            return


def _priced_out(needs: _Needs) -> Floats | None:
    """Prices at which the cheapest allotments cost more than all that there is, or None.

    Cutting planes over the prices, which are scaled so that all there is costs 1.
    """
    prices = np.zeros(len(needs.limit))
    bound = np.isfinite(needs.limit)
    nothing = bound & (needs.limit <= 0)
    use = needs.use
    if nothing.any():
        # Where a resource is nil, options that use it are out.
        barred = np.asarray((use[nothing] > 0).any(axis=0))
        prices[nothing] = 1.0
        if np.asarray(barred.all(axis=1)).any():
            return prices
        use = np.where(barred[None], INFINITY, use)
    kept = bound & ~nothing
    found = _cut(use[kept], needs.limit[kept]) if kept.any() else None
    if found is None:
        return None
    # A unit of what there is nothing of costs more than all the rest.
    prices[kept] = found / needs.limit[kept]
    prices[nothing] = 2.0
    return prices


def _cut(use: Floats, limit: Floats) -> Floats | None:
    resources = len(limit)
    reach = np.isfinite(use[0])
    finite = np.where(reach, use, 0.0) / limit[:, None, None]
    penalty = np.where(reach, 0.0, INFINITY)
    prices = np.full(resources, 1.0 / resources)
    cuts: list[Floats] = []
    rows = np.arange(use.shape[1])
    for _ in range(_CUTS_MOST):
        priced = np.tensordot(prices, finite, axes=1) + penalty
        chosen = priced.argmin(axis=1)
        total = finite[:, rows, chosen].sum(axis=1)
        if float(prices @ total) > 1.0 + 1e-7:
            return prices
        cuts.append(total)
        prices, most = dearest(cuts, resources)
        if most <= 1.0 + 1e-7:
            return None
    return None


def dearest(cuts: list[Floats], resources: int) -> tuple[Floats, float]:
    """The prices at which all allotments met so far cost most, and that cost."""
    program = Program(
        cost=np.concatenate([np.zeros(resources), [1.0]]),
        lower=np.concatenate([np.zeros(resources), [-1e6]]),
        upper=np.concatenate([np.ones(resources), [1e9]]),
    )
    index = np.arange(resources + 1)
    for cut in cuts:
        program.add_row(index, np.concatenate([cut, [-1.0]]), 0.0, INFINITY)
    program.add_row(index[:-1], np.ones(resources), 1.0, 1.0)
    solved = solve(program)
    assert solved.x is not None
    prices = np.maximum(solved.x[:-1], 0.0)
    return prices / prices.sum(), solved.value
