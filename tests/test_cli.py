"""The command line, whole way: a real process, its output, its exit status."""

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest


def excomm(*args: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "excomm.cli", *map(str, args)],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONWARNINGS": "error"},
    )


def shell(
    command: str, *, before: str = "", cwd: Path | None = None
) -> subprocess.CompletedProcess[str]:
    """The command with the redirections of a shell."""
    return subprocess.run(
        ["bash", "-c", f"{before} {sys.executable} -m excomm.cli {command}"],
        capture_output=True,
        check=False,
        cwd=cwd,
        encoding="utf8",
    )


def done(*args: str | Path) -> str:
    ran = excomm(*args)
    assert (ran.returncode, ran.stderr) == (0, "")
    return ran.stdout


def refused(*args: str | Path, status: int = 2) -> str:
    ran = excomm(*args)
    assert ran.returncode == status, ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr
    return ran.stderr


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    done("new", tmp_path / "case")
    return tmp_path / "case"


def append(table: Path, *rows: str) -> None:
    with table.open("a", encoding="utf8") as file:
        file.writelines(f"{row}\n" for row in rows)


def test_the_brief_of_a_shipped_case_names_its_day_and_head() -> None:
    page = done("brief", "cuba-1962", "--on", "1962-11-12")
    assert "12 November 1962" in page
    assert "\x1b" not in page


def test_without_a_day_the_shipped_case_shows_the_day_it_is_known_for() -> None:
    assert "Monday 12 November 1962" in done("brief", "cuba-1962")


def test_an_instant_reads_as_that_instant() -> None:
    page = done("brief", "cuba-1962", "--on", "1962-11-20T12:00-05:00")
    assert "Tuesday 20 November 1962, 12:00" in page


@pytest.mark.parametrize("form", ["html", "pdf", "json"])
def test_the_brief_leaves_in_every_form(form: str, tmp_path: Path) -> None:
    out = tmp_path / f"brief.{form}"
    done("brief", "cuba-1962", "--on", "1962-11-12", "--format", form, "--out", out)
    starts = {"html": b"<!doctype html>", "pdf": b"%PDF-", "json": b"{"}
    assert out.read_bytes().lower().startswith(starts[form].lower())
    if form == "json":
        json.loads(out.read_bytes())


def test_folder_ledger_and_folder_again_give_the_same_brief(tmp_path: Path) -> None:
    first, ledger, second = tmp_path / "a", tmp_path / "a.ledger", tmp_path / "b"
    done("export", "cuba-1962", first)
    done("load", first, "--into", ledger)
    done("export", ledger, second)
    assert done("check", second).endswith("no fault.\n")
    assert _tree(first) == _tree(second)
    pages = [done("brief", case, "--on", "1962-11-12") for case in (first, second)]
    assert pages[0] == pages[1]


def test_loading_again_adds_nothing_and_a_changed_row_becomes_a_correction(
    starter: Path, tmp_path: Path
) -> None:
    ledger = tmp_path / "case.ledger"
    done("load", starter, "--into", ledger)
    again = done("load", starter, "--into", ledger)
    assert "0 entries added, 0 corrections" in again
    size = int(done("head", ledger).split()[1])
    outlets = starter / "case.toml"
    text = outlets.read_text(encoding="utf8")
    changed = text.replace('name = "', 'name = "The ', 1)
    assert changed != text
    outlets.write_text(changed, encoding="utf8")
    assert "0 entries added, 1 correction," in done("load", starter, "--into", ledger)
    assert int(done("head", ledger).split()[1]) == size + 1
    assert "verified" in done("verify", ledger)


def test_a_starter_case_checks_and_gives_a_brief(starter: Path) -> None:
    assert done("check", starter).endswith("no fault.\n")
    assert len(done("brief", starter).splitlines()) > 20


def test_verify_finds_a_cut_tail_when_heads_were_held(starter: Path, tmp_path: Path) -> None:
    ledger, heads = tmp_path / "case.ledger", tmp_path / "heads"
    done("load", starter, "--into", ledger)
    copy = tmp_path / "copy.ledger"
    done("ledger", "backup", ledger, copy)
    table = next(starter.glob("case.toml"))
    text = table.read_text(encoding="utf8")
    table.write_text(text.replace('name = "', 'name = "The ', 1), encoding="utf8")
    done("load", starter, "--into", ledger)
    heads.write_text(done("head", ledger), encoding="utf8")
    assert "verified" in done("verify", ledger, "--heads", heads)
    told = refused("verify", copy, "--heads", heads, status=1)
    assert "is missing: the ledger ends here, the held head at" in told


