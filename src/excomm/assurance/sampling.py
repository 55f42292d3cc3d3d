"""Sampling: how likely a sample finds what is hidden, and how large a sample must be.

Counts are exact: things drawn without putting back, each found with the same sensitivity once
drawn. The approximation (1 - q n/N)^D is given only where it is asked for by name.
"""

import math
from collections.abc import Callable

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance.ranges import (
    Floats,
    numbers,
    probabilities,
    probability,
    single,
    whole,
)
from excomm.errors import InputError


class SampleSize(msgspec.Struct, frozen=True):
    """How many to draw. None: not reached even by drawing them all."""

    exact: int | None  # smallest that reaches the confidence
    formula: int | None  # the inspectorates' closed form, never too small


def detection_probability(
    population: int | None, sampled: int, present: float, sensitivity: float = 1.0
) -> float:
    """Chance that at least one of those present is found.

    population: how many there are; None: without end, and `present` is then a share from 0 to 1.
    sampled: how many of them are drawn, all sets as likely. present: how many are hidden among
    them. sensitivity: chance that a hidden one is recognised once drawn.
    Raises InputError for more drawn, or more present, than there are, and for fractions of things.
    Source: hypergeometric mixture, 1 - sum_y H(y; N, D, n) (1 - q)^y.

    >>> detection_probability(24, 6, present=1)
    0.25
    """
    found_if_drawn = probability("sensitivity", sensitivity)
    sampled = whole("sampled", sampled)
    if population is None:
        share = probability("present", present)
        return _found_at_least_once(sampled, share * found_if_drawn)
    population, hidden = counts_of(population, present)
    if sampled > population:
        raise InputError("sampled", sampled, f"at most population = {population}")
    drawn, chance = hypergeometric(population, sampled, hidden)
    # Summed from small terms of one sign: the sum keeps its digits where the chance is small.
    found = [_found_at_least_once(int(y), found_if_drawn) for y in drawn]
    return min(1.0, math.fsum(chance * np.array(found)))


def sample_size(
    population: int | None, present: float, confidence: float, sensitivity: float = 1.0
) -> SampleSize:
    """How many to draw so that those present are found with the stated confidence.

    The arguments are those of `detection_probability`; confidence above 0 and below 1.
    Source of `formula`: ceil(N (1 - beta^(1/D)) / q), the IAEA's for q = 1. For a population
    without end both are ceil(ln beta / ln(1 - share q)).

    >>> sample_size(200, present=10, confidence=0.9)
    SampleSize(exact=41, formula=42)
    """
    beta = _beyond(confidence)
    found_if_drawn = probability("sensitivity", sensitivity)
    if population is None:
        chance = probability("present", present) * found_if_drawn
        size = _tries_needed(beta, _log_miss(chance))
        return SampleSize(size, size)
    population, hidden = counts_of(population, present)
    if hidden == 0 or found_if_drawn == 0:
        return SampleSize(None, None)

    def reaches(size: int) -> bool:
        drawn, chance = hypergeometric(population, size, hidden)
        return _reached(float(chance @ (1.0 - found_if_drawn) ** drawn), beta)

    exact = _least(reaches, population)
    formula = _least(
        lambda size: _reached(max(0.0, 1.0 - found_if_drawn * size / population) ** hidden, beta),
        population,
    )
    return SampleSize(exact, formula)


def detection_limit(detection: ArrayLike, confidence: float) -> int | None:
    """Smallest number of items of which at least one would have been seen by these looks.

    detection: (T,), chance that each look sees any one item; items are seen independently of each
    other. confidence above 0 and below 1. None: the looks could not have seen any number.
    Source: ceil(ln(1 - confidence) / sum ln(1 - d)).

    >>> detection_limit([0.2, 0.1, 0.3], confidence=0.95)
    5
    """
    looks = probabilities("detection", detection).ravel()
    beta = _beyond(confidence)
    return _tries_needed(beta, math.fsum(_log_miss(look) for look in looks))


