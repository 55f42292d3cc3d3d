"""Compiled: the odds of presence over a large grid, in machine code.

The same products and sums in the same order as the NumPy way in `scan.py`, so both give the same
bits. Loaded only where a grid is large: Numba alone takes a quarter of a second to load. What was
compiled is kept beside the source, else in the user's cache (or NUMBA_CACHE_DIR), under the stamp
of the source file; where nothing can be written it is compiled anew in each process.
"""

from collections.abc import Callable

import numpy as np
from numba import njit, types

from excomm.assurance.ranges import Floats

_SPAN = 256  # periods of a slab that stays in a cache
_GIVEN = types.Array(types.float64, 2, "C", readonly=True)
_MADE = types.Array(types.float64, 2, "C")
_SIGNATURE = types.boolean(_GIVEN, _GIVEN, types.float64[::1], _MADE, _MADE)


def absent_and_present(
    detection: Floats, introduction: Floats, odds_before: Floats
) -> tuple[Floats, Floats] | None:
    """Probabilities at the end of each period, (R, T) each; None where a limit asks for care.

    detection: (R, T). introduction: (R, T) or (1, T), below 1. odds_before: (R,).
    """
    absent, present = np.empty(detection.shape), np.empty(detection.shape)
    looks, coming = np.ascontiguousarray(detection), np.ascontiguousarray(introduction)
    finite = _carried(looks, coming, np.array(odds_before), absent, present)
    return (absent, present) if finite else None


def _compiled(function: Callable[..., bool]) -> Callable[..., bool]:
    made: Callable[..., bool]
    try:
        made = njit(_SIGNATURE, cache=True, nogil=True, error_model="numpy")(function)
    except RuntimeError:  # Numba's word for: no place that can be written
        made = njit(_SIGNATURE, nogil=True, error_model="numpy")(function)
    return made


@_compiled
def _carried(
    detection: Floats, introduction: Floats, odds: Floats, absent: Floats, present: Floats
) -> bool:
    finite = True
    slab = np.empty(_SPAN)
    for row in range(detection.shape[0]):
        now = odds[row]
        for first in range(0, detection.shape[1], _SPAN):
            # Plain indices from 0 into slices: the loops without a carry then run four abreast.
            span = slice(first, first + _SPAN)
            looks = detection[row, span]
            coming = introduction[row if len(introduction) > 1 else 0, span]
            none, some = absent[row, span], present[row, span]
            for t in range(len(looks)):
                slab[t] = (1.0 - looks[t]) / (1.0 - coming[t])
            for t in range(len(looks)):
                now = (now + coming[t]) * slab[t]
                slab[t] = now
            for t in range(len(looks)):
                none[t] = 1.0 / (slab[t] + 1.0)
                some[t] = slab[t] * none[t]
        finite = finite and np.isfinite(now)
    return finite
