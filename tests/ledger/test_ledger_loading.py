"""Loading a folder into a ledger by the command: two at once, no room, what a kill leaves."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from excomm.ledger import keys, open_ledger
from excomm.ledger.placing import scratch_beside

ASKED = [sys.executable, "-m", "excomm.cli"]


def load(into: str, folder: str = "cuba-1962") -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*ASKED, "load", folder, "--into", into],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_of_two_first_loads_at_once_the_loser_is_told_to_load_again(where: str) -> None:
    loads = [load(where) for _ in range(3)]
    told = [one.communicate() for one in loads]
    size = open_ledger(where).head().size
    assert open_ledger(where).verify().holds
    for one, (out, err) in zip(loads, told, strict=True):
        if one.returncode == 0:
            assert f"{size} entries loaded" in out or "0 entries added, 0 corrections" in out
        else:
            assert (one.returncode, err) == (
                2,
                f"{where}: found a ledger that was made meanwhile, expected none yet. "
                "Run the load again: it adds what is missing by then.\n",
            )
    out, err = load(where).communicate()
    assert ("0 entries added, 0 corrections" in out, err) == (True, "")


def test_a_full_disk_names_the_ledger_that_was_asked_for(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can make a small disk")
    try:
        into = load(str(disk / "case.ledger"))
        _, err = into.communicate()
        assert into.returncode == 3
        assert err == (
            f"{disk}/case.ledger: the database says: database or disk is full. "
            "Nothing was written.\n"
        )
        assert list(disk.iterdir()) == []
        assert load(str(tmp_path / "case.ledger")).communicate()[1] == ""
        out, day = disk / "out", ("--to", "open", "--on", "1962-11-12")
        for call in (("ledger", "backup"), ("release", *day)):
            whole = [*ASKED, *call, str(tmp_path / "case.ledger"), str(out)]
            ran = subprocess.run(whole, capture_output=True, text=True, check=False)
            assert ran.returncode == 3
            assert ran.stderr.startswith(f"{out}: ")
            assert ran.stderr.endswith("Nothing was written.\n")
            assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_what_a_killed_load_left_behind_is_taken_away_by_the_next_and_no_other_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "case.ledger"
    left = [tmp_path / f".case.ledger.0011aabb.unfinished{end}" for end in ("", "-journal")]
    others = [tmp_path / ".other.ledger.0011aabb.unfinished", tmp_path / ".case.ledger.unfinished"]
    for one in (*left, *others):
        one.write_bytes(b"SQLite format 3\0 and no more")
    with scratch_beside(path) as under_way:
        # Another's, still being made, is left alone.
        with scratch_beside(path) as second:
            assert second != under_way
            assert under_way.exists()
        assert load(str(path)).communicate()[1] == ""
        assert under_way.exists()
    assert open_ledger(path).verify().holds
    assert sorted(tmp_path.iterdir()) == sorted([*others, path, keys.beside(path)])


def test_a_killed_creation_leaves_nothing_that_the_next_does_not_take_away(tmp_path: Path) -> None:
    path = tmp_path / "case.ledger"
    code = f"""
import sys
from pathlib import Path
from excomm.ledger.placing import scratch_beside
with scratch_beside(Path({str(path)!r})) as scratch:
    print(scratch, flush=True)
    sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        scratch = Path(process.stdout.readline().strip())
        assert load(str(path)).communicate()[1] == ""
        assert scratch.exists()
        path.unlink()
        process.kill()
    assert scratch.exists()
    assert load(str(path)).communicate()[1] == ""
    assert not scratch.exists()


def test_a_long_verification_says_on_a_terminal_how_far_it_is(tmp_path: Path) -> None:
    path = tmp_path / "case.ledger"
    assert load(str(path)).communicate()[1] == ""
    code = f"""
import sys
from excomm import cli_ledger
from excomm.ledger import store
cli_ledger._SECONDS_SHOWN, store.PAGE = 0, 100
cli_ledger.verify({str(path)!r})
"""
    seen, terminal = os.openpty()
    ran = subprocess.run(
        [sys.executable, "-c", code], stderr=terminal, stdout=subprocess.PIPE, text=True, check=True
    )
    os.close(terminal)
    told = os.read(seen, 10_000).decode()
    os.close(seen)
    size = open_ledger(path).head().size
    assert told.startswith(f"\r100 of {size} entries read")
    # Nothing of it is left when the answer is printed.
    assert told.endswith("\r" + " " * 60 + "\r")
    assert ran.stdout.startswith(f"{path}: {size} entries verified")
