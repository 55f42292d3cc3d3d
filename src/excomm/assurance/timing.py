"""Timing: how long until something is found, what few inspections are worth, and what silence says.

Closed forms only; whoever needs a schedule asks `excomm.watch`.
"""

import math
from collections.abc import Sequence
from fractions import Fraction

import msgspec

from excomm.assurance.ranges import positive, probability, single, whole
from excomm.errors import InputError


class TimeToDetection(msgspec.Struct, frozen=True):
    """Expected time from start to detection, in the unit of the interval."""

    mean: float  # the start falls anywhere between two looks
    worst: float  # it falls just after a look


_TERMS_MAX = 180  # 1 / 178! is below the least float


class Sightings(msgspec.Struct, frozen=True):
    """What a run without sightings says about whether it is still there."""

    p_value: float  # chance of no sighting since, were it still there
    bayes_factor: float  # for presence against absence
    prob_present: float


def time_to_detection(interval: float, detection: float) -> TimeToDetection:
    """How long something that starts, and stays, goes unfound under regular looks.

    interval: time between looks, above 0. detection: chance that one look finds it, above 0; looks
    independent. Source: the number of looks is geometric; T/d from a look, T/2 less on average.

    >>> time_to_detection(30, 0.6)
    TimeToDetection(mean=35.0, worst=50.0)
    """
    between = single("interval", positive("interval", interval))
    look = single("detection", positive("detection", probability("detection", detection)))
    return TimeToDetection(between / look - between / 2.0, between / look)


class DiamondSchedule(msgspec.Struct, frozen=True):
    """A secret schedule over one unit of time, and what it is worth whenever something starts."""

    mean: float  # expected time until an inspection, the final one included, as a fraction
    latest: tuple[float, ...]  # the n-th inspection falls between latest[n - 1] (or 0) and this
    _shape: tuple[float, ...]

    def times(self, draw: float) -> tuple[float, ...]:
        """When to inspect; draw: one random number from 0 to 1, kept secret."""
        u = probability("draw", draw)
        n = len(self._shape)
        return tuple(1.0 - _ahead(self._shape[i:], u) for i in range(n))


def diamond_schedule(inspections: int) -> DiamondSchedule:
    """When to inspect so that a start at any time waits equally long, and no longer than must be.

    inspections: 1 or more, in secret, within one unit of time whose end is always inspected. The
    other side starts once, having seen none of it. Every schedule known beforehand does worse.
    Source: Diamond 1982, Math. Oper. Res. 7: 139-153. All times come from one draw u, each fulfils
    x_n' = x_{n+1} - x_n, x_{N+1} = 1, and begins where the one before ends; the value is one over
    the mean number of uniform numbers whose sum first exceeds N.

    >>> plan = diamond_schedule(1)
    >>> round(plan.mean, 4), [round(time, 3) for time in plan.times(0.5)]
    (0.3679, [0.393])
    """
    number = whole("inspections", inspections, least=1)
    # From the last back, the time left at u = 0, in units of the last one's.
    left = [1.0]
    for _ in range(number - 1):
        left.insert(0, math.e * left[0] - _series([0.0, *left], 1.0))
    shape = tuple(c / left[0] for c in left)
    ends = tuple(1.0 - _ahead(shape[i:], 1.0) for i in range(number))
    return DiamondSchedule(shape[-1] / math.e, ends, shape)


def _ahead(shape: tuple[float, ...], u: float) -> float:
    return math.exp(-u) * _series(shape, u)


def _series(shape: Sequence[float], u: float) -> float:
    """The sum of c_j u^j / j!, up to where 1 / j! is no longer a number above 0."""
    terms, factor = [], 1.0
    for j, c in enumerate(shape[:_TERMS_MAX]):
        terms.append(c * factor)
        factor *= u / (j + 1)
    return math.fsum(terms)


def dresher_value(stages: int, inspections: int) -> float:
    """What `inspections` secret inspections over `stages` are worth to the inspector.

    The other side may violate once, in a stage of its choice, having seen every inspection before
    it. +1: caught; -1: a violation undetected; 0: none. Both play as well as they can.
    stages: 1 or more. inspections: 0 or more; as many as stages make every violation futile.
    Source: Dresher 1962, RM-2972: -C(n-1, m) / sum_{i<=m} C(n, i).

    >>> round(dresher_value(12, 1), 4)
    -0.8462
    """
    stages = whole("stages", stages, least=1)
    inspections = whole("inspections", inspections)
    below = sum(math.comb(stages, i) for i in range(min(inspections, stages) + 1))
    return float(-Fraction(math.comb(stages - 1, inspections), below))


def solow(sightings: int, last: float, end: float, prior_present: float) -> Sightings:
    """Whether something last seen at `last` is still there at `end`, from the sightings alone.

    sightings: how many, 1 or more, since time 0; last: time of the last, above 0; end: now, after
    it. prior_present: probability that it is still there, before the record is read.
    Sightings come at a constant, unknown rate while it is there. Not where the effort of looking
    changed: a gap in the flights is then read as an absence.
    Source: Solow 1993, Ecology 74: 962-964. p = (t/T)^n; Bayes factor (n-1) / ((T/t)^(n-1) - 1),
    for one sighting its limit 1 / ln(T/t).

    >>> round(solow(8, last=20, end=35, prior_present=0.5).prob_present, 4)
    0.1244
    """
    sightings = whole("sightings", sightings, least=1)
    end = single("end", positive("end", end))
    last = single("last", positive("last", last))
    if not last < end:
        raise InputError("last", last, f"before end = {end:g}", "It was seen at the end.")
    prior = probability("prior_present", prior_present)
    more = sightings - 1
    log_ratio = math.log1p((end - last) / last)
    decay = math.exp(-more * log_ratio)
    factor = more * decay / -math.expm1(-more * log_ratio) if more else 1.0 / log_ratio
    weight = factor * prior
    return Sightings(math.exp(-sightings * log_ratio), factor, weight / (weight + 1.0 - prior))
