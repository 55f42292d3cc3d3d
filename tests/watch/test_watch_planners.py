"""Other solvers as a second opinion: CP-SAT for a calendar, PyVRP for routes; both an extra."""

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from excomm.cli import app
from excomm.errors import EnvironmentFault, InputError
from excomm.watch import plan, plan_file, read_file
from excomm.watch.known import KnownAnswer
from excomm.watch.problems import Agreed, KnownSchedule, Means, Team
from excomm.watch.sorties import RoutesAnswer

CASES = Path(__file__).parent / "cases"


def month(**more: Any) -> KnownSchedule:
    detect = np.round(np.random.default_rng(4).uniform(0.2, 0.6, (4, 8, 1)), 3)
    return KnownSchedule(
        window_days=4,
        days=8,
        sites=("A", "B", "C", "D"),
        means=(Means("high", 2, 1.5),),
        detect=tuple(tuple(tuple(c) for c in row) for row in detect.tolist()),
        **more,
    )


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"budget": 13.5},
        {"agreed": (Agreed("C", least=4), Agreed("A", most=2))},
        {"required_detection": 0.5},
    ],
)
def test_both_solvers_prove_the_same_calendar(more: dict[str, Any]) -> None:
    own, other = (plan(month(**more), seconds=20, solver=by) for by in ("highs", "cp-sat"))
    assert isinstance(own, KnownAnswer)
    assert isinstance(other, KnownAnswer)
    assert (own.ended, other.ended) == ("proved", "proved")
    if "required_detection" in more:
        assert other.cost == pytest.approx(own.cost)
        assert other.min_detection >= 0.5 - 1e-9
    else:
        assert other.min_detection == pytest.approx(own.min_detection, abs=1e-9)


def team(**more: Any) -> Team:
    across = [(0.0, 0.0, 0.0), (1.0, 1.0, 5.0), (2.0, -1.0, 4.0), (3.0, 9.0, 50.0), (4.0, 0.0, 0.0)]
    return Team(
        **{"vehicles": 1, "max_length": 5.0, "points": across, "start": 0, "end": 4, **more}
    )


def test_routes_of_pyvrp_keep_the_length_and_take_the_profit() -> None:
    found = plan(team(), seconds=1, solver="pyvrp")
    assert isinstance(found, RoutesAnswer)
    assert found.routes == ((0, 1, 4),)
    assert found.profit == 5.0
    assert found.lengths[0] == pytest.approx(2**0.5 + 10**0.5)
    assert found.unreachable == (3,)
    both = plan(team(vehicles=3), seconds=1, solver="pyvrp")
    assert isinstance(both, RoutesAnswer)
    assert sorted(both.routes) == [(0, 1, 4), (0, 2, 4), (0, 4)]
    assert both.ended == "proved"


@pytest.mark.long
@pytest.mark.parametrize(("name", "least"), [("top-p4-2-j", 905), ("top-p4-2-t", 1306)])
def test_pyvrp_has_the_team_profits_in_twenty_seconds(name: str, least: int) -> None:
    # Chao, Golden and Wasil (1996); 962 and 1306 are the published profits.
    found = plan_file(CASES / f"{name}.json", seconds=20, solver="pyvrp")
    assert isinstance(found, RoutesAnswer)
    problem = read_file(CASES / f"{name}.json")
    assert isinstance(problem, Team)
    assert max(found.lengths) <= problem.max_length + 1e-9
    assert found.profit >= least


@pytest.mark.parametrize(
    ("problem", "solver", "package"),
    [(month(), "cp-sat", "ortools.sat.python"), (team(), "pyvrp", "pyvrp")],
)
def test_a_solver_that_is_not_installed_is_named_with_its_extra(
    problem: Any, solver: Any, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(EnvironmentFault) as fault:
        plan(problem, seconds=1, solver=solver)
    name = {"cp-sat": "CP-SAT", "pyvrp": "PyVRP"}[solver]
    assert str(fault.value) == (
        f"{name} is not installed. Install it: pip install 'excomm[planners]',"
        " or leave out --solver."
    )


@pytest.mark.parametrize(
    ("problem", "solver", "said"),
    [
        (month(), "pyvrp", "solver: found pyvrp, expected highs or cp-sat. Leave it out."),
        (team(), "cp-sat", "solver: found cp-sat, expected pyvrp. Leave it out."),
        (
            KnownSchedule(1, 1, ("A",), (Means("high", 1, 1.0, 4),), (((0.5,),),)),
            "cp-sat",
            "solver: found cp-sat, expected highs, where a sortie sees several sites."
            " Leave it out.",
        ),
    ],
)
def test_a_solver_of_another_kind_is_refused(problem: Any, solver: Any, said: str) -> None:
    with pytest.raises(InputError) as fault:
        plan(problem, seconds=1, solver=solver)
    assert str(fault.value) == said


def test_the_command_takes_a_solver() -> None:
    name = str(CASES / "det-5-12-6-one.json")
    told = CliRunner().invoke(app, ["watch", "plan", name, "--solver", "cp-sat", "--json"])
    assert json.loads(told.stdout)["ended"] == "proved"
