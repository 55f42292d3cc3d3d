"""The stratified random cycle: every window holds its share, whatever the other side has seen.

A cycle has one slot for each day of the window. Each slot gives every site a probability of being
looked at, and is drawn anew each time it comes round. Any D days running hold each slot once, so
the detection of a window is the same at every history: nothing seen so far helps to choose a start.
"""

from typing import Literal

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.watch.envelope import mean_looks_for, upper_bound
from excomm.watch.linear import Floats, Ints
from excomm.watch.problems import StratifiedCycle
from excomm.watch.ranges import require_count, require_detections

Rule = Literal["roomiest", "tightest", "slot by slot"]

_RULES: tuple[Rule, ...] = ("roomiest", "slot by slot", "tightest")
_SITE_TURNS = 2400  # sites times orders tried: many orders for few sites, three for thousands
_TURNS_MOST = 60
_EXCHANGE_SITES = 400
_STEP = 1e-11


class CycleAnswer(msgspec.Struct, frozen=True):
    """slots[slot]: for each site its probability of being looked at; all else follows from it."""

    upper_bound: float
    stratified_cycle: float
    value: float
    bound: float
    gap: float
    worst_site: int
    slots: tuple[tuple[float, ...], ...]


def solve_cycle(problem: StratifiedCycle) -> CycleAnswer:
    """The cycle and its least detection, beside the bound for any policy.

    Raises InputError for counts and detections out of range.
    """
    require_detections("$.detect", problem.detect)
    require_count("$.window_days", problem.window_days, 1)
    require_count("$.looks_per_day", problem.looks_per_day, 0, len(problem.detect))
    detect = np.array(problem.detect)
    bound = upper_bound(detect, problem.looks_per_day, problem.window_days)
    slots = cycle(detect, problem.looks_per_day, problem.window_days)
    assured = cycle_detection(slots, detect)
    value = float(assured.min())
    return CycleAnswer(
        upper_bound=bound,
        stratified_cycle=value,
        value=value,
        bound=bound,
        gap=bound - value,
        worst_site=int(assured.argmin()),
        slots=tuple(tuple(row) for row in slots.tolist()),
    )


def cycle_detection(slots: Floats, detect: Floats) -> Floats:
    """(sites,) detection in any window, from the slots' probabilities (slots, sites)."""
    found: Floats = 1.0 - np.prod(1.0 - slots * detect, axis=0)
    return found


