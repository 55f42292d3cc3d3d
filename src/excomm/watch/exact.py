"""The known schedule as a mixed-integer program: exact where the solver comes to its end.

Also what only a program can say: the least cost for a required assurance, agreed frequencies, and
by how much demands exceed what there is (every limit stretches at a price, and what stretched is
named).
"""

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.linear import INFINITY, Floats, Ints, Program, Solution, solve
from excomm.watch.problems import KnownSchedule
from excomm.watch.schedule import SURE, Arrays, Looks


class Solved(msgspec.Struct, frozen=True):
    """looks is None where the solver found none in its time; bound in nepers, or in cost."""

    looks: Looks | None
    bound: float
    proved: bool
    interrupted: bool


def most_assured(
    arrays: Arrays,
    problem: KnownSchedule,
    *,
    start: Looks | None,
    below: float,
    seconds: float,
) -> Solved:
    """The schedule of the greatest least coverage. below: a bound in nepers that is known."""
    cells = cells_of(arrays)
    columns = len(cells) + 1
    program = Program(
        cost=np.append(np.zeros(len(cells)), 1.0),
        lower=np.zeros(columns),
        upper=np.append(np.ones(len(cells)), below),
        integer=np.append(np.ones(len(cells), dtype=bool), np.zeros(1, dtype=bool)),
    )
    add_cover(program, arrays, cells, aim=None, below=below)
    _limits(program, arrays, cells)
    add_agreed(program, problem, cells)
    point = None
    if start is not None:
        from excomm.watch.schedule import coverage

        least = min(float(coverage(arrays, start).min()), below)
        point = np.append(start[tuple(cells.T)].astype(np.float64), least)
    return _solved(solve(program, seconds=seconds, start=point), cells, arrays)


def least_cost(
    arrays: Arrays,
    problem: KnownSchedule,
    target: float,
    *,
    start: Looks | None = None,
    seconds: float,
) -> Solved:
    """The cheapest schedule that covers every window with the target, in nepers.

    start: one that does, and keeps what is agreed; it stands where the time brings none better.
    """
    cells = cells_of(arrays)
    program = Program(
        cost=arrays.cost[cells[:, 2]],
        lower=np.zeros(len(cells)),
        upper=np.ones(len(cells)),
        integer=np.ones(len(cells), dtype=bool),
        sense="min",
    )
    add_cover(program, arrays, cells, aim=target, below=SURE)
    _limits(program, arrays, cells)
    add_agreed(program, problem, cells)
    point = None if start is None else start[tuple(cells.T)].astype(np.float64)
    found = _solved(solve(program, seconds=seconds, start=point), cells, arrays)
    if found.looks is None and start is not None:
        return msgspec.structs.replace(found, looks=start, bound=max(found.bound, 0.0))
    return found


def keeps_agreed(arrays: Arrays, problem: KnownSchedule, looks: Looks) -> bool:
    """Whether looks keep every agreed frequency."""
    cells = cells_of(arrays)
    chosen = looks[tuple(cells.T)]
    return all(
        least <= int(chosen[index].sum()) <= most
        for index, least, most in frequencies(problem, cells)
    )


def reaching(shares: Arrays, *, seconds: float) -> Solved:
    """A schedule that covers every window with 1, in shares of a target (see `tightening`).

    looks None and proved: there is none.
    """
    cells = cells_of(shares)
    program = Program(
        cost=-shares.cost[cells[:, 2]] - 1e-3,
        lower=np.zeros(len(cells)),
        upper=np.ones(len(cells)),
        integer=np.ones(len(cells), dtype=bool),
    )
    # Half a grain of slack: rounding must not rule out what reaches the target exactly.
    add_cover(program, shares, cells, aim=1.0 - 1e-9, below=1.0)
    _limits(program, shares, cells)
    solved = solve(program, seconds=seconds, gap=1e9)
    return msgspec.structs.replace(
        _solved(solved, cells, shares), proved=solved.status == "infeasible"
    )


