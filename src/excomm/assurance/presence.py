"""Presence: how probable it is that nothing is there, after arrivals and looks that can miss.

Two weights are carried, absent and present; both only ever take products and sums of positive
numbers, so neither is had by subtracting from 1 and a complement of 1e-300 keeps its digits.
No dates here: a period is whatever the caller's arrays are cut into.
"""

import math

import msgspec
import numpy as np
from numpy.typing import ArrayLike

from excomm.assurance import grids, scan
from excomm.assurance.ranges import Floats, indexed, numbers, probabilities, require, single
from excomm.errors import InputError


class Presence(msgspec.Struct, frozen=True):
    """The two probabilities at the end of each period, (..., T); each with full precision."""

    absent: Floats
    present: Floats


class Equilibrium(msgspec.Struct, frozen=True):
    """Where the recursion settles under the same look and the same risk every period."""

    prior_absent: Floats  # before the period's look, arrivals counted
    absent: Floats  # after it
    present: Floats


def prob_absent(detection: ArrayLike, introduction: ArrayLike, prior_absent: ArrayLike) -> Presence:
    """The probability that nothing is there at the end of each period, nothing having been seen.

    detection: (..., T), chance that the period's look sees what is there; 0 where nobody looked.
    introduction: (..., T) or what broadcasts to it, chance that something arrives in the period
    where nothing is. prior_absent: (...), before the first period.
    Arrive, then look, in every period including the first: what comes can be seen at once.
    With 1 for a look or an arrival the result is the limit, exactly 0 or 1.
    Of Dask or xarray arrays nothing is computed yet (`grids.py`); faults come with the values.
    Raises InputError with the index for a value outside 0 to 1, shapes that do not broadcast, and
    a sure look that saw nothing where something surely is.
    Source: discounting of Martin, Cameron & Greiner 2007, Prev. Vet. Med. 79: 71-97, in odds of
    presence: o[t] = (1 - s[t]) (o[t-1] + pi[t]) / (1 - pi[t]).

    >>> print(prob_absent([0.4, 0.5], [0.01, 0.05], prior_absent=0.5).absent.round(4))
    [0.6203 0.7416]
    """
    if grids.is_grid(detection, introduction, prior_absent):
        return grids.prob_absent(detection, introduction, prior_absent)
    looks = numbers("detection", detection)
    if looks.size >= _COMPILED:
        found = _at_once(looks, numbers("introduction", introduction), prior_absent)
        if found is not None:
            return found
    looks = probabilities("detection", looks)
    if looks.ndim == 0:
        raise InputError(
            "detection", single("detection", looks), "one value a period", "Write [0.4]."
        )
    return prob_absent_over_places(looks[..., None, :], introduction, prior_absent)


_COMPILED = 1 << 19  # cells from which loading a compiler's work is worth it


def _at_once(looks: Floats, arrivals: Floats, prior_absent: ArrayLike) -> Presence | None:
    """A large grid in machine code; None where anything is amiss or certain: not said here."""
    from excomm.assurance import compiled

    before = probabilities("prior_absent", prior_absent)
    try:
        lead = np.broadcast_shapes(looks.shape[:-1], arrivals.shape[:-1], before.shape)
        shape = (math.prod(lead), looks.shape[-1])
        coming = np.broadcast_to(arrivals, (*lead, looks.shape[-1]))
        start = np.broadcast_to(before, lead).reshape(shape[0])
        seen = np.broadcast_to(looks, coming.shape).reshape(shape)
    except ValueError:
        return None
    if not start.min() > 0.0:
        return None
    coming = coming.reshape(shape) if arrivals.ndim > 1 else coming[(0,) * len(lead)][None]
    with np.errstate(over="ignore"):
        found = compiled.absent_and_present(seen, coming, (1.0 - start) / start)
    return found and Presence(*(part.reshape(*lead, shape[1]) for part in found))


