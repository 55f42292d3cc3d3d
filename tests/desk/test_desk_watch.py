"""The watch page: where plans are weakest, a change tried, the picture, what is missing."""

from collections.abc import Callable
from pathlib import Path

from django.test import Client

from excomm.case import Case
from excomm.desk.office import Desk

from .test_desk_enter import form

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
DAY = "on=1962-11-12T17:00-05:00"


def text(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_a_change_is_tried_and_nothing_is_stored(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    before = cuba.read_bytes()
    page = text(client, f"/cuba-1962/watch?{DAY}")
    assert "Least detection 0.00 (0.00 to 0.00)" in page
    assert "Tried" not in page
    sites = "".join(f"&site={one}" for one in ("banes", "havana"))
    tried = text(client, f"/cuba-1962/watch?{DAY}&means=u2&day=1962-11-14{sites}")
    assert "Tried: the least does not move" in tried
    assert cuba.read_bytes() == before


def test_what_cannot_be_tried_is_told(desk_of: DeskOf, cuba: Path, open_desk: Opened) -> None:
    client = open_desk(desk_of(cuba))
    for query, said in (
        ("means=u2&day=soon&site=banes", "day: found soon, expected a day. Write 1962-11-20."),
        ("means=u2&day=1962-11-01&site=banes", "day: found 1962-11-01, expected 1962-11-13 to"),
        ("means=kite&day=1962-11-14&site=banes", "look: found kite at banes, expected a site, and"),
    ):
        page = text(client, f"/cuba-1962/watch?{DAY}&{query}")
        assert "This cannot be tried" in page
        assert said in page.replace("&#x27;", "'")


def test_the_picture_is_served_with_what_is_tried(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    plain = client.get(f"/cuba-1962/watch.svg?{DAY}")
    assert plain["Content-Type"] == "image/svg+xml"
    tried = text(client, f"/cuba-1962/watch.svg?{DAY}&means=u2&day=1962-11-14&site=banes")
    assert plain.content.decode().count('class="planned"') + 1 == tried.count('class="planned"')
    assert text(client, f"/cuba-1962/watch.ics?{DAY}").startswith("BEGIN:VCALENDAR")
    drawn = text(client, f"/cuba-1962/watch-curve.svg?{DAY}&item=missiles")
    assert "missiles, none left and none brought back: as planned" in drawn
    assert client.get(f"/cuba-1962/watch-curve.svg?{DAY}&item=tanks").status_code == 404


def test_a_case_without_the_assumptions_says_which_rows_it_lacks(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    page = text(client, "/small/watch")
    assert "boats.window_days,low,best,high,author,basis" in page
    assert client.get("/small/watch.svg").status_code == 404


def test_a_planned_look_is_entered_on_the_desk_and_approved_as_a_correction(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))

    def sent(path: str, **given: str) -> None:
        answer = client.post(path, form(client, path) | given)
        assert answer.status_code in (302, 303), answer.content.decode()

    look = {"occurred": "1962-11-12", "planned_for": "1962-11-20", "means": "u2"}
    look |= {"sites": "banes", "items": "missiles", "marking": "secret", "reading": "high"}
    sent("/cuba-1962/enter/plan", **look, state="proposed")
    (entry,) = [one for one in Case.open(cuba).read() if one.kind == "plan"]
    sent(f"/cuba-1962/correct?id={entry.id}", **look, state="approved")
    page = text(client, "/cuba-1962/watch?on=1962-11-12&known_by=now")
    assert "Tue 20 Nov 1962" in page
    assert "ahead" in page
    calendar = text(client, "/cuba-1962/watch.ics?on=1962-11-12&known_by=now")
    assert "STATUS:CONFIRMED" in calendar
    assert "SEQUENCE:1" in calendar
    assert f"UID:{entry.id}@cuba-1962" in calendar.replace("\r\n ", "")
