"""The example in docs/terms.md runs, and says what it says."""

from pathlib import Path
from typing import get_args

from excomm.case import Case
from excomm.entries import end_of, parse_when, parse_zone
from excomm.entries.language import StaticFinding
from excomm.fold import fold
from excomm.folder import read_agreement
from excomm.terms import standing

PAGE = Path(__file__).parents[2] / "docs" / "terms.md"


def test_the_agreement_of_the_page_stands_as_its_table_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    agreement = text.partition("    id: port-2030")[2].partition("\nPut it in a file")[0]
    entries = read_agreement("    id: port-2030" + agreement)
    zone = parse_zone("Europe/Athens")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line[:5] == "| 203"]
    assert len(rows) == 5
    for day, name, state, reason in rows:
        on = end_of(parse_when(day), zone)
        status = standing(fold(lambda: entries, on=on, zone=zone))[name]
        assert (day, name, status.state, status.reason) == (day, name, state, reason)


def test_the_letters_of_1962_stand_as_the_page_says() -> None:
    text = PAGE.read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line[:5] == "| 196"]
    assert len(rows) == 5
    case = Case.open("cuba-1962")
    for day, name, state, reason in rows:
        status = case.on(day).standing()[name]
        assert (day, name, status.state, status.reason) == (day, name, state, reason)


def test_every_state_flag_and_finding_is_on_the_page() -> None:
    text = PAGE.read_text(encoding="utf-8")
    for word in (
        *("pending", "in_force", "due", "fulfilled", "breached", "suspended", "lapsed"),
        *("unverifiable", "circular_wait", "waits_on_circle", "obligor_not_party"),
        "assessment_proposed",
        *get_args(StaticFinding),
    ):
        assert word in text
