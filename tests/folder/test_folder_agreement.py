"""An agreement file: read by the core schema of YAML 1.2, and its faults told by line."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from excomm.entries import Day, Instant
from excomm.entries.kinds import CaseHeader, Offer, Undertaking
from excomm.entries.language import All, Counted, Each, Fixed, Is, Not, Reading, Relative
from excomm.errors import Faults, InputError
from excomm.folder import read_agreement


def agreement_faults(text: str) -> list[str]:
    with pytest.raises(InputError) as raised:
        read_agreement(text)
    found = raised.value
    return [str(one) for one in found.faults] if isinstance(found, Faults) else [str(found)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "id: a\nid: b\n",
            "agreement:2: id: found the key a second time, "
            "expected each key once (first on line 1). Delete one of them.",
        ),
        (
            "id: &x a\ntitle: *x\n",
            "agreement:1: found &x, expected no anchors. Write it out where it is meant.",
        ),
        (
            "id: a\ntitle: *x\n",
            "agreement:2: found *x, expected no aliases. Write it out again.",
        ),
        (
            "id: !!str 5\n",
            "agreement:1: found tag:yaml.org,2002:str, expected no tags. "
            "Quote the value if it is text.",
        ),
        (
            "id: " + "[" * 100_000 + "\n",
            "agreement:1: found more than 32 levels, expected at most 32. Nest less deeply.",
        ),
        (
            "id: a\n--- b\n",
            "agreement:2: found a second document, expected one document. Make two files.",
        ),
        ("id: a\n\x07\n", "agreement:2: found the character U+0007, expected text. Delete it."),
        (
            "- a\n",
            "agreement:1: agreement: found no map, expected id, title, parties, undertakings.",
        ),
        (
            "id: a\nevents: {}\n",
            "agreement:2: events: found no list, expected a list: - {id: ..., ...}.",
        ),
        (
            "id: a\nzone: UTC\n",
            "agreement:2: agreement: found the key zone, expected one of calendar: {zone: ...}.",
        ),
        (
            "id: a\ncalendar: {zone: Mars}\n",
            "agreement:2: calendar.zone: found Mars, "
            "expected an IANA name (America/New_York) or an offset (-05:00).",
        ),
    ],
)
def test_what_is_no_agreement_is_told_by_line(text: str, said: str) -> None:
    assert agreement_faults(text) == [said]


def test_broken_yaml_names_line_and_column() -> None:
    assert agreement_faults("id: a\nparties: {A: x\nevents: []\n") == [
        "agreement:3: found did not find expected ',' or '}', expected YAML 1.2. Look at column 7, "
        "or at the line before: a quote, a bracket or the space after a colon may be missing."
    ]


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("dew: 1962-11-20", "dew: found an unknown name, expected a name that an undertaking has. "
         "Did you mean due?"),
        ("standing: claimed", "standing: found an unknown name, "
         "expected a name that an undertaking has. Did you mean assurance?"),
        ("due: {P3 after: E}", "due: found P3, expected an ISO 8601 duration. "
         "P14D is 14 days, P3M 3 months."),
        ("due: 1962-11-31", "due: found 1962-11-31, expected a day that exists."),
        ("due: {after: 1962-11-31}", "due.after: found 1962-11-31, expected a day that exists."),
        ("due: {after: E, with: V}", "due: found after and with, "
         "expected one of after, P14D after, with, date."),
        ("due: {before: E}", "due: found the key before, "
         "expected one of after, P14D after, with, date, last_day, renewable."),
        ("condition: {fulfilled: V, event: E}", "condition: found fulfilled and event, "
         "expected one condition. Join several in all: [...] or any: [...]."),
        ("condition: {counted: V}", "condition: found counted, "
         "expected counted and at_least together."),
        ("condition: {all: []}", "condition.all: found nothing, expected a list of conditions."),
        ("condition: {fulfiled: V}", "condition: found the key fulfiled, expected one of "
         "fulfilled, in_force, breached, requested_by, accepted_by, event, counted, all, any, not. "
         "Did you mean fulfilled?"),
        ("each: {months: [13]}", "each.months: found 13, expected 1 to 12. "
         "Months are numbers: [3, 9], or all."),
        ("quantity: {item: x}", "quantity.number: found nothing, "
         "expected a value beside item, number, unit."),
        ("evidence_by: 5 days", "evidence_by: found 5 days, expected an ISO 8601 duration. "
         "P14D is 14 days, P3M three months, PT24H 24 hours."),
        ("to: {A: b}", "to: found a map, expected a list."),
        ("act: [a, b]", "act: found a list, expected one value. Quote it if it is text."),
    ],
)  # fmt: skip
def test_a_fault_of_an_undertaking_names_line_and_key(keys: str, said: str) -> None:
    head = "{id: U, by: A, modality: must, kind: achieve, what: go"
    text = f"id: a\nparties: {{A: a}}\nundertakings:\n  - {head}, {keys}}}\n"
    assert agreement_faults(text) == [f"agreement:4: {said}"]


# -- what is read ----------------------------------------------------------------------------------

# Lines of the agreements of reference/terms: minsk-2015, inf-1987, new-start-2010, syria-cw-2013.
FORMS = """
id: forms
title: Lines of four agreements
parties: {UKR: Ukraine, ARM: armed formations, OSCE: Monitoring Mission}
calendar: {zone: Europe/Kyiv, day: whole calendar days}
sources:
  M1: {what: "text: the annex", url: "https://example.org/a?b=c#d"}
