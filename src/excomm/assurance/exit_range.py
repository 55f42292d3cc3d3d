"""Exits over ranges: what `exit_tally` says when stock, tally and counting are only known between.

The lowest and the highest value over everything the ranges allow. More kept back beforehand, more
double counts and looks that miss more each raise the number kept back, proved in docs/assurance.md;
those stand at their ends. Stock and misses can do either: every whole stock is tried, and misses
along a grid that closes in on the extremes.
"""

from collections.abc import Callable

import msgspec
import numpy as np

from excomm.assurance.distribution import Distribution, spread
from excomm.assurance.exits import TallyChances, least_reaching, posterior, tally_chances
from excomm.assurance.interval import Interval
from excomm.assurance.ranges import Floats, probability, whole
from excomm.errors import InputError


class Counting(msgspec.Struct, frozen=True):
    """A tally on the way out and how things that leave are counted; once is the rest."""

    tally: Interval
    missed: Interval
    twice: Interval


class ExitRange(msgspec.Struct, frozen=True):
    """The number kept back, over the ranges."""

    prob_none: Interval  # before any later look
    mean: Interval  # after the looks that saw nothing
    upper95: Interval  # after them
    pmf: Distribution  # after them
    stock_excluded: tuple[int, ...]  # whole stocks in range that cannot give the tally


def exit_range(
    stock: Interval,
    retained: Interval,
    counting: Counting | None,
    *,
    unseen: Interval,
    at_least: int = 0,
) -> ExitRange:
    """How many of the stock were kept back: none with chance 1 - retained, else any number alike.

    stock: whole numbers. retained: chance that some were kept back, before the count. counting:
    None where nothing was counted out. unseen: chance that every later look would have missed what
    was kept, all of it together. at_least: so many are known to be kept; retained is then 1.
    Raises InputError for ends outside their range, misses and double counts that add to more than
    1, and a tally that the best stock cannot give.
    The ends of each number's probability are those at every whole stock and on a grid of misses
    and double counts, and nothing is proved between its points; more kept back beforehand and looks
    that miss more raise all but the chance of none.
    """
    stocks = range(_whole("stock.low", stock.low), _whole("stock.high", stock.high) + 1)
    _probabilities("retained", retained)
    _probabilities("unseen", unseen)
    missed = Interval.exactly(0.0)
    if counting is not None:
        missed = counting.missed
        _probabilities("missed", counting.missed)
        _probabilities("twice", counting.twice)
        if counting.missed.high + counting.twice.high > 1.0:
            raise InputError(
                "missed, twice",
                f"highs of {counting.missed.high:g} and {counting.twice.high:g}",
                "highs that add to at most 1",
            )

    tallies, best_tally = _tallies(counting)
    twice = counting.twice if counting else missed

    def corner(
        end: Callable[[Interval], float], tallies: tuple[int, ...], sizes: range
    ) -> Callable[[Floats], Floats]:
        def at(grid: Floats, ends: list[float]) -> Floats:
            kept, double, miss = ends
            return np.concatenate(
                [
                    _outcome(chances, total, kept, miss, at_least)
                    for chances in _chances(counting, tallies, sizes[-1], grid, double)
                    for total in sizes
                ],
                axis=1,
            )

        def outcomes(grid: Floats) -> Floats:
            ranges = (retained, twice, unseen)
            found = at(grid, [end(each) for each in ranges])
            within = [_within(each, end(each)) for each in ranges]
            # Impossible at a chance of exactly 0 or 1, perhaps at no other: the limit counts too.
            return np.concatenate([found, at(grid, within)], 1) if np.isnan(found).any() else found

        return outcomes

    best_stock = _whole("stock.best", stock.best)
    best = corner(lambda each: each.best, (best_tally,), range(best_stock, best_stock + 1))(
        np.array([missed.best])
    )[:, 0, 0]
    if np.isnan(best).any():
        raise InputError(
            "stock", best_stock, f"a stock that a tally of {best_tally} does not exclude"
        )
    most = corner(lambda each: each.high, tallies, stocks)
    fewest = corner(lambda each: each.low, tallies, stocks)
    high = _largest(most, missed)
    low = -_largest(lambda grid: -fewest(grid), missed)
    at_best = _kept(
        counting, (best_tally,), range(best_stock, best_stock + 1), np.array([missed.best]),
        np.array([twice.best]), (retained.best, unseen.best), at_least,
    )  # fmt: skip
    misses, doubles = np.meshgrid(_between(missed, _GRID), _between(twice, _FEWER))
    at_ends = [
        block
        for ends in ((retained.low, unseen.low), (retained.high, unseen.high))
        for block in _kept(
            counting, tallies, stocks, misses.ravel(), doubles.ravel(), ends, at_least
        )
    ]
    impossible = np.isnan(most(np.linspace(missed.low, missed.high, 3))[0])
    excluded = impossible.reshape(-1, len(stocks), 3).all(axis=(0, 2))
    return ExitRange(
        prob_none=Interval.around(*(float(-x) for x in (best[0], high[0], low[0]))),
        mean=Interval.around(*(float(x) for x in (best[1], high[1], low[1]))),
        upper95=Interval.around(*(float(x) for x in (best[2], high[2], low[2]))),
        pmf=spread(at_best[0][0], at_ends),
        stock_excluded=tuple(n for n, none in zip(stocks, excluded, strict=True) if none),
    )


