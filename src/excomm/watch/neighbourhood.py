"""Large neighbourhoods: free some sites wholly, hold the rest, and solve that part exactly.

What the free sites may use is what the held ones leave of sorties, budget and loss budget. Each
free site is pushed to the target or as near as it gets, so that a step counts even where several
sites are worst at once.
"""

import numpy as np

from excomm.watch.linear import INFINITY, Floats, Ints, Program, solve
from excomm.watch.schedule import Arrays, Looks, coverage


def weakest_and_others(
    arrays: Arrays, looks: Looks, size: int, target: float, random: np.random.Generator
) -> Ints:
    """Sites to free: half of them short of the target, weakest first, the rest drawn."""
    least = coverage(arrays, looks).min(axis=1)
    noisy = least + random.uniform(0, 1e-3 + 0.1 * target, len(least))
    short = np.flatnonzero(least < target - 1e-9)
    weakest = short[np.argsort(noisy[short])][: max(size // 2, 1)]
    others = np.setdiff1d(np.arange(len(least)), weakest)
    drawn = random.permutation(others)[: max(size - len(weakest), 0)]
    return np.sort(np.concatenate([weakest, drawn]))


def resolve(
    arrays: Arrays, looks: Looks, free: Ints, target: float, *, seconds: float
) -> tuple[Looks, bool]:
    """The looks with the free sites planned anew, and whether somebody interrupted."""
    held = looks.copy()
    held[free] = False
    spare = arrays.sorties - held.sum(axis=0)  # (days, means)
    possible = (arrays.detect[free] > 0) & (spare > 0)
    cells = np.argwhere(possible)
    columns = len(cells) + len(free)
    program = Program(
        cost=np.concatenate([np.full(len(cells), -1e-6), np.ones(len(free))]),
        lower=np.zeros(columns),
        upper=np.concatenate([np.ones(len(cells)), np.ones(len(free))]),
        integer=np.concatenate([np.ones(len(cells), bool), np.zeros(len(free), bool)]),
    )
    worth = np.minimum(arrays.weight[free] / target, 1.0)
    _cover(program, arrays, free, possible, target, worth)
    _limits(program, arrays, held, free, cells, spare)
    reached = np.minimum(coverage(arrays, looks)[free].min(axis=1) / target - 1e-9, 1.0)
    start = np.concatenate([looks[free][possible].astype(np.float64), np.maximum(reached, 0.0)])
    solved = solve(program, seconds=seconds, start=start, gap=1e-4)
    if solved.x is None:
        return looks, solved.status == "interrupted"
    part = np.zeros((len(free), *arrays.shape[1:]), dtype=bool)
    part[tuple(cells.T)] = solved.x[: len(cells)] > 0.5
    held[free] = part
    return held, solved.status == "interrupted"


def _cover(
    program: Program, arrays: Arrays, free: Ints, possible: Looks, target: float, worth: Floats
) -> None:
    number = np.full(possible.shape, -1)
    number[possible] = np.arange(int(possible.sum()))
    first_level = int(possible.sum())
    before = arrays.before[free] / target
    starts = np.arange(arrays.windows) - arrays.lead
    days_of = starts[:, None] + np.arange(arrays.window)  # (windows, window)
    inside = days_of >= 0
    days_of = np.where(inside, days_of, 0)
    for n in range(len(free)):
        index = np.where(inside[..., None], number[n][days_of], -1).reshape(arrays.windows, -1)
        value = worth[n][days_of].reshape(arrays.windows, -1)
        index = np.concatenate([index, np.full((arrays.windows, 1), first_level + n)], axis=1)
        value = np.concatenate([value, np.full((arrays.windows, 1), -1.0)], axis=1)
        kept = index >= 0
        counts = kept.sum(axis=1)
        program.add_rows(
            counts, index[kept], value[kept], -before[n], np.full(arrays.windows, INFINITY)
        )


def _limits(
    program: Program, arrays: Arrays, held: Looks, free: Ints, cells: Ints, spare: Looks
) -> None:
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
        risk = arrays.risk[free[cells[:, 0]], cells[:, 2]]
        scale = 1.0 / arrays.risk_budget if arrays.risk_budget > 0 else 1e3
        room = (arrays.risk_budget - risked) * scale
        program.add_row(every, risk * scale, -INFINITY, room - 1e-7)
