"""The commands of terms, whole way: what they print, draw and write, and their exit status."""

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

CARGO = """\
id: port-2030
title: The port of Piraeus
parties: {CARR: the carrier, MIS: the inspection mission}
calendar: {zone: Europe/Athens}
items: {crate: {unit: crates}}
undertakings:
  - {id: P-1, by: CARR, to: [MIS], modality: must, kind: achieve, what: land the declared crates,
     starts: 2030-05-01, due: 2030-05-15, quantity: {item: crate, number: 42, unit: crates},
     verification: [tally at the quay]}
  - {id: P-2, by: MIS, to: [CARR], modality: must, kind: achieve, what: release the ship,
     condition: {fulfilled: P-1}, due: {PT48H after: condition}, verification: [harbour log]}
packages:
  - {id: FIRST, by: MIS, to: [CARR], undertakings: [P-1, P-2], if_rejected: the ship stays}
  - {id: PAPER, by: CARR, to: [MIS], text: a paper that is not in the record}
events:
  - {id: E1, date: 2030-05-06, kind: count, party: MIS, about: [P-1], assurance: established,
     value: {item: crate, total: 38}}
"""


@pytest.fixture
def agreement(tmp_path: Path) -> Path:
    path = tmp_path / "port.yaml"
    path.write_text(CARGO)
    return path


def terms(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "excomm.cli", "terms", *map(str, args)],
        capture_output=True,
        text=True,
        check=False,
    )


def test_states_and_findings_are_said_in_the_institutions_words_by_language(
    agreement: Path, tmp_path: Path
) -> None:
    case = tmp_path / "case"
    case.mkdir()
    text = agreement.read_text().replace("2030", "2020").replace("PT48H", "P2D")
    (case / "agreement.yaml").write_text(text)
    (case / "case.toml").write_text(IN_ITS_WORDS)
    said = terms("status", case, "--on", "2020-05-10").stdout
    assert "P-2  not yet open  Waits for P-1 to be fulfilled." in said
    as_data = json.loads(terms("status", case, "--on", "2020-05-10", "--json").stdout)
    assert as_data["P-2"]["state"] == "pending"
    assert terms("check", case).stdout.startswith("P-2: counting_open_to_doubt: P-2: P2D after")
    assert terms("check", case, "--lang", "fr").stdout.startswith("P-2: à fixer: P-2: P2D after")


IN_ITS_WORDS = """\
id = "port"
title = "Port"
zone = "Europe/Athens"
opens = 2020-05-01
recorded = "as dated"

[[words]]
of = "pending"
say = "not yet open"

[[words]]
of = "counting_open_to_doubt"
say = "à fixer"
lang = "fr"
"""


def test_offers_stand_side_by_side_and_what_is_not_said_is_unknown(agreement: Path) -> None:
    ran = terms("compare", agreement, "--on", "2030-05-10", "--json")
    first, paper = json.loads(ran.stdout)
    assert [(step["turn"], step["undertaking"]) for step in first["steps"]] == [
        (1, "P-1"),
        (2, "P-2"),
    ]
    assert first["steps"][0]["verified_by"] == "tally at the quay"
    assert first["steps"][0]["risk"] == (
        "the carrier has acted before the inspection mission does (P-2)"
    )
    assert (paper["steps"], paper["if_rejected"]) == ([], "")
    said = terms("compare", agreement, "FIRST", "PAPER", "--on", "2030-05-10").stdout
    assert said.splitlines()[0] == "The port of Piraeus"
    assert said.splitlines()[1].split() == ["FIRST", "PAPER"]
    order = next(line for line in said.splitlines() if line.startswith("who does what"))
    assert order.rstrip().endswith("unknown")


def test_an_offer_that_nobody_made_is_refused_with_the_nearest(agreement: Path) -> None:
    ran = terms("compare", agreement, "FIRTS", "--on", "2030-05-10")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.strip() == (
        "offers: found FIRTS, expected an offer of the case (FIRST, PAPER). Did you mean FIRST?"
    )


