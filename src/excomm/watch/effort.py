"""Effort that can be divided: where it finds most for a prior, and where least is left to chance.

Koopman's search problem with detection 1 - exp(-w e): water-filling, exact after a sort. The
greatest least detection, for whoever trusts no prior, equalises w e.
"""

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.linear import INFINITY
from excomm.watch.problems import Effort


class EffortAnswer(msgspec.Struct, frozen=True):
    """Both plans: by the prior, and against the worst site."""

    effort: tuple[float, ...]
    prob_success: float
    maxmin_effort: tuple[float, ...]
    maxmin_detection: float
    value: float
    bound: float
    gap: float
    worst_site: int  # of the plan by the prior
    worst_detection: float


def solve_effort(problem: Effort) -> EffortAnswer:
    """Raises InputError for a prior that is none, a rate that is not positive, effort below 0."""
    prior, rate = np.array(problem.prior), np.array(problem.sweep_rate)
    if len(prior) != len(rate) or not len(prior):
        found = f"{len(prior)} and {len(rate)} sites"
        raise InputError("$.sweep_rate", found, "as many as the prior has", "One for each site.")
    for n, one in enumerate(problem.prior):
        if not 0 <= one <= 1:
            raise InputError(f"$.prior[{n}]", one, "0 to 1", "Write 50 % as 0.5.")
    if not abs(prior.sum() - 1) <= 1e-9:
        raise InputError("$.prior", float(prior.sum()), "a sum of 1", "Scale it.")
    for n, one in enumerate(problem.sweep_rate):
        if not 0 < one < INFINITY:
            raise InputError(f"$.sweep_rate[{n}]", one, "above 0", "Leave a hopeless site out.")
    if not 0 <= problem.effort < INFINITY:
        raise InputError("$.effort", problem.effort, "0 or more", "")
    effort = np.zeros(len(prior))
    if problem.effort > 0:
        # At level L the sites with prior * rate above L get ln(prior rate / L) / rate.
        order = np.argsort(-prior * rate, kind="stable")
        gains = (prior * rate)[order]
        with np.errstate(divide="ignore"):
            logs = np.log(gains)
        inverse = np.cumsum(1 / rate[order])
        level = (np.cumsum(np.where(gains > 0, logs, 0) / rate[order]) - problem.effort) / inverse
        following = np.append(logs[1:], -INFINITY)
        used = int(np.argmax(level >= following))
        effort[order[: used + 1]] = (logs[: used + 1] - level[used]) / rate[order[: used + 1]]
    detection = 1 - np.exp(-rate * effort)
    success = float((prior * detection).sum())
    maxmin = problem.effort / float((1 / rate).sum())
    return EffortAnswer(
        effort=tuple(effort.tolist()),
        prob_success=success,
        maxmin_effort=tuple((maxmin / rate).tolist()),
        maxmin_detection=float(-np.expm1(-maxmin)),
        value=success,
        bound=success,
        gap=0.0,
        worst_site=int(detection.argmin()),
        worst_detection=float(detection.min()),
    )
