"""Files of findings and reports: matched whole, grouped, written; faults told by line."""

import json
from collections.abc import Iterable
from pathlib import Path

import pytest

from excomm.errors import EnvironmentFault, Faults
from excomm.reports import Gazetteer, Parser, Report, match_files, read_earlier, read_reports
from excomm.reports.suggesting import suggestions

EARLIER = [
    ("F1", "tnk", "out", "Porto Verde", 9.1, -40.2, 9, 12, "12 T-54 tanks were taken out of"),
    ("F2", "tnk", "out", "Alta Mira", 9.4, -41.7, 9, 12, "12 T-54 tanks were taken out of"),
    ("F3", "aa", "up", "Castelo", 8.2, -38.1, 8, 6, "6 SA-2 missiles are being set up near"),
]
NEW = [
    ("R1", "1971-05-10T08:00Z", "A dozen battle tanks left Porto Verde yesterday."),
    ("R2", "1971-05-11T08:00+02:00", "Armoured vehicles were hauled off from Porto Verde on 9 May"),
    ("R3", "1971-05-09", "Three helicopters were seen near Castelo (08/05)."),
    ("R4", "1971-05-12T08:00Z", "They say 3 choppers were seen at Castelo on 8 May!"),
    ("R5", "1971-05-12T09:00Z", "They say 3 choppers were seen at Castelo on 8 May!"),
    ("R6", "1971-05-12T09:00Z", ""),
]


def lines(rows: Iterable[tuple[str, str, str]]) -> str:
    keys = ("id", "published", "text")
    return "".join(json.dumps(dict(zip(keys, row, strict=True))) + "\n" for row in rows)


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    path = tmp_path / "findings.jsonl"
    keys = ("id", "item", "action", "place", "lat", "lon", "date", "count", "text")
    with path.open("w") as file:
        for *row, day, count, said in EARLIER:
            text = f"{said} {row[3]} on {day} May 1971."
            row.extend((f"1971-05-{day:02}", count, text))
            file.write(json.dumps(dict(zip(keys, row, strict=True))) + "\n\n")
    return path


