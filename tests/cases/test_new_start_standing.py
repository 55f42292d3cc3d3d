"""New START as shipped, day by day: what stands, and why nothing was inspected.

The states are those that two readers gave the agreement (tests/terms/agreements), here asked of
the case with all its further events, publication days and the end that was moved in 2021.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from excomm.assurance import detection_probability
from excomm.case import Case, View
from excomm.terms import Status

AGREEMENT = Path(__file__).parents[1] / "terms" / "agreements" / "new-start-2010.yaml"
CASE = Case.open("new-start-2010")


def _expected() -> list[tuple[str, str, dict[str, Any]]]:
    read = yaml.load(AGREEMENT.read_text(), yaml.BaseLoader)
    return [
        (day["as_of"], name, status)
        for day in read["expected"]
        for name, status in day["status"].items()
    ]


EXPECTED = _expected()
_VIEWS: dict[str, View] = {}


def standing(on: str) -> Mapping[str, Status]:
    if on not in _VIEWS:
        _VIEWS[on] = CASE.on(on)
    return _VIEWS[on].standing()


def test_seven_days_are_asked_for() -> None:
    assert len({day for day, _, _ in EXPECTED}) == 7
    assert len(EXPECTED) == 32


@pytest.mark.parametrize(
    ("on", "name", "expected"), EXPECTED, ids=[f"{on}-{name}" for on, name, _ in EXPECTED]
)
def test_each_undertaking_stands_as_two_readers_found(
    on: str, name: str, expected: dict[str, Any]
) -> None:
    found = standing(on)[name]
    assert found.state in (expected["state"], *expected.get("accept", ()))
    assert set(expected.get("why", ())) <= set(found.why)
    assert found.disputed == (expected.get("disputed") == "true") or "disputed" not in expected


def test_over_a_limit_before_its_day_is_no_breach() -> None:
    for on in ("2011-06-01", "2014-10-01", "2016-10-01", "2017-10-02", "2018-02-04"):
        states = {name: status.state for name, status in standing(on).items()}
        assert states["NS-1"] in ("in_force", "due")
        assert states["NS-2"] in ("in_force", "due")
        assert "breached" not in states.values()


def test_the_numbers_of_the_day_itself_count_from_the_day_both_were_out() -> None:
    assert standing("2018-02-21")["NS-1"].state == "due"
    assert standing("2018-02-22")["NS-1"].state == "fulfilled"


@pytest.mark.parametrize(
    ("on", "hosts_rus", "hosts_usa"),
    [
        ("2020-03-31", "in_force", "in_force"),
        ("2021-06-01", "suspended", "suspended"),
        ("2022-08-08", "breached", "suspended"),
        ("2023-06-15", "breached", "suspended"),
        ("2026-02-06", "breached", "lapsed"),
    ],
)
def test_no_inspection_is_another_thing_for_each_side_on_each_day(
    on: str, hosts_rus: str, hosts_usa: str
) -> None:
    found = standing(on)
    assert (found["NS-7"].state, found["NS-8"].state) == (hosts_rus, hosts_usa)


def test_the_extension_keeps_the_limits_after_the_first_end() -> None:
    assert standing("2021-02-06")["NS-3"].state == "in_force"
    assert "5 February 2021" in standing("2019-06-01")["NS-3"].reason
    assert "5 February 2026" in standing("2021-06-01")["NS-3"].reason


def test_the_half_yearly_numbers_are_due_in_march_and_not_given_in_2023() -> None:
    assert standing("2023-03-25")["NS-5"].state == "due"
    assert standing("2023-03-30")["NS-5"].state == "breached"
    assert standing("2023-03-30")["NS-6"].state == "suspended"


def test_ten_visits_buy_little_against_ten_and_something_against_fifty() -> None:
    # 1 - C(N-D,10)/C(N,10), N = 526 declared on 1 March 2022.
    assert detection_probability(526, 10, 10) == pytest.approx(0.176, abs=5e-4)
    assert detection_probability(526, 10, 50) == pytest.approx(0.635, abs=5e-4)
