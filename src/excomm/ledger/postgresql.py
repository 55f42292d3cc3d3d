"""A ledger in a PostgreSQL database: its tables stand in the first schema of the search path.

Another schema of the same database is chosen in the URL: ?options=-csearch_path%3DNAME.
Writers queue behind an advisory lock. Rows go in by COPY. The owner makes the tables; another role
may be let write, which can insert and select and nothing else (`allow_writer`).
"""

import re
import weakref
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from threading import RLock
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from excomm.errors import EnvironmentFault, ExcommError, InputError
from excomm.ledger import keys
from excomm.ledger.checkpoint import origin, public_bytes
from excomm.ledger.heads import Damaged, NoLedger, Taken
from excomm.ledger.store import Connection, Cursor, Kept, Store, schema_digest, write_identity

if TYPE_CHECKING:
    import psycopg
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_TABLES = {
    "ledger_meta": "format integer NOT NULL, origin text NOT NULL, schema text NOT NULL",
    "ledger_key": (
        "since bigint PRIMARY KEY, public bytea NOT NULL UNIQUE, endorsement bytea NOT NULL"
    ),
    "ledger_entry": "seq bigint PRIMARY KEY, nodes bytea NOT NULL",
    "ledger_vault": (
        "seq bigint PRIMARY KEY, id bytea NOT NULL UNIQUE, secret bytea NOT NULL,"
        " body bytea NOT NULL"
    ),
    "ledger_erased": "seq bigint PRIMARY KEY, id bytea NOT NULL UNIQUE, said_by bigint NOT NULL",
    "ledger_load": (
        "key bytea PRIMARY KEY, first bigint NOT NULL, last bigint NOT NULL, digest bytea NOT NULL"
    ),
    "ledger_cosignature": (
        "size bigint NOT NULL, witness text NOT NULL, line text NOT NULL,"
        " PRIMARY KEY (size, witness)"
    ),
}
_REFUSE = "BEGIN RAISE EXCEPTION 'ledger: nothing in it is changed or removed'; END"
_ERASE = (
    "BEGIN IF NOT EXISTS (SELECT 1 FROM ledger_erased WHERE seq = OLD.seq AND id = OLD.id)"
    " THEN RAISE EXCEPTION 'ledger: nothing in it is changed or removed'; END IF; RETURN OLD; END"
)
# ENABLE ALWAYS: a session that plays a replica skips ordinary triggers.
SCHEMA = (
    *(f"CREATE TABLE {name} ({columns})" for name, columns in _TABLES.items()),
    f"CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSE}$$",
    f"CREATE FUNCTION ledger_erase() RETURNS trigger LANGUAGE plpgsql AS $${_ERASE}$$",
    *(
        sql
        for table in _TABLES
        for sql in (
            f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR"
            f"{'' if table == 'ledger_vault' else ' DELETE OR'} TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuse",
        )
    ),
    "CREATE TRIGGER ledger_vault_erase BEFORE DELETE ON ledger_vault"
    " FOR EACH ROW EXECUTE FUNCTION ledger_erase()",
    "ALTER TABLE ledger_vault ENABLE ALWAYS TRIGGER ledger_vault_erase",
)
SCHEMA_DIGEST = schema_digest(SCHEMA)
_OURS = ", ".join(f"'{table}'::regclass" for table in _TABLES)
# What the catalogue says of the above, the same in all supported versions.
_CATALOGUE = f"""
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE a.attrelid IN ({_OURS}) AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass::text || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE conrelid IN ({_OURS}) AND contype <> 'n'
UNION ALL
SELECT 'trigger ' || t.tgname || ' ' || t.tgtype || t.tgenabled::text || ' ' || p.prosrc
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE t.tgrelid IN ({_OURS}) AND NOT t.tgisinternal
UNION ALL
SELECT 'rule ' || r.rulename || ' on ' || c.relname
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.ev_class IN ({_OURS})
UNION ALL
SELECT 'row security on ' || relname FROM pg_class WHERE oid IN ({_OURS}) AND relrowsecurity
"""


def _columns() -> Iterator[str]:
    for table, columns in _TABLES.items():
        for column in columns.partition(", PRIMARY KEY (")[0].split(", "):
            name, kind, *rest = column.split(" ")
            # A primary key is not null without saying so.
            assert rest
            yield f"column {table}.{name} {kind} not null"
            if rest[0] == "PRIMARY":
                yield f"constraint {table} PRIMARY KEY ({name})"
            if rest[-1] == "UNIQUE":
                yield f"constraint {table} UNIQUE ({name})"


