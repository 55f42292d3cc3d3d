"""People are told by mail that something waits for them, and never what."""

import re
import socketserver
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from excomm.desk.accounts.models import Line, Notices, ReadTo
from excomm.desk.accounts.noticing import digest
from excomm.errors import EnvironmentFault
from excomm.ledger import open_ledger
from excomm.mailing import MailServer

NOW = datetime(2024, 6, 3, 9, tzinfo=UTC)


class _Session(socketserver.StreamRequestHandler):
    """One connection to a mail server that takes everything but mail for `full@`."""

    def handle(self) -> None:
        self.say("220 test")
        to = ""
        for raw in self.rfile:
            line = raw.decode().strip()
            word = line.upper()
            if word.startswith("RCPT"):
                to = line
                self.say("552 full" if "full@" in line else "250 yes")
            elif word == "DATA":
                self.say("354 go on")
                self.server.taken.append((to, self.text()))  # type: ignore[attr-defined]
                self.say("250 taken")
            elif word == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 yes")

    def text(self) -> bytes:
        lines = []
        for raw in self.rfile:
            if raw == b".\r\n":
                break
            lines.append(raw)
        return b"".join(lines)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Post:
    """A mail server on this machine, and what it took."""

    def __init__(self, port: int, taken: list[tuple[str, bytes]]) -> None:
        self.server = MailServer("127.0.0.1", port, "desk@desk.example")
        self.taken = taken

    @property
    def to(self) -> list[str]:
        return re.findall(r"<([^>]+)>", " ".join(to for to, _ in self.taken))


@pytest.fixture
def post() -> Iterator[Post]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Session) as server:
        server.taken = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield Post(server.server_address[1], server.taken)  # type: ignore[attr-defined]
        server.shutdown()
        thread.join()


def wants(person: Any, how: str, **more: Any) -> Any:
    person.email = f"{person.name}@people.example"
    person.save()
    Notices.objects.update_or_create(person=person, defaults={"how": how, **more})
    return person


def read_all(person: Any, small: Path) -> None:
    size = open_ledger(small).head().size
    said = {"size": size, "at": NOW}
    ReadTo.objects.update_or_create(person=person, case="small", defaults=said)


def test_a_mail_says_that_something_waits_and_nothing_of_what(office: Any, post: Post) -> None:
    wants(office.account("lena", "reader"), "soon")
    assert digest(office.desk, post.server, now=NOW).told == ("lena",)
    ((to, raw),) = post.taken
    assert "lena@people.example" in to
    mail: Message = message_from_bytes(raw, policy=policy.SMTP)
    assert mail["Subject"] == "Something waits for you"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = raw.decode()
    assert "http://127.0.0.1:8963/" in text
    for word in ("small", "boats", "port", "entry", "entries", "reader", "open"):
        assert word not in text, word
    said = mail.get_payload(decode=True)
    assert isinstance(said, bytes) and not re.search(rb"\d", re.sub(rb"http\S+", b"", said))
    assert Line.objects.get(what="told by mail").person == "lena"


def test_soon_is_once_for_what_came_and_daily_once_a_day_while_it_waits(
    office: Any, post: Post, small: Path
) -> None:
    lena = wants(office.account("lena", "reader"), "soon")
    otto = wants(office.account("otto", "reader"), "daily", hour=6)
    assert digest(office.desk, post.server, now=NOW).told == ("lena", "otto")
    assert digest(office.desk, post.server, now=NOW + timedelta(minutes=5)).told == ()
    # The next day his hour has come again, and it still waits.
    assert digest(office.desk, post.server, now=NOW + timedelta(hours=20)).told == ()
    assert digest(office.desk, post.server, now=NOW + timedelta(hours=22)).told == ("otto",)
    for person in (lena, otto):
        read_all(person, small)
    assert digest(office.desk, post.server, now=NOW + timedelta(days=9)).told == ()


def test_what_somebody_may_not_see_never_rings(
    office_of: Callable[..., Any], small: Path, post: Post
) -> None:
    office = office_of(small=small)
    lena = wants(office.account("lena", "reader"), "soon")
    otto = wants(office.account("otto", "reader", cleared="secret"), "soon")
    office.signed_in(otto)  # with the factor that his clearance asks for
    for person in (lena, otto):
        read_all(person, small)
    asked = office.desk.cases["small"]
    rosa = office.signed_in(office.account("rosa", "recorder", cleared="secret"))
    form = rosa.get("/small/enter/count").content.decode()
    said = dict(re.findall(r'name="(csrfmiddlewaretoken|form-key)" value="([^"]+)"', form))
    said |= {"occurred": "2024-01-07", "item": "boats", "number": "1", "site": "port"}
    assert rosa.post("/small/enter/count", said | {"marking": "secret"}).status_code == 302
    assert asked.case().head.size > ReadTo.objects.get(person=lena).size
    assert digest(office.desk, post.server, now=NOW).told == ("otto",)