def test_the_picture_is_one_file_with_its_own_words(agreement: Path, tmp_path: Path) -> None:
    out = tmp_path / "port.svg"
    ran = terms("picture", agreement, "--on", "2030-05-10", "--out", out)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    root = ElementTree.fromstring(out.read_text())
    described = root.find("{http://www.w3.org/2000/svg}desc")
    assert described is not None
    assert described.text == (
        "The port of Piraeus on 10 May 2030. P-1, the carrier: land the declared crates: due, due"
        " 15 May 2030. P-2, the inspection mission: release the ship: pending; waits for P-1."
    )


def test_a_picture_that_cannot_be_written_leaves_nothing_behind(
    agreement: Path, tmp_path: Path
) -> None:
    ran = terms("picture", agreement, "--on", "2030-05-10", "--out", tmp_path / "none" / "f.svg")
    assert ran.returncode == 2
    assert "Name another place." in ran.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["port.yaml"]


def test_the_deadlines_are_a_calendar(agreement: Path) -> None:
    ran = terms("calendar", agreement, "--on", "2030-05-10")
    lines = ran.stdout.split("\n")
    assert "UID:P-1.deadline@port-2030" in lines
    assert "DTSTART;VALUE=DATE:20300515" in lines
    assert lines.count("BEGIN:VEVENT") == 1


def test_the_least_that_would_make_it_due_is_found_or_the_answer_is_no(agreement: Path) -> None:
    ran = terms("least", agreement, "P-2", "due", "--on", "2030-05-10")
    assert (ran.returncode, ran.stdout) == (
        0,
        "P-2 would be due if CARR were seen to have performed P-1.\n",
    )
    ran = terms("least", agreement, "P-2", "suspended", "--on", "2030-05-10")
    assert ran.returncode == 1
    assert ran.stderr == "P-2: nothing on its path would make it suspended.\n"
    ran = terms("least", agreement, "P-2", "owed", "--on", "2030-05-10")
    assert ran.returncode == 2
    assert ran.stderr.startswith("STATE: found owed, expected one of pending, in_force, due,")


def test_a_changed_text_says_only_what_it_says_otherwise(agreement: Path, tmp_path: Path) -> None:
    later = tmp_path / "later.yaml"
    later.write_text(CARGO.replace("due: 2030-05-15", "due: 2030-05-20"))
    ran = terms("say", later, "--against", agreement)
    assert ran.stdout == (
        "Changed, P-1:\n- It must be done by 15 May 2030.\n+ It must be done by 20 May 2030.\n"
    )
    assert terms("say", later, "--against", later).stdout == "The two say the same.\n"


def test_an_explanation_is_data_words_and_a_drawing(agreement: Path, tmp_path: Path) -> None:
    out = tmp_path / "why.svg"
    ran = terms("explain", agreement, "P-2", "--on", "2030-05-10", "--json", "--picture", out)
    assert json.loads(ran.stdout)["path"] == ["P-1"]
    groups = ElementTree.fromstring(out.read_text()).findall("{http://www.w3.org/2000/svg}g")
    assert len(groups) == 2


def test_what_if_prints_what_status_prints_where_nothing_moves(tmp_path: Path) -> None:
    suppose = tmp_path / "storm.json"
    suppose.write_text('[{"kind": "incident", "what": "a storm"}]')
    ran = terms("what-if", "cuba-1962", "--suppose", suppose, "--on", "1962-12-31", "--json")
    assert ran.stderr == ""
    status = terms("status", "cuba-1962", "--on", "1962-12-31", "--json")
    assert json.loads(ran.stdout) == json.loads(status.stdout)
    assert any(one["assurance"] for one in json.loads(ran.stdout).values())


def test_the_sites_not_seen_in_time_are_the_answer_no() -> None:
    asked = ("seen", "cuba-1962", "--on", "1962-11-12")
    ran = terms(*asked, "--within", "7", "--json")
    found = json.loads(ran.stdout)
    assert (ran.returncode, ran.stderr) == (0, "")
    by_site = {one["site"]: (one["last"], one["state"]) for one in found["sites"]}
    assert by_site["san-cristobal-1"] == ("1962-11-05", "in time")
    late = terms(*asked, "--within", "5")
    assert late.returncode == 1
    assert "overdue" in late.stdout and "sites not seen in time." in late.stderr