def cycle(
    detect: Floats, looks_per_day: int, window: int, *, beside: Floats | None = None
) -> Floats:
    """Probabilities (slots, sites), at most looks_per_day in sum, of greatest least detection.

    detect: (sites,). beside: (sites,) what other looks, independent of these, detect in any window:
    then the least of both together is made as great as these can make it. Shares are packed whole
    as far as they fit; what fits nowhere is split over slots, which costs a little because both may
    come up. The value is found by bisection, for several ways and orders of packing.

    >>> slots = cycle(np.ones(3), looks_per_day=1, window=2)
    >>> round(float(cycle_detection(slots, np.ones(3)).min()), 4)
    0.618
    """
    if looks_per_day > len(detect):
        raise InputError("looks_per_day", looks_per_day, f"at most {len(detect)}, the sites", "")
    others = np.zeros(len(detect)) if beside is None else beside
    high = _most(detect, others, looks_per_day, window)
    low, best = 0.0, np.zeros((window, len(detect)))

    def pack(value: float, jitter: Floats, rule: Rule) -> Floats | None:
        return _pack(detect, _own(value, others), looks_per_day, window, jitter, rule)

    packed = pack(high, np.zeros(len(detect)), "roomiest")
    if packed is not None:
        return packed
    random = np.random.default_rng(1962)
    # Exchanges go through pairs: not among thousands, where gaps are small anyway.
    rules = _RULES if len(detect) <= _EXCHANGE_SITES else _RULES[::2]
    for turn in range(max(3, min(_TURNS_MOST, _SITE_TURNS // len(detect)))):
        rule = rules[turn % len(rules)]
        jitter = np.zeros(len(detect)) if turn < 3 else random.normal(0, 0.25, len(detect))
        # A further order is worth its bisection only if it beats the best so far by something.
        packed = pack(low + _STEP, jitter, rule)
        if packed is None:
            continue
        low, best = low + _STEP, packed
        top = high
        while top - low > _STEP:
            middle = (top + low) / 2
            packed = pack(middle, jitter, rule)
            if packed is None:
                top = middle
            else:
                low, best = middle, packed
    return best


def _own(value: float, beside: Floats) -> Floats:
    """(sites,) what a site's own looks have to detect, others beside them, for the value."""
    with np.errstate(divide="ignore", invalid="ignore"):
        own = 1.0 - (1.0 - value) / (1.0 - beside)
    return np.where(beside >= value, 0.0, own)


def _most(detect: Floats, beside: Floats, looks_per_day: int, window: int) -> float:
    """The greatest value whose mean looks fit."""
    if not beside.any():
        return upper_bound(detect, looks_per_day, window)
    low, high = 0.0, 1.0
    while high - low > _STEP:
        middle = (low + high) / 2
        fits = mean_looks_for(detect, _own(middle, beside), window).sum() <= looks_per_day * window
        low, high = (middle, high) if fits else (low, middle)
    return low


def _pack(
    detect: Floats, value: Floats, looks_per_day: int, window: int, jitter: Floats, rule: Rule
) -> Floats | None:
    """The slots that give every site its value, or None where this order does not fit."""
    need = mean_looks_for(detect, value, window)
    if not np.isfinite(need).all() or need.sum() > looks_per_day * window + 1e-9:
        return None
    slots = np.zeros((window, len(detect)))
    room = np.full(window, float(looks_per_day))
    whole = np.floor(need + 1e-12).astype(int)
    part = np.maximum(need - whole, 0.0)
    part[part < 1e-12] = 0.0
    for site in np.argsort(-whole, kind="stable"):
        if not whole[site]:
            break
        chosen = np.argsort(-room, kind="stable")[: whole[site]]
        if room[chosen[-1]] < 1 - 1e-12:
            return None
        slots[chosen, site] = 1.0
        room[chosen] -= 1.0
    order = np.argsort(-part * np.exp(jitter), kind="stable")
    order = order[part[order] > 0]
    left = (
        _fill(slots, room, part, order)
        if rule == "slot by slot"
        else _place(slots, room, part, order, rule)
    )
    for site in left:
        if not _split(slots, room, site, float(detect[site]), float(value[site])):
            return None
    return slots


def _place(slots: Floats, room: Floats, part: Floats, order: Ints, rule: Rule) -> list[int]:
    """Each site in turn into the roomiest slot or the tightest; returns those that fit nowhere."""
    left: list[int] = []
    for site in order:
        fits = (slots[:, site] == 0) & (room >= part[site] - 1e-15)
        if not fits.any():
            left.append(int(site))
            continue
        slot = int(np.where(fits, room if rule == "roomiest" else -room, -np.inf).argmax())
        slots[slot, site] = part[site]
        room[slot] -= part[site]
    return left


def _fill(slots: Floats, room: Floats, part: Floats, order: Ints) -> list[int]:
    """Each slot in turn: what fits, then exchanges with what is left that close its gap."""
    left = [int(site) for site in order]
    for slot in np.argsort(room, kind="stable"):
        taken: list[int] = []
        for site in list(left):
            if part[site] <= room[slot] + 1e-15 and slots[slot, site] == 0:
                taken.append(site)
                left.remove(site)
                room[slot] -= part[site]
        for _ in range(4):
            free = [site for site in left if slots[slot, site] == 0]
            if not free or not taken:
                break
            more = part[free][None, :] - part[taken][:, None]
            more[more > room[slot] + 1e-15] = -np.inf
            out, into = np.unravel_index(int(more.argmax()), more.shape)
            if more[out, into] <= 1e-9:
                break
            room[slot] -= more[out, into]
            left.remove(free[into])
            left.append(taken[out])
            taken[out] = free[into]
        slots[slot, taken] = part[taken]
    return sorted(left, key=lambda site: -part[site])


def _split(slots: Floats, room: Floats, site: int, detect: float, value: float) -> bool:
    """Spread what the site still needs over the slots that have room; whether that was enough."""
    miss = float(np.prod(1.0 - slots[:, site] * detect))
    for slot in np.argsort(-room, kind="stable"):
        if miss <= 1.0 - value + 1e-15:
            return True
        if slots[slot, site] > 0 or room[slot] <= 0:
            continue
        # (1 - p d) times the misses so far is to be 1 - value.
        wanted = (1.0 - (1.0 - value) / miss) / detect
        given = min(wanted, float(room[slot]), 1.0)
        slots[slot, site] = given
        room[slot] -= given
        miss *= 1.0 - given * detect
    return miss <= 1.0 - value + 1e-12
