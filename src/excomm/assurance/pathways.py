"""Pathways: how a sign of something hidden comes to be seen, branch by branch.

Shares and risks multiply along a branch, and a chain of reports is worth the product of its links.
Means looked at together are independent unless joined in `cutpoint.joined_sensors`.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance.plans import adjusted_risk, detection_over
from excomm.assurance.ranges import Floats, probabilities, probability, whole
from excomm.errors import InputError


class Branch(msgspec.Struct, frozen=True):
    """One branch of a scenario tree.

    share: of what reaches the node that goes this way; those of a node add to 1. relative_risk:
    beside the other branches of the node, that something is hidden. detection: chance that a sign
    passes this branch; they multiply along the way. branches: further on; none: it ends here.
    """

    share: float
    relative_risk: float = 1.0
    detection: float = 1.0
    branches: "tuple[Branch, ...]" = ()


class Tree(msgspec.Struct, frozen=True):
    """The ends of a scenario tree, in the order in which they are written."""

    share: Floats  # (E,), of all there is
    present: Floats  # (E,), chance that one thing there is hidden
    detection: Floats  # (E,), chance that a look at a hidden one there finds it

    @property
    def found_at_random(self) -> float:
        """Chance that a look at one thing, any alike, finds it hidden."""
        return float(math.fsum(self.share * self.present * self.detection))

    def found(self, sampled: ArrayLike) -> float:
        """Chance that at least one is found, so many looked at at each end, (E,)."""
        return float(detection_over(sampled, self.present, self.detection))


class Reports(msgspec.Struct, frozen=True):
    """What waiting for reports is worth."""

    site: float  # chance that one site that holds something is reported and recognised
    detection: float  # that at least one of them is


def scenario_tree(branches: Sequence[Branch], present: float) -> Tree:
    """The ends of a tree, when `present` of all there is are hidden.

    Raises InputError for shares of a node that do not add to 1, and risks that would hide more at
    an end than there is.
    Source: Martin, Cameron & Greiner 2007, Prev. Vet. Med. 79: 71-97.

    >>> tree = scenario_tree([Branch(0.1, 5, 0.9), Branch(0.9, 1, 0.9)], present=0.02)
    >>> print(tree.present.round(4), round(tree.found([50, 20]), 4))
    [0.0714 0.0143] 0.9722
    """
    ends = list(_ends(branches, (1.0, probability("present", present), 1.0), "branches"))
    share, hidden, detection = (np.array(part) for part in zip(*ends, strict=True))
    probabilities("present x risk", hidden)
    return Tree(share, hidden, detection)


def detection_of_several(detection: ArrayLike) -> np.float64 | Floats:
    """Chance that at least one of several independent means finds it, (..., M) to (...).

    Source: 1 - product of (1 - d).

    >>> round(float(detection_of_several([0.5, 0.6, 0.1])), 2)
    0.82
    """
    return detection_over(1, probabilities("detection", detection))


def detection_through_reports(
    steps: ArrayLike, showing: int, prob_shows: float, sensitivity: float, sites_present: int
) -> Reports:
    """Reports that nobody was sent to fetch: chance that one reaches the desk and is recognised.

    steps: (K,), chance that a report passes each link. showing: things looked at when it arrives,
    each showing with prob_shows and then recognised with `sensitivity`. sites_present: how many
    sites hold something, each reported by itself.

    >>> round(detection_through_reports([0.1, 0.2, 0.9, 0.99], 5, 0.98, 0.9, 20).detection, 4)
    0.302
    """
    links = probabilities("steps", steps)
    recognised = float(
        detection_over(
            whole("showing", showing), probability("prob_shows", prob_shows), sensitivity
        )
    )
    site = float(np.prod(links)) * recognised
    return Reports(site, float(detection_over(whole("sites_present", sites_present), site)))


def _ends(
    branches: Sequence[Branch], above: tuple[float, float, float], where: str
) -> Sequence[tuple[float, float, float]]:
    if not branches:
        raise InputError(where, "no branch", "one or more")
    try:
        risks = adjusted_risk([b.relative_risk for b in branches], [b.share for b in branches])
    except InputError as fault:
        raise fault.at(where) from None
    found: list[tuple[float, float, float]] = []
    share, present, detection = above
    for n, (branch, risk) in enumerate(zip(branches, risks, strict=True)):
        place = f"{where}[{n}]"
        passes = probability(f"{place}.detection", branch.detection)
        here = share * branch.share, present * float(risk), detection * passes
        found += _ends(branch.branches, here, f"{place}.branches") if branch.branches else [here]
    return found
