"""Evidence: how much one part of an allegation speaks for one earlier finding and against the rest.

Record linkage after Fellegi & Sunter (1969): a part that agrees counts log(m / u), where m is how
often it agrees for the same allegation and u how often by chance, which is the share of the earlier
findings that have that value: a rare place that agrees says more than a common one. A part that is
not stated says nothing.
"""

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from excomm.reports.model import Item, Number, Place, Window
from excomm.reports.vocabulary import kin, vocabulary

Floats = NDArray[np.float64]

# How often parts differ though the allegation is the same: readings, slips, retelling. Set by
# judgement, not learned.
ITEM_ERRS = 0.03
OTHER_ERRS = 0.01  # of an item that is clearly another than all known
HEAD_ERRS = 0.2  # of an item that is only half named ("rockets")
PLACE_ERRS = 0.01
ELSEWHERE, ELSEWHERE_DAMAGED = 0.02, 0.3  # chance that a name not known is a known place after all
ACTION_ERRS = 0.08
DAY_ERRS = 0.05
COUNT_ERRS = 0.08
# A damaged text errs more, by this much for each share of words repaired.
DAMAGE_ERRS = 0.3
# Days from the day alleged to publication, where no date is stated: shares of 0 to 5, to 14, to 60.
LAGS = ((5, 0.90), (14, 0.08), (60, 0.018))
_NEVER = 1e-4
_HEAD = 0.3  # what a word counts that many items share


class Profile:
    """What an item of the case is called: general classes and words, from its own texts."""

    def __init__(self, code: str, items: Sequence[Item], names: Sequence[str]) -> None:
        self.code = code
        total: dict[str, float] = {}
        words: dict[str, float] = {}
        for item in items:
            for name, weight in item.classes.items():
                total[name] = total.get(name, 0.0) + weight / len(items)
            for word in item.words:
                words[word] = words.get(word, 0.0) + 1.0 / len(items)
        total[code] = max(total.get(code, 0.0), 1.0)
        words.update(dict.fromkeys(names, 1.0))
        self.classes = total
        self.words = words


def item_shares(item: Item, profiles: Sequence[Profile]) -> Floats | None:
    """How well an item as worded fits each profile, 0 to 1; None if the words are unknown to all.

    Classes decide; among items of one class the words do. Where no profile is of the class said,
    one of its family may be meant.
    """
    spread: dict[str, int] = {}
    for profile in profiles:
        for word in profile.words:
            spread[word] = spread.get(word, 0) + 1
    heads = vocabulary().heads
    fits = np.zeros(len(profiles))
    classes: Mapping[str, float] = item.classes
    if max((alike_classes(classes, each.classes) for each in profiles), default=0.0) < _ALIKE_LEAST:
        classes = _with_kin(classes)
    for at, profile in enumerate(profiles):
        alike = alike_classes(classes, profile.classes)
        known = [
            ((_HEAD if word in heads else 1.0) / spread[word], word)
            for word in item.words
            if word in spread
        ]
        total = sum(weight for weight, _ in known) + 0.5 * (len(item.words) - len(known))
        shared = sum(weight for weight, word in known if word in profile.words) / (total or 1.0)
        fits[at] = alike * (0.75 + 0.25 * shared) if item.classes else 0.9 * shared
    if not item.classes and fits.max(initial=0.0) < 0.2:
        return None
    return fits


def _with_kin(classes: Mapping[str, float]) -> dict[str, float]:
    found = dict(classes)
    for name, weight in classes.items():
        for other in kin().get(name, ()):
            found[other] = max(found.get(other, 0.0), _KIN * weight)
    return found


_ALIKE_LEAST = 0.2
_KIN = 0.5


def item_evidence(item: Item, fits: Floats, chance: Floats, damage: float) -> Floats:
    """Log likelihood ratio for each profile, from `item_shares` and how common each is."""
    named = max(item.classes.values(), default=0.0) > 0.5
    best = fits.max(initial=0.0)
    usual = (ITEM_ERRS if best > 0.2 else OTHER_ERRS) if named else HEAD_ERRS
    errs = usual + DAMAGE_ERRS * damage * 0.3
    # What fits nothing well is probably something else.
    sure = min(1.0, best / 0.6)
    sharp = fits**4
    shares = sharp / (sharp.sum() or 1.0)
    held = sure * (1.0 - errs) * shares + (1.0 - sure * (1.0 - errs)) * errs * chance
    found: Floats = np.log(np.maximum(held, _NEVER * chance) / chance)
    return found


