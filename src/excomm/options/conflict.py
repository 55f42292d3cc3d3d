"""A conflict solved: what holds for whom, what holds for all, what can be reached from here."""

import hashlib

import msgspec
import numpy as np

from excomm.options.arcs import ARCS_MOST
from excomm.options.coalitions import Coalition, coalitions
from excomm.options.cube import Bools, Ints, cut
from excomm.options.graph import Graph, graph
from excomm.options.models import Conflict
from excomm.options.paths import least_moves
from excomm.options.preferences import levels_of, true_everywhere
from excomm.options.sweeps import CONCEPTS

# Moves of all decision makers together, up to which they are listed in an answer.
_MOVES_LISTED = 1 << 20

ASSUMPTIONS = (
    "preferences as given: they are the analyst's, not observed",
    "every decision maker knows all options and all preferences",
    "what counts is where play ends, not when, and not what was said on the way",
)


class StatusQuo(msgspec.Struct, frozen=True):
    """Fewest moves from a state to those that can be reached, nobody moving twice running."""

    from_: int = msgspec.field(name="from")
    least_moves: dict[int, int] = {}
    least_improving_moves: dict[int, int] = {}


class ConflictAnswer(msgspec.Struct, frozen=True):
    """The solved conflict. States ascending; levels best first; None: too many to list."""

    states: tuple[int, ...]
    rank_levels: dict[str, tuple[tuple[int, ...], ...]]
    moves: dict[str, dict[int, tuple[int, ...]]] | None
    stable: dict[str, dict[str, tuple[int, ...]]]
    equilibria: dict[str, tuple[int, ...]]
    status_quo: StatusQuo | msgspec.UnsetType = msgspec.UNSET
    coalitions: dict[str, Coalition] | msgspec.UnsetType | None = msgspec.UNSET
    warnings: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ASSUMPTIONS
    inputs_digest: str = ""

    def table(self) -> str:
        """Equilibria by outcome, one line each: x where the concept holds."""
        named = sorted({state for states in self.equilibria.values() for state in states})
        lines = [f"{'state':>8}  " + "  ".join(f"{concept:<4}" for concept in CONCEPTS)]
        for state in named:
            marks = ("x" if state in self.equilibria[concept] else "." for concept in CONCEPTS)
            lines.append(f"{state:>8}  " + "  ".join(f"{mark:<4}" for mark in marks).rstrip())
        return "\n".join(lines)


def solve_conflict(model: Conflict) -> ConflictAnswer:
    """Solve for nash, gmr, smr and seq; coalitions; ways from the status quo.

    Raises InputError with the place of what is wrong in the model.
    """
    ready = graph(model)
    stable = ready.stable()[:, :, 0]
    equilibrium: Bools = np.logical_and.reduce(stable, axis=1)
    people = model.decision_makers
    together = coalitions(ready, np.logical_or.reduce(equilibrium))
    return ConflictAnswer(
        states=_named(ready, np.ones(len(ready.states), dtype=np.bool_)),
        rank_levels={
            dm: levels_of(ready.values[n], ready.cube, ready.cells) for n, dm in enumerate(people)
        },
        moves=_moves(ready),
        stable={
            dm: {concept: _named(ready, stable[c, n]) for c, concept in enumerate(CONCEPTS)}
            for n, dm in enumerate(people)
        },
        equilibria={concept: _named(ready, equilibrium[c]) for c, concept in enumerate(CONCEPTS)},
        status_quo=_status_quo(ready),
        coalitions=msgspec.UNSET if model.arcs is not None else together,
        warnings=(*_without_moves(ready), *true_everywhere(model, ready.cube, ready.cells)),
        inputs_digest=digest(model),
    )


def digest(model: msgspec.Struct) -> str:
    """SHA-256 of a model as it was read, in hex: the same model, the same digest."""
    plain = msgspec.to_builtins(model, str_keys=True, enc_hook=str)
    return hashlib.sha256(msgspec.json.encode(plain, order="sorted")).hexdigest()


def _named(ready: Graph, chosen: Bools) -> tuple[int, ...]:
    return tuple(ready.states[chosen].tolist())


def _moves(ready: Graph) -> dict[str, dict[int, tuple[int, ...]]] | None:
    if ready.listed is None:
        per_cell = sum(axis.both_way * axis.one_way - 1 for axis in ready.cube.axes)
        if len(ready.states) * per_cell > min(_MOVES_LISTED, ARCS_MOST):
            return None
    listed = {}
    for n, dm in enumerate(ready.model.decision_makers):
        arcs = ready.arcs(n)
        starts = np.flatnonzero(np.diff(arcs.source, prepend=-1))
        sources = ready.states[arcs.source[starts]].tolist()
        listed[dm] = dict(zip(sources, cut(ready.states[arcs.target], starts), strict=True))
    return listed


def _status_quo(ready: Graph) -> StatusQuo | msgspec.UnsetType:
    state = ready.model.status_quo
    if state is None:
        return msgspec.UNSET
    start = ready.number(state, "$.status_quo")

    def told(steps: Ints) -> dict[int, int]:
        near = steps >= 0
        return dict(zip(ready.states[near].tolist(), steps[near].tolist(), strict=True))

    return StatusQuo(
        from_=int(ready.states[start]),
        least_moves=told(least_moves(ready, start, improving=False)),
        least_improving_moves=told(least_moves(ready, start, improving=True)),
    )


def _without_moves(ready: Graph) -> tuple[str, ...]:
    still = []
    for n, dm in enumerate(ready.model.decision_makers):
        if (ready.listed[n].source.size if ready.listed else ready.cube.axes[n].size - 1) == 0:
            still.append(f"{dm} has no moves: every state is stable for it.")
    return tuple(still)
