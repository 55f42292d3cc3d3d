"""A thing to be done once: what fulfils it, what breaks it, and what nobody can know."""

from collections.abc import Callable, Mapping
from textwrap import dedent

import pytest

from excomm.terms import Status

Judge = Callable[[str, str], Mapping[str, Status]]


def count(name: str, date: str, how: str, held: str = "established") -> str:
    return (
        f"  - {{id: {name}, date: {date}, kind: count, about: [U], assurance: {held}, "
        f"value: {{item: missile, {how}}}}}\n"
    )


def told(text: str, *events: str) -> str:
    """An agreement with more events at its end."""
    return dedent(text).rstrip() + "\n" + "".join(events)


def event(name: str, date: str, kind: str, held: str = "established", more: str = "") -> str:
    return (
        f"  - {{id: {name}, date: {date}, kind: {kind}, party: A, about: [U], "
        f"assurance: {held}{more}}}\n"
    )


def test_in_force_until_seven_days_before_the_deadline_then_due(removal: Judge) -> None:
    assert removal("", "2030-02-21")["U"].state == "in_force"
    due = removal("", "2030-02-22")["U"]
    assert due.state == "due"
    assert due.missing == ("42 missiles, by 1 March",)


def test_performance_in_time_fulfils_and_is_final(removal: Judge) -> None:
    done = event("E1", "2030-03-01", "done")
    later = done + event("E2", "2030-04-01", "violation")
    for text in (done, later):
        found = removal(text, "2030-05-01")["U"]
        assert (found.state, found.late, found.days_late) == ("fulfilled", False, None)
        assert found.decides == ("E1",)


def test_performance_after_the_deadline_is_late_by_calendar_days(removal: Judge) -> None:
    found = removal(event("E1", "2030-03-11", "done"), "2030-03-11")["U"]
    assert (found.state, found.late, found.days_late) == ("fulfilled", True, 10)
    assert found.reason == "Done on 11 March, ten days late."


@pytest.mark.parametrize("held", ["claimed", "disputed"])
def test_a_claim_never_fulfils_and_never_breaks(removal: Judge, held: str) -> None:
    claims = event("E1", "2030-02-01", "done", held)
    assert removal(claims, "2030-02-10")["U"].state == "in_force"
    assert removal(claims, "2030-03-01")["U"].state == "due"
    found = removal(claims, "2030-03-02")["U"]
    assert found.state == "unverifiable"
    assert found.why == ("E1",)
    assert found.disputed == (held == "disputed")
    accused = event("E1", "2030-03-05", "not_done", held)
    assert removal(accused, "2030-03-06")["U"].state == "unverifiable"


def test_silence_means_what_the_undertaking_says(status: Judge, removal: Judge) -> None:
    found = removal("", "2030-03-02")["U"]
    assert (found.state, found.decides) == ("unverifiable", ())
    assert found.reason == "Deadline over on 1 March, and no entry speaks of it."
    text = """
    parties: {A: Aland}
    undertakings:
      - {id: U, by: A, modality: must, kind: achieve, what: report, starts: 2030-01-01,
         due: 2030-03-01, silence: breached, evidence_by: P10D}
      - {id: R, by: A, modality: may, kind: achieve, what: fly, starts: 2030-01-01,
         due: 2030-03-01, silence: breached}
      - {id: W, by: A, modality: must, kind: achieve, what: leave, condition: {fulfilled: U},
         due: 2030-03-01, silence: breached}
    events:
    """
    assert status(text, "2030-03-11")["U"].state == "due"
    assert status(text, "2030-03-12")["U"].state == "breached"
    assert status(text, "2030-03-12")["R"].state == "lapsed"
    assert status(text, "2030-03-12")["W"].state == "pending"
    claimed = told(text, event("E1", "2030-02-01", "done", "claimed"))
    assert status(claimed, "2030-03-12")["U"].state == "unverifiable"


def test_a_count_is_a_lower_bound_so_the_rest_cannot_be_known(removal: Judge) -> None:
    counted = count("E1", "2030-02-20", "total: 38")
    before = removal(counted, "2030-02-21")["U"]
    assert before.state == "in_force"
    assert before.reason == "38 of 42 missiles counted; four more by 1 March."
    assert before.missing == ("four more, by 1 March",)
    after = removal(counted, "2030-03-02")["U"]
    assert after.state == "unverifiable"
    assert after.reason == "38 of 42 missiles counted by the deadline, 1 March; the rest is open."


def test_exactly_speaks_of_the_rest_and_breaks(removal: Judge) -> None:
    counted = count("E1", "2030-02-20", "exactly: 38")
    assert removal(counted, "2030-03-01")["U"].state == "due"
    found = removal(counted, "2030-03-02")["U"]
    assert (found.state, found.decides) == ("breached", ("E1",))
    late = counted + count("E2", "2030-03-05", "adds: 4")
    found = removal(late, "2030-03-06")["U"]
    assert (found.state, found.days_late, found.decides) == ("fulfilled", 4, ("E1", "E2"))


