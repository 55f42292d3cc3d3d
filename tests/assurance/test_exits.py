"""Exits: what a tally on the way out says of what was kept back."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import exit_tally
from excomm.errors import InputError


def even_prior(total: int, kept: float) -> list[float]:
    return [1.0 - kept] + [kept / total] * total


def by_fractions(total: int, prior: list[Fraction], tally: int, *parts: Fraction) -> list[Fraction]:
    """The posterior in rationals, by another way: every number of misses and double counts."""
    missed, once, twice = parts
    weights = []
    for kept in range(total + 1):
        left = total - kept
        chance = Fraction(0)
        for doubles in range(tally // 2 + 1):
            singles = tally - 2 * doubles
            lost = left - singles - doubles
            if lost >= 0:
                ways = comb(left, doubles) * comb(left - doubles, singles)
                chance += ways * missed**lost * once**singles * twice**doubles
        weights.append(prior[kept] * chance)
    return [weight / sum(weights) for weight in weights]


def test_nineteen_of_twenty_counted_out_and_one_look_since() -> None:
    # Own exact arithmetic (derived_exact.csv D-D020).
    found = exit_tally(20, even_prior(20, 0.5), 19, 0.05, 0.9, 0.05, follow_up=[0.3])
    assert found.prob_none == approx(0.9234531057799195, rel=1e-12, abs=0.0)
    assert found.mean == approx(0.11559016631764604, rel=1e-12, abs=0.0)
    assert found.upper(0.95) == 1


def test_all_counted_out_without_double_counts_is_certain() -> None:
    # Own exact arithmetic (derived_exact.csv D-D021).
    found = exit_tally(10, even_prior(10, 0.5), 10, 0.1, 0.9, 0.0)
    assert (found.prob_none, found.mean, found.upper(0.95)) == (1.0, 0.0, 0)


def test_the_posterior_equals_rational_arithmetic_for_cubas_missiles() -> None:
    parts = (Fraction(5, 100), Fraction(93, 100), Fraction(2, 100))
    prior = [Fraction(9, 10)] + [Fraction(1, 420)] * 42
    wanted = by_fractions(42, prior, 38, *parts)
    found = exit_tally(42, even_prior(42, 0.1), 38, 0.05, 0.93, 0.02)
    assert found.pmf == approx([float(p) for p in wanted], rel=1e-12, abs=1e-300)
    assert found.prob_some == approx(float(sum(wanted[1:])), rel=1e-12, abs=0.0)


def test_chances_far_below_the_range_of_a_double_keep_their_ratio() -> None:
    # 100 counted of 2000, one in a thousand missed: under 1e-5000 for none and for one kept back.
    prior = np.zeros(2001)
    prior[:2] = 0.5
    found = exit_tally(2000, prior, 100, 0.001, 0.999, 0.0)
    # Binomial(2000, 100) against Binomial(1999, 100): ratio q (2000 / 1900).
    assert found.prob_some / found.prob_none == approx(1900 / 2000 / 0.001, rel=1e-10)


def test_a_bound_is_the_least_number_that_reaches_its_level() -> None:
    found = exit_tally(4, [0.5, 0.2, 0.15, 0.1, 0.05], 0, 1.0, 0.0, 0.0)
    assert [found.upper(level) for level in (0.5, 0.51, 0.95, 0.96, 1.0)] == [0, 1, 3, 4, 4]


@given(
    st.integers(1, 12), st.data(), st.floats(0.01, 0.4), st.floats(0.01, 0.2), st.floats(0.05, 0.95)
)
def test_more_counted_out_never_lowers_the_chance_that_none_was_kept(
    total: int, data: st.DataObject, missed: float, twice: float, kept: float
) -> None:
    tally = data.draw(st.integers(0, 2 * total - 1))
    once = 1.0 - missed - twice
    fewer, more = (
        exit_tally(total, even_prior(total, kept), t, missed, once, twice)
        for t in (tally, tally + 1)
    )
    assert more.prob_some <= fewer.prob_some * (1 + 1e-9)
    assert 0 <= more.prob_none <= 1


@given(st.integers(1, 12), st.data(), st.lists(st.floats(0, 0.9), max_size=3), st.floats(0, 0.9))
def test_a_later_look_that_saw_nothing_never_raises_what_was_kept(
    total: int, data: st.DataObject, looks: list[float], one_more: float
) -> None:
    tally = data.draw(st.integers(0, total))
    before, after = (
        exit_tally(total, even_prior(total, 0.5), tally, 0.1, 0.8, 0.1, follow_up=seen)
        for seen in (looks, [*looks, one_more])
    )
    assert after.prob_some <= before.prob_some * (1 + 1e-9)
    assert after.upper(0.95) <= before.upper(0.95)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"tally": 21}, "tally: found 21, expected at most 20, each of total = 10 counted twice."),
        (
            {"tally": 11, "once": 0.9, "twice": 0.0},
            "tally: found 11, expected at most 10, each of total = 10 counted once. "
            "Correct the tally or the total. Or allow double counts.",
        ),
        ({"tally": -1}, "tally: found -1, expected a whole number, 0 or more."),
        ({"tally": 3.5}, "tally: found 3.5, expected a whole number, 0 or more."),
        ({"once": 0.9}, "missed, once, twice: found a sum of 1.1, expected three that add to 1."),
        ({"missed": 1.1}, "missed: found 1.1, expected 0 to 1. Write 85 % as 0.85."),
        ({"retained_prior": [1.0]}, "retained_prior: found shape (1,), expected shape (11,)."),
        ({"retained_prior": [0.5] + [0.0] * 10}, "retained_prior: found a sum of 0.5, expected"),
        ({"retained_prior": [1.5, -0.5] + [0.0] * 9}, "retained_prior[1]: found -0.5, expected"),
        ({"follow_up": [0.5, 2.0]}, "follow_up[1]: found 2.0, expected 0 to 1."),
        (
            {"retained_prior": [0.0] * 10 + [1.0]},
            "retained_prior: found none of its numbers possible with a tally of 8, "
            "expected a prior that the tally and the looks do not exclude.",
        ),
    ],
)
def test_what_contradicts_is_named(change: dict[str, object], says: str) -> None:
    given_input: dict[str, object] = {
        "total": 10,
        "retained_prior": even_prior(10, 0.5),
        "tally": 8,
        "missed": 0.1,
        "once": 0.8,
        "twice": 0.1,
    }
    with pytest.raises(InputError) as raised:
        exit_tally(**(given_input | change))  # type: ignore[arg-type]
    assert str(raised.value).startswith(says)
