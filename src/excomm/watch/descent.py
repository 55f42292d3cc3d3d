"""A good known schedule within seconds: due dates first, then day by day, again and again.

Two searches over one state. `due_dates` fills the days from the first, sites that would fall short
soonest first. `descend` takes one day and means at a time and chooses its looks anew, all others
held: which sites gain most from it is then a sort, not a search. Windows that stay short gain
weight, so that no two days go on passing the same hole to each other; limits on cost and loss act
through prices. Neither knows a bound; the caller says what to aim at and when to stop.
"""

import time

import msgspec
import numpy as np

from excomm.watch.linear import INFINITY, Floats, Ints
from excomm.watch.schedule import Arrays, Looks, coverage

_NOTHING = 1e-12


class Search(msgspec.Struct):
    """The state of a search: the looks, what they cover, and what the limits have left."""

    arrays: Arrays
    looks: Looks
    covered: Floats  # (sites, windows), nepers
    weights: Floats  # (sites, windows)
    spent: float
    risked: float
    price: float = 0.0  # of a unit of cost
    risk_price: float = 0.0
    pinched: bool = False  # whether the budget cut somebody off since the prices were set
    risk_pinched: bool = False


def search(arrays: Arrays, looks: Looks) -> Search:
    """A search that begins with these looks."""
    return Search(
        arrays=arrays,
        looks=looks.copy(),
        covered=coverage(arrays, looks),
        weights=np.ones((arrays.shape[0], arrays.windows)),
        spent=float((looks.sum(axis=(0, 1)) * arrays.cost).sum()),
        risked=float((looks.sum(axis=1) * arrays.risk).sum()),
    )


def due_dates(arrays: Arrays, target: float) -> Looks:
    """The due-date greedy: each day the sites whose window falls short soonest, to the target."""
    sites, days, _ = arrays.shape
    looks = np.zeros(arrays.shape, dtype=bool)
    found = search(arrays, looks)
    for day in range(days):
        ends_left = days - day
        for m in np.argsort(-arrays.weight[:, day].mean(axis=0)):
            short = found.covered < target - _NOTHING
            seen = arrays.of_day(day)
            first = np.where(
                short[:, seen].any(axis=1), short[:, seen].argmax(axis=1), arrays.windows
            )
            gain = np.minimum(arrays.weight[:, day, m], target - found.covered[:, seen].min(axis=1))
            # A fair share of what is left for the days to come: none is starved.
            left = (arrays.budget - found.spent) / ends_left
            afford = left / arrays.cost[m] if arrays.cost[m] > 0 else INFINITY
            order = np.lexsort((-gain, first))
            order = order[(first[order] < arrays.windows) & (gain[order] > _NOTHING)]
            order = order[: int(min(arrays.sorties[m], np.ceil(afford), sites))]
            order = _affordable(found, order, int(m))
            share = (arrays.risk_budget - found.risked) / ends_left
            order = order[np.cumsum(arrays.risk[order, m]) <= share]
            chosen = np.zeros(sites, dtype=bool)
            chosen[order] = True
            _set(found, day, int(m), chosen)
    return found.looks


