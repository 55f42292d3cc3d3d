"""The pages of reports: queue, one report, and a whole way from proposal to review."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client

from excomm.desk.office import Desk
from excomm.entries.kinds import Finding, Interview, Repeat
from excomm.folder import read_text
from excomm.ledger import create, open_ledger

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
shown_on = 2024-01-10
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port"}]
means = [{id = "visit", name = "visit"}]
=== outlets.csv
id,name,contact
daily,The Daily,desk@daily.example
=== reports.csv
id,occurred,recorded,allegation,text,outlet,item,site
R1,2024-01-09,2024-01-09T09:00Z,boats by night,<script>alert(1)</script>,daily,boats,port
R2,2024-01-09,2024-01-09T10:00Z,boats again,A man saw two boats come in by night.,,boats,port
R3,2024-01-09,2024-01-09T11:00Z,boats yet again,A man saw two boats come in by night!,,boats,port
"""


@pytest.fixture
def where(tmp_path: Path) -> Path:
    path = tmp_path / "small.ledger"
    create(str(path), read_text(CASE, now=NOW).entries, now=NOW)
    return path


@pytest.fixture
def client(desk_of: DeskOf, where: Path, open_desk: Opened) -> Client:
    return open_desk(desk_of(where))


def page(client: Client, path: str) -> str:
    found = client.get(path)
    assert found.status_code == 200, found.status_code
    return str(found.content.decode())


def send(client: Client, path: str, said: dict[str, str]) -> HttpResponse:
    """A form of a page, sent with the page's own token."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page(client, path))
    assert token
    return client.post(path, {"csrfmiddlewaretoken": token[1], **said})  # type: ignore[return-value]


def test_the_queue_names_every_report_and_that_nobody_looked(client: Client) -> None:
    told = page(client, "/small/reports")
    assert "undetermined: nobody looked" in told
    assert 'href="/small/report?id=R1"' in told
    assert "may repeat" in told


def test_a_reports_text_is_inert(client: Client) -> None:
    told = page(client, "/small/report?id=R1")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in told
    assert "<script>alert" not in told


def test_an_unknown_report_or_outlet_is_not_found(client: Client) -> None:
    for path in ("report?id=nobody", "report", "reply?id=R1&outlet=nobody", "reply?id=R2"):
        assert client.get(f"/small/{path}").status_code == 404


def test_a_finding_is_proposed_by_one_and_reviewed_by_another(client: Client, where: Path) -> None:
    said = {"step": "decide", "decision": "undetermined", "by": "Ann"}
    assert send(client, "/small/report?id=R1", said).status_code == 302
    found = [e for e in open_ledger(str(where)).read() if isinstance(e.body, Finding)]
    assert [(e.body.author, e.body.reviewer) for e in found if isinstance(e.body, Finding)] == [
        ("Ann", "")
    ]
    now = "known_by=now&on=2099-01-01"
    told = page(client, f"/small/report?id=R1&{now}")
    assert "not reviewed" in told
    again = send(client, f"/small/report?id=R1&{now}", {"step": "review", "by": "ann"})
    assert again.status_code == 422
    assert "another person than its author, Ann" in again.content.decode()
    done = send(client, f"/small/report?id=R1&{now}", {"step": "review", "by": "Ben"})
    assert done.status_code == 302
    assert "reviewed by Ben" in page(client, f"/small/report?id=R1&{now}")


def test_a_decision_beyond_the_looks_needs_a_reason(client: Client, where: Path) -> None:
    size = open_ledger(str(where)).head().size
    said = {"step": "decide", "decision": "corroborated", "by": "Ann"}
    refused = send(client, "/small/report?id=R1", said)
    assert refused.status_code == 422
    assert "where the looks allow undetermined" in refused.content.decode()
    assert open_ledger(str(where)).head().size == size


def test_a_repeat_is_confirmed_and_an_interview_entered(client: Client, where: Path) -> None:
    assert "May repeat" in page(client, "/small/report?id=R3")
    said = {"step": "confirm", "of": "R2", "by": "Ann"}
    assert send(client, "/small/report?id=R3", said).status_code == 302
    told = {"step": "ask", "by": "Ann", "outcome": "answered", "knows": "heard", "result": "boats"}
    assert send(client, "/small/report?id=R2", told).status_code == 302
    kinds = [type(entry.body) for entry in open_ledger(str(where)).read()]
    assert kinds.count(Repeat) == 1
    assert kinds.count(Interview) == 1
    assert send(client, "/small/report?id=R2", {"step": "erase"}).status_code == 404


def test_the_draft_of_an_answer_says_what_may_be_said(client: Client) -> None:
    told = page(client, "/small/reply?id=R1&outlet=daily")
    assert "undetermined so far" in told
    assert "desk@daily.example" in told
