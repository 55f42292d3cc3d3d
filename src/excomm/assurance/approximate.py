"""Approximations by name: the closed forms that other packages give where exact ones exist.

For comparing with their figures, never what the product uses. Each treats the things present as
drawn independently of each other, (1 - q n/N)^D; the number present is a whole number here too, so
a share of a population is the caller's to round, and not in binary.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance.ranges import (
    not_negative,
    positive,
    probabilities,
    probability,
    require,
    whole,
)
from excomm.assurance.sampling import counts_of, hypergeometric, sample_size
from excomm.errors import InputError


def detection_probability(
    population: int, sampled: int, present: int, sensitivity: float = 1.0
) -> float:
    """1 - (1 - q n/N)^D: epiR rsu.sep, rsu.sep.rs; rsu.sep.rsvarse and rsu.sep.rs2st
    with q the mean.

    >>> round(detection_probability(500, 50, 10, 0.9), 4)
    0.6106
    """
    population, sampled, hidden = _drawn_of(population, sampled, present)
    miss = 1.0 - probability("sensitivity", sensitivity) * sampled / population
    return 1.0 - miss**hidden


def detection_in_groups(
    population: ArrayLike, sampled: ArrayLike, present: ArrayLike, sensitivity: ArrayLike = 1.0
) -> float:
    """The same over groups by risk, (G,), fractions of a thing present allowed: epiR rsu.sep.rb1rf.

    >>> round(detection_in_groups([50, 450], [25, 30], [2.5, 7.5], 0.95), 4)
    0.8777
    """
    whole_group = positive("population", population)
    drawn, hidden = not_negative("sampled", sampled), not_negative("present", present)
    require("sampled", drawn, drawn <= whole_group, "at most population")
    miss = 1.0 - probabilities("sensitivity", sensitivity) * drawn / whole_group
    return 1.0 - float(np.prod(miss**hidden))


def sample_size_formula(
    population: int, present: int, confidence: float, sensitivity: float = 1.0
) -> int | None:
    """Least n that reaches it by this closed form: epiR rsu.sssep.rs, .rs2st."""
    return sample_size(population, present, confidence, sensitivity).formula


def specificity_cut_point(population: int, sampled: int, false_present: float, cut: int) -> float:
    """Chance of fewer than `cut` drawn of a fixed number that read falsely: epiR rsu.spp.rs.

    false_present: how many of the population would read falsely, N (1 - specificity); between two
    whole numbers, in proportion.
    """
    fewer, whole_cut = math.floor(false_present), whole("cut", cut, least=1)

    def spared(false: int) -> float:
        drawn, chance = hypergeometric(*_drawn_of(population, sampled, false))
        return float(chance[drawn < whole_cut].sum())

    part = false_present - fewer
    return (1.0 - part) * spared(fewer) + (part * spared(fewer + 1) if part else 0.0)


def detection_cut_point(population: int, sampled: int, positive: float, cut: int) -> float:
    """Chance of `cut` or more drawn of a fixed number that read positive: RSurveillance sep.hp.

    positive: how many of the population would, D q + (N - D)(1 - sp); as above.

    >>> round(detection_cut_point(150, 30, 16.2, cut=2), 4)
    0.8783
    """
    return 1.0 - specificity_cut_point(population, sampled, positive, cut)


def _drawn_of(population: int, sampled: int, hidden: int) -> tuple[int, int, int]:
    population, hidden = counts_of(population, hidden)
    sampled = whole("sampled", sampled)
    if sampled > population:
        raise InputError("sampled", sampled, f"at most population = {population}")
    return population, sampled, hidden
