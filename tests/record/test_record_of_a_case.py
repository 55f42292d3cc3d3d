"""The minutes of a case, read with its people, its zone and the meeting's own instant."""

from datetime import UTC, date, datetime

import pytest

from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import Attachment, CaseHeader, Party
from excomm.entries.kinds import Body as AnyBody
from excomm.entries.times import parse_zone
from excomm.errors import InputError
from excomm.fold import Facts, fold

AT = datetime(1971, 3, 3, 14, 30, tzinfo=UTC)


def _facts(text: str) -> Facts:
    bodies: dict[str, AnyBody] = {
        "case": CaseHeader(title="A case", zone="America/New_York", opens=date(1971, 1, 1)),
        "bell": Party(name="Ann Bell", role="person", office="Secretary of Defense"),
        "usa": Party(name="USA"),
        "minutes/one": Attachment(name="one.txt", sha256="0", size=1, role="minutes", text=text),
        "map": Attachment(name="map.txt", sha256="0", size=1, role="map", text=text),
    }
    entries = [
        Entry(id=EntryId(name), occurred=Instant(AT), recorded=AT, body=body)  # type: ignore[arg-type]
        for name, body in bodies.items()
    ]
    return fold(lambda: entries, on=AT, zone=parse_zone("America/New_York"))


def test_minutes_are_read_with_the_cases_people_zone_and_instant() -> None:
    from excomm.record.from_facts import records

    text = "The Secretary of Defense asked that she be told within 24 hours."
    ((entry, record),) = records(_facts(text))
    assert entry.id == "minutes/one"
    assert (record.statements[0].speaker, record.statements[0].person) == ("Bell", "Ann Bell")
    due = record.directives[0].due_at
    assert due is not None
    assert due.isoformat() == "1971-03-04T09:30:00-05:00"


def test_minutes_without_text_are_refused_by_their_id() -> None:
    from excomm.record.from_facts import records

    with pytest.raises(InputError, match=r"^minutes/one: text: found nothing"):
        records(_facts(" "))
