"""Equal sites: what can be promised at all, in closed form.

Three adversaries: one who knows the calendar (whole looks only), one who knows the policy (the
bound), one who sees every look (the stratified cycle, which reaches the bound where shares pack).
"""

from fractions import Fraction

import msgspec

from excomm.watch.envelope import detection_at
from excomm.watch.problems import EqualSites
from excomm.watch.ranges import require_count, require_detection


class EqualAnswer(msgspec.Struct, frozen=True):
    """stratified_cycle is None where shares do not pack; kind stratified_cycle then builds one."""

    known_schedule: float
    secret_policy_upper_bound: float
    stratified_cycle: float | None
    cycle_packs: bool
    value: float
    bound: float
    gap: float


def solve_equal(problem: EqualSites) -> EqualAnswer:
    """The three values. Raises InputError for counts and detection out of range."""
    require_count("$.n_sites", problem.n_sites, 1)
    require_count("$.window_days", problem.window_days, 1)
    require_count("$.looks_per_day", problem.looks_per_day, 0, problem.n_sites)
    require_detection("$.detect", problem.detect)
    looks = problem.looks_per_day * problem.window_days
    known = 1.0 - (1.0 - problem.detect) ** (looks // problem.n_sites)
    bound = detection_at(problem.detect, looks / problem.n_sites)
    packs = _packs(problem)
    cycle = bound if packs else None
    value = known if cycle is None else cycle
    return EqualAnswer(known, bound, cycle, packs, value, bound, bound - value)


def _packs(problem: EqualSites) -> bool:
    """Whether the shares fill D daily slots of k looks, each site's part of a look in one slot.

    All looks are used, so every slot is full: with p/q of a look left to each site, a slot holds a
    multiple of q such parts, and k // p times that at most.
    """
    sites, looks = problem.n_sites, problem.looks_per_day
    part = Fraction(looks * problem.window_days, sites) % 1
    if part == 0:
        return True
    parts, of = part.numerator, part.denominator
    bundles = sites // of
    most = looks // parts
    # Parts and whole looks of a slot are of different sites: no more of them than sites.
    while most and looks - most * parts + most * of > sites:
        most -= 1
    return bundles <= problem.window_days * most
