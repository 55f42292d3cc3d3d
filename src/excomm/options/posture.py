"""What they would make of what they can see: odds of intents after visible changes of posture.

Changes that cannot be seen leave the odds alone; changes that follow from one order are one signal;
a change as likely under every intent says nothing. Likelihoods are somebody's judgement, so where
ranges are given the answer is a range.
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction

import msgspec
from msgspec import UNSET, UnsetType

from excomm.errors import InputError
from excomm.options.models import Posture, Sign
from excomm.options.signals import check_prior


class PostureAnswer(msgspec.Struct, frozen=True):
    """Posterior by intent, what it was computed from, what was left out and why."""

    posterior: tuple[Fraction, ...]
    used: tuple[str, ...]
    left_out_not_visible: tuple[str, ...]
    likelihood_ratio_first_over_last: Fraction | None  # None: impossible under the last
    posterior_first_range: tuple[Fraction, Fraction] | UnsetType = UNSET
    left_out_same_order: tuple[str, ...] = ()
    says_nothing: tuple[str, ...] = ()


def solve_posture(model: Posture) -> PostureAnswer:
    """Bayes, exactly; signs independent given the intent.

    Raises InputError: a prior that does not sum to one, a likelihood outside 0 to 1 or outside its
    range, a range upside down, signs that cannot occur under any intent.
    """
    _check(model)
    seen: list[Sign] = []
    repeated: list[Sign] = []
    orders: set[str] = set()
    for sign in model.signs:
        if not sign.visible:
            continue
        (repeated if sign.order and sign.order in orders else seen).append(sign)
        orders.add(sign.order)
    intents = range(len(model.intents))
    point = [_product(sign.likelihood[i] for sign in seen) for i in intents]
    ranged: tuple[Fraction, Fraction] | UnsetType = UNSET
    if any(sign.range for sign in seen):
        low = [_product(_bounds(sign, i)[0] for sign in seen) for i in intents]
        high = [_product(_bounds(sign, i)[1] for sign in seen) for i in intents]
        ranged = (
            _first(model.prior, [low[0], *high[1:]], Fraction(1)),
            _first(model.prior, [high[0], *low[1:]], Fraction(0)),
        )
    return PostureAnswer(
        posterior=_posterior(model.prior, point),
        used=tuple(sign.measure for sign in seen),
        left_out_not_visible=tuple(sign.measure for sign in model.signs if not sign.visible),
        likelihood_ratio_first_over_last=point[0] / point[-1] if point[-1] else None,
        posterior_first_range=ranged,
        left_out_same_order=tuple(sign.measure for sign in repeated),
        says_nothing=tuple(s.measure for s in seen if len(set(s.likelihood)) == 1),
    )


def _posterior(prior: Sequence[Fraction], likelihood: Sequence[Fraction]) -> tuple[Fraction, ...]:
    weights = [p * q for p, q in zip(prior, likelihood, strict=True)]
    return tuple(weight / sum(weights, Fraction(0)) for weight in weights)


def _first(
    prior: Sequence[Fraction], likelihood: Sequence[Fraction], if_ruled_out: Fraction
) -> Fraction:
    """Posterior of the first intent; a corner of the ranges may leave nothing that can be.

    Least: the others are then out wherever the figures lie, so 1. Most: the first is, so 0.
    """
    if not any(p * q for p, q in zip(prior, likelihood, strict=True)):
        return if_ruled_out
    return _posterior(prior, likelihood)[0]


def _bounds(sign: Sign, intent: int) -> tuple[Fraction, Fraction]:
    if sign.range is None:
        return sign.likelihood[intent], sign.likelihood[intent]
    return sign.range[intent]


def _product(factors: Iterable[Fraction]) -> Fraction:
    return math.prod(factors, start=Fraction(1))


def _check(model: Posture) -> None:
    if not model.intents:
        raise InputError("$.intents", "none", "at least one", "Name what they may intend.")
    check_prior(model.prior, len(model.intents))
    for n, sign in enumerate(model.signs):
        where = f"$.signs[{n}]"
        if sign.visible is None:
            remedy = "Say so here, or in seen_by_them of the case's measure of that name."
            raise InputError(f"{where}.visible", None, "whether they can see it", remedy)
        if len(sign.likelihood) != len(model.intents):
            found, remedy = f"{len(sign.likelihood)} figures", "Give one for each intent."
            raise InputError(f"{where}.likelihood", found, f"{len(model.intents)}", remedy)
        if sign.range is not None and len(sign.range) != len(model.intents):
            found, remedy = f"{len(sign.range)} ranges", "Give one for each intent."
            raise InputError(f"{where}.range", found, f"{len(model.intents)}", remedy)
        for i, likelihood in enumerate(sign.likelihood):
            low, high = _bounds(sign, i)
            if low > high:
                remedy = "Write the lower figure first."
                raise InputError(f"{where}.range[{i}]", f"{low} to {high}", "low to high", remedy)
            if not 0 <= low <= high <= 1:
                remedy = "Write 85 % as 17/20."
                raise InputError(f"{where}.range[{i}]", f"{low} to {high}", "0 to 1", remedy)
            if not low <= likelihood <= high:
                expected = f"within its range {low} to {high}"
                remedy = "Mend the figure or the range."
                raise InputError(f"{where}.likelihood[{i}]", likelihood, expected, remedy)
    seen = [sign for sign in model.signs if sign.visible]
    if not any(
        p * _product(sign.likelihood[i] for sign in seen) for i, p in enumerate(model.prior)
    ):
        found = "signs that cannot occur under any intent"
        remedy = "Give an intent under which they can, or check the likelihoods of 0."
        raise InputError("$.signs", found, "an intent that allows them all", remedy)
