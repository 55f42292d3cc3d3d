"""A load is killed with -9 at any moment: all of it is there, or none, and the ledger verifies."""

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
else:
    open_ledger(where).append(batch, now=now)
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
    for kill in range(1, kills + 1):
        _, told = load(
            "append", where, first=kill * BATCH, kill_after=chance.uniform(0, 1.2 * whole)
        )
        ledger = open_ledger(where)
        found = ledger.verify().size
        assert found in ([size + BATCH] if told else [size, size + BATCH])
        assert ledger.verify().faults == ()
        size = found
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
