"""Is keeping the agreement their best reply under the plan of looks that we have?

Break-even detection beside what plans achieve and could at best achieve, by what the other side
sees of them; the margin; and the cheapest further looks that would close what is missing.
"""

from collections.abc import Iterator
from fractions import Fraction

import msgspec

from excomm.errors import InputError
from excomm.options.inspection import Verdict, deterrence, margin
from excomm.options.models import Detection, Keeping, PriceOfVerification
from excomm.options.phrases import figure
from excomm.options.price import PriceAnswer, solve_price


class UnderPlan(msgspec.Struct, frozen=True):
    """One plan against what deters."""

    plan: str
    policy: str
    detection: Fraction
    margin: Fraction  # negative: what is missing
    deters: bool
    could_deter: bool  # a better plan of equal cost might; True where no bound is known
    price: PriceAnswer | None  # of what is missing; None: nothing is, or no means was named


class KeepingAnswer(msgspec.Struct, frozen=True):
    """What detection would have to be, and what it is."""

    verdict: Verdict
    break_even_detection: Fraction | None
    plans: tuple[UnderPlan, ...]
    says: tuple[str, ...]


def solve_keeping(model: Keeping) -> KeepingAnswer:
    """Hold each plan against the break-even, exactly.

    Raises InputError: a detection without a plan behind it or above its bound, a figure that is no
    probability, no plan at all where there is a temptation.
    """
    found = deterrence(
        keep=model.keep,
        cheat_undetected=model.cheat_undetected,
        cheat_detected=model.cheat_detected,
        false_alarm_probability=model.false_alarm_probability,
        false_alarm_loss=model.false_alarm_loss,
        detection_per_look=Fraction(0),
        cost_per_look=Fraction(0),
    )
    _check(model)
    needed = found.break_even_detection
    if found.verdict == "deterrable" and not model.detection:
        remedy = "Plan looks first (excomm watch plan), or give detection with its plan."
        raise InputError("$.detection", "none", "the detection of a plan of looks", remedy)
    plans = tuple(_under(model, one, needed) for one in model.detection) if needed else ()
    says = tuple(_says(model, found.verdict, needed, plans))
    return KeepingAnswer(found.verdict, needed, plans, says)


def _check(model: Keeping) -> None:
    for n, one in enumerate(model.detection):
        where = f"$.detection[{n}]"
        if not one.plan:
            remedy = "A detection figure is worth nothing without the plan that reaches it."
            raise InputError(f"{where}.plan", "", "the plan behind the figure", remedy)
        for name in ("value", "bound"):
            figure = getattr(one, name)
            if figure is not None and not 0 <= figure <= 1:
                raise InputError(f"{where}.{name}", figure, "0 to 1", "Write 85 % as 17/20.")
        if one.bound is not None and one.value > one.bound:
            remedy = "No plan does better than the bound: mend one of the two."
            raise InputError(f"{where}.value", one.value, f"the bound {one.bound} or less", remedy)


def _under(model: Keeping, one: Detection, needed: Fraction) -> UnderPlan:
    short = margin(one.value, needed)
    price = None
    if short < 0 and model.means and one.value < 1 and needed <= 1:
        # What further looks, independent of the plan's, must find of what it misses.
        rest = 1 - (1 - needed) / (1 - one.value)
        price = solve_price(PriceOfVerification(break_even_detection=rest, means=model.means))
    could = short >= 0 or one.bound is None or one.bound >= needed
    return UnderPlan(one.plan, one.policy, one.value, short, short >= 0, could, price)


_SEEN = {
    "known": "they know the calendar",
    "secret": "they know only the policy",
    "observed": "they see every look as it happens",
}


def _says(
    model: Keeping, verdict: Verdict, needed: Fraction | None, plans: tuple[UnderPlan, ...]
) -> Iterator[str]:
    who = model.party
    if verdict == "no temptation":
        yield f"{who} has no temptation: what it could gain is worth no more than keeping."
        return
    if verdict == "cannot be deterred":
        yield f"{who} cannot be deterred by any detection: even being found out pays."
        return
    assert needed is not None
    within = f" within {model.days_until_banked} days" if model.days_until_banked else ""
    yield (f"{who} keeps it if a violation is found{within} with {figure(needed)} or more.")
    for one in plans:
        told = f"{one.plan}, if {_SEEN[one.policy]}: found with {figure(one.detection)}"
        if one.deters:
            yield f"{told}; keeping is the best reply, by {figure(one.margin)}."
            continue
        yield f"{told}; {figure(-one.margin)} short: violating is the best reply."
        if not one.could_deter:
            yield "No plan of equal cost can reach it."
        if one.price is not None:
            yield _priced(model, one.price)


def _priced(model: Keeping, price: PriceAnswer) -> str:
    if price.least_cost is None:
        return "The looks that can still be had do not close the gap."
    mix = ", ".join(
        f"{count} × {means.name}"
        for count, means in zip(price.mixes[0], model.means, strict=True)
        if count
    )
    return f"What is missing costs {figure(price.least_cost)} at the least: {mix}."
