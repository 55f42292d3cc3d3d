"""What must they prefer for this to hold? One decision maker's rankings turned round.

Whether a state is stable for a decision maker depends only on which states it likes no better:
each improvement must be met from among those. So the rankings are not gone through; the sets of
states below are, and each stands for a known number of rankings. Exact up to 20 states that matter.
"""

import math
from collections.abc import Callable, Iterator, Sequence

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.options.arcs import Arcs
from excomm.options.cube import Bools
from excomm.options.graph import Graph, graph
from excomm.options.models import Conflict, Inverse, Preference, Sampling
from excomm.options.robust import conflict_of, needed, solved
from excomm.options.sweeps import CONCEPTS

MATTERING_MOST = 20


class InverseOf(msgspec.Struct, frozen=True):
    """One decision maker: all its strict rankings, and in how many each state is stable for it."""

    rankings: int
    stable_in: dict[str, dict[int, int]]  # of the rankings, or of the draws
    draws: int | msgspec.UnsetType = msgspec.UNSET


def solve_inverse(model: Inverse) -> dict[str, InverseOf]:
    """For each decision maker, the others as given; exact, or drawn where states are too many.

    Raises InputError where more than 20 states bear on one and no `sampling` is given.
    """
    ready = graph(conflict_of(model.model))
    rankings = math.factorial(len(ready.states))
    answer = {}
    for row, dm in enumerate(ready.model.decision_makers):
        counts: dict[str, dict[int, int]] = {concept: {} for concept in CONCEPTS}
        replies = _Replies(ready, row)
        if model.sampling is not None and _matter_most(replies, len(ready.states)) > MATTERING_MOST:
            answer[dm] = _drawn(ready, row, needed(model.sampling, rankings), rankings)
            continue
        for number, state in enumerate(ready.states.tolist()):
            for concept in CONCEPTS:
                counts[concept][state] = _rankings_where(replies, number, concept, rankings)
        answer[dm] = InverseOf(rankings, counts)
    return answer


def _drawn(ready: Graph, row: int, sampling: Sampling, rankings: int) -> InverseOf:
    """How often each state is stable in rankings drawn at random, each as likely."""
    random = np.random.default_rng(sampling.seed)
    ranked = np.tile(np.arange(1, len(ready.states) + 1, dtype=np.int32), (sampling.draws, 1))
    stable = np.concatenate(
        [found[:, row] for found in solved(ready, row, random.permuted(ranked, axis=1))], axis=1
    )
    states = ready.states.tolist()
    counts = {
        concept: dict(zip(states, stable[c].sum(axis=0).tolist(), strict=True))
        for c, concept in enumerate(CONCEPTS)
    }
    return InverseOf(rankings, counts, sampling.draws)


def _matter_most(replies: "_Replies", states: int) -> int:
    return max(len(_mattering(replies, number, "smr")[1]) for number in range(states))


def must_prefer(model: Conflict, dm: str, state: int, concept: str) -> tuple[tuple[int, ...], ...]:
    """The least that a decision maker must like no better than `state`, for it to be stable.

    Each set of states is enough by itself; one empty set: it holds whatever it prefers. Nothing:
    it cannot hold. `dm`'s own preference in the model is not read.
    Raises InputError: an unknown name, concept or state, or more than 20 states that matter.
    """
    if concept not in CONCEPTS:
        raise InputError("concept", concept, f"one of {', '.join(CONCEPTS)}", "Name one of these.")
    if dm in model.decision_makers:
        free = {**model.preferences, dm: Preference(statements=())}
        model = msgspec.structs.replace(model, preferences=free)
    ready = graph(model)
    replies = _Replies(ready, ready.dm(dm, "dm"))
    number = ready.number(state, "state")
    matter, holds = _holding(replies, number, concept)
    least: list[int] = []
    for below in sorted(np.flatnonzero(holds).tolist(), key=lambda bits: (bits.bit_count(), bits)):
        if not any(below & smaller == smaller for smaller in least):
            least.append(below)
    return tuple(
        tuple(int(ready.states[n]) for place, n in enumerate(matter) if below >> place & 1)
        for below in least
    )


