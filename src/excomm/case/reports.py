"""What was alleged and what may be said of it: the reports room, with the facts of a view."""

from functools import cached_property
from typing import TYPE_CHECKING

from excomm.case.ground import Ground
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.entries.header import ReportRules
    from excomm.reports.alleged import Weighed
    from excomm.reports.answering import Answer
    from excomm.reports.following import Followed
    from excomm.reports.search import FoundReport
    from excomm.reports.suggesting import Suggested


class OfReports(Ground):
    """The part of a view that follows reports."""

    @cached_property
    def _allegations(self) -> "tuple[Weighed, ...]":
        from excomm.reports.from_facts import allegations

        return allegations(self.facts)

    def allegations(self) -> "tuple[Weighed, ...]":
        """What each report alleges, the looks that bear on it, and what may be said of it."""
        return self._allegations

    @cached_property
    def _followed(self) -> "tuple[Followed, ...]":
        from excomm.reports.from_facts import reports_followed

        return reports_followed(self.facts, self._allegations)

    def followed(self) -> "tuple[Followed, ...]":
        """Every report with its clocks, repeats, interviews, finding and replies."""
        return self._followed

    def waiting(self) -> "tuple[Followed, ...]":
        """The reports that the desk owes a decision or an answer, most pressing first."""
        from excomm.reports.following import waiting

        return waiting(self._followed)

    @property
    def report_rules(self) -> "ReportRules":
        """What the case asks of its reports desk: clocks, thresholds, and who reviews."""
        from excomm.reports.from_facts import rules_of

        return rules_of(self.facts)

    def suggested_repeats(self) -> "tuple[Suggested, ...]":
        """Reports that may repeat an earlier one, for a person to confirm or to undo."""
        from excomm.reports.from_facts import suggested

        return suggested(self.facts)

    def reports_by_words(self, words: str, *, database: str = "") -> "tuple[FoundReport, ...]":
        """The reports whose words are nearest, best first.

        database: URL of the PostgreSQL database that holds the ledger; its full text search is
        asked then, else SQLite's.
        """
        from excomm.reports.from_facts import found_by_words

        return found_by_words(self.facts, words, database=database)

    def report(self, report: str) -> "Followed":
        """One report and where it stands. Raises InputError, alike for unknown and hidden ones."""
        found = next((each for each in self._followed if each.report == report), None)
        if found is None:
            raise InputError("REPORT", report, "a report of this case on this day")
        return found

    def answer_to(
        self, report: str, outlet: str, *, sources: tuple[str, ...] = (), quote: str = ""
    ) -> "Answer":
        """The reply to an outlet, drafted and checked against what may not leave.

        sources: the sealed names. Raises InputError for an unknown report or outlet.
        """
        from excomm.reports.leaving import answer_to

        return answer_to(self.facts, self.report(report), outlet, sources=sources, quote=quote)

    def in_other_words(
        self, answer: "Answer", text: str, *, sources: tuple[str, ...] = ()
    ) -> "Answer":
        """The same reply in somebody's own words, checked anew."""
        from excomm.reports.leaving import checked_text

        return checked_text(self.facts, answer, text, sources=sources)

    def claim_review(
        self, report: str, author: str, *, sources: tuple[str, ...] = ()
    ) -> dict[str, object]:
        """A finding as ClaimReview (schema.org), checked as a reply is.

        sources: the sealed names. Raises InputError where no finding holds; Faults for what may not
        leave.
        """
        from excomm.reports.claimreview import claim_review
        from excomm.reports.leaving import public_of

        return claim_review(public_of(self.facts, self.report(report), author, sources=sources))
