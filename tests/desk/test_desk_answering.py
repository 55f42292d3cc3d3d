"""Answering an outlet and unsealing a source: two persons, an entry, and nothing twice."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from email import message_from_bytes, policy
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from excomm.desk.office import Desk
from excomm.entries.kinds import Reply, Unsealing
from excomm.folder import read_text
from excomm.ledger import Ledger, create
from excomm.reports.intake import Incoming, take_in

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port"}]

[[wording]]
avoid = "guarantee"
use = "assurances"
=== outlets.csv
id,name,contact
daily,The Daily,desk@daily.example
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = create(str(tmp_path / "small.ledger"), read_text(CASE, now=NOW).entries, now=NOW)
    told = Incoming(
        text="Boats in the port, says a driver.",
        outlet="daily",
        item="boats",
        site="port",
        source="Maria Lopez",
    )
    take_in(made, [told], now=NOW, operator="Ann", marking="restricted")
    cache.clear()
    yield made


@pytest.fixture
def client(desk_of: DeskOf, ledger: Ledger, open_desk: Opened) -> Client:
    return open_desk(desk_of(ledger.where))


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode())


def hidden(text: str) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text))


def report_of(ledger: Ledger) -> Any:
    return next(entry for entry in ledger.read() if entry.kind == "report")


def reply_path(ledger: Ledger) -> str:
    return f"/small/reply?id={report_of(ledger).id}&outlet=daily&known_by=now"


def proposes(client: Client, ledger: Ledger, by: str, text: str) -> Any:
    form = hidden(page(client, reply_path(ledger))) | {"step": "propose", "by": by, "text": text}
    form.pop("of", None)
    return client.post(reply_path(ledger), form)


def approves(client: Client, ledger: Ledger, by: str, way: str) -> Any:
    form = hidden(page(client, reply_path(ledger))) | {"step": "send", "by": by, "way": way}
    form["of"] = waiting(ledger)
    return client.post(reply_path(ledger), form)


def waiting(ledger: Ledger) -> str:
    replies = [e for e in ledger.read() if isinstance(e.body, Reply) and e.body.sent is None]
    return str(replies[-1].id) if replies else ""


def test_one_proposes_another_approves_and_what_left_is_named_by_its_digest(
    client: Client, ledger: Ledger
) -> None:
    assert "Not answered." in page(client, reply_path(ledger))
    assert proposes(client, ledger, "Ann", "We have looked; nothing is known.").status_code == 302
    told = page(client, reply_path(ledger))
    assert "Waits for approval" in told and "We have looked; nothing is known." in told
    refused = approves(client, ledger, "ann", "eml")
    assert refused.status_code == 422
    assert "another person than Ann, who proposed it" in refused.content.decode()
    left = approves(client, ledger, "Bert", "eml")
    assert left.status_code == 200 and left["Content-Disposition"].endswith('answer-daily.eml"')
    mail = message_from_bytes(left.content, policy=policy.SMTP)
    assert mail["To"] == "desk@daily.example"
    assert mail.get_content().strip() == "We have looked; nothing is known."
    sent = [e for e in ledger.read() if isinstance(e.body, Reply) and e.body.sent is not None]
    assert len(sent) == 1 and isinstance(sent[0].body, Reply)
    assert sent[0].body.sha256 == sha256(left.content).hexdigest()
    assert (sent[0].by, sent[0].body.approved_by, sent[0].marking) == ("Bert", "Bert", "restricted")
    told = page(client, reply_path(ledger))
    assert "Answered." in told and "approved by Bert, e-mail file" in told


def test_nothing_leaves_twice_and_only_the_words_that_were_read(
    client: Client, ledger: Ledger
) -> None:
    proposes(client, ledger, "Ann", "First words.")
    first = waiting(ledger)
    proposes(client, ledger, "Ann", "Second words.")
    form = hidden(page(client, reply_path(ledger))) | {"step": "send", "by": "Bert", "way": "txt"}
    stale = client.post(reply_path(ledger), form | {"of": first})
    assert stale.status_code == 422
    assert "the words that wait for approval" in stale.content.decode()
    right = form | {"of": waiting(ledger)}
    assert client.post(reply_path(ledger), right).content == b"Second words."
    again = client.post(reply_path(ledger), right)
    assert again.status_code == 422
    assert len([e for e in ledger.read() if isinstance(e.body, Reply) and e.body.sent]) == 1


def test_a_mail_server_that_is_away_lets_nothing_leave_and_it_is_tried_again_at_once(
    client: Client, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EXCOMM_SMTP", "127.0.0.1:1")
    monkeypatch.setenv("EXCOMM_MAIL_FROM", "us@example.org")
    proposes(client, ledger, "Ann", "We have looked.")
    away = approves(client, ledger, "Bert", "mail")
    assert away.status_code == 503 and "Nothing was entered as sent." in away.content.decode()
    assert approves(client, ledger, "Bert", "txt").content == b"We have looked."


def test_at_a_case_of_long_ago_a_proposal_is_seen_and_what_was_owed_in_the_minutes_is_none(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    path = "/cuba-1962/reply?id=report-waves&outlet=press"
    told = page(client, path)
    assert "Not answered." in told and "Owed:" in told and "Waits for approval" not in told
    form = hidden(told) | {"step": "propose", "by": "Ann", "text": "We have looked."}
    assert client.post(path, form).status_code == 302
    told = page(client, path)
    assert "Waits for approval" in told and "We have looked." in told
    form = hidden(told) | {"step": "send", "by": "Bert", "way": "txt"}
    assert client.post(path, form | {"of": hidden(told)["of"]}).content == b"We have looked."
    assert "approved by Bert, file" in page(client, path)


def test_words_that_may_not_leave_are_refused_before_anything_is_entered(
    client: Client, ledger: Ledger
) -> None:
    size = ledger.head().size
    for text, what in (("Ask Maria Lopez.", "source"), ("We guarantee it.", "assurances")):
        refused = proposes(client, ledger, "Ann", text)
        assert refused.status_code == 422 and what in refused.content.decode()
        assert text in refused.content.decode()  # what was typed is still there
    assert ledger.head().size == size


def test_a_name_is_read_with_a_reason_and_the_reading_is_an_entry_as_marked_as_the_report(
    client: Client, ledger: Ledger
) -> None:
    report = report_of(ledger)
    told = page(client, f"/small/report?id={report.id}&known_by=now")
    path = f"/small/unseal?origin={report.body.origin}&known_by=now"
    assert report.body.origin in told and "Maria Lopez" not in told
    form = hidden(page(client, path))
    refused = client.post(path, form | {"by": "Kim", "reason": " "})
    assert refused.status_code == 422 and "Maria" not in refused.content.decode()
    read = client.post(path, form | {"by": "Kim", "reason": "to ask again"})
    assert "<strong>Maria Lopez</strong>" in read.content.decode()
    entry = [*ledger.read()][-1]
    assert isinstance(entry.body, Unsealing)
    assert (entry.body.read_by, entry.body.reason) == ("Kim", "to ask again")
    assert entry.marking == "restricted"
    again = page(client, path)
    assert "Maria" not in again and "Kim, " in again and "to ask again" in again
    assert client.get("/small/unseal?origin=source-none").status_code == 404
    assert client.get(f"{path}&cleared=open").status_code == 404
