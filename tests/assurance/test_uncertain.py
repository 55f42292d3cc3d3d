"""Uncertain sensors, refusals, unidentified sightings, and which assumption carries a claim."""

import math
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import (
    Interval,
    beta_detection,
    prob_absent,
    prob_absent_by_outcome,
    prob_absent_over_places,
    prob_absent_uncertain,
    sensitivity,
    stated_detection,
)
from excomm.assurance.uncertain import Outcome
from excomm.errors import InputError


@pytest.mark.parametrize(("a", "b"), [(8.0, 2.0), (1.0, 1.0), (0.5, 0.5), (30.0, 3.0), (1.0, 4.0)])
def test_a_beta_detection_is_integrated_exactly(a: float, b: float) -> None:
    draws = beta_detection(a, b, nodes=16)
    for looks in (1, 2, 7, 20, 31):
        # The mean of (1 - d)^n is B(a, b + n) / B(a, b).
        falling = math.lgamma(b + looks) - math.lgamma(a + b + looks)
        wanted = math.exp(falling + math.lgamma(a + b) - math.lgamma(b))
        assert draws.weights @ (1 - draws.values) ** looks == approx(wanted, rel=1e-9)


def test_all_looks_of_a_means_share_one_draw() -> None:
    draws = beta_detection(6, 2)
    found = prob_absent_uncertain([[1.0] * 10], [draws], [0.0], 0.5)
    missed = draws.weights @ (1 - draws.values) ** 10
    assert found.absent[-1] == approx(1 / (1 + missed), rel=1e-12)
    assert found.present[-1] == approx(missed / (1 + missed), rel=1e-12)
    averaged = prob_absent([draws.mean] * 10, [0.0], 0.5)
    assert found.present[-1] > 10 * averaged.present[-1]


def test_a_detection_that_is_known_is_the_plain_recursion() -> None:
    looks, arrivals = np.array([[0.3, 0.0, 0.9], [0.0, 0.5, 0.2]]), [0.01, 0.02, 0.0]
    found = prob_absent_uncertain(looks[None], [stated_detection([1.0])], arrivals, 0.6)
    plain = prob_absent_over_places(looks, arrivals, 0.6)
    assert found.present == approx(plain.present, rel=1e-12)
    one = prob_absent_uncertain(looks[:1], [stated_detection([0.8])], arrivals, 0.6)
    assert one.absent == approx(prob_absent(0.8 * looks[0], arrivals, 0.6).absent, rel=1e-12)


def test_two_means_are_independent_and_each_shares_its_own_draw() -> None:
    first, second = stated_detection([0.2, 0.9]), stated_detection([0.1, 0.6], [3, 1])
    found = prob_absent_uncertain([[1, 1], [0, 1]], [first, second], [0.0], 0.5)
    missed = sum(
        p * q * (1 - d) ** 2 * (1 - e)
        for d, p in zip(first.values, first.weights, strict=True)
        for e, q in zip(second.values, second.weights, strict=True)
    )
    assert found.absent[-1] == approx(1 / (1 + missed), rel=1e-12)


def test_looks_behind_one_cloud_are_defeated_together() -> None:
    clouded = stated_detection([0.0, 0.9], [0.3, 0.7])
    found = prob_absent_uncertain([[1.0] * 30], [clouded], [0.0], 0.5)
    assert found.absent[-1] == approx(1 / 1.3, rel=1e-9)  # never better than a clear sky was likely


@settings(max_examples=40)
@given(
    st.lists(st.floats(0.0, 1.0), min_size=1, max_size=8), st.floats(0.5, 20), st.floats(0.5, 20),
    st.floats(0.0, 0.2), st.floats(0.01, 0.99),
)  # fmt: skip
def test_not_knowing_the_sensor_never_makes_a_claim_surer(
    reach: list[float], a: float, b: float, arrival: float, prior: float
) -> None:
    draws = beta_detection(a, b)
    shared = prob_absent_uncertain([reach], [draws], [arrival], prior)
    known = prob_absent(draws.mean * np.array(reach), [arrival], prior)
    assert shared.absent[0] == approx(known.absent[0], rel=1e-9)  # of one look the mean is all
    assert (shared.present >= known.present * (1 - 1e-9)).all()
    assert shared.absent + shared.present == approx(np.ones(len(reach)))


# -- outcomes --------------------------------------------------------------------------------------


def test_nothing_is_learned_from_a_refusal_unless_a_ratio_is_stated() -> None:
    outcomes: tuple[Outcome, ...] = ("nothing", "refused", "nothing")
    found = prob_absent_by_outcome(outcomes, 0.01, 0.5, identified=0.6, refusal_ratio=2.0)
    plain = prob_absent([0.6, 0.0, 0.6], [0.01], 0.5)
    assert found.nothing_learned.present == approx(plain.present, rel=1e-12)
    assert found.as_stated is not None
    odds = plain.present[1] / plain.absent[1]
    assert found.as_stated.present[1] == approx(2 * odds / (1 + 2 * odds), rel=1e-12)
    silent = prob_absent_by_outcome(outcomes, 0.01, 0.5, identified=0.6)
    assert silent.as_stated is None


