"""Sensitivity: which assumption carries a claim, and what would have to be so for it to fail.

Works on any claim that is a function of named numbers; it never says which of them is right.
"""

from collections.abc import Callable, Mapping

import msgspec

from excomm.assurance.interval import Interval
from excomm.assurance.ranges import probability
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
    wanted = probability("standard", standard)
    best = {name: each.best for name, each in assumed.items()}
    holds = claim(best) >= wanted
    found = []
    for name, each in assumed.items():
        low, high = (limits or {}).get(name, (0.0, 1.0))
        if not low <= each.low <= each.high <= high:
            raise InputError(f"assumed: {name}", each, f"within {low:g} to {high:g}")

        def at(value: float, name: str = name) -> float:
            return claim({**best, name: value})

        def changed(value: float, at: Callable[[float], float] = at) -> bool:
            return (at(value) >= wanted) != holds

        fails = _breaks(changed, (each.best, low, high))
        ends = at(each.low), at(each.high)
        within = fails is not None and each.low <= fails <= each.high
        called = (words or {}).get(name, name)
        found.append(
            Sensitivity(
                name,
                each,
                _slope(at, each.best, low, high),
                *ends,
                fails,
                within,
                _sentence(called, each, ends, fails, holds=holds),
            )
        )
    return tuple(sorted(found, key=lambda one: (not one.breaks_within, -one.swing)))


_STEPS = 16
_HALVINGS = 30


def _slope(at: Callable[[float], float], best: float, low: float, high: float) -> float:
    step = 1e-5 * (high - low)
    below, above = max(low, best - step), min(high, best + step)
    return (at(above) - at(below)) / (above - below) if above > below else 0.0


def _breaks(changed: Callable[[float], bool], ends: tuple[float, float, float]) -> float | None:
    # The nearest of the two ways out: a coarse walk finds the step, halving the place.
    best, low, high = ends
    found = []
    for end in (low, high):
        before = best
        for n in range(1, _STEPS + 1):
            # Shorter steps first: what breaks a claim is mostly near.
            value = best + (end - best) * (n / _STEPS) ** 2
            if value == before:
                break
            if changed(value):
                found.append(_halved(changed, before, value))
                break
            before = value
    return min(found, key=lambda value: abs(value - best), default=None)


def _halved(changed: Callable[[float], bool], inside: float, outside: float) -> float:
    for _ in range(_HALVINGS):
        middle = (inside + outside) / 2.0
        inside, outside = (inside, middle) if changed(middle) else (middle, outside)
    return (inside + outside) / 2.0


def _sentence(
    name: str, each: Interval, ends: tuple[float, float], fails: float | None, *, holds: bool
) -> str:
    claim = f"{name}: at {each.low:g} to {each.high:g} the claim is {ends[0]:.4f} to {ends[1]:.4f}"
    word = "fails" if holds else "would hold"
    if fails is None:
        return f"{claim}; at no value does it {'fail' if holds else 'hold'}."
    side = "below" if fails < each.best else "above"
    return f"{claim}; it {word} {side} {fails:.4g}."
