"""Copies of a ledger, made while writers go on, and verified before they get their name.

Of a file the copy is that file as it was at one moment. Of a database it is a ledger file with the
same name, keys, entries and head, read in one snapshot. Neither has the key that signs.
"""

from pathlib import Path

from excomm.errors import InputError
from excomm.ledger.door import Ledger
from excomm.ledger.placing import publish, scratch_beside
from excomm.ledger.postgresql import PostgresqlStore
from excomm.ledger.sqlite import SqliteStore
from excomm.ledger.store import PAGE, Connection, Kept
from excomm.ledger.verification import Verification, verify


def backup(ledger: Ledger, path: Path) -> Verification:
    """Copy a ledger into a ledger file at a free path, and verify the copy.

    It can be read and verified, and signs nothing until the ledger's key is put beside it.
    Raises InputError where the place is taken, or the ledger does not verify.
    """
    with scratch_beside(path) as scratch:
        copy = SqliteStore.under_way(scratch, path)
        if isinstance(ledger.store, PostgresqlStore):
            _copy_rows(ledger.store, copy)
        else:
            assert isinstance(ledger.store, SqliteStore)
            ledger.store.copy_to(copy)
        found = verify(copy, (), None)
        if not found.holds:
            raise InputError(ledger.where, "a ledger that does not verify", "a sound one")
        copy.rest()
        publish(scratch, path)
    return found


def _copy_rows(source: PostgresqlStore, copy: SqliteStore) -> None:
    with source.snapshot() as there, copy.writing() as here:
        copy.make_tables(here)
        for table in ("ledger_meta", "ledger_key"):
            _copy_table(there, here, table)
        page: list[Kept] = []
        last = source.size(there)
        for row in source.rows(there, last):
            page.append(Kept(*row))
            if len(page) == PAGE or row[0] == last:
                copy.insert(here, page)
                page.clear()
        for table in ("ledger_erased", "ledger_load", "ledger_cosignature"):
            _copy_table(there, here, table)


def _copy_table(there: Connection, here: Connection, table: str) -> None:
    for row in there.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall():
        marks = ", ".join("?" * len(row))
        here.execute(f"INSERT INTO {table} VALUES ({marks})", row)
