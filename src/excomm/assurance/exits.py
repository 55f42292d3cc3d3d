"""Exits: how many were kept back, from a tally on the way out that can miss or count twice.

The tally is a sum over what left, each thing tallied 0, 1 or 2 times. Its probabilities are made
of products and sums of positive numbers held as mantissa and binary exponent: nothing cancels,
nothing runs out of range, and there is no guessed upper bound.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike, NDArray

from excomm.assurance.ranges import (
    Floats,
    not_negative,
    probabilities,
    probability,
    whole,
)
from excomm.errors import InputError


class ExitTally(msgspec.Struct, frozen=True):
    """The posterior of the number kept back."""

    pmf: Floats  # (total + 1,), probability of 0, 1, ... total kept back

    @property
    def prob_none(self) -> float:
        """Probability that none was kept back."""
        return float(self.pmf[0])

    @property
    def prob_some(self) -> float:
        """Its complement, with its own digits."""
        return float(self.pmf[1:].sum())

    @property
    def mean(self) -> float:
        """Expected number kept back."""
        return float(self.pmf @ np.arange(len(self.pmf)))

    def upper(self, level: float) -> int:
        """Least r such that at most r were kept back with probability `level` or more."""
        return int(least_reaching(self.pmf, probability("level", level)))


def exit_tally(
    total: int,
    retained_prior: ArrayLike,
    tally: int,
    missed: float,
    once: float,
    twice: float,
    follow_up: Sequence[float] = (),
) -> ExitTally:
    """How many of `total` were kept back, when `tally` were counted leaving.

    retained_prior: (total + 1,), probability of 0, 1, ... total kept back, before the count.
    tally: things counted out. missed, once, twice: how often one thing that leaves is counted;
    they add to 1. follow_up: for each later look that saw nothing, the chance that it sees any one
    thing kept back; things are seen independently of each other.
    Raises InputError: a probability outside 0 to 1, three that do not add to 1, a prior of another
    length or sum, more counted than could have been, and a prior that excludes the tally.
    Source: Bayes; the tally's distribution given n leaving is the coefficient of x^tally in
    (missed + once x + twice x^2)^n.

    >>> prior = [0.5] + [0.025] * 20
    >>> found = exit_tally(20, prior, 19, missed=0.05, once=0.9, twice=0.05, follow_up=[0.3])
    >>> round(found.prob_none, 4), found.upper(0.95)
    (0.9235, 1)
    """
    total = whole("total", total)
    tally = whole("tally", tally)
    counted = checked_counting(missed, once, twice)
    prior = checked_prior(total, retained_prior)
    looks = probabilities("follow_up", list(follow_up))
    require_countable(tally, total, most=2 if twice > 0 else 1)
    chances = tally_chances(total, tally, *counted)
    unseen, exponent = _powers(looks, total)
    # The chance given n leaving is the chance given total - n kept back.
    pmf = posterior(
        TallyChances(chances.mantissa[:, ::-1] * unseen, chances.exponent[:, ::-1] + exponent),
        prior,
    )
    if not pmf.any():
        raise InputError(
            "retained_prior",
            f"none of its numbers possible with a tally of {tally}",
            "a prior that the tally and the looks do not exclude",
        )
    return ExitTally(pmf[0])


def checked_counting(missed: float, once: float, twice: float) -> Floats:
    """How often one thing that leaves is counted, (3, 1); they add to 1."""
    counted = np.array(
        [[probability(n, p)] for n, p in (("missed", missed), ("once", once), ("twice", twice))]
    )
    if abs(counted.sum() - 1.0) > 1e-9:
        raise InputError(
            "missed, once, twice", f"a sum of {counted.sum():.10g}", "three that add to 1"
        )
    return counted


class TallyChances(msgspec.Struct, frozen=True):
    """Chance of the tally, mantissa * 2**exponent, by the number that left, (G, total + 1)."""

    mantissa: Floats
    exponent: NDArray[np.int64]


def tally_chances(
    total: int, tally: int, missed: Floats, once: Floats, twice: Floats
) -> TallyChances:
    """Chance of exactly `tally` counted when 0, 1, ... total leave, for each of G ways to count.

    missed, once, twice: (G,), adding to 1. Unchecked: callers hold checked values.
    """
    # One row of coefficients, multiplied by the factor of one more thing leaving, `total` times.
    mantissa = np.zeros((len(missed), tally + 1))
    exponent = np.full(mantissa.shape, _NEVER)
    mantissa[:, 0], exponent[:, 0] = 0.5, 1
    found = TallyChances(
        np.zeros((len(missed), total + 1)), np.full((len(missed), total + 1), _NEVER)
    )
    for leaving in range(total + 1):
        if leaving:
            mantissa, exponent = _one_more(mantissa, exponent, (missed, once, twice))
        found.mantissa[:, leaving] = mantissa[:, tally]
        found.exponent[:, leaving] = exponent[:, tally]
    return found


def posterior(chances: TallyChances, prior: Floats) -> Floats:
    """Prior times chance, made to add to 1, (G, N); a row of zeros where no number is possible."""
    weight, shift = np.frexp(chances.mantissa * prior)
    exponent = np.where(weight > 0, chances.exponent + shift, _NEVER)
    below_top = exponent - exponent.max(axis=1, keepdims=True)
    scaled = np.ldexp(weight, np.maximum(below_top, _FLOOR).astype(np.int32))
    total = scaled.sum(axis=1, keepdims=True)
    pmf: Floats = np.divide(scaled, total, out=np.zeros_like(scaled), where=total > 0)
    return pmf


def chance_of_missing_all(looks: Floats, total: int) -> Floats:
    """Chance that 0, 1, ... total things are all missed by every look, (total + 1,)."""
    mantissa, exponent = _powers(looks, total)
    return np.ldexp(mantissa, np.maximum(exponent, _FLOOR).astype(np.int32))


def require_countable(tally: int, total: int, *, most: int) -> None:
    """A tally can be no larger than each thing counted `most` times."""
    if tally > most * total:
        times, remedy = ("once", " Or allow double counts.") if most == 1 else ("twice", "")
        raise InputError(
            "tally",
            tally,
            f"at most {most * total}, each of total = {total} counted {times}",
            f"Correct the tally or the total.{remedy}",
        )


def least_reaching(pmf: Floats, level: float) -> NDArray[np.intp]:
    """Least r such that the probabilities of 0 to r add to `level` or more; (..., N) to (...)."""
    # What lies above r, added from the far end: small tails are not lost beside 1.
    above = np.zeros_like(pmf)
    above[..., :-1] = np.cumsum(pmf[..., :0:-1], axis=-1)[..., ::-1]
    least: NDArray[np.intp] = np.argmax(above <= (1.0 - level) * (1.0 + 1e-12), axis=-1)
    return least


_NEVER = np.int64(-(2**40))  # the exponent of nothing at all
_FLOOR = -2000  # below this a double is 0 beside 1


def _one_more(
    mantissa: Floats, exponent: NDArray[np.int64], factor: tuple[Floats, Floats, Floats]
) -> tuple[Floats, NDArray[np.int64]]:
    width = mantissa.shape[1]
    top = exponent.copy()
    for step in (1, 2):
        np.maximum(top[:, step:], exponent[:, : max(width - step, 0)], out=top[:, step:])
    total = np.zeros_like(mantissa)
    for step, part in enumerate(factor):
        kept = max(width - step, 0)
        if kept:
            shift = np.maximum(exponent[:, :kept] - top[:, step:], _FLOOR).astype(np.int32)
            total[:, step:] += np.ldexp(mantissa[:, :kept] * part[:, None], shift)
    scaled, shift = np.frexp(total)
    return scaled, np.where(scaled > 0, top + shift, _NEVER)


def _powers(looks: Floats, total: int) -> tuple[Floats, NDArray[np.int64]]:
    # Chance that r things are all missed by every look, as mantissa and exponent.
    retained = np.arange(total + 1)
    if (looks >= 1).any():
        return (retained == 0).astype(np.float64), np.zeros(total + 1, dtype=np.int64)
    log2 = retained * (np.log1p(-looks).sum() / np.log(2.0))
    exponent = np.floor(log2)
    return np.exp2(log2 - exponent), exponent.astype(np.int64)


def checked_prior(total: int, retained_prior: ArrayLike) -> Floats:
    """Probabilities of 0 to total kept back; they add to 1."""
    prior = not_negative("retained_prior", retained_prior)
    if prior.shape != (total + 1,):
        raise InputError(
            "retained_prior",
            f"shape {prior.shape}",
            f"shape ({total + 1},)",
            f"One probability for each of 0 to {total} kept back.",
        )
    if abs(prior.sum() - 1.0) > 1e-9:
        raise InputError("retained_prior", f"a sum of {prior.sum():.10g}", "a sum of 1")
    return prior
