"""Entering: what a form takes, what it refuses and why, and how things are undone."""

import html
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from excomm.desk.office import Desk
from excomm.entries import Entry
from excomm.entries.kinds import Count, Look, Offer
from excomm.ledger import open_ledger
from excomm.ledger.released import verify_release

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]


@pytest.fixture
def client(desk_of: DeskOf, small: Path, open_desk: Opened) -> Client:
    return open_desk(desk_of(small))


def form(client: Client, path: str) -> dict[str, str]:
    """What the form at an address would send if nobody touched it."""
    page = client.get(path).content.decode()
    said = dict(
        re.findall(
            r'<input (?:type="hidden" )?(?:id="[^"]*" )?name="([^"]+)" value="([^"]*)"', page
        )
    )
    for name, options in re.findall(
        r'<select id="f-[^"]+" name="([^"]+)".*?>(.*?)</select>', page, re.S
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        said[name] = chosen[1] if chosen else ""
    for name, text in re.findall(
        r'<textarea [^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', page, re.S
    ):
        said[name] = text
    said.pop("on", None)
    return said


def test_whoever_enters_gets_a_receipt_at_once(client: Client, small: Path, tmp_path: Path) -> None:
    said = form(client, "/small/enter/count") | {
        "occurred": "2024-01-08", "item": "boats", "number": "2", "site": "port",
        "by": "A", "source": "by telephone",
    }  # fmt: skip
    answer = client.post("/small/enter/count", said)
    page = client.get(answer["Location"]).content.decode()
    # The signed head stands on the page itself, to be copied; the file has the proof as well.
    shown = re.search(r'<pre class="code">(.*?)</pre>', page, re.DOTALL)
    assert shown and shown[1] == html.escape(str(open_ledger(small).checkpoint()))
    assert "— excomm.ledger/" in shown[1]
    ((held, name),) = re.findall(
        r'<a href="data:application/zip;base64,([^"]+)" download="([^"]+)">Keep its receipt</a>',
        page,
    )
    size = open_ledger(small).head().size
    assert name == f"small-{size}-receipt.zip"
    # Later it is to be had again, by its id.
    again = client.get(f"/small/receipt?id={list(open_ledger(small).read())[-1].id}")
    assert again["Content-Disposition"] == f'attachment; filename="{name}"'
    path = tmp_path / "receipt.zip"
    for content in (b64decode(held), again.content):
        path.write_bytes(content)
        found = verify_release(path)
        assert (found.shown, found.head.digest) == (1, open_ledger(small).head().digest)
    entry = answer["Location"].replace("entered=yes", "entered=")
    assert "data:application/zip" not in client.get(entry).content.decode()
    assert client.get("/small/receipt?id=not-there").status_code == 404


def entries(where: Path) -> list[Entry]:
    return list(open_ledger(where).read())


def test_a_count_is_taken_in_as_recorded_now(client: Client, small: Path) -> None:
    before, began = len(entries(small)), datetime.now(UTC)
    said = form(client, "/small/enter/count") | {
        "occurred": "2024-01-08", "item": "boats", "number": "2", "site": "port",
        "by": "A", "source": "by telephone", "marking": "restricted",
    }  # fmt: skip
    answer = client.post("/small/enter/count", said)
    assert answer.status_code == 302
    found = entries(small)
    assert len(found) == before + 1
    last = found[-1]
    assert last.body == Count(item="boats", number=2, site="port")
    assert (last.by, last.source, last.standing, last.reading, last.marking) == (
        "A", "by telephone", "claimed", "unverified", "restricted",
    )  # fmt: skip
    assert began <= last.recorded <= datetime.now(UTC) and last.recorded == last.appended
    page = client.get(answer["Location"]).content.decode()
    assert f"Entered as {last.id}" in page and "boats at The port: 2" in page


def test_every_kind_that_can_be_entered_has_a_form_that_is_taken(
    client: Client, small: Path
) -> None:
    said = {
        "look": {"means": "visit", "outcome": "refused", "sites": "port", "refused_by": "B"},
        "count": {"item": "boats", "number": "1"},
        "declaration": {"party": "A", "item": "boats", "number": "1"},
        "event": {"kind": "incident", "what": "a storm"},
        "report": {"allegation": "boats at night", "item": "boats"},
        "measure": {"name": "patrols", "party": "A", "level": "daily"},
        "offer": {"by": "A", "to": "B", "text": "boats out for patrols off", "entry_by": "A"},
    }
    for kind, fields in said.items():
        path = f"/small/enter/{kind}"
        answer = client.post(path, form(client, path) | {"occurred": "2024-01-08"} | fields)
        assert answer.status_code == 302, answer.content.decode()
    assert [entry.kind for entry in entries(small)[-7:]] == [*said]
    look, offer = entries(small)[-7].body, entries(small)[-1]
    assert isinstance(look, Look) and look.sites == ("port",)
    assert offer.by == "A" and isinstance(offer.body, Offer) and offer.body.by == "A"
    path = "/small/enter/response"
    more = {"occurred": "2024-01-09", "offer": str(offer.id), "party": "B", "answer": "none"}
    assert client.post(path, form(client, path) | more).status_code == 302


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("14:30", "2024-01-10T14:30Z"),
        ("yesterday 9:05", "2024-01-09T09:05Z"),
        ("Yesterday", "2024-01-09"),
        ("today", "2024-01-10"),
    ],
)
def test_a_time_is_taken_as_it_is_said_on_the_telephone(
    client: Client, small: Path, said: str, means: str
) -> None:
    path = "/small/enter/count"
    fields = {"occurred": said, "item": "boats", "number": "1"}
    assert client.post(path, form(client, path) | fields).status_code == 302
    assert str(entries(small)[-1].occurred) == means


