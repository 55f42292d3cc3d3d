"""Needed: the detection, and the sample, that a claim of absence asks for."""

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance.ranges import Floats, probabilities, probability, require
from excomm.assurance.sampling import sample_size


class SizeForAbsence(msgspec.Struct, frozen=True):
    """What a claim of absence asks for; None: no sample reaches it."""

    size: int | None
    detection: float  # the period's looks together
    prior_absent: float  # before them, arrivals counted


def discounted(prior_absent: ArrayLike, introduction: ArrayLike) -> Floats:
    """Chance that nothing is there after one more period of arrivals and no look.

    >>> print(discounted(0.95, [0.001, 0.01]))
    [0.94905 0.9405 ]
    """
    before, arrival = probabilities("prior_absent", prior_absent), introduction
    after: Floats = before * (1.0 - probabilities("introduction", arrival))
    return after


def detection_needed(prior_absent: ArrayLike, absent: ArrayLike) -> Floats:
    """The detection with which looks that see nothing raise `prior_absent` to `absent`.

    prior_absent: before the looks, above 0. absent: wanted, no less than it. 1 asks for certainty.
    Source: 1 - the odds of presence wanted over those before.

    >>> print(detection_needed(0.5, [0.8, 0.95]).round(4))
    [0.75   0.9474]
    """
    before, wanted = np.broadcast_arrays(
        probabilities("prior_absent", prior_absent), probabilities("absent", absent)
    )
    require("prior_absent", before, before > 0, "above 0")
    require("absent", wanted, wanted >= before, "no less than prior_absent")
    room = wanted * (1.0 - before)
    needed: Floats = np.divide(wanted - before, room, out=np.zeros_like(room), where=room > 0)
    return needed


def detection_to_hold(prior_absent: ArrayLike, introduction: ArrayLike) -> Floats:
    """The detection, every period, that holds the chance of absence where it is.

    prior_absent: before each look, arrivals counted; below 1. Above 1: no look holds it.
    Source: introduction / (1 - prior_absent), the equilibrium solved for the look.

    >>> print(detection_to_hold(0.95, 0.01).round(4))
    0.2
    """
    before = probabilities("prior_absent", prior_absent)
    require("prior_absent", before, before < 1, "below 1")
    needed: Floats = probabilities("introduction", introduction) / (1.0 - before)
    return needed


def sample_size_for_absence(
    prior_absent: float, introduction: float, absent: float, present: float, sensitivity: float
) -> SizeForAbsence:
    """How many to look at this period, so that none found means absent with the stated chance.

    prior_absent: at the end of the period before. present: share that would be hidden.

    >>> sample_size_for_absence(0.5, 0.01, 0.95, 0.05, 0.9).size
    65
    """
    before = float(discounted(probability("prior_absent", prior_absent), introduction))
    needed = float(detection_needed(before, probability("absent", absent)))
    if needed == 0.0:
        return SizeForAbsence(0, needed, before)
    if needed == 1.0:
        return SizeForAbsence(None, needed, before)
    size = sample_size(None, present, needed, sensitivity).exact
    return SizeForAbsence(size, needed, before)
