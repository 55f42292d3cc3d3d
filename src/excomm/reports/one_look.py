"""One look on one allegation: whether they overlap in place, time and kind, and what it then says.

Nothing here knows of other looks: what was worked out of one holds whatever else is entered. Ranges
of the assumptions are kept, so that all looks together can be put at their worst and their best.
"Not looked" is never "not there".
"""

from typing import Literal

import msgspec

from excomm.errors import InputError
from excomm.reports.alleged import Alleged, Bears, Range
from excomm.reports.held import Assumed, Attempt, Known
from excomm.reports.overlap import (
    Disc,
    Footprint,
    share_of_area,
    share_of_footprint,
    share_of_time,
)
from excomm.reports.weighing import SILENT, Look, Says, require_possible

End = Literal["low", "best", "high"]
ENDS: tuple[End, End, End] = ("low", "best", "high")


class Borne(msgspec.Struct, frozen=True, gc=False):
    """A look for the item alleged, with what it comes to here.

    left_out: why it cannot be used, where it overlaps in time; empty where it does not overlap or
    bears. fault: the assumption that it lacks. low, best, high: what it says at the values of its
    assumptions that put the ratio lowest, at their best, and that put it highest.
    """

    attempt: Attempt
    left_out: str = ""
    bears: Bears | None = None
    counts: tuple[str, ...] = ()  # ids of the counts that saw it
    fault: InputError | None = None
    low: Says = SILENT
    best: Says = SILENT
    high: Says = SILENT

    @property
    def overlaps(self) -> bool:
        """Whether it bears, or would with the assumption that it lacks."""
        return self.bears is not None or self.fault is not None

    def at(self, end: End) -> Says:
        """What it says at one end."""
        return self.low if end == "low" else self.best if end == "best" else self.high


class Assuming:
    """The assumptions of the case, each by its name, remembered as used."""

    def __init__(self, known: Known) -> None:
        self._rows = known.assumed
        self.used: dict[str, Assumed] = {}

    def first_of(self, *names: str) -> Range | None:
        """The first of these rows that was entered."""
        for name in names:
            row = self._rows.get(name)
            if row is not None:
                self.used[name] = row
                return Range(row[0], row[1], row[2])
        return None

    def chances(self, means: str, item: str) -> tuple[Range, Range | None]:
        """What a means sees of the item, and sees where none is. Raises InputError."""
        name = f"{means}.{item}.detection"
        detection = self.first_of(name)
        if detection is None:
            raise no_row(name, f"the chance that {means} sees {item}")
        return detection, self.first_of(f"{means}.{item}.prob_false_alarm")

    def lasting_days(self, item: str) -> Range | None:
        """For how many days it stays to be seen."""
        return self.first_of(f"{item}.lasting_days", "reports.lasting_days")


