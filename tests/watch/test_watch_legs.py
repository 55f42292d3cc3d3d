"""Flights of a case: its sites joined into routes from a means' base, within range and daylight."""

from typing import Any

import pytest
from typer.testing import CliRunner

from excomm.case import View
from excomm.cli import app
from excomm.errors import Faults, InputError
from excomm.folder import write
from excomm.watch.campaign import planned
from excomm.watch.legs import flown, next_flights, way_words
from excomm.watch.situation import Situation

from .test_watch_campaign import case_of
from .test_watch_case import ASSUMED, CASE, LOOKS

PLACED = (
    CASE.replace('name = "Bay"', 'name = "Bay"\nlat = 10.0\nlon = 0.0')
    .replace('name = "Cape"\n', 'name = "Cape"\nlat = 10.0\nlon = 1.0\n')
    .replace('name = "Dune"\n', 'name = "Dune"\nlat = 10.0\nlon = 4.0\n')
)


def flying(range_km: int = 1500, **of: Any) -> str:
    said = {
        "base_north": 10,
        "base_east": -1,
        "speed_kmh": 600,
        "range_km": range_km,
        "station_minutes": 10,
        "by_daylight": 1,
        **of,
    }
    return ASSUMED + "".join(
        f"jet.{name},{value},{value},{value},the desk,an example\n" for name, value in said.items()
    )


def coast(assumed: str = "", on: str = "2024-01-14") -> View:
    free = LOOKS.replace("L4,2024-01-09,team,refused,cape,,high,\n", "")
    return case_of(PLACED, assumed or flying(), free, on=on)


def test_the_sites_unseen_longest_are_joined_into_flights_that_the_range_allows() -> None:
    found = next_flights(coast().watch(), seconds=1)
    # A degree is 109.5 km here. Bay and Cape out and back are 438 km, Dune is 547 km from the base.
    by = {frozenset(found.sites[n] for n in one.points): one for one in found.answer.flights}
    assert set(by) == {frozenset({"bay", "cape"}), frozenset({"dune"})}
    near = by[frozenset({"bay", "cape"})]
    assert near.km == pytest.approx(438, abs=1)
    assert near.minutes == pytest.approx(438 / 600 * 60 + 2 * 10, abs=0.2)
    assert near.leaves_by is not None
    assert near.leaves_by.startswith("2024-01-15T16:")
    short = next_flights(coast(flying(range_km=1000)).watch(), seconds=1)
    assert [short.sites[n] for n in short.answer.unreachable] == ["dune"]


def test_what_a_means_has_seen_counts_less_and_what_it_may_not_see_counts_for_nothing() -> None:
    view = case_of(PLACED, flying(), LOOKS + "F1,2024-01-14,jet,refused,dune,,high,\n")
    found = next_flights(view.watch(), seconds=1)
    assert all(found.sites[n] != "dune" for one in found.answer.flights for n in one.points)
    seen = case_of(PLACED, flying(), LOOKS + "F1,2024-01-14,jet,made,dune,,high,\n")
    gain = dict(zip(found.sites, next_flights(seen.watch(), seconds=1).problem.gain, strict=True))
    assert gain["dune"] == pytest.approx(0.5)


def by_air(range_km: int = 1500) -> Situation:
    """The coast, with nobody to visit: the jet alone looks."""
    grounded = flying(range_km).replace("team.sorties_per_day,1,1,1", "team.sorties_per_day,0,0,0")
    return coast(grounded).watch()


def test_sorties_of_a_plan_are_told_with_their_ways() -> None:
    now = by_air()
    plan = planned(now, 10, budget=60, seconds=2)
    found = flown(now, plan)
    assert found.unflown == ()
    assert found.detection == plan.detection
    assert found.sorties
    assert all(one.km is not None and one.km <= 1500 for one in found.sorties)
    assert {(one.day, site) for one in plan.sorties for site in one.sites} == {
        (one.day, site) for one in found.sorties for site in one.sites
    }


def test_a_look_out_of_range_is_told_and_counts_for_nothing() -> None:
    now = by_air(range_km=1000)
    plan = planned(now, 10, budget=60, seconds=2)
    found = flown(now, plan)
    far = {look for look in plan.answer.schedule if look[0] == "dune" and look[2] == "jet"}
    assert far
    assert set(found.unflown) == far
    assert found.detection.best < plan.detection.best


def test_rows_of_flight_are_asked_for_together() -> None:
    lacking = flying().replace("jet.range_km", "jet.range")
    with pytest.raises(Faults) as faults:
        coast(lacking).watch()
    assert str(faults.value) == (
        "assumptions.csv: found no row jet.range_km, expected a row for how far one sortie of jet"
        " can fly. Add the line: jet.range_km,low,best,high,author,basis"
    )
    with pytest.raises(InputError) as fault:
        next_flights(coast(ASSUMED).watch())
    assert str(fault.value).startswith(
        "assumptions.csv: found no means that says how it flies, expected rows for base_north,"
    )
    with pytest.raises(InputError) as fault:
        next_flights(case_of(CASE, flying(), LOOKS).watch())
    assert (
        str(fault.value)
        == "sites: found no place, expected lat and lon of a site at least. Add them."
    )


def test_the_command_tells_each_flight(tmp_path: Any) -> None:
    write(coast().case.read(), tmp_path / "coast")
    command = ["watch", "flights", str(tmp_path / "coast"), "--on", "2024-01-14", "--seconds", "1"]
    told = CliRunner().invoke(app, command).stdout
    assert told.startswith("FLIGHTS  Mon 15 Jan 2024: of ")
    assert "km, 1 h 0" in told
    own, other = (
        CliRunner().invoke(app, [*command, "--json", *more]).stdout
        for more in ([], ["--solver", "pyvrp"])
    )
    assert own[:40] == other[:40]
    assert '"unreachable":[]' in other


def test_a_way_is_told_in_hours_and_minutes() -> None:
    assert way_words(1234.5, 125.4, "2024-01-15T16:05Z") == (
        "1,234 km, 2 h 05 min, leaves by 2024-01-15T16:05Z"
    )
    assert way_words(90.0, 59.8, None) == "90 km, 1 h 00 min"
