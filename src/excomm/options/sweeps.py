"""Stability of every state at once, by sweeps along the axes of a cube.

Let v(s) be what decision maker i gives state s (higher is better). With M(s) the best i can move
to from s or keep, and W(t) the worst, for i, that the opponents can make of t, the definitions read

    nash:  M(s) = v(s)
    gmr:   no t that i can move to has W(t) > v(s), W over all opponents' moves
    smr:   likewise, W taking M(x) instead of v(x): what i can still get out of x
    seq:   likewise as gmr, W over opponents' improvements only

and a state where nothing improves passes by itself, because t itself is counted in W(t). Opponents
may act, let another act, and act again: W is carried through one opponent after the other until
nothing changes (gmcr-py 0.3 and others let each act once and miss states). Nobody moving twice
running needs no care here: two moves of one decision maker make one move, and two improvements one
improvement. That is not so with listed arcs or merged states, which `arcs.py` solves.

Many sets of preferences are solved in one call, along the second axis of `values`.
"""

from collections.abc import Sequence

import numpy as np

from excomm.options.cube import Axis, Bools, Cube, Levels
from excomm.options.replies import WORST_NEVER, better_replies

CONCEPTS = ("nash", "gmr", "smr", "seq")


def stable_cells(cube: Cube, values: Levels) -> Bools:
    """Which cells are stable, (concepts, decision makers, preference sets, cells).

    values: (decision makers, preference sets, cells), 1 or more in feasible cells, 0 in others.
    Concepts in the order of CONCEPTS. False in cells that cannot be.
    """
    people, sets, cells = values.shape
    stable = np.empty((len(CONCEPTS), people, sets, cells), dtype=np.bool_)
    stable[:] = cube.feasible
    movers = [n for n, axis in enumerate(cube.axes) if axis.size > 1]
    worst_by_improvement = _carry_improvements(cube, values, movers)
    for n, axis in enumerate(cube.axes):
        if axis.size == 1:
            continue  # nothing to move, nothing to improve
        value = values[n]
        best = reached(axis, value, np.maximum)
        np.equal(best, value, out=stable[0, n])
        stable[0, n] &= cube.feasible
        worst = np.stack([value, best, value])
        if not cube.all_feasible:
            worst[:2, :, ~cube.feasible] = WORST_NEVER
        _carry_moves(cube, worst[:2], [j for j in movers if j != n])
        np.minimum(worst[1], value, out=worst[1])
        worst[2] = worst_by_improvement[movers.index(n)]
        if not cube.all_feasible:
            worst[:, :, ~cube.feasible] = 0
        np.less_equal(reached(axis, worst, np.maximum), value, out=stable[1:, n])
        if not cube.all_feasible:
            stable[1:, n] &= cube.feasible
    return stable


def reached(axis: Axis, values: Levels, reduce: np.ufunc, *, back: bool = False) -> Levels:
    """The best (np.maximum) or worst (np.minimum) value that one move reaches, or staying put.

    values: (..., cells). back: the same over the cells from which a move leads here.
    """
    lines = values.reshape(-1, axis.one_way, axis.both_way, axis.after)
    found = reduce.reduce(lines, axis=2, keepdims=True) if axis.both_way > 1 else lines
    if axis.one_way > 1:
        found = found.copy() if found is lines or found.base is not None else found
        step = 1
        while step < axis.one_way:
            turned = found.reshape(len(lines), -1, 2, step, *found.shape[2:])
            source, target = turned[:, :, 0], turned[:, :, 1]
            into, other = (target, source) if back else (source, target)
            reduce(into, other, out=into)
            step *= 2
    return np.broadcast_to(found, lines.shape).reshape(values.shape)


def _carry_moves(cube: Cube, worst: Levels, opponents: Sequence[int]) -> None:
    """Carry the worst value back through opponents' moves, in place, (..., cells)."""
    # Where everything is feasible the opponents' moves commute: once each is enough.
    again = not cube.all_feasible and len(opponents) > 1
    still = -1
    while True:
        for opponent in opponents:
            found = reached(cube.axes[opponent], worst, np.minimum)
            if not cube.all_feasible:
                found = np.where(cube.feasible, found, WORST_NEVER)
            if again:
                # One opponent twice running adds nothing: the others standing still is enough.
                still = still + 1 if np.array_equal(found, worst) else 0
                if still >= len(opponents) - 1:
                    return
            worst[...] = found
        if not again:
            return


def _carry_improvements(cube: Cube, values: Levels, movers: Sequence[int]) -> Levels:
    """The worst that opponents' improvements make of each cell, (movers, sets, cells)."""
    worst = values[list(movers)].reshape(len(movers), -1)
    replies = [better_replies(cube.axes[n], values[n]) for n in movers]
    still = -1
    while len(movers) > 1:
        for own, reply in enumerate(replies):
            others = [row for row in range(len(movers)) if row != own]
            before = worst[others]
            after = reply.carry(before)
            if len(movers) > 2:
                still = still + 1 if np.array_equal(before, after) else 0
                if still >= len(movers) - 1:
                    return worst.reshape(len(movers), *values.shape[1:])
            worst[others] = after
        if len(movers) == 2:
            break
    return worst.reshape(len(movers), *values.shape[1:])
