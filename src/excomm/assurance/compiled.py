"""Compiled: the odds of presence over a large grid, in machine code.

The same products and sums in the same order as the NumPy way in `scan.py`, so both give the same
bits. Values are tried against their ranges on the way, which costs nothing there and two more
readings of the grid elsewhere. Series are shared out to two threads: on one core they take as long
as one. Loaded only where a grid is large: Numba alone takes a quarter of a second to load. What was
compiled is kept beside the source, else in the user's cache (or NUMBA_CACHE_DIR), under the stamp
of the source file; where nothing can be written it is compiled anew in each process.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numba import njit, types

from excomm.assurance.ranges import Floats

_ABREAST = 2  # series carried side by side: each waits for its own last period, not for the others
_SPAN = 64  # periods of a slab that stays in the nearest cache
_GIVEN = types.Array(types.float64, 2, "C", readonly=True)
_MADE = types.Array(types.float64, 2, "C")
_SIGNATURE = types.boolean(_GIVEN, _GIVEN, types.float64[::1], _MADE, _MADE)


def absent_and_present(
    detection: Floats, introduction: Floats, odds_before: Floats
) -> tuple[Floats, Floats] | None:
    """Probabilities at the end of each period, (R, T) each.

    detection: (R, T). introduction: (R, T) or (1, T). odds_before: (R,). None where a value is out
    of its range or at a limit that asks for care: whoever called then looks which.
    """
    # One piece of memory for both: the next call is then given the same one again, already in use.
    absent, present = np.empty((2, *detection.shape))
    looks, coming = np.ascontiguousarray(detection), np.ascontiguousarray(introduction)
    odds = np.array(odds_before)
    half = len(looks) // 2
    parts = (slice(0, half), slice(half, None)) if half else (slice(None),)

    def carried(rows: slice) -> bool:
        own = coming[rows] if len(coming) > 1 else coming
        return _carried(looks[rows], own, odds[rows], absent[rows], present[rows])

    with ThreadPoolExecutor(len(parts)) as threads:
        sound = all(threads.map(carried, parts))
    return (absent, present) if sound else None


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
    series, periods = detection.shape
    at = np.empty(_ABREAST, np.int64)
    each = np.empty(_ABREAST, np.int64)
    slab = np.empty((_ABREAST, _SPAN))
    sound = True
    for top in range(0, series, _ABREAST):
        for lane in range(_ABREAST):
            at[lane] = min(top + lane, series - 1)  # the last lane may do the last series again
            each[lane] = at[lane] if len(introduction) > 1 else 0
        now_0, now_1 = odds[at[0]], odds[at[1]]
        for first in range(0, periods, _SPAN):
            # Plain indices from 0 into slices: the loops without a carry then run four abreast.
            span = slice(first, first + _SPAN)
            for lane in range(_ABREAST):
                looks, coming = detection[at[lane], span], introduction[each[lane], span]
                by = slab[lane]
                for t in range(len(looks)):
                    look, come = looks[t], coming[t]
                    sound &= 0.0 <= look <= 1.0 and 0.0 <= come < 1.0
                    by[t] = (1.0 - look) / (1.0 - come)
            by_0, by_1 = slab[0], slab[1]
            coming_0, coming_1 = introduction[each[0], span], introduction[each[1], span]
            for t in range(len(coming_0)):
                by_0[t] = now_0 = (now_0 + coming_0[t]) * by_0[t]
                by_1[t] = now_1 = (now_1 + coming_1[t]) * by_1[t]
            for lane in range(_ABREAST):
                none, some = absent[at[lane], span], present[at[lane], span]
                by = slab[lane]
                for t in range(len(none)):
                    none[t] = 1.0 / (by[t] + 1.0)
                    some[t] = by[t] * none[t]
        for now in (now_0, now_1):
            sound = sound and np.isfinite(now)
    return sound
