"""Carriers: ship by ship, against every way in which a few things can leave or stay."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import Carrier, exit_tallies, exit_tally
from excomm.errors import InputError


def every_way(
    ships: list[Carrier],
    total: int,
    prior: list[float],
    ways: tuple[float, float, float],
    moved: float,
) -> list[float]:
    """The posterior by going through every fate of every thing."""
    home = [n for n, ship in enumerate(ships) for _ in range(ship.declared)]
    home += [-1] * (total - len(home))  # on no list
    weights = [0.0] * (total + 1)
    kept_or_ship = [None, *range(-1, len(ships))]
    for fates in product(kept_or_ship, repeat=total):
        chance = 1.0
        for own, fate in zip(home, fates, strict=True):
            if fate is None:
                continue
            here = moved / len(ships) if fate >= 0 else 0.0
            chance *= here + (1.0 - moved if fate == own else 0.0)
        if chance == 0.0:
            continue
        kept = fates.count(None)
        aboard = [fates.count(n) for n in range(len(ships))]
        for ship, number in zip(ships, aboard, strict=True):
            if ship.counted is not None:
                chance *= tallied(number, ship.counted, ways)
        sets = len([1 for f in product((0, 1), repeat=total) if sum(f) == kept])
        weights[kept] += prior[kept] * chance / sets
    return [weight / sum(weights) for weight in weights]


def tallied(number: int, count: int, ways: tuple[float, float, float]) -> float:
    found = 0.0
    for each in product((0, 1, 2), repeat=number):
        if sum(each) == count:
            chance = 1.0
            for times in each:
                chance *= ways[times]
            found += chance
    return found


WAYS = (0.1, 0.85, 0.05)
PRIOR = [0.6, 0.2, 0.1, 0.05, 0.05]


@pytest.mark.parametrize("moved", [0.0, 0.15])
@pytest.mark.parametrize(
    "ships",
    [
        [Carrier(2, 0), Carrier(2, 3)],
        [Carrier(2, None), Carrier(1, 1)],
        [Carrier(1, 1), Carrier(1, 0), Carrier(1, None)],
        [Carrier(4, 3)],
        [Carrier(0, 0), Carrier(3, 3)],
    ],
)
def test_ship_by_ship_equals_going_through_every_way(ships: list[Carrier], moved: float) -> None:
    found = exit_tallies(ships, 4, PRIOR, *WAYS, moved=moved)
    assert found.pmf == approx(every_way(ships, 4, PRIOR, WAYS, moved), rel=1e-11, abs=1e-300)


def test_one_ship_that_was_to_carry_all_is_the_exit_tally() -> None:
    prior = [0.9] + [0.1 / 42] * 42
    for moved in (0.0, 0.3):
        found = exit_tallies([Carrier(42, 38)], 42, prior, 0.05, 0.93, 0.02, moved=moved)
        assert found.pmf == approx(
            exit_tally(42, prior, 38, 0.05, 0.93, 0.02).pmf, rel=1e-11, abs=1e-30
        )


def test_labinsk_none_of_two_beside_a_ship_one_over_is_used_and_not_averaged_away() -> None:
    # FRUS 1961-63, microfiche supplement doc. 512: Labinsk 0 of 2, another ship one over.
    prior = [0.9] + [0.1 / 42] * 42
    counting = (0.05, 0.93, 0.02)
    apart = exit_tallies([Carrier(2, 0), Carrier(5, 6), Carrier(35, 35)], 42, prior, *counting)
    added = exit_tally(42, prior, 41, *counting)
    assert apart.prob_some > 2 * added.prob_some
    # Where things change ships, two short here and one over there is half explained.
    moving = exit_tallies(
        [Carrier(2, 0), Carrier(5, 6), Carrier(35, 35)], 42, prior, *counting, moved=0.02
    )
    assert added.prob_some < moving.prob_some < apart.prob_some


def test_three_hundred_things_that_hardly_ever_change_ships_are_as_if_none_did() -> None:
    prior = [0.9] + [0.1 / 300] * 300
    ships = [Carrier(5, 4), Carrier(3, 4), Carrier(250, 249)]
    never, hardly = (
        exit_tallies(ships, 300, prior, 0.05, 0.93, 0.02, moved=moved).pmf for moved in (0.0, 1e-9)
    )
    assert hardly[:20] == approx(never[:20], rel=1e-5)


def test_a_ship_nobody_looked_at_says_nothing() -> None:
    prior = [0.9] + [0.1 / 42] * 42
    one = exit_tallies([Carrier(20, 20), Carrier(22, None)], 42, prior, 0.05, 0.93, 0.02)
    none = exit_tallies([Carrier(20, None), Carrier(22, None)], 42, prior, 0.05, 0.93, 0.02)
    assert none.pmf == approx(prior)
    assert one.prob_none > none.prob_none
    assert not one.pmf[33:].any()  # twenty counted are ten things or more


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=3),
    st.integers(0, 3), st.floats(0.0, 0.5), st.floats(0.05, 0.9),
)  # fmt: skip
def test_every_posterior_is_one_and_an_unseen_ship_changes_none(
    numbers: list[tuple[int, int]], unlisted: int, moved: float, kept: float
) -> None:
    ships = [Carrier(declared, counted) for declared, counted in numbers]
    total = sum(ship.declared for ship in ships) + unlisted
    if total == 0:
        return
    prior = [1 - kept] + [kept / total] * total
    if any((ship.counted or 0) > 2 * ship.declared for ship in ships) and moved == 0.0:
        return
    if sum(ship.counted or 0 for ship in ships) > 2 * total:
        return
    try:
        found = exit_tallies(ships, total, prior, 0.1, 0.8, 0.1, moved=moved)
    except InputError:
        return
    assert found.pmf.sum() == approx(1.0)
    assert (found.pmf >= 0).all()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            {"carriers": [Carrier(6, 5), Carrier(5, 5)]},
            "carriers: found 11 declared in all, expected at most total = 10. Correct the declared",
        ),
        (
            {"carriers": [Carrier(2, 5)]},
            "carriers[0].counted: found 5, expected at most 4, each of 2 counted twice.",
        ),
        ({"carriers": [Carrier(-2, 5)]}, "carriers[0].declared: found -2, expected a whole"),
        ({"moved": 1.2}, "moved: found 1.2, expected 0 to 1."),
        (
            {"total": 301, "retained_prior": [0.9] + [0.1 / 301] * 301, "moved": 0.02},
            "total: found 301, expected at most 300 where things may change ships."
            " Set `moved` to 0, or take all ships together.",
        ),
        ({"total": 1001}, "total: found 1001, expected at most 1000. Use exit_tally"),
    ],
)
def test_what_contradicts_is_named(change: dict[str, object], says: str) -> None:
    given_input: dict[str, object] = {
        "carriers": [Carrier(10, 9)], "total": 10, "retained_prior": [0.5] + [0.05] * 10,
        "missed": 0.1, "once": 0.8, "twice": 0.1,
    }  # fmt: skip
    with pytest.raises(InputError) as raised:
        exit_tallies(**(given_input | change))  # type: ignore[arg-type]
    assert str(raised.value).startswith(says)