def refuse_infeasible(
    arrays: Arrays, problem: KnownSchedule, target: float | None, *, seconds: float
) -> None:
    """Raises InputError that names what would have to give, and by how much; else returns.

    Every demand and limit may stretch at a price per unit; what stretches in the cheapest way out
    is what is said. The looks are fractions here: if even those do not fit, nothing does.
    """
    cells = cells_of(arrays)
    _, days, means = arrays.shape
    names = [f"$.means[{m}].sorties_per_day" for m in range(means)] + ["$.budget", "$.risk_max"]
    names += [f"$.agreed[{n}]" for n in range(len(problem.agreed))]
    stretch = len(names) + 1
    cost = np.concatenate([np.zeros(len(cells)), np.ones(stretch)])
    cost[len(cells) + means] = 1.0 / max(arrays.budget, 1.0) if arrays.budget < INFINITY else 1.0
    cost[-1] = 1e3
    program = Program(
        cost=cost,
        lower=np.zeros(len(cost)),
        upper=np.concatenate([np.ones(len(cells)), np.full(stretch, INFINITY)]),
        sense="min",
    )
    at = len(cells)
    add_cover(program, arrays, cells, aim=target or 0.0, below=SURE, slack=len(cost) - 1)
    for m, index in by_day(cells, days, means):
        if len(index):
            values = np.append(np.ones(len(index)), -1.0)
            program.add_row(np.append(index, at + m), values, -INFINITY, float(arrays.sorties[m]))
    every = np.arange(len(cells))
    if arrays.budget < INFINITY:
        values = np.append(arrays.cost[cells[:, 2]], -1.0)
        program.add_row(np.append(every, at + means), values, -INFINITY, arrays.budget)
    if arrays.risk_budget < INFINITY:
        values = np.append(arrays.risk[cells[:, 0], cells[:, 2]], -1.0)
        program.add_row(np.append(every, at + means + 1), values, -INFINITY, arrays.risk_budget)
    for n, (index, least, most) in enumerate(frequencies(problem, cells)):
        values = np.append(np.ones(len(index)), 1.0)
        program.add_row(np.append(index, at + means + 2 + n), values, least, INFINITY)
        program.add_row(index, np.ones(len(index)), -INFINITY, most)
    solved = solve(program, seconds=seconds)
    if solved.x is None or solved.value <= 1e-6:
        return
    raise _told(names, solved.x[at:], problem, arrays)


def _told(
    names: list[str], stretched: Floats, problem: KnownSchedule, arrays: Arrays
) -> InputError:
    said = []
    for name, more in zip(names, stretched[:-1], strict=True):
        if more <= 1e-6:
            continue
        if name == "$.risk_max":
            lost = 1.0 - np.exp(-(arrays.risk_budget + more))
            said.append(f"{name} {lost:.4g} instead of {problem.risk_max:.4g}")
        elif name == "$.budget":
            said.append(f"{name} {arrays.budget + more:.6g} instead of {arrays.budget:.6g}")
        elif name.startswith("$.agreed"):
            said.append(f"{name} {more:.3g} looks fewer than its least")
        else:
            said.append(f"{name} {more:.3g} more")
    if stretched[-1] > 1e-6 or not said:
        found = "more than every possible look together would assure"
        expected = "what some plan can keep"
        return InputError("$.required_detection", found, expected, "Ask for less, or add looks.")
    first = "$.required_detection" if problem.required_detection is not None else "$.agreed"
    return InputError(
        first,
        "demands that cannot all be kept",
        "what some plan can keep",
        f"The cheapest way out at the least: {'; '.join(said)}.",
    )


def cells_of(arrays: Arrays) -> Ints:
    """(cells, 3): site, day and means where a look is possible."""
    return np.argwhere((arrays.detect > 0) & (arrays.sorties > 0))