undertakings:
  - {id: MK-1, by: [UKR, ARM], to: [UKR, ARM], modality: must_not, kind: maintain, what: fire (ceasefire), starts: "2015-02-15T00:00+02:00", verification: [OSCE monitoring], source: M1}
  - {id: MK-2, by: UKR, to: [ARM], modality: must, kind: achieve, what: withdraw heavy weapons 50/70/140 km, relies_on: [MK-5], starts: {P1D after: start of MK-1}, due: {P14D after: starts, last_day: 2015-03-02}, source: M1, note: "'start on day 2 at the latest' also allows 1 or 3 March"}
  - {id: INF-1, by: UKR, modality: must, kind: achieve, what: eliminate, due: {P3Y after: 1988-06-01, last_day: 1991-05-31}, measure: {total_with_INF-3: 1846}}
  - {id: NS-5, by: UKR, modality: must, kind: recur, what: give data, each: {months: [3, 9], due_day: 30}, evidence_by: P6M}
  - {id: SY-6, by: UKR, modality: must, kind: recur, what: report, each: {months: all}, form: unilateral declaration}
  - {id: SY-7, by: UKR, modality: must, kind: achieve, what: destroy, condition: {all: [{fulfilled: MK-2}, {not: {counted: MK-1, at_least: 3}}]}, ends: {after: 2021-02-05, renewable: true}}
events:
  - {id: E6, date: 2015-03-13, kind: violation, party: unknown, about: [MK-1], what: on, assurance: established}
  - {id: E5, date: 2013-12-31, kind: not_done, party: UKR, about: [SY-7], what: no, known: 2014-01-01}
  - {id: E9, date: 2017-02-15, kind: amended, party: [UKR, ARM], about: [MK-2], due: 2017-02-20, set: {condition: none, renewable: yes}}
  - {id: E2, date: 2013-10, kind: access_gap, party: UKR, about: [SY-7], value: {sites_seen: 21, share: 0.29, all: true, why: "yes"}, period: 2013-12, reversible: true}
expected:
  - {as_of: 2015-02-14, status: {MK-1: {state: pending}}}
