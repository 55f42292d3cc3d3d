"""A duty at the time of judging, what is found of it, and what all three kinds of duty share."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import Shows, State
from excomm.terms.evidence import Act, Amounts, shown
from excomm.terms.outcome import Ground
from excomm.terms.points import local_day
from excomm.terms.suspension import Suspension

NEAR_DAYS = 7  # a deadline so near makes an undertaking due

Entries = tuple[str, ...]


class Duty(msgspec.Struct, frozen=True):
    """One undertaking as it reads on the day, with its times worked out, and the acts about it."""

    name: str
    body: Undertaking
    acts: tuple[Act, ...]
    begun: datetime | None
    due: datetime | None
    ends: datetime | None
    evidence_until: datetime | None
    clock: datetime  # the time of judging
    zone: tzinfo
    deadline_set: datetime | None  # when the parties last set the deadline anew
    suspension: Suspension
    means_gone: tuple[datetime, Entries] | None

    @property
    def deadline_void(self) -> bool:
        """Whether the deadline had passed before the undertaking began: it cannot be missed."""
        return self.due is not None and self.begun is not None and self.due < self.begun

    @property
    def deadline(self) -> datetime | None:
        """The deadline that can be missed."""
        return None if self.deadline_void else self.due

    def until(self, end: datetime) -> "Duty":
        """The duty as judged at its end by the parties' will.

        What happened later counts no more; what came to light later about a deadline missed does.
        """
        missed = self.due is not None and self.due < end and self.body.kind == "achieve"
        acts = tuple(
            act
            for act in self.acts
            if act.at <= end or (missed and self.shows(act) in ("not_performed", "part"))
        )
        begun = self.begun if self.begun is not None and self.begun <= end else None
        return msgspec.structs.replace(self, acts=acts, clock=end, begun=begun)

    def shows(self, act: Act) -> Shows:
        """What an act shows about this undertaking."""
        return shown(act, self.name, self.body)

    def good(self, act: Act) -> bool:
        """Whether an act shows performance, on whose word ever."""
        return self.shows(act) == "performed"

    def established_good(self, act: Act) -> bool:
        """Whether an act establishes performance."""
        return act.established and self.good(act)

    def speaks(self, act: Act) -> bool:
        """Whether an act shows anything of performance at all."""
        return self.shows(act) != "nothing"

    @property
    def binding_acts(self) -> Sequence[Act]:
        """The acts since the day on which the undertaking began."""
        if self.begun is None:
            return ()
        first_day = local_day(self.begun, self.zone)
        return [act for act in self.acts if act.day >= first_day]

    def excuses(self, act: Act) -> bool:
        """Whether what was left undone was left while the undertaking lawfully stood still."""
        if self.name in act.event.shows or act.kind not in ("not_done", "refusal"):
            return False
        still = self.suspension.at(act.at)
        return still is not None and (act.kind == "not_done" or still.how == "in_answer")


class Judged(msgspec.Struct, frozen=True):
    """A state with its ground. performed_at: when it was so; performed, breached: when others may

    count on it, the later of occurred and recorded.
    """

    state: State
    ground: Ground
    basis: Entries = ()
    breaches: Entries = ()
    since: datetime | None = None
    over: datetime | None = None
    performed_at: datetime | None = None
    performed: datetime | None = None
    breached: datetime | None = None
    evidence_until: datetime | None = None
    amounts: Amounts | None = None


class Breach(msgspec.Struct, frozen=True):
    """An established breach. own: the obligor's doing, whatever others refused.

    known: when others may count on it, the later of occurred and recorded.
    """

    ground: Ground
    entries: Entries
    since: datetime
    known: datetime
    own: bool = True


PENDING = Judged("pending", "condition_open")


def standing_still(duty: Duty) -> Judged | None:
    """Suspended at the time of judging."""
    still = duty.suspension.at(duty.clock)
    return Judged("suspended", still.how, still.basis, since=still.since) if still else None


def running(duty: Duty) -> Judged:
    """Binding, nothing wrong; due where the deadline is near."""
    if duty.deadline is not None and duty.clock <= duty.deadline:
        today, last_day = local_day(duty.clock, duty.zone), local_day(duty.deadline, duty.zone)
        if (last_day - today).days <= NEAR_DAYS:
            return Judged("due", "deadline_near", since=duty.due)
    return Judged("in_force", "running", since=duty.begun)


def means_refused(duty: Duty) -> Act | None:
    """The refusal that left no agreed means, where others refused them all and still do.

    A refusal that names some of the agreed means refuses those; one that names none, all of them.
    The refuser's later consent ends it, and so does anything established since.
    """
    agreed = duty.body.verification or ("",)
    refused: dict[str, Act] = {}
    for act in duty.acts:
        shows = duty.shows(act)
        if act.kind == "refusal" and act.established and shows == "cannot_tell":
            for means in _named(act, agreed) or agreed:
                refused[means] = act
        elif act.kind in ("accepted", "resumed") and act.standing != "disputed":
            refused = {m: a for m, a in refused.items() if not act.by_any(a.parties)}
        elif act.established and shows in ("performed", "part"):
            refused.clear()
    if any(means not in refused for means in agreed):
        return None
    return max(refused.values(), key=lambda act: act.at)


def _named(act: Act, agreed: Sequence[str]) -> list[str]:
    said = f"{act.event.what} {act.event.reason}".casefold()
    return [means for means in agreed if means and means.casefold() in said]
