"""Bearing: which looks overlap an allegation in place, time and kind, and what they say together.

Ranges of the assumptions are carried to the ratio's lowest and highest by giving every look its
worst and its best value at once: never narrower than the truth. No look that bears gives a ratio
of 1 and the decision `undetermined`; "not looked" is never "not there".
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Literal

import msgspec

from excomm.errors import InputError
from excomm.reports.alleged import Alleged, Bears, Range, Weighed
from excomm.reports.decisions import Decision, Thresholds, decide
from excomm.reports.held import Assumed, Attempt, Known
from excomm.reports.overlap import Disc, share_of_area, share_of_time
from excomm.reports.settling import settled_by
from excomm.reports.weighing import Look, Weighing, weigh

End = Literal["low", "best", "high"]


class _Overlap(msgspec.Struct, frozen=True):
    """A look with the shares it reached, by their range, before any probability."""

    attempt: Attempt
    f: float
    tau: Range
    counts: tuple[str, ...]  # ids of the counts that saw it


def weighed(
    alleged: Alleged, known: Known, thresholds: Thresholds, excluded_by: tuple[str, ...]
) -> Weighed:
    """The looks that bear on one allegation, and what they say.

    excluded_by: ids of entries that positively exclude it.
    """
    return _Weighing(alleged, known, thresholds, excluded_by).result()


class _Weighing:
    """One allegation under way; remembers which assumptions were used."""

    def __init__(
        self, alleged: Alleged, known: Known, thresholds: Thresholds, excluded_by: tuple[str, ...]
    ) -> None:
        self._alleged = alleged
        self._known = known
        self._thresholds = thresholds
        self._excluded_by = excluded_by
        self._used: dict[str, Assumed] = {}
        self._left_out: list[str] = []
        self._by_means: dict[str, tuple[Range, Range | None]] = {}
        self._reached: dict[tuple[str, ...], tuple[float, float]] = {}

    def result(self) -> Weighed:
        overlaps = list(self._overlaps())
        missing = ""
        conceal = self._conceal() if overlaps else None
        bears: list[Bears] = []
        try:
            bears = [self._bears(each) for each in overlaps]
            if bears and conceal is None:
                name = f"{self._alleged.item}.prob_concealed"
                raise _no_row(name, "the chance that it is hidden from every look")
        except InputError as fault:
            missing, bears = str(fault), []
        prior, prior_missing = self._prior()
        ends = {end: self._weigh(bears, conceal, prior, end) for end in _ENDS}
        decided = {end: self._decide(found) for end, found in ends.items()}
        best = decided["best"]
        if missing:
            best = Decision("undetermined", f"cannot be weighed: {missing}", 0.0)
        name = self._alleged.item
        settling, unsettled = settled_by(
            self._alleged,
            self._known,
            ends["best"],
            hidden=conceal or self._conceal(),
            lasting=self._assumed(f"{name}.lasting_days", "reports.lasting_days"),
            allows=self._decide,
            target=self._thresholds.no_evidence_ratio,
        )
        return Weighed(
            alleged=self._alleged,
            bears=tuple(bears),
            left_out=tuple(self._left_out),
            ratio=None if missing else _range(*(ends[e].likelihood_ratio for e in _ENDS)),
            power=_range(*(ends[e].power for e in _ENDS)),
            prior=prior,
            posterior=self._posterior(ends, prior) if prior and not missing else None,
            conceal=conceal,
            decision=best,
            over_range=()
            if missing
            else tuple(dict.fromkeys(d.word for d in decided.values() if d.word != best.word)),
            settling=settling,
            unsettled=unsettled,
            missing=missing,
            prior_missing=prior_missing,
            excluded_by=self._excluded_by,
            assumptions=self._words(),
            rests_on=tuple(
                dict.fromkeys(
                    (
                        self._alleged.report,
                        *(each.look.id for each in bears),
                        *(name for each in overlaps for name in each.counts),
                        *(row[3] for row in self._used.values()),
                        *self._excluded_by,
                    )
                )
            ),
            best=ends["best"],
        )

    # -- overlap ----------------------------------------------------------------------------------

    def _overlaps(self) -> Iterator[_Overlap]:
        alleged = self._alleged
        if not alleged.item:
            if any(look.outcome == "made" for look in self._known.attempts):
                self._left_out.append("no item of the case is named: no look can have been for it")
            return
        if alleged.elsewhere:
            self._left_out.append(f"{alleged.place} is no place of the case")
            return
        for attempt in self._known.attempts:
            if attempt.items and alleged.item not in attempt.items:
                continue
            tau = self._tau(attempt)
            if tau.high <= 0.0:
                continue
            f, why = self._area(attempt)
            reason = _unusable(attempt) or self._depends(attempt) or self._unsure(attempt) or why
            if reason:
                self._left_out.append(f"{attempt.id}: {reason}")
            elif f > 0.0:
                yield _Overlap(attempt, f, tau, self._counts(attempt))

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

    @cached_property
    def _lasting_days(self) -> Range:
        found = self._assumed(f"{self._alleged.item}.lasting_days", "reports.lasting_days")
        return found or Range(0.0, 0.0, 0.0)

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

    # -- probabilities ----------------------------------------------------------------------------

    def _bears(self, overlap: _Overlap) -> Bears:
        attempt, item = overlap.attempt, self._alleged.item
        hit = bool(overlap.counts)
        detection, false = self._chances(attempt.means)
        if hit:
            name = f"{attempt.means}.{item}.prob_false_alarm"
            if false is None:
                raise _no_row(name, f"the chance that {attempt.means} sees {item} where none is")
            if false.low <= 0.0:
                raise InputError(
                    f"assumptions.csv: {name}",
                    str(false),
                    "a low above 0, where something was seen",
                    "No means is free of errors.",
                )
        look = Look(
            f=overlap.f,
            tau=overlap.tau.best,
            p=detection.best,
            q=false.best if false else 0.0,
            hit=hit,
            group=attempt.group,
            id=attempt.id,
        )
        said = "saw it" if hit else "saw nothing"
        return Bears(look, attempt.means, attempt.time.first, detection, overlap.tau, said)

    def _chances(self, means: str) -> tuple[Range, Range | None]:
        """What a means sees of the item, and sees where none is."""
        if means not in self._by_means:
            item = self._alleged.item
            self._by_means[means] = (
                self._needed(f"{means}.{item}.detection", f"the chance that {means} sees {item}"),
                self._assumed(f"{means}.{item}.prob_false_alarm"),
            )
        return self._by_means[means]

    def _weigh(
        self, bears: list[Bears], conceal: Range | None, prior: Range | None, end: End
    ) -> Weighing:
        """All looks at once at the values that put the ratio lowest, or highest."""
        looks = [self._at(each, end) for each in bears]
        hidden = conceal or Range(0.0, 0.0, 0.0)
        assumed = prior.best if prior else 0.5  # not shown where none was assumed
        choices = (hidden.best,) if end == "best" else dict.fromkeys((hidden.low, hidden.high))
        found = [weigh(looks, each, assumed) for each in choices]
        pick = min if end == "low" else max
        return pick(found, key=lambda each: each.likelihood_ratio)

    def _at(self, bears: Bears, end: End) -> Look:
        if end == "best":
            return bears.look
        # What a hit says grows with power, and what a miss leaves shrinks with it.
        high = (end == "high") == bears.look.hit
        detection, tau = bears.detection, bears.tau
        false = self._chances(bears.means)[1]
        q = bears.look.q
        if false is not None:
            q = false.high if end == "low" else false.low
        return msgspec.structs.replace(
            bears.look,
            p=detection.high if high else detection.low,
            tau=tau.high if high else tau.low,
            q=q,
        )

    def _decide(self, found: Weighing) -> Decision:
        return decide(found, incompatible=self._excluded_by, thresholds=self._thresholds)

    def _conceal(self) -> Range | None:
        own = f"{self._alleged.report}.prob_concealed"
        if self._alleged.hidden:
            # Said to be hidden: no general rate speaks of that.
            found = self._assumed(own)
            if found is None:
                self._left_out.append(
                    f"said to be hidden: looks say nothing of it until {own} is assumed"
                )
            return found or Range(1.0, 1.0, 1.0)
        return self._assumed(own, f"{self._alleged.item}.prob_concealed")

    def _prior(self) -> tuple[Range | None, str]:
        name = f"{self._alleged.report}.prob_true"
        letter = self._alleged.reliability
        graded = f"reports.prob_true.{letter}" if letter not in ("", "F") else name
        found = self._assumed(name, graded, "reports.prob_true")
        if found is not None:
            return found, ""
        return None, f"no prior assumed: add reports.prob_true or {name} to assumptions.csv"

    def _posterior(self, ends: Mapping[End, Weighing], prior: Range) -> Range:
        values = [_posterior(ends[end].likelihood_ratio, getattr(prior, end)) for end in _ENDS]
        return _range(*values)

    # -- assumptions ------------------------------------------------------------------------------

    def _assumed(self, *names: str) -> Range | None:
        """The first of these rows that was entered, remembered as used."""
        for name in names:
            row = self._known.assumed.get(name)
            if row is not None:
                self._used[name] = row
                return Range(row[0], row[1], row[2])
        return None

    def _needed(self, name: str, what: str) -> Range:
        found = self._assumed(name)
        if found is None:
            raise _no_row(name, what)
        return found

    def _words(self) -> tuple[str, ...]:
        said = [f"{name} {Range(*row[:3])}: {row[4]}" for name, row in sorted(self._used.items())]
        said.append("looks miss independently of each other, save within a group")
        said.append("a look dated by a day counts as made all through that day")
        if not self._alleged.sites and self._alleged.position is None:
            said.append("no place stated: at any site of the case or elsewhere, each as likely")
        return tuple(said)


_NO_SHARE = Range(0.0, 0.0, 0.0)
_ENDS: tuple[End, End, End] = ("low", "best", "high")


def _range(low: float, best: float, high: float) -> Range:
    return Range(min(low, best, high), best, max(low, best, high))


def _posterior(ratio: float, prior: float) -> float:
    return prior * ratio / (prior * ratio + 1.0 - prior) if prior < 1.0 else 1.0


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


def _no_row(name: str, what: str) -> InputError:
    return InputError(
        "assumptions.csv",
        f"no row {name}",
        f"a row for {what}",
        f"Add the line: {name},low,best,high,author,basis",
    )
