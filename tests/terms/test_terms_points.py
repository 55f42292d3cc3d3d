"""Starts and deadlines: whole days in the agreement's zone, months, hours, anchors."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excomm.entries import parse_zone
from excomm.entries.durations import parse_duration
from excomm.errors import InputError
from excomm.terms import Status
from excomm.terms.points import later_day, local_day, window_end

Judge = Callable[[str, str], Mapping[str, Status]]

START = """
parties: {A: Aland}
calendar: {zone: "-05:00"}
undertakings:
  - {id: S, by: A, modality: must, kind: achieve, what: begin, starts: "1962-11-20T18:45-05:00"
"""


@pytest.mark.parametrize(
    ("duration", "due"),
    [
        ("{P30D after: starts}", "1962-12-21T04:59:59.999999+00:00"),
        ("{P1M after: start of S}", "1962-12-21T04:59:59.999999+00:00"),
        ("{PT24H after: starts}", "1962-11-21T23:45:00+00:00"),
        ("{P2W after: 1962-11-20}", "1962-12-05T04:59:59.999999+00:00"),
        ("{P30D after: 1962-11-20, last_day: 1962-12-19}", "1962-12-20T04:59:59.999999+00:00"),
        ('"1962-12-20T12:00-05:00"', "1962-12-20T17:00:00+00:00"),
        ("1962-12-20", "1962-12-21T04:59:59.999999+00:00"),
    ],
)
def test_a_deadline_includes_its_last_day_in_the_zone_of_the_agreement(
    status: Judge, duration: str, due: str
) -> None:
    text = START + f", due: {duration}}}\n"
    assert status(text, "1962-11-21")["S"].due == datetime.fromisoformat(due)


def test_a_month_from_the_last_of_january_is_the_last_of_february() -> None:
    assert later_day(date(2015, 1, 31), parse_duration("P1M")) == date(2015, 2, 28)
    assert later_day(date(2016, 1, 31), parse_duration("P1M")) == date(2016, 2, 29)
    assert later_day(date(2016, 2, 29), parse_duration("P1Y")) == date(2017, 2, 28)


def test_what_starts_after_a_deadline_starts_the_next_day(status: Judge) -> None:
    text = """
    parties: {A: Aland}
    calendar: {zone: Europe/Kyiv}
    undertakings:
      - {id: U, by: A, modality: must, kind: achieve, what: leave, starts: 2030-01-01,
         due: 2030-03-30}
      - {id: V, by: A, modality: must, kind: maintain, what: stay out, starts: {after: due of U},
         ends: {with: W}}
      - {id: W, by: A, modality: must, kind: maintain, what: report, starts: 2030-01-01,
         ends: 2030-06-30}
    """
    assert status(text, "2030-03-30")["V"].state == "pending"
    begun = status(text, "2030-03-31")["V"]
    assert begun.state == "in_force"
    # 31 March 2030: the clocks of Kyiv go forward at three.
    assert begun.starts == datetime(2030, 3, 30, 22, tzinfo=UTC)
    assert status(text, "2030-06-30")["V"].state == "in_force"
    assert status(text, "2030-07-01")["V"].state == "fulfilled"


def test_the_window_for_evidence_ends_with_its_last_day() -> None:
    zone = parse_zone("America/New_York")
    due = datetime(2018, 2, 6, 4, 59, 59, tzinfo=UTC)
    assert local_day(window_end(due, "P6M", zone), zone) == date(2018, 8, 5)


@pytest.mark.parametrize("text", ["P", "PT", "14D", "P1M2H", "P1.5D", "P-3D", "three days"])
def test_a_duration_in_another_form_is_refused_with_a_remedy(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_duration(text)
    assert str(refused.value) == (
        f"duration: found {text}, expected ISO 8601, as P14D, P6M or PT24H. "
        "Hours and minutes follow a T."
    )


def test_a_deadline_beyond_the_calendar_is_never_over(status: Judge) -> None:
    text = START + ", due: {P9000Y after: starts}}\n"
    assert status(text, "9999-12-31")["S"].state == "due"


@given(st.dates(), st.integers(0, 40), st.integers(0, 400))
def test_months_and_days_never_run_backwards(day: date, months: int, days: int) -> None:
    assert later_day(day, parse_duration(f"P{months}M{days}D")) >= day