# tgtype: 2 before + 8 on delete + 16 update + 32 truncate; 1 each row.
_EXPECTED = frozenset(
    {
        *_columns(),
        "constraint ledger_cosignature PRIMARY KEY (size, witness)",
        *(f"trigger {name}_refuse 58A {_REFUSE}" for name in _TABLES if name != "ledger_vault"),
        f"trigger ledger_vault_refuse 50A {_REFUSE}",
        f"trigger ledger_vault_erase 11A {_ERASE}",
    }
)
_LOCK = 0x4558434D  # "EXCM", any number that others are unlikely to take
_WAIT_S = 10  # for the server to answer at all
_IDLE_MOST = 4
_UNDEFINED_TABLE, _UNDEFINED_COLUMN = "42P01", "42703"
_DUPLICATE_TABLE, _NO_RIGHT = "42P07", "42501"
_REMEDY = "Make one: excomm load FOLDER --into URL."
_SCHEMES = ("postgresql", "postgres")
_EXPECTED_URL = "a path, or a URL like postgresql://user@host/database"


class _Session:
    """A connection whose parameters are written ? and whose answers are binary."""

    def __init__(self, driver: "psycopg.Connection[tuple[object, ...]]") -> None:
        self.driver = driver

    def execute(self, sql: str, parameters: Sequence[object] = (), /) -> Cursor:
        cursor = self.driver.cursor(binary=True)
        query = sql.replace("?", "%s").encode() if parameters else sql.encode()
        return cursor.execute(query, tuple(parameters) or None)


