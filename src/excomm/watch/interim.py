"""Interim inspections drawn in advance: how long does a violation stay undetected at most?

Points 1 to N, a last inspection at N + 1 always; a violation at i, 0 to N, is found by the first
inspection strictly after i. A draw of k points is a path 0 < a < b < ... < N + 1; the program is
over arcs of such paths, so it grows with k N^2 and not with the number of draws.
"""

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.linear import INFINITY, Ints, Program, solve
from excomm.watch.problems import Interim
from excomm.watch.ranges import require_count
from excomm.watch.rational import rational

_ARCS_MOST = 400_000


class InterimAnswer(msgspec.Struct, frozen=True):
    """expected_time in steps. by_point: probability of an inspection at points 1 to N."""

    expected_time: float
    fraction_of_period: float
    rational: str | None
    by_point: tuple[float, ...]
    by_start: tuple[float, ...]  # expected time for a violation at 0 to N
    value: float
    bound: float
    gap: float
    worst_start: int


def solve_interim(problem: Interim) -> InterimAnswer:
    """The draw of least expected time to detection, whenever the violation.

    Raises InputError for more inspections than points, and where the program grows too large.
    """
    points, inspections = problem.n_points, problem.inspections
    require_count("$.n_points", points, 1)
    require_count("$.inspections", inspections, 0, points)
    arcs = (inspections + 1) * points * points
    if arcs > _ARCS_MOST:
        expected = f"{_ARCS_MOST} at most"
        raise InputError("$.n_points", f"{arcs} steps to weigh", expected, "Take longer steps.")
    step, tail, head = _arcs(points, inspections)
    nodes = sorted({*zip(step.tolist(), tail.tolist(), strict=True)} - {(0, 0)})
    columns = len(step) + 1
    program = Program(
        cost=np.append(np.zeros(len(step)), 1.0),
        lower=np.zeros(columns),
        upper=np.full(columns, INFINITY),
        sense="min",
    )
    for level, node in nodes:
        out = np.flatnonzero((step == level) & (tail == node))
        into = np.flatnonzero((step == level - 1) & (head == node))
        values = np.concatenate([np.ones(len(out)), -np.ones(len(into))])
        program.add_row(np.concatenate([out, into]), values, 0.0, 0.0)
    first = np.flatnonzero(step == 0)
    program.add_row(first, np.ones(len(first)), 1.0, 1.0)
    for start in range(points + 1):
        over = np.flatnonzero((tail <= start) & (head > start))
        index = np.append(over, len(step))
        program.add_row(index, np.append(start - head[over], 1.0), 0.0, INFINITY)
    solved = solve(program)
    assert solved.x is not None
    flow = np.maximum(solved.x[:-1], 0.0)
    starts = np.arange(points + 1)[:, None]
    over_ = (tail <= starts) & (head > starts)
    by_start = (over_ * (head - starts) * flow).sum(axis=1)
    by_point = np.bincount(head, flow, points + 2)[1 : points + 1]
    value = float(by_start.max())
    bound = float(solved.value)
    return InterimAnswer(
        expected_time=value,
        fraction_of_period=value / (points + 1),
        rational=rational(value),
        by_point=tuple(by_point.tolist()),
        by_start=tuple(by_start.tolist()),
        value=value,
        bound=bound,
        gap=max(value - bound, 0.0),
        worst_start=int(by_start.argmax()),
    )


def _arcs(points: int, inspections: int) -> tuple[Ints, Ints, Ints]:
    """Which inspection leaves, from where, to where: an arc of every path of k inspections."""
    found: list[tuple[int, int, int]] = []
    for step in range(inspections + 1):
        tails = [0] if step == 0 else range(step, points - inspections + step + 1)
        for tail in tails:
            heads = (
                [points + 1]
                if step == inspections
                else range(max(tail, step) + 1, points - inspections + step + 2)
            )
            found.extend((step, tail, head) for head in heads if head > tail)
    arcs = np.array(found, dtype=np.int64)
    return arcs[:, 0], arcs[:, 1], arcs[:, 2]
