"""Due phrases of minutes, each with the instant that is meant (data/due-phrases.txt, our own)."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from excomm.record import read
from excomm.record.due import Moment, find
from excomm.record.instants import resolve

WASHINGTON = ZoneInfo("America/New_York")
MEETING = Moment(date(1971, 3, 3), datetime(1971, 3, 3, 10, tzinfo=WASHINGTON), WASHINGTON)
ROWS = [
    tuple(part.strip() for part in line.split("|"))
    for line in (Path(__file__).parent / "data/due-phrases.txt").read_text().splitlines()
    if not line.startswith("#")
]


def _meant(at: datetime | None, reason: str) -> str:
    if at is None:
        return f"- {reason}"
    ends = (at + timedelta(microseconds=1)).time().isoformat() == "00:00:00"
    said = at.strftime("%Y-%m-%d" if ends and at.microsecond else "%Y-%m-%dT%H:%M")
    return said + (" recurs" if reason == "recurs" else "")


@pytest.mark.parametrize(("phrase", "meant"), ROWS, ids=[row[0] for row in ROWS])
def test_a_due_phrase_is_its_instant_or_says_why_it_has_none(phrase: str, meant: str) -> None:
    text = f"The President asked that a report be prepared {phrase}."
    found = find(text, 0, len(text))
    assert found is not None
    assert found.words in phrase
    assert _meant(*resolve(found, MEETING)) == meant


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        # Friday 29 December: over the end of the year and of a leap year's February.
        ("by January 3", "1979-01-03"),
        ("by Monday", "1979-01-01"),
        ("next Monday", "1979-01-01"),
        ("within two months", "1979-02-28"),
        ("by the 5th", "1979-01-05"),
        ("by the end of next month", "1979-01-31"),
        ("in February", "1979-02-28"),
        ("next year", "1979-12-31"),
        ("by the end of the quarter", "1978-12-31"),
        ("within five working days", "1979-01-05"),
    ],
)
def test_the_turn_of_the_year_is_minded(phrase: str, meant: str) -> None:
    text = f"A report is to be ready {phrase}."
    found = find(text, 0, len(text))
    assert found is not None
    at = datetime(1978, 12, 29, 16, tzinfo=WASHINGTON)
    assert _meant(*resolve(found, Moment(at.date(), at, WASHINGTON))) == meant


def test_a_day_that_is_over_is_no_due_time() -> None:
    record = read(
        "The President asked that the report of March 1 be prepared by Friday.",
        meeting=datetime(1971, 3, 3, 10, tzinfo=WASHINGTON),
    )
    assert [one.due for one in record.directives] == ["by Friday"]
