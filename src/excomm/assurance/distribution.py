"""Distribution: how probable it is that exactly so many remain, over the ranges of what is assumed.

Each number's probability has its own lowest and highest value; only the best ones add to 1. Three
whole distributions, one for each end, are no such range: each number would have another lowest.
"""

from collections.abc import Sequence

import msgspec
import numpy as np

from excomm.assurance.interval import Interval
from excomm.assurance.ranges import Floats

_SHOWN = 1e-4  # what is beyond it together is left to the last band


class Band(msgspec.Struct, frozen=True):
    """A number, or numbers that follow each other, and how probable it is that one of them remains.

    Of several together low and high are the sums of the ends, at most 1: at least as wide as need
    be, since no values of the assumptions reach all these ends at once.
    """

    first: int
    last: int
    prob: Interval

    @property
    def says(self) -> str:
        """The number or numbers."""
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"


class Distribution(msgspec.Struct, frozen=True):
    """Probability of 0, 1, 2, ... remaining, each from its lowest to its highest, (N + 1,) each."""

    low: tuple[float, ...]
    best: tuple[float, ...]
    high: tuple[float, ...]

    def bands(self, most: int) -> tuple[Band, ...]:
        """At most so many bands, 2 or more: none by itself, then equally many numbers in each.

        The last holds what is left to the end, where nothing but a ten thousandth is.

        >>> few = Distribution((0.5, 0.1, 0.0, 0.0), (0.7, 0.2, 0.1, 0.0), (0.8, 0.4, 0.3, 0.0))
        >>> [(band.says, band.prob.best) for band in few.bands(3)]
        [('0', 0.7), ('1', 0.2), ('2 to 3', 0.1)]
        """
        tail = np.cumsum(self.high[::-1])[::-1]
        reach = int(np.flatnonzero(tail >= _SHOWN)[-1])
        width = max(1, -(-reach // (most - 1)))
        firsts = [0, *range(1, reach + 1, width)]
        lasts = [*(first - 1 for first in firsts[1:]), len(self.best) - 1]
        return tuple(self._band(*ends) for ends in zip(firsts, lasts, strict=True))

    def _band(self, first: int, last: int) -> Band:
        within = slice(first, last + 1)
        low, best, high = (sum(row[within]) for row in (self.low, self.best, self.high))
        return Band(first, last, Interval.around(min(best, 1.0), low, min(high, 1.0)))


def spread(best: Floats, others: Sequence[Floats]) -> Distribution:
    """The lowest and highest probability of each number among distributions, and the best's.

    best: (N + 1,). others: blocks of distributions, (ways, N + 1), each with an N of its own.
    """
    blocks = [best[None], *others]
    longest = max(block.shape[1] for block in blocks)
    ends = np.zeros((2, len(blocks), longest))
    for at, block in enumerate(blocks):
        ends[:, at, : block.shape[1]] = block.min(axis=0), block.max(axis=0)
    low, high = ends[0].min(axis=0), ends[1].max(axis=0)
    padded = np.pad(best, (0, longest - len(best)))
    return Distribution(*(tuple(row.tolist()) for row in (low, padded, high)))


def with_none(found: Distribution, none: Interval) -> Distribution:
    """The same with the chance of none as it was found by a closer search."""
    return Distribution(
        (none.low, *found.low[1:]), (none.best, *found.best[1:]), (none.high, *found.high[1:])
    )
