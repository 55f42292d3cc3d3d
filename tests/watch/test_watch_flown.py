"""Flights, port calls, queues and inspectors: what each kind answers and refuses."""

import itertools
import json
from datetime import date
from typing import Any

import numpy as np
import pytest

from excomm.errors import InputError
from excomm.watch import plan, read
from excomm.watch.flights import FlightsAnswer, daylight, distances_km
from excomm.watch.inspectors import InspectorsAnswer
from excomm.watch.ships import CallsAnswer, QueueAnswer

HOMESTEAD, SAN_CRISTOBAL, REMEDIOS, HOLGUIN = (
    (25.49, -80.38),
    (22.7, -83.2),
    (22.42, -79.58),
    (20.79, -76.32),
)


def asked(kind: str, seconds: float = 1.0, **inputs: Any) -> Any:
    return plan(read(json.dumps({"kind": kind, **inputs})), seconds=seconds)


def flights(**changes: Any) -> FlightsAnswer:
    jet = {"name": "jet", "sorties": 1, "speed_kmh": 800, "range_km": 1300, "station_minutes": 5}
    inputs = {
        "day": "1962-11-13",
        "base": HOMESTEAD,
        "points": [SAN_CRISTOBAL, REMEDIOS, HOLGUIN],
        "gain": [1, 1, 1],
        "means": [jet | {"detect": 0.8, "clear_sky": 0.5}],
        **changes,
    }
    found = asked("flights", **inputs)
    assert isinstance(found, FlightsAnswer)
    return found


def test_distances_are_those_of_great_circles() -> None:
    # London to Paris, 51.5074 N 0.1278 W to 48.8566 N 2.3522 E: 343.6 km on a sphere of 6371 km.
    km = distances_km(np.array([[51.5074, -0.1278], [48.8566, 2.3522]]))
    assert km[0, 1] == pytest.approx(343.6, abs=0.1)
    assert km[0, 0] == 0.0


def test_daylight_is_that_of_the_base() -> None:
    # Sunrise equation at 24.56 N, declination -18.1 degrees, edge and refraction 0.833: 10.98 h.
    sun = daylight((24.56, -81.78), date(1962, 11, 13))
    assert sun is not None
    assert (sun[1] - sun[0]).total_seconds() / 3600 == pytest.approx(10.98, abs=0.05)
    # The other side of the earth: the sunset that follows the sunrise, not the one before it.
    far = daylight((-17.7, 178.0), date(1962, 11, 13))
    assert far is not None
    assert 12 < (far[1] - far[0]).total_seconds() / 3600 < 14


def test_a_flight_takes_what_its_range_allows_and_is_home_by_dark() -> None:
    near = flights()
    (one,) = near.flights
    assert one.points in ((0, 1), (1, 0))  # Holguin alone would take the whole range
    assert one.km <= 1300 - 10 / 60 * 800  # over a point it burns what it would on the way
    assert one.minutes == pytest.approx(one.km / 800 * 60 + 10)
    assert near.value == pytest.approx(2 * 0.4)
    assert near.value <= near.bound
    assert near.daylight is not None
    assert one.leaves_by is not None
    assert near.daylight[0] < one.leaves_by < near.daylight[1]
    assert flights(points=[SAN_CRISTOBAL, REMEDIOS, (0, 0)]).unreachable == (2,)


