"""The worst case: what the looks are worth against somebody who knows them. No prior is needed.

Never an average over places: whoever hides chooses.
"""

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance import grids
from excomm.assurance.ranges import Floats, positive, probabilities, require, single, whole
from excomm.errors import InputError


class WorstSite(msgspec.Struct, frozen=True):
    """Where everything hidden is most likely to have been missed."""

    site: int  # 0-based; the first of equals
    miss: float  # chance that all of it was missed there
    misses: Floats  # (S,), the same for every site


class MovingEvader(msgspec.Struct, frozen=True):
    """The best that somebody who moves between looks can do."""

    miss: float  # chance that every look missed it
    path: tuple[int, ...]  # the site at each look, 0-based; the first of equals


class Visits(msgspec.Struct, frozen=True):
    """How often to visit each site in one secret, random round."""

    visits: Floats  # (S,), probability of a visit
    guaranteed: float  # detection wherever the other side hides


def worst_site(detection: ArrayLike | Sequence[Sequence[float]], present: int = 1) -> WorstSite:
    """The site at which `present` items, kept together, are likeliest to have been missed.

    detection: (S, T), or one row of looks a site where sites were looked at differently often; the
    chance that a look sees any one item there. A site without looks has missed everything.
    Of Dask or xarray arrays nothing is computed yet (`grids.py`).
    Source: the largest product of (1 - d) over a site's looks, to the power `present`.

    >>> found = worst_site([[0.2, 0.3], [0.1, 0.1], [0.5]], present=2)
    >>> found.site, round(found.miss, 4)
    (1, 0.6561)
    """
    present = whole("present", present, least=1)
    if grids.is_grid(detection):
        return grids.worst_site(detection, present)
    rows: Sequence[ArrayLike] = list(detection)  # type: ignore[arg-type]
    if not rows:
        raise InputError("detection", "no site", "one row of looks a site")
    missed = [np.prod(1.0 - _looks(i, row)) for i, row in enumerate(rows)]
    misses = np.array(missed, dtype=np.float64) ** present
    site = int(misses.argmax())
    return WorstSite(site, float(misses[site]), misses)


def worst_site_drawn(sites: int, drawn: int, detection: ArrayLike) -> float:
    """Detection against one item at the site of its owner's choice, when k of S sites are drawn.

    sites, drawn: S and k, all sets of k as likely, drawn in secret. detection: one number, or (S,),
    the chance that a visit finds what is there. Never above k/S, however good the visit.

    >>> worst_site_drawn(24, 6, 0.8)
    0.2
    """
    sites = whole("sites", sites, least=1)
    drawn = whole("drawn", drawn)
    if drawn > sites:
        raise InputError("drawn", drawn, f"at most sites = {sites}")
    visits = probabilities("detection", detection)
    if visits.ndim and visits.shape != (sites,):
        raise InputError("detection", f"shape {visits.shape}", f"one number, or one of {sites}")
    return drawn / sites * float(visits.min())


def moving_evader(detection: ArrayLike, moves: ArrayLike) -> MovingEvader:
    """The way round the looks that is likeliest to be missed, for a thing that moves between them.

    detection: (S, T), chance that look t sees it at site s; 0 where nobody looked. moves: (S, S),
    true or 1 where it can get from one site to another between two looks; staying is the diagonal
    and must be allowed too. It starts anywhere and knows the looks beforehand: a bound against
    anybody, moving or not. Raises InputError where there is no way at all.
    Source: dynamic programme, miss[s, t] = (1 - d[s, t]) max over s' to s of miss[s', t - 1].

    >>> found = moving_evader([[0.9, 0.0], [0.0, 0.9]], [[1, 1], [1, 1]])
    >>> found.path, found.miss
    ((1, 0), 1.0)
    """
    looks = probabilities("detection", detection)
    if looks.ndim != 2 or 0 in looks.shape:
        raise InputError("detection", f"shape {looks.shape}", "sites by looks, one or more of each")
    allowed = probabilities("moves", np.asarray(moves, dtype=np.float64))
    require("moves", allowed, (allowed == 0) | (allowed == 1), "0 or 1, whether it can")
    sites, times = looks.shape
    if allowed.shape != (sites, sites):
        raise InputError("moves", f"shape {allowed.shape}", f"sites by sites, ({sites}, {sites})")
    with np.errstate(divide="ignore"):
        log_miss = np.log1p(-looks)
        log_move = np.log(allowed)
    best = log_miss[:, 0]
    came_from = np.zeros((times, sites), dtype=np.int64)
    reachable = np.ones(sites, dtype=bool)
    for time in range(1, times):
        reachable = np.asarray((allowed[reachable] > 0).any(axis=0))
        if not reachable.any():
            raise InputError(
                "moves", f"no way on after look {time - 1}", "a way through all looks",
                "Write 1 on the diagonal where it can stay.",
            )  # fmt: skip
        through = best[:, None] + log_move
        came_from[time] = through.argmax(axis=0)
        best = through.max(axis=0) + log_miss[:, time]
    path = [int(best.argmax())]
    for time in range(times - 1, 0, -1):
        path.append(int(came_from[time, path[-1]]))
    return MovingEvader(float(np.exp(best.max())), tuple(reversed(path)))


def equalising_visits(detection: ArrayLike, cost: ArrayLike, budget: float) -> Visits:
    """Visit probabilities that leave no site better to hide at, within a budget.

    detection: (S,), above 0, chance that a visit finds what is there. cost: (S,) or one number,
    above 0, of a visit. budget: expected cost of the round, above 0. The other side may know the
    probabilities, not the draw. Visits that are already certain stop the guarantee at the smallest
    detection; money left then buys nothing.
    Source: maximise min x d subject to sum cost x <= budget, 0 <= x <= 1; x d comes out equal.

    >>> print(equalising_visits([0.9, 0.6, 0.3], cost=1, budget=1.0).visits.round(3))
    [0.182 0.273 0.545]
    """
    found = positive("detection", probabilities("detection", detection))
    if found.ndim != 1 or not found.size:
        raise InputError("detection", f"shape {found.shape}", "one value a site")
    costs = positive("cost", cost)
    if costs.ndim and costs.shape != found.shape:
        raise InputError("cost", f"shape {costs.shape}", f"one number, or shape {found.shape}")
    money = single("budget", positive("budget", budget))
    guaranteed = min(money / float((costs / found).sum()), float(found.min()))
    return Visits(guaranteed / found, guaranteed)


def _looks(site: int, row: ArrayLike) -> Floats:
    looks = probabilities(f"detection[{site}]", row)
    if looks.ndim != 1:
        raise InputError(f"detection[{site}]", f"shape {looks.shape}", "one row of looks a site")
    return looks