def test_nobody_is_told_who_could_see_nothing_or_did_not_ask(office: Any, post: Post) -> None:
    wants(office.account("rosa", "recorder"), "soon")  # no second factor yet
    closed = wants(office.account("carl", "reader"), "soon")
    closed.is_active = False
    closed.save()
    wants(office.account("nora", "reader"), "never")
    wants(office.account("cora", "custodian"), "soon")
    office.account("otto", "reader")
    assert digest(office.desk, post.server, now=NOW).told == () and post.taken == []


def test_a_mail_that_is_not_taken_is_told_and_tried_again_and_stops_no_other(
    office: Any, post: Post
) -> None:
    full = wants(office.account("full", "reader"), "soon")
    wants(office.account("lena", "reader"), "soon")
    found = digest(office.desk, post.server, now=NOW)
    assert found.told == ("lena",) and found.failed[0][0] == "full"
    assert "552" in found.failed[0][1]
    full.email = "fine@people.example"
    full.save()
    assert digest(office.desk, post.server, now=NOW).told == ("full",)


def test_one_says_on_ones_own_page_how_one_is_told(office: Any) -> None:
    lena = office.account("lena", "reader")
    client = office.signed_in(lena)
    page = client.get("/account/").content.decode()
    assert "No mail server is set up for this desk yet" in page
    form = dict(re.findall(r'name="(csrfmiddlewaretoken)" value="([^"]+)"', page))
    said = {"email": "lena@people.example", "how": "daily", "hour": "7"}
    assert client.post("/account/notices", form | said).status_code == 302
    lena.refresh_from_db()
    assert lena.email == "lena@people.example" and lena.notices.hour == 7
    for wrong in ({"how": "hourly"}, {"hour": "24"}, {"email": "no address"}, {"email": ""}):
        assert client.post("/account/notices", form | said | wrong).status_code == 400, wrong
    asked = office.signed_in(lena, confirmed=False).post("/account/notices", form | said)
    assert asked.status_code in (302, 403)


@pytest.mark.long
def test_the_command_tells_people_and_says_what_it_lacks(
    shared_desk: Callable[..., Any],
    excomm: Callable[..., Any],
    tmp_path: Path,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("EXCOMM_SMTP", raising=False)
    with shared_desk():
        lacks = excomm("desk", "digest", "--folder", tmp_path / "office")
        assert lacks.returncode == 3 and "EXCOMM_SMTP and EXCOMM_MAIL_FROM" in lacks.stderr
        monkeypatch.setenv("EXCOMM_SMTP", f"127.0.0.1:{post.server.port}")
        monkeypatch.setenv("EXCOMM_MAIL_FROM", "desk@desk.example")
        told = excomm("desk", "digest", "--folder", tmp_path / "office")
        assert (told.returncode, told.stdout) == (
            0,
            f"{tmp_path / 'office'}: 0 mails handed over\n",
        )


def test_a_password_is_said_to_no_server_that_offers_no_tls(post: Post) -> None:
    server = MailServer("127.0.0.1", post.server.port, "a@b.example", user="u", password="secret")
    with pytest.raises(EnvironmentFault, match="offers no TLS, so no password is said") as fault:
        server.hand_over(b"", ["lena@people.example"])
    assert "secret" not in str(fault.value) and post.taken == []


@pytest.mark.parametrize(
    ("said", "host", "port", "is_tls"),
    [
        ("mail.example:2525", "mail.example", 2525, False),
        ("mail.example", "mail.example", 25, False),
        ("smtps://me:p%40ss@mail.example", "mail.example", 465, True),
    ],
)
def test_a_server_is_named_by_host_and_port_or_by_an_address(
    monkeypatch: pytest.MonkeyPatch, said: str, host: str, port: int, is_tls: bool
) -> None:
    monkeypatch.setenv("EXCOMM_SMTP", said)
    monkeypatch.setenv("EXCOMM_MAIL_FROM", "a@b.example")
    found = MailServer.of_environment()
    assert found is not None and (found.host, found.port, found.is_tls) == (host, port, is_tls)
    assert found.password in ("", "p@ss")
    monkeypatch.setenv("EXCOMM_SMTP", "ftp://mail.example")
    with pytest.raises(EnvironmentFault, match="EXCOMM_SMTP: no mail server"):
        MailServer.of_environment()
