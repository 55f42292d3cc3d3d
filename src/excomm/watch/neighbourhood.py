"""Large neighbourhoods: free some sites wholly, or some days, hold the rest, and solve that part.

What is free may use what the held looks leave of sorties, budget and loss budget. Each site that is
touched is pushed to the target or as near as it gets, so that a step counts even where several
sites are worst at once.
"""

import numpy as np

from excomm.watch.linear import INFINITY, Floats, Ints, Program, solve
from excomm.watch.schedule import Arrays, Looks, coverage


def some_sites(
    arrays: Arrays, looks: Looks, size: int, target: float, random: np.random.Generator
) -> Looks:
    """Whole sites to free: half of them short of the target, weakest first, the rest drawn."""
    least = coverage(arrays, looks).min(axis=1)
    noisy = least + random.uniform(0, 1e-3 + 0.1 * target, len(least))
    short = np.flatnonzero(least < target - 1e-9)
    weakest = short[np.argsort(noisy[short])][: max(size // 2, 1)]
    others = np.setdiff1d(np.arange(len(least)), weakest)
    drawn = random.permutation(others)[: max(size - len(weakest), 0)]
    free = np.zeros(arrays.shape, dtype=bool)
    free[np.concatenate([weakest, drawn])] = True
    return free


def some_days(
    arrays: Arrays, looks: Looks, size: int, target: float, random: np.random.Generator
) -> Looks:
    """A stretch of days to free at every site, around a window that is short."""
    short = np.argwhere(coverage(arrays, looks) < target - 1e-9)
    days = arrays.shape[1]
    free = np.zeros(arrays.shape, dtype=bool)
    if not len(short):
        return free
    window = int(short[random.integers(len(short))][1])
    middle = window - arrays.lead + int(random.integers(arrays.window))
    first = min(max(middle - size // 2, 0), max(days - size, 0))
    free[:, first : first + size] = True
    return free


def resolve(
    arrays: Arrays, looks: Looks, free: Looks, target: float, *, seconds: float
) -> tuple[Looks, bool]:
    """The looks with the free cells planned anew, and whether somebody interrupted."""
    held = looks & ~free
    spare = arrays.sorties - held.sum(axis=0)  # (days, means)
    possible = free & (arrays.detect > 0) & (spare > 0)
    cells = np.argwhere(possible)
    sites = np.flatnonzero(possible.any(axis=(1, 2)))
    if not len(cells):
        return looks, False
    columns = len(cells) + len(sites)
    base = coverage(arrays, held)[sites] / target
    program = Program(
        cost=np.concatenate([np.full(len(cells), -1e-6), np.ones(len(sites))]),
        lower=np.zeros(columns),
        upper=np.concatenate([np.ones(len(cells)), np.ones(len(sites))]),
        integer=np.concatenate([np.ones(len(cells), bool), np.zeros(len(sites), bool)]),
    )
    _cover(program, arrays, possible, sites, base, target)
    _limits(program, arrays, held, cells, spare)
    reached = np.minimum(coverage(arrays, looks)[sites].min(axis=1) / target - 1e-9, 1.0)
    start = np.concatenate([looks[possible].astype(np.float64), np.maximum(reached, 0.0)])
    solved = solve(program, seconds=seconds, start=start, gap=1e-7)
    if solved.x is None:
        return looks, solved.status == "interrupted"
    held[tuple(cells.T)] = solved.x[: len(cells)] > 0.5
    return held, solved.status == "interrupted"


def _cover(
    program: Program, arrays: Arrays, possible: Looks, sites: Ints, base: Floats, target: float
) -> None:
    """One row per touched site and window that the held looks leave short."""
    number = np.full(possible.shape, -1)
    number[possible] = np.arange(int(possible.sum()))
    first_level = int(possible.sum())
    starts = np.arange(arrays.windows) - arrays.lead
    days_of = starts[:, None] + np.arange(arrays.window)  # (windows, window)
    inside = days_of >= 0
    days_of = np.where(inside, days_of, 0)
    for n, site in enumerate(sites):
        short = base[n] < 1.0
        if not short.any():
            continue
        index = np.where(inside[..., None], number[site][days_of], -1)[short]
        index = index.reshape(int(short.sum()), -1)
        weight = np.minimum(arrays.weight[site] / target, 1.0)
        value = weight[days_of][short].reshape(index.shape)
        level = np.full((len(index), 1), first_level + n)
        index = np.concatenate([index, level], axis=1)
        value = np.concatenate([value, np.full((len(index), 1), -1.0)], axis=1)
        kept = index >= 0
        program.add_rows(
            kept.sum(axis=1),
            index[kept],
            value[kept],
            -base[n][short],
            np.full(len(index), INFINITY),
        )


def _limits(program: Program, arrays: Arrays, held: Looks, cells: Ints, spare: Floats) -> None:
    days, means = arrays.shape[1:]
    slot = cells[:, 1] * means + cells[:, 2]
    order = np.argsort(slot, kind="stable")
    counts = np.bincount(slot, minlength=days * means)
    bind = counts > np.maximum(spare.ravel(), 0)
    kept = order[bind[slot[order]]]
    program.add_rows(
        counts[bind],
        kept,
        np.ones(len(kept)),
        np.full(int(bind.sum()), -INFINITY),
        spare.ravel()[bind].astype(np.float64),
    )
    every = np.arange(len(cells))
    if arrays.budget < INFINITY:
        spent = float((held.sum(axis=(0, 1)) * arrays.cost).sum())
        program.add_row(every, arrays.cost[cells[:, 2]], -INFINITY, arrays.budget - spent)
    if arrays.risk_budget < INFINITY:
        risked = float((held.sum(axis=1) * arrays.risk).sum())
        risk = arrays.risk[cells[:, 0], cells[:, 2]]
        scale = 1.0 / arrays.risk_budget if arrays.risk_budget > 0 else 1e3
        room = (arrays.risk_budget - risked) * scale
        program.add_row(every, risk * scale, -INFINITY, room - 1e-7)
