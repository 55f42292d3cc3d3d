"""One day, perfect looks: which sites to cover how often, when losses differ. Exact fractions."""

from fractions import Fraction

import msgspec

from excomm.errors import InputError
from excomm.watch.problems import Coverage
from excomm.watch.ranges import require_count


class CoverageAnswer(msgspec.Struct, frozen=True):
    """loss: what an attack at the best site is worth to the other side; coverage: by site."""

    loss: Fraction
    coverage: tuple[Fraction, ...]
    value: Fraction
    bound: Fraction
    gap: Fraction
    worst_site: int
    one_more_look: Fraction  # by how much it lowers the loss


def solve_coverage(problem: Coverage) -> CoverageAnswer:
    """The marginals that make the greatest loss least; any draw with them is optimal.

    Raises InputError for values below 0 and for more looks than sites.
    """
    if not problem.site_value:
        raise InputError("$.site_value", "none", "at least one site", "Give each site its value.")
    for n, value in enumerate(problem.site_value):
        if value < 0:
            raise InputError(f"$.site_value[{n}]", str(value), "0 or more", "Turn the sign round.")
    require_count("$.looks", problem.looks, 0, len(problem.site_value))
    loss = _level(problem.site_value, problem.looks)
    coverage = tuple(
        1 - loss / value if value > loss else Fraction(0) for value in problem.site_value
    )
    left = [(1 - c) * value for c, value in zip(coverage, problem.site_value, strict=True)]
    worst = max(left)
    assert sum(coverage) <= problem.looks
    more = min(problem.looks + 1, len(problem.site_value))
    gain = loss - _level(problem.site_value, more)
    return CoverageAnswer(loss, coverage, loss, loss, loss - worst, left.index(worst), gain)


def _level(values: tuple[Fraction, ...], looks: int) -> Fraction:
    """The least loss L at which sum of max(0, 1 - L / value) fits the looks (ORIGAMI)."""
    attacked = sorted((value for value in values if value > 0), reverse=True)
    inverse = Fraction(0)
    for n, value in enumerate(attacked, start=1):
        inverse += 1 / value
        level = max((n - looks) / inverse, Fraction(0))
        following = attacked[n] if n < len(attacked) else Fraction(0)
        if level >= following:
            return level
    return Fraction(0)
