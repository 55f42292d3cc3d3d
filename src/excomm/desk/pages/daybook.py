"""Day book: what is late, due and done, what nobody answered, what was decided, what to say.

The page only reads. What was read in minutes and nobody has confirmed leads to its reading, where
one word confirms it.
"""

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from excomm.brief import daybook, words
from excomm.brief.daybook import STATES, State, Task
from excomm.desk.asking import Asked

TITLES: dict[State, str] = {
    "late": "Late",
    "due today": "Due today",
    "due later": "Due later",
    "no time set": "No time set",
    "done": "Done",
    "withdrawn": "Withdrawn",
    "refused": "Refused",
}
_RUNNING = ("late", "due today", "due later")


class TaskRow(msgspec.Struct, frozen=True):
    """A task in the table. minutes, reading: where to confirm it; empty where it is confirmed."""

    task: Task
    due: str
    left: str
    minutes: str
    reading: str


@require_safe
def day_book(request: HttpRequest, slug: str) -> HttpResponse:
    """The day book of the day asked for."""
    asked = Asked(request, slug)
    book = daybook.day_book(asked.view)
    groups = [
        (state.replace(" ", "-"), TITLES[state], [_row(asked, one) for one in book.of(state)])
        for state in STATES
    ]
    said = {
        "asked": asked,
        "room": "minutes",
        "book": book,
        "groups": [group for group in groups if group[2]],
        "late": len(book.of("late")),
        "due_today": len(book.of("due today")),
        "unconfirmed": sum(not one.confirmed for one in book.tasks),
    }
    return render(request, "desk/day-book.html", said)


@require_safe
def as_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """What is owed and has a time, as iCalendar to-dos."""
    to_dos = daybook.to_dos(Asked(request, slug).view)
    made = HttpResponse(to_dos, content_type="text/calendar; charset=utf-8")
    made["Content-Disposition"] = f'attachment; filename="{slug}-to-dos.ics"'
    return made


def _row(asked: Asked, task: Task) -> TaskRow:
    view = asked.view
    due = words.instant_words(task.due, view.case.zone, view.on) if task.due else task.due_words
    left = words.left(task.due, view.on) if task.due and task.state in _RUNNING else ""
    minutes = "" if task.confirmed else task.rests_on[0]
    reading = task.id.removeprefix(f"{minutes}#") if minutes else ""
    return TaskRow(task, due, task.outcome or left, minutes, reading)
