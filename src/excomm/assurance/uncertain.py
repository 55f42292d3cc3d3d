"""Uncertain: looks whose quality is itself unknown, or shared, or that were refused.

A means is as good as it is: one draw of its detection holds for all its looks, so twenty looks by a
poor sensor do not become twenty chances of a good one. Draws are integrated by quadrature over the
whole record, never averaged look by look. What an outcome teaches is a ratio of two stated chances.
"""

from collections.abc import Sequence
from itertools import product
from typing import Literal, assert_never

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance.presence import Presence, prob_absent_over_places
from excomm.assurance.ranges import (
    Floats,
    indexed,
    not_negative,
    positive,
    probabilities,
    probability,
    require,
    single,
    whole,
)
from excomm.errors import InputError

Outcome = Literal["nothing", "unidentified", "identified", "refused", "not looked"]


class Draws(msgspec.Struct, frozen=True):
    """A detection that is not known: what it may be, and how probable each is."""

    values: Floats  # (K,)
    weights: Floats  # (K,), add to 1

    @property
    def mean(self) -> float:
        """What it is on average."""
        return float(self.values @ self.weights)


class Outcomes(msgspec.Struct, frozen=True):
    """Presence after looks with outcomes, read in two ways."""

    nothing_learned: Presence  # refusals teach nothing
    as_stated: Presence | None  # refusals weighed by the ratio stated; None: none was


def beta_detection(a: float, b: float, nodes: int = 32) -> Draws:
    """A detection with a beta distribution, such as after a - 1 finds and b - 1 misses on trial.

    nodes: of the Gauss-Jacobi rule; exact for up to 2 nodes - 1 looks.
    Source: Golub & Welsch 1969, Math. Comp. 23: 221-230.

    >>> print(round(beta_detection(8, 2).mean, 12))
    0.8
    """
    high = single("a", positive("a", a))
    low = single("b", positive("b", b))
    n = np.arange(whole("nodes", nodes, least=1), dtype=np.float64)
    # Jacobi polynomials on (0, 1) with weight x^(a-1) (1-x)^(b-1): their three-term recurrence.
    x, y = low - 1.0, high - 1.0
    whole_sum = 2.0 * n + x + y
    with np.errstate(divide="ignore", invalid="ignore"):
        middle = (y * y - x * x) / (whole_sum * (whole_sum + 2.0))
    middle[0] = (y - x) / (x + y + 2.0)
    m, s = n[1:], whole_sum[1:]
    with np.errstate(divide="ignore", invalid="ignore"):
        beside = 4.0 * m * (m + x) * (m + y) * (m + x + y) / (s * s * (s + 1.0) * (s - 1.0))
    if len(beside):
        beside[0] = 4.0 * (1.0 + x) * (1.0 + y) / ((2.0 + x + y) ** 2 * (3.0 + x + y))
    side = np.sqrt(beside)
    roots, vectors = np.linalg.eigh(np.diag(middle) + np.diag(side, 1) + np.diag(side, -1))
    weights = vectors[0] ** 2
    values = np.minimum(np.maximum((1.0 + roots) / 2.0, 0.0), 1.0)
    return Draws(values, weights / weights.sum())


def stated_detection(values: ArrayLike, weights: ArrayLike = 1.0) -> Draws:
    """A detection that is one of these; weights: how probable each is, made to add to 1.

    A look that concealment or cloud defeats altogether with a chance of .3, and else finds with .9,
    is stated_detection([0, 0.9], [0.3, 0.7]): all its looks are defeated together.

    >>> round(stated_detection([0, 0.9], [0.3, 0.7]).mean, 2)
    0.63
    """
    found = probabilities("values", values)
    if found.ndim != 1 or not found.size:
        raise InputError("values", f"shape {found.shape}", "one row of detections")
    try:
        by = np.broadcast_to(not_negative("weights", weights), found.shape).astype(np.float64)
    except ValueError:
        raise InputError(
            "weights", weights, f"one number, or one for each of {len(found)}"
        ) from None
    require("weights", by.sum(), np.array(by.sum() > 0), "at least one above 0")
    return Draws(found, by / by.sum())


