"""The desk for programs: what a token opens, what answers look like, what a calendar is sent."""

import json
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from excomm import folder, ledger
from excomm.desk.accounts.models import Line, Person, Token
from excomm.desk.api import tokens
from excomm.desk.api.tokens import Scope
from excomm.ledger.released import verify_release

COUNT = {"kind": "count", "fields": {"occurred": "2024-01-07", "item": "boats", "number": "5",
                                     "site": "port"}}  # fmt: skip
KEY = "0123456789abcdef"


class Program:
    """A program with a token."""

    def __init__(self, office: Any, secret: str) -> None:
        self.client: Client = office.stranger(HTTP_AUTHORIZATION=f"Bearer {secret}")

    def get(self, path: str, status: int = 200) -> Any:
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == status, answer.content.decode()
        return json.loads(answer.content)

    def enter(self, said: Any, *, key: str = KEY, status: int = 201, case: str = "small") -> Any:
        answer = self.client.post(
            f"/api/v1/cases/{case}/entries",
            json.dumps(said),
            "application/json",
            headers={"Idempotency-Key": key} if key else {},
        )
        assert answer.status_code == status, answer.content.decode()
        return json.loads(answer.content)


def secret_of(person: Person, *scopes: Scope, case: str = "") -> str:
    return tokens.make(person, label="a test", scopes=scopes, case=case, days=1, request=None)


@pytest.fixture
def program(office: Any) -> Callable[..., Program]:
    """A program of a person with these roles."""

    def program(*roles: str, scopes: Any = (Scope.READ, Scope.ENTER), cleared: str = "") -> Program:
        person = office.account(f"p{Person.objects.count()}x", *roles, cleared=cleared)
        office.signed_in(person)  # has a second factor
        return Program(office, secret_of(person, *scopes))

    return program


def test_a_token_opens_what_its_person_may_see(program: Callable[..., Program]) -> None:
    asked = program("reader")
    assert [each["slug"] for each in asked.get("cases")["cases"]] == ["small"]
    assert asked.get("cases/small")["cleared"] == "open"
    told = json.dumps(asked.get("cases/small/entries?limit=200"))
    assert "C1" in told and "CANARY" not in told
    assert "CANARY" in json.dumps(program("reader", cleared="secret").get("cases/small/entries"))
    assert asked.get("cases/small/entry?id=C1")["body"]["number"] == 3


def test_a_hidden_id_a_hidden_case_and_an_unknown_one_answer_alike(
    program: Callable[..., Program],
) -> None:
    asked = program("analyst")
    hidden = asked.get("cases/small/entry?id=C2", 404)
    assert hidden == asked.get("cases/small/entry?id=none", 404)
    assert hidden == program("custodian").get("cases/small", 404)
    assert hidden == asked.get("cases/none/entry?id=C1", 404)
    answer = asked.client.get("/api/v1/cases/small/entry?id=C2")
    assert answer["Content-Type"] == "application/problem+json"


def test_without_a_token_or_with_a_dead_one_nothing_is_told(office: Any) -> None:
    person = office.account("rosa", "reader")
    secret = secret_of(person, Scope.READ)
    Program(office, secret).get("cases")
    assert Token.objects.get().digest not in secret and secret not in str(Token.objects.values())
    Token.objects.update(until=timezone.now() - timedelta(seconds=1))
    dead = Program(office, secret).get("cases", 401)
    assert dead == Program(office, "excomm_made-up").get("cases", 401)
    assert office.stranger().get("/api/v1/cases").status_code == 401
    # A session of the desk opens the pages and not the API.
    assert office.signed_in(person).get("/api/v1/cases").status_code == 401


def test_a_token_ends_with_its_account_and_waits_for_the_second_factor(office: Any) -> None:
    person = office.account("rosa", "recorder")
    asked = Program(office, secret_of(person, Scope.READ))
    asked.get("cases", 401)
    office.signed_in(person)
    asked.get("cases")
    Person.objects.update(is_active=False)
    asked.get("cases", 401)


def test_a_token_for_reading_or_for_one_case_opens_no_more(office: Any, tmp_path: Path) -> None:
    person = office.account("rosa", "recorder")
    office.signed_in(person)
    reads = Program(office, secret_of(person, Scope.READ))
    assert reads.enter(COUNT, status=403)["title"] == "Not allowed"
    other = Program(office, secret_of(person, Scope.READ, case="other"))
    assert other.get("cases") == {"cases": []}
    other.get("cases/small", 404)
    Program(office, secret_of(person, Scope.CALENDAR)).get("cases", 401)


def test_the_same_key_is_the_same_entry_and_another_text_is_refused(
    program: Callable[..., Program],
) -> None:
    asked = program("recorder")
    first = asked.enter(COUNT)
    assert first["body"]["number"] == 5 and first["by"].startswith("p") and "seq" not in first
    assert asked.enter(COUNT) == first
    changed = {**COUNT, "fields": {**COUNT["fields"], "number": "6"}}  # type: ignore[dict-item]
    assert "sent before" in asked.enter(changed, status=422)["detail"]
    assert asked.enter(changed, key=KEY + "2")["id"] != first["id"]
    assert asked.enter(COUNT, key="", status=422)["title"] == "This request cannot be read"
    # Another person's same key is another key.
    assert program("recorder").enter(COUNT)["id"] != first["id"]


