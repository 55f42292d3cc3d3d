"""Refused: what refusals would say of an item, were one likelier where there is something to hide.

Nothing is learned from a refusal unless somebody stated by how much; even then the figure stands
beside the one without, and never takes its place.
"""

from collections.abc import Mapping
from datetime import date
from itertools import chain

import msgspec
import numpy as np

from excomm.assurance.assumed import Assumptions
from excomm.assurance.interval import Interval
from excomm.assurance.joint import LookRange
from excomm.assurance.looked import Looked, OnDay, Places
from excomm.assurance.ranges import Floats
from excomm.errors import InputError


class Refused(msgspec.Struct, frozen=True):
    """The joint figure with refusals weighed as stated."""

    ids: tuple[str, ...]  # the looks refused
    names: tuple[str, ...]  # the assumptions
    none_left_nor_back: Interval


class _Weighed(msgspec.Struct, frozen=True):
    ids: tuple[str, ...]
    names: tuple[str, ...]
    by: LookRange  # (places, days), factor of the odds


def refused(
    days: Mapping[date, OnDay],
    item: str,
    where: Places,
    assumed: Assumptions,
    looks: Looked,
    *,
    start: tuple[date, Interval],
    arrival: Interval,
) -> Refused | None:
    """What the joint figure would be; None where no ratio is stated for any look refused.

    days: each with a look, in order. start: its day, and the chance that none was left. A ratio,
    MEANS.ITEM.refusal_ratio, is how many times likelier a refusal is if something is at the places
    asked for. Refusals of one means are one decision: each place is weighed once by each means, on
    the day it was first refused.
    Raises InputError for a ratio that is not above 0.
    Source: Bayes; the odds at these places are multiplied by the ratio, those elsewhere stay.
    """
    day, none_left = start
    weighed = _weighed(days, item, where, assumed, looks, day)
    if weighed is None:
        return None
    by, seen = weighed.by, looks.detection
    found = [
        _at(chance, comes, detection, ratio)
        for chance, comes, detection, ratio in (
            (none_left.best, arrival.best, seen.best, by.best),
            (none_left.low, arrival.high, seen.low, by.high),
            (none_left.high, arrival.low, seen.high, by.low),
        )
    ]
    return Refused(weighed.ids, weighed.names, Interval.around(*found))


def _weighed(
    days: Mapping[date, OnDay],
    item: str,
    where: Places,
    assumed: Assumptions,
    looks: Looked,
    start: date,
) -> _Weighed | None:
    ones = [np.ones(looks.detection.best.shape) for _ in range(3)]
    listed_at = {place: at for at, place in enumerate(looks.places)}
    weighed: set[tuple[str, int]] = set()
    ids: list[str] = []
    names: list[str] = []
    for look in chain.from_iterable(found.not_made for found in days.values()):
        name = f"{look.means}.{item}.refusal_ratio"
        if look.outcome != "refused" or look.day <= start or look.doubt:
            continue
        places = where.covered(look)
        if not places or not assumed.offered(name):
            continue
        ratio = assumed.amount(name, "how many times likelier a refusal is if something is there")
        if not ratio.low > 0:
            raise InputError(f"assumptions.csv: {name}", ratio, "above 0", "1 teaches nothing.")
        ids.append(look.id)
        names.append(name)
        for place in places:
            at = listed_at[where.ids[place]]
            if (look.means, at) in weighed:
                continue
            weighed.add((look.means, at))
            for each, value in zip(ones, (ratio.low, ratio.best, ratio.high), strict=True):
                each[at, (look.day - start).days - 1] *= value
    if not ids:
        return None
    return _Weighed(tuple(ids), tuple(dict.fromkeys(names)), LookRange(*ones))


def _at(none_left: float, arrival: float, detection: Floats, ratio: Floats) -> float:
    """At one value of each: the weights of none and of one at each place, scaled every day."""
    places = len(detection)
    none, at_place = none_left, np.full(places, (1.0 - none_left) / places)
    for missed, by in zip(1.0 - detection.T, ratio.T, strict=True):
        at_place = missed * by * (at_place + none * arrival / places)
        none *= 1.0 - arrival
        total = none + float(at_place.sum())
        none, at_place = none / total, at_place / total
    return none
