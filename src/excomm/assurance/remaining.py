"""Remaining: how many are there, after counts that miss some, add some, or could not be made.

What is there is split into the known (counted at some look, or in the start) and the never seen,
and given the counts the never seen are Poisson and independent of the known: the generating
function is a polynomial, the known, times an exponential, the never seen. Everything is a sum of
products of probabilities. There is no guessed upper bound; where a bounded number is cheaper, the
chance of more is proved to be below 1e-14 of the likelihood (`bounded.py`).
"""

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance import bounded, grids, known, windowed
from excomm.assurance.exits import least_reaching
from excomm.assurance.ranges import (
    Floats,
    indexed,
    not_negative,
    probabilities,
    probability,
    require,
)
from excomm.assurance.starts import Start, start_of
from excomm.errors import InputError


class Remaining(msgspec.Struct, frozen=True):
    """What is there after the last period, given all the counts: known + Poisson(unseen)."""

    log_likelihood: Floats  # (S,), natural logarithm of the chance of the counts
    known: Floats  # (S, K), probability of 0, 1, ... known to be there
    unseen: Floats  # (S,), mean number never seen

    @property
    def mean(self) -> Floats:
        """Expected number there, (S,)."""
        mean: Floats = self.known @ np.arange(self.known.shape[1]) + self.unseen
        return mean

    @property
    def prob_none(self) -> Floats:
        """Probability that none is there, (S,)."""
        none: Floats = self.known[:, 0] * np.exp(-self.unseen)
        return none

    @property
    def prob_some(self) -> Floats:
        """Its complement, with its own digits, (S,)."""
        some: Floats = self.known[:, 1:].sum(axis=1) - self.known[:, 0] * np.expm1(-self.unseen)
        return some

    @property
    def pmf(self) -> Floats:
        """Probability of 0, 1, ... there, (S, N); what is beyond N has less than 1e-30."""
        more = known.poisson_pmf(self.unseen)
        short, long = sorted((self.known, more), key=lambda part: part.shape[1])
        pmf = np.zeros((len(more), short.shape[1] + long.shape[1] - 1))
        for n in range(short.shape[1]):
            pmf[:, n : n + long.shape[1]] += short[:, n : n + 1] * long
        return pmf

    def upper(self, level: float) -> Floats:
        """Least r such that at most r are there with probability `level` or more, (S,)."""
        sure = probability("level", level)
        if sure == 1.0 and self.unseen.any():
            raise InputError("level", level, "below 1", "No number is certain not to be exceeded.")
        return least_reaching(self.pmf, sure).astype(np.float64)


def remaining(
    counts: ArrayLike,
    start: Start,
    arrivals: ArrayLike,
    detection: ArrayLike,
    stay: ArrayLike = 1.0,
    false_items: ArrayLike = 0.0,
) -> Remaining:
    """How many are at each of S sites after T periods, from what was counted there.

    counts: (S, T), whole numbers counted; nan where nobody looked. start: what was there at the
    first look: ("poisson", mean), ("negbin", mean, size), ("fixed", n), numbers or (S,) each; or
    probabilities of 0, 1, ... as (N,) or (S, N). The rest broadcasts over (S, T). arrivals: mean
    number arriving between the look before and this one, Poisson; the first is unused. detection:
    chance that a look counts any one thing there, none twice. stay: chance that one is still there
    at the next look; the first is unused. false_items: mean number counted that is not there,
    Poisson. Counting removes nothing: what was counted may be counted again.
    Of Dask or xarray arrays the same is had chunk by chunk (`grids.RemainingOverGrid`), with one
    start for all sites.
    Raises InputError with the index, also for counts that start, arrivals and detection exclude.
    Source: Dail & Madsen 2011, Biometrics 67: 577-587, without their bound K; the recursion is that
    of Winner & Sheldon 2016, NIPS 29, held as probabilities.

    >>> found = remaining([[3, 2, float("nan"), 0]], ("poisson", 4), 0.5, 0.5, stay=0.8)
    >>> print(found.mean.round(4), found.prob_none.round(4), found.upper(0.95))
    [2.1887] [0.0761] [4.]
    """
    if grids.is_grid(counts, arrivals, detection, stay, false_items):
        rest = {"arrivals": arrivals, "detection": detection, "stay": stay}
        over: Remaining = grids.remaining(counts, start, {**rest, "false_items": false_items})
        return over
    seen = _counts(counts)
    arriving, looks, staying, false = (
        _over(name, check(name, values), seen.shape)
        for name, check, values in (
            ("arrivals", not_negative, arrivals),
            ("detection", probabilities, detection),
            ("stay", probabilities, stay),
            ("false_items", not_negative, false_items),
        )
    )
    looked = ~np.isnan(seen)
    record = known.Record(
        counts=np.where(looked, seen, 0.0).astype(np.int64),
        arrivals=arriving,
        detection=np.where(looked, looks, 0.0),
        stay=staying,
        false_items=np.where(looked, false, 0.0),
    )
    beginning = start_of(start, len(seen))
    log_bound = bounded.FIRST_BOUND
    while True:
        found = _either(record, beginning.cut(log_bound))
        _require_possible(seen, found.impossible)
        needed = float(found.log_likelihood.min(initial=0.0)) + bounded.BESIDE
        if beginning.is_exact or log_bound <= needed:
            return Remaining(found.log_likelihood, found.known, found.unseen)
        log_bound = needed - 1.0


