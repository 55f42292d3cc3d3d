"""Linear and mixed-integer programs, handed to HiGHS as arrays.

Answers one question: the best x with lower <= x <= upper and rows of `a x` within their ranges, or
the best found when the time is up or somebody interrupts. Never decides what to do about either.
"""

import os
import sys
import time
from typing import Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Status = Literal["optimal", "stopped", "interrupted", "infeasible"]

INFINITY = float("inf")
_POLL_SECONDS = 0.05


class Program(msgspec.Struct):
    """Columns are given at once; rows are added in blocks of sparse rows."""

    cost: Floats
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_] | None = None
    sense: Literal["max", "min"] = "max"
    _starts: list[Ints] = msgspec.field(default_factory=list)
    _index: list[Ints] = msgspec.field(default_factory=list)
    _value: list[Floats] = msgspec.field(default_factory=list)
    _row_lower: list[Floats] = msgspec.field(default_factory=list)
    _row_upper: list[Floats] = msgspec.field(default_factory=list)

    def add_row(self, index: Ints, value: Floats, lower: float, upper: float) -> None:
        """One row."""
        counts = np.array([len(index)])
        self.add_rows(counts, index, value, np.array([lower]), np.array([upper]))

    def add_rows(
        self, counts: Ints, index: Ints, value: Floats, lower: Floats, upper: Floats
    ) -> None:
        """counts: (rows,) entries of each row; index and value: (entries,), row after row."""
        assert counts.sum() == len(index) == len(value)
        self._starts.append(counts)
        self._index.append(index)
        self._value.append(value)
        self._row_lower.append(lower)
        self._row_upper.append(upper)


class Solution(msgspec.Struct, frozen=True):
    """x is None where nothing feasible was found; bound is never worse than any feasible value."""

    status: Status
    value: float
    bound: float
    x: Floats | None
    duals: Floats  # (rows,), empty for mixed-integer programs


def solve(
    program: Program,
    *,
    seconds: float = INFINITY,
    start: Floats | None = None,
    gap: float = 0.0,
    enough: float | None = None,
) -> Solution:
    """The best point of the program, by HiGHS.

    seconds: stop then, with the best so far. start: (columns,), a feasible point to begin with.
    gap: relative, at which a mixed-integer program counts as solved. enough: stop at this value.
    Ctrl-C stops the solver and gives status "interrupted"; the caller decides what that means.
    """
    import highspy

    highs = _quiet_highs()
    highs.silent()
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("mip_rel_gap", gap)
    highs.setOptionValue("mip_abs_gap", 1e-9)
    if enough is not None:
        highs.setOptionValue("objective_target", enough)
    if seconds < INFINITY:
        highs.setOptionValue("time_limit", max(seconds, 0.01))
    highs.passModel(_model(program))
    if start is not None:
        point = highspy.HighsSolution()
        point.col_value = start.tolist()
        highs.setSolution(point)
    interrupted = _run(highs, seconds)
    info, status = highs.getInfo(), highs.getModelStatus()
    infeasible = status in {
        highspy.HighsModelStatus.kInfeasible,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    }
    optimal = status == highspy.HighsModelStatus.kOptimal
    found = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = highs.getSolution()
    mixed = program.integer is not None
    worst = INFINITY if program.sense == "max" else -INFINITY
    bound = float(info.mip_dual_bound) if mixed else worst
    if optimal and not mixed:
        bound = float(info.objective_function_value)
    return Solution(
        status="interrupted"
        if interrupted
        else "infeasible"
        if infeasible
        else "optimal"
        if optimal
        else "stopped",
        value=float(info.objective_function_value) if found else -worst,
        bound=bound,
        x=np.array(solution.col_value) if found else None,
        duals=np.array([] if mixed else solution.row_dual),
    )


def _model(program: Program) -> Any:  # highspy's own class
    import highspy

    model = highspy.HighsLp()
    counts = np.concatenate([np.zeros(0, dtype=np.int64), *program._starts])
    model.num_col_, model.num_row_ = len(program.cost), len(counts)
    model.col_cost_, model.col_lower_, model.col_upper_ = (
        program.cost,
        program.lower,
        program.upper,
    )
    model.row_lower_ = np.concatenate([np.zeros(0), *program._row_lower])
    model.row_upper_ = np.concatenate([np.zeros(0), *program._row_upper])
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    model.a_matrix_.index_ = np.concatenate([np.zeros(0), *program._index]).astype(np.int32)
    model.a_matrix_.value_ = np.concatenate([np.zeros(0), *program._value])
    kinds = highspy.HighsVarType
    if program.integer is not None:
        model.integrality_ = [kinds.kInteger if n else kinds.kContinuous for n in program.integer]
    largest = highspy.ObjSense.kMaximize
    model.sense_ = largest if program.sense == "max" else highspy.ObjSense.kMinimize
    return model


def _run(highs: Any, seconds: float) -> bool:
    """Whether somebody interrupted. The solver runs beside, so that Ctrl-C is heard at once."""
    highs.HandleUserInterrupt = True
    interrupted = False
    highs.startSolve()
    ends = time.monotonic() + seconds + 2.0
    while True:
        try:
            if highs.wait(_POLL_SECONDS)[0]:
                return interrupted
            if time.monotonic() > ends:
                highs.cancelSolve()
        except KeyboardInterrupt:
            interrupted = True
            highs.cancelSolve()


_greeted: list[bool] = []


def _quiet_highs() -> Any:
    """A solver; the first of a process greets on standard output, where only answers belong."""
    import highspy

    if _greeted:
        return highspy.Highs()  # type: ignore[no-untyped-call]
    _greeted.append(True)
    sys.stdout.flush()
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        return highspy.Highs()  # type: ignore[no-untyped-call]
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