def _affordable(state: Search, order: Ints, m: int) -> Ints:
    """The first of the order that budget and loss budget allow."""
    arrays = state.arrays
    cost = arrays.cost[m]
    if cost > 0 and arrays.budget < INFINITY:
        order = order[: max(int((arrays.budget - state.spent + 1e-9) // cost), 0)]
    if arrays.risk_budget < INFINITY:
        order = order[np.cumsum(arrays.risk[order, m]) <= arrays.risk_budget - state.risked]
    return order


def _set(state: Search, day: int, m: int, chosen: Looks) -> None:
    arrays = state.arrays
    change = chosen.astype(np.float64) - state.looks[:, day, m]
    touched = np.flatnonzero(change)
    if not len(touched):
        return
    seen = arrays.of_day(day)
    added = change[touched] * arrays.weight[touched, day, m]
    state.covered[touched, seen] += added[:, None]
    state.spent += float(change[touched].sum() * arrays.cost[m])
    state.risked += float((change[touched] * arrays.risk[touched, m]).sum())
    state.looks[:, day, m] = chosen


def descend(
    state: Search,
    target: float,
    *,
    sweeps: int,
    until: float,
    random: np.random.Generator,
    noise: float = 0.0,
) -> bool:
    """Sweeps over all days and means towards a target in nepers; whether it was reached.

    The state is left with the best sweep's looks. until: time.monotonic() at which to stop.
    """
    arrays = state.arrays
    days, means = arrays.shape[1:]
    best, best_looks = -1.0, state.looks.copy()
    for sweep in range(sweeps):
        state.pinched = state.risk_pinched = False
        loud = noise * (1 - sweep / sweeps)
        for turn in random.permutation(days * means):
            _choose(state, int(turn) // means, int(turn) % means, target, random, loud)
        least = float(state.covered.min())
        if least > best:
            best, best_looks = least, state.looks.copy()
        if least >= target - _NOTHING:
            return True
        if time.monotonic() > until:
            break
        short = state.covered < target - _NOTHING
        state.weights[short] *= 1.3
        state.weights /= state.weights.mean()
        np.clip(state.weights, 0.05, 1e4, out=state.weights)
        _reprice(state, target)
    state.looks = best_looks
    state.covered = coverage(arrays, best_looks)
    state.spent = float((best_looks.sum(axis=(0, 1)) * arrays.cost).sum())
    state.risked = float((best_looks.sum(axis=1) * arrays.risk).sum())
    return False


def _choose(
    state: Search, day: int, m: int, target: float, random: np.random.Generator, noise: float
) -> None:
    arrays = state.arrays
    seen = arrays.of_day(day)
    weight = arrays.weight[:, day, m]
    now = state.looks[:, day, m]
    without = state.covered[:, seen] - (weight * now)[:, None]
    short = np.maximum(target - without, 0.0)
    still = np.maximum(short - weight[:, None], 0.0)
    gain = (state.weights[:, seen] * (short * short - still * still)).sum(axis=1)
    if noise:
        gain *= np.exp(noise * random.standard_normal(len(gain)))
    score = gain - state.price * arrays.cost[m]
    if state.risk_price:
        score -= state.risk_price * arrays.risk[:, m]
    order = np.flatnonzero((score > _NOTHING) & (gain > _NOTHING))
    limit = int(arrays.sorties[m])
    cost = float(arrays.cost[m])
    if cost > 0 and arrays.budget < INFINITY:
        others = state.spent - cost * float(now.sum())
        afford = max(int((arrays.budget - others + 1e-9) // cost), 0)
        if afford < min(limit, len(order)):
            state.pinched, limit = True, afford
    if len(order) > limit:
        order = order[np.argpartition(-score[order], limit)[:limit]] if limit else order[:0]
    if arrays.risk_budget < INFINITY:
        order = order[np.argsort(-score[order])]
        others = state.risked - float((now * arrays.risk[:, m]).sum())
        fits = np.cumsum(arrays.risk[order, m]) <= arrays.risk_budget - others
        state.risk_pinched |= not fits.all()
        order = order[fits]
    chosen = np.zeros(len(now), dtype=bool)
    chosen[order] = True
    _set(state, day, m, chosen)


def _reprice(state: Search, target: float) -> None:
    """Dearer where the limit cut somebody off, cheaper where it did not."""
    scale = 1e-3 * target * target
    if state.arrays.budget < INFINITY:
        state.price = max(state.price * 1.25, scale) if state.pinched else state.price * 0.9
    if state.arrays.risk_budget < INFINITY:
        dear = scale / max(state.arrays.risk.mean(), 1e-12)
        state.risk_price = (
            max(state.risk_price * 1.25, dear) if state.risk_pinched else state.risk_price * 0.9
        )
