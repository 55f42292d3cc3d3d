"""Exits over ranges: ends, nesting, and what the data exclude."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import Interval, exit_tally
from excomm.assurance.exit_range import Counting, exit_range
from excomm.errors import InputError

SEEN_BY_ALL = Interval.exactly(1.0)


def alone(total: int, kept: float, tally: int, missed: float, twice: float) -> tuple[float, ...]:
    prior = [1 - kept] + [kept / total] * total
    found = exit_tally(total, prior, tally, missed, 1 - missed - twice, twice)
    return found.prob_none, found.mean, found.upper(0.95)


def test_without_ranges_it_is_the_exit_tally() -> None:
    counting = Counting(*(Interval.exactly(x) for x in (19, 0.05, 0.05)))
    found = exit_range(Interval.exactly(20), Interval.exactly(0.5), counting, unseen=SEEN_BY_ALL)
    one = alone(20, 0.5, 19, 0.05, 0.05)
    assert (found.prob_none.low, found.mean.high, found.upper95.best) == approx(one, rel=1e-12)
    pmf = exit_tally(20, [0.5] + [0.5 / 20] * 20, 19, 0.05, 0.9, 0.05).pmf
    for row in (found.pmf.low, found.pmf.best, found.pmf.high):
        assert row == approx(pmf, rel=1e-12)


def test_the_range_holds_every_combination_inside_it() -> None:
    stock, kept, missed, twice = (
        Interval(38, 42, 48), Interval(0.05, 0.1, 0.3), Interval(0.01, 0.05, 0.2),
        Interval(0.0, 0.02, 0.06),
    )  # fmt: skip
    counting = Counting(Interval.exactly(38), missed, twice)
    found = exit_range(stock, kept, counting, unseen=SEEN_BY_ALL)
    for total in (38, 40, 42, 43, 48):
        for prior in (0.05, 0.2, 0.3):
            for miss in (0.01, 0.04, 0.08, 0.13, 0.2):
                for double in (0.0, 0.03, 0.06):
                    none, mean, upper = alone(total, prior, 38, miss, double)
                    assert found.prob_none.low - 1e-12 <= none <= found.prob_none.high + 1e-12
                    assert found.mean.low - 1e-12 <= mean <= found.mean.high + 1e-9
                    assert found.upper95.low <= upper <= found.upper95.high
                    once = 1 - miss - double
                    even = [1 - prior] + [prior / total] * total
                    for kept_back, p in enumerate(
                        exit_tally(total, even, 38, miss, once, double).pmf
                    ):
                        assert p >= found.pmf.low[kept_back] - 5e-3
                        assert p <= found.pmf.high[kept_back] + 5e-3
    assert sum(found.pmf.best) == approx(1)
    assert found.pmf.best @ np.arange(49.0) == approx(found.mean.best)


def test_a_band_of_numbers_is_at_least_as_wide_as_what_any_values_give_it() -> None:
    missed = Interval(0.01, 0.05, 0.2)
    counting = Counting(Interval.exactly(38), missed, Interval.exactly(0.02))
    stock, kept = Interval(40, 42, 48), Interval(0.05, 0.1, 0.3)
    found = exit_range(stock, kept, counting, unseen=SEEN_BY_ALL).pmf
    bands = found.bands(5)
    assert [(each.first, each.last) for each in bands] == [
        *[(0, 0), (1, 4), (5, 8), (9, 12), (13, 48)],
    ]
    even = [0.7] + [0.3 / 48] * 48
    alone = exit_tally(48, even, 38, 0.2, 0.78, 0.02).pmf
    for each in bands:
        within = alone[each.first : each.last + 1].sum()
        assert each.prob.low - 1e-12 <= within <= each.prob.high + 1e-12


def test_more_misses_can_raise_and_can_lower_the_figure() -> None:
    # Why misses are searched and not only taken at their ends: one fewer counted than there were.
    chances = [alone(12, 0.5, 11, miss, 0.03)[0] for miss in (0.001, 0.5, 0.9)]
    assert chances[0] < chances[1] > chances[2]
    counting = Counting(Interval.exactly(11), Interval(0.001, 0.3, 0.9), Interval.exactly(0.03))
    found = exit_range(Interval.exactly(12), Interval.exactly(0.5), counting, unseen=SEEN_BY_ALL)
    assert found.prob_none.high >= chances[1]


def test_an_extreme_inside_the_range_of_misses_is_found_to_eight_digits() -> None:
    counting = Counting(Interval.exactly(11), Interval(0.001, 0.3, 0.9), Interval.exactly(0.03))
    found = exit_range(Interval.exactly(12), Interval.exactly(0.5), counting, unseen=SEEN_BY_ALL)
    finely = [alone(12, 0.5, 11, 0.4 + step / 10_000, 0.03) for step in range(2_000)]
    assert found.prob_none.high == approx(max(none for none, _, _ in finely), rel=1e-8)
    assert found.mean.low == approx(min(mean for _, mean, _ in finely), rel=1e-7)


def test_looks_since_lower_what_may_remain_and_not_the_chance_before_them() -> None:
    counting = Counting(*(Interval.exactly(x) for x in (19, 0.05, 0.05)))
    stock, kept = Interval.exactly(20), Interval.exactly(0.5)
    before = exit_range(stock, kept, counting, unseen=SEEN_BY_ALL)
    after = exit_range(stock, kept, counting, unseen=Interval.exactly(0.25))
    none, mean = before.prob_none.best, before.mean.best
    assert after.prob_none == before.prob_none
    # Every number above none loses the same three quarters of its weight.
    assert after.mean.best == approx(0.25 * mean / (none + 0.25 * (1 - none)))


ranges = st.tuples(*[st.floats(0.01, 0.3)] * 3).map(sorted)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 12), ranges, ranges, ranges, st.integers(0, 3), st.floats(0, 0.3))
def test_widening_an_assumption_never_narrows_the_figure(
    tally: int,
    kept: list[float],
    missed: list[float],
    twice: list[float],
    more_stock: int,
    wider: float,
) -> None:
    def widened(ends: list[float]) -> Interval:
        return Interval(max(0.0, ends[0] - wider), ends[1], min(0.5, ends[2] + wider))

    narrow = exit_range(
        Interval.exactly(10),
        Interval(*kept),
        Counting(Interval.exactly(tally), Interval(*missed), Interval(*twice)),
        unseen=SEEN_BY_ALL,
    )
    wide = exit_range(
        Interval(10 - more_stock, 10, 10 + more_stock),
        widened(kept),
        Counting(Interval.exactly(tally), widened(missed), widened(twice)),
        unseen=Interval(0.5, 1.0, 1.0),
    )
    for inner, outer, slack in (
        (narrow.prob_none, wide.prob_none, 1e-7),
        (narrow.mean, wide.mean, 1e-6),
        (narrow.upper95, wide.upper95, 0.0),
    ):
        assert outer.low <= inner.low + slack
        assert outer.high >= inner.high - slack
        assert inner.low <= inner.best <= inner.high


def test_a_stock_that_cannot_give_the_tally_is_left_out_and_said() -> None:
    counting = Counting(Interval.exactly(38), Interval.exactly(0.05), Interval.exactly(0.0))
    found = exit_range(Interval(36, 42, 48), Interval.exactly(0.1), counting, unseen=SEEN_BY_ALL)
    assert found.stock_excluded == (36, 37)
    assert found.prob_none.high == 1.0  # of a stock of 38 none can be left


def test_a_best_stock_that_the_tally_excludes_is_an_error() -> None:
    counting = Counting(Interval.exactly(38), Interval.exactly(0.05), Interval.exactly(0.0))
    with pytest.raises(InputError) as raised:
        exit_range(Interval(33, 36, 48), Interval.exactly(0.1), counting, unseen=SEEN_BY_ALL)
    assert str(raised.value) == (
        "stock: found 36, expected a stock that a tally of 38 does not exclude."
    )


def test_an_end_at_which_the_data_are_impossible_is_taken_as_its_limit() -> None:
    # Eleven counted of ten: some were counted twice. The rarer that is, the surer that all left.
    counting = Counting(Interval.exactly(11), Interval.exactly(0.25), Interval(0.0, 0.2, 0.25))
    found = exit_range(Interval.exactly(10), Interval.exactly(0.25), counting, unseen=SEEN_BY_ALL)
    assert found.prob_none.high == approx(1.0, abs=1e-9)
    assert found.prob_none.low == approx(alone(10, 0.25, 11, 0.25, 0.25)[0])


def test_with_nothing_counted_out_the_prior_stands() -> None:
    found = exit_range(Interval(20, 30, 40), Interval(0.1, 0.2, 0.3), None, unseen=SEEN_BY_ALL)
    none = found.prob_none
    assert (none.low, none.best, none.high) == approx((0.7, 0.8, 0.9))
    assert found.mean.best == approx(0.2 * 15.5)


def test_so_many_known_to_be_kept_leave_no_fewer() -> None:
    sure = Interval.exactly(1.0)
    found = exit_range(Interval(27, 40, 42), sure, None, unseen=sure, at_least=27)
    assert found.prob_none == Interval.exactly(0.0)
    assert (found.mean.low, found.mean.best) == (27.0, 33.5)
    assert found.upper95.high == 42.0
