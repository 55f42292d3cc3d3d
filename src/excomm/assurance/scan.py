"""Scan: the odds of presence over many periods, o[t] = (o[t-1] + pi[t]) (1 - s[t]) / (1 - pi[t]).

Many series run period by period, all at once, a few periods in the cache at a time. A long series
is cut into blocks that run side by side; each block's result is a multiple of what it starts from
and a rest, so the blocks are joined afterwards. Only sums and products of
positive numbers: the digits stay.
"""

import numpy as np

from excomm.assurance.ranges import Floats

_SIDE_BY_SIDE = 48  # so many series are as fast period by period
_SERIES = 1 << 11  # of a slab that stays in a cache
_PERIODS = 32
_BLOCK = 128
_LARGE = 1e8  # from odds above it, what fell below a double could show


def absent_and_present(
    detection: Floats, introduction: Floats, odds_before: Floats
) -> tuple[Floats, Floats] | None:
    """Probabilities at the end of each period, (R, T) each; None where a limit asks for care.

    detection: (R, S, T). introduction: (R, T) or (1, T), below 1. odds_before: (R,), spread evenly
    over the S places. Unchecked: callers hold checked values.
    """
    series, places, periods = detection.shape
    with np.errstate(invalid="ignore", over="ignore", under="ignore", divide="ignore"):
        if series * places >= _SIDE_BY_SIDE or periods < 2 * _BLOCK:
            return _by_period(detection, introduction, odds_before)
        return _by_block(detection, introduction, odds_before)


def _by_period(
    detection: Floats, introduction: Floats, odds_before: Floats
) -> tuple[Floats, Floats] | None:
    series, places, periods = detection.shape
    absent, present = np.empty((periods, series)), np.empty((periods, series))
    step = min(series, max(1, _SERIES // places))
    shared = len(introduction) == 1
    # The same few arrays serve every slab: they stay in the cache.
    slab = np.empty((min(_PERIODS, periods), step * places))
    arriving, staying = np.empty_like(slab), np.empty_like(slab)
    now, come = np.empty(step * places), np.empty(step * places)
    for at in range(0, series, step):
        rows = slice(at, min(at + step, series))
        size = (rows.stop - at) * places
        last = now[:size]
        last[:] = np.repeat(odds_before[rows] / places, places)
        for first in range(0, periods, _PERIODS):
            span = slice(first, min(first + _PERIODS, periods))
            odds = slab[: span.stop - first, :size]
            np.subtract(1.0, detection[rows, :, span].reshape(size, -1).T, out=odds)
            coming: Floats | list[float]
            if shared:
                once = introduction[0, span]
                odds /= (1.0 - once)[:, None]
                coming = (once / places).tolist()
            else:
                coming = arriving[: len(odds), :size]
                each = introduction[rows, span].T
                np.copyto(coming, np.repeat(each, places, axis=1) if places > 1 else each)
                odds /= np.subtract(1.0, coming, out=staying[: len(odds), :size])
                if places > 1:
                    coming /= places
            for period in range(len(odds)):
                np.add(last, coming[period], out=come[:size])
                last = np.multiply(come[:size], odds[period], out=odds[period])
            now[:size] = last
            last = now[:size]
            total = odds if places == 1 else odds.reshape(len(odds), -1, places).sum(axis=2)
            if not np.isfinite(total[-1]).all():
                return None
            none = absent[span, rows]
            np.add(total, 1.0, out=none)
            np.divide(1.0, none, out=none)
            np.multiply(total, none, out=present[span, rows])
    return absent.T, present.T


def _by_block(
    detection: Floats, introduction: Floats, odds_before: Floats
) -> tuple[Floats, Floats] | None:
    series, places, periods = detection.shape
    rows = series * places
    blocks = periods // _BLOCK
    whole = blocks * _BLOCK
    odds = np.empty((rows, periods))
    miss = (1.0 - detection).reshape(rows, periods)
    alone = introduction if len(introduction) == series else introduction[:1]
    coming = np.repeat(alone, places, axis=0) if len(alone) > 1 else alone
    miss /= 1.0 - coming
    rest = miss * (coming if places == 1 else coming / places)

    # Period within the block first, so that each step is one contiguous operation.
    def laid(values: Floats) -> Floats:
        return np.ascontiguousarray(values[:, :whole].reshape(rows * blocks, _BLOCK).T)

    grown, added = laid(miss), laid(rest)
    step = np.empty(rows * blocks)
    for period in range(1, _BLOCK):
        np.multiply(added[period - 1], grown[period], out=step)
        np.add(added[period], step, out=added[period])
        np.multiply(grown[period - 1], grown[period], out=grown[period])
    entering, leaving = _joined(
        grown[-1].reshape(rows, blocks), added[-1].reshape(rows, blocks), odds_before, places
    )
    grown *= entering.ravel()
    grown += added
    odds[:, :whole] = grown.T.reshape(rows, whole)
    for period in range(whole, periods):
        leaving = odds[:, period] = leaving * miss[:, period] + rest[:, period]
    total = odds if places == 1 else odds.reshape(series, places, periods).sum(axis=1)
    if not (entering.max() <= _LARGE and np.isfinite(total.max())):
        return None
    absent = total + 1.0
    np.divide(1.0, absent, out=absent)
    total *= absent
    return absent, total


def _joined(
    grown: Floats, added: Floats, odds_before: Floats, places: int
) -> tuple[Floats, Floats]:
    """The odds at each block's start, (rows, blocks), and after the last, (rows,)."""
    entering, leaving = np.empty(grown.shape), np.empty(len(grown))
    for row, (grows, adds) in enumerate(zip(grown.tolist(), added.tolist(), strict=True)):
        now = float(odds_before[row // places]) / places
        held = []
        for by, more in zip(grows, adds, strict=True):
            held.append(now)
            now = now * by + more
        entering[row], leaving[row] = held, now
    return entering, leaving