def prob_absent_over_places(
    detection: ArrayLike, introduction: ArrayLike, prior_absent: ArrayLike
) -> Presence:
    """The same where looks reach some places and not others, and what is there stays put.

    detection: (..., S, T), chance that the period's look sees what is at that place. What is there
    before, and what arrives, is at one of the S places, each as likely. The probability is that of
    nothing at any of them, (..., T). A place never looked at keeps its share of the odds for good;
    averaging the looks over the places first would let twenty looks at one place clear the others.
    The remaining arguments, limits and errors are those of `prob_absent`.

    >>> twice_at_one = [[0.9, 0.9], [0.0, 0.0]]
    >>> print(prob_absent_over_places(twice_at_one, [0.0, 0.0], prior_absent=0.5).absent.round(4))
    [0.6452 0.6645]
    """
    looks = probabilities("detection", detection)
    if looks.ndim < 2 or 0 in looks.shape[-2:]:
        raise InputError(
            "detection", f"shape {looks.shape}", "places by periods, one or more of each"
        )
    arrivals_given = probabilities("introduction", introduction)
    before = probabilities("prior_absent", prior_absent)
    try:
        lead = np.broadcast_shapes(looks.shape[:-2], arrivals_given.shape[:-1], before.shape)
        arrivals = np.broadcast_to(arrivals_given, (*lead, looks.shape[-1]))
        looks = np.broadcast_to(looks, (*lead, *looks.shape[-2:]))
    except ValueError:
        raise InputError(
            "introduction, prior_absent",
            f"shapes {arrivals_given.shape}, {before.shape}",
            f"shapes that broadcast to {looks.shape[:-2]} with {looks.shape[-1]} periods",
        ) from None
    # One row for every series is not written out once for each.
    coming = arrivals if arrivals_given.ndim > 1 else arrivals[(0,) * len(lead)]
    return _by_odds(looks, coming, before) or _with_care(looks, arrivals, before)


def _by_odds(looks: Floats, arrivals: Floats, before: Floats) -> Presence | None:
    """By odds, a product and a sum a period; None where something is certain and has no odds."""
    *lead, places, periods = looks.shape
    series = math.prod(lead)
    start = np.broadcast_to(before, lead).reshape(series)
    coming = arrivals.reshape(-1, periods)
    if not series or not (start.min() > 0.0 and coming.max() < 1.0):
        return None
    with np.errstate(over="ignore"):
        odds = (1.0 - start) / start
    found = scan.absent_and_present(looks.reshape(series, places, periods), coming, odds)
    if found is None:
        return None
    absent, present = (part.reshape(*lead, periods) for part in found)
    return Presence(absent, present)


def _with_care(looks: Floats, arrivals: Floats, before: Floats) -> Presence:
    """By two weights, scaled every period: for limits at which the odds are 0 or without end."""
    *lead, places, periods = looks.shape
    absent = np.empty((*lead, periods))
    present = np.empty((*lead, periods))
    none = np.broadcast_to(before, lead)
    at_place = np.broadcast_to(((1.0 - before) / places)[..., None], (*lead, places))
    for period in range(periods):
        arrival = arrivals[..., period]
        at_place = (1.0 - looks[..., period]) * (at_place + (none * arrival / places)[..., None])
        none = none * (1.0 - arrival)
        some = at_place.sum(axis=-1)
        total = none + some
        _require_possible(total, period)
        none = absent[..., period] = none / total
        at_place = at_place / total[..., None]
        present[..., period] = some / total
    return Presence(absent, present)


def equilibrium(detection: ArrayLike, introduction: ArrayLike) -> Equilibrium:
    """Where `prob_absent` settles under one look and one risk a period; broadcast together.

    Where the look finds no more than arrives (detection <= introduction) it settles at 0.
    Raises InputError with the index where both are 0: every prior then stays as it is.
    Source: the fixed point of the recursion, (s - pi) / (s (1 - pi)); before the look 1 - pi/s.
    (epiR 2.0.57 rsu.pfree.equ has these two values under each other's names.)

    >>> found = equilibrium(0.6, 0.02)
    >>> print(found.prior_absent.round(4), found.absent.round(4))
    0.9667 0.9864
    """
    if grids.is_grid(detection, introduction):
        return grids.equilibrium(detection, introduction)
    look = probabilities("detection", detection)
    arrival = probabilities("introduction", introduction)
    try:
        look, arrival = np.broadcast_arrays(look, arrival)
    except ValueError:
        raise InputError(
            "introduction", f"shape {arrival.shape}", f"a shape that broadcasts with {look.shape}"
        ) from None
    require("detection", look, (look > 0) | (arrival > 0), "above 0 where nothing arrives")
    settles = look > arrival
    # Where it does not settle above 0 the divisor is replaced, and so is the quotient.
    found = np.where(settles, look, 1.0)
    stays = np.where(settles, 1.0 - arrival, 1.0)
    gap = np.where(settles, look - arrival, 0.0)
    present = np.where(settles, (1.0 - look) * arrival / (found * stays), 1.0)
    return Equilibrium(gap / found, gap / (found * stays), present)


def _require_possible(total: Floats, period: int) -> None:
    impossible = total <= 0
    if impossible.any():
        at = np.unravel_index(int(np.argmax(impossible)), impossible.shape)
        raise InputError(
            indexed("detection", *(int(i) for i in at), period),
            "a look that surely sees and saw nothing",
            "less than 1 where something is surely there",
            "One of prior_absent, introduction and detection must leave room for doubt.",
        )
