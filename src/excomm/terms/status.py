"""The status of one undertaking on one day, as it is handed out."""

from datetime import datetime
from typing import Literal

import msgspec

State = Literal[
    "pending",
    "in_force",
    "due",
    "fulfilled",
    "breached",
    "suspended",
    "lapsed",
    "unverifiable",
]


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What stands of one undertaking, and why.

    state: under the obligor's reading of the text, where the parties read it differently.
    why: every entry that bears on it. decides: an irreducible part of them that yields the state
    by itself; empty where the text and the calendar alone yield it.
    missing: what would have to come, in words. path: the undertakings it waits through, nearest
    first. reason: one plain sentence.
    disputed: an entry that bears on it is denied, a suspension is contested, or the readings of
    the parties lead to different states. days_late: whole days, None where it was not late.
    by_party: each obligor's own state, where several are bound. readings: each party's state,
    only where they differ.
    starts: first instant, UTC. due: last instant of the deadline, UTC.
    """

    undertaking: str
    state: State
    why: tuple[str, ...] = ()
    decides: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    reason: str = ""
    disputed: bool = False
    late: bool = False
    days_late: int | None = None
    flags: tuple[str, ...] = ()
    by_party: dict[str, State] = {}
    readings: dict[str, State] = {}
    starts: datetime | None = None
    due: datetime | None = None