class OneLook:
    """What looks come to, one by one, for one allegation."""

    def __init__(self, alleged: Alleged, known: Known) -> None:
        self._alleged = alleged
        self._known = known
        self._reached: dict[tuple[str, ...], tuple[float, float]] = {}
        self._assumed = Assuming(known)
        self._by_means: dict[str, tuple[Range, Range | None] | InputError] = {}
        self._lasting_days = self._assumed.lasting_days(alleged.item) or Range(0.0, 0.0, 0.0)

    def borne(self, attempt: Attempt) -> Borne | None:
        """None where it was not for the item."""
        if attempt.items and self._alleged.item not in attempt.items:
            return None
        tau = self._tau(attempt)
        if tau.high <= 0.0:
            return Borne(attempt)
        f, why = self._area(attempt)
        reason = _unusable(attempt) or self._depends(attempt) or self._unsure(attempt) or why
        if reason:
            return Borne(attempt, left_out=f"{attempt.id}: {reason}")
        return self._bears(attempt, f, tau) if f > 0.0 else Borne(attempt)

    def _bears(self, attempt: Attempt, f: float, tau: Range) -> Borne:
        item, counts = self._alleged.item, self._counts(attempt)
        chances = self._chances(attempt.means)
        if isinstance(chances, InputError):
            return Borne(attempt, counts=counts, fault=chances)
        detection, false = chances
        hit = bool(counts)
        if hit and (fault := _no_false_alarm(attempt.means, item, false)):
            return Borne(attempt, counts=counts, fault=fault)
        look = Look(
            f=f,
            tau=tau.best,
            p=detection.best,
            q=false.best if false else 0.0,
            hit=hit,
            group=attempt.group,
            id=attempt.id,
        )
        said = "saw it" if hit else "saw nothing"
        bears = Bears(look, attempt.means, attempt.time.first, detection, tau, said)
        ends = [_at_end(bears, false, end) for end in ENDS]
        for each in ends:
            if not each.is_possible:
                try:
                    require_possible(each, f"look {attempt.id}")
                except InputError as fault:
                    return Borne(attempt, counts=counts, fault=fault)
        low, best, high = (each.says for each in ends)
        return Borne(attempt, bears=bears, counts=counts, low=low, best=best, high=high)

    def _chances(self, means: str) -> tuple[Range, Range | None] | InputError:
        """What a means sees of the item, and sees where none is."""
        if means not in self._by_means:
            try:
                self._by_means[means] = self._assumed.chances(means, self._alleged.item)
            except InputError as fault:
                self._by_means[means] = fault
        return self._by_means[means]

    def _tau(self, attempt: Attempt) -> Range:
        days = self._lasting_days
        high = self._share_of_time(attempt, days.high)
        if high <= 0.0:
            return _NO_SHARE
        # What lasts longer is there to be seen no less: between equal ends nothing else can be.
        low = self._share_of_time(attempt, days.low)
        best = low if low == high else self._share_of_time(attempt, days.best)
        return Range(low, best, high)

    def _share_of_time(self, attempt: Attempt, lasting_days: float) -> float:
        alleged = self._alleged
        return share_of_time(alleged.time, attempt.time, alleged.lasts, lasting_days=lasting_days)

    def _depends(self, attempt: Attempt) -> str:
        own = self._alleged.origin
        if attempt.saw and own and attempt.source == own:
            return "rests on the report's own source"
        return ""

    def _unsure(self, attempt: Attempt) -> str:
        """Why what a look saw cannot be used for this allegation."""
        if self._alleged.item in attempt.doubtful:
            return "what it is said to have seen cannot be used"
        if (
            self._alleged.item not in attempt.counted
            and attempt.what
            and self._known.tells_of(attempt.what, self._alleged.item)
        ):
            # "Photographs two sites" is no look that saw nothing.
            return "what it saw stands in words only: enter a count that names it"
        if not self._alleged.sites or len(attempt.sites) < 2:
            return ""
        anywhere = [
            c for item, site, c, _ in attempt.saw if item == self._alleged.item and not site
        ]
        return f"{anywhere[0]} does not say at which of its sites it was" if anywhere else ""

    def _counts(self, attempt: Attempt) -> tuple[str, ...]:
        if not attempt.saw:
            return ()
        sites = self._alleged.sites
        return tuple(
            count
            for item, site, count, _ in attempt.saw
            if item == self._alleged.item
            and (not site or not sites or any(self._is_in(site, (at,)) for at in sites))
        )

    def _area(self, attempt: Attempt) -> tuple[float, str]:
        """The share of the area alleged that a look reached; else why that cannot be said."""
        coverage = 1.0 if attempt.coverage is None else attempt.coverage
        if attempt.footprint is not None:
            share, why = self._of_footprint(attempt.footprint)
            return coverage * share, why
        if not attempt.sites:
            if attempt.coverage is None:
                return 0.0, "no row says where it looked"
            return coverage, ""
        if attempt.sites not in self._reached:
            self._reached[attempt.sites] = self._share(attempt.sites)
        reached, of = self._reached[attempt.sites]
        return coverage * reached / of, ""

    def _share(self, looked: tuple[str, ...]) -> tuple[float, float]:
        """How much of what is alleged a whole look at these sites reaches: so much, of so much."""
        place = self._alleged.position
        if self._alleged.sites:
            shares = self._alleged.sites.items()
            return sum(share * self._of_site(at, looked) for at, share in shares), 1.0
        if place is not None:
            return self._of_disc(place, looked), 1.0
        leaves = self._leaves(tuple(self._known.within))
        reached = [leaf for leaf in leaves if self._is_in(leaf, looked)]
        # As in the room of assurance: at any site of the case or elsewhere, each as likely.
        return float(len(reached)), len(leaves) + 1.0

    def _of_footprint(self, seen: Footprint) -> tuple[float, str]:
        """The share of what is alleged that lies in a footprint, by position alone."""
        place = self._alleged.position
        if place is not None:
            return share_of_footprint(place, seen), ""
        discs = self._known.discs
        if self._alleged.sites:
            unknown = next((at for at in self._alleged.sites if at not in discs), "")
            if unknown:
                return 0.0, f"its footprint cannot be held against {unknown}, which has no lat, lon"
            shares = self._alleged.sites.items()
            return sum(share * share_of_footprint(discs[at], seen) for at, share in shares), ""
        leaves = self._leaves(tuple(self._known.within))
        reached = sum(share_of_footprint(discs[at], seen) for at in leaves if at in discs)
        return reached / (len(leaves) + 1.0), ""

    def _of_site(self, alleged: str, looked: tuple[str, ...]) -> float:
        if self._is_in(alleged, looked):
            return 1.0
        disc = self._known.discs.get(alleged)
        geometric = self._of_disc(disc, looked) if disc and disc.radius_km else 0.0
        inside = [leaf for leaf in self._leaves((alleged,)) if leaf != alleged]
        reached = [leaf for leaf in inside if self._is_in(leaf, looked)]
        return max(geometric, len(reached) / (len(inside) + 1))

    def _of_disc(self, disc: Disc, looked: tuple[str, ...]) -> float:
        seen = [self._known.discs[site] for site in looked if site in self._known.discs]
        return share_of_area(disc, [each for each in seen if each.radius_km > 0.0])

    def _leaves(self, tops: tuple[str, ...]) -> list[str]:
        holders = set(self._known.within.values())
        return [s for s in self._known.within if s not in holders and self._is_in(s, tops)]

    def _is_in(self, place: str, sites: tuple[str, ...]) -> bool:
        passed: set[str] = set()
        while place and place not in passed:  # a ring of sites within each other ends here
            if place in sites:
                return True
            passed.add(place)
            place = self._known.within.get(place, "")
        return False


