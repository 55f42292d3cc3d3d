"""What a mean number of looks can assure: the concave envelope of 1 - (1 - d)^n, and its inverse.

A window that holds n or n + 1 looks, as a draw decides, finds with the probability that lies on the
line between the two. No policy does better with the same mean, whatever it draws.
"""

import numpy as np

from excomm.watch.linear import INFINITY, Floats, Program, solve

_NUMBERS_MOST = 1_500
_KINDS_MOST = 100
# Detections are rounded up to so many parts: the bound stays above.
_FINE, _COARSE = 1e9, 25.0


def detection_at(detect: float, mean_looks: float) -> float:
    """The envelope at a mean number of looks in the window.

    >>> round(detection_at(0.6, 0.5), 3), round(detection_at(0.5, 1.5), 3)
    (0.3, 0.625)
    """
    whole = int(mean_looks + 1e-12)
    low = 1.0 - (1.0 - detect) ** whole
    return low + (mean_looks - whole) * detect * (1.0 - detect) ** whole


def mean_looks_for(detect: Floats, value: float | Floats, window: int) -> Floats:
    """(sites,) mean looks that each site needs for its value; INFINITY beyond a look every day.

    value: one for all, or one for each site.
    """
    need = np.where(np.asarray(value) <= 0, 0.0, np.full(len(detect), INFINITY))
    for whole in range(window):
        low = 1.0 - (1.0 - detect) ** whole
        slope = detect * (1.0 - detect) ** whole
        with np.errstate(divide="ignore", invalid="ignore"):
            part = np.where(slope > 0, (value - low) / slope, INFINITY)
        here = np.isinf(need) & (part <= 1.0 + 1e-15)
        need[here] = whole + np.maximum(part[here], 0.0)
        if not np.isinf(need).any():
            break
    return need


def upper_bound(detect: Floats, looks_per_day: float, window: int) -> float:
    """The greatest value whose mean looks fit: no policy assures more.

    Found by bisection to the last digit, then taken from the linear piece it lies on.
    """
    supply = float(looks_per_day * window)
    low, high = 0.0, float((1.0 - (1.0 - detect) ** window).min())
    if mean_looks_for(detect, high, window).sum() <= supply:
        return high
    for _ in range(200):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        if mean_looks_for(detect, middle, window).sum() <= supply:
            low = middle
        else:
            high = middle
    return low


def joint_bound(
    detect: Floats, supply: Floats, price: Floats, cost: float, window: int
) -> tuple[float, Floats]:
    """What no policy of several means exceeds, and the mean looks (sites, means) that have it.

    detect: (sites, means). supply: (means,) looks that a window can hold on the average; price: of
    each such look, of all of which `cost` can be paid. A window holds some numbers of looks by the
    means at a site, each with some probability: the program chooses these. Sites that are alike are
    taken together.
    """
    grain = _FINE if len(np.unique(detect, axis=0)) <= _KINDS_MOST else _COARSE
    kinds, index, count = np.unique(
        np.ceil(detect * grain - 1e-9) / grain, axis=0, return_inverse=True, return_counts=True
    )
    least, most = _numbers(window, len(supply))
    chances = 1.0 - np.prod((1.0 - np.minimum(kinds, 1.0))[:, None, :] ** most[None], axis=2)
    groups, mixed = chances.shape
    # Columns: how often each kind has each number, then the least detection.
    last = groups * mixed
    program = Program(
        cost=np.append(np.zeros(last), 1.0), lower=np.zeros(last + 1), upper=np.ones(last + 1)
    )
    every = np.arange(last)
    for g, own in enumerate(every.reshape(groups, mixed)):
        program.add_row(own, np.ones(mixed), 1.0, 1.0)
        program.add_row(np.append(own, last), np.append(chances[g], -1.0), 0.0, INFINITY)
    looks = (count[:, None, None] * least[None]).reshape(last, len(supply))
    for m, held in enumerate(supply.tolist()):
        program.add_row(every, looks[:, m], -INFINITY, held)
    if cost < INFINITY:
        program.add_row(every, looks @ price, -INFINITY, cost)
    solved = solve(program)
    assert solved.x is not None
    mean = solved.x[:-1].reshape(groups, mixed) @ least
    return float(solved.value), mean[index.ravel()]


def _numbers(window: int, means: int) -> tuple[Floats, Floats]:
    """(numbers, means) numbers of looks in a window: from the least to the most of a class.

    Each number is a class of its own as far as few enough are left for the program.
    """
    alone = window
    while alone > 1 and (alone + 2) ** means > _NUMBERS_MOST:
        alone -= 1
    least = np.unique(np.array([*range(min(alone, window) + 1), window]))
    most = np.append(least[1:] - 1, window)
    pairs = [
        np.stack(np.meshgrid(*[one] * means, indexing="ij"), axis=-1).reshape(-1, means)
        for one in (least, most)
    ]
    return pairs[0].astype(np.float64), pairs[1].astype(np.float64)
