"""Ships: which port calls to inspect, and whether the teams keep up with what arrives.

A call is at a port from one day to another; a team inspects one call on one day. Whoever sends the
ship knows how likely each call is to be inspected, and takes the least likely. The queue is the
other question: with so many arrivals a day, does the line of those waiting settle, and where.
"""

import math

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.linear import Floats
from excomm.watch.problems import InspectionQueue, PortCalls
from excomm.watch.ranges import require_count, require_detections

_TEAMS_MOST = 10_000
_GRAIN = 1e-9


class Tight(msgspec.Struct, frozen=True):
    """The days that decide: the calls that lie wholly in them want more than the teams give."""

    first: int
    last: int
    calls: int


class CallsAnswer(msgspec.Struct, frozen=True):
    """value: the least detection over calls; inspected: how likely each call is inspected.

    days: for each call the chance of each of its days. tight: None where teams are plenty and the
    least detection is that of a sure inspection.
    """

    value: float
    bound: float
    gap: float
    inspected: tuple[float, ...]
    days: tuple[dict[int, float], ...]
    worst_call: int | None
    tight: Tight | None


class QueueAnswer(msgspec.Struct, frozen=True):
    """stable: whether the line settles. busy: share of the teams' time; above 1 it grows for ever.

    wait_days: expected, before the first inspection begins; None where it does not settle.
    teams_stable, teams_needed: the fewest for which it settles, and for which the wait asked for is
    kept (None where none was asked for).
    """

    stable: bool
    busy: float
    first_time_share: float
    prob_wait: float | None
    wait_days: float | None
    waiting: float | None
    in_port_days: float | None
    grows_a_day: float
    teams_stable: int
    teams_needed: int | None
    assumptions: tuple[str, ...]


def solve_calls(problem: PortCalls) -> CallsAnswer:
    """The mix of inspections that makes the least detection over calls greatest, exactly.

    Days are intervals, so the chances fit if in every run of days the calls that lie wholly in it
    want no more than its teams (Hall's condition). Raises InputError for what is out of range.
    """
    require_count("$.teams", problem.teams, 0)
    require_detections("$.detect", problem.detect)
    if len(problem.detect) != len(problem.calls):
        found = f"{len(problem.detect)} detections"
        raise InputError("$.detect", found, f"{len(problem.calls)}, one for each call", "")
    for n, (first, last) in enumerate(problem.calls):
        if not 0 <= first <= last:
            expected = "first and last day, from 0, in this order"
            raise InputError(f"$.calls[{n}]", f"{first}, {last}", expected, "Swap them.")
    detect = np.array(problem.detect)
    if not (detect > 0).all():
        worst = int(detect.argmin())
        nothing = tuple(0.0 for _ in detect)
        return CallsAnswer(0.0, 0.0, 0.0, nothing, tuple({} for _ in detect), worst, None)
    value, tight = float(detect.min()), None
    firsts = sorted({first for first, _ in problem.calls})
    lasts = sorted({last for _, last in problem.calls})
    starts = np.array([first for first, _ in problem.calls])
    ends = np.array([last for _, last in problem.calls])
    for first in firsts:
        for last in lasts:
            inside = (starts >= first) & (ends <= last)
            if not inside.any():
                continue
            fits = problem.teams * (last - first + 1) / float((1.0 / detect[inside]).sum())
            if fits < value - _GRAIN:
                value, tight = fits, Tight(first, last, int(inside.sum()))
    wanted = value / detect
    days = _placed(problem, wanted)
    reached = [sum(one.values()) * sees for one, sees in zip(days, detect, strict=True)]
    least = min(reached)
    return CallsAnswer(
        value=least,
        bound=max(value, least),
        gap=max(value - least, 0.0),
        inspected=tuple(float(one) for one in wanted),
        days=tuple(days),
        worst_call=int(np.argmin(reached)),
        tight=tight,
    )


def _placed(problem: PortCalls, wanted: Floats) -> list[dict[int, float]]:
    """Each call's chance laid on its days: whoever leaves first is served first."""
    days: list[dict[int, float]] = [{} for _ in problem.calls]
    left = wanted.copy()
    horizon = max(last for _, last in problem.calls) + 1
    by_end = sorted(range(len(problem.calls)), key=lambda n: (problem.calls[n][1], n))
    for day in range(horizon):
        room = float(problem.teams)
        for n in by_end:
            first, last = problem.calls[n]
            if first <= day <= last and left[n] > _GRAIN and room > _GRAIN:
                given = min(left[n], room, 1.0)
                days[n][day] = float(given)
                left[n] -= given
                room -= given
    return days


def solve_queue(problem: InspectionQueue) -> QueueAnswer:
    """Whether the teams keep up. Raises InputError for what is out of range.

    Arrivals at random (Poisson), inspections of exponential length, a ship that is not completed
    the first time joins the line again: then n teams are busy arrivals / (per day x first time) of
    their time, and the wait is Erlang's. Source: Erlang 1917, C(n, a).
    """
    for name in ("arrivals_per_day", "inspections_per_team_day"):
        value = getattr(problem, name)
        if not 0 < value < math.inf:
            raise InputError(f"$.{name}", value, "above 0", "")
    if not 0 < problem.first_time_share <= 1:
        raise InputError("$.first_time_share", problem.first_time_share, "above 0, 1 at most", "")
    require_count("$.teams", problem.teams, 0, _TEAMS_MOST)
    if problem.wait_days_max is not None and not problem.wait_days_max > 0:
        raise InputError("$.wait_days_max", problem.wait_days_max, "above 0", "")
    rate = problem.inspections_per_team_day
    attempts = problem.arrivals_per_day / problem.first_time_share
    load = attempts / rate
    found = _line(problem.teams, load, attempts, rate)
    fewest = math.floor(load + _GRAIN) + 1
    needed = None
    if problem.wait_days_max is not None:
        needed = fewest
        while (line := _line(needed, load, attempts, rate)) and line[1] > problem.wait_days_max:
            needed += 1
    waits = None if found is None else found[1]
    return QueueAnswer(
        stable=found is not None,
        busy=load / problem.teams if problem.teams else math.inf if load else 0.0,
        first_time_share=problem.first_time_share,
        prob_wait=None if found is None else found[0],
        wait_days=waits,
        waiting=None if waits is None else attempts * waits,
        # Every attempt waits and takes its time; there are 1 / share of them for a ship.
        in_port_days=None if waits is None else (waits + 1.0 / rate) / problem.first_time_share,
        grows_a_day=max(attempts - rate * problem.teams, 0.0),
        teams_stable=fewest,
        teams_needed=needed,
        assumptions=(
            "arrivals at random, inspections of exponential length",
            "what is not completed the first time joins the end of the line",
        ),
    )


def _line(teams: int, load: float, attempts: float, rate: float) -> tuple[float, float] | None:
    """Chance to wait, and expected wait in days; None where the line grows for ever."""
    if teams <= load + _GRAIN:
        return None
    blocked = 1.0
    for n in range(1, teams + 1):  # Erlang's B by its recursion, then C
        blocked = load * blocked / (n + load * blocked)
    waits = blocked / (1.0 - load / teams * (1.0 - blocked))
    return waits, waits / (rate * teams - attempts)
