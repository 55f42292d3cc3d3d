"""Assurance: the engines beside the peers' own algorithms, and how time grows.

python bench/assurance.py: one process. Where R has epiR (Debian: r-cran-epir) it is timed itself,
by bench/epir.R; unmarked is in no Debian package. Beside that each peer is its own algorithm
written in NumPy and plain Python by us: `rsu.pfree.rs` discounts and updates period by period and
keeps both columns; `pcountOpen` sums every transition up to K by its parts and runs a forward pass
a site. Beside each stands the same algorithm written as fast as NumPy allows, which no peer offers.
The targets are the project's own.
"""

import math
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from excomm.assurance import prob_absent, remaining

Floats = NDArray[np.float64]
Found = TypeVar("Found")
PERIODS, SIDE, K = 100_000, 1_000, 60


def main() -> None:
    """Print the tables."""
    rng = np.random.default_rng(1962)
    print(f"first call after import: {_first_call():.2f} s (target below 1)\n")
    epir = _epir()
    _series(rng, epir)
    _grid(rng, epir)
    _open_counts(rng)
    _growth(rng)


def _series(rng: np.random.Generator, epir: dict[str, str]) -> None:
    looks, arrivals = rng.random(PERIODS) * 0.6, rng.random(PERIODS) * 0.02
    ours, found = _least(partial(prob_absent, looks, arrivals, 0.5), 15)
    peer, series = _least(partial(_discounting, looks[None], arrivals[None], 0.5), 1)
    plain, _ = _least(partial(_discounting_plain, looks.tolist(), arrivals.tolist(), 0.5), 3)
    _same(found.absent, series[0], 1e-12)
    print(f"one series of {PERIODS} periods, seconds")
    _row("excomm", ours)
    if epir:
        name = f"epiR {epir['version']} itself, rsu.pfree.rs in R"
        _row(name, float(epir["series"]), ours, "target 200")
    _row("rsu.pfree.rs, its algorithm in NumPy", peer, ours, "target 200")
    _row("the same loop over plain floats", plain, ours)


def _grid(rng: np.random.Generator, epir: dict[str, str]) -> None:
    looks, arrivals = rng.random((SIDE, SIDE)) * 0.6, rng.random((SIDE, SIDE)) * 0.02
    ours, found = _least(partial(prob_absent, looks, arrivals, 0.5), 40)
    few = 10
    one_by_one, rows = _least(partial(_one_by_one, looks[:few], arrivals[:few]), 1)
    at_once, together = _least(partial(_discounting, looks, arrivals, 0.5), 3)
    _same(found.absent[:few], rows, 1e-12)
    _same(found.absent, together, 1e-12)
    floor, _ = _least(lambda: (looks.copy(), arrivals.copy()), 40)
    by_clock, _ = _least(partial(prob_absent, looks, arrivals, 0.5), 40, time.perf_counter)
    print(f"\n{SIDE} series of {SIDE} periods, seconds")
    _row("excomm", ours)
    _row("excomm by the clock, two threads", by_clock)
    for way in ("one by one", "at once") if epir else ():
        _row(f"epiR {epir['version']} itself, series {way}", float(epir[way]), ours, "target 50")
        _row("  beside our clock", float(epir[way]), by_clock)
    text = f"rsu.pfree.rs, its algorithm, a series at a time ({few} timed)"
    _row(text, one_by_one * SIDE / few, ours, "target 50")
    _row("the same over all series at once", at_once, ours)
    _row("copying both inputs", floor, ours, f"excomm is {ours / floor:.1f} times; target 4")


