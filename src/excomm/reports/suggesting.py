"""Suggesting: which reports of a case may tell the same, for a person to confirm or to undo.

By what they allege, part by part, and by their letters: near copies of one text are told of even
where nothing in them could be read. A pair that somebody confirmed or undid is not suggested again.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

import msgspec

from excomm.reports.matching import Match
from excomm.reports.model import Parsed, Report
from excomm.reports.repeats import repeats
from excomm.reports.search import Search

NEAR_COPY = 0.8  # letter by letter, 0 to 1
_TEXTS_MAX = 200  # the newest: a page asks for these while somebody waits


class Suggested(msgspec.Struct, frozen=True):
    """That a report may repeat an earlier one, and why."""

    report: str
    of: str
    why: str


def suggestions(
    reports: Sequence[Report],
    parsed: Sequence[Parsed],
    settled: AbstractSet[tuple[str, str]],
) -> tuple[Suggested, ...]:
    """Pairs to be confirmed, each report with the first that it seems to repeat.

    reports, parsed: in the order received. settled: pairs already confirmed or undone.
    """
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
        Suggested(report, of, why)
        for (report, of), why in sorted(found.items(), key=lambda each: order[each[0][0]])
        if (report, of) not in settled
    )


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