def test_a_time_that_does_not_exist_is_refused_as_it_was_said(client: Client) -> None:
    path = "/small/enter/count"
    answer = client.post(path, form(client, path) | {"occurred": "25:00", "item": "boats"})
    assert answer.status_code == 422 and "found 25:00" in answer.content.decode().lower()


def test_a_form_sent_twice_is_one_entry(client: Client, small: Path) -> None:
    said = form(client, "/small/enter/count") | {
        "occurred": "2024-01-08", "item": "boats", "number": "2",
    }  # fmt: skip
    first, second = (client.post("/small/enter/count", said) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert sum(entry.kind == "count" for entry in entries(small)) == 3
    # With other words it is no copy: nothing is taken in, and the first is named.
    third = client.post("/small/enter/count", said | {"number": "7"})
    assert third.status_code == 422
    assert "a form that was sent before, with other words" in third.content.decode()
    assert sum(entry.kind == "count" for entry in entries(small)) == 3


def test_a_fault_stands_beside_its_field_and_nothing_is_lost(client: Client, small: Path) -> None:
    before = small.read_bytes()
    said = form(client, "/small/enter/count") | {
        "occurred": "8/1/2024", "item": "boats", "number": "2,5", "what": "seen at <dusk>",
    }  # fmt: skip
    answer = client.post("/small/enter/count", said)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert small.read_bytes() == before
    assert "Found 2,5, expected a number. Write a point, no comma: 2.5." in page
    assert 'aria-describedby="fault-number"' in page
    assert "spreadsheet has changed the form" in page
    assert "seen at &lt;dusk&gt;" in page
    assert said["form-key"] in page


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"item": ""}, "item: found nothing, expected a value. Every row needs one."),
        ({"occurred": "2999-01-01"}, "expected no later than recorded"),
        ({"item": "boots"}, "Did you mean boats?"),
        ({"number": "-4"}, "number: found -4, expected 0 or more."),
        ({"number": "2.5"}, "number: found 2.5, expected whole boats."),
        ({"marking": "cosmic"}, "expected one of the case"),
        ({"low": "9", "high": "3"}, "low"),
    ],
)
def test_the_rules_of_the_case_hold_for_forms(
    client: Client, small: Path, fields: dict[str, str], told: str
) -> None:
    before = small.read_bytes()
    said = {"occurred": "2024-01-08", "item": "boats", "number": "2"} | fields
    answer = client.post("/small/enter/count", form(client, "/small/enter/count") | said)
    assert answer.status_code == 422
    assert told in answer.content.decode().replace("&#x27;", "'")
    assert small.read_bytes() == before


