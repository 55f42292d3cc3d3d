"""What spreadsheets do to a table: each is recognised, and told in our form."""

from datetime import UTC, datetime

import pytest

from excomm.errors import Faults
from excomm.folder import read_text

CASE = """\
=== case.toml
id = "strait"
title = "Strait"
zone = "UTC"
opens = 1962-08-29
recorded = "as dated"
[[items]]
id = "MRBM"
name = "missiles"
unit = "missiles"
[[items]]
id = "007"
name = "crates"
unit = "crates"
=== counts.csv
id,occurred,recorded,item,number,low,high,site
"""


def faults_of(*rows: str) -> list[str]:
    with pytest.raises(Faults) as raised:
        read_text(CASE + "\n".join(rows) + "\n", now=datetime(2024, 1, 1, tzinfo=UTC))
    return [str(fault) for fault in raised.value.faults]


FORMS = "a day (1962-11-09), an instant with offset (1962-11-09T06:00-05:00) or an interval (a/b)"


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ("11/9/1962", "Write 1962-11-09 or 1962-09-11; a spreadsheet has changed the form."),
        ("11/23/1962", "Write 1962-11-23; a spreadsheet has changed the form."),
        ("09.11.1962", "Write 1962-11-09; a spreadsheet has changed the form."),
        ("1962/11/09", "Write 1962-11-09."),
        ("22959", "A spreadsheet's day number: write 1962-11-09, if that is the day meant."),
    ],
)
def test_a_date_in_a_spreadsheets_form_is_told_in_ours(cell: str, remedy: str) -> None:
    (said,) = faults_of(f"C1,{cell},,MRBM,1,,,")
    if cell == "1962/11/09":  # read as an interval first
        assert said.endswith(remedy)
    else:
        assert said == f"counts.csv:2: occurred: found {cell}, expected {FORMS}. {remedy}"


@pytest.mark.parametrize(
    ("cell", "remedy"),
    [
        ('"1,5"', "Write a point, no comma: 1.5."),
        ('"1,200"', "Write a point, no comma: 1.200; or 1200, if the comma parts thousands."),
        ('"1,200,000"', "Leave the commas out: 1200000."),
        ("85%", "Write 85% as 0.85."),
        (
            "1.0E+05",
            "A spreadsheet has shortened it; digits may be lost: write the number out from the "
            "source.",
        ),
        ("42 pcs", "Only the number; the unit has a column of its own."),
    ],
)
def test_a_number_in_a_spreadsheets_form_is_told_in_ours(cell: str, remedy: str) -> None:
    found = cell.strip('"')
    assert faults_of(f"C1,1962-11-09,,MRBM,{cell},,,") == [
        f"counts.csv:2: number: found {found}, expected a number. {remedy}"
    ]


def test_an_error_of_a_spreadsheet_is_no_value() -> None:
    assert faults_of("C1,1962-11-09,,MRBM,#REF!,,,", "C2,1962-11-09,,#N/A,1,,,") == [
        "counts.csv:2: number: found #REF!, expected a value. "
        "A spreadsheet could not work it out: enter the value itself.",
        "counts.csv:3: item: found #N/A, expected a value. "
        "A spreadsheet could not work it out: enter the value itself.",
    ]


def test_an_id_that_a_spreadsheet_has_made_a_number_of_is_a_fault() -> None:
    assert faults_of("1.0E+05,1962-11-09,,MRBM,1,,,") == [
        "counts.csv:2: id: found 1.0E+05, expected an id. "
        "A spreadsheet has made a number of it: write it out as text."
    ]


def test_an_id_that_has_lost_its_leading_zeros_is_told() -> None:
    assert faults_of("C1,1962-11-09,,7,1,,,") == [
        "counts.csv:2: item: found 7, expected an item of the case (MRBM, 007). "
        "Did you mean 007? A spreadsheet drops leading zeros."
    ]


def test_cells_too_many_or_too_few_are_faults_of_their_row() -> None:
    assert faults_of("C1,1962-11-09,,MRBM,1,2,3,SC,extra", "C2,1962-11-09") == [
        "counts.csv:2: row: found 9 cells, expected 8, as in the first row. "
        "Put quotes round a cell that holds a comma.",
        "counts.csv:3: row: found 2 cells, expected 8, as in the first row. "
        "Write the commas of empty cells too.",
    ]


def test_broken_quotes_name_the_line_where_they_open() -> None:
    assert faults_of("C1,1962-11-09,,MRBM,1,,,", '"C2,1962-11-09,,MRBM,1,,,') == [
        "counts.csv:3: row: found a quote that is never closed, expected quotes in pairs. "
        "Close it; inside a quoted cell write a quote twice."
    ]
    assert faults_of('C1,1962-11-09,,"MR"BM,1,,,') == [
        "counts.csv:2: row: found text after a closing quote, "
        "expected a comma or the end of the row there. Inside a quoted cell write a quote twice."
    ]
