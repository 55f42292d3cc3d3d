"""Cycles, draws, mixes and routes: laws that hold for any problem, on problems drawn."""

import time
from itertools import combinations, permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.errors import InputError
from excomm.watch import audit, commit, draw, plan
from excomm.watch.cycle import CycleAnswer, cycle, cycle_detection
from excomm.watch.envelope import upper_bound
from excomm.watch.gaps import GapAnswer
from excomm.watch.mixed import MixAnswer
from excomm.watch.problems import GapSchedule, SecretMix, Sorties, StratifiedCycle
from excomm.watch.sorties import RoutesAnswer

SEED = b"November 1962, thirty-two bytes!"
SLOTS = ((0.5, 0.7, 0.8), (0.1, 1.0, 0.9))


@given(
    detect=st.lists(st.floats(0.05, 1.0), min_size=1, max_size=12),
    looks=st.integers(0, 4),
    window=st.integers(1, 6),
)
@settings(max_examples=40, deadline=None)
def test_a_cycle_keeps_its_sorties_and_stays_below_the_bound(
    detect: list[float], looks: int, window: int
) -> None:
    looks = min(looks, len(detect))
    problem = StratifiedCycle(looks, window, tuple(detect))
    found = plan(problem)
    assert isinstance(found, CycleAnswer)
    slots = np.array(found.slots)
    assert slots.sum(axis=1).max() <= looks + 1e-9
    assert ((slots >= 0) & (slots <= 1)).all()
    assert found.value <= found.bound + 1e-9


def test_a_third_site_is_split_over_both_days_at_the_golden_section() -> None:
    # Three sites, one sure look a day, windows of two: a = 1 - (1 - a)^2 has a = 0.618.
    slots = cycle(np.ones(3), looks_per_day=1, window=2)
    assert cycle_detection(slots, np.ones(3)).min() == pytest.approx((5**0.5 - 1) / 2, abs=1e-6)


@pytest.mark.parametrize(
    ("sites", "looks", "gap", "seconds"), [(24, 2, 0.03, 3), (200, 10, 0.0002, 5)]
)
def test_the_cycle_comes_close_to_what_any_policy_assures(
    sites: int, looks: int, gap: float, seconds: float
) -> None:
    gaps = []
    for seed in range(2):
        detect = np.random.default_rng(seed).uniform(0.4, 0.95, sites)
        began = time.monotonic()
        slots = cycle(detect, looks, 7)
        assert time.monotonic() - began < seconds
        gaps.append(upper_bound(detect, looks, 7) - cycle_detection(slots, detect).min())
    assert np.mean(gaps) <= gap


@pytest.mark.long
def test_two_thousand_sites_have_their_cycle_in_three_seconds() -> None:
    detect = np.random.default_rng(1).uniform(0.4, 0.95, 2000)
    began = time.monotonic()
    slots = cycle(detect, 100, 7)
    assert time.monotonic() - began < 3.0
    assert upper_bound(detect, 100, 7) - cycle_detection(slots, detect).min() <= 0.002


def test_the_draw_gives_each_site_its_probability_and_each_day_its_looks() -> None:
    days = [draw(SEED, SLOTS, 2 * n) for n in range(3000)]
    assert {len(sites) for sites in days} == {2}
    for site, probability in enumerate(SLOTS[0]):
        share = sum(site in sites for sites in days) / len(days)
        assert share == pytest.approx(probability, abs=0.04)


def test_an_audit_passes_what_was_drawn_and_names_the_day_that_was_bent() -> None:
    lodged = commit(SEED, SLOTS)
    flown = {day: draw(SEED, SLOTS, day) for day in range(60)}
    assert audit(lodged, SEED, SLOTS, flown) == ()
    bent = next(s for s in ((0, 1), (0, 2)) if s != flown[17])
    found = audit(lodged, SEED, SLOTS, {**flown, 17: bent})
    assert [(one.day, one.drawn, one.flown) for one in found] == [(17, flown[17], bent)]