def test_looks_that_were_allowed_teach_too_where_refusals_do() -> None:
    found = prob_absent_by_outcome(
        ["not looked", "nothing"],
        0.0,
        0.5,
        identified=0.0,
        refusal_ratio=3.0,
        refused_if_absent=0.2,
    )
    assert found.as_stated is not None
    assert found.as_stated.present == approx([0.5, 1 / 3])  # .4 allowed beside .8
    assert found.nothing_learned.present == approx([0.5, 0.5])
    with pytest.raises(InputError) as raised:
        prob_absent_by_outcome(
            ["nothing"], 0.0, 0.5, identified=0.6, refusal_ratio=3.0, refused_if_absent=0.5
        )
    assert str(raised.value).startswith("refused_if_absent: found 0.5, expected below 1, and at")


def test_what_cannot_be_told_counts_by_how_often_it_would_be_seen_anyway() -> None:
    found = prob_absent_by_outcome(
        ["unidentified"], 0.0, 0.5, identified=0.5, unidentified=0.3, false_unidentified=0.1
    ).nothing_learned
    assert found.present[0] == approx(0.75)  # three times as often where it is there
    none = prob_absent_by_outcome(
        ["nothing"], 0.0, 0.5, identified=0.5, unidentified=0.3, false_unidentified=0.1
    ).nothing_learned
    assert none.present[0] == approx(0.2 / 1.1)
    seen = prob_absent_by_outcome(["identified", "not looked"], 0.0, 0.5, identified=0.5)
    assert list(seen.nothing_learned.absent) == [0.0, 0.0]


@pytest.mark.parametrize(
    ("outcomes", "change", "says"),
    [
        (
            ["seen"],
            {},
            "outcomes[0]: found seen, expected nothing, unidentified, ident",
        ),
        (
            ["nothing"],
            {"unidentified": 0.5},
            "unidentified[0]: found 0.5, expected at most 1",
        ),
        (["unidentified"], {}, "outcomes[0]: found unidentified, expected an outcome that these"),
        (
            ["nothing"],
            {"refusal_ratio": 0.0},
            "refusal_ratio: found 0.0, expected a number above 0.",
        ),
    ],
)
def test_outcomes_that_cannot_be_are_named(
    outcomes: list[str], change: dict[str, float], says: str
) -> None:
    with pytest.raises(InputError) as raised:
        prob_absent_by_outcome(outcomes, 0.0, 0.5, **({"identified": 0.6} | change))  # type: ignore[arg-type]
    assert str(raised.value).startswith(says)


def test_draws_that_cannot_be_are_named() -> None:
    for call, says in (
        (lambda: beta_detection(0, 1), "a: found 0.0, expected a number above 0."),
        (lambda: stated_detection([0.5, 1.5]), "values[1]: found 1.5, expected 0 to 1."),
        (lambda: stated_detection([0.5], [0.0]), "weights: found 0.0, expected at least one"),
        (
            lambda: prob_absent_uncertain([[1.0]], [], [0.0], 0.5),
            "coverage: found shape (1, 1), expected means by periods",
        ),
    ):
        with pytest.raises(InputError) as raised:
            call()
        assert str(raised.value).startswith(says)


# -- sensitivity -----------------------------------------------------------------------------------


def claim(at: Mapping[str, float]) -> float:
    return float(prob_absent([at["detection"]] * 3, [at["arrival"]], at["prior"]).absent[-1])


ASSUMED = {
    "detection": Interval(0.4, 0.6, 0.8),
    "prior": Interval(0.48, 0.5, 0.52),
    "arrival": Interval(0.001, 0.01, 0.02),
}


def test_the_break_even_values_are_where_the_claim_meets_its_standard() -> None:
    found = sensitivity(claim, ASSUMED, standard=0.9)
    assert [row.name for row in found] == ["detection", "arrival", "prior"]
    best = {name: each.best for name, each in ASSUMED.items()}
    for row in found:
        assert row.breaks_at is not None
        assert claim({**best, row.name: row.breaks_at}) == approx(0.9, abs=1e-7)
        assert row.breaks_within == (row.name == "detection")
        step = 1e-4
        by = claim({**best, row.name: best[row.name] + step}) - claim(
            {**best, row.name: best[row.name] - step}
        )
        assert row.derivative == approx(by / (2 * step), rel=1e-4)
    assert found[0].sentence == (
        "detection: at 0.4 to 0.8 the claim is 0.8100 to 0.9894; it fails below 0.5356."
    )


def test_a_claim_that_fails_says_what_would_make_it_hold() -> None:
    found = {row.name: row for row in sensitivity(claim, ASSUMED, standard=0.99)}
    assert found["detection"].sentence.endswith("it would hold above 0.8048.")
    assert found["arrival"].breaks_at is None
    assert found["arrival"].sentence.endswith("at no value does it hold.")


def test_a_range_beyond_its_limits_is_named() -> None:
    with pytest.raises(InputError) as raised:
        sensitivity(claim, {**ASSUMED, "detection": Interval(0.4, 0.6, 1.8)}, 0.9)
    assert str(raised.value) == (
        "assumed: detection: found 0.6 (0.4 to 1.8), expected within 0 to 1."
    )


def test_three_means_each_with_its_own_draw_multiply_however_many_draws_that_makes() -> None:
    # No arrivals: the odds are the product of each means' own average chance of missing all.
    means = [beta_detection(a, b, 24) for a, b in ((2.0, 3.0), (1.0, 1.0), (5.0, 2.0))]
    found = prob_absent_uncertain(np.full((3, 200), 0.5), means, [0.0], 0.5)
    missed = [(means_of.weights * (1 - means_of.values / 2) ** 200).sum() for means_of in means]
    odds = float(np.prod(missed))
    assert found.present[-1] == approx(odds / (1 + odds), rel=1e-10, abs=0.0)
