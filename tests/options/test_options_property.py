"""Random models against a solver that does nothing but spell the definitions out, with sets.

It shares no line with the product: states are tuples of booleans, moves are found by looking at
every pair of states, and sanctions by walking.
"""

import random
from collections.abc import Callable, Iterator
from itertools import combinations, permutations, product

import msgspec
import pytest

from excomm.options.conflict import solve_conflict
from excomm.options.explain import explain
from excomm.options.inverse import must_prefer, solve_inverse
from excomm.options.models import Conflict, Inverse, Option, Preference, Ranking, Statement
from excomm.options.sweeps import CONCEPTS

Moves = dict[int, dict[int, set[int]]]  # mover -> state -> states


class Literal:
    """The definitions, word by word. Rankings only: the best first, ties as lists."""

    def __init__(self, model: Conflict, moves: Moves | None = None) -> None:
        self.model = model
        self.people = range(len(model.decision_makers))
        names = {s: s for s in range(2 ** len(model.options)) if self._can_be(s)}
        for pattern in model.merge:
            group = [s for s in names if self._fits(s, pattern)]
            names.update(dict.fromkeys(group, min(group)))
        self.states = sorted(set(names.values()))
        self.moves: Moves = moves or {
            i: {
                s: {
                    names[t]
                    for member in names
                    if names[member] == s
                    for t in names
                    if names[t] != s and self._can_move(i, member, t)
                }
                for s in self.states
            }
            for i in self.people
        }
        self.names = names
        self.place: list[dict[int, int]] = []
        for dm in model.decision_makers:
            ranking = model.preferences[dm].ranking
            assert ranking is not None
            self.place.append(
                {
                    s: -n
                    for n, level in enumerate(ranking)
                    for s in (level if isinstance(level, tuple) else (level,))
                }
            )

    def _fits(self, state: int, pattern: str) -> bool:
        return all(
            letter == "-" or (letter == "Y") == bool(state & 2**n)
            for n, letter in enumerate(pattern)
        )

    def _can_be(self, state: int) -> bool:
        return not any(self._fits(state, pattern) for pattern in self.model.infeasible)

    def _can_move(self, i: int, s: int, t: int) -> bool:
        for n, option in enumerate(self.model.options):
            before, after = bool(s & 2**n), bool(t & 2**n)
            if before == after:
                continue
            if option.dm != self.model.decision_makers[i]:
                return False
            if option.moves == "fwd" and before:
                return False
            if option.moves == "back" and after:
                return False
        return True

    def better(self, i: int, t: int, s: int) -> bool:
        return self.place[i][t] > self.place[i][s]

    def improvements(self, i: int, s: int) -> set[int]:
        return {t for t in self.moves[i].get(s, set()) if self.better(i, t, s)}

    def reach(self, i: int, start: int, moves: Callable[[int, int], set[int]]) -> set[int]:
        found: set[int] = set()
        seen: set[tuple[int, int]] = set()
        todo = [(start, -1)]
        while todo:
            s, last = todo.pop()
            for j in self.people:
                if j not in (i, last):
                    for t in moves(j, s):
                        found.add(t)
                        if (t, j) not in seen:
                            seen.add((t, j))
                            todo.append((t, j))
        return found

    def stable(self, i: int, s: int, concept: str) -> bool:
        for s1 in self.improvements(i, s):
            if concept == "nash":
                return False
            moves = self.improvements if concept == "seq" else self._all_moves
            spoilt = {x for x in self.reach(i, s1, moves) if not self.better(i, x, s)}
            if concept == "smr":
                spoilt = {
                    x
                    for x in spoilt
                    if not any(self.better(i, y, s) for y in self._all_moves(i, x))
                }
            if not spoilt:
                return False
        return True

    def _all_moves(self, j: int, s: int) -> set[int]:
        return self.moves[j].get(s, set())

    def least(self, start: int, moves: Callable[[int, int], set[int]]) -> dict[int, int]:
        found, count = {start: 0}, 0
        front = {(start, -1)}
        seen = set(front)
        while front:
            count += 1
            front = {
                (t, j) for s, last in front for j in self.people if j != last for t in moves(j, s)
            } - seen
            seen |= front
            for t, _ in front:
                found.setdefault(t, count)
        return found

    def joint(self, members: tuple[int, ...]) -> dict[int, tuple[int, ...]]:
        names = {self.model.decision_makers[i] for i in members}
        found: dict[int, set[int]] = {}
        for s, t in product(self.names, self.names):
            for n, option in enumerate(self.model.options):
                before, after = bool(s & 2**n), bool(t & 2**n)
                if before != after and (
                    option.dm not in names or option.moves == ("fwd" if before else "back")
                ):
                    break
            else:
                here, there = self.names[s], self.names[t]
                if all(self.better(i, there, here) for i in members):
                    found.setdefault(here, set()).add(there)
        return {s: tuple(sorted(found[s])) for s in sorted(found)}


