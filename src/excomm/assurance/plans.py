"""Plans: what a programme of looks is worth whose sites, risks and samples differ.

Shares go with populations without end, whole numbers with what is drawn without putting back; both
exact for their model. Nothing is rounded: the peers' roundings stand in `approximate.py`.
"""

import math

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance.ranges import Floats, not_negative, positive, probabilities, require, whole
from excomm.assurance.sampling import SampleSize, detection_probability, sample_size
from excomm.errors import InputError


class TwoStage(msgspec.Struct, frozen=True):
    """Sites to draw, and items to draw at each; None: not reached by drawing them all."""

    sites: int | None
    items: int | None


def detection_over(
    sampled: ArrayLike, present: ArrayLike, sensitivity: ArrayLike = 1.0
) -> np.float64 | Floats:
    """Chance that at least one is found in groups looked at apart, (..., G) to (...).

    sampled: how many looked at in each group, whole numbers. present: chance that any one of the
    group is hidden there. sensitivity: chance that a look at a hidden one finds it. They broadcast.
    Source: 1 - product of (1 - p q)^n over the groups.

    >>> print(round(detection_over([50, 20], [5 / 70, 1 / 70], 0.9), 4))
    0.9722
    """
    n = not_negative("sampled", sampled)
    require("sampled", n, n == np.floor(n), "a whole number, 0 or more")
    p, q = probabilities("present", present), probabilities("sensitivity", sensitivity)
    try:
        n, p, q = np.broadcast_arrays(n, p, q)
    except ValueError:
        raise InputError(
            "sampled, present, sensitivity",
            f"shapes {n.shape}, {p.shape}, {q.shape}",
            "shapes that broadcast, groups last",
        ) from None
    sure = (p * q >= 1.0) & (n > 0)
    log_miss = np.where(sure, -np.inf, n * np.log1p(-np.where(p * q >= 1.0, 0.0, p * q)))
    found: np.float64 | Floats = -np.expm1(np.sum(np.atleast_1d(log_miss), axis=-1))
    return found


def detection_mixed(population: int, sensitivity: ArrayLike, present: int) -> float:
    """Chance that at least one of those present is found, where the looks differ.

    population: how many places there are. sensitivity: one value for each of those looked at, at
    most `population` of them. present: how many places hold something, every set as likely.
    Source: expectation of the product of (1 - q) over the places that hold something; found and
    missed are carried side by side, place by place.

    >>> round(detection_mixed(10, [0.9, 0.9, 0.5], present=2), 4)
    0.422
    """
    population = whole("population", population, least=1)
    hidden = whole("present", present)
    looks = probabilities("sensitivity", sensitivity)
    if looks.ndim != 1 or len(looks) > population:
        raise InputError("sensitivity", f"shape {looks.shape}", f"one row of at most {population}")
    if hidden > population:
        raise InputError("present", hidden, f"at most population = {population}")
    # By the number of hidden ones not yet come to.
    missed, found = np.zeros(hidden + 1), np.zeros(hidden + 1)
    missed[hidden] = 1.0
    left = np.arange(hidden + 1.0)
    for n, look in enumerate(looks):
        here = np.minimum(left / (population - n), 1.0)
        found_here, missed_here = found * here + missed * here * look, missed * here * (1.0 - look)
        found, missed = found * (1.0 - here), missed * (1.0 - here)
        found[:-1] += found_here[1:]
        missed[:-1] += missed_here[1:]
    return float(min(1.0, found.sum()))


def detection_two_stage(
    sites: int, site_detection: ArrayLike, sites_present: int, *, prob_present: float = 1.0
) -> float:
    """Chance that a programme of sites, then items at each, finds at least one.

    sites: how many there are. site_detection: for each site visited, the chance that the sample
    there finds something if the site holds any (`detection_probability`). sites_present: how many
    sites hold some. prob_present: chance that a site that holds some does so when visited.

    >>> each = detection_probability(40, 10, present=4, sensitivity=0.9)
    >>> round(detection_two_stage(24, [each] * 6, sites_present=1), 4)
    0.1634
    """
    looks = probabilities("site_detection", site_detection)
    return detection_mixed(
        sites, looks * probabilities("prob_present", prob_present), sites_present
    )


