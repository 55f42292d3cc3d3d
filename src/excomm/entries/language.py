"""The terms language as values: points in time, conditions, amounts.

The text of these forms is that of an agreement file (docs/folder.md). Here they are only types;
`excomm.folder` reads and writes them, `excomm.terms` says what they mean.
"""

from datetime import date
from typing import Literal

import msgspec

from excomm.entries.times import Day, Instant

Number = int | float


class Fixed(msgspec.Struct, frozen=True, tag="at", omit_defaults=True):
    """A day or an instant, as written."""

    when: Day | Instant
    last_day: date | None = None
    renewable: bool = False


class Relative(msgspec.Struct, frozen=True, tag="after", omit_defaults=True):
    """So long after something: `{P14D after: start of U, last_day: ...}`.

    anchor: a day, `starts`, `condition`, an event's id, `start of U`, `due of U`, `fulfilled U`.
    duration: ISO 8601 (`P14D`, `PT24H`); empty means at once.
    """

    anchor: str
    duration: str = ""
    last_day: date | None = None
    renewable: bool = False


class With(msgspec.Struct, frozen=True, tag="with", omit_defaults=True):
    """Ends when the named undertaking ends."""

    undertaking: str


Point = Fixed | Relative | With


class Is(msgspec.Struct, frozen=True, tag="is"):
    """One thing that has come about."""

    what: Literal["fulfilled", "in_force", "breached", "requested_by", "accepted_by", "event"]
    of: str  # an undertaking, a party or an event, as `what` says


class Counted(msgspec.Struct, frozen=True, tag="counted"):
    """At least so many counted towards an undertaking."""

    undertaking: str
    at_least: Number


class All(msgspec.Struct, frozen=True, tag="all"):
    """Every part holds."""

    parts: tuple["Condition", ...]


class Any(msgspec.Struct, frozen=True, tag="any"):
    """One part holds."""

    parts: tuple["Condition", ...]


class Not(msgspec.Struct, frozen=True, tag="not"):
    """The part does not hold; not the same as cannot be known."""

    part: "Condition"


Condition = Is | Counted | All | Any | Not


class Amount(msgspec.Struct, frozen=True, omit_defaults=True):
    """How much of an item an undertaking speaks of."""

    item: str
    number: Number
    unit: str = ""


class Each(msgspec.Struct, frozen=True, omit_defaults=True):
    """The periods of a recurring undertaking."""

    months: tuple[int, ...]  # 1 to 12
    due_day: int | None = None  # day of the month


class Reading(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one party reads the text, where parties differ; replaces what it names."""

    starts: Point | None = None
    condition: Condition | None = None
    what: str = ""
    source: str = ""


class Advice(msgspec.Struct, frozen=True, omit_defaults=True):
    """One adviser's answer to a question put to a principal."""

    who: str
    says: str


Modality = Literal["must", "must_not", "may"]
Duty = Literal["achieve", "maintain", "recur"]
Silence = Literal["unverifiable", "breached"]
Shows = Literal["performed", "not_performed", "part", "cannot_tell", "nothing"]
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
StaticFinding = Literal[
    "unknown_reference",
    "circular_wait",
    "waits_on_circle",
    "condition_never_holds",
    "deadline_before_condition",
    "no_deadline",
    "counting_open_to_doubt",
    "obligor_not_party",
    "needs_consent_of_outsider",
    "unverifiable_means",
    "depends_on_unverifiable",
    "standard_missing",
    "conflicting_modality",
    "unit_mismatch",
    "performs_first",
    "wording",
]
DecisionWord = Literal["corroborated", "contradicted", "no evidence", "undetermined"]
Worded = Literal[
    State, StaticFinding, DecisionWord
]  # what an institution may have words of its own for
EventKind = Literal[
    "signed",
    "accepted",
    "in_force",
    "refusal",
    "objection",
    "request",
    "no_reply",
    "declaration",
    "measure",
    "measurement",
    "count",
    "progress",
    "partial",
    "done",
    "not_done",
    "cannot_confirm",
    "violation",
    "finding",
    "reports",
    "access_gap",
    "countermeasure",
    "suspension_claimed",
    "suspended_by_agreement",
    "resumed",
    "amended",
    "extended",
    "terminated",
    "correction",
    "retraction",
    "incident",  # anything else that happened and that the case has to know
]