def ranked(rng: random.Random, states: list[int]) -> Ranking:
    shuffled = rng.sample(states, len(states))
    levels: list[list[int]] = []
    ties = rng.choice([0.0, 0.2, 0.6])
    for state in shuffled:
        if levels and rng.random() < ties:
            levels[-1].append(state)
        else:
            levels.append([state])
    return tuple(tuple(level) if len(level) > 1 else level[0] for level in levels)


def drawn_model(seed: int, *, options_most: int = 6, merge: bool = False) -> Conflict:
    rng = random.Random(seed)
    people = tuple("ABCD"[: rng.randint(2, 4)])
    size = rng.randint(len(people), options_most)
    ways = rng.choice([["both"], ["both", "both", "fwd", "back"], ["fwd", "back"]])
    owners = [*people, *(rng.choice(people) for _ in range(size - len(people)))]
    if rng.random() < 0.2:
        owners[0] = owners[1]  # somebody without moves
    rng.shuffle(owners)
    options = tuple(Option(dm, f"o{n}", rng.choice(ways)) for n, dm in enumerate(owners))  # type: ignore[arg-type]
    infeasible: list[str] = []
    for _ in range(rng.choice([0, 0, 1, 2, 3])):
        fixed = rng.sample(range(size), min(size, rng.randint(2, 3)))
        pattern = "".join(rng.choice("YN") if n in fixed else "-" for n in range(size))
        model = Conflict(people, options, {}, infeasible=(*infeasible, pattern))
        if len(states_of(model)) > 1:
            infeasible.append(pattern)
    merged: tuple[str, ...] = ()
    model = Conflict(people, options, {}, infeasible=tuple(infeasible))
    if merge:
        pattern = "".join(rng.choice("YN-----") for _ in range(size))
        if len(states_of(msgspec.structs.replace(model, merge=(pattern,)))) > 1:
            merged = (pattern,)
    model = msgspec.structs.replace(model, merge=merged)
    states = states_of(model)
    preferences = {dm: Preference(ranking=ranked(rng, states)) for dm in people}
    return msgspec.structs.replace(model, preferences=preferences, status_quo=rng.choice(states))


def states_of(model: Conflict) -> list[int]:
    empty = {dm: Preference(ranking=()) for dm in model.decision_makers}
    shell = msgspec.structs.replace(model, preferences=empty)
    try:
        return Literal(shell, {}).states
    except ValueError:  # the merge pattern matches nothing that can be
        return []


def assert_same(model: Conflict, literal: Literal) -> None:
    answer = solve_conflict(model)
    assert answer.states == tuple(literal.states)
    for i, dm in enumerate(model.decision_makers):
        expected = {
            concept: tuple(s for s in literal.states if literal.stable(i, s, concept))
            for concept in CONCEPTS
        }
        assert answer.stable[dm] == expected, (dm, model)
        moves = {s: tuple(sorted(t)) for s, t in literal.moves[i].items() if t}
        assert answer.moves is not None
        assert answer.moves[dm] == moves
    assert model.status_quo is not None
    assert not isinstance(answer.status_quo, msgspec.UnsetType)
    ways, gains = answer.status_quo.least_moves, answer.status_quo.least_improving_moves
    assert ways == literal.least(model.status_quo, literal._all_moves)
    assert gains == literal.least(model.status_quo, literal.improvements)


