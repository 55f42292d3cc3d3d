"""What if: nothing is stored, what moves is seen, and the least that would do is found."""

import re
from typing import Any

import pytest

from excomm.case import Case
from excomm.entries import end_of, parse_when, parse_zone
from excomm.errors import InputError
from excomm.fold import Facts, fold
from excomm.folder import read_agreement
from excomm.terms import explain, least, standing, what_if

TEXT = """
parties: {A: Aland, B: Bland}
items: {gun: {unit: guns}}
undertakings:
  - {id: GUNS, by: A, to: [B], modality: must, kind: achieve, what: give up guns,
     starts: 2030-01-01, due: 2030-03-01, quantity: {item: gun, number: 10, unit: guns}}
  - {id: LIFT, by: B, to: [A], modality: must, kind: achieve, what: lift the blockade,
     condition: {any: [{fulfilled: GUNS}, {all: [{accepted_by: A}, {requested_by: A}]}]},
     due: {P5D after: condition}}
  - {id: SIGN, by: B, to: [A], modality: must, kind: achieve, what: sign,
     condition: {all: [{fulfilled: LIFT}, {counted: GUNS, at_least: 4}, {event: vote}]}}
events:
  - {id: E1, date: 2030-01-05, kind: count, party: B, about: [GUNS], assurance: established,
     value: {item: gun, total: 6}}
"""


def facts_on(day: str) -> Facts:
    entries = read_agreement(TEXT)
    zone = parse_zone("UTC")
    return fold(lambda: entries, on=end_of(parse_when(day), zone), zone=zone)


def states(*events: dict[str, Any], on: str = "2030-01-10") -> dict[str, str]:
    return {name: status.state for name, status in what_if(facts_on(on), events).items()}


def test_supposed_events_move_what_waits_for_them_and_nothing_is_stored() -> None:
    facts = facts_on("2030-01-10")
    found = what_if(facts, [{"kind": "done", "party": "A", "about": ["GUNS"]}])
    assert {name: status.state for name, status in found.items()} == {
        "GUNS": "fulfilled",
        "LIFT": "due",
        "SIGN": "pending",
    }
    assert found["LIFT"].decides == ("supposed-1",)
    assert standing(facts)["LIFT"].state == "pending"


def test_a_supposition_without_assurance_is_established_and_a_claim_stays_a_claim() -> None:
    done = {"kind": "done", "party": "A", "about": ["GUNS"]}
    assert states({**done, "assurance": "claimed"})["GUNS"] == "in_force"
    assert states(done)["GUNS"] == "fulfilled"


def test_a_chain_of_suppositions_is_followed_to_its_end() -> None:
    assert states(
        {"kind": "count", "about": ["GUNS"], "value": {"item": "gun", "adds": 4}},
        {"kind": "done", "party": "B", "about": ["LIFT"]},
        {"id": "vote", "kind": "incident"},
    ) == {"GUNS": "fulfilled", "LIFT": "fulfilled", "SIGN": "in_force"}


def test_one_dated_later_moves_the_question_to_its_date() -> None:
    late = {"kind": "not_done", "party": "A", "about": ["GUNS"], "date": "2030-03-02"}
    assert states(late)["GUNS"] == "breached"
    assert states({**late, "date": "2030-01-09"})["GUNS"] == "in_force"


def test_a_supposed_retraction_brings_back_what_a_case_had_corrected() -> None:
    case = Case.open("cuba-1962")
    taken_back = [{"kind": "retraction", "corrects": "castro-refusal", "about": ["CU-3"]}]
    assert what_if(case, taken_back, "1962-11-12")["CU-3"].state == "in_force"
    assert case.on("1962-11-12").standing()["CU-3"].state == "unverifiable"


def test_a_view_supposes_as_the_day_does_and_keeps_its_assurance_figures() -> None:
    case = Case.open("cuba-1962")
    view = case.on("1962-12-31")
    storm = [{"kind": "incident", "what": "a storm"}]
    assert view.figures()
    assert view.what_if(storm).standing() == view.standing()
    taken_back = [{"kind": "retraction", "corrects": "castro-refusal", "about": ["CU-3"]}]
    found = case.on("1962-11-12").what_if(taken_back).standing()
    assert found["CU-3"].state == "in_force"
    late = [{"kind": "incident", "what": "a storm", "date": "1962-11-25"}]
    then = case.on("1962-11-12").what_if(late)
    assert then.standing() == case.on("1962-11-25").standing()
    known = case.on("1962-11-12", known_by="1962-11-12T12:00-05:00").what_if(late)
    assert known.facts.get("kennedy-announcement") is None and known.on == then.on


