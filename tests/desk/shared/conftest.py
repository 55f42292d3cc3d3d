"""A shared desk on ledgers of its own, its accounts in a fresh database, people signed in to it."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.contrib.auth import login
from django.contrib.sessions.backends.db import SessionStore
from django.db import connections
from django.test import Client, RequestFactory, override_settings

from excomm.desk.accounts import entrance
from excomm.desk.accounts.installation import Installation
from excomm.desk.accounts.models import Appointment, Cleared, Person
from excomm.desk.accounts.setup import make_tables
from excomm.desk.accounts.shared import SharedDesk
from excomm.desk.office import DESK

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
def empty_accounts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The accounts database with its tables and nobody in it."""
    where = Path(settings.DATABASES["default"]["NAME"])
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
