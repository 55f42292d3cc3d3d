"""Shares of orders and rankings: counted exactly where they can be, drawn evenly where not."""

import json
import math
from collections import Counter
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from excomm.errors import InputError
from excomm.options.conflict import solve_conflict
from excomm.options.inverse import solve_inverse
from excomm.options.models import (
    Conflict,
    Inverse,
    Option,
    Orders,
    Partial,
    Preference,
    Sampling,
    Share,
    Ties,
)
from excomm.options.rankings import Rankings, share_interval
from excomm.options.reading import read
from excomm.options.robust import solve_orders, solve_partial, solve_share, solve_ties

CASES = Path(__file__).parent / "cases"


def conflict(name: str) -> Conflict:
    model = read((CASES / f"{name}.json").read_bytes())
    assert isinstance(model, Conflict)
    return model


def test_what_decides_the_deal_without_inspection_or_overflights() -> None:
    # 11: quarantine lifted, assurance given, IL-28 out, no overflights, no inspection.
    # It holds in half of the orders of what the United States wants, and one comparison decides:
    # that Cuba not fire (2) matters more than looking where nobody inspects (4).
    found = solve_orders(Orders(conflict("cuba-nov-1962-ours"), (11, 59)))
    deal = found["US"].targets[11]
    assert deal.equilibrium_in["seq"] == 360
    assert deal.decides == (2, 4)
    # 59, the inspected deal, holds in every order, so nothing decides it.
    assert found["US"].targets[59].equilibrium_in["seq"] == 720
    assert found["US"].targets[59].decides is None


def test_rankings_under_comparisons_are_counted_gone_through_and_drawn_alike() -> None:
    known = [(0, 1), (0, 2), (3, 4)]
    rankings = Rankings([10, 11, 12, 13, 14], known, "$.known")
    every = [
        worst_first
        for worst_first in permutations(range(5))
        if all(worst_first.index(better) > worst_first.index(worse) for better, worse in known)
    ]
    assert rankings.count == len(every) == math.factorial(5) // 3 // 2
    assert sorted(rankings.every()) == sorted(every)
    drawn = rankings.drawn(Sampling(4_000, 3))
    orders = Counter(tuple(np.argsort(row).tolist()) for row in drawn)
    assert set(orders) == set(every)
    # Chi-square over 19 degrees of freedom: 43.8 is passed once in a thousand.
    each = 4_000 / len(every)
    assert sum((count - each) ** 2 / each for count in orders.values()) < 43.8


def test_a_chain_through_many_states_leaves_one_ranking() -> None:
    rankings = Rankings(list(range(70)), [(n, n + 1) for n in range(69)], "$.known")
    assert rankings.count == 1
    drawn = rankings.drawn(Sampling(2, 0))
    assert drawn.tolist() == [list(range(70, 0, -1))] * 2


def test_too_many_states_compared_only_in_part_are_refused() -> None:
    known = [(0, n) for n in range(1, 40)]
    with pytest.raises(InputError, match="found 40 states compared only in part"):
        _ = Rankings(list(range(40)), known, "$.known").count


def test_a_drawn_share_covers_the_counted_one() -> None:
    model = conflict("cuba-1962-fraser-hipel")
    # Fixing the order of nine leaves few enough to go through; the same drawn must agree.
    known = ((0, 4), (4, 6), (6, 2), (2, 5), (5, 1), (1, 7), (7, 3), (3, 11))
    counted = solve_partial(Partial(model, "USSR", known, 4))
    assert counted.drawn is None
    share = counted.equilibrium_in["seq"] / counted.rankings
    drawn = solve_partial(Partial(model, "USSR", known[:4], 4, sampling=Sampling(3000, 5)))
    assert drawn.drawn is not None
    assert drawn.drawn.draws == 3000
    assert drawn.drawn.seq_share_low <= drawn.equilibrium_in["seq"] / 3000
    assert drawn.equilibrium_in["seq"] / 3000 <= drawn.drawn.seq_share_high
    assert 0 < share <= 1


def test_partial_counts_are_those_of_solving_every_ranking() -> None:
    model = conflict("chicken")
    for known in ((), ((3, 0),), ((3, 1), (0, 2))):
        found = solve_partial(Partial(model, "A", known, 1))
        counts = Counter[str]()
        total = 0
        for ranking in permutations(range(4)):
            if any(ranking.index(better) > ranking.index(worse) for better, worse in known):
                continue
            total += 1
            own = {**model.preferences, "A": Preference(ranking=ranking)}
            answer = solve_conflict(Conflict(model.decision_makers, model.options, own))
            counts.update(c for c, states in answer.equilibria.items() if 1 in states)
        assert found.rankings == total
        assert found.equilibrium_in == {c: counts[c] for c in ("nash", "gmr", "smr", "seq")}


