"""A ledger in a PostgreSQL database: its tables stand in the first schema of the search path.

Another schema of the same database is chosen in the URL: ?options=-csearch_path%3DNAME.
Writers queue behind an advisory lock. Rows go in by COPY.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import URL, Connection, NullPool, create_engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from excomm.errors import EnvironmentFault, ExcommError, InputError
from excomm.ledger.chain import Damaged, NoLedger, Row
from excomm.ledger.store import Store, write_format

_REFUSE = "BEGIN RAISE EXCEPTION 'ledger: nothing in it is changed or removed'; END"
# ENABLE ALWAYS: a session that plays a replica skips ordinary triggers.
SCHEMA = (
    "CREATE TABLE ledger_meta (format integer NOT NULL)",
    "CREATE TABLE ledger_entry (seq bigint PRIMARY KEY, id bytea NOT NULL UNIQUE,"
    " body bytea NOT NULL, hash bytea NOT NULL)",
    f"CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $${_REFUSE}$$",
    *(
        sql
        for table in ("ledger_entry", "ledger_meta")
        for sql in (
            f"CREATE TRIGGER {table}_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuse",
        )
    ),
)
# What the catalogue says of the above, the same in all supported versions. tgtype 58: before,
# each statement, on delete, update and truncate.
_CATALOGUE = """
SELECT 'column ' || c.relname || '.' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
  WHERE a.attrelid IN ('ledger_entry'::regclass, 'ledger_meta'::regclass)
    AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'constraint ' || conrelid::regclass::text || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint
  WHERE conrelid IN ('ledger_entry'::regclass, 'ledger_meta'::regclass) AND contype <> 'n'
UNION ALL
SELECT 'trigger ' || t.tgname || ' ' || t.tgtype || t.tgenabled::text || ' ' || p.prosrc
  FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE t.tgrelid IN ('ledger_entry'::regclass, 'ledger_meta'::regclass) AND NOT t.tgisinternal
UNION ALL
SELECT 'rule ' || r.rulename || ' on ' || c.relname
  FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
  WHERE r.ev_class IN ('ledger_entry'::regclass, 'ledger_meta'::regclass)
UNION ALL
SELECT 'row security on ' || relname FROM pg_class
  WHERE oid IN ('ledger_entry'::regclass, 'ledger_meta'::regclass) AND relrowsecurity
"""
_EXPECTED = frozenset(
    {
        "column ledger_entry.seq bigint not null",
        "column ledger_entry.id bytea not null",
        "column ledger_entry.body bytea not null",
        "column ledger_entry.hash bytea not null",
        "column ledger_meta.format integer not null",
        "constraint ledger_entry PRIMARY KEY (seq)",
        "constraint ledger_entry UNIQUE (id)",
        f"trigger ledger_entry_refuse 58A {_REFUSE}",
        f"trigger ledger_meta_refuse 58A {_REFUSE}",
    }
)
_LOCK = 0x4558434D  # "EXCM", any number that others are unlikely to take
_WAIT_S = 10  # for the server to answer at all
_UNDEFINED_TABLE, _DUPLICATE_TABLE, _NO_RIGHT = "42P01", "42P07", "42501"
_REMEDY = "Make one: excomm load FOLDER --into URL."


class PostgresqlStore(Store):
    """The table in the database at `url`."""

    def __init__(self, url: URL, within: Connection | None = None) -> None:
        try:
            engine = create_engine(
                url, poolclass=NullPool, connect_args={"connect_timeout": _WAIT_S}
            )
        except ModuleNotFoundError:
            raise EnvironmentFault(
                "PostgreSQL's driver is not installed. Install it: pip install 'excomm[postgres]'."
            ) from None
        super().__init__(url.render_as_string(hide_password=True), engine, within)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with super().reading() as connection:
            if self._within is None:
                # No transaction is left open while a reader does something else.
                connection.execution_options(isolation_level="AUTOCOMMIT")
            yield connection

    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        driver = connection.connection.driver_connection
        assert driver is not None
        with (
            driver.cursor() as cursor,
            cursor.copy(
                "COPY ledger_entry (seq, id, body, hash) FROM STDIN (FORMAT BINARY)"
            ) as copy,
        ):
            copy.set_types(["int8", "bytea", "bytea", "bytea"])
            for row in rows:
                copy.write_row(row)

    def schema_faults(self, connection: Connection) -> Iterator[str]:
        found = frozenset(connection.exec_driver_sql(_CATALOGUE).scalars())
        for what in sorted(_EXPECTED - found):
            yield f"{what} is gone or was changed"
        for what in sorted(found - _EXPECTED):
            yield f"{what} is no part of a ledger"

    def _keep_others_out(self, connection: Connection) -> None:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    def _explain(self, error: DBAPIError) -> ExcommError:
        said = str(error.orig).partition("\n")[0]
        state = getattr(error.orig, "sqlstate", None)
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
        if state is not None and state.startswith("XX"):
            return Damaged(self.where, f"damaged data ({said})", "whole tables", "Restore a copy.")
        return EnvironmentFault(f"{self.where}: the database says: {said}. Nothing was written.")


def open_url(url: str) -> PostgresqlStore:
    """The ledger at `url`. Raises InputError where there is none that can be read."""
    store = PostgresqlStore(_parsed(url))
    store.check_format()
    return store


@contextmanager
def building(url: str) -> Iterator[PostgresqlStore]:
    """A store whose tables, and all that the block adds, are there together or not at all.

    Raises InputError where a ledger is there already.
    """
    parsed = _parsed(url)
    store = PostgresqlStore(parsed)
    with store.writing() as connection:
        for sql in SCHEMA:
            connection.exec_driver_sql(sql)
        write_format(connection)
        yield PostgresqlStore(parsed, connection)


def _parsed(url: str) -> URL:
    expected = "a path, or a URL like postgresql://user@host/database"
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        raise InputError("ledger", url, expected) from None
    if parsed.drivername not in ("postgresql", "postgres", "postgresql+psycopg"):
        raise InputError("ledger", f"{parsed.drivername}://", expected)
    return parsed.set(drivername="postgresql+psycopg")


def _taken(where: str) -> InputError:
    return InputError(
        where,
        "a ledger",
        "a database without one",
        "Name another database or schema; an existing ledger is only added to.",
    )
