"""A shared desk on ledgers of its own, its accounts in a fresh database, people signed in to it."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client, RequestFactory, override_settings
from playwright.sync_api import Browser, sync_playwright

from excomm.desk.accounts import entrance
from excomm.desk.accounts.installation import Installation
from excomm.desk.accounts.models import Appointment, Cleared, Person
from excomm.desk.accounts.setup import make_tables
from excomm.desk.accounts.shared import SharedDesk
from excomm.desk.office import DESK

CHROMIUM = "/usr/bin/chromium"
PASSWORD = "correct horse battery"


class Office:
    """A shared desk and the people at it."""

    def __init__(self, desk: SharedDesk) -> None:
        self.desk = desk

    def stranger(self, **said: Any) -> Client:
        """Somebody who is not signed in."""
        name = self.desk.installation.host
        return Client(enforce_csrf_checks=True, **{DESK: self.desk, "HTTP_HOST": name, **said})

    def account(
        self, name: str, *roles: str, cleared: str = "", case: str = "small", password: str = ""
    ) -> Person:
        """An account with roles in a case."""
        person = Person(name=name)
        if password:
            person.set_password(password)
        else:
            person.set_unusable_password()
        person.save()
        for role in roles:
            held = "" if role == "custodian" else case
            Appointment.objects.create(person=person, role=role, case=held)
        if cleared:
            Cleared.objects.create(person=person, case=case, marking=cleared)
        return person

    def signed_in(self, person: Person, *, factor: bool = True, confirmed: bool = True) -> Client:
        """A browser in which the person has signed in."""
        from allauth.mfa.models import Authenticator
        from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

        if factor and not Authenticator.objects.filter(user=person, type="totp").exists():
            TOTP.activate(person, generate_totp_secret())
        client = self.stranger()
        request = RequestFactory().get("/", **{DESK: self.desk})  # type: ignore[arg-type]
        request.session = SessionStore()
        login(request, person, "allauth.account.auth_backends.AuthenticationBackend")
        request.session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
        if confirmed:
            self.confirm(client, person)
        return client

    @staticmethod
    def confirm(client: Client, person: Person) -> None:
        """As if the person had just confirmed who he is."""
        from allauth.account.internal.flows import login as recorded

        session = client.session
        session[recorded.AUTHENTICATION_METHODS_SESSION_KEY] = [
            {"method": "password", "at": time.time(), "reauthenticated": True}
        ]
        session[recorded._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(person.pk)
        session.save()


@pytest.fixture(scope="session")
def empty_accounts(tmp_path_factory: pytest.TempPathFactory, shared_ways: dict[str, Any]) -> Path:
    """The accounts database with its tables and nobody in it."""
    where = Path(settings.DATABASES["default"]["NAME"])
    with override_settings(**shared_ways):
        make_tables()
    connections.close_all()
    kept = tmp_path_factory.mktemp("accounts") / "empty.sqlite"
    shutil.copy(where, kept)
    return kept


@pytest.fixture
def accounts(empty_accounts: Path, shared_ways: dict[str, Any]) -> Iterator[None]:
    """Nobody has an account yet; requests are answered as at the shared desk."""
    where = Path(settings.DATABASES["default"]["NAME"])
    connections.close_all()
    for beside in ("-wal", "-shm"):
        where.with_name(where.name + beside).unlink(missing_ok=True)
    shutil.copy(empty_accounts, where)
    entrance.forget_what_was_said()
    with override_settings(**shared_ways):
        yield
    connections.close_all()


@pytest.fixture
def office_of(accounts: None, installation: Installation, tmp_path: Path) -> Callable[..., Office]:
    """A shared desk over ledgers: `office_of(small=path)`."""

    def office_of(**ledgers: Path) -> Office:
        found = {word.replace("_", "-"): str(where) for word, where in ledgers.items()}
        over = msgspec.structs.replace(installation, ledgers=found)
        return Office(SharedDesk(over, tmp_path / "desk"))

    return office_of


@pytest.fixture
def office(office_of: Callable[..., Office], small: Path) -> Office:
    """A shared desk over the small case."""
    return office_of(small=small)


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Debian's chromium; skipped where it is not installed (scripts/system-deps installs it)."""
    if not Path(CHROMIUM).exists():
        assert not os.environ.get("CI"), "CI has chromium: scripts/system-deps installs it"
        pytest.skip("no chromium here: scripts/system-deps installs it")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def beside_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    """Playwright's loop runs in the thread of the test, where Django would ask for none.

    Threads of the server keep no connection: the next test puts another database in place.
    """
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    monkeypatch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)


def commanded(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """A command of the product, in a process of its own."""
    command = [sys.executable, "-m", "excomm.cli", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture(scope="session")
def excomm() -> Callable[..., subprocess.CompletedProcess[str]]:
    """`excomm("desk", "init", ...)`."""
    return commanded


@pytest.fixture
def shared_desk(small: Path, tmp_path: Path) -> Callable[..., Any]:
    """A desk of two processes: `with shared_desk() as (address, the path by which one joins)`."""

    @contextmanager
    def shared_desk(*words: str) -> Iterator[tuple[str, str]]:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            address = f"http://127.0.0.1:{probe.getsockname()[1]}"
        folder = tmp_path / "office"
        given = () if "--ledger" in words else ("--ledger", str(small))
        made = commanded("desk", "init", *given, *words, "--folder", folder, "--url", address)
        assert made.returncode == 0, made.stderr
        joins = re.search(r"/join/\S+", made.stdout)
        assert joins
        command = [sys.executable, "-m", "excomm.cli", "desk", "run", "--folder", str(folder)]
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ)
        (tmp_path / "pid").write_text(str(process.pid))
        try:
            _wait_for(address)
            yield address, joins[0]
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
        assert "Traceback" not in (tmp_path / "log").read_text()

    return shared_desk


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{address}/up", timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the desk did not come up")
