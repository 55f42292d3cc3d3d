"""The other side sees every look as it happens, and starts once, when it likes: what can be held?

The sequence-form program over all histories of looks: realised weights r(h) of the histories, and
for each history before the last start day a value V(h) that the other side can hold us to there. It
may start now, at any site, or wait. Histories that differ only by names of sites are one.
"""

from itertools import combinations
from math import comb

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.envelope import detection_at
from excomm.watch.linear import INFINITY, Program, solve
from excomm.watch.problems import Observing
from excomm.watch.ranges import require_count, require_detection
from excomm.watch.rational import rational

_DRAWS_MOST = 60_000

Day = tuple[int, ...]
History = tuple[Day, ...]


class ObservingAnswer(msgspec.Struct, frozen=True):
    """What can be held, beside a draw a day without memory and the secret policy's bound."""

    value: float
    rational: str | None
    memoryless: float
    secret_policy_upper_bound: float
    bound: float
    gap: float


def solve_observing(problem: Observing) -> ObservingAnswer:
    """The value of the game. Raises InputError out of range, and where histories are too many."""
    sites, looks, window = problem.n_sites, problem.looks_per_day, problem.window_days
    require_count("$.n_sites", sites, 1)
    require_count("$.looks_per_day", looks, 0, sites)
    require_count("$.window_days", window, 1)
    require_count("$.start_days", problem.start_days, 1)
    require_detection("$.detect", problem.detect)
    value, bound = _value(problem)
    mean = looks * window / sites
    return ObservingAnswer(
        value=value,
        rational=rational(value),
        memoryless=1.0 - (1.0 - problem.detect * looks / sites) ** window,
        secret_policy_upper_bound=detection_at(problem.detect, mean),
        bound=bound,
        gap=max(bound - value, 0.0),
    )


def _value(problem: Observing) -> tuple[float, float]:
    levels = _histories(problem)
    number: dict[History, int] = {}
    for level in levels:
        for history in level:
            number[history] = len(number)
    first_value = len(number)
    last_day = problem.start_days - 1  # the last history length before which a start may come
    values = {
        h: first_value + n for n, h in enumerate(h for lv in levels[: last_day + 1] for h in lv)
    }
    columns = first_value + len(values)
    cost = np.zeros(columns)
    cost[values[()]] = 1.0
    # V is free below: the other side's value cannot fall under 0, nor exceed the history's weight.
    program = Program(cost=cost, lower=np.zeros(columns), upper=np.ones(columns))
    program.add_row(np.array([number[()]]), np.ones(1), 1.0, 1.0)
    children = {h: _children(h, problem) for level in levels[:-1] for h in level}
    for history, following in children.items():
        index = [number[history], *(number[after] for after in following)]
        weights = [1.0, *(-1.0 for _ in following)]
        program.add_row(np.array(index), np.array(weights), 0.0, 0.0)
    for history, column in values.items():
        if len(history) < last_day:
            index = [column, *(values[after] for after in children[history])]
            weights = [1.0, *(-1.0 for _ in index[1:])]
            program.add_row(np.array(index), np.array(weights), -INFINITY, 0.0)
        for site in _distinct_sites(history, problem):
            found = _windows(history, site, problem, number)
            index = [column, *found]
            weights = [1.0, *(-found[n] for n in index[1:])]
            program.add_row(np.array(index), np.array(weights), -INFINITY, 0.0)
    solved = solve(program)
    assert solved.x is not None
    return float(solved.x[values[()]]), solved.bound


def _histories(problem: Observing) -> list[list[History]]:
    days = problem.start_days + problem.window_days - 1
    levels: list[list[History]] = [[()]]
    total, draws = 1, comb(problem.n_sites, problem.looks_per_day)
    for _ in range(days):
        # Refused before the work is done: each history is named anew for each draw.
        total += len(levels[-1]) * draws
        if total > _DRAWS_MOST:
            found = f"more than {_DRAWS_MOST} histories of looks"
            remedy = "Use kind stratified_cycle: it holds its value at every history."
            raise InputError("$.start_days", found, "fewer", remedy)
        following = {after: None for history in levels[-1] for after in _children(history, problem)}
        levels.append(list(following))
    return levels


def _children(history: History, problem: Observing) -> dict[History, int]:
    """The histories one day on, up to names of sites, with how many draws of sites each stands for.

    Realised weights are those of the class: names are symmetric, so a draw within it is even.
    """
    found: dict[History, int] = {}
    for chosen in combinations(range(problem.n_sites), problem.looks_per_day):
        after = _named((*history, chosen), problem.n_sites)
        found[after] = found.get(after, 0) + 1
    return found


def _named(history: History, sites: int) -> History:
    """The same history with sites numbered by when they were looked at, earliest first."""
    seen = [tuple(site in day for day in history) for site in range(sites)]
    order = sorted(range(sites), key=lambda site: seen[site], reverse=True)
    place = {site: n for n, site in enumerate(order)}
    return tuple(tuple(sorted(place[site] for site in day)) for day in history)


def _distinct_sites(history: History, problem: Observing) -> list[int]:
    """One site of each kind: sites with the same past are the same to the other side."""
    met: dict[tuple[bool, ...], int] = {}
    for site in range(problem.n_sites):
        met.setdefault(tuple(site in day for day in history), site)
    return list(met.values())


def _windows(
    history: History, site: int, problem: Observing, number: dict[History, int]
) -> dict[int, float]:
    """For each history at the window's end, the mean detection of a start at the site now.

    Weight of a class of histories spreads evenly over the draws of sites that make it.
    """
    # (named history, the site's own number in it, looks since) -> share of the class's weight
    states: dict[tuple[History, int, int], float] = {(history, site, 0): 1.0}
    for _ in range(problem.window_days):
        following: dict[tuple[History, int, int], float] = {}
        for (past, at, looks), share in states.items():
            counts = _children(past, problem)
            for chosen in combinations(range(problem.n_sites), problem.looks_per_day):
                raw = (*past, chosen)
                after = _named(raw, problem.n_sites)
                seen = tuple(at in day for day in raw)
                now = next(
                    n for n in range(problem.n_sites) if tuple(n in day for day in after) == seen
                )
                key = (after, now, looks + (at in chosen))
                following[key] = following.get(key, 0.0) + share / counts[after]
        states = following
    found: dict[int, float] = {}
    for (past, _, looks), share in states.items():
        detection = 1.0 - (1.0 - problem.detect) ** looks
        if detection:
            index = number[past]
            found[index] = found.get(index, 0.0) + share * detection
    return found