def assert_same_coalitions(model: Conflict, literal: Literal) -> None:
    answer = solve_conflict(model)
    assert isinstance(answer.coalitions, dict)
    held = {s for states in answer.equilibria.values() for s in states}
    for size in range(2, len(literal.people) + 1):
        for members in combinations(literal.people, size):
            found = answer.coalitions["+".join(model.decision_makers[i] for i in members)]
            joint = literal.joint(members)
            assert found.joint_improvements == joint
            assert found.coalition_nash_stable == tuple(s for s in literal.states if s not in joint)
            jumps = tuple((s, t) for s in joint for t in joint[s] if s in held and t in held)
            assert found.equilibrium_jumps == jumps


def check(seeds: range) -> None:
    for seed in seeds:
        model = drawn_model(seed)
        literal = Literal(model)
        assert_same(model, literal)
        if seed % 5 == 0:
            assert_same_coalitions(model, literal)


def test_random_models_are_solved_as_the_definitions_say() -> None:
    check(range(200))


@pytest.mark.long
def test_two_thousand_random_models_are_solved_as_the_definitions_say() -> None:
    check(range(10_000, 12_000))


def test_random_models_with_more_one_way_options_than_lists_are_kept_for() -> None:
    # Eight options of one decision maker, most of them one way: compared change by change.
    rng = random.Random(11)
    for both in (0, 1, 3):
        ways = ["both"] * both + ["fwd", "back"] * 4
        options = tuple(Option("AB"[n >= 8], f"o{n}", ways[n]) for n in range(8))  # type: ignore[arg-type]
        options = (*options[:7], Option("B", "b", "both"), Option("C", "c", "both"))
        shell = Conflict(("A", "B", "C"), options, {}, infeasible=("YY-------", "--N----Y-"))
        states = states_of(shell)
        preferences = {dm: Preference(ranking=ranked(rng, states)) for dm in "ABC"}
        model = msgspec.structs.replace(shell, preferences=preferences, status_quo=states[0])
        assert_same(model, Literal(model))


def test_random_models_with_merged_states_are_solved_as_the_definitions_say() -> None:
    merged = 0
    for seed in range(500, 580):
        model = drawn_model(seed, options_most=5, merge=True)
        merged += bool(model.merge)
        literal = Literal(model)
        assert_same(model, literal)
        if seed % 4 == 0:
            assert_same_coalitions(model, literal)
    assert merged > 40


def test_random_listed_moves_are_solved_with_nobody_moving_twice_running() -> None:
    for seed in range(100):
        rng = random.Random(seed)
        options = tuple(Option(dm, dm, "both") for dm in "ABC")
        arcs: Moves = {
            i: {
                s: set(rng.sample([t for t in range(8) if t != s], rng.randint(0, 2)))
                for s in range(8)
            }
            for i in range(3)
        }
        given = {
            dm: {s: tuple(sorted(t)) for s, t in arcs[i].items() if t} for i, dm in enumerate("ABC")
        }
        preferences = {dm: Preference(ranking=ranked(rng, list(range(8)))) for dm in "ABC"}
        model = Conflict(
            ("A", "B", "C"), options, preferences, arcs=given, status_quo=rng.randint(0, 7)
        )
        assert_same(model, Literal(model, arcs))


