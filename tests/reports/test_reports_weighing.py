"""Looks weighed by hand-worked figures, the decisions they allow, and the clocks."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest import approx

from excomm.errors import InputError
from excomm.reports import Look, Thresholds, Times, Waiting, clock, decide, queue, reopens, weigh

MISS = {"f": 0.8, "tau": 0.5, "p": 0.5, "q": 0.1, "hit": 0}
HIT = {"f": 0.8, "tau": 0.5, "p": 0.5, "q": 0.1, "hit": 1}
SURE = {"f": 1.0, "tau": 1.0, "p": 0.97, "q": 0.01, "hit": 0}


def test_misses_and_hits_multiply_above_a_floor_of_concealment() -> None:
    # s = 0.2. A miss: 0.8; a hit: (0.2 + 0.8 * 0.1) / 0.1 = 2.8. Concealed one in ten.
    ratio = Fraction(1, 10) + Fraction(9, 10) * Fraction(8, 10) * Fraction(28, 10)
    found = weigh([MISS, HIT], 0.1, 0.25)
    assert found.likelihood_ratio == approx(float(ratio), rel=1e-12)
    assert found.posterior == approx(float(ratio / (ratio + 3)), rel=1e-12)
    assert found.power == approx(0.9 * (1 - 0.8 * 0.8), rel=1e-12)


def test_no_look_says_nothing() -> None:
    found = weigh([], 0.05, 0.2)
    assert (found.likelihood_ratio, found.power) == (1.0, 0.0)
    assert found.posterior == approx(0.2)


def test_a_look_elsewhere_says_nothing_whether_it_saw_something_or_not() -> None:
    for hit in (0, 1):
        look = {"f": 0, "tau": 1, "p": 0.9, "q": 0.05, "hit": hit}
        assert weigh([look], 0.05, 0.2).likelihood_ratio == approx(1.0)


unit = st.floats(0, 1)
looks = st.lists(
    st.builds(Look, f=unit, tau=unit, p=unit, q=st.floats(0.001, 0.999), hit=st.booleans()),
    max_size=6,
)


@given(looks, unit, st.floats(0.001, 0.999))
def test_misses_never_push_below_the_floor_and_a_hit_never_lowers(
    seen: list[Look], conceal: float, prior: float
) -> None:
    found = weigh(seen, conceal, prior)
    assert found.likelihood_ratio >= conceal * (1 - 1e-12)
    more = weigh([*seen, Look(0.5, 0.5, 0.5, 0.1, hit=True)], conceal, prior)
    assert more.likelihood_ratio >= found.likelihood_ratio * (1 - 1e-12)
    less = weigh([*seen, Look(0.5, 0.5, 0.5, 0.1, hit=False)], conceal, prior)
    assert less.posterior <= found.posterior + 1e-12


def test_of_looks_that_share_a_cause_of_error_one_counts() -> None:
    same = [{**MISS, "group": "crew 7", "id": i} for i in "ab"]
    found = weigh([*same, {**SURE, "group": "crew 7", "id": "c"}], 0.0, 0.5)
    assert found.likelihood_ratio == approx(0.03)
    assert found.assumptions[-1] == "2 looks left out: another of their group says more"
    assert [row[4] for row in found.table()] == ["counted", "no: group", "no: group", "yes"]


@pytest.mark.parametrize(
    ("look", "message"),
    [
        (
            {"f": 85, "tau": 1, "p": 1, "q": 0, "hit": 0},
            "looks[0].f: found 85.0, expected 0 to 1. Write 85 % as 0.85.",
        ),
        (
            {"f": 1, "tau": 1, "q": 0, "hit": 0},
            "looks[0].p: found nothing, expected a number. Give f, tau, p, q and hit.",
        ),
        (
            {"f": 1, "tau": 1, "p": 1, "q": 0, "hit": 1},
            "looks[0].q: found 0.0, expected above 0 where something was seen."
            " No means is free of errors.",
        ),
        (
            {"f": 1, "tau": 1, "p": 1, "q": 1, "hit": 0},
            "looks[0].q: found 1.0, expected 0 to below 1. Write 5 % as 0.05.",
        ),
        (
            {"f": 1, "tau": 1, "p": float("nan"), "q": 0.1, "hit": 0},
            "looks[0].p: found nan, expected 0 to 1. Write 85 % as 0.85.",
        ),
        (
            {"f": 1, "tau": 1, "p": 1, "q": 0.1, "hit": 2},
            "looks[0].hit: found 2, expected 0 or 1. Write 1 where something was seen.",
        ),
    ],
)
def test_a_look_outside_its_ranges_is_refused_by_key(look: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as fault:
        weigh([look], 0.05, 0.2)
    assert str(fault.value) == message


def test_a_prior_outside_its_range_is_refused() -> None:
    with pytest.raises(InputError) as fault:
        weigh([], 0.05, 20)
    assert str(fault.value) == "prior: found 20, expected 0 to 1. Write 85 % as 0.85."


def test_each_decision_needs_its_evidence() -> None:
    hits = [{"f": 1, "tau": 1, "p": 0.9, "q": 0.02, "hit": 1}]
    half = [{"f": 0.9, "tau": 1, "p": 0.8, "q": 0.02, "hit": 0}]
    assert decide(weigh(hits, 0.02, 0.2)).word == "corroborated"
    assert decide(weigh([SURE], 0.01, 0.2)).word == "contradicted"
    assert decide(weigh(half, 0.02, 0.2)).word == "no evidence"
    assert decide(weigh([MISS], 0.02, 0.2)).word == "undetermined"
    assert decide(weigh([HIT], 0.02, 0.2)).word == "undetermined"


def test_no_evidence_states_the_power_of_the_search() -> None:
    found = decide(weigh([{"f": 0.9, "tau": 1, "p": 0.8, "q": 0.02, "hit": 0}], 0.0, 0.2))
    assert found.why == "one look saw nothing; power 0.72, likelihood ratio 0.28"
    assert found.power == approx(0.72)


def test_not_looked_is_never_not_there() -> None:
    found = decide(weigh([], 0.0, 0.2))
    assert (found.word, found.why) == ("undetermined", "no look overlaps it")


def test_many_weak_misses_contradict_nothing_without_one_strong_look() -> None:
    weak = [{"f": 1, "tau": 1, "p": 0.7, "q": 0.02, "hit": 0}] * 6
    assert decide(weigh(weak, 0.0, 0.2)).word == "no evidence"


def test_a_positive_fact_contradicts_and_evidence_both_ways_is_undetermined() -> None:
    hits = [{"f": 1, "tau": 1, "p": 0.9, "q": 0.02, "hit": 1}]
    assert decide(weigh([], 0.0, 0.2), incompatible=("C12",)).word == "contradicted"
    both = decide(weigh(hits, 0.0, 0.2), incompatible=("C12",))
    assert (both.word, both.why) == ("undetermined", "seen by a look, and excluded by C12")


def test_concealment_can_keep_a_search_from_contradicting() -> None:
    assert decide(weigh([SURE], 0.10, 0.2)).word == "no evidence"


def test_thresholds_belong_to_the_case_and_must_be_in_order() -> None:
    strict = Thresholds(no_evidence_ratio=0.2)
    half = weigh([{"f": 0.9, "tau": 1, "p": 0.8, "q": 0.02, "hit": 0}], 0.02, 0.2)
    assert decide(half, thresholds=strict).word == "undetermined"
    with pytest.raises(InputError) as fault:
        Thresholds(no_evidence_ratio=2.0)
    assert str(fault.value) == (
        "thresholds: found 0.05, 2, 20, power 0.9,"
        " expected contradicted <= no evidence < 1 < corroborated, power 0 to 1."
    )


def test_a_finding_reopens_when_a_later_look_moves_it_past_a_threshold() -> None:
    before, after = decide(weigh([], 0.02, 0.2)), decide(weigh([SURE], 0.02, 0.2))
    assert reopens(before, after)
    assert not reopens(after, decide(weigh([SURE, MISS], 0.02, 0.2)))


FIRST = dt.datetime(1971, 5, 12, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("hours", "state"),
    [
        (0, "running"),
        (11.99, "running"),
        (12, "first warning"),
        (20, "second warning"),
        (23.99, "second warning"),
        (24, "breached"),
    ],
)
def test_a_clock_warns_twice_and_is_breached_at_24_hours(hours: float, state: str) -> None:
    found = clock([FIRST], FIRST + dt.timedelta(hours=hours))
    assert found.state == state
    assert found.hours_left == approx(24 - hours)


def test_a_repeat_never_restarts_a_clock() -> None:
    later = FIRST + dt.timedelta(hours=20)
    assert clock([later, FIRST], later).due == FIRST + dt.timedelta(hours=24)


def test_a_clock_runs_through_changes_of_offset() -> None:
    there = dt.timezone(dt.timedelta(hours=-5))
    received = dt.datetime(1971, 5, 12, 4, tzinfo=there)
    assert clock([received], FIRST).hours_left == 24


def test_an_answer_stops_it_and_a_late_one_is_late() -> None:
    now = FIRST + dt.timedelta(days=3)
    in_time = clock([FIRST], now, stopped=FIRST + dt.timedelta(hours=23))
    late = clock([FIRST], now, stopped=FIRST + dt.timedelta(hours=30))
    assert (in_time.state, in_time.late, in_time.hours_left) == ("stopped", False, 1)
    assert (late.state, late.late, late.hours_left) == ("stopped", True, -6)


def test_clocks_refuse_what_no_clock_can_have() -> None:
    with pytest.raises(InputError, match="expected an instant with offset"):
        clock([dt.datetime(1971, 5, 12)], FIRST)  # noqa: DTZ001
    with pytest.raises(InputError, match="found none, expected one or more"):
        clock([], FIRST)
    with pytest.raises(InputError, match="expected not before 1971-05-12T09:00"):
        clock([FIRST], FIRST, stopped=FIRST - dt.timedelta(hours=1))
    with pytest.raises(InputError, match="hours in rising order"):
        Times(first_warning_hours=30)


def test_the_queue_puts_hours_first_then_consequence_uncertainty_and_reach() -> None:
    now = FIRST + dt.timedelta(hours=21)
    old, new = clock([FIRST], now), clock([now], now)
    done = clock([FIRST], now, stopped=now)
    waiting = [
        Waiting("sure", new, prob=0.99),
        Waiting("doubtful", new, prob=0.5),
        Waiting("widely told", new, prob=0.5, outlets=9),
        Waiting("grave", new, ("assurance",), prob=0.99),
        Waiting("old", old, prob=0.99),
        Waiting("answered", done),
    ]
    names = [w.report for w in queue(waiting)]
    assert names == ["old", "grave", "widely told", "doubtful", "sure"]
