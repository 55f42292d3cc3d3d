"""Every solved case of the options reference, exactly.

The cases stand in `cases/`: facts and values written for this project, each with its source in the
file (Elmira: Hipel et al. 1997; Cuba: Fraser and Hipel 1984; Garrison: Fraser and Hipel 1984;
Dresher 1962; Cho and Kreps 1987; others solved there by two or three separate methods).
"""

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest

from excomm.options import deterrence, solve_file, to_json
from excomm.options.reading import KINDS

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.json"))


def differences(expected: object, found: object, place: str = "$") -> list[str]:
    """Where the expected is not reproduced; further keys are welcome beside the expected ones."""
    if isinstance(expected, dict) and isinstance(found, dict):
        # A table of states has to have just these states.
        if expected and all(key.isdigit() for key in expected) and set(expected) != set(found):
            return [f"{place}: {sorted(set(expected) ^ set(found))}"]
        return [
            said
            for key, value in expected.items()
            # null: too many to list, not compared
            if not (key == "joint_improvements" and value is None)
            for said in (
                differences(value, found[key], f"{place}.{key}")
                if key in found
                else [f"{place}.{key}: missing"]
            )
        ]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        return [
            said
            for n, (left, right) in enumerate(zip(expected, found, strict=True))
            for said in differences(left, right, f"{place}[{n}]")
        ]
    same = expected == found and type(expected) is type(found)
    return [] if same else [f"{place}: {found}, not {expected}"]


@pytest.mark.parametrize("name", NAMES)
def test_a_solved_case_is_reproduced_exactly(name: str) -> None:
    path = CASES / f"{name}.json"
    expected = json.loads(path.read_bytes())["expected"]
    assert differences(expected, json.loads(to_json(solve_file(path)))) == []


def test_there_is_a_solved_case_of_every_kind() -> None:
    kinds = {json.loads((CASES / f"{name}.json").read_bytes())["kind"] for name in NAMES}
    assert kinds == set(KINDS) - {"offers", "keeping", "ties"}  # tested elsewhere


def test_break_even_detection_and_the_looks_that_reach_it_are_exact() -> None:
    with (CASES / "deterrence.csv").open(encoding="utf8", newline="") as file:
        rows = [
            {name: Fraction(value) for name, value in row.items()} for row in csv.DictReader(file)
        ]
    assert len(rows) == 30
    answers = ("break_even_detection", "fewest_looks", "least_cost")
    for row in rows:
        found = deterrence(**{name: row[name] for name in row if name not in answers})
        assert found.verdict == "deterrable"
        assert [getattr(found, name) for name in answers] == [row[name] for name in answers]


def test_the_same_model_gives_the_same_bytes() -> None:
    path = CASES / "cuba-nov-1962-ours.json"
    assert to_json(solve_file(path)) == to_json(solve_file(path))