def add_cover(
    program: Program,
    arrays: Arrays,
    cells: Ints,
    *,
    aim: float | None,
    below: float,
    slack: int | None = None,
) -> None:
    """One row per site and window: its nepers reach the aim, or the last column (aim None).

    A weight counts no further than the bound allows: the same plans, a tighter relaxation.
    """
    sites = arrays.shape[0]
    number = np.full(arrays.shape, -1)
    number[tuple(cells.T)] = np.arange(len(cells))
    worth = np.minimum(arrays.weight, below if aim is None else aim)
    before = arrays.before
    last = len(program.cost) - 1
    for s in range(sites):
        for j in range(arrays.windows):
            first = max(j - arrays.lead, 0)
            ends = j - arrays.lead + arrays.window
            index = number[s, first:ends].ravel()
            value = worth[s, first:ends].ravel()[index >= 0]
            index = index[index >= 0]
            if aim is None:
                index, value = np.append(index, last), np.append(value, -1.0)
            elif slack is not None:
                index, value = np.append(index, slack), np.append(value, 1.0)
            need = -float(before[s, j]) + (0.0 if aim is None else aim)
            program.add_row(index, value, need, INFINITY)


def _limits(program: Program, arrays: Arrays, cells: Ints) -> None:
    _, days, means = arrays.shape
    for m, index in by_day(cells, days, means):
        if len(index) > arrays.sorties[m]:
            program.add_row(index, np.ones(len(index)), -INFINITY, float(arrays.sorties[m]))
    every = np.arange(len(cells))
    if arrays.budget < INFINITY:
        program.add_row(every, arrays.cost[cells[:, 2]], -INFINITY, arrays.budget)
    if arrays.risk_budget < INFINITY:
        risk = arrays.risk[cells[:, 0], cells[:, 2]]
        # Scaled to 1, so that the solver's tolerance is small beside the looks' own risks.
        scale = 1.0 / arrays.risk_budget if arrays.risk_budget > 0 else 1e3
        program.add_row(every, risk * scale, -INFINITY, arrays.risk_budget * scale)


def add_agreed(program: Program, problem: KnownSchedule, cells: Ints) -> None:
    for index, least, most in frequencies(problem, cells):
        program.add_row(index, np.ones(len(index)), least, most)


def frequencies(problem: KnownSchedule, cells: Ints) -> list[tuple[Ints, float, float]]:
    names = [means.name for means in problem.means]
    found = []
    for n, agreed in enumerate(problem.agreed):
        place = f"$.agreed[{n}]"
        if agreed.site not in problem.sites:
            raise InputError(f"{place}.site", agreed.site, "a site of the plan", "Name it there.")
        if agreed.means is not None and agreed.means not in names:
            raise InputError(f"{place}.means", agreed.means, "a means of the plan", "")
        if agreed.most is not None and agreed.most < agreed.least:
            found_ = f"least {agreed.least} and most {agreed.most}"
            raise InputError(place, found_, "least no more than most", "Say which of them holds.")
        first, last = agreed.days or (0, problem.days - 1)
        if not 0 <= first <= last < problem.days:
            expected = f"first and last day, from 0 to {problem.days - 1}, in this order"
            raise InputError(
                f"{place}.days", f"{first}, {last}", expected, "Name days of the plan."
            )
        held = (cells[:, 0] == problem.sites.index(agreed.site)) & (cells[:, 1] >= first)
        held &= cells[:, 1] <= last
        if agreed.means is not None:
            held &= cells[:, 2] == names.index(agreed.means)
        most = INFINITY if agreed.most is None else float(agreed.most)
        found.append((np.flatnonzero(held), float(agreed.least), most))
    return found


def by_day(cells: Ints, days: int, means: int) -> list[tuple[int, Ints]]:
    return [
        (m, np.flatnonzero((cells[:, 1] == day) & (cells[:, 2] == m)))
        for day in range(days)
        for m in range(means)
    ]


def _solved(solution: Solution, cells: Ints, arrays: Arrays) -> Solved:
    looks = None
    if solution.x is not None:
        looks = np.zeros(arrays.shape, dtype=bool)
        looks[tuple(cells.T)] = solution.x[: len(cells)] > 0.5
    return Solved(
        looks=looks,
        bound=solution.bound,
        proved=solution.status == "optimal",
        interrupted=solution.status == "interrupted",
    )
