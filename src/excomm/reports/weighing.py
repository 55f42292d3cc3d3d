"""Weighing: what the looks that overlap an allegation say for or against it.

Likelihood ratio and posterior are kept apart: the ratio is the desk's evidence, the prior is
somebody's claim. A look that could not have seen it says nothing; concealment is a floor under
which no number of misses goes.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import compress

import msgspec

from excomm.errors import InputError


class Look(msgspec.Struct, frozen=True, gc=False):
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

    @property
    def says(self) -> "Says":
        """What it says by itself."""
        return Says(self.ratio, self.power, self.hit)


class Together(msgspec.Struct, frozen=True):
    """What independent looks say together, whatever is concealed and was thought before."""

    ratio: float  # product of theirs
    unseen: float  # chance that what is there is missed by all of them
    hits: int
    misses: int
    strongest: float  # power of the best of those that saw nothing

    def likelihood_ratio(self, conceal: float) -> float:
        """Where it is hidden from every look with this probability."""
        return conceal + (1.0 - conceal) * self.ratio

    def power(self, conceal: float) -> float:
        """Chance that at least one would have seen it."""
        return (1.0 - conceal) * (1.0 - self.unseen)

    @property
    def overlaps(self) -> bool:
        """Whether any of them could have seen it."""
        return self.unseen < 1.0 or self.strongest > 0.0

    def also(self, other: "Together") -> "Together":
        """With other looks, independent of all of these."""
        return Together(
            self.ratio * other.ratio,
            self.unseen * other.unseen,
            self.hits + other.hits,
            self.misses + other.misses,
            max(self.strongest, other.strongest),
        )


NOTHING = Together(1.0, 1.0, 0, 0, 0.0)
"""What no look says."""


class Says(msgspec.Struct, frozen=True, gc=False):
    """What one look says."""

    ratio: float
    power: float
    hit: bool


SILENT = Says(1.0, 0.0, hit=False)
"""What a look says that says nothing."""


def together(looks: Iterable[Says]) -> Together:
    """What independent looks say together."""
    each = tuple(looks)
    hits = sum(look.hit for look in each)
    return Together(
        math.prod(look.ratio for look in each),
        math.prod(1.0 - look.power for look in each),
        hits,
        len(each) - hits,
        max((look.power for look in each if not look.hit), default=0.0),
    )


class Weighing(msgspec.Struct, frozen=True):
    """What all looks say together. power: chance that at least one would have seen it."""

    likelihood_ratio: float
    posterior: float
    prior: float
    conceal: float
    power: float
    looks: tuple[Look, ...]
    counted: tuple[Look, ...]  # without those that repeat their group
    together: Together  # these
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
            require_possible(look, f"looks[{n}]")
    kept = one_a_group([look.group for look in read], [look.says for look in read])
    counted = tuple(compress(read, kept))
    said = together(look.says for look in counted)
    return weighing(said, read, counted, conceal, prior)


def weighing(
    said: Together,
    looks: tuple[Look, ...],
    counted: tuple[Look, ...],
    conceal: float,
    prior: float,
) -> Weighing:
    """The same of looks that were put together already. said: what those counted say."""
    ratio = said.likelihood_ratio(conceal)
    words = [
        f"prior {prior:g}",
        f"concealed from every look with probability {conceal:g}",
        "looks independent of each other, save within a group",
    ]
    if len(counted) < len(looks):
        left_out = len(looks) - len(counted)
        words.append(f"{left_out} looks left out: another of their group says more")
    return Weighing(
        ratio,
        posterior(ratio, prior),
        prior,
        conceal,
        said.power(conceal),
        looks,
        counted,
        said,
        tuple(words),
    )


def posterior(ratio: float, prior: float) -> float:
    """Bayes: the chance that it is true, after looks of this ratio."""
    return prior * ratio / (prior * ratio + 1.0 - prior) if prior < 1.0 else 1.0


def one_a_group(groups: Sequence[str], says: Sequence[Says]) -> list[bool]:
    """Which looks count: of those of one group, the hit and the miss that tell most.

    groups: the cause of error that looks share; those of none (an empty word) all count.
    """
    most: dict[tuple[str, bool], int] = {}
    keys = [(group, look.hit) for group, look in zip(groups, says, strict=True)]
    for at, key in enumerate(keys):
        if key[0] and (key not in most or _tells(says[at]) > _tells(says[most[key]])):
            most[key] = at
    return [not key[0] or most[key] == at for at, key in enumerate(keys)]


def _tells(look: Says) -> float:
    return look.ratio if look.hit else look.power


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


def require_possible(look: Look, where: str) -> None:
    """Raises InputError naming the value that is outside its range."""
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
