"""A policy that is drawn, by one means or several; and a rota beside the best of its cost."""

import json
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from excomm.cli import app
from excomm.errors import InputError
from excomm.watch.cycle import cycle, cycle_detection
from excomm.watch.drawing import audited, commitment, drawn_on
from excomm.watch.envelope import joint_bound, upper_bound
from excomm.watch.linear import INFINITY
from excomm.watch.policy import DrawnPlan, drawn
from excomm.watch.situation import PlannedMeans, Range, Situation

SEED = b"thirty-two bytes of nobody's luck"


def sure(value: float) -> Range:
    return Range(value, value, value)


def coast(detect: list[list[float]], window: int = 6, **more: Any) -> Situation:
    """Sites in rows, means in columns: the first sees two sites a sortie, the others one."""
    cube = np.array(detect)
    means = tuple(
        PlannedMeans(f"m{n}", f"means {n}", 1, 2 if n == 0 else 1, sure(1.0), sure(0.01))
        for n in range(cube.shape[1])
    )
    sites = tuple(f"s{n}" for n in range(len(cube)))
    return Situation(
        first_day=date(2024, 1, 1),
        items=("guns",),
        window_days=sure(float(window)),
        sites=sites,
        names=sites,
        means=means,
        detect=np.stack([cube] * 3),
        **more,
    )


def held(plan: DrawnPlan, now: Situation) -> float:
    """The least detection over sites and windows, as products of misses day by day."""
    days = [now.first_day + timedelta(days=n) for n in range(plan.days)]
    miss = {(site, day): 1.0 for site in plan.sites for day in days}
    for one in plan.cycles:
        m = now.means_ids.index(one.means)
        for n in range(one.sorties):
            day = now.first_day + timedelta(days=int(n * one.rhythm_days + 1e-9))
            for site, chance in zip(plan.sites, one.slots[n % len(one.slots)], strict=True):
                miss[site, day] *= 1.0 - chance * now.detect[1][now.sites.index(site), m]
    windows = range(plan.days - plan.window_days + 1)
    return min(
        1.0 - float(np.prod([miss[site, day] for day in days[w : w + plan.window_days]]))
        for site in plan.sites
        for w in windows
    )


def test_several_means_watch_together_what_none_could_alone() -> None:
    # The first means may not see s0, the second may see nothing else.
    now = coast([[0.0, 0.6], [0.8, 0.0], [0.5, 0.0]])
    plan = drawn(now, 12)
    assert {one.means for one in plan.cycles} == {"m0", "m1"}
    assert plan.watched.best == pytest.approx(held(plan, now), abs=1e-12)
    assert plan.watched.best == pytest.approx(1.0 - 0.5**6)
    # Daily, each: s2 is looked at six times in a window, and no policy could more.
    assert plan.bound == pytest.approx(plan.watched.best)
    assert plan.unreachable == ()


def test_a_budget_is_shared_among_means_where_that_assures_most() -> None:
    now = coast([[0.0, 0.6], [0.8, 0.0], [0.5, 0.0]])
    plan = drawn(now, 12, budget=8)
    assert plan.cost <= 8
    assert {one.means for one in plan.cycles} == {"m0", "m1"}
    assert 0.5 < plan.watched.best <= plan.secret.best <= plan.bound
    assert plan.watched.best == pytest.approx(held(plan, now), abs=1e-12)


def test_a_site_that_no_means_may_see_is_named_and_the_others_are_watched() -> None:
    plan = drawn(coast([[0.0, 0.0], [0.8, 0.4]]), 12)
    assert (plan.unreachable, plan.sites) == (("s0",), ("s1",))
    assert plan.watched.best > 0.99
    with pytest.raises(InputError) as fault:
        drawn(coast([[0.0, 0.0]]), 12)
    assert str(fault.value) == (
        "sites: found no look possible, expected one site at least that a means may see."
    )
    with pytest.raises(InputError) as fault:
        drawn(coast([[0.5]]), 12, budget=0)
    assert str(fault.value) == (
        "--budget: found too little for a look in every window, expected at least one sortie in"
        " every window of 6 days. Give more, or watch fewer sites."
    )


chances = st.floats(0.05, 1.0).map(lambda one: round(one, 2))


