"""A fraction read off a solver's figure, where a simple one stands there to all its digits."""

from fractions import Fraction

_DENOMINATOR_MOST = 10_000
_CLOSE = 2e-12


def rational(value: float) -> str | None:
    """The fraction of denominator 10000 at most within 2e-12 of the value, if there is one.

    By chance one in ten thousand figures has one: it is read off, not proved.

    >>> rational(0.6470588235294118), rational(0.37104277871264335)
    ('11/17', None)
    """
    near = Fraction(value).limit_denominator(_DENOMINATOR_MOST)
    close = abs(float(near) - value) <= _CLOSE * max(1.0, abs(value))
    return f"{near.numerator}/{near.denominator}" if close else None
