"""Windowed: the pass over counts where thousands are there, on the numbers that matter alone.

What is there is held from a lowest to a highest number; what falls outside has a chance that is
bounded (Bernstein), and a pass is refused where all that was left out could be more than 1e-14 of
the likelihood. Staying is a convolution too: of n things each stays with chance s, and

    Bin(j; n, s) = Pois(j; h s) Pois(n - j; h (1 - s)) / Pois(n; h)

for any h; taken near n all three stay within doubles, every term is positive, and the digits stay.
The work grows with what is there itself, not with its square as a table of transitions does.
"""

import math

import msgspec
import numpy as np

from excomm.assurance.bounded import A_PERIOD, BESIDE, FIRST_BOUND
from excomm.assurance.known import First, Posterior, Record, log_binomial, log_factorials
from excomm.assurance.ranges import Floats

_DEEPEST = -600.0  # logarithm of the least chance that is told from none
_BLOCK = 20.0  # numbers at a time that share h, in its square roots
_TRIES = 3
_FEW, _MANY = 300, 2_000


class Window(msgspec.Struct, frozen=True):
    """Chances of `low`, `low` + 1, ... being there."""

    low: int
    chances: Floats


def is_cheaper(sites: int, most: int) -> bool:
    """Than a table of transitions for `most` things, which all sites may share."""
    return most >= _MANY or most >= max(_FEW, sites)


def forward(record: Record, first: First) -> Posterior | None:
    """The pass, site by site; None where a window cannot be proved to hold all that matters."""
    sites = [
        _site(record.rows(slice(site, site + 1)), first.known[site], float(first.unseen[site]))
        for site in range(len(record.counts))
    ]
    found = [each for each in sites if each is not None]
    if len(found) < len(sites):
        return None
    known = np.zeros((len(sites), max(one.low + len(one.chances) for _, one in found)))
    for row, (_, one) in zip(known, found, strict=True):
        row[one.low : one.low + len(one.chances)] = one.chances
    return Posterior(np.array([total for total, _ in found]), known, np.zeros(len(sites)), {})


def _site(record: Record, held: Floats, unseen: float) -> tuple[float, Window] | None:
    log_bound = max(FIRST_BOUND + A_PERIOD * record.counts.shape[1], _DEEPEST)
    for _ in range(_TRIES):
        log_total, window, log_lost = _pass(record, held, unseen, log_bound)
        if window is not None and log_lost <= log_total + BESIDE:
            return log_total, window
        if log_bound == _DEEPEST:
            return None
        lacking = log_lost - log_total - BESIDE + 1.0 if window is not None else math.inf
        log_bound = max(_DEEPEST, log_bound - lacking)
    return None


def _pass(
    record: Record, held: Floats, unseen: float, log_bound: float
) -> tuple[float, Window | None, float]:
    """Logarithm of the likelihood, what is there at the end, and of the most that was left out.

    None: the window holds nothing that could have been counted so.
    """
    window = _trimmed(_arrived(Window(0, held), unseen, log_bound), log_bound)
    log_total, reached = 0.0, []
    for period in range(record.counts.shape[1]):
        stay, arriving, look, false = (
            float(values[0, period])
            for values in (record.stay, record.arrivals, record.detection, record.false_items)
        )
        if period:
            window = _arrived(_thinned(window, stay, log_bound), arriving, log_bound)
            window = _trimmed(window, log_bound)
        # At most six parts are cut off a period, and no count to come has a chance above its best.
        reached.append(log_total + math.log(6.0) + log_bound)
        log_chances = _log_chances(int(record.counts[0, period]), look, false, window, log_bound)
        scale = float(log_chances.max())
        if scale == -math.inf:
            return -math.inf, None, 0.0
        chances = window.chances * np.exp(log_chances - scale)
        total = float(chances.sum())
        if not total > 0.0:
            return -math.inf, None, 0.0
        window = Window(window.low, chances / total)
        log_total += math.log(total) + scale
    best = [_log_best(record, period) for period in range(record.counts.shape[1])]
    ahead = np.cumsum(best[::-1])[::-1]
    lost = float(np.logaddexp.reduce(np.array(reached) + ahead))
    return log_total, _trimmed(window, log_bound), lost


