"""A ledger in one SQLite file.

The rollback journal, not write-ahead: between writes the ledger is one file, whole in any copy,
and reading it makes no file beside it, so it can be read where nothing may be written.
synchronous=EXTRA also flushes the folder once the journal is gone: what was acknowledged outlives
a power cut.

The schema's text below is part of the format: `schema_faults` compares it letter for letter.
"""

import os
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, NullPool, create_engine, insert
from sqlalchemy.exc import DBAPIError

from excomm.errors import EnvironmentFault, ExcommError, InputError
from excomm.ledger.chain import Damaged, Row
from excomm.ledger.recognition import APPLICATION_ID, bytes_promised, has_mark
from excomm.ledger.store import ENTRY, Store, write_format

SCHEMA = {
    "ledger_meta": "CREATE TABLE ledger_meta (format INTEGER NOT NULL) STRICT",
    "ledger_entry": (
        "CREATE TABLE ledger_entry (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE,"
        " body BLOB NOT NULL, hash BLOB NOT NULL) STRICT"
    ),
    # INSERT OR REPLACE removes a row without firing its delete trigger: what it would replace,
    # by number or by id, is refused here.
    "ledger_entry_insert": (
        "CREATE TRIGGER ledger_entry_insert BEFORE INSERT ON ledger_entry"
        " WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entry)"
        " OR EXISTS (SELECT 1 FROM ledger_entry WHERE id = NEW.id)"
        " BEGIN SELECT RAISE(ABORT, 'ledger: the next entry takes the next number and a fresh id');"
        " END"
    ),
    "ledger_meta_insert": (
        "CREATE TRIGGER ledger_meta_insert BEFORE INSERT ON ledger_meta"
        " WHEN EXISTS (SELECT 1 FROM ledger_meta)"
        " BEGIN SELECT RAISE(ABORT, 'ledger: the format is set once'); END"
    ),
} | {
    f"{table}_{change.lower()}": (
        f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table}"
        f" BEGIN SELECT RAISE(ABORT, 'ledger: nothing in it is changed or removed'); END"
    )
    for table in ("ledger_entry", "ledger_meta")
    for change in ("UPDATE", "DELETE")
}
_WAIT_S = 30  # for another writer
_DURABLE = ("PRAGMA synchronous=EXTRA",)
# A file that nobody sees before it is whole needs no way back.
_SCRATCH = ("PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY")


class SqliteStore(Store):
    """The table in the file at `path`, which must exist and begin like a ledger."""

    def __init__(self, path: Path, pragmas: Sequence[str] = _DURABLE) -> None:
        uri = path.resolve().as_uri() + "?mode=rw"

        def connect() -> sqlite3.Connection:
            # No isolation level: transactions are ours, from BEGIN IMMEDIATE to COMMIT.
            connection = sqlite3.connect(
                uri, uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
            )
            # The file may come from somebody who wants it to do something.
            try:
                for pragma in ("PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON", *pragmas):
                    connection.execute(pragma)
            except UnicodeDecodeError as error:
                connection.close()
                # The driver chokes on SQLite's message, which quotes a damaged schema.
                raise sqlite3.DatabaseError(f"malformed schema: {error.reason}") from None
            except sqlite3.Error:
                connection.close()
                raise
            return connection

        # A connection a use: nothing stays open behind a reader who walks away.
        engine = create_engine("sqlite://", creator=connect, poolclass=NullPool)
        super().__init__(str(path), engine)
        self.path = path

    def check_size(self) -> None:
        """Raises Damaged where the last page is there in part, which SQLite passes over."""
        with self.reading() as connection, connection.begin():
            connection.exec_driver_sql("BEGIN")
            # Reading takes a lock that lasts: no writer grows the file before its size is asked.
            connection.exec_driver_sql("SELECT format FROM ledger_meta").all()
            (pages,) = connection.exec_driver_sql("PRAGMA page_count").one()
            (page_bytes,) = connection.exec_driver_sql("PRAGMA page_size").one()
            if self.path.stat().st_size < pages * page_bytes:
                raise _damaged(self.path, "its last page is cut off")

    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        connection.execute(insert(ENTRY), [row._asdict() for row in rows])

    def schema_faults(self, connection: Connection) -> Iterator[str]:
        found = {
            str(name): sql
            for name, sql in connection.exec_driver_sql("SELECT name, sql FROM sqlite_master")
            if not str(name).startswith("sqlite_")
        }
        for name, sql in SCHEMA.items():
            if name not in found:
                yield f"{_what(sql)} {name} is gone"
            elif found[name] != sql:
                yield f"{_what(sql)} {name} was changed"
        for name in sorted(found.keys() - SCHEMA.keys()):
            yield f"{name} is no part of a ledger"
        for (said,) in connection.exec_driver_sql("PRAGMA integrity_check(1)"):
            if said != "ok":
                yield f"the file is damaged: {said.splitlines()[-1]}"

    def _keep_others_out(self, connection: Connection) -> None:
        # A deferred transaction would read first and lose its turn to another writer.
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    def _explain(self, error: DBAPIError) -> ExcommError:
        assert isinstance(error.orig, sqlite3.Error)
        return _explained(self.path, error.orig)


