"""Minutes of a case folder: two files that claim to be one record are named, and both kept."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from excomm import cli
from excomm.case import Case
from excomm.entries.kinds import Attachment

HEAD = 'meeting = "M 1"\noccurred = 1970-05-04T10:00:00-04:00\n'
SAID = "The President asked that a report be prepared."
OTHER = "The President asked that two reports be prepared."


def _folder(where: Path, **minutes: tuple[str, str]) -> Path:
    made = where / "case"
    (made / "minutes").mkdir(parents=True)
    (made / "case.toml").write_text(
        'id = "c"\ntitle = "C"\nzone = "America/New_York"\n'
        'opens = 1970-01-01\nrecorded = "as dated"\n'
    )
    for name, (text, more) in minutes.items():
        (made / f"minutes/{name}.txt").write_bytes(text.encode())
        (made / f"minutes/{name}.toml").write_text(HEAD + more)
    return made


@pytest.mark.parametrize(
    ("second", "says"),
    [
        (
            (SAID.replace(" asked", "\r\nasked"), 'source = "another"\n'),
            "minutes/b.txt: found the words of minutes/a, expected each record once. "
            "Keep one of the two: all that was ordered in it would be due twice.",
        ),
        (
            (OTHER, 'source = "S"\n'),
            "minutes/b.toml: found meeting, time and source of minutes/a, with other words, "
            'expected a record of its own. If it mends that one, write corrects = "minutes/a"; if '
            "two people took notes, say in source whose each is. excomm record align shows where "
            "they differ.",
        ),
    ],
)
def test_two_files_that_claim_to_be_one_record_are_named_and_both_are_kept(
    tmp_path: Path, second: tuple[str, str], says: str
) -> None:
    made = _folder(tmp_path, a=(SAID, 'source = "S"\n'), b=second)
    found = CliRunner().invoke(cli.app, ["check", str(made)])
    assert found.exit_code != 0
    assert says in str(found.exception)
    ledger = tmp_path / "c.ledger"
    assert CliRunner().invoke(cli.app, ["load", str(made), "--into", str(ledger)]).exit_code == 0
    kept = [
        entry.body.text
        for entry in Case.open(ledger).on("1970-06-01").log
        if isinstance(entry.body, Attachment)
    ]
    assert kept == [SAID, second[0]]


@pytest.mark.parametrize("more", ['source = "second note-taker"\n', 'corrects = "minutes/a"\n'])
def test_a_second_note_taker_and_a_correction_are_records_of_their_own(
    tmp_path: Path, more: str
) -> None:
    made = _folder(tmp_path, a=(SAID, 'source = "S"\n'), b=(OTHER, more))
    found = CliRunner().invoke(cli.app, ["check", str(made)])
    assert found.exit_code == 0, found.exception
    assert "no fault" in found.output
