"""Real databases: a file in a temporary folder, and a PostgreSQL server started for the run."""

import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest

from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import Look
from excomm.ledger import sqlite
from excomm.ledger.postgresql import PostgresqlStore
from excomm.ledger.store import Connection

DATABASES = ("sqlite", "postgresql")
_schemas = count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Path]:
    """The folder of a running server's socket."""
    binaries = _binaries()
    # Short: the path of a socket may have 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    # PostgreSQL refuses to run as root.
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        subprocess.run(
            [*as_user, str(binaries / program), "-D", str(data), *arguments],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", options)
        yield folder
    finally:
        if (data / "postmaster.pid").exists():
            run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found or on_path:
        return (found[-1] if found else Path(str(on_path))).parent
    line = "PostgreSQL's server is not installed; scripts/system-deps installs it"
    if os.environ.get("CI") == "true":
        pytest.fail(line)
    pytest.skip(line)


@pytest.fixture
def postgresql_url(postgresql_server: Path) -> str:
    """A URL whose schema is new and empty."""
    name = f"s{next(_schemas)}"
    server = f"host={postgresql_server} user=postgres dbname=postgres"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return (
        f"postgresql://postgres@/postgres?host={postgresql_server}&options=-csearch_path%3D{name}"
    )


@pytest.fixture(params=DATABASES)
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A free place for a ledger, once for each database."""
    if request.param == "sqlite":
        return str(tmp_path / "case.ledger")
    return str(request.getfixturevalue("postgresql_url"))


@pytest.fixture
def now() -> datetime:
    return datetime(1962, 11, 12, 16, tzinfo=UTC)


@pytest.fixture
def looks() -> Callable[..., list[Entry]]:
    """So many looks, one a minute, from number `first`."""

    def make(number: int, *, first: int = 1) -> list[Entry]:
        opens = datetime(1962, 10, 14, tzinfo=UTC)
        return [
            Entry(
                id=EntryId(f"look-{index}"),
                occurred=Day((opens + timedelta(minutes=index)).date()),
                recorded=opens + timedelta(minutes=index),
                body=Look(means="low-level", outcome="made", sites=("san-cristobal",)),
                source="JCS photo log",
            )
            for index in range(first, first + number)
        ]

    return make


Tampering = Callable[[str], AbstractContextManager[Connection]]


@pytest.fixture
def behind_its_back() -> Tampering:
    """A connection of somebody who owns the database: triggers off, and on again afterwards."""

    @contextmanager
    def open_it(where: str) -> Iterator[Connection]:
        if where.startswith("postgresql:"):
            with PostgresqlStore(where).writing() as session:
                tables = (
                    "ledger_meta",
                    "ledger_entry",
                    "ledger_vault",
                    "ledger_erased",
                    "ledger_key",
                )
                for table in tables:
                    session.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
                yield session
                for table in tables:
                    session.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_refuse")
                session.execute("ALTER TABLE ledger_vault ENABLE ALWAYS TRIGGER ledger_vault_erase")
            return
        triggers = [name for name in sqlite.SCHEMA if name not in sqlite.TABLES]
        with closing(sqlite3.connect(where)) as connection, connection:
            for name in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield connection
            for name in triggers:
                connection.execute(sqlite.SCHEMA[name])

    return open_it


class Counting:
    """Secrets that are the same in every run, and no secrets."""

    def __init__(self, seed: int = 0) -> None:
        self._chance = random.Random(seed)

    def __call__(self, number: int) -> bytes:
        return self._chance.randbytes(number)


@pytest.fixture
def counting() -> type[Counting]:
    return Counting


@pytest.fixture(autouse=True)
def folder_of_keys(tmp_path_factory: pytest.TempPathFactory, monkeypatch: Any) -> None:
    """Where keys of ledgers in databases go."""
    monkeypatch.setenv("EXCOMM_KEYS", str(tmp_path_factory.mktemp("keys")))