def test_a_second_means_sees_what_the_first_left() -> None:
    jet = {"name": "jet", "sorties": 2, "speed_kmh": 800, "range_km": 3000, "clear_sky": 0.5}
    low = {"name": "low", "sorties": 1, "speed_kmh": 900, "range_km": 1100, "detect": 0.6}
    found = flights(means=[jet, low])
    seen_by = {one.means: one.points for one in found.flights}
    assert set(seen_by) == {"jet", "low"}
    for point in range(3):
        miss = 1.0
        for flight in found.flights:
            if point in flight.points:
                miss *= 1 - (0.5 if flight.means == "jet" else 0.6)
        assert found.seen[point] == pytest.approx(1 - miss)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"base": [91, 0]}, "$.base: found 91.0, 0.0, expected degrees north, -90 to 90"),
        ({"gain": [1]}, "$.gain: found 1 gains, expected 3, one for each point."),
        (
            {"day": "1962-12-21", "base": [80, 0]},
            "$.day: found 1962-12-21, expected a day on which",
        ),
        (
            {"means": [{"name": "jet", "sorties": 1, "speed_kmh": 0, "range_km": 10}]},
            "$.means[0].speed_kmh: found 0.0, expected above 0.",
        ),
    ],
)
def test_a_flight_that_cannot_be_is_refused(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as caught:
        flights(**change)
    assert str(caught.value).startswith(said)


def test_port_calls_are_inspected_as_alike_as_the_days_allow() -> None:
    # Three ships in port on day 0 alone and one team; a fourth stays to day 2.
    found = asked(
        "port_calls", calls=[[0, 0], [0, 0], [0, 0], [0, 2]], teams=1, detect=[1, 1, 1, 0.9]
    )
    assert isinstance(found, CallsAnswer)
    assert found.value == pytest.approx(1 / 3)
    assert found.tight is not None
    assert (found.tight.first, found.tight.last, found.tight.calls) == (0, 0, 3)
    assert sum(found.days[n].get(0, 0) for n in range(4)) <= 1 + 1e-12


@pytest.mark.parametrize("seed", range(6))
def test_no_mix_of_inspections_beats_the_least_detection(seed: int) -> None:
    random = np.random.default_rng(seed)
    calls = [sorted(random.integers(0, 5, 2).tolist()) for _ in range(6)]
    detect = np.round(random.uniform(0.3, 1, 6), 2).tolist()
    found = asked("port_calls", calls=calls, teams=1, detect=detect)
    assert isinstance(found, CallsAnswer)
    assert found.gap == pytest.approx(0, abs=1e-9)
    for day in range(5):
        assert sum(one.get(day, 0.0) for one in found.days) <= 1 + 1e-9
    # Whatever is drawn, the calls of every set of days share its teams.
    for size in range(1, 6):
        for days in itertools.combinations(range(5), size):
            inside = [
                d
                for (a, b), d in zip(calls, detect, strict=True)
                if set(range(a, b + 1)) <= set(days)
            ]
            if inside:
                assert found.value <= size / sum(1 / d for d in inside) + 1e-9


def test_a_queue_waits_as_erlang_says() -> None:
    # M/M/1 at 0.5 busy waits rho / (mu - lambda) = 0.5 days; M/M/2 at 1 erlang: C = 1/3.
    one = asked("inspection_queue", arrivals_per_day=1, teams=1, inspections_per_team_day=2)
    two = asked("inspection_queue", arrivals_per_day=2, teams=2, inspections_per_team_day=2)
    assert isinstance(one, QueueAnswer)
    assert isinstance(two, QueueAnswer)
    assert one.stable
    assert [one.busy, one.wait_days] == pytest.approx([0.5, 0.5])
    assert two.prob_wait == pytest.approx(1 / 3)
    assert two.wait_days == pytest.approx(1 / 6)


def test_what_is_not_completed_the_first_time_comes_again() -> None:
    inputs = {"arrivals_per_day": 1.8, "inspections_per_team_day": 1, "first_time_share": 0.6}
    found = asked("inspection_queue", teams=3, wait_days_max=0.5, **inputs)
    assert isinstance(found, QueueAnswer)
    assert not found.stable
    assert found.wait_days is None
    assert found.busy == pytest.approx(1.0)
    assert found.teams_stable == 4
    assert found.teams_needed is not None
    enough = asked("inspection_queue", teams=found.teams_needed, **inputs)
    fewer = asked("inspection_queue", teams=found.teams_needed - 1, **inputs)
    assert enough.wait_days <= 0.5 < (fewer.wait_days or np.inf)
    assert asked("inspection_queue", teams=2, **inputs).grows_a_day == pytest.approx(1.0)


def test_inspectors_are_drawn_from_what_every_party_accepts() -> None:
    lists = {"US": ["Ahlin", "Berg", "Cruz", "Dahl"], "CU": ["Berg", "Cruz", "Dahl", "Eng"]}
    found = asked("inspectors", lists=lists, team=2, seed="s", day="1962-11-13")
    assert isinstance(found, InspectorsAnswer)
    assert found.accepted == ("Berg", "Cruz", "Dahl")
    assert set(found.team) | set(found.reserves) == set(found.accepted)
    assert len(found.team) == 2
    again = asked("inspectors", lists=lists, team=2, seed="s", day="1962-11-13")
    assert again == found
    drawn = {
        asked("inspectors", lists=lists, team=2, seed="s", day=f"day {n}").team for n in range(60)
    }
    assert len(drawn) == 3


def test_lists_without_a_common_name_are_a_finding_not_a_fault() -> None:
    lists = {"US": ["Ahlin", "Berg"], "CU": ["Cruz"], "UN": ["Ahlin", "Cruz"]}
    found = asked("inspectors", lists=lists, team=1, seed="s", day="1")
    assert isinstance(found, InspectorsAnswer)
    assert found.team == ()
    assert found.finding == "nobody stands on the list of every party (US, CU, UN): 1 needed"
    assert [(one.name, one.not_by) for one in found.nearest] == [
        ("Ahlin", ("CU",)),
        ("Cruz", ("US",)),
    ]
