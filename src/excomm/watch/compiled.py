"""A site's cheapest calendar in machine code: by days, over all that the last days may hold.

Labels are what a calendar so far has cost and what its last days cover. One that costs no less and
covers no more over any of its last days is dropped: a handful is left, where there are thousands of
patterns. Loaded only by `sitewise`; compiled code is kept as that of the assurance room is.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from excomm.watch.linear import Floats, Ints

Bytes = NDArray[np.int8]

_LABELS_MOST = 600
_LABELS_QUICK = 150
_GRAIN = 1e-9


def _compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    made: Callable[..., Any]
    try:
        made = njit(cache=True)(function)
    except RuntimeError:  # Numba's word for: no place that can be written
        made = njit(function)
    return made


class Workspace:
    """Memory of one search, so that no site has to ask for its own."""

    def __init__(self, days: int, kinds: int, window: int) -> None:
        self.parents = np.zeros((days, _LABELS_MOST), np.int32)
        self.options = np.zeros((days, _LABELS_MOST), np.int8)
        self.cost = np.zeros((2, _LABELS_MOST))
        # What the last 1, 2, ... window - 1 days cover; one column at least.
        self.covered = np.zeros((2, _LABELS_MOST, max(window - 1, 1)))
        self.bids = np.zeros(_LABELS_MOST * kinds)
        self.order = np.zeros(_LABELS_MOST * kinds, np.int32)
        self.of = np.zeros((_LABELS_MOST * kinds, 2), np.int32)

    @property
    def parts(self) -> tuple[NDArray[Any], ...]:
        """As the machine code takes it."""
        memory = (self.parents, self.options, self.cost, self.covered, self.bids)
        return (*memory, self.order, self.of)


@_compiled
def _in_order(bids: Floats, count: int, order: NDArray[np.int32]) -> None:
    """The places of the first bids, lowest first: Shell's sort, which compiles in no time."""
    for place in range(count):
        order[place] = place
    gap = 1
    while gap < count // 3:
        gap = 3 * gap + 1
    while gap > 0:
        for place in range(gap, count):
            moved, at = order[place], place
            while at >= gap and bids[order[at - gap]] > bids[moved]:
                order[at] = order[at - gap]
                at -= gap
            order[at] = moved
        gap //= 3


@_compiled
def cheapest(  # noqa: PLR0912 - one loop: calls would be compiled apart
    weight: Floats,
    price: Floats,
    need: Floats,
    window: int,
    target: float,
    slack: float,
    chosen: Bytes,
    parents: NDArray[np.int32],
    options: Bytes,
    cost: Floats,
    covered: Floats,
    bids: Floats,
    order: NDArray[np.int32],
    of: NDArray[np.int32],
) -> float:
    """The cost of the cheapest choice of an option a day that covers every window's need.

    weight, price: (days, options), option 0 is no look; a weight below 0: not possible. need:
    (days,) of the window that ends on the day. slack: nepers by which a label may cover more than a
    cheaper one and be dropped all the same; 0 finds the cheapest, more is faster. chosen: (days,),
    filled. The rest is workspace. INFINITY where no choice covers; -1 where the labels are too many
    to tell.
    """
    days, kinds = weight.shape
    tail = window - 1
    most = _LABELS_QUICK if slack > 0.0 else _LABELS_MOST
    now, size = 0, 1
    cost[0, 0] = 0.0
    covered[0, 0, :] = 0.0
    for day in range(days):
        count = 0
        for label in range(size):
            held = covered[now, label, tail - 1] if tail else 0.0
            for option in range(kinds):
                added = weight[day, option]
                if added >= 0.0 and held + added >= need[day] - _GRAIN:
                    bids[count] = cost[now, label] + price[day, option]
                    of[count, 0], of[count, 1] = label, option
                    count += 1
        if count == 0:
            return np.inf
        _in_order(bids, count, order)
        then, kept = 1 - now, 0
        for turn in range(count):
            place = order[turn]
            if kept == most:
                if slack > 0.0:
                    break
                return -1.0
            label, added = of[place, 0], weight[day, of[place, 1]]
            row = covered[then, kept]
            if tail:
                row[0] = min(added, target)
            for back in range(1, tail):
                row[back] = min(covered[now, label, back - 1] + added, target)
            dropped = False
            for other in range(kept - 1, -1, -1):
                dropped = True
                for back in range(tail - 1, -1, -1):
                    if covered[then, other, back] < row[back] - slack - 1e-12:
                        dropped = False
                        break
                if dropped:
                    break
            if not dropped:
                cost[then, kept] = bids[place]
                parents[day, kept], options[day, kept] = label, of[place, 1]
                kept += 1
        now, size = then, kept
    # Bids were taken in order: the first label is the cheapest.
    label = 0
    for day in range(days - 1, -1, -1):
        chosen[day] = options[day, label]
        label = parents[day, label]
    return float(cost[now, 0])


@_compiled
def every_cheapest(
    sites: Ints,
    weight: Floats,
    day_price: Floats,
    risk_price: Floats,
    need: Floats,
    window: int,
    target: float,
    chosen: Bytes,
    parents: NDArray[np.int32],
    options: Bytes,
    cost: Floats,
    covered: Floats,
    bids: Floats,
    order: NDArray[np.int32],
    of: NDArray[np.int32],
) -> Floats:
    """The cheapest calendars of some sites at the same prices; their costs, (sites,).

    weight: (all sites, days, options); day_price: (days, options); risk_price: (all sites,
    options); chosen: (all sites, days), filled.
    """
    found = np.empty(len(sites))
    for n in range(len(sites)):
        site = sites[n]
        found[n] = cheapest(
            weight[site],
            day_price + risk_price[site],
            need[site],
            window,
            target,
            0.0,
            chosen[site],
            parents,
            options,
            cost,
            covered,
            bids,
            order,
            of,
        )
    return found


@_compiled
def negotiate(
    bidders: Ints,
    weight: Floats,
    holds: Floats,
    base: Floats,
    press: Floats,
    limit: Floats,
    risk_price: Floats,
    need: Floats,
    window: int,
    target: float,
    slack: float,
    used: Floats,
    chosen: Bytes,
    parents: NDArray[np.int32],
    options: Bytes,
    cost: Floats,
    covered: Floats,
    bids: Floats,
    order: NDArray[np.int32],
    of: NDArray[np.int32],
) -> None:
    """One turn: each bidder in turn gives up its calendar and takes the cheapest beside the others.

    holds: (options, means), 1 where an option has the means. base: (days, means) price of a look;
    risk_price: (all sites, means); press: (means,) what each look beyond the limit adds to it.
    used: (days, means) looks of all, and chosen: (sites, days), both changed.
    """
    days, kinds = weight.shape[1:]
    means = holds.shape[1]
    price = np.empty((days, kinds))
    held = np.empty(days, np.int8)
    for n in range(len(bidders)):
        site = bidders[n]
        for day in range(days):
            for m in range(means):
                used[day, m] -= holds[chosen[site, day], m]
            for option in range(kinds):
                price[day, option] = 0.0
                for m in range(means):
                    if holds[option, m] > 0:
                        over = max(used[day, m] + 1.0 - limit[m], 0.0)
                        price[day, option] += base[day, m] + press[m] * over + risk_price[site, m]
        found = cheapest(
            weight[site],
            price,
            need[site],
            window,
            target,
            slack,
            held,
            parents,
            options,
            cost,
            covered,
            bids,
            order,
            of,
        )
        if 0.0 <= found < np.inf:
            chosen[site] = held
        for day in range(days):
            for m in range(means):
                used[day, m] += holds[chosen[site, day], m]
