"""What a mean number of looks can assure: the concave envelope of 1 - (1 - d)^n, and its inverse.

A window that holds n or n + 1 looks, as a draw decides, finds with the probability that lies on the
line between the two. No policy does better with the same mean, whatever it draws.
"""

import numpy as np

from excomm.watch.linear import INFINITY, Floats


def detection_at(detect: float, mean_looks: float) -> float:
    """The envelope at a mean number of looks in the window.

    >>> round(detection_at(0.6, 0.5), 3), round(detection_at(0.5, 1.5), 3)
    (0.3, 0.625)
    """
    whole = int(mean_looks + 1e-12)
    low = 1.0 - (1.0 - detect) ** whole
    return low + (mean_looks - whole) * detect * (1.0 - detect) ** whole


def mean_looks_for(detect: Floats, value: float, window: int) -> Floats:
    """(sites,) mean looks that each site needs for the value; INFINITY beyond a look every day."""
    need = np.full(len(detect), INFINITY)
    if value <= 0:
        return np.zeros(len(detect))
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