def new(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "reports.jsonl"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_run_names_candidates_and_none_on_top_where_a_report_is_new(
    tmp_path: Path, earlier: Path
) -> None:
    found = match_files(earlier, new(tmp_path, lines(NEW)))
    found.write_run(tmp_path / "run.tsv")
    top: dict[str, str] = {}
    for line in (tmp_path / "run.tsv").read_text().splitlines():
        report, finding, score = line.split("\t")
        float(score)
        top.setdefault(report, finding)
    assert top == {"R1": "F1", "R2": "F1", "R3": "NONE", "R4": "NONE", "R5": "NONE"}


def test_repeats_are_grouped_under_the_report_that_came_first(
    tmp_path: Path, earlier: Path
) -> None:
    found = match_files(earlier, new(tmp_path, lines(NEW)))
    found.write_repeats(tmp_path / "groups.tsv")
    assert (tmp_path / "groups.tsv").read_text() == (
        "R1\tR1\nR2\tR1\nR3\tR3\nR4\tR3\nR5\tR3\nR6\tR6\n"
    )


def test_neither_the_order_of_a_file_nor_a_second_run_changes_a_byte(
    tmp_path: Path, earlier: Path
) -> None:
    there = match_files(earlier, new(tmp_path, lines(NEW)))
    again = match_files(earlier, new(tmp_path, lines(NEW)))
    assert again.to_json() == there.to_json()
    back = match_files(earlier, new(tmp_path, lines(NEW[::-1])))
    assert sorted(back.run().splitlines()) == sorted(there.run().splitlines())
    assert back.repeats == there.repeats


def test_a_report_without_a_date_joins_no_two_allegations_that_differ_in_theirs(
    tmp_path: Path, earlier: Path
) -> None:
    rows = [
        ("A", "1971-05-05", "Ten helicopters were seen near Castelo on 1 May."),
        ("B", "1971-05-05", "Ten helicopters were seen near Castelo on 4 May."),
        ("C", "1971-05-05", "Ten helicopters were seen near Castelo."),
    ]
    groups = match_files(earlier, new(tmp_path, lines(rows))).repeats
    assert groups["A"] != groups["B"]


def test_copies_in_british_and_american_spelling_are_near_copies() -> None:
    told = (
        "Odd things were seen in the harbour of Nowhere by those who colour maps",
        "Odd things were seen in the harbor of Nowhere by those who color maps",
    )
    posts = [Report(id=f"R{at}", text=text) for at, text in enumerate(told)]
    parser = Parser(Gazetteer([]))
    (pair,) = suggestions(posts, [parser.parse(post) for post in posts], {})
    assert (pair.report, pair.of, pair.why) == ("R1", "R0", "nearly the same words")


def test_the_same_line_twice_is_one_report(tmp_path: Path) -> None:
    line = '{"id": "R1", "text": "Ten tanks left."}\n'
    assert len(read_reports(new(tmp_path, line + line))) == 1


def test_every_fault_of_a_file_is_told_with_its_line(tmp_path: Path) -> None:
    text = (
        b'{"id": "R1", "text": "Ten tanks left."}\n'
        b'{"id": "R1", "text": "Others."}\n'
        b'{"id": "R2", "text": "caf\xe9"}\n'
        b'{"id": "R3", "text": \n'
        b"[1]\n"
        b'{"text": "no id"}\n'
        b'{"id": "R 4", "text": "x"}\n'
        b'{"id": "R5", "published": "12 May 1971"}\n'
        b'{"id": "R6", "published": "1971-05-12T08:00"}\n'
        b'{"id": "R7", "text": 5}\n'
    )
    path = new(tmp_path, text)
    with pytest.raises(Faults) as fault:
        read_reports(path)
    assert [str(f).removeprefix(f"{path}:") for f in fault.value.faults] == [
        "2: id: found R1, expected an id of its own (line 1 has it). Give each its own.",
        "3: found byte 0xe9, expected text in UTF-8."
        " Convert the file, from Windows-1252 for example.",
        '4: line: found {"id": "R3", "text":, expected one JSON object.'
        " Mend it: Input data was truncated.",
        "5: line: found [1], expected one JSON object. Write {...} on one line.",
        "6: id: found nothing, expected an id without spaces. Write letters, digits, - and _.",
        "7: id: found R 4, expected an id without spaces. Write letters, digits, - and _.",
        "8: published: found 12 May 1971, expected a day (1962-11-09) or an instant with offset"
        " (1962-11-09T06:00-05:00).",
        "9: published: found 1971-05-12T08:00, expected a day (1962-11-09) or an instant with"
        " offset (1962-11-09T06:00-05:00). Add the offset, as in -05:00.",
        "10: text: found 5, expected a text. Put it between quotation marks.",
    ]


def test_findings_off_the_map_or_with_an_impossible_number_are_refused(tmp_path: Path) -> None:
    path = new(
        tmp_path,
        '{"id": "F1", "item": "tnk", "lat": 91, "lon": 0}\n'
        '{"id": "F2", "item": "tnk", "lat": 0, "lon": 181}\n'
        '{"id": "F3", "item": "tnk", "count": -1}\n'
        '{"id": "F4", "item": "tnk", "date": "1971-02-30"}\n'
        '{"id": "F5"}\n'
        '{"id": "F6", "item": "tnk", "count": 0}\n',
    )
    with pytest.raises(Faults) as fault:
        read_earlier(path)
    assert [str(f).removeprefix(f"{path}:") for f in fault.value.faults] == [
        "1: lat: found 91, expected degrees from -90 to 90. North and east are positive.",
        "2: lon: found 181, expected degrees from -180 to 180. North and east are positive.",
        "3: count: found -1, expected a whole number, 0 or more. Leave it out if not known.",
        "4: date: found 1971-02-30, expected a day that exists.",
        "5: text: found nothing, expected a text or an item. Say what was alleged.",
    ]


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault) as fault:
        read_reports(tmp_path / "gone.jsonl")
    assert str(fault.value).endswith("gone.jsonl: No such file or directory. Name a readable file.")


def test_a_run_that_cannot_be_written_is_said(tmp_path: Path, earlier: Path) -> None:
    found = match_files(earlier, new(tmp_path, lines(NEW)))
    with pytest.raises(EnvironmentFault, match="Name a file that can be written"):
        found.write_run(tmp_path / "no" / "run.tsv")