def test_established_counts_add_up_and_claimed_ones_do_not(removal: Judge) -> None:
    counts = count("E1", "2030-02-01", "adds: 20") + count(
        "E2", "2030-02-10", "adds: 22", "claimed"
    )
    assert removal(counts, "2030-02-20")["U"].missing == ("22 more, by 1 March",)
    both = counts + count("E3", "2030-02-12", "adds: 22")
    found = removal(both, "2030-02-20")["U"]
    assert (found.state, found.decides) == ("fulfilled", ("E1", "E3"))
    assert found.reason == "42 of 42 missiles counted by 12 February, 17 days early."


def test_an_amount_of_another_item_shows_nothing(status: Judge) -> None:
    text = """
    parties: {A: Aland}
    items: {missile: {unit: missiles}, bomber: {unit: aircraft}}
    undertakings:
      - {id: U, by: A, modality: must, kind: achieve, what: remove, starts: 2030-01-01,
         due: 2030-03-01, quantity: {item: missile, number: 42, unit: missiles}}
    events:
      - {id: E1, date: 2030-02-01, kind: count, about: [U], assurance: established,
         value: {item: bomber, exactly: 42}}
    """
    assert status(text, "2030-03-02")["U"].state == "unverifiable"
    assert status(text.replace("{item: bomber,", "{item: missile,"), "2030-03-02")["U"].state == (
        "fulfilled"
    )


def test_part_at_the_deadline_counts_as_not_performed(status: Judge) -> None:
    text = """
    parties: {A: Aland}
    undertakings:
      - {id: U, by: A, modality: must, kind: achieve, what: move it, starts: 2030-01-01,
         due: 2030-03-01, evidence_by: P14D}
    events:
      - {id: E1, date: 2030-02-26, kind: progress, party: A, about: [U], assurance: established}
    """
    assert status(text, "2030-03-10")["U"].state == "due"
    assert status(text, "2030-03-16")["U"].state == "breached"
    unsure = event("E2", "2030-02-28", "cannot_confirm")
    assert status(told(text, unsure), "2030-03-16")["U"].state == "unverifiable"


def test_non_performance_found_at_the_deadline_breaks_within_the_window_too(
    status: Judge,
) -> None:
    text = """
    parties: {A: Aland}
    undertakings:
      - {id: U, by: A, modality: must, kind: achieve, what: move it, starts: 2030-01-01,
         due: 2030-03-01, evidence_by: P14D}
    events:
      - {id: E1, date: 2030-03-01, kind: not_done, party: A, about: [U], assurance: established}
    """
    assert status(text, "2030-03-01")["U"].state == "due"
    assert status(text, "2030-03-02")["U"].state == "breached"


def test_evidence_is_used_once_it_is_known_and_counts_for_when_it_was_so(
    removal: Judge,
) -> None:
    done = event("E1", "2030-02-28", "done", more=", known: 2030-03-20")
    assert removal(done, "2030-03-19")["U"].state == "unverifiable"
    found = removal(done, "2030-03-20")["U"]
    assert (found.state, found.late) == ("fulfilled", False)


def test_without_a_deadline_only_refusal_or_not_done_when_asked_breaks(status: Judge) -> None:
    text = """
    parties: {A: Aland, B: Bland}
    undertakings:
      - {id: U, by: A, to: [B], modality: must, kind: achieve, what: hand over, starts: 2030-01-01}
    events:
    """
    not_done = event("E2", "2030-02-02", "not_done")
    assert status(told(text, not_done), "2031-01-01")["U"].state == "in_force"
    violated = event("E2", "2030-02-02", "violation")
    assert status(told(text, violated), "2031-01-01")["U"].state == "in_force"
    asked = "  - {id: E1, date: 2030-02-01, kind: request, party: B, about: [U]}\n"
    found = status(told(text, asked, not_done), "2031-01-01")["U"]
    assert (found.state, found.decides) == ("breached", ("E1", "E2"))
    refused = event("E3", "2030-02-02", "refusal")
    assert status(told(text, refused), "2031-01-01")["U"].state == "breached"
    done = event("E4", "2031-02-02", "done")
    found = status(told(text, refused, done), "2031-03-01")["U"]
    assert (found.state, found.late) == ("fulfilled", False)


def test_a_refusal_before_the_deadline_breaks_only_after_it(removal: Judge) -> None:
    refused = event("E1", "2030-02-01", "refusal")
    assert removal(refused, "2030-02-10")["U"].state == "in_force"
    found = removal(refused, "2030-03-02")["U"]
    assert found.state == "breached"
    assert found.reason == "Refused by Aland on 1 February."
    again = refused + event("E2", "2030-02-05", "accepted")
    assert removal(again, "2030-03-02")["U"].state == "unverifiable"


