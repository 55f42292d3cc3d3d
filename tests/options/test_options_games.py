"""Trees, signals, posture, inspection and its price: laws, borders, and answers that are a no."""

import json
import random
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from excomm.errors import InputError
from excomm.options import deterrence, margin, read, solve, to_json
from excomm.options.inspection import Simultaneous, fewest_looks, solve_one_shot
from excomm.options.mixed_signals import MixedEquilibrium
from excomm.options.models import (
    InspectionOneShot,
    InspectionPayoffs,
    Posture,
    PriceOfVerification,
    Sign,
    Signalling,
    VerificationMeans,
)
from excomm.options.posture import solve_posture
from excomm.options.price import solve_price
from excomm.options.signals import solve_signalling
from excomm.options.tree import TreeAnswer

Payoffs = tuple[tuple[tuple[Fraction, ...], ...], ...]
Choice = tuple[int, ...]
CASES = Path(__file__).parent / "cases"
probabilities = st.fractions(min_value=0, max_value=1, max_denominator=12)


def offer(accept: str) -> dict[str, Any]:
    """Put the position first, and gain if the reply accepts; or wait."""
    return {
        "by": "US",
        "branches": [
            {
                "action": "put our position first",
                "to": {
                    "by": "chance",
                    "branches": [
                        {"outcome": "accepts", "probability": accept, "to": {"payoffs": [6]}},
                        {
                            "outcome": "refuses",
                            "probability": str(1 - Fraction(accept)),
                            "to": {
                                "by": "US",
                                "branches": [
                                    {"action": "press", "to": {"payoffs": [1]}},
                                    {"action": "drop it", "to": {"payoffs": [0]}},
                                ],
                            },
                        },
                    ],
                },
            },
            {"action": "wait", "to": {"payoffs": [3]}},
        ],
    }


def tree(root: dict[str, Any], players: list[str]) -> TreeAnswer:
    answer = solve(read(json.dumps({"kind": "tree", "players": players, "root": root})))
    assert isinstance(answer, TreeAnswer)
    return answer


def test_the_belief_at_which_the_first_move_changes_is_exact() -> None:
    # 6 p + 1 (1 - p) = 3 at p = 2/5.
    found = tree(offer("1/2"), ["US"])
    assert found.value == (Fraction(7, 2),)
    assert found.path_to_first_chance_or_end == ("put our position first",)
    (switch,) = found.switching
    assert switch.at == ("put our position first",)
    assert (switch.outcome, switch.given, switch.probability) == (
        "accepts",
        Fraction(1, 2),
        Fraction(2, 5),
    )
    assert (switch.below, switch.above) == ("wait", "put our position first")


@settings(deadline=None, max_examples=50)
@given(st.fractions(min_value=0, max_value=1, max_denominator=40))
def test_the_first_move_is_the_one_that_the_switching_point_says(accept: Fraction) -> None:
    first = tree(offer(str(accept)), ["US"]).path_to_first_chance_or_end[0]
    assert first == ("wait" if accept < Fraction(2, 5) else "put our position first")


def test_ties_are_reported_with_every_value_that_could_come_of_them() -> None:
    root = {
        "by": "US",
        "branches": [
            {
                "action": "offer",
                "to": {
                    "by": "USSR",
                    "branches": [
                        {"action": "accept", "to": {"payoffs": [5, 2]}},
                        {"action": "counter", "to": {"payoffs": [1, 2]}},
                    ],
                },
            },
            {"action": "wait", "to": {"payoffs": [3, 1]}},
        ],
    }
    found = tree(root, ["US", "USSR"])
    assert found.value == (Fraction(5), Fraction(2))
    assert [(tie.at, tie.by, tie.actions) for tie in found.ties] == [
        (("offer",), "USSR", ("accept", "counter"))
    ]
    # If he would counter, it is better to wait.
    assert [tuple(map(int, value)) for value in found.values_by_ties] == [(3, 1), (5, 2)]


def test_a_longer_way_than_a_hundred_turns_is_refused() -> None:
    root: dict[str, Any] = {"payoffs": [1]}
    for _ in range(101):
        root = {"by": "US", "branches": [{"action": "go on", "to": root}]}
    with pytest.raises(InputError, match="found a longer way, expected 100 turns or fewer"):
        tree(root, ["US"])


def drawn_signalling(seed: int, types: int, messages: int, responses: int) -> Signalling:
    rng = random.Random(seed)

    def payoffs() -> Payoffs:
        return tuple(
            tuple(
                tuple(Fraction(rng.randint(-3, 3)) for _ in range(responses))
                for _ in range(messages)
            )
            for _ in range(types)
        )

    weights = [rng.randint(1, 5) for _ in range(types)]
    return Signalling(
        tuple(f"t{n}" for n in range(types)),
        tuple(Fraction(w, sum(weights)) for w in weights),
        tuple(f"m{n}" for n in range(messages)),
        tuple(f"r{n}" for n in range(responses)),
        payoffs(),
        payoffs(),
    )


