"""The day book: what a directive became on each day, and the same as to-dos of a calendar."""

import subprocess
import sys
from datetime import UTC, datetime

import pytest

from excomm import folder
from excomm.brief.daybook import State, day_book, to_dos
from excomm.case import Case, CaseHead
from excomm.case import View as CaseView

CASE = """
=== case.toml
id = "c"
title = "C"
zone = "America/New_York"
opens = 1970-01-01
recorded = "as dated"
=== directives.csv
id,occurred,what,to,due
D1,1970-05-04,a report be prepared,Treasury,1970-05-06
D2,1970-05-04,a letter be drafted,State,1970-05-05
D3,1970-05-04,the ships be counted,Navy,
=== events.csv
id,occurred,kind,about,what
E1,1970-05-05,done,D2,the letter went out
E2,1970-05-08,terminated,D1,no longer wanted
=== consultations.csv
id,occurred,whom,about,state,answer
K1,1970-05-04,the allies,the patrol,asked,
=== lines.csv
id,occurred,clause,to,source
L1,1970-05-04,The ports are open.,press,the Secretary
=== minutes/one.txt
The President asked that a statement be prepared by Friday. Mr. Bell asked whether it was wise.
=== minutes/one.toml
meeting = "Meeting 1"
occurred = 1970-05-04T10:00:00-04:00
source = "one"
"""


def _on(day: str) -> CaseView:
    now = datetime(1970, 6, 1, tzinfo=UTC)
    entries = folder.read_text(CASE, now=now).entries
    return Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64)).on(day)


@pytest.mark.parametrize(
    ("day", "states"),
    [
        ("1970-05-04", {"D1": "due later", "D2": "due later", "D3": "no time set"}),
        ("1970-05-06T12:00-04:00", {"D1": "due today", "D2": "done", "D3": "no time set"}),
        ("1970-05-07", {"D1": "late", "D2": "done", "D3": "no time set"}),
        ("1970-05-09", {"D1": "withdrawn", "D2": "done", "D3": "no time set"}),
    ],
)
def test_a_directive_is_due_late_done_or_withdrawn_as_the_days_go(
    day: str, states: dict[str, State]
) -> None:
    found = {one.id: one.state for one in day_book(_on(day)).tasks if one.confirmed}
    assert found == states


def test_what_was_only_read_is_marked_and_what_nobody_answered_is_told() -> None:
    book = day_book(_on("1970-05-05"))
    (read,) = [one for one in book.tasks if not one.confirmed]
    assert (read.what, read.state) == (
        "President: a statement be prepared by Friday",
        "due later",
    )
    assert [(one.by, one.what) for one in book.never_answered] == [
        ("the allies", "the patrol"),
        ("Bell", "whether it was wise"),
    ]
    assert [(one.clause, one.source) for one in book.line] == [
        ("The ports are open.", "the Secretary")
    ]


def test_to_dos_have_one_uid_from_export_to_export_and_closed_ones_are_gone() -> None:
    first, later = to_dos(_on("1970-05-04")).decode(), to_dos(_on("1970-05-06")).decode()
    uids = [line for line in first.splitlines() if line.startswith("UID")]
    assert len(uids) == 3
    assert "UID:D1@c" in uids
    assert "UID:D2@c" not in later
    assert set(uids) >= {line for line in later.splitlines() if line.startswith("UID")}
    assert "DUE:19700507T035959Z" in first
    assert "STATUS:NEEDS-ACTION" in first  # only read
    assert first == to_dos(_on("1970-05-04")).decode()


def test_the_commands_print_the_book_and_write_the_calendar() -> None:
    def run(*args: str) -> str:
        command = [sys.executable, "-m", "excomm.cli", "record", *args]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert (ran.returncode, ran.stderr) == (0, "")
        return ran.stdout

    book = run("daybook", "cuba-1962", "--on", "1962-11-12")
    assert "due later" in book
    assert "read, not confirmed" in " ".join(book.split())
    assert run("calendar", "cuba-1962", "--on", "1962-11-12").startswith("BEGIN:VCALENDAR")


def test_a_word_to_avoid_stands_with_whoever_used_it_at_a_later_meeting() -> None:
    rule = 'The President asked that the word "blockade" not be used. '
    spoken = CASE.replace(
        "The President asked that a statement", f"{rule}The President asked that a statement"
    )
    second = spoken + (
        "=== minutes/two.txt\nGeneral Pike said the blockade held.\n"
        '=== minutes/two.toml\nmeeting = "Meeting 2"\n'
        'occurred = 1970-05-05T10:00:00-04:00\nsource = "two"\n'
    )
    entries = folder.read_text(second, now=datetime(1970, 6, 1, tzinfo=UTC)).entries
    view = Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64)).on("1970-05-06")
    assert [(one.avoid, one.source, one.broken) for one in day_book(view).wording] == [
        ("blockade", "President, Meeting 1, p. 1", ("Pike, Meeting 2, p. 1 (perhaps)",))
    ]
