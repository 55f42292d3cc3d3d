"""What the header of a case is made of: its words, its scale, what it asks of its reports desk."""

from typing import Literal

import msgspec

from excomm.entries.language import Worded
from excomm.entries.times import Day, Instant


class WordRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words to use and words to avoid, as a principal directed."""

    avoid: str
    use: str = ""
    scope: str = ""
    source: str = ""
    since: Day | Instant | None = None  # known from then; empty: from the opening day
    marking: str = ""  # who may see it; empty: whoever sees the header


class OwnWords(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the institution says for a state, a static finding or a decision, by language."""

    of: Worded
    say: str
    lang: str = ""  # "en", "fr"; empty: whatever the language


class Likelihood(msgspec.Struct, frozen=True):
    """A word for a range of probability, both ends from 0 to 1."""

    word: str
    low: float
    high: float


class ReportRules(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the case asks of its reports desk: clocks in hours, thresholds, and who reviews.

    From the first receipt: a source is asked within `interview_hours`, an outlet answered within
    `reply_hours`; warnings come at the shares of these that 12 and 20 are of 24.
    """

    interview_hours: float = 24.0
    reply_hours: float = 24.0
    corroborated_ratio: float = 20.0
    contradicted_ratio: float = 0.05
    contradicted_power: float = 0.9
    no_evidence_ratio: float = 1 / 3
    review: Literal["second person", "none"] = "second person"
