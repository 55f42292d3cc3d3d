"""Calibrate: simulated worlds whose truth is known, and how often each figure was right.

The worlds follow the models' own assumptions, a shared sensor error and refusals among them: what
is tested is the arithmetic and what a figure claims, never whether an assumption was right.
"""

from collections.abc import Callable
from functools import cache
from html import escape
from typing import Literal

import msgspec
import numpy as np

from excomm.assurance.carriers import Carrier, exit_tallies
from excomm.assurance.exits import exit_tally
from excomm.assurance.picture import ACCENT, ALARM, BAND, QUIET, RULE, Picture, picture
from excomm.assurance.ranges import Floats, whole
from excomm.assurance.remaining import remaining
from excomm.assurance.uncertain import (
    Outcome,
    beta_detection,
    prob_absent_by_outcome,
    prob_absent_uncertain,
)
from excomm.assurance.worst import moving_evader, worst_site

LEVEL = 0.95


class Calibrated(msgspec.Struct, frozen=True):
    """One model over all its worlds."""

    model: str
    kind: Literal["bound", "probability", "worst case"]
    worlds: int
    stated: float
    found: float  # how often it was so
    least: float  # what would still be right, chance allowed for
    most: float

    @property
    def holds(self) -> bool:
        """The figure was right as often as it said."""
        return self.least <= self.found <= self.most

    def row(self) -> tuple[str, ...]:
        """For a table: model, worlds, stated, found, from, to, and whether it holds."""
        figures = (self.stated, self.found, self.least, self.most)
        ends = (f"{figure:.4f}" for figure in figures)
        return (self.model, str(self.worlds), *ends, "holds" if self.holds else "DOES NOT HOLD")


def calibration(worlds: int, seed: int) -> tuple[Calibrated, ...]:
    """How often each figure was right, in so many worlds a model; the same for the same seed.

    Bounds of numbers that are small are right at least as often as they say; of numbers that are
    large, as good as continuous, 94 to 97 times in a hundred. Four deviations of chance on top.
    """
    worlds = whole("worlds", worlds, least=1)
    return tuple(
        model(worlds, np.random.default_rng([seed, at])) for at, model in enumerate(_MODELS)
    )


def drawn(rows: tuple[Calibrated, ...]) -> Picture:
    """How often each figure was right beside what it stated; the band is what would be right."""
    height = 66 + 34 * len(rows)
    parts = ['<text x="8" y="20" font-size="14">How often the figures were right</text>']
    for value in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _x(value)
        parts += [
            f'<line x1="{x:.1f}" y1="30" x2="{x:.1f}" y2="{height - 28}" stroke="{RULE}"/>',
            f'<text x="{x:.1f}" y="{height - 12}" text-anchor="middle">{value:g}</text>',
        ]
    for n, row in enumerate(rows):
        y = 48 + 34 * n
        least, most = _x(row.least), _x(row.most)
        parts += [
            f'<text x="8" y="{y + 4}">{escape(row.model)}</text>',
            f'<rect x="{least:.1f}" y="{y - 7}" width="{max(most - least, 1):.1f}" height="14"'
            f' fill="{BAND}" fill-opacity="0.5"/>',
            f'<line x1="{_x(row.stated):.1f}" y1="{y - 9}" x2="{_x(row.stated):.1f}" y2="{y + 9}"'
            f' stroke="{QUIET}"/>',
            f'<circle cx="{_x(row.found):.1f}" cy="{y}" r="4"'
            f' fill="{ACCENT if row.holds else ALARM}"/>',
        ]
    said = "; ".join(f"{row.model}: stated {row.stated:.3f}, found {row.found:.3f}" for row in rows)
    return picture("How often the figures were right", said, 640, height, parts)


def _x(value: float) -> float:
    return 320.0 + 300.0 * min(max(value, 0.0), 1.0)


_TOTAL, _KEPT = 20, 0.4
_WAYS = (0.08, 0.88, 0.04)


def _prior(total: int) -> Floats:
    prior = np.full(total + 1, _KEPT / total)
    prior[0] = 1.0 - _KEPT
    return prior


def _tallied(worlds: int, rng: np.random.Generator) -> Calibrated:
    upper = cache(lambda tally: exit_tally(_TOTAL, _prior(_TOTAL), tally, *_WAYS).upper(LEVEL))
    kept = rng.choice(_TOTAL + 1, size=worlds, p=_prior(_TOTAL))
    tallies = [int(rng.choice(3, size=_TOTAL - k, p=_WAYS).sum()) for k in kept]
    covered = [k <= upper(tally) for k, tally in zip(kept, tallies, strict=True)]
    return _bound("kept back, one tally", worlds, np.array(covered))


def _tallied_by_ship(worlds: int, rng: np.random.Generator) -> Calibrated:
    loads, moved = (2, 3, 4), 0.1
    total = sum(loads)
    home = np.repeat(np.arange(3), loads)

    @cache
    def upper(first: int, second: int) -> int:
        # Nobody looked at the third.
        ships = [Carrier(2, first), Carrier(3, second), Carrier(4, None)]
        return exit_tallies(ships, total, _prior(total), *_WAYS, moved=moved).upper(LEVEL)

    covered = []
    for _ in range(worlds):
        kept = int(rng.choice(total + 1, p=_prior(total)))
        leaving = rng.permutation(home)[kept:]
        mixed = rng.random(len(leaving)) < moved
        aboard = np.where(mixed, rng.integers(3, size=len(leaving)), leaving)
        counts = rng.choice(3, size=len(leaving), p=_WAYS)
        covered.append(
            kept <= upper(int(counts[aboard == 0].sum()), int(counts[aboard == 1].sum()))
        )
    return _bound("kept back, ship by ship, one unseen", worlds, np.array(covered))


