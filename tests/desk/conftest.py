"""A desk on a ledger of its own, asked in process; and the same one behind a real socket."""

import atexit
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.test import Client, override_settings

from excomm import folder, ledger
from excomm.case import SHIPPED
from excomm.desk.accounts.installation import Installation
from excomm.desk.keeping import Kept
from excomm.desk.office import DESK, Desk
from excomm.desk.run import Run, digest_of
from excomm.desk.settings import configure, personal, shared
from excomm.desk.wsgi import application_of

KEY = "the-key-of-the-tests"
NOW = datetime(2024, 6, 1, tzinfo=UTC)
SMALL = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
shown_on = 2024-01-10
parties = [{id = "A", name = "Side A"}, {id = "B", name = "Side B"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port"}]
means = [{id = "visit", name = "visit"}]
[markings]
levels = ["open", "restricted", "secret"]
=== looks.csv
id,occurred,means,outcome,sites,what,marking
L1,2024-01-05,visit,made,port,seen from the gate,open
L2,2024-01-06,visit,refused,port,CANARY turned away,secret
=== counts.csv
id,occurred,item,number,site,by,source,marking
C1,2024-01-05,boats,3,port,A,report 7,open
C2,2024-01-06,boats,4,port,A,CANARY source,secret
"""

_SECRET = "a secret of the tests, long enough for signing"
ACCOUNTS = Path(tempfile.mkdtemp(prefix="excomm-accounts-"))
atexit.register(shutil.rmtree, ACCOUNTS, ignore_errors=True)
INSTALLATION = Installation(
    url="http://127.0.0.1:8963", database="accounts.sqlite", ledgers={"small": "elsewhere"}
)
SHARED = shared(_SECRET, INSTALLATION, ACCOUNTS)
SHARED["INSTALLED_APPS"].append("allauth.socialaccount.providers.saml")  # a provider comes later
configure(SHARED)
# One process is set up once: with the tables of the shared desk, and the ways of the personal one,
# which the tests of the shared desk put aside.
WAYS = ("MIDDLEWARE", "ROOT_URLCONF", "ALLOWED_HOSTS", "CSRF_FAILURE_VIEW", "CACHES")
override_settings(**{name: personal(_SECRET)[name] for name in WAYS}).enable()

DeskOf = Callable[..., Desk]


@pytest.fixture(scope="session")
def installation() -> Installation:
    """What the shared desk of the tests is set up as."""
    return INSTALLATION


@pytest.fixture(scope="session")
def shared_ways() -> dict[str, Any]:
    """What of Django's settings differs at the shared desk."""
    return {name: SHARED[name] for name in WAYS}


@pytest.fixture
def desk_of(tmp_path: Path) -> DeskOf:
    """A desk over cases: `desk_of(name, ...)`, on a port that nothing listens at."""

    def desk_of(*names: str | Path, port: int = 8962, run_id: str = "run") -> Desk:
        run = Run(tuple(map(str, names)), port, run_id, digest_of(KEY))
        return Desk(run, Kept(tmp_path / "state"))

    return desk_of


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """The small case as a ledger."""
    where = tmp_path / "small.ledger"
    ledger.create(where, folder.read_text(SMALL, now=NOW).entries, now=NOW)
    return where


@pytest.fixture(scope="session")
def cuba_bytes(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The shipped case as a ledger's bytes: loading once is enough."""
    where = tmp_path_factory.mktemp("cuba") / "cuba.ledger"
    ledger.create(where, folder.read(SHIPPED / "cuba-1962", now=NOW).entries, now=NOW)
    return where.read_bytes()


@pytest.fixture
def cuba(tmp_path: Path, cuba_bytes: bytes) -> Path:
    """A fresh ledger of the shipped case."""
    where = tmp_path / "cuba.ledger"
    where.write_bytes(cuba_bytes)
    return where


def outside(desk: Desk, *, host: str = "") -> Client:
    """Somebody without a session."""
    said: dict[str, Any] = {DESK: desk, "HTTP_HOST": host or desk.own_names[0]}
    return Client(enforce_csrf_checks=True, **said)


def opened(desk: Desk) -> Client:
    """Somebody who came with the key."""
    client = outside(desk)
    assert client.get("/", {"key": KEY}).status_code == 303
    return client


class _Server(ThreadingMixIn, WSGIServer):
    pass  # closing waits for the connections under way


class _Quiet(WSGIRequestHandler):
    timeout = 0.3  # browsers open connections ahead and leave them

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextmanager
def listening(make: Callable[[int], Desk]) -> Iterator[str]:
    """A desk behind a real socket; gives the address without the key."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    port = server.server_port
    server.set_app(application_of(make(port)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def open_desk() -> Callable[[Desk], Client]:
    """`opened`, for tests: a client with a session."""
    return opened


@pytest.fixture
def outsider() -> Callable[..., Client]:
    """`outside`, for tests: a client without one."""
    return outside


@pytest.fixture(scope="session")
def listen_with() -> Any:
    """`listening`, for tests: `with listen_with(lambda port: desk) as address`."""
    return listening


@pytest.fixture(scope="session")
def listen_on(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A desk on one case behind a real socket: `with listen_on(path) as address`."""

    def listen_on(where: Path) -> Any:
        kept = Kept(tmp_path_factory.mktemp("state") / "desk")
        return listening(
            lambda port: Desk(Run((str(where),), port, f"run{port}", digest_of(KEY)), kept)
        )

    return listen_on
