"""When time alone can change what is found of an undertaking: its next day, first come first.

What hangs on several days at once (each party's own, each reading's, the days of a series), or on a
figure, is judged anew whenever time moves.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from excomm.entries import Day, start_of
from excomm.terms.duty import NEAR_DAYS
from excomm.terms.judging import Room
from excomm.terms.outcome import Outcome
from excomm.terms.points import local_day

_NEAR = timedelta(days=NEAR_DAYS)
_BY_FIGURE = ("assured", "not_assured", "assured_broken")


class Turns:
    """The next day of each undertaking. `moved`: those judged since, whose day may be another."""

    def __init__(
        self,
        days: list[tuple[datetime, str]],
        always: frozenset[str],
        moved: Mapping[str, datetime | None],
    ) -> None:
        self._days = days
        self._always = always
        self._moved = moved

    @classmethod
    def of(cls, room: Room) -> "Turns":
        """Of all that was judged on a day."""
        days: list[tuple[datetime, str]] = []
        always: set[str] = set()
        for name in room.book.undertakings:
            if _whenever(name, room):
                always.add(name)
            elif (day := _next_day(room.found.outcomes[name], room)) is not None:
                days.append((day, name))
        return cls(sorted(days), frozenset(always), {})

    def between(self, first: datetime, last: datetime) -> set[str]:
        """Undertakings with a day from the first instant to the last."""
        low = bisect_left(self._days, (first, ""))
        high = bisect_right(self._days, last, key=lambda day: day[0])
        found = {name for _, name in self._days[low:high]} | self._always
        return found | {n for n, day in self._moved.items() if day and first <= day <= last}

    def turned(self, judged: Iterable[str], room: Room) -> "Turns | None":
        """After some were judged anew; None where it is time to look at all of them again."""
        moved, always = dict(self._moved), self._always
        for name in judged:
            if _whenever(name, room):
                always |= {name}
            else:
                moved[name] = _next_day(room.found.outcomes[name], room)
        if len(moved) ** 2 > len(self._days) + 64**2:
            return None
        return Turns(self._days, always, moved)


def _whenever(name: str, room: Room) -> bool:
    sight = room.found.sight
    body, outcome = room.book.undertakings[name], sight.outcomes[name]
    return (
        len(body.by) > 1
        or bool(body.readings)
        or outcome.body.kind == "recur"
        or outcome.ground in _BY_FIGURE
        or sight.figure(name, outcome.body) is not None
    )


def _next_day(outcome: Outcome, room: Room) -> datetime | None:
    """The first instant, from the day of judging on, at which the outcome can be another."""
    on, zone = room.book.on, room.book.zone
    times = [outcome.starts, outcome.due, outcome.evidence_until, outcome.ends]
    if outcome.due is not None and outcome.due >= on:
        times.append(start_of(Day(local_day(outcome.due, zone) - _NEAR), zone))
    return min((time for time in times if time is not None and time >= on), default=None)