def best_somewhere(model: Signalling, message: int, response: int, first: Fraction) -> bool:
    belief = (first, 1 - first)
    worth = [
        sum(b * pay[message][r] for b, pay in zip(belief, model.receiver_payoff, strict=True))
        for r in range(len(model.responses))
    ]
    return worth[response] == max(worth)


def test_every_belief_in_the_range_supports_the_equilibrium_and_none_outside() -> None:
    for seed in range(60):
        model = drawn_signalling(seed, 2, 2, 3)
        for found in solve_signalling(model).pure_sequential_equilibria:
            for message, name in enumerate(model.messages):
                if name in found.sender:
                    continue
                response = model.responses.index(found.receiver[message])
                low, high = found.belief_first_type[message]
                for first in (Fraction(n, 60) for n in range(61)):
                    inside = low <= first <= high
                    assert best_somewhere(model, message, response, first) == inside


def expected(model: Signalling, payoff: Payoffs, send: Choice, answer: Choice) -> Fraction:
    return sum(
        (
            prior * pays[m][answer[m]]
            for prior, pays, m in zip(model.prior, payoff, send, strict=True)
        ),
        Fraction(0),
    )


def test_pure_equilibria_are_those_from_which_nobody_gains_by_deviating() -> None:
    for seed in range(40):
        model = drawn_signalling(seed, 2 + seed % 2, 2, 2)
        senders = list(product(range(2), repeat=len(model.types)))
        receivers = list(product(range(2), repeat=2))
        count = 0
        for send, answer in product(senders, receivers):
            own = expected(model, model.sender_payoff, send, answer)
            other = expected(model, model.receiver_payoff, send, answer)
            count += all(
                expected(model, model.sender_payoff, instead, answer) <= own for instead in senders
            ) and all(
                expected(model, model.receiver_payoff, send, instead) <= other
                for instead in receivers
            )
        assert solve_signalling(model).pure_nash_equilibria_count == count


def test_three_types_have_a_range_of_belief_too_and_partly_pooling_is_told() -> None:
    # After the unsent message the answer r1 pays only against t0, and then 2 to 1: belief 1/3 up.
    model = Signalling(
        ("t0", "t1", "t2"),
        (Fraction(1, 3),) * 3,
        ("m0", "m1"),
        ("r0", "r1"),
        (((Fraction(5), Fraction(5)), (Fraction(0), Fraction(0))),) * 3,
        (
            ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(2))),
            ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(-1))),
            ((Fraction(1), Fraction(0)), (Fraction(0), Fraction(-1))),
        ),
    )
    pooling = {
        e.receiver: e.belief_first_type for e in solve_signalling(model).pure_sequential_equilibria
    }
    assert pooling["r0", "r1"] == ((Fraction(1, 3), Fraction(1, 3)), (Fraction(1, 3), Fraction(1)))
    assert pooling["r0", "r0"] == ((Fraction(1, 3), Fraction(1, 3)), (Fraction(0), Fraction(1, 3)))
    forms = {
        e.form
        for seed in range(40)
        for e in solve_signalling(drawn_signalling(seed, 3, 2, 2)).pure_sequential_equilibria
    }
    assert "partly pooling" in forms


def posture(*signs: Sign) -> Posture:
    return Posture(("settle", "strike"), (Fraction(7, 10), Fraction(3, 10)), signs)


def test_changes_from_one_order_are_one_signal_and_equal_likelihoods_say_nothing() -> None:
    alert = Sign(
        "alert lowered", (Fraction(3, 5), Fraction(1, 10)), visible=True, order="SAC 12 November"
    )
    crews = Sign(
        "crews home", (Fraction(1, 2), Fraction(1, 5)), visible=True, order="SAC 12 November"
    )
    press = Sign("press says so", (Fraction(1, 2), Fraction(1, 2)), visible=True)
    unseen = Sign("secret order", (Fraction(1), Fraction(0)), visible=False)
    found = solve_posture(posture(alert, crews, press, unseen))
    assert found.posterior == solve_posture(posture(alert)).posterior
    assert found.left_out_same_order == ("crews home",)
    assert found.says_nothing == ("press says so",)
    assert found.left_out_not_visible == ("secret order",)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.tuples(probabilities, probabilities), min_size=1, max_size=4), st.data())
