"""Figures and beliefs in words, as a page shows them; the exact fractions stand in the answer."""

import math
from fractions import Fraction

from excomm.options.tree import Switch


def figure(value: Fraction) -> str:
    """A value for reading: three figures; of a probability two, and never 0 or 1 unless it is.

    >>> figure(Fraction(257, 40)), figure(Fraction(1, 2)), figure(Fraction(999, 1000))
    ('6.42', '0.50', '0.999')
    """
    if value.denominator == 1:
        return str(value)
    if 0 < value < 1:
        digits = 2 - math.floor(math.log10(min(value, 1 - value)) + 1)
        whole, _, part = f"{float(value):.{max(digits, 2)}f}".partition(".")
        return f"{whole}.{part.rstrip('0').ljust(2, '0')}"
    return f"{float(value):.3g}"


def switches(found: tuple[Switch, ...]) -> tuple[str, ...]:
    """At which belief the first move changes, the nearest to what is believed first."""
    nearest = sorted(found, key=lambda one: abs(one.probability - one.given))
    return tuple(_switch(one) for one in nearest)


def _switch(one: Switch) -> str:
    way = [step.removeprefix("put ") for step in one.at]
    after = f" after {', '.join(way)}" if way else ""
    return (
        f"{one.outcome}{after}, held to be {figure(one.given)}: "
        f"below {float(one.probability):.3g} {one.below}, above it {one.above}"
    )
