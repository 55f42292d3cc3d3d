"""One undertaking explained: what decides its state, what was weighed and why it did not decide.

Decides is a least set that yields the state by itself: without the weighed ones it stays, without
any one of the set it does not. In words, clause and dates are named.
"""

import msgspec

from excomm.entries import Entry
from excomm.entries.kinds import Count, Event, Undertaking
from excomm.entries.language import EventKind, State
from excomm.entries.nearest import did_you_mean
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.terms.evidence import Act, amount, shown
from excomm.terms.explanation import Explaining
from excomm.terms.judging import Found, Room
from excomm.terms.outcome import Outcome
from excomm.terms.phrases import day_words, listed, party_words
from excomm.terms.points import local_day
from excomm.terms.together import together_words


class Weighed(msgspec.Struct, frozen=True):
    """An entry that bears on the state and does not decide it."""

    entry: str
    why_not: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Why one undertaking stands as it does. Every field but `words` is data."""

    undertaking: str
    state: State
    reason: str
    decides: tuple[str, ...]
    weighed: tuple[Weighed, ...]
    missing: tuple[str, ...]
    path: tuple[str, ...]
    words: str


def explain_from(facts: Facts, asked: Room, undertaking: str) -> Explanation:
    """Explain one undertaking of an agreement already judged. Raises InputError for no such id."""
    about, found = asked.book, asked.found
    if undertaking not in about.undertakings:
        known = tuple(about.undertakings)
        shown_ids = ", ".join(known[:8]) + (", ..." if len(known) > 8 else "")
        raise InputError(
            "ID",
            undertaking,
            f"an undertaking of the agreement ({shown_ids or 'it has none'})",
            did_you_mean(undertaking, known[:1000]),
        )
    outcome = found.outcomes[undertaking]
    told = Explaining(asked).told(undertaking)
    weighed = tuple(
        Weighed(
            entry, _why_not(about.acts[entry], undertaking, outcome, told.decides, found, asked)
        )
        for entry in told.why
        if entry not in told.decides
    )
    return Explanation(
        undertaking=undertaking,
        state=outcome.state,
        reason=told.reason,
        decides=told.decides,
        weighed=weighed,
        missing=told.missing,
        path=told.path,
        words=_words(facts, asked, undertaking, outcome, told.reason, told.decides, weighed)
        + _rest(told.missing, told.path, together_words(undertaking, found)),
    )


# -- why it does not decide ------------------------------------------------------------------------


def _why_not(  # noqa: PLR0911  one return a reason
    act: Act,
    undertaking: str,
    outcome: Outcome,
    decides: tuple[str, ...],
    found: Found,
    asked: Room,
) -> str:
    bears_on = [name for name in (*act.event.about, *act.event.shows) if name in found.outcomes]
    if undertaking not in bears_on:
        through = listed(list(dict.fromkeys(bears_on)))
        return f"speaks of {through}, not of {undertaking}" if through else "speaks of nothing owed"
    if act.standing == "disputed":
        return "is denied, and a denied word decides nothing"
    shows = shown(act, undertaking, outcome.body)
    if act.standing == "claimed" and shows != "nothing":
        who = listed([_party(party, asked) for party in act.held_by or act.parties])
        return f"is the word of {who or 'one side'} alone: a claim decides nothing"
    if shows == "nothing":
        said = _NOUNS.get(act.kind, f"is a {act.kind.replace('_', ' ')}")
        return f"{said}, and shows nothing of performance"
    if outcome.starts is not None and act.at < outcome.starts and shows != "performed":
        return "is of a time before it was binding"
    if shows == "cannot_tell":
        return "says only that nobody could tell"
    sofar = outcome.amounts
    if shows == "part" and sofar is not None and sofar.at_least < sofar.number:
        return "is less than the whole"
    later = [asked.book.acts[entry] for entry in decides if asked.book.acts[entry].at >= act.at]
    if outcome.body.quantity is not None and amount(act, outcome.body.quantity) and later:
        return f"is overtaken by {later[-1].id}, which counts more"
    if later:
        return f"is overtaken by {later[-1].id}"
    return "without it the state would be the same"


_NOUNS: dict[EventKind, str] = {
    "signed": "is a signature",
    "accepted": "is an acceptance",
    "in_force": "brings it into force",
    "objection": "is an objection",
    "no_reply": "is a silence",
    "reports": "is hearsay",
    "suspension_claimed": "claims a suspension",
    "suspended_by_agreement": "suspends it",
    "resumed": "takes it up again",
    "amended": "changes the text",
    "extended": "gives more time",
    "terminated": "ends it",
    "incident": "is something that happened",
}


# -- words -----------------------------------------------------------------------------------------

_MODALITY = {"must": "must", "must_not": "must not", "may": "may"}


def _words(
    facts: Facts,
    asked: Room,
    name: str,
    outcome: Outcome,
    reason: str,
    decides: tuple[str, ...],
    weighed: tuple[Weighed, ...],
) -> str:
    body = asked.book.undertakings[name]
    by = listed([_party(party, asked) for party in body.by])
    day = day_words(local_day(asked.book.on, asked.book.zone))
    said = [
        f"{name}: {by} {_MODALITY[body.modality]} {body.what.rstrip('.')}{_clause(facts, name)}.",
        *(
            f"{_party(party, asked)} reads it: {reading.what.rstrip('.')}."
            for party, reading in body.readings.items()
            if reading.what
        ),
        f"On {day}: {outcome.state.replace('_', ' ')}. {reason}",
    ]
    said.extend(_dates(outcome, asked))
    if decides:
        said.append("Decided by:")
        said.extend(f"- {_entry(facts, asked, entry)}" for entry in decides)
    else:
        said.append("Decided by the text and the calendar alone.")
    if weighed:
        said.append("Weighed, and not decisive:")
        said.extend(f"- {_entry(facts, asked, w.entry)}: {w.why_not}" for w in weighed)
    return "\n".join(said) + "\n"


def _rest(missing: tuple[str, ...], path: tuple[str, ...], together: str) -> str:
    said = f"Missing: {listed(list(missing))}.\n" if missing else ""
    said += f"Waits through: {', '.join(path)}.\n" if path else ""
    return said + (f"{together}\n" if together else "")


def _clause(facts: Facts, name: str) -> str:
    entry = facts.get(name)
    if entry is None or not isinstance(entry.body, Undertaking) or not entry.source:
        return ""
    return f" ({entry.source})"


def _dates(outcome: Outcome, asked: Room) -> list[str]:
    zone = asked.book.zone
    times = (
        ("Begins" if not outcome.begun else "Began", outcome.starts),
        ("Deadline", outcome.due),
        ("Evidence until", outcome.evidence_until),
        ("Ends", outcome.ends),
    )
    known = [f"{word}: {day_words(local_day(at, zone))}" for word, at in times if at is not None]
    return ["; ".join(known) + "."] if known else []


def _entry(facts: Facts, asked: Room, entry_id: str) -> str:
    act = asked.book.acts[entry_id]
    what = act.event.what or act.event.reason or act.kind.replace("_", " ")
    said = f"{entry_id}, {day_words(act.day)}: {what.rstrip('.')} ({act.standing}"
    entry = facts.get(entry_id)
    if entry is not None and (known := local_day(entry.recorded, asked.book.zone)) > act.day:
        said += f", known {day_words(known)}"
    source = _source(entry)
    return f"{said}; {source})" if source else f"{said})"


def _source(entry: Entry | None) -> str:
    return entry.source if entry is not None and isinstance(entry.body, Event | Count) else ""


def _party(party: str, asked: Room) -> str:
    return party_words(party, asked.book.names.get(party, party))