def test_another_seed_or_plan_than_the_committed_one_proves_nothing() -> None:
    lodged = commit(SEED, SLOTS)
    for seed, slots in ((SEED[::-1], SLOTS), (SEED, SLOTS[::-1])):
        with pytest.raises(InputError, match="seed: found another seed or plan"):
            audit(lodged, seed, slots, {0: (1,)})
    with pytest.raises(InputError, match="seed: found 5 bytes, expected 16 or more"):
        commit(b"short", SLOTS)


def test_draws_do_not_change_between_versions() -> None:
    assert [draw(SEED, SLOTS, day) for day in range(6)] == DRAWN


DRAWN = [(0, 2), (1, 2), (0, 1), (1, 2), (0, 2), (1, 2)]


@pytest.mark.parametrize("seed", range(3))
def test_a_mix_is_certified_by_its_starts_over_all_schedules(seed: int) -> None:
    random = np.random.default_rng(seed)
    detect = np.round(random.uniform(0.2, 0.9, (3, 4)), 2)
    problem = SecretMix(3, 4, 2, 1, tuple(tuple(row) for row in detect.tolist()))
    found = plan(problem, seconds=10)
    assert isinstance(found, MixAnswer)
    assert found.ended == "proved"
    best = 0.0
    for schedule in np.ndindex(3, 3, 3, 3):
        total = 0.0
        for site, start, share in found.starts:
            days = [t for t in range(start, start + 2) if schedule[t] == site]
            total += share * (1 - np.prod([1 - detect[site, t] for t in days]))
        best = max(best, float(total))
    assert best == pytest.approx(found.value, abs=1e-9)


def test_a_mix_too_large_for_exact_pricing_still_has_a_bound() -> None:
    detect = np.random.default_rng(2).uniform(0.3, 0.9, (10, 9))
    problem = SecretMix(10, 9, 6, 2, tuple(tuple(row) for row in detect.tolist()))
    found = plan(problem, seconds=1.5)
    assert isinstance(found, MixAnswer)
    assert found.best_known_schedule <= found.value + 1e-9
    assert found.value <= found.bound


@given(gaps=st.lists(st.integers(1, 7), min_size=1, max_size=4), looks=st.integers(1, 2))
@settings(max_examples=60, deadline=None)
def test_a_gap_schedule_sees_every_site_in_time(gaps: list[int], looks: int) -> None:
    found = plan(GapSchedule(tuple(gaps), looks))
    assert isinstance(found, GapAnswer)
    if found.feasible is not True:
        assert found.cycle == ()
        return
    days = found.cycle * (max(gaps) + 2)
    for site, gap in enumerate(gaps):
        seen = [site in day for day in days]
        assert all(any(seen[n : n + gap]) for n in range(len(seen) - gap))
    assert all(len(day) <= looks for day in found.cycle)


def test_sorties_are_exact_beside_enumeration() -> None:
    random = np.random.default_rng(4)
    points = [(float(x), float(y)) for x, y in random.integers(0, 60, (6, 2))]
    profit = [float(p) for p in random.integers(1, 20, 6)]

    def flies(chosen: tuple[int, ...]) -> bool:
        return any(
            sum(
                np.ceil(np.hypot(*np.subtract(a, b)))
                for a, b in zip(
                    [(0.0, 0.0), *(points[n] for n in order)],
                    [*(points[n] for n in order), (0.0, 0.0)],
                    strict=True,
                )
            )
            <= 130
            for order in permutations(chosen)
        )

    sets = [c for size in range(7) for c in combinations(range(6), size) if flies(c)]
    best = max(sum(profit[n] for n in a + b) for a in sets for b in sets if not set(a) & set(b))
    found = plan(Sorties((0.0, 0.0), tuple(points), tuple(profit), 2, 130.0))
    assert isinstance(found, RoutesAnswer)
    assert (found.profit, found.ended) == (best, "proved")
    assert all(length <= 130 for length in found.lengths)
