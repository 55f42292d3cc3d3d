"""Remaining: the exact pass against brute force, its starts, its refusals and its laws."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from pytest import approx

from excomm.assurance import bounded, known, remaining
from excomm.assurance.starts import start_of
from excomm.errors import InputError

NAN = float("nan")
Floats = NDArray[np.float64]


def binomial(k: int, n: int, p: float) -> float:
    return math.comb(n, k) * p**k * (1 - p) ** (n - k) if 0 <= k <= n else 0.0


def poisson(k: int, mean: float) -> float:
    return math.exp(k * math.log(mean) - mean - math.lgamma(k + 1)) if mean else float(k == 0)


def brute_force(
    counts: list[float], first: Floats, arrivals: Floats, look: Floats, stay: Floats, false: Floats
) -> tuple[float, Floats]:
    """One site, everything that could be there up to the length of `first`."""
    most = len(first)
    now, log_likelihood = first.copy(), 0.0
    for period, count in enumerate(counts):
        if period:
            step = np.zeros((most, most))
            for n in range(most):
                left = [binomial(k, n, stay[period]) for k in range(n + 1)]
                come = [poisson(k, arrivals[period]) for k in range(most)]
                step[n] = np.convolve(left, come)[:most]
            now = now @ step
        if not math.isnan(count):
            for n in range(most):
                now[n] *= sum(
                    binomial(k, n, look[period]) * poisson(int(count) - k, false[period])
                    for k in range(int(count) + 1)
                )
        total = now.sum()
        log_likelihood += math.log(total)
        now /= total
    return log_likelihood, now


STARTS: list[tuple[object, Callable[[int], float]]] = [
    (("poisson", 3.0), lambda n: poisson(n, 3.0)),
    (("fixed", 5), lambda n: float(n == 5)),
    ([0.2, 0.1, 0.0, 0.3, 0.1, 0.3], lambda n: [0.2, 0.1, 0.0, 0.3, 0.1, 0.3, 0.0][min(n, 6)]),
    (
        ("negbin", 2.0, 1.5),
        lambda n: (
            math.exp(math.lgamma(n + 1.5) - math.lgamma(1.5) - math.lgamma(n + 1))
            * (1.5 / 3.5) ** 1.5
            * (2.0 / 3.5) ** n
        ),
    ),
]


@pytest.mark.parametrize("false_items", [0.0, 0.4])
@pytest.mark.parametrize(("start", "chance"), STARTS)
def test_every_start_gives_what_brute_force_gives(
    start: object, chance: Callable[[int], float], false_items: float
) -> None:
    counts = [[2.0, NAN, 1.0, 3.0], [1.0, 0.0, 0.0, 1.0]]
    arrivals = np.array([9.0, 0.7, 0.2, 1.3])
    look = np.array([[0.5, 0.9, 0.3, 0.6], [0.1, 1.0, 0.4, 0.6]])
    stay = np.array([0.0, 0.8, 0.5, 1.0])
    if start == ("fixed", 5):
        look[1, 1] = 0.7
    found = remaining(counts, start, arrivals, look, stay, false_items)  # type: ignore[arg-type]
    for site in range(2):
        first = np.array([chance(n) for n in range(60)])
        log_likelihood, pmf = brute_force(
            counts[site], first, arrivals, look[site], stay, np.full(4, false_items)
        )
        assert found.log_likelihood[site] == approx(log_likelihood, rel=1e-11)
        assert found.mean[site] == approx(pmf @ np.arange(60.0), rel=1e-11)
        assert found.prob_none[site] == approx(pmf[0], rel=1e-11, abs=1e-300)
        assert found.prob_some[site] == approx(pmf[1:].sum(), rel=1e-11)
        assert found.pmf[site, :12] == approx(pmf[:12], rel=1e-10, abs=1e-300)
        assert found.upper(0.95)[site] == int(np.argmax(np.cumsum(pmf) >= 0.95))


def test_four_sites_and_three_counts_give_the_likelihood_of_exact_arithmetic() -> None:
    # Own exact arithmetic (derived_exact.csv D-D019); the method agrees with unmarked 1.4.1.9005.
    found = remaining([[3, 2, 0], [1, 0, 0], [0, 2, 1], [4, 3, 3]], ("poisson", 4), 1, 0.5, 0.8)
    assert -found.log_likelihood.sum() == approx(19.826673256418633, rel=1e-12, abs=0.0)


def test_a_site_where_nobody_looked_is_what_it_was_and_what_came() -> None:
    found = remaining([[NAN, NAN]], ("poisson", 4), 1.0, 0.5, stay=0.5)
    assert found.log_likelihood[0] == 0.0
    assert found.mean[0] == approx(3.0)
    assert found.prob_none[0] == approx(math.exp(-3.0), rel=1e-12)


def test_nothing_counted_ever_gives_the_thinned_poisson() -> None:
    # Own exact arithmetic (derived_exact.csv D-D011), there with arrivals in the first period too.
    found = remaining([[0] * 5], ("poisson", 2.01), 0.01, [0.3, 0.5, 0, 0.7, 0.9])
    assert found.mean == approx([0.022855], rel=1e-12, abs=0.0)
    assert found.prob_none == approx([0.9774041971073927], rel=1e-12, abs=0.0)


def record_of(counts: Floats, arrivals: float, look: float, stay: float) -> known.Record:
    def over(value: float) -> Floats:
        return np.full(counts.shape, value)

    return known.Record(counts.astype(np.int64), over(arrivals), over(look), over(stay), over(0.0))


def simulated(sites: int, periods: int, mean: float, look: float, stay: float) -> Floats:
    rng = np.random.default_rng(1962)
    there = rng.poisson(mean, sites)
    counts = []
    for period in range(periods):
        if period:
            there = rng.binomial(there, stay) + rng.poisson(mean * (1 - stay), sites)
        counts.append(rng.binomial(there, look))
    return np.array(counts, dtype=np.float64).T


def test_a_bounded_pass_equals_the_exact_one_and_is_taken_where_counts_add_up() -> None:
    counts = simulated(3, 60, 6.0, 0.7, 0.8)
    record = record_of(counts, 6.0 * 0.2, 0.7, 0.8)
    first = start_of(("poisson", 6.0), 3).cut(0.0)
    exact = known.forward(record, first)
    most = bounded.most(record, first, -300.0)
    found, least = bounded.forward(record, first, most, -300.0)
    assert found is not None
    assert least == found.log_likelihood.min()
    assert found.log_likelihood == approx(exact.log_likelihood, rel=1e-12)
    whole = remaining(counts, ("poisson", 6.0), 1.2, 0.7, 0.8)
    assert whole.log_likelihood == approx(exact.log_likelihood, rel=1e-12)
    assert whole.prob_none == approx(exact.known[:, 0] * np.exp(-exact.unseen), rel=1e-9, abs=1e-30)


def test_a_bound_that_could_hide_something_is_refused() -> None:
    counts = simulated(1, 5, 6.0, 0.7, 0.8)
    record = record_of(counts, 1.2, 0.7, 0.8)
    first = start_of(("poisson", 6.0), 1).cut(0.0)
    found, least = bounded.forward(record, first, 30, -20.0)
    assert found is None
    assert least < -5


def test_counts_far_beyond_what_was_thought_keep_their_digits() -> None:
    # 400 counted where four were expected: the chance is about 1e-700, below any double.
    found = remaining([[400, 380]], ("poisson", 4), 0.0, 1.0, stay=0.95)
    start = 400 * math.log(4) - 4 - math.lgamma(401)
    stayed = math.log(math.comb(400, 20)) + 380 * math.log(0.95) + 20 * math.log(0.05)
    assert found.log_likelihood[0] == approx(start + stayed, rel=1e-12)
    assert found.known[0, 380] == 1.0


def test_a_weight_that_fell_below_a_double_is_not_lost() -> None:
    # 1,200 things of which one in two stays, and 1,190 are counted next: 1e-330 beforehand.
    found = remaining([[1200, 1190]], ("fixed", 1200), 0.0, [1.0, 0.99], stay=0.5)
    assert np.isfinite(found.log_likelihood[0])
    assert found.log_likelihood[0] < -710
    assert 1190 <= found.mean[0] < 1200


chances = st.floats(0.0, 1.0)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.one_of(st.just(NAN), st.integers(0, 6)), min_size=1, max_size=5),
    st.floats(0, 8), st.floats(0, 3), st.floats(0, 0.999), st.floats(0.001, 1), st.floats(0.01, 1),
)  # fmt: skip
def test_no_counts_give_a_number_that_is_none(
    counts: list[float], mean: float, coming: float, look: float, stay: float, false: float
) -> None:
    found = remaining([counts], ("poisson", mean), coming, look, stay, false)
    assert np.isfinite(found.log_likelihood).all()
    assert (found.log_likelihood <= 1e-12).all()
    assert np.isfinite(found.pmf).all()
    assert found.pmf.sum(axis=1) == approx(1.0, abs=1e-12)
    assert found.mean == approx(found.pmf @ np.arange(found.pmf.shape[1]), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"counts": [[3, -1]]}, "counts[0, 1]: found -1.0, expected a whole number, 0 or more."),
        ({"counts": [[3, 1.5]]}, "counts[0, 1]: found 1.5, expected a whole number, 0 or more."),
        ({"counts": [3, 1]}, "counts: found shape (2,), expected sites by periods"),
        ({"detection": [0.5, NAN]}, "detection[1]: found nan, expected 0 to 1."),
        ({"detection": [0.5] * 3}, "detection: found shape (3,), expected what broadcasts to"),
        ({"arrivals": -1}, "arrivals: found -1.0, expected 0 or more."),
        ({"stay": 1.1}, "stay: found 1.1, expected 0 to 1."),
        ({"start": ("poison", 4)}, "start: found ('poison', 4), expected (\"poisson\", mean),"),
        ({"start": ("poisson", -4)}, "start mean: found -4.0, expected 0 or more."),
        ({"start": ("fixed", 2.5)}, "start n[0]: found 2.5, expected a whole number"),
        ({"start": [0.5, 0.4]}, "start: found 0.9, expected probabilities that add to 1."),
        (
            {"start": ("fixed", 3), "arrivals": 0.0, "counts": [[3, 4]]},
            "counts[0, 1]: found 4, expected a count that start, arrivals and detection allow. "
            "More was counted than could be there, or something where no look sees any.",
        ),
        (
            {"detection": [0.5, 0.0]},
            "counts[0, 1]: found 1, expected a count that start, arrivals and detection allow.",
        ),
    ],
)
def test_what_cannot_be_is_named_with_its_index(change: dict[str, object], says: str) -> None:
    given_input: dict[str, object] = {
        "counts": [[3, 1]], "start": ("poisson", 4), "arrivals": 1.0, "detection": 0.5,
    }  # fmt: skip
    with pytest.raises(InputError) as raised:
        remaining(**(given_input | change))  # type: ignore[arg-type]
    assert str(raised.value).startswith(says)


def test_a_year_of_daily_counts_is_done_in_a_bounded_pass_that_proves_itself() -> None:
    # The chance of such a record is about 1e-400: its certificate is had backwards.
    counts = simulated(1, 365, 20.0, 0.5, 0.9)
    record = record_of(counts, 2.0, 0.5, 0.9)
    first = start_of(("poisson", 20.0), 1).cut(0.0)
    log_bound = bounded.FIRST_BOUND + bounded.A_PERIOD * 365
    found, least = bounded.forward(record, first, bounded.most(record, first, log_bound), log_bound)
    assert found is not None
    assert least < -750
    whole = remaining(counts, ("poisson", 20.0), 2.0, 0.5, 0.9)
    assert whole.log_likelihood == approx(found.log_likelihood, rel=1e-12)