def _counted(
    name: str, mean: float, false: float, *, continuous: bool
) -> Callable[[int, np.random.Generator], Calibrated]:
    def model(worlds: int, rng: np.random.Generator) -> Calibrated:
        there = rng.poisson(mean, worlds)
        counts = np.empty((worlds, 4))
        for period in range(4):
            if period:
                there = rng.binomial(there, 0.8) + rng.poisson(mean / 5, worlds)
            counts[:, period] = rng.binomial(there, 0.5) + rng.poisson(false, worlds)
        counts[rng.random(counts.shape) < 0.2] = np.nan  # refused, whatever is there
        found = remaining(counts, ("poisson", mean), mean / 5, 0.5, 0.8, false)
        covered = there <= found.upper(LEVEL)
        return _bound(name, worlds, covered, most=0.97 if continuous else 1.0)

    return model


def _shared_error(worlds: int, rng: np.random.Generator) -> Calibrated:
    reach, arrival, prior = np.array([[0.9, 0.5, 0.9, 0.9]]), 0.03, 0.6
    found = prob_absent_uncertain(reach, [beta_detection(2, 1)], [arrival], prior)
    quality = rng.beta(2, 1, worlds)  # of the sensor, in each world: the same at every look
    absent = rng.random(worlds) < prior
    unseen = np.ones(worlds, dtype=bool)
    for share in reach[0]:
        absent &= rng.random(worlds) >= arrival
        unseen &= absent | (rng.random(worlds) >= share * quality)
    return _probability(
        "absent, one sensor error for all looks", float(found.absent[-1]), absent[unseen]
    )


def _refused(worlds: int, rng: np.random.Generator) -> Calibrated:
    prior, arrival, knows, refuses, ratio = 0.6, 0.03, 0.5, 0.2, 2.5

    @cache
    def figure(outcomes: tuple[Outcome, ...]) -> float:
        stated = prob_absent_by_outcome(
            outcomes,
            arrival,
            prior,
            identified=knows,
            refusal_ratio=ratio,
            refused_if_absent=refuses,
        ).as_stated
        assert stated is not None
        return float(stated.absent[-1])

    # A refusal is `ratio` times likelier where there is something to hide.
    stated, truth = [], []
    for _ in range(worlds):
        absent, outcomes = bool(rng.random() < prior), []
        for _ in range(4):
            absent = absent and bool(rng.random() >= arrival)
            refused = rng.random() < (refuses if absent else refuses * ratio)
            outcome: Outcome = "refused" if refused else "nothing"
            if not refused and not absent and rng.random() < knows:
                outcome = "identified"
            outcomes.append(outcome)
        seen_by = tuple(outcomes)
        stated.append(figure(seen_by) if "identified" not in seen_by else 0.0)
        truth.append(absent)
    return _probability("absent, refusals by their ratio", float(np.mean(stated)), np.array(truth))


def _worst(worlds: int, rng: np.random.Generator) -> Calibrated:
    looks = np.array([[0.6, 0.0, 0.3], [0.0, 0.5, 0.2], [0.1, 0.0, 0.3]])
    still, moving = worst_site(looks), moving_evader(looks, np.ones((3, 3)))
    sites = rng.integers(3, size=worlds)
    missed = np.asarray((rng.random((worlds, 3)) >= looks[sites]).all(axis=1))
    found = [float(missed[sites == site].mean()) for site in range(3) if (sites == site).any()]
    path = looks[list(moving.path), range(3)]
    on_the_way = float((rng.random((worlds, 3)) >= path).all(axis=1).mean())
    excess = max(max(found) - still.miss, on_the_way - moving.miss)
    slack = 4.0 * float(np.sqrt(0.25 / max(1, worlds // 3)))
    return Calibrated(
        "missed beyond the worst case", "worst case", worlds, 0.0, excess, -1.0, slack
    )


def _bound(name: str, worlds: int, covered: Floats | np.ndarray, most: float = 1.0) -> Calibrated:
    chance = 4.0 * float(np.sqrt(LEVEL * (1 - LEVEL) / worlds))
    least = (LEVEL if most == 1.0 else 0.94) - chance
    found = float(np.mean(covered))
    return Calibrated(name, "bound", worlds, LEVEL, found, least, min(1.0, most + chance))


def _probability(name: str, stated: float, truth: np.ndarray) -> Calibrated:
    number = len(truth)
    chance = 4.0 * float(np.sqrt(stated * (1 - stated) / number))
    found = float(truth.mean())
    return Calibrated(name, "probability", number, stated, found, stated - chance, stated + chance)


_MODELS = (
    _tallied,
    _tallied_by_ship,
    _counted("there, few counted, some refused", 4.0, 0.2, continuous=False),
    _counted("there, many counted, some refused", 80.0, 0.0, continuous=True),
    _shared_error,
    _refused,
    _worst,
)
