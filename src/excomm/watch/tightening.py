"""Shares of a target: a look's weight cut down to what it can ever contribute in whole looks.

A site that needs 1.6 looks needs 2, so each counts as one half, not as 1/1.6. The same plans reach
the target, the relaxation to fractions of looks loses its easy way out, and the solver sees what
is impossible much sooner.
"""

import msgspec
import numpy as np

from excomm.watch.linear import INFINITY, Floats, Program, solve
from excomm.watch.schedule import Arrays

_KINDS_MOST = 6
_COVERS_MOST = 1500


def shares(weight: Floats, target: float) -> Floats:
    """Shares of the target, 1 at most, for one site's looks; weight and result (days, means).

    Any looks whose weights reach the target have shares of 1 or more together, and none else have.
    """
    plain: Floats = np.minimum(weight / target, 1.0)
    rounded: Floats = np.round(plain, 12).ravel()
    kinds, index, counts = np.unique(rounded, return_inverse=True, return_counts=True)
    used = kinds > 0
    if not used.any() or used.sum() > _KINDS_MOST:
        return plain
    covers = _minimal_covers(kinds[used])
    if covers is None:
        return plain
    # The least shares, dearest first those that are many: every minimal cover keeps its 1.
    program = Program(
        cost=counts[used].astype(np.float64),
        lower=np.zeros(len(kinds[used])),
        upper=kinds[used],
        sense="min",
    )
    columns = np.arange(len(kinds[used]))
    for cover in covers:
        program.add_row(columns, cover, min(1.0, float(cover @ kinds[used])), INFINITY)
    solved = solve(program)
    if solved.x is None:
        return plain
    least = np.zeros(len(kinds))
    # Beyond the solver's tolerance, so that no cover loses its 1; never beyond the weight's own.
    least[used] = np.minimum(solved.x * (1 + 1e-6), kinds[used])
    return least[index].reshape(weight.shape)


def _minimal_covers(kinds: Floats) -> Floats | None:
    """(covers, kinds): how many of each kind, just enough to reach 1; None where too many."""
    found: list[list[int]] = []
    stack: list[tuple[list[int], float]] = [([], 0.0)]
    order = range(len(kinds) - 1, -1, -1)  # heaviest first
    while stack:
        taken, total = stack.pop()
        if len(taken) == len(kinds):
            continue
        kind = kinds[order[len(taken)]]
        last = len(taken) == len(kinds) - 1
        most = int(np.ceil((1.0 - 1e-9 - total) / kind))
        if last:
            found.append([*taken, most])
        else:
            for count in range(most + 1):
                if total + count * kind >= 1.0 - 1e-9:
                    found.append([*taken, count, *[0] * (len(kinds) - len(taken) - 1)])
                else:
                    stack.append(([*taken, count], total + count * kind))
        if len(found) + len(stack) > _COVERS_MOST:
            return None
    return np.array(found, dtype=np.float64)[:, ::-1]


def scaled(arrays: Arrays, target: float) -> Arrays:
    """The same problem with shares of the target for nepers: 1.0 is where the target is reached.

    What falls short of 1 in shares may be worth more than the share in nepers, never less.
    """
    weight = np.stack([shares(rows, target) for rows in arrays.weight])
    return msgspec.structs.replace(
        arrays, weight=weight, miss_before=np.exp(-arrays.before / target)
    )
