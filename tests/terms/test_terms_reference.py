"""Four agreements with the states that two readers gave them, from their own sources."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from excomm.entries import end_of, parse_when, parse_zone
from excomm.fold import fold
from excomm.folder import read_agreement
from excomm.terms import Status, standing

AGREEMENTS = Path(__file__).parent / "agreements"


def _expected() -> list[tuple[str, str, str, dict[str, Any]]]:
    found = []
    for path in sorted(AGREEMENTS.glob("*.yaml")):
        for day in yaml.load(path.read_text(), yaml.BaseLoader)["expected"]:
            for name, status in day["status"].items():
                found.append((path.stem, day["as_of"], name, status))
    return found


def _status(agreement: str, on: str, name: str) -> Status:
    path = AGREEMENTS / f"{agreement}.yaml"
    zone = parse_zone(yaml.load(path.read_text(), yaml.BaseLoader)["calendar"]["zone"])
    entries = read_agreement(path)
    at = end_of(parse_when(on), zone)
    return standing(fold(lambda: entries, on=at, zone=zone))[name]


EXPECTED = _expected()


def test_all_eighty_nine_statuses_are_asked_for() -> None:
    assert len(EXPECTED) == 89


@pytest.mark.parametrize(
    ("agreement", "on", "name", "expected"),
    EXPECTED,
    ids=[f"{agreement}-{on}-{name}" for agreement, on, name, _ in EXPECTED],
)
def test_each_agreement_stands_as_two_readers_found(
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