def test_the_posterior_lies_in_its_range(
    figures: list[tuple[Fraction, Fraction]], data: st.DataObject
) -> None:
    signs = []
    for first, last in figures:
        low = (data.draw(probabilities) * first, data.draw(probabilities) * last)
        high = tuple(x + (1 - x) * data.draw(probabilities) for x in (first, last))
        bounds = tuple(zip(low, high, strict=True))
        signs.append(Sign("sign", (first, last), visible=True, range=bounds))
    try:
        found = solve_posture(posture(*signs))
    except InputError as fault:
        assert "cannot occur under any intent" in str(fault)
        return
    assert isinstance(found.posterior_first_range, tuple)
    least, most = found.posterior_first_range
    assert 0 <= least <= found.posterior[0] <= most <= 1


def game(
    gain: int, loss: int, detection: Fraction, cost: Fraction, undetected: int = 10
) -> InspectionOneShot:
    payoffs = InspectionPayoffs(
        Fraction(gain), Fraction(loss), Fraction(undetected), Fraction(3), cost, detection
    )
    return InspectionOneShot(payoffs)


@settings(deadline=None, max_examples=50)
@given(
    st.integers(1, 30), st.integers(0, 30), probabilities, st.fractions(0, 12, max_denominator=4)
)
def test_neither_side_of_an_inspection_gains_by_doing_otherwise(
    gain: int, loss: int, detection: Fraction, cost: Fraction
) -> None:
    found = solve_one_shot(game(gain, loss, detection, cost)).simultaneous
    assert isinstance(found, Simultaneous)
    q, v = found.inspect_probability, found.violate_probability

    def inspectee(inspect: Fraction, violate: Fraction) -> Fraction:
        return violate * (gain - inspect * detection * (gain + loss))

    def inspector(inspect: Fraction, violate: Fraction) -> Fraction:
        return -inspect * cost - violate * (10 - inspect * detection * 7)

    assert found.inspectee_value == inspectee(q, v)
    assert found.inspector_value == inspector(q, v)
    assert all(inspectee(q, Fraction(other)) <= inspectee(q, v) for other in (0, 1))
    assert all(inspector(Fraction(other), v) <= inspector(q, v) for other in (0, 1))


def test_no_temptation_and_cannot_be_deterred_are_answers() -> None:
    rest = {
        "false_alarm_probability": Fraction(0),
        "false_alarm_loss": Fraction(0),
        "detection_per_look": Fraction(1, 2),
        "cost_per_look": Fraction(3),
    }
    calm = deterrence(
        keep=Fraction(5), cheat_undetected=Fraction(5), cheat_detected=Fraction(-9), **rest
    )
    assert calm.verdict == "no temptation"
    assert (calm.fewest_looks, calm.least_cost) == (0, Fraction(0))
    bold = deterrence(
        keep=Fraction(5), cheat_undetected=Fraction(9), cheat_detected=Fraction(6), **rest
    )
    assert (bold.verdict, bold.break_even_detection) == ("cannot be deterred", Fraction(4, 3))
    assert bold.fewest_looks is None
    blind = deterrence(
        keep=Fraction(0),
        cheat_undetected=Fraction(1),
        cheat_detected=Fraction(-1),
        **rest | {"detection_per_look": Fraction(0)},
    )
    assert (blind.verdict, blind.fewest_looks) == ("deterrable", None)
    assert margin(Fraction(3, 5), Fraction(7, 10)) == Fraction(-1, 10)


@settings(deadline=None, max_examples=50)
@given(
    probabilities, st.fractions(min_value=0, max_value=Fraction(999, 1000), max_denominator=1000)
)
def test_the_fewest_looks_are_enough_and_one_less_is_not(each: Fraction, wanted: Fraction) -> None:
    looks = fewest_looks(each, wanted)
    if looks is None:
        assert each == 0 < wanted
        return
    assert 1 - (1 - each) ** looks >= wanted
    assert looks == 0 or 1 - (1 - each) ** (looks - 1) < wanted


@settings(deadline=None, max_examples=50)
@given(
    probabilities,
    st.lists(
        st.tuples(probabilities, st.integers(0, 5), st.integers(0, 4)), min_size=1, max_size=3
    ),
)
def test_the_price_is_that_of_going_through_all_mixes(
    wanted: Fraction, means: list[tuple[Fraction, int, int]]
) -> None:
    taken = [
        VerificationMeans(f"m{n}", d, Fraction(c), most) for n, (d, c, most) in enumerate(means)
    ]
    found = solve_price(PriceOfVerification(wanted, tuple(taken)))
    costs: dict[tuple[int, ...], Fraction] = {}
    for mix in product(*(range(one.most_looks + 1) for one in taken)):
        missed = Fraction(1)
        for looks, one in zip(mix, taken, strict=True):
            missed *= (1 - one.detection_per_look) ** looks
        if 1 - missed >= wanted:
            costs[mix] = sum(
                (k * one.cost_per_look for k, one in zip(mix, taken, strict=True)), Fraction(0)
            )
    least = min(costs.values(), default=None)
    assert found.least_cost == least
    assert found.mixes == tuple(mix for mix in costs if costs[mix] == least)


