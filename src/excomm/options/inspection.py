"""Is keeping the agreement their best reply? Detection that deters, and what it costs.

The detection figures come from elsewhere (the watch room: what the plan in force finds before the
gain is banked); here is only what they have to be. Everything is exact in fractions. "Cannot be
deterred" and "no temptation" are answers, not errors.
"""

import math
from fractions import Fraction
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from excomm.errors import InputError
from excomm.options.models import InspectionOneShot, InspectionSequential

Verdict = Literal["deterrable", "cannot be deterred", "no temptation"]


class Deterrence(msgspec.Struct, frozen=True):
    """The detection that makes keeping as good as cheating, and the fewest looks that reach it."""

    verdict: Verdict
    break_even_detection: (
        Fraction | None
    )  # above 1 where it cannot be deterred; None: no such figure
    fewest_looks: int | None  # None: no number of looks is enough
    least_cost: Fraction | None


class Simultaneous(msgspec.Struct, frozen=True):
    """Neither sees what the other does."""

    inspect_probability: Fraction
    violate_probability: Fraction
    inspectee_value: Fraction
    inspector_value: Fraction


class Announced(msgspec.Struct, frozen=True):
    """The inspector binds itself first, and the other side believes it."""

    inspect_probability: Fraction
    violate_probability: Fraction
    inspector_value: Fraction


class OneShotAnswer(msgspec.Struct, frozen=True):
    """The inspection game; extreme equilibria of the simultaneous game are counted."""

    break_even_detection_probability: Fraction
    break_even_inspection_probability: Fraction | None
    deterrable: bool
    simultaneous: Simultaneous | UnsetType = UNSET
    announced: Announced | UnsetType = UNSET
    all_equilibria_count: int | UnsetType = UNSET


class SequentialAnswer(msgspec.Struct, frozen=True):
    """Dresher's value to the inspectee for each cell asked, in the order asked."""

    columns: tuple[str, str, str]
    rows: tuple[tuple[int, int, Fraction], ...]


def deterrence(
    *,
    keep: Fraction,
    cheat_undetected: Fraction,
    cheat_detected: Fraction,
    false_alarm_probability: Fraction,
    false_alarm_loss: Fraction,
    detection_per_look: Fraction,
    cost_per_look: Fraction,
) -> Deterrence:
    """How much detection deters, and with how many looks that is reached at what cost.

    keep, cheat_undetected, cheat_detected: worth of each to the party watched, on any one scale.
    false_alarm_probability, false_alarm_loss: 0 to 1, and 0 or more: what being accused wrongly
    costs it while it keeps. detection_per_look: 0 to 1, looks independent. cost_per_look: >= 0.
    Break-even is (V - L) / (V - P), with L = keep less the expected loss by false alarms; at
    equality detection counts as enough. Raises InputError naming the argument out of range.

    >>> found = deterrence(keep=Fraction(9), cheat_undetected=Fraction(14),
    ...     cheat_detected=Fraction(-16), false_alarm_probability=Fraction(0),
    ...     false_alarm_loss=Fraction(5), detection_per_look=Fraction(1, 5),
    ...     cost_per_look=Fraction(5))
    >>> print(found.break_even_detection, found.fewest_looks, found.least_cost)
    1/6 1 5
    """
    _probability("false_alarm_probability", false_alarm_probability)
    _probability("detection_per_look", detection_per_look)
    for name, size in (("false_alarm_loss", false_alarm_loss), ("cost_per_look", cost_per_look)):
        if size < 0:
            raise InputError(name, size, "0 or more", "Write a loss or a cost as its size.")
    lawful = keep - false_alarm_probability * false_alarm_loss
    if cheat_undetected <= lawful:
        return Deterrence("no temptation", Fraction(0), 0, Fraction(0))
    if cheat_detected >= cheat_undetected:
        return Deterrence("cannot be deterred", None, None, None)
    break_even = (cheat_undetected - lawful) / (cheat_undetected - cheat_detected)
    if break_even > 1:
        return Deterrence("cannot be deterred", break_even, None, None)
    looks = fewest_looks(detection_per_look, break_even)
    return Deterrence(
        "deterrable", break_even, looks, None if looks is None else looks * cost_per_look
    )


def margin(detection: Fraction, break_even: Fraction) -> Fraction:
    """By how much the detection of a plan exceeds what deters; negative: what is missing.

    Raises InputError where the detection is no probability.
    """
    _probability("detection", detection)
    return detection - break_even