@given(st.lists(chances, min_size=1, max_size=6), st.integers(1, 3), st.integers(1, 9))
@settings(max_examples=40, deadline=None)
def test_the_bound_for_several_means_is_that_for_one_where_there_is_one(
    detect: list[float], looks: int, window: int
) -> None:
    column = np.array(detect)
    found, mean = joint_bound(
        column[:, None], np.array([float(looks * window)]), np.ones(1), INFINITY, window
    )
    assert found == pytest.approx(upper_bound(column, looks, window), abs=1e-6)
    assert mean.sum() <= looks * window + 1e-6


def test_two_means_at_one_site_reach_what_their_product_says() -> None:
    found, mean = joint_bound(np.array([[0.5, 0.4]]), np.ones(2), np.ones(2), INFINITY, 3)
    assert found == pytest.approx(1.0 - 0.5 * 0.6)
    assert mean[0] == pytest.approx([1.0, 1.0])
    # A cost of one look: the better of the two.
    assert joint_bound(np.array([[0.5, 0.4]]), np.ones(2), np.ones(2), 1.0, 3)[0] == pytest.approx(
        0.5
    )


def test_a_long_window_of_many_means_has_a_bound_above_what_fewer_numbers_tell() -> None:
    detect = np.full((3, 4), 0.2)
    found, _ = joint_bound(detect, np.full(4, 12.0), np.ones(4), INFINITY, 30)
    # Four looks by each means at each site: sixteen misses of .8.
    assert 1.0 - 0.8**16 - 1e-9 <= found <= 1.0


def test_looks_that_stand_beside_are_taken_into_account() -> None:
    detect, beside = np.array([0.6, 0.6, 0.6]), np.array([0.9, 0.0, 0.0])
    alone = cycle(detect, 1, 2)
    fitted = cycle(detect, 1, 2, beside=beside)
    assert fitted[:, 0].sum() == 0.0
    assert cycle_detection(fitted, detect)[1:].min() == pytest.approx(0.6)
    assert cycle_detection(alone, detect).min() < 0.45


def test_every_means_of_a_policy_is_drawn_and_audited() -> None:
    now = coast([[0.0, 0.6], [0.8, 0.0], [0.5, 0.0], [0.5, 0.5]])
    plan = drawn(now, 12, budget=12)
    assert len(plan.cycles) == 2
    digest = commitment(plan, SEED)
    other = commitment(drawn(now, 12, budget=8), SEED)
    assert digest != other
    days = [now.first_day + timedelta(days=n) for n in range(12)]
    flown = {(day, one.means): one.sites for day in days for one in drawn_on(plan, SEED, day).each}
    assert any(sites for (_, means), sites in flown.items() if means == "m1")

    def audit(tried: dict[tuple[date, str], tuple[str, ...]]) -> tuple[tuple[date, str], ...]:
        found = audited(plan, SEED, tried, until=days[-1], lodged="K", lodged_on=date(2023, 12, 31))
        assert found.commitment == digest
        return tuple((one.day, one.means) for one in found.bent)

    assert audit(flown) == ()
    bent = next(at for at, sites in flown.items() if at[1] == "m1" and sites)
    assert audit({**flown, bent: ()}) == (bent,)


def test_the_rota_of_november_1962_stands_beside_the_best_of_its_cost() -> None:
    command = ["watch", "rota", "cuba-1962", "--on", "1962-11-12", "--means", "u2"]
    told = CliRunner().invoke(app, [*command, "--sorties", "6"])
    assert told.stdout == (
        "ROTA  6 sorties by u2 in 30 days from 13 November 1962, round the sites in turn, at a cost"
        " of 6: least detection within 14 days 0.000 (0.000 to 0.000) of what starts in them, to"
        " one who knows the days\n"
        "best calendar of that cost  0.000 (0.000 to 0.000); none has more than 0.000 (proved)\n"
        "drawn, of that cost  0.281 (0.131 to 0.406) to one who sees every look, 0.362 (0.177 to"
        " 0.514) to one who does not; no policy of it has more than 0.395\n"
        "none of missiles brought back, had nothing been seen  no look 0.9675 (0.8475 to 0.9967);"
        " rota 0.9805 (0.8841 to 0.9983); draw 0.9783 (0.8786 to 0.9980)\n"
    )
    once = [*command, "--sorties", "1", "--window", "30", "--json"]
    month = json.loads(CliRunner().invoke(app, once).stdout)
    assert (month["detection"][1], month["draw"]["sorties"]) == (0.0, 1)