def test_a_large_problem_of_means_is_answered_at_once() -> None:
    # Six means of forty looks each: four thousand million mixes.
    means = tuple(
        VerificationMeans(f"m{n}", Fraction(n + 1, 20), Fraction(n + 2), 40) for n in range(6)
    )
    found = solve_price(PriceOfVerification(Fraction(99, 100), means))
    assert found.least_cost is not None
    assert found.mixes


def test_fractions_are_written_as_strings_and_read_in_any_form() -> None:
    model = json.loads((CASES / "posture-1.json").read_bytes())
    written = to_json(solve(read(json.dumps(model))))
    model["prior"] = [0.7, "0.3"]
    assert to_json(solve(read(json.dumps(model)))) == written


# -- mixed equilibria, ties in doubt, drawn rankings -----------------------------------------------


def is_equilibrium(model: Signalling, one: MixedEquilibrium) -> bool:
    """By the words of the definition: nobody gains by another message, or by another answer."""

    def sends(t: int, m: int) -> Fraction:
        pays = zip(one.receiver[m], model.sender_payoff[t][m], strict=True)
        return sum((chance * pay for chance, pay in pays), Fraction(0))

    def answers(m: int, r: int, belief: tuple[Fraction, ...]) -> Fraction:
        pays = zip(belief, model.receiver_payoff, strict=True)
        return sum((held * pay[m][r] for held, pay in pays), Fraction(0))

    for t, chances in enumerate(one.sender):
        best = max(sends(t, m) for m in range(len(chances)))
        if any(chance and sends(t, m) < best for m, chance in enumerate(chances)):
            return False
    for m, chances in enumerate(one.receiver):
        low, high = one.belief_first_type[m]
        for first in (low, high):
            belief = (first, 1 - first)
            best = max(answers(m, r, belief) for r in range(len(chances)))
            if any(chance and answers(m, r, belief) < best for r, chance in enumerate(chances)):
                return False
    return True


def test_a_bluff_is_called_just_often_enough_in_the_only_equilibrium() -> None:
    # A strong hand always raises; a weak one bluffs, or folds for 0. Call wins 2 from a bluff and
    # loses 2 to strength, folding loses 1. By hand: bluff q with 1 strong to q weak such that a
    # call is worth -1: (2 q - 2) / (1 + q) = -1, q = 1/3; call c with 1 (1 - c) - 2 c = 0, c = 1/3.
    model = Signalling(
        types=("strong", "weak"),
        prior=(Fraction(1, 2), Fraction(1, 2)),
        messages=("raise", "give up"),
        responses=("call", "yield"),
        sender_payoff=figures([[[2, 1], [-1, -1]], [[-2, 1], [0, 0]]]),
        receiver_payoff=figures([[[-2, -1], [1, 1]], [[2, -1], [0, 0]]]),
        mixed=True,
    )
    found = solve_signalling(model)
    assert found.pure_sequential_equilibria == ()
    assert isinstance(found.mixed_sequential_equilibria, tuple)
    assert found.mixed_sequential_equilibria
    for one in found.mixed_sequential_equilibria:
        assert one.sender[0] == (Fraction(1), Fraction(0))
        assert one.sender[1] == (Fraction(1, 3), Fraction(2, 3))
        assert one.receiver[0] == (Fraction(1, 3), Fraction(2, 3))


def figures(rows: list[list[list[int]]]) -> tuple[tuple[tuple[Fraction, ...], ...], ...]:
    return tuple(tuple(tuple(map(Fraction, row)) for row in block) for block in rows)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_every_mixed_equilibrium_is_one_by_definition_and_some_equilibrium_is_found(
    seed: int,
) -> None:
    model = replace(drawn_signalling(seed, 2, 2, 2), mixed=True)
    found = solve_signalling(model)
    assert isinstance(found.mixed_sequential_equilibria, tuple)
    assert all(is_equilibrium(model, one) for one in found.mixed_sequential_equilibria)
    # Every finite game has a sequential equilibrium (Kreps and Wilson 1982).
    assert found.pure_sequential_equilibria or found.mixed_sequential_equilibria


def test_a_game_too_large_to_mix_in_is_refused() -> None:
    with pytest.raises(InputError) as fault:
        solve_signalling(replace(drawn_signalling(1, 3, 3, 3), mixed=True))
    assert str(fault.value) == (
        "$.mixed: found 3 types, 3 messages, 3 responses, expected a game as small as 2 by 2 by 2. "
        "Leave mixed out, or join what is much alike."
    )
