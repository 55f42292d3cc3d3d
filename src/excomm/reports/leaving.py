"""Leaving: what may go out about a report of a case, drafted and checked against all that may not.

Reads the facts as `from_facts` does, and appends nothing: `answering` sends.
"""

import msgspec

from excomm.entries import Entry, start_of
from excomm.entries.kinds import (
    CaseHeader,
    Finding,
    Interview,
    Look,
    Means,
    Outlet,
    Reply,
    Report,
)
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.reports.answering import Answer, stopped
from excomm.reports.claimreview import Public
from excomm.reports.following import Followed
from excomm.reports.replying import Held, Told, draft, leaks, wording_faults


def answer_to(
    facts: Facts, followed: Followed, outlet: str, *, sources: tuple[str, ...], quote: str = ""
) -> Answer:
    """The reply to one outlet about one report, drafted and checked.

    sources: the sealed names, none of which may leave. quote: a commitment given, word for word.
    Raises InputError for an outlet that the case lacks, or that did not carry it.
    """
    entry, to = facts.get(followed.report), facts.get(outlet)
    if to is None or not isinstance(to.body, Outlet):
        raise InputError("outlet", outlet, "an outlet of the case")
    if outlet not in followed.outlets:
        carried = ", ".join(followed.outlets) or "none did"
        raise InputError("outlet", outlet, f"one that carried {followed.report} ({carried})")
    assert entry is not None and isinstance(entry.body, Report)
    found = facts.get(followed.finding)
    finding = found.body if found is not None and isinstance(found.body, Finding) else None
    rules = _headers(facts)[-1].wording if _headers(facts) else ()
    best = followed.weighed[0] if followed.weighed else None
    told = Told(
        allegation=entry.body.allegation,
        received=followed.received.astimezone(facts.zone),
        decision=finding.decision if finding and not followed.reopened else "undetermined",
        power=best.power.best if best and best.bears else None,
        looks=len(best.bears) if best else 0,
        is_late=finding is None,
        reviewed=followed.reviewed or finding is None,
        corrects=_told_before(facts, followed, outlet),
        quote=quote,
    )
    text = draft(told, rules)
    lowest = facts.scheme.levels[0]
    held = _held_back(facts, entry, outlet, to.body.cleared or lowest, sources)
    return Answer(
        report=followed.report,
        finding=followed.finding,
        author=finding.author if finding else "",
        outlet=outlet,
        to=to.body.contact,
        subject=f"Your report: {entry.body.allegation}"[:_SUBJECT_CHARS_MAX],
        text=text,
        marking=entry.marking,
        stops=(*leaks(text, held), *wording_faults(text, rules)),
    )


def checked_text(facts: Facts, answer: Answer, text: str, *, sources: tuple[str, ...]) -> Answer:
    """The same reply in other words, checked anew."""
    entry, to = facts.get(answer.report), facts.get(answer.outlet)
    assert entry is not None and to is not None and isinstance(to.body, Outlet)
    cleared = to.body.cleared or facts.scheme.levels[0]
    held = _held_back(facts, entry, answer.outlet, cleared, sources)
    rules = _headers(facts)[-1].wording if _headers(facts) else ()
    return msgspec.structs.replace(
        answer, text=text, stops=(*leaks(text, held), *wording_faults(text, rules))
    )


def public_of(
    facts: Facts, followed: Followed, author: str, *, sources: tuple[str, ...] = ()
) -> Public:
    """What may be published of a finding.

    sources: the sealed names. Raises InputError where no finding holds or no author is named;
    Faults for every word that may not leave.
    """
    if not author.strip():
        raise InputError("author", author, "whose review it is", "Name the desk.")
    entry, found = facts.get(followed.report), facts.get(followed.finding)
    if found is None or not isinstance(found.body, Finding) or followed.reopened:
        expected = "a report with a finding that holds"
        raise InputError("REPORT", followed.report, expected, "Decide it first.")
    assert entry is not None and isinstance(entry.body, Report)
    outlet = facts.get(entry.body.outlet)
    published = entry.body.published
    held = _held_back(facts, entry, entry.body.outlet, facts.scheme.levels[0], sources)
    rules = _headers(facts)[-1].wording if _headers(facts) else ()
    stopped("claimReviewed", leaks(entry.body.allegation, held))
    stopped("reviewBody", (*leaks(found.body.text, held), *wording_faults(found.body.text, rules)))
    return Public(
        report=followed.report,
        allegation=entry.body.allegation,
        appeared_in=outlet.body.name if outlet and isinstance(outlet.body, Outlet) else "",
        published=start_of(published, facts.zone) if published else None,
        decision=found.body.decision,
        text=found.body.text,
        reviewed_at=found.recorded,
        author=author,
        is_reviewed=followed.reviewed,
    )


def _headers(facts: Facts) -> list[CaseHeader]:
    return [header for _, header in facts.of(CaseHeader)]


def _told_before(facts: Facts, followed: Followed, outlet: str) -> str:
    """The decision that an outlet was told and that no longer holds."""
    if outlet not in followed.to_correct:
        return ""
    told = ""
    for _, reply in facts.of(Reply):
        if reply.outlet == outlet and reply.report == followed.report and reply.sent:
            old = facts.get(reply.finding)
            told = old.body.decision if old and isinstance(old.body, Finding) else told
    return told or "undetermined so far"


def _held_back(
    facts: Facts, report: Entry, outlet: str, cleared: str, sources: tuple[str, ...]
) -> Held:
    """What an outlet may not be told: words of looks above its marking, accounts, others' texts."""
    audience = facts.scheme.parse(cleared)
    hidden: dict[str, tuple[str, ...]] = {}
    for entry, look in facts.of(Look):
        if not facts.scheme.may_see(audience, facts.scheme.parse(entry.marking)):
            means = facts.get(look.means)
            name = means.body.name if means and isinstance(means.body, Means) else ""
            hidden[str(entry.id)] = tuple(word for word in (look.what, name) if word)
    texts = {str(entry.id): interview.result for entry, interview in facts.of(Interview)} | {
        str(entry.id): other.text
        for entry, other in facts.of(Report)
        if entry.id != report.id and other.outlet != outlet
    }
    return Held(sources=sources, secrets=hidden, texts={k: v for k, v in texts.items() if v})


_SUBJECT_CHARS_MAX = 120
