"""One index of a ledger's words, in a file beside it; made anew whenever it is not the ledger's.

It holds every entry, whatever its marking, and so never answers by itself: whoever asks gives the
ids that a reader may see, and gets those of them that match, newest first. There is no rank, since
a rank would tell how often a word stands in what is hidden. It is no part of the evidence: deleted,
it is made again. What is erased from the ledger is erased here before anything else is asked.
"""

import os
import sqlite3
import threading
from collections.abc import Container, Iterable
from contextlib import suppress
from pathlib import Path

from excomm.entries import Entry
from excomm.entries.kinds import Erasure
from excomm.ledger import Head, Ledger
from excomm.search.words import question, words_of

_FORM = 1  # of the index; another is made anew
_WAIT_MS = 10_000
_STATE = """CREATE TABLE IF NOT EXISTS state
  (form INTEGER, origin TEXT, size INTEGER, digest TEXT)"""
_SAID = """CREATE VIRTUAL TABLE IF NOT EXISTS said USING fts5(
  id UNINDEXED, words, tokenize = "unicode61 remove_diacritics 2")"""


class Index:
    """Words of entries. `beside` a ledger it keeps itself current; `of` entries it stays."""

    def __init__(self, connection: sqlite3.Connection, ledger: Ledger | None = None) -> None:
        self._connection = connection
        self._ledger = ledger
        self._head: Head | None = None
        self._lock = threading.Lock()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Index":
        """An index in memory, of a case that is no ledger."""
        found = cls(_opened(":memory:"))
        found._add(entries)
        return found

    @classmethod
    def beside(cls, ledger: Ledger) -> "Index":
        """The index of a ledger, in a file beside it that nobody else may read.

        Where no file can be kept there, one in memory: slower at the first question, no other.
        """
        where = place_of(ledger)
        with suppress(OSError, sqlite3.Error):
            return cls(_kept(where), ledger)
        return cls(_opened(":memory:"), ledger)

    def matching(self, text: str, visible: Container[str]) -> tuple[str, ...]:
        """The ids among those that match all the words asked for, the latest taken in first.

        visible: the ids that the reader may see; nothing of any other entry can be told from the
        answer. Nothing asked matches nothing. Raises InputError for a question too long.
        """
        asked = question(text)
        if not asked:
            return ()
        with self._lock:
            self._refresh()
            rows = self._connection.execute(
                "SELECT id FROM said WHERE said MATCH ? ORDER BY rowid DESC",
                (f"words : ({asked})",),
            )
            return tuple(name for (name,) in rows if name in visible)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    # -- keeping it current ------------------------------------------------------------------------

    def _refresh(self) -> None:
        if self._ledger is None:
            return
        head = self._ledger.head()
        if head == self._head:
            return
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            size = self._good(self._ledger, head)
            fresh = [] if size is None else [*self._ledger.read(after=size, size=head.size)]
            if size is None or any(isinstance(one.body, Erasure) for one in fresh):
                # Dropped, not emptied: with secure_delete no byte of what was erased stays.
                self._connection.execute("DROP TABLE said")
                self._connection.execute(_SAID)
                fresh = [*self._ledger.read(size=head.size)]
            self._add(fresh)
            self._connection.execute("DELETE FROM state")
            state = (_FORM, self._ledger.origin, head.size, head.digest)
            self._connection.execute("INSERT INTO state VALUES (?, ?, ?, ?)", state)
            self._connection.execute("COMMIT")
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._head = head

    def _good(self, ledger: Ledger, head: Head) -> int | None:
        """How much of the ledger the index holds already; None where it is another's, or older."""
        row = self._connection.execute("SELECT form, origin, size, digest FROM state").fetchone()
        if row is None or row[:2] != (_FORM, ledger.origin) or row[2] > head.size:
            return None
        return int(row[2]) if ledger.head(row[2]).digest == row[3] else None

    def _add(self, entries: Iterable[Entry]) -> None:
        self._connection.executemany(
            "INSERT INTO said (id, words) VALUES (?, ?)",
            ((str(entry.id), words_of(entry)) for entry in entries),
        )


def place_of(ledger: Ledger) -> Path:
    """Where a ledger's index lies: beside its key, as its files do."""
    return ledger.key_path.with_suffix(".search")


def _kept(where: Path) -> sqlite3.Connection:
    """The file, for its owner alone; one that is no index is made anew."""
    handle = os.open(where, os.O_CREAT | os.O_RDWR, 0o600)
    os.close(handle)
    where.chmod(0o600)
    try:
        return _opened(str(where))
    except sqlite3.DatabaseError:
        where.unlink()
        return _opened(str(where))


def _opened(where: str) -> sqlite3.Connection:
    connection = sqlite3.connect(where, isolation_level=None, check_same_thread=False)
    connection.execute(f"PRAGMA busy_timeout = {_WAIT_MS}")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(_STATE)
    connection.execute(_SAID)
    return connection
