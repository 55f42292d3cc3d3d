"""Weighing: what the looks that overlap an allegation say for or against it.

Likelihood ratio and posterior are kept apart: the ratio is the desk's evidence, the prior is
somebody's claim. A look that could not have seen it says nothing; concealment is a floor under
which no number of misses goes.
"""

import math
from collections.abc import Iterable, Mapping

import msgspec

from excomm.errors import InputError


class Look(msgspec.Struct, frozen=True):
    """One look as it bears on one allegation; shares and probabilities 0 to 1.

    f: share of the area alleged that was covered; tau: share of the time; p: chance to see it where
    and while covered; q: chance of a false alarm, below 1; hit: something was seen.
    group: looks that share a cause of error (same crew, same reader) share a group.
    """

    f: float
    tau: float
    p: float
    q: float
    hit: bool
    group: str = ""
    id: str = ""

    @property
    def is_possible(self) -> bool:
        """Whether every value is within its range."""
        shares = 0.0 <= self.f <= 1.0 and 0.0 <= self.tau <= 1.0 and 0.0 <= self.p <= 1.0
        return shares and 0.0 <= self.q < 1.0 and not (self.hit and self.q == 0.0)

    @property
    def power(self) -> float:
        """Chance that this look sees it, were the allegation true and nothing concealed."""
        return self.f * self.tau * self.p

    @property
    def ratio(self) -> float:
        """P(what this look gave | true) / P(it | false)."""
        s = self.power
        return (s + (1.0 - s) * self.q) / self.q if self.hit else 1.0 - s


class Weighing(msgspec.Struct, frozen=True):
    """What all looks say together. power: chance that at least one would have seen it."""

    likelihood_ratio: float
    posterior: float
    prior: float
    conceal: float
    power: float
    looks: tuple[Look, ...]
    counted: tuple[Look, ...]  # without those that repeat their group
    assumptions: tuple[str, ...]

    def table(self) -> tuple[tuple[str, ...], ...]:
        """Heads, then a row a look: id, power, hit, ratio, whether it counted."""
        heads = ("look", "power", "saw it", "ratio", "counted")
        rows = (
            (
                look.id or str(n),
                f"{look.power:.3g}",
                "yes" if look.hit else "no",
                f"{look.ratio:.3g}",
                "yes" if look in self.counted else "no: group",
            )
            for n, look in enumerate(self.looks, 1)
        )
        return (heads, *rows)


def weigh(looks: Iterable[Mapping[str, object] | Look], conceal: float, prior: float) -> Weighing:
    """Likelihood ratio and posterior of an allegation, from the looks that overlap it.

    looks: Look, or mappings with the keys f, tau, p, q, hit (and, where known, group, id). conceal:
    probability that what is alleged is hidden from every look, 0 to 1. prior: probability before
    the looks, 0 to 1, both ends possible.
    No look gives ratio 1 and the prior. Of the looks of one group one hit and one miss count, those
    that say most.
    Raises InputError naming look and key: a key missing, a value outside its range, a hit by a
    means that never errs (q = 0).
    Source: Bayes; s = f tau p, P(hit | true) = s + (1 - s) q, P(hit | false) = q,
    ratio = conceal + (1 - conceal) * product over looks.

    >>> seen = weigh([{"f": 0.5, "tau": 0.9, "p": 0.7, "q": 0.01, "hit": 0}], 0.02, 0.2)
    >>> round(seen.likelihood_ratio, 4), round(seen.posterior, 6)
    (0.6913, 0.147358)
    """
    _share("conceal", conceal)
    _share("prior", prior)
    read = tuple(
        look if isinstance(look, Look) else _look(look, f"looks[{n}]")
        for n, look in enumerate(looks)
    )
    for n, look in enumerate(read):
        # Asked of 100,000 looks several times: where the fault lies is written where there is one.
        if not look.is_possible:
            _require(look, f"looks[{n}]")
    counted = _one_a_group(read)
    ratio = conceal + (1.0 - conceal) * math.prod(look.ratio for look in counted)
    unseen = math.prod(1.0 - look.power for look in counted)
    said = [
        f"prior {prior:g}",
        f"concealed from every look with probability {conceal:g}",
        "looks independent of each other, save within a group",
    ]
    if len(counted) < len(read):
        said.append(f"{len(read) - len(counted)} looks left out: another of their group says more")
    return Weighing(
        ratio,
        prior * ratio / (prior * ratio + 1.0 - prior) if prior < 1.0 else 1.0,
        prior,
        conceal,
        (1.0 - conceal) * (1.0 - unseen),
        read,
        counted,
        tuple(said),
    )


def _look(raw: Mapping[str, object], where: str) -> Look:
    values: dict[str, float] = {}
    for key in ("f", "tau", "p", "q", "hit"):
        value = raw.get(key)
        if isinstance(value, bool):
            value = int(value)
        if not isinstance(value, int | float):
            raise InputError(f"{where}.{key}", value, "a number", "Give f, tau, p, q and hit.")
        values[key] = float(value)
    if values["hit"] not in (0.0, 1.0):
        raise InputError(f"{where}.hit", raw["hit"], "0 or 1", "Write 1 where something was seen.")
    hit = values.pop("hit") == 1.0
    return Look(**values, hit=hit, group=str(raw.get("group", "")), id=str(raw.get("id", "")))


def _require(look: Look, where: str) -> None:
    for key, value in (("f", look.f), ("tau", look.tau), ("p", look.p)):
        _share(f"{where}.{key}", value)
    if not 0.0 <= look.q < 1.0:
        raise InputError(f"{where}.q", look.q, "0 to below 1", "Write 5 % as 0.05.")
    if look.hit and look.q == 0.0:
        raise InputError(
            f"{where}.q", look.q, "above 0 where something was seen", "No means is free of errors."
        )


def _share(where: str, value: float) -> None:
    if not 0.0 <= value <= 1.0:
        raise InputError(where, value, "0 to 1", "Write 85 % as 0.85.")


def _one_a_group(looks: tuple[Look, ...]) -> tuple[Look, ...]:
    most: dict[tuple[str, bool], Look] = {}
    for look in looks:
        key = (look.group, look.hit)
        if look.group and (key not in most or _says(look) > _says(most[key])):
            most[key] = look
    return tuple(look for look in looks if not look.group or most[look.group, look.hit] is look)


def _says(look: Look) -> float:
    return look.ratio if look.hit else look.power