def test_merged_states_have_one_rank_in_a_partial_question() -> None:
    found = solve_partial(
        Partial(conflict("elmira"), "MoE", ((20, 4), (4, 5), (5, 21), (21, 18)), 8)
    )
    # Nine states, one of them merged, five in a chain. MoE cannot move from 8 or bear on it.
    assert found.rankings == math.factorial(9) // math.factorial(5)
    assert found.equilibrium_in["nash"] == found.rankings


def test_more_than_eight_statements_are_drawn_with_seed_and_interval() -> None:
    options = tuple(Option("AB"[n % 2], f"o{n}", "both") for n in range(4))
    wants = [{"any": ["-" * (n % 4) + "YN"[n // 4 % 2] + "-" * (3 - n % 4)]} for n in range(9)]
    text = json.dumps({"statements": wants})
    preference = json.loads(text)
    model = read(
        json.dumps(
            {
                "kind": "conflict",
                "decision_makers": ["A", "B"],
                "options": [{"dm": o.dm, "name": o.name, "moves": o.moves} for o in options],
                "preferences": {"A": preference, "B": {"ranking": [[*range(16)]]}},
            }
        )
    )
    assert isinstance(model, Conflict)
    with pytest.raises(InputError, match="362880 are too many to go through"):
        solve_orders(Orders(model, (0,)))
    drawn = solve_orders(Orders(model, (0,), sampling=Sampling(500, 1)))
    again = solve_orders(Orders(model, (0,), sampling=Sampling(500, 1)))
    assert drawn == again
    target = drawn["A"].targets[0]
    assert drawn["A"].orders == math.factorial(9)
    assert target.drawn is not None
    for _, _, before, after in target.seq_equilibrium_count_if_x_before_y_and_if_after:
        assert before + after == target.equilibrium_in["seq"]


def test_shares_of_three_parties_are_drawn() -> None:
    options = tuple(Option(dm, dm, "both") for dm in "ABC")
    found = solve_share(Share(("A", "B", "C"), options, sampling=Sampling(2000, 4)))
    assert found.pairs == math.factorial(8) ** 3
    assert found.draws == 2000
    # A state is Nash for each of three with chance 1/2: 1/8, within four standard errors.
    for hits in found.equilibrium_in["nash"].values():
        assert abs(hits / 2000 - 1 / 8) < 4 * math.sqrt(7 / 64 / 2000)


def test_an_interval_of_a_share_is_wilsons() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table 1, method 3: 81 of 263.
    low, high = share_interval(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
    assert share_interval(0, 20)[0] == 0.0


def test_ties_in_doubt_are_every_strict_ranking_that_they_may_stand_for() -> None:
    given = read(
        json.dumps(
            {
                "kind": "conflict",
                "decision_makers": ["A", "B"],
                "options": [
                    {"dm": "A", "name": "a", "moves": "both"},
                    {"dm": "B", "name": "b", "moves": "both"},
                ],
                "preferences": {
                    "A": {"ranking": [[0, 1], 2, 3]},
                    "B": {"ranking": [0, 2, 3, 1]},
                },
            }
        )
    )
    assert isinstance(given, Conflict)
    found = solve_ties(Ties(given, "A", 0))
    # By hand: 0 against 1 in either order; A moves from 0 to 1 and gains where 1 is better.
    by_hand: Counter[str] = Counter()
    for ranking in ((0, 1, 2, 3), (1, 0, 2, 3)):
        strict = replace(given, preferences={**given.preferences, "A": Preference(ranking=ranking)})
        for concept, states in solve_conflict(strict).equilibria.items():
            by_hand[concept] += 0 in states
    assert found.rankings == 2
    assert found.equilibrium_in == dict(by_hand)
    assert found.equilibrium_in["nash"] == 1
    assert found.decides is None  # seq holds either way: nothing hangs on it
    with pytest.raises(InputError, match="expected a ranking with ties"):
        solve_ties(Ties(conflict("cuba-nov-1962-ours"), "US", 11))


def test_rankings_of_a_model_too_large_to_count_are_drawn_and_say_so() -> None:
    large = conflict("cuba-nov-1962-ours")
    with pytest.raises(InputError, match="states that bear on one"):
        solve_inverse(Inverse(large))
    found = solve_inverse(Inverse(large, sampling=Sampling(draws=4000, seed=7)))
    assert found["US"].draws == 4000
    # Nash is always one in one more than the moves out: 11 has three of the United States.
    assert found["US"].stable_in["nash"][11] == pytest.approx(1000, abs=5 * math.sqrt(750))
