"""A conflict made ready to be solved: its states, its moves, what each decision maker values."""

from collections.abc import Mapping

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.options.arcs import Arcs, cube_arcs, given_arcs, stable_by_arcs
from excomm.options.cube import Bools, Cube, Ints, Levels, cube, matches
from excomm.options.models import Conflict
from excomm.options.preferences import values
from excomm.options.sweeps import stable_cells

# Cells solved in one call where many preferences are tried: what fits a processor's cache.
_CELLS_AT_ONCE = 1 << 16


class Graph(msgspec.Struct, frozen=True):
    """States in ascending order are numbered 0, 1, ...; a merged state is named by its smallest."""

    model: Conflict
    cube: Cube
    alias: Mapping[int, int]  # members of merged states, but for the smallest
    cells: Ints  # (states,), the cell of each state
    states: Ints  # (states,)
    number_of_cell: Ints  # (cells,), -1 where nothing can be
    values: Levels  # (decision makers, cells)
    listed: tuple[Arcs, ...] | None  # where arcs are given or states merged

    def arcs(self, dm: int) -> Arcs:
        """The moves of a decision maker, listed. Raises InputError where they are too many."""
        if self.listed is not None:
            return self.listed[dm]
        return cube_arcs(self.cube, self.cube.axes[dm], self.number_of_cell, len(self.states))

    def targets(self, dm: int, number: int) -> list[int]:
        """Where a decision maker can move to from one state, as numbers, ascending."""
        if self.listed is not None:
            arcs = self.listed[dm]
            low, high = np.searchsorted(arcs.source, [number, number + 1])
            return [int(target) for target in arcs.target[low:high]]
        axis, cell = self.cube.axes[dm], int(self.cells[number])
        change = np.arange(1, axis.size, dtype=np.int64) * axis.after
        one_way = change & -(axis.both_way * axis.after)
        found = self.number_of_cell[(cell ^ change)[cell & one_way == 0]]
        return sorted(int(target) for target in found[found >= 0])

    def stable(self, valued: Levels | None = None) -> Bools:
        """Which states are stable, (concepts, decision makers, preference sets, states).

        valued: (decision makers, preference sets, cells) tried instead of the model's own.
        """
        if valued is None:
            valued = self.values[:, None]
        if self.listed is not None:
            return stable_by_arcs(self.listed, valued[:, :, self.cells])
        if valued.shape[1] == 1:
            return stable_cells(self.cube, valued)[..., self.cells]
        at_once = max(1, _CELLS_AT_ONCE // self.cube.cells)
        parts = [
            stable_cells(self.cube, valued[:, start : start + at_once])[..., self.cells]
            for start in range(0, valued.shape[1], at_once)
        ]
        return np.concatenate(parts, axis=2)

    def number(self, state: int, where: str) -> int:
        """The number of a state. Raises InputError with `where`, if it cannot be."""
        named = self.alias.get(state, state)
        found = int(np.searchsorted(self.states, named))
        if found == len(self.states) or self.states[found] != named:
            raise InputError(where, f"state {state}", "a state that can be", "Name a feasible one.")
        return found

    def dm(self, name: str, where: str) -> int:
        """The place of a decision maker. Raises InputError with `where`."""
        if name not in self.model.decision_makers:
            known = ", ".join(self.model.decision_makers)
            raise InputError(where, name, f"one of {known}", "Write the name as in the model.")
        return self.model.decision_makers.index(name)


def graph(model: Conflict) -> Graph:
    """Make a conflict ready. Raises InputError with the place of what is wrong in it."""
    laid = cube(model)
    alias = _merged(model, laid)
    members = np.array(sorted(alias), dtype=np.int64)
    cells = laid.ascending()
    alive = cells[~np.isin(laid.states[cells], members)] if alias else cells
    states = laid.states[alive]
    number_of_cell = np.full(laid.cells, -1, dtype=np.int64)
    number_of_cell[alive] = np.arange(alive.size)
    for cell in cells[np.isin(laid.states[cells], members)] if alias else ():
        named_by = alias[int(laid.states[cell])]
        number_of_cell[cell] = int(np.searchsorted(states, named_by))
    # A merged state is judged by its smallest member, in every cell of it.
    valued = values(model, laid, alias)[:, alive][:, number_of_cell]
    valued[:, ~laid.feasible] = 0
    ready = Graph(
        model,
        laid,
        alias,
        alive,
        states,
        number_of_cell,
        valued,
        _listed(model, laid, number_of_cell, states),
    )
    if model.status_quo is not None:
        _check_status_quo(ready, model.status_quo)
    return ready


def _listed(
    model: Conflict, laid: Cube, number_of_cell: Ints, states: Ints
) -> tuple[Arcs, ...] | None:
    if model.arcs is not None:
        for dm in model.arcs:
            if dm not in model.decision_makers:
                known = ", ".join(model.decision_makers)
                raise InputError("$.arcs", dm, f"one of {known}", "Write the name as listed.")
        return tuple(
            given_arcs(model.arcs.get(dm, {}), states, f"$.arcs.{dm}")
            for dm in model.decision_makers
        )
    if model.merge:
        return tuple(cube_arcs(laid, axis, number_of_cell, len(states)) for axis in laid.axes)
    return None


def _merged(model: Conflict, laid: Cube) -> dict[int, int]:
    """Members of merged states with the smallest of each; patterns that share a state are one."""
    sets: list[Bools] = []
    for n, pattern in enumerate(model.merge):
        found = matches(pattern, laid.states, model.options, f"$.merge[{n}]") & laid.feasible
        if not found.any():
            remedy = "Take the pattern out: nothing feasible matches it."
            raise InputError(f"$.merge[{n}]", pattern, "a pattern of states that can be", remedy)
        apart = []
        for other in sets:
            if (other & found).any():
                found = found | other
            else:
                apart.append(other)
        sets = [*apart, found]
    alias = {}
    for one in sets:
        states = np.sort(laid.states[one]).tolist()
        alias.update(dict.fromkeys(states[1:], states[0]))
    return alias


def _check_status_quo(ready: Graph, state: int) -> None:
    try:
        ready.number(state, "$.status_quo")
    except InputError as fault:
        for n, pattern in enumerate(ready.model.infeasible):
            one = np.array([state], dtype=np.int64)
            if matches(pattern, one, ready.model.options, "")[0]:
                found = f"state {state}, which $.infeasible[{n}] ({pattern}) rules out"
                remedy = "Name the state that stands now, or take the pattern out."
                raise InputError("$.status_quo", found, "a state that can be", remedy) from None
        raise fault
