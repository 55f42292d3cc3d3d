"""How each undertaking came to stand as it does: its state by day, as known on each day.

Only the days on which something changed are told. What was entered later changes nothing here: a
day reads as the desk read it then.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import msgspec

from excomm.brief.structs import Cell
from excomm.brief.undertakings import state_cell
from excomm.case import View
from excomm.entries import Day, end_of
from excomm.entries.kinds import CaseHeader, Event, Look

if TYPE_CHECKING:
    from excomm.terms import Status

DAYS_MAX = 120
"""How far back the history goes: the days before are not judged again."""


class Change(msgspec.Struct, frozen=True):
    """From this day on an undertaking stood so, as known then. days: for how long.

    reason, decides: as they were at the end.
    """

    since: date
    days: int
    state: Cell
    reason: str
    decides: tuple[str, ...]
    is_first: bool  # the history begins here; it may have stood so before


def histories(view: View) -> dict[str, tuple[Change, ...]]:
    """The changes of each undertaking up to the view's day, the latest first."""
    found: dict[str, list[Change]] = {}
    states: dict[str, Cell] = {}
    today = view.on.astimezone(view.case.zone).date()
    start = first_day(view)
    for count in range((today - start).days + 1):
        day = start + timedelta(days=count)
        at = view.on if day == today else end_of(Day(day), view.case.zone)
        seen = view if day == today else view.earlier(at)
        for name, status in seen.standing().items():
            if name not in view.standing():
                continue
            cell = state_cell(status)
            if states.get(name) == cell:
                last = found[name][-1]
                found[name][-1] = msgspec.structs.replace(
                    last, days=last.days + 1, reason=status.reason, decides=status.decides
                )
            else:
                found.setdefault(name, []).append(_change(day, cell, status, start))
            states[name] = cell
    return {name: tuple(reversed(changes)) for name, changes in found.items()}


def first_day(view: View) -> date:
    """The day on which the history begins."""
    today = view.on.astimezone(view.case.zone).date()
    earliest = [
        view.facts.local_day(entry)
        for kind in (Event, Look)
        for entry, _ in view.facts.of(kind)[:1]
    ]
    opens = [header.opens for _, header in view.facts.of(CaseHeader)]
    start = max([min(earliest, default=today), *opens]) if opens else min(earliest, default=today)
    return max(min(start, today), today - timedelta(days=DAYS_MAX - 1))


def _change(day: date, cell: Cell, status: "Status", start: date) -> Change:
    return Change(day, 1, cell, status.reason, status.decides, is_first=day == start)
