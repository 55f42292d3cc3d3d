"""A plan for the days to come of a case that is drawn: nobody can know the looks beforehand.

Each means has a cycle of slots of its own, drawn anew each time a slot comes round. How many
sorties of which means the budget pays for is tried in quarters; the cycles are then fitted to each
other in turns, so that a site seen well by one means leaves room in the others.
"""

import itertools
from collections.abc import Iterator
from datetime import date

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.campaign import require_days
from excomm.watch.cycle import cycle, cycle_detection
from excomm.watch.draw import Slots
from excomm.watch.envelope import joint_bound
from excomm.watch.linear import INFINITY, Floats
from excomm.watch.schedule import Looks
from excomm.watch.situation import PlannedMeans, Range, Situation

_SHARES = (1.0, 0.75, 0.5, 0.25, 0.0)
_SPLITS_MOST = 15
_TURNS = 3


class Cycle(msgspec.Struct, frozen=True):
    """One means of a policy: every `rhythm_days` days one slot of its cycle, in turn.

    slots: for each slot the chance of each site, in the order of the policy's sites.
    """

    means: str
    rhythm_days: float
    sorties: int
    cost: float
    slots: Slots
    legal_basis: tuple[str, ...]


class DrawnPlan(msgspec.Struct, frozen=True):
    """A plan that is drawn, by one means or by several: those of `beside` have cycles of their own.

    watched: the least detection against one who sees every look; secret: against one who knows the
    slots and not on which day the first of them falls. bound: what no policy of equal cost exceeds.
    unreachable: sites that no means may look at; the policy is for the others.
    """

    first_day: date
    days: int
    window_days: int
    means: str
    rhythm_days: float
    sorties: int
    watched: Range
    secret: Range
    bound: float
    cost: float
    loss: Range
    sites: tuple[str, ...]
    slots: Slots
    legal_basis: tuple[str, ...]
    assumptions: tuple[str, ...]
    excluded: tuple[str, ...]
    beside: tuple[Cycle, ...] = ()
    unreachable: tuple[str, ...] = ()

    @property
    def cycles(self) -> tuple[Cycle, ...]:
        """Every means with its cycle, the first of them the policy's own."""
        own = self.cost - sum(one.cost for one in self.beside)
        first = Cycle(self.means, self.rhythm_days, self.sorties, own, self.slots, self.legal_basis)
        return (first, *self.beside)


class _Rhythm(msgspec.Struct, frozen=True):
    """How often a means flies, how many looks a slot has, and how many slots a window holds."""

    sorties: int
    rhythm_days: float
    looks: int
    whole: int
    part: float  # the chance that a window of unknown place holds one slot more


def drawn(now: Situation, days: int, *, budget: float | None = None) -> DrawnPlan:
    """The best random cycles for the days to come, by the means that together assure most.

    Raises InputError where no site can be looked at, and where the budget pays for no look in every
    window.
    """
    require_days(now, days)
    able = np.asarray((now.detect[1] > 0).any(axis=1))
    if not able.any():
        raise InputError("sites", "no look possible", "one site at least that a means may see")
    found = [
        plan
        for split in _splits(now, budget)
        if (plan := _by_split(now, able, days, budget, split)) is not None
    ]
    if not found:
        raise InputError(
            "--budget" if budget is not None else "--days",
            "too little for a look in every window" if budget is not None else days,
            f"at least one sortie in every window of {now.window} days",
            "Give more, or watch fewer sites.",
        )
    return max(found, key=lambda plan: (round(plan.watched.best, 9), -plan.cost))


def _splits(now: Situation, budget: float | None) -> Iterator[tuple[float, ...]]:
    """Shares of the budget for the means; without a budget each means flies all it can, or none."""
    means = len(now.means)
    if budget is None:
        yield (1.0,) * means
    for m in range(means):
        if means > 1 or budget is not None:
            yield tuple(float(n == m) for n in range(means))
    mixed = (
        split
        for split in itertools.product(_SHARES, repeat=means)
        if budget is not None and sum(split) == 1.0 and max(split) < 1.0
    )
    yield from itertools.islice(mixed, _SPLITS_MOST)


