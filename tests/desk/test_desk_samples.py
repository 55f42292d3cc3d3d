"""Samples to look at and a case to practise on, one click away and apart from one's own."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.test import Client

from excomm import folder
from excomm.desk.office import Desk
from excomm.ledger import open_ledger

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
NOW = datetime(2024, 6, 1, tzinfo=UTC)
EMPTY = """
=== case.toml
id = "empty"
title = "Nothing yet"
zone = "UTC"
opens = 2024-01-01
shown_on = 2024-01-10
parties = [{id = "A", name = "Side A"}]
"""


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def sends(client: Client, page: str, path: str, **fields: str) -> str:
    """Send a form of a page; gives where it leads."""
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    said = {"csrfmiddlewaretoken": token[1], **fields}
    answer = client.post(path, said)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def test_the_samples_are_one_click_from_every_page_and_take_nothing_in(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    assert 'href="/cases"' in text(client, "/small/items")
    page = text(client, "/cases")
    assert 'href="/sample-cuba-1962/"' in page and 'href="/sample-new-start-2010/"' in page
    sample = text(client, "/sample-cuba-1962/")
    assert "A sample that comes with excomm, read-only" in sample
    assert "Labinsk 2 short" in sample
    assert "A sample takes no entries." in text(client, "/sample-cuba-1962/enter")
    for path in ("enter/count", "correct?id=count-labinsk", "withdraw?id=count-labinsk"):
        assert client.get(f"/sample-cuba-1962/{path}").status_code == 404
    # The only case of one's own is still opened at once.
    assert client.get("/")["Location"] == "/small/"


def test_an_empty_page_leads_to_the_same_page_of_a_sample(
    desk_of: DeskOf, tmp_path: Path, open_desk: Opened
) -> None:
    where = tmp_path / "empty"
    folder.write(folder.read_text(EMPTY, now=NOW).entries, where)
    client = open_desk(desk_of(where))
    for page in ("agreement", "items", "sites", "minutes", "options", "reports"):
        assert f'href="/sample-cuba-1962/{page}"' in text(client, f"/empty/{page}"), page


def test_a_sample_never_stands_in_the_place_of_a_case_of_that_name(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    assert "A sample that comes" not in text(client, "/cuba-1962/agreement")
    assert "A sample that comes" in text(client, "/sample-cuba-1962/agreement")


def test_practice_is_led_step_by_step_apart_from_ones_own_and_thrown_away(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    desk = desk_of(small)
    client = open_desk(desk)
    own = open_ledger(small).head()
    guide = sends(client, text(client, "/cases"), "/practise", sample="cuba-1962")
    assert guide == "/practice-cuba-1962/guide"
    page = text(client, guide)
    assert "0 of 6 steps done." in page
    form = re.search(r'href="(/practice-cuba-1962/enter/count\?[^"]+)"', page)
    assert form, "a count is entered, like the last one"
    filled = text(client, form[1].replace("&amp;", "&"))
    key = re.search(r'name="form-key" value="([^"]+)"', filled)
    assert key
    entered = {"occurred": "1962-11-12", "item": "missiles", "number": "2", "carrier": "Labinsk"}
    sends(
        client,
        filled,
        "/practice-cuba-1962/enter/count",
        **entered,
        moving="leaving",
        **{"form-key": key[1]},
    )
    page = text(client, guide)
    assert "1 of 6 steps done." in page and "1 entry of yours in this practice case" in page
    assert open_ledger(small).head() == own
    # The practice is there the next day, and gone when it is thrown away.
    assert list(Desk(desk.run, desk.kept).practised) == ["practice-cuba-1962"]
    assert sends(client, text(client, "/cases"), "/practise", sample="cuba-1962") == guide
    assert "0 of 6 steps done." in text(client, guide)


def test_nothing_but_a_sample_can_be_practised_on_and_only_practice_has_a_guide(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    page = text(client, "/cases")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    for name in ("small", "../small", ""):
        sent = {"csrfmiddlewaretoken": token[1], "sample": name}
        assert client.post("/practise", sent).status_code == 404
    assert client.get("/small/guide").status_code == 404
    assert client.get("/practise").status_code == 405
