"""The door to a ledger: append, read, head, verify. What lies behind may change; this does not.

The ledger alone sets `seq` and `appended`. It refuses what would make its own order meaningless
(an id used twice, a correction of nothing, an entry recorded in the future) and judges nothing
else: whether parties, items and markings are known is asked where entries are read from files.
"""

import re
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from excomm.entries import Entry, from_bytes, instant_text, to_bytes
from excomm.errors import Faults, InputError
from excomm.ledger.chain import GENESIS, Head, Row, link
from excomm.ledger.recognition import has_mark
from excomm.ledger.verification import Verification, verify

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from excomm.ledger.store import Store

_BATCH = 1000
_URL = re.compile(r"[a-z][a-z0-9+.-]+://")


class Ledger:
    """An append-only log of entries, in an SQLite file or a PostgreSQL database."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    @property
    def where(self) -> str:
        """The path, or the URL without its password."""
        return self._store.where

    def append(self, entries: Iterable[Entry], *, now: datetime) -> Head:
        """Take in all of these, in this order, or none; durable when this returns.

        now: an instant with offset. `appended` is it, or the last entry's where the clock has
        gone back since. What `entries` carry in `seq` and `appended` is not looked at.
        Raises Faults with an InputError (`where` is "entries[INDEX].FIELD") for every id that is
        taken, every `corrects` that names no earlier entry, and every `recorded` without offset
        or after `appended`.
        """
        if now.tzinfo is None:
            raise InputError("now", now, "an instant with offset", "Say which zone it is in.")
        with self._store.writing() as connection:
            tip = self._store.tip(connection)
            last = _decoded(self.where, tip.seq, tip.body).appended if tip else None
            now = now.astimezone(UTC)
            writing = _Appending(
                self._store,
                connection,
                Head(tip.seq, tip.hash.hex()) if tip else _EMPTY,
                max(now, last) if last else now,
            )
            entries = iter(entries)
            while batch := list(islice(entries, _BATCH)):
                writing.add(batch)
            if writing.faults:
                raise Faults(writing.faults)
        return writing.head

    def read(self, after: int = 0) -> Iterator[Entry]:
        """The entries after number `after`, in order, up to the last that is there now.

        Memory stays flat, and a reader who stops half way keeps no writer waiting.
        Raises InputError, naming the entry, where bytes cannot be decoded; nothing else is
        checked here, that is `verify`'s.
        """
        for page in self._store.pages(after):
            try:
                entries = [from_bytes(body) for _, body in page]
            except (msgspec.MsgspecError, TypeError):
                # Once more, one by one: the sound ones first, then the fault by its number.
                yield from (_decoded(self.where, seq, body) for seq, body in page)
            else:
                yield from entries

    def head(self) -> Head:
        """Where the ledger ends now."""
        with self._store.reading() as connection:
            tip = self._store.tip(connection)
        return Head(tip.seq, tip.hash.hex()) if tip else _EMPTY

    def verify(self, held: Head | None = None) -> Verification:
        """Compute everything again, and compare with a head that somebody held, if one is given.

        Finds changed, missing, swapped and undecodable entries, numbers and times that disagree
        with their place, and tables and triggers that are not a ledger's.
        """
        return verify(self._store, held)


def create(
    where: str | Path, entries: Iterable[Entry] = (), *, now: datetime | None = None
) -> Ledger:
    """Make a ledger at a free path or in a database without one, with its first entries.

    It is there whole and verified, or not at all. now: as for `append`; needed for entries.
    Raises what `append` raises, and InputError where the place is taken or cannot be written.
    """
    assert now is not None or entries == (), "entries are taken in at some moment: give `now`"
    if _is_url(where):
        from excomm.ledger import postgresql

        with postgresql.building(str(where)) as store:
            _fill(Ledger(store), entries, now)
    else:
        from excomm.ledger import sqlite

        with sqlite.building(Path(where)) as scratch:
            _fill(Ledger(scratch), entries, now)
    return open_ledger(where)


def open_ledger(where: str | Path) -> Ledger:
    """The ledger at a path or a PostgreSQL URL; nothing is made or changed.

    Raises InputError where there is none, it is damaged or from a newer version.
    """
    if _is_url(where):
        from excomm.ledger import postgresql

        return Ledger(postgresql.open_url(str(where)))
    from excomm.ledger import sqlite

    return Ledger(sqlite.open_file(Path(where)))


def is_ledger(where: str | Path) -> bool:
    """Whether a path or URL is worth opening as a ledger, by the look of it.

    Asks a file for its mark, and a URL for nothing.
    """
    if _is_url(where):
        return True
    try:
        return Path(where).is_file() and has_mark(Path(where))
    except (sqlite3.Error, OSError):
        return False


_EMPTY = Head(0, GENESIS.hex())


class _Appending:
    """One append under way: numbers, refuses and chains, batch by batch."""

    def __init__(
        self, store: "Store", connection: "Connection", head: Head, appended: datetime
    ) -> None:
        self.faults: list[InputError] = []
        self._store = store
        self._connection = connection
        self._appended = appended
        self._seq = head.size
        self._hash = bytes.fromhex(head.digest)
        self._index = 0

    @property
    def head(self) -> Head:
        return Head(self._seq, self._hash.hex())

    def add(self, batch: list[Entry]) -> None:
        named = {entry.id for entry in batch} | {e.corrects for e in batch if e.corrects}
        there = self._store.present(self._connection, [name.encode() for name in named])
        rows = []
        for entry in batch:
            key = entry.id.encode()
            self.faults += self._faults(entry, key, there)
            # Faulty ones are written too, so that later ones may name them; all is undone then.
            if key not in there:
                there.add(key)
                self._seq += 1
                body = to_bytes(
                    msgspec.structs.replace(entry, seq=self._seq, appended=self._appended)
                )
                self._hash = link(self._hash, body)
                rows.append(Row(self._seq, key, body, self._hash))
            self._index += 1
        self._store.insert(self._connection, rows)

    def _faults(self, entry: Entry, key: bytes, there: set[bytes]) -> Iterator[InputError]:
        where = f"entries[{self._index}]"
        if key in there:
            yield InputError(
                f"{where}.id",
                entry.id,
                "an id that is not in the ledger",
                "Name the old entry in `corrects` to replace it.",
            )
        if entry.corrects is not None and entry.corrects.encode() not in there:
            yield InputError(f"{where}.corrects", entry.corrects, "the id of an earlier entry")
        if entry.recorded.tzinfo is None:
            yield InputError(f"{where}.recorded", entry.recorded, "an instant with offset")
        elif entry.recorded > self._appended:
            yield InputError(
                f"{where}.recorded",
                instant_text(entry.recorded),
                f"at the latest now, {instant_text(self._appended)}",
                "Nothing can have been known later than it is taken in: mend the row or the clock.",
            )


def _fill(ledger: Ledger, entries: Iterable[Entry], now: datetime | None) -> None:
    if now is not None:
        ledger.append(entries, now=now)
    found = ledger.verify()
    assert found.holds, f"a ledger just written does not verify: {found.faults}"


def _decoded(where: str, seq: int, body: bytes) -> Entry:
    try:
        return from_bytes(body)
    except (msgspec.MsgspecError, TypeError) as error:
        raise InputError(
            f"{where}: entry {seq}",
            f"bytes that are no entry ({error})",
            "an entry as it was taken in",
            "See what else was changed: excomm verify LEDGER.",
        ) from None


def _is_url(where: str | Path) -> bool:
    return isinstance(where, str) and _URL.match(where) is not None
