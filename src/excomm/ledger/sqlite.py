"""A ledger in one SQLite file.

Write-ahead log with synchronous=FULL: what was acknowledged outlives a power cut, and readers keep
no writer waiting. While a ledger is open for writing its last entries stand in NAME-wal beside it;
at rest it is one file. A copy of a ledger in use is made by `backup`, not by copying the file.

The schema's text below is part of the format: its digest is in the ledger's name, and
`schema_faults` compares it letter for letter.
"""

import os
import sqlite3
import weakref
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Literal

from excomm.errors import EnvironmentFault, ExcommError, InputError
from excomm.ledger import keys
from excomm.ledger.checkpoint import origin, public_bytes
from excomm.ledger.heads import Damaged, Taken
from excomm.ledger.placing import publish, scratch_beside, taken
from excomm.ledger.recognition import (
    APPLICATION_ID,
    LEDGER_FILE,
    bytes_promised,
    has_log,
    has_mark,
    may_write,
    uri,
)
from excomm.ledger.store import Connection, Kept, Store, schema_digest, write_identity

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_CHANGED = "ledger: nothing in it is changed or removed"
TABLES = {
    "ledger_meta": "format INTEGER NOT NULL, origin TEXT NOT NULL, schema TEXT NOT NULL",
    "ledger_key": (
        "since INTEGER PRIMARY KEY, public BLOB NOT NULL UNIQUE, endorsement BLOB NOT NULL"
    ),
    "ledger_entry": "seq INTEGER PRIMARY KEY, nodes BLOB NOT NULL",
    "ledger_vault": (
        "seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, secret BLOB NOT NULL, body BLOB NOT NULL"
    ),
    "ledger_erased": ("seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, said_by INTEGER NOT NULL"),
    "ledger_load": (
        "key BLOB PRIMARY KEY NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
        " digest BLOB NOT NULL"
    ),
    "ledger_cosignature": (
        "size INTEGER NOT NULL, witness TEXT NOT NULL, line TEXT NOT NULL,"
        " PRIMARY KEY (size, witness)"
    ),
}
# INSERT OR REPLACE removes a row without firing its delete trigger: what it would replace is
# refused here, before it happens.
_REPLACES = {
    "ledger_meta": "EXISTS (SELECT 1 FROM ledger_meta)",
    "ledger_key": (
        "NEW.since < (SELECT max(since) FROM ledger_key)"
        " OR EXISTS (SELECT 1 FROM ledger_key WHERE since = NEW.since OR public = NEW.public)"
    ),
    "ledger_entry": "NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM ledger_entry)",
    "ledger_vault": (
        "NEW.seq <= (SELECT coalesce(max(seq), 0) FROM ledger_vault)"
        " OR NEW.seq > (SELECT coalesce(max(seq), 0) FROM ledger_entry)"
        " OR EXISTS (SELECT 1 FROM ledger_vault WHERE id = NEW.id)"
    ),
    "ledger_erased": "EXISTS (SELECT 1 FROM ledger_erased WHERE seq = NEW.seq OR id = NEW.id)",
    "ledger_load": "EXISTS (SELECT 1 FROM ledger_load WHERE key = NEW.key)",
    "ledger_cosignature": (
        "EXISTS (SELECT 1 FROM ledger_cosignature WHERE size = NEW.size AND witness = NEW.witness)"
    ),
}
_LEFT = "NOT EXISTS (SELECT 1 FROM ledger_erased WHERE seq = OLD.seq AND id = OLD.id)"
SCHEMA = (
    {name: f"CREATE TABLE {name} ({columns}) STRICT" for name, columns in TABLES.items()}
    | {
        f"{table}_insert": (
            f"CREATE TRIGGER {table}_insert BEFORE INSERT ON {table} WHEN {replaces}"
            " BEGIN SELECT RAISE(ABORT, 'ledger: a row takes the next place, and a free one'); END"
        )
        for table, replaces in _REPLACES.items()
    }
    | {
        f"{table}_{change.lower()}": (
            f"CREATE TRIGGER {table}_{change.lower()} BEFORE {change} ON {table}"
            f"{f' WHEN {_LEFT}' if (table, change) == ('ledger_vault', 'DELETE') else ''}"
            f" BEGIN SELECT RAISE(ABORT, '{_CHANGED}'); END"
        )
        for table in TABLES
        for change in ("UPDATE", "DELETE")
    }
)
SCHEMA_DIGEST = schema_digest(SCHEMA.values())
_WAIT_S = 30  # for another writer
_SAFE = (
    # The file may come from somebody who wants it to do something.
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    # What is erased is overwritten.
    "PRAGMA secure_delete=ON",
)
_DURABLE = ("PRAGMA synchronous=FULL",)
# A file that nobody sees before it is whole needs no way back.
_SCRATCH = ("PRAGMA synchronous=OFF", "PRAGMA journal_mode=MEMORY")


