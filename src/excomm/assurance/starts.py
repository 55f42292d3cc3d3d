"""Starts: what was there before the first count, in the four ways in which it may be given."""

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance.known import First, log_factorials
from excomm.assurance.ranges import Floats, not_negative, positive, require
from excomm.errors import InputError

Start = tuple[Any, ...] | ArrayLike
_FORMS = '("poisson", mean), ("negbin", mean, size), ("fixed", n) or probabilities of 0, 1, ...'


class Beginning(msgspec.Struct, frozen=True):
    """A start, cut where the chance of more is below a bound; most need no cut."""

    cut: Callable[[float], First]  # natural logarithm of the bound
    is_exact: bool


def start_of(start: Start, sites: int) -> Beginning:
    """The start, checked. Raises InputError for an unknown form or a value outside its range."""
    if not (isinstance(start, tuple) and start and isinstance(start[0], str)):
        return _exact(First(_pmf(start, sites), np.zeros(sites)))
    form, *values = start
    takes = {"poisson": 1, "negbin": 2, "fixed": 1}
    if form not in takes or len(values) != takes[form]:
        raise InputError("start", start, _FORMS)
    if form == "poisson":
        return _exact(First(np.ones((sites, 1)), _by_site("start mean", values[0], sites)))
    if form == "fixed":
        number = _by_site("start n", values[0], sites)
        require("start n", number, number == np.floor(number), "a whole number, 0 or more")
        pmf = np.zeros((sites, int(number.max()) + 1))
        pmf[np.arange(sites), number.astype(np.int64)] = 1.0
        return _exact(First(pmf, np.zeros(sites)))
    mean = _by_site("start mean", values[0], sites)
    size = positive("start size", _by_site("start size", values[1], sites))
    return Beginning(
        lambda bound: First(_negbin(mean, size, bound), np.zeros(sites)), is_exact=False
    )


def _exact(first: First) -> Beginning:
    return Beginning(lambda _: first, is_exact=True)


def _by_site(name: str, values: ArrayLike, sites: int) -> Floats:
    found = not_negative(name, values)
    if found.ndim == 2 and found.shape[1] == 1:
        found = found[:, 0]
    if found.shape not in ((), (1,), (sites,)):
        raise InputError(name, f"shape {found.shape}", f"one number, or one for each of {sites}")
    return np.broadcast_to(found, (sites,)).copy()


def _pmf(start: ArrayLike, sites: int) -> Floats:
    pmf = not_negative("start", start)
    if pmf.ndim not in (1, 2) or (pmf.ndim == 2 and len(pmf) not in (1, sites)) or not pmf.size:
        raise InputError("start", f"shape {pmf.shape}", _FORMS)
    sums = pmf.sum(axis=-1)
    require("start", sums, np.abs(sums - 1.0) <= 1e-9, "probabilities that add to 1")
    return np.broadcast_to(pmf, (sites, pmf.shape[-1])).copy()


def _negbin(mean: Floats, size: Floats, log_bound: float) -> Floats:
    """Rows of probabilities, cut where the chance and the mean of the rest are below the bound.

    Beyond n the ratio of neighbours is at most r = max(q, q (n + size) / (n + 1)),
    q = mean / (mean + size): the rest is below p(n) r / (1 - r), and its mean below n + 1 / (1 - r)
    times that.
    """
    share = mean / (mean + size)
    most = 64
    while True:
        ratio = np.maximum(share, share * (most + size) / (most + 1.0))
        n = np.arange(most + 1.0)
        logs = _log_rising(size, most) - log_factorials(most) + _log_none(mean, size)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            logs = logs + np.where(n > 0, n * np.log(share)[:, None], 0.0)
            rest = logs[:, -1] + np.log(ratio) - 2.0 * np.log1p(-np.minimum(ratio, 1.0))
        if ((ratio < 1.0) & (rest + np.log(most + 1.0) <= log_bound)).all():
            return np.exp(logs)
        most *= 2


def _log_none(mean: Floats, size: Floats) -> Floats:
    return -size * np.log1p(mean / size)


def _log_rising(size: Floats, most: int) -> Floats:
    # Logarithm of size (size + 1) ... (size + n - 1), row by row.
    steps = np.log(size[:, None] + np.arange(float(most)))
    return np.concatenate([np.zeros((len(size), 1)), np.cumsum(steps, axis=1)], axis=1)
