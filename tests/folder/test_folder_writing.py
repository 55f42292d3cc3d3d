"""A folder as it is written: all or nothing, only what differs, one row a line."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from excomm.entries import Entry, from_bytes, to_bytes
from excomm.entries.kinds import Agreement, Count
from excomm.errors import InputError
from excomm.folder import changes, check, new, read, read_text, write
from excomm.folder.writing import as_files
from excomm.ledger import create

NOW = datetime(2025, 1, 1, tzinfo=UTC)

CASE = """
=== case.toml
id = "strait"
title = "Strait"
zone = "America/New_York"
opens = 1962-08-29
recorded = "as dated"
[[parties]]
id = "USSR"
name = "Soviet Union"
[[items]]
id = "IL-28"
name = "bombers"
unit = "aircraft"
=== agreement.yaml
id: letters
title: Letters
parties: {USSR: Soviet Union}
undertakings:
  - {id: U1, by: USSR, modality: must, kind: achieve, what: remove them, due: {P30D after: 1962-11-20}}
events:
  - {id: E1, date: 1962-11-20, kind: accepted, party: USSR, about: U1, assurance: established}
=== counts.csv
id,occurred,recorded,item,number,note
C1,1962-11-09,,IL-28,4,"seen at once, in the open"
C2,1962-11-10,1962-11-12T09:00-05:00,IL-28,3.0,
"""  # noqa: E501


def entries() -> tuple[Entry, ...]:
    return read_text(CASE, now=NOW).entries


def test_only_the_columns_used_are_written_one_row_a_line() -> None:
    files = {name: raw.decode() for name, raw in as_files(entries()).items()}
    assert list(files) == ["case.toml", "agreement.yaml", "counts.csv"]
    assert files["counts.csv"] == (
        "id,occurred,recorded,item,number,note\n"
        'C1,1962-11-09,,IL-28,4,"seen at once, in the open"\n'
        "C2,1962-11-10,1962-11-12T14:00Z,IL-28,3.0,\n"
    )
    assert files["agreement.yaml"] == (
        "id: letters\n"
        "title: Letters\n"
        "parties: {USSR: Soviet Union}\n"
        "undertakings:\n"
        "  - {id: U1, by: USSR, modality: must, kind: achieve, what: remove them, "
        "due: {P30D after: 1962-11-20}}\n"
        "events:\n"
        "  - {id: E1, date: 1962-11-20, kind: accepted, party: USSR, about: [U1], "
        "assurance: established}\n"
    )
    assert files["case.toml"] == (
        'id = "strait"\ntitle = "Strait"\nzone = "America/New_York"\nopens = 1962-08-29\n'
        'recorded = "as dated"\n'
        '\n[[parties]]\nid = "USSR"\nname = "Soviet Union"\n'
        '\n[[items]]\nid = "IL-28"\nname = "bombers"\nunit = "aircraft"\n'
    )


def test_every_time_is_written_where_most_rows_were_entered_at_work() -> None:
    live = [
        msgspec.structs.replace(one, recorded=NOW) if isinstance(one.body, Count) else one
        for one in entries()
    ]
    files = as_files(live)
    assert b'recorded = "on load"' in files["case.toml"]
    assert files["counts.csv"].count(b",2025-01-01T00:00Z,") == 2


def test_equal_entries_give_equal_files_whatever_the_order_of_a_map() -> None:
    turned = [from_bytes(to_bytes(one)) for one in entries()]
    parties = "parties: {USSR: Soviet Union, CUBA: Cuba}"
    both = read_text(CASE.replace("parties: {USSR: Soviet Union}", parties), now=NOW).entries
    assert as_files(turned) == as_files(entries())
    assert b"parties: {CUBA: Cuba, USSR: Soviet Union}\n" in as_files(both)["agreement.yaml"]


def test_what_a_ledger_adds_is_not_written() -> None:
    kept = [
        msgspec.structs.replace(one, seq=number, appended=NOW)
        for number, one in enumerate(entries(), 1)
    ]
    assert as_files(kept) == as_files(entries())


def test_a_folder_is_not_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "mine.txt").write_text("mine", encoding="utf-8")
    for make in (lambda place: write(entries(), place), new):
        with pytest.raises(InputError) as raised:
            make(tmp_path / "case")
        assert str(raised.value) == (
            f"{tmp_path / 'case'}: found a folder with files in it, "
            "expected a new or an empty folder. Choose another place."
        )
    assert [one.name for one in tmp_path.rglob("*")] == ["case", "mine.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    write(entries(), tmp_path / "case")
    assert read(tmp_path / "case", now=NOW).entries == entries()
    assert [one.name for one in tmp_path.iterdir()] == ["case"]


def test_a_place_that_cannot_be_written_is_told_and_left_alone(tmp_path: Path) -> None:
    (file := tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError) as raised:
        write(entries(), file / "case")
    assert str(raised.value).startswith(f"{file / 'case'}: found ")
    assert str(raised.value).endswith(
        ", expected a folder that can be made. Choose a place that you may write to."
    )
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes anywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    (closed := tmp_path / "closed").mkdir(mode=0o555)
    with pytest.raises(InputError) as raised:
        write(entries(), closed / "case")
    assert "found permission denied" in str(raised.value)
    assert list(closed.iterdir()) == []


def test_entries_that_break_the_rules_are_not_written(tmp_path: Path) -> None:
    broken = [
        msgspec.structs.replace(one, body=msgspec.structs.replace(one.body, number=-1))
        if isinstance(one.body, Count)
        else one
        for one in entries()
    ]
    with pytest.raises(InputError) as raised:
        write(broken, tmp_path / "case")
    remedy = "expected 0 or more. What is not known stays empty."
    assert str(raised.value) == (
        f"counts.csv:2: number: found -1, {remedy}\ncounts.csv:3: number: found -1, {remedy}"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_party_of_an_agreement_that_is_no_entry_is_told(tmp_path: Path) -> None:
    without = [one for one in entries() if one.id != "USSR"]
    with pytest.raises(InputError) as raised:
        write(without, tmp_path / "case")
    assert str(raised.value) == (
        "USSR: found a name of an agreement without an entry, "
        "expected an entry for every party and item."
    )


def test_entries_without_a_case_are_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        write(entries()[1:], tmp_path / "case")
    assert str(raised.value) == (
        "entries: found no case header, expected a case's entries, its header among them."
    )


def test_a_corrected_agreement_has_a_file_of_its_own() -> None:
    (agreement,) = (one for one in entries() if isinstance(one.body, Agreement))
    assert isinstance(agreement.body, Agreement)
    changed = msgspec.structs.replace(
        agreement,
        id="letters.2",
        corrects=agreement.id,
        body=msgspec.structs.replace(agreement.body, title="The letters"),
    )
    files = as_files([*entries(), changed])
    assert files["agreement-2.yaml"].decode() == (
        "id: letters.2\ntitle: The letters\nparties: {USSR: Soviet Union}\ncorrects: letters\n"
    )


def test_the_case_to_start_from_has_no_fault(tmp_path: Path) -> None:
    new(tmp_path / "first")
    assert check(tmp_path / "first") == ()
    folder = read(tmp_path / "first", now=NOW)
    assert folder.header.opens == date(2024, 3, 1)
    kinds = {entry.kind for entry in folder.entries}
    assert {"agreement", "undertaking", "event", "look", "count", "attachment"} <= kinds
    write(folder.entries, tmp_path / "second")
    assert read(tmp_path / "second", now=NOW).digest == folder.digest


def test_a_folder_goes_through_a_ledger_without_loss(tmp_path: Path) -> None:
    new(tmp_path / "case")
    folder = read(tmp_path / "case", now=NOW)
    ledger = create(tmp_path / "case.ledger")
    ledger.append(changes(ledger.read(), folder.entries, now=NOW).entries, now=NOW)
    assert changes(ledger.read(), folder.entries, now=NOW + timedelta(days=1)).entries == ()
    write(ledger.read(), tmp_path / "exported")
    assert read(tmp_path / "exported", now=NOW).digest == folder.digest
