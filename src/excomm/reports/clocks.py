"""Clocks: how long is left to ask a source, or to answer a report, from its first receipt.

A repeat never restarts a clock, and a time that the report itself gives never sets one: the time
received rules. Nothing here asks what time it is; `now` arrives as an argument.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Literal

import msgspec

from excomm.errors import InputError

ClockState = Literal["running", "first warning", "second warning", "breached", "stopped"]


class Times(msgspec.Struct, frozen=True):
    """Hours from receipt at which a clock warns, warns again and is breached."""

    first_warning_hours: float = 12.0
    second_warning_hours: float = 20.0
    breach_hours: float = 24.0

    def __post_init__(self) -> None:
        if not 0 < self.first_warning_hours <= self.second_warning_hours <= self.breach_hours:
            raise InputError(
                "times",
                f"{self.first_warning_hours:g}, {self.second_warning_hours:g},"
                f" {self.breach_hours:g}",
                "hours in rising order, above 0",
            )


USUAL = Times()


class Clock(msgspec.Struct, frozen=True):
    """A clock as of one instant; `late` where it stopped after it was due, or still runs."""

    state: ClockState
    received: datetime
    due: datetime
    hours_left: float  # negative once breached; at the stop, where it has stopped
    late: bool


def clock(
    receipts: Iterable[datetime],
    now: datetime,
    *,
    stopped: datetime | None = None,
    times: Times = USUAL,
) -> Clock:
    """Where a clock stands.

    receipts: when the report and its repeats came in, one at least; the first counts. stopped: when
    the answer was sent or the source asked. All with offset.
    Raises InputError: no receipt, a time without offset, a stop before the receipt.

    >>> first = datetime(1962, 11, 12, 9, tzinfo=UTC)
    >>> clock([first], first + timedelta(hours=21)).state
    'second warning'
    """
    came = sorted(_aware("receipts", at) for at in receipts)
    if not came:
        raise InputError("receipts", "none", "one or more", "A clock starts with a receipt.")
    received, due = came[0], came[0] + timedelta(hours=times.breach_hours)
    if stopped is not None:
        stop = _aware("stopped", stopped)
        if stop < received:
            raise InputError("stopped", stopped.isoformat(), f"not before {received.isoformat()}")
        if stop <= _aware("now", now):
            return Clock("stopped", received, due, _hours(due - stop), stop > due)
    hours = _hours(_aware("now", now) - received)
    state: ClockState = "running"
    if hours >= times.breach_hours:
        state = "breached"
    elif hours >= times.second_warning_hours:
        state = "second warning"
    elif hours >= times.first_warning_hours:
        state = "first warning"
    return Clock(state, received, due, times.breach_hours - hours, state == "breached")


class Waiting(msgspec.Struct, frozen=True):
    """A report in the queue: its clock, and what makes it matter.

    would_break: undertakings that were broken, were it true. prob: how likely it is, 0 to 1.
    outlets: how many carried it.
    """

    report: str
    clock: Clock
    would_break: tuple[str, ...] = ()
    prob: float = 0.5
    outlets: int = 1


def queue(waiting: Iterable[Waiting]) -> tuple[Waiting, ...]:
    """What to answer first: hours left, then consequence, uncertainty and reach.

    Hours count by the started three; a stopped clock waits for nothing and is left out.
    """
    running = [w for w in waiting if w.clock.state != "stopped"]
    return tuple(
        sorted(
            running,
            key=lambda w: (
                w.clock.hours_left // _HOURS_ALIKE,
                -len(w.would_break),
                abs(w.prob - 0.5),
                -w.outlets,
                w.clock.received,
                w.report,
            ),
        )
    )


_HOURS_ALIKE = 3.0


def _aware(where: str, at: datetime) -> datetime:
    if at.tzinfo is None:
        raise InputError(
            where, at.isoformat(), "an instant with offset", "Write 1962-11-12T09:00-05:00."
        )
    return at.astimezone(UTC)


def _hours(span: timedelta) -> float:
    return span / timedelta(hours=1)