def prob_absent_uncertain(
    coverage: ArrayLike,
    detection: Sequence[Draws],
    introduction: ArrayLike,
    prior_absent: float,
) -> Presence:
    """`prob_absent` where each means has one unknown detection for all its looks, (T,).

    coverage: (M, T), or (M, S, T) over places as in `prob_absent_over_places`: how much of what is
    there each means' look in the period reaches, 0 where it did not look. detection: one for each
    of the M means, independent of each other. introduction, prior_absent: as in `prob_absent`.
    Where nothing is there nothing is seen, whatever the sensor, so the odds of presence are the
    average of the odds over the draws; those of poor draws prevail as looks go on seeing nothing.

    >>> twenty = [[1.0] * 20]
    >>> half = stated_detection([0.1, 0.9])
    >>> shared = prob_absent_uncertain(twenty, [half], [0.0], 0.5)
    >>> averaged = prob_absent_uncertain(twenty, [stated_detection([0.5])], [0.0], 0.5)
    >>> print(shared.present[-1].round(4), averaged.present[-1].round(7))
    0.0573 1e-06
    """
    reach = probabilities("coverage", coverage)
    if reach.ndim not in (2, 3) or 0 in reach.shape or len(reach) != len(detection):
        raise InputError(
            "coverage",
            f"shape {reach.shape}",
            f"means by periods, or means by places by periods, for {len(detection)} means",
        )
    if reach.ndim == 2:
        reach = reach[:, None, :]
    before = probability("prior_absent", prior_absent)
    draws = list(product(*(zip(one.values, one.weights, strict=True) for one in detection)))
    values = np.array([[value for value, _ in draw] for draw in draws])
    weights = np.array([np.prod([weight for _, weight in draw]) for draw in draws])
    values, weights = values[weights > 0], weights[weights > 0]
    parts = max(1, values.size * reach[0].size >> 21)  # no more at a time than stays small
    over = _Average(reach.shape[-1])
    for some, by in zip(np.array_split(values, parts), np.array_split(weights, parts), strict=True):
        miss = np.prod(1.0 - some[:, :, None, None] * reach, axis=1)
        over.add(prob_absent_over_places(1.0 - miss, introduction, np.full(len(by), before)), by)
    return over.presence()


def prob_absent_by_outcome(
    outcomes: Sequence[Outcome],
    introduction: ArrayLike,
    prior_absent: float,
    *,
    identified: ArrayLike,
    unidentified: ArrayLike = 0.0,
    false_unidentified: ArrayLike = 0.0,
    refusal_ratio: float | None = None,
    refused_if_absent: float = 0.0,
) -> Outcomes:
    """Presence after looks that saw nothing, something, or the thing itself, or were refused.

    outcomes: (T,), one a period. identified, unidentified: (T,) or one number, chances that a look
    at what is there knows it for what it is, or sees something that cannot be told; together at
    most 1. false_unidentified: chance of the latter where nothing of it is there; identified is
    never false. refusal_ratio: how many times likelier a refusal is where something is there;
    None: nothing is learned from one. Both readings are given where a ratio is stated.
    refused_if_absent: chance of a refusal where nothing is there; looks that were allowed then
    teach too, by (1 - ratio r) / (1 - r). 0: they teach only what they saw.
    introduction, prior_absent: as in `prob_absent`. Raises InputError for an outcome that could
    not have been.

    >>> found = prob_absent_by_outcome(["nothing", "refused"], 0.0, 0.5, identified=0.6,
    ...     refusal_ratio=3.0)
    >>> print(found.nothing_learned.absent[-1].round(4), found.as_stated.absent[-1].round(4))
    0.7143 0.4545
    """
    number = (len(outcomes),)
    arrivals, knows, sees, wrong = (
        _over(name, values, number)
        for name, values in (
            ("introduction", introduction),
            ("identified", identified),
            ("unidentified", unidentified),
            ("false_unidentified", false_unidentified),
        )
    )
    require("unidentified", sees, knows + sees <= 1.0 + 1e-12, "at most 1 - identified")
    before = probability("prior_absent", prior_absent)
    learned = _by_ratio(outcomes, arrivals, before, (knows, sees, wrong), (1.0, 1.0))
    if refusal_ratio is None:
        return Outcomes(learned, None)
    ratio = single("refusal_ratio", positive("refusal_ratio", refusal_ratio))
    refused = probability("refused_if_absent", refused_if_absent)
    if refused == 1.0 or refused * ratio > 1.0:
        raise InputError("refused_if_absent", refused, "below 1, and at most 1 / refusal_ratio")
    allowed = (1.0 - refused * ratio) / (1.0 - refused)
    taught = _by_ratio(outcomes, arrivals, before, (knows, sees, wrong), (ratio, allowed))
    return Outcomes(learned, taught)


