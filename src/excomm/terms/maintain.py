"""To keep a state, or not to do a thing, until its term is over."""

import msgspec

from excomm.terms.duty import (
    PENDING,
    Breach,
    Duty,
    Judged,
    means_refused,
    running,
    standing_still,
)
from excomm.terms.evidence import alleges
from excomm.terms.outcome import Ground
from excomm.terms.points import local_day


def maintain(duty: Duty) -> Judged:
    """A state to be kept up, or a thing not to be done, until its term is over."""
    if duty.begun is None:
        return PENDING
    may = duty.body.modality == "may"
    ended = duty.ends is not None and duty.clock > duty.ends
    broken = None if may else _violation(duty)
    if broken is not None:
        return Judged(
            "breached",
            broken.ground,
            broken.entries,
            breaches=broken.entries,
            since=broken.since,
            over=duty.ends if ended else None,
            breached=broken.known,
        )
    doubt = None if may else _doubt(duty)
    still = standing_still(duty)
    if ended:
        return _at_end(duty, doubt, still)
    return still or doubt or running(duty)


def _at_end(duty: Duty, doubt: Judged | None, still: Judged | None) -> Judged:
    if doubt is not None:
        return msgspec.structs.replace(doubt, over=duty.ends)
    if still is not None:
        return Judged("lapsed", "term_over", still.basis, since=duty.ends, over=duty.ends)
    if duty.body.modality == "may":
        used = next((act for act in duty.acts if duty.established_good(act)), None)
        if used is None:
            return Judged("lapsed", "unused", since=duty.ends, over=duty.ends)
    return Judged(
        "fulfilled",
        "term_kept",
        since=duty.ends,
        over=duty.ends,
        performed_at=duty.ends,
        performed=duty.ends,
    )


def _violation(duty: Duty) -> Breach | None:
    for act in duty.binding_acts:
        if duty.ends is not None and act.at > duty.ends:
            continue
        if act.established and duty.shows(act) == "not_performed" and not duty.excuses(act):
            ground: Ground = "refused" if act.kind == "refusal" else "violated"
            return Breach(ground, (act.id,), act.at, act.set_off)
    return None


def _doubt(duty: Duty) -> Judged | None:
    """What is alleged and not covered, or the means gone since anything was established."""
    covered = max((act.day for act in duty.acts if duty.established_good(act)), default=None)
    alleged = [
        act
        for act in duty.binding_acts
        if alleges(act, duty.name, duty.body) and (covered is None or covered < act.day)
    ]
    if alleged:
        return Judged(
            "unverifiable", "alleged", tuple(act.id for act in alleged), since=alleged[0].at
        )
    refused = means_refused(duty)
    if refused is not None:
        return Judged("unverifiable", "means_refused", (refused.id,), since=refused.at)
    if duty.means_gone is not None:
        since, entries = duty.means_gone
        if covered is None or covered < local_day(since, duty.zone):
            return Judged("unverifiable", "means_gone", entries, since=since)
    return None
