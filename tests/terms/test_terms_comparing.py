"""Packages side by side, the agreement as a picture, its deadlines for a calendar."""

from xml.etree import ElementTree

import pytest

from excomm.case import Case
from excomm.entries import end_of, parse_when, parse_zone
from excomm.errors import InputError
from excomm.fold import Facts, fold
from excomm.folder import read_agreement
from excomm.terms import compare, deadlines, picture

TEXT = """
parties: {A: Aland, B: Bland}
undertakings:
  - {id: GUNS, by: A, to: [B], modality: must, kind: achieve, what: give up guns,
     starts: 2030-01-01, due: 2030-03-01, evidence_by: P5D, verification: [visit]}
  - {id: LIFT, by: B, to: [A], modality: must, kind: achieve, what: lift & leave <now>,
     condition: {fulfilled: GUNS}, due: {P5D after: condition}}
  - {id: HASTE, by: B, to: [A], modality: must, kind: achieve, what: lift at once,
     condition: {in_force: GUNS}, due: 2030-02-01, verification: [proclamation]}
packages:
  - {id: SLOW, by: B, to: [A], undertakings: [LIFT, GUNS], if_accepted: done, if_rejected: wait}
  - {id: FAST, by: B, to: [A], undertakings: [GUNS, HASTE, LOST]}
"""


def facts_on(day: str) -> Facts:
    entries = read_agreement(TEXT)
    zone = parse_zone("UTC")
    return fold(lambda: entries, on=end_of(parse_when(day), zone), zone=zone)


def test_packages_stand_side_by_side_in_the_order_of_their_steps() -> None:
    slow, fast = compare(facts_on("2030-01-10"))
    assert [(step.turn, step.undertaking) for step in slow.steps] == [(1, "GUNS"), (2, "LIFT")]
    assert [(step.turn, step.undertaking) for step in fast.steps] == [(1, "HASTE"), (2, "GUNS")]


def test_who_carries_the_risk_between_the_steps_is_said() -> None:
    slow, fast = compare(facts_on("2030-01-10"))
    assert [step.risk for step in slow.steps] == ["Aland has acted before Bland does (LIFT)", ""]
    assert fast.steps[0].risk == "Bland acts on a mere promise of Aland (GUNS)"


def test_what_remains_open_is_shown_and_not_filled_in() -> None:
    slow, fast = compare(facts_on("2030-01-10"))
    assert slow.open[0] == "what follows if it is countered is not said"
    assert "LIFT: no means of verification is agreed" in slow.open
    assert fast.open[0] == "LOST is not in the record"


def test_of_a_package_whose_paper_is_lost_only_what_the_minutes_say_is_shown() -> None:
    view = Case.open("cuba-1962").on("1962-11-12")
    offers = {package.offer: package for package in compare(view.facts, figures=view.figures())}
    stevenson = offers["offer-stevenson"]
    assert stevenson.steps == ()
    assert stevenson.open == ("which undertakings it joins is not in the record",)
    assert stevenson.before == "consult the major Latin American states"
    assert [step.undertaking for step in offers["offer-mccloy"].steps] == ["CU-8", "CU-4"]


def test_an_unknown_offer_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"Did you mean SLOW\?"):
        compare(facts_on("2030-01-10"), ["SLOWS"])


def test_the_picture_tells_states_by_shape_and_label_and_says_itself_in_words() -> None:
    drawn = picture(facts_on("2030-01-10"), title="Guns & roses")
    root = ElementTree.fromstring(drawn)
    names = {"s": "http://www.w3.org/2000/svg"}
    assert root.find("s:title", names).text == "Guns & roses on 10 January 2030"  # type: ignore[union-attr]
    described = root.find("s:desc", names).text or ""  # type: ignore[union-attr]
    assert "LIFT, Bland: lift & leave <now>: pending; waits for GUNS." in described
    boxes = root.findall("s:g", names)
    assert len(boxes) == 3
    labels = ["".join(box.itertext()) for box in boxes]
    assert "◐ in force, due 1 March 2030" in labels[0]
    assert "○ pending" in labels[1]
    assert len(root.findall("s:path", names)) == 2


def test_the_deadlines_still_to_come_are_those_of_the_day() -> None:
    found = [(d.undertaking, d.kind, str(d.by), d.sure) for d in deadlines(facts_on("2030-01-10"))]
    assert found == [
        ("HASTE", "deadline", "2030-02-01", True),
        ("GUNS", "deadline", "2030-03-01", True),
        ("GUNS", "evidence", "2030-03-06", True),
    ]
