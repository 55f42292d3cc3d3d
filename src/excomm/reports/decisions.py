"""Decisions: what may be said of an allegation, given the weighing and what else is known.

Pure rules with the case's thresholds; a person decides, a second reviews. "No evidence" is said
only where somebody looked well enough for it to mean something.
"""

import msgspec

from excomm.entries.language import DecisionWord
from excomm.errors import InputError
from excomm.reports.weighing import Together, Weighing


class Thresholds(msgspec.Struct, frozen=True):
    """Likelihood ratios and the power that the decisions need; they belong to the case."""

    corroborated_ratio: float = 20.0
    contradicted_ratio: float = 1 / 20
    contradicted_power: float = 0.9  # of one look alone
    no_evidence_ratio: float = 1 / 3

    def __post_init__(self) -> None:
        ordered = (
            0 < self.contradicted_ratio <= self.no_evidence_ratio < 1 < self.corroborated_ratio
        )
        if not ordered or not 0 < self.contradicted_power <= 1:
            raise InputError(
                "thresholds",
                f"{self.contradicted_ratio:g}, {self.no_evidence_ratio:g},"
                f" {self.corroborated_ratio:g}, power {self.contradicted_power:g}",
                "contradicted <= no evidence < 1 < corroborated, power 0 to 1",
            )


USUAL = Thresholds()


class Decision(msgspec.Struct, frozen=True):
    """The word, why, and the power of the search (chance that it would have been seen, 0 to 1)."""

    word: DecisionWord
    why: str
    power: float


def decide(
    weighing: Weighing,
    *,
    incompatible: tuple[str, ...] = (),
    thresholds: Thresholds = USUAL,
) -> Decision:
    """The decision that the evidence allows.

    incompatible: ids of entries that positively exclude the allegation (the item was counted
    elsewhere that day). Evidence both ways is undetermined, and says so.

    >>> from excomm.reports.weighing import weigh
    >>> decide(weigh([], 0.05, 0.2)).word
    'undetermined'
    """
    conceal, said = weighing.conceal, weighing.together
    return decided(said, conceal, incompatible=incompatible, thresholds=thresholds)


def decided(
    said: Together,
    conceal: float,
    *,
    incompatible: tuple[str, ...] = (),
    thresholds: Thresholds = USUAL,
) -> Decision:
    """The same from what the looks say together, with the chance of concealment."""
    ratio, power = said.likelihood_ratio(conceal), said.power(conceal)
    hits, strongest = said.hits, said.strongest
    seen = bool(hits) and ratio >= thresholds.corroborated_ratio
    excluded = f"excluded by {', '.join(incompatible)}"
    found: tuple[DecisionWord, str]
    if seen and incompatible:
        found = "undetermined", f"seen by a look, and {excluded}"
    elif seen:
        found = "corroborated", f"{_looks(hits)} saw it, likelihood ratio {ratio:.3g}"
    elif incompatible:
        found = "contradicted", excluded
    elif not said.overlaps:
        found = "undetermined", "no look overlaps it"
    elif hits:
        found = "undetermined", f"seen, but the likelihood ratio is {ratio:.3g}"
    elif ratio <= thresholds.contradicted_ratio and strongest >= thresholds.contradicted_power:
        why = f"one look of power {strongest:.2g} saw nothing, likelihood ratio {ratio:.3g}"
        found = "contradicted", why
    elif ratio <= thresholds.no_evidence_ratio:
        missed = f"{_looks(said.misses)} saw nothing"
        found = "no evidence", f"{missed}; power {power:.2g}, likelihood ratio {ratio:.3g}"
    else:
        found = "undetermined", f"nothing seen, but the power was {power:.2g} only"
    return Decision(found[0], found[1], power)


def reopens(before: Decision, after: Decision) -> bool:
    """Whether a later weighing has moved a decision past a threshold, so that it reopens."""
    return before.word != after.word


def _looks(number: int) -> str:
    return "one look" if number == 1 else f"{number} looks"