def _either(record: known.Record, first: known.First) -> known.Posterior:
    # A number bounded beforehand is cheaper once the counts add to far more than is ever there.
    log_bound = bounded.FIRST_BOUND + bounded.A_PERIOD * record.counts.shape[1]
    wide = known.width(record, first)
    if windowed.is_cheaper(len(record.counts), bounded.most(record, first, log_bound)):
        new = int(record.counts.max()) + 1
        if wide * new >= _MANY and (found := windowed.forward(record, first)):
            return found
        _require_feasible(record, wide * new)
    for _ in range(_TRIES):
        most = bounded.most(record, first, log_bound)
        is_short = record.counts.shape[1] <= bounded.LONG or wide <= _NARROW
        if wide <= bounded.WORTH * most and is_short:
            break
        found, least = bounded.forward(record, first, most, log_bound)
        if found is not None:
            return found
        if least + bounded.BESIDE >= log_bound or least == -np.inf:
            break
        log_bound = least + bounded.BESIDE - 1.0
    return known.forward(record, first)


_TRIES = 3
_NARROW = 64  # so few are quick to do again in logarithms, and then no tail is lost
_MANY = 1 << 16  # sums a look at a site from which a window is cheaper
_MOST = 1 << 28  # and from which the exact pass is no use


def _require_feasible(record: known.Record, sums: int) -> None:
    if sums > _MOST:
        at = np.unravel_index(int(record.counts.argmax()), record.counts.shape)
        raise InputError(
            indexed("counts", *(int(i) for i in at)),
            int(record.counts[at]),
            "counts that start, arrivals and detection make likelier than 1e-250",
            "More was counted than could be there, or far more or fewer than was thought.",
        )


def _counts(counts: ArrayLike) -> Floats:
    try:
        seen = np.asarray(counts, dtype=np.float64)
    except (TypeError, ValueError):
        raise InputError("counts", counts, "numbers of one shape") from None
    if seen.ndim != 2 or 0 in seen.shape:
        raise InputError(
            "counts",
            f"shape {seen.shape}",
            "sites by periods, one or more of each",
            "Write [[3, 2, 0]].",
        )
    whole = np.isnan(seen) | ((seen >= 0) & (seen < 2.0**31) & (seen == np.floor(seen)))
    return require("counts", seen, whole, "a whole number, 0 or more", "nan where nobody looked.")


def _over(name: str, values: Floats, shape: tuple[int, ...]) -> Floats:
    try:
        return np.broadcast_to(values, shape)
    except ValueError:
        raise InputError(
            name, f"shape {values.shape}", f"what broadcasts to sites by periods, {shape}"
        ) from None


def _require_possible(seen: Floats, impossible: dict[int, int]) -> None:
    for site, period in impossible.items():
        raise InputError(
            indexed("counts", site, period),
            f"{seen[site, period]:g}",
            "a count that start, arrivals and detection allow",
            "More was counted than could be there, or something where no look sees any.",
        )
