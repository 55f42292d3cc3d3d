"""Sensitivity: which assumption carries a claim, and what would have to be so for it to fail.

Works on any claim that is a function of named numbers; it never says which of them is right.
"""

from collections.abc import Callable, Mapping
from functools import partial

import msgspec
import numpy as np

from excomm.assurance.interval import Interval
from excomm.assurance.ranges import Floats, probability
from excomm.errors import InputError

Claim = Callable[[Mapping[str, float]], float]


class Sensitivity(msgspec.Struct, frozen=True):
    """What one assumption does to a claim, everything else at its best."""

    name: str
    assumed: Interval
    derivative: float  # of the claim at the best value, a unit of the assumption
    at_low: float  # the claim, the assumption at its low
    at_high: float
    breaks_at: float | None  # nearest value at which the claim is at its standard; None: nowhere
    breaks_within: bool  # that value lies in the assumed range
    sentence: str

    @property
    def swing(self) -> float:
        """How much of the claim the range is worth."""
        return abs(self.at_high - self.at_low)


def sensitivity(
    claim: Claim,
    assumed: Mapping[str, Interval],
    standard: float,
    *,
    limits: Mapping[str, tuple[float, float]] | None = None,
    words: Mapping[str, str] | None = None,
) -> tuple[Sensitivity, ...]:
    """What each assumption does to a claim, what matters most first.

    claim: a probability from the assumptions by name. assumed: each with its range; the others
    stay at their best. standard: the probability below which the claim fails. limits: how far an
    assumption can go at all, 0 to 1 where not given. words: what each is called in its sentence.
    First those that break the claim within their range, then by how far they swing it.

    >>> from excomm.assurance import prob_absent
    >>> def claim(at):
    ...     return float(prob_absent([at["detection"]] * 3, [0.01], at["prior"]).absent[-1])
    >>> for row in sensitivity(claim, {"detection": Interval(0.4, 0.6, 0.8),
    ...                                "prior": Interval(0.4, 0.5, 0.7)}, standard=0.9):
    ...     print(row.sentence)
    detection: at 0.4 to 0.8 the claim is 0.8100 to 0.9894; it fails below 0.5356.
    prior: at 0.4 to 0.7 the claim is 0.9048 to 0.9666; it fails below 0.3863.
    """
    best = {name: each.best for name, each in assumed.items()}

    def along(name: str, values: Floats) -> Floats:
        return np.array([claim({**best, name: float(value)}) for value in values])

    return table(along, assumed, probability("standard", standard), limits or {}, words or {})


def table(
    along: Callable[[str, Floats], Floats],
    assumed: Mapping[str, Interval],
    standard: float,
    limits: Mapping[str, tuple[float, float]],
    words: Mapping[str, str],
) -> tuple[Sensitivity, ...]:
    """`sensitivity` of a claim that is had for many values of one assumption at once.

    along: the claim at each value of the assumption named, (G,), nan where it cannot be made.
    """
    found = []
    for name, each in assumed.items():
        low, high = limits.get(name, (0.0, 1.0))
        if not low <= each.low <= each.high <= high:
            raise InputError(f"assumed: {name}", each, f"within {low:g} to {high:g}")
        step = 1e-5 * (high - low)
        below, above = max(low, each.best - step), min(high, each.best + step)
        outward = [each.best + (end - each.best) * _NEAR_FIRST for end in (low, high)]
        values = np.concatenate([[each.best, each.low, each.high, below, above], *outward])
        at = along(name, values)
        best, at_low, at_high, *around = at[:5].tolist()
        slope = (around[1] - around[0]) / (above - below) if above > below else 0.0
        walks = zip(outward, np.split(at[5:], 2), strict=True)
        breaks = _breaks(partial(along, name), each.best, list(walks), standard)
        within = breaks is not None and each.low <= breaks <= each.high
        called, ends = words.get(name, name), (at_low, at_high)
        walked = "nowhere in that range" if (low, high) == (each.low, each.high) else "at no value"
        sentence = _sentence(called, each, ends, breaks, walked, holds=best >= standard)
        found.append(Sensitivity(name, each, slope, *ends, breaks, within, sentence))
    return tuple(sorted(found, key=lambda one: (not one.breaks_within, -one.swing)))


_STEPS = 64
_NEAR_FIRST = (np.arange(_STEPS + 1) / _STEPS) ** 2  # what breaks a claim is mostly near


def _breaks(
    along: Callable[[Floats], Floats],
    best: float,
    walks: list[tuple[Floats, Floats]],
    standard: float,
) -> float | None:
    # The first step that crosses the standard, going down and going up; of both the nearer.
    steps = [step for values, at in walks if (step := _crossing(values, at, standard))]
    if not steps:
        return None
    inside, outside = min(steps, key=lambda step: abs(step[0] - best))
    closer = np.linspace(inside, outside, _STEPS + 1)
    at = along(closer)
    inside, outside = _crossing(closer, at, standard) or (inside, outside)
    before, after = np.interp([inside, outside], *_rising(closer, at))
    share = (before - standard) / (before - after) if before != after else 0.5
    return float(inside + (outside - inside) * share)


def _crossing(values: Floats, at: Floats, standard: float) -> tuple[float, float] | None:
    holds = at >= standard
    changed = np.flatnonzero(~np.isnan(at) & (holds != holds[0]))
    if not len(changed):
        return None
    first = int(changed[0])
    return float(values[first - 1]), float(values[first])


def _rising(values: Floats, at: Floats) -> tuple[Floats, Floats]:
    return (values, at) if values[0] < values[-1] else (values[::-1], at[::-1])


def _sentence(
    name: str,
    each: Interval,
    ends: tuple[float, float],
    fails: float | None,
    walked: str,
    *,
    holds: bool,
) -> str:
    claim = f"{name}: at {each.low:g} to {each.high:g} the claim is {ends[0]:.4f} to {ends[1]:.4f}"
    word = "fails" if holds else "would hold"
    if fails is None:
        return f"{claim}; {walked} does it {'fail' if holds else 'hold'}."
    side = "below" if fails < each.best else "above"
    return f"{claim}; it {word} {side} {fails:.4g}."
