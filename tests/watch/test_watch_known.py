"""The known schedule: nothing possible, limits of nothing, demands, and ends before the end."""

import _thread
import json
import threading
import time
from typing import Any

import numpy as np
import pytest

from excomm.watch import plan, read, to_json
from excomm.watch.bounds import ceiling, impossible
from excomm.watch.known import Hunt, KnownAnswer
from excomm.watch.problems import Agreed, KnownSchedule, Means
from excomm.watch.schedule import arrays, coverage, within_limits
from excomm.watch.tightening import shares


def month(sites: int, days: int, window: int, **more: Any) -> KnownSchedule:
    random = np.random.default_rng(sites)
    detect = np.round(random.uniform(0.2, 0.6, (sites, days, 1)), 3)
    return KnownSchedule(
        window_days=window,
        days=days,
        sites=tuple(f"S{n}" for n in range(sites)),
        means=(Means("high", more.pop("sorties", 1)),),
        detect=tuple(tuple(tuple(c) for c in row) for row in detect.tolist()),
        **more,
    )


def known(problem: KnownSchedule, seconds: float = 5.0) -> KnownAnswer:
    found = plan(problem, seconds=seconds)
    assert isinstance(found, KnownAnswer)
    return found


@pytest.mark.parametrize(
    "problem",
    [
        month(3, 6, 3, budget=0.0),
        month(3, 6, 3, sorties=0),
        month(2, 4, 2, risk=((0.01,), (0.01,)), risk_max=0.0),
        KnownSchedule(2, 4, ("A",), (Means("high", 1),), ((((0.0,),) * 4),)),
    ],
)
def test_where_nothing_can_be_flown_the_answer_is_proved_to_be_nothing(
    problem: KnownSchedule,
) -> None:
    found = known(problem)
    assert (found.min_detection, found.bound, found.ended) == (0.0, 0.0, "proved")
    assert found.schedule == ()


def test_a_site_that_no_look_reaches_is_the_worst_site() -> None:
    detect = ((((0.5,),) * 4), (((0.0,),) * 4))
    found = known(KnownSchedule(2, 4, ("A", "B"), (Means("high", 1),), detect))
    assert (found.worst_site, found.min_detection, found.ended) == ("B", 0.0, "proved")
    assert found.unreachable == ("B",)
    assert found.elsewhere == 0.75
    assert {site for site, _, _ in found.schedule} == {"A"}


def test_a_sure_look_is_a_sure_detection() -> None:
    detect = ((((1.0,),) * 4),)
    found = known(KnownSchedule(2, 4, ("A",), (Means("high", 1),), detect))
    assert (found.min_detection, found.gap) == (1.0, 0.0)


def test_looks_already_made_count_for_windows_that_reach_into_the_plan() -> None:
    detect = ((((0.5,),) * 3),)
    before = (("A", -1, 0.8),)
    without = KnownSchedule(3, 3, ("A",), (Means("high", 1),), detect, budget=1.0)
    carried = KnownSchedule(
        3, 3, ("A",), (Means("high", 1),), detect, budget=1.0, looks_before=before
    )
    assert known(without).min_detection == pytest.approx(0.5)
    # A start on day -2 or -1 has the look of day -1 behind it; day 0 needs the one look left.
    assert known(carried).min_detection == pytest.approx(0.5)
    assert arrays(carried).windows == 3


def test_the_least_cost_for_a_required_detection_is_found_and_proved() -> None:
    problem = KnownSchedule(
        2, 4, ("A", "B"), (Means("high", 2, 2.0),), (((0.5,),) * 4, ((0.4,),) * 4),
        required_detection=0.4,
    )  # fmt: skip
    found = known(problem)
    # Windows 0-1, 1-2, 2-3: days 1 and 2 or 3 would do for each site.
    assert (found.cost, found.cost_bound, found.ended) == (8.0, 8.0, "proved")
    assert found.min_detection >= 0.4


def test_an_agreed_frequency_is_kept() -> None:
    problem = month(3, 6, 3, agreed=(Agreed("S0", least=2, most=2), Agreed("S1", most=1)))
    found = known(problem)
    flown = [site for site, _, _ in found.schedule]
    assert flown.count("S0") == 2
    assert flown.count("S1") <= 1


def test_the_bound_counts_whole_looks() -> None:
    # Five sites, seven sorties a window: the fractions say 1.4 looks each, whole looks say 1.
    problem = KnownSchedule(7, 7, tuple("ABCDE"), (Means("high", 1),), ((((0.5,),) * 7),) * 5)
    shaped = arrays(problem)
    assert impossible(shaped, -np.log(0.5) + 1e-6)
    assert ceiling(shaped, at_least=0.0) == pytest.approx(-np.log(0.5), abs=1e-8)


def test_shares_reach_one_exactly_where_the_weights_reach_the_target() -> None:
    random = np.random.default_rng(3)
    for _ in range(30):
        weight = random.choice([0.1, 0.25, 0.4, 0.9], size=(6, 1))
        target = float(random.uniform(0.5, 1.2))
        share = shares(weight, target)
        for _ in range(200):
            taken = random.random((6, 1)) < 0.5
            reaches = (weight * taken).sum() >= target - 1e-9
            assert ((share * taken).sum() >= 1 - 1e-6) == reaches


def test_a_plan_in_one_second_keeps_the_limits_and_stays_below_its_bound() -> None:
    random = np.random.default_rng(5)
    problem = month(
        60, 30, 6, sorties=14, budget=380.0,
        risk=tuple((r,) for r in random.uniform(0, 0.002, 60).tolist()), risk_max=0.3,
    )  # fmt: skip
    shaped = arrays(problem)
    hunt = Hunt(shaped, time.monotonic() + 1.0)
    hunt.run(problem)
    assert within_limits(shaped, hunt.looks)
    assert 0 < hunt.value <= hunt.bound
    assert hunt.value == pytest.approx(coverage(shaped, hunt.looks).min())


def test_an_interrupt_gives_the_best_plan_so_far_with_its_gap() -> None:
    problem = month(40, 30, 6, sorties=9)
    timer = threading.Timer(2.0, _thread.interrupt_main)
    timer.start()
    found = known(problem, seconds=60.0)
    assert found.ended == "interrupted"
    assert 0 < found.min_detection <= found.bound


def test_the_json_lists_looks_by_site_day_and_means() -> None:
    text = json.dumps(
        {
            "kind": "deterministic_maxmin",
            "window_days": 1,
            "days": 1,
            "sites": ["A"],
            "means": [{"name": "high", "sorties_per_day": 1}],
            "detect": [[[0.25]]],
        }
    )
    found = json.loads(to_json(plan(read(text), seconds=5)))
    assert found["schedule"] == [["A", 0, "high"]]
    assert (found["value"], found["bound"], found["gap"]) == (0.25, 0.25, 0.0)


def test_a_search_ends_in_its_time_whatever_is_asked_beside() -> None:
    random = np.random.default_rng(0)
    detect = np.round(random.uniform(0.1, 0.6, (60, 30, 3)), 2)
    problem = KnownSchedule(
        window_days=6,
        days=30,
        sites=tuple(f"S{n}" for n in range(60)),
        means=tuple(Means(f"m{n}", 15 // (n + 1), float(n + 1)) for n in range(3)),
        detect=tuple(tuple(tuple(c) for c in row) for row in detect.tolist()),
    )
    began = time.monotonic()
    found = known(problem, seconds=2)
    assert found.ended == "time"
    assert found.value <= found.bound
    # One bisection step beyond the end at the most, on a machine that others use too.
    assert time.monotonic() - began < 10
