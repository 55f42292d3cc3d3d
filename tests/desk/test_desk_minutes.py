"""Minutes on the desk: positions, search, and a record with source and reading side by side."""

import html
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from excomm.case import Case
from excomm.desk.office import Desk, Reader

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
WORD = "/cuba-1962/reading?id=minutes/excomm-24"


def _text(client: Client, path: str, status: int = 200) -> str:
    got = client.get(path)
    assert got.status_code == status, got.content
    return html.unescape(got.content.decode())


def _token(client: Client, path: str) -> dict[str, str]:
    page = client.get(path).content.decode()
    form = page[page.index('class="look-at"') :]
    hidden = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: html.unescape(value) for name, value in hidden}


def test_the_page_shows_who_stood_where_and_finds_what_was_said(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    page = _text(client, "/cuba-1962/minutes?issue=CU-8")
    assert "Positions: CU-8" in page
    assert "The President commented that the quarantine was losing credibility." in page
    found = _text(client, "/cuba-1962/minutes?words=losing+credible")
    assert "1 statement." in found
    assert "0 statements." in _text(client, "/cuba-1962/minutes?words=zebra")


def test_the_least_sure_reading_is_asked_about_first_beside_its_place(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    page = _text(open_desk(desk_of(cuba)), WORD)
    assert "To look at: 1 of 19, directive, sure to 0.35" in page
    assert "Ambassalor read as Ambassador" in page
    assert "Ambassalor Utevenson again urged" in page  # the source stands as it is


def test_a_word_on_a_reading_is_an_entry_once_however_often_it_is_sent(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    sent = {**_token(client, WORD), "by": "A. Desk", "verdict": "accepted"}
    for _ in range(2):
        assert client.post(WORD, sent).status_code == 302
    view = Case.open(cuba).on("2100-01-01")
    made = [(entry.kind, entry.by, entry.marking) for entry in view.log if entry.by == "A. Desk"]
    assert made == [("directive", "A. Desk", "secret"), ("disposal", "A. Desk", "secret")]
    assert "To look at: 1 of 18" in _text(client, f"{WORD}&known_by=now")


def test_an_edit_keeps_only_what_was_changed_and_a_rejection_withdraws_it(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    hidden = _token(client, WORD)
    fields = {name.removeprefix("was-"): text for name, text in hidden.items() if "was-" in name}
    edited = {**hidden, **fields, "to": "Treasury", "by": "A. Desk", "verdict": "edited"}
    assert client.post(WORD, edited).status_code == 302
    view = Case.open(cuba).on("2100-01-01")
    (directive,) = [entry.body for entry in view.log if entry.by == "A. Desk"][:1]
    assert getattr(directive, "to", "") == "Treasury"
    rejected = {**hidden, "by": "A. Desk", "verdict": "rejected"}
    assert client.post(WORD, rejected).status_code == 302
    kinds = [e.kind for e in Case.open(cuba).on("2100-01-01").log if e.by == "A. Desk"]
    assert kinds == ["directive", "disposal", "correction", "disposal"]


@pytest.mark.parametrize("verdict", ["", "maybe"])
def test_a_form_that_this_desk_did_not_make_is_refused(
    desk_of: DeskOf, cuba: Path, open_desk: Opened, verdict: str
) -> None:
    client = open_desk(desk_of(cuba))
    size = Case.open(cuba).head.size
    sent = {**_token(client, WORD), "verdict": verdict}
    assert client.post(WORD, sent).status_code == 400
    assert Case.open(cuba).head.size == size


def test_who_may_not_see_the_minutes_sees_neither_them_nor_that_there_are_any(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    desk = desk_of(cuba)
    client = open_desk(Desk(desk.run, desk.kept, Reader("", "open", may_enter=True)))
    page = _text(client, "/cuba-1962/minutes")
    assert "No minutes are known" in page
    assert "excomm-24" not in page
    hidden, unknown = client.get(WORD), client.get("/cuba-1962/reading?id=none")
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.content == unknown.content


def test_the_day_book_shows_what_is_late_and_leads_to_where_a_reading_is_confirmed(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    page = _text(client, "/cuba-1962/day-book?on=1962-11-12T17:00-05:00")
    assert "1 late, 0 due today" in page
    assert "7 questions never answered. 4 tasks only read in the minutes" in page
    assert "Reduce the alert levels of US forces" in page
    assert "the major Latin American states" in page
    assert "The refugees have no evidence which we do not have." in page
    link = re.search(r'href="(/cuba-1962/reading[^"]+look=[^"]+)">read, not confirmed', page)
    assert link and "a short statement be prepared" in _text(client, link[1])
    for room in ("", "minutes"):
        assert "/cuba-1962/day-book" in _text(client, f"/cuba-1962/{room}")


def test_a_confirmed_directive_stands_in_the_day_book_as_confirmed(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    book = "/cuba-1962/day-book?on=1962-11-12T17:00-05:00&known_by=now"
    page = _text(client, book)
    assert "4 tasks only read" in page
    (link, *_) = re.findall(r'href="([^"]+look=[^"]+)">read, not confirmed', page)
    sent = {**_token(client, link), "by": "A. Desk", "verdict": "accepted"}
    assert client.post(link, sent).status_code == 302
    assert "3 tasks only read" in _text(client, book)


def test_what_has_a_time_leaves_the_day_book_as_to_dos(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    got = client.get("/cuba-1962/day-book.ics?on=1962-11-12")
    assert got["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VTODO" in got.content
    assert b"NEEDS-ACTION" in got.content  # only read
