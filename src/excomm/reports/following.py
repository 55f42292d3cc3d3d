"""Following: where a report stands, from its first receipt to the last outlet answered.

A repeat never restarts a clock. A finding holds until the looks move its ratio past a threshold;
then it reopens by itself. Plain structs in, plain structs out; nothing asks what time it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from excomm.entries.header import ReportRules
from excomm.reports.alleged import Weighed
from excomm.reports.clocks import Clock, Times, Waiting, clock, queue
from excomm.reports.decisions import Thresholds

Band = Literal["for it", "against it", "strongly against it", "open"]


class Received(msgspec.Struct, frozen=True, kw_only=True):
    """A report as it came in. text: digest of its bytes; empty where it has none."""

    report: str
    at: datetime
    outlet: str
    text: str
    unparsed: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """An interview: when the source was asked, and what his account is worth."""

    interview: str
    report: str
    at: datetime | None
    worth: str


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """A finding. ratio: of the looks when it was decided; None where nobody can say."""

    finding: str
    report: str
    at: datetime
    decision: str
    reviewed: bool
    ratio: float | None


class Sent(msgspec.Struct, frozen=True, kw_only=True):
    """A reply. finding: what it tells; empty: no finding yet. at: None while it is owed."""

    reply: str
    report: str
    outlet: str
    finding: str
    at: datetime | None


class Followed(msgspec.Struct, frozen=True, kw_only=True):
    """A report with everything that was done about it, its clocks, and where it stands."""

    report: str
    received: datetime
    weighed: tuple[Weighed, ...]
    reply_clock: Clock
    interview_clock: Clock
    repeats: tuple[str, ...]  # confirmed, and copies of the same bytes
    repeat_of: str  # of which report this one is a repeat; empty: of none
    outlets: tuple[str, ...]  # all that carried it or a repeat, once each
    unanswered: tuple[str, ...]
    to_correct: tuple[str, ...]  # outlets that were told another decision than the one that holds
    asked: tuple[Asked, ...]
    finding: str  # the id of the finding that holds; empty: none
    decision: str  # of that finding
    reviewed: bool
    reopened: str  # why the finding no longer holds; empty: it does
    unparsed: str

    @property
    def would_break(self) -> tuple[str, ...]:
        """Undertakings that were broken, were it true."""
        return tuple(dict.fromkeys(u for each in self.weighed for u in each.alleged.would_break))

    @property
    def is_open(self) -> bool:
        """Whether the desk owes a decision."""
        return not self.repeat_of and (not self.finding or bool(self.reopened))

    @property
    def clock(self) -> Clock:
        """The clock that runs out first; the reply's where both have stopped."""
        running = [c for c in (self.interview_clock, self.reply_clock) if c.state != "stopped"]
        return min(running, key=lambda each: each.due, default=self.reply_clock)


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """All that came in and was done, in the order in which it was known."""

    received: tuple[Received, ...]
    same: Mapping[str, str]  # report -> the report that it is confirmed to repeat
    asked: tuple[Asked, ...]
    found: tuple[Found, ...]
    sent: tuple[Sent, ...]
    weighed: Mapping[str, tuple[Weighed, ...]]


def followed(desk: Desk, rules: ReportRules, now: datetime) -> tuple[Followed, ...]:
    """Every report, in the order received, with where it stands at `now`."""
    first = roots(desk.received, desk.same)
    repeats: dict[str, list[Received]] = {}
    for each in desk.received:
        if first[each.report] != each.report:
            repeats.setdefault(first[each.report], []).append(each)
    by_report = _By(desk)
    return tuple(
        _one(each, repeats.get(each.report, []), first[each.report], desk, by_report, rules, now)
        for each in desk.received
    )


def waiting(reports: Iterable[Followed]) -> tuple[Followed, ...]:
    """What the desk still owes, most pressing first (`clocks.queue`)."""
    owed = {each.report: each for each in reports if each.is_open or _owes_reply(each)}
    ordered = queue(
        Waiting(
            each.report,
            each.clock,
            would_break=each.would_break,
            prob=_uncertainty(each.weighed),
            outlets=len(each.outlets),
        )
        for each in owed.values()
    )
    stopped = [each for each in owed.values() if each.clock.state == "stopped"]
    return (*(owed[each.report] for each in ordered), *stopped)


def band(ratio: float, thresholds: Thresholds) -> Band:
    """On which side of the case's thresholds a likelihood ratio lies."""
    if ratio >= thresholds.corroborated_ratio:
        return "for it"
    if ratio <= thresholds.contradicted_ratio:
        return "strongly against it"
    return "against it" if ratio <= thresholds.no_evidence_ratio else "open"


def roots(received: Sequence[Received], same: Mapping[str, str]) -> dict[str, str]:
    """For each report the first one that it repeats, itself where it repeats none.

    Copies of the same bytes are one report whether or not anybody said so.
    """
    known = {each.report for each in received}
    of = {report: other for report, other in same.items() if other in known}
    by_text: dict[str, str] = {}
    for each in received:
        if each.text and by_text.setdefault(each.text, each.report) != each.report:
            of.setdefault(each.report, by_text[each.text])
    found = {}
    for each in received:
        passed = [each.report]
        following = of.get(each.report, "")
        while following and following not in passed:
            passed.append(following)
            following = of.get(following, "")
        # Reports that are said to repeat each other in a ring: the least id stands for all.
        ring = passed[passed.index(following) :] if following in passed else []
        found[each.report] = min(ring, default=passed[-1])
    return found


