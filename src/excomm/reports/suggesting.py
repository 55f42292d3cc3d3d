"""Suggesting: which reports of a case may tell the same, for a person to confirm or to undo.

By what they allege, part by part, and by their letters: near copies of one text are told of even
where nothing in them could be read. A pair that somebody confirmed or undid is not suggested again;
what was said of it calibrates the chance that is shown with others.
"""

from collections.abc import Mapping, Sequence

import msgspec
from rapidfuzz.fuzz import ratio

from excomm.reports.calibrating import Calibration, calibrated
from excomm.reports.matching import Match
from excomm.reports.model import Parsed, Report
from excomm.reports.repeats import JOIN_AT, likeness, repeats
from excomm.reports.search import Search, plain_text
from excomm.reports.vocabulary import folded

NEAR_COPY = 0.8  # letter by letter, 0 to 1
_TEXTS_MAX = 200  # the newest: a page asks for these while somebody waits
_ANSWERS_MAX = 500  # the newest that calibrate
# A copy letter by letter counts this in log odds; two texts that share two thirds of it nothing.
_LETTERS_WORTH, _LETTERS_FROM = 3.0, 2 / 3


class Suggested(msgspec.Struct, frozen=True):
    """That a report may repeat an earlier one, and why.

    chance: that a person would confirm it, 0 to 1. calibration: what that figure rests on.
    """

    report: str
    of: str
    why: str
    chance: float
    calibration: Calibration


def suggestions(
    reports: Sequence[Report],
    parsed: Sequence[Parsed],
    settled: Mapping[tuple[str, str], bool],
) -> tuple[Suggested, ...]:
    """Pairs to be confirmed, each report with the first that it seems to repeat.

    reports, parsed: in the order received. settled: pairs that somebody answered, and whether they
    were confirmed (else undone).
    """
    read = {report.id: (report, p) for report, p in zip(reports, parsed, strict=True)}
    desk = calibrated(
        [
            (_score(read[one], read[other]), held)
            for (one, other), held in list(settled.items())[-_ANSWERS_MAX:]
            if one in read and other in read
        ]
    )
    reports, parsed = reports[-_TEXTS_MAX:], parsed[-_TEXTS_MAX:]
    order = {report.id: at for at, report in enumerate(reports)}
    # Times of publication are somebody's word; the order in which they came is ours.
    plain = [msgspec.structs.replace(report, published=None) for report in reports]
    matches = [Match(report.id, (), 1.0, p) for report, p in zip(plain, parsed, strict=True)]
    groups: dict[str, list[str]] = {}
    for report, group in repeats(plain, matches).items():
        groups.setdefault(group, []).append(report)
    found: dict[tuple[str, str], str] = {}
    for members in groups.values():
        first, *later = sorted(members, key=lambda name: order[name])
        for report in later:
            found[report, first] = "the same item, place and time"
    for report, of in _near_copies(reports):
        found.setdefault((report, of), "nearly the same words")
    return tuple(
        Suggested(report, of, why, desk.chance(_score(read[report], read[of])), desk)
        for (report, of), why in sorted(found.items(), key=lambda each: order[each[0][0]])
        if (report, of) not in settled
    )


def _score(one: tuple[Report, Parsed], other: tuple[Report, Parsed]) -> float:
    """Log odds, before anybody has answered, that two reports tell the same."""
    letters = ratio(*(folded(plain_text(report.text)) for report, _ in (one, other))) / 100.0
    copied = _LETTERS_WORTH * max(0.0, letters - _LETTERS_FROM) / (1.0 - _LETTERS_FROM)
    parts = [p.allegations[0] for _, p in (one, other) if p.allegations]
    return copied + (likeness(parts[0], parts[1]) - JOIN_AT if len(parts) == 2 else -JOIN_AT)


def _near_copies(reports: Sequence[Report]) -> list[tuple[str, str]]:
    texts = [(report.text, "") for report in reports]
    search = Search(texts, [report.id for report in reports])
    found = []
    for at, report in enumerate(reports):
        if not report.text.strip():
            continue
        earlier = [
            hit.row
            for hit in search.find(report.text)
            if hit.row < at and hit.likeness >= NEAR_COPY
        ]
        if earlier:
            found.append((report.id, reports[min(earlier)].id))
    search.close()
    return found