def fewest_looks(detection_per_look: Fraction, wanted: Fraction) -> int | None:
    """The least n with 1 - (1 - d)^n at least `wanted`, exactly; None if there is none."""
    if wanted <= 0:
        return 0
    if detection_per_look == 0 or (wanted == 1 > detection_per_look) or wanted > 1:
        return None
    if detection_per_look == 1:
        return 1
    # A close guess in floating point, then exact steps: at equality it counts as enough.
    missed, allowed = 1 - detection_per_look, 1 - wanted
    looks = max(1, math.floor(_log(allowed) / _log(missed)) - 1)
    while looks > 1 and missed ** (looks - 1) <= allowed:
        looks -= 1
    while missed**looks > allowed:
        looks += 1
    return looks


def solve_one_shot(model: InspectionOneShot) -> OneShotAnswer:
    """The inspection game after Avenhaus and Canty: legal 0 for both, payoffs as the model says.

    Raises InputError: a loss or cost below 0, a detection that is no probability.
    """
    pay = model.payoffs
    for name in pay.__struct_fields__:
        if getattr(pay, name) < 0:
            where, remedy = f"$.payoffs.{name}", "Write gains, losses and costs as sizes."
            raise InputError(where, getattr(pay, name), "0 or more", remedy)
    _probability("$.payoffs.detection_if_inspected", pay.detection_if_inspected)
    gain, detection = pay.inspectee_gain_undetected, pay.detection_if_inspected
    stake = gain + pay.inspectee_loss_detected
    if stake == 0:
        raise InputError(
            "$.payoffs",
            "nothing to gain and nothing to lose",
            "a gain or a loss of the inspectee",
            "Say what violating is worth to it.",
        )
    break_even = gain / stake
    if break_even > detection:
        return _undeterred(model, break_even)
    inspect = break_even / detection if detection else Fraction(0)
    # What an inspection spares the inspector when there is a violation.
    spared = detection * (pay.inspector_loss_undetected - pay.inspector_loss_detected)
    cost, undetected = pay.inspection_cost, pay.inspector_loss_undetected
    if gain == 0:
        simultaneous = Simultaneous(*[Fraction(0)] * 4)
        count = 2
    elif spared < cost or spared <= 0:
        simultaneous = Simultaneous(Fraction(0), Fraction(1), gain, -undetected)
        count = 1
    else:
        violate = cost / spared
        simultaneous = Simultaneous(inspect, violate, Fraction(0), -violate * undetected)
        # On the border the equilibria form an edge, and both its ends are counted.
        count = 2 if violate == 1 or inspect == 1 else 1
    if inspect * cost <= undetected:
        announced = Announced(inspect, Fraction(0), -inspect * cost)
    else:
        announced = Announced(Fraction(0), Fraction(1), -undetected)
    return OneShotAnswer(break_even, inspect, True, simultaneous, announced, count)  # noqa: FBT003


def solve_sequential(model: InspectionSequential) -> SequentialAnswer:
    """n periods, m inspections, at most one violation: +1 undetected, -1 caught, 0 legal.

    Dresher (1962), as given by Avenhaus, von Stengel and Zamir:
    C(n-1, m) / sum of C(n, i) for i = 0..m.
    Raises InputError for less than one period or less than no inspection.
    """
    rows = []
    for n, (periods, inspections) in enumerate(model.cells):
        if periods < 1 or inspections < 0:
            found = f"[{periods}, {inspections}]"
            expected = "periods of 1 or more, inspections of 0 or more"
            raise InputError(f"$.cells[{n}]", found, expected, "Write [periods, inspections].")
        if periods > 10_000:
            raise InputError(f"$.cells[{n}]", periods, "10000 periods or fewer", "Ask for fewer.")
        below = sum(math.comb(periods, i) for i in range(min(inspections, periods) + 1))
        value = Fraction(math.comb(periods - 1, inspections), below)
        rows.append((periods, inspections, value))
    return SequentialAnswer(("periods", "inspections", "value"), tuple(rows))


def _undeterred(model: InspectionOneShot, break_even: Fraction) -> OneShotAnswer:
    """It violates whatever the inspector does; he inspects if that spares more than it costs."""
    pay = model.payoffs
    detection = pay.detection_if_inspected
    gain, loss = pay.inspectee_gain_undetected, pay.inspectee_loss_detected
    seen = detection * pay.inspector_loss_detected
    inspecting = -pay.inspection_cost - seen - (1 - detection) * pay.inspector_loss_undetected
    inspects = inspecting > -pay.inspector_loss_undetected
    simultaneous = Simultaneous(
        Fraction(inspects),
        Fraction(1),
        gain - detection * (gain + loss) if inspects else gain,
        max(inspecting, -pay.inspector_loss_undetected),
    )
    return OneShotAnswer(break_even, None, False, simultaneous)  # noqa: FBT003


def _probability(name: str, value: Fraction) -> None:
    if not 0 <= value <= 1:
        raise InputError(name, value, "0 to 1", "Write 85 % as 17/20 or 0.85.")


def _log(value: Fraction) -> float:
    return math.log(value.numerator) - math.log(value.denominator)
