"""Whole calendars of each site: the cheapest is found, the bound holds, bidding ends in a plan."""

import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from excomm.watch import plan, read_file
from excomm.watch.bounds import impossible
from excomm.watch.compiled import every_cheapest
from excomm.watch.known import KnownAnswer
from excomm.watch.linear import INFINITY, Program, solve
from excomm.watch.problems import KnownSchedule, Means
from excomm.watch.schedule import Arrays, arrays, coverage, nepers, within_limits
from excomm.watch.sitewise import Proof, Sitewise, bidden, lowered, sitewise

CASES = Path(__file__).parent / "cases"


def month(sites: int, days: int, window: int, seed: int, **more: Any) -> KnownSchedule:
    """Two means, days in cloud, a low one that some sites refuse, a budget that binds."""
    random = np.random.default_rng(seed)
    detect = np.zeros((sites, days, 2))
    quality = random.uniform(0.4, 0.8, sites)
    detect[:, :, 0] = 0.5 * quality[:, None] * np.where(random.random((sites, days)) < 0.2, 0.3, 1)
    detect[:, :, 1] = np.where(random.random(sites) < 0.25, 0.0, quality)[:, None]
    high, low = max(2 * sites // 7, 1), max(sites // 12, 1)
    return KnownSchedule(
        window_days=window,
        days=days,
        sites=tuple(f"S{n}" for n in range(sites)),
        means=(Means("high", high, 1.0), Means("low", low, 3.0)),
        detect=tuple(tuple(tuple(c) for c in row) for row in np.round(detect, 3).tolist()),
        budget=float(int(0.8 * days * (high + 3 * low))),
        **more,
    )


def by_program(whole: Sitewise, site: int, price: Any) -> float:
    """The cheapest calendar of a site by HiGHS, a column for each day and means."""
    of: Arrays = whole.arrays
    days, means = of.shape[1:]
    weight = np.minimum(of.weight[site], whole.target)
    program = Program(
        cost=price.ravel(),
        lower=np.zeros(days * means),
        upper=(weight.ravel() > 0).astype(float),
        integer=np.ones(days * means, dtype=bool),
        sense="min",
    )
    number = np.arange(days * means).reshape(days, means)
    for day in range(days):
        span = slice(max(day - of.window + 1, 0), day + 1)
        index = number[span].ravel()
        need = float(whole.need[site, day])
        program.add_row(index, weight[span].ravel(), need - 1e-9, INFINITY)
    return solve(program).value


@pytest.mark.parametrize("lead", [False, True])
def test_the_cheapest_calendar_of_a_site_is_that_of_the_program(lead: bool) -> None:
    before = (("S1", -2, 0.4), ("S3", -1, 0.6)) if lead else ()
    shaped = arrays(month(6, 14, 5, seed=3, looks_before=before))
    whole = sitewise(shaped, 0.6)
    price = np.random.default_rng(5).uniform(0.5, 1.5, (14, 2)) * [1.0, 2.0]
    chosen = np.zeros((6, 14), dtype=np.int8)
    found = every_cheapest(
        np.arange(6),
        whole.weight,
        price @ whole.holds.T,
        np.zeros((6, 4)),
        whole.need,
        5,
        0.6,
        chosen,
        *whole.memory(),
    )
    expected = [by_program(whole, site, price) for site in range(6)]
    assert found == pytest.approx(expected, abs=1e-6)
    looks = whole.holds[chosen.astype(np.int64)] > 0
    assert (looks * price).sum(axis=(1, 2)) == pytest.approx(expected, abs=1e-6)
    assert coverage(shaped, looks).min() >= 0.6 - 1e-8


@pytest.mark.parametrize(
    ("name", "value"), [("det-5-12-6-one", 0.385), ("det-5-14-5", 0.44), ("det-6-14-7", 0.474375)]
)
def test_what_a_plan_reaches_is_never_called_impossible(name: str, value: float) -> None:
    problem = read_file(CASES / f"{name}.json")
    assert isinstance(problem, KnownSchedule)
    proof = Proof(arrays(problem), time.monotonic() + 30)
    for part in (0.5, 0.9, 1.0):
        assert not proof.impossible(part * float(nepers(np.array(value))) - 1e-9)
    assert proof.impossible(float(nepers(np.array(0.8))))


def test_whole_calendars_prove_more_than_single_windows_and_bidding_ends_in_a_plan() -> None:
    shaped = arrays(month(24, 30, 7, seed=24))
    proof = Proof(shaped, INFINITY)
    assert not impossible(shaped, 0.84)
    assert proof.impossible(0.84)
    assert not proof.impossible(0.7)
    random = np.random.default_rng(1)
    looks = bidden(shaped, 0.7, proof.prices(), until=INFINITY, random=random)
    assert looks is not None
    assert within_limits(shaped, looks)
    assert 0.7 - 1e-9 <= coverage(shaped, looks).min() <= 0.84


def test_a_bound_is_lowered_as_far_as_the_time_goes_and_never_below_a_plan() -> None:
    shaped = arrays(month(24, 30, 7, seed=24))
    began = time.monotonic()
    proof = Proof(shaped, began + 2)
    assert 0.7 <= lowered(shaped, proof, value=0.7, bound=0.9, until=began + 2) <= 0.9
    assert lowered(shaped, proof, value=0.7, bound=0.9, until=began) == 0.9


@pytest.mark.long
def test_hundreds_of_sites_have_a_plan_near_the_bound_in_seconds() -> None:
    found = plan(month(120, 40, 8, seed=2), seconds=30)
    assert isinstance(found, KnownAnswer)
    value, bound = (float(nepers(np.array(one))) for one in (found.value, found.bound))
    assert 0.9 * bound < value <= bound


def test_a_site_that_many_days_refuse_still_has_its_cheapest_calendar_or_none() -> None:
    detect = (((0.5,), (0.0,), (0.5,), (0.0,)),)
    shaped = arrays(KnownSchedule(2, 4, ("A",), (Means("high", 1),), detect))
    for target, cost in ((0.6, 2.0), (1.2, INFINITY)):
        whole = sitewise(shaped, target)
        chosen = np.zeros((1, 4), dtype=np.int8)
        found = every_cheapest(
            np.arange(1),
            whole.weight,
            np.ones((4, 1)) @ whole.holds.T,
            np.zeros((1, 2)),
            whole.need,
            2,
            target,
            chosen,
            *whole.memory(),
        )
        assert found[0] == cost