def _by_split(
    now: Situation, able: Looks, days: int, budget: float | None, split: tuple[float, ...]
) -> DrawnPlan | None:
    rhythms = {
        m: rhythm
        for m, share in enumerate(split)
        if (rhythm := _rhythm(now, able, days, budget, m, share)) is not None
    }
    if not rhythms:
        return None
    detect = now.detect[:, able][:, :, list(rhythms)]
    if not (detect[1] > 0).any(axis=1).all():
        return None
    slots = _fitted(detect[1], list(rhythms.values()), now.window)
    watched, secret = [], []
    for sees in detect:
        held, missed = np.zeros(len(sees)), np.ones(len(sees))
        for n, rhythm in enumerate(rhythms.values()):
            own = cycle_detection(slots[n], sees[:, n])
            held = 1.0 - (1.0 - held) * (1.0 - own)
            again = (1.0 - own) * (1.0 - slots[n] * sees[:, n]).mean(axis=0)
            missed *= (1.0 - rhythm.part) * (1.0 - own) + rhythm.part * again
        watched.append(float(held.min()))
        secret.append(float((1.0 - missed).min()))
    cycles = [
        _cycle(now.means[m], rhythm, slots[n]) for n, (m, rhythm) in enumerate(rhythms.items())
    ]
    cost = sum(one.cost for one in cycles)
    lost = [
        1.0
        - float(np.prod([(1.0 - now.means[m].loss[at]) ** r.sorties for m, r in rhythms.items()]))
        for at in range(3)
    ]
    first, *beside = sorted(cycles, key=lambda one: -one.sorties)
    names = np.array(now.sites)
    return DrawnPlan(
        first_day=now.first_day,
        days=days,
        window_days=now.window,
        means=first.means,
        rhythm_days=first.rhythm_days,
        sorties=first.sorties,
        watched=Range(*watched),
        secret=Range(*secret),
        bound=max(_bound(now, able, days, cost), secret[1]),
        cost=cost,
        loss=Range(*lost),
        sites=tuple(names[able].tolist()),
        slots=first.slots,
        legal_basis=first.legal_basis,
        assumptions=(*now.assumptions, "each slot is drawn anew each time it comes round"),
        excluded=now.excluded,
        beside=tuple(beside),
        unreachable=tuple(names[~able].tolist()),
    )


def _cycle(means: PlannedMeans, rhythm: _Rhythm, slots: Floats) -> Cycle:
    return Cycle(
        means=means.id,
        rhythm_days=rhythm.rhythm_days,
        sorties=rhythm.sorties,
        cost=rhythm.sorties * means.cost.best,
        slots=tuple(tuple(row) for row in slots.tolist()),
        legal_basis=means.legal_basis,
    )


def _rhythm(
    now: Situation, able: Looks, days: int, budget: float | None, m: int, share: float
) -> _Rhythm | None:
    """How a share of the budget is flown by a means; None where a window holds no whole slot."""
    means = now.means[m]
    afford = means.sorties_per_day * days
    if budget is not None and means.cost.best > 0:
        afford = min(afford, int((budget * share + 1e-9) // means.cost.best))
    if not afford or not share or not (now.detect[1, able, m] > 0).any():
        return None
    # At most one slot a day; where more can be paid for, several sorties fly in each.
    at_once = max(afford // days, 1)
    number = min(afford // at_once, days)
    rhythm = days / number
    whole = int(now.window / rhythm + 1e-9)
    if whole < 1:
        return None
    return _Rhythm(
        sorties=number * at_once,
        rhythm_days=rhythm,
        looks=min(at_once * means.sites_per_sortie, int(able.sum())),
        whole=whole,
        part=max(now.window / rhythm - whole, 0.0),
    )


def _fitted(detect: Floats, rhythms: list[_Rhythm], window: int) -> list[Floats]:
    """The slots of each means, fitted to each other: the best of some turns."""
    sites, means = detect.shape
    if means == 1:
        return [cycle(detect[:, 0], rhythms[0].looks, rhythms[0].whole)]
    supply = np.array([float(one.looks * one.whole) for one in rhythms])
    _, mean = joint_bound(detect, supply, np.zeros(means), INFINITY, window)
    # Before there are slots: what the mean looks would see if they came one by one.
    held = 1.0 - (1.0 - detect) ** mean
    slots = [np.zeros((one.whole, sites)) for one in rhythms]
    best, least = slots, -1.0
    for _ in range(_TURNS):
        for m, rhythm in enumerate(rhythms):
            beside = 1.0 - np.prod(np.delete(1.0 - held, m, axis=1), axis=1)
            slots[m] = cycle(detect[:, m], rhythm.looks, rhythm.whole, beside=beside)
            held[:, m] = cycle_detection(slots[m], detect[:, m])
        together = float((1.0 - np.prod(1.0 - held, axis=1)).min())
        if together > least + 1e-9:
            best, least = list(slots), together
    return best


def _bound(now: Situation, able: Looks, days: int, cost: float) -> float:
    """What no policy by these means, of no greater cost, exceeds."""
    window = now.window
    sorties = np.array([one.sorties_per_day for one in now.means], dtype=np.float64)
    seats = np.array([one.sites_per_sortie for one in now.means], dtype=np.float64)
    price = np.array([one.cost_of_look for one in now.means])
    return joint_bound(
        now.detect[1, able], sorties * seats * window, price, cost * window / days, window
    )[0]
