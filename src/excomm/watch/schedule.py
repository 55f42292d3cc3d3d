"""A known schedule as arrays, and what it is worth: every figure is recomputed from the looks.

Looks are x[site, day, means]. Searching adds up w = -ln(1 - detection); what is reported is the
product of the misses, never a sum of logarithms and never a solver's figure.
"""

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.errors import InputError
from excomm.watch.linear import INFINITY, Floats
from excomm.watch.problems import KnownSchedule

Looks = NDArray[np.bool_]

CELLS_MOST = 4_000_000
# A sure look counts as this many nepers: beside it the chance of a miss is below a double's grain.
SURE = 40.0


class Arrays(msgspec.Struct, frozen=True):
    """What a known-schedule problem says, checked."""

    detect: Floats  # (sites, days, means)
    weight: Floats  # -ln(1 - detect), SURE at most
    sorties: Floats  # (means,) a day
    cost: Floats  # (means,)
    budget: float
    risk: Floats  # (sites, means), -ln(1 - risk)
    risk_budget: float  # -ln(1 - risk_max)
    window: int
    lead: int  # windows that start before day 0
    miss_before: Floats  # (sites, windows), chance that the looks already made missed

    @property
    def shape(self) -> tuple[int, int, int]:
        sites, days, means = self.detect.shape
        return sites, days, means

    @property
    def windows(self) -> int:
        """How many windows there are; window j starts on day j - lead."""
        return int(self.detect.shape[1]) - self.window + 1 + self.lead

    @property
    def before(self) -> Floats:
        """-ln of miss_before, SURE at most."""
        return nepers(1.0 - self.miss_before)

    def of_day(self, day: int) -> slice:
        """The windows that a look on the day is seen in."""
        first = day - self.window + 1 + self.lead
        return slice(max(first, 0), min(day + self.lead, self.windows - 1) + 1)


class Worth(msgspec.Struct, frozen=True):
    """What a schedule assures, and where it is weakest."""

    min_detection: float
    worst_site: int
    worst_start_day: int
    cost: float
    loss_prob: float


def nepers(detection: Floats) -> Floats:
    """-ln(1 - detection), at most SURE."""
    with np.errstate(divide="ignore"):
        return np.minimum(-np.log1p(-detection), SURE)


def arrays(problem: KnownSchedule) -> Arrays:
    """The problem as arrays. Raises InputError with the place in it (`$.detect[3][0][1]`)."""
    sites, days, means = len(problem.sites), problem.days, len(problem.means)
    _counts(problem, sites, days, means)
    detect = _cube(problem, (sites, days, means))
    risk = _risks(problem, sites, means)
    lead, miss_before = _carried(problem, sites)
    for place, limit in (("budget", problem.budget), ("risk_max", problem.risk_max)):
        if limit is not None and not limit >= 0:
            raise InputError(f"$.{place}", limit, "0 or more", "Leave it out for no limit.")
    if problem.risk_max is not None and not problem.risk_max <= 1:
        raise InputError("$.risk_max", problem.risk_max, "0 to 1", "Write 35 % as 0.35.")
    return Arrays(
        detect=detect,
        weight=nepers(detect),
        # Of a sortie that sees several sites each look has its share.
        sorties=np.array([float(m.sorties_per_day * m.sites_per_sortie) for m in problem.means]),
        cost=np.array([m.cost / m.sites_per_sortie for m in problem.means]),
        budget=INFINITY if problem.budget is None else problem.budget,
        risk=nepers(_of_looks(problem, risk)),
        risk_budget=INFINITY
        if problem.risk_max in {None, 1.0}
        else -float(np.log1p(-(problem.risk_max or 0.0))),
        window=problem.window_days,
        lead=lead,
        miss_before=miss_before,
    )


def coverage(arrays: Arrays, looks: Looks) -> Floats:
    """Nepers in every window, (sites, windows)."""
    daily = (arrays.weight * looks).sum(axis=2)
    ahead = np.zeros((len(daily), arrays.lead + 1))
    summed = np.cumsum(np.concatenate([ahead, daily], axis=1), axis=1)
    covered: Floats = summed[:, arrays.window :] - summed[:, : -arrays.window]
    return covered + arrays.before


def worth(arrays: Arrays, looks: Looks) -> Worth:
    """Least detection, and what it costs and risks, recomputed as products from the looks."""
    miss = misses(arrays, looks)
    site, window = np.unravel_index(int(miss.argmax()), miss.shape)
    kept = np.where(looks.any(axis=1), looks.sum(axis=1), 0)
    survive = np.exp(-(kept * arrays.risk).sum())
    return Worth(
        min_detection=float(1.0 - miss[site, window]),
        worst_site=int(site),
        worst_start_day=int(window) - arrays.lead,
        cost=float((looks.sum(axis=(0, 1)) * arrays.cost).sum()),
        loss_prob=float(1.0 - survive),
    )


def misses(arrays: Arrays, looks: Looks) -> Floats:
    """The chance that a start on the window's first day is missed, (sites, windows)."""
    daily = np.prod(1.0 - arrays.detect * looks, axis=2)
    padded = np.concatenate([np.ones((len(daily), arrays.lead)), daily], axis=1)
    miss = arrays.miss_before.copy()
    for day in range(arrays.window):
        miss *= padded[:, day : day + arrays.windows]
    return miss


