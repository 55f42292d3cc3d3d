"""Plans of a case in words, for the terminal: the answer, how sure, what it costs, the sorties."""

from collections.abc import Iterator

from excomm.watch.campaign import CasePlan, Sortie
from excomm.watch.legs import way_words
from excomm.watch.policy import DrawnPlan
from excomm.watch.situation import Range

_SITES_SHOWN = 6


def calendar_text(plan: CasePlan, other: DrawnPlan | None) -> str:
    """A plan against one who knows the calendar, with what a draw of equal cost would assure."""
    answer = plan.answer
    lines = [
        f"LEAST DETECTION  {_range(plan.detection)}, of any site and start day;"
        f" no calendar has more than {answer.bound:.3f} ({answer.ended})",
        f"  within {plan.window_days} days, from {plan.first_day:%-d %B %Y} for {plan.days} days;"
        " the other side knows the calendar",
        f"  worst: {answer.worst_site}, from day {answer.worst_start_day}",
        f"  costs {answer.cost:g}{_at_least(answer.cost_bound)}; chance that a sortie is lost"
        f" {_range(plan.loss)}",
    ]
    lines += [f"  {one} cannot be reached in every window" for one in answer.unreachable]
    if answer.elsewhere is not None:
        lines.append(f"  at the other sites, for which the plan is: {answer.elsewhere:.3f}")
    if other is not None:
        lines += [
            "",
            f"DRAWN INSTEAD  {_cycles(other)}, at a cost of {other.cost:g}: {_range(other.watched)}"
            f" against one who sees every look, {_range(other.secret)} against one who does not; no"
            f" policy of this cost has more than {other.bound:.3f}",
            *_out_of_reach(other),
        ]
    lines += ["", "SORTIES" if plan.sorties else "SORTIES  none: none would raise the least"]
    lines += [_sortie(one) for one in plan.sorties]
    lines += [
        f"  {site} on day {day} by {means} cannot be flown with the others of its day"
        for site, day, means in plan.unflown
    ]
    lines += ["", *_basis(plan.legal_basis), *(f"left out  {one}" for one in plan.excluded)]
    return "\n".join(lines) + "\n"


def drawn_text(plan: DrawnPlan) -> str:
    """A plan that is drawn: what it assures, and each slot's chances."""
    lines = [
        f"LEAST DETECTION  {_range(plan.watched)} against one who sees every look",
        f"  {_range(plan.secret)} against one who knows the policy and sees none;"
        f" no policy of this cost has more than {plan.bound:.3f}",
        f"  within {plan.window_days} days, for {plan.days} days"
        f" from {plan.first_day:%-d %B %Y}: {_cycles(plan)}",
        f"  costs {plan.cost:g}; chance that a sortie is lost {_range(plan.loss)}",
        *_out_of_reach(plan),
        "",
    ]
    for cycle in plan.cycles:
        for number, slot in enumerate(cycle.slots):
            chances = ", ".join(
                f"{site} {chance:.2f}"
                for site, chance in zip(plan.sites, slot, strict=True)
                if chance
            )
            lines.append(f"{cycle.means} slot {number}  {chances}")
    lines += ["", *_basis({one.means: one.legal_basis for one in plan.cycles})]
    lines += [f"left out  {one}" for one in plan.excluded]
    return "\n".join(lines) + "\n"


def _out_of_reach(plan: DrawnPlan) -> Iterator[str]:
    for one in plan.unreachable:
        yield f"  {one} cannot be looked at by any means: there it is 0, and this is for the others"


def _cycles(plan: DrawnPlan) -> str:
    return " and ".join(
        f"{one.sorties} sorties by {one.means}, one slot every {one.rhythm_days:g} days"
        for one in plan.cycles
    )


def _at_least(bound: float | None) -> str:
    return "" if bound is None else f" (no plan that assures so much costs under {bound:.4g})"


def _range(of: Range) -> str:
    return f"{of.best:.3f} ({of.low:.3f} to {of.high:.3f})"


def _sortie(one: Sortie) -> str:
    shown = ", ".join(one.sites[:_SITES_SHOWN])
    more = len(one.sites) - _SITES_SHOWN
    way = ""
    if one.km is not None and one.minutes is not None:
        way = f" ({way_words(one.km, one.minutes, one.leaves_by)})"
    return (
        f"  {one.day:%a %-d %b}  {one.means}: {shown}{f' and {more} more' if more > 0 else ''}{way}"
    )


def _basis(by_means: dict[str, tuple[str, ...]]) -> Iterator[str]:
    for means, basis in by_means.items():
        yield f"basis of {means}  {'; '.join(basis) or 'none entered'}"