class _Replies:
    """Who can go where, as sets of state numbers, when `own`'s preference is open."""

    def __init__(self, ready: Graph, own: int) -> None:
        self.own = _targets(ready.arcs(own))
        others = [n for n in range(len(ready.model.decision_makers)) if n != own]
        every = [ready.arcs(n) for n in others]
        values = ready.values[:, ready.cells]
        self._moves = [_targets(arcs) for arcs in every]
        self._gains = [
            _targets(arcs, values[n][arcs.target] > values[n][arcs.source])
            for n, arcs in zip(others, every, strict=True)
        ]
        self._known: dict[tuple[str, int], frozenset[int]] = {}

    def reached(self, number: int, concept: str) -> frozenset[int]:
        """What opponents can make of a state: by moves, for seq by improvements."""
        key = ("seq" if concept == "seq" else "", number)
        if key not in self._known:
            moves = self._gains if concept == "seq" else self._moves
            self._known[key] = frozenset(_reach(number, moves))
        return self._known[key]


def _targets(arcs: Arcs, chosen: Bools | None = None) -> list[list[int]]:
    lists: list[list[int]] = [[] for _ in range(arcs.states)]
    every = slice(None) if chosen is None else chosen
    for source, target in zip(arcs.source[every], arcs.target[every], strict=True):
        lists[source].append(int(target))
    return lists


def _reach(start: int, movers: Sequence[list[list[int]]]) -> Iterator[int]:
    front = [(start, -1)]
    been = set(front)
    for state, last in front:
        for mover, targets in enumerate(movers):
            for target in targets[state] if mover != last else ():
                if (target, mover) not in been:
                    been.add((target, mover))
                    front.append((target, mover))
                    yield target


def _rankings_where(replies: _Replies, number: int, concept: str, rankings: int) -> int:
    matter, holds = _holding(replies, number, concept)
    size = len(matter)
    below = np.bitwise_count(np.flatnonzero(holds))
    counts: list[int] = np.bincount(below, minlength=size + 1).tolist()
    # Of the orders of the state and those that matter, p! (size - p)! have just these p below it.
    ways = sum(
        count * math.factorial(p) * math.factorial(size - p) for p, count in enumerate(counts)
    )
    return ways * (rankings // math.factorial(size + 1))


def _holding(replies: _Replies, number: int, concept: str) -> tuple[list[int], Bools]:
    """The other states that matter, and for each set of them below: is the state stable?"""
    answers, matter = _mattering(replies, number, concept)
    moves = replies.own[number]
    if len(matter) > MATTERING_MOST:
        raise InputError(
            "$.model",
            f"{len(matter)} states that bear on one",
            f"{MATTERING_MOST} or fewer",
            'Add "sampling": {"draws": 10000, "seed": 1}, or rule states out.',
        )
    sets = np.arange(1 << len(matter), dtype=np.int64)
    place = {state: n for n, state in enumerate(matter)}

    def below(state: int) -> Bools:
        return sets >> place[state] & 1 == 1 if state != number else np.ones(sets.size, np.bool_)

    test = _out_of_reach(replies, below) if concept == "smr" else below
    holds = np.ones(sets.size, dtype=np.bool_)
    for first in moves:
        met = below(first)
        for x in answers[first]:
            met = met | test(x)
        holds &= met
    return matter, holds


def _mattering(
    replies: _Replies, number: int, concept: str
) -> tuple[dict[int, tuple[int, ...]], list[int]]:
    """What each move may be answered with, and all states whose rank bears on this one."""
    moves = replies.own[number]
    answers = {
        first: () if concept == "nash" else tuple(sorted(replies.reached(first, concept)))
        for first in moves
    }
    involved = {*moves, *(x for answer in answers.values() for x in answer)}
    if concept == "smr":
        involved |= {y for answer in answers.values() for x in answer for y in replies.own[x]}
    return answers, sorted(involved - {number})


def _out_of_reach(replies: _Replies, below: Callable[[int], Bools]) -> Callable[[int], Bools]:
    """For smr: x is no better, and nothing the decision maker can reach from x is."""

    def holds(x: int) -> Bools:
        found = below(x)
        for y in replies.own[x]:
            found = found & below(y)
        return found

    return holds
