"""Duties kept apart: what is needed to enter an entry, and which must not be one person's.

Whoever reviews a finding is not its author, whoever lowers a marking did not propose it, and what
somebody judges stands under his own name. Asked where entries are taken in, below every page.
"""

import msgspec

from excomm.desk.roles import Doing, is_own_word, needed_for
from excomm.entries import Entry
from excomm.entries.kinds import Clearance, Finding
from excomm.errors import InputError


def needed(entry: Entry, old: Entry | None) -> Doing:
    """What entering this needs. old: what it corrects; a withdrawal needs what that one needed."""
    if entry.kind == "correction" and old is not None:
        return needed_for(old.kind)
    if is_review(entry, old):
        return Doing.REVIEW
    return needed_for(entry.kind)


def is_review(entry: Entry, old: Entry | None) -> bool:
    """Whether a finding is entered once more with its reviewer and nothing else of it changed."""
    if old is None or not isinstance(entry.body, Finding) or not isinstance(old.body, Finding):
        return False
    bare = msgspec.structs.replace(entry.body, reviewer="")
    return bool(entry.body.reviewer) and bare == msgspec.structs.replace(old.body, reviewer="")


def signed(person: str, entry: Entry, old: Entry | None) -> Entry:
    """The entry under the person's name, where it gives none.

    Raises InputError where it gives his judgement as another's, or where he would judge his own.
    """
    body = entry.body
    if isinstance(body, Finding):
        entry = _finding(person, entry, body, old)
    elif isinstance(body, Clearance):
        _is(person, "approved_by", body.approved_by)
        if body.proposed_by == person:
            raise _own("proposed_by", person, "the proposal")
    if is_own_word(entry.kind):
        _is(person, "by", entry.by)
    return entry if entry.by else msgspec.structs.replace(entry, by=person)


def _finding(person: str, entry: Entry, body: Finding, old: Entry | None) -> Entry:
    if is_review(entry, old):
        assert old is not None and isinstance(old.body, Finding)
        _is(person, "reviewer", body.reviewer)
        if person in (old.body.author, old.by):
            raise _own("reviewer", person, "the finding")
        return entry
    if body.reviewer:
        raise InputError(
            "reviewer",
            body.reviewer,
            "nobody yet",
            "Another person reviews a finding as it stands, by correcting this field alone.",
        )
    _is(person, "author", body.author)
    return msgspec.structs.replace(entry, body=msgspec.structs.replace(body, author=person))


def _is(person: str, field: str, name: str) -> None:
    if name not in ("", person):
        raise InputError(field, name, person, "A judgement is of the person who enters it.")


def _own(field: str, person: str, what: str) -> InputError:
    return InputError(
        field, person, f"somebody else than the author of {what}", "Ask another person."
    )
