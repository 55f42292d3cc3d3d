"""Suspension by agreement, in answer to a breach, and only claimed."""

from collections.abc import Callable, Mapping

from excomm.terms import Status

Judge = Callable[[str, str], Mapping[str, Status]]

TREATY = """
parties: {A: Aland, B: Bland}
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: recur, what: give data, starts: 2030-01-01}
  - {id: V, by: B, to: [A], modality: must, kind: recur, what: give data, starts: 2030-01-01}
  - {id: W, by: B, to: [A], modality: must, kind: achieve, what: leave, starts: 2030-01-01,
     due: 2030-06-01}
events:
"""


def event(name: str, date: str, kind: str, party: str, about: str, more: str = "") -> str:
    held = "" if "assurance" in more else ", assurance: established"
    return (
        f"  - {{id: {name}, date: {date}, kind: {kind}, party: {party}, "
        f"about: {about}{held}{more}}}\n"
    )


MISSED = event("E1", "2030-02-01", "not_done", "A", "[U]")
ANSWER = event("E2", "2030-02-10", "countermeasure", "B", "[V, W]", ", in_answer_to: [E1]")


def test_by_agreement_it_stands_still_until_it_is_resumed(status: Judge) -> None:
    text = TREATY + event("E1", "2030-02-01", "suspended_by_agreement", "[A, B]", "[U, W]")
    found = status(text, "2030-07-01")
    assert (found["U"].state, found["W"].state) == ("suspended", "suspended")
    assert found["U"].reason == "Suspended by agreement since 1 February."
    text += event("E2", "2030-03-01", "resumed", "[A, B]", "[U, W]")
    found = status(text, "2030-07-01")
    assert (found["U"].state, found["W"].state) == ("in_force", "unverifiable")


def test_what_is_left_undone_while_it_lawfully_stands_still_is_no_breach(status: Judge) -> None:
    text = TREATY + event("E1", "2030-02-01", "suspended_by_agreement", "[A, B]", "[U]")
    text += event("E2", "2030-03-01", "not_done", "A", "[U]")
    text += event("E3", "2030-04-01", "resumed", "[A, B]", "[U]")
    assert status(text, "2030-03-02")["U"].state == "suspended"
    assert status(text, "2030-04-02")["U"].state == "in_force"


def test_a_refusal_to_go_on_breaks_a_suspension_by_agreement(status: Judge) -> None:
    text = TREATY + event("E1", "2030-02-01", "suspended_by_agreement", "[A, B]", "[U]")
    text += event("E2", "2030-03-01", "refusal", "A", "[U]")
    found = status(text, "2030-03-02")["U"]
    assert (found.state, found.decides) == ("breached", ("E2",))


def test_an_answer_to_an_established_breach_suspends(status: Judge) -> None:
    found = status(TREATY + MISSED + ANSWER, "2030-07-01")
    assert (found["U"].state, found["V"].state, found["W"].state) == (
        "breached",
        "suspended",
        "suspended",
    )
    assert found["V"].decides == ("E1", "E2")
    assert not found["V"].disputed
    assert found["V"].reason == "Suspended since 10 February in answer to the breach of U."


def test_an_answer_to_nothing_established_is_contested_and_conduct_decides(
    status: Judge,
) -> None:
    claimed = MISSED.replace("established", "claimed")
    found = status(TREATY + claimed + ANSWER, "2030-03-01")
    assert (found["V"].state, found["V"].disputed) == ("in_force", True)
    own_breach = TREATY + event("E1", "2030-02-01", "not_done", "B", "[V]") + ANSWER
    assert status(own_breach, "2030-03-01")["W"].state == "in_force"


def test_a_contested_suspension_does_not_stop_a_breach(status: Judge) -> None:
    claim = event("E3", "2030-02-01", "suspension_claimed", "A", "[U]", ", assurance: disputed")
    found = status(TREATY + claim, "2030-03-01")["U"]
    assert (found.state, found.disputed) == ("in_force", True)
    assert "claims a suspension, which nobody has agreed to" in found.reason
    missed = event("E4", "2030-03-30", "not_done", "A", "[U]")
    found = status(TREATY + claim + missed, "2030-04-01")["U"]
    assert (found.state, found.disputed) == ("breached", True)
    agreed = event("E5", "2030-02-05", "accepted", "B", "[U]", ", in_answer_to: [E3]")
    found = status(TREATY + claim + agreed + missed, "2030-04-01")["U"]
    assert (found.state, found.disputed) == ("suspended", False)


def test_an_established_breach_comes_before_a_suspension(status: Judge) -> None:
    text = TREATY + MISSED + event("E3", "2030-03-01", "suspended_by_agreement", "[A, B]", "[U]")
    assert status(text, "2030-03-02")["U"].state == "breached"


def test_a_correction_undoes_a_breach_but_not_what_was_lawfully_done_in_answer(
    status: Judge,
) -> None:
    text = TREATY + MISSED + ANSWER
    text += (
        "  - {id: E3, date: 2030-03-01, kind: retraction, corrects: E1, assurance: established}\n"
    )
    assert status(text, "2030-02-28")["U"].state == "breached"
    found = status(text, "2030-03-02")
    assert (found["U"].state, found["V"].state) == ("in_force", "suspended")
    assert "E3" not in found["U"].why
    too_late = text.replace("date: 2030-02-10", "date: 2030-03-05")
    assert status(too_late, "2030-03-06")["V"].state == "in_force"