def within_limits(arrays: Arrays, looks: Looks) -> bool:
    """Whether sorties, budget and loss budget hold, and no look is where none is possible."""
    used = looks.sum(axis=0)
    return bool(
        (used <= arrays.sorties).all()
        and (looks.sum(axis=(0, 1)) * arrays.cost).sum() <= arrays.budget + 1e-9
        and (looks.sum(axis=1) * arrays.risk).sum() <= arrays.risk_budget + 1e-12
        and not (looks & (arrays.detect <= 0)).any()
    )


def _counts(problem: KnownSchedule, sites: int, days: int, means: int) -> None:
    if not sites:
        raise InputError("$.sites", "none", "at least one site", "Name the sites.")
    if not means:
        raise InputError("$.means", "none", "at least one means", "Name a means of looking.")
    for name, names in (("sites", problem.sites), ("means", [m.name for m in problem.means])):
        twice = [n for n, said in enumerate(names) if said in names[:n]] if sites < 5000 else []
        if twice:
            raise InputError(f"$.{name}[{twice[0]}]", names[twice[0]], "a name of its own", "")
    if sites * days * means > CELLS_MOST:
        found = f"{sites * days * means} cells of site, day and means"
        raise InputError(
            "$.detect", found, f"at most {CELLS_MOST}", "Plan regions or months apart."
        )
    if problem.window_days < 1:
        raise InputError("$.window_days", problem.window_days, "1 or more", "")
    if problem.window_days > days:
        remedy = "Plan at least one window, or shorten the window."
        raise InputError("$.window_days", problem.window_days, f"1 to {days}, the days", remedy)
    for n, one in enumerate(problem.means):
        if one.sorties_per_day < 0:
            place = f"$.means[{n}].sorties_per_day"
            raise InputError(place, one.sorties_per_day, "0 or more", "Write 0 for none.")
        if one.sites_per_sortie < 1:
            place = f"$.means[{n}].sites_per_sortie"
            raise InputError(place, one.sites_per_sortie, "1 or more", "")
        if not 0 <= one.cost < INFINITY:
            raise InputError(f"$.means[{n}].cost", one.cost, "0 or more", "Write 0 for free.")


def _cube(problem: KnownSchedule, shape: tuple[int, int, int]) -> Floats:
    sites, days, means = shape
    place = "$.detect"
    if len(problem.detect) != sites:
        raise InputError(place, f"{len(problem.detect)} sites", f"{sites}, one for each site", "")
    for s, row in enumerate(problem.detect):
        if len(row) != days:
            raise InputError(f"{place}[{s}]", f"{len(row)} days", f"{days}, one for each day", "")
        for t, cell in enumerate(row):
            if len(cell) != means:
                expected = f"{means}, one for each means"
                raise InputError(f"{place}[{s}][{t}]", f"{len(cell)} means", expected, "")
    cube = np.array(problem.detect, dtype=np.float64).reshape(shape)
    _probabilities(place, cube)
    return cube


def _risks(problem: KnownSchedule, sites: int, means: int) -> Floats:
    if problem.risk is None:
        if problem.risk_max is not None:
            raise InputError(
                "$.risk", "nothing", "risk[site][means]", "Leave out risk_max, or add."
            )
        return np.zeros((sites, means))
    if len(problem.risk) != sites or any(len(row) != means for row in problem.risk):
        raise InputError("$.risk", "another shape", f"{sites} sites of {means} means", "")
    risk = np.array(problem.risk, dtype=np.float64).reshape((sites, means))
    _probabilities("$.risk", risk)
    return risk


def _of_looks(problem: KnownSchedule, risk: Floats) -> Floats:
    """The risk of a look: of a sortie that sees several sites the greatest, shared among them."""
    seen = np.array([m.sites_per_sortie for m in problem.means])
    shared: Floats = -np.expm1(np.log1p(-np.minimum(risk.max(axis=0), 1 - 1e-16)) / seen)
    return np.where(seen > 1, shared, risk)


def _carried(problem: KnownSchedule, sites: int) -> tuple[int, Floats]:
    lead = problem.window_days - 1 if problem.looks_before else 0
    windows = problem.days - problem.window_days + 1 + lead
    miss = np.ones((sites, windows))
    for n, (site, day, detection) in enumerate(problem.looks_before):
        place = f"$.looks_before[{n}]"
        if site not in problem.sites:
            raise InputError(f"{place}[0]", site, "a site of the plan", "Name it among the sites.")
        if day >= 0:
            raise InputError(f"{place}[1]", day, "a day below 0", "Day -1 is the last before.")
        if not 0 <= detection <= 1:
            raise InputError(f"{place}[2]", detection, "0 to 1", "Write 85 % as 0.85.")
        # Window j starts on day j - lead: it holds the day if it starts on the day or before.
        miss[problem.sites.index(site), : max(day + lead + 1, 0)] *= 1.0 - detection
    return lead, miss


def _probabilities(place: str, found: Floats) -> None:
    # Ranges say what must hold, so that NaN fails them.
    holds = (found >= 0) & (found <= 1)
    if not holds.all():
        at = np.unravel_index(int(holds.argmin()), found.shape)
        where = place + "".join(f"[{n}]" for n in at)
        raise InputError(where, float(found[at]), "0 to 1", "Write 85 % as 0.85, refused as 0.")
