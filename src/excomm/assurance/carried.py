"""Carried: the claim on an item as a function of what was assumed, and what a next look would add.

The same arithmetic as the figures themselves, for many values of one assumption at once.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import pairwise
from typing import TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.assurance.by_carrier import ByCarrier, prob_none_by_carrier
from excomm.assurance.exit_range import Counting
from excomm.assurance.exits import TallyChances, posterior, tally_chances
from excomm.assurance.interval import Interval
from excomm.assurance.looked import Reached
from excomm.assurance.presence import prob_absent_over_places
from excomm.assurance.ranges import Floats
from excomm.assurance.sensitive import Sensitivity, table

_YEAR = 365
Numbers = TypeVar("Numbers", bound=NDArray[np.generic])


class NextLook(msgspec.Struct, frozen=True):
    """What one more look on the day, seeing nothing, would make of the joint figure."""

    site: str
    means: str
    prob_none_left_nor_back: float  # at the best values
    adds: float  # to what it is now


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the joint figure of an item rests on, by the names of the assumptions."""

    item: str
    stock: Interval
    retained: Interval
    counting: Counting | None
    arrival: Interval
    detection: Mapping[str, Interval]  # of each means that looked
    reached: Sequence[Reached]
    places: int
    days: int
    stock_excluded: tuple[int, ...]
    by_carrier: ByCarrier | None = None

    @property
    def assumed(self) -> dict[str, Interval]:
        """The assumptions the figure can be varied by."""
        found = {"stock": self._stock_possible(), "prob_retained": self.retained}
        if self.counting:
            found |= {"exit.missed": self.counting.missed, "exit.twice": self.counting.twice}
            if self.by_carrier:
                found["exit.moved"] = self.by_carrier.moved
        else:
            del found["stock"]
        if self.days:
            found["arrival"] = self.arrival
        named = {f"{self.item}.{name}": each for name, each in found.items()}
        return {**named, **self.detection}

    @property
    def spans(self) -> tuple[int, ...]:
        """Days that end with a look, and those after the last: nothing is seen in between.

        A year at most, so that what is brought back within one stays short of certain.
        """
        ends = {look.period + 1 for look in self.reached} | {self.days}
        ends |= set(range(_YEAR, self.days, _YEAR))
        return tuple(end - before for before, end in pairwise([0, *sorted(ends)]))

    def _stock_possible(self) -> Interval:
        sizes = range(int(self.stock.low), int(self.stock.high) + 1)
        possible = [n for n in sizes if n not in self.stock_excluded] or [int(self.stock.best)]
        return Interval.around(self.stock.best, possible[0], possible[-1])


def carried_by(basis: Basis, standard: float) -> tuple[Sensitivity, ...]:
    """What each assumption does to the joint figure, what matters most first."""
    assumed = basis.assumed
    limits = {f"{basis.item}.arrival": (0.0, 1.0 - 1e-9)}
    if basis.counting:
        missed, twice = basis.counting.missed, basis.counting.twice
        limits[f"{basis.item}.exit.missed"] = (0.0, max(missed.high, 1.0 - twice.best))
        limits[f"{basis.item}.exit.twice"] = (0.0, max(twice.high, 1.0 - missed.best))
    # A stock is whole, and ship by ship a value takes long: straight between a few values.
    few = [
        name
        for name in assumed
        if name.endswith(".stock") or (basis.by_carrier and ".exit." in name)
    ]
    limits |= {name: (assumed[name].low, assumed[name].high) for name in few}
    return table(partial(_along, basis, few), assumed, standard, limits, {})


_FEW = 7


def _along(basis: Basis, few: Sequence[str], name: str, values: Floats) -> Floats:
    if name not in few:
        return _claim(basis, {name: values}, len(values))
    each = basis.assumed[name]
    between = np.array([*np.linspace(each.low, each.high, _FEW), each.best])
    if name.endswith(".stock"):
        between = np.rint(between)
    between = _distinct(between)
    found: Floats = np.interp(values, between, _claim(basis, {name: between}, len(between)))
    return found


def next_looks(
    basis: Basis, start: float, places: Sequence[str], means: Mapping[str, float]
) -> tuple[NextLook, ...]:
    """What one more look over all of each site would add, most first; by the best means for it.

    start: chance that none was left, at the best values. places: as they are listed, elsewhere
    last; it is no site. means: detection of each means that could look, at its best.
    """
    sites = places[:-1]
    if not means or not sites:
        return ()
    by, detection = max(means.items(), key=lambda one: one[1])
    # Where something is surely there the odds have no end; so large, no look moves them either.
    odds = np.minimum(_odds_by_place(basis, start), _SURELY)
    now = 1.0 / (1.0 + odds.sum())
    # The odds of the place looked at fall; those of the others stay.
    after = 1.0 / (1.0 + np.maximum(odds.sum() - detection * odds, 0.0))
    found = [
        NextLook(site, by, float(after[at]), float(after[at] - now))
        for at, site in enumerate(sites)
    ]
    return tuple(sorted(found, key=lambda one: -one.adds))


_SURELY = 1e300


def _odds_by_place(basis: Basis, start: float) -> Floats:
    looks = _looks(basis, {}, 1)[0]
    arrivals = _arrivals(basis, np.array([basis.arrival.best]))[0]
    each = (1.0 - start) / start / basis.places if start > 0 else np.inf
    odds: Floats = np.full(basis.places, each)
    for look, arrival in zip(looks.T, arrivals.tolist(), strict=True):
        odds = (1.0 - look) * (odds + arrival / basis.places) / (1.0 - arrival)
    return odds