def test_an_explanation_agrees_with_the_verdict_and_its_moves_exist() -> None:
    for seed in range(40):
        model = drawn_model(seed, options_most=5, merge=seed % 2 == 0)
        literal = Literal(model)
        for i, dm in enumerate(model.decision_makers):
            for state in literal.states:
                for verdict in explain(model, dm, state):
                    assert verdict.stable == literal.stable(i, state, verdict.concept)
                    gains = {answer.improvement for answer in verdict.answers}
                    assert gains == literal.improvements(i, state)
                    for answer in verdict.answers:
                        here = answer.improvement
                        for step in answer.sanction or ():
                            mover = model.decision_makers.index(step.by)
                            assert step.from_ == here
                            assert step.to in literal.moves[mover][here]
                            here = step.to
                        if answer.sanction:
                            assert not literal.better(i, here, state)


def strict(states: list[int]) -> Iterator[Ranking]:
    yield from permutations(states)


def test_the_inverse_counts_what_going_through_all_rankings_counts() -> None:
    checked = 0
    for seed in range(60):
        model = drawn_model(seed, options_most=4, merge=seed % 3 == 0)
        states = states_of(model)
        if not 3 <= len(states) <= 5:
            continue
        checked += 1
        found = solve_inverse(Inverse(model))
        for i, dm in enumerate(model.decision_makers):
            counts = {concept: dict.fromkeys(states, 0) for concept in CONCEPTS}
            for ranking in strict(states):
                preferences = {**model.preferences, dm: Preference(ranking=ranking)}
                literal = Literal(msgspec.structs.replace(model, preferences=preferences))
                for concept, state in product(CONCEPTS, states):
                    counts[concept][state] += literal.stable(i, state, concept)
            assert found[dm].stable_in == counts
    assert checked >= 5


def test_what_they_must_prefer_is_enough_and_no_less_is() -> None:
    model = drawn_model(3, options_most=4)
    states = states_of(model)
    for i, dm in enumerate(model.decision_makers):
        for concept, state in product(CONCEPTS, states):
            for below in must_prefer(model, dm, state, concept):
                for left_out in (None, *below):
                    kept = [s for s in below if s != left_out]
                    above = [s for s in states if s != state and s not in kept]
                    ranking = (*above, state, *kept)
                    preferences = {**model.preferences, dm: Preference(ranking=ranking)}
                    literal = Literal(msgspec.structs.replace(model, preferences=preferences))
                    assert literal.stable(i, state, concept) == (left_out is None)


def test_a_merged_state_is_judged_by_its_smallest_member() -> None:
    options = (Option("A", "a", "both"), Option("B", "b", "both"))
    # True of 3 alone, which is part of the merged state 2: so true of no state.
    wants = {dm: Preference(statements=(Statement(any=("YY",)),)) for dm in "AB"}
    answer = solve_conflict(Conflict(("A", "B"), options, wants, merge=("-Y",)))
    assert answer.rank_levels["A"] == ((0, 1, 2),)
    assert isinstance(answer.coalitions, dict)
    assert answer.coalitions["A+B"].joint_improvements == {}
    assert answer.warnings[0] == "A's statement 1 is false of every state: it orders nothing."


def test_statements_rank_as_the_sum_of_their_weights() -> None:
    # Forty statements: more than one machine word of weights.
    options = tuple(Option("A", f"o{n}", "both") for n in range(3))
    rng = random.Random(5)
    statements = tuple(
        Statement(any=("".join(rng.choice("YN-") for _ in range(3)),)) for _ in range(40)
    )
    model = Conflict(("A",), options, {"A": Preference(statements=statements)})

    def weight(state: int) -> int:
        return sum(
            2 ** (40 - n)
            for n, statement in enumerate(statements, 1)
            if all(
                letter == "-" or (letter == "Y") == bool(state & 2**k)
                for k, letter in enumerate((statement.any or ("",))[0])
            )
        )

    weights = sorted({weight(s) for s in range(8)}, reverse=True)
    levels = tuple(tuple(s for s in range(8) if weight(s) == w) for w in weights)
    assert solve_conflict(model).rank_levels["A"] == levels
