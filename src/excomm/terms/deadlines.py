"""The deadlines of an agreement on a day: what is owed by when, and what may still move."""

from collections.abc import Mapping
from datetime import date, datetime

import msgspec

from excomm.entries.language import State
from excomm.fold import Facts
from excomm.terms.assured import Figure
from excomm.terms.book import book
from excomm.terms.judging import Room
from excomm.terms.phrases import listed, party_words
from excomm.terms.points import local_day
from excomm.terms.standing import NONE
from excomm.terms.wording import Words


class Deadline(msgspec.Struct, frozen=True):
    """by: the last day in the agreement's zone, or an instant where the text counts hours.

    sure: the undertaking binds, so that the day no longer moves of itself.
    """

    undertaking: str
    kind: str  # "deadline", "evidence", "end of term"
    title: str
    by: date | datetime
    sure: bool
    state: State
    text: str


def deadlines(facts: Facts, figures: Mapping[str, Figure] = NONE) -> tuple[Deadline, ...]:
    """Every day still to come by which something is owed, evidence may come, or a term ends.

    figures: as `standing` takes them.
    """
    asked = Room(book(facts, figures))
    found = asked.found
    about = asked.book
    made: list[Deadline] = []
    for name in about.undertakings:
        outcome = found.outcomes[name]
        if outcome.state in ("fulfilled", "lapsed"):
            continue
        body = outcome.body
        who = listed([party_words(party, about.names.get(party, party)) for party in body.by])
        modality = {"must": "must", "must_not": "must not", "may": "may"}[body.modality]
        title = f"{name}: {who} {modality} {about.undertakings[name].what}"
        times = (
            ("deadline", outcome.due),
            ("evidence", outcome.evidence_until),
            ("end of term", outcome.ends),
        )
        for kind, at in times:
            if at is not None and at >= about.on:
                day = local_day(at, about.zone)
                whole = at.astimezone(about.zone).time().isoformat() == "23:59:59.999999"
                text = Words(name, found, about).reason()
                sure, by = outcome.begun, day if whole else at
                made.append(Deadline(name, kind, title, by, sure, outcome.state, text))
    return tuple(sorted(made, key=lambda each: (_instant(each.by), each.undertaking)))


def _instant(by: date | datetime) -> str:
    return by.isoformat()