def test_terms_are_changed_by_a_supposed_amendment() -> None:
    more = {"kind": "extended", "about": ["GUNS"], "set": {"due": "2030-06-01"}}
    found = what_if(facts_on("2030-02-27"), [more])
    assert (found["GUNS"].state, str(found["GUNS"].due)[:10]) == ("in_force", "2030-06-01")
    free = {"kind": "amended", "about": ["LIFT"], "set": {"condition": "none"}}
    accepted = {"kind": "accepted", "party": "B", "about": ["LIFT"]}
    assert states(free, accepted)["LIFT"] == "in_force"


@pytest.mark.parametrize(
    ("events", "message"),
    [
        ([{"kind": "acepted"}], r"events\[0\]\.kind: found acepted, expected one of .*"),
        ([{"kind": "done", "about": ["GUN"]}], r"events\[0\]\.about: found GUN, .*mean GUNS\?"),
        (
            [{"kind": "done"}, {"kind": "done", "date": "2030-02-30"}],
            r"events\[1\]\.date: found 2030-02-30, expected a day that exists.*",
        ),
        ([7], r"events\[0\]: found 7, expected an event: .*"),
        (
            [{"id": "E", "kind": "done"}, {"id": "E", "kind": "done"}],
            r"events\[1\]\.id: found E, expected an id of its own.*",
        ),
        ([{"kind": "done", "abuot": ["GUNS"]}], r"events\[0\]\.abuot: .*Did you mean about\?"),
    ],
)
def test_a_supposition_that_is_none_is_said_by_place(events: list[Any], message: str) -> None:
    with pytest.raises(InputError) as refused:
        what_if(facts_on("2030-01-10"), events)
    assert re.fullmatch(message, str(refused.value))


# -- the least -------------------------------------------------------------------------------------


def test_the_least_that_would_make_it_due_is_one_event_where_one_does() -> None:
    found = least(facts_on("2030-01-10"), "LIFT")
    assert found.reached
    assert [event["kind"] for event in found.events] == ["done"]
    assert found.words == "LIFT would be due if A were seen to have performed GUNS."


def test_the_least_is_by_itself_enough_and_less_is_not() -> None:
    facts = facts_on("2030-01-10")
    found = least(facts, "SIGN")
    assert {event["kind"] for event in found.events} == {"done", "incident"}
    assert what_if(facts, found.events)["SIGN"].state == "in_force"
    for left_out in range(len(found.events)):
        rest = [event for place, event in enumerate(found.events) if place != left_out]
        assert what_if(facts, rest)["SIGN"].state == "pending"


def test_what_nothing_brings_about_is_said_so() -> None:
    ring = """
parties: {A: Aland}
undertakings:
  - {id: R, by: A, modality: may, kind: achieve, what: go, starts: 2030-01-01}
events: []
"""
    entries = read_agreement(ring)
    zone = parse_zone("UTC")
    facts = fold(lambda: entries, on=end_of(parse_when("2030-02-01"), zone), zone=zone)
    found = least(facts, "R", "breached")
    assert (found.reached, found.events) == (False, ())
    assert least(facts, "R", "in_force").words == "R stands so already."


def test_the_assurances_of_cuba_need_three_things() -> None:
    found = least(Case.open("cuba-1962").on("1962-11-12").facts, "CU-9")
    assert sorted(event["about"][0] for event in found.events) == ["CU-2", "CU-4", "CU-6"]


# -- the explanation -------------------------------------------------------------------------------


def test_an_explanation_says_what_decides_and_why_the_rest_does_not() -> None:
    facts = Case.open("cuba-1962").on("1962-11-20").facts
    found = explain(facts, "CU-7")
    assert found.state == "fulfilled"
    assert found.decides == ("cargoes-all",)
    assert {weighed.entry: weighed.why_not for weighed in found.weighed} == {
        "asked-alongside": "is a request, and shows nothing of performance",
        "holds-protest": "is a declaration, and shows nothing of performance",
        "cargoes-verified": "is overtaken by cargoes-all, which counts more",
    }
    for said in ("CU-7: the Soviet Union must let US ships", "FRUS", "15 November 1962"):
        assert said in found.words


def test_an_unknown_undertaking_is_named_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"Did you mean LIFT\?"):
        explain(facts_on("2030-01-10"), "LIFTS")