def place_evidence(place: Place, names: Sequence[str], chance: Floats, damage: float) -> Floats:
    """Log likelihood ratio for each place; a place that is none of these speaks against all."""
    errs = PLACE_ERRS + DAMAGE_ERRS * damage * 0.1
    held = np.array([place.shares.get(name, 0.0) for name in names])
    if not place.shares:
        return np.full(len(names), math.log(ELSEWHERE if damage == 0 else ELSEWHERE_DAMAGED))
    found: Floats = np.log(((1.0 - errs) * held + errs * chance) / chance)
    return found


def action_evidence(action: str, names: Sequence[str], chance: Floats) -> Floats:
    """Log likelihood ratio for each action."""
    same = np.array([name == action for name in names])
    if not same.any():
        return np.full(len(names), math.log(4 * ACTION_ERRS))
    found: Floats = np.log(((1.0 - ACTION_ERRS) * same + ACTION_ERRS * chance) / chance)
    return found


def day_evidence(window: Window, days: NDArray[np.int64], span_days: int, damage: float) -> Floats:
    """Log likelihood ratio for each day (ordinals); chance is one day in `span_days`."""
    first, last = window.first.toordinal(), window.last.toordinal()
    errs = DAY_ERRS + DAMAGE_ERRS * damage
    inside = (days >= first) & (days <= last)
    near = (days >= first - 1) & (days <= last + 1) & ~inside
    held = np.full(len(days), 0.1 * errs / span_days)
    held[near] += 0.2 * errs / 2
    if window.best is None:
        held[inside] += (1.0 - errs) / (last - first + 1)
    else:
        best = window.best.toordinal()
        held[inside] += 0.3 * errs / max(1, last - first)
        held[days == best] += 1.0 - errs
        slips = np.array([_slip(window.best.day, int(day), best) for day in days], dtype=bool)
        held[slips] += 0.4 * errs * damage / 0.1 / 10 if damage < 0.1 else 0.4 * errs / 10
    if window.other is not None:
        held[days == window.other.toordinal()] += 0.05
    found: Floats = np.log(held * span_days)
    return found


def lag_evidence(published: int, days: NDArray[np.int64], span_days: int) -> Floats:
    """Log likelihood ratio for each day where a report states none: it tells of the last days."""
    lag = published - days
    held = np.full(len(days), _NEVER / span_days)
    start = 0
    for end, share in LAGS:
        held[(lag >= start) & (lag <= end)] = share / (end - start + 1)
        start = end + 1
    held[lag == -1] = 0.01
    found: Floats = np.log(held * span_days)
    return found


def count_evidence(
    number: Number, counts: NDArray[np.int64], chance: Floats, damage: float
) -> Floats:
    """Log likelihood ratio for each count."""
    high = number.high if number.high is not None else np.iinfo(np.int64).max
    inside = (counts >= number.low) & (counts <= high)
    if number.vague:
        return np.where(inside, 0.0, math.log(0.2))
    errs = COUNT_ERRS + DAMAGE_ERRS * damage
    mass = float(chance[inside].sum()) or 1.0
    held = np.where(inside, (1.0 - errs) * chance / mass, 0.0)
    if number.best is not None:
        same = counts == number.best
        if same.any():
            held = np.where(same, 1.0 - errs, 0.3 * held)
        near = (abs(counts - number.best) <= max(1, 0.2 * number.best)) & ~inside
        held = held + 0.2 * errs * near * chance
    found: Floats = np.log((held + 0.4 * errs * chance) / chance)
    return found


def _slip(said: int, ordinal: int, best: int) -> bool:
    """Whether a day could have been misread as the one said: one figure lost, added or changed."""
    shift = ordinal - best
    day = said + shift
    return (
        0 < abs(shift) <= 30 and 1 <= day <= 31 and Levenshtein.distance(str(said), str(day)) == 1
    )


def alike_classes(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """How alike two readings of an item are by their classes, 0 to 1 (cosine)."""
    shared = sum(weight * other.get(name, 0.0) for name, weight in one.items())
    if not shared:
        return 0.0
    sizes = sum(w * w for w in one.values()) * sum(w * w for w in other.values())
    return min(1.0, shared / math.sqrt(sizes))