def test_a_program_that_enters_gets_the_receipt_with_the_answer(
    program: Callable[..., Program], tmp_path: Path
) -> None:
    asked = program("recorder")
    path = tmp_path / "receipt.zip"
    path.write_bytes(b64decode(asked.enter(COUNT)["receipt"]))
    found = verify_release(path)
    assert (found.shown, found.head.digest) == (1, asked.get("cases/small")["head"])
    assert Line.objects.filter(what="exported", about="receipt").count() == 1


def test_faults_of_an_entry_are_told_by_field_and_nothing_is_taken_in(
    program: Callable[..., Program],
) -> None:
    asked = program("recorder")
    before = asked.get("cases/small")["head"]
    wrong = {"kind": "count", "fields": {"occurred": "yesterday", "item": "ships", "number": "x"}}
    told = asked.enter(wrong, status=422)["faults"]
    assert any(each.startswith("occurred: found yesterday") for each in told)
    assert any(each.startswith("number: found x") for each in told)
    assert "unknown field" in asked.enter({**COUNT, "fields": {"x": "1"}}, status=422)["detail"]
    assert "found nothing of" not in asked.enter({**COUNT, "kind": "no"}, status=422)["detail"]
    judged = {"kind": "finding", "fields": {"report": "R", "decision": "no evidence"}}
    asked.enter(judged, status=422)
    assert program("reader").enter(COUNT, status=403)
    assert asked.get("cases/small")["head"] == before


def test_pages_follow_each_other_by_cursor_and_miss_nothing(
    program: Callable[..., Program],
) -> None:
    asked = program("reader")
    whole = [each["id"] for each in asked.get("cases/small/entries?limit=200")["entries"]]
    found, cursor = [], ""
    while True:
        page = asked.get(f"cases/small/entries?limit=3&cursor={cursor}")
        found += [each["id"] for each in page["entries"]]
        if page["next"] is None:
            break
        cursor = page["next"]
    assert found == whole and len(whole) > 6
    assert [each["id"] for each in asked.get("cases/small/entries?kind=look")["entries"]] == ["L1"]
    from base64 import urlsafe_b64encode

    for name in (b"L2", b"nothing"):  # hidden, unknown
        cursor = urlsafe_b64encode(name).decode()
        said = asked.get(f"cases/small/entries?cursor={cursor}", 404)["detail"]
        assert said.replace(cursor, "") == (
            "cursor: found , expected what `next` said in an earlier answer."
        )


DUE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
shown_on = 2024-01-10
parties = [{id = "A", name = "Side A"}, {id = "B", name = "Side B"}]
[markings]
levels = ["open", "secret"]
=== directives.csv
id,occurred,to,what,due,marking
D1,2024-01-09,A,"count the boats; then,
tell",2024-01-12,open
D2,2024-01-09,A,CANARY,2024-01-12,secret
"""


def test_a_calendar_is_sent_what_is_due_and_open_to_all(
    office_of: Callable[..., Any], tmp_path: Path
) -> None:
    where = tmp_path / "due.ledger"
    now = datetime(2024, 6, 1, tzinfo=UTC)
    ledger.create(where, folder.read_text(DUE, now=now).entries, now=now)
    office = office_of(small=where)
    person = office.account("rosa", "analyst", cleared="secret")
    office.signed_in(person)
    secret = secret_of(person, Scope.CALENDAR)
    answer = office.stranger().get(f"/feed/{secret}/small.ics")
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert "SUMMARY:count the boats\\; then\\,\\ntell" in text.replace("\r\n ", "")
    assert "CANARY" not in text and text.count("BEGIN:VEVENT") == 1
    for wrong in (f"/feed/{secret}x/small.ics", f"/feed/{secret}/none.ics"):
        assert office.stranger().get(wrong).status_code == 404


def test_tokens_are_made_and_ended_on_ones_own_page(office: Any) -> None:
    import re

    client = office.signed_in(office.account("rosa", "reader"))

    def send(path: str, **said: Any) -> str:
        page = client.get("/account/").content.decode()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        answer = client.post(path, {"csrfmiddlewaretoken": token[1], **said})
        return str(answer.content.decode())

    page = send("/account/tokens/new", label="cron", scopes="read", case="small", days="30")
    secret = re.search(r"excomm_[\w-]+", page)
    assert secret
    Program(office, secret[0]).get("cases/small")
    account = client.get("/account/").content.decode()
    assert "cron: read in small" in account and secret[0] not in account
    assert "expected 1 to 90" in send("/account/tokens/new", label="x", scopes="read", days="900")
    send("/account/tokens/end", token=str(Token.objects.get().pk))
    Program(office, secret[0]).get("cases/small", 401)


@pytest.mark.long
def test_the_api_keeps_its_own_description(office: Any) -> None:
    """Driven by what the description says, with what it allows and what it does not."""
    import schemathesis
    from hypothesis import HealthCheck, given, settings

    from excomm.desk.wsgi import application_of

    person = office.account("rosa", "analyst")
    office.signed_in(person)
    secret = secret_of(person, Scope.READ, Scope.ENTER)
    pages = application_of(office.desk)
    host = office.desk.installation.host

    def application(environ: dict[str, Any], start: Any) -> Any:
        # What asks in process does not unpack.
        return pages({**environ, "HTTP_HOST": host, "HTTP_ACCEPT_ENCODING": ""}, start)

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)

    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]

        @settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck),
                  derandomize=True, database=None)  # fmt: skip
        @given(case=operation.as_strategy())
        def call(case: Any) -> None:
            case.call_and_validate(headers={"Authorization": f"Bearer {secret}"})

        call()
