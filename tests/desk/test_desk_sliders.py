"""Sliders of an item: what the figure would be, computed at once and stored nowhere."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from excomm.brief import words
from excomm.case import Case
from excomm.desk.office import Desk

DeskOf = Callable[..., Desk]
Opened = Callable[[Desk], Client]
DAY = "on=1962-11-12T17:00-05:00"


@pytest.fixture
def client(desk_of: DeskOf, cuba: Path, open_desk: Opened) -> Client:
    return open_desk(desk_of(cuba))


def part(client: Client, query: str, status: int = 200) -> str:
    path = f"/cuba-1962/item?id=missiles&{DAY}&{query}"
    answer = client.get(path, headers={"HX-Request": "true"})
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def row(page: str, name: str) -> list[str]:
    found = re.search(rf"<tr><th[^>]*>{name}</th>(.*?)</tr>", page, re.S)
    assert found
    return [re.sub("<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", found[1], re.S)]


def test_a_moved_prior_moves_the_figures_that_rest_on_it_and_nothing_is_stored(
    client: Client, cuba: Path
) -> None:
    before = cuba.read_bytes()
    page = part(client, "suppose-missiles.prob_retained=0.5")
    assert "<html" not in page and "Supposed: missiles.prob_retained exactly 0.5." in page
    held, supposed = row(page, "none left and none brought back")
    view = Case.open(cuba).on("1962-11-12T17:00-05:00")
    best = view.assuming({"missiles.prob_retained": 0.5}).assurance("missiles")
    assert held != supposed
    assert supposed.startswith(words.probability(best.prob_none_left_nor_back.best))
    assert row(page, "none brought back")[0] == row(page, "none brought back")[1]
    assert "missiles.stock: at 42 to 48 the claim is" in page
    assert cuba.read_bytes() == before


def test_what_is_supposed_is_what_the_room_computes_of_that_assumption() -> None:
    view = Case.open("cuba-1962").on("1962-11-12")
    held = view.assurance("missiles").prob_none_left
    worse = view.assuming({"missiles.prob_retained": 0.3}).assurance("missiles").prob_none_left
    assert worse.low == held.low and worse.best < held.best and worse.high < held.high
    assert view.assuming({"no.such": 0.3}).assurance("missiles").prob_none_left == held


def test_a_form_sent_untouched_supposes_nothing(client: Client) -> None:
    page = client.get(f"/cuba-1962/item?id=missiles&{DAY}").content.decode()
    boxes = dict(
        re.findall(r'name="(suppose-[^"]+)" min="0" max="[^"]+" step="any" value="([^"]+)"', page)
    )
    assert {"suppose-missiles.arrival", "suppose-low-level.missiles.detection"} <= set(boxes)
    assert "suppose-missiles.stock" not in boxes  # a number of things, no chance
    found = part(client, "&".join(f"{name}={value}" for name, value in boxes.items()))
    assert "Nothing is supposed yet." in found
    held, supposed = row(found, "none left and none brought back")
    assert held == supposed


@pytest.mark.parametrize("value", ["0", "1"])
def test_the_ends_of_a_slider_have_figures_too(client: Client, value: str) -> None:
    page = part(client, f"suppose-missiles.prob_retained={value}")
    assert f"Supposed: missiles.prob_retained exactly {value}." in page and "nan" not in page


@pytest.mark.parametrize("value", ["85", "-0.1", "nan", "x"])
def test_a_value_that_is_no_chance_is_refused(client: Client, value: str) -> None:
    page = part(client, f"suppose-missiles.prob_retained={value}", 400)
    assert "missiles.prob_retained" in page and "expected 0 to 1. Write 85 % as 0.85." in page
