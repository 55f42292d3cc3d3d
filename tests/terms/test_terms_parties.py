"""Several obligors, and readings of one text that differ."""

from collections.abc import Callable, Mapping
from pathlib import Path

from excomm.case import Case
from excomm.cli_shared import case_or_agreement
from excomm.terms import Status

Judge = Callable[[str, str], Mapping[str, Status]]

SHARED = """
parties: {A: Aland, B: Bland, M: Monitors}
undertakings:
  - {id: FIRE, by: [A, B], to: [A, B], modality: must_not, kind: maintain, what: fire,
     starts: 2030-01-01}
  - {id: LISTS, by: [A, B], to: [M], modality: must, kind: achieve, what: hand in lists,
     starts: 2030-01-01, due: 2030-02-01}
events:
"""


def event(name: str, date: str, kind: str, party: str, about: str, more: str = "") -> str:
    held = "" if "assurance" in more else ", assurance: established"
    return (
        f"  - {{id: {name}, date: {date}, kind: {kind}, party: {party}, "
        f"about: [{about}]{held}{more}}}\n"
    )


def test_each_of_several_obligors_has_his_own_state(status: Judge) -> None:
    one = SHARED + event("E1", "2030-01-20", "done", "A", "LISTS")
    found = status(one, "2030-02-02")["LISTS"]
    assert (found.state, found.by_party) == (
        "unverifiable",
        {"A": "fulfilled", "B": "unverifiable"},
    )
    both = one + event("E2", "2030-02-04", "done", "B", "LISTS")
    found = status(both, "2030-02-05")["LISTS"]
    assert found.by_party == {"A": "fulfilled", "B": "fulfilled"}
    assert (found.state, found.days_late, found.decides) == ("fulfilled", 3, ("E1", "E2"))


def test_a_violation_is_its_authors_alone(status: Judge) -> None:
    found = status(SHARED + event("E1", "2030-01-20", "violation", "A", "FIRE"), "2030-02-01")
    assert found["FIRE"].state == "breached"
    assert found["FIRE"].by_party == {"A": "breached", "B": "in_force"}


def test_a_violation_by_nobody_known_breaks_and_can_be_laid_to_neither(status: Judge) -> None:
    found = status(SHARED + event("E1", "2030-01-20", "violation", "unknown", "FIRE"), "2030-02-01")
    assert found["FIRE"].state == "breached"
    assert found["FIRE"].by_party == {"A": "unverifiable", "B": "unverifiable"}
    assert found["FIRE"].reason == "Broken on 20 January; by whom is not known."
    claimed = event("E1", "2030-01-20", "violation", "unknown", "FIRE", ", assurance: claimed")
    assert status(SHARED + claimed, "2030-02-01")["FIRE"].state == "unverifiable"


def test_a_sum_shared_by_several_is_counted_once_for_all(status: Judge) -> None:
    text = """
parties: {A: Aland, B: Bland}
items: {gun: {unit: guns}}
undertakings:
  - {id: U, by: [A, B], modality: must, kind: achieve, what: destroy guns, starts: 2030-01-01,
     due: 2030-06-01, quantity: {item: gun, number: 10, unit: guns}}
events:
"""
    for party, name in (("A", "E1"), ("B", "E2")):
        value = ", value: {item: gun, adds: 5}"
        text += event(name, "2030-02-01", "count", party, "U", value)
    assert status(text, "2030-02-02")["U"].state == "fulfilled"


BOMBERS = """
id: exchange
parties: {USA: United States, USSR: Soviet Union}
calendar: {zone: "-05:00"}
undertakings:
  - {id: CU-4, by: USSR, to: [USA], modality: must, kind: achieve, what: remove the bombers,
     readings: {USA: {starts: 1962-10-28}, USSR: {condition: {accepted_by: USSR}}}}
events:
  - {id: E1, date: 1962-11-06, kind: declaration, party: USA, about: [CU-4], assurance: claimed}
  - {id: E2, date: "1962-11-20T18:00-05:00", kind: accepted, party: USSR, about: [CU-4],
     due: 1962-12-20, assurance: established}
"""