"""  # noqa: E501


def bodies(text: str) -> dict[str, Any]:
    return {entry.id: entry.body for entry in read_agreement(text)}


def test_the_points_and_conditions_of_known_agreements_are_read() -> None:
    found = bodies(FORMS)
    assert found["MK-1"].by == ("UKR", "ARM")
    start = datetime(2015, 2, 15, tzinfo=timezone(timedelta(hours=2)))
    assert found["MK-1"].starts == Fixed(Instant(start))
    assert found["MK-2"].starts == Relative("start of MK-1", "P1D")
    assert found["MK-2"].due == Relative("starts", "P14D", last_day=date(2015, 3, 2))
    assert found["INF-1"].due == Relative("1988-06-01", "P3Y", last_day=date(1991, 5, 31))
    assert found["INF-1"].measure == {"total_with_INF-3": 1846}
    assert found["NS-5"].each == Each((3, 9), 30)
    assert found["SY-6"].each == Each(tuple(range(1, 13)))
    assert found["SY-7"].condition == All((Is("fulfilled", "MK-2"), Not(Counted("MK-1", 3))))
    assert found["SY-7"].ends == Relative("2021-02-05", renewable=True)
    assert found["E9"].due == Fixed(Day(date(2017, 2, 20)))


def test_no_word_turns_into_a_boolean_and_no_date_into_a_day_where_text_is_meant() -> None:
    found = bodies(FORMS)
    assert found["E6"].what == "on"
    assert found["E5"].what == "no"
    assert found["E2"].period == "2013-12"
    assert found["E2"].value == {"sites_seen": 21, "share": 0.29, "all": True, "why": "yes"}
    assert found["E9"].set == {"condition": "none", "renewable": "yes"}
    assert found["E2"].reversible is True


def test_an_agreement_alone_is_a_tiny_case() -> None:
    entries = read_agreement(FORMS)
    assert [entry.id for entry in entries[:5]] == ["forms/case", "UKR", "ARM", "OSCE", "forms"]
    header = entries[0].body
    assert isinstance(header, CaseHeader)
    assert (header.title, header.zone) == ("Lines of four agreements", "Europe/Kyiv")
    assert header.opens == date(1000, 1, 1)
    by_id = {str(entry.id): entry for entry in entries}
    assert by_id["MK-1"].occurred == Day(date(1000, 1, 1))
    kyiv = ZoneInfo("Europe/Kyiv")
    assert by_id["E6"].recorded == datetime(2015, 3, 13, tzinfo=kyiv)
    assert by_id["E5"].recorded == datetime(2014, 1, 1, tzinfo=kyiv)
    # Of a month, its last day.
    assert by_id["E2"].recorded == datetime(2013, 10, 31, tzinfo=kyiv)
    assert by_id["E6"].standing == "established"
    assert by_id["E5"].standing == "claimed"
    assert [entry.id for entry in entries[-4:]] == ["E2", "E5", "E6", "E9"]


def test_who_never_accepted_is_an_outsider_whether_or_not_the_parties_name_him() -> None:
    found = bodies(
        "{id: a, parties: {USSR: Soviet Union, CUB: Cuba}, not_party: [CUB, UN], "
        "items: {m: {unit: u}}}"
    )
    assert (found["CUB"].role, found["CUB"].name) == ("outsider", "Cuba")
    assert (found["UN"].role, found["UN"].name) == ("outsider", "UN")
    assert found["USSR"].role == "party"
    assert found["a"].not_party == {"CUB": "Cuba", "UN": "UN"}
    assert (found["m"].unit, found["a"].items) == ("u", {"m": "u"})


def test_readings_packages_and_additions_of_ours_are_read() -> None:
    text = """
    id: letters
    parties: {USA: United States, USSR: Soviet Union}
    undertakings:
      - {id: U1, by: USSR, modality: must, kind: achieve, what: remove, item: il28, reading: high,
         marking: secret, held_by: [USA], known: 1962-11-20, date: 1962-10-28,
         readings: {USA: {starts: 1962-10-28}, USSR: {condition: {accepted_by: USSR}, source: S1}}}
    packages:
      - {id: P1, by: USA, to: USSR, undertakings: [U1], if_accepted: done, put: true}
    """
    entries = {str(entry.id): entry for entry in read_agreement(text)}
    undertaking = entries["U1"]
    assert isinstance(undertaking.body, Undertaking)
    assert undertaking.body.readings == {
        "USA": Reading(starts=Fixed(Day(date(1962, 10, 28)))),
        "USSR": Reading(condition=Is("accepted_by", "USSR"), source="S1"),
    }
    assert (undertaking.marking, undertaking.held_by) == ("secret", ("USA",))
    assert undertaking.occurred == Day(date(1962, 10, 28))
    assert undertaking.recorded == datetime(1962, 11, 20, tzinfo=UTC)
    offer = entries["P1"].body
    assert isinstance(offer, Offer)
    assert (offer.undertakings, offer.if_accepted, offer.put) == (("U1",), "done", True)


def test_a_note_inside_an_object_is_kept_in_the_note_of_its_entry() -> None:
    text = """
    id: a
    undertakings:
      - {id: U1, by: A, modality: must, kind: achieve, what: go, note: own,
         due: {P1D after: E, note: counted so}, measure: {all: 3, source: S2}}
    events:
      - {id: E, date: 2000-01-01, kind: done, form: letter}
    """
    entries = {str(entry.id): entry for entry in read_agreement(text)}
    assert entries["U1"].note == "own; due note: counted so; measure source: S2"
    assert entries["E"].note == "form: letter"
    undertaking = entries["U1"].body
    assert isinstance(undertaking, Undertaking)
    assert undertaking.measure == {"all": 3}


def test_references_of_an_agreement_alone_are_left_to_the_static_checks() -> None:
    undertaking = "{id: U, by: X, modality: must, kind: achieve, what: go, relies_on: [V]}"
    assert "U" in bodies(f"{{id: a, undertakings: [{undertaking}]}}")


def test_an_agreement_is_read_from_a_path_too(tmp_path: Path) -> None:
    path = tmp_path / "forms.yaml"
    path.write_text(FORMS, encoding="utf-8")
    assert read_agreement(path) == read_agreement(FORMS) == read_agreement(str(path))
    gone = tmp_path / "gone.yaml"
    assert agreement_faults(str(gone)) == [
        f"{gone}: found No such file or directory, expected an agreement file that can be read."
    ]
