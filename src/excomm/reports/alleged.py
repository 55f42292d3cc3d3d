"""What the desk holds of one allegation of a case: what it says, which looks bear, what follows.

Plain structs between the facts of a case and whoever shows or decides; every figure with its range
over the assumptions, and the ids of the entries that it rests on.
"""

from datetime import datetime

import msgspec

from excomm.reports.decisions import Decision
from excomm.reports.model import Allegation
from excomm.reports.overlap import Disc, Lasts, Time
from excomm.reports.weighing import Look, Weighing


class Range(msgspec.Struct, frozen=True, gc=False):
    """A figure from its lowest to its highest over the ranges of what it assumes."""

    low: float
    best: float
    high: float

    def __str__(self) -> str:
        ends = f"{self.low:.3g} to {self.high:.3g}"
        return f"{self.best:.3g}" if self.low == self.high else f"{self.best:.3g} ({ends})"


class Alleged(msgspec.Struct, frozen=True, kw_only=True):
    """One thing alleged in a report of a case: as entered, and where nothing was, as parsed.

    sites: shares of the sites meant (sum 1); empty: a position, the whole area, or a place that
    nobody knows (`elsewhere`).
    parsed: what was read in the text; None where nothing could be.
    """

    report: str
    part: int  # 1, 2, ... of those in one report
    what: str
    item: str = ""
    sites: dict[str, float] = {}
    place: str = ""
    elsewhere: bool = False
    position: Disc | None = None  # where no site is meant, and it is known where
    lasts: Lasts = "throughout"
    time: Time
    number: str = ""
    hidden: bool = False
    would_break: tuple[str, ...] = ()
    origin: str = ""
    reliability: str = ""  # of the source, A to F; F has no weight, as if it were not graded
    parsed: Allegation | None = None
    notes: tuple[str, ...] = ()


class Bears(msgspec.Struct, frozen=True, gc=False):
    """A look that overlaps it: with detection and shares at their best."""

    look: Look
    means: str
    day: datetime
    detection: Range
    tau: Range
    said: str  # "made; saw nothing"


class Settling(msgspec.Struct, frozen=True):
    """The look that would settle it: where, by what means, and what each answer would mean."""

    means: str
    item: str
    sites: tuple[str, ...]
    until: datetime | None  # after this nothing could be seen any more; None: no end is known
    ratio_if_nothing: float
    decision_if_nothing: str
    ratio_if_seen: float | None  # None: no false-alarm rate was assumed
    decision_if_seen: str
    looks_needed: int | None  # alike and independent; None: no number of them is enough
    refused: str = ""  # id of the look that was refused last, by this means


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """An allegation with what the looks say of it, and what may be said.

    ratio: likelihood ratio of the looks that bear; 1 where none does. posterior: None without a
    prior, which is somebody's claim (`prior_missing` names the row to add). missing: the row of
    assumptions.csv without which the ratio cannot be computed; the decision is then undetermined.
    """

    alleged: Alleged
    bears: tuple[Bears, ...]
    left_out: tuple[str, ...]
    ratio: Range | None
    power: Range
    prior: Range | None
    posterior: Range | None
    conceal: Range | None
    decision: Decision
    over_range: tuple[str, ...]  # other decisions that the range of the assumptions reaches
    settling: tuple[Settling, ...]
    unsettled: str  # why no look would settle it, where none would
    missing: str
    prior_missing: str
    excluded_by: tuple[str, ...]
    assumptions: tuple[str, ...]
    rests_on: tuple[str, ...]
    best: Weighing

    @property
    def id(self) -> str:
        """The report's id; of a second allegation in it with its number: `R1#2`."""
        part = "" if self.alleged.part == 1 else f"#{self.alleged.part}"
        return f"{self.alleged.report}{part}"

    def table(self) -> tuple[tuple[str, str], ...]:
        """Figure and value, in the order in which they are read."""
        return (
            ("decision", self.decision.word),
            ("why", self.decision.why),
            ("likelihood ratio", str(self.ratio) if self.ratio else self.missing),
            ("power of the search", str(self.power)),
            ("prior", str(self.prior) if self.prior else self.prior_missing),
            ("posterior", str(self.posterior) if self.posterior else self.prior_missing),
        )
