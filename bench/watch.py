"""Watch plans beside CP-SAT, plain HiGHS and the due-date greedy, on the same problems in one run.

python bench/watch.py [small]: a seeded family of 24 x 30, 200 x 60 and 2000 x 90 sites and days,
two means, weather, refusals, budgets of cost and loss, 60, 120 and 120 s for each method (`small`:
the first alone); the random cycle against its bound; the routes of Chao's p4.2.j.
"""

import sys
import time

import numpy as np

from excomm.watch import cp_sat
from excomm.watch.bounds import ceiling
from excomm.watch.cycle import cycle, cycle_detection
from excomm.watch.descent import due_dates
from excomm.watch.envelope import upper_bound
from excomm.watch.exact import most_assured
from excomm.watch.known import Hunt
from excomm.watch.problems import KnownSchedule, Means
from excomm.watch.schedule import SURE, Arrays, arrays, coverage

FAMILY = ((24, 30, 7, 60.0), (200, 60, 10, 120.0), (2000, 90, 14, 120.0))
CYCLES = ((24, 2, 7, 0.03), (200, 10, 7, 0.0002), (2000, 100, 7, 0.002))
SEEDS = 5


def main(sizes: int) -> None:
    """Print the tables."""
    print("least coverage in milli-nepers of -ln(miss); bound: no plan has more")
    names = ("greedy", "HiGHS", "bound", "CP-SAT", "bound", "ours", "bound")
    print(f"{'sites x days':>12} {' '.join(f'{name:>7}' for name in names)} {'s':>5}")
    for sites, days, window, seconds in FAMILY[:sizes]:
        problem = family(sites, days, window, seed=sites)
        shaped = arrays(problem)
        greedy = _greedy(shaped)
        plain = _plain(problem, shaped, seconds)
        other = _cp_sat(problem, shaped, seconds)
        hunt = Hunt(shaped, time.monotonic() + seconds)
        began = time.monotonic()
        hunt.run(problem)
        took = time.monotonic() - began
        row = (greedy, *plain, *other, hunt.value, hunt.bound)
        cells = " ".join(f"{'none' if np.isnan(one) else f'{1000 * one:.0f}':>7}" for one in row)
        print(f"{f'{sites} x {days}':>12} {cells} {took:>5.0f}", flush=True)
    print(f"\nrandom cycle, mean gap to the bound over {SEEDS} seeds (detection .4 to .95)")
    for sites, looks, window, most in CYCLES:
        gaps, began = [], time.monotonic()
        for seed in range(SEEDS):
            detect = np.random.default_rng(seed).uniform(0.4, 0.95, sites)
            slots = cycle(detect, looks, window)
            best = upper_bound(detect, looks, window)
            gaps.append(best - float(cycle_detection(slots, detect).min()))
        took = (time.monotonic() - began) / SEEDS
        print(f"{sites:>6} sites: {np.mean(gaps):.6f} (target {most}) in {took:.2f} s")


def family(sites: int, days: int, window: int, *, seed: int) -> KnownSchedule:
    """Two means: a high one that clouds hide one day in seven, a low one that some refuse."""
    random = np.random.default_rng(seed)
    quality = random.uniform(0.4, 0.8, sites)
    cloudy = random.random((sites, days)) < 1 / 7
    detect = np.zeros((sites, days, 2))
    detect[:, :, 0] = 0.55 * quality[:, None] * np.where(cloudy, 0.3, 1.0)
    detect[:, :, 1] = np.where(random.random(sites) < 0.25, 0.0, 0.4 + 0.4 * quality)[:, None]
    for site in random.permutation(sites)[: sites // 12]:
        first = int(random.integers(0, days - 3))
        detect[site, first : first + 3] = 0.0
    high, low = max(2 * sites // 7, 1), max(sites // 16, 1)
    budget = 0.85 * days * (high + 3 * low)
    risk = random.uniform(0.0002, 0.001, (sites, 2)) * 24 / sites
    return KnownSchedule(
        window_days=window,
        days=days,
        sites=tuple(f"S{n}" for n in range(sites)),
        means=(Means("high", high, 1.0), Means("low", low, 3.0)),
        detect=tuple(tuple(tuple(cell) for cell in row) for row in np.round(detect, 4).tolist()),
        budget=float(int(budget)),
        risk=tuple(tuple(row) for row in risk.tolist()),
        risk_max=float(-np.expm1(-0.8 * risk.mean() * days * (high + low))),
    )


def _greedy(shaped: Arrays) -> float:
    """The due-date greedy at its best target of forty."""
    high = ceiling(shaped, at_least=0.0)
    targets = np.linspace(0.05, 1.0, 40) * high
    return max(float(coverage(shaped, due_dates(shaped, t)).min()) for t in targets)


def _plain(problem: KnownSchedule, shaped: Arrays, seconds: float) -> tuple[float, float]:
    """HiGHS alone on the whole program, no start and no bound given: value and its own bound."""
    solved = most_assured(shaped, problem, start=None, below=SURE, seconds=seconds)
    value = 0.0 if solved.looks is None else float(coverage(shaped, solved.looks).min())
    return value, solved.bound if solved.bound < SURE else float("nan")


def _cp_sat(problem: KnownSchedule, shaped: Arrays, seconds: float) -> tuple[float, float]:
    """CP-SAT alone, one worker, no start and no bound given; none: no plan found.

    The time to hand over the problem is not counted.
    """
    solved = cp_sat.most_assured(
        shaped, problem, start=None, below=SURE, seconds=seconds, workers=1
    )
    nothing = solved.looks is None
    value = float("nan") if nothing else float(coverage(shaped, solved.looks).min())
    return value, solved.bound if 0 < solved.bound < SURE else float("nan")


if __name__ == "__main__":
    main(1 if "small" in sys.argv else len(FAMILY))
