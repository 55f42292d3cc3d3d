"""Somebody's own sheet: read safely, mapped once, sent again without doubling anything."""

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from excomm import folder, ledger
from excomm.entries import Entry
from excomm.entries.kinds import Count, Look
from excomm.errors import Faults, InputError
from excomm.interchange.cells import as_it_was, harmless
from excomm.interchange.mapping import SheetMap, guessed, with_changes
from excomm.interchange.sheet import Sheet, read_pasted, read_sheet
from excomm.interchange.taking import Plan, plan, rejects_csv, saved_map, take

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "America/New_York"
opens = 2024-01-01
recorded = "as dated"
parties = [{id = "A", name = "Side A"}, {id = "B", name = "Side B"}]
items = [{id = "boats", name = "patrol boats", unit = "boats"}]
means = [{id = "visit", name = "visit"}]
[[sites]]
id = "port"
name = "The Old Port"
aliases = ["Puerto Viejo"]
[[sites]]
id = "isle"
name = "Isle"
"""
SHEET = """Date;Ship;Boats;Port;Remarks
2024-03-01;Maria;3;the old port;seen from the pier
2024-03-02;Elena;2;Puerto Viejo;
"""
COUNTS = SheetMap(
    "ships",
    "count",
    {"Date": "occurred", "Ship": "carrier", "Boats": "number", "Port": "site", "Remarks": "what"},
    fixed={"item": "boats", "by": "A"},
)


@pytest.fixture
def where(tmp_path: Path) -> Path:
    path = tmp_path / "small.ledger"
    ledger.create(path, folder.read_text(CASE, now=NOW).entries, now=NOW)
    return path


def planned(where: Path, text: str, mapping: SheetMap = COUNTS) -> Plan:
    return plan(read_pasted(text), mapping, tuple(ledger.open_ledger(where).read()), now=NOW)


def taken(where: Path, text: str, mapping: SheetMap = COUNTS) -> Plan:
    opened = ledger.open_ledger(where)
    made = planned(where, text, mapping)
    assert not made.faults, [str(fault) for fault in made.faults]
    take(opened, made, onto=opened.head(), now=NOW)
    return made


def counts(where: Path) -> list[Entry]:
    return [one for one in ledger.open_ledger(where).read() if isinstance(one.body, Count)]


def test_rows_become_entries_and_names_become_ids(where: Path) -> None:
    made = taken(where, SHEET)
    assert (len(made.added), len(made.changed), made.unchanged) == (2, 0, 0)
    first, second = counts(where)
    assert first.body == Count(
        item="boats", number=3, site="port", carrier="Maria", what="seen from the pier"
    )
    assert isinstance(second.body, Count) and second.body.site == "port"
    assert (first.by, first.standing, first.reading) == ("A", "claimed", "unverified")


def test_the_same_sheet_sent_again_adds_nothing(where: Path) -> None:
    taken(where, SHEET)
    before = where.read_bytes()
    again = taken(where, SHEET)
    assert again.entries == () and again.unchanged == 2
    assert where.read_bytes() == before


def test_a_grown_sheet_adds_its_rows_and_changed_ones_come_as_corrections(where: Path) -> None:
    taken(where, SHEET)
    grown = SHEET.replace("Maria;3", "Maria;4") + "2024-03-03;Rosa;1;Isle;\n"
    made = planned(where, grown)
    assert [line for line, _ in made.added] == [4]
    (change,) = made.changed
    assert (change.line, change.fields) == (2, (("number", "3", "4"),))
    taken(where, grown)
    by_id = {one.id: one for one in counts(where)}
    correction = by_id[change.entry.id]
    assert correction.corrects == change.of and correction.body.number == 4  # type: ignore[union-attr]
    assert taken(where, grown).entries == ()
    # And changed back again: what stands is what the sheet says.
    taken(where, SHEET + "2024-03-03;Rosa;1;Isle;\n")
    assert [one.body.number for one in counts(where)] == [3, 2, 1, 4, 3]  # type: ignore[union-attr]


def test_rows_in_another_order_and_a_column_more_are_the_same_rows(where: Path) -> None:
    taken(where, SHEET)
    turned = "Ship;Weather;Date;Boats;Port;Remarks\nElena;fog;2024-03-02;2;Puerto Viejo;\n"
    made = planned(where, turned)
    assert (made.entries, made.unchanged, len(made.missing)) == ((), 1, 1)


def test_a_mapping_is_kept_in_the_ledger_and_used_by_its_name(where: Path) -> None:
    taken(where, SHEET)
    kept = saved_map(ledger.open_ledger(where).read(), "ships")
    assert kept == COUNTS
    taken(where, SHEET, with_changes(COUNTS, {"Remarks": ""}, {}, ()))
    changed = saved_map(ledger.open_ledger(where).read(), "ships")
    assert changed is not None and "Remarks" not in changed.columns


def test_every_fault_is_told_by_row_and_column_and_the_sound_rows_can_go_on(where: Path) -> None:
    text = SHEET + "2024-03-04;Ana;2,5;The Old Port;\n31/03/2024;Eva;1;Atlantis;\n"
    made = planned(where, text)
    assert [(fault.line, fault.column) for fault in made.faults] == [
        (4, "Boats"), (5, "Date"), (5, "Port"),
    ]  # fmt: skip
    assert str(made.faults[0]).startswith("row 4: Boats: found 2,5, expected a number.")
    assert len(made.added) == 2
    rejects = rejects_csv(read_pasted(text), made)
    assert "Ana" in rejects and "Maria" not in rejects and "what is wrong" in rejects


def test_two_rows_with_one_key_are_both_turned_away(where: Path) -> None:
    made = planned(where, SHEET + "2024-03-01;Maria;9;the old port;\n")
    assert [fault.line for fault in made.faults] == [2, 4]
    assert "the same as in row 4" in str(made.faults[0])
    assert "Name a further column" in str(made.faults[0])


def test_dates_and_figures_are_read_as_the_mapping_says(where: Path) -> None:
    import msgspec

    text = "Date;Ship;Boats\n09/11/2023 14:30;Maria;1.200\n"
    columns = {"Date": "occurred", "Ship": "carrier", "Boats": "number"}
    written = msgspec.structs.replace(COUNTS, columns=columns, dates="month first", comma=True)
    day_first = msgspec.structs.replace(written, dates="day first")
    for mapping, month in ((written, 9), (day_first, 11)):
        made = planned(where, text, mapping)
        assert not made.faults
        entry = made.added[0][1]
        assert entry.occurred.at.month == month and entry.occurred.at.hour == 14  # type: ignore[union-attr]
        assert str(entry.occurred).endswith("-04:00" if month == 9 else "-05:00")
        assert entry.body.number == 1200  # type: ignore[union-attr]


def test_a_look_takes_several_sites_by_their_names(where: Path) -> None:
    mapping = SheetMap(
        "flights",
        "look",
        {"Date": "occurred", "Sites": "sites", "Result": "outcome"},
        fixed={"means": "visit"},
    )
    made = planned(where, "Date\tSites\tResult\n2024-03-01\tIsle; puerto viejo\tMade\n", mapping)
    assert not made.faults
    body = made.added[0][1].body
    assert isinstance(body, Look) and body.sites == ("isle", "port") and body.outcome == "made"


def test_a_mapping_that_does_not_fit_says_all_that_is_wrong(where: Path) -> None:
    bad = with_changes(COUNTS, {"Dat": "ocurred", "Ship": "number"}, {"site": "port"}, ("Row",))
    with pytest.raises(Faults) as caught:
        planned(where, SHEET, bad)
    told = str(caught.value)
    for each in (
        "pasted: column: found Dat, expected one of Date, Ship, Boats, Port, Remarks.",
        "column Dat: found ocurred, expected a field of a count. Did you mean occurred?",
        "field number: found said twice",
        "field site: found said twice",
        "key: found Row",
    ):
        assert each in told


def test_columns_are_guessed_by_their_names_alone() -> None:
    found = guessed(read_pasted("Date,Vessel,Qty,Location,Notes,Crew\n"), "count", "x")
    assert found.columns == {
        "Date": "occurred",
        "Vessel": "carrier",
        "Qty": "number",
        "Location": "site",
        "Notes": "what",
    }


# -- what is read ----------------------------------------------------------------------------------


def workbook(*rows: list[Any]) -> io.BytesIO:
    book = Workbook()
    assert book.active is not None
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    out.seek(0)
    return out


def test_a_workbook_gives_the_texts_that_a_table_has() -> None:
    found = read_sheet(
        workbook(
            ["Date", "Boats", "Seen", None],
            [datetime(2024, 3, 1), 3.0, True, None],  # noqa: DTZ001 - a sheet has none
            [datetime(2024, 3, 1, 14, 5), 2.5, None, None],  # noqa: DTZ001
        ),
        "ships.xlsx",
    )
    assert found.columns == ("Date", "Boats", "Seen")
    assert [row.cells for row in found.rows] == [
        ("2024-03-01", "3", "yes"), ("2024-03-01 14:05", "2.5", ""),
    ]  # fmt: skip


def test_a_formula_is_never_computed_and_one_without_value_is_a_fault() -> None:
    with pytest.raises(Faults, match=r"x.xlsx: A2: found a formula without its value"):
        read_sheet(workbook(["Boats"], ["=1+1"]), "x.xlsx")


def zipped(name: str, body: bytes) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, body)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    ("file", "told"),
    [
        (zipped("xl/worksheets/sheet1.xml", b"<a>" + b" " * (30 << 20) + b"</a>"), "expands"),
        (zipped("xl/media/image.bin", b"\0" * (30 << 20)), "expands beyond all measure"),
        (
            zipped("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'),
            "XML declares entities",
        ),
        (
            zipped("xl/workbook.xml", '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16")),
            "XML declares entities",
        ),
        (zipped("xl/workbook.xml", b"<x"), "XML that is none"),
        (zipped("nothing.txt", b""), "a workbook that cannot be read"),
        (io.BytesIO(b"PK\x03\x04broken"), "a damaged or locked workbook"),
        (io.BytesIO(b"\xd0\xcf\x11\xe0" + b"\0" * 600), "an old workbook (XLS)"),
        (io.BytesIO(b""), "no cell with anything in it"),
        (io.BytesIO("Größe;1".encode("latin-1")), "Windows-1252"),
        (io.BytesIO(b'a,b\n"1,2\n'), "unexpected end of data"),
        (io.BytesIO(b"a,b\n1,2,3\n"), "column C"),
        (io.BytesIO(b",".join(b"c" for _ in range(201))), "201 columns"),
    ],
)
def test_what_is_no_sheet_or_a_bomb_is_refused(file: io.BytesIO, told: str) -> None:
    with pytest.raises(InputError) as caught:
        read_sheet(file, "sheet")
    assert told in str(caught.value)


cell = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")))


@given(st.lists(st.lists(cell, min_size=3, max_size=3), max_size=6))
def test_a_sheet_written_as_csv_is_read_as_the_same(rows: list[list[str]]) -> None:
    from excomm.interchange.sheet import SheetRow

    cleaned = [[as_it_was(one.strip()) for one in row] for row in rows]
    sheet = Sheet(
        "pasted",
        ("a", "b", "c"),
        tuple(SheetRow(n, tuple(row)) for n, row in enumerate(cleaned, 2) if any(row)),
    )
    back = read_pasted(sheet.to_csv())
    assert [r.line for r in back.rows] == [r.line for r in sheet.rows]
    assert [[as_it_was(c) for c in r.cells] for r in back.rows] == [
        [as_it_was(c) for c in r.cells] for r in sheet.rows
    ]


@given(st.text())
def test_a_cell_that_left_harmless_comes_back_as_it_was(text: str) -> None:
    assert as_it_was(harmless(text)) == text or text.startswith("'")
    assert not harmless(text).lstrip().startswith(("=", "+", "-", "@"))
