"""What goes wrong around a shared desk: killed workers, lost databases, full disks, restores.

Nothing is lost or doubled, what is said is clear, and it comes back without hands.
"""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from excomm.desk.accounts.installation import database, read
from excomm.ledger import open_ledger

Excomm = Callable[..., subprocess.CompletedProcess[str]]
MAKE_TOKEN = """
import sys
from pathlib import Path
from excomm.desk.wsgi import ready
ready(Path(sys.argv[1]))
from excomm.desk.accounts.models import Appointment, Person
from excomm.desk.api.tokens import Scope, make
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
person = Person.objects.create(name="rosa", password="!")
Appointment.objects.create(person=person, role="recorder", case="small")
TOTP.activate(person, generate_totp_secret())
print(make(person, label="a", scopes=(Scope.READ, Scope.ENTER), case="", days=1, request=None))
"""


def token_in(folder: Path) -> str:
    command = [sys.executable, "-c", MAKE_TOKEN, str(folder)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    return ran.stdout.strip()


def enter(address: str, token: str, number: int) -> int:
    """Send one count under its own key; 0 where nothing answered."""
    said = {"kind": "count", "fields": {"occurred": "2024-01-07", "item": "boats",
                                        "number": str(number), "site": "port"}}  # fmt: skip
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": f"count-number-{number}",
        "Content-Type": "application/json",
    }
    request = urllib.request.Request(
        f"{address}/api/v1/cases/small/entries", json.dumps(said).encode(), headers
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as fault:
        assert fault.code in (500, 503), fault.read()
        return fault.code
    except OSError:
        return 0


def until_taken(address: str, token: str, numbers: Iterator[int] | list[int]) -> None:
    """As a client that sends again until it is told that it was taken in."""
    for number in numbers:
        for _ in range(200):
            if enter(address, token, number) == 201:
                break
            time.sleep(0.1)
        else:
            raise AssertionError(f"{number} was never taken in")


def workers_of(parent: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True,
                           text=True, check=True)  # fmt: skip
    return [int(each) for each in found.stdout.split()]


@pytest.mark.long
def test_workers_killed_while_two_write_lose_and_double_nothing(
    shared_desk: Callable[..., Any], small: Path, tmp_path: Path
) -> None:
    with shared_desk() as (address, _):
        token = token_in(tmp_path / "office")
        before = open_ledger(small).head().size
        # Two send the same numbers: the keys are the person's, so each is one entry.
        work = [
            threading.Thread(target=until_taken, args=(address, token, [*range(each, 40)]))
            for each in (0, 0)
        ]
        for each in work:
            each.start()
        parent = int((tmp_path / "pid").read_text())
        for _ in range(4):
            time.sleep(1.0)
            for pid in workers_of(parent)[:1]:
                os.kill(pid, signal.SIGKILL)
        for each in work:
            each.join()
    found = open_ledger(small)
    numbers = sorted(one.body.number for one in found.read(before) if one.kind == "count")  # type: ignore[union-attr, type-var]
    assert numbers == [*range(40)]
    assert found.verify().holds


@pytest.fixture
def server() -> Iterator[tuple[Path, Callable[..., None]]]:
    """A PostgreSQL server of one's own, to be stopped and started."""
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not homes:
        assert not os.environ.get("CI"), "CI has PostgreSQL: scripts/system-deps installs it"
        pytest.skip("no PostgreSQL server here: scripts/system-deps installs it")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres")

    def run(program: str, *words: str) -> None:
        command = [*as_user, str(homes[-1] / program), "-D", str(folder / "data"), *words]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)

    def start() -> None:
        options = f"-k {folder} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", options)

    def turn(*, on: bool) -> None:
        if on:
            start()
        else:
            run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        start()
        yield folder, turn
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            turn(on=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.long
def test_databases_that_go_away_and_come_back_are_told_of_and_lose_nothing(
    shared_desk: Callable[..., Any],
    server: tuple[Path, Callable[..., None]],
    small: Path,
    tmp_path: Path,
) -> None:
    import psycopg

    from excomm import ledger

    folder, turn = server
    with psycopg.connect(f"host={folder} user=postgres dbname=postgres", autocommit=True) as each:
        each.execute("CREATE DATABASE accounts")
        each.execute("CREATE DATABASE ledger")
    where = f"postgresql://postgres@/ledger?host={folder}"
    entries = tuple(open_ledger(small).read())
    from datetime import UTC, datetime

    ledger.create(where, entries, now=datetime(2024, 6, 1, tzinfo=UTC))
    accounts = f"postgresql://postgres@/accounts?host={folder}"
    with shared_desk("--ledger", where, "--database", accounts) as (address, joins):
        token = token_in(tmp_path / "office")
        until_taken(address, token, [*range(5)])
        turn(on=False)
        assert enter(address, token, 5) == 503
        with pytest.raises(urllib.error.HTTPError) as fault:
            urllib.request.urlopen(f"{address}{joins}", timeout=10)
        said = fault.value.read().decode()
        assert fault.value.code == 503 and "The desk cannot reach what it writes to" in said
        turn(on=True)
        until_taken(address, token, [*range(10)])
        with urllib.request.urlopen(f"{address}{joins}", timeout=10) as answer:
            assert answer.status == 200
    found = open_ledger(where)
    numbers = sorted(one.body.number for one in found.read(len(entries)) if one.kind == "count")  # type: ignore[union-attr, type-var]
    assert numbers == [*range(10)] and found.verify().holds


def test_a_full_disk_is_told_clearly_and_nothing_is_taken_in(office: Any) -> None:
    client = office.signed_in(office.account("rosa", "recorder"))
    form = client.get("/small/enter/count").content.decode()
    said = dict(re.findall(r'name="(csrfmiddlewaretoken|form-key)" value="([^"]+)"', form))
    said |= {"occurred": "2024-01-07", "item": "boats", "number": "7", "site": "port"}
    served = office.desk.cases["small"]
    before = served.case().head
    append = served.ledger.append

    def full(*_: Any, **__: Any) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    served.ledger.append = full
    answer = client.post("/small/enter/count", said)
    assert answer.status_code == 503 and answer["Retry-After"] == "5"
    page = answer.content.decode()
    assert "Send it again in a moment: the same form is never taken in twice." in page
    assert "disk is full" not in page and served.case().head == before
    served.ledger.append = append
    assert client.post("/small/enter/count", said).status_code == 302
    assert served.case().head.size == before.size + 1


def test_what_was_backed_up_is_restored_with_its_accounts(
    excomm: Excomm, small: Path, tmp_path: Path
) -> None:
    office, backup = tmp_path / "office", tmp_path / "backup"
    backup.mkdir(mode=0o700)
    assert excomm("desk", "init", "--ledger", small, "--folder", office).returncode == 0
    token = token_in(office)
    # As docs/deploy.md says.
    assert excomm("ledger", "backup", small, backup / "small.ledger").returncode == 0
    with (
        closing(sqlite3.connect(office / "accounts.sqlite")) as one,
        closing(sqlite3.connect(backup / "accounts.sqlite")) as other,
    ):
        one.backup(other)
    for name in ("installation.toml", "secret"):
        shutil.copy2(office / name, backup / name)
    shutil.rmtree(office)
    small.unlink()
    shutil.move(backup / "small.ledger", small)
    backup.rename(office)
    for path in office.iterdir():
        path.chmod(0o600)
    checked = excomm("desk", "check", "--folder", office)
    assert checked.returncode == 1 and "others may read it" not in checked.stderr
    ask = f"""
import sys
from pathlib import Path
from excomm.desk.wsgi import ready
ready(Path({str(office)!r}))
from excomm.desk.api.tokens import Scope, opened
found = opened({token!r}, Scope.READ)
print(found.person, found.roles)
"""
    command = [sys.executable, "-c", ask]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("rosa ")
    assert open_ledger(small).verify().holds


def test_a_database_of_accounts_is_read_from_its_address(tmp_path: Path) -> None:
    from excomm.desk.accounts.installation import Installation, shown

    url = "postgresql://desk:p%40ss@db.example:5433/accounts?sslmode=verify-full"
    found = database(Installation("http://127.0.0.1", url, {"a": "b"}), tmp_path)
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "accounts")
    assert (found["USER"], found["PASSWORD"]) == ("desk", "p@ss")
    assert found["OPTIONS"] == {"sslmode": "verify-full"}
    assert shown(url) == "postgresql://desk@db.example:5433/accounts?sslmode=verify-full"
    with pytest.raises(Exception, match="no desk is set up here"):
        read(tmp_path)
