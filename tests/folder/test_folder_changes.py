"""A folder loaded again: what is new is appended, what changed corrects, what is gone stays."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from excomm.entries import Entry
from excomm.errors import Faults
from excomm.folder import Changes, changes, read_text

FIRST = datetime(2024, 1, 1, 9, tzinfo=UTC)
THEN = FIRST + timedelta(days=1)
LATER = FIRST + timedelta(days=2)

HEAD = """\
=== case.toml
id = "strait"
title = "Strait"
zone = "UTC"
opens = 2023-01-01
=== lines.csv
id,occurred,recorded,clause,corrects
"""


class Desk:
    """A ledger as far as a load needs one."""

    def __init__(self, *rows: str) -> None:
        self.entries: list[Entry] = []
        self.load(*rows, now=FIRST)

    def load(self, *rows: str, now: datetime, head: str = HEAD) -> Changes:
        wanted = read_text(head + "\n".join(rows) + "\n", now=now).entries
        found = changes(self.entries, wanted, now=now)
        for entry in found.entries:
            kept = msgspec.structs.replace(entry, seq=len(self.entries) + 1, appended=now)
            self.entries.append(kept)
        return found

    def faults(self, *rows: str, head: str = HEAD) -> list[str]:
        before = list(self.entries)
        with pytest.raises(Faults) as raised:
            self.load(*rows, now=THEN, head=head)
        assert self.entries == before
        return [str(fault) for fault in raised.value.faults]


def test_the_first_load_takes_every_row_as_it_is() -> None:
    desk = Desk("A,2023-05-01,,a,", "B,2023-05-02,2023-05-03,b,")
    assert [entry.id for entry in desk.entries] == ["strait", "B", "A"]
    assert [entry.recorded for entry in desk.entries[1:]] == [
        datetime(2023, 5, 3, tzinfo=UTC),
        FIRST,
    ]


def test_the_same_folder_again_appends_nothing() -> None:
    desk = Desk("A,2023-05-01,,a,")
    found = desk.load("A,2023-05-01,,a,", now=THEN)
    assert found == Changes(entries=(), corrected={}, unchanged=2, missing=())


def test_a_changed_row_becomes_a_correction_recorded_now() -> None:
    desk = Desk("A,2023-05-01,,a,")
    found = desk.load("A,2023-05-01,,another,", now=THEN)
    (correction,) = found.entries
    assert (correction.id, correction.corrects, correction.recorded) == ("A.2", "A", THEN)
    assert found.corrected == {"A": "A.2"}
    found = desk.load("A,2023-05-01,,a third,", now=LATER)
    (correction,) = found.entries
    assert (correction.id, correction.corrects, correction.recorded) == ("A.3", "A.2", LATER)
    assert desk.load("A,2023-05-01,,a third,", now=LATER).entries == ()


def test_a_row_put_back_as_it_was_is_a_correction_too() -> None:
    desk = Desk("A,2023-05-01,,a,")
    desk.load("A,2023-05-01,,b,", now=THEN)
    (correction,) = desk.load("A,2023-05-01,,a,", now=LATER).entries
    assert (correction.id, correction.corrects) == ("A.3", "A.2")


def test_a_new_row_is_appended_beside_what_stands() -> None:
    desk = Desk("A,2023-05-01,,a,")
    found = desk.load("A,2023-05-01,,a,", "B,2023-05-02,,b,", now=THEN)
    assert [entry.id for entry in found.entries] == ["B"]
    assert (found.unchanged, found.missing) == (2, ())


def test_a_row_that_is_gone_is_told_and_stays() -> None:
    desk = Desk("A,2023-05-01,,a,", "B,2023-05-02,,b,")
    desk.load("A,2023-05-01,,a,", "B,2023-05-02,,c,", now=THEN)
    found = desk.load("A,2023-05-01,,a,", now=LATER)
    assert found.entries == ()
    assert found.missing == ("B", "B.2")


def test_a_row_that_gives_another_recorded_is_corrected_to_it() -> None:
    desk = Desk("A,2023-05-01,2023-05-02,a,")
    (correction,) = desk.load("A,2023-05-01,2023-05-04,a,", now=THEN).entries
    assert correction.recorded == datetime(2023, 5, 4, tzinfo=UTC)
    assert desk.load("A,2023-05-01,2023-05-04,a,", now=LATER).entries == ()


def test_a_row_that_now_says_when_it_was_known_is_corrected_to_that() -> None:
    desk = Desk("A,2023-05-01,,a,")
    (correction,) = desk.load("A,2023-05-01,2023-05-01,a,", now=THEN).entries
    assert correction.recorded == datetime(2023, 5, 1, tzinfo=UTC)
    assert desk.load("A,2023-05-01,2023-05-01,a,", now=LATER).entries == ()


def test_a_row_known_by_its_date_and_moved_to_another_is_recorded_now() -> None:
    head = HEAD.replace("opens", 'recorded = "as dated"\nopens')
    desk = Desk()
    desk.load("A,2023-05-01,,a,", now=FIRST, head=head)
    (correction,) = desk.load("A,2023-05-03,,a,", now=THEN, head=head).entries
    assert (correction.recorded, str(correction.occurred)) == (THEN, "2023-05-03")
    assert desk.load("A,2023-05-03,,a,", now=LATER, head=head).entries == ()


def test_an_exported_folder_that_lists_its_corrections_appends_nothing() -> None:
    desk = Desk("A,2023-05-01,,a,")
    desk.load("A,2023-05-01,,b,", now=THEN)
    rows = ("A,2023-05-01,2024-01-01T09:00Z,a,", "A.2,2023-05-01,2024-01-02T09:00Z,b,A")
    found = desk.load(*rows, now=LATER)
    assert (found.entries, found.missing) == ((), ())
    (correction,) = desk.load(rows[0], rows[1].replace(",b,", ",c,"), now=LATER).entries
    assert (correction.id, correction.corrects) == ("A.3", "A.2")


def test_a_row_that_the_folder_itself_replaces_must_stay_as_it_is() -> None:
    desk = Desk("A,2023-05-01,,a,", "B,2023-05-01,,b,A")
    assert desk.faults("A,2023-05-01,,x,", "B,2023-05-01,,b,A") == [
        "A: found a changed row, expected the row as the ledger has it: B has replaced it. "
        "Change B instead."
    ]


def test_a_correction_withdrawn_lets_the_row_before_it_stand() -> None:
    desk = Desk("A,2023-05-01,,a,")
    desk.load("A,2023-05-01,,b,", now=THEN)
    withdrawal = "=== corrections.csv\nid,occurred,reason,corrects\nW,2023-05-05,a slip,A.2"
    exported = (
        "A,2023-05-01,2024-01-01T09:00Z,a,",
        "A.2,2023-05-01,2024-01-02T09:00Z,b,A",
        withdrawal,
    )
    assert [entry.id for entry in desk.load(*exported, now=THEN).entries] == ["W"]
    # A folder that still says what stood first has nothing to add.
    found = desk.load("A,2023-05-01,,a,", now=LATER)
    assert (found.entries, found.missing) == ((), ("W",))


def test_a_withdrawal_withdrawn_lets_the_row_be_corrected_again() -> None:
    table = "=== corrections.csv\nid,occurred,reason,corrects\nW,2023-05-05,a slip,A"
    desk = Desk("A,2023-05-01,,a,", table, "V,2023-05-06,no slip,W")
    desk.load("A,2023-05-01,,b,", table, "V,2023-05-06,no slip,W", now=THEN)
    (correction,) = desk.entries[-1:]
    assert (correction.id, correction.corrects) == ("A.2", "A")


def test_a_changed_withdrawal_is_refused() -> None:
    table = "=== corrections.csv\nid,occurred,reason,corrects\nW,2023-05-05,{},A"
    desk = Desk("A,2023-05-01,,a,", table.format("a slip"))
    assert desk.faults("A,2023-05-01,,a,", table.format("a lie")) == [
        "W: found a changed withdrawal, expected the row as the ledger has it. "
        "Put it back, and say what is to be added in a row of its own."
    ]


def test_a_new_correction_of_what_the_ledger_has_replaced_is_refused() -> None:
    desk = Desk("A,2023-05-01,,a,")
    desk.load("A,2023-05-01,,b,", now=THEN)
    assert desk.faults("A,2023-05-01,,a,", "C,2023-05-01,,c,A") == [
        "C: corrects: found A, expected what stands in the ledger: A.2 has replaced it there. "
        "Write A.2, or export the ledger and go on from that folder."
    ]


def test_what_a_correction_corrects_cannot_change() -> None:
    desk = Desk("A,2023-05-01,,a,", "B,2023-05-01,,b,", "C,2023-05-01,,c,A")
    assert desk.faults("A,2023-05-01,,a,", "B,2023-05-01,,b,", "C,2023-05-01,,c,B") == [
        "C: corrects: found B, expected A, as in the ledger. Give the row an id of its own."
    ]


def test_the_zone_of_a_case_cannot_change() -> None:
    desk = Desk("A,2023-05-01,,a,")
    moved = HEAD.replace('"UTC"', '"Europe/Kyiv"')
    assert desk.faults("A,2023-05-01,,a,", head=moved) == [
        "case.toml: zone: found Europe/Kyiv, expected the ledger's zone, UTC. "
        "The days of a case cannot move: make a new ledger."
    ]


def test_another_case_is_refused() -> None:
    desk = Desk("A,2023-05-01,,a,")
    other = HEAD.replace('id = "strait"', 'id = "gulf"')
    assert desk.faults("A,2023-05-01,,a,", head=other) == [
        "case.toml: id: found gulf, expected the ledger's case, strait. Use another ledger."
    ]


def test_a_clock_set_back_is_told_before_anything_is_appended() -> None:
    desk = Desk("A,2023-05-01,,a,")
    desk.load("A,2023-05-01,,b,", now=LATER)
    assert desk.faults("A,2023-05-01,,c,") == [
        "clock: found 2024-01-02T09:00Z, expected no earlier than the ledger's last entry, "
        "2024-01-03T09:00Z. Set the clock of this machine right, then load again."
    ]
    assert desk.load("A,2023-05-01,,b,", now=THEN).entries == ()


def test_a_changed_title_corrects_the_header() -> None:
    desk = Desk("A,2023-05-01,,a,")
    renamed = HEAD.replace('"Strait"', '"The strait"')
    (correction,) = desk.load("A,2023-05-01,,a,", now=THEN, head=renamed).entries
    assert (correction.id, correction.kind, correction.corrects) == ("strait.2", "case", "strait")
