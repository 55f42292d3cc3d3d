"""Carriers: what was kept back, from what each ship was declared to carry and was seen to carry.

A ship one short beside a ship one over is evidence of its own; adding the ships up first would
lose it. A ship that nobody looked at says nothing, and is not taken for one that was as declared.
"""

from collections.abc import Sequence
from functools import lru_cache
from math import comb, factorial

import msgspec
import numpy as np

from excomm.assurance.exits import (
    ExitTally,
    chance_of_missing_all,
    checked_counting,
    checked_prior,
    tally_chances,
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
    is on no list. Up to 1,000 things.
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

    Unchecked: callers hold checked values. ways: (3, 1), missed, once and twice.
    """
    unlisted = total - sum(ship.declared for ship in ships)
    chances = [_chances(ship.counted, total, ways) for ship in ships]
    if moved == 0.0:
        found = np.ones(1)
        for ship, chance in zip(ships, chances, strict=True):
            found = np.convolve(found, _kept_or_left(ship.declared, chance))
            found /= found.max(initial=0.0) or 1.0
        found = np.convolve(found, _kept_or_left(unlisted, np.ones(total + 1)))
    else:
        # What is on no list goes by a place of its own that nobody watches, or by any ship.
        parts = [(ship.declared, chance) for ship, chance in zip(ships, chances, strict=True)]
        found = _with_moves(parts, unlisted, total, moved)
    sets = np.array([comb(total, kept) for kept in range(total + 1)], dtype=np.float64)
    by_kept: Floats = np.divide(found, sets)
    return by_kept


def _chances(counted: int | None, total: int, ways: Floats) -> Floats:
    """Chance of the count by the number aboard, (total + 1,); 1 where nobody looked."""
    if counted is None:
        return np.ones(total + 1)
    found = tally_chances(total, counted, *ways)
    shift = np.maximum(found.exponent[0], -1080).astype(np.int32)
    chance: Floats = np.ldexp(found.mantissa[0], shift)
    return chance


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
    most_on = 0 if chance is None else total
    moves = _moves(declared, total, moved, most_on, sharing)
    if chance is None:
        return moves, 0
    # Aboard is what was declared, less what was kept back, less what moved off and not on.
    difference = np.arange(-most_on, declared + 1)[:, None]
    aboard = declared - np.arange(declared + 1) - difference
    possible = (aboard >= 0) & (aboard <= total)
    seen = np.where(possible, chance[np.where(possible, aboard, 0)], 0.0)
    return moves * seen, -most_on


@lru_cache(maxsize=64)
def _moves(declared: int, total: int, moved: float, most_on: int, sharing: int) -> Floats:
    """The same whatever was counted."""
    rate = _nodes(total)[0] / sharing
    on = np.arange(most_on + 1)
    arriving = rate[:, None] ** on / np.array([float(factorial(n)) for n in range(most_on + 1)])
    arriving = arriving[:, ::-1, None]
    kept = np.arange(declared + 1)
    found = np.zeros((len(rate), most_on + declared + 1, declared + 1))
    for off in range(declared + 1):
        upto = declared - off + 1
        ways = [comb(declared, k) * comb(declared - k, off) for k in range(upto)]
        weight = np.array(ways, dtype=np.float64) * moved**off
        weight *= (1.0 - moved) ** (declared - off - kept[:upto])
        found[:, off : off + most_on + 1, :upto] += arriving * weight
    found.setflags(write=False)
    return found


@lru_cache(maxsize=16)
def _nodes(total: int) -> tuple[Floats, Floats]:
    return np.polynomial.laguerre.laggauss(total // 2 + 1)


def _joined(
    state: Floats, lowest: int, kernel: tuple[Floats, int], total: int
) -> tuple[Floats, int]:
    part, first = kernel
    nodes, height, kept = state.shape
    joined = np.zeros((nodes, height + part.shape[1] - 1, kept + part.shape[2] - 1))
    for at in range(part.shape[1]):
        for r in range(part.shape[2]):
            by = part[:, at, r]
            if by.any():
                joined[:, at : at + height, r : r + kept] += state * by[:, None, None]
    low = lowest + first
    # Nothing more than all the things can have moved on or off.
    cut = max(0, -total - low)
    return joined[:, cut : cut + 2 * total + 1], low + cut
