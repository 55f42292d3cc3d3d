"""What a ledger refuses: changes to what it holds, and files that are none."""

import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import datetime
from pathlib import Path

import psycopg
import pytest

from excomm.cli import main
from excomm.entries import Entry
from excomm.errors import EnvironmentFault, Faults, InputError
from excomm.ledger import create, is_ledger, open_ledger, sqlite
from excomm.ledger.store import Connection

Looks = Callable[..., list[Entry]]
Tampering = Callable[[str], AbstractContextManager[Connection]]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET nodes = x'00'",
        "UPDATE OR REPLACE ledger_entry SET seq = 3 WHERE seq = 2",
        "DELETE FROM ledger_entry WHERE seq = 3",
        "INSERT OR REPLACE INTO ledger_entry VALUES (3, x'00')",
        "INSERT INTO ledger_entry VALUES (9, x'00')",
        "INSERT OR IGNORE INTO ledger_entry VALUES (9, x'00')",
        "INSERT INTO ledger_entry VALUES (3, x'00') ON CONFLICT (seq) DO UPDATE SET nodes = x'00'",
        "UPDATE ledger_meta SET format = 0",
        "DELETE FROM ledger_meta",
        "INSERT INTO ledger_meta VALUES (1, '', '')",
        "UPDATE ledger_vault SET body = x'00'",
        "DELETE FROM ledger_vault WHERE seq = 3",
        "INSERT OR REPLACE INTO ledger_vault VALUES (3, x'61', x'00', x'00')",
        "INSERT OR REPLACE INTO ledger_vault VALUES (4, CAST('look-2' AS BLOB), x'00', x'00')",
        "INSERT OR REPLACE INTO ledger_key VALUES (0, x'00', x'00')",
        "INSERT OR REPLACE INTO ledger_key SELECT 9, public, x'' FROM ledger_key",
    ],
)
def test_sqlite_refuses_every_change(
    tmp_path: Path, looks: Looks, now: datetime, statement: str
) -> None:
    path = tmp_path / "case.ledger"
    ledger = create(path, looks(3), now=now)
    with (
        closing(sqlite3.connect(path)) as connection,
        pytest.raises(sqlite3.IntegrityError, match=r"^ledger: "),
    ):
        connection.execute(statement)
    assert ledger.head() == ledger.verify().head
    assert ledger.verify().holds


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_entry SET nodes = ''",
        "DELETE FROM ledger_entry WHERE seq = 3",
        "TRUNCATE ledger_entry",
        "INSERT INTO ledger_entry VALUES (3, '') ON CONFLICT (seq) DO UPDATE SET nodes = ''",
        "UPDATE ledger_meta SET format = 0",
        "DELETE FROM ledger_meta",
        "TRUNCATE ledger_meta",
        "UPDATE ledger_vault SET body = ''",
        "DELETE FROM ledger_vault WHERE seq = 3",
        "TRUNCATE ledger_vault",
        "DELETE FROM ledger_key",
        "SET session_replication_role = replica; DELETE FROM ledger_entry",
    ],
)
def test_postgresql_refuses_every_change(
    postgresql_url: str, looks: Looks, now: datetime, statement: str
) -> None:
    ledger = create(postgresql_url, looks(3), now=now)
    with (
        psycopg.connect(postgresql_url) as connection,
        pytest.raises(psycopg.DatabaseError, match="ledger: nothing"),
    ):
        connection.execute(statement.encode())
    assert ledger.verify().holds


def test_an_existing_ledger_is_not_made_again(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where, looks(2), now=now)
    with pytest.raises(InputError, match=r"expected a (name that is free|database without one)"):
        create(where)
    assert ledger.head().size == 2


def test_a_file_of_that_name_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.ledger"
    path.write_text("mine")
    with pytest.raises(InputError) as refused:
        create(path)
    assert str(refused.value) == (
        f"{path}: found something of that name, expected a name that is free. "
        "Choose another name; an existing ledger is only added to."
    )
    assert path.read_text() == "mine"
    assert names(tmp_path) == ["notes.ledger"]


def test_a_name_taken_meanwhile_is_left_alone(tmp_path: Path, looks: Looks, now: datetime) -> None:
    path = tmp_path / "case.ledger"

    def slowly() -> Iterator[Entry]:
        yield from looks(2)
        path.write_text("somebody was quicker")

    with pytest.raises(InputError, match="expected a name that is free"):
        create(path, slowly(), now=now)
    assert path.read_text() == "somebody was quicker"
    assert names(tmp_path) == ["case.ledger"]


def test_a_ledger_whose_first_entries_are_refused_is_not_made(
    where: str, looks: Looks, now: datetime
) -> None:
    with pytest.raises(Faults):
        create(where, looks(2) + looks(1), now=now)
    with pytest.raises(InputError, match=r"found (no such file|a database without a ledger)"):
        open_ledger(where)
    create(where, looks(2), now=now)
    if not where.startswith("postgresql:"):
        assert names(Path(where).parent) == ["case.ledger", "case.ledger.key"]


