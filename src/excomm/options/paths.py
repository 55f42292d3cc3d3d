"""From the status quo: how few moves lead to each state, and how few if every move improves.

Nobody moves twice running. The numbers say what is near, not what will happen.
"""

import numpy as np

from excomm.options.cube import Bools, Ints, Levels
from excomm.options.graph import Graph
from excomm.options.replies import WORST_NEVER
from excomm.options.sweeps import reached


def least_moves(graph: Graph, start: int, *, improving: bool) -> Ints:
    """Moves needed from the state numbered `start` to every state, (states,); -1 if never."""
    if graph.listed is not None:
        return _by_arcs(graph, start, improving=improving)
    return _by_sweeps(graph, start, improving=improving)[graph.cells]


def _by_sweeps(graph: Graph, start: int, *, improving: bool) -> Ints:
    cube = graph.cube
    steps = np.full(cube.cells, -1, dtype=np.int64)
    front: Bools = np.zeros(cube.cells, dtype=np.bool_)
    front[graph.cells[start]] = True
    count = 0
    # A shortest way never has one mover twice running: the two moves would be one.
    while front.any():
        steps[front] = count
        count += 1
        led = np.zeros_like(front)
        for n, axis in enumerate(cube.axes):
            value = graph.values[n] if improving else np.ones(cube.cells, dtype=np.int32)
            least: Levels = np.where(front, value, WORST_NEVER)
            source = reached(axis, least, np.minimum, back=True)
            led |= source < (value if improving else WORST_NEVER)
        front = led & cube.feasible & (steps < 0)
    return steps


def _by_arcs(graph: Graph, start: int, *, improving: bool) -> Ints:
    people = len(graph.model.decision_makers)
    values = graph.values[:, graph.cells]
    steps = np.full(len(graph.states), -1, dtype=np.int64)
    steps[start] = 0
    # Been there, by last mover: coming again with another last mover opens other ways on.
    been = np.zeros((people, len(graph.states)), dtype=np.bool_)
    front = np.zeros((people, len(graph.states)), dtype=np.bool_)
    count = 0
    while count == 0 or front.any():
        count += 1
        led = np.zeros_like(front)
        for n in range(people):
            arcs = graph.arcs(n)
            source: Bools = np.logical_or.reduce(np.delete(front, n, axis=0))
            if count == 1:
                source[start] = True
            along = source[arcs.source]
            if improving:
                along &= values[n][arcs.target] > values[n][arcs.source]
            led[n, arcs.target[along]] = True
        front = led & ~been
        been |= front
        steps[np.logical_or.reduce(front) & (steps < 0)] = count
    return steps
