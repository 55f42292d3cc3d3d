"""Thousands there: the pass on a window equals the exact one, proves itself, or is refused."""

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import known, remaining, windowed
from excomm.assurance.ranges import Floats
from excomm.assurance.remaining import Remaining
from excomm.assurance.starts import start_of
from excomm.errors import InputError


def record_of(
    counts: Floats, arrivals: float, look: float, stay: float, false: float
) -> known.Record:
    arriving, looks, staying, wrong = (
        np.full(counts.shape, value) for value in (arrivals, look, stay, false)
    )
    return known.Record(counts.astype(np.int64), arriving, looks, staying, wrong)


def counted(sites: int, periods: int, mean: float, look: float, stay: float) -> Floats:
    rng = np.random.default_rng(1962)
    there = rng.poisson(mean, sites)
    counts = []
    for period in range(periods):
        if period:
            there = rng.binomial(there, stay) + rng.poisson(mean * (1 - stay), sites)
        counts.append(rng.binomial(there, look))
    return np.array(counts, dtype=np.float64).T


@pytest.mark.parametrize("false", [0.0, 2.0])
@pytest.mark.parametrize("start", [("poisson", 90), ("negbin", 90, 2000), ("fixed", 90)])
@pytest.mark.parametrize(("look", "stay"), [(0.5, 0.8), (0.9, 0.99), (0.05, 0.3), (1.0, 0.5)])
def test_a_window_gives_what_the_exact_pass_gives(
    look: float, stay: float, start: tuple[str, float], false: float
) -> None:
    counts = counted(2, 3, 90.0, look, stay)
    if start[0] == "fixed":
        counts[:, 0] = 90 if look == 1.0 else np.minimum(counts[:, 0], 90)
    record = record_of(counts, 90 * (1 - stay), look, stay, false)
    first = start_of(start, 2).cut(-100.0)
    exact = known.forward(record, first)
    found = windowed.forward(record, first)
    assert found is not None
    assert found.log_likelihood == approx(exact.log_likelihood, rel=1e-13)
    one, other = (
        Remaining(each.log_likelihood, each.known, each.unseen) for each in (exact, found)
    )
    assert other.mean == approx(one.mean, rel=1e-13)
    size = min(one.pmf.shape[1], other.pmf.shape[1])
    assert other.pmf[:, :size] == approx(one.pmf[:, :size], rel=1e-10, abs=1e-15)
    assert (other.upper(0.95) == one.upper(0.95)).all()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 4_000), st.integers(0, 400), st.floats(0.001, 0.999))
def test_of_so_many_there_as_many_stay_as_a_binomial_says(low: int, more: int, stay: float) -> None:
    chances = np.full(more + 1, 1.0 / (more + 1))
    found = windowed._thinned(windowed.Window(low, chances), stay, -100.0)
    there = np.arange(low, low + more + 1)
    kept = found.low + np.arange(len(found.chances))
    logs = known.log_binomial(kept[None, :], there[:, None], np.array(stay))
    assert found.chances == approx(chances @ np.exp(logs), rel=1e-9, abs=1e-35)
    assert found.chances.sum() == approx(1.0, rel=1e-11)


def test_a_million_counted_in_all_are_done_in_seconds() -> None:
    started = time.process_time()
    found = remaining(counted(5, 8, 50_000.0, 0.5, 0.8), ("poisson", 50_000), 10_000, 0.5, 0.8)
    assert time.process_time() - started < 20
    # The mean of what is there after many counts, and its deviation, by the normal filter.
    variance = 50_000.0
    for period in range(8):
        if period:
            variance = variance * 0.64 + 50_000 * 0.16 + 10_000
        variance = variance * 12_500 / (variance * 0.25 + 12_500)
    spread = found.pmf @ np.arange(found.pmf.shape[1]) ** 2.0 - found.mean**2
    assert spread == approx([variance] * 5, rel=0.02)
    assert np.isfinite(found.log_likelihood).all()


def test_a_prior_that_rules_out_what_was_counted_is_refused_by_name() -> None:
    with pytest.raises(InputError) as raised:
        remaining([[40_000, 41_000]], ("poisson", 10_000), 5.0, 0.5)
    assert str(raised.value) == (
        "counts[0, 1]: found 41000, expected counts that start, arrivals and detection make"
        " likelier than 1e-250. More was counted than could be there, or far more or fewer than was"
        " thought."
    )


def test_a_window_that_could_hide_something_is_refused() -> None:
    record = record_of(np.array([[4_000.0, 4_400.0]]), 5.0, 1.0, 1.0, 0.0)
    assert windowed.forward(record, start_of(("poisson", 4_000), 1).cut(-100.0)) is None


def test_counts_that_are_unlikely_ask_for_a_wider_window_and_get_it() -> None:
    # About 1e-70 beforehand: the first window, of e^-85, cannot be proved wide enough.
    counts = np.array([[6_000.0, 6_000.0]])
    found = windowed.forward(
        record_of(counts, 0.0, 1.0, 1.0, 0.0), start_of(("poisson", 4_800), 1).cut(-100.0)
    )
    assert found is not None
    chance = 6_000 * math.log(4_800) - 4_800 - math.lgamma(6_001)
    assert chance < -120
    assert found.log_likelihood[0] == approx(chance, rel=1e-10)
