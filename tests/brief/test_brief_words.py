"""The words of the page: likelihood, days, what is left, and what may reach a page at all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from excomm.brief import words
from excomm.brief.layout import GAP, column_widths, wrap
from excomm.entries import parse_when

NEW_YORK = ZoneInfo("America/New_York")
ON = datetime(1962, 11, 12, 17, tzinfo=ZoneInfo("America/New_York"))


# ICD 203 (2015), "degrees of likelihood": where two words meet, the higher one holds.
@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.60, 0.75, "likely (.60 to .75)"),
        (0.02, 0.04, "almost no chance (.02 to .04)"),
        (0.05, 0.19, "very unlikely (.05 to .19)"),
        (0.20, 0.44, "unlikely (.20 to .44)"),
        (0.45, 0.54, "roughly even chance (.45 to .54)"),
        (0.55, 0.55, "likely (.55)"),
        (0.80, 0.94, "very likely (.80 to .94)"),
        (0.95, 1.00, "almost certain (.95 to .99)"),
        (0.00, 1.00, "almost no chance to almost certain (.01 to .99)"),
    ],
)
def test_a_probability_is_a_word_with_its_range(low: float, high: float, said: str) -> None:
    assert words.likelihood(low, high) == said


@pytest.mark.parametrize(
    ("when", "said"),
    [
        ("1962-11-09", "9 Nov"),
        ("1962-11-12T16:00-05:00", "16:00"),
        ("1962-11-13T11:00-05:00", "13 Nov 11:00"),
        ("1962-10-30/1962-10-31", "30 to 31 Oct"),
        ("1962-09", "September"),
        ("1961-09", "September 1961"),
        ("1962-09-05/1962-10-14", "5 Sep to 14 Oct"),
        ("1963-02-06", "6 Feb 1963"),
    ],
)
def test_a_day_is_said_as_it_is_read_on_another(when: str, said: str) -> None:
    assert words.when_words(parse_when(when), NEW_YORK, ON) == said


def test_the_end_of_a_day_is_called_that() -> None:
    end = datetime(1962, 11, 13, tzinfo=NEW_YORK) - timedelta(microseconds=1)
    assert words.full_when(ON, NEW_YORK) == "Monday 12 November 1962, 17:00 (-05:00)"
    assert words.full_when(end, NEW_YORK) == "Monday 12 November 1962, end of day (-05:00)"
    assert words.full_when(end, UTC) == "Tuesday 13 November 1962, 04:59 (UTC)"


def test_what_is_left_stands_beside_the_whole() -> None:
    due = ON + timedelta(hours=18)
    assert words.left(due, ON, since=ON - timedelta(hours=6)) == "18 h of 24"
    assert words.left(ON + timedelta(hours=23, minutes=40), ON) == "23 h 40 min"
    assert words.left(ON - timedelta(hours=1), ON) == "over by 1 h"
    assert words.left(ON + timedelta(days=30), ON) == "30 days"


@given(st.text())
def test_nothing_that_could_steer_a_reader_or_a_terminal_reaches_a_page(text: str) -> None:
    shown = words.printable(text)
    assert "\x1b" not in shown and "\u202e" not in shown and "\n" not in shown
    assert words.printable(shown) == shown


@given(st.text(alphabet=st.characters(exclude_categories=["C"])), st.integers(2, 40))
def test_wrapped_text_keeps_its_width_and_loses_nothing(text: str, width: int) -> None:
    lines = wrap(words.printable(text), width)
    assert all(cell_len(line) <= width for line in lines)
    assert "".join("".join(lines).split()) == "".join(words.printable(text).split())


@given(
    st.lists(st.tuples(st.integers(0, 200), st.integers(1, 4)), min_size=1, max_size=7),
    st.integers(60, 140),
)
def test_columns_never_take_more_than_the_page(columns: list[tuple[int, int]], width: int) -> None:
    natural = [size for size, _ in columns]
    least = [min(size, 16) for size in natural]
    given_ = column_widths(natural, least, [share for _, share in columns], width)
    assert sum(given_) + GAP * (len(columns) - 1) <= width
    if sum(least) + GAP * (len(columns) - 1) <= width:
        assert all(got >= need for got, need in zip(given_, least, strict=True))
