"""What the monitor finds of one undertaking; conditions and explanations are made from it."""

from datetime import datetime
from typing import Literal

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import State
from excomm.terms.evidence import Amounts

Truth = Literal["true", "false", "unknown"]


class Verdict(msgspec.Struct, frozen=True):
    """Whether a condition holds. since: from when, None where it has no time of its own."""

    truth: Truth
    since: datetime | None = None
    decided_by: tuple[str, ...] = ()


Ground = Literal[
    # pending
    "outsider",  # its obligor never accepted
    "no_start",  # the text names none, and nothing has set it off
    "starts_later",
    "condition_open",
    "condition_unknown",
    # running
    "running",
    "deadline_near",
    "evidence_awaited",
    # kept, or over
    "performed",
    "term_kept",
    "unused",
    "terminated",
    "term_over",
    # broken
    "violated",
    "refused",
    "not_performed",
    "partial",
    "not_done_when_asked",
    "silence_is_breach",
    "broken_by_nobody_known",
    # still
    "by_agreement",
    "in_answer",
    # cannot be known
    "silence",
    "only_claims",
    "nobody_can_tell",
    "amounts_open",
    "alleged",
    "means_gone",
    "means_refused",
    # by its assurance figure
    "assured",
    "not_assured",
    "assured_broken",
]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one undertaking, with the times and entries it rests on.

    basis: entries that yield the state. start_basis: those that set it off. breaches: every entry
    that established a breach, made good since or not.
    starts, due, ends, evidence_until: UTC, also where still to come. performed and breached: when
    others may count on it, the later of occurred and recorded.
    """

    body: Undertaking  # as amended, and as the obligor reads it
    state: State
    ground: Ground
    basis: tuple[str, ...] = ()
    start_basis: tuple[str, ...] = ()
    breaches: tuple[str, ...] = ()
    begun: bool = False
    starts: datetime | None = None
    due: datetime | None = None
    ends: datetime | None = None
    evidence_until: datetime | None = None
    over: datetime | None = None  # when it ended, one way or another
    since: datetime | None = None  # when what the ground names came about
    performed: datetime | None = None
    breached: datetime | None = None
    days_late: int | None = None
    disputed: bool = False
    flags: tuple[str, ...] = ()
    amounts: Amounts | None = None
    contested: tuple[str, ...] = ()
    condition: Verdict | None = None
    changed_by: tuple[str, ...] = ()
    by_party: dict[str, State] | None = None  # of each obligor, where several are bound
    readings: dict[str, State] | None = None  # by each party's reading, where they differ


def not_begun(body: Undertaking, ground: Ground = "condition_open") -> Outcome:
    """What holds of an undertaking before anything is known of those it waits for."""
    return Outcome(body=body, state="pending", ground=ground)