class PostgresqlStore(Store):
    """The tables in the database at `url`."""

    def __init__(self, url: str) -> None:
        self._url = _checked(url)
        _require_driver()
        self.where = _without_password(self._url)
        self._turn = RLock()
        self._within: _Session | None = None
        self._writer: psycopg.Connection[tuple[object, ...]] | None = None
        self._closing: weakref.finalize[..., PostgresqlStore] | None = None
        # Connections that readers gave back: making one takes longer than most of what is read.
        self._idle: list[psycopg.Connection[tuple[object, ...]]] = []
        weakref.finalize(self, _close_all, self._idle)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._explained():
            if self._within is not None:
                yield self._within
                return
            # No transaction is left open while a reader does something else.
            driver = self._answering() or self._connect()
            try:
                yield _Session(driver)
            except BaseException:
                driver.close()
                raise
            if len(self._idle) < _IDLE_MOST and not driver.info.transaction_status:
                self._idle.append(driver)
            else:
                driver.close()

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees the ledger as it is at one moment, while writers go on."""
        with self.reading() as session:
            session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield session

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        with self._turn, self._explained():
            if self._within is not None:
                yield self._within
                return
            if self._writer is None or self._writer.broken or self._writer.closed:
                self.close()
                self._writer = self._connect()
                self._closing = weakref.finalize(self, self._writer.close)
            with self._writer.transaction():
                session = _Session(self._writer)
                session.execute(f"SELECT pg_advisory_xact_lock({_LOCK})")
                yield session

    def close(self) -> None:
        with self._turn:
            if self._closing is not None:
                self._closing()
            self._writer = self._closing = None
            _close_all(self._idle)

    @contextmanager
    def whole(self) -> Iterator[None]:
        """All that the block reads and writes is one transaction."""
        with self.writing() as session:
            assert isinstance(session, _Session)
            self._within = session
            try:
                yield
            finally:
                self._within = None

    def insert(self, connection: Connection, kept: Sequence[Kept]) -> None:
        assert isinstance(connection, _Session)
        with connection.driver.cursor() as cursor:
            with cursor.copy("COPY ledger_entry (seq, nodes) FROM STDIN (FORMAT BINARY)") as copy:
                copy.set_types(["int8", "bytea"])
                for row in kept:
                    copy.write_row((row.seq, row.nodes))
            with cursor.copy(
                "COPY ledger_vault (seq, id, secret, body) FROM STDIN (FORMAT BINARY)"
            ) as copy:
                copy.set_types(["int8", "bytea", "bytea", "bytea"])
                for row in kept:
                    copy.write_row((row.seq, row.id, row.secret, row.body))

    def present(self, connection: Connection, ids: Collection[bytes]) -> set[bytes]:
        query = (
            "SELECT id FROM ledger_vault WHERE id = ANY(?)"
            " UNION ALL SELECT id FROM ledger_erased WHERE id = ANY(?)"
        )
        wanted = list(ids)
        return {row[0] for row in connection.execute(query, (wanted, wanted)).fetchall()}

    def schema_faults(self, connection: Connection, *, deep: bool) -> Iterator[str]:
        found = frozenset(row[0] for row in connection.execute(_CATALOGUE).fetchall())
        for what in sorted(_EXPECTED - found):
            yield f"{what} is gone or was changed"
        for what in sorted(found - _EXPECTED):
            yield f"{what} is no part of a ledger"

    def forget(self) -> None:
        # Dead rows stand in the file until they are swept.
        with self._explained(), closing(self._connect()) as driver:
            driver.execute("VACUUM ledger_vault")

    def allow_writer(self, role: str) -> None:
        """Let a role insert and select, and nothing else. Raises InputError for no such role."""
        if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
            raise InputError("--writer", role, "a role's name: a to z, 0 to 9 and _")
        tables = ", ".join(_TABLES)
        with self.writing() as connection:
            there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = ?", (role,))
            if there.fetchone() is None:
                raise InputError(
                    "--writer",
                    role,
                    "a role of this server",
                    f"Ask its administrator: CREATE ROLE {role} LOGIN; then once more.",
                )
            (schema,) = connection.execute("SELECT quote_ident(current_schema())").fetchone()
            for sql in (
                f"REVOKE ALL ON {tables} FROM PUBLIC, {role}",
                f"GRANT USAGE ON SCHEMA {schema} TO {role}",
                f"GRANT SELECT, INSERT ON {tables} TO {role}",
            ):
                connection.execute(sql)

    def _answering(self) -> "psycopg.Connection[tuple[object, ...]] | None":
        """One of the idle connections; those that the server has let go of are none."""
        import psycopg

        while self._idle:
            driver = self._idle.pop()
            try:
                driver.execute("SELECT 1")
            except psycopg.Error:
                driver.close()
            else:
                return driver
        return None

    def _connect(self) -> "psycopg.Connection[tuple[object, ...]]":
        import psycopg

        return psycopg.connect(self._url, autocommit=True, connect_timeout=_WAIT_S)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            raise self._explain(error) from error

    def _explain(self, error: "psycopg.Error") -> ExcommError:
        said = str(error).partition("\n")[0]
        state = error.sqlstate
        if state == _UNDEFINED_TABLE:
            return NoLedger(self.where, "a database without a ledger", "one with it", _REMEDY)
        if state == _NO_RIGHT:
            return InputError(
                self.where,
                f"no right to it ({said})",
                "a user who may select and insert",
                "Ask the database's owner for the right.",
            )
        if state == _DUPLICATE_TABLE:
            return _taken(self.where)
        if state is not None and (state.startswith("XX") or state == _UNDEFINED_COLUMN):
            return Damaged(self.where, f"damaged data ({said})", "whole tables", "Restore a copy.")
        return EnvironmentFault(f"{self.where}: the database says: {said}. Nothing was written.")


def open_url(url: str) -> PostgresqlStore:
    """The ledger at `url`. Raises InputError where there is none that can be read."""
    store = PostgresqlStore(url)
    store.check_format()
    return store


@contextmanager
def building(url: str, key: "Ed25519PrivateKey | None" = None) -> Iterator[PostgresqlStore]:
    """A store whose tables, and all that the block adds, are there together or not at all.

    Its key is put into the folder of keys before that.
    Raises InputError where a ledger is there already.
    """
    store = PostgresqlStore(url)
    key = key or keys.generate()
    name = origin(public_bytes(key), SCHEMA_DIGEST)
    path = keys.in_folder(name)
    made = False
    try:
        with store.whole():
            session = store._within
            assert session is not None
            for sql in SCHEMA:
                session.execute(sql)
            write_identity(session, name, SCHEMA_DIGEST, public_bytes(key))
            yield store
            if not path.exists():
                keys.write(key, path)
                made = True
    except BaseException:
        if made:
            path.unlink()
        raise
    finally:
        store.close()


def _close_all(connections: "list[psycopg.Connection[tuple[object, ...]]]") -> None:
    while connections:
        connections.pop().close()


def _require_driver() -> None:
    try:
        import psycopg  # noqa: F401
    except ModuleNotFoundError:
        raise EnvironmentFault(
            "PostgreSQL's driver is not installed. Install it: pip install 'excomm[postgres]'."
        ) from None


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise InputError("ledger", _without_password(url), _EXPECTED_URL) from None
    if parts.scheme not in _SCHEMES:
        name, plus, driver = parts.scheme.partition("+")
        remedy = f"Leave out +{driver}: psycopg is used." if plus and name in _SCHEMES else ""
        raise InputError("ledger", f"{parts.scheme}://", _EXPECTED_URL, remedy)
    return url


def _without_password(url: str) -> str:
    return re.sub(r"(//[^/@:]*:)[^@/]*@", r"\1***@", url)


def _taken(where: str) -> Taken:
    return Taken(
        where,
        "a ledger",
        "a database without one",
        "Name another database or schema; an existing ledger is only added to.",
    )
