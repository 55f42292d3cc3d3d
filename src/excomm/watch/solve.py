"""One door for every kind of problem: a file in, its plan out.

Answers are frozen structs with `value`, `bound` and `gap` beside the fields of their kind; as JSON
their fractions are strings ("3/5").
"""

from fractions import Fraction
from pathlib import Path
from typing import assert_never

import msgspec

from excomm.errors import InputError
from excomm.tagged import placed
from excomm.watch.campaign import CasePlan
from excomm.watch.coverage import CoverageAnswer, solve_coverage
from excomm.watch.cycle import CycleAnswer, solve_cycle
from excomm.watch.effort import EffortAnswer, solve_effort
from excomm.watch.equal import EqualAnswer, solve_equal
from excomm.watch.flights import FlightsAnswer, solve_flights
from excomm.watch.gaps import GapAnswer, solve_gaps
from excomm.watch.inspectors import InspectorsAnswer, solve_inspectors
from excomm.watch.interim import InterimAnswer, solve_interim
from excomm.watch.known import KnownAnswer, Progress, solve_known
from excomm.watch.mixed import MixAnswer, solve_mixed
from excomm.watch.observed import ObservingAnswer, solve_observing
from excomm.watch.policy import DrawnPlan
from excomm.watch.problems import (
    Coverage,
    Effort,
    EqualSites,
    Flights,
    GapSchedule,
    InspectionQueue,
    Inspectors,
    Interim,
    KnownSchedule,
    Observing,
    PortCalls,
    Problem,
    SecretMix,
    Solver,
    Sorties,
    StratifiedCycle,
    Team,
)
from excomm.watch.reading import read, text_of
from excomm.watch.ships import CallsAnswer, QueueAnswer, solve_calls, solve_queue
from excomm.watch.sorties import RoutesAnswer, solve_sorties, solve_team

Answer = (
    EqualAnswer
    | CycleAnswer
    | KnownAnswer
    | MixAnswer
    | ObservingAnswer
    | CoverageAnswer
    | InterimAnswer
    | EffortAnswer
    | GapAnswer
    | RoutesAnswer
    | FlightsAnswer
    | CallsAnswer
    | QueueAnswer
    | InspectorsAnswer
)

SECONDS = 60.0
_SOLVERS: dict[type, tuple[Solver, ...]] = {
    Sorties: ("pyvrp",),
    Team: ("pyvrp",),
    Flights: ("pyvrp",),
}


def plan_file(
    path: Path,
    *,
    seconds: float = SECONDS,
    progress: Progress | None = None,
    solver: Solver | None = None,
) -> Answer:
    """The plan for the problem in a file.

    Raises InputError with file, line and place (`month.json:3: $.detect[2][0][1]`);
    EnvironmentFault where the file cannot be read.
    """
    text = text_of(path)
    with placed(path, text):
        return plan(read(text), seconds=seconds, progress=progress, solver=solver)


def plan(  # noqa: PLR0912 - one branch for each kind
    problem: Problem,
    *,
    seconds: float = SECONDS,
    progress: Progress | None = None,
    solver: Solver | None = None,
) -> Answer:
    """The plan for a problem of any kind, in `seconds` at most; sooner where it is proved best.

    progress: called with value and bound whenever a better known schedule is found. Ctrl-C gives
    the best plan so far. solver: who searches, for kinds that leave a choice; None: what the
    product brings along. Raises InputError with the place in the problem; EnvironmentFault where
    the solver asked for is not installed.
    """
    if not seconds > 0:
        raise InputError("seconds", seconds, "above 0", "Give it a second at least.")
    able = _SOLVERS.get(type(problem), ())
    if solver is not None and solver not in able and not isinstance(problem, KnownSchedule):
        expected = " or ".join(able) or "none: this kind is solved in one way"
        raise InputError("solver", solver, expected, "Leave it out.")
    answer: Answer
    match problem:
        case EqualSites():
            answer = solve_equal(problem)
        case StratifiedCycle():
            answer = solve_cycle(problem)
        case KnownSchedule():
            answer = solve_known(
                problem, seconds=seconds, progress=progress, solver=solver or "highs"
            )
        case SecretMix():
            answer = solve_mixed(problem, seconds=seconds)
        case Observing():
            answer = solve_observing(problem)
        case Coverage():
            answer = solve_coverage(problem)
        case Interim():
            answer = solve_interim(problem)
        case Effort():
            answer = solve_effort(problem)
        case GapSchedule():
            answer = solve_gaps(problem)
        case Sorties():
            answer = solve_sorties(problem, seconds=seconds, solver=solver)
        case Team():
            answer = solve_team(problem, seconds=seconds, solver=solver)
        case Flights():
            answer = solve_flights(problem, seconds=seconds, solver=solver)
        case PortCalls():
            answer = solve_calls(problem)
        case InspectionQueue():
            answer = solve_queue(problem)
        case Inspectors():
            answer = solve_inspectors(problem)
        case _:
            assert_never(problem)
    return answer


def to_json(answer: Answer | CasePlan | DrawnPlan) -> bytes:
    """An answer as JSON."""
    return msgspec.json.encode(answer, enc_hook=_plain)


def _plain(value: object) -> str:
    assert isinstance(value, Fraction), value
    return str(value)
