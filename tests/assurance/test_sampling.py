"""Sampling: exact detection, sizes and limits."""

from fractions import Fraction
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import detection_limit, detection_probability, sample_size
from excomm.errors import InputError


@pytest.mark.parametrize(
    ("population", "sampled", "present", "sensitivity", "wanted"),
    [
        # Own exact arithmetic (derived_exact.csv D-D001 to D-D004).
        (24, 6, 1, 1.0, 0.25),
        (100, 44, 4, 1.0, 0.9063328424153166),
        (20, 10, 5, 1.0, 0.9837461300309598),
        (60, 15, 3, 0.8, 0.4929094097019287),
        # epiR 2.0.57: rsu.sep.rsfreecalc with perfect specificity; rsu.sep.cens, all drawn;
        # rsu.sep.rs without end.
        (150, 30, 15, 0.9, 0.95587274036821224),
        (3, 3, 3, 0.7, 0.973),
        (None, 30, 0.1, 0.9, 0.94094702662764251),
    ],
)
def test_detection_is_exact(
    population: int | None, sampled: int, present: float, sensitivity: float, wanted: float
) -> None:
    found = detection_probability(population, sampled, present, sensitivity)
    assert found == approx(wanted, rel=1e-12, abs=0.0)


def test_seven_in_a_hundred_are_seven() -> None:
    # epiR 2.0.57 rsu.sep.rs takes a share: 100 * 0.07 rounds up in binary, and 8 are looked for.
    exact = 1 - Fraction(comb(93, 30), comb(100, 30))
    assert detection_probability(100, 30, 7) == approx(float(exact), rel=1e-12, abs=0.0)
    with pytest.raises(InputError) as raised:
        detection_probability(100, 30, 0.07)
    assert str(raised.value) == (
        "present: found 0.07, expected a whole number of things. A share goes with population=None."
    )


@given(st.integers(1, 40), st.data(), st.floats(0, 1))
def test_detection_equals_rational_arithmetic(
    population: int, data: st.DataObject, sensitivity: float
) -> None:
    sampled = data.draw(st.integers(0, population))
    present = data.draw(st.integers(0, population))
    miss = Fraction(0)
    for found in range(min(sampled, present) + 1):
        ways = comb(present, found) * comb(population - present, sampled - found)
        miss += Fraction(ways, comb(population, sampled)) * (1 - Fraction(sensitivity)) ** found
    wanted = float(1 - miss)
    assert detection_probability(population, sampled, present, sensitivity) == approx(
        wanted, rel=1e-12, abs=1e-300
    )


@pytest.mark.parametrize(
    ("population", "present", "confidence", "exact", "formula"),
    [
        # IAEA formula and exact size (derived_exact.csv D-D005 to D-D008).
        (100, 4, 0.9, 44, 44),
        (200, 10, 0.9, 41, 42),
        (500, 2, 0.5, 147, 147),
        (60, 8, 0.2, 2, 2),
        # epiR 2.0.57 rsu.sssep.rs without end.
        (None, 0.05, 0.95, 59, 59),
    ],
)
def test_sizes_are_the_smallest_that_reach_the_confidence(
    population: int | None, present: float, confidence: float, exact: int, formula: int
) -> None:
    found = sample_size(population, present, confidence)
    assert (found.exact, found.formula) == (exact, formula)


def test_the_closed_form_for_imperfect_sensitivity_gives_the_peers_sizes() -> None:
    # epiR 2.0.57 rsu.sssep.rs at 5 % and sensitivity .9: [36, 51, 63, 66], by the approximation.
    found = [
        sample_size(population, present, 0.95, 0.9)
        for population, present in ((50, 3), (100, 5), (500, 25), (None, 0.05))
    ]
    assert [size.formula for size in found] == [36, 51, 63, 66]


def test_a_confidence_that_no_census_reaches_has_no_size() -> None:
    # epiR 2.0.57 rsu.sssep.rs gives NA here too: one in fifty, seen nine times in ten if drawn.
    found = sample_size(50, 1, 0.95, 0.9)
    assert (found.exact, found.formula) == (None, None)
    assert sample_size(50, 0, 0.95).exact is None


def test_nine_of_ten_are_enough_for_nine_tenths() -> None:
    # 1 - 0.9 is a little under 0.1 in binary; asking for all ten would be wrong.
    found = sample_size(10, 1, 0.9)
    assert (found.exact, found.formula) == (9, 9)


@settings(max_examples=50)
@given(st.integers(1, 60), st.data(), st.floats(0.05, 0.99), st.floats(0.3, 1.0))
def test_one_fewer_does_not_reach_it(
    population: int, data: st.DataObject, confidence: float, sensitivity: float
) -> None:
    present = data.draw(st.integers(1, population))
    size = sample_size(population, present, confidence, sensitivity).exact
    if size is None:
        assert detection_probability(population, population, present, sensitivity) < confidence
        return
    reached = detection_probability(population, size, present, sensitivity)
    assert reached >= confidence - 1e-12
    if size > 1:
        assert detection_probability(population, size - 1, present, sensitivity) < confidence


def test_the_detection_limit_is_the_smallest_number_seen() -> None:
    # Own exact arithmetic (derived_exact.csv D-D012).
    assert detection_limit([0.2, 0.1, 0.3], 0.95) == 5
    assert detection_limit([0.0, 1.0], 0.95) == 1
    assert detection_limit([0.0], 0.95) is None
    assert detection_limit([0.9], 0.9) == 1


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: detection_probability(10, 11, 1), "sampled: found 11, expected at most"),
        (lambda: detection_probability(10, 1, 11), "present: found 11, expected at most"),
        (lambda: detection_probability(10, 1, -1), "present: found -1, expected a whole number"),
        (lambda: detection_probability(0, 0, 0), "population: found 0, expected a whole number, 1"),
        (
            lambda: detection_probability(10, 1, float("nan")),
            "present: found nan, expected a whole",
        ),
        (lambda: detection_probability(None, 5, 2), "present: found 2.0, expected 0 to 1."),
        (lambda: sample_size(10, 1, 1.0), "confidence: found 1.0, expected above 0 and below 1."),
        (lambda: detection_limit([0.1, 1.1], 0.9), "detection[1]: found 1.1, expected 0 to 1."),
    ],
)
def test_numbers_that_cannot_be_are_refused(call: object, says: str) -> None:
    with pytest.raises(InputError) as raised:
        call()  # type: ignore[operator]
    assert str(raised.value).startswith(says)