def smallest_found(
    population: int, sampled: int, confidence: float, sensitivity: float = 1.0
) -> int | None:
    """Smallest number present of which at least one would have been found; None: not even all.

    The arguments are those of `detection_probability`, confidence above 0 and below 1.

    >>> smallest_found(500, 100, confidence=0.95, sensitivity=0.9)
    15
    """
    beta = _beyond(confidence)
    population, _ = counts_of(population, 0)

    def reaches(present: int) -> bool:
        found = detection_probability(population, sampled, present, sensitivity)
        return found >= (1.0 - beta) * (1.0 - 1e-12)

    return _least(reaches, population)


def share_limit(
    population: int | None, sampled: int, confidence: float, sensitivity: float = 1.0
) -> float:
    """Smallest share present of which at least one would have been found, a closed form.

    Without end: (1 - beta^(1/n)) / q. In a population: ln beta / (N ln(1 - q n/N)), as if each
    thing present were drawn by itself; `smallest_found` is exact. Above 1: no share would be.

    >>> round(share_limit(None, 300, confidence=0.99, sensitivity=0.8), 4)
    0.019
    """
    beta = _beyond(confidence)
    q = probability("sensitivity", sensitivity)
    sampled = whole("sampled", sampled)
    if sampled == 0 or q == 0.0:
        return math.inf
    if population is None:
        return -math.expm1(math.log(beta) / sampled) / q
    population, _ = counts_of(population, 0)
    if sampled > population:
        raise InputError("sampled", sampled, f"at most population = {population}")
    log_miss = _log_miss(q * sampled / population)
    return math.log(beta) / log_miss / population


def counts_of(population: int, present: float) -> tuple[int, int]:
    """A population and how many of it are hidden, both whole numbers."""
    population = whole("population", population, least=1)
    # A share such as 0.07 of 100 is refused, not rounded: in binary it rounds up to 8.
    if not single("present", numbers("present", present)).is_integer():
        raise InputError(
            "present", present, "a whole number of things", "A share goes with population=None."
        )
    hidden = whole("present", int(present))
    if hidden > population:
        raise InputError("present", hidden, f"at most population = {population}")
    return population, hidden


def hypergeometric(population: int, sampled: int, hidden: int) -> tuple[Floats, Floats]:
    """How many of the hidden ones may be drawn, and the chance of each number."""
    # From the mode outward by ratios of neighbours: products only, no logarithm of a factorial.
    least, most = max(0, sampled + hidden - population), min(sampled, hidden)
    drawn = np.arange(least, most + 1, dtype=np.float64)
    mode = min(most, max(least, (sampled + 1) * (hidden + 1) // (population + 2)))
    y = drawn[:-1]
    up = (hidden - y) * (sampled - y) / ((y + 1) * (population - hidden - sampled + y + 1))
    after = np.cumprod(up[mode - least :])
    before = np.cumprod(1.0 / up[: mode - least][::-1])[::-1]
    weight = np.concatenate([before, [1.0], after])
    return drawn, weight / math.fsum(weight)


def _found_at_least_once(tries: int, chance: float) -> float:
    return -math.expm1(tries * _log_miss(chance)) if tries else 0.0


def _log_miss(chance: float) -> float:
    return math.log1p(-chance) if chance < 1.0 else -math.inf


def _beyond(confidence: float) -> float:
    level = probability("confidence", confidence)
    if not 0 < level < 1:
        raise InputError("confidence", confidence, "above 0 and below 1")
    return 1.0 - level


def _reached(miss: float, beta: float) -> bool:
    # 1 - 0.9 is a little under 0.1 in binary; without slack it would ask for one more.
    return miss <= beta * (1.0 + 1e-12)


def _tries_needed(beta: float, log_miss: float) -> int | None:
    if log_miss == 0:
        return None
    size = max(1, math.ceil(math.log(beta) / log_miss))
    return size - 1 if size > 1 and _reached(math.exp((size - 1) * log_miss), beta) else size


def _least(reaches: Callable[[int], bool], most: int) -> int | None:
    # The chance only grows with the size drawn, so halving finds the least.
    if not reaches(most):
        return None
    low, high = 0, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle, high)
    return high
