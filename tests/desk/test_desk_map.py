"""The map of sites: land where land is, names to be read, what was not looked at told apart."""

from excomm.desk.maps import Place, drawing
from excomm.desk.outline import Box, land


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
