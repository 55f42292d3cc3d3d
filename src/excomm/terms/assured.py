"""The state that an assurance figure yields: an undertaking's status is one, not a tick.

Only where the undertaking names its standard and the item has a figure. Performed means that the
low end of the figure reaches the standard; broken, that its high end leaves no more than `accuse`
allows. For a state to be kept the figure stands beside the state until the agreed means end.
Figures of several conditions are never multiplied: only bounds hold for all of them together.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import State
from excomm.terms.duty import Duty, Judged, running


class Figure(msgspec.Struct, frozen=True):
    """A probability that an undertaking is kept, as a range, with the prior it assumed in words."""

    low: float
    best: float
    high: float
    prior: str = ""


def assured(duty: Duty, judged: Judged, figure: Figure | None) -> Judged:
    """The state once the figure is held against the standard; as it was where there is none."""
    standard = duty.body.standard
    if figure is None or standard is None or duty.begun is None or duty.body.modality == "may":
        return judged
    if judged.state in ("pending", "suspended", "lapsed", "breached"):
        return judged
    sure = figure.low >= standard
    if duty.body.kind == "achieve" and duty.body.modality == "must":
        return _performed(duty, judged, figure) if sure else _not_sure(duty, judged, figure)
    if judged.state == "unverifiable" and judged.ground in ("means_gone", "means_refused"):
        if sure:
            return Judged("in_force", "assured", judged.basis, since=duty.begun)
        if _accused(duty.body, figure):
            return _broken(duty, judged)
    return judged


def _performed(duty: Duty, judged: Judged, figure: Figure) -> Judged:
    if judged.state == "fulfilled":
        return judged
    # When it came to be so is not known: only that it is so by now.
    return Judged(
        "fulfilled",
        "assured",
        judged.basis,
        since=duty.clock,
        performed=duty.clock,
        amounts=judged.amounts,
    )


def _not_sure(duty: Duty, judged: Judged, figure: Figure) -> Judged:
    over = duty.deadline is not None and duty.clock > duty.deadline
    if not over:
        if judged.state != "fulfilled":
            return judged
        state = running(duty)
        return msgspec.structs.replace(
            state, ground="not_assured", basis=judged.basis, amounts=judged.amounts
        )
    if duty.evidence_until is not None and duty.clock <= duty.evidence_until:
        return Judged("due", "evidence_awaited", since=duty.due, amounts=judged.amounts)
    if _accused(duty.body, figure):
        return _broken(duty, judged)
    if judged.state != "fulfilled":
        return judged
    return Judged(
        "unverifiable", "not_assured", judged.basis, since=duty.due, amounts=judged.amounts
    )


def _broken(duty: Duty, judged: Judged) -> Judged:
    since = duty.deadline if duty.deadline is not None else duty.clock
    return Judged(
        "breached",
        "assured_broken",
        judged.basis,
        since=since,
        breached=duty.clock,
        amounts=judged.amounts,
    )


def _accused(body: Undertaking, figure: Figure) -> bool:
    return body.accuse is not None and figure.high <= 1.0 - body.accuse


class Assessed(msgspec.Struct, frozen=True):
    """What a person entered of an undertaking's state."""

    entry: str
    state: State
    at: datetime


def settled(judged: Judged, assessed: Assessed | None) -> tuple[Judged, bool]:
    """The state where a figure alone decides and a person has settled it; whether one has to.

    What was settled holds while the figure moves about the standard, so that states do not flap;
    where the figure now says otherwise, somebody is asked to look again.
    """
    if judged.ground not in ("assured", "assured_broken", "not_assured"):
        return judged, False
    crossed = judged.ground != "not_assured"
    if assessed is None or assessed.state not in ("fulfilled", "breached"):
        return judged, crossed
    if assessed.state == judged.state:
        return judged, False
    return msgspec.structs.replace(
        judged,
        state=assessed.state,
        ground="assured" if assessed.state == "fulfilled" else "assured_broken",
        since=assessed.at,
        performed=assessed.at if assessed.state == "fulfilled" else None,
        breached=assessed.at if assessed.state == "breached" else None,
    ), True


def figure_words(figure: Figure, standard: float) -> str:
    """ "0.97 against 0.95; prior 0.5": what stands beside the state.

    >>> figure_words(Figure(0.97, 0.97, 0.97, "prior 0.5"), 0.95)
    '0.97 against 0.95; prior 0.5'
    """
    said = f"{range_words(figure.low, figure.high)} against {standard:g}"
    return said + (f"; {figure.prior}" if figure.prior else "")


def range_words(low: float, high: float) -> str:
    """ "0.8 to 0.9", or one number where both read alike."""
    first, last = _short(low), _short(high)
    return first if first == last else f"{first} to {last}"


def _short(probability: float) -> str:
    # Only what is certain is written 0 or 1.
    if 0.995 <= probability < 1.0:
        return "above 0.99"
    if 0.0 < probability < 0.005:
        return "below 0.01"
    return f"{probability:.2f}".rstrip("0").rstrip(".") or "0"


def joint_bounds(figures: Sequence[Figure]) -> tuple[float, float]:
    """Between what the probability of all together must lie, however they depend on each other.

    Frechet 1935: at least the sum less one for each further, at most the least of them.

    >>> joint_bounds([Figure(0.9, 0.9, 0.9), Figure(0.8, 0.85, 0.95)])
    (0.7000000000000002, 0.9)
    """
    low = sum(figure.low for figure in figures) - (len(figures) - 1)
    return max(0.0, low), min((figure.high for figure in figures), default=1.0)
