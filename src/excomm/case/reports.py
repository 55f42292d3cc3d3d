"""What was alleged and what may be said of it: the reports room, with the facts of a view."""

from functools import cached_property
from typing import TYPE_CHECKING

from excomm.case.ground import Ground

if TYPE_CHECKING:
    from excomm.reports.alleged import Weighed
    from excomm.reports.following import Followed


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
