"""The records of a case: its minutes read, with its people as the roster."""

from functools import lru_cache

from excomm.entries import Entry
from excomm.entries.kinds import Attachment, Party
from excomm.errors import InputError
from excomm.fold import Facts
from excomm.record.model import Person, Record
from excomm.record.reading import read

_read = lru_cache(maxsize=64)(read)


def roster_of(facts: Facts) -> tuple[Person, ...]:
    """The people and bodies that the case names."""
    return tuple(
        Person(name=party.name, office=party.office, aliases=party.aliases, party=party.of)
        for _, party in facts.of(Party)
        if party.role in ("person", "body")
    )


def records(facts: Facts) -> tuple[tuple[Entry, Record], ...]:
    """Every minutes file that the reader may see, read; by when the meeting was.

    The meeting is the attachment's `occurred`, in the zone of the case. Raises InputError, naming
    the attachment, where the text is none.
    """
    roster = roster_of(facts)
    found: list[tuple[Entry, Record]] = []
    for entry, minutes in facts.of(Attachment):
        if minutes.role != "minutes":
            continue
        try:
            found.append((entry, _read(minutes.text, roster, entry.occurred, facts.zone)))
        except InputError as fault:
            raise fault.at(entry.id) from None
    return tuple(found)
