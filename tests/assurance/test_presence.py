"""Presence: the recursion, its limits, its peers' figures and its laws."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from pytest import approx

from excomm.assurance import equilibrium, prob_absent, prob_absent_over_places
from excomm.assurance.ranges import Floats
from excomm.errors import InputError

chances = st.floats(0.0, 0.999)


def test_each_arrival_counts_in_its_own_period() -> None:
    # RSurveillance pfree.calc (commit 396259f). epiR 2.0.57 rsu.pfree.rs reuses the arrival of the
    # period before from the second on, and gives .7609, .8670, .9554.
    found = prob_absent([0.4, 0.5, 0.6, 0.7], [0.01, 0.05, 0.002, 0.03], prior_absent=0.5)
    assert found.absent == approx(
        [0.62030075187969924, 0.74157303370786509, 0.87682772281445343, 0.94991642359721618],
        rel=1e-12,
        abs=0.0,
    )


def test_a_constant_risk_gives_the_peers_series() -> None:
    # epiR 2.0.57 rsu.pfree.rs, by.time: first, second, twelfth and last of 24.
    found = prob_absent([0.6] * 24, 0.01 * np.ones(24), prior_absent=0.5).absent
    assert found[[0, 1, 11, 23]] == approx(
        [0.71018651362984209, 0.85548941221653896, 0.99324744658555586, 0.993265992914941],
        rel=1e-12,
        abs=0.0,
    )


def test_the_first_period_need_not_bring_an_arrival() -> None:
    # RSurveillance pfree.calc (396259f) with discount.1 = FALSE: no arrival before the first look.
    found = prob_absent([0.6] * 3, [0.0, 0.01, 0.01], prior_absent=0.5).absent
    assert found == approx(
        [0.7142857142857143, 0.85788561525129969, 0.93373092239391797], rel=1e-12, abs=0.0
    )


def test_one_look_and_no_look_give_the_peers_figures() -> None:
    # RSurveillance pfree.1 and disc.prior (396259f); freedom 1.1.0 post_fr.
    assert prob_absent([0.8], [0.01], 0.5).absent == approx(
        [0.83053691275167785], rel=1e-12, abs=0.0
    )
    assert prob_absent([0.4], [0.0], 0.5).absent == approx([0.625], rel=1e-12, abs=0.0)
    discounted = prob_absent([[0.0]] * 3, [[0.001], [0.01], [0.05]], 0.95).absent[:, 0]
    assert discounted == approx(
        [0.94904999999999995, 0.9405, 0.90249999999999997], rel=1e-12, abs=0.0
    )


def test_an_absence_that_is_all_but_sure_keeps_the_digits_of_its_complement() -> None:
    # Own exact arithmetic, 50 digits (derived_exact.csv D-D010). 1 - P(absent) loses ten of them.
    found = prob_absent([0.9] * 6, [1e-9] * 6, prior_absent=0.5)
    assert found.present == approx(
        [
            0.09090909107438017,
            0.009900990226448388,
            0.0009990011127733406,
            9.999011247760347e-05,
            1.0000011158776935e-05,
            1.0001101167788775e-06,
        ],
        rel=1e-12,
        abs=0.0,
    )


def test_a_complement_of_1e_300_keeps_twelve_digits() -> None:
    found = prob_absent([0.9] * 300, [0.0] * 300, prior_absent=0.5)
    assert found.present[-1] == approx(1e-300, rel=1e-12, abs=0.0)


def test_series_side_by_side_are_the_series_one_by_one() -> None:
    looks = np.array([[0.4, 0.5, 0.0], [0.0, 0.9, 0.3]])
    together = prob_absent(looks, [0.01, 0.02, 0.03], prior_absent=[0.5, 0.7])
    for row, prior, found in zip(looks, (0.5, 0.7), together.absent, strict=True):
        assert found == approx(
            prob_absent(row, [0.01, 0.02, 0.03], prior).absent, rel=1e-12, abs=0.0
        )


def test_a_sure_look_that_saw_nothing_leaves_certainty() -> None:
    found = prob_absent([0.5, 1.0, 0.0], [0.1, 0.1, 0.1], prior_absent=0.5)
    assert found.absent[1:] == approx([1.0, 0.9], rel=1e-12, abs=0.0)
    assert found.present[1] == 0.0


def test_a_sure_arrival_leaves_no_doubt_whatever_the_looks() -> None:
    assert list(prob_absent([0.9, 0.9], [1.0, 0.0], prior_absent=0.99).absent) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("detection", "introduction", "prior", "says"),
    [
        ([0.4, 85], [0.1, 0.1], 0.5, "detection[1]: found 85.0, expected 0 to 1. Write 85 % as"),
        ([0.4, float("nan")], [0.1, 0.1], 0.5, "detection[1]: found nan, expected 0 to 1."),
        ([0.4, 0.5], [0.1, -0.1], 0.5, "introduction[1]: found -0.1, expected 0 to 1."),
        ([0.4], [0.1], 1.5, "prior_absent: found 1.5, expected 0 to 1."),
        ([0.4, 0.5], [0.1] * 3, 0.5, "introduction, prior_absent: found shapes (3,), ()"),
        (0.4, 0.1, 0.5, "detection: found 0.4, expected one value a period."),
        ([0.4, 1.0], [0.1, 0.1], 0.0, "detection[1]: found a look that surely sees"),
    ],
)
def test_bad_input_is_named_with_its_index(
    detection: object, introduction: object, prior: float, says: str
) -> None:
    with pytest.raises(InputError) as raised:
        prob_absent(detection, introduction, prior)  # type: ignore[arg-type]
    assert str(raised.value).startswith(says)


@given(st.lists(st.tuples(chances, chances), min_size=1, max_size=12), chances, st.data())
def test_a_look_that_sees_nothing_never_raises_the_odds(
    periods: list[tuple[float, float]], prior: float, data: st.DataObject
) -> None:
    looks, arrivals = (np.array(x) for x in zip(*periods, strict=True))
    better = looks.copy()
    at = data.draw(st.integers(0, len(looks) - 1))
    better[at] = data.draw(st.floats(float(looks[at]), 0.999))
    before = prob_absent(looks, arrivals, prior)
    after = prob_absent(better, arrivals, prior)
    assert (after.present <= before.present * (1 + 1e-12)).all()
    assert ((after.absent >= 0) & (after.absent <= 1)).all()
    assert after.absent + after.present == approx(np.ones(len(looks)))


def test_twenty_looks_at_one_place_do_not_clear_the_other() -> None:
    looks = np.zeros((2, 20))
    looks[0] = 0.9
    found = prob_absent_over_places(looks, 0.0 * np.ones(20), prior_absent=0.5).absent[-1]
    # One of two places stays as it was: odds 1 fall to 1/2, and no further.
    assert found == approx(2 / 3, rel=1e-9)


@given(st.lists(st.tuples(chances, chances), min_size=1, max_size=8), chances, st.integers(1, 5))
def test_looks_that_reach_every_place_are_looks_at_one(
    periods: list[tuple[float, float]], prior: float, places: int
) -> None:
    looks, arrivals = (np.array(x) for x in zip(*periods, strict=True))
    spread = prob_absent_over_places(np.tile(looks, (places, 1)), arrivals, prior)
    assert spread.absent == approx(prob_absent(looks, arrivals, prior).absent, rel=1e-11)


def test_the_equilibrium_is_where_the_recursion_settles() -> None:
    # epiR 2.0.57 rsu.pfree.equ has these two under each other's names.
    found = equilibrium(0.6, 0.02)
    assert found.prior_absent == approx(0.96666666666666667, rel=1e-12, abs=0.0)
    assert found.absent == approx(0.98639455782312924, rel=1e-12, abs=0.0)
    settled = prob_absent([0.6] * 200, [0.02] * 200, prior_absent=0.5)
    assert found.absent == approx(settled.absent[-1], rel=1e-12, abs=0.0)
    assert found.present == approx(settled.present[-1], rel=1e-12, abs=0.0)


def test_looks_that_find_no_more_than_arrives_settle_at_nothing() -> None:
    assert list(equilibrium([0.02, 0.01, 0.0], 0.02).absent) == [0.0, 0.0, 0.0]


def test_without_looks_or_arrivals_nothing_settles() -> None:
    with pytest.raises(InputError) as raised:
        equilibrium([0.5, 0.0], [0.0, 0.0])
    assert str(raised.value) == "detection[1]: found 0.0, expected above 0 where nothing arrives."


@pytest.mark.parametrize("series", [1, 3, 60])
def test_a_long_series_is_the_recursion_to_twelve_digits(series: int) -> None:
    rng = np.random.default_rng(series)
    looks, arrivals = rng.random((series, 1000)) * 0.7, rng.random((series, 1000)) * 0.05
    found = prob_absent(looks, arrivals, 0.4)
    odds: NDArray[Any] = np.full(series, 0.6 / 0.4, dtype=np.longdouble)
    for period in range(1000):
        miss = 1 - looks[:, period].astype(np.longdouble)
        odds = miss * (odds + arrivals[:, period]) / (1 - arrivals[:, period])
        if period % 37:
            continue
        absent = np.array(1 / (1 + odds), dtype=np.float64)
        present = np.array(odds / (1 + odds), dtype=np.float64)
        assert found.absent[:, period] == approx(absent, rel=1e-12, abs=0.0)
        assert found.present[:, period] == approx(present, rel=1e-12, abs=0.0)


def test_a_long_series_over_places_is_each_place_by_itself() -> None:
    rng = np.random.default_rng(5)
    looks, arrivals = rng.random((3, 600)) * 0.5, rng.random(600) * 0.02
    found = prob_absent_over_places(looks, arrivals, 0.3)
    together = prob_absent_over_places(np.stack([looks] * 40), arrivals, 0.3)
    assert together.present[7] == approx(found.present, rel=1e-12, abs=0.0)
    odds: Floats = np.full(3, 0.7 / 0.3 / 3)
    for period in range(600):
        odds = (1 - looks[:, period]) * (odds + arrivals[period] / 3) / (1 - arrivals[period])
    assert found.absent[-1] == approx(1 / (1 + odds.sum()), rel=1e-11)


@pytest.mark.parametrize("periods", [300, 301, 2000])
def test_certainties_within_a_long_series_are_its_limits(periods: int) -> None:
    looks, arrivals = np.full(periods, 0.5), np.full(periods, 0.01)
    looks[200] = 1.0
    found = prob_absent(looks, arrivals, 0.5)
    assert (found.absent[200], found.present[200]) == (1.0, 0.0)
    arrivals[250] = 1.0
    found = prob_absent(looks, arrivals, 0.5)
    assert (found.absent[250:] == 0.0).all()
    assert (found.present[250:] == 1.0).all()


edges = st.sampled_from([0.0, 1e-300, 1e-17, 1e-9, 0.3, 0.999, 1 - 1e-15])


@given(
    st.lists(st.tuples(edges, edges), min_size=1, max_size=6), st.sampled_from([1, 60, 200]),
    st.sampled_from([1e-300, 1e-9, 0.5, 1 - 1e-16]),
)  # fmt: skip
def test_nothing_is_certain_that_is_not_and_no_figure_is_none(
    periods: list[tuple[float, float]], times: int, prior: float
) -> None:
    looks, arrivals = (np.array(x * times) for x in zip(*periods, strict=True))
    found = prob_absent(looks, arrivals, prior)
    for part in (found.absent, found.present):
        assert np.isfinite(part).all()
        assert ((part >= 0) & (part <= 1)).all()
    # Each is told by its own digits: where one rounds to 1 the other says how far from it.
    odds = (1 - prior) / prior
    for period, (look, arrival) in enumerate(zip(looks.tolist(), arrivals.tolist(), strict=True)):
        odds = (1 - look) * (odds + arrival) / (1 - arrival)
        if not 1e-290 < odds < 1e290:
            break
        assert found.present[period] == approx(odds / (1 + odds), rel=1e-11, abs=0.0)
        assert found.absent[period] == approx(1 / (1 + odds), rel=1e-11, abs=0.0)
