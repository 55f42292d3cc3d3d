"""Agreements with the states that their readers gave them before any of it was run.

Four from the sources named in them, read by two; ten constructed ones, whose states follow from the
form: sanctions with waivers, a ceasefire, a corridor, a loan, quotas, rings, changed texts.
"""

from pathlib import Path
from typing import Any

import pytest
import yaml

from excomm.entries import end_of, parse_when, parse_zone
from excomm.fold import fold
from excomm.folder import read_agreement
from excomm.terms import Status, standing

HERE = Path(__file__).parent


def _expected(folder: str) -> list[tuple[str, str, str, dict[str, Any]]]:
    found = []
    for path in sorted(HERE.glob(f"{folder}/*.yaml")):
        for day in yaml.load(path.read_text(), yaml.BaseLoader)["expected"]:
            for name, status in day["status"].items():
                found.append((f"{folder}/{path.stem}", day["as_of"], name, status))
    return found


def _status(agreement: str, on: str, name: str) -> Status:
    path = HERE / f"{agreement}.yaml"
    zone = parse_zone(yaml.load(path.read_text(), yaml.BaseLoader)["calendar"]["zone"])
    entries = read_agreement(path)
    at = end_of(parse_when(on), zone)
    return standing(fold(lambda: entries, on=at, zone=zone))[name]


EXPECTED = [*_expected("agreements"), *_expected("constructed")]


def test_every_status_of_the_files_is_asked_for() -> None:
    assert len(EXPECTED) == 89 + 142


@pytest.mark.parametrize(
    ("agreement", "on", "name", "expected"),
    EXPECTED,
    ids=[f"{agreement}-{on}-{name}" for agreement, on, name, _ in EXPECTED],
)
def test_each_agreement_stands_as_its_readers_found(
    agreement: str, on: str, name: str, expected: dict[str, Any]
) -> None:
    found = _status(agreement, on, name)
    assert found.state in (expected["state"], *expected.get("accept", ()))
    assert set(expected.get("why", ())) <= set(found.why)
    assert found.reason.endswith(".")
    if found.state == expected["state"]:
        assert found.late == (expected.get("late") == "true")
        if "days_late" in expected:
            assert found.days_late == int(expected["days_late"])
    if "disputed" in expected:
        assert found.disputed == (expected["disputed"] == "true")
    if "by_party" in expected:
        assert found.by_party == expected["by_party"]
    if "flags" in expected:
        assert list(found.flags) == expected["flags"]
