"""What is due: directives, sources to be asked, replies owed, deadlines; with what is left.

A directive read from the minutes and one entered by hand for the same words are one; the entered
one wins. Its outcome is an event about it; without one the page says so, and never that it is done.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, name_of, quiet, section, who
from excomm.brief.structs import Cell, Column, Row, Section, Table, Tone
from excomm.brief.undertakings import what_words
from excomm.case import View
from excomm.entries import Entry, When, end_of
from excomm.entries.kinds import Directive, Event, Interview, Reply, Undertaking

_OUTCOMES = {
    "done": "done",
    "not_done": "not done",
    "retraction": "withdrawn",
    "terminated": "withdrawn",
    "refusal": "refused",
    "progress": "under way",
    "partial": "done in part",
}
_CLOSED = ("done", "not done", "withdrawn", "refused")
_FORGOTTEN = timedelta(days=7)  # an outcome nobody entered is asked for so long


class Duty(msgspec.Struct, frozen=True):
    """Something that somebody owes."""

    what: str
    who: str
    entries: tuple[Entry, ...]
    due: datetime | None  # UTC, the last instant; None: no time was set, or none could be read
    due_words: str  # as it was said
    since: datetime | None  # from when the time runs
    outcome: tuple[Entry, str] | None = None
    under: tuple["Duty", ...] = ()  # what has to be done to carry it out
    is_told: bool = True  # whether an outcome is entered as an event about it
    name: str = ""  # of a reading, which is no entry of its own

    @property
    def id(self) -> str:
        """The same for the same duty in every view."""
        return self.name or "+".join(str(entry.id) for entry in self.entries)

    @property
    def words(self) -> str:
        """What is owed, as every page says it."""
        return f"{self.what} (unconfirmed)" if self.is_read_only else self.what

    @property
    def is_read_only(self) -> bool:
        """Whether it was read in minutes, and no person has confirmed it yet."""
        return bool(self.name)


def what_is_due(view: View) -> Section | None:
    """Everything owed: what is over or due first, by time; then what has no time set."""
    columns = (
        Column("What is due", 4),
        Column("who", 1.3),
        Column("by", 1.2),
        Column("left, or outcome", 1.7),
    )
    return section("due", "Due", Table(columns, tuple(_row(view, duty) for duty in _by_time(view))))


def open_duties(view: View) -> tuple[Duty, ...]:
    """What somebody still owes, by time; what has no time set comes last."""
    return tuple(
        duty for duty in _by_time(view) if duty.outcome is None or duty.outcome[1] not in _CLOSED
    )


def _by_time(view: View) -> list[Duty]:
    shown = (duty for duty in duties(view) if _is_shown(view, duty))
    return sorted(shown, key=lambda d: (d.due is None, d.due or view.on, d.what))


def _is_shown(view: View, duty: Duty) -> bool:
    if duty.outcome is not None:
        # What was settled before today is history; today's outcomes are news.
        entry, outcome = duty.outcome
        today = view.on.astimezone(view.case.zone).date()
        return outcome not in _CLOSED or view.facts.local_day(entry) == today
    return duty.due is None or not duty.is_told or view.on - duty.due < _FORGOTTEN


def _row(view: View, duty: Duty) -> Row:
    at = words.instant_words(duty.due, view.case.zone, view.on) if duty.due else duty.due_words
    return Row(
        (
            cell(duty.words, *duty.entries),
            cell(duty.who or "nobody named", tone="plain" if duty.who else "quiet"),
            cell(at or "–"),
            _left(view, duty),
        ),
        tuple(cell(f"Not yet: {words.small(each.what)}.", *each.entries) for each in duty.under),
    )


def _left(view: View, duty: Duty) -> Cell:
    """What is left of the time, or what came of it."""
    if duty.outcome is not None:
        entry, outcome = duty.outcome
        tone: Tone = "plain" if outcome == "done" else "strong"
        return cell(f"{outcome}, {day_of(view, entry)}", entry, tone=tone)
    if duty.due is None:
        return quiet("no time set")
    if duty.due < view.on:
        told = "outcome not entered" if duty.is_told else "not done"
        return cell(f"{words.left(duty.due, view.on)}, {told}", tone="warning")
    return cell(words.left(duty.due, view.on, duty.since), tone="strong")


def duties(view: View) -> list[Duty]:
    """All that somebody owes; what a directive of the same hour asks for stands under it."""
    directives = list(_directives(view))
    others = [*_interviews(view), *_replies(view)]
    found = []
    for directive in directives:
        under = tuple(each for each in others if _serves(each, directive))
        others = [each for each in others if each not in under]
        found.append(msgspec.structs.replace(directive, under=under))
    return [*found, *others, *_deadlines(view)]


def _serves(duty: Duty, directive: Duty) -> bool:
    same_time = duty.since == directive.since and duty.due == directive.due
    return same_time and (duty.due is not None or duty.due_words == directive.due_words)


def _directives(view: View) -> Iterator[Duty]:
    entered = view.facts.of(Directive)
    for entry, directive in entered:
        yield Duty(
            directive.what,
            directive.to,
            (entry,),
            _end(view, directive.due),
            directive.due_words,
            view.facts.start(entry),
            _outcome(view, str(entry.id)),
        )
    for minutes, record in view.records():
        for read in record.directives:
            if read.kind == "wording" or read.strength == "soft":
                continue
            if any(_is_same(str(minutes.id), read.start, read.end, d) for _, d in entered):
                continue
            issued = f"{read.from_}: " if read.from_ else ""
            yield Duty(
                f"{issued}{read.what or record.text[read.start : read.end]}",
                read.to or "",
                (minutes,),
                read.due_at,
                read.due,
                view.facts.start(minutes),
                _outcome(view, f"{minutes.id}#{read.id}"),
                name=f"{minutes.id}#{read.id}",
            )


def _is_same(minutes: str, start: int, end: int, entered: Directive) -> bool:
    """Whether the entered directive stands on the same words of the same minutes."""
    if entered.minutes != minutes or entered.start is None or entered.end is None:
        return False
    return entered.start < end and start < entered.end


def _outcome(view: View, directive: str) -> tuple[Entry, str] | None:
    told = [
        (entry, _OUTCOMES[event.kind])
        for entry, event in view.facts.of(Event)
        if directive in event.about and event.kind in _OUTCOMES
    ]
    return told[-1] if told else None


def _interviews(view: View) -> Iterator[Duty]:
    for entry, interview in view.facts.of(Interview):
        if interview.asked is not None or interview.result:
            continue
        source = interview.person or "the source"
        about = f" about {_allegation(view, interview.report)}" if interview.report else ""
        yield Duty(
            f"Ask {source}{about}",
            who(view, entry.by),
            (entry,),
            _end(view, interview.due),
            "",
            view.facts.start(entry),
            is_told=False,
        )


def _replies(view: View) -> Iterator[Duty]:
    """The replies owed; those that answer one report by one time are one row."""
    owed: dict[tuple[str, str, datetime | None], list[tuple[Entry, Reply]]] = {}
    for entry, reply in view.facts.of(Reply):
        if reply.sent is None:
            key = (reply.report, entry.by, _end(view, reply.due))
            owed.setdefault(key, []).append((entry, reply))
    for (report, by, due), rows in owed.items():
        outlets = words.listed([name_of(view, reply.outlet) for _, reply in rows])
        about = f" about {_allegation(view, report)}" if report else ""
        yield Duty(
            f"Reply to {outlets}{about}",
            who(view, by),
            tuple(entry for entry, _ in rows),
            due,
            "promptly",
            view.facts.start(rows[0][0]),
            is_told=False,
        )


def _allegation(view: View, report: str) -> str:
    entry = view.facts.get(report)
    return f"“{getattr(entry.body, 'allegation', report)}”" if entry else report


def _deadlines(view: View) -> Iterator[Duty]:
    for name, status in view.standing().items():
        entry = view.facts.get(name)
        if entry is None or not isinstance(entry.body, Undertaking) or status.due is None:
            continue
        if status.state not in ("in_force", "due"):
            continue
        yield Duty(
            f"{name}: {what_words(entry.body)}",
            words.listed(entry.body.by),
            (entry,),
            status.due,
            "",
            status.starts,
            is_told=False,
        )


def _end(view: View, due: When | None) -> datetime | None:
    return end_of(due, view.case.zone) if due is not None else None
