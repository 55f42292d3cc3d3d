"""Reading: minutes in, a Record out. Layers over the raw text, which is never altered.

Furniture is set aside, repairs are laid over, sentences get their speakers and acts; directives,
questions, proposals and wording rules are read from those. One pass each, in time linear in the
text. Nothing in the text is executed or followed: it is only read.
"""

import re
from collections.abc import Sequence, Set
from datetime import date, datetime, tzinfo
from typing import TYPE_CHECKING

import msgspec

from excomm.entries import Day, Instant, Span
from excomm.errors import InputError
from excomm.record.attached import attachments
from excomm.record.directives import directives
from excomm.record.due import Moment
from excomm.record.heading import moment_of
from excomm.record.ids import named_by_place, named_by_words
from excomm.record.layout import Layout, layout
from excomm.record.model import Mark, Person, Record, Repair, Statement
from excomm.record.questions import proposals, questions
from excomm.record.repairs import repaired, repairs
from excomm.record.roster import Roster, surname
from excomm.record.speakers import spoken_name
from excomm.record.turns import Clause, turns
from excomm.record.wording import wording_rules

if TYPE_CHECKING:
    from excomm.sentences import Encoder

_HEAD_CHARS = 3000
_CONTROL_SHARE = 0.02


def read(
    text: str,
    roster: Sequence[Person] = (),
    meeting: datetime | date | Day | Instant | Span | None = None,
    zone: tzinfo | None = None,
    *,
    refused: Set[str] = frozenset(),
    model: "Encoder | None" = None,
) -> Record:
    """Read minutes into statements, directives, proposals, questions, wording rules and marks.

    roster: who may speak; without it speakers are as spelt. meeting: when it was held; else the
    heading says. zone: of the meeting; else that of the instant given, or of the heading's place.
    refused: the ids of repairs that a person refused; they are not made again. model: asked for a
    second opinion, which only adds doubts (`excomm.sentences.Sentences(extra="nlp")` is one).
    Raises InputError for no text, or for what is no text.

    >>> found = read("Mr. Bell asked whether the ship had sailed. Mr. Orr replied that it had.")
    >>> [(one.speaker, one.act) for one in found.statements], found.questions[0].answered_by
    ([('Bell', 'asked'), ('Orr', 'replied')], 1)
    """
    _check(text)
    page = layout(text)
    found = tuple(
        one for one in named_by_place(text, repairs(text, page, roster)) if one.id not in refused
    )
    moment, warnings = _moment(text, page, found, meeting, zone)
    clauses = turns(text, page, found, Roster(roster), _author(text, page))
    statements, of, clauses_of, narration = _statements(clauses)
    texts = [" ".join(c.text.words[c.start : c.end] for c in group) for group in clauses_of]
    record = Record(
        statements=named_by_words(text, statements),
        directives=named_by_words(text, directives(clauses, of, moment)),
        proposals=proposals(statements, clauses_of, texts),
        questions=questions(clauses, of, statements),
        attachments=attachments(clauses),
        wording_rules=wording_rules(clauses, of, statements, texts),
        marks=tuple(sorted((*page.marks, *narration), key=lambda mark: (mark.start, mark.end))),
        repairs=found,
        text=repaired(text, found),
        meeting=moment.at,
        warnings=warnings,
    )
    if model is None:
        return record
    from excomm.record.second import second_opinion

    return second_opinion(record, model)


def _check(text: str) -> None:
    if not isinstance(text, str):
        raise InputError("text", type(text).__name__, "text", "Decode the file first.")
    if not text.strip("\ufeff \t\r\n\f\v"):
        raise InputError("text", "", "the text of minutes", "A scan without text needs OCR first.")
    head = text[:65536]
    control = sum(1 for c in head if (c < " " and c not in "\t\r\n\f\v\b\x1b") or c == "\x7f")
    if (
        "\x00" in text
        or control > _CONTROL_SHARE * len(head) + 8
        or head.startswith(("%PDF-", "PK\x03\x04"))
    ):
        raise InputError("text", "binary data", "the text of minutes", "Extract the text first.")
    try:
        text.encode()
    except UnicodeEncodeError as fault:
        raise InputError(
            f"text[{fault.start}]",
            "half a character",
            "whole characters",
            "Decode the file as UTF-8.",
        ) from None


