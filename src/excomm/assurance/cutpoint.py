"""Cut-points, pools and joined sensors: samples whose finds may be false.

A finding is then so many positives or more, never one; what a cut-point costs in detection and
what it spares in false alarms are told together.
"""

from typing import Literal, assert_never

import msgspec
import numpy as np

from excomm.assurance.ranges import Floats, probabilities, probability, whole
from excomm.assurance.sampling import counts_of, hypergeometric
from excomm.errors import InputError


class Plan(msgspec.Struct, frozen=True):
    """What a plan whose finds may be false is worth."""

    detection: float  # chance of a finding if so much is present
    specificity: float  # chance of none if nothing is


class CutPointSize(msgspec.Struct, frozen=True):
    """The smallest sample, and the most positives still taken for false."""

    size: int
    accepted: int
    detection: float
    specificity: float


class Sensors(msgspec.Struct, frozen=True):
    """Sensors read together; the second pair as if they erred independently."""

    detection: float
    specificity: float
    detection_independent: float
    specificity_independent: float


def detection_cut_point(
    population: int | None,
    sampled: int,
    present: float,
    cut: int,
    sensitivity: float,
    specificity: float,
) -> Plan:
    """A sample that counts as a finding with `cut` positives or more.

    population, sampled, present: as in `detection_probability`. sensitivity: chance that a hidden
    one drawn reads positive. specificity: chance that another one drawn reads negative.
    Source: Cameron & Baldock 1998, Prev. Vet. Med. 34: 1-17: y of those drawn are hidden
    (hypergeometric, or binomial without end) and positives are Bin(y, se) + Bin(n - y, 1 - sp).

    >>> plan = detection_cut_point(150, 30, 15, cut=2, sensitivity=0.9, specificity=0.98)
    >>> round(plan.detection, 4), round(plan.specificity, 4)
    (0.8706, 0.8795)
    """
    sampled, cut = whole("sampled", sampled), whole("cut", cut, least=1)
    right = probability("sensitivity", sensitivity)
    wrong = 1.0 - probability("specificity", specificity)
    if population is None:
        share = probability("present", present)
        positives = _binomial(sampled, share * right + (1.0 - share) * wrong)
    else:
        population, hidden = counts_of(population, present)
        if sampled > population:
            raise InputError("sampled", sampled, f"at most population = {population}")
        positives = np.zeros(sampled + 1)
        for drawn, chance in zip(*hypergeometric(population, sampled, hidden), strict=True):
            y = int(drawn)
            positives += chance * np.convolve(_binomial(y, right), _binomial(sampled - y, wrong))
    none = _binomial(sampled, wrong)
    return Plan(min(1.0, float(positives[cut:].sum())), min(1.0, float(none[:cut].sum())))


def sample_size_cut_point(
    population: int | None,
    present: float,
    *,
    detection: float,
    specificity: float,
    sensor_sensitivity: float,
    sensor_specificity: float,
    most: int = 5_000,
) -> CutPointSize | None:
    """The smallest sample for which some cut-point reaches both chances; None up to `most`.

    detection, specificity: wanted of the plan. sensor_...: of one reading.

    >>> sample_size_cut_point(None, 0.2, detection=0.9, specificity=0.9, sensor_sensitivity=0.95,
    ...     sensor_specificity=0.98).size
    18
    """
    for name, wanted in (("detection", detection), ("specificity", specificity)):
        probability(name, wanted)
    most = whole("most", most, least=1)
    if population is not None:
        most = min(most, counts_of(population, present)[0])
    false = 1.0 - probability("sensor_specificity", sensor_specificity)
    for size in range(1, most + 1):
        # The cut that spares enough false alarms; a higher one only finds less.
        spared = np.cumsum(_binomial(size, false))
        cut = int(np.argmax(spared >= specificity)) + 1
        plan = detection_cut_point(
            population, size, present, cut, sensor_sensitivity, sensor_specificity
        )
        if plan.detection >= detection:
            return CutPointSize(size, cut - 1, plan.detection, plan.specificity)
    return None


def detection_pooled(
    pools: int, pool_size: int, present: float, sensitivity: float, specificity: float = 1.0
) -> Plan:
    """Composite samples: swipes of several things read together, one positive pool a finding.

    pools: how many. pool_size: things in each, 1 or more. present: share of all things that would
    show. sensitivity, specificity: of the reading of one pool.
    Source: Christensen & Gardner 2000, Prev. Vet. Med. 45: 83-106.

    >>> round(detection_pooled(60, 5, 0.01, 0.9, 0.99).detection, 4)
    0.9634
    """
    pools, pool_size = whole("pools", pools), whole("pool_size", pool_size, least=1)
    spared = probability("specificity", specificity)
    positive = _pool_positive(pool_size, present, sensitivity, spared)
    return Plan(_at_least_one(pools, positive), spared**pools)


