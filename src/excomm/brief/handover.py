"""The handover: what is open, who has it, what came since the last one. Values only.

An open item is anything due, promised or to be decided. Who has it is whom the last handover names
for it, else whom its own entry names; where neither does, it has nobody, and that is said.
"""

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from excomm.brief import words
from excomm.brief.due import open_duties
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Consultation, Decision, Handover


class OpenItem(msgspec.Struct, frozen=True):
    """Something that somebody has to see to. key: the same from day to day.

    owner: empty where nobody has it. is_handed: a handover named him. left: of its time, in words.
    """

    key: str
    what: str
    owner: str
    is_handed: bool
    due: str
    left: str
    is_late: bool
    entries: tuple[Entry, ...]


class Shift(msgspec.Struct, frozen=True):
    """The last handover of a case and who has taken it."""

    handed: Entry
    body: Handover
    taken: Entry | None


def open_items(view: View) -> tuple[OpenItem, ...]:
    """Everything due, promised or to be decided, with who has it; what is due first comes first."""
    owners: dict[str, str] = {}
    for _, handover in view.facts.of(Handover):
        owners |= handover.owners
    return tuple(
        msgspec.structs.replace(each, owner=owners[each.key], is_handed=True)
        if owners.get(each.key)
        else each
        for each in (*_due(view), *_to_be_decided(view), *_to_be_asked(view))
    )


def last_shift(view: View) -> Shift | None:
    """The last handover; None before the first."""
    handed = [pair for pair in view.facts.of(Handover) if pair[1].state == "handed over"]
    if not handed:
        return None
    entry, body = handed[-1]
    taken = [e for e, h in view.facts.of(Handover) if h.state == "taken" and h.of == entry.id]
    return Shift(entry, body, taken[-1] if taken else None)


def came_since(view: View, shift: Shift | None) -> tuple[Entry, ...]:
    """What was recorded since a handover and holds on this day, the latest first."""
    after = shift.handed.recorded if shift is not None else None
    return tuple(
        entry
        for entry in reversed(view.log)
        if (after is None or entry.recorded > after)
        and entry.recorded <= view.known_by
        and not isinstance(entry.body, Handover)
    )


def _due(view: View) -> Iterator[OpenItem]:
    for duty in open_duties(view):
        at = words.instant_words(duty.due, view.case.zone, view.on) if duty.due else duty.due_words
        yield OpenItem(
            _key(duty.entries[0], duty.what),
            duty.words,
            duty.who,
            is_handed=False,
            due=at or "no time set",
            left=words.left(duty.due, view.on) if duty.due else "",
            is_late=duty.due is not None and duty.due < view.on,
            entries=duty.entries,
        )


def _to_be_decided(view: View) -> Iterator[OpenItem]:
    for entry, decision in view.facts.of(Decision):
        if decision.state != "taken":
            until = f"until {decision.until}" if decision.until else ""
            what = f"Decide: {decision.question}"
            yield _open(entry, what, decision.by, f"{decision.state} {until}".strip())


def _to_be_asked(view: View) -> Iterator[OpenItem]:
    for entry, consultation in view.facts.of(Consultation):
        if consultation.state != "answered":
            what = f"Consult {consultation.whom} about {consultation.about}"
            yield _open(entry, what, entry.by, consultation.state)


def _open(entry: Entry, what: str, owner: str, state: str) -> OpenItem:
    key = _key(entry, what)
    return OpenItem(key, what, owner, False, state, "", is_late=False, entries=(entry,))  # noqa: FBT003


def _key(entry: Entry, what: str) -> str:
    """The entry's id; of what was read in minutes, with the words: there are several in one."""
    if entry.kind != "attachment":
        return str(entry.id)
    return f"{entry.id}#{sha256(what.encode()).hexdigest()[:8]}"
