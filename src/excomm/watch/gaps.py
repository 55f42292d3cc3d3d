"""No site unseen for longer than agreed: is there a schedule, and which?

A state says for each site in how many days it is due. Looking at a set of sites renews them; a
schedule exists if some walk over states never ends, that is, if it comes back to a state. The
due-date rule finds such a walk at once where there is slack; where it fails, the search goes
through the states, each judged once.
"""

from collections.abc import Iterator
from fractions import Fraction
from functools import partial
from itertools import combinations
from typing import Literal

import msgspec

from excomm.errors import InputError
from excomm.watch.problems import GapSchedule
from excomm.watch.ranges import require_count

_STATES_MOST = 400_000

State = tuple[int, ...]
Day = tuple[int, ...]


class GapAnswer(msgspec.Struct, frozen=True):
    """cycle: the sites of each day, to be repeated; empty where there is none or none is known."""

    feasible: bool | Literal["unknown"]
    density: Fraction
    value: Fraction  # the density that is asked for
    bound: int  # the density that can be given
    gap: Fraction
    why: str
    cycle: tuple[Day, ...] = ()


def solve_gaps(problem: GapSchedule) -> GapAnswer:
    """Whether every site can be seen in any `max_gap_days` days running.

    "unknown" is said where the search ends before it has gone through all states. Raises
    InputError for gaps or looks below 1.
    """
    gaps, looks = problem.max_gap_days, problem.looks_per_day
    if not gaps:
        raise InputError("$.max_gap_days", "none", "at least one site", "Give each site its gap.")
    for n, gap in enumerate(gaps):
        require_count(f"$.max_gap_days[{n}]", gap, 1)
    require_count("$.looks_per_day", looks, 0)
    density = sum((Fraction(1, gap) for gap in gaps), Fraction(0))

    found = partial(GapAnswer, density=density, value=density, bound=looks, gap=looks - density)

    if density > looks:
        over = density - looks
        why = f"{density} looks a day are needed, {over} more than there are"
        return found(feasible=False, why=why)
    simple = _by_due_date(gaps, looks)
    if simple is not None:
        why = "whoever is due soonest is looked at"
        return found(feasible=True, cycle=simple, why=why)
    cycle, complete = _search(gaps, looks)
    if cycle is not None:
        return found(feasible=True, cycle=cycle, why="found among the states")
    if complete:
        return found(feasible=False, why="every state ends in a site that falls due unseen")
    return found(feasible="unknown", why=f"more than {_STATES_MOST} states")


def _after(state: State, gaps: State, chosen: Day) -> State | None:
    """The next day's state, or None where a site falls due unseen."""
    following = [days - 1 for days in state]
    for site in chosen:
        following[site] = gaps[site]
    return None if min(following) < 1 else tuple(following)


def _by_due_date(gaps: State, looks: int) -> tuple[Day, ...] | None:
    """The walk of the due-date rule, if it comes back to a state."""
    state: State | None = gaps
    met: dict[State, int] = {}
    days: list[Day] = []
    while state is not None and len(met) < _STATES_MOST // 10:
        if state in met:
            return tuple(days[met[state] :])
        met[state] = len(days)
        now = state
        order = sorted(range(len(gaps)), key=lambda n: (now[n], gaps[n], n))
        chosen = tuple(sorted(order[:looks]))
        days.append(chosen)
        state = _after(state, gaps, chosen)
    return None


def _search(gaps: State, looks: int) -> tuple[tuple[Day, ...] | None, bool]:
    """A cycle among the states, depth first; and whether all states that matter were judged."""
    if looks == 0:
        return None, True
    size = min(looks, len(gaps))
    dead: set[State] = set()
    path: list[State] = [gaps]
    on_path = {gaps: 0}
    days: list[Day] = []
    choices = [_choices(gaps, gaps, size)]
    while path:
        chosen = next(choices[-1], None)
        if chosen is None:
            gone = path.pop()
            del on_path[gone]
            dead.add(gone)
            choices.pop()
            if days:
                days.pop()
            continue
        following = _after(path[-1], gaps, chosen)
        if following is None or following in dead:
            continue
        if following in on_path:
            return (*days[on_path[following] :], chosen), True
        if len(dead) + len(path) > _STATES_MOST:
            return None, False
        path.append(following)
        on_path[following] = len(days) + 1
        days.append(chosen)
        choices.append(_choices(following, gaps, size))
    return None, True


def _choices(state: State, gaps: State, size: int) -> Iterator[Day]:
    order = sorted(range(len(gaps)), key=lambda n: (state[n], gaps[n], n))
    return (tuple(sorted(chosen)) for chosen in combinations(order, size))
