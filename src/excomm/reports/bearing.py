"""Bearing: what the looks that overlap an allegation in place, time and kind say together.

Ranges of the assumptions are carried to the ratio's lowest and highest by giving every look its
worst and its best value at once: never narrower than the truth. No look that bears gives a ratio
of 1 and the decision `undetermined`; "not looked" is never "not there".
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import reduce
from itertools import chain, compress
from typing import TypeVar

import msgspec

from excomm.errors import InputError
from excomm.reports.alleged import Alleged, Bears, Range, Weighed
from excomm.reports.decisions import Decision, Thresholds, decided
from excomm.reports.held import Known
from excomm.reports.one_look import ENDS, Assuming, Borne, End, no_row
from excomm.reports.settling import settled_by
from excomm.reports.weighing import (
    NOTHING,
    Look,
    Together,
    one_a_group,
    posterior,
    together,
    weighing,
)

T = TypeVar("T")


class OnDay(msgspec.Struct, frozen=True):
    """What the looks of one day come to for one allegation."""

    kept: tuple[Borne, ...]  # that bear, overlap but cannot be used, or lack an assumption
    left_out: tuple[str, ...]
    bears: tuple[Bears, ...]
    looks: tuple[Look, ...]  # of these
    no_footprint: tuple[str, ...]  # of these, the ids of those that do not say what they covered
    counts: tuple[str, ...]  # of what overlaps
    means: tuple[str, ...]  # of what overlaps, up to the first that lacks an assumption
    fault: InputError | None  # of that
    said: dict[End, Together]  # by those that bear, none left out for its group
    in_groups: bool
    looked_for: bool  # somebody looked for the item, or tried to

    def until(self, known_by: datetime) -> "OnDay":
        """As it was known by an instant."""
        kept = [each for each in self.kept if each.attempt.recorded <= known_by]
        return self if len(kept) == len(self.kept) else on_day(kept)


def on_day(looks: Iterable[Borne | None]) -> OnDay:
    """What the looks of one day come to, in their order. None: one for another item."""
    mine = [each for each in looks if each is not None]
    kept = [each for each in mine if each.overlaps or each.left_out]
    overlap = [each for each in kept if each.overlaps]
    bear = [each for each in overlap if each.bears is not None]
    bears = tuple(each.bears for each in bear if each.bears is not None)
    faulty = next((at for at, each in enumerate(overlap) if each.fault is not None), None)
    sound = overlap if faulty is None else overlap[: faulty + 1]
    return OnDay(
        kept=tuple(kept),
        left_out=tuple(each.left_out for each in kept if each.left_out),
        bears=bears,
        looks=tuple(each.look for each in bears),
        no_footprint=tuple(str(each.attempt.id) for each in bear if each.attempt.footprint is None),
        counts=tuple(name for each in overlap for name in each.counts),
        means=tuple(dict.fromkeys(each.attempt.means for each in sound)),
        fault=None if faulty is None else overlap[faulty].fault,
        said={end: together(each.at(end) for each in bear) for end in ENDS},
        in_groups=any(each.look.group for each in bears),
        looked_for=bool(mine),
    )


def can_bear(alleged: Alleged) -> bool:
    """Whether any look could bear on it."""
    return bool(alleged.item) and not alleged.elsewhere


def weighed(
    alleged: Alleged,
    days: Mapping[date, OnDay],
    known: Known,
    thresholds: Thresholds,
    excluded_by: tuple[str, ...],
) -> Weighed:
    """The looks that bear on one allegation, and what they say.

    days: each with a look, in order; none where no look `can_bear` on it. excluded_by: ids of
    entries that positively exclude it.
    """
    return _Weighing(alleged, [*days.values()], known, thresholds, excluded_by).result()


class _Weighing:
    """One allegation under way; remembers which assumptions were used."""

    def __init__(
        self,
        alleged: Alleged,
        days: Sequence[OnDay],
        known: Known,
        thresholds: Thresholds,
        excluded_by: tuple[str, ...],
    ) -> None:
        self._alleged = alleged
        self._days = days
        self._known = known
        self._thresholds = thresholds
        self._excluded_by = excluded_by
        self._assumed = Assuming(known)
        self._left_out = [*self._none_can(), *_all(days, lambda day: day.left_out)]

    def result(self) -> Weighed:
        if any(day.looked_for for day in self._days):
            self._lasting()
        overlaps = any(day.bears or day.fault for day in self._days)
        conceal = self._conceal() if overlaps else None
        missing = self._missing(conceal) if overlaps else ""
        days = () if missing else self._days
        bears, looks = _all(days, lambda day: day.bears), _all(days, lambda day: day.looks)
        prior, prior_missing = self._prior()
        hidden = conceal or Range(0.0, 0.0, 0.0)
        said, counted = _said(days)
        ends = {end: self._at(end, said[end], hidden) for end in ENDS}
        ratio = _range(*(said.likelihood_ratio(at) for said, at in ends.values()))
        decisions = {end: self._decided(*ends[end]) for end in ENDS}
        best = decisions["best"]
        if missing:
            best = Decision("undetermined", f"cannot be weighed: {missing}", 0.0)
        settling, unsettled = settled_by(
            self._alleged,
            self._known,
            ends["best"],
            hidden=conceal or self._conceal(),
            lasting=self._lasting(),
            allows=self._decided,
            target=self._thresholds.no_evidence_ratio,
        )
        return Weighed(
            alleged=self._alleged,
            bears=bears,
            left_out=tuple(self._left_out),
            ratio=None if missing else ratio,
            power=_range(*(said.power(at) for said, at in ends.values())),
            prior=prior,
            posterior=_posterior(ends, prior) if prior and not missing else None,
            conceal=conceal,
            decision=best,
            over_range=()
            if missing
            else tuple(dict.fromkeys(d.word for d in decisions.values() if d.word != best.word)),
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
                        *(look.id for look in looks),
                        *_all(self._days, lambda day: day.counts),
                        *(row[3] for row in self._assumed.used.values()),
                        *self._excluded_by,
                    )
                )
            ),
            best=weighing(
                ends["best"][0],
                looks,
                looks if counted is None else tuple(compress(looks, counted)),
                hidden.best,
                prior.best if prior else 0.5,  # not shown where none was assumed
            ),
        )

    def _none_can(self) -> list[str]:
        """Why no look can bear on it at all."""
        if can_bear(self._alleged):
            return []
        if self._alleged.item:
            return [f"{self._alleged.place} is no place of the case"]
        said = "no item of the case is named: no look can have been for it"
        return [said] if self._known.anybody_looked else []

    def _missing(self, conceal: Range | None) -> str:
        """The assumption without which the looks cannot be weighed; those before it are used."""
        item = self._alleged.item
        for day in self._days:
            for means in day.means:
                try:
                    self._assumed.chances(means, item)
                except InputError as fault:
                    return str(fault)
            if day.fault is not None:
                return str(day.fault)
        if conceal is None:
            what = "the chance that it is hidden from every look"
            return str(no_row(f"{item}.prob_concealed", what))
        return ""

    def _at(self, end: End, said: Together, hidden: Range) -> tuple[Together, float]:
        """All looks at once at the values that put the ratio lowest, or highest."""
        if end == "best":
            return said, hidden.best
        pick = min if end == "low" else max
        return said, pick((hidden.low, hidden.high), key=said.likelihood_ratio)

    def _decided(self, said: Together, conceal: float) -> Decision:
        return decided(said, conceal, incompatible=self._excluded_by, thresholds=self._thresholds)

    def _lasting(self) -> Range | None:
        return self._assumed.lasting_days(self._alleged.item)

    def _conceal(self) -> Range | None:
        own = f"{self._alleged.report}.prob_concealed"
        if self._alleged.hidden:
            # Said to be hidden: no general rate speaks of that.
            found = self._assumed.first_of(own)
            if found is None:
                self._left_out.append(
                    f"said to be hidden: looks say nothing of it until {own} is assumed"
                )
            return found or Range(1.0, 1.0, 1.0)
        return self._assumed.first_of(own, f"{self._alleged.item}.prob_concealed")

    def _prior(self) -> tuple[Range | None, str]:
        name = f"{self._alleged.report}.prob_true"
        letter = self._alleged.reliability
        graded = f"reports.prob_true.{letter}" if letter not in ("", "F") else name
        found = self._assumed.first_of(name, graded, "reports.prob_true")
        if found is not None:
            return found, ""
        return None, f"no prior assumed: add reports.prob_true or {name} to assumptions.csv"

    def _words(self) -> tuple[str, ...]:
        rows = sorted(self._assumed.used.items())
        said = [f"{name} {Range(*row[:3])}: {row[4]}" for name, row in rows]
        said.append("looks miss independently of each other, save within a group")
        unsaid = _all(self._days, lambda day: day.no_footprint)
        if unsaid:
            more = f" and {len(unsaid) - _NAMED_MAX} more" if len(unsaid) > _NAMED_MAX else ""
            said.append(
                f"no footprint entered of {', '.join(unsaid[:_NAMED_MAX])}{more}: taken to have"
                " covered the sites named, all of each or the share entered"
            )
        said.append("a look dated by a day counts as made all through that day")
        if not self._alleged.sites and self._alleged.position is None:
            said.append("no place stated: at any site of the case or elsewhere, each as likely")
        return tuple(said)


_NAMED_MAX = 5


def _said(days: Sequence[OnDay]) -> tuple[dict[End, Together], list[bool] | None]:
    """What all days say together at each end, and which looks count at the best; None: all."""
    if not any(day.in_groups for day in days):
        by_day = {end: [day.said[end] for day in days] for end in ENDS}
        return {end: reduce(Together.also, said, NOTHING) for end, said in by_day.items()}, None
    looks = [each for day in days for each in day.kept if each.bears is not None]
    groups = [each.bears.look.group for each in looks if each.bears is not None]
    counted = {end: one_a_group(groups, [each.at(end) for each in looks]) for end in ENDS}
    said = {end: together(each.at(end) for each in compress(looks, counted[end])) for end in ENDS}
    return said, counted["best"]


def _all(days: Iterable[OnDay], of: Callable[[OnDay], tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(chain.from_iterable(map(of, days)))


def _range(low: float, best: float, high: float) -> Range:
    return Range(min(low, best, high), best, max(low, best, high))


def _posterior(ends: Mapping[End, tuple[Together, float]], prior: Range) -> Range:
    """Bayes, at each end of both."""
    found = []
    for end, (said, conceal) in ends.items():
        ratio, before = said.likelihood_ratio(conceal), getattr(prior, end)
        found.append(posterior(ratio, before))
    return _range(*found)
