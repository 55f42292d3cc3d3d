"""What a plain rota buys, beside the best that its cost could: the question asked of a plan in use.

A rota is so many sorties spread evenly over the days, round the sites in turn. It is set against
the best calendar of equal cost, the best draw of equal cost, and what nothing of that cost exceeds.
"""

import msgspec

from excomm.errors import InputError
from excomm.watch.campaign import CasePlan, Schedule, detection_of, joined, planned, rota
from excomm.watch.policy import DrawnPlan, drawn
from excomm.watch.situation import Range, Situation


class RotaBeside(msgspec.Struct, frozen=True):
    """A rota and what its cost could have bought. detection: the rota's least, over the ranges.

    none_back: for each item, by "no look", "rota", "calendar" and "draw", the chance that none was
    brought back by the last day, had every look come off as assumed and seen nothing; whoever knows
    the assurance room fills it.
    """

    means: str
    sorties: int
    schedule: Schedule
    detection: Range
    cost: float
    calendar: CasePlan
    draw: DrawnPlan | None  # None: its cost draws no look in every window
    none_back: dict[str, dict[str, Range]] = {}

    def text(self) -> str:
        """The same in words."""
        plan = self.calendar
        lines = [
            f"ROTA  {self.sorties} sorties by {self.means} in {plan.days} days from"
            f" {plan.first_day:%-d %B %Y}, round the sites in turn, at a cost of {self.cost:g}:"
            f" least detection within {plan.window_days} days {_range(self.detection)}"
            " of what starts in them, to one who knows the days",
            f"best calendar of that cost  {_range(plan.detection)}; none has more than"
            f" {plan.answer.bound:.3f} ({plan.answer.ended})",
        ]
        if self.draw is None:
            lines.append("drawn  nothing: the cost pays for no look in every window")
        else:
            lines.append(
                f"drawn, of that cost  {_range(self.draw.watched)} to one who sees every look,"
                f" {_range(self.draw.secret)} to one who does not; no policy of it has more than"
                f" {self.draw.bound:.3f}"
            )
        for item, by in self.none_back.items():
            found = "; ".join(f"{what} {_range(chance, 4)}" for what, chance in by.items())
            lines.append(f"none of {item} brought back, had nothing been seen  {found}")
        return "\n".join(lines) + "\n"


def beside(now: Situation, means: str, sorties: int, days: int, *, seconds: float) -> RotaBeside:
    """The rota of a means beside the best calendar and the best draw of its cost.

    Counted is what starts within the days: looks made before them find nothing of it.
    Raises InputError for a means that cannot be planned, and for days that hold no window.
    """
    now = msgspec.structs.replace(now, made=())
    flown = rota(now, means, sorties, days)
    price = {one.id: one.cost.best for one in now.means}
    cost = sum(price[one.means] for one in joined(now, flown))
    calendar = planned(now, days, budget=cost, seconds=seconds)
    try:
        draw = drawn(now, days, budget=cost)
    except InputError:
        draw = None
    return RotaBeside(
        means=means,
        sorties=sorties,
        schedule=flown,
        detection=detection_of(now, days, flown),
        cost=cost,
        calendar=calendar,
        draw=draw,
    )


def _range(of: Range, digits: int = 3) -> str:
    return f"{of.best:.{digits}f} ({of.low:.{digits}f} to {of.high:.{digits}f})"
