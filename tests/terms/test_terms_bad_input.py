"""What cannot be meant is told with its line; what can, however odd, is a finding and no fault."""

import time
from pathlib import Path

import pytest

from excomm.entries import end_of, parse_when, parse_zone
from excomm.entries.agreement_rules import agreement_faults
from excomm.errors import InputError
from excomm.fold import fold
from excomm.folder import read_agreement
from excomm.terms import Standing, check, say, standing

TEXT = """\
id: t
title: T
parties: {A: Aland, B: Bland}
calendar: {zone: America/New_York}
items: {missile: {unit: missiles}}
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: achieve, what: remove, starts: 2030-01-01,
     due: 2030-03-01, quantity: {item: missile, number: 42, unit: missiles}, verification: [visit]}
events:
  - {id: E, date: 2030-01-02, kind: count, about: [U], assurance: established,
     value: {item: missile, total: 38}}
"""
COUNT = "total: 38"


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "a.yaml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        read_agreement(path)
    return [line.replace(f"{tmp_path}/", "") for line in str(caught.value).split("\n")]


def status(text: str, on: str = "2030-02-01") -> Standing:
    entries = read_agreement(text)
    zone = parse_zone("America/New_York")
    return standing(fold(lambda: entries, on=end_of(parse_when(on), zone), zone=zone))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "about: [U]",
            "about: [V]",
            "a.yaml:10: about: found V, expected an undertaking of this agreement. Write the id of"
            " one.",
        ),
        (
            "assurance: established,",
            "corrects: E,",
            "a.yaml:10: corrects: found E, expected the id of another entry. A corrected row takes"
            " an id of its own.",
        ),
        (
            COUNT,
            "total: -3",
            "a.yaml:11: value.total: found -3, expected 0 or more. To take back what was counted,"
            " correct that entry.",
        ),
        (
            COUNT,
            "total: 2.5",
            "a.yaml:11: value.total: found 2.5, expected whole missiles. Round what was seen, or"
            " mark the item `whole: false`.",
        ),
        (
            COUNT,
            "total: many",
            "a.yaml:11: value.total: found many, expected a number. What is not known stays empty.",
        ),
        (
            "number: 42",
            "number: 4.2",
            "a.yaml:8: quantity.number: found 4.2, expected whole missiles. Write whole ones, or"
            " mark the item `whole: false`.",
        ),
        (
            "assurance: established,",
            "corrects: F,",
            "a.yaml:10: corrects: found F, expected an entry of this file. Write the id of one.",
        ),
        (
            COUNT,
            "total: 38, unit: tons",
            "a.yaml:11: value.unit: found tons, expected missiles, the unit of missile. Use one"
            " unit.",
        ),
        (
            "{missile: {unit: missiles}}",
            "{missile: {}}",
            "a.yaml:5: unit: found nothing, expected a value. Every row needs one.",
        ),
        (
            "due: 2030-03-01",
            "due: 2029-03-01",
            "a.yaml:8: due: found 2029-03-01, expected no earlier than starts, 2030-01-01. Swap"
            " them, or correct one.",
        ),
        (
            "due: 2030-03-01",
            "due: {P1M2H after: starts}",
            "a.yaml:8: due: found P1M2H, expected an ISO 8601 duration. P14D is 14 days, P3M 3"
            " months.",
        ),
        (
            "America/New_York",
            "Amerika/New_York",
            "a.yaml:4: calendar.zone: found Amerika/New_York, expected an IANA name"
            " (America/New_York) or an offset (-05:00).",
        ),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_line(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert faults(tmp_path, TEXT.replace(old, new)) == [said]


def test_what_is_weighed_and_not_counted_may_be_any_fraction() -> None:
    text = TEXT.replace("unit: missiles", "unit: tonnes").replace(COUNT, "total: 41.5")
    assert status(text)["U"].reason == "41.5 of 42 tonnes counted; 0.5 more by 1 March."


def test_a_deadline_on_a_day_that_the_zone_skipped_is_none(tmp_path: Path) -> None:
    text = TEXT.replace("America/New_York", "Pacific/Apia").replace("2030-01-01", "2011-01-01")
    assert faults(tmp_path, text.replace("due: 2030-03-01", "due: 2011-12-30")) == [
        "a.yaml:8: due: found 2011-12-30, expected a day that exists in Pacific/Apia. Its zone"
        " skipped that day: write the day before or after."
    ]


def test_an_amount_without_a_unit_is_said_in_the_unit_of_its_item() -> None:
    text = TEXT.replace("number: 42, unit: missiles", "number: 42")
    assert status(text)["U"].reason == "38 of 42 missiles counted; four more by 1 March."
    assert "42 missiles" in say(read_agreement(text))


def test_a_term_beyond_the_calendar_is_never_over() -> None:
    for length in ("P99999999999D", "PT99999999999999H", "P99999999999999999999Y"):
        text = TEXT.replace("due: 2030-03-01", f"due: {{{length} after: starts}}")
        assert status(text)["U"].reason == (
            "38 of 42 missiles counted; four more by 31 December 9999."
        )


def test_two_corrections_of_one_entry_are_told_with_the_way_out(tmp_path: Path) -> None:
    again = "  - {{id: {}, date: 2030-01-03, kind: count, about: [U], corrects: E}}\n"
    assert faults(tmp_path, TEXT + again.format("F") + again.format("G")) == [
        "a.yaml:13: corrects: found E, expected one correction of each entry: F corrects it"
        " already. Correct F instead."
    ]


@pytest.mark.parametrize(("before", "after"), [("{not: ", "}"), ("{all: [", "]}")])
def test_ten_thousand_nested_conditions_are_refused_and_exhaust_nothing(
    tmp_path: Path, before: str, after: str
) -> None:
    nested = before * 10_000 + "{fulfilled: U}" + after * 10_000
    more = (
        "  - {id: W, by: B, modality: must, kind: achieve, what: lift,\n"
        f"     condition: {nested}}}\nevents:"
    )
    assert faults(tmp_path, TEXT.replace("events:", more)) == [
        "a.yaml:10: found more than 32 levels, expected at most 32. Nest less deeply."
    ]


def test_a_file_of_a_hundred_megabytes_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    start = time.process_time()
    with pytest.raises(InputError) as caught:
        read_agreement(path)
    assert time.process_time() - start < 2.0
    assert str(caught.value).startswith(f"{path}:1: text: found a line of more than 1 MiB")


def test_a_ring_is_a_finding_and_no_fault() -> None:
    ring = TEXT.replace(
        "events:",
        "  - {id: V, by: B, modality: must, kind: achieve, what: lift, condition: {fulfilled: W}}\n"
        "  - {id: W, by: A, modality: must, kind: achieve, what: go, condition: {fulfilled: V}}\n"
        "events:",
    )
    assert status(ring)["V"].flags == ("circular_wait",)
    assert ("circular_wait", ("V", "W")) in [(f.check, f.on) for f in check(read_agreement(ring))]


def test_a_forty_third_of_forty_two_says_something_of_the_declaration() -> None:
    found = status(TEXT.replace(COUNT, "total: 43"))["U"]
    assert (found.state, found.flags) == ("fulfilled", ("more_than_declared",))
    assert found.reason == (
        "43 of 42 missiles counted by 2 January (1 more than the number declared: what was declared"
        " was not all), 58 days early."
    )


def test_a_wait_for_an_undertaking_that_is_not_there_is_a_finding_and_stays_pending() -> None:
    lost = TEXT.replace(
        "events:",
        "  - {id: V, by: B, modality: must, kind: achieve, what: lift, condition: {fulfilled: X}}\n"
        "events:",
    )
    found = status(lost)["V"]
    assert (found.state, found.path) == ("pending", ())
    assert found.reason == "Waits for X to be fulfilled."


def test_agreements_of_one_case_count_their_days_in_one_zone() -> None:
    first = read_agreement("title: The letters\ncalendar: {zone: America/New_York}\n")
    second = read_agreement("title: The protocol\ncalendar: {zone: Europe/Moscow}\n")
    same = read_agreement("title: The annex\ncalendar: {zone: America/New_York}\n")
    assert list(agreement_faults((*first, *same), None)) == []
    ((_, fault),) = agreement_faults((*first, *same, *second), None)
    assert str(fault) == (
        "calendar.zone: found Europe/Moscow, expected America/New_York, the zone of The letters. "
        "A case counts its days in one zone: write that one, or keep two cases."
    )
