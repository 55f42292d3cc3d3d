"""Where in the minutes something stands, and which questions nobody answered."""

import re
from typing import TYPE_CHECKING

from excomm.brief import words
from excomm.brief.attribution import cell, points, quiet, section
from excomm.brief.structs import Point, Section
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Attachment

if TYPE_CHECKING:
    from excomm.record import Record


def meeting_of(minutes: Entry) -> str:
    """What the meeting is called; else the file's own name."""
    body = minutes.body
    return body.meeting if isinstance(body, Attachment) and body.meeting else str(minutes.id)


def page_of(minutes: Entry, record: "Record", at: int) -> int:
    """The page of the minutes on which a character stands; page marks stand at a page's top."""
    raw = minutes.body.text if isinstance(minutes.body, Attachment) else ""
    page = 1
    for mark in record.marks:
        if mark.kind == "page" and mark.start <= at:
            found = re.search(r"\d+", raw[mark.start : mark.end])
            page = int(found[0]) if found else page
    return page


def place_of(minutes: Entry, record: "Record", at: int) -> str:
    """Where something stands, as one would cite it: "ExComm 24, p. 3"."""
    return f"{meeting_of(minutes)}, p. {page_of(minutes, record, at)}"


def open_questions(view: View) -> Section | None:
    """The questions that were put in the minutes and that no later statement answers."""
    found = [
        (minutes, record, question)
        for minutes, record in view.records()
        for question in record.questions
        if question.answered_by is None
    ]
    title = f"Open questions: {len(found)}"
    return section(
        "questions",
        title,
        points(
            Point(
                question.by,
                cell(words.sentence(words.capital(question.what)), minutes),
                (quiet(place_of(minutes, record, question.start)),),
            )
            for minutes, record, question in found
        ),
    )
