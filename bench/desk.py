"""The shared desk under people who click.

python bench/desk.py [ENTRIES [PEOPLE [SECONDS]]]: 100,000 entries, 50 people, 60 s by default.
Each waits 2 to 5 s between clicks and asks for Today, Agreement, an item or the ledger by words,
in turn at random; every open page asks each 1.5 s whether anything came; an entry comes every 20 s.
One look in fifty carries words. Two worker processes on loopback, the driver beside them: its own
share of the cores is stated, and what the workers' memory grew by a minute, the first quarter of
the time left out. Half an hour: python bench/desk.py 100000 50 1800.
"""

import http.client
import os
import random
import re
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import numpy as np

from excomm import folder, ledger
from excomm.case import SHIPPED
from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import AnyBody, Count, Event, Look, Site

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DAY = "on=1962-11-20&known_by=1962-12-31"
PAGES = {
    "Today": f"/cuba-1962/?{DAY}",
    "Agreement": f"/cuba-1962/agreement?{DAY}",
    "Item": f"/cuba-1962/item?id=missiles&{DAY}",
    "Ledger search": f"/cuba-1962/ledger?text=%WORD%&{DAY}",
}
WORDS = ("labinsk", "frame+99", "patrol+report", "cargo", "u2", "banes", "number+123", "refused")
CLEARANCES = ("open", "restricted", "secret")
EACH_SECONDS = 20
POLL_SECONDS = 1.5
WARMING = 8  # connections: all of them with one of two workers once in 128 times
PORT = 8999
HOST = f"127.0.0.1:{PORT}"


class Timed(NamedTuple):
    """One answer."""

    page: str
    seconds: float
    status: int
    size: int


def main(size: int, people: int, seconds: int) -> None:
    """Set up, warm up, drive, and say what was measured."""
    with tempfile.TemporaryDirectory() as scratch:
        where = Path(scratch) / "cuba.ledger"
        ledger.create(where, grown(size), now=NOW)
        office = Path(scratch) / "office"
        cookies = set_up(office, where, people)
        command = [sys.executable, "-m", "excomm.cli", "desk", "run", "--folder", str(office)]
        process = subprocess.Popen(command)
        try:
            wait()
            driven = Driven(where, cookies, process.pid)
            warm(cookies[: len(CLEARANCES)])
            driven.run(seconds)
            driven.say(size, people, seconds)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)


