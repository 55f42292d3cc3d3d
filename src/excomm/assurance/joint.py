"""The joint question: none left and none brought back, over the ranges of what is assumed.

Odds of presence rise with arrivals and fall with detection and with the chance at the start, so
each figure stands at its ends there: lowest where most arrives and looks see least.
"""

import msgspec
import numpy as np

from excomm.assurance.interval import Interval
from excomm.assurance.presence import prob_absent_over_places
from excomm.assurance.ranges import Floats
from excomm.assurance.sampling import detection_limit
from excomm.assurance.worst import worst_site

ByDay = tuple[tuple[float, ...], tuple[float, ...], tuple[float, ...]]


class LookRange(msgspec.Struct, frozen=True):
    """What the looks that saw nothing were worth, place by place and period by period, (S, T)."""

    low: Floats
    best: Floats
    high: Floats


class Joint(msgspec.Struct, frozen=True):
    """The three questions at the end of the last period, and the joint one through all."""

    none_left: Interval
    none_back: Interval
    none_left_nor_back: Interval
    by_period: ByDay  # low, best, high of the joint, each (T + 1,), the start first


class Worst(msgspec.Struct, frozen=True):
    """Against whoever chooses the place: which, and the chance that every look missed."""

    place: int  # at the best detection; the first of equals
    miss: Interval


class Limit(msgspec.Struct, frozen=True):
    """A whole number with its range; None: no number would have been found."""

    low: int | None
    best: int | None
    high: int | None


def joint(start: Interval, arrival: Interval, looks: LookRange) -> Joint:
    """None left, none brought back, and both, after looks that all saw nothing.

    start: chance that none was left, before the first period. arrival: chance a period that
    something is brought back where nothing is.
    none_left: were nothing ever brought back. none_back: were nothing left. The joint is never
    above either. Formulas: `prob_absent_over_places`.
    """
    starts = (start.low, start.best, start.high)
    if not looks.best.shape[-1]:
        alone = ((start.low,), (start.best,), (start.high,))
        return Joint(start, Interval.exactly(1.0), start, alone)
    # Two questions, none left for sure and none left perhaps, at three ends each, in one pass.
    back, both = prob_absent_over_places(
        np.stack([looks.low, looks.best, looks.high]),
        np.array([[arrival.high], [arrival.best], [arrival.low]]),
        np.array([[1.0, 1.0, 1.0], starts]),
    ).absent
    missed = unseen(looks)
    left = np.array(
        [
            [chance / (chance + (1.0 - chance) * miss)]
            for chance, miss in zip(starts, (missed.high, missed.best, missed.low), strict=True)
        ]
    )
    low, best, high = (
        (chance, *(float(p) for p in row)) for chance, row in zip(starts, both, strict=True)
    )
    return Joint(_last(left), _last(back), _last(both), (low, best, high))


def unseen(looks: LookRange) -> Interval:
    """Chance that every look missed what was kept, all of it together at any place alike."""
    low, best, high = (
        float(np.prod(1.0 - d, axis=-1).mean()) for d in (looks.high, looks.best, looks.low)
    )
    return Interval.around(best, low, high)


def worst(looks: LookRange) -> Worst:
    """The place where one thing, put there before the first look, is likeliest to be missed."""
    low, best, high = (worst_site(d) for d in (looks.high, looks.best, looks.low))
    return Worst(best.site, Interval.around(best.miss, low.miss, high.miss))


def limit(looks: LookRange) -> Limit:
    """Smallest number of things, each at any place alike, of which one would have been seen.

    With 95 %; each of them hidden by itself. What is kept together is `worst`'s.
    """
    low, best, high = (
        detection_limit([1.0 - float(np.prod(1.0 - d, axis=-1).mean())], 0.95)
        for d in (looks.high, looks.best, looks.low)
    )
    return Limit(low, best, high)


def _last(absent: Floats) -> Interval:
    low, best, high = (float(chance) for chance in absent[:, -1])
    return Interval.around(best, low, high)
