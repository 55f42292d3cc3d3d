"""Whoever submits an entry gets a receipt at once, and can convict a desk that takes it out."""

import subprocess
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from excomm.entries import Entry
from excomm.errors import AnswerIsNo, InputError
from excomm.ledger import Ledger, Moved, create, open_ledger
from excomm.ledger.receipt import Receipt, still_in, submit
from excomm.ledger.released import verify_release
from excomm.ledger.witness import Request

Looks = Callable[..., list[Entry]]
VERIFIER = Path(verify_release.__code__.co_filename).with_name("verify_release.py")


def kept(receipt: Receipt, folder: Path) -> Path:
    path = folder / "receipt"
    path.write_bytes(receipt.content)
    return path


def later(ledger: Ledger, since: int) -> Request:
    head = ledger.checkpoint()
    return Request(head, since, ledger.consistency(since))


def test_a_receipt_comes_with_the_submission_and_both_verifiers_take_it(
    tmp_path: Path, where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(5), now=now)
    (entry,) = looks(1, first=6)
    given = submit(ledger, entry, now=now)
    assert (given.entry, given.head.size) == ("look-6", 6)
    assert given.head == ledger.checkpoint()
    path = kept(given, tmp_path)
    found = verify_release(path, [ledger.checkpoint()])
    assert (found.shown, found.whole, found.head.size) == (1, False, 6)
    said = subprocess.check_output([sys.executable, VERIFIER, path], text=True)
    assert said.startswith("1 entries of 6 to open")


def test_a_repeated_submission_gives_a_receipt_again(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(5), now=now)
    (entry,) = looks(1, first=6)
    first = submit(ledger, entry, now=now, key="form 1")
    again = submit(ledger, entry, now=now, key="form 1")
    assert (again.entry, again.head.size) == (first.entry, 6)
    with pytest.raises(Moved):
        submit(ledger, looks(1, first=7)[0], now=now, onto=open_ledger(where).checkpoint(5).head)


def test_nothing_is_taken_in_where_no_receipt_can_be_signed(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    ledger = create(tmp_path / "case.ledger", looks(5), now=now)
    ledger.key_path.unlink()
    with pytest.raises(InputError, match=r"case\.ledger\.key: found no such file"):
        submit(ledger, looks(1, first=6)[0], now=now)
    assert ledger.head().size == 5


def test_what_a_receipt_acknowledges_is_in_every_head_that_continues_it(
    tmp_path: Path, where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(5), now=now)
    path = kept(submit(ledger, looks(1, first=6)[0], now=now), tmp_path)
    assert still_in(path, later(ledger, 6)).startswith(
        f"{path}: what it acknowledges is in the head of 6, "
    )
    ledger.append(looks(20, first=7), now=now)
    assert "is in the head of 26, " in still_in(path, later(ledger, 6))
    with pytest.raises(InputError) as refused:
        still_in(path, Request(ledger.checkpoint(), 0, ()))
    assert str(refused.value) == (
        "proof: found nothing, expected one from 6, the receipt's head. "
        "Ask for it: excomm head LEDGER --since 6."
    )
    with pytest.raises(InputError) as refused:
        still_in(path, Request(ledger.checkpoint(4), 0, ()))
    assert str(refused.value) == (
        "head: found one of 4 entries, expected one of 6 or more, as in the receipt."
    )
    ledger.rotate()
    ledger.append(looks(1, first=50), now=now)
    with pytest.raises(InputError, match="not signed by this ledger, as the receipt knows"):
        still_in(path, later(ledger, 6))


def test_a_head_without_the_acknowledged_entry_convicts_the_desk(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    ledger = create(tmp_path / "case.ledger", looks(5), now=now)
    path = kept(submit(ledger, looks(1, first=6)[0], now=now), tmp_path)
    key = ledger.signing_key()
    # The desk writes its ledger again without the entry, under the same key.
    other = create(tmp_path / "other.ledger", [*looks(5), *looks(4, first=7)], now=now, key=key)
    assert other.origin == ledger.origin
    with pytest.raises(AnswerIsNo) as refused:
        still_in(path, later(other, 6))
    assert str(refused.value) == (
        f"{path}: what it acknowledges is not in the head of 9: that does not continue the head of "
        "6. Keep both: the ledger signed both, and together they convict it."
    )
    with pytest.raises(AnswerIsNo):
        still_in(path, Request(other.checkpoint(6), 0, ()))


def test_a_receipt_is_checked_by_the_command(tmp_path: Path, looks: Looks, now: datetime) -> None:
    ledger, path = tmp_path / "case.ledger", tmp_path / "out"
    create(ledger, looks(5), now=now)

    def excomm(*call: str | Path, status: int = 0) -> str:
        command = [sys.executable, "-m", "excomm.cli", *map(str, call)]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ran.returncode == status, ran.stderr
        return ran.stdout + ran.stderr

    note = tmp_path / "note.txt"
    note.write_text("what was seen", encoding="utf8")
    said = excomm("ledger", "attach", ledger, note, "--by", "UK", "--receipt", path)
    assert f"{path}: files/note.txt/" in said
    assert "is in the head of 6, " in said
    open_ledger(ledger).append(looks(3, first=10), now=datetime.now(now.tzinfo))
    (tmp_path / "head").write_text(excomm("head", ledger, "--since", "6"), encoding="utf8")
    said = excomm("ledger", "included", path, tmp_path / "head")
    assert said.startswith(f"{path}: what it acknowledges is in the head of 9, ")
    assert "1 entry alone" in excomm("verify", path)
    excomm("ledger", "receipt", ledger, "look-2", path, status=2)
    excomm("ledger", "included", ledger, tmp_path / "head", status=2)