def grown(size: int) -> Iterator[Entry]:
    """The shipped case, and looks, counts and patrols between October 1962 and February 1963."""
    base = folder.read(SHIPPED / "cuba-1962", now=NOW).entries
    yield from base
    sites = [entry.id for entry in base if isinstance(entry.body, Site)]
    start, more = datetime(1962, 10, 15, tzinfo=UTC), size - len(base)
    for number in range(more):
        at = start + timedelta(minutes=number * 110 * 1440 // max(more, 1))
        body: AnyBody
        if number % 20 < 14:
            made = "aborted" if number % 997 == 0 else "made"
            what = f"frame {number}, {number % 9} eighths of cloud" if number % 50 == 0 else ""
            site = sites[number % len(sites)]
            body = Look(means="low-level", outcome=made, sites=(site,), party="USA", what=what)
        elif number % 20 < 18:
            body = Event(kind="incident", party=("USA",), what=f"patrol report number {number}")
        else:
            site = sites[number % len(sites)]
            body = Count(item="cargoes", number=number % 3, site=site)
        yield Entry(
            id=EntryId(f"grown-{number}"),
            occurred=Instant(at),
            recorded=at,
            body=body,
            by="USA",
            source=f"log, p. {number % 400}",
            marking=CLEARANCES[number % 3],
            standing="established",
            reading="high",
        )


def set_up(office: Path, where: Path, people: int) -> list[str]:
    """A desk with so many readers, signed in; gives the cookie of each."""
    from excomm.desk.accounts.setup import set_up as made

    made(office, database="", ledgers=[str(where)], url=f"http://{HOST}", custodian="cora")
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.db import connections

    from excomm.desk.accounts.models import Appointment, Cleared, Person

    cookies = []
    for number in range(people):
        person = Person.objects.create(name=f"p{number}", password="!")
        Appointment.objects.create(person=person, role="analyst", case="cuba-1962")
        cleared = CLEARANCES[number % len(CLEARANCES)]
        Cleared.objects.create(person=person, case="cuba-1962", marking=cleared)
        TOTP.activate(person, generate_totp_secret())
        session = SessionStore()
        session[SESSION_KEY] = str(person.pk)
        session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
        session[HASH_SESSION_KEY] = person.get_session_auth_hash()
        session.save()
        cookies.append(f"excomm-session={session.session_key}")
    connections.close_all()
    return cookies


class Driven:
    """People who click, pages that ask whether anything came, and somebody who enters."""

    def __init__(self, where: Path, cookies: list[str], desk: int) -> None:
        self.where = where
        self.cookies = cookies
        self.desk = desk  # the process that the workers belong to
        self.memory: list[tuple[float, float]] = []  # minute, MB
        self.found: list[Timed] = []
        self.lags: list[float] = []
        self.entered = 0.0
        self.until = 0.0

    def run(self, seconds: int) -> None:
        """Until the time is over."""
        self.until = time.monotonic() + seconds
        work = [threading.Thread(target=self._clicks, args=(n,)) for n in range(len(self.cookies))]
        work += [threading.Thread(target=self._asks, args=(n,)) for n in range(len(self.cookies))]
        work.append(threading.Thread(target=self._enters))
        work.append(threading.Thread(target=self._weighs))
        for each in work:
            each.start()
        for each in work:
            each.join()

    def _clicks(self, number: int) -> None:
        chance = random.Random(number)
        time.sleep(chance.uniform(0, 3))
        while time.monotonic() < self.until:
            name = chance.choice([*PAGES])
            path = PAGES[name].replace("%WORD%", chance.choice(WORDS))
            self.found.append(timed(name, path, self.cookies[number]))
            time.sleep(chance.uniform(2, 5))

    def _asks(self, number: int) -> None:
        time.sleep(random.Random(number).uniform(0, POLL_SECONDS))
        tag, path = "", "/cuba-1962/current"
        while time.monotonic() < self.until:
            begun = time.monotonic()
            status, _, found = get(path, self.cookies[number], tag)
            self.found.append(Timed("poll", time.monotonic() - begun, status, 0))
            if tag and found and found != tag:
                self.lags.append(time.monotonic() - self.entered)
            tag = found or tag
            time.sleep(POLL_SECONDS)

    def _enters(self) -> None:
        book, number = ledger.open_ledger(self.where), 0
        while time.monotonic() + EACH_SECONDS < self.until:
            time.sleep(EACH_SECONDS)
            at = datetime(1962, 11, 19, 12, tzinfo=UTC)
            body = Look(means="low-level", outcome="made", sites=("banes",), what="a late frame")
            entry = Entry(
                id=EntryId(f"late-{number}"), occurred=Instant(at), recorded=at, body=body
            )
            book.append([entry], now=datetime.now(UTC))
            self.entered, number = time.monotonic(), number + 1

    def _weighs(self) -> None:
        begun = time.monotonic()
        while time.monotonic() < self.until:
            self.memory.append(((time.monotonic() - begun) / 60, memory_mb(self.desk)))
            time.sleep(2)

    def say(self, size: int, people: int, seconds: int) -> None:
        """A table, and what the driver itself took."""
        print(f"{size} entries, {people} people, {seconds} s, {os.cpu_count()} cores")
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")
        for name in (*PAGES, "poll"):
            found = sorted(each.seconds * 1000 for each in self.found if each.page == name)
            wrong = sum(e.status not in (200, 204, 304) for e in self.found if e.page == name)
            if found:
                median, late = found[len(found) // 2], found[int(len(found) * 0.95)]
                print(f"{name:14} {len(found):5} median {median:6.0f} ms  p95 {late:6.0f} ms"
                      f"  wrong {wrong}")  # fmt: skip
        if self.lags:
            print(f"told of an entry after {max(self.lags):.1f} s at most, of {len(self.lags)}")
        later = self.memory[len(self.memory) // 4 :]
        if len(later) > 1:
            grew, _ = np.polyfit(*np.array(later).T, 1)
            print(f"memory of the workers: {later[0][1]:.0f} MB, then {later[-1][1]:.0f} MB;"
                  f" {grew:+.1f} MB a minute")  # fmt: skip
        used = resource.getrusage(resource.RUSAGE_SELF)
        print(f"the driver's own CPU: {(used.ru_utime + used.ru_stime):.1f} s (set-up among it)")


def timed(name: str, path: str, cookie: str) -> Timed:
    """Ask once."""
    begun = time.monotonic()
    status, body, _ = get(path, cookie)
    return Timed(name, time.monotonic() - begun, status, len(body))


def memory_mb(parent: int) -> float:
    """What the processes that a process started hold in memory, by the system's own account."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    pages = sum(int(Path(f"/proc/{child}/statm").read_text().split()[1]) for child in children)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


_kept = threading.local()


def get(path: str, cookie: str, tag: str = "") -> tuple[int, bytes, str]:
    """Status, body, tag of one answer, over a connection that is kept."""
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip", "Host": HOST}
    headers |= {"If-None-Match": tag, "X-Excomm-Poll": "yes"} if tag else {}
    for _ in range(2):
        connection = getattr(_kept, "connection", None) or http.client.HTTPConnection(HOST)
        _kept.connection = connection
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers.get("ETag", "")
        except (http.client.HTTPException, OSError):
            connection.close()
            _kept.connection = None
    return 0, b"", ""


def warm(cookies: list[str]) -> None:
    """Every page once for each clearance in each worker: a connection stays with one of them."""
    for cookie in cookies:
        for page in PAGES.values():
            for _ in range(WARMING):
                _kept.connection = None
                get(page.replace("%WORD%", "frame"), cookie)


def wait() -> None:
    """Until the desk answers."""
    for _ in range(300):
        try:
            if get("/up", "")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise SystemExit("the desk did not come up")


if __name__ == "__main__":
    words = [int(re.sub("[_,]", "", word)) for word in sys.argv[1:]]
    main(*(words + [100_000, 50, 60][len(words) :]))