def test_both_readings_are_shown_and_the_obligors_is_the_state(status: Judge) -> None:
    found = status(BOMBERS, "1962-11-12")["CU-4"]
    assert found.state == "pending"
    assert found.disputed
    assert found.readings == {"USA": "in_force", "USSR": "pending"}
    assert found.reason == (
        "Waits for acceptance by the Soviet Union; in force as the United States reads it, "
        "pending as the Soviet Union reads it."
    )
    assert found.why == ("E1",)


def test_once_accepted_the_readings_agree_and_the_deadline_binds(status: Judge) -> None:
    noon = status(BOMBERS, "1962-11-20T12:00-05:00")["CU-4"]
    assert noon.state == "pending"
    found = status(BOMBERS, "1962-11-20")["CU-4"]
    assert (found.state, found.readings, found.disputed) == ("in_force", {}, False)
    assert found.reason == "Binding, to be done by 20 December."
    assert status(BOMBERS, "1962-12-13")["CU-4"].state == "due"


def test_a_reading_of_the_other_side_alone_is_set_against_the_text(status: Judge) -> None:
    text = BOMBERS.replace(", USSR: {condition: {accepted_by: USSR}}", "").replace(
        "what: remove the bombers,", "what: remove the bombers, condition: {accepted_by: USSR},"
    )
    found = status(text.replace("{starts: 1962-10-28}", "{condition: {event: E1}}"), "1962-11-12")
    assert found["CU-4"].state == "pending"


BOTH = """
parties: {A: Aland, B: Bland}
undertakings:
  - {id: FIRE, by: [A, B], to: [A, B], modality: must_not, kind: maintain, what: fire across,
     starts: 2030-01-01, readings: {B: {starts: 2030-03-01, what: "fire at all, others included"}}}
events:
"""


def test_of_several_obligors_each_is_held_to_his_own_reading_and_the_rest_to_the_text(
    status: Judge,
) -> None:
    found = status(BOTH, "2030-02-01")["FIRE"]
    assert found.by_party == {"A": "in_force", "B": "pending"}
    assert (found.readings, found.disputed) == ({"A": "in_force", "B": "pending"}, True)
    agreed = status(BOTH, "2030-03-02")["FIRE"]
    assert (agreed.state, agreed.readings, agreed.disputed) == ("in_force", {}, False)


def test_an_explanation_gives_the_text_and_whose_reading_of_it_is_another(
    tmp_path: Path,
) -> None:
    (tmp_path / "fire.yaml").write_text(BOTH.rstrip().removesuffix("events:"))
    view = case_or_agreement(str(tmp_path / "fire.yaml")).on("2030-03-02")
    assert view.explain("FIRE").words.splitlines()[:2] == [
        "FIRE: Aland and Bland must not fire across.",
        "Bland reads it: fire at all, others included.",
    ]


def test_refused_by_a_third_who_never_agreed_it_cannot_be_verified(status: Judge) -> None:
    text = """
parties: {USA: United States, USSR: Soviet Union}
not_party: {CUBA: Cuba}
undertakings:
  - {id: CU-3, by: USSR, to: [USA], modality: must, kind: achieve, starts: 1962-10-28,
     what: let the UN observe the removal, verification: [UN observation on the ground],
     needs_consent_of: [CUBA]}
events:
  - {id: E1, date: 1962-10-31, kind: refusal, party: CUBA, about: [CU-3], assurance: established,
     what: no inspection on Cuban soil}
"""
    assert status(text, "1962-10-30")["CU-3"].state == "in_force"
    found = status(text, "1962-11-12")["CU-3"]
    assert (found.state, found.decides) == ("unverifiable", ("E1",))
    assert found.missing == ("the consent of Cuba to the agreed means",)
    assert found.reason == (
        "Cannot be seen: the means were refused by Cuba on 31 October: no inspection on Cuban soil."
    )


def test_who_obstructs_from_outside_is_named_beside_the_state_until_he_agrees() -> None:
    case = Case.open("cuba-1962")
    found = case.on("1962-11-12").standing()
    assert found["CU-3"].obstructed_by == ("Cuba",)
    assert found["CU-3"].headline == "cannot be known, obstructed by Cuba"
    assert found["CU-2"].obstructed_by == ()
    agrees = [{"kind": "accepted", "party": "CUBA", "about": ["CU-3"]}]
    assert case.on("1962-11-12").what_if(agrees).standing()["CU-3"].obstructed_by == ()