def open_file(path: Path) -> SqliteStore:
    """The ledger at `path`. Raises InputError where there is none that can be read."""
    _recognise(path)
    store = SqliteStore(path)
    store.check_format()
    store.check_size()
    return store


@contextmanager
def building(path: Path) -> Iterator[SqliteStore]:
    """A store that becomes the file at `path` when the block ends well, and nothing when not.

    Raises InputError where something is there already, or nothing can be written there.
    """
    # Asked again when it is moved; here, so that nobody waits for a refusal.
    if os.path.lexists(path):
        raise _taken(path)
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
    try:
        try:
            # Exclusively, and before SQLite does: its own messages name no cause.
            scratch.open("xb").close()
        except OSError as error:
            raise _cannot_write(path, error) from None
        store = SqliteStore(scratch, _SCRATCH)
        with store.writing() as connection:
            connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
            for sql in SCHEMA.values():
                connection.exec_driver_sql(sql)
            write_format(connection)
        yield store
        _flush(scratch)
        _move(scratch, path)
        if os.name == "posix":
            _flush(path.parent)
    finally:
        # Where it never came to be, its folder may be none.
        with suppress(FileNotFoundError, NotADirectoryError):
            scratch.unlink()


def _move(scratch: Path, path: Path) -> None:
    # A link is never made over an existing file, as a rename would be.
    try:
        path.hardlink_to(scratch)
    except FileExistsError:
        raise _taken(path) from None
    except OSError:
        # A file system without hard links: the check and the move are two steps there.
        if path.exists():
            raise _taken(path) from None
        scratch.rename(path)


def _flush(path: Path) -> None:
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _recognise(path: Path) -> None:
    try:
        found = _kind(path)
    except sqlite3.Error as error:
        raise _explained(path, error) from None
    except OSError:
        raise _cannot_open(path) from None
    if found:
        raise InputError(
            str(path), found, "a ledger file", "Make one: excomm load FOLDER --into LEDGER."
        )


def _kind(path: Path) -> str:
    """What stands there instead of a ledger; empty where it has a ledger's mark."""
    if not path.exists():
        return "no such file"
    if path.is_dir():
        return "a folder"
    if path.stat().st_size == 0:
        return "an empty file"
    try:
        return "" if has_mark(path) else "another kind of file"
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_NOTADB:
            return "another kind of file"
        raise


def _explained(path: Path, error: sqlite3.Error) -> ExcommError:
    # Without a code it is the driver that cannot read what it was given.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return InputError(
            str(path),
            "a ledger whose last write was interrupted",
            "one at rest",
            "Open it, or a copy with its -journal file, where it may be written: that undoes it.",
        )
    # The low byte says of which kind an extended code is.
    match code & 0xFF:
        case (
            sqlite3.SQLITE_CORRUPT
            | sqlite3.SQLITE_NOTADB
            | sqlite3.SQLITE_MISMATCH
            # Our statements are right: it is the tables that are other than they were made.
            | sqlite3.SQLITE_ERROR
        ):
            return _damaged(path, str(error))
        case sqlite3.SQLITE_CANTOPEN:
            return _cannot_open(path)
        case sqlite3.SQLITE_READONLY:
            return InputError(
                str(path),
                "a file that may not be written",
                "one that may",
                "Allow writing to the file and its folder, or write to a copy.",
            )
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return InputError(
                str(path),
                "a ledger that another program is writing",
                "one at rest",
                "Try again later.",
            )
        case _:
            return EnvironmentFault(f"{path}: the database says: {error}. Nothing was written.")


def _damaged(path: Path, said: str) -> Damaged:
    size, promised = path.stat().st_size, bytes_promised(path)
    if size < promised:
        found = f"a truncated file, {size} of {promised} bytes"
    else:
        found = f"a damaged file ({said})"
    return Damaged(str(path), found, "a whole ledger file", "Fetch an intact copy.")


def _cannot_open(path: Path) -> InputError:
    return InputError(
        str(path),
        "a file that cannot be opened",
        "a ledger file that may be read",
        "See that it is still there, or ask its owner for the right to read it.",
    )


def _taken(path: Path) -> InputError:
    return InputError(
        str(path),
        "something of that name",
        "a name that is free",
        "Choose another name; an existing ledger is only added to.",
    )


def _cannot_write(path: Path, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(str(path), "no such folder", "a folder that exists", "Make it first.")
    return InputError(
        str(path),
        f"a place that cannot be written ({error.strerror})",
        "a folder that may be written",
        "Choose another folder, or free this one.",
    )


def _what(sql: str) -> Literal["table", "trigger"]:
    return "table" if sql.startswith("CREATE TABLE") else "trigger"