def _at_end(bears: Bears, false: Range | None, end: End) -> Look:
    """A look at the values of its assumptions that put the ratio lowest, or highest."""
    if end == "best":
        return bears.look
    # What a hit says grows with power, and what a miss leaves shrinks with it.
    high = (end == "high") == bears.look.hit
    detection, tau = bears.detection, bears.tau
    q = bears.look.q
    if false is not None:
        q = false.high if end == "low" else false.low
    return msgspec.structs.replace(
        bears.look,
        p=detection.high if high else detection.low,
        tau=tau.high if high else tau.low,
        q=q,
    )


def _no_false_alarm(means: str, item: str, false: Range | None) -> InputError | None:
    name = f"{means}.{item}.prob_false_alarm"
    if false is None:
        return no_row(name, f"the chance that {means} sees {item} where none is")
    if false.low <= 0.0:
        return InputError(
            f"assumptions.csv: {name}",
            str(false),
            "a low above 0, where something was seen",
            "No means is free of errors.",
        )
    return None


def _unusable(attempt: Attempt) -> str:
    if attempt.outcome != "made":
        return (
            "authorized, no outcome entered" if attempt.outcome == "authorized" else attempt.outcome
        )
    if attempt.number == 0:
        return "none was flown"
    if attempt.doubt:
        return attempt.doubt
    return ""


_NO_SHARE = Range(0.0, 0.0, 0.0)


def no_row(name: str, what: str) -> InputError:
    """The fault of an assumption that nobody entered."""
    return InputError(
        "assumptions.csv",
        f"no row {name}",
        f"a row for {what}",
        f"Add the line: {name},low,best,high,author,basis",
    )