def _arrivals(basis: Basis, a_day: Floats) -> Floats:
    """Chance that something is brought back in each span of days, (G, spans)."""
    with np.errstate(divide="ignore"):
        none = np.log1p(-a_day)[:, None] * np.array(basis.spans)
    come: Floats = -np.expm1(none)
    return come


def _claim(basis: Basis, changed: Mapping[str, Floats], size: int) -> Floats:
    def at(name: str, best: float) -> Floats:
        return changed.get(f"{basis.item}.{name}", np.full(size, best))

    start = _start(basis, at, size)
    if not basis.days:
        return start
    known = ~np.isnan(start)
    found = np.full(size, np.nan)
    if known.any():
        both = prob_absent_over_places(
            _looks(basis, changed, size)[known],
            _arrivals(basis, at("arrival", basis.arrival.best)[known]),
            start[known],
        )
        found[known] = both.absent[:, -1]
    return found


def _start(basis: Basis, at: Callable[[str, float], Floats], size: int) -> Floats:
    retained = at("prob_retained", basis.retained.best)
    if basis.counting is None:
        return 1.0 - retained
    missed = at("exit.missed", basis.counting.missed.best)
    twice = at("exit.twice", basis.counting.twice.best)
    stocks = np.rint(at("stock", basis.stock.best)).astype(np.int64)
    if basis.by_carrier is not None:
        moved = at("exit.moved", basis.by_carrier.moved.best)
        return _start_by_carrier(
            basis.by_carrier, np.stack([stocks, retained, missed, twice, moved], axis=1)
        )
    tally = int(basis.counting.tally.best)
    once = np.maximum(1.0 - missed - twice, 0.0)
    found = np.full(size, np.nan)
    for total in _distinct(stocks).tolist():
        rows = np.flatnonzero(stocks == total)
        # Where only the stock or the prior changes, counting is the same for all rows.
        alike = rows[:1] if _constant(missed[rows]) and _constant(twice[rows]) else rows
        chances = tally_chances(total, tally, missed[alike], once[alike], twice[alike])
        prior = np.repeat(retained[rows, None] / max(total, 1), total + 1, axis=1)
        prior[:, 0] = 1.0 - retained[rows] if total else 1.0
        given_left = TallyChances(chances.mantissa[:, ::-1], chances.exponent[:, ::-1])
        pmf = posterior(given_left, prior)
        found[rows] = np.where(pmf.any(axis=1), pmf[:, 0], np.nan)
    return found


def _start_by_carrier(counting: ByCarrier, rows: Floats) -> Floats:
    distinct, of = np.unique(rows, axis=0, return_inverse=True)
    # With the counts taken together, the prior alone is a matter of odds: done once for all.
    odds: dict[tuple[float, ...], float] = {}
    chances = []
    for stock, retained, *ways in distinct.tolist():
        key = (stock, *ways)
        if key not in odds:
            none = prob_none_by_carrier(counting, int(stock), 0.5, *ways)
            odds[key] = np.nan if none is None else (1.0 - none) / none if none else np.inf
        if retained == 1.0:
            chances.append(0.0)
        else:
            chances.append(1.0 / (1.0 + odds[key] * retained / (1.0 - retained)))
    return np.array(chances)[of.ravel()]


def _looks(basis: Basis, changed: Mapping[str, Floats], size: int) -> Floats:
    """What the looks of each span of days saw of what is at each place, (G, places, spans)."""
    varied = [look for look in basis.reached if look.assumption in changed]
    same = [look for look in basis.reached if look.assumption not in changed]
    best = {name: np.array([found.best]) for name, found in basis.detection.items()}
    miss = _missed(basis, same, best)
    if varied:
        miss = miss * _missed(basis, varied, changed)
    seen = 1.0 - np.moveaxis(miss, -1, 0)
    return np.broadcast_to(seen, (size, *seen.shape[1:]))


def _missed(basis: Basis, looks: Sequence[Reached], detection: Mapping[str, Floats]) -> Floats:
    """The chance that these looks missed, at each value of their detection, (places, spans, G)."""
    spans = basis.spans
    span_of = {int(end) - 1: at for at, end in enumerate(np.cumsum(spans))}
    size = max((len(detection[look.assumption]) for look in looks), default=1)
    miss = np.ones((basis.places, len(spans), size))
    for first in range(0, len(looks), _AT_ONCE):
        some = looks[first : first + _AT_ONCE]
        share = np.array([look.share for look in some])[:, None]
        seen = np.stack([np.broadcast_to(detection[look.assumption], size) for look in some])
        factors = (1.0 - share * seen) ** np.array([look.number for look in some])[:, None]
        pairs = [(place, at) for at, look in enumerate(some) for place in look.places]
        place, number = np.array(pairs, dtype=np.intp).reshape(-1, 2).T
        span = np.array([span_of[look.period] for look in some])
        np.multiply.at(miss, (place, span[number]), factors[number])
    return miss


_AT_ONCE = 1024  # of looks alike: their factors at every value stand in memory together


def _distinct(values: Numbers) -> Numbers:
    """Each value once, ascending; np.unique would load masked arrays for it, at 15 ms."""
    ascending = np.sort(values)
    found: Numbers = ascending[np.append(True, ascending[1:] != ascending[:-1])]
    return found


def _constant(values: Floats) -> bool:
    return bool((values == values[0]).all())
