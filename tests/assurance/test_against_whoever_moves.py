"""Against somebody who knows: moving between looks, and starting between secret inspections."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import diamond_schedule, moving_evader, worst_site
from excomm.errors import InputError


@given(st.integers(0, 10_000), st.integers(1, 4), st.integers(1, 4))
def test_the_way_round_the_looks_is_the_best_of_all_ways(seed: int, sites: int, times: int) -> None:
    rng = np.random.default_rng(seed)
    looks = rng.random((sites, times)).round(1)
    moves = (rng.random((sites, sites)) < 0.5) | np.eye(sites, dtype=bool)
    found = moving_evader(looks, moves)
    ways = {
        path: np.prod([1 - looks[site, time] for time, site in enumerate(path)])
        for path in product(range(sites), repeat=times)
        if all(moves[a, b] for a, b in pairwise(path))
    }
    assert found.miss == approx(max(ways.values()), abs=1e-15)
    assert ways[found.path] == approx(found.miss, abs=1e-15)


def test_whoever_may_not_move_has_the_worst_site() -> None:
    looks = [[0.2, 0.3], [0.1, 0.1], [0.5, 0.05]]
    found = moving_evader(looks, np.eye(3))
    assert found.path == (1, 1)
    assert found.miss == approx(worst_site(looks).miss)
    anywhere = moving_evader(looks, np.ones((3, 3)))
    assert anywhere.path == (1, 2)
    assert anywhere.miss > found.miss


def test_a_way_that_ends_is_named() -> None:
    with pytest.raises(InputError) as raised:
        moving_evader([[0.5, 0.5], [0.5, 0.5]], np.zeros((2, 2)))
    assert str(raised.value).startswith("moves: found no way on after look 0, expected a way")
    with pytest.raises(InputError) as raised:
        moving_evader([[0.5, 0.5], [0.5, 0.5]], [[0.5, 1.0], [1.0, 1.0]])
    assert str(raised.value).startswith("moves[0, 0]: found 0.5, expected 0 or 1")


def test_one_secret_inspection_halves_no_more_than_it_can() -> None:
    # Diamond 1982; own exact arithmetic (derived_exact.csv D-D015). A fixed midpoint gives .5.
    found = diamond_schedule(1)
    assert found.mean == approx(0.36787944117144233, rel=1e-12, abs=0.0)
    assert found.latest == approx([1 - 0.36787944117144233])


@pytest.mark.parametrize("inspections", [1, 2, 3, 7])
def test_a_start_at_any_time_waits_equally_long(inspections: int) -> None:
    found = diamond_schedule(inspections)
    # Midpoints of the draw; the wait is to the next time at or after the start, or to the end.
    times = np.array([found.times((n + 0.5) / 4000) for n in range(4000)])
    for start in np.linspace(0.0, found.latest[-1], 9)[:-1] + 1e-9:
        later = np.where(times >= start, times, 1.0).min(axis=1)
        assert (later - start).mean() == approx(found.mean, abs=2e-3)
    assert 1.0 - found.latest[-1] == approx(found.mean, rel=1e-9)


def test_many_secret_inspections_wait_a_little_over_half_the_interval_between_them() -> None:
    # One over the renewal function of uniform numbers, 2 n + 2/3 for large n.
    for number in (5, 20, 60, 170, 400):
        assert diamond_schedule(number).mean == approx(1 / (2 * number + 2 / 3), rel=1e-5)