def _open_counts(rng: np.random.Generator) -> None:
    counts = _counts(rng, 20, 10)
    ours, found = _least(partial(remaining, counts, ("poisson", 5.0), 1.0, 0.5, 0.8), 15)
    peer, by_sums = _least(partial(_open_by_sums, counts, 5.0, 1.0, 0.5, 0.8), 1)
    fast, by_matrix = _least(partial(_open_by_matrix, counts, 5.0, 1.0, 0.5, 0.8), 15)
    _same(found.log_likelihood, by_matrix, 1e-9)
    _same(found.log_likelihood, by_sums, 1e-9)
    print(f"\nopen counts, 20 sites x 10 periods, likelihood; peers truncated at K = {K}, seconds")
    _row("excomm, exact, with the posterior", ours)
    _row("pcountOpen, its algorithm in NumPy", peer, ours, "target 20")
    _row("one transition matrix, all sites at once", fast, ours)


def _growth(rng: np.random.Generator) -> None:
    print("\nhow time grows: least seconds by size, and the exponent fitted to them")
    start = ("poisson", 5.0)
    tables: dict[str, tuple[list[int], Callable[[int], Callable[[], object]]]] = {
        "prob_absent, cells (1000 periods a series)": (
            [10**3, 10**4, 10**5, 10**6],
            lambda n: partial(prob_absent, rng.random((n // 1000, 1000)), 0.01, 0.5),
        ),
        "prob_absent, periods of one series": (
            [10**3, 10**4, 10**5, 10**6],
            lambda n: partial(prob_absent, rng.random(n) * 0.5, 0.01, 0.5),
        ),
        "remaining, sites (10 periods)": (
            [10, 10**2, 10**3, 10**4, 10**5],
            lambda n: partial(remaining, _counts(rng, n, 10), start, 1.0, 0.5, 0.8),
        ),
        "remaining, periods (20 sites)": (
            [5, 10, 20, 40, 80],
            lambda n: partial(remaining, _counts(rng, 20, n), start, 1.0, 0.5, 0.8),
        ),
        "remaining, counted in all (5 sites x 8)": (
            [10**2, 10**3, 10**4, 10**5, 10**6],
            lambda n: partial(
                remaining, _counts(rng, 5, 8, n / 20), ("poisson", n / 20), n / 100, 0.5, 0.8
            ),
        ),
    }
    for name, (sizes, call) in tables.items():
        seconds = [_least(call(size), 3)[0] for size in sizes]
        exponent = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
        shown = ", ".join(f"{n:.0e}: {s:.4f}" for n, s in zip(sizes, seconds, strict=True))
        print(f"  {name}: {shown}; exponent {exponent:.2f}")


# -- the peers' algorithms -------------------------------------------------------------------------


def _discounting(looks: Floats, arrivals: Floats, prior: float) -> Floats:
    """rsu.pfree.rs by time: a column for each period, over all simulations at once."""
    series, periods = looks.shape
    free, discounted = np.empty((series, periods)), np.empty((series, periods))
    now = np.full(series, prior)
    for period in range(periods):
        discounted[:, period] = now = now * (1 - arrivals[:, period])
        now = free[:, period] = now / (1 - looks[:, period] * (1 - now))
    return free


def _discounting_plain(looks: list[float], arrivals: list[float], prior: float) -> list[float]:
    found = []
    for look, arrival in zip(looks, arrivals, strict=True):
        prior *= 1 - arrival
        prior /= 1 - look * (1 - prior)
        found.append(prior)
    return found


def _one_by_one(looks: Floats, arrivals: Floats) -> Floats:
    pairs = zip(looks, arrivals, strict=True)
    return np.concatenate([_discounting(s[None], p[None], 0.5) for s, p in pairs])


def _open_by_sums(counts: Floats, mean: float, coming: float, look: float, stay: float) -> Floats:
    """pcountOpen: P(N' | N) summed over survivors, entry by entry, then a forward pass a site."""
    there = np.arange(K + 1)
    logs = np.array([math.lgamma(n + 1.0) for n in range(K + 1)])
    arrive = np.exp(there * math.log(coming) - coming - logs)
    step = np.empty((K + 1, K + 1))
    for before in range(K + 1):
        for after in range(K + 1):
            left = there[: min(before, after) + 1]
            choose = np.exp(logs[before] - logs[left] - logs[before - left])
            survive = choose * stay**left * (1 - stay) ** (before - left)
            step[before, after] = (survive * arrive[after - left]).sum()
    found = []
    for row in counts.astype(int):
        now = np.exp(there * math.log(mean) - mean - logs)
        for period, count in enumerate(row):
            if period:
                now = now @ step
            seen = np.zeros(K + 1)
            n = there[count:]
            choose = np.exp(logs[n] - logs[count] - logs[n - count])
            seen[count:] = choose * look**count * (1 - look) ** (n - count)
            now = now * seen
        found.append(math.log(now.sum()))
    return np.array(found)


def _open_by_matrix(counts: Floats, mean: float, coming: float, look: float, stay: float) -> Floats:
    there = np.arange(K + 1)
    logs = np.array([math.lgamma(n + 1.0) for n in range(K + 1)])
    i, j = there[:, None], there[None, :]
    choose = np.where(j <= i, np.exp(logs[i] - logs[j] - logs[np.maximum(i - j, 0)]), 0.0)
    survive = choose * stay**j * (1 - stay) ** np.maximum(i - j, 0)
    arrive = np.exp(there * math.log(coming) - coming - logs)
    step = survive @ np.where(j >= i, arrive[np.maximum(j - i, 0)], 0.0)
    see = choose * look**j * (1 - look) ** np.maximum(i - j, 0)
    whole = counts.astype(int)
    now = np.exp(there * math.log(mean) - mean - logs) * see[:, whole[:, 0]].T
    for period in range(1, whole.shape[1]):
        now = (now @ step) * see[:, whole[:, period]].T
    found: Floats = np.log(now.sum(axis=1))
    return found


def _counts(rng: np.random.Generator, sites: int, periods: int, mean: float = 5.0) -> Floats:
    there = rng.poisson(mean, sites)
    counts = []
    for period in range(periods):
        if period:
            there = rng.binomial(there, 0.8) + rng.poisson(mean / 5, sites)
        counts.append(rng.binomial(there, 0.5))
    return np.array(counts, dtype=np.float64).T


# -- measuring -------------------------------------------------------------------------------------


def _first_call() -> float:
    code = (
        "import time\nstarted = time.perf_counter()\nfrom excomm import assurance as a\n"
        "a.prob_absent([0.5] * 1000, [0.01], 0.5)\n"
        "a.remaining([[3, 2, 0]], ('poisson', 4), 1, 0.5)\n"
        "print(time.perf_counter() - started)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return float(ran.stdout)


def _epir() -> dict[str, str]:
    """What epiR itself takes, by case; nothing where R or epiR is not there."""
    script = Path(__file__).with_name("epir.R")
    if shutil.which("Rscript") is None:
        return {}
    ran = subprocess.run(
        ["Rscript", "--vanilla", str(script)],
        capture_output=True, text=True, check=False, env={**os.environ, "TZ": "UTC"},
    )  # fmt: skip
    rows = (line.strip().rpartition(" ") for line in ran.stdout.splitlines())
    return {name: value for name, _, value in rows} if ran.returncode == 0 else {}


# Processor time: a machine that others use then changes ratios less.
def _least(
    call: Callable[[], Found], times: int, clock: Callable[[], float] = time.process_time
) -> tuple[float, Found]:
    seconds = []
    for _ in range(times):
        started = clock()
        found = call()
        seconds.append(clock() - started)
    return min(seconds), found


def _row(name: str, seconds: float, ours: float | None = None, note: str = "") -> None:
    ratio = f"{seconds / ours:>9.1f} x" if ours else f"{'':>11}"
    print(f"  {name:<58} {seconds:>9.5f} {ratio}  {note}".rstrip())


def _same(found: Floats, wanted: Floats, tolerance: float) -> None:
    assert np.allclose(found, wanted, rtol=tolerance, atol=0.0)


if __name__ == "__main__":
    main()