def test_an_unknown_case_is_told_with_the_shipped_names() -> None:
    told = refused("brief", "berlin-1961", "--on", "1961-08-13")
    assert told.startswith("CASE: found berlin-1961, expected")
    assert "cuba-1962" in told


def test_a_day_that_does_not_exist_is_told() -> None:
    assert refused("brief", "cuba-1962", "--on", "1962-02-30") == (
        "--on: found 1962-02-30, expected a day that exists. Write 1962-11-12.\n"
    )


def test_a_faulty_folder_lands_nothing(starter: Path, tmp_path: Path) -> None:
    counts = next(starter.glob("counts.csv"))
    append(counts, "bad-1,2024-01-01" + "," * 40)
    ledger = tmp_path / "case.ledger"
    told = refused("load", starter, "--into", ledger)
    assert "counts.csv:" in told
    assert not ledger.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["case"]


def test_check_tells_what_load_would_refuse(starter: Path) -> None:
    append(starter / "lines.csv", "id,occurred,recorded,clause", "L-9,2024-01-01,2999-01-01,later")
    told = refused("check", starter)
    assert "lines.csv:2: recorded: found 2999-01-01T00:00Z, expected at the latest now" in told


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path) -> None:
    other = tmp_path / "x.ledger"
    other.write_bytes(b"not a ledger\n" * 100)
    told = refused("brief", other, "--on", "1962-11-12")
    assert "x.ledger" in told
    assert other.read_bytes() == b"not a ledger\n" * 100