def test_a_missing_file_is_not_made_by_opening(tmp_path: Path) -> None:
    path = tmp_path / "case.ledger"
    with pytest.raises(InputError) as refused:
        open_ledger(path)
    assert str(refused.value) == (
        f"{path}: found no such file, expected a ledger file. "
        "Make one: excomm load FOLDER --into LEDGER."
    )
    assert names(tmp_path) == []


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    path = tmp_path / "missing" / "case.ledger"
    with pytest.raises(InputError) as refused:
        create(path)
    assert str(refused.value) == (
        f"{path}: found no such folder, expected a folder that exists. Make it first."
    )


def another_database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (lambda path: path.mkdir(), "a folder"),
        (lambda path: path.touch(), "an empty file"),
        (lambda path: path.write_text("id,occurred\nlook-1,1962-10-14\n"), "another kind of file"),
        (lambda path: path.write_bytes(b"SQLite format 3\x00"), "another kind of file"),
        (another_database, "another kind of file"),
    ],
)
def test_what_is_no_ledger_is_said_and_left_alone(
    tmp_path: Path, make: Callable[[Path], object], found: str
) -> None:
    path = tmp_path / "case.ledger"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(InputError) as refused:
        open_ledger(path)
    assert str(refused.value) == (
        f"{path}: found {found}, expected a ledger file. "
        "Make one: excomm load FOLDER --into LEDGER."
    )
    assert before == (path.read_bytes() if path.is_file() else b"")
    assert names(tmp_path) == ["case.ledger"]


