"""What decision makers could do together: joint moves that leave every one of them better off.

One joint move changes options of members only, each in a permitted direction. A party's word that
it will join is not modelled: these are temptations, not agreements.
"""

from collections.abc import Iterable, Iterator
from itertools import combinations

import msgspec
import numpy as np

from excomm.options.cube import Bools, Ints, cut
from excomm.options.graph import Graph

# Every pair of states is looked at.
STATES_MOST = 1 << 12
PEOPLE_MOST = 6
_LISTED_STATES_MOST = 256
_PAIRS_AT_ONCE = 1 << 20


class Coalition(msgspec.Struct, frozen=True):
    """Joint improvements: from a state to others; None where there are too many to list."""

    joint_improvements: dict[int, tuple[int, ...]] | None
    coalition_nash_stable: tuple[int, ...]
    equilibrium_jumps: tuple[tuple[int, int], ...]


def coalitions(graph: Graph, equilibrium: Bools) -> dict[str, Coalition] | None:
    """Every coalition of two or more by its members' names; None where they are not gone through.

    equilibrium: (states,), an equilibrium of any kind. Given arcs have no joint moves: None.
    """
    people = graph.model.decision_makers
    few = int(graph.cube.feasible.sum()) <= STATES_MOST and len(people) <= PEOPLE_MOST
    if graph.model.arcs is not None or not few:
        return None
    return {
        "+".join(people[n] for n in members): _coalition(graph, members, equilibrium)
        for size in range(2, len(people) + 1)
        for members in combinations(range(len(people)), size)
    }


def _coalition(graph: Graph, members: tuple[int, ...], equilibrium: Bools) -> Coalition:
    states = graph.states
    pairs = list(_joint_improvements(graph, members))
    froms = np.concatenate([source for source, _ in pairs])
    tos = np.concatenate([target for _, target in pairs])
    if graph.alias:
        joined = np.unique(froms * len(states) + tos)
        froms, tos = joined // len(states), joined % len(states)
    listed: dict[int, tuple[int, ...]] | None = None
    if len(states) <= _LISTED_STATES_MOST:
        starts = np.flatnonzero(np.diff(froms, prepend=-1))
        sources = states[froms[starts]].tolist()
        listed = dict(zip(sources, cut(states[tos], starts), strict=True))
    stays = np.ones(len(states), dtype=np.bool_)
    stays[froms] = False
    jump = equilibrium[froms] & equilibrium[tos]
    jumps = zip(states[froms[jump]].tolist(), states[tos[jump]].tolist(), strict=True)
    return Coalition(listed, tuple(states[stays].tolist()), tuple(jumps))


def _joint_improvements(graph: Graph, members: tuple[int, ...]) -> Iterator[tuple[Ints, Ints]]:
    """Pairs of state numbers, sources ascending then targets, in parts."""
    model, cube = graph.model, graph.cube
    cells = cube.ascending()
    states, number = cube.states[cells].astype(np.int32), graph.number_of_cell[cells]
    values = graph.values[list(members)][:, cells]
    names = {model.decision_makers[n] for n in members}
    fixed = _mask(option.dm not in names for option in model.options)
    up_only = _mask(option.moves == "fwd" for option in model.options)
    down_only = _mask(option.moves == "back" for option in model.options)
    at_once = max(1, _PAIRS_AT_ONCE // len(states))
    for start in range(0, len(states), at_once):
        here = states[start : start + at_once, None]
        joint = (here ^ states) & fixed == 0
        if up_only:
            joint &= here & ~states & up_only == 0
        if down_only:
            joint &= ~here & states & down_only == 0
        for value in values:
            joint &= value > value[start : start + at_once, None]
        source, target = np.nonzero(joint)
        yield number[source + start], number[target]


def _mask(bits: Iterable[bool]) -> np.int32:
    return np.int32(sum(1 << n for n, bit in enumerate(bits) if bit))
