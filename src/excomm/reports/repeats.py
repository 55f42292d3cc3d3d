"""Repeats: which reports tell of one and the same allegation.

Suggested, never decided: a person confirms or undoes. Reports of one earlier finding are repeats of
each other; for the rest, parts are compared with the fullest report of each group, so that a report
without a date cannot join two allegations that differ in theirs. Copies of one text are one.
"""

import datetime as dt
import hashlib
from collections.abc import Sequence

from excomm.reports.evidence import alike_classes
from excomm.reports.matching import Match
from excomm.reports.model import Allegation, Item, Number, Place, Report, Window
from excomm.reports.search import neutral

# A report joins a group at this sum of what its parts say; the weights follow `evidence`, in round
# log odds. The same item and place alone do not make one allegation.
JOIN_AT = 4.0
_LAG_DAYS_MAX = 6
# Groups of one place compared with one report; more are the newest.
_GROUPS_MAX = 500


def repeats(reports: Sequence[Report], matches: Sequence[Match]) -> dict[str, str]:
    """For each report the group it belongs to, named by the id of its first report.

    reports, matches: in the same order. First is the earliest published; of two published at once,
    a digest of the ids decides, so that the order of a file does not.
    """
    assert len(reports) == len(matches), "a match for every report"
    order = sorted(range(len(reports)), key=lambda at: _fullest_first(reports[at], matches[at]))
    copies: dict[bytes, int] = {}
    found: dict[str, int] = {}
    groups: list[list[int]] = []
    by_place: dict[str, list[int]] = {}
    for at in order:
        report, match = reports[at], matches[at]
        digest = hashlib.sha256(report.text.encode()).digest()
        group = copies.get(digest) if report.text.strip() else None
        if group is None and match.known:
            group = found.get(match.finding)
        parts = match.parsed.allegations[0] if match.parsed.allegations else None
        place = parts.place.best if parts and parts.place and parts.place.shares else ""
        if group is None and not match.known and parts:
            near = by_place.get(place, []) if place else [g for gs in by_place.values() for g in gs]
            group = _joined(report, parts, near[-_GROUPS_MAX:], groups, reports, matches)
        if group is None:
            group = len(groups)
            groups.append([])
            if not match.known and parts:
                by_place.setdefault(place, []).append(group)
        groups[group].append(at)
        copies.setdefault(digest, group)
        if match.known:
            found.setdefault(match.finding, group)
    named = {}
    for members in groups:
        first = min(
            (_published(reports[at]), neutral(reports[at].id), reports[at].id) for at in members
        )
        named.update({reports[at].id: first[2] for at in members})
    return {report.id: named[report.id] for report in reports}


def likeness(
    one: Allegation,
    other: Allegation,
    published: tuple[dt.date | None, dt.date | None] = (None, None),
) -> float:
    """How far two allegations, part by part, speak for being one; log odds without a prior."""
    damage = max(one.damage, other.damage)
    said = _items(one.item, other.item) + _places(one.place, other.place)
    if one.action and other.action:
        said += 1.0 if one.action.what == other.action.what else -2.5
    said += _windows(one.window, other.window, published, damage)
    said += _numbers(one.number, other.number, damage)
    return said


def _joined(
    report: Report,
    parts: Allegation,
    near: Sequence[int],
    groups: Sequence[Sequence[int]],
    reports: Sequence[Report],
    matches: Sequence[Match],
) -> int | None:
    best: tuple[float, bytes, int] | None = None
    for group in near:
        seed = groups[group][0]
        other = matches[seed].parsed.allegations[0]
        said = likeness(parts, other, (_day(report), _day(reports[seed])))
        rank = (said, neutral(reports[seed].id), group)
        if said >= JOIN_AT and (best is None or rank > best):
            best = rank
    return best[2] if best else None


def _items(one: Item | None, other: Item | None) -> float:
    if one is None or other is None:
        return -1.0
    if one.classes and other.classes:
        alike = alike_classes(one.classes, other.classes)
        return 2.0 if alike >= 0.5 else (0.0 if alike >= 0.3 else -5.0)
    shared = set(one.words) & set(other.words)
    return 1.5 if 2 * len(shared) >= min(len(one.words), len(other.words)) else -0.5


def _places(one: Place | None, other: Place | None) -> float:
    if one is None or other is None:
        return -1.0
    if not one.shares or not other.shares:
        return -1.0 if one.shares or other.shares else 0.0
    shared = sum(share * other.shares.get(name, 0.0) for name, share in one.shares.items())
    return 3.0 if shared >= 0.4 else (-6.0 if shared < 0.1 else 0.0)


def _windows(
    one: Window | None,
    other: Window | None,
    published: tuple[dt.date | None, dt.date | None],
    damage: float,
) -> float:
    if one and other:
        if one.best and one.best == other.best:
            return 3.0
        if one.first <= other.last and other.first <= one.last:
            return 1.5
        return -4.0 + min(3.0, 20.0 * damage)
    days = [w.best or w.first if w else day for w, day in zip((one, other), published, strict=True)]
    if days[0] is None or days[1] is None:
        return 0.0
    return 0.5 if abs((days[0] - days[1]).days) <= _LAG_DAYS_MAX else -4.0


def _numbers(one: Number | None, other: Number | None, damage: float) -> float:
    if one is None or other is None or one.vague or other.vague:
        return 0.0
    if one.best is not None and one.best == other.best:
        return 2.0
    ends = [n.high if n.high is not None else 10**9 for n in (one, other)]
    if one.low <= ends[1] and other.low <= ends[0]:
        return 0.5
    return -3.0 + min(2.0, 15.0 * damage)


def _fullest_first(report: Report, match: Match) -> tuple[object, ...]:
    parts = match.parsed.allegations[0] if match.parsed.allegations else None
    stated = 0
    if parts:
        exact = parts.number is not None and not parts.number.vague
        stated = sum(p is not None for p in (parts.item, parts.place, parts.action, parts.window))
        stated += exact
    return -stated, parts.damage if parts else 1.0, _published(report), neutral(report.id)


def _published(report: Report) -> str:
    """A key by time of publication; without one, after all others."""
    when = report.published
    if isinstance(when, dt.datetime):
        return when.astimezone(dt.UTC).isoformat()
    return when.isoformat() if when else "~"


def _day(report: Report) -> dt.date | None:
    when = report.published
    return when.date() if isinstance(when, dt.datetime) else when
