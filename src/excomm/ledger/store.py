"""The table under a ledger, the same on SQLite and on PostgreSQL, through SQLAlchemy Core.

Two tables. `ledger_meta` holds one row, the format. `ledger_entry` holds seq, id, body, hash: the
canonical bytes and what is needed to find and chain them, and nothing that stands in the bytes
already, save the id (as UTF-8, so that uniqueness hangs on no collation).

What differs (how to connect, to keep writers apart, to write many rows, to refuse changes, and
what an error means) is in `sqlite` and `postgresql`. Nothing here knows what an entry says.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError

from excomm.errors import ExcommError, InputError
from excomm.ledger.chain import FORMAT, Row

_TABLES = MetaData()
META = Table("ledger_meta", _TABLES, Column("format", Integer, nullable=False))
ENTRY = Table(
    "ledger_entry",
    _TABLES,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("id", LargeBinary, nullable=False, unique=True),
    Column("body", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
# Rows fetched at once: larger pages gain nothing and hold more bodies in memory.
PAGE = 512
_BEFORE_ALL = -(2**63)

_upto = (ENTRY.c.seq > bindparam("after")) & (ENTRY.c.seq <= bindparam("last"))
_BODIES = select(ENTRY.c.seq, ENTRY.c.body).where(_upto).order_by(ENTRY.c.seq).limit(PAGE)
_ROWS = select(ENTRY).where(_upto).order_by(ENTRY.c.seq).limit(PAGE)
_TIP = select(ENTRY).order_by(ENTRY.c.seq.desc()).limit(1)
_PRESENT = select(ENTRY.c.id).where(ENTRY.c.id.in_(bindparam("ids", expanding=True)))


class Store(ABC):
    """One ledger's table. `where` is how people are told which: a path, or a URL less password."""

    def __init__(self, where: str, engine: Engine, within: Connection | None = None) -> None:
        self.where = where
        self.engine = engine
        # A transaction under way that reads and writes are to be part of.
        self._within = within

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection outside any transaction, so that a slow reader keeps nobody waiting."""
        with self._explained():
            if self._within is not None:
                yield self._within
                return
            with self.engine.connect() as connection:
                yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """One transaction, alone among writers; rolled back whole where anything is raised."""
        with self._explained():
            if self._within is not None:
                yield self._within
                return
            with self.engine.begin() as connection:
                self._keep_others_out(connection)
                yield connection

    def check_format(self) -> None:
        """Raises InputError where this is no ledger, or one that this version cannot read."""
        with self.reading() as connection:
            found = connection.execute(select(META.c.format)).scalars().all()
        if list(found) != [FORMAT]:
            newer = len(found) == 1 and isinstance(found[0], int) and found[0] > FORMAT
            raise InputError(
                self.where,
                f"a ledger of format {', '.join(map(str, found)) or 'unknown'}",
                f"format {FORMAT}",
                "It is from a newer version: update excomm." if newer else "Fetch an intact copy.",
            )

    def tip(self, connection: Connection) -> Row | None:
        """The last row, or None in an empty ledger."""
        row = connection.execute(_TIP).one_or_none()
        return None if row is None else Row(*row)

    def present(self, connection: Connection, ids: Collection[bytes]) -> set[bytes]:
        """Which of these ids are taken."""
        return set(connection.execute(_PRESENT, {"ids": list(ids)}).scalars()) if ids else set()

    def pages(self, after: int) -> Iterator[Sequence[tuple[int, bytes]]]:
        """(seq, body) of every entry after `after` that is there now, in order, a page at a time.

        No transaction spans the pages: what stands below the tip can no longer change, so no
        snapshot is needed, and a reader who stops half way blocks no writer.
        """
        with self.reading() as connection:
            tip = self.tip(connection)
            last = tip.seq if tip else 0
            while page := connection.execute(_BODIES, {"after": after, "last": last}).all():
                yield page
                after = page[-1][0]

    def rows(self, connection: Connection) -> Iterator[Row]:
        """Every row that is there now, also where no ledger would have put it."""
        tip = self.tip(connection)
        last, after = tip.seq if tip else 0, _BEFORE_ALL
        while page := connection.execute(_ROWS, {"after": after, "last": last}).all():
            yield from map(Row._make, page)
            after = page[-1][0]

    @abstractmethod
    def insert(self, connection: Connection, rows: Sequence[Row]) -> None:
        """Add rows, inside the transaction of `writing`."""

    @abstractmethod
    def schema_faults(self, connection: Connection) -> Iterator[str]:
        """In what the tables, triggers and the file's own structure differ from a ledger's."""

    @abstractmethod
    def _keep_others_out(self, connection: Connection) -> None:
        """Wait until no other writer is at work."""

    @abstractmethod
    def _explain(self, error: DBAPIError) -> ExcommError:
        """What a driver's error means to whoever gave the path or URL."""

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise self._explain(error) from error


def write_format(connection: Connection) -> None:
    """The one row of the meta table."""
    connection.execute(insert(META).values(format=FORMAT))
