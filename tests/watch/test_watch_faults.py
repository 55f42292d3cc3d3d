"""Bad input: every fault says where, what was found, what was expected and what to do."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from excomm.errors import EnvironmentFault, InputError
from excomm.watch import plan, plan_file, read, to_json

Problem = dict[str, Any]


def month(**changes: object) -> Problem:
    """Two sites, four days, one means: small enough to see through."""
    problem: Problem = {
        "kind": "deterministic_maxmin",
        "window_days": 2,
        "days": 4,
        "sites": ["A", "B"],
        "means": [{"name": "high", "sorties_per_day": 1, "cost": 2}],
        "detect": [[[0.5]] * 4, [[0.4]] * 4],
        "budget": 8,
        "risk": [[0.01], [0.01]],
        "risk_max": 0.2,
    }
    return {**problem, **changes}


def fault(problem: Problem | str, seconds: float = 5.0) -> str:
    text = problem if isinstance(problem, str) else json.dumps(problem)
    with pytest.raises(InputError) as raised:
        plan(read(text), seconds=seconds)
    assert raised.value.where
    assert raised.value.expected
    return str(raised.value)


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("", "$: found an empty text, expected JSON."),
        ('{"kind": "chase"}', "$.kind: found chase, expected a kind of problem. Give one of:"),
        ("[]", '$: found no key kind, expected an object with "kind".'),
        (
            '{"kind": "gap_schedule", "looks_per_day": 1}',
            "$: found nothing, expected the key max_gap_days. Add max_gap_days.",
        ),
        (
            '{"kind": "gap_schedule", "max_gap_day": [2], "looks_per_day": 1}',
            "$.max_gap_day: found max_gap_day, expected the key max_gap_days.",
        ),
        (
            json.dumps(month(budget=float("nan"))),
            "NaN and Infinity are no numbers: write 0 for a refused look",
        ),
        (month(detect=[[[0.5]] * 4, [[0.4]] * 3]), "$.detect[1]: found 3 days, expected 4"),
        (
            month(detect=[[[0.5]] * 4, [[0.4], [85], [0.4], [0.4]]]),
            "$.detect[1][1][0]: found 85.0, expected 0 to 1. Write 85 % as 0.85",
        ),
        (month(window_days=5), "$.window_days: found 5, expected 1 to 4, the days."),
        (month(budget=-1), "$.budget: found -1.0, expected 0 or more."),
        (month(risk=None), "$.risk: found nothing, expected risk[site][means]."),
        (month(risk_max=1.5), "$.risk_max: found 1.5, expected 0 to 1."),
        (month(sites=["A", "A"]), "$.sites[1]: found A, expected a name of its own."),
        (month(sites=[]), "$.sites: found none, expected at least one site."),
        (
            month(looks_before=[["C", -1, 0.5]]),
            "$.looks_before[0][0]: found C, expected a site of the plan.",
        ),
        (month(looks_before=[["A", 1, 0.5]]), "$.looks_before[0][1]: found 1, expected a day"),
        (
            month(agreed=[{"site": "A", "least": 3, "most": 2}]),
            "$.agreed[0]: found least 3 and most 2, expected least no more than most.",
        ),
        (
            month(agreed=[{"site": "A", "least": 1, "days": [2, 9]}]),
            "$.agreed[0].days: found 2, 9, expected first and last day, from 0 to 3, in this",
        ),
        (
            '{"kind": "effort_allocation", "effort": 1e400}',
            "$: found a number beyond any that a computer holds, expected JSON.",
        ),
        (
            {"kind": "stratified_cycle", "looks_per_day": 3, "window_days": 2, "detect": [0.5]},
            "$.looks_per_day: found 3, expected 0 to 1.",
        ),
        (
            {"kind": "gap_schedule", "max_gap_days": [2, 0], "looks_per_day": 1},
            "$.max_gap_days[1]: found 0, expected 1 or more.",
        ),
        (
            {"kind": "interim_inspection", "n_points": 2, "inspections": 3},
            "$.inspections: found 3, expected 0 to 2.",
        ),
        (
            {
                "kind": "observing_adversary",
                "n_sites": 9,
                "looks_per_day": 4,
                "window_days": 6,
                "start_days": 20,
                "detect": 0.5,
            },
            "$.start_days: found more than 60000 histories of looks, expected fewer.",
        ),
        (
            {"kind": "effort_allocation", "prior": [0.5, 0.6], "sweep_rate": [1, 1], "effort": 1},
            "$.prior: found 1.1, expected a sum of 1.",
        ),
        (
            {
                "kind": "team_orienteering",
                "vehicles": 1,
                "max_length": 3,
                "points": [[0, 0, 0], [3, 4, 0]],
                "start": 0,
                "end": 1,
            },
            "$.max_length: found 3.0, expected 5 or more, from start to end.",
        ),
    ],
)
def test_a_fault_names_its_place_and_what_was_expected(problem: Problem | str, said: str) -> None:
    assert said in fault(problem)


def test_a_sortie_with_no_point_to_fly_to_stays_at_home() -> None:
    problem = {"kind": "sortie_orienteering", "base": [0, 0], "points": [], "profit": []}
    found = json.loads(to_json(plan(read(json.dumps({**problem, "sorties": 1, "max_length": 9})))))
    assert found["profit"] == found["bound"] == 0 and found["routes"] == []


def test_a_required_detection_that_cannot_be_paid_names_what_gives_way() -> None:
    said = fault(month(required_detection=0.4, budget=4, risk=None, risk_max=None))
    # One look at each site in each of two windows: four looks at 2.
    assert said == (
        "$.required_detection: found demands that cannot all be kept, expected what some plan can "
        "keep. The cheapest way out at the least: $.budget 8 instead of 4."
    )


def test_agreed_looks_beyond_the_sorties_are_named_with_the_shortfall() -> None:
    agreed = [{"site": "A", "least": 3}, {"site": "B", "least": 3}]
    said = fault(month(agreed=agreed, budget=None, risk=None, risk_max=None))
    assert "$.agreed: found demands that cannot all be kept" in said
    assert "more" in said or "fewer" in said


def test_more_than_every_look_would_assure_is_refused_as_such() -> None:
    said = fault(
        month(
            required_detection=0.9,
            budget=None,
            means=[{"name": "high", "sorties_per_day": 2, "cost": 2}],
        )
    )
    assert "more than every possible look together would assure" in said


def test_a_million_cells_and_more_are_refused_with_their_number() -> None:
    row = [[0.5, 0.5, 0.5, 0.5]] * 2100
    problem = month(
        days=2100,
        sites=[f"S{n}" for n in range(500)],
        means=[{"name": f"m{n}", "sorties_per_day": 1, "cost": 1} for n in range(4)],
        detect=[row] * 500,
    )
    from excomm.watch.problems import KnownSchedule, Means

    known = KnownSchedule(
        window_days=2,
        days=2100,
        sites=tuple(problem["sites"]),
        means=tuple(Means(f"m{n}", 1) for n in range(4)),
        detect=((((0.5,) * 4,) * 2100),) * 500,
    )
    with pytest.raises(InputError, match="4200000 cells of site, day and means"):
        plan(known)


def test_a_missing_file_is_an_environment_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="Name a readable problem"):
        plan_file(tmp_path / "none.json")


def test_a_fault_in_a_file_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "month.json"
    path.write_text(json.dumps(month(window_days=5)))
    with pytest.raises(InputError) as raised:
        plan_file(path)
    assert str(raised.value).startswith(f"{path}:1: $.window_days: found 5")


def test_nothing_but_the_answer_is_printed_on_standard_output(tmp_path: Path) -> None:
    path = tmp_path / "month.json"
    path.write_text(json.dumps(month()))
    program = (
        "import sys, pathlib; from excomm.watch import plan_file, to_json;"
        "sys.stdout.buffer.write(to_json(plan_file(pathlib.Path(sys.argv[1]), seconds=5)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, check=True
    )
    assert json.loads(run.stdout)["ended"] == "proved"
    assert run.stderr == b""


def test_frequencies_that_contradict_each_other_are_named_with_the_shortfall() -> None:
    said = fault(
        month(
            agreed=[
                {"site": "A", "least": 3},
                {"site": "A", "most": 1},
            ]
        )
    )
    assert said == (
        "$.agreed: found demands that cannot all be kept, expected what some plan can keep."
        " The cheapest way out at the least: $.agreed[0] 2 looks fewer than its least."
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"days": 1, "detect": [[[0.5]], [[0.4]]]}, "$.window_days: found 2, expected 1 to 1"),
        (
            {"means": [{"name": "high", "sorties_per_day": 1, "sites_per_sortie": 0}]},
            "$.means[0].sites_per_sortie: found 0, expected 1 or more.",
        ),
        ({"required_detection": 1.5}, "$.required_detection: found 1.5, expected 0 to below 1."),
    ],
)
def test_a_window_or_a_demand_that_cannot_be_is_refused(change: Problem, said: str) -> None:
    assert fault(month(**change)).startswith(said)
