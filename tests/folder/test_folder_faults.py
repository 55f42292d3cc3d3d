"""Bad input: every fault is said at once, with file, line, field, and what to do."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from excomm.errors import Faults, InputError
from excomm.folder import check, read, read_text

NOW = datetime(2024, 1, 1, tzinfo=UTC)

CASE = """\
=== case.toml
id = "strait"
title = "Strait"
zone = "America/New_York"
opens = 1962-08-29
recorded = "as dated"
[markings]
levels = ["open", "secret"]
compartments = ["IMINT"]
[[parties]]
id = "USA"
name = "United States"
[[items]]
id = "MRBM"
name = "missiles"
unit = "missiles"
[[items]]
id = "007"
name = "crates"
unit = "crates"
[[sites]]
id = "SC"
name = "San Cristobal"
lat = 22.5
lon = -83
[[means]]
id = "U-2"
name = "U-2 flights"
"""


def faults_of(*sections: str, case: str = CASE) -> list[str]:
    with pytest.raises(Faults) as raised:
        read_text("\n".join((case.rstrip("\n"), *sections, "")), now=NOW)
    return [str(fault) for fault in raised.value.faults]


def counts(*rows: str) -> str:
    return "\n".join(("=== counts.csv", "id,occurred,recorded,item,number,low,high,site", *rows))


FORMS = "a day (1962-11-09), an instant with offset (1962-11-09T06:00-05:00) or an interval (a/b)"


# -- names -----------------------------------------------------------------------------------------


def test_an_unknown_item_and_site_are_named_with_the_nearest_that_is_known() -> None:
    assert faults_of(counts("C1,1962-11-09,,MRMB,4,,,XX")) == [
        "counts.csv:2: item: found MRMB, expected an item of the case (MRBM, 007). "
        "Did you mean MRBM?",
        "counts.csv:2: site: found XX, expected a site of the case (SC). "
        "Name it in [[sites]] of case.toml.",
    ]


def test_an_unknown_party_and_means_are_named() -> None:
    looks = "=== looks.csv\nid,occurred,means,outcome,refused_by\nL1,1962-11-09,u2,refused,CUBA"
    assert faults_of(looks) == [
        "looks.csv:2: means: found u2, expected a means of the case (U-2). Did you mean U-2?",
        "looks.csv:2: refused_by: found CUBA, expected a party of the case (USA). "
        "Name it in [[parties]] of case.toml.",
    ]


def test_an_unknown_outlet_report_and_undertaking_are_named() -> None:
    assert faults_of(
        "=== reports.csv",
        "id,occurred,allegation,outlet,would_break",
        "R1,1962-11-09,seen by night,NYT,CU-1",
        "=== checks.csv",
        "id,occurred,report,what",
        "K1,1962-11-09,R9,asked",
    ) == [
        "reports.csv:2: outlet: found NYT, expected an outlet of the case (the case has none).",
        "reports.csv:2: would_break: found CU-1, expected an undertaking of the case "
        "(the case has none). Undertakings stand in agreement.yaml.",
        "checks.csv:2: report: found R9, expected a report of the case (R1).",
    ]


def test_an_agreement_names_its_own_parties_and_undertakings() -> None:
    assert faults_of(
        "=== agreement.yaml",
        "id: letters",
        "parties: {USSR: Soviet Union}",
        "undertakings:",
        "  - {id: U1, by: USSR, modality: must, kind: achieve, what: remove, "
        "due: {P1D after: start of U9}, condition: {any: [{fulfilled: U2}, {accepted_by: CUBA}]}}",
        "events:",
        "  - {id: E1, date: 1962-11-09, kind: done, about: [U1, U3], party: unknown}",
    ) == [
        "agreement.yaml:4: due: found U9, expected an undertaking of the case (U1). "
        "Undertakings stand in agreement.yaml.",
        "agreement.yaml:4: condition: found U2, expected an undertaking of the case (U1). "
        "Undertakings stand in agreement.yaml.",
        "agreement.yaml:4: condition: found CUBA, expected a party of the case (USA, USSR). "
        "Name it in [[parties]] of case.toml.",
        "agreement.yaml:6: about: found U3, expected an undertaking, a directive or an offer of "
        "the case (U1). Undertakings stand in agreement.yaml.",
    ]


def test_an_assumption_about_an_item_that_the_case_does_not_have_is_a_fault() -> None:
    assert faults_of(
        "=== assumptions.csv",
        "name,low,best,high,author,basis",
        "MRM.stock,1,2,3,desk,a guess",
        "U-2.MRM.detection,0.1,0.2,0.3,desk,a guess",
    ) == [
        "assumptions.csv:2: name: found MRM, expected an item of the case (MRBM, 007). "
        "Did you mean MRBM?",
        "assumptions.csv:3: name: found MRM, expected an item of the case (MRBM, 007). "
        "Did you mean MRBM?",
    ]


def test_a_row_that_cannot_be_read_does_not_make_its_id_unknown() -> None:
    assert faults_of(
        "=== outlets.csv",
        "id,name,type",
        "herald,,press",
        "=== replies.csv",
        "id,occurred,outlet",
        "P1,1962-11-09,herald",
    ) == ["outlets.csv:2: name: found nothing, expected a value. Every row needs one."]


def test_a_file_that_cannot_be_read_does_not_make_its_names_unknown() -> None:
    assert faults_of(
        "=== outlets.csv",
        "id;name",
        "herald;Coast Herald",
        "=== replies.csv",
        "id,occurred,outlet",
        "P1,1962-11-09,herald",
    ) == [
        "outlets.csv:1: columns: found columns parted by semicolons, expected commas. "
        "Save the file again as CSV with commas (and points in numbers)."
    ]


# -- numbers -----------------------------------------------------------------------------------


def test_a_count_below_zero_is_a_fault() -> None:
    assert faults_of(counts("C1,1962-11-09,,MRBM,-4,,,")) == [
        "counts.csv:2: number: found -4, expected 0 or more. What is not known stays empty."
    ]


def test_a_fraction_of_a_whole_thing_is_a_fault() -> None:
    assert faults_of(counts("C1,1962-11-09,,MRBM,3.5,,,")) == [
        "counts.csv:2: number: found 3.5, expected whole missiles. "
        "If missiles can be parted, say whole = false of the item."
    ]


def test_low_above_high_and_a_number_outside_them_are_faults() -> None:
    assert faults_of(counts("C1,1962-11-09,,MRBM,,5,3,", "C2,1962-11-09,,MRBM,9,1,3,")) == [
        "counts.csv:2: low: found 5, expected no more than high (3). Swap them.",
        "counts.csv:3: number: found 9, expected high (3) or less. Correct one of the two.",
    ]


def test_a_probability_outside_0_to_1_and_a_range_out_of_order_are_faults() -> None:
    assert faults_of(
        "=== assumptions.csv",
        "name,low,best,high,author,basis",
        "MRBM.prob_retained,0.2,0.1,0.5,desk,a guess",
        "MRBM.exit.missed,0.2,5,0.5,desk,a guess",
    ) == [
        "assumptions.csv:2: best: found 0.2, 0.1, 0.5, expected low, best, high in rising order. "
        "Put them in order.",
        "assumptions.csv:3: best: found 5, expected 0 to 1. "
        "MRBM.exit.missed is a probability: 85 % is 0.85.",
    ]


def test_a_position_off_the_globe_and_half_a_position_are_faults() -> None:
    assert faults_of(case=CASE.replace("lat = 22.5", "lat = 225")) == [
        "case.toml:23: lat: found 225, expected -90 to 90. North is positive, south negative."
    ]
    assert faults_of(case=CASE.replace("lon = -83\n", "")) == [
        "case.toml:20: lon: found nothing, expected lat and lon together. Give both, or neither."
    ]


def test_a_share_above_1_is_a_fault() -> None:
    looks = "=== looks.csv\nid,occurred,means,outcome,coverage\nL1,1962-11-09,U-2,made,85"
    assert faults_of(looks) == [
        "looks.csv:2: coverage: found 85, expected 0 to 1. Write 85 % as 0.85."
    ]


# -- times -------------------------------------------------------------------------------------


def test_a_day_that_does_not_exist_is_a_fault() -> None:
    assert faults_of(counts("C1,1962-11-31,,MRBM,1,,,")) == [
        "counts.csv:2: occurred: found 1962-11-31, expected a day that exists."
    ]


def test_an_interval_that_ends_before_it_starts_is_a_fault() -> None:
    assert faults_of(counts("C1,1962-11-10/1962-11-09,,MRBM,1,,,")) == [
        "counts.csv:2: occurred: found 1962-11-10/1962-11-09, "
        "expected an interval that ends after it starts. Swap them."
    ]


def test_an_entry_dated_after_it_was_recorded_is_a_fault() -> None:
    assert faults_of(counts("C1,1962-11-09,1962-11-08,MRBM,1,,,")) == [
        "counts.csv:2: occurred: found 1962-11-09, "
        "expected no later than recorded (1962-11-08T05:00Z). "
        "What is to come is an undertaking, a plan or a deadline; else correct one of the two."
    ]


def test_a_row_dated_after_the_load_that_records_it_is_a_fault() -> None:
    case = CASE.replace("as dated", "on load")
    assert faults_of(counts("C1,2024-06-01,,MRBM,1,,,"), case=case) == [
        "counts.csv:2: occurred: found 2024-06-01, "
        "expected no later than recorded (2024-01-01T00:00Z). "
        "What is to come is an undertaking, a plan or a deadline; else correct one of the two."
    ]


def test_a_row_known_later_than_now_is_a_fault() -> None:
    assert faults_of(counts("C1,1962-11-09,2024-01-02,MRBM,1,,,")) == [
        "counts.csv:2: recorded: found 2024-01-02T05:00Z, "
        "expected at the latest now, 2024-01-01T00:00Z. "
        "Nothing can have been known later than it is read: mend the row or the clock."
    ]


def test_an_instant_without_an_offset_is_a_fault() -> None:
    assert faults_of(counts("C1,1962-11-09T10:00,,MRBM,1,,,")) == [
        "counts.csv:2: occurred: found 1962-11-09T10:00, expected a day (1962-11-09), an instant "
        "with offset (1962-11-09T06:00-05:00) or an interval (a/b). Add the offset, as in -05:00."
    ]


def test_a_year_that_no_zone_can_hold_is_a_fault() -> None:
    assert faults_of(counts("C1,0001-01-01,,MRBM,1,,,")) == [
        "counts.csv:2: occurred: found 0001-01-01, expected a year from 1000 to 9998."
    ]


def test_a_zone_that_does_not_exist_is_said_once() -> None:
    case = CASE.replace("America/New_York", "America/NewYork")
    assert faults_of(counts("C1,1962-11-09,,MRBM,1,,,"), case=case) == [
        "case.toml:3: zone: found America/NewYork, "
        "expected an IANA name (America/New_York) or an offset (-05:00)."
    ]


def test_an_agreement_in_another_zone_than_the_case_is_a_fault() -> None:
    assert faults_of("=== agreement.yaml", "id: letters", "title: L", "calendar: {zone: UTC}") == [
        "agreement.yaml:3: calendar.zone: found UTC, expected the case's zone, America/New_York. "
        "A case counts its days in one zone."
    ]


# -- columns, ids, words -------------------------------------------------------------------------


def test_an_unknown_column_is_told_with_the_nearest() -> None:
    table = "=== counts.csv\nid,date,itm,number\nC1,1962-11-09,MRBM,1"
    assert faults_of(table) == [
        "counts.csv:1: date: found an unknown name, expected a name that a count has. "
        "Did you mean occurred?",
        "counts.csv:1: itm: found an unknown name, expected a name that a count has. "
        "Did you mean item?",
        "counts.csv:2: occurred: found nothing, expected a value. Every row needs one.",
        "counts.csv:2: item: found nothing, expected a value. Every row needs one.",
    ]


def test_a_column_twice_is_a_fault() -> None:
    table = "=== lines.csv\nid,occurred,clause,clause\nA,1962-11-09,a,b"
    assert faults_of(table) == [
        "lines.csv:1: clause: found the column a second time, expected each column once. Join them."
    ]


def test_a_missing_column_is_said_of_each_row() -> None:
    assert faults_of("=== lines.csv\nid,occurred\nA,1962-11-09\nB,1962-11-10") == [
        "lines.csv:2: clause: found nothing, expected a value. Every row needs one.",
        "lines.csv:3: clause: found nothing, expected a value. Every row needs one.",
    ]


def test_an_empty_table_is_a_fault() -> None:
    assert faults_of("=== lines.csv") == [
        "lines.csv:1: columns: found nothing, expected a first row with names: id, occurred, "
        "recorded, by, source, standing, held_by, reading, marking, corrects, note, clause, to. "
        "Delete the file if there are no rows."
    ]


def test_an_id_twice_is_a_fault_in_one_file_and_across_files() -> None:
    lines = "=== lines.csv\nid,occurred,clause\nA,1962-11-09,a\nA,1962-11-10,b\nSC,1962-11-09,c"
    assert faults_of(lines) == [
        "lines.csv:3: id: found A, expected an id of its own: another line has this one. Give one "
        "of them another id. (A corrected row has its own id, and `corrects` names the old one.)",
        "lines.csv:4: id: found SC, expected an id of its own: a site has this one. "
        "Give one of them another id.",
    ]


def test_an_unknown_marking_word_is_refused() -> None:
    table = "=== lines.csv\nid,occurred,clause,marking"
    rows = "A,1962-11-09,a,secrt\nB,1962-11-09,b,secret//SIGINT\nC,1962-11-09,c,open//REL CUBA"
    remedy = "Markings stand in [markings] of case.toml."
    assert faults_of(f"{table}\n{rows}") == [
        f"lines.csv:2: marking: found secrt, "
        f"expected one of the case's levels: open, secret. {remedy}",
        f"lines.csv:3: marking: found SIGINT, "
        f"expected one of the case's compartments: IMINT. {remedy}",
        f"lines.csv:4: marking: found CUBA, expected one of the case's parties: USA. {remedy}",
    ]


def test_a_word_outside_its_set_is_told_with_the_nearest() -> None:
    looks = "=== looks.csv\nid,occurred,means,outcome\nL1,1962-11-09,U-2,maed"
    assert faults_of(looks) == [
        "looks.csv:2: outcome: found maed, "
        "expected one of made, failed, refused, aborted, authorized. Did you mean made?"
    ]


# -- corrections -----------------------------------------------------------------------------------


def test_a_correction_of_nothing_of_itself_or_of_no_one_is_a_fault() -> None:
    assert faults_of(
        "=== corrections.csv",
        "id,occurred,corrects,reason",
        "X1,1962-11-09,NOPE,a",
        "X2,1962-11-09,X2,b",
        "X3,1962-11-09,,c",
    ) == [
        "corrections.csv:2: corrects: found NOPE, expected the id of an entry of the case.",
        "corrections.csv:3: corrects: found X2, expected the id of another entry. "
        "A corrected row takes an id of its own.",
        "corrections.csv:4: corrects: found nothing, expected the id of what it withdraws. "
        "Name the entry.",
    ]


def test_two_corrections_of_one_entry_are_a_fault_unless_the_first_was_withdrawn() -> None:
    lines = (
        "=== lines.csv\nid,occurred,clause,corrects\n"
        "A,1962-11-09,a,\nB,1962-11-09,b,A\nC,1962-11-09,c,A"
    )
    assert faults_of(lines) == [
        "lines.csv:4: corrects: found A, "
        "expected one correction of each entry: B corrects it already. Correct B instead."
    ]
    withdrawn = "=== corrections.csv\nid,occurred,corrects,reason\nW,1962-11-10,B,a slip"
    assert len(read_text(f"{CASE}{lines}\n{withdrawn}\n", now=NOW).entries) == 10


def test_a_ring_of_corrections_is_told_once() -> None:
    lines = (
        "=== lines.csv\nid,occurred,clause,corrects\n"
        "A,1962-11-09,a,C\nB,1962-11-09,b,A\nC,1962-11-09,c,B"
    )
    assert faults_of(lines) == [
        "lines.csv:2: corrects: found A corrects C corrects B corrects A, "
        "expected corrections that end at an entry. Delete one `corrects` of the ring."
    ]


# -- files -------------------------------------------------------------------------------------


def case_at(path: Path, **files: bytes) -> Path:
    """A folder with the small case and other files; `looks_csv` is looks.csv."""
    path.mkdir()
    (path / "case.toml").write_text(CASE.partition("\n")[2], encoding="utf-8")
    for name, raw in files.items():
        (path / name.replace("_", ".")).write_bytes(raw)
    return path


def said_of(path: Path) -> list[str]:
    found = [str(fault) for fault in check(path)]
    if found:
        with pytest.raises(InputError) as raised:
            read(path, now=NOW)
        assert str(raised.value) == "\n".join(found)
    return found


def test_no_folder_a_file_and_a_folder_without_a_case_are_faults(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    assert said_of(gone) == [
        f"{gone}: found nothing, expected a case folder. excomm new makes one to start from."
    ]
    (file := tmp_path / "file").write_text("x", encoding="utf-8")
    assert said_of(file) == [
        f"{file}: found a file, expected a case folder. excomm new makes one to start from."
    ]
    (empty := tmp_path / "empty").mkdir()
    assert said_of(empty) == [
        "case.toml: found nothing, expected a file with id, title, zone, opens, parties, items, "
        "sites and means. excomm new makes a folder to start from."
    ]


def test_a_wrong_encoding_names_byte_and_line(tmp_path: Path) -> None:
    head = b"id,occurred,clause\nA,1962-11-09,a\n"
    path = case_at(tmp_path / "case", lines_csv=head + "B,1962-11-09,caf\xe9".encode("cp1252"))
    assert said_of(path) == [
        "lines.csv:3: text: found byte 0xE9 (byte 17 of the line), expected UTF-8. "
        "It looks like Windows-1252 (\xe9): save the file again as UTF-8."
    ]


def test_utf_16_and_a_binary_file_are_told(tmp_path: Path) -> None:
    path = case_at(
        tmp_path / "case", lines_csv="id,occurred".encode("utf-16"), looks_csv=b"id\x00,\x01\n"
    )
    assert said_of(path) == [
        "lines.csv:1: text: found UTF-16, expected UTF-8. Save the file again as UTF-8.",
        "looks.csv:1: text: found a NUL byte (byte 3 of the line), expected text in UTF-8. "
        "This is a binary file or UTF-16: save it again as UTF-8 text.",
    ]


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    rows = b"\xef\xbb\xbfid,occurred,clause\r\nA,1962-11-09,a\r\n,,\r\n"
    path = case_at(tmp_path / "case", lines_csv=rows)
    assert said_of(path) == []
    assert read(path, now=NOW).entries[-1].id == "A"


def test_a_line_of_200_mb_is_refused_without_reading_it_whole(tmp_path: Path) -> None:
    path = case_at(tmp_path / "case")
    with (path / "lines.csv").open("wb") as stream:
        stream.write(b"id,occurred,clause\n")
        stream.truncate(200_000_000)
    assert said_of(path) == [
        "lines.csv:2: text: found a line of more than 1 MiB, expected lines up to 1 MiB. "
        "Is this a text file? Then break the line."
    ]


def test_a_folder_where_a_file_should_be_is_told(tmp_path: Path) -> None:
    path = case_at(tmp_path / "case")
    (path / "looks.csv").mkdir()
    assert said_of(path) == ["looks.csv: found no ordinary file, expected a file that can be read."]


def test_files_that_would_not_be_read_are_told_and_others_left_alone(tmp_path: Path) -> None:
    path = case_at(tmp_path / "case", look_csv=b"", looks_xlsx=b"", sites_csv=b"", README_md=b"")
    assert said_of(path) == [
        "look.csv: found an unknown file, expected a file of the form. Did you mean looks.csv?",
        "looks.xlsx: found an office file, expected CSV in UTF-8. "
        "Save it as looks.csv, or move it elsewhere.",
        "sites.csv: found a table, expected [[sites]] in case.toml. Move its rows there.",
    ]


def test_minutes_need_their_text_and_their_header() -> None:
    assert faults_of("=== minutes/a.txt", "Hi", "=== minutes/b.toml", "occurred=1962-11-12") == [
        "minutes/a.toml: found nothing, expected a file beside minutes/a.txt. "
        "Give it meeting, occurred (the instant) and source.",
        "minutes/b.txt: found nothing, expected a file beside minutes/b.toml. "
        "Put the text there, or delete the other.",
    ]


def test_minutes_that_were_altered_after_their_digest_was_taken_are_told() -> None:
    (said,) = faults_of(
        "=== minutes/a.toml",
        "occurred = 1962-11-12",
        f'sha256 = "{"0" * 64}"',
        "=== minutes/a.txt",
        "Hi",
    )
    assert re.fullmatch(
        r"minutes/a\.toml:2: sha256: found 0{64} and 3 bytes, expected those of the text, "
        r"[0-9a-f]{64} and 3\. The text was changed: put it back as it was, or take in the changed "
        r"one as new\.",
        said,
    )


def test_a_text_without_file_names_and_a_file_twice_are_faults() -> None:
    for text, said in (
        ("hello", "line 1: found hello, expected a line === case.toml. Name each file so."),
        (
            "=== lines.csv\n=== lines.csv\n",
            "=== lines.csv: found the file a second time, expected each file once. Join them.",
        ),
    ):
        with pytest.raises(InputError) as raised:
            read_text(text, now=NOW)
        assert str(raised.value) == said


# -- case.toml -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            'title = "Strait"',
            "title = Strait",
            "case.toml:2: text: found Invalid value, expected TOML. "
            "Text stands in quotes, a day as 1962-11-09.",
        ),
        (
            "1962-08-29",
            '"1962"',
            f"case.toml:4: opens: found 1962, expected {FORMS}.",
        ),
        (
            '"as dated"',
            '"dated"',
            'case.toml:5: recorded: found dated, expected "as dated" or "on load".',
        ),
        (
            "[[means]]",
            "[[mean]]",
            "case.toml:25: case: found the key mean, expected one of markings, scale, wording, "
            "words, reports, header, parties, items, sites, means. Did you mean means?",
        ),
        (
            'unit = "missiles"',
            'units = "missiles"',
            "case.toml:15: units: found an unknown name, expected a name that an item has. "
            "Did you mean unit?",
        ),
        (
            'levels = ["open", "secret"]',
            "levels = " + "[" * 2000,
            "case.toml: text: found values nested too deeply, expected a few levels.",
        ),
    ],
)
def test_a_fault_of_case_toml_names_its_line(old: str, new: str, said: str) -> None:
    assert said in faults_of(case=CASE.replace(old, new))
