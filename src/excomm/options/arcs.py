"""Stability where moves are listed one by one: given arcs, and states merged into one.

Here two moves of one decision maker need not make one move, so the rule that nobody moves twice
running decides: values are carried apart for each last mover. Slower than sweeps, by as much as
there are more moves than options.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.errors import InputError
from excomm.options.cube import Axis, Bools, Cube, Ints, Levels
from excomm.options.replies import WORST_NEVER

ARCS_MOST = 1 << 24

Indices = NDArray[np.intp]


class Arcs(msgspec.Struct, frozen=True):
    """One decision maker's moves between numbered states, sorted by source, then target."""

    source: Indices
    target: Indices
    states: int

    def by_source(self, along: Levels, reduce: np.ufunc, nothing: int) -> Levels:
        """Reduce values along arcs, (..., arcs), to their sources, (..., states)."""
        found = np.full((*along.shape[:-1], self.states), nothing, dtype=along.dtype)
        if self.source.size:
            starts = np.flatnonzero(np.diff(self.source, prepend=-1))
            found[..., self.source[starts]] = reduce.reduceat(along, starts, axis=-1)
        return found


def cube_arcs(cube: Cube, axis: Axis, index_of_cell: Ints, states: int) -> Arcs:
    """The moves along an axis between states numbered by `index_of_cell` (-1: cannot be)."""
    lines = index_of_cell.reshape(-1, axis.one_way, axis.both_way, axis.after)
    changes = 2 ** round(np.log2(axis.both_way)) * 1.5 ** round(np.log2(axis.one_way))
    if cube.cells * changes > ARCS_MOST:
        raise InputError(
            "$.options",
            f"about {cube.cells * changes:.0f} moves of one decision maker",
            f"at most {ARCS_MOST} where states are merged or listed",
            "Use infeasible patterns instead of merge, or fewer options.",
        )
    configs, turns = np.arange(axis.one_way), np.arange(axis.both_way)
    pairs = []
    for taken in range(axis.one_way):
        source = configs[configs & taken == 0]
        here = lines[:, source]
        for turned in range(axis.both_way):
            if taken or turned:
                there = lines[:, source | taken][:, :, turns ^ turned]
                move = (here >= 0) & (there >= 0) & (here != there)
                pairs.append(here[move] * states + there[move])
    joined = np.unique(np.concatenate(pairs)) if pairs else np.zeros(0, dtype=np.int64)
    return Arcs(joined // states, joined % states, states)


def given_arcs(moves: dict[int, tuple[int, ...]], states: Ints, where: str) -> Arcs:
    """Arcs as listed. Raises InputError for a state that cannot be, and for a move to itself."""
    pairs = sorted({(here, there) for here, targets in moves.items() for there in targets})
    index = {int(state): n for n, state in enumerate(states)}
    for here, there in pairs:
        for state in (here, there):
            if state not in index:
                raise InputError(where, f"state {state}", "states that can be", "Take it out.")
        if here == there:
            raise InputError(where, f"{here} to {here}", "moves that change it", "Take it out.")
    numbered = np.array([(index[a], index[b]) for a, b in pairs], dtype=np.intp).reshape(-1, 2)
    return Arcs(numbered[:, 0].copy(), numbered[:, 1].copy(), len(states))


def stable_by_arcs(arcs: Sequence[Arcs], values: Levels) -> Bools:
    """Which states are stable, (concepts, decision makers, preference sets, states).

    values: (decision makers, preference sets, states). Concepts in the order of `sweeps.CONCEPTS`.
    """
    people, sets, states = values.shape
    stable = np.ones((4, people, sets, states), dtype=np.bool_)
    gains = [values[n][:, a.target] > values[n][:, a.source] for n, a in enumerate(arcs)]
    every = [np.ones_like(gain) for gain in gains]
    for n, own in enumerate(arcs):
        if not own.source.size:
            continue
        value = values[n]
        best = np.maximum(value, own.by_source(value[:, own.target], np.maximum, 0))
        stable[0, n] = best == value
        opponents = [j for j in range(people) if j != n]
        for concept, (reached, allowed) in enumerate(
            ((value, every), (best, every), (value, gains)), 1
        ):
            worst = _worst(arcs, opponents, reached, allowed)
            unpunished = gains[n] & (worst[:, own.target] > value[:, own.source])
            stable[concept, n] = ~own.by_source(unpunished, np.logical_or, 0)
    return stable


def _worst(
    arcs: Sequence[Arcs], opponents: Sequence[int], reached: Levels, allowed: Sequence[Bools]
) -> Levels:
    """The least of `reached` after one or more moves of opponents, nobody twice running."""
    first = {j: np.full_like(reached, WORST_NEVER) for j in opponents}
    moved = bool(opponents)
    while moved:
        moved = False
        for j in opponents:
            # After j's move the play may end, or another opponent may go on.
            after = np.minimum.reduce([reached, *(first[k] for k in opponents if k != j)])
            along = np.where(allowed[j], after[:, arcs[j].target], WORST_NEVER)
            found = arcs[j].by_source(along, np.minimum, WORST_NEVER)
            moved |= not np.array_equal(found, first[j])
            first[j] = found
    worst: Levels = np.minimum.reduce([np.full_like(reached, WORST_NEVER), *first.values()])
    return worst
