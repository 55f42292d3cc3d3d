"""What a ledger takes in, what it sets, what it gives back."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from threading import Thread
from typing import Any

import msgspec
import pytest

from excomm.case import Case
from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import CaseHeader, Correction
from excomm.errors import Faults, InputError
from excomm.fold import fold
from excomm.ledger import Head, Ledger, Moved, create, is_ledger, open_ledger

Looks = Callable[..., list[Entry]]

# printf '' | sha256sum
EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


def test_a_ledger_numbers_and_stamps_what_it_takes_in(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where)
    ledger.append(looks(2), now=now)
    head = ledger.append(looks(1, first=3), now=now + timedelta(hours=1))
    found = list(open_ledger(where).read())
    assert [(entry.seq, entry.appended) for entry in found] == [
        (1, now),
        (2, now),
        (3, now + timedelta(hours=1)),
    ]
    assert [msgspec.structs.replace(e, seq=0, appended=None) for e in found] == looks(3)
    assert head == ledger.head() == open_ledger(where).head()
    assert head.size == 3


def test_an_empty_ledger_has_a_head_and_verifies(where: str) -> None:
    assert create(where).head() == Head(0, EMPTY)
    found = open_ledger(where).verify()
    assert (found.size, found.faults) == (0, ())


def test_the_head_does_not_depend_on_how_entries_came_in(
    tmp_path: Path, where: str, looks: Looks, now: datetime, counting: Callable[[], Any]
) -> None:
    one_by_one, secrets = create(where), counting()
    for entry in looks(5):
        one_by_one.append([entry], now=now, secrets=secrets)
    together = create(tmp_path / "together.ledger", looks(5), now=now, secrets=counting())
    assert one_by_one.head() == together.head()


def test_the_same_entries_give_another_head_under_other_secrets(
    tmp_path: Path, looks: Looks, now: datetime
) -> None:
    one, other = (create(tmp_path / f"{at}.ledger", looks(1), now=now) for at in (1, 2))
    assert one.head() != other.head()
    assert list(one.read()) == list(other.read())


def test_a_load_repeated_under_its_key_lands_once(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where, looks(2), now=now)
    head = ledger.append(looks(2, first=3), now=now, key="monday")
    ledger.append(looks(1, first=5), now=now)
    again = open_ledger(where)
    assert again.append(looks(2, first=3), now=now + timedelta(days=1), key="monday") == head
    assert again.head().size == 5
    with pytest.raises(InputError, match="key: found monday, expected a key that no other load"):
        again.append(looks(1, first=6), now=now, key="monday")
    assert again.verify().holds


def test_reading_goes_on_after_a_number_across_pages(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(1300), now=now)
    assert [entry.seq for entry in ledger.read()] == list(range(1, 1301))
    assert [entry.seq for entry in ledger.read(after=1297)] == [1298, 1299, 1300]
    assert list(ledger.read(after=1300)) == []


def test_a_reader_who_stops_half_way_keeps_no_writer_waiting(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(3), now=now)
    reading = ledger.read()
    next(reading)
    ledger.append(looks(1, first=4), now=now)
    # What came in after the reading began belongs to the next one.
    assert [entry.seq for entry in reading] == [2, 3]


def test_the_time_of_taking_in_never_goes_back_when_the_clock_does(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(1), now=now)
    ledger.append(looks(1, first=2), now=now - timedelta(days=2))
    assert [entry.appended for entry in ledger.read()] == [now, now]
    found = ledger.verify()
    assert found.holds
    # What the clock said is committed to with the entry.
    assert found.clock_steps == ((2, "1962-11-10T16:00:00Z"),)


def test_the_time_of_taking_in_is_kept_in_utc(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where)
    ledger.append(looks(1), now=now.astimezone(timezone(timedelta(hours=-5))))
    (entry,) = ledger.read()
    assert entry.appended == now
    assert entry.appended.tzinfo is UTC


def test_numbers_and_times_that_entries_bring_along_are_not_believed(
    where: str, looks: Looks, now: datetime
) -> None:
    (entry,) = looks(1)
    given = msgspec.structs.replace(entry, seq=77, appended=now - timedelta(days=9))
    (found,) = create(where, [given], now=now).read()
    assert (found.seq, found.appended) == (1, now)


def test_a_correction_may_stand_in_the_batch_of_what_it_corrects(
    where: str, looks: Looks, now: datetime
) -> None:
    first, second = looks(2)
    ledger = create(where, [first, msgspec.structs.replace(second, corrects=first.id)], now=now)
    assert [entry.corrects for entry in ledger.read()] == [None, "look-1"]


def test_every_fault_of_a_batch_is_told_and_nothing_is_taken_in(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(2), now=now)
    before = ledger.head()
    fresh, twice, _, late, naive = looks(5, first=3)
    withdrawal = Entry(
        id=EntryId("withdrawal"),
        occurred=Day(now.date()),
        recorded=now,
        body=Correction(reason="misread"),
        corrects=EntryId("look-9"),
    )
    batch = [
        fresh,
        twice,
        twice,
        looks(1)[0],
        withdrawal,
        msgspec.structs.replace(late, recorded=now + timedelta(minutes=1)),
        msgspec.structs.replace(naive, recorded=now.replace(tzinfo=None)),
    ]
    with pytest.raises(Faults) as refused:
        ledger.append(batch, now=now)
    assert str(refused.value) == (
        "entries[2].id: found look-4, expected an id that is not in the ledger. "
        "Name the old entry in `corrects` to replace it.\n"
        "entries[3].id: found look-1, expected an id that is not in the ledger. "
        "Name the old entry in `corrects` to replace it.\n"
        "entries[4].corrects: found look-9, expected the id of an earlier entry.\n"
        "entries[5].recorded: found 1962-11-12T16:01Z, expected at the latest now, "
        "1962-11-12T16:00Z. Nothing can have been known later than it is taken in: "
        "mend the row or the clock.\n"
        "entries[6].recorded: found 1962-11-12 16:00:00, expected an instant with offset."
    )
    assert ledger.head() == before
    assert ledger.verify().holds


def test_a_correction_of_a_later_entry_is_refused(where: str, looks: Looks, now: datetime) -> None:
    first, second = looks(2)
    with pytest.raises(Faults, match=r"entries\[0\].corrects: found look-2"):
        create(where, [msgspec.structs.replace(first, corrects=second.id), second], now=now)


def test_a_batch_that_breaks_off_leaves_nothing(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where, looks(1), now=now)

    def broken() -> Iterator[Entry]:
        yield from looks(2500, first=2)
        raise RuntimeError("the source broke off")

    with pytest.raises(RuntimeError, match="broke off"):
        ledger.append(broken(), now=now)
    assert ledger.head().size == 1
    assert ledger.verify().holds


def test_a_moment_without_zone_is_refused(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where)
    with pytest.raises(InputError, match=r"now: found .*, expected an instant with offset"):
        ledger.append(looks(1), now=now.replace(tzinfo=None))


def test_appending_nothing_changes_nothing(where: str, looks: Looks, now: datetime) -> None:
    ledger = create(where, looks(1), now=now)
    assert ledger.append([], now=now + timedelta(days=1)) == ledger.head()


def test_writers_at_the_same_time_take_turns(where: str, looks: Looks, now: datetime) -> None:
    create(where)

    def write(writer: int) -> None:
        ledger = open_ledger(where)
        for index in range(10):
            ledger.append(looks(2, first=100 * writer + 2 * index), now=now)

    writers = [Thread(target=write, args=(number,)) for number in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    found = open_ledger(where)
    assert [entry.seq for entry in found.read()] == list(range(1, 81))
    assert found.verify().holds


def test_an_append_onto_a_head_that_is_past_is_refused(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(3), now=now)
    head = ledger.head()
    assert ledger.append(looks(1, first=4), now=now, onto=head).size == 4
    other = open_ledger(where)
    with pytest.raises(Moved) as refused:
        other.append(looks(1, first=5), now=now, onto=head)
    assert str(refused.value) == (
        f"{other.where}: found a ledger of 4 entries, expected the head of 3, on which these "
        "entries rest. Look at what came since, then enter them again."
    )
    assert other.head().size == 4
    assert other.append(looks(1, first=5), now=now, onto=other.head()).size == 5


def test_deciding_and_appending_holds_across_processes(
    where: str, looks: Looks, now: datetime
) -> None:
    # Each takes the next number that is free: read, decide, append.
    create(where, looks(1), now=now)

    def take_the_next() -> None:
        ledger, taken = open_ledger(where), 0
        while taken < 5:
            head = ledger.head()
            *_, last = ledger.read(head.size - 1, size=head.size)
            with suppress(Moved):
                ledger.append(
                    looks(1, first=int(last.id.partition("-")[2]) + 1), now=now, onto=head
                )
                taken += 1

    threads = [Thread(target=take_the_next) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [entry.id for entry in open_ledger(where).read()] == [f"look-{n}" for n in range(1, 22)]


def test_reading_up_to_a_head_leaves_out_what_came_later(
    where: str, looks: Looks, now: datetime
) -> None:
    ledger = create(where, looks(700), now=now)
    head = ledger.head()
    ledger.append(looks(600, first=701), now=now)
    assert [entry.seq for entry in ledger.read(size=head.size)] == list(range(1, 701))
    assert [entry.seq for entry in ledger.read(698, size=head.size)] == [699, 700]


def test_a_view_is_of_the_entries_under_its_head_though_others_append(
    where: str, looks: Looks, now: datetime
) -> None:
    header = Entry(
        id=EntryId("case"),
        occurred=Day(date(1962, 1, 1)),
        recorded=datetime(1962, 1, 1, tzinfo=UTC),
        body=CaseHeader(title="A case", zone="UTC", opens=date(1962, 1, 1)),
    )
    ledger = create(where, [header, *looks(3)], now=now)
    case = Case.open(where)
    ledger.append(looks(5, first=4), now=now)
    view = case.on("1962-11-12")
    assert (view.head.size, len(view.log), len(view.looks)) == (4, 4, 3)
    assert Case.open(where).on("1962-11-12").head.size == 9


def test_a_fold_reads_from_a_ledger(where: str, looks: Looks, now: datetime) -> None:
    first, second = looks(2)
    ledger = create(where, [first, msgspec.structs.replace(second, corrects=first.id)], now=now)
    facts = fold(ledger.read, on=now, zone=UTC)
    assert facts.get("look-1") is None
    assert facts.get("look-2") is not None


def test_a_ledger_is_told_from_other_files_by_its_first_bytes(
    tmp_path: Path, postgresql_url: str
) -> None:
    create(tmp_path / "a.ledger")
    (tmp_path / "b.ledger").write_text("id,occurred\n")
    assert is_ledger(tmp_path / "a.ledger")
    assert is_ledger(postgresql_url)
    assert not is_ledger(tmp_path / "b.ledger")
    assert not is_ledger(tmp_path / "missing.ledger")
    assert not is_ledger(tmp_path)


def test_a_ledger_says_where_it_is_without_the_password(postgresql_url: str) -> None:
    url = postgresql_url.replace("postgres@", "postgres:hush@")
    ledger: Ledger = create(url)
    assert "hush" not in ledger.where
    assert ledger.where.startswith("postgresql://postgres:***@")
