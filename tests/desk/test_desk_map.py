"""The map of sites: land where land is, names to be read, what was not looked at told apart."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from excomm import folder
from excomm.case import Case
from excomm.desk.areas import areas, hull
from excomm.desk.maps import Ground, Place, drawing
from excomm.desk.office import Desk
from excomm.desk.outline import Box, land

NOW = datetime(2024, 6, 1, tzinfo=UTC)
AREAS = """
=== case.toml
id = "areas"
title = "Areas"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
shown_on = 2024-03-01
parties = [{id = "A", name = "Side A"}]
means = [{id = "visit", name = "visit"}]
sites = [
  {id = "island", name = "The island"},
  {id = "north", name = "The north", within = "island"},
  {id = "port", name = "The port", lat = 22.0, lon = -80.0, within = "north", radius_km = 30},
  {id = "camp", name = "The camp", lat = 22.4, lon = -80.4, within = "north"},
  {id = "cape", name = "The cape", lat = 21.5, lon = -79.0, within = "island"},
  {id = "far", name = "Far away", lat = 23.0, lon = -82.0},
]
=== looks.csv
id,occurred,means,outcome,sites,marking
L1,2024-02-01,visit,made,port;camp,open
L2,2024-02-20,visit,made,port,open
"""


def area(ring: tuple[tuple[float, float], ...]) -> float:
    """Square degrees, by the shoelace formula."""
    pairs = zip(ring, (*ring[1:], ring[0]), strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def test_cuba_is_as_large_as_it_is() -> None:
    # 105,806 square kilometres for the main island (Oficina Nacional de Estadistica e Informacion).
    island = max(land(Box(-85.2, 19.6, -74.0, 23.4)), key=area)
    assert 100_000 < area(island) * 111.2**2 * 0.93 < 111_000


def test_land_is_cut_at_the_sides() -> None:
    box = Box(-101.0, 39.0, -99.0, 41.0)
    (plain,) = land(box)
    assert abs(area(plain) - 4.0) < 1e-9
    assert land(Box(-40.0, 30.0, -35.0, 35.0)) == ()  # the open Atlantic


def test_a_site_that_was_never_looked_at_is_no_old_one() -> None:
    days = {"never": None, "today": 0, "week": 7, "month": 28, "long": 29}
    found = {name: Place(name, name, 0, 0, each).age for name, each in days.items()}
    assert found == {
        "never": "never", "today": "recent", "week": "recent", "month": "weeks", "long": "old",
    }  # fmt: skip


def test_names_do_not_lie_over_each_other_and_every_site_is_drawn() -> None:
    places = [Place(f"S{n}", f"San Cristobal {n}", 22.7, -83.3 + n / 100, n) for n in range(4)]
    found = drawing([*places, Place("B", "Banes", 20.9, -75.7, None)], width=760)
    assert found is not None
    assert len(found.spots) == 5
    named = [spot.label for spot in found.spots if spot.label]
    assert named == ["Banes", "San Cristobal 3"]
    assert found.spots[0].says == "Banes: not looked"
    assert found.scale_km == 200
    assert "76° W" in [line.text for line in found.meridians]


def test_one_site_alone_has_a_map_too_and_none_has_none() -> None:
    found = drawing([Place("P", "Pole", 89.9, 179.9, 3)], width=330)
    assert found is not None and found.height > 0
    assert drawing([], width=330) is None


def test_an_area_is_seen_as_badly_as_the_worst_of_its_sites(tmp_path: Path) -> None:
    where = tmp_path / "areas"
    folder.write(folder.read_text(AREAS, now=NOW).entries, where)
    view = Case.open(where).on("2024-03-01")
    island, north = areas(view, ())
    assert (island.name, island.sites, island.never, island.days) == ("The island", 3, 1, None)
    assert (north.name, north.sites, north.never, north.days) == ("The north", 2, 0, 29)


@pytest.mark.parametrize(
    ("points", "corners"),
    [
        ([], ()),
        ([(1.0, 1.0)], ((1.0, 1.0),)),
        ([(0.0, 0.0), (1.0, 1.0), (2.0, 2.0)], ((0.0, 0.0), (2.0, 2.0))),
        ([(0.0, 0.0), (2.0, 0.0), (1.0, 0.5), (1.0, 2.0)], ((0.0, 0.0), (2.0, 0.0), (1.0, 2.0))),
    ],
)
def test_a_hull_has_no_corner_inside(
    points: list[tuple[float, float]], corners: tuple[tuple[float, float], ...]
) -> None:
    assert hull(points) == corners


def test_a_site_reaches_as_far_as_the_scale_says_and_lies_inside_the_map() -> None:
    port = Place("P", "Port", 60.0, 10.0, 3, radius_km=40)
    found = drawing(
        [port], [Ground("North", ((10.0, 60.0), (10.1, 60.1)), None, "North")], width=760
    )
    assert found is not None
    (ring,) = found.rings
    km = found.scale_width / found.scale_km
    assert ring.high == pytest.approx(40 * km, rel=0.01)
    assert ring.wide == pytest.approx(ring.high, rel=0.05)  # a circle, in the middle of the map
    assert ring.x - ring.wide > 0 and ring.x + ring.wide < found.width
    assert ring.y - ring.high > 0 and ring.y + ring.high < found.height
    assert found.shapes[0].age == "never" and found.shapes[0].path.startswith("M")


def test_areas_stand_on_the_map_and_in_a_table_beside_it(
    desk_of: Callable[..., Desk], tmp_path: Path, open_desk: Callable[[Desk], Client]
) -> None:
    where = tmp_path / "areas"
    folder.write(folder.read_text(AREAS, now=NOW).entries, where)
    page = open_desk(desk_of(where)).get("/areas/sites").content.decode()
    assert '<path class="area never"' in page and '<path class="area old"' in page
    assert "The island: 1 of 3 sites not looked at" in page
    assert "The north: every one of 2 sites looked at, 29 days unseen at most" in page
    table = page[page.index('id="areas"') :]
    assert table.index("The island") < table.index("The north") < table.index("Sites by days")
    assert "The port 30 km" in page and '<ellipse class="reach weeks"' in page
