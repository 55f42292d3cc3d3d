"""What if: the states that would move, why, and that nothing is stored."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from excomm.desk.office import Desk
from excomm.desk.waits import Duty, drawing

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
DAY = "on=1962-11-12T17:00-05:00"


@pytest.fixture
def client(desk_of: DeskOf, cuba: Path, open_desk: Opened) -> Client:
    return open_desk(desk_of(cuba))


def answer(client: Client, query: str, status: int = 200) -> str:
    found = client.get(f"/cuba-1962/what-if?{DAY}&{query}")
    assert found.status_code == status
    return found.content.decode()


def test_mccloys_offer_accepted_moves_the_bombers_and_the_quarantine_and_stores_nothing(
    client: Client, cuba: Path
) -> None:
    before = cuba.read_bytes()
    page = answer(client, "offer=offer-mccloy")
    assert "2 undertakings would stand otherwise" in page
    assert "accepted (CU-4 and CU-8) by Soviet Union" in page
    moves = page[page.index('id="moves"') : page.index("undertakings would stand as now")]
    assert "CU-4 USSR: remove the IL-28 bombers from Cuba" in moves
    assert "CU-8 USA: lift the quarantine" in moves
    assert "CU-9" not in moves and "7 undertakings would stand as now" in page
    assert cuba.read_bytes() == before


def test_every_supposed_event_is_asked_as_the_agreement_file_would_say_it(client: Client) -> None:
    page = answer(client, "kind-1=count&party-1=USSR&about-1=CU-2&total-1=42")
    assert "count (CU-2) by Soviet Union, 42 in all" in page
    page = answer(client, "kind-1=done&party-1=USA&about-1=CU-8&date-1=1962-11-20")
    assert "as seen on Tuesday 20 November 1962, end of day" in page
    assert "Done on 20 November." in page


def test_what_cannot_be_supposed_is_told_beside_the_form(client: Client) -> None:
    page = answer(client, "kind-1=done&about-1=CU-88", 400)
    assert "events[0].about: found CU-88" in page and "Did you mean CU-8?" in page
    assert 'value="CU-88"' in page
    page = answer(client, "kind-1=count&about-1=CU-2&total-1=many", 400)
    assert "events[0].total: found many, expected a number." in page


def test_the_least_that_would_do_leads_to_supposing_it(client: Client) -> None:
    page = answer(client, "least=CU-4&state=due")
    assert "CU-4 would be due if USSR accepted CU-4." in page
    assert "kind-1=accepted&amp;party-1=USSR&amp;about-1=CU-4" in page


def test_the_agreement_draws_who_waits_for_whom_with_a_table_beside(client: Client) -> None:
    page = client.get(f"/cuba-1962/agreement?{DAY}").content.decode()
    drawn = page[page.index("<svg") : page.index("</svg>")]
    assert 'aria-label="CU-8 USA: lift the quarantine: pending"' in drawn
    assert drawn.count('class="arrow"') == 5  # CU-8 waits for two, CU-9 for three
    assert "CU-5" not in drawn  # waits for nobody, and nobody for it


def test_an_undertaking_says_why_each_entry_does_not_decide(client: Client) -> None:
    page = client.get("/cuba-1962/undertaking?id=CU-8&on=1962-11-21").content.decode()
    assert "speaks of CU-4, not of CU-8" in page


def test_a_drawing_keeps_every_box_inside_and_cuts_no_column_short() -> None:
    names = [f"U{n}" for n in range(30)]
    from excomm.brief.structs import Cell

    duties = {n: Duty(n, "A", "do it", Cell("due"), "/") for n in names}
    made = drawing(
        [names[:25], names[25:]], dict.fromkeys(names[1:], (names[0],)), duties, width=960
    )
    assert made is not None and len(made.boxes) == 30
    assert all(b.x >= 0 and b.x + made.box_width <= 960 for b in made.boxes)
    assert all(b.y + made.box_height <= made.height for b in made.boxes)
    assert drawing([names], {}, duties, width=960) is None
