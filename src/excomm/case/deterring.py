"""What the looks that a case can afford would detect in time: the watch room asked for options.

Options hold what detection deters, watch what detection a plan has; here one is given the other.
"""

from fractions import Fraction

import msgspec

from excomm.options.models import Detection, Keeping
from excomm.watch.campaign import Schedule, detection_of, planned
from excomm.watch.policy import drawn
from excomm.watch.situation import Range, Situation

_SECONDS = 5.0
_DIGITS = 4  # more would be claimed than assumptions carry


def detections(now: Situation, model: Keeping, ahead: Schedule) -> tuple[Detection, ...]:
    """The plan that the case has, the best calendar, and the best draw of the same cost.

    now: the case's own window is replaced by `days_until_banked`, where the model gives it.
    ahead: the looks that are planned in the case; none: there is no such plan.
    Raises InputError where no plan can be made.
    """
    if model.days_until_banked:
        days = float(model.days_until_banked)
        now = msgspec.structs.replace(now, window_days=Range(days, days, days))
    budget = None if model.budget is None else float(model.budget)
    calendar = planned(now, model.plan_days, budget=budget, seconds=_SECONDS)
    draw = drawn(now, model.plan_days, budget=budget)
    sorties = f"{len(calendar.sorties)} sorties in {model.plan_days} days"
    number = sum(one.sorties for one in draw.cycles)
    by_lot = f"{number} sorties drawn by lot"
    bound = _share(draw.bound)
    own = (
        Detection(
            f"the plan of the case ({len(ahead)} looks ahead)",
            "known",
            _share(detection_of(now, model.plan_days, ahead).best),
        ),
    )
    return (
        *(own if ahead else ()),
        Detection(
            f"the best calendar ({sorties})",
            "known",
            min(_share(calendar.detection.best), _share(calendar.answer.bound)),
            _share(calendar.answer.bound),
        ),
        Detection(by_lot, "secret", min(_share(draw.secret.best), bound), bound),
        Detection(by_lot, "observed", min(_share(draw.watched.best), bound), bound),
    )


def _share(value: float) -> Fraction:
    return Fraction(str(round(min(max(value, 0.0), 1.0), _DIGITS)))
