"""Taking in reports at the desk: one, a file looked at first, sources sealed, nothing twice."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from excomm.desk.office import Desk
from excomm.entries.kinds import Attachment, Report
from excomm.folder import read_text
from excomm.ledger import Ledger, create
from excomm.reports.sealing import Sources

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
NOW = datetime(2024, 6, 1, tzinfo=UTC)
PAGE = "/small/take-in"
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
sites = [{id = "port", name = "The port"}]

[markings]
levels = ["plain", "closed"]
=== outlets.csv
id,name,contact
daily,The Daily,desk@daily.example
"""


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = create(str(tmp_path / "small.ledger"), read_text(CASE, now=NOW).entries, now=NOW)
    cache.clear()
    yield made


@pytest.fixture
def client(desk_of: DeskOf, ledger: Ledger, open_desk: Opened) -> Client:
    return open_desk(desk_of(ledger.where))


def send(client: Client, sent: dict[str, Any]) -> Any:
    form = client.get(PAGE).content.decode()
    (token,) = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form))
    return client.post(PAGE, {"csrfmiddlewaretoken": token, **sent})


def reports(ledger: Ledger) -> list[Report]:
    return [entry.body for entry in ledger.read() if isinstance(entry.body, Report)]


def test_a_report_is_taken_in_as_received_and_its_source_sealed(
    client: Client, ledger: Ledger
) -> None:
    assert client.get(PAGE).status_code == 200
    text = "  Six boats came in to the port,\n<b>says a driver</b>.  "
    sent = {
        "text": text.replace("\n", "\r\n"),  # as a browser sends it
        "source": "Maria Lopez",
        "by": "Ann",
        "outlet": "daily",
        "item": "boats",
        "reliability": "B",
        "credibility": "2",
    }
    answer = send(client, sent)
    assert answer.status_code == 302, answer.content
    assert "<b>" not in client.get(answer["Location"]).content.decode().split("<main")[1]
    (report,) = reports(ledger)
    assert (report.text, report.outlet, report.reliability, report.credibility) == (
        text,
        "daily",
        "B",
        "2",
    )
    assert report.sha256 and report.method == "entered at the desk"
    assert Sources(ledger).names() == {report.origin: "Maria Lopez"}
    assert not any("Lopez" in str(entry) for entry in ledger.read())
    # Sent again, it is the same one.
    assert send(client, sent)["Location"] == answer["Location"]
    assert len(reports(ledger)) == 1


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"by": "Ann"}, "the report as it was received"),
        ({"by": "Ann", "text": "x", "outlet": "weekly"}, "an outlet of the case"),
        ({"text": "boats"}, "who takes it in"),
        ({"by": "Ann", "text": "boats", "marking": "purple"}, "one of the case"),
        ({"by": "Ann", "text": "boats", "credibility": "9"}, "a letter A to F"),
    ],
)
def test_what_cannot_be_taken_in_is_said_and_leaves_nothing(
    client: Client, ledger: Ledger, sent: dict[str, str], told: str
) -> None:
    before = ledger.head()
    answer = send(client, sent)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert ledger.head() == before


def test_a_file_of_many_is_looked_at_and_then_taken_in(client: Client, ledger: Ledger) -> None:
    rows = b"text,outlet\nBoats left the port,daily\nTwo boats are hidden,daily\n"
    file = SimpleUploadedFile("posts.csv", rows)
    shown = send(client, {"file": file, "by": "Ann"}).content.decode()
    assert "To be taken in" in shown and "Two boats are hidden" in shown
    assert reports(ledger) == []
    carried = {"step": "take", "many": rows.decode(), "name": "posts.csv", "by": "Ann"}
    done = send(client, carried).content.decode()
    assert "2 reports</strong> taken in" in done
    assert [report.text for report in reports(ledger)] == [
        "Boats left the port",
        "Two boats are hidden",
    ]
    again = send(client, carried).content.decode()
    assert "2 in the ledger already" in again
    assert len(reports(ledger)) == 2


def test_every_fault_of_a_file_is_told_by_its_line(client: Client, ledger: Ledger) -> None:
    rows = b"text,outlet\nBoats left the port,weekly\nTwo boats,monthly\n"
    answer = send(client, {"file": SimpleUploadedFile("posts.csv", rows), "by": "Ann"})
    told = answer.content.decode()
    assert answer.status_code == 422
    assert "posts.csv:2" in told and "posts.csv:3" in told
    assert reports(ledger) == []


def test_an_image_waits_for_a_person_and_its_bytes_are_kept(client: Client, ledger: Ledger) -> None:
    image = SimpleUploadedFile("deck.png", b"\x89PNG\r\n\x1a\nrest")
    assert send(client, {"file": image, "by": "Ann"}).status_code == 302
    kept = [entry for entry in ledger.read() if isinstance(entry.body, Attachment)]
    assert [(e.body.name, e.marking) for e in kept if isinstance(e.body, Attachment)] == [
        ("deck.png", "plain")
    ]
    (report,) = reports(ledger)
    assert report.allegation == "image to be looked at: deck.png"
