"""The minutes of a case, read with its people, its zone and the meeting's own instant."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from excomm.brief.handover import open_items
from excomm.case import Case
from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import Attachment, CaseHeader, Party
from excomm.entries.kinds import Body as AnyBody
from excomm.entries.times import parse_zone
from excomm.errors import InputError
from excomm.fold import Facts, fold

AT = datetime(1971, 3, 3, 14, 30, tzinfo=UTC)


def _facts(text: str, *, twice: bool = False, more: int = 0) -> Facts:
    bodies: dict[str, AnyBody] = {
        "case": CaseHeader(title="A case", zone="America/New_York", opens=date(1971, 1, 1)),
        "bell": Party(name="Ann Bell", role="person", office="Secretary of Defense"),
        "usa": Party(name="USA"),
        "minutes/one": Attachment(name="one.txt", sha256="0", size=1, role="minutes", text=text),
        "map": Attachment(name="map.txt", sha256="0", size=1, role="map", text=text),
    }
    if twice:
        bodies["minutes/two"] = bodies["minutes/one"]
    for number in range(more):
        bodies[f"minutes/more-{number}"] = Attachment(
            name="more.txt", sha256="0", size=1, role="minutes", text=f"Mr. Orr said {number}."
        )
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


def test_a_text_that_is_entered_twice_orders_nothing_twice() -> None:
    from excomm.record.from_facts import records

    found = records(_facts("The President asked that Mr. Orr be told.", twice=True))
    assert [(entry.id, len(record.directives)) for entry, record in found] == [("minutes/one", 1)]


def test_what_was_only_read_is_handed_over_as_unconfirmed(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    (folder / "minutes").mkdir(parents=True)
    (folder / "case.toml").write_text(
        'id = "c"\ntitle = "C"\nzone = "America/New_York"\nopens = 1970-01-01\n'
        'recorded = "as dated"\n'
    )
    for name in ("one", "again"):
        (folder / f"minutes/{name}.txt").write_text(
            "The President asked the Navy to send a boat by Friday."
        )
        (folder / f"minutes/{name}.toml").write_text(
            'meeting = "Meeting 1"\noccurred = 1970-05-04T10:00:00-04:00\nsource = "one"\n'
        )
    items = open_items(Case.open(folder).on("1970-05-05"))
    assert [one.what for one in items] == ["President: send a boat by Friday (unconfirmed)"]


def test_a_later_view_of_a_case_with_many_minutes_reads_none_of_them_again() -> None:
    from excomm.record import from_facts

    first = from_facts.records(_facts("Mr. Bell said no.", more=200))
    read = from_facts._read.cache_info().misses
    assert from_facts.records(_facts("Mr. Bell said no.", more=200)) == first
    assert from_facts._read.cache_info().misses == read
