"""Handover: every open item has somebody, what came is listed, the next shift takes it by name."""

import html
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from excomm import folder, ledger
from excomm.brief.handover import came_since, last_shift, open_items
from excomm.case import Case
from excomm.desk.office import Desk
from excomm.entries.kinds import Handover
from excomm.ledger import open_ledger

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
shown_on = 2024-01-10T12:00:00Z
parties = [{id = "A", name = "Side A"}]
=== directives.csv
id,occurred,what,to,due
D1,2024-01-09,count the boats,Ann,2024-01-10T18:00Z
D2,2024-01-09,tell the press,,2024-01-10T09:00Z
D3,2024-01-08,close the gate,Ben,2024-01-09
=== decisions.csv
id,occurred,question,state,by
Q1,2024-01-09,Ask for a second visit?,wanted,the Chair
Q2,2024-01-09,Go on?,taken,the Chair
=== events.csv
id,occurred,kind,about,what
E1,2024-01-09,done,D3,the gate is closed
"""


@pytest.fixture
def where(tmp_path: Path) -> Path:
    path = tmp_path / "small.ledger"
    ledger.create(path, folder.read_text(CASE, now=NOW).entries, now=NOW)
    return path


@pytest.fixture
def client(desk_of: DeskOf, where: Path, open_desk: Opened) -> Client:
    return open_desk(desk_of(where))


def form(client: Client) -> dict[str, str]:
    page = client.get("/small/handover?known_by=now").content.decode()
    page = page[page.index('id="open"') :]
    boxes = re.findall(
        r'<input (?:type="hidden" |id="[^"]*" )?name="([^"]+)" value="([^"]*)"', page
    )
    return {name: html.unescape(value) for name, value in boxes}


def test_what_is_open_is_due_promised_or_to_be_decided_and_says_who_has_it() -> None:
    entries = folder.read_text(CASE, now=NOW).entries
    from excomm.case import CaseHead

    view = Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64)).on(None)
    assert [(one.key, one.owner, one.is_late) for one in open_items(view)] == [
        ("D2", "", True), ("D1", "Ann", False), ("Q1", "the Chair", False),
    ]  # fmt: skip
    assert last_shift(view) is None and len(came_since(view, None)) == len(view.log)


def test_nothing_is_handed_over_while_an_item_has_nobody(client: Client, where: Path) -> None:
    before = where.read_bytes()
    answer = client.post("/small/handover", form(client) | {"by": "Ann", "to": "Ben"})
    assert answer.status_code == 422
    assert "found nobody, expected somebody who has it. Name him." in answer.content.decode()
    assert where.read_bytes() == before


def test_a_shift_is_handed_over_once_and_taken_by_name(client: Client, where: Path) -> None:
    said = form(client) | {"by": "Ann", "to": "Ben", "owner-D2": "Cleo", "what": "fog at dawn"}
    for _ in range(2):  # sent twice, it is one entry
        assert client.post("/small/handover", said).status_code == 302
    handed = [one for one in open_ledger(where).read() if isinstance(one.body, Handover)]
    assert len(handed) == 1 and handed[0].by == "Ann"
    body = handed[0].body
    assert isinstance(body, Handover) and (body.to, body.state) == ("Ben", "handed over")
    assert body.owners == {"D1": "Ann", "D2": "Cleo", "Q1": "the Chair"}
    page = client.get("/small/handover?known_by=now&on=2024-06-30").content.decode()
    later = client.get(f"/small/handover?known_by=now&on={datetime.now(UTC).date()}")
    page = later.content.decode()
    assert "Handed over by Ann to Ben" in page and "not taken yet" in page and "fog at dawn" in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    key = re.search(r'name="form-key" value="([^"]+)"', page)
    at = re.search(r'name="at" value="([^"]+)"', page)
    assert token and key and at
    take = {"csrfmiddlewaretoken": token[1], "form-key": key[1], "at": html.unescape(at[1]),
            "of": str(handed[0].id), "do": "take", "by": "Ben"}  # fmt: skip
    assert client.post("/small/handover", take).status_code == 302
    view = Case.open(where).on(datetime.now(UTC).date())
    shift = last_shift(view)
    assert shift is not None and shift.taken is not None and shift.taken.by == "Ben"
    assert came_since(view, shift) == ()
    assert {one.key: one.owner for one in open_items(view) if one.is_handed}["Q1"] == "the Chair"


def test_nobody_hands_over_without_a_name(client: Client) -> None:
    said = form(client) | {"by": "", "to": "Ben", "owner-D2": "Cleo"}
    answer = client.post("/small/handover", said)
    assert answer.status_code == 422 and "by name" in answer.content.decode()
