"""CP-SAT as a second opinion on a known schedule: whole numbers throughout, a bound of its own.

Weights go up, limits' uses go down to the next whole number of a fine grain, so that every plan of
the problem is a plan here and the bound holds for both. What the grain let slip in is caught by
whoever takes the looks over: they are checked against the problem itself.
"""

import os
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from excomm.errors import EnvironmentFault
from excomm.watch.exact import Solved, by_day, cells_of, frequencies
from excomm.watch.linear import INFINITY, Floats, Ints
from excomm.watch.problems import KnownSchedule
from excomm.watch.schedule import SURE, Arrays, Looks, coverage

if TYPE_CHECKING:
    from ortools.sat.python.cp_model import CpModel, IntVar, LinearExprT

_GRAIN = 1_000_000  # parts of a neper, and of a limit
_SLACK = 1e-9
_WORKERS = os.cpu_count() or 1


class _Model(msgspec.Struct, frozen=True):
    model: "CpModel"
    cells: Ints
    looks: "list[IntVar]"


def most_assured(
    arrays: Arrays,
    problem: KnownSchedule,
    *,
    start: Looks | None,
    below: float,
    seconds: float,
    workers: int = _WORKERS,
) -> Solved:
    """What `exact.most_assured` answers, by CP-SAT; it searches with so many workers.

    Raises EnvironmentFault where OR-Tools is not installed.
    """
    made = _model(arrays, problem)
    most = int(np.ceil(min(below, SURE) * _GRAIN))
    least = made.model.new_int_var(0, most, "least")
    _cover(made, arrays, least)
    made.model.maximize(least)
    return _solved(made, arrays, start, seconds, float(_GRAIN), workers)


def least_cost(
    arrays: Arrays,
    problem: KnownSchedule,
    target: float,
    *,
    start: Looks | None = None,
    seconds: float,
    workers: int = _WORKERS,
) -> Solved:
    """What `exact.least_cost` answers, by CP-SAT. Raises as `most_assured`."""
    made = _model(arrays, problem)
    _cover(made, arrays, int(np.floor(target * _GRAIN)))
    grain = _grain_of(arrays.cost)
    prices = np.floor(arrays.cost[made.cells[:, 2]] * grain + _SLACK).astype(np.int64)
    made.model.minimize(_sum(made.looks, prices))
    found = _solved(made, arrays, start, seconds, float(grain), workers)
    if start is not None and not _reaches(arrays, found.looks, target):
        return msgspec.structs.replace(found, looks=start, proved=False)
    return found


def _reaches(arrays: Arrays, looks: Looks | None, target: float) -> bool:
    return looks is not None and bool((coverage(arrays, looks) >= target - _SLACK).all())


def _model(arrays: Arrays, problem: KnownSchedule) -> _Model:
    """Looks within sorties, budget, loss budget and what is agreed."""
    try:
        from ortools.sat.python import cp_model
    except ImportError:
        raise EnvironmentFault(
            "CP-SAT is not installed. Install it: pip install 'excomm[planners]', or leave out"
            " --solver."
        ) from None
    model, cells = cp_model.CpModel(), cells_of(arrays)
    made = _Model(model, cells, [model.new_bool_var("") for _ in range(len(cells))])
    _, days, means = arrays.shape
    for m, index in by_day(cells, days, means):
        if len(index) > arrays.sorties[m]:
            chosen = [made.looks[n] for n in index]
            model.add(_sum(chosen, np.ones(len(chosen), dtype=np.int64)) <= int(arrays.sorties[m]))
    if arrays.budget < INFINITY:
        _within(made, arrays.cost[cells[:, 2]], arrays.budget, _grain_of(arrays.cost))
    if arrays.risk_budget < INFINITY:
        risk = arrays.risk[cells[:, 0], cells[:, 2]]
        fine = _GRAIN * 1000 / max(arrays.risk_budget, 1e-6)
        _within(made, risk, arrays.risk_budget, fine)
    for index, fewest, most in frequencies(problem, cells):
        chosen = [made.looks[n] for n in index]
        number = _sum(chosen, np.ones(len(chosen), dtype=np.int64))
        model.add(number >= int(fewest))
        if most < INFINITY:
            model.add(number <= int(most))
    return made


def _grain_of(values: Floats) -> int:
    return 1 if (values == np.round(values)).all() else _GRAIN


def _within(made: _Model, used: Floats, limit: float, grain: float) -> None:
    whole = np.floor(used * grain + _SLACK).astype(np.int64)
    made.model.add(_sum(made.looks, whole) <= int(np.floor(limit * grain + _SLACK)))


def _sum(chosen: "list[IntVar]", weights: Ints) -> "LinearExprT":
    from ortools.sat.python.cp_model import LinearExpr

    return LinearExpr.weighted_sum(chosen, weights.tolist())


def _cover(made: _Model, arrays: Arrays, least: "IntVar | int") -> None:
    """Every window of every site holds the least, with what was looked at before it began."""
    number = np.full(arrays.shape, -1)
    number[tuple(made.cells.T)] = np.arange(len(made.cells))
    weight = np.ceil(arrays.weight * _GRAIN - _SLACK).astype(np.int64)
    before = np.ceil(arrays.before * _GRAIN).astype(np.int64)
    for site in range(arrays.shape[0]):
        for window in range(arrays.windows):
            first = window - arrays.lead
            days = slice(max(first, 0), first + arrays.window)
            index = number[site, days].ravel()
            seen = index >= 0
            chosen = [made.looks[n] for n in index[seen]]
            worth = weight[site, days].ravel()[seen]
            made.model.add(_sum(chosen, worth) + int(before[site, window]) >= least)


def _solved(
    made: _Model,
    arrays: Arrays,
    start: Looks | None,
    seconds: float,
    grain: float,
    workers: int,
) -> Solved:
    from ortools.sat.python import cp_model

    if start is not None:
        for look, flown in zip(made.looks, start[tuple(made.cells.T)].tolist(), strict=True):
            made.model.add_hint(look, flown)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(seconds, 0.01)
    solver.parameters.num_workers = workers
    status = solver.solve(made.model)
    looks = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        looks = np.zeros(arrays.shape, dtype=bool)
        looks[tuple(made.cells.T)] = [bool(solver.value(one)) for one in made.looks]
    proved = status == cp_model.OPTIMAL
    early = status in (cp_model.FEASIBLE, cp_model.UNKNOWN)
    return Solved(
        looks=looks,
        bound=solver.best_objective_bound / grain,
        proved=proved,
        # Ctrl-C is heard by the solver itself, which then stops before its time.
        interrupted=early and solver.wall_time < seconds - 0.5,
    )
