"""A load is killed with -9 at any moment, the disk is full, eight write at once: what was

acknowledged is there, nothing is there in part, no number is used twice.
"""

import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from excomm.entries import Entry
from excomm.errors import InputError
from excomm.ledger import create, open_ledger

Looks = Callable[..., list[Entry]]

BATCH = 4000
# Everything is loaded and made before "ready", so that the kill falls into the writing.
LOAD = """
import sys
from datetime import UTC, datetime
from excomm.entries import Day, Entry
from excomm.entries.kinds import Look
from excomm.ledger import create, open_ledger, postgresql, sqlite

action, where, first, number = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
now = datetime(1962, 11, 12, 16, tzinfo=UTC)
body = Look(means="low-level", outcome="made", sites=("san-cristobal",))
batch = [
    Entry(id=f"look-{index}", occurred=Day(now.date()), recorded=now, body=body)
    for index in range(first, first + number)
]
print("ready", flush=True)
if action == "create":
    create(where, batch, now=now)
elif action == "append":
    open_ledger(where).append(batch, now=now)
else:
    ledger = open_ledger(where)
    for entry in batch:
        print(ledger.append([entry], now=now, key=entry.id).size, flush=True)
print("taken in", flush=True)
sys.stdin.read()
"""


def load(
    action: str, where: str, *, first: int = 1, kill_after: float | None
) -> tuple[float, bool]:
    """Seconds from the start of writing to its end, and whether the end was told."""
    process = subprocess.Popen(
        [sys.executable, "-c", LOAD, action, where, str(first), str(BATCH)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        start = time.monotonic()
        if kill_after is None:
            told = process.stdout.readline() == "taken in\n"
        else:
            time.sleep(kill_after)
        elapsed = time.monotonic() - start
        process.kill()
        if kill_after is not None:
            told = process.stdout.read() == "taken in\n"
    return elapsed, told


def a_killed_append_is_whole_or_absent(where: str, looks: Looks, now: datetime, kills: int) -> None:
    chance = random.Random(f"{kills} appends")
    size = create(where, looks(100), now=now).head().size
    whole, told = load("append", where, first=1_000_000, kill_after=None)
    assert told
    size += BATCH
    before = open_ledger(where).head()
    for kill in range(1, kills + 1):
        _, told = load(
            "append", where, first=kill * BATCH, kill_after=chance.uniform(0, 1.2 * whole)
        )
        ledger = open_ledger(where)
        # Only what came after the last kill: a whole run each time would grow with the square.
        found = ledger.verify(since=before)
        assert found.size in ([size + BATCH] if told else [size, size + BATCH])
        assert found.faults == ()
        size, before = found.size, ledger.head()
    whole_run = ledger.verify()
    assert (whole_run.size, whole_run.faults) == (size, ())
    # Whatever was left behind keeps nobody from writing.
    assert ledger.append(looks(1, first=900), now=now).size == size + 1


def a_killed_creation_is_whole_or_absent(place: Callable[[int], str], kills: int) -> None:
    chance = random.Random(f"{kills} creations")
    whole, told = load("create", place(0), kill_after=None)
    assert told
    for kill in range(1, kills + 1):
        where = place(kill)
        _, told = load("create", where, kill_after=chance.uniform(0, 1.2 * whole))
        try:
            found = open_ledger(where).verify()
        except InputError as error:
            assert not told
            assert error.found in ("no such file", "a database without a ledger")
        else:
            assert (found.size, found.faults) == (BATCH, ())


def test_a_killed_append_is_whole_or_absent(where: str, looks: Looks, now: datetime) -> None:
    a_killed_append_is_whole_or_absent(where, looks, now, kills=5)


def test_a_killed_creation_is_whole_or_absent(tmp_path: Path) -> None:
    a_killed_creation_is_whole_or_absent(lambda kill: str(tmp_path / f"{kill}.ledger"), kills=5)


@pytest.mark.long
def test_fifty_killed_appends_are_whole_or_absent(where: str, looks: Looks, now: datetime) -> None:
    a_killed_append_is_whole_or_absent(where, looks, now, kills=50)


@pytest.mark.long
def test_fifty_killed_creations_are_whole_or_absent(tmp_path: Path) -> None:
    a_killed_creation_is_whole_or_absent(lambda kill: str(tmp_path / f"{kill}.ledger"), kills=50)


def killed_singles_keep_what_was_acknowledged(where: str, kills: int) -> None:
    chance = random.Random(f"{kills} singles")
    size = create(where).head().size
    for kill in range(1, kills + 1):
        process = subprocess.Popen(
            [sys.executable, "-c", LOAD, "singles", where, str(kill * BATCH), str(BATCH)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        with process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            told = [process.stdout.readline()]
            time.sleep(chance.uniform(0, 0.2))
            process.kill()
            told += process.stdout
            acknowledged = [int(line) for line in told if line.endswith("\n")]
        assert acknowledged == list(range(size + 1, size + 1 + len(acknowledged)))
        found = open_ledger(where).verify()
        assert found.faults == ()
        # The one under way may have landed untold: its key says so to whoever repeats it.
        assert found.size - size - len(acknowledged) in (0, 1)
        assert [entry.seq for entry in open_ledger(where).read(size)] == list(
            range(size + 1, found.size + 1)
        )
        size = found.size
    assert size > 0


def test_killed_single_writes_keep_what_was_acknowledged(where: str) -> None:
    killed_singles_keep_what_was_acknowledged(where, kills=5)


@pytest.mark.long
def test_fifty_killed_single_writes_keep_what_was_acknowledged(where: str) -> None:
    killed_singles_keep_what_was_acknowledged(where, kills=50)


def eight_writers(where: str, number: int) -> None:
    create(where)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", LOAD, "singles", where, str(10_000 * at), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for at in range(1, 9)
    ]
    told: list[int] = []
    for writer in writers:
        out, _ = writer.communicate()
        told += [int(line) for line in out.split() if line.isdigit()]
    assert sorted(told) == list(range(1, 8 * number + 1))
    found = open_ledger(where)
    assert (found.verify().faults, found.head().size) == ((), 8 * number)


def test_eight_writers_use_no_number_twice(where: str) -> None:
    eight_writers(where, 20)


@pytest.mark.long
def test_eight_writers_of_two_hundred_use_no_number_twice(where: str) -> None:
    eight_writers(where, 200)


def test_a_limit_on_the_size_of_files_leaves_what_was_there(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    path = tmp_path / "case.ledger"
    before = create(path, looks(200), now=now).head()
    limit = path.stat().st_size + 100_000
    code = f"import resource\nresource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
    refused_for_want_of_room(code, str(path))
    ledger = open_ledger(path)
    assert (ledger.verify().faults, ledger.head()) == ((), before)
    assert ledger.append(looks(1, first=900), now=now).size == 201


def refused_for_want_of_room(code: str, where: str) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", code + LOAD, "append", where, "1000", str(BATCH)],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert ran.returncode != 0
    assert "EnvironmentFault" in ran.stderr.splitlines()[-1]
    assert ran.stderr.splitlines()[-1].endswith("Nothing was written.")
    assert "taken in" not in ran.stdout


def test_a_full_disk_leaves_what_was_there(tmp_path: Path, looks: Looks, now: datetime) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        path = disk / "case.ledger"
        before = create(path, looks(200), now=now).head()
        refused_for_want_of_room("", str(path))
        ledger = open_ledger(path)
        assert (ledger.verify().faults, ledger.head()) == ((), before)
        ledger.close()
    finally:
        subprocess.run(["umount", str(disk)], check=True)