class SqliteStore(Store):
    """The tables in the file at `path`, which must exist and begin like a ledger.

    named: how people are told of it, where the file has not got its name yet.
    """

    def __init__(
        self, path: Path, pragmas: Sequence[str] = _DURABLE, *, named: Path | None = None
    ) -> None:
        self.where = str(named or path)
        self.path = path
        self._pragmas = pragmas
        self._turn = RLock()
        self._writer: sqlite3.Connection | None = None
        self._closing: weakref.finalize[..., SqliteStore] | None = None

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._explained(), closing(self._connect()) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        # One connection for all writes: opening one costs more than a commit, and the last to
        # close moves the log into the file.
        with self._turn, self._explained():
            if self._writer is None:
                if not may_write(self.path):
                    raise _read_only(self.path)
                self._writer = self._connect()
                self._closing = weakref.finalize(self, self._writer.close)
            connection = self._writer
            # A deferred transaction would read first and lose its turn to another writer.
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    def close(self) -> None:
        with self._turn:
            if self._closing is not None:
                self._closing()
            self._writer = self._closing = None

    def insert(self, connection: Connection, kept: Sequence[Kept]) -> None:
        assert isinstance(connection, sqlite3.Connection)
        connection.executemany(
            "INSERT INTO ledger_entry VALUES (?, ?)", [(row.seq, row.nodes) for row in kept]
        )
        connection.executemany(
            "INSERT INTO ledger_vault VALUES (?, ?, ?, ?)",
            # Erased ones, in a copy, have no content.
            [(row.seq, row.id, row.secret, row.body) for row in kept if row.body is not None],
        )

    def present(self, connection: Connection, ids: Collection[bytes]) -> set[bytes]:
        found: set[bytes] = set()
        wanted = list(ids)
        for at in range(0, len(wanted), _PARAMETERS):
            some = wanted[at : at + _PARAMETERS]
            marks = ",".join("?" * len(some))
            for table in ("ledger_vault", "ledger_erased"):
                query = f"SELECT id FROM {table} WHERE id IN ({marks})"
                found.update(row[0] for row in connection.execute(query, some).fetchall())
        return found

    def schema_faults(self, connection: Connection, *, deep: bool) -> Iterator[str]:
        rows = connection.execute("SELECT name, sql FROM sqlite_master").fetchall()
        found = {str(name): sql for name, sql in rows if not str(name).startswith("sqlite_")}
        for name, sql in SCHEMA.items():
            if name not in found:
                yield f"{_what(sql)} {name} is gone"
            elif found[name] != sql:
                yield f"{_what(sql)} {name} was changed"
        for name in sorted(found.keys() - SCHEMA.keys()):
            yield f"{name} is no part of a ledger"
        if deep:
            for (said,) in connection.execute("PRAGMA integrity_check(1)").fetchall():
                if said != "ok":
                    yield f"the file is damaged: {said.splitlines()[-1]}"

    def forget(self) -> None:
        # The log still holds the pages as they were: it is moved into the file, and emptied.
        self.close()
        with self._turn, self._explained(), closing(self._connect()) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def check_size(self) -> None:
        """Raises Damaged where the last page is there in part, which SQLite passes over."""
        with self.reading() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            (page_bytes,) = connection.execute("PRAGMA page_size").fetchone()
            # Where a log stands beside it, the last pages may be in there.
            if not has_log(self.path) and self.path.stat().st_size < pages * page_bytes:
                raise _damaged(self.path, "its last page is cut off")

    @classmethod
    def under_way(cls, scratch: Path, named: Path) -> "SqliteStore":
        """The store in a file that gets its name, `named`, only when it is whole."""
        return cls(scratch, _SCRATCH, named=named)

    def make_tables(self, connection: Connection) -> None:
        """Make an empty file a ledger, but for its name and key; inside `writing`."""
        connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
        for sql in SCHEMA.values():
            connection.execute(sql)

    def copy_to(self, copy: "SqliteStore") -> None:
        """Make an empty file what this one is at one moment."""
        with self.reading() as source, copy._explained(), closing(copy._connect()) as target:
            assert isinstance(source, sqlite3.Connection)
            source.backup(target)

    def rest(self) -> None:
        """Become a file in write-ahead mode with nothing beside it."""
        self.close()
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")

    def _connect(self) -> sqlite3.Connection:
        # No isolation level: transactions are ours, from BEGIN IMMEDIATE to COMMIT.
        connection = sqlite3.connect(
            uri(self.path), uri=True, timeout=_WAIT_S, isolation_level=None, check_same_thread=False
        )
        try:
            for pragma in (*_SAFE, *self._pragmas):
                connection.execute(pragma)
        except UnicodeDecodeError as error:
            connection.close()
            # The driver chokes on SQLite's message, which quotes a damaged schema.
            raise sqlite3.DatabaseError(f"malformed schema: {error.reason}") from None
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _explained(self.path, self.where, error) from error