def sample_size_two_stage(
    sites: int | None,
    items: int | None,
    *,
    sites_present: float,
    items_present: float,
    site_confidence: float,
    confidence: float,
    sensitivity: float = 1.0,
) -> TwoStage:
    """Fewest items a site for the site's confidence, then fewest sites for the programme's.

    sites, items: how many there are, and at each; None: without end, what is present is then a
    share. The visits are worth what the items drawn reach, not only the confidence asked for.

    >>> sample_size_two_stage(24, 40, sites_present=3, items_present=4, site_confidence=0.9,
    ...     confidence=0.8, sensitivity=0.95)
    TwoStage(sites=11, items=18)
    """
    at_site = sample_size(items, items_present, site_confidence, sensitivity).exact
    if at_site is None:
        return TwoStage(None, None)
    reached = detection_probability(items, at_site, items_present, sensitivity)
    return TwoStage(sample_size(sites, sites_present, confidence, reached).exact, at_site)


def adjusted_risk(relative_risk: ArrayLike, share: ArrayLike) -> Floats:
    """Risk of each group beside the average over all, (..., G).

    relative_risk: above 0, beside any one group. share: of all there is that is in each group; adds
    to 1. The average of the result, weighted by share, is 1.

    >>> print(adjusted_risk([5, 3, 1], [0.1, 0.3, 0.6]))
    [2.5 1.5 0.5]
    """
    risk, part = positive("relative_risk", relative_risk), probabilities("share", share)
    if risk.shape != part.shape or not risk.ndim:
        raise InputError("share", f"shape {part.shape}", f"one of relative_risk's, {risk.shape}")
    sums = part.sum(axis=-1)
    require("share", sums, np.abs(sums - 1.0) <= 1e-9, "shares that add to 1")
    adjusted: Floats = risk / (risk * part).sum(axis=-1, keepdims=True)
    return adjusted


def present_by_risk(present: float, relative_risk: ArrayLike, share: ArrayLike) -> Floats:
    """Chance that one thing of each group is hidden, when `present` of all are, (..., G).

    Raises InputError where a group would hold more than all of itself.

    >>> print(present_by_risk(0.02, [5, 1], [0.1, 0.9]).round(4))
    [0.0714 0.0143]
    """
    found = probabilities("present", present) * adjusted_risk(relative_risk, share)
    return require("present x risk", found, found <= 1.0, "0 to 1")


def sample_size_by_risk(
    present: float,
    relative_risk: ArrayLike,
    share: ArrayLike,
    sampled_share: ArrayLike,
    confidence: float,
    sensitivity: ArrayLike = 1.0,
) -> SampleSize:
    """How many to look at in all, `sampled_share` of them in each group.

    Source: ceil(ln beta / ln(1 - sum of sampled_share p q)); populations without end.

    >>> sample_size_by_risk(0.02, [5, 1], [0.1, 0.9], [0.6, 0.4], 0.95, 0.9).exact
    68
    """
    drawn = probabilities("sampled_share", sampled_share)
    sums = drawn.sum(axis=-1)
    require("sampled_share", sums, np.abs(sums - 1.0) <= 1e-9, "shares that add to 1")
    by_group = present_by_risk(present, relative_risk, share)
    looks = probabilities("sensitivity", sensitivity)
    return sample_size(None, float(math.fsum(drawn * by_group * looks)), confidence)


def introduction_by_pathways(chance: ArrayLike, number: ArrayLike) -> np.float64 | Floats:
    """Chance that at least one comes in by any pathway, (..., P) to (...).

    chance: that one passage brings one in. number: passages in the period. For `prob_absent`.
    Source: 1 - product of (1 - p)^n, passages independent.

    >>> round(float(introduction_by_pathways([0.001, 0.02], [30, 2])), 4)
    0.068
    """
    passages = not_negative("number", number)
    require("number", passages, passages == np.floor(passages), "a whole number, 0 or more")
    return detection_over(passages, probabilities("chance", chance))
