"""By carrier: what was kept back, over ranges, where ships were declared and counted one by one.

The same question as `exit_range`, with the tally taken apart: the ships that are known by name, and
all others together. A ship of which only a difference from what was declared is known carries an
unknown number; every such number is part of the range.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec
import numpy as np

from excomm.assurance.carriers import Carrier, carrier_chances
from excomm.assurance.distribution import spread
from excomm.assurance.exit_range import ExitRange
from excomm.assurance.exits import least_reaching
from excomm.assurance.interval import Interval
from excomm.assurance.ranges import Floats
from excomm.errors import InputError


class Ship(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one ship; a number that is not known is None."""

    name: str
    declared: int | None
    counted: int | None
    difference: int | None  # counted less declared
    ids: tuple[str, ...]  # the entries


class ByCarrier(msgspec.Struct, frozen=True, kw_only=True):
    """A tally taken apart, and how things that leave are counted and change ships."""

    ships: tuple[Ship, ...]
    tally: int  # of all ships together
    missed: Interval
    twice: Interval
    moved: Interval


def range_by_carrier(
    stock: Interval, retained: Interval, counting: ByCarrier, *, unseen: Interval
) -> ExitRange:
    """How many of the stock were kept back, as in `exit_range`.

    The ends are found one assumption at a time, every whole stock tried, and then with all taken
    together at the ends that lower and that raise the figure; nothing is proved beyond these.
    Raises InputError where the best values exclude the counts.
    """
    stocks = range(int(stock.low), int(stock.high) + 1)
    at_best = _Point(
        stock=int(stock.best), retained=retained.best, missed=counting.missed.best,
        twice=counting.twice.best, moved=counting.moved.best, unseen=unseen.best, load=None,
    )  # fmt: skip
    best = _outcome(at_best, counting)
    if best is None:
        named = ", ".join(ship.name for ship in counting.ships)
        raise InputError(
            "stock", at_best.stock, f"a stock that the counts on {named} and a tally of"
            f" {counting.tally} do not exclude",
        )  # fmt: skip
    ways: dict[str, Sequence[float]] = {
        "stock": list(stocks),
        "retained": _ends(retained),
        "missed": _ends(counting.missed),
        "twice": _ends(counting.twice),
        "moved": _ends(counting.moved),
        "unseen": _ends(unseen),
        "load": [1, max(1, at_best.stock // 4)],
    }
    outcomes, excluded = [best], []
    most, fewest = at_best, at_best
    for name, values in ways.items():
        found = [
            (value, _outcome(msgspec.structs.replace(at_best, **{name: value}), counting))
            for value in values
        ]
        if name == "stock":
            excluded = [int(value) for value, each in found if each is None]
        possible = [(each.mean, value, each) for value, each in found if each is not None]
        outcomes += [each for _, _, each in possible]
        # By the mean: what raises it lowers the chance that none was kept back.
        ranked = sorted([*possible, (best.mean, getattr(at_best, name), best)], key=_by_mean)
        most = msgspec.structs.replace(most, **{name: ranked[-1][1]})
        fewest = msgspec.structs.replace(fewest, **{name: ranked[0][1]})
    outcomes += [each for point in (most, fewest) if (each := _outcome(point, counting))]
    return ExitRange(
        prob_none=Interval.around(*(each.none for each in outcomes)),
        mean=Interval.around(*(each.mean for each in outcomes)),
        upper95=Interval.around(*(each.upper95 for each in outcomes)),
        pmf=spread(best.pmf, [each.pmf[None] for each in outcomes]),
        stock_excluded=tuple(excluded),
    )


def prob_none_by_carrier(
    counting: ByCarrier, stock: int, retained: float, missed: float, twice: float, moved: float
) -> float | None:
    """Chance that none was kept back, at one value of each; None where the counts exclude them."""
    found = _outcome(_Point(stock, retained, missed, twice, moved, 1.0, None), counting)
    return None if found is None else found.none


class _Outcome(msgspec.Struct, frozen=True):
    none: float  # before any look
    mean: float  # after them
    upper95: float
    pmf: Floats


class _Point(msgspec.Struct, frozen=True):
    stock: int
    retained: float
    missed: float
    twice: float
    moved: float
    unseen: float
    load: int | None  # declared for a ship of which only a difference is known; None: typical


def _ends(interval: Interval) -> list[float]:
    return sorted({interval.low, interval.high})


def _by_mean(row: tuple[float, object, object]) -> float:
    return row[0]


def _outcome(at: _Point, counting: ByCarrier) -> _Outcome | None:
    """What was kept back, at one value of each; None: impossible."""
    chances = _by_kept(counting, at.stock, at.missed, at.twice, at.moved, at.load)
    if chances is None:
        return None
    prior = np.full(at.stock + 1, at.retained / max(at.stock, 1))
    prior[0] = 1.0 - at.retained if at.stock else 1.0
    before = _scaled(prior * chances)
    if before is None:
        return None
    weighed = before.copy()
    weighed[1:] *= at.unseen
    after = _scaled(weighed)
    if after is None:
        return None
    mean = float(after @ np.arange(len(after)))
    return _Outcome(float(before[0]), mean, float(least_reaching(after, 0.95)), after)


@lru_cache(maxsize=256)
def _by_kept(
    counting: ByCarrier, stock: int, missed: float, twice: float, moved: float, load: int | None
) -> Floats | None:
    """Chance of the counts by the number kept back; the prior and later looks change none."""
    carriers = _carriers(counting, stock, load)
    once = 1.0 - missed - twice
    if carriers is None or once < -1e-9:
        return None
    ways = np.array([[missed], [max(once, 0.0)], [twice]])
    return carrier_chances(carriers, stock, ways, moved)


def _scaled(weights: Floats) -> Floats | None:
    total = float(weights.sum())
    return weights / total if total > 0.0 else None


def _carriers(counting: ByCarrier, stock: int, load: int | None) -> list[Carrier] | None:
    """The ships, and all others together; None where they do not add up."""
    typical = _typical([ship.declared for ship in counting.ships])
    carriers = []
    for ship in counting.ships:
        declared = ship.declared
        if declared is None:
            declared = typical if load is None else load
        counted = ship.counted
        if counted is None and ship.difference is not None:
            counted = declared + ship.difference
        if counted is not None and counted < 0:
            return None
        carriers.append(Carrier(declared, counted, ship.name))
    others = stock - sum(one.declared for one in carriers)
    beside = counting.tally - sum(one.counted or 0 for one in carriers)
    if others < 0 or beside < 0:
        return None
    return [*carriers, Carrier(others, beside, "all others")]


def _typical(declared: Sequence[int | None]) -> int:
    known = [number for number in declared if number]
    return max(1, round(sum(known) / len(known))) if known else 1
