"""That no calendar of a problem exceeds a value, shown to whoever does not believe our bound.

python bench/watch_proof.py [PROBLEM.json] [VALUE]: by default the open month of 24 sites and .33.
Reads the problem by itself and uses three routes that share no step with each other's search:

1. Prices, checked in exact fractions. The engine proposes prices; here, with nothing but the file
   and these prices, every number of looks that a site could have in a window is gone through, the
   cheapest one that exceeds the value is taken, and all are added up: more than there is.
2. CP-SAT, in whole numbers: looks counted by site, window and means. It finds no way.
3. The engine's own bound, with the seconds that it took.

Exit status 1 where a route does not show it.
"""

import itertools
import json
import sys
import time
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from excomm.watch import read_file
from excomm.watch.bounds import ceiling, proving_prices
from excomm.watch.problems import KnownSchedule
from excomm.watch.schedule import arrays, nepers

OPEN = Path(__file__).parents[1] / "tests/watch/cases/det-24-30-7-open.json"


def main(path: Path, value: Fraction) -> int:
    """Print the three routes; the exit status."""
    problem = json.loads(path.read_text(), parse_float=Fraction)
    print(f"{path.name}: no calendar has more than {float(value):g}")
    shown = [_by_prices(path, problem, value), _by_cp_sat(problem, value), _by_engine(path, value)]
    return 0 if all(shown) else 1


def _by_prices(path: Path, problem: dict[str, Any], value: Fraction) -> bool:
    """The proof that needs no solver: prices and a sum, in exact fractions."""
    read = read_file(path)
    assert isinstance(read, KnownSchedule)
    target = float(nepers(np.array(float(value)))) + 1e-6
    found = proving_prices(arrays(read), target)
    if found is None:
        print("1. prices: none found")
        return False
    prices = [Fraction(one).limit_denominator(10**6) for one in found.tolist()]
    means, starts = problem["means"], _starts(problem)
    last = len(starts) * len(means)
    limits = [
        Fraction(one["sorties_per_day"] * problem["window_days"]) for _ in starts for one in means
    ]
    there_is = sum((p * n for p, n in zip(prices, limits, strict=False)), Fraction(0))
    there_is += prices[last] * Fraction(problem["budget"])
    # The loss budget is in logarithms, which have no fraction: it has to do without.
    if prices[last + 1]:
        print("1. prices: the loss budget would be needed, which has no exact fraction")
        return False
    taken = Fraction(0)
    for site, (n, first) in itertools.product(range(len(problem["sites"])), enumerate(starts)):
        own = prices[n * len(means) : (n + 1) * len(means)]
        price = [
            p + prices[last] * Fraction(one["cost"]) for p, one in zip(own, means, strict=True)
        ]
        ways = _allotments(problem, site, first, value)
        if not ways:
            print(f"1. no looks at all exceed it at {problem['sites'][site]} from day {first}")
            return True
        taken += min(
            sum((p * k for p, k in zip(price, way, strict=True)), Fraction(0)) for way in ways
        )
    print(
        f"1. prices, exact: what the sites need costs {float(taken):.4f} at least, all that there"
        f" is {float(there_is):.4f}: {'proved' if taken > there_is else 'not proved'}"
    )
    return taken > there_is


def _starts(problem: dict[str, Any]) -> list[int]:
    """The first days of windows that do not overlap."""
    window = problem["window_days"]
    return [*range(0, problem["days"] - window + 1, window)]


def _allotments(
    problem: dict[str, Any], site: int, first: int, value: Fraction
) -> list[tuple[int, ...]]:
    """Numbers of looks by each means that exceed the value, were each on its best days."""
    window = problem["detect"][site][first : first + problem["window_days"]]
    best = [
        sorted((Fraction(day[m]) for day in window), reverse=True)
        for m in range(len(problem["means"]))
    ]
    miss = []
    for ranked in best:
        row = [Fraction(1)]
        for one in ranked:
            row.append(row[-1] * (1 - one))
        miss.append(row)
    numbers = itertools.product(*(range(len(row)) for row in miss))
    exceed = []
    for way in numbers:
        missed = Fraction(1)
        for row, k in zip(miss, way, strict=True):
            missed *= row[k]
        if 1 - missed > value:
            exceed.append(way)
    return exceed


def _by_cp_sat(problem: dict[str, Any], value: Fraction) -> bool:
    """Whether whole numbers of looks exist at all, window by window."""
    from ortools.sat.python import cp_model

    began = time.process_time()
    model = cp_model.CpModel()
    means, starts = problem["means"], _starts(problem)
    spent, used = [], {(n, m): [] for n in range(len(starts)) for m in range(len(means))}
    for site in range(len(problem["sites"])):
        for n, first in enumerate(starts):
            looks = [model.new_int_var(0, problem["window_days"], "") for _ in means]
            model.add_allowed_assignments(looks, _allotments(problem, site, first, value))
            for m, number in enumerate(looks):
                used[n, m].append(number)
                spent.append(int(means[m]["cost"]) * number)
    for (_, m), numbers in used.items():
        model.add(sum(numbers) <= means[m]["sorties_per_day"] * problem["window_days"])
    model.add(sum(spent) <= int(problem["budget"]))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = 120.0
    status = solver.solve(model)
    took = time.process_time() - began
    print(f"2. CP-SAT, whole looks in {len(starts)} windows: {solver.status_name(status)}", end="")
    print(f", {took:.1f} s of processor time")
    return bool(status == cp_model.INFEASIBLE)


def _by_engine(path: Path, value: Fraction) -> bool:
    """The bound that `excomm watch plan` prints."""
    read = read_file(path)
    assert isinstance(read, KnownSchedule)
    began = time.process_time()
    bound = float(-np.expm1(-ceiling(arrays(read), at_least=0.0)))
    took = time.process_time() - began
    print(f"3. the engine: {bound:.6f}, {took:.1f} s of processor time")
    return bound <= float(value) + 1e-9


if __name__ == "__main__":
    given = sys.argv[1:]
    named = Path(given[0]) if given else OPEN
    sys.exit(main(named, Fraction(given[1]) if given[1:] else Fraction("0.33")))
