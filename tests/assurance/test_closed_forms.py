"""Worst case, visits, timing, sightings and thinning: the closed forms."""

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import (
    dresher_value,
    equalising_visits,
    expected_remaining,
    solow,
    time_to_detection,
    worst_site,
    worst_site_drawn,
)
from excomm.errors import InputError

# All reference values here: own exact arithmetic (derived_exact.csv), by the row's id.


def test_the_worst_site_is_the_least_watched() -> None:
    found = worst_site([[0.2, 0.3], [0.1, 0.1], [0.5, 0.05]], present=2)  # D-D013
    assert found.site == 1
    assert found.miss == approx(0.6561, rel=1e-12, abs=0.0)


def test_a_site_nobody_looked_at_has_missed_everything() -> None:
    found = worst_site([[0.9], [], [0.9, 0.9]])
    assert (found.site, found.miss) == (1, 1.0)


def test_drawing_six_of_twenty_four_sites_finds_at_most_a_quarter() -> None:
    assert worst_site_drawn(24, 6, 1.0) == 0.25
    assert worst_site_drawn(3, 2, [0.9, 0.6, 0.3]) == approx(0.2, rel=1e-12, abs=0.0)


def test_visits_leave_no_site_better_to_hide_at() -> None:
    found = equalising_visits([0.9, 0.6, 0.3], [1, 1, 1], 1.0)  # D-D014
    assert found.visits == approx(
        [0.18181818181818182, 0.2727272727272727, 0.5454545454545454], rel=1e-12, abs=0.0
    )
    assert found.guaranteed == approx(0.16363636363636364, rel=1e-12, abs=0.0)


def test_no_visit_is_more_than_certain_however_much_money() -> None:
    found = equalising_visits([0.9, 0.3], cost=1, budget=100.0)
    assert found.guaranteed == 0.3
    assert found.visits.max() == 1.0


@given(
    st.lists(st.tuples(st.floats(0.05, 1), st.floats(0.1, 5)), min_size=1, max_size=6),
    st.floats(0.1, 10),
    st.data(),
)
def test_no_other_plan_within_the_budget_guarantees_more(
    sites: list[tuple[float, float]], budget: float, data: st.DataObject
) -> None:
    detection, cost = (np.array(x) for x in zip(*sites, strict=True))
    found = equalising_visits(detection, cost, budget)
    assert (found.visits * cost).sum() <= budget * (1 + 1e-12)
    other = np.array(data.draw(st.lists(st.floats(0, 1), min_size=len(sites), max_size=len(sites))))
    other *= min(1.0, budget / max(float((other * cost).sum()), 1e-12))
    assert (other * detection).min() <= found.guaranteed * (1 + 1e-9)


def test_the_time_to_detection_counts_from_any_start_and_from_the_worst() -> None:
    found = time_to_detection(30, 0.6)  # D-D016
    assert [found.mean, found.worst] == approx([35.0, 50.0], rel=1e-12, abs=0.0)


def test_one_inspection_in_twelve_stages_is_worth_this_much() -> None:
    assert dresher_value(12, 1) == approx(-0.8461538461538461, rel=1e-12, abs=0.0)  # D-D017


@given(st.integers(1, 12), st.integers(0, 12))
def test_the_closed_form_solves_the_stage_by_stage_game(stages: int, inspections: int) -> None:
    @cache
    def value(n: int, m: int) -> float:
        # Dresher's recursion: inspect or not against violate or not, one stage at a time.
        if m == 0:
            return -1.0
        if n <= m:
            return 0.0
        on, off = value(n - 1, m - 1), value(n - 1, m)
        # Rows: inspect (1 if violated, on if not); stay away (-1 if violated, off if not).
        return (off + on) / (2.0 + off - on)

    assert dresher_value(stages, inspections) == approx(value(stages, inspections), abs=1e-12)


def test_a_silence_after_eight_sightings_speaks_for_absence() -> None:
    found = solow(8, last=20, end=35, prior_present=0.5)  # D-D018
    assert found.p_value == approx(0.011368302218931755, rel=1e-12, abs=0.0)
    assert found.bayes_factor == approx(0.14208848566391505, rel=1e-12, abs=0.0)
    assert found.prob_present == approx(0.12441110075750098, rel=1e-12, abs=0.0)


def test_one_sighting_is_the_limit_of_few() -> None:
    assert solow(1, 20, 35, 0.5).bayes_factor == approx(1 / math.log(35 / 20), rel=1e-12, abs=0.0)


def test_a_long_silence_after_many_sightings_runs_into_no_overflow() -> None:
    found = solow(5000, 1.0, 100.0, 0.5)
    assert (found.p_value, found.bayes_factor, found.prob_present) == (0.0, 0.0, 0.0)


def test_the_undetected_number_thins_with_every_look() -> None:
    found = expected_remaining(2, [0.01] * 5, [0.3, 0.5, 0, 0.7, 0.9])  # D-D011
    assert found.mean == approx([1.407, 0.7085, 0.7185, 0.21855, 0.022855], rel=1e-12, abs=0.0)
    assert found.prob_none[-1] == approx(0.9774041971073927, rel=1e-12, abs=0.0)
    assert found.prob_some[-1] == approx(-math.expm1(-0.022855), rel=1e-12, abs=0.0)


def test_items_that_move_are_looked_for_where_they_went() -> None:
    all_to_second = np.array([[0.0, 1.0], [0.0, 1.0]])
    found = expected_remaining([1.0, 0.0], np.zeros((1, 2)), [[0.0, 0.75]], routing=all_to_second)
    assert found.mean[0] == approx([0.0, 0.25])
    half_stay = expected_remaining(1.0, [0.0, 0.0], [0.0, 0.0], stay=0.5)
    assert half_stay.mean == approx([0.5, 0.25])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: worst_site([]), "detection: found no site, expected one row of looks a site."),
        (lambda: worst_site([[0.2], [1.2]]), "detection[1][0]: found 1.2, expected 0 to 1."),
        (lambda: worst_site([[0.2]], present=0), "present: found 0, expected a whole number, 1"),
        (lambda: worst_site_drawn(3, 4, 0.5), "drawn: found 4, expected at most sites = 3."),
        (lambda: equalising_visits([0.5, 0.0], 1, 1.0), "detection[1]: found 0.0, expected a num"),
        (lambda: equalising_visits([0.5], 1, 0.0), "budget: found 0.0, expected a number above 0."),
        (lambda: time_to_detection(30, 0.0), "detection: found 0.0, expected a number above 0."),
        (lambda: dresher_value(0, 0), "stages: found 0, expected a whole number, 1 or more."),
        (lambda: solow(3, 35, 35, 0.5), "last: found 35.0, expected before end = 35."),
        (lambda: solow(0, 20, 35, 0.5), "sightings: found 0, expected a whole number, 1 or more."),
        (lambda: expected_remaining(-1, [0.0], [0.1]), "start: found -1.0, expected 0 or more."),
        (lambda: expected_remaining(1, 0.1, 0.1), "arrivals: found one number, expected one value"),
        (
            lambda: expected_remaining(
                [1, 1], [[0, 0]], [[0, 0]], routing=np.array([[0.9, 0.2], [0, 1]])
            ),
            "routing[0]: found 1.1, expected rows that add to at most 1.",
        ),
    ],
)
def test_numbers_that_mean_nothing_are_refused(call: object, says: str) -> None:
    with pytest.raises(InputError) as raised:
        call()  # type: ignore[operator]
    assert str(raised.value).startswith(says)
