"""Static findings: each name found where it should be, and nothing found a step beside it.

Every case states all that is found in it, so that a false alarm of any name fails it.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest
import yaml

from excomm.entries.language import StaticFinding
from excomm.folder import read_agreement, read_text
from excomm.terms import check

Found = dict[str, list[tuple[str, ...]]]

HEAD = """
id: text
parties: {A: Aland, B: Bland, C: Cland}
not_party: {X: Xland}
items: {gun: {unit: guns}, shell: {unit: tonnes}}
calendar: {zone: UTC}
undertakings:
"""


def cases(name: str) -> dict[str, tuple[str, Found]]:
    """Short agreements with all that is found in each, by what the case is about."""
    path = Path(__file__).parent / "findings" / f"{name}.yaml"
    return {
        case["case"]: (
            case["text"],
            {check: [tuple(on) for on in each] for check, each in case["found"].items()},
        )
        for case in yaml.load(path.read_text(encoding="utf8"), yaml.BaseLoader)
    }


def found(text: str) -> Found:
    told: Found = {}
    for finding in check(read_agreement(HEAD + text)):
        told.setdefault(finding.check, []).append(finding.on)
        assert finding.says.endswith(".")
    return told


WRONG, NEAR = cases("found"), cases("near")


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found_and_nothing_else(text: str, expected: Found) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(("text", "expected"), NEAR.values(), ids=NEAR)
def test_what_is_a_step_beside_it_is_not_found(text: str, expected: Found) -> None:
    assert found(text) == expected


def test_sixty_cases_of_each_stand_here_over_all_names() -> None:
    assert len(WRONG) >= 60
    assert len(NEAR) >= 60
    names = {check for _, expected in WRONG.values() for check in expected}
    assert names | {"wording"} == set(get_args(StaticFinding))


def test_the_way_through_others_is_shown_nearest_first() -> None:
    def waits(name: str, of: str, means: str = "[visit]") -> str:
        return (
            f"  - {{id: {name}, by: A, modality: must, kind: achieve, what: do {name}, "
            f"due: 2030-06-01, verification: {means}, condition: {of}}}\n"
        )

    text = waits("U", "{accepted_by: A}", "[]")
    for name, of in (("V", "U"), ("W", "V"), ("P", "Q"), ("Q", "P"), ("R", "P")):
        text += waits(name, f"{{fulfilled: {of}}}")
    ways = {f.on: f.path for f in check(read_agreement(HEAD + text)) if f.path}
    assert ways == {
        ("V",): ("U",),
        ("W",): ("V", "U"),
        ("P", "Q"): ("Q", "P"),
        ("R",): ("P",),
    }


def test_events_are_never_looked_at() -> None:
    text = HEAD + WRONG["two wait for each other"][0]
    happened = (
        "events:\n  - {id: E, date: 2030-02-01, kind: done, party: B, about: [V], "
        "assurance: established}\n"
    )
    assert check(read_agreement(text)) == check(read_agreement(text + happened))


# -- wording -------------------------------------------------------------------------------------

CASE = """
=== case.toml
id = "words"
title = "Words"
zone = "UTC"
opens = 2030-01-01
recorded = "as dated"
[[wording]]
avoid = "guarantee"
use = "assurances"
source = "the minutes"
[[wording]]
avoid = "a document more formal than a letter"
use = "a letter"
[[parties]]
id = "A"
name = "Aland"
[[parties]]
id = "B"
name = "Bland"
=== agreement.yaml
id: text
title: Exchange of letters
form: FORM
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: achieve, what: WHAT, due: 2030-06-01,
     verification: [visit]}
packages:
  - {id: P, by: A, text: TEXT, undertakings: [U]}
"""


@pytest.mark.parametrize(
    ("form", "what", "text", "expected"),
    [
        ("letters", "guarantee the border", "a package", [("U",)]),
        ("letters", "give guarantees", "a package", [("U",)]),
        ("letters", "go", "the border is Guaranteed", [("P",)]),
        ("treaty", "go", "a package", [("text",)]),
        ("letters", "sign a treaty on it", "a package", [("U",)]),
        ("letters", "give assurances", "a package", []),
        ("letters; no treaty", "go", "nothing like a treaty", []),
        ("letters", "act under the Charter", "a package", []),
        ("letters", "name the guarantor", "a package", []),
    ],
)
def test_the_wording_rules_of_the_case_are_held_against_agreement_and_offers(
    form: str, what: str, text: str, expected: list[tuple[str, ...]]
) -> None:
    case = CASE.replace("FORM", form).replace("WHAT", what).replace("TEXT", text)
    read = read_text(case, now=datetime(2031, 1, 1, tzinfo=UTC))
    findings = check(read.entries)
    assert {finding.check for finding in findings} <= {"wording"}
    assert [finding.on for finding in findings] == expected