_PARAMETERS = 30_000  # SQLite takes 32,766


def open_file(path: Path) -> SqliteStore:
    """The ledger at `path`. Raises InputError where there is none that can be read."""
    _recognise(path)
    store = SqliteStore(path)
    store.check_format()
    store.check_size()
    return store


@contextmanager
def building(path: Path, key: "Ed25519PrivateKey | None" = None) -> Iterator[SqliteStore]:
    """A store that becomes the file at `path` when the block ends well, and nothing when not.

    Its key comes to lie beside it; one that lies there already is taken.
    Raises InputError where something is there already, or nothing can be written there.
    """
    # Asked again when it is moved; here, so that nobody waits for a refusal.
    if os.path.lexists(path):
        raise taken(path)
    key_path = keys.beside(path)
    left = key_path.exists() and key is None
    key = keys.read(key_path) if left else key or keys.generate()
    with scratch_beside(path) as scratch:
        store = SqliteStore.under_way(scratch, path)
        with store.writing() as connection:
            store.make_tables(connection)
            public = public_bytes(key)
            write_identity(connection, origin(public, SCHEMA_DIGEST), SCHEMA_DIGEST, public)
        try:
            yield store
        finally:
            store.close()
        store.rest()
        if not left:
            # Before the ledger: killed in between, the key is taken by the next creation.
            try:
                keys.write(key, key_path)
            except Taken:
                # Another creation of this ledger was faster, and has not ended yet.
                raise taken(path) from None
        try:
            publish(scratch, path)
        except BaseException:
            if not left:
                key_path.unlink()
            raise


def _recognise(path: Path) -> None:
    try:
        found = _kind(path)
    except sqlite3.Error as error:
        raise _explained(path, str(path), error) from None
    except OSError:
        raise _cannot_open(path) from None
    if found:
        raise InputError(
            str(path), found, LEDGER_FILE, "Make one: excomm load FOLDER --into LEDGER."
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


def _explained(path: Path, where: str, error: sqlite3.Error) -> ExcommError:
    # Without a code it is the driver that cannot read what it was given.
    code: int = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if has_log(path) and not may_write(path):
        return InputError(
            str(path),
            "a ledger whose last writes stand in a log beside it",
            "one at rest",
            "Open it, or a copy with its -wal file, where it may be written: that brings them in.",
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
            return _read_only(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return InputError(
                str(path),
                "a ledger that another program is writing",
                "one at rest",
                "Try again later.",
            )
        case _:
            return EnvironmentFault(f"{where}: the database says: {error}. Nothing was written.")


def _damaged(path: Path, said: str) -> Damaged:
    size, promised = path.stat().st_size, bytes_promised(path)
    if size < promised:
        found = f"a truncated file, {size} of {promised} bytes"
    else:
        found = f"a damaged file ({said})"
    return Damaged(str(path), found, "a whole ledger file", "Fetch an intact copy.")


def _read_only(path: Path) -> InputError:
    return InputError(
        str(path),
        "a file that may not be written",
        "one that may",
        "Allow writing to the file and its folder, or write to a copy.",
    )


def _cannot_open(path: Path) -> InputError:
    return InputError(
        str(path),
        "a file that cannot be opened",
        "a ledger file that may be read",
        "See that it is still there, or ask its owner for the right to read it.",
    )


def _what(sql: str) -> Literal["table", "trigger"]:
    return "table" if sql.startswith("CREATE TABLE") else "trigger"
