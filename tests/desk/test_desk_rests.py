"""Beside every figure stands the way to what it rests on, and that page says it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.test import Client
from lxml import html

from excomm.desk.asking import RESTS_MAX
from excomm.desk.office import Desk

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
ON = "on=1962-11-12T17:00-05:00"
WITH_FIGURES = (
    *("?", "agreement?", "undertaking?id=CU-4&", "items?", "item?id=missiles&", "sites?"),
    *("report?id=report-waves&", "reports?", "watch?", "options?", "handover?"),
    "what-if?offer=offer-mccloy&",
)
GROUNDS = ("rests", "entry", "undertaking", "item", "report", "reading")


def parsed(page: bytes) -> Any:
    return html.fromstring(page)


def test_every_part_of_a_page_that_holds_figures_leads_to_what_they_rest_on(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    without = []
    for path in WITH_FIGURES:
        page = parsed(client.get(f"/cuba-1962/{path}{ON}").content)
        for part in page.xpath("//main//section[.//table or .//dl or .//svg]"):
            if part.xpath(".//form") or not re.search(r"\d", part.text_content()):
                continue  # what is asked for rests on nothing yet
            links = [urlsplit(each).path.rpartition("/")[2] for each in part.xpath(".//a/@href")]
            if not set(links) & set(GROUNDS) and not part.xpath('.//a[@href="#rests"]'):
                without.append((path, part.get("aria-labelledby")))
    assert without == []


def test_a_figure_tells_its_assumptions_its_entries_and_where_it_is_weakest(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    item = parsed(client.get(f"/cuba-1962/item?id=missiles&{ON}").content)
    (href,) = item.xpath('//section[@aria-labelledby="figures"]//a[@class="why"]/@href')
    page = parsed(client.get(href).content)
    words = " ".join(page.xpath("//main")[0].text_content().split())
    row = page.xpath('//tr[th/a[text()="missiles.prob_retained"]]/td/text()')
    assert row[:3] == ["0.02", "0.1", "0.3"]
    assert "chance that any were kept back on purpose" in words
    assert "missiles leaving on Labinsk: 0" in words
    assert page.xpath('//a[text()="move it"]/@href')[0].startswith("/cuba-1962/item?")
    weak = page.xpath('//section[@aria-labelledby="weak"]')[0].text_content()
    assert "not established: on the word of USSR" in " ".join(weak.split())


def test_a_reader_is_told_of_no_entry_that_he_may_not_see(
    desk_of: DeskOf, small: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(small))
    both = client.get("/small/rests?ids=C1+C2&on=2024-01-10")
    assert "CANARY source" in both.content.decode()
    answers = []
    for name in ("C2", "none"):
        answer = client.get(f"/small/rests?ids=C1+{name}&on=2024-01-10&cleared=open")
        # Only what was asked for stands in the form that asks again.
        answers.append(re.sub(rf"C1(\+|%20| ){name}\b", "IDS", answer.content.decode()))
    assert answers[0] == answers[1] and "CANARY" not in answers[0]
    for name in ("C2", "none"):
        assert client.get(f"/small/rests?ids={name}&cleared=open").status_code == 404


def test_an_address_names_so_many_entries_and_how_many_more_there_are(
    desk_of: DeskOf, cuba: Path, open_desk: Opened
) -> None:
    client = open_desk(desk_of(cuba))
    page = parsed(client.get(f"/cuba-1962/item?id=missiles&{ON}").content)
    hrefs = page.xpath('//a[contains(@href, "/rests?")]/@href')
    assert hrefs
    for href in hrefs:
        assert len(parse_qs(urlsplit(href).query)["ids"][0].split()) <= RESTS_MAX
    told = client.get(f"/cuba-1962/rests?ids=count-labinsk&more=7&{ON}").content.decode()
    assert "And 7 more entries of the same figure" in told
