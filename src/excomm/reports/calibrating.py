"""Calibrating: what a likeness of two reports is worth, by what this desk has said of such pairs.

A logistic curve over the score, at its most probable place under a prior, so that it moves little
on few answers and never falls as the score rises. Below `ANSWERS_MIN` answers the prior alone
speaks, and that is said. Pure arithmetic; no case, no reports.
"""

import math
from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ANSWERS_MIN = 8
# Before anybody has said anything a score is taken as the log odds that it is: offset 0, slope 1.
# How far the desk's answers may move both: a curve as steep again, or half odds to nine in ten.
_OFFSET_SD, _SLOPE_SD = 1.5, 0.5
_SLOPE_MIN = 0.05
_STEPS = 200


class Calibration(msgspec.Struct, frozen=True):
    """The curve from a score to a chance. confirmed, refused: the answers under it."""

    offset: float
    slope: float
    confirmed: int
    refused: int

    @property
    def is_calibrated(self) -> bool:
        """Whether there were answers enough for them to count."""
        return self.confirmed + self.refused >= ANSWERS_MIN

    def chance(self, score: float) -> float:
        """The chance that a pair of this score would be confirmed, 0 to 1."""
        return _logistic(self.offset + self.slope * score)

    def __str__(self) -> str:
        if self.is_calibrated:
            return f"calibrated on {self.confirmed} confirmed and {self.refused} undone"
        so_far = self.confirmed + self.refused
        return f"not yet calibrated: {so_far} of {ANSWERS_MIN} answers that are needed"


def calibrated(answers: Sequence[tuple[float, bool]]) -> Calibration:
    """The curve for a desk. answers: score of each pair that was answered, and whether it held.

    >>> desk = calibrated([(2.0, False)] * 10 + [(5.0, True)] * 10)
    >>> desk.chance(2.0) < 0.4, desk.chance(5.0) > 0.8
    (True, True)
    >>> str(calibrated([(2.0, True)]))
    'not yet calibrated: 1 of 8 answers that are needed'
    """
    confirmed = sum(held for _, held in answers)
    refused = len(answers) - confirmed
    if len(answers) < ANSWERS_MIN:
        return Calibration(0.0, 1.0, confirmed, refused)
    score = np.array([each for each, _ in answers], dtype=np.float64)
    held = np.array([answer for _, answer in answers], dtype=np.float64)
    rows = np.stack([np.ones_like(score), score], axis=1)
    offset, slope = _top(rows, held, np.zeros_like(score), (0.0, 1.0), (_OFFSET_SD, _SLOPE_SD))
    if slope < _SLOPE_MIN:
        # A higher score is never a worse one: the best curve among those that rise.
        slope = _SLOPE_MIN
        (offset,) = _top(rows[:, :1], held, slope * score, (0.0,), (_OFFSET_SD,))
    return Calibration(offset, slope, confirmed, refused)


def _top(
    rows: Floats, held: Floats, known: Floats, mean: Sequence[float], sd: Sequence[float]
) -> list[float]:
    """The most probable factors of `rows`, with `known` log odds beside them, under their prior."""
    prior, weight = np.array(mean), np.diag(np.array(sd) ** -2.0)
    at = prior.copy()
    # Newton's steps on a function with one top; shortened where one would overshoot.
    for _ in range(_STEPS):
        chance = 1.0 / (1.0 + np.exp(-np.clip(known + rows @ at, -30.0, 30.0)))
        rise = rows.T @ (held - chance) - weight @ (at - prior)
        bend = (rows * (chance * (1.0 - chance))[:, None]).T @ rows + weight
        step = np.linalg.solve(bend, rise)
        longest = float(np.abs(step).max())
        at = at + step * min(1.0, 1.0 / max(1e-12, longest))
        if longest < 1e-10:
            break
    return [float(factor) for factor in at]


def _logistic(odds: float) -> float:
    if odds >= 0:
        return 1.0 / (1.0 + math.exp(-odds))
    return math.exp(odds) / (1.0 + math.exp(odds))
