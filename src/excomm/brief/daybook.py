"""The day book: what is due today, late, done, withdrawn or never answered; decisions taken, wanted
and put off; who is consulted and has answered; the line to take with each clause's source.

What was only read in minutes and nobody has confirmed is marked so; it is never said to be done.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from excomm.brief import words
from excomm.brief.attribution import latest
from excomm.brief.due import Duty, duties
from excomm.brief.minutes import place_of
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Consultation, Decision, Line
from excomm.interchange.calendar import Due, calendar

if TYPE_CHECKING:
    from excomm.record import Breach, Record

State = Literal["late", "due today", "due later", "no time set", "done", "withdrawn", "refused"]
STATES: tuple[State, ...] = (
    *("late", "due today", "due later", "no time set", "done", "withdrawn", "refused"),
)  # fmt: skip
_CLOSED: dict[str, State] = {
    "done": "done",
    "not done": "late",
    "withdrawn": "withdrawn",
    "refused": "refused",
}
_TITLE_CHARS = 120


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Something owed. confirmed: by a person; else only read in the minutes. rests_on: entries."""

    id: str
    state: State
    what: str
    who: str
    due: datetime | None
    due_words: str
    outcome: str
    confirmed: bool
    rests_on: tuple[str, ...]


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A question or a consultation; answer: empty while there is none.

    at: where the statement begins in the minutes that it rests on; None: it was entered by hand.
    """

    by: str
    what: str
    where: str
    rests_on: str
    answer: str = ""
    at: int | None = None


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """A question for a principal. state: taken, wanted or put off."""

    question: str
    state: str
    by: str
    until: str
    outcome: str
    rests_on: str


class Clause(msgspec.Struct, frozen=True, kw_only=True):
    """A clause of the line to take, with its source."""

    clause: str
    to: str
    source: str
    rests_on: str


class Wording(msgspec.Struct, frozen=True, kw_only=True):
    """A word to avoid, who said so where, and who used it all the same."""

    avoid: str
    use: str
    source: str
    broken: tuple[str, ...]
    rests_on: str


class DayBook(msgspec.Struct, frozen=True, kw_only=True):
    """The whole book of one day, for one reader."""

    tasks: tuple[Task, ...]
    never_answered: tuple[Asked, ...]
    consulted: tuple[Asked, ...]
    decisions: tuple[Decided, ...]
    line: tuple[Clause, ...]
    wording: tuple[Wording, ...] = ()

    def of(self, state: State) -> tuple[Task, ...]:
        """The tasks in one state."""
        return tuple(one for one in self.tasks if one.state == state)


def day_book(view: View) -> DayBook:
    """The book of the view's day; tasks by state, then by time."""
    tasks = [_task(view, duty) for duty in duties(view)]
    tasks.sort(key=lambda t: (STATES.index(t.state), t.due is None, t.due or view.on, t.what))
    asked = tuple(
        Asked(
            by=question.by,
            what=question.what,
            where=place_of(minutes, record, question.start),
            rests_on=str(minutes.id),
            at=record.statements[question.statement].start,
        )
        for minutes, record in view.records()
        for question in record.questions
        if question.answered_by is None
    )
    consulted = latest(view.facts.of(Consultation), lambda c: (c.whom, c.about))
    silent = tuple(
        Asked(by=one.whom, what=one.about, where="consultation", rests_on=str(entry.id))
        for entry, one in consulted
        if one.state == "asked" and not one.answer
    )
    return DayBook(
        tasks=tuple(tasks),
        never_answered=(*silent, *asked),
        consulted=tuple(
            Asked(
                by=one.whom,
                what=one.about,
                where=one.state,
                answer=one.answer,
                rests_on=str(entry.id),
            )
            for entry, one in consulted
        ),
        decisions=tuple(_decided(view)),
        line=tuple(
            Clause(clause=one.clause, to=one.to, source=entry.source, rests_on=str(entry.id))
            for entry, one in view.facts.of(Line)
        ),
        wording=tuple(_wording(view)),
    )


def _wording(view: View) -> Iterator[Wording]:
    later: dict[tuple[str, int], list[str]] = {}
    for minutes, rule, broken_in, breaches in view.wording_broken_later():
        places = later.setdefault((str(minutes.id), rule.start), [])
        record = view.minutes(str(broken_in.id))[1]
        places += [_breach(broken_in, record, breach) for breach in breaches]
    for minutes, record in view.records():
        for rule in record.wording_rules:
            here = [_breach(minutes, record, breach) for breach in rule.broken]
            yield Wording(
                avoid=rule.avoid,
                use=rule.use,
                source=f"{rule.by or 'all'}, {place_of(minutes, record, rule.start)}",
                broken=(*here, *later.get((str(minutes.id), rule.start), ())),
                rests_on=str(minutes.id),
            )


def _breach(minutes: Entry, record: "Record", breach: "Breach") -> str:
    place = f"{breach.speaker}, {place_of(minutes, record, breach.start)}"
    return f"{place} (perhaps)" if breach.doubt else place


def _task(view: View, duty: Duty) -> Task:
    outcome = duty.outcome[1] if duty.outcome else ""
    return Task(
        id=duty.id,
        state=_state(view, duty, outcome),
        what=duty.what,
        who=duty.who,
        due=duty.due,
        due_words=duty.due_words,
        outcome=outcome,
        confirmed=not duty.is_read_only,
        rests_on=tuple(str(entry.id) for entry in duty.entries),
    )


def _state(view: View, duty: Duty, outcome: str) -> State:
    if outcome in _CLOSED:
        return _CLOSED[outcome]
    if duty.due is None:
        return "no time set"
    if duty.due < view.on:
        return "late"
    zone = view.case.zone
    is_today = duty.due.astimezone(zone).date() == view.on.astimezone(zone).date()
    return "due today" if is_today else "due later"


def _decided(view: View) -> Iterator[Decided]:
    found = latest(view.facts.of(Decision), lambda d: d.question)
    for state in ("taken", "wanted", "put off"):
        for entry, body in found:
            if body.state == state:
                yield Decided(
                    question=body.question,
                    state=state,
                    by=body.by,
                    until=body.until,
                    outcome=body.outcome,
                    rests_on=str(entry.id),
                )


def to_dos(view: View) -> bytes:
    """The tasks that have a time and are not closed, as iCalendar to-dos.

    A to-do keeps its uid from export to export; one that nobody has confirmed is tentative.
    """
    dues = (
        Due(
            uid=f"{one.id}@{view.case.id}",
            title=words.printable(one.what)[:_TITLE_CHARS],
            by=one.due,
            text=f"{one.who or 'nobody named'}; {one.due_words or 'by its clock'}"
            + ("" if one.confirmed else "; read in the minutes, not confirmed"),
            state="CONFIRMED" if one.confirmed else "TENTATIVE",
            form="VTODO",
        )
        for one in day_book(view).tasks
        if one.due is not None and one.state in ("late", "due today", "due later")
    )
    return calendar(dues, name=view.header.title, stamp=view.on)
