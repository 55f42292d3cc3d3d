"""Decisions: what may be said of an allegation, given the weighing and what else is known.

Pure rules with the case's thresholds; a person decides, a second reviews. "No evidence" is said
only where somebody looked well enough for it to mean something.
"""

from typing import Literal

import msgspec

from excomm.errors import InputError
from excomm.reports.weighing import Weighing

DecisionWord = Literal["corroborated", "contradicted", "no evidence", "undetermined"]


class Thresholds(msgspec.Struct, frozen=True):
    """Likelihood ratios and the power that the decisions need; they belong to the case."""

    corroborated_ratio: float = 20.0
    contradicted_ratio: float = 1 / 20
    contradicted_power: float = 0.9  # of one look alone
    no_evidence_ratio: float = 1 / 3

    def __post_init__(self) -> None:
        ordered = 0 < self.contradicted_ratio <= self.no_evidence_ratio < 1 < self.corroborated_ratio
        if not ordered or not 0 < self.contradicted_power <= 1:
            raise InputError(
                "thresholds",
                f"{self.contradicted_ratio:g}, {self.no_evidence_ratio:g}, {self.corroborated_ratio:g}"
                f", power {self.contradicted_power:g}",
                "contradicted <= no evidence < 1 < corroborated, power 0 to 1",
            )


class Decision(msgspec.Struct, frozen=True):
    """The word, why, and the power of the search (chance that it would have been seen, 0 to 1)."""

    word: DecisionWord
    why: str
    power: float


def decide(
    weighing: Weighing,
    *,
    incompatible: tuple[str, ...] = (),
    thresholds: Thresholds = Thresholds(),  # noqa: B008 frozen
) -> Decision:
    """The decision that the evidence allows.

    incompatible: ids of entries that positively exclude the allegation (the item was counted
    elsewhere that day). Evidence both ways is undetermined, and says so.

    >>> from excomm.reports.weighing import weigh
    >>> decide(weigh([], 0.05, 0.2)).word
    'undetermined'
    """
    ratio, power = weighing.likelihood_ratio, weighing.power
    hits = [look for look in weighing.counted if look.hit]
    seen = ratio >= thresholds.corroborated_ratio and bool(hits)
    strongest = max((look.power for look in weighing.counted if not look.hit), default=0.0)
    if seen and incompatible:
        return Decision(
            "undetermined", f"seen by a look, and excluded by {', '.join(incompatible)}", power
        )
    if seen:
        return Decision(
            "corroborated", f"{_looks(len(hits))} saw it, likelihood ratio {ratio:.3g}", power
        )
    if incompatible:
        return Decision("contradicted", f"excluded by {', '.join(incompatible)}", power)
    if not any(look.power > 0 for look in weighing.counted):
        return Decision("undetermined", "no look overlaps it", power)
    if (
        not hits
        and ratio <= thresholds.contradicted_ratio
        and strongest >= thresholds.contradicted_power
    ):
        return Decision(
            "contradicted",
            f"one look of power {strongest:.2g} saw nothing, likelihood ratio {ratio:.3g}",
            power,
        )
    if not hits and ratio <= thresholds.no_evidence_ratio:
        return Decision(
            "no evidence",
            f"{_looks(len(weighing.counted))} saw nothing; were it so, one would have seen it with"
            f" probability {power:.2g}",
            power,
        )
    if hits:
        return Decision("undetermined", f"seen, but likelihood ratio only {ratio:.3g}", power)
    return Decision(
        "undetermined", f"looked, but would have seen it with probability {power:.2g} only", power
    )


def reopens(before: Decision, after: Decision) -> bool:
    """Whether a later weighing has moved a decision past a threshold, so that it must be looked at."""
    return before.word != after.word


def _looks(number: int) -> str:
    return "one look" if number == 1 else f"{number} looks"
