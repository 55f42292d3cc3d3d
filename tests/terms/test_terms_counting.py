"""What was counted leaving bears on the undertaking to remove it, and is never counted twice."""

from datetime import UTC, datetime

import pytest

from excomm.case import Case, CaseHead
from excomm.folder import read_text
from excomm.terms import Status, explain

CASE = """
=== case.toml
id = "count"
title = "Count"
zone = "UTC"
opens = 2030-01-01
recorded = "as dated"
[[parties]]
id = "A"
name = "Aland"
[[parties]]
id = "B"
name = "Bland"
[[items]]
id = "gun"
name = "guns"
unit = "guns"
=== agreement.yaml
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: achieve, what: remove the guns,
     starts: 2030-01-01, due: 2030-03-01, quantity: {item: gun, number: 10, unit: guns}}
events:
  - {id: E0, date: 2030-01-02, kind: request, party: B, about: [U], assurance: established}
"""
HEAD = "=== counts.csv\nid,occurred,item,number,moving,scope,carrier,standing,reading\n"


def stands(*rows: str, more: str = "", on: str = "2030-02-01") -> Status:
    text = CASE + more + HEAD + "\n".join(rows) + "\n"
    entries = read_text(text, now=datetime(2031, 1, 1, tzinfo=UTC)).entries
    case = Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64))
    return case.on(on).standing()["U"]


def test_a_total_counted_out_is_what_is_known_at_least() -> None:
    found = stands("C1,2030-01-05,gun,6,leaving,total,,established,high")
    assert found.reason == "6 of 10 guns counted; four more by 1 March."
    assert found.why == ("E0", "C1")


def test_counts_of_single_carriers_add_up_and_a_carrier_counted_again_does_not() -> None:
    found = stands(
        "C1,2030-01-05,gun,3,leaving,own,Anna,established,high",
        "C2,2030-01-06,gun,4,leaving,own,Berta,established,high",
        "C3,2030-01-07,gun,3,leaving,own,Anna,established,high",
    )
    assert found.reason.startswith("7 of 10 guns counted")
    assert found.why == ("E0", "C1", "C2")


def test_a_total_and_the_carriers_in_it_are_not_added_together() -> None:
    rows = [
        "C1,2030-01-05,gun,6,leaving,total,,established,high",
        "C2,2030-01-06,gun,4,leaving,own,Anna,established,high",
    ]
    found = stands(*rows)
    assert found.reason.startswith("6 of 10 guns counted")
    assert found.why == ("E0", "C1")


def test_an_event_about_the_same_is_not_counted_twice() -> None:
    event = (
        "  - {id: E1, date: 2030-01-05, kind: count, party: B, about: [U], "
        "assurance: established, value: {item: gun, total: 6}}\n"
    )
    found = stands("C1,2030-01-05,gun,6,leaving,total,,established,high", more=event)
    assert found.why == ("E0", "E1")
    assert found.reason.startswith("6 of 10")


def test_the_whole_counted_out_fulfils_and_decides() -> None:
    found = stands("C1,2030-01-05,gun,10,leaving,total,,established,high")
    assert (found.state, found.decides) == ("fulfilled", ("C1",))


@pytest.mark.parametrize(
    "row",
    [
        "C1,2030-01-05,gun,10,leaving,total,,claimed,high",
        "C1,2030-01-05,gun,10,present,total,,established,high",
        "C1,2030-01-05,gun,10,arriving,total,,established,high",
        "C1,2030-01-05,gun,10,leaving,total,,established,unverified",
    ],
)
def test_a_claim_or_a_count_of_what_stays_removes_nothing(row: str) -> None:
    assert stands(row).state == "in_force"


def test_where_two_sides_owe_the_same_item_a_count_says_nothing_of_either() -> None:
    other = (
        "=== agreement-2.yaml\nundertakings:\n  - {id: V, by: B, to: [A], modality: must, "
        "kind: achieve, what: remove guns, starts: 2030-01-01, due: 2030-03-01, "
        "quantity: {item: gun, number: 10, unit: guns}}\n"
    )
    text = CASE.replace("events:", other.partition("undertakings:\n")[2] + "events:")
    whole = text + HEAD + "C1,2030-01-05,gun,10,leaving,total,,established,high\n"
    entries = read_text(whole, now=datetime(2031, 1, 1, tzinfo=UTC)).entries
    case = Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64))
    assert {s.state for s in case.on("2030-02-01").standing().values()} == {"in_force"}


def test_what_was_known_late_says_so() -> None:
    late = "  - {id: E1, date: 2030-01-05, known: 2030-01-20, kind: done, about: [U]}\n"
    text = CASE + late
    entries = read_text(text, now=datetime(2031, 1, 1, tzinfo=UTC)).entries
    case = Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64))
    words = explain(case.on("2030-02-01").facts, "U").words
    assert "E1, 5 January 2030: done (claimed, known 20 January 2030)" in words
