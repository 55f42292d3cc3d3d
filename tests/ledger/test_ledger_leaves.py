"""Leaves computed by processes of their own: the same, in order, and no verdict without them."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from excomm.entries import Entry, EntryId
from excomm.errors import EnvironmentFault, Faults
from excomm.ledger import create, leaves, open_ledger
from excomm.ledger.commitment import commitment, leaf
from excomm.ledger.store import Connection

Looks = Callable[..., list[Entry]]
Tampering = Callable[[str], AbstractContextManager[Connection]]


@pytest.fixture
def by_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes, from the first entry on."""
    monkeypatch.setattr(leaves, "SHORT", 0)
    monkeypatch.setattr(leaves, "cores", lambda: 2)


def pairs(number: int) -> list[leaves.Pair]:
    return [
        (bytes([at % 251] * 32), b'{"id":"%d","body":{"entry":"x"}}' % at) for at in range(number)
    ]


@pytest.mark.usefixtures("by_processes")
def test_leaves_come_back_in_order_and_what_is_no_entry_has_none() -> None:
    chunks: list[list[leaves.Pair]] = [pairs(at * 7) for at in range(20)]
    chunks[3][2] = None
    chunks[9][5] = (bytes(32), b"no entry")
    found = list(leaves.with_leaves(chunks, lambda chunk: chunk))
    assert [chunk for chunk, _ in found] == chunks
    for chunk, made in found:
        for pair, one in zip(chunk, made, strict=True):
            if pair is None or pair[1] == b"no entry":
                assert one is None
            else:
                assert one == leaf(commitment(*pair).digests)


@pytest.mark.usefixtures("by_processes")
def test_no_more_is_read_ahead_than_is_under_way() -> None:
    asked: list[int] = []

    def chunks() -> Iterator[list[leaves.Pair]]:
        for at in range(100):
            asked.append(at)
            yield pairs(3)

    found = leaves.with_leaves(chunks(), lambda chunk: chunk)
    for number in range(50):
        next(found)
        assert len(asked) <= number + 6


@pytest.mark.usefixtures("by_processes")
def test_a_ledger_taken_in_by_processes_is_the_same(
    tmp_path: Path, where: str, looks: Looks, now: datetime, counting: Any, monkeypatch: Any
) -> None:
    entries = looks(4500)
    # The last of a batch corrects one of a batch that is still under way.
    entries[2999] = msgspec.structs.replace(entries[2999], corrects=EntryId("look-1001"))
    ledger = create(where, now=now)
    key = ledger.signing_key()
    ledger.append(entries, now=now, secrets=counting())
    monkeypatch.setattr(leaves, "SHORT", 10**9)
    other = create(tmp_path / "other.ledger", entries, now=now, key=key, secrets=counting())
    assert ledger.head() == other.head()
    assert open_ledger(where).verify(other.head()).holds


@pytest.mark.usefixtures("by_processes")
def test_an_id_that_is_under_way_is_taken(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where, looks(1), now=now)
    with pytest.raises(Faults) as refused:
        ledger.append([*looks(3000, first=2), *looks(1, first=700)], now=now)
    assert [fault.where for fault in refused.value.faults] == ["entries[3000].id"]
    assert ledger.head().size == 1


@pytest.mark.usefixtures("by_processes")
def test_the_first_bad_entry_is_named_by_processes_too(
    where: str, looks: Looks, now: datetime, behind_its_back: Tampering
) -> None:
    ledger = create(where, looks(3000), now=now)
    ledger.close()
    with behind_its_back(where) as connection:
        for seq in (2100, 700):
            body = ledger.store.body(connection, seq)
            assert body is not None
            changed = body.replace(b"JCS", b"JCX")
            connection.execute("UPDATE ledger_vault SET body = ? WHERE seq = ?", (changed, seq))
    assert [fault.seq for fault in ledger.verify(ledger.head()).faults] == [700, 2100]


@pytest.mark.usefixtures("by_processes")
def test_nothing_is_decided_where_a_hasher_ends(
    where: str, looks: Looks, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = create(where, looks(5), now=now)
    monkeypatch.setattr(leaves, "START", "import sys; sys.exit(9)")
    for run in (ledger.verify, lambda: ledger.append(looks(2000, first=6), now=now)):
        with pytest.raises(EnvironmentFault) as told:
            run()
        assert str(told.value) == (
            "A process that computed hashes has ended, status 9. Nothing was decided: run it "
            "again, where there is memory for it."
        )
    assert ledger.head().size == 5
    monkeypatch.undo()
    assert ledger.verify().holds


def test_hashers_end_with_whoever_started_them(tmp_path: Path) -> None:
    code = """
import sys
from excomm.ledger.leaves import Hashers
with Hashers(2) as hashers:
    assert hashers.begin([None]).result() == [None]
    print(*(process.pid for process in hashers.processes), flush=True)
    sys.stdin.read()
"""
    for end in (signal.SIGKILL, signal.SIGINT):
        process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            text=True,
        )
        with process:
            assert process.stdout is not None
            started = process.stdout.readline().split()
            assert len(started) == 2
            process.send_signal(end)
        deadline = time.monotonic() + 20
        while any(map(runs, started)):
            assert time.monotonic() < deadline
            time.sleep(0.05)


def runs(pid: str) -> bool:
    try:
        os.kill(int(pid), 0)
        stat = Path(f"/proc/{pid}/stat")
        return (
            not stat.exists()
            or stat.read_text(encoding="utf8").rpartition(")")[2].split()[0] != "Z"
        )
    except (ProcessLookupError, FileNotFoundError):
        return False


def test_one_core_needs_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaves, "SHORT", 0)
    monkeypatch.setattr(leaves, "cores", lambda: 1)
    monkeypatch.setattr(leaves, "Hashers", None)
    found = list(leaves.with_leaves([pairs(3)], lambda chunk: chunk))
    assert [len(made) for _, made in found] == [3]
