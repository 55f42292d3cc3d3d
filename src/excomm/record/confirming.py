"""Confirming: a person's word on something read, as entries of the ledger.

Every word is a disposal; an accepted or edited directive becomes a directive of its own, with its
clock, under the id of its words.
"""

from collections.abc import Sequence
from datetime import datetime

from excomm.entries import Entry, EntryId, Instant, When, parse_when
from excomm.entries.kinds import Attachment, Correction, Disposal
from excomm.entries.kinds import Directive as Entered
from excomm.errors import InputError
from excomm.record.model import Directive, Record
from excomm.record.review import EDITED, Disposed, edited


def confirmed(
    minutes: Entry,
    record: Record,
    word: Disposed,
    *,
    by: str,
    now: datetime,
    before: Sequence[Entry] = (),
) -> tuple[Entry, ...]:
    """The entries that a word makes: for the same eyes as the minutes, recorded now.

    They are of the day of the minutes: a page of that day, as known now, shows them.
    before: what earlier words on the same thing made; a directive among them is replaced, or
    withdrawn. Raises InputError where the reading has nothing of that id.
    """
    again = sum(isinstance(one.body, Disposal) for one in before)
    suffix = f".{again + 1}" if again else ""
    standing = next((one.id for one in reversed(before) if isinstance(one.body, Entered)), None)
    made: list[Entry] = []
    if word.part == "directive" and word.verdict != "rejected":
        read = next((one for one in record.directives if one.id == word.id), None)
        if read is None:
            raise InputError("id", word.id, f"a directive read in {minutes.id}")
        made.append(
            Entry(
                id=EntryId(f"directive/{_short(minutes)}/{read.id}{suffix}"),
                occurred=minutes.occurred,
                recorded=now,
                by=by,
                source=_source(minutes),
                standing="established",
                reading=minutes.reading,
                marking=minutes.marking,
                corrects=standing,
                body=_entered(minutes, edited(read, word.fields)),
            )
        )
    elif standing is not None:
        name = f"withdrawal/{_short(minutes)}/{word.id}{suffix}"
        made.append(_withdrawal(minutes, name, by, now, standing))
    disposal = Disposal(
        minutes=str(minutes.id),
        part=word.part,
        reading=word.id,
        verdict=word.verdict,
        **word.fields,
    )
    made.append(
        Entry(
            id=EntryId(f"disposal/{_short(minutes)}/{word.id}{suffix}"),
            occurred=minutes.occurred,
            recorded=now,
            by=by,
            source=_source(minutes),
            standing="established",
            marking=minutes.marking,
            body=disposal,
        )
    )
    return tuple(made)


def is_of(minutes: Entry, one: Entry, reading: str) -> bool:
    """Whether an entry was made by an earlier word on the same reading."""
    base = f"{_short(minutes)}/{reading}"
    return str(one.id).split("/", 1)[-1].partition(".")[0] == base


def word_of(body: Disposal) -> Disposed:
    """The word that a disposal keeps."""
    fields = {name: text for name in EDITED if (text := getattr(body, name))}
    return Disposed(part=body.part, id=body.reading, verdict=body.verdict, fields=fields)


def _withdrawal(minutes: Entry, id_: str, by: str, now: datetime, corrects: EntryId) -> Entry:
    return Entry(
        id=EntryId(id_),
        occurred=minutes.occurred,
        recorded=now,
        by=by,
        source=_source(minutes),
        standing="established",
        marking=minutes.marking,
        corrects=corrects,
        body=Correction(reason="rejected on a second look"),
    )


def _entered(minutes: Entry, read: Directive) -> Entered:
    due = Instant(read.due_at) if read.due_at is not None and read.due_at.tzinfo else None
    return Entered(
        what=read.what,
        issued_by=read.from_,
        to=read.to or "",
        due=due or _parsed(read.due),
        due_words=read.due,
        strength=read.strength,
        minutes=str(minutes.id),
        start=read.start,
        end=read.end,
    )


def _parsed(due: str) -> When | None:
    """A day or an instant put in by hand; words stand in due_words alone."""
    try:
        return parse_when(due) if due else None
    except InputError:
        return None


def _short(minutes: Entry) -> str:
    return str(minutes.id).rpartition("/")[2]


def _source(minutes: Entry) -> str:
    body = minutes.body
    return body.meeting if isinstance(body, Attachment) and body.meeting else str(minutes.id)