class _Average:
    """Of odds: absence has the same chance of a record without a sighting under every draw."""

    def __init__(self, periods: int) -> None:
        self._absent, self._odds = np.zeros(periods), np.zeros(periods)
        self._never = np.zeros(periods, dtype=bool)

    def add(self, found: Presence, weights: Floats) -> None:
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            self._absent += (weights[:, None] / found.absent).sum(axis=0)
            self._odds += (weights[:, None] * (found.present / found.absent)).sum(axis=0)
        self._never |= (found.absent == 0.0).any(axis=0)

    def presence(self) -> Presence:
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            absent = 1.0 / self._absent
            present = absent * self._odds
        never = self._never
        return Presence(np.where(never, 0.0, absent), np.where(never, 1.0, present))


def _over(name: str, values: ArrayLike, shape: tuple[int, ...]) -> Floats:
    found = probabilities(name, values)
    try:
        return np.broadcast_to(found, shape)
    except ValueError:
        raise InputError(name, f"shape {found.shape}", f"one number, or {shape[0]}") from None


def _by_ratio(
    outcomes: Sequence[Outcome],
    arrivals: Floats,
    before: float,
    chances: tuple[Floats, Floats, Floats],
    ratios: tuple[float, float],
) -> Presence:
    none, some = before, 1.0 - before
    absent, present = np.empty(len(outcomes)), np.empty(len(outcomes))
    for period, outcome in enumerate(outcomes):
        knows, sees, wrong = (float(each[period]) for each in chances)
        arrival = float(arrivals[period])
        none, some = none * (1.0 - arrival), some + none * arrival
        if_some, if_none = _likelihoods(outcome, knows, sees, wrong, period)
        if outcome == "refused":
            if_some *= ratios[0]
        elif outcome != "not looked":
            if_some *= ratios[1]
        none, some = none * if_none, some * if_some
        total = none + some
        if not total > 0.0:
            raise InputError(
                indexed("outcomes", period), outcome, "an outcome that these chances allow"
            )
        none, some = none / total, some / total
        absent[period], present[period] = none, some
    return Presence(absent, present)


def _likelihoods(
    outcome: Outcome, knows: float, sees: float, wrong: float, period: int
) -> tuple[float, float]:
    """Chance of the outcome where something is there, and where nothing is; refusals apart."""
    match outcome:
        case "nothing":
            return max(0.0, 1.0 - knows - sees), 1.0 - wrong
        case "unidentified":
            return sees, wrong
        case "identified":
            return knows, 0.0
        case "refused" | "not looked":
            return 1.0, 1.0
        case _:
            if isinstance(outcome, str):
                words = "nothing, unidentified, identified, refused or not looked"
                raise InputError(indexed("outcomes", period), outcome, words)
            assert_never(outcome)
