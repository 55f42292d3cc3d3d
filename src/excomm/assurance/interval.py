"""An interval figure: lowest, best and highest value over the ranges of what it assumes.

Never a confidence interval: the ends say what the assumptions allow, not how often they hold.
"""

import msgspec


class Interval(msgspec.Struct, frozen=True):
    """A number with its range, low <= best <= high.

    >>> print(Interval(0.2, 0.5, 0.75))
    0.5 (0.2 to 0.75)
    """

    low: float
    best: float
    high: float

    def __post_init__(self) -> None:
        assert self.low <= self.best <= self.high, (self.low, self.best, self.high)

    def __str__(self) -> str:
        return f"{self.best:g} ({self.low:g} to {self.high:g})"

    @classmethod
    def around(cls, best: float, *others: float) -> "Interval":
        """From the lowest to the highest of all these, around `best`."""
        return cls(min(best, *others), best, max(best, *others))

    @classmethod
    def exactly(cls, value: float) -> "Interval":
        """A number without a range."""
        return cls(value, value, value)