def test_a_read_only_place_is_told_and_left_empty(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        # Root may write anywhere; a file where a folder is needed stops even root.
        (tmp_path / "shut").write_text("", encoding="utf8")
    else:
        (tmp_path / "shut").mkdir()
        (tmp_path / "shut").chmod(stat.S_IRUSR | stat.S_IXUSR)
    refused("load", "cuba-1962", "--into", tmp_path / "shut" / "a.ledger")
    refused("export", "cuba-1962", tmp_path / "shut" / "folder")


def test_minutes_are_read_into_json_with_offsets_of_the_raw_file(tmp_path: Path) -> None:
    raw = tmp_path / "minutes.txt"
    raw.write_text(
        "Summary Record of Meeting No. 3, May 4, 2020, 10:00 a.m.\n\n"
        "The Chairman asked whether the port had been seen. Mr. Adams replied that it had not. "
        "The Chairman directed that within twenty-four hours Mr. Adams report on it.\n",
        encoding="utf8",
    )
    found = json.loads(done("record", "read", raw, "--json"))
    text = raw.read_text(encoding="utf8")
    assert {"statements", "directives", "questions", "repairs", "text"} <= set(found)
    for statement in found["statements"]:
        assert 0 <= statement["start"] < statement["end"] <= len(text)
    (directive,) = found["directives"]
    assert directive["due"] == "within twenty-four hours"


def test_the_status_of_an_agreement_file_alone(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(
        "id: small\ntitle: Small\nparties: {A: Aland, B: Bland}\n"
        "calendar: {zone: UTC}\nundertakings:\n"
        "  - {id: S-1, by: A, to: [B], modality: must, kind: achieve, what: leave,\n"
        "     starts: 2020-01-01, due: 2020-02-01}\n"
        "events:\n"
        "  - {id: E1, date: 2020-01-20, kind: done, party: A, about: [S-1], "
        "assurance: established}\n",
        encoding="utf8",
    )
    found = json.loads(done("terms", "status", file, "--on", "2020-01-25", "--json"))
    assert found["S-1"]["state"] == "fulfilled"
    assert found["S-1"]["decides"] == ["E1"]


SMALL = """\
id: small
title: Small
parties: {A: Aland, B: Bland}
calendar: {zone: UTC}
undertakings:
  - {id: S-1, by: A, to: [B], modality: must, kind: achieve, what: leave,
     starts: 2020-01-01, due: 2020-02-01, verification: [on-site inspection]}
  - {id: S-2, by: B, to: [A], modality: must, kind: achieve, what: lift the blockade,
     condition: {fulfilled: S-1}, due: 2020-01-15, verification: [publication]}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf8")
    return tmp_path / "small.yaml"


def test_an_agreement_is_checked_before_anything_happens(small: Path) -> None:
    ran = excomm("terms", "check", small, "--json")
    assert ran.returncode == 1
    found = json.loads(ran.stdout)
    assert {"check", "on", "path", "says"} == set(found[0])
    assert ("deadline_before_condition", ["S-2"]) in [(f["check"], f["on"]) for f in found]


def test_an_agreement_is_said_in_english_and_a_state_explained(small: Path) -> None:
    assert "Aland" in done("terms", "say", small)
    assert "S-2" in done("terms", "explain", small, "S-2", "--on", "2020-01-10")


def test_supposed_events_move_states_and_are_not_kept(small: Path, tmp_path: Path) -> None:
    events = tmp_path / "suppose.json"
    events.write_text('[{"kind": "done", "party": "A", "about": ["S-1"]}]', encoding="utf8")
    day = ("--on", "2020-01-10")
    supposed = json.loads(done("terms", "what-if", small, *day, "--suppose", events, "--json"))
    assert (supposed["S-1"]["state"], supposed["S-2"]["state"]) == ("fulfilled", "due")
    real = json.loads(done("terms", "status", small, *day, "--json"))
    assert (real["S-1"]["state"], real["S-2"]["state"]) == ("in_force", "pending")


def test_a_plan_of_looks_prints_its_bound_and_nothing_else(tmp_path: Path) -> None:
    problem = tmp_path / "gap.json"
    problem.write_text(
        '{"id": "g", "kind": "equal_sites", "n_sites": 3, "looks_per_day": 1, "window_days": 2,'
        ' "detect": 0.6}',
        encoding="utf8",
    )
    ran = excomm("watch", "plan", problem, "--json")
    assert ran.returncode == 0, ran.stderr
    assert {"value", "bound", "gap"} <= set(json.loads(ran.stdout))


def test_reports_are_matched_file_against_file(tmp_path: Path) -> None:
    findings, new = tmp_path / "findings.jsonl", tmp_path / "reports.jsonl"
    findings.write_text(
        '{"id": "F1", "text": "Four rockets unloaded at Mariel on 3 May 2020", "item": "rockets",'
        ' "place": "Mariel", "lat": 23.0, "lon": -82.75, "date": "2020-05-03", "count": 4}\n',
        encoding="utf8",
    )
    new.write_text(
        '{"id": "R1", "text": "A neighbour saw four rockets come ashore at Mariel on May 3",'
        ' "kind": "refugee", "outlet": "radio", "published": "2020-05-04"}\n',
        encoding="utf8",
    )
    run = tmp_path / "run.tsv"
    ran = excomm("reports", "match", "--earlier", findings, "--new", new, "--run", run)
    assert ran.returncode == 0, ran.stderr
    assert run.read_text(encoding="utf8").startswith("R1\tF1\t")


def test_assurance_of_an_item_leads_with_the_joint_figure() -> None:
    found = json.loads(done("assurance", "cuba-1962", "missiles", "--on", "1962-11-12", "--json"))
    joint = found["prob_none_left_nor_back"]
    assert 0 <= joint["low"] <= joint["best"] <= joint["high"] < 1


def test_a_pipe_that_closes_early_is_no_error() -> None:
    ran = subprocess.run(
        f"{sys.executable} -m excomm.cli brief cuba-1962 | head -1",
        shell=True,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stderr == ""


@pytest.mark.parametrize("form", ["text", "json", "pdf"])
def test_a_full_disk_is_told_and_leaves_no_half_of_a_page(form: str, tmp_path: Path) -> None:
    ran = shell(f"brief cuba-1962 --format {form} > /dev/full")
    assert (ran.returncode, ran.stderr) == (
        3,
        "standard output: no space left on device. "
        "Check the name, who may read it, and whether there is room.\n",
    )
    ran = shell(f"brief cuba-1962 --format {form} --out page", before="ulimit -f 1;", cwd=tmp_path)
    assert ran.returncode == 2
    assert ran.stderr.startswith("--out: found page, expected a file that can be written.")
    assert list(tmp_path.iterdir()) == []


def test_streams_that_the_caller_closed_take_nothing_and_stop_nothing(tmp_path: Path) -> None:
    ran = shell("load cuba-1962 --into a.ledger <&- >&- 2>&-", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
    assert "verified" in done("verify", tmp_path / "a.ledger")
    # What should have gone to the one is not said on the other.
    ran = shell("check nowhere 2>&-", cwd=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "", "")
    assert shell("check nowhere 2>/dev/full", cwd=tmp_path).returncode == 2
    assert shell("brief cuba-1962 >&-").returncode == 0


def test_without_a_locale_everything_is_utf_8(tmp_path: Path) -> None:
    bare = "env -i LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0"
    ran = shell("new Zürich–1962", before=bare, cwd=tmp_path)
    assert ran.stdout.startswith("Zürich–1962: a case to edit.")
    for command in ("check Zürich–1962", "load Zürich–1962 --into Zürich.ledger"):
        ran = shell(command, before=bare, cwd=tmp_path)
        assert (ran.returncode, ran.stderr) == (0, "")
    ran = shell("check Genf–", before=bare, cwd=tmp_path)
    assert ran.stderr.startswith("Genf–: found nothing, expected a case folder.")
    pages = [shell("terms status cuba-1962", before=before).stdout for before in ("", bare)]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "0999-12-31T00:00Z"])
def test_a_day_outside_the_years_of_a_case_is_told(day: str) -> None:
    for option in ("--on", "--known-by"):
        told = refused("brief", "cuba-1962", option, day)
        assert told == f"{option}: found {day}, expected a year from 1000 to 9998.\n"


@pytest.mark.parametrize(
    ("clearance", "found", "expected"),
    [
        ("cosmic", "cosmic", "one of the case's levels: open, restricted, secret"),
        ("secret//REL MARS", "MARS", "a party of the case after REL"),
    ],
)
def test_a_clearance_that_the_case_does_not_know_is_told(
    clearance: str, found: str, expected: str
) -> None:
    told = refused("brief", "cuba-1962", "--cleared", clearance)
    assert told == f"--cleared: found {found}, expected {expected}.\n"
    assert "view: secret//REL USA" in done("brief", "cuba-1962", "--cleared", "secret//REL USA")


def test_a_name_that_no_file_can_have_is_told() -> None:
    told = refused("brief", "x" * 5000, status=3)
    assert "file name too long. Check the name" in told


def test_a_folder_that_may_not_be_read_is_the_machines_fault(starter: Path) -> None:
    (starter / "minutes").rename(starter.parent / "shut")
    shut = starter.parent / "shut"
    shut.chmod(0)
    try:
        if os.access(shut, os.R_OK):
            pytest.skip("root reads everything")
        for command in (("check", shut), ("brief", shut)):
            told = refused(*command, status=3)
            assert told == f"{shut}: cannot be read: Permission denied. Check who may read it.\n"
    finally:
        shut.chmod(0o700)


def test_an_agreement_cut_short_after_the_name_of_a_section_is_told(starter: Path) -> None:
    file = starter / "agreement.yaml"
    text = file.read_text(encoding="utf8")
    file.write_text(text[: text.index("events:") + 7], encoding="utf8")
    assert (
        ": events: found nothing, expected a list: - {id: ..., ...}. Was the file cut short?"
        in (refused("check", starter))
    )


def test_a_folder_of_minutes_that_holds_itself_is_read_once(starter: Path) -> None:
    (starter / "minutes" / "minutes").symlink_to(starter / "minutes")
    assert done("check", starter).endswith("no fault.\n")


def test_the_product_works_from_another_folder_without_the_checkout(tmp_path: Path) -> None:
    assert shutil.which("git")  # the set-up names it where it is missing
    ran = excomm("brief", "cuba-1962", "--on", "1962-11-12", cwd=tmp_path)
    assert ran.returncode == 0
    assert list(tmp_path.iterdir()) == []


def _tree(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
