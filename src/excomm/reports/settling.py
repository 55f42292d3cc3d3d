"""Settling: the look that would decide an allegation, and what each of its answers would mean.

A forecast from the case's assumptions, looked at over all of the place alleged while it could still
be seen. Where no look can settle it, the reason and what to do instead.
"""

import math
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from excomm.reports.alleged import Alleged, Range, Settling
from excomm.reports.decisions import Decision
from excomm.reports.held import Known
from excomm.reports.weighing import Look, Together, together


def settled_by(
    alleged: Alleged,
    known: Known,
    now: tuple[Together, float],
    *,
    hidden: Range | None,
    lasting: Range | None,
    allows: Callable[[Together, float], Decision],
    target: float,
) -> tuple[tuple[Settling, ...], str]:
    """One more look by each means that could see it, the most telling first; else why none.

    now: what the looks say so far, and the chance of concealment taken with it. hidden: that
    chance; None where nobody assumed it. lasting: days for which it stays to be seen. target: the
    ratio at which nothing seen means something.
    """
    said = now[0]
    if allows(*now).word in ("corroborated", "contradicted"):
        return (), ""
    until = _until(alleged, lasting)
    unsettled = _unsettled(alleged, known, hidden, lasting, until)
    if unsettled or hidden is None:
        return (), unsettled
    found = []
    for means in known.means:
        row = known.assumed.get(f"{means}.{alleged.item}.detection")
        if row is None or not 0.0 < row[1] <= 1.0:
            continue
        seen = known.assumed.get(f"{means}.{alleged.item}.prob_false_alarm")
        false = seen[1] if seen else 0.0
        missed = Look(f=1.0, tau=1.0, p=row[1], q=0.0, hit=False)
        after = said.also(together([missed.says]))
        hit = None
        if 0.0 < false < 1.0:
            hit = said.also(together([msgspec.structs.replace(missed, q=false, hit=True).says]))
        found.append(
            Settling(
                means=means,
                item=alleged.item,
                sites=tuple(alleged.sites),
                until=until,
                ratio_if_nothing=after.likelihood_ratio(hidden.best),
                decision_if_nothing=allows(after, hidden.best).word,
                ratio_if_seen=hit.likelihood_ratio(hidden.best) if hit else None,
                decision_if_seen=allows(hit, hidden.best).word if hit else "",
                looks_needed=looks_needed(
                    said.likelihood_ratio(now[1]), hidden.best, row[1], target
                ),
                refused=known.refused.get(means, ""),
            )
        )
    if not found:
        return (), f"no means has a row MEANS.{alleged.item}.detection in assumptions.csv"
    return tuple(sorted(found, key=lambda s: (bool(s.refused), s.ratio_if_nothing, s.means))), ""


def _until(alleged: Alleged, lasting: Range | None) -> datetime:
    """Until when it could be seen, at best."""
    if alleged.lasts == "while it happens" or lasting is None:
        return alleged.time.last
    return alleged.time.last + timedelta(days=lasting.best)


def _unsettled(
    alleged: Alleged, known: Known, hidden: Range | None, lasting: Range | None, until: datetime
) -> str:
    if not alleged.item or alleged.elsewhere:
        return "no look: what or where is open; ask the source"
    if alleged.hidden:
        return "no look from outside: it is said to be hidden; ask the source, or go there"
    if until < known.on:
        over = "its time is over"
        if lasting is None and alleged.lasts != "while it happens":
            over = f"{over}; add reports.lasting_days to assumptions.csv if it can still be seen"
        return f"no look: {over}; ask the source"
    if hidden is None:
        return f"cannot be said: add {alleged.item}.prob_concealed to assumptions.csv"
    return ""


def looks_needed(ratio: float, conceal: float, p: float, target: float) -> int | None:
    """How many more looks of that power that see nothing bring the ratio to the target."""
    if ratio <= target:
        return 0
    if conceal >= target or p <= 0.0:
        return None
    if p >= 1.0:
        return 1
    beyond = (ratio - conceal) / (1.0 - conceal) if conceal < 1.0 else 1.0
    wanted = (target - conceal) / (1.0 - conceal)
    return max(1, math.ceil(math.log(wanted / beyond) / math.log(1.0 - p) - 1e-9))
