"""Carriers: what was kept back, from what each ship was declared to carry and was seen to carry.

A ship one short beside a ship one over is evidence of its own; adding the ships up first would
lose it. A ship that nobody looked at says nothing, and is not taken for one that was as declared.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from math import comb

import msgspec
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from excomm.assurance.exits import (
    ExitTally,
    chance_of_missing_all,
    checked_counting,
    checked_prior,
)
from excomm.assurance.ranges import Floats, probabilities, probability, whole
from excomm.errors import InputError


class Carrier(msgspec.Struct, frozen=True):
    """A ship, train or convoy on the way out."""

    declared: int  # how many it was said to carry
    counted: int | None = None  # how many were seen on it; None: nobody looked
    name: str = ""


def exit_tallies(
    carriers: Sequence[Carrier],
    total: int,
    retained_prior: Sequence[float] | Floats,
    missed: float,
    once: float,
    twice: float,
    *,
    moved: float = 0.0,
    follow_up: Sequence[float] = (),
) -> ExitTally:
    """How many of `total` were kept back, from declared and counted numbers ship by ship.

    carriers: together declared to carry `total` or fewer; the rest is on no list and unseen.
    retained_prior, missed, once, twice, follow_up: as in `exit_tally`. moved: chance that a thing
    that left went by any of the ships, all alike, and not by the one it was declared for.
    What was kept back is any of the things, all alike: of every ship's declared number and of what
    is on no list. Up to 1,000 things, 300 where they may change ships.
    Raises InputError as `exit_tally` does, and for more declared than there were.
    Source: Bayes. Given R kept back, the coefficient of z^R in the product over ships of the sum
    over r of C(D, r) f_{D-r}(t) z^r, over C(N, R), f being the tally's chance in `exit_tally`;
    with `moved`, a second variable keeps what left its ship equal to what came to another, and the
    number of ways of spreading B things is B!, had exactly by Gauss-Laguerre quadrature.

    >>> prior = [0.9] + [0.1 / 42] * 42
    >>> short, over, rest = Carrier(2, 0, "Labinsk"), Carrier(5, 6), Carrier(35, 35)
    >>> apart = exit_tallies([short, over, rest], 42, prior, 0.05, 0.93, 0.02, moved=0.02)
    >>> together = exit_tallies([Carrier(42, 41)], 42, prior, 0.05, 0.93, 0.02)
    >>> round(apart.prob_none, 4), round(together.prob_none, 4)
    (0.9938, 0.9963)
    """
    total = whole("total", total, least=1)
    if total > _MOST:
        raise InputError("total", total, f"at most {_MOST}", "Use exit_tally for more things.")
    ways = checked_counting(missed, once, twice)
    prior = checked_prior(total, retained_prior)
    mixed = probability("moved", moved)
    looks = probabilities("follow_up", list(follow_up))
    ships = _checked(carriers, total)
    _require_countable(ships, total, 2 if twice > 0 else 1, alone=mixed == 0.0)
    by_kept = carrier_chances(ships, total, ways, mixed)
    pmf = prior * by_kept * chance_of_missing_all(looks, total)
    if not pmf.any():
        raise InputError(
            "retained_prior",
            "none of its numbers possible with these counts",
            "a prior that the counts and the looks do not exclude",
        )
    return ExitTally(pmf / pmf.sum())


_MOST = 1_000
_MOST_MOVED = 300  # for more, weights of the quadrature leave the range of doubles


def _checked(carriers: Sequence[Carrier], total: int) -> list[Carrier]:
    ships = []
    for n, ship in enumerate(carriers):
        declared = whole(f"carriers[{n}].declared", ship.declared)
        if ship.counted is not None:
            whole(f"carriers[{n}].counted", ship.counted)
        ships.append(msgspec.structs.replace(ship, declared=declared))
    listed = sum(ship.declared for ship in ships)
    if listed > total:
        raise InputError(
            "carriers", f"{listed} declared in all", f"at most total = {total}",
            "Correct the declared numbers or the total.",
        )  # fmt: skip
    return ships


def _require_countable(ships: list[Carrier], total: int, most: int, *, alone: bool) -> None:
    times = "once" if most == 1 else "twice"
    for n, ship in enumerate(ships):
        there = ship.declared if alone else total
        if (ship.counted or 0) > most * there:
            raise InputError(
                f"carriers[{n}].counted",
                ship.counted,
                f"at most {most * there}, each of {there} counted {times}",
                "Correct the count, the declared number, or allow double counts or `moved`.",
            )


def carrier_chances(ships: Sequence[Carrier], total: int, ways: Floats, moved: float) -> Floats:
    """Chance of all the counts by the number kept back, (total + 1,), up to one factor.

    Unchecked but for the total: callers hold checked values. ways: (3, 1), missed, once, twice.
    """
    unlisted = total - sum(ship.declared for ship in ships)
    tallies = _tallies(total, max((ship.counted or 0 for ship in ships), default=0), ways)
    chances = [
        np.ones(total + 1) if ship.counted is None else tallies[:, ship.counted] for ship in ships
    ]
    if moved == 0.0:
        found = np.ones(1)
        for ship, chance in zip(ships, chances, strict=True):
            found = np.convolve(found, _kept_or_left(ship.declared, chance))
            found /= found.max(initial=0.0) or 1.0
        found = np.convolve(found, _kept_or_left(unlisted, np.ones(total + 1)))
    else:
        if total > _MOST_MOVED:
            raise InputError(
                "total", total, f"at most {_MOST_MOVED} where things may change ships",
                "Set `moved` to 0, or take all ships together.",
            )  # fmt: skip
        # What is on no list goes by a place of its own that nobody watches, or by any ship.
        parts = [(ship.declared, chance) for ship, chance in zip(ships, chances, strict=True)]
        found = _with_moves(parts, unlisted, total, moved)
    sets = np.array([comb(total, kept) for kept in range(total + 1)], dtype=np.float64)
    by_kept: Floats = np.divide(found, sets)
    return by_kept


def _tallies(total: int, most: int, ways: Floats) -> Floats:
    """Chance of each count up to `most` by the number aboard, (total + 1, most + 1).

    Numbers that `tally_chances` carries beyond the least double are 0 here.
    """
    found = np.zeros((total + 1, most + 1))
    found[0, 0] = 1.0
    for fewer, more in pairwise(found):
        # One more thing aboard is counted 0, 1 or 2 times.
        for times, chance in enumerate(ways[: most + 1, 0]):
            more[times:] += chance * fewer[: most + 1 - times]
    return found


def _kept_or_left(declared: int, chance: Floats) -> Floats:
    kept = np.arange(declared + 1)
    ways: Floats = np.array([comb(declared, int(r)) for r in kept], dtype=np.float64)
    return np.multiply(ways, chance[declared - kept])


def _with_moves(parts: list[tuple[int, Floats]], unlisted: int, total: int, moved: float) -> Floats:
    # The state: node of the quadrature, moved off less moved on, and kept back.
    state = _nodes(total)[1][:, None, None]
    lowest = 0
    kernels = [_kernel(d, chance, total, moved, len(parts)) for d, chance in parts]
    kernels.append(_kernel(unlisted, None, total, moved, 1))
    order = sorted(range(len(kernels)), key=lambda at: parts[at][0] if at < len(parts) else -1)
    for at in order[:-1]:
        state, lowest = _joined(state, lowest, kernels[at], total)
        state /= state.max() or 1.0
    # Of the last only what brings both to the same number is needed.
    last, first = kernels[order[-1]]
    # Row n of the one meets row -lowest - first - n of the other.
    meeting = -lowest - first
    low, high = max(0, meeting + 1 - last.shape[1]), min(state.shape[1], meeting + 1)
    ended = state[:, low:high]
    begun = last[:, meeting + 1 - high : meeting + 1 - low][:, ::-1]
    both = ended.reshape(-1, ended.shape[2]).T @ begun.reshape(-1, begun.shape[2])
    found = np.zeros(both.shape[0] + both.shape[1] - 1)
    for kept, row in enumerate(both):
        found[kept : kept + len(row)] += row
    # No more are kept back than there are; fewer ships than things leave the rest at 0.
    return np.pad(found, (0, max(0, total + 1 - len(found))))[: total + 1]


def _kernel(
    declared: int, chance: Floats | None, total: int, moved: float, sharing: int
) -> tuple[Floats, int]:
    """By node, moved off less moved on, and kept; and the least difference.

    chance: of the count by the number aboard; None: nothing comes on.
    """
    if chance is None:
        leaving = _leaving(declared, moved)
        return np.broadcast_to(leaving, (len(_nodes(total)[0]), *leaving.shape)), 0
    # Aboard is what was declared, less what was kept back, less what moved off and not on.
    lowest = declared - total
    difference = np.arange(lowest, declared + 1)[:, None]
    aboard = declared - np.arange(declared + 1) - difference
    seen = np.where(aboard >= 0, chance[np.maximum(aboard, 0)], 0.0)
    return _moves(declared, total, moved, sharing) * seen, lowest


@lru_cache(maxsize=64)
def _moves(declared: int, total: int, moved: float, sharing: int) -> Floats:
    """The same whatever was counted."""
    rate = _nodes(total)[0] / sharing
    steps = np.ones((len(rate), total + 1))
    steps[:, 1:] = rate[:, None] / np.arange(1, total + 1)
    coming = np.cumprod(steps, axis=1)  # rate^n / n!
    # Beyond what goes off, no more can come on than was declared for all others.
    difference = np.arange(declared - total, declared + 1)[:, None]
    on = np.arange(declared + 1) - difference
    found: Floats = np.where(on >= 0, coming[:, np.maximum(on, 0)], 0.0) @ _leaving(declared, moved)
    found.setflags(write=False)
    return found


def _leaving(declared: int, moved: float) -> Floats:
    """Chance of moving off by how many move off and how many are kept back."""
    off, kept = np.arange(declared + 1)[:, None], np.arange(declared + 1)
    stayed = np.maximum(declared - off - kept, 0)
    found: Floats = _ways_to_leave(declared) * moved**off * (1.0 - moved) ** stayed
    return found


@lru_cache(maxsize=64)
def _ways_to_leave(declared: int) -> Floats:
    """Ways of choosing, of so many, those that move off and those kept back, by both numbers."""
    number = range(declared + 1)
    ways = [
        [comb(declared, kept) * comb(declared - kept, off) for kept in number] for off in number
    ]
    return np.array(ways, dtype=np.float64)


@lru_cache(maxsize=16)
def _nodes(total: int) -> tuple[Floats, Floats]:
    return np.polynomial.laguerre.laggauss(total // 2 + 1)


def _joined(
    state: Floats, lowest: int, kernel: tuple[Floats, int], total: int
) -> tuple[Floats, int]:
    part, first = kernel
    nodes, height, kept = state.shape
    # A window of `around` is the column of `part` that meets the state, for one row of both joined.
    around = np.pad(part, ((0, 0), (height - 1, height - 1), (0, 0)))
    windows = sliding_window_view(around, height, axis=1)[..., ::-1]
    joined = np.zeros((nodes, windows.shape[1], kept + part.shape[2] - 1))
    for r in range(part.shape[2]):
        joined[:, :, r : r + kept] += windows[:, :, r] @ state
    low = lowest + first
    # Nothing more than all the things can have moved on or off.
    cut = max(0, -total - low)
    return joined[:, cut : cut + 2 * total + 1], low + cut