def test_a_ledger_of_a_newer_version_is_named_and_left_alone(
    where: str,
    behind_its_back: Tampering,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    named = create(where).where
    with behind_its_back(where) as connection:
        connection.execute("UPDATE ledger_meta SET format = 3")
    before = Path(where).read_bytes() if "://" not in where else b""
    for call in (
        ["head", where],
        ["verify", where],
        ["brief", where, "--on", "1962-11-12"],
        ["load", "cuba-1962", "--into", where],
        ["ledger", "rotate", where],
    ):
        with pytest.raises(SystemExit) as ended:
            monkeypatch.setattr(sys, "argv", ["excomm", *call])
            main()
        assert ended.value.code == 2
        assert capsys.readouterr().err == (
            f"{named}: found a ledger of format 3, expected format 2. "
            "It is from a newer version: update excomm.\n"
        )
    if before:
        assert Path(where).read_bytes() == before
        assert not Path(f"{where}-wal").exists()


@pytest.mark.parametrize("left", [0.999, 0.5, 0.1])
def test_a_truncated_file_is_named(
    tmp_path: Path, looks: Looks, now: datetime, left: float
) -> None:
    path = tmp_path / "case.ledger"
    create(path, looks(200), now=now)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(left * len(whole))])
    with pytest.raises(InputError) as refused:
        open_ledger(path)
    assert str(refused.value) == (
        f"{path}: found a truncated file, {int(left * len(whole))} of {len(whole)} bytes, "
        "expected a whole ledger file. Fetch an intact copy."
    )


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, whom no file refuses anything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def readable_folder() -> Iterator[Path]:
    """A folder that anybody may read, and only its owner write."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_read_only_file_is_read_but_not_added_to(
    readable_folder: Path, looks: Looks, now: datetime
) -> None:
    path = readable_folder / "case.ledger"
    create(path, looks(2), now=now)
    path.chmod(0o444)
    readable_folder.chmod(0o555)
    with as_nobody():
        ledger = open_ledger(path)
        assert ledger.verify().holds
        assert len(list(ledger.read())) == 2
        with pytest.raises(InputError) as refused:
            ledger.append(looks(1, first=3), now=now)
    assert str(refused.value) == (
        f"{path}: found a file that may not be written, expected one that may. "
        "Allow writing to the file and its folder, or write to a copy."
    )
    assert names(readable_folder) == ["case.ledger", "case.ledger.key"]
    assert ledger.head().size == 2


def test_a_ledger_on_a_read_only_disk_is_read_but_not_added_to(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root can mount a disk")
    try:
        path = disk / "case.ledger"
        create(path, looks(2), now=now)
        before = path.read_bytes()
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        ledger = open_ledger(path)
        assert ledger.verify(ledger.checkpoint()).holds
        for act in (
            lambda: ledger.append(looks(1, first=3), now=now),
            lambda: ledger.erase("look-2", reason="r", legal_basis="l", by="b", now=now),
            ledger.rotate,
        ):
            with pytest.raises(InputError, match="found a file that may not be written"):
                act()
        with pytest.raises(InputError, match=r"cannot be written \(Read-only file system\)"):
            create(disk / "other.ledger")
        assert (names(disk), path.read_bytes()) == (["case.ledger", "case.ledger.key"], before)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_ledger_that_another_program_is_writing_is_told(
    tmp_path: Path, looks: Looks, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "case.ledger"
    create(path, looks(2), now=now)
    monkeypatch.setattr(sqlite, "_WAIT_S", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        ledger = open_ledger(path)
        # Whoever reads does not wait.
        assert ledger.verify().holds
        with pytest.raises(InputError) as refused:
            ledger.append(looks(1, first=3), now=now)
        other.execute("ROLLBACK")
    assert str(refused.value) == (
        f"{path}: found a ledger that another program is writing, expected one at rest. "
        "Try again later."
    )
    assert ledger.append(looks(1, first=3), now=now).size == 3


def test_a_read_only_folder_takes_no_ledger(readable_folder: Path) -> None:
    path = readable_folder / "case.ledger"
    readable_folder.chmod(0o555)
    with as_nobody(), pytest.raises(InputError) as refused:
        create(path)
    assert str(refused.value) == (
        f"{path}: found a place that cannot be written (Permission denied), "
        "expected a folder that may be written. Choose another folder, or free this one."
    )
    assert names(readable_folder) == []


def test_writes_that_stand_in_a_log_are_brought_in_by_whoever_may_write(
    readable_folder: Path, tmp_path: Path, looks: Looks, now: datetime
) -> None:
    path, copy = tmp_path / "case.ledger", readable_folder / "copy.ledger"
    ledger = create(path, looks(10), now=now)
    head = ledger.append(looks(10, first=11), now=now)
    for suffix in ("", "-wal"):
        shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
    readable_folder.chmod(0o555)
    with as_nobody(), pytest.raises(InputError) as refused:
        open_ledger(copy)
    assert str(refused.value) == (
        f"{copy}: found a ledger whose last writes stand in a log beside it, expected one at rest. "
        "Open it, or a copy with its -wal file, where it may be written: that brings them in."
    )
    readable_folder.chmod(0o755)
    assert is_ledger(copy)
    found = open_ledger(copy).verify()
    assert (found.head, found.faults) == (head, ())
    assert names(readable_folder) == ["copy.ledger"]


def test_a_ledger_at_rest_is_one_file_and_its_key(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    ledger = create(tmp_path / "case.ledger", looks(1), now=now)
    ledger.append(looks(1, first=2), now=now)
    ledger.close()
    assert names(tmp_path) == ["case.ledger", "case.ledger.key"]
    assert (tmp_path / "case.ledger.key").stat().st_mode & 0o777 == 0o600


def test_an_unreadable_file_is_named(readable_folder: Path) -> None:
    path = readable_folder / "case.ledger"
    create(path)
    path.chmod(0)
    with as_nobody(), pytest.raises(InputError) as refused:
        open_ledger(path)
    assert str(refused.value) == (
        f"{path}: found a file that cannot be opened, expected a ledger file that may be read. "
        "See that it is still there, or ask its owner for the right to read it."
    )


def test_a_database_without_a_ledger_is_named(postgresql_url: str) -> None:
    with pytest.raises(InputError) as refused:
        open_ledger(postgresql_url)
    assert (refused.value.found, refused.value.remedy) == (
        "a database without a ledger",
        "Make one: excomm load FOLDER --into URL.",
    )


@pytest.mark.parametrize(
    ("url", "found"),
    [("mysql://host/name", "mysql://"), ("postgresql://host:x/name", "postgresql://host:x/name")],
)
def test_a_url_of_another_kind_is_refused(url: str, found: str) -> None:
    with pytest.raises(InputError) as refused:
        open_ledger(url)
    assert str(refused.value) == (
        f"ledger: found {found}, expected a path, or a URL like postgresql://user@host/database."
    )


def test_a_url_that_names_a_driver_is_told_what_to_leave_out() -> None:
    with pytest.raises(InputError) as refused:
        open_ledger("postgresql+psycopg://host/name")
    assert str(refused.value) == (
        "ledger: found postgresql+psycopg://, expected a path, or a URL like "
        "postgresql://user@host/database. Leave out +psycopg: psycopg is used."
    )


def test_a_server_that_is_not_there_is_the_environments_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentFault, match="the database says: connection"):
        open_ledger(f"postgresql://postgres:hush@/postgres?host={tmp_path}")


def test_a_url_that_is_none_is_told_without_its_password() -> None:
    with pytest.raises(InputError) as caught:
        open_ledger("postgresql://user:sekret@host:notaport/db")
    assert str(caught.value) == (
        "ledger: found postgresql://user:***@host:notaport/db, "
        "expected a path, or a URL like postgresql://user@host/database."
    )
