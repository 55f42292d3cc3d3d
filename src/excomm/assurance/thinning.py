"""Thinning: how many items may be about that nobody has seen, when every look saw nothing.

A Poisson number stays Poisson when each item stays, moves and is missed independently of the
others, so one mean a place says all. Not for counts that saw something.
"""

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance import grids
from excomm.assurance.ranges import Floats, not_negative, probabilities, require
from excomm.errors import InputError


class ExpectedRemaining(msgspec.Struct, frozen=True):
    """The undetected number at the end of each period: Poisson with these means."""

    mean: Floats  # (T, ...)

    @property
    def prob_none(self) -> Floats:
        """Probability that none is there, (T, ...), each place by itself."""
        return np.exp(-self.mean)

    @property
    def prob_some(self) -> Floats:
        """Its complement, with its own digits."""
        return -np.expm1(-self.mean)


def expected_remaining(
    start: ArrayLike,
    arrivals: ArrayLike,
    detection: ArrayLike,
    stay: ArrayLike = 1.0,
    routing: ArrayLike | None = None,
) -> ExpectedRemaining:
    """The mean number undetected after each period, nothing having been seen in any.

    start: (...), mean before the first period. arrivals: (T, ...), mean number arriving in each.
    detection: (T, ...), chance that the period's look sees any one item; 0 where nobody looked.
    stay: chance that an item is still there from one period to the next, the first included.
    routing: (S, S), row by row the chance that an item goes from one place to another between
    periods, for arrays whose last axis is the S places; a row may add to less than 1.
    Stay and move, arrive, then look. Raises InputError with argument and index.
    Source: thinning of a Poisson number, mu[t] = (1 - d[t]) (stay mu[t-1] + lambda[t]).

    >>> print(expected_remaining(2.0, [0.01, 0.01], [0.3, 0.5]).mean)
    [1.407  0.7085]
    """
    if grids.is_grid(start, arrivals, detection, stay, routing):
        if routing is not None:
            raise InputError(
                "routing", "a grid", "none", "What moves between places has no chunks."
            )
        return grids.expected_remaining(start, arrivals, detection, stay)
    before = not_negative("start", start)
    coming = not_negative("arrivals", arrivals)
    looks = probabilities("detection", detection)
    staying = probabilities("stay", stay)
    moves = None if routing is None else probabilities("routing", routing)
    try:
        coming, looks = np.broadcast_arrays(coming, looks)
        shape = np.broadcast_shapes(coming.shape[1:], before.shape)
        staying = np.broadcast_to(staying, coming.shape)
    except ValueError:
        raise InputError(
            "start, arrivals, detection, stay",
            f"shapes {before.shape}, {coming.shape}, {looks.shape}, {staying.shape}",
            "periods first, the rest broadcasting together",
        ) from None
    if coming.ndim == 0:
        raise InputError("arrivals", "one number", "one value a period", "Write [0.01].")
    if moves is not None:
        _require_routing(moves, shape)
    mean = np.empty((len(coming), *shape))
    now = np.broadcast_to(before, shape)
    for period, (arriving, look, stays) in enumerate(zip(coming, looks, staying, strict=True)):
        kept = stays * now
        moved = kept if moves is None else kept @ moves
        now = mean[period] = (1.0 - look) * (moved + arriving)
    return ExpectedRemaining(mean)


def _require_routing(moves: Floats, shape: tuple[int, ...]) -> None:
    if not shape or moves.shape != (shape[-1], shape[-1]):
        raise InputError(
            "routing",
            f"shape {moves.shape}",
            "places by places, the last axis of start, arrivals and detection being the places",
        )
    sums = moves.sum(axis=1)
    require("routing", sums, sums <= 1.0 + 1e-9, "rows that add to at most 1")
