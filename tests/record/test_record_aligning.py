"""Two records of one meeting: what only one has, who owns what, where they differ."""

import subprocess
import sys
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.record import align, read

SUMMARY = """Summary Record of the Meeting, May 4, 1970, 10 a.m.

Director Hale presented the photographs of the northern ports.

General Pike reported that 12 patrol boats were ready. Mr. Bell warned of ice.

The President asked that a report on the dredging of the canal be prepared by Friday.
"""
ACTION = """Record of Action, May 4, 1970, 10 a.m.

1. General Pike reported 14 patrol boats ready.

2. The President directed the Navy to prepare by Thursday a report on dredging the canal.

3. The President authorized the release of two tenders.
"""


def test_what_both_tell_is_paired_and_the_differences_are_named() -> None:
    found = align(read(SUMMARY), read(ACTION))
    both = {one.part: one for one in found.only("both") if "dredging" in one.first}
    assert both["directive"].owner == "Navy"
    assert both["directive"].differ == (
        "owner: nobody named or Navy",
        "due: by Friday or by Thursday",
    )
    boats = next(one for one in found.only("both") if "patrol" in one.first)
    assert boats.differ == ("figures: 12 or 14",)


def test_what_only_one_has_is_told_of_that_one() -> None:
    found = align(read(SUMMARY), read(ACTION))
    assert [one.first.split(" ", 2)[1] for one in found.only("first")] == ["Hale", "Bell"]
    assert {one.second for one in found.only("second")} == {
        "The President authorized the release of two tenders."
    }


def test_another_day_and_the_same_text_are_said() -> None:
    other = SUMMARY.replace("May 4", "May 5")
    assert align(read(SUMMARY), read(other)).warnings[0] == (
        "they are of two days, 1970-05-04 and 1970-05-05: perhaps of two meetings"
    )
    assert align(read(SUMMARY), read(SUMMARY)).warnings == (
        "they are the same text, to the letter: one record, twice",
    )
    claims = SUMMARY.replace("dredging of the", "dredging of this").replace("  ", " ")
    twice = SUMMARY.replace("10 a.m.", "10 a.m") + "\n"
    assert align(read(SUMMARY), read(twice)).warnings == (
        "they claim to be the same record and are not the same text: the places that differ are"
        " shown, neither is taken for the right one",
    )
    assert align(read(SUMMARY), read(claims)).only("first") == ()


_LINES = st.lists(
    st.sampled_from([line for line in (SUMMARY + ACTION).split("\n\n") if line.strip()]),
    min_size=1,
    max_size=8,
)


@given(_LINES, _LINES)
@settings(max_examples=60, deadline=None)
def test_nothing_is_lost_and_nothing_paired_twice(one: list[str], other: list[str]) -> None:
    first, second = read("\n\n".join(one)), read("\n\n".join(other))
    rows = align(first, second).rows
    for part in ("statement", "directive"):
        told = [row for row in rows if row.part == part]
        assert sorted(row.first_at for row in told if row.first_at) == sorted(
            (each.start, each.end)
            for each in (first.statements if part == "statement" else first.directives)
        )
        assert sorted(row.second_at for row in told if row.second_at) == sorted(
            (each.start, each.end)
            for each in (second.statements if part == "statement" else second.directives)
        )


def test_the_command_shows_both_records_and_says_what_is_odd(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(SUMMARY)
    (tmp_path / "b.txt").write_text(ACTION.replace("May 4", "May 6"))
    command = [sys.executable, "-m", "excomm.cli", "record", "align", "a.txt", "b.txt"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert ran.returncode == 0
    assert ran.stderr == (
        "a.txt and b.txt: they are of two days, 1970-05-04 and 1970-05-06: perhaps of two"
        " meetings\n"
    )
    assert "Only in b.txt" in ran.stdout
