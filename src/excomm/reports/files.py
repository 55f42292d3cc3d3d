"""Files in, matches out: the whole way from two files of JSON Lines to the tables others read.

The run names for each report its candidates with scores, and NONE on top where the report is held
to be new; the table of repeats names for each report the first report of its group.
"""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from excomm.errors import EnvironmentFault
from excomm.reports.matching import NONE, Match, Matcher
from excomm.reports.reading import read_earlier, read_reports
from excomm.reports.repeats import repeats

if TYPE_CHECKING:
    from excomm.sentences import Encoder


class Matches(msgspec.Struct, frozen=True):
    """The match of every report, in the order given, and the group each belongs to."""

    matches: tuple[Match, ...]
    repeats: dict[str, str]

    def run(self) -> str:
        """Report, finding and score a line, tab between; candidates in their order.

        Equal scores are set apart by a hair in the order of the candidates, which for equals is
        that of a digest of their ids.
        """
        lines = []
        for match in self.matches:
            scores = [candidate.log_odds for candidate in match.candidates]
            if not match.known and scores:
                lines.append(f"{match.report}\t{NONE}\t{scores[0] + 1.0:.9f}")
            for place, candidate in enumerate(match.candidates):
                score = candidate.log_odds - place * 1e-6
                lines.append(f"{match.report}\t{candidate.finding}\t{score:.9f}")
        return "".join(f"{line}\n" for line in lines)

    def groups(self) -> str:
        """Report and group a line, tab between."""
        return "".join(f"{report}\t{group}\n" for report, group in self.repeats.items())

    def write_run(self, path: Path) -> None:
        """Write `run` to a file. Raises EnvironmentFault where it cannot be written."""
        _write(path, self.run())

    def write_repeats(self, path: Path) -> None:
        """Write `groups` to a file. Raises EnvironmentFault where it cannot be written."""
        _write(path, self.groups())

    def to_json(self) -> bytes:
        """Everything, with what was read in each report; the same bytes for the same files."""
        return msgspec.json.encode(self)


def match_files(earlier: Path, new: Path, *, encoder: "Encoder | None" = None) -> Matches:
    """Match the reports of one file against the findings of another, and group their repeats.

    encoder: the sentence model, where it is wanted.
    Raises Faults with every fault of a file, by line; EnvironmentFault where one cannot be read.
    """
    matcher = Matcher(read_earlier(earlier), encoder=encoder)
    reports = read_reports(new)
    matches = tuple(matcher.match(report) for report in reports)
    return Matches(matches, repeats(reports, matches))


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as fault:
        raise EnvironmentFault(
            f"{path}: {fault.strerror}. Name a file that can be written."
        ) from None