def _trimmed(window: Window, log_bound: float) -> Window:
    """Without the ends that together have less than the bound, a half each."""
    least = math.exp(log_bound) / 2.0
    low = int(np.searchsorted(np.cumsum(window.chances), least, side="right"))
    high = int(np.searchsorted(np.cumsum(window.chances[::-1]), least, side="right"))
    return Window(window.low + low, window.chances[low : len(window.chances) - high])


def _arrived(window: Window, mean: float, log_bound: float) -> Window:
    if mean == 0.0:
        return window
    off = _deviation(mean, log_bound)
    low, high = max(0, math.floor(mean - off)), math.ceil(mean + off)
    coming = np.exp(_log_poisson(low, high, mean))
    return Window(window.low + low, np.convolve(window.chances, coming))


def _thinned(window: Window, stay: float, log_bound: float) -> Window:
    if stay == 1.0:
        return window
    if stay == 0.0:
        return Window(0, np.array([window.chances.sum()]))
    parts = []
    low, end = window.low, window.low + len(window.chances)
    while low < end:
        high = min(end, low + max(16, int(_BLOCK * math.sqrt(low))))
        chances = window.chances[low - window.low : high - window.low]
        parts.append(_thinned_block(Window(low, chances), stay, log_bound))
        low = high
    least = min(part.low for part in parts)
    thinned = np.zeros(max(part.low + len(part.chances) for part in parts) - least)
    for part in parts:
        thinned[part.low - least : part.low - least + len(part.chances)] += part.chances
    return Window(least, thinned)


def _thinned_block(window: Window, stay: float, log_bound: float) -> Window:
    low, high = window.low, window.low + len(window.chances) - 1
    centre, gone = max((low + high) / 2.0, 0.5), 1.0 - stay
    # How many go: from the fewest of the least number to the most of the largest.
    fewest = max(0, math.floor(low * gone - _deviation(low * gone * stay, log_bound)))
    most = min(high, math.ceil(high * gone + _deviation(high * gone * stay, log_bound)))
    with np.errstate(divide="ignore"):
        logs = np.log(window.chances) - _log_poisson(low, high, centre)
    top = float(logs.max())
    if top == -math.inf:
        return Window(0, np.zeros(1))
    going = np.exp(_log_poisson(fewest, most, centre * gone))
    left = np.convolve(np.exp(logs - top), going[::-1])
    first = low - most
    by = _log_poisson(max(first, 0), high - fewest, centre * stay) + top
    return Window(max(first, 0), left[max(0, -first) :] * np.exp(by))


def _deviation(variance: float, log_bound: float) -> float:
    """How far from its mean a sum of independent 0s and 1s, or a Poisson number, may lie.

    Beyond it the chance on either side is below the bound: Bernstein 1924,
    P(X - mean >= t) <= exp(-t^2 / (2 (variance + t / 3))).
    """
    far = -log_bound
    return far / 3.0 + math.sqrt(far * far / 9.0 + 2.0 * far * variance)


def _log_poisson(low: int, high: int, mean: float) -> Floats:
    n = np.arange(low, high + 1)
    logs: Floats = n * math.log(mean) - mean - log_factorials(high)[low:]
    return logs


def _log_chances(count: int, look: float, false: float, window: Window, log_bound: float) -> Floats:
    """Logarithm of the chance of the count, by what is there."""
    there = np.arange(window.low, window.low + len(window.chances))
    if false == 0.0:
        return log_binomial(np.array(count), there, np.array(look))
    most = min(count, math.ceil(false + _deviation(false, log_bound)))
    logs = np.full(len(there), -np.inf)
    for wrong, by in enumerate(_log_poisson(0, most, false)):
        right = log_binomial(np.array(count - wrong), there, np.array(look))
        np.logaddexp(logs, right + by, out=logs)
    return logs


def _log_best(record: Record, period: int) -> float:
    """Logarithm of a bound of the chance of the period's count, whatever is there."""
    count, look = int(record.counts[0, period]), float(record.detection[0, period])
    false = float(record.false_items[0, period])
    if false > 0.0:
        mode = math.floor(false)
        return float(_log_poisson(mode, mode, false)[0])
    if look == 0.0 or count == 0:
        return 0.0
    mode = math.floor(count / look)
    return float(log_binomial(np.array(count), np.array(mode), np.array(look)))
