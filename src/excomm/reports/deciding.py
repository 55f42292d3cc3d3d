"""Deciding: what a person enters about a report: repeats, interviews, findings and their review.

Every step is an entry held against the rules of the case. A finding names the head of the ledger
that its weighing was computed from and is appended onto that head or not at all; a review is a new
entry in its place, by another person. Nothing is decided here that the looks do not allow to be
said, save by a person who says why.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from secrets import token_hex
from typing import get_args

import msgspec

from excomm.entries import Entry, EntryId, Instant, instant_text
from excomm.entries.kinds import Body as EntryBody
from excomm.entries.kinds import Check, Finding, Interview, Repeat, Report
from excomm.entries.language import DecisionWord
from excomm.entries.rules import faults
from excomm.errors import Faults, InputError
from excomm.folder import typed
from excomm.ledger import Ledger
from excomm.reports.alleged import Weighed
from excomm.reports.following import Followed


def repeat(
    ledger: Ledger, report: str, of: str, state: str, *, by: str, why: str, now: datetime
) -> Entry:
    """That a report repeats an earlier one: suggested, confirmed or undone; none is written over.

    Raises Faults for unknown reports or states; InputError for a report and itself.
    """
    if report == of:
        raise InputError("of", of, "another report")
    texts = {"report": report, "of": of, "state": state, "why": why}
    return _entered(ledger, Repeat, texts, by=by, now=now)


def asked(ledger: Ledger, report: str, said: Mapping[str, str], *, by: str, now: datetime) -> Entry:
    """An interview about a report; said: the columns of interviews.csv that are its own.

    Raises Faults for other columns (who enters it, and when, is not said twice) and for bad values.
    """
    own = {field.name for field in msgspec.structs.fields(Interview)} - {"report"}
    strange = [name for name in said if name not in own]
    if strange:
        raise Faults(
            InputError(name, "no such column", f"one of {', '.join(sorted(own))}")
            for name in strange
        )
    return _entered(ledger, Interview, {"report": report, **said}, by=by, now=now)


def decided(
    ledger: Ledger,
    weighed: Weighed,
    decision: str,
    *,
    head: str,
    author: str,
    text: str,
    now: datetime,
) -> Entry:
    """A finding as proposed: what was decided, on which head, by whom; a second person reviews.

    weighed: the allegation as the author saw it. A decision that the looks do not allow needs a
    text that says why. Raises InputError for that, for nobody named, and for an unknown word.
    """
    if not author.strip():
        raise InputError("author", author, "who decides", "One person, by name.")
    if decision not in get_args(DecisionWord):
        raise InputError("decision", decision, f"one of {', '.join(get_args(DecisionWord))}")
    if decision != weighed.decision.word and not text.strip():
        raise InputError(
            "text",
            None,
            f"why it is {decision}, where the looks allow {weighed.decision.word}",
            f"The looks: {weighed.decision.why}.",
        )
    texts = {
        "report": weighed.alleged.report,
        "decision": decision,
        "text": text or weighed.decision.why,
        "author": author,
        "ledger_head": head,
    }
    if weighed.ratio is not None:
        texts |= {
            "likelihood_ratio": f"{weighed.ratio.best:.6f}",
            "power": f"{weighed.power.best:.6f}",
        }
    return _entered(ledger, Finding, texts, by=author, now=now)


def reviewed(ledger: Ledger, finding: str, *, reviewer: str, now: datetime) -> Entry:
    """The same finding with its reviewer, in the place of the one proposed.

    Raises InputError where there is no such finding, it is reviewed, or corrected since; Faults
    where the reviewer is its author.
    """
    entries = tuple(ledger.read())
    old = next((entry for entry in entries if entry.id == finding), None)
    if old is None or not isinstance(old.body, Finding):
        raise InputError("finding", finding, "a finding of this ledger")
    later = next((entry for entry in entries if entry.corrects == finding), None)
    if old.body.reviewer or later is not None:
        named = old.body.reviewer or str(later.id if later else "")
        raise InputError("finding", finding, "one that waits for its review", f"See {named}.")
    if not reviewer.strip():
        raise InputError("reviewer", reviewer, "who reviewed it", "Another person, by name.")
    body = msgspec.structs.replace(old.body, reviewer=reviewer)
    entry = msgspec.structs.replace(
        old,
        id=EntryId(f"{finding}-reviewed"),
        recorded=now,
        body=body,
        by=reviewer,
        corrects=old.id,
        seq=0,
        appended=None,
    )
    found = [fault for one, fault in faults((*entries, entry)) if one.id == entry.id]
    if found:
        raise Faults(found)
    ledger.append([entry], now=now)
    return entry


def _entered(
    ledger: Ledger, kind: type[EntryBody], texts: Mapping[str, str], *, by: str, now: datetime
) -> Entry:
    if not by.strip():
        raise InputError("by", by, "who enters it", "Name yourself.")
    head = ledger.head()
    case = tuple(ledger.read())
    tag = str(kind.__struct_config__.tag)
    report = next((entry for entry in case if entry.id == texts.get("report")), None)
    marking = report.marking if report and isinstance(report.body, Report) else ""
    entry = typed(
        kind,
        {
            "occurred": instant_text(now),
            "by": by,
            "standing": "established",
            "reading": "high",
            "marking": marking,
            **texts,
        },
        case,
        entry_id=f"{tag}-{token_hex(8)}",
        now=now,
    )
    # What was read and judged is what it is appended onto.
    ledger.append([entry], now=now, onto=head)
    return entry


def record_late(
    ledger: Ledger, reports: Iterable[Followed], *, by: str, now: datetime
) -> tuple[Entry, ...]:
    """An entry for each clock that has run out and is not recorded yet: a check of the report."""
    there = {str(entry.id): entry for entry in ledger.read()}
    found = []
    for each in reports:
        if each.repeat_of:
            continue
        for what, clock in (("source", each.interview_clock), ("outlets", each.reply_clock)):
            entry_id = EntryId(f"late-{what}-{each.report}")
            if clock.state != "breached" or entry_id in there:
                continue
            undone = "source not asked" if what == "source" else "outlets not answered"
            found.append(
                Entry(
                    id=entry_id,
                    occurred=Instant(clock.due),
                    recorded=now,
                    body=Check(
                        report=each.report,
                        what=f"{undone} in time",
                        result=f"due {instant_text(clock.due)}; “undetermined so far” may be said",
                    ),
                    by=by,
                    standing="established",
                    reading="high",
                    marking=there[each.report].marking,
                )
            )
    if found:
        ledger.append(found, now=now)
    return tuple(found)
