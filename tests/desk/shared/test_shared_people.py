"""People: what a custodian changes, what he cannot, and what is written down of it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from excomm.desk.accounts.models import Appointment, Cleared, Line, Person
from excomm.desk.accounts.persons import posts
from excomm.ledger import open_ledger


def send(client: Client, path: str, form: str, **said: str) -> Any:
    page = client.get(form).content.decode()
    found = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, page
    return client.post(path, {"csrfmiddlewaretoken": found[1], **said})


@pytest.fixture
def custodian(office: Any) -> Client:
    client: Client = office.signed_in(office.account("cora", "custodian"))
    return client


Change = Callable[..., Any]


@pytest.fixture
def change(office: Any, custodian: Client) -> Change:
    """The custodian changes something about rosa."""
    office.account("rosa")

    def change(**said: str) -> Any:
        return send(custodian, "/people/rosa/change", "/people/rosa", **said)

    return change


def lines() -> list[tuple[str, str, str, str]]:
    return [*Line.objects.exclude(what__in=["signed in", "read marked"])
            .values_list("person", "what", "case", "about").order_by("pk")]  # fmt: skip


def test_the_custodian_makes_an_account_gives_roles_and_it_is_written_down(
    office: Any, custodian: Client
) -> None:
    page = send(custodian, "/people/new", "/people/", name="rosa", called="Rosa B.")
    assert re.search(r"http://127.0.0.1:8963/join/[\w-]{43}", page.content.decode())
    for said in (
        {"do": "appoint", "case": "small", "role": "recorder"},
        {"do": "clear", "case": "small", "marking": "secret"},
        {"do": "dismiss", "case": "small", "role": "recorder"},
        {"do": "appoint", "case": "small", "role": "analyst"},
        {"do": "end"},
        {"do": "close"},
    ):
        answer = send(custodian, "/people/rosa/change", "/people/rosa", **said)
        assert answer.status_code == 302, answer.content.decode()
    assert not Person.objects.get(name="rosa").is_active
    assert lines() == [
        ("cora", "account opened", "", "rosa"),
        ("cora", "invited", "", "rosa"),
        ("cora", "role given", "small", "rosa: recorder"),
        ("cora", "clearance set", "small", "rosa: secret"),
        ("cora", "role taken", "small", "rosa: recorder"),
        ("cora", "role given", "small", "rosa: analyst"),
        ("cora", "sessions ended", "", "rosa"),
        ("cora", "account closed", "", "rosa"),
        ("cora", "sessions ended", "", "rosa"),
    ]
    # The link is shown once and stands nowhere else.
    assert "/join/" not in custodian.get("/people/rosa").content.decode()


def test_a_change_of_roles_holds_from_the_next_request_on(office: Any, custodian: Client) -> None:
    person = office.account("rosa", "recorder")
    client = office.signed_in(person)
    assert client.get("/small/enter/count").status_code == 200
    send(custodian, "/people/rosa/change", "/people/rosa", do="dismiss", case="small",
         role="recorder")  # fmt: skip
    assert client.get("/small/enter/count").status_code == 404
    send(custodian, "/people/rosa/change", "/people/rosa", do="close")
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"do": "appoint", "case": "small", "role": "king"}, "role: found king, expected one of"),
        ({"do": "appoint", "case": "none", "role": "reader"}, "case: found none, expected one of"),
        ({"do": "clear", "case": "small", "marking": "cosmic"}, "found cosmic, expected one of"),
        ({"do": "clear", "case": "none", "marking": "open"}, "case: found none, expected one of"),
        ({"do": "dance"}, "do: found dance, expected one of the buttons"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_changes(
    change: Change, said: dict[str, str], told: str
) -> None:
    answer = change(**said)
    assert answer.status_code == 400 and told in answer.content.decode()
    assert not Cleared.objects.exists() and Appointment.objects.count() == 1


def test_nobody_changes_what_he_himself_may_do(custodian: Client) -> None:
    for said in ({"do": "appoint", "case": "small", "role": "reader"}, {"do": "close"},
                 {"do": "clear", "case": "small", "marking": "secret"}):  # fmt: skip
        answer = send(custodian, "/people/cora/change", "/people/cora", **said)
        assert "ask another custodian" in answer.content.decode()
    assert posts(Person.objects.get(name="cora")).roles == {"": ("custodian",)}


def test_who_has_not_just_confirmed_is_asked_first_and_nothing_changes(office: Any) -> None:
    office.account("rosa")
    client = office.signed_in(office.account("cora", "custodian"), confirmed=False)
    answer = send(client, "/people/rosa/change", "/people/rosa", do="close")
    assert answer["Location"] == "/account/2fa/reauthenticate/?next=%2Faccount%2Ftyped"
    assert Person.objects.get(name="rosa").is_active


def test_taking_out_needs_the_role_and_a_confirmation_and_is_logged(office: Any) -> None:
    reader = office.signed_in(office.account("lena", "reader"))
    told = reader.get("/small/ledger.csv")
    assert told.status_code == 403 and "do not take anything out" in told.content.decode()
    analyst = office.account("bert", "analyst")
    asked = office.signed_in(analyst, confirmed=False).get("/small/ledger.json")
    assert asked["Location"].startswith("/account/2fa/reauthenticate/?next=%2Fsmall%2Fledger.json")
    assert office.signed_in(analyst).get("/small/ledger.json").status_code == 200
    assert lines() == [("bert", "exported", "small", "ledger-json")]


def test_people_are_not_there_for_anybody_else(office: Any) -> None:
    everything = ("reader", "analyst", "reviewer", "source keeper")
    client = office.signed_in(office.account("otto", *everything, cleared="secret"))
    unknown = client.get("/nobody/x")
    for path in ("/people/", "/people/otto", "/people/log"):
        assert client.get(path).status_code == 404
        assert client.get(path).content == unknown.content
    answer = send(client, "/people/otto/change", "/account/", do="appoint", role="custodian")
    assert answer.status_code == 404


def test_reading_of_marked_material_is_logged_and_of_open_is_not(office: Any) -> None:
    office.signed_in(office.account("lena", "reader")).get("/small/entry?id=C1")
    office.signed_in(office.account("bert", "reader", cleared="secret")).get("/small/entry?id=C2")
    found = Line.objects.filter(what="read marked").values_list("person", "about")
    assert [*found] == [("bert", "entry C2")]


def test_what_is_entered_is_the_persons_in_the_ledger_and_in_the_log(office: Any) -> None:
    client = office.signed_in(office.account("rosa", "recorder"))
    form = client.get("/small/enter/count").content.decode()
    said = dict(re.findall(r'name="(csrfmiddlewaretoken|form-key)" value="([^"]+)"', form))
    said |= {"occurred": "2024-01-07", "item": "boats", "number": "7", "site": "port"}
    for _ in range(2):  # a form that is sent twice is one entry
        assert client.post("/small/enter/count", said).status_code == 302
    where = office.desk.installation.ledgers["small"]
    last = [*open_ledger(where).read()][-1]
    assert last.by == "rosa" and last.kind == "count"
    assert lines() == [("rosa", "entered", "small", f"count {last.id}")]


def test_the_database_itself_keeps_the_lines_of_the_log(office: Any, custodian: Client) -> None:
    assert Line.objects.exists()
    for doing in ("UPDATE people_line SET person = 'x'", "DELETE FROM people_line"):
        with pytest.raises(DatabaseError, match="only added"), connection.cursor() as cursor:
            cursor.execute(doing)


def test_an_open_page_learns_that_something_came_and_asks_in_few_bytes(office: Any) -> None:
    rosa = office.account("rosa", "recorder")
    client = office.signed_in(rosa)
    page = client.get("/small/").content.decode()
    assert 'hx-get="/small/current"' in page
    tag = client.get("/small/current")["ETag"]
    assert tag.strip('"') in page
    same = client.get("/small/current", headers={"If-None-Match": tag})
    assert same.status_code == 304
    assert sum(len(f"{k}: {v}\r\n") for k, v in same.headers.items()) + len(same.content) < 300
    where = office.desk.installation.ledgers["small"]
    from datetime import UTC, datetime

    from msgspec.structs import replace

    found = open_ledger(where)
    entry = [*found.read()][-1]
    found.append([replace(entry, id="N9")], now=datetime.now(UTC))
    news = client.get("/small/current", headers={"If-None-Match": tag})
    assert (news.status_code, news["HX-Refresh"]) == (204, "true")
    assert client.get("/none/current").status_code == 404
    # Asking this is not using the desk: a page left open does not keep a session alive.
    session = client.session
    session["excomm-used"] -= 20 * 60
    session.save()
    client.get("/small/current", headers={"X-Excomm-Poll": "yes"})
    assert client.session["excomm-used"] == session["excomm-used"]


def test_times_of_the_log_are_in_utc_as_they_say(office: Any, custodian: Client) -> None:
    at = Line.objects.latest("pk").at
    assert f"{at:%Y-%m-%d %H:%M:%S}" in custodian.get("/people/log").content.decode()
    assert at.utcoffset().total_seconds() == 0  # type: ignore[attr-defined]
