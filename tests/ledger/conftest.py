"""Real databases: a file in a temporary folder, and a PostgreSQL server started for the run."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import Look
from excomm.ledger import sqlite

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


Tampering = Callable[[str], AbstractContextManager[sa.Connection]]


@pytest.fixture
def behind_its_back() -> Tampering:
    """A connection of somebody who owns the database: triggers off, and on again afterwards."""

    @contextmanager
    def open_it(where: str) -> Iterator[sa.Connection]:
        if where.startswith("postgresql:"):
            engine = sa.create_engine(where.replace("postgresql:", "postgresql+psycopg:", 1))
            off = ["ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_refuse"]
            on = ["ALTER TABLE ledger_entry ENABLE ALWAYS TRIGGER ledger_entry_refuse"]
        else:
            engine = sa.create_engine(f"sqlite:///{where}")
            triggers = [name for name in sqlite.SCHEMA if name.startswith("ledger_entry_")]
            off = [f"DROP TRIGGER {name}" for name in triggers]
            on = [sqlite.SCHEMA[name] for name in triggers]
        with engine.begin() as connection:
            for statement in off:
                connection.exec_driver_sql(statement)
            yield connection
            for statement in on:
                connection.exec_driver_sql(statement)
        engine.dispose()

    return open_it
