"""The commands of the shared desk, the whole way: set up, run with two workers, asked over HTTP."""

import http.cookiejar
import re
import stat
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

PASSWORD = "correct horse battery"


Excomm = Callable[..., subprocess.CompletedProcess[str]]


class Browser:
    """A browser without a screen."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.address + path, timeout=30) as answer:
            return str(answer.read().decode())

    def send(self, path: str, **said: str) -> tuple[str, str]:
        found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', self.get(path))
        assert found
        data = urllib.parse.urlencode({"csrfmiddlewaretoken": found[1], **said}).encode()
        headers = {"Origin": self.address}
        request = urllib.request.Request(self.address + path, data, headers)
        try:
            with self.opener.open(request, timeout=30) as answer:
                return answer.geturl(), answer.read().decode()
        except urllib.error.HTTPError as fault:
            return fault.geturl() or "", fault.read().decode()


def test_the_custodian_joins_and_ten_wrong_passwords_do_not_pass_two_workers(
    shared_desk: Callable[..., Any],
) -> None:
    with shared_desk() as (address, joins):
        _guesses(address, joins)


def _guesses(address: str, joins: str) -> None:
    assert Browser(address).send(joins, password=PASSWORD, again=PASSWORD)[0].endswith("/login/")
    # Each from a new connection, so that both workers are asked.
    told = [
        Browser(address).send("/account/login/", login="custodian", password=f"wrong {n}")[1]
        for n in range(10)
    ]
    assert sum("are not correct" in page for page in told) == 5
    assert sum("Too many failed" in page for page in told) == 5


def test_what_is_unsafe_is_told_with_what_to_do(
    small: Path, tmp_path: Path, excomm: Excomm
) -> None:
    folder = tmp_path / "office"
    small.chmod(0o600)
    made = excomm("desk", "init", "--ledger", small, "--folder", folder)
    assert made.returncode == 0, made.stderr
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert set(modes.values()) == {0o600} and set(modes) >= {"secret", "installation.toml"}
    said = excomm("desk", "check", "--folder", folder)
    assert said.returncode == 1
    lines = said.stderr.splitlines()
    assert (
        "http://127.0.0.1:8963: people come without TLS. Good for this machine alone." in lines[0]
    )
    told = " ".join(lines)
    assert "no second factor yet: custodian." in told
    assert "custodians: custodian. Have two" in told
    assert "no backup is known." in told
    small.chmod(0o644)
    assert (
        f"small: others may read {small} (mode 644). chmod 600"
        in excomm("desk", "check", "--folder", folder).stderr
    )
    (folder / "secret").chmod(0o640)
    said = excomm("desk", "check", "--folder", folder)
    assert (
        said.stderr
        == f"{folder}/secret: others may read it (mode 640). chmod 600 {folder}/secret\n"
    )


def test_an_installation_is_never_written_over(small: Path, tmp_path: Path, excomm: Excomm) -> None:
    folder = tmp_path / "office"
    assert excomm("desk", "init", "--ledger", small, "--folder", folder).returncode == 0
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    again = excomm("desk", "init", "--ledger", small, "--folder", folder)
    assert again.returncode == 2
    assert again.stderr == (
        f"--folder: found {folder}, expected a folder without a desk. "
        "Name another, or run the one in it.\n"
    )
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--database", "{ledger}"], "expected another database than the ledger's"),
        (["--url", "http://desk.example.org"], "expected https, or this machine alone"),
        (["--url", "desk.example.org"], "expected https://NAME"),
        (["--database", "mysql://x:pw@h/d"], "--database: found mysql://x@h/d, expected a file or"),
        (["--ledger", "cuba-1962"], "--ledger: found cuba-1962, expected a ledger."),
        (["--custodian", "Not A Name"], "name: found Not A Name, expected a name that is free."),
    ],
)
def test_what_cannot_work_is_refused_and_nothing_is_left(
    small: Path, tmp_path: Path, words: list[str], said: str, excomm: Excomm
) -> None:
    folder = tmp_path / "office"
    given = [word.format(ledger=small) for word in words]
    made = excomm("desk", "init", "--ledger", small, "--folder", folder, *given)
    assert made.returncode == 2 and said in made.stderr, made.stderr
    assert "Traceback" not in made.stderr and "pw" not in made.stderr
    assert not (folder / "installation.toml").exists()


def test_a_desk_that_is_not_there_is_said_to_be_none(tmp_path: Path, excomm: Excomm) -> None:
    for command in ("run", "check"):
        told = excomm("desk", command, "--folder", tmp_path / "none")
        assert told.returncode == 3 and "no desk is set up here" in told.stderr