class _By:
    """What was done, by report."""

    def __init__(self, desk: Desk) -> None:
        self.asked: dict[str, list[Asked]] = {}
        self.found: dict[str, list[Found]] = {}
        self.sent: dict[str, list[Sent]] = {}
        for asked in desk.asked:
            self.asked.setdefault(asked.report, []).append(asked)
        for found in desk.found:
            self.found.setdefault(found.report, []).append(found)
        for sent in desk.sent:
            self.sent.setdefault(sent.report, []).append(sent)


def _one(
    report: Received,
    repeats: list[Received],
    root: str,
    desk: Desk,
    by: _By,
    rules: ReportRules,
    now: datetime,
) -> Followed:
    ids = [report.report, *(each.report for each in repeats)]
    weighed = desk.weighed.get(report.report, ())
    found = [each for name in ids for each in by.found.get(name, [])]
    holds = max(found, key=lambda each: each.at, default=None)
    asked = tuple(each for name in ids for each in by.asked.get(name, []))
    sent = [each for name in ids for each in by.sent.get(name, [])]
    answered: dict[str, Sent] = {}
    for each in sorted((s for s in sent if s.at is not None), key=lambda s: s.at or now):
        answered[each.outlet] = each
    carried = (report.outlet, *(r.outlet for r in repeats), *(s.outlet for s in sent))
    outlets = tuple(dict.fromkeys(outlet for outlet in carried if outlet))
    unanswered = tuple(outlet for outlet in outlets if outlet not in answered)
    receipts = [report.at, *(each.at for each in repeats)]
    times = [each.at for each in asked if each.at is not None]
    return Followed(
        report=report.report,
        received=min(receipts),
        weighed=weighed,
        reply_clock=clock(
            receipts,
            now,
            stopped=_answered_at(outlets, unanswered, answered, holds, min(receipts)),
            times=_times(rules.reply_hours),
        ),
        interview_clock=clock(
            receipts,
            now,
            stopped=max(min(times), min(receipts)) if times else None,
            times=_times(rules.interview_hours),
        ),
        repeats=tuple(each.report for each in repeats),
        repeat_of="" if root == report.report else root,
        outlets=outlets,
        unanswered=unanswered,
        to_correct=_to_correct(answered, holds, found),
        asked=asked,
        finding=holds.finding if holds else "",
        decision=holds.decision if holds else "",
        reviewed=bool(holds and holds.reviewed),
        reopened=_reopened(holds, weighed, rules) if holds else "",
        unparsed=report.unparsed,
    )


def _answered_at(
    outlets: tuple[str, ...],
    unanswered: tuple[str, ...],
    answered: Mapping[str, Sent],
    holds: Found | None,
    received: datetime,
) -> datetime | None:
    """When the last outlet had its answer; where none carried it, when it was decided."""
    if unanswered:
        return None
    if outlets:
        last = max(s.at for s in answered.values() if s.at is not None)
        return max(last, received)
    return max(holds.at, received) if holds else None


def _to_correct(
    answered: Mapping[str, Sent], holds: Found | None, found: Sequence[Found]
) -> tuple[str, ...]:
    if holds is None:
        return ()
    decided = {each.finding: each.decision for each in found}
    return tuple(
        outlet
        for outlet, sent in answered.items()
        if sent.finding != holds.finding
        and sent.at is not None
        and sent.at < holds.at
        and decided.get(sent.finding, "undetermined") != holds.decision
    )


def _reopened(holds: Found, weighed: tuple[Weighed, ...], rules: ReportRules) -> str:
    """Why a finding no longer holds: the looks have moved its ratio past a threshold."""
    ratio = weighed[0].ratio if weighed else None
    if ratio is None or holds.ratio is None:
        return ""
    limits = thresholds_of(rules)
    then, now = band(holds.ratio, limits), band(ratio.best, limits)
    if then == now:
        return ""
    return (
        f"the looks gave a ratio of {holds.ratio:.3g} when it was decided ({then}),"
        f" now {ratio.best:.3g} ({now})"
    )


def thresholds_of(rules: ReportRules) -> Thresholds:
    """The case's thresholds, as `decide` takes them."""
    return Thresholds(
        rules.corroborated_ratio,
        rules.contradicted_ratio,
        rules.contradicted_power,
        rules.no_evidence_ratio,
    )


def _times(hours: float) -> Times:
    return Times(hours / 2.0, hours * 5.0 / 6.0, hours)


def _owes_reply(report: Followed) -> bool:
    return not report.repeat_of and bool(report.unanswered or report.to_correct)


def _uncertainty(weighed: tuple[Weighed, ...]) -> float:
    """The chance that it is true, of the allegation of which least is known."""
    chances = [each.posterior.best if each.posterior else 0.5 for each in weighed]
    return min(chances, key=lambda chance: abs(chance - 0.5), default=0.5)