_GRID = 33
_FEWER = 9
_ROUNDS = 2
_HARDLY = 1e-12


def _within(ends: Interval, end: float) -> float:
    inside = ends.low < ends.high and end in (0.0, 1.0)
    return abs(end - _HARDLY) if inside else end


def _outcome(
    chances: TallyChances, total: int, retained: float, unseen: float, at_least: int
) -> Floats:
    # (3, 1, G): minus P(none), mean, 95 % bound; more kept back is more in each. NaN: impossible.
    before = _posterior(chances, total, retained, 1.0, at_least)
    after = _posterior(chances, total, retained, unseen, at_least)
    found: Floats = np.stack(
        [
            -before[:, 0],
            after @ np.arange(total + 1.0),
            least_reaching(after, 0.95),
        ]
    )
    found[:, ~after.any(axis=1)] = np.nan
    return found[:, None, :]


def _posterior(
    chances: TallyChances, total: int, retained: float, unseen: float, at_least: int
) -> Floats:
    # (G, total + 1), of the number kept back; a row of 0: impossible.
    prior = np.full(total + 1, retained / max(total, 1))
    prior[0] = 1.0 - retained if total else 1.0
    prior[:at_least] = 0.0
    prior[1:] *= unseen
    given_left = TallyChances(chances.mantissa[:, total::-1], chances.exponent[:, total::-1])
    return posterior(given_left, prior)


def _kept(
    counting: Counting | None,
    tallies: tuple[int, ...],
    sizes: range,
    missed: Floats,
    twice: Floats,
    weights: tuple[float, float],
    at_least: int,
) -> list[Floats]:
    # The distributions that are possible: a block for each tally and stock, a row for each way.
    blocks = [
        _posterior(chances, total, *weights, at_least)
        for chances in _chances(counting, tallies, sizes[-1], missed, twice)
        for total in sizes
    ]
    return [block[block.any(axis=1)] for block in blocks if block.any()]


def _between(ends: Interval, points: int) -> Floats:
    found: Floats = np.unique(np.append(np.linspace(ends.low, ends.high, points), ends.best))
    return found


def _chances(
    counting: Counting | None,
    tallies: tuple[int, ...],
    total: int,
    missed: Floats,
    twice: float | Floats,
) -> list[TallyChances]:
    if counting is None:
        shape = (len(missed), total + 1)
        return [TallyChances(np.full(shape, 0.5), np.ones(shape, dtype=np.int64))]
    double = np.full_like(missed, twice)
    once = np.maximum(1.0 - missed - double, 0.0)  # a rounding below 0 where they add to 1
    return [tally_chances(total, tally, missed, once, double) for tally in tallies]


def _largest(outcomes: Callable[[Floats], Floats], missed: Interval) -> Floats:
    # (3,): the largest of each outcome over misses; a grid first, then closer round each best.
    def tops(grid: Floats) -> Floats:
        found = outcomes(grid)
        highest: Floats = np.where(np.isnan(found), -np.inf, found).max(axis=1)
        return highest

    grid = _between(missed, _GRID)
    first = tops(grid)
    largest: Floats = first.max(axis=1)
    if len(grid) == 1:
        return largest
    # P(none) and mean have their own extremes; each is closed in on, both in one pass.
    closing = [(grid, first[row]) for row in (0, 1)]
    for _ in range(_ROUNDS):
        nearer = [_round(points, int(values.argmax())) for points, values in closing]
        found = tops(np.concatenate(nearer))
        largest = np.maximum(largest, found.max(axis=1))
        closing = [(nearer[0], found[0, :_GRID]), (nearer[1], found[1, _GRID:])]
    return largest


def _round(points: Floats, at: int) -> Floats:
    return np.linspace(points[max(at - 1, 0)], points[min(at + 1, len(points) - 1)], _GRID)


def _tallies(counting: Counting | None) -> tuple[tuple[int, ...], int]:
    if counting is None:
        return (0,), 0
    low = _whole("tally.low", counting.tally.low)
    high = _whole("tally.high", counting.tally.high)
    missed, twice = counting.missed.high, counting.twice.high
    # Where the chances 0, 1, 2 are log-concave a larger tally never means more kept back.
    log_concave = (1.0 - missed - twice) ** 2 >= missed * twice
    between = (low, high) if log_concave else range(low, high + 1)
    return tuple(dict.fromkeys(between)), _whole("tally.best", counting.tally.best)


def _whole(name: str, value: float) -> int:
    if not float(value).is_integer():
        raise InputError(name, value, "a whole number, 0 or more")
    return whole(name, int(value))


def _probabilities(name: str, ends: Interval) -> None:
    probability(f"{name}.low", ends.low)
    probability(f"{name}.high", ends.high)
