"""Conflict models: states against seconds, memory, and many preferences at once.

python bench/options.py: one process. gmcr-py's times are those its authors publish for everything
up to the four concepts with 2 and 3 parties (it is unmaintained and does not install here);
everything else is measured. The targets are the project's own.
"""

import time
import tracemalloc
from collections.abc import Callable
from functools import partial

import numpy as np

from excomm.options.cube import Cube, Levels, cube
from excomm.options.graph import graph
from excomm.options.models import Conflict, Option, Preference
from excomm.options.sweeps import stable_cells

SIZES = (8, 12, 16, 20)
TARGET_SECONDS = {8: 0.001, 12: 0.008, 16: 0.35, 20: 10.0}
GMCR_PY_SECONDS = {8: "0.14 to 0.38", 12: "14.8 to 35.9", 16: "-", 20: "-"}
RANKINGS, STATES = 10_000, 72


def main() -> None:
    """Print the tables."""
    heads = f"{'parties':>7} {'states':>8} {'seconds':>10} {'target':>8} {'x before':>9}"
    print(f"{heads}  gmcr-py, published")
    for people in (2, 3):
        before = None
        for size in SIZES:
            laid = cube(_model(size, people))
            values = _values(laid, people)
            seconds = _least(partial(_solve, _model(size, people), values), size)
            growth = f"{seconds / before:>9.1f}" if before else f"{'':>9}"
            target = TARGET_SECONDS[size]
            row = f"{people:>7} {1 << size:>8} {seconds:>10.5f} {target:>8} {growth}"
            print(f"{row}  {GMCR_PY_SECONDS[size]}")
            before = seconds
    laid = cube(_model(20, 3))
    values = _values(laid, 3)
    tracemalloc.start()
    stable_cells(laid, values)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    memory = peak / laid.cells / 3
    print(f"\nmemory at 2^20 states, 3 parties: {memory:.0f} bytes a state and party (target 64)")
    print(f"{RANKINGS} rankings of a {STATES}-state model: {_rankings():.2f} s (target 3)")


def _model(size: int, people: int) -> Conflict:
    """Options shared out evenly, both ways, with two patterns that cannot be."""
    names = "ABC"[:people]
    options = tuple(Option(names[n * people // size], f"o{n}", "both") for n in range(size))
    infeasible = ("YY" + "-" * (size - 2), "--N" + "-" * (size - 5) + "YY")
    return Conflict(tuple(names), options, {}, infeasible=infeasible)


def _solve(model: Conflict, values: Levels) -> None:
    stable_cells(cube(model), values)


def _values(laid: Cube, people: int) -> Levels:
    random = np.random.default_rng(1)
    values = np.stack([random.permutation(laid.cells) + 1 for _ in range(people)])[:, None]
    values[:, :, ~laid.feasible] = 0
    return values.astype(np.int32)


def _least(call: Callable[[], object], size: int) -> float:
    return min(_seconds(call) for _ in range({8: 200, 12: 50, 16: 5, 20: 2}[size]))


def _seconds(call: Callable[[], object]) -> float:
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def _rankings() -> float:
    """One party's strict ranking varied; 7 options, 3 parties, 72 of 128 states feasible."""
    options = tuple(Option("AAABBCC"[n], f"o{n}", "both") for n in range(7))
    infeasible = ("----YN-", "--N---Y")
    free = dict.fromkeys("ABC", Preference(statements=()))
    ready = graph(Conflict(("A", "B", "C"), options, free, infeasible=infeasible))
    assert len(ready.states) == STATES
    random = np.random.default_rng(2)
    values = np.zeros((3, RANKINGS, ready.cube.cells), dtype=np.int32)
    for row in values[1:]:
        row[:, ready.cells] = random.permutation(STATES) + 1
    ranks = np.tile(np.arange(1, STATES + 1, dtype=np.int32), (RANKINGS, 1))
    values[0][:, ready.cells] = random.permuted(ranks, axis=1)
    return min(_seconds(partial(ready.stable, values)) for _ in range(3))


if __name__ == "__main__":
    main()
