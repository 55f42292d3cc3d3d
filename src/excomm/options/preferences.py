"""Preferences as numbers over the cells of a cube: higher is better, equal is a tie, 0 cannot be.

Statements are weighed as the form says: the j-th of k is worth 2 ** (k - j) when true, so a more
important statement outweighs all that follow it together.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from excomm.errors import InputError
from excomm.options.cube import Bools, Cube, Ints, Levels, cut, matches, pattern_of
from excomm.options.models import Conflict, Option, Preference, Ranking, Statement

# As many statements fit one int32 with room for the sign; more are ranked part by part.
STATEMENTS_AT_ONCE = 30


def values(model: Conflict, cube: Cube, alias: Mapping[int, int]) -> Levels:
    """How each decision maker values each cell, (decision makers, cells).

    alias: states that are part of a merged one, with the state it is named by.
    Raises InputError with the place: no preference, a state twice, missing or ruled out.
    """
    for dm in model.preferences:
        if dm not in model.decision_makers:
            known = ", ".join(model.decision_makers)
            raise InputError("$.preferences", dm, f"one of {known}", "Write the name as listed.")
    valued = np.zeros((len(model.decision_makers), cube.cells), dtype=np.int32)
    for row, dm in enumerate(model.decision_makers):
        where = f"$.preferences.{dm}"
        preference = model.preferences.get(dm)
        if preference is None:
            remedy = f"Give {dm} a ranking or statements."
            raise InputError(where, "nothing", "a ranking or statements", remedy)
        if (preference.ranking is None) == (preference.statements is None):
            found = "both" if preference.ranking is not None else "neither"
            raise InputError(where, found, "a ranking or statements", "Keep one of the two.")
        if preference.ranking is not None:
            valued[row] = _of_ranking(preference.ranking, cube, alias, model, f"{where}.ranking")
        else:
            truth = statement_truth(preference, cube, model.options, where)
            valued[row] = weigh(truth, range(len(truth)))
        valued[row][~cube.feasible] = 0
    return valued


def statement_truth(
    preference: Preference, cube: Cube, options: tuple[Option, ...], where: str
) -> Bools:
    """Where each statement is true, (statements, cells)."""
    assert preference.statements is not None
    truth = np.empty((len(preference.statements), cube.cells), dtype=np.bool_)
    for n, statement in enumerate(preference.statements):
        truth[n] = _holds(statement, cube.states, options, f"{where}.statements[{n}]")
    return truth


def weigh(truth: Bools, order: Sequence[int]) -> Levels:
    """Values of cells by statements in an order, most important first, (cells,); at least 1."""
    worth = np.zeros(truth.shape[1], dtype=np.int64)
    for start in range(0, len(order), STATEMENTS_AT_ONCE):
        if start:
            worth = np.unique(worth, return_inverse=True)[1].astype(np.int64)
        for n in order[start : start + STATEMENTS_AT_ONCE]:
            worth = 2 * worth + truth[n]
    if worth.size and int(worth.max()) >= np.iinfo(np.int32).max:
        worth = np.unique(worth, return_inverse=True)[1].astype(np.int64)
    return (worth + 1).astype(np.int32)


def levels_of(valued: Levels, cube: Cube, alive: Ints) -> tuple[tuple[int, ...], ...]:
    """The states in levels, best first, each level ascending. alive: cells, ascending by state."""
    order = np.argsort(-valued[alive].astype(np.int64), kind="stable")
    ranked = valued[alive][order]
    starts = np.flatnonzero(np.diff(ranked, prepend=0))
    return tuple(cut(cube.states[alive][order], starts))


def true_everywhere(model: Conflict, cube: Cube, alive: Ints) -> tuple[str, ...]:
    """Statements that are true, or false, of every state: they order nothing."""
    said = []
    for dm, preference in model.preferences.items():
        if preference.statements is None:
            continue
        truth = statement_truth(preference, cube, model.options, f"$.preferences.{dm}")
        for n, holds in enumerate(truth[:, alive], 1):
            if holds.all() or not holds.any():
                word = "true" if holds.all() else "false"
                said.append(f"{dm}'s statement {n} is {word} of every state: it orders nothing.")
    return tuple(said)


def _of_ranking(
    ranking: Ranking, cube: Cube, alias: Mapping[int, int], model: Conflict, where: str
) -> Levels:
    named = [level if isinstance(level, tuple) else (level,) for level in ranking]
    flat = np.array([state for level in named for state in level], dtype=np.int64)
    worth = np.repeat(np.arange(len(named), 0, -1, dtype=np.int32), [len(n) for n in named])
    cell_of = np.full(1 << len(model.options), -1, dtype=np.int64)
    cell_of[cube.states[cube.feasible]] = np.flatnonzero(cube.feasible)
    known = (flat >= 0) & (flat < cell_of.size)
    known[known] = cell_of[flat[known]] >= 0
    if not known.all():
        state = int(flat[int(known.argmin())])
        remedy = "Take it out, or the infeasible pattern that rules it out."
        raise InputError(where, f"state {state}", "states that can be", remedy)
    for state in sorted(alias.keys() & set(flat.tolist())) if alias else ():
        remedy = f"It is part of the merged state {alias[state]}: rank that."
        raise InputError(where, f"state {state}", "each merged state by its smallest", remedy)
    states, times = np.unique(flat, return_counts=True)
    if (times > 1).any():
        state = int(states[int(times.argmax())])
        raise InputError(where, f"state {state} twice", "each state once", "Keep one of the two.")
    valued = np.zeros(cube.cells, dtype=np.int32)
    valued[cell_of[flat]] = worth
    left_out = cube.states[cube.feasible & (valued == 0)]
    missing = sorted(int(state) for state in left_out if int(state) not in alias)
    if missing:
        shown = f"state {missing[0]} ({pattern_of(missing[0], len(model.options))})"
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise InputError(where, f"no {shown}{more}", "every state that can be", "Rank it.")
    return valued


def _holds(statement: Statement, states: Ints, options: tuple[Option, ...], where: str) -> Bools:
    match statement:
        case Statement(any=tuple(patterns), if_=None, then=None, iff=None) if patterns:
            found = np.zeros(states.size, dtype=np.bool_)
            for n, pattern in enumerate(patterns):
                found |= matches(pattern, states, options, f"{where}.any[{n}]")
            return found
        case Statement(any=None, if_=str(first), then=str(second), iff=None):
            asked = matches(first, states, options, f"{where}.if")
            return ~asked | matches(second, states, options, f"{where}.then")
        case Statement(any=None, if_=None, then=None, iff=(first, second)):
            left = matches(first, states, options, f"{where}.iff[0]")
            same: Bools = left == matches(second, states, options, f"{where}.iff[1]")
            return same
    remedy = "Give one of: any (patterns), if with then, iff (two patterns)."
    raise InputError(where, "another form", "any, if/then or iff", remedy)
