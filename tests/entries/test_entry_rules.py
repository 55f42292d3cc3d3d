"""The rules between entries, as any form they came in by can ask them."""

from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest

from excomm.entries import Day, Entry, EntryId
from excomm.entries.header import WordRule
from excomm.entries.kinds import (
    CaseHeader,
    Correction,
    Count,
    Directive,
    Event,
    Item,
    Line,
    Party,
    Site,
)
from excomm.entries.rules import faults, own_faults

HEADER = CaseHeader(title="Strait", zone="UTC", opens=date(1962, 8, 29))


def entry(entry_id: str, body: Any, **head: Any) -> Entry:
    values = {"recorded": datetime(1962, 11, 30, tzinfo=UTC)} | head
    return Entry(id=EntryId(entry_id), occurred=Day(date(1962, 11, 9)), body=body, **values)


def said(*entries: Entry, **known: Any) -> list[tuple[str, str]]:
    return [(one.id, str(fault)) for one, fault in faults(entries, **known)]


def test_a_fault_comes_with_the_entry_that_has_it() -> None:
    count = entry("C", Count(item="IL-28", number=-1))
    assert said(entry("case", HEADER), count) == [
        ("C", "number: found -1, expected 0 or more. What is not known stays empty."),
        (
            "C",
            "item: found IL-28, expected an item of the case (the case has none). "
            "Name it in [[items]] of case.toml.",
        ),
    ]


def test_what_could_not_be_read_makes_nobody_else_wrong() -> None:
    count = entry("C", Count(item="IL-28", number=1, site="SC"))
    assert said(count, failed={"IL-28"}, unread={"site"}) == []


def test_names_are_left_alone_where_only_the_entries_themselves_are_asked() -> None:
    count = entry("C", Count(item="IL-28", number=1))
    assert list(own_faults([count])) == []


def test_an_event_may_be_nobodys_and_about_a_directive() -> None:
    directive = entry("D", Directive(what="ask every refugee"))
    event = entry("E", Event(kind="done", party=("unknown",), about=("D",)))
    assert said(directive, event) == []
    assert said(entry("unknown", Party(name="Nobody"))) == [
        (
            "unknown",
            "id: found unknown, expected another word. An event's party may be unknown: nobody.",
        )
    ]


def test_things_that_can_be_parted_may_be_counted_in_fractions() -> None:
    fuel = entry("fuel", Item(name="fuel", unit="t", whole=False))
    crates = entry("crates", Item(name="crates", unit="crates"))
    half = Count(item="crates", number=1.5)
    assert said(fuel, entry("C", Count(item="fuel", number=1.5))) == []
    assert [one for one, _ in said(crates, entry("C", half))] == ["C"]
    # In another unit than the item's own a fraction can be right.
    assert said(crates, entry("C", Count(item="crates", number=1.5, unit="t"))) == []


def test_a_withdrawn_correction_leaves_room_for_another() -> None:
    first = entry("A", Line(clause="a"))
    second = entry("B", Line(clause="b"), corrects="A")
    third = entry("C", Line(clause="c"), corrects="A")
    assert [one for one, _ in said(first, second, third)] == ["C"]
    withdrawal = entry("W", Correction(reason="a slip"), corrects="B")
    assert said(first, second, withdrawal, third) == []


@pytest.mark.parametrize("entry_id", ["", " A", "A\n", "x" * 201, "1.0E+05"])
def test_an_id_is_a_short_printable_word(entry_id: str) -> None:
    assert [fault.where for _, fault in own_faults([entry(entry_id, Line(clause="a"))])] == ["id"]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        (Line(clause="a\0b"), "clause"),
        (Line(clause="#REF!"), "clause"),
        (Site(name="S", aliases=("a", "")), "aliases"),
        (Count(item="I", number=float("nan")), "number"),
        (Count(item="I", number=10**16), "number"),
    ],
)
def test_text_and_numbers_that_no_file_could_hold_are_faults(body: Any, where: str) -> None:
    assert [fault.where for _, fault in own_faults([entry("A", body)])] == [where]


def test_a_withdrawal_that_was_withdrawn_leaves_room_for_no_second_correction() -> None:
    log = [
        entry("A", Line(clause="a")),
        entry("A.2", Line(clause="b"), corrects=EntryId("A")),
        entry("W", Correction(reason="a slip"), corrects=EntryId("A.2")),
        entry("V", Correction(reason="it was none"), corrects=EntryId("W")),
        entry("A.3", Line(clause="c"), corrects=EntryId("A")),
    ]
    assert said(*log) == [
        (
            "A.3",
            "corrects: found A, expected one correction of each entry: A.2 corrects it already. "
            "Correct A.2 instead.",
        )
    ]
    assert said(*log[:3], log[4]) == []


def test_the_head_of_a_case_is_for_every_reader_and_its_rules_may_be_for_some() -> None:
    rules = (WordRule("ban", marking="secret"), WordRule("spy", marking="cosmic"))
    header = msgspec.structs.replace(HEADER, wording=rules)
    assert said(entry("case", header)) == [
        (
            "case",
            "wording.marking: found cosmic, expected one of the case's levels: open, restricted, "
            "secret. Markings stand in [markings] of case.toml.",
        )
    ]
    assert said(entry("case", HEADER, marking="secret")) == [
        (
            "case",
            "marking: found secret, expected the lowest level, open: every reader needs the head "
            "of the case. Mark the rows of the case, and a rule of wording by itself.",
        )
    ]