def test_what_a_form_must_not_say_is_not_read(client: Client, small: Path) -> None:
    said = form(client, "/small/enter/count") | {
        "occurred": "2024-01-08", "item": "boats", "number": "2",
        "id": "mine", "recorded": "2020-01-01", "corrects": "C1", "seq": "1",
    }  # fmt: skip
    assert client.post("/small/enter/count", said).status_code == 302
    last = entries(small)[-1]
    assert last.id.startswith("count-") and last.corrects is None
    assert (datetime.now(UTC) - last.recorded).total_seconds() < 60


def test_a_correction_takes_the_old_ones_place_and_both_stay(client: Client, small: Path) -> None:
    said = form(client, "/small/correct?id=C1")
    assert (said["item"], said["number"], said["site"]) == ("boats", "3", "port")
    answer = client.post("/small/correct?id=C1", said | {"number": "5"})
    assert answer.status_code == 302
    last = entries(small)[-1]
    assert last.corrects == "C1" and isinstance(last.body, Count) and last.body.number == 5
    page = client.get("/small/entry?id=C1&known_by=now").content.decode()
    assert "corrected or withdrawn" in page and str(last.id) in page


def test_an_edit_of_what_was_corrected_meanwhile_is_shown_not_taken(
    client: Client, small: Path
) -> None:
    stale = form(client, "/small/correct?id=C1")
    other = form(client, "/small/correct?id=C1")
    assert client.post("/small/correct?id=C1", other | {"number": "5"}).status_code == 302
    before = small.read_bytes()
    answer = client.post("/small/correct?id=C1", stale | {"number": "6"})
    assert answer.status_code == 409
    assert "Changed meanwhile" in answer.content.decode()
    assert str(entries(small)[-1].id) in answer.content.decode()
    assert small.read_bytes() == before


def test_an_entry_is_withdrawn_with_a_reason_and_the_withdrawal_taken_back(
    client: Client, small: Path
) -> None:
    said = form(client, "/small/withdraw?id=C2")
    refused = client.post("/small/withdraw?id=C2", said)
    assert refused.status_code == 422
    answer = client.post("/small/withdraw?id=C2", said | {"reason": "misread"})
    assert answer.status_code == 302
    gone = entries(small)[-1]
    # For the same eyes as what it withdraws: nobody else learns that there was something.
    assert (gone.kind, gone.corrects, gone.marking) == ("correction", "C2", "secret")
    held = client.get("/small/entry?id=C2&known_by=now").content.decode()
    assert "corrected or withdrawn" in held
    undo = f"/small/withdraw?id={gone.id}"
    assert client.post(undo, form(client, undo) | {"reason": "it was right"}).status_code == 302
    held = client.get("/small/entry?id=C2&known_by=now").content.decode()
    assert "corrected or withdrawn" not in held


def test_a_folder_says_how_to_make_a_ledger_of_it(desk_of: DeskOf, open_desk: Opened) -> None:
    client = open_desk(desk_of("cuba-1962"))
    page = client.get("/cuba-1962/enter").content.decode()
    assert "excomm load cuba-1962 --into cuba-1962.ledger" in page
    assert client.get("/cuba-1962/enter/count").status_code == 404


def test_recent_words_are_offered_and_nothing_is_judged_beforehand(client: Client) -> None:
    page = client.get("/small/enter/count").content.decode()
    assert '<option value="report 7">' in page
    said = form(client, "/small/enter/count")
    assert (said["item"], said["number"], said["standing"]) == ("", "", "")


def test_an_entry_like_another_starts_with_its_words(client: Client) -> None:
    said = form(client, "/small/enter/count?like=C1")
    assert (said["item"], said["number"], said["source"]) == ("boats", "3", "report 7")
