"""Review: the doubtful first, a person's word kept, and what it makes of the next reading."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from excomm.case import Case
from excomm.errors import InputError
from excomm.record import Person, Record, read
from excomm.record.review import Disposed, disposed, pending, proposed, refused
from excomm.record.sidecar import append_sidecar, read_sidecar, sidecar_of

TEXT = """Record of Action, May 4, 1970, 10 a.m.

The President asked that a report be pre-
pared by Friday. Mr. Bell suggested that the ships be counted. General Pike asked the Navy to
send a boat.
"""


def _word(record: Record, verdict: str, at: int = 0, **fields: str) -> Disposed:
    one = proposed(record)[at]
    return Disposed(part=one.part, id=one.id, verdict=verdict, fields=fields)  # type: ignore[arg-type]


def test_the_doubtful_come_first_and_say_why() -> None:
    shown = [(one.part, one.confidence, one.why) for one in proposed(read(TEXT))]
    assert shown == [
        ("directive", 0.35, "suggested, not ordered; nobody is named"),
        ("directive", 0.75, "nobody is named"),
        ("directive", 0.9, ""),
        ("repair", 0.95, "word broken at a line end"),
    ]


def test_a_rejected_repair_stays_refused_however_often_the_text_is_read() -> None:
    record = read(TEXT)
    assert "be prepared by" in record.text
    said = (_word(record, "rejected", at=3),)
    again = read(f"A line above.\n\n{TEXT}", refused=refused(said))
    assert again.repairs == ()
    assert "pre-\npared" in again.text


def test_a_rejected_directive_is_none_and_an_edited_one_is_as_the_person_left_it() -> None:
    record = read(TEXT)
    said = (_word(record, "rejected"), _word(record, "edited", at=1, to="Treasury"))
    left = disposed(record, said).directives
    assert [(one.to, one.due) for one in left] == [("Treasury", "by Friday"), ("Navy", "")]
    assert len(pending(record, said)) == len(proposed(record)) - 2


def test_the_last_word_on_a_thing_holds() -> None:
    record = read(TEXT)
    said = (_word(record, "rejected"), _word(record, "accepted"))
    assert disposed(record, said).directives == record.directives


def test_a_time_put_in_by_hand_is_not_worked_out_again() -> None:
    record = read(TEXT)
    left = disposed(record, (_word(record, "edited", at=1, due="by Monday"),)).directives[0]
    assert (left.due, left.due_at, left.due_reason) == ("by Monday", None, "put in by hand")


def test_two_people_of_one_surname_are_asked_about_and_the_answer_is_kept() -> None:
    record = read("Mr. Bell said no.", [Person(name="Ann Bell"), Person(name="John Bell")])
    (one,) = proposed(record)
    assert (one.part, one.why) == ("statement", "Bell: Ann Bell or John Bell")
    left = disposed(record, (_word(record, "edited", speaker="Ann Bell"),)).statements[0]
    assert (left.speaker, left.doubt) == ("Ann Bell", "")


def test_the_sidecar_is_only_added_to_and_refuses_another_text(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text(TEXT)
    said = _word(read(TEXT), "accepted")
    append_sidecar(file, TEXT, said)
    append_sidecar(file, TEXT, said)
    assert read_sidecar(file, TEXT) == (said, said)
    with pytest.raises(InputError) as refused_:
        read_sidecar(file, f"{TEXT} changed")
    assert str(refused_.value) == (
        f"{sidecar_of(file)}:1: sha256: found that of another text, expected the digest of one.txt."
        " Somebody has changed the minutes: restore them, or move the review away."
    )
    with sidecar_of(file).open("a") as out:
        out.write("{}\n")
    with pytest.raises(InputError, match=r"one\.txt\.review\.jsonl:4: found "):
        read_sidecar(file, TEXT)


def _review(keys: str, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "excomm.cli", "record", "review", *args]
    return subprocess.run(command, input=keys, capture_output=True, text=True, check=False)


def test_keys_accept_edit_and_reject_and_the_next_reading_knows(tmp_path: Path) -> None:
    file = tmp_path / "one.txt"
    file.write_text(TEXT)
    ran = _review("r\ne\n\nTreasury\n\nq\n", str(file))
    assert (ran.returncode, ran.stderr) == (1, f"{file}: 2 left to look at.\n")
    assert "1 of 4 readings: directive, sure to 0.35" in ran.stdout
    shown = subprocess.run(
        [sys.executable, "-m", "excomm.cli", "record", "read", str(file), "--json"],
        capture_output=True,
        check=True,
    )
    found = msgspec.json.decode(shown.stdout)["directives"]
    assert [one["to"] for one in found] == ["Treasury", "Navy"]
    assert _review("a\na\n", str(file)).returncode == 0
    assert _review("", str(file)).stdout == f"{file}: everything read has been looked at.\n"


def test_a_confirmed_directive_is_an_entry_with_its_clock(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    (folder / "minutes").mkdir(parents=True)
    (folder / "case.toml").write_text(
        'id = "c"\ntitle = "C"\nzone = "America/New_York"\nopens = 1970-01-01\n'
        'recorded = "as dated"\n'
    )
    (folder / "minutes/one.txt").write_text(TEXT)
    (folder / "minutes/one.toml").write_text(
        'meeting = "Meeting 1"\noccurred = 1970-05-04T10:00:00-04:00\nsource = "one"\n'
        'marking = "secret"\n'
    )
    ledger = str(tmp_path / "c.ledger")
    subprocess.run(
        [sys.executable, "-m", "excomm.cli", "load", str(folder), "--into", ledger],
        check=True,
        capture_output=True,
    )
    assert _review("a\n", str(folder)).stderr.startswith(f"CASE: found {folder}, expected a ledger")
    assert _review("a\n", ledger).stderr.startswith("--by: found nothing, expected who disposes")
    assert _review("r\na\nq\n", ledger, "--by", "A. Desk").returncode == 1
    view = Case.open(ledger).on("2100-01-01")
    kinds = [entry.kind for entry in view.log if entry.by == "A. Desk"]
    assert kinds == ["disposal", "directive", "disposal"]
    entry = next(one for one in view.log if one.kind == "directive")
    assert (entry.marking, entry.source) == ("secret", "Meeting 1")
    assert str(getattr(entry.body, "due", "")) == "1970-05-08T23:59:59.999999-04:00"
    assert len(view.records()[0][1].directives) == 2
    again = _review("r\n", ledger, "--by", "A. Desk")
    assert "of 2 readings" in again.stdout  # what was disposed of is not asked about again
