"""Loading goes on without the rows that are at fault; they are kept, told, and can be put back."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from excomm.errors import Faults
from excomm.folder import read, read_rest
from excomm.ledger import open_ledger

NOW = datetime(2024, 2, 1, tzinfo=UTC)
CASE = """\
id = "strait"
title = "Strait"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "Port"}]
means = [{id = "eye", name = "eye"}]
"""
COUNTS = """\
# counted from the quay
id,occurred,item,number,site,note
c1,2024-01-02,boats,3,port,
c2,2024-01-03,boats,many,port,"a note
of two lines

and a blank one"
c3,2024-01-04,boats,4,harbour,

c4,2024-01-05,boats,5,port,"sound, of
two lines"
c5,2024-01-06,boats
"""
CORRECTIONS = """\
id,occurred,corrects,reason
k1,2024-01-07,c2,miscounted
k2,2024-01-07,c1,miscounted
"""
TOLD = (
    "counts.csv:4: number: found many, expected a number.",
    "counts.csv:8: site: found harbour, expected a site of the case (port). "
    "Name it in [[sites]] of case.toml.",
    "counts.csv:12: row: found 3 cells, expected 6, as in the first row. "
    "Write the commas of empty cells too.",
    "corrections.csv:2: corrects: found c2, expected the id of an entry of the case.",
)
SET_ASIDE = f"""\
=== counts.csv
# {TOLD[0]}
# {TOLD[1]}
# {TOLD[2]}
id,occurred,item,number,site,note
c2,2024-01-03,boats,many,port,"a note
of two lines

and a blank one"
c3,2024-01-04,boats,4,harbour,
c5,2024-01-06,boats
=== corrections.csv
# {TOLD[3]}
id,occurred,corrects,reason
k1,2024-01-07,c2,miscounted
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    folder = tmp_path / "case"
    folder.mkdir()
    for name, text in (
        ("case.toml", CASE),
        ("counts.csv", COUNTS),
        ("corrections.csv", CORRECTIONS),
    ):
        (folder / name).write_text(text, encoding="utf8")
    return folder


def load(*call: str | Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "excomm.cli", "load", *map(str, call)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_rows_at_fault_and_those_that_name_them_are_set_aside(case: Path) -> None:
    with pytest.raises(Faults):
        read(case, now=NOW)
    found = read_rest(case, now=NOW)
    assert [entry.id for entry in found.folder.entries[5:]] == ["c1", "c4", "k2"]
    assert found.text == SET_ASIDE
    assert (found.rows, len(found.faults)) == (4, 4)
    note = next(one.note for one in found.folder.entries if one.id == "c4")
    assert note == "sound, of\ntwo lines"


def test_a_folder_without_fault_is_read_as_ever(case: Path) -> None:
    (case / "counts.csv").write_text("id,occurred,item,number\nc1,2024-01-02,boats,3\n", "utf8")
    (case / "corrections.csv").unlink()
    found = read_rest(case, now=NOW)
    assert (found.folder, found.rows, found.text) == (read(case, now=NOW), 0, "")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("case.toml", CASE.replace('"UTC"', '"Mars"'), "case.toml:3: zone: found Mars"),
        ("counts.csv", "id,occurred,items\n", "counts.csv:1: items: found"),
        ("counts.csv", 'id,occurred\nc1,"2024', "counts.csv:2: row: found a quote"),
        ("counts.csv", "id\nc\0", "counts.csv:2: text: found a NUL byte"),
        ("count.csv", "id\n", "count.csv: found an unknown file"),
    ],
)
def test_what_is_no_row_of_a_table_refuses_everything(
    case: Path, name: str, text: str, said: str
) -> None:
    (case / name).write_text(text, encoding="utf8")
    with pytest.raises(Faults) as refused:
        read_rest(case, now=NOW)
    assert any(str(fault).startswith(said) for fault in refused.value.faults)


def test_the_rest_is_loaded_and_the_rejects_stand_beside_the_folder(
    case: Path, tmp_path: Path
) -> None:
    ledger, aside = tmp_path / "case.ledger", tmp_path / "case.rejects"
    assert load(case, "--into", ledger).returncode == 2
    assert not ledger.exists()
    ran = load(case, "--into", ledger, "--keep-going")
    assert ran.returncode == 1
    assert ran.stdout.startswith(f"{ledger}: 8 entries loaded, head ")
    assert ran.stderr.splitlines() == [*TOLD, f"{aside}: 4 rows set aside. Mend and load again."]
    assert aside.read_text(encoding="utf8") == SET_ASIDE
    # Again, with the same faults: nothing is added, nothing is written over.
    ran = load(case, "--into", ledger, "--keep-going")
    assert (ran.returncode, "0 entries added, 0 corrections" in ran.stdout) == (1, True)
    # With others, what was set aside before is not lost.
    with (case / "counts.csv").open("a", encoding="utf8") as file:
        file.write("c6\n")
    ran = load(case, "--into", ledger, "--keep-going")
    assert ran.returncode == 2
    assert ran.stderr == (
        f"{aside}: found what an earlier load set aside, expected a free place. Mend those rows, "
        "then move the file away; or name another place with --rejects.\n"
    )
    assert load(case, "--into", ledger, "--keep-going", "--rejects", tmp_path / "b").returncode == 1
    assert open_ledger(ledger).head().size == 8
    # Mended, they come in.
    mended = COUNTS.replace("many", "7").replace("harbour", "port")
    mended = mended.replace("c5,2024-01-06,boats\n", "c5,2024-01-06,boats,1,port,\n")
    (case / "counts.csv").write_text(mended, encoding="utf8")
    ran = load(case, "--into", ledger)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "4 entries added" in ran.stdout
    assert open_ledger(ledger).verify().holds


def test_nothing_is_set_aside_where_the_ledger_refuses_the_rest(case: Path, tmp_path: Path) -> None:
    ran = load(case, "--into", tmp_path / "no" / "case.ledger", "--keep-going")
    assert ran.returncode == 2
    assert "no such folder" in ran.stderr
    assert not (tmp_path / "case.rejects").exists()
    ran = load(case, "--into", tmp_path / "a.ledger", "--rejects", tmp_path / "b")
    assert (ran.returncode, "nothing without --keep-going" in ran.stderr) == (2, True)
