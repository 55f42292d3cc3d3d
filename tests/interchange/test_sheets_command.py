"""excomm import, whole way: a real process, its output, its exit status, the ledger after it."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from excomm import folder, ledger
from excomm.entries.kinds import Declaration

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
"""
FIRST = ["--kind", "declaration", "--column", "How many=number", "--set", "party=A"]


@pytest.fixture
def where(tmp_path: Path) -> Path:
    path = tmp_path / "small.ledger"
    ledger.create(path, folder.read_text(CASE, now=NOW).entries, now=NOW)
    return path


def run(where: Path, text: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = ["import", "-", "--into", str(where), "--map", "fleet", *more]
    return subprocess.run(
        [sys.executable, "-m", "excomm.cli", *command],
        input=text, capture_output=True, text=True, check=False,
    )  # fmt: skip


def declared(where: Path) -> list[object]:
    found = (one.body for one in ledger.open_ledger(where).read())
    return [body.number for body in found if isinstance(body, Declaration)]


def test_a_sheet_is_mapped_once_and_then_sent_by_its_name(where: Path) -> None:
    sheet = "Date\tItem\tHow many\n2024-02-01\tboats\t7\n"
    ran = run(where, sheet, *FIRST)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[:2] == [
        "fleet (declaration): Date is occurred; Item is item; How many is number",
        "1 row new, 0 changed, 0 as they stand, 0 with faults",
    ]
    ran = run(where, sheet.replace("7", "8") + "2024-03-01\tboats\t6\n")
    assert "row 2 changes fleet/" in ran.stdout and "number: 7 -> 8" in ran.stdout
    assert declared(where) == [7, 6, 8]
    ran = run(where, sheet.replace("7", "8") + "2024-03-01\tboats\t6\n")
    assert "0 rows new, 0 changed, 2 as they stand" in ran.stdout


def test_nothing_is_written_for_a_preview_or_where_a_row_has_a_fault(
    where: Path, tmp_path: Path
) -> None:
    before = where.read_bytes()
    sheet = "Date,Item,How many\n2024-02-01,boats,7\n2024-02-02,rafts,1\n"
    ran = run(where, sheet.replace("rafts", "boats"), *FIRST, "--preview")
    assert ran.returncode == 0 and "Nothing was written." in ran.stdout
    ran = run(where, sheet, *FIRST)
    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [
        "-:3: Item: found rafts, expected an item of the case (boats). Did you mean boats?",
        "-: found 1 row with faults; nothing was taken in, expected none. "
        "Mend what is named, or add --keep-going REJECTS.csv.",
    ]
    assert where.read_bytes() == before
    rejects = tmp_path / "rejects.csv"
    ran = run(where, sheet, *FIRST, "--keep-going", str(rejects))
    assert ran.returncode == 1 and "1 row to mend" in ran.stderr
    assert declared(where) == [7]
    assert rejects.read_text().splitlines()[1].startswith('2024-02-02,rafts,1,"row 3: Item: found')


def test_a_kind_that_is_none_is_told_with_those_there_are(where: Path) -> None:
    ran = run(where, "Date,Item,How many\n2024-02-01,boats,7\n", "--kind", "cuont")
    assert ran.returncode == 2
    assert ran.stderr.startswith("kind: found cuont, expected one of party, item, ")
    assert ran.stderr.endswith(". Did you mean count?\n")


def test_a_mapping_that_is_not_there_is_told_with_what_to_add(where: Path) -> None:
    ran = run(where, "Date\n2024-02-01\n")
    assert ran.returncode == 2
    assert ran.stderr == (
        "--map: found fleet, expected a mapping that this ledger keeps. "
        "Add --kind to map it a first time.\n"
    )