def _author(text: str, page: Layout) -> str:
    """The surname under the text, or after "From:"."""
    for mark in page.marks:
        words = text[mark.start : mark.end]
        if mark.kind == "signature":
            return spoken_name(surname(_FOOTNOTE.sub("", words).replace("/s/", "").strip()))
    for mark in page.marks:
        head, colon, rest = text[mark.start : min(mark.end, mark.start + 200)].partition(":")
        if mark.kind == "heading" and colon and head.strip().lower() == "from" and rest.strip():
            return surname(rest.strip().splitlines()[0].split(",")[0])
    return ""


_FOOTNOTE = re.compile(r"\(\d{1,2}\)")


def _moment(
    text: str,
    page: Layout,
    found: Sequence[Repair],
    meeting: datetime | date | Day | Instant | Span | None,
    zone: tzinfo | None,
) -> tuple[Moment, tuple[str, ...]]:
    if isinstance(meeting, Span):
        meeting = meeting.start
    if isinstance(meeting, Instant):
        meeting = meeting.at
    if isinstance(meeting, Day):
        meeting = meeting.day
    if isinstance(meeting, datetime):
        if meeting.tzinfo is None:
            meeting = meeting.replace(tzinfo=zone)
        at = meeting.astimezone(zone) if zone and meeting.tzinfo else meeting
        return Moment(at.date(), at, zone or at.tzinfo), ()
    head = " ".join(
        repaired(text[m.start : m.end], _within(found, m.start, m.end))
        for m in page.marks
        if m.start < _HEAD_CHARS and m.kind in ("heading", "stamp", "attendance")
    )
    said = moment_of(head or text[:_HEAD_CHARS], zone)
    if meeting is not None:
        # The day was given; the heading may still know the hour.
        same = said.day == meeting
        return Moment(meeting, said.at if same else None, said.zone), ()
    if said.day is None:
        return said, (
            "no date of the meeting is given and its heading has none: no due time is an instant",
        )
    return said, ()


def _within(found: Sequence[Repair], start: int, end: int) -> list[Repair]:
    """The repairs of one mark, counted from its start."""
    return [
        msgspec.structs.replace(one, start=one.start - start, end=one.end - start)
        for one in found
        if start <= one.start and one.end <= end
    ]


def _statements(
    clauses: Sequence[Clause],
) -> tuple[list[Statement], list[int | None], list[list[Clause]], list[Mark]]:
    groups: list[list[Clause]] = []
    of: list[int | None] = []
    narration: list[Mark] = []
    last: Clause | None = None
    for clause in clauses:
        if clause.speaker is None:
            start, end = clause.text.raw_start(clause.start), clause.text.raw_end(clause.end)
            narration.append(Mark(kind="narration", start=start, end=end))
            of.append(None)
            last = None
            continue
        if (
            last is not None
            and last.speaker == clause.speaker
            and _goes_on(last, clause, groups[-1])
        ):
            groups[-1].append(clause)
        else:
            groups.append([clause])
        of.append(len(groups) - 1)
        last = clause
    return [_statement(group) for group in groups], of, groups, narration


def _goes_on(last: Clause, clause: Clause, group: list[Clause]) -> bool:
    if clause.act is None or clause.joined:
        return True
    if clause.direct and clause.act != "directed":
        return last.direct and clause.act == group[0].act and not clause.opens
    return False


def _statement(group: list[Clause]) -> Statement:
    first, last = group[0], group[-1]
    assert first.speaker
    return Statement(
        speaker=first.speaker.name,
        act=first.act or "said",
        start=first.text.raw_start(first.start),
        end=last.text.raw_end(last.end),
        person=first.speaker.person,
        spelt=first.speaker.spelt,
        verb=first.verb,
        doubt=first.speaker.doubt,
    )
