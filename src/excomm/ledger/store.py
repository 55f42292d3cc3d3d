"""The tables under a ledger, the same on SQLite and on PostgreSQL, straight on the drivers.

    ledger_meta         one row: the format, the ledger's name, the digest of the schema's text
    ledger_key          the keys that sign, the first for heads from size 0 on
    ledger_entry        hashes only: under each number its leaf and the nodes that it completes
    ledger_vault        what the hashes stand for: id, secret, canonical bytes
    ledger_erased       which rows of the vault were taken out, by which entry
    ledger_load         the keys of loads that landed, so that a repeated one lands once
    ledger_cosignature  what witnesses signed

All but the vault is inserted and selected only, and the vault loses a row only where
`ledger_erased` says so first.

What differs (how to connect, to keep writers apart, to write many rows, to refuse changes, and
what an error means) is in `sqlite` and `postgresql`. Nothing here knows what an entry says. The
drivers are used as they are: a layer between cost a third of the rate of single commits.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from excomm.errors import InputError
from excomm.ledger.heads import FORMAT
from excomm.ledger.tree import DIGEST_BYTES, Frontier, Place, peak_places

# Rows fetched at once: larger pages gain nothing and hold more bodies in memory.
PAGE = 512
_BEFORE_ALL = -(2**63)


class Cursor(Protocol):
    """What a statement gave."""

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """A connection of either driver; parameters are written ?."""

    def execute(self, sql: str, parameters: Sequence[object] = ..., /) -> Cursor: ...


class Kept(NamedTuple):
    """One entry as it is kept; a tampered file may hold other types."""

    seq: int
    nodes: bytes
    id: bytes
    secret: bytes
    body: bytes


# What stands in the fields of a `Kept`, or in their place.
Row = tuple[Any, Any, Any, Any, Any]


class Key(NamedTuple):
    """A key that signs heads of more than `since` entries; endorsed by the one before."""

    since: int
    public: bytes
    endorsement: bytes


class Identity(NamedTuple):
    """Whose ledger this is."""

    origin: str
    schema: str
    keys: tuple[Key, ...]


class Load(NamedTuple):
    """A load that landed: entries after `first` up to `last`, and the digest of what was given."""

    first: int
    last: int
    digest: bytes


class Store(ABC):
    """One ledger's tables. `where` is how people are told which: a path, or a URL less password."""

    where: str

    @abstractmethod
    def reading(self) -> AbstractContextManager[Connection]:
        """A connection outside any transaction, so that a slow reader keeps nobody waiting."""

    @abstractmethod
    def writing(self) -> AbstractContextManager[Connection]:
        """One transaction, alone among writers; rolled back whole where anything is raised."""

    @abstractmethod
    def insert(self, connection: Connection, kept: Sequence[Kept]) -> None:
        """Add entries, inside the transaction of `writing`."""

    @abstractmethod
    def present(self, connection: Connection, ids: Collection[bytes]) -> set[bytes]:
        """Which of these ids are taken, those of erased entries among them."""

    @abstractmethod
    def schema_faults(self, connection: Connection, *, deep: bool) -> Iterator[str]:
        """In what tables and triggers differ from a ledger's; deep: the file's structure too."""

    @abstractmethod
    def forget(self) -> None:
        """After an erasure: leave nothing of it in the free space of the database."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the connection for writing; it is opened again where it is needed."""

    def check_format(self) -> None:
        """Raises InputError where this is no ledger, or one that this version cannot read."""
        with self.reading() as connection:
            found = [
                row[0] for row in connection.execute("SELECT format FROM ledger_meta").fetchall()
            ]
        if found != [FORMAT]:
            newer = len(found) == 1 and isinstance(found[0], int) and found[0] > FORMAT
            older = len(found) == 1 and isinstance(found[0], int) and found[0] < FORMAT
            remedy = "Fetch an intact copy."
            if newer:
                remedy = "It is from a newer version: update excomm."
            elif older:
                remedy = "It is from an older version: load its folder again."
            raise InputError(
                self.where,
                f"a ledger of format {', '.join(map(str, found)) or 'unknown'}",
                f"format {FORMAT}",
                remedy,
            )

    def identity(self) -> Identity:
        """Name and keys. What is not as it should be is `verify`'s to find."""
        with self.reading() as connection:
            origin, schema = connection.execute("SELECT origin, schema FROM ledger_meta").fetchone()
            keys = connection.execute(
                "SELECT since, public, endorsement FROM ledger_key ORDER BY since"
            ).fetchall()
        return Identity(str(origin), str(schema), tuple(Key(*key) for key in keys))

    def size(self, connection: Connection) -> int:
        """The number of the last entry."""
        (last,) = connection.execute("SELECT max(seq) FROM ledger_entry").fetchone()
        return int(last or 0)

    def nodes(self, connection: Connection, places: Sequence[Place]) -> list[bytes]:
        """The hashes at these places of the tree.

        Raises InputError where one is not there.
        """
        rows: dict[int, bytes] = {}
        wanted = sorted({(index + 1) << level for level, index in places})
        for at in range(0, len(wanted), PAGE):
            some = wanted[at : at + PAGE]
            marks = ",".join("?" * len(some))
            query = f"SELECT seq, nodes FROM ledger_entry WHERE seq IN ({marks})"
            rows.update(connection.execute(query, some).fetchall())
        found = []
        for level, index in places:
            seq = (index + 1) << level
            node = rows.get(seq, b"")[DIGEST_BYTES * level : DIGEST_BYTES * (level + 1)]
            if not isinstance(node, bytes) or len(node) != DIGEST_BYTES:
                raise InputError(
                    f"{self.where}: entry {seq}",
                    "a hash that is missing",
                    "the tree whole",
                    "See what else was changed: excomm verify LEDGER.",
                )
            found.append(node)
        return found

    def frontier(self, connection: Connection, size: int) -> Frontier:
        """The right edge of the tree over the first `size` entries."""
        return Frontier(size, self.nodes(connection, peak_places(0, size)))

    def body(self, connection: Connection, seq: int) -> bytes | None:
        """The canonical bytes of an entry, if they are there."""
        row = connection.execute("SELECT body FROM ledger_vault WHERE seq = ?", (seq,)).fetchone()
        return None if row is None else row[0]

    def bodies(self, connection: Connection) -> Iterator[tuple[int, bytes]]:
        """(seq, body) of every entry, in order, inside the transaction of `writing` too."""
        after = 0
        query = f"SELECT seq, body FROM ledger_vault WHERE seq > ? ORDER BY seq LIMIT {PAGE}"
        while page := connection.execute(query, (after,)).fetchall():
            yield from page
            after = page[-1][0]

    def kept(self, connection: Connection, key: bytes) -> Kept | None:
        """All of the entry of an id, if it is there."""
        row = connection.execute(
            "SELECT e.seq, e.nodes, v.id, v.secret, v.body FROM ledger_vault v"
            " JOIN ledger_entry e ON e.seq = v.seq WHERE v.id = ?",
            (key,),
        ).fetchone()
        return None if row is None else Kept(*row)

    def load(self, connection: Connection, key: bytes) -> Load | None:
        """The load that landed under this key, if one did."""
        row = connection.execute(
            "SELECT first, last, digest FROM ledger_load WHERE key = ?", (key,)
        ).fetchone()
        return None if row is None else Load(*row)

    def add_load(self, connection: Connection, key: bytes, load: Load) -> None:
        """Remember that a load landed."""
        connection.execute("INSERT INTO ledger_load VALUES (?, ?, ?, ?)", (key, *load))

    def erased(self, connection: Connection) -> dict[int, tuple[bytes, int]]:
        """Of each erased entry its id, and the number of the entry that says so."""
        rows = connection.execute("SELECT seq, id, said_by FROM ledger_erased").fetchall()
        return {seq: (key, said_by) for seq, key, said_by in rows}

    def erase(self, connection: Connection, seq: int, key: bytes, said_by: int) -> None:
        """Take an entry out of the vault, inside the transaction of `writing`."""
        connection.execute("INSERT INTO ledger_erased VALUES (?, ?, ?)", (seq, key, said_by))
        connection.execute("DELETE FROM ledger_vault WHERE seq = ?", (seq,))

    def cosignatures(self, size: int) -> list[tuple[str, str]]:
        """(the witness's key, its line) for the head of this size."""
        with self.reading() as connection:
            rows = connection.execute(
                "SELECT witness, line FROM ledger_cosignature WHERE size = ? ORDER BY witness",
                (size,),
            ).fetchall()
        return [(str(witness), str(line)) for witness, line in rows]

    def add_cosignature(self, size: int, witness: str, line: str) -> None:
        """Keep what a witness signed; the same again changes nothing."""
        with self.writing() as connection:
            there = connection.execute(
                "SELECT 1 FROM ledger_cosignature WHERE size = ? AND witness = ?", (size, witness)
            ).fetchone()
            if there is None:
                connection.execute(
                    "INSERT INTO ledger_cosignature VALUES (?, ?, ?)", (size, witness, line)
                )

    def pages(self, after: int, last: int | None = None) -> Iterator[Sequence[tuple[int, bytes]]]:
        """(seq, body) of every entry after `after` up to `last`, in order, a page at a time.

        last: the number of the last; without it, of the last that is there now.

        No transaction spans the pages: what stands below the tip can no longer change, so no
        snapshot is needed, and a reader who stops half way blocks no writer.
        """
        query = (
            "SELECT seq, body FROM ledger_vault WHERE seq > ? AND seq <= ?"
            f" ORDER BY seq LIMIT {PAGE}"
        )
        with self.reading() as connection:
            last = self.size(connection) if last is None else last
            while page := connection.execute(query, (after, last)).fetchall():
                yield page
                after = page[-1][0]

    def rows(self, connection: Connection, last: int, after: int = _BEFORE_ALL) -> Iterator[Row]:
        """All of every entry up to `last`, one by one, as `row_pages` gives them."""
        for page in self.row_pages(connection, last, after):
            yield from page

    def row_pages(
        self, connection: Connection, last: int, after: int = _BEFORE_ALL
    ) -> Iterator[list[Row]]:
        """All of every entry up to `last`, also where no ledger would have put it.

        Of an erased entry id, secret and body are None.
        """
        query = (
            "SELECT e.seq, e.nodes, v.id, v.secret, v.body FROM ledger_entry e"
            " LEFT JOIN ledger_vault v ON v.seq = e.seq"
            f" WHERE e.seq > ? AND e.seq <= ? ORDER BY e.seq LIMIT {PAGE}"
        )
        while page := connection.execute(query, (after, last)).fetchall():
            yield page
            after = page[-1][0]

    def vault_size(self, connection: Connection, last: int) -> int:
        """How many entries the vault holds up to `last`."""
        query = "SELECT count(*) FROM ledger_vault WHERE seq <= ?"
        return int(connection.execute(query, (last,)).fetchone()[0])


def write_identity(connection: Connection, origin: str, schema: str, public: bytes) -> None:
    """The row of the meta table and the first key."""
    connection.execute("INSERT INTO ledger_meta VALUES (?, ?, ?)", (FORMAT, origin, schema))
    connection.execute("INSERT INTO ledger_key VALUES (0, ?, ?)", (public, b""))


def schema_digest(statements: Iterable[str]) -> str:
    """The digest of a schema's own text: part of the ledger's name."""
    from hashlib import sha256

    return sha256("\n".join(statements).encode()).hexdigest()