def test_an_established_violation_breaks_before_the_deadline(removal: Judge) -> None:
    assert removal(event("E1", "2030-02-01", "violation"), "2030-02-02")["U"].state == "breached"


def test_others_refusing_the_agreed_means_leaves_it_unverifiable(removal: Judge) -> None:
    refused = "  - {id: E1, date: 2030-02-01, kind: refusal, party: C, about: [U], "
    refused += "what: refuses every ship count, assurance: established}\n"
    found = removal(refused, "2030-02-02")["U"]
    assert (found.state, found.decides) == ("unverifiable", ("E1",))
    assert found.reason == (
        "Cannot be seen: the means were refused by C on 1 February: refuses every ship count."
    )
    undone = refused + event("E2", "2030-03-02", "not_done")
    assert removal(undone, "2030-03-03")["U"].state == "unverifiable"
    own = refused + event("E2", "2030-03-02", "refusal")
    assert removal(own, "2030-03-03")["U"].state == "breached"
    agreed = refused + (
        "  - {id: E3, date: 2030-02-05, kind: accepted, party: C, about: [U], "
        "assurance: established}\n"
    )
    assert removal(agreed, "2030-02-06")["U"].state == "in_force"
    claimed = refused.replace("established", "claimed")
    assert removal(claimed, "2030-02-06")["U"].state == "in_force"


def test_a_refusal_of_one_means_leaves_the_others(status: Judge) -> None:
    text = """
    parties: {A: Aland, C: Cland}
    undertakings:
      - {id: U, by: A, modality: must, kind: achieve, what: leave, starts: 2030-01-01,
         verification: [on-site inspection, ship count]}
    events:
      - {id: E1, date: 2030-02-01, kind: refusal, party: C, about: [U],
         what: no on-site inspection here, assurance: established}
    """
    assert status(text, "2030-02-02")["U"].state == "in_force"
    second = (
        "  - {id: E2, date: 2030-02-03, kind: refusal, party: C, about: [U], "
        "what: no ship count either, assurance: established}\n"
    )
    assert status(told(text, second), "2030-02-04")["U"].state == "unverifiable"


def test_a_right_not_used_lapses_and_never_breaks(status: Judge) -> None:
    text = """
    parties: {A: Aland}
    undertakings:
      - {id: U, by: A, modality: may, kind: achieve, what: launch them, starts: 2030-01-01,
         due: 2030-03-01}
    events:
    """
    assert status(text, "2030-02-01")["U"].reason == "A right that may be used until 1 March."
    found = status(told(text, event("E1", "2030-03-02", "not_done")), "2030-03-03")["U"]
    assert (found.state, found.reason) == ("lapsed", "The right was not used by 1 March.")
    assert (
        status(told(text, event("E1", "2030-02-02", "done")), "2030-03-03")["U"].state
        == "fulfilled"
    )
    claimed = event("E1", "2030-02-02", "done", "claimed")
    assert status(told(text, claimed), "2030-03-03")["U"].state == "unverifiable"


def test_the_end_of_the_treaty_keeps_what_was_final_and_lapses_the_rest(removal: Judge) -> None:
    over = event("E9", "2030-06-01", "terminated")
    assert removal(event("E1", "2030-02-01", "done") + over, "2030-07-01")["U"].state == "fulfilled"
    broken = event("E1", "2030-03-02", "not_done")
    assert removal(broken + over, "2030-07-01")["U"].state == "breached"
    found = removal(over, "2030-07-01")["U"]
    assert (found.state, found.decides) == ("lapsed", ("E9",))
    early = event("E9", "2030-02-01", "terminated")
    assert removal(broken + early, "2030-07-01")["U"].state == "lapsed"
    known_later = event("E1", "2030-07-02", "not_done") + over
    assert removal(known_later, "2030-08-01")["U"].state == "breached"
    one_sided = event("E9", "2030-02-01", "terminated", "disputed")
    found = removal(one_sided, "2030-02-10")["U"]
    assert (found.state, found.disputed) == ("in_force", True)


def test_an_extension_moves_the_deadline_and_heals_what_was_overdue(removal: Judge) -> None:
    broken = event("E1", "2030-03-02", "not_done")
    longer = event("E2", "2030-03-05", "extended", more=", due: 2030-04-01")
    assert removal(broken, "2030-03-10")["U"].state == "breached"
    found = removal(broken + longer, "2030-03-10")["U"]
    assert (found.state, found.missing) == ("in_force", ("42 missiles, by 1 April",))
    one_sided = longer.replace("established", "claimed")
    assert removal(broken + one_sided, "2030-03-10")["U"].state == "breached"
    late = event("E3", "2030-04-03", "done")
    assert removal(broken + longer + late, "2030-04-04")["U"].days_late == 2
