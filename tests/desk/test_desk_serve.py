"""`excomm serve` as it is run: the address it prints, and what it does when hurt."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path

import pytest


class Running:
    """A desk in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], state: Path) -> None:
        assert process.stdout is not None
        self.process = process
        self.state = state
        self.line = next(line for line in process.stdout if "http" in line)
        found = re.search(r"http://127\.0\.0\.1:(\d+)/\?key=\S+", self.line)
        assert found, self.line
        self.address, self.port = found[0], int(found[1])
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[int, str]:
        try:
            with self.browser.open(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read().decode()

    def workers(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        found = [int(pid) for path in listed for pid in path.read_text().split()]
        return [pid for pid in found if b"resource_tracker" not in _command(pid)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return b"resource_tracker"


def start(state: Path, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "excomm.cli", "serve", *words],
        env=os.environ | {"XDG_STATE_HOME": str(state)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    state = tmp_path_factory.mktemp("state")
    process = start(state, "cuba-1962", "--port", "0")
    try:
        yield Running(process, state)
    finally:
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert said.strip() == "stopped"


def test_the_address_opens_the_brief_once_and_nothing_else_does(running: Running) -> None:
    assert running.get("/")[0] == 403
    path = running.address.partition(f":{running.port}")[2]
    status, page = running.get(path)
    assert status == 200 and "Brief for Monday 12 November 1962, 17:00" in page
    assert running.get(path)[0] == 403
    assert running.get("/cuba-1962/ledger")[0] == 200
    assert running.get("/static/desk/desk.css")[0] == 200


def test_a_day_in_the_address_is_shown(running: Running) -> None:
    assert "Thursday 8 November 1962" in running.get("/?on=1962-11-08")[1]


def test_it_listens_on_this_machine_alone(running: Running) -> None:
    rows = Path("/proc/net/tcp").read_text().splitlines()[1:]
    listening = [row.split()[1] for row in rows if row.split()[3] == "0A"]
    mine = [address for address in listening if address.endswith(f":{running.port:04X}")]
    assert mine and all(address.startswith("0100007F:") for address in mine)


def test_the_key_and_the_secret_are_told_to_nobody(running: Running) -> None:
    key = running.address.partition("key=")[2]
    secret = running.state / "excomm" / "desk" / "secret"
    assert secret.stat().st_mode & 0o777 == 0o600
    for pid in running.workers():
        environment = Path(f"/proc/{pid}/environ").read_bytes()
        assert key.encode() not in environment
        assert secret.read_bytes() not in environment


def test_a_worker_killed_with_9_is_replaced_and_the_session_goes_on(running: Running) -> None:
    (worker,) = running.workers()
    os.kill(worker, signal.SIGKILL)
    until = time.monotonic() + 30
    while True:
        try:
            status, _ = running.get("/cuba-1962/sites")
            break
        except (urllib.error.URLError, ConnectionError):
            assert time.monotonic() < until
            time.sleep(0.2)
    assert status == 200
    assert worker not in running.workers()
    # The key stays spent.
    assert running.get(running.address.partition(f":{running.port}")[2])[0] == 403


def test_a_taken_port_is_told_before_anything_is_served(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        process = start(tmp_path, "cuba-1962", "--port", str(port))
        said, fault = process.communicate(timeout=30)
    assert (process.returncode, said) == (2, "")
    assert fault == (
        f"--port: found {port}, expected a free port. Address already in use. "
        "Add --port 0 to take any.\n"
    )


def test_a_case_that_is_none_is_told_before_anything_is_served(tmp_path: Path) -> None:
    process = start(tmp_path, "berlin-1961", "--port", "0")
    said, fault = process.communicate(timeout=30)
    assert (process.returncode, said) == (2, "")
    assert "expected a shipped case, a folder, a ledger file or a ledger URL" in fault