def sample_size_pooled(
    pool_size: int, present: float, confidence: float, sensitivity: float, specificity: float = 1.0
) -> int | None:
    """How many pools find something with the stated confidence; None: no number does.

    >>> sample_size_pooled(5, 0.01, 0.95, 0.9)
    67
    """
    pool_size = whole("pool_size", pool_size, least=1)
    wanted = probability("confidence", confidence)
    if not 0 < wanted < 1:
        raise InputError("confidence", confidence, "above 0 and below 1")
    positive = _pool_positive(
        pool_size, present, sensitivity, probability("specificity", specificity)
    )
    if positive == 0.0:
        return None
    size = 1
    if positive < 1.0:
        size = max(1, int(np.ceil(np.log1p(-wanted) / np.log1p(-positive))))
        if size > 1 and _at_least_one(size - 1, positive) >= wanted * (1 - 1e-12):
            size -= 1
    return size


def joined_sensors(
    sensitivity: tuple[float, float],
    specificity: tuple[float, float],
    covariance: tuple[float, float] = (0.0, 0.0),
    *,
    finding: Literal["any", "all"],
) -> Sensors:
    """Two sensors on the same thing: a finding when any of them reads positive, or when all do.

    covariance: of their readings where it is, and where it is not. Raises InputError where no two
    readings with these chances could vary together so.
    Source: Gardner et al. 2000, Prev. Vet. Med. 45: 107-122.

    >>> found = joined_sensors((0.9, 0.8), (0.95, 0.97), (0.02, 0.01), finding="any")
    >>> round(found.detection, 4), round(found.detection_independent, 4)
    (0.96, 0.98)
    """
    right = _pair("sensitivity", sensitivity)
    spared = _pair("specificity", specificity)
    together = np.asarray(covariance, dtype=np.float64)
    for n, (a, b) in enumerate((right, spared)):
        least, most = max(-a * b, -(1 - a) * (1 - b)), min(a * (1 - b), b * (1 - a))
        if not least - 1e-15 <= together[n] <= most + 1e-15:
            raise InputError(
                f"covariance[{n}]", float(together[n]), f"{least:g} to {most:g} for {a:g} and {b:g}"
            )
    one_of = [1.0 - (1.0 - a) * (1.0 - b) for a, b in (right, spared)]
    both = [a * b for a, b in (right, spared)]
    match finding:
        case "any":
            alone = one_of[0], both[1]
            signs = -1.0, 1.0
        case "all":
            alone = both[0], one_of[1]
            signs = 1.0, -1.0
        case _:
            assert_never(finding)
    joined = [
        value + sign * float(c) for value, sign, c in zip(alone, signs, together, strict=True)
    ]
    return Sensors(joined[0], joined[1], *alone)


def _pair(name: str, values: tuple[float, float]) -> tuple[float, float]:
    found: Floats = probabilities(name, values)
    if found.shape != (2,):
        raise InputError(name, f"shape {found.shape}", "two values, one a sensor")
    return float(found[0]), float(found[1])


def _pool_positive(size: int, present: float, sensitivity: float, specificity: float) -> float:
    share, right = probability("present", present), probability("sensitivity", sensitivity)
    holds = _at_least_one(size, share)
    return holds * right + (1.0 - holds) * (1.0 - specificity)


def _at_least_one(tries: int, chance: float) -> float:
    if chance >= 1.0:
        return float(tries > 0)
    return float(-np.expm1(tries * np.log1p(-chance)))


def _binomial(tries: int, chance: float) -> Floats:
    # From the mode outward by ratios of neighbours: products only, scaled to add to 1.
    if chance in (0.0, 1.0):
        sure = np.zeros(tries + 1)
        sure[tries if chance else 0] = 1.0
        return sure
    mode = min(tries, int((tries + 1) * chance))
    k = np.arange(tries, dtype=np.float64)
    up = (tries - k) / (k + 1.0) * (chance / (1.0 - chance))
    after = np.cumprod(up[mode:])
    before = np.cumprod(1.0 / up[:mode][::-1])[::-1]
    weight = np.concatenate([before, [1.0], after])
    scaled: Floats = weight / weight.sum()
    return scaled
