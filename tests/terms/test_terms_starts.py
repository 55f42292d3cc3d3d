"""When an undertaking begins: its start, its condition, acceptance; and rings, which never do."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.terms import Status
from excomm.terms.order import components

Judge = Callable[[str, str], Mapping[str, Status]]


def agreement(*undertakings: str, events: tuple[str, ...] = (), head: str = "") -> str:
    lines = [f"  - {{modality: must, kind: achieve, what: act, {one}}}" for one in undertakings]
    said = [f"  - {{assurance: established, {one}}}" for one in events]
    parties = "parties: {A: Aland, B: Bland, C: Cland}"
    return "\n".join([parties, head, "undertakings:", *lines, "events:", *said, ""])


DONE = "id: E1, date: 2030-02-01, kind: done, party: A, about: [U]"


def test_a_condition_sets_off_a_duty_when_the_other_is_fulfilled(status: Judge) -> None:
    text = agreement("id: U, by: A, starts: 2030-01-01", "id: V, by: B, condition: {fulfilled: U}")
    found = status(text, "2030-02-02")["V"]
    assert (found.state, found.path, found.missing) == ("pending", ("U",), ("U to be fulfilled",))
    assert found.reason == "Waits for U to be fulfilled."
    text = agreement(
        "id: U, by: A, starts: 2030-01-01",
        "id: V, by: B, condition: {fulfilled: U}, due: {P30D after: condition}",
        events=(DONE,),
    )
    found = status(text, "2030-02-02")["V"]
    assert (found.state, found.decides, found.path) == ("in_force", ("E1",), ())
    assert found.starts == datetime(2030, 2, 1, tzinfo=UTC)
    assert found.due == datetime(2030, 3, 3, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_duty_set_off_by_an_entry_recorded_late_runs_from_the_later_day(status: Judge) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-01-01",
        "id: V, by: B, condition: {fulfilled: U}, due: {P30D after: condition}",
        events=(DONE + ", known: 2030-02-20",),
    )
    assert status(text, "2030-02-19")["V"].state == "pending"
    found = status(text, "2030-02-21")["V"]
    assert found.starts == datetime(2030, 2, 20, tzinfo=UTC)
    assert found.due == datetime(2030, 3, 22, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_duty_set_off_by_a_breach_that_came_to_light_late_runs_from_the_later_day(
    status: Judge,
) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-01-01, due: 2030-01-31",
        "id: V, by: B, condition: {breached: U}, due: {P30D after: condition}",
        events=(DONE.replace("done", "not_done") + ", known: 2030-02-20",),
    )
    assert status(text, "2030-02-19")["U"].state == "unverifiable"
    found = status(text, "2030-02-21")
    assert found["U"].state == "breached"
    assert found["V"].due == datetime(2030, 3, 22, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_claimed_performance_does_not_set_off_what_waits_for_it(status: Judge) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-01-01, due: 2030-02-05",
        "id: V, by: B, condition: {fulfilled: U}",
        "id: W, by: B, condition: {not: {fulfilled: U}}",
    )
    claimed = text + "  - {" + DONE + ", assurance: claimed}\n"
    found = status(claimed, "2030-02-06")
    assert found["U"].state == "unverifiable"
    assert found["V"].state == found["W"].state == "pending"
    assert found["V"].reason == "Cannot be known to have begun: it waits for U to be fulfilled."


def test_three_valued_conditions_join_as_the_words_say(status: Judge) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-01-01",
        "id: X, by: A, starts: 2030-01-01",
        "id: BOTH, by: B, condition: {all: [{fulfilled: U}, {fulfilled: X}]}",
        "id: ONE, by: B, condition: {any: [{fulfilled: U}, {fulfilled: X}]}",
        "id: NONE, by: B, condition: {not: {breached: U}}",
        "id: RUNS, by: B, condition: {in_force: X}",
        events=(DONE,),
    )
    found = status(text, "2030-02-02")
    states = {name: found[name].state for name in ("BOTH", "ONE", "NONE", "RUNS")}
    assert states == {
        "BOTH": "pending",
        "ONE": "in_force",
        "NONE": "in_force",
        "RUNS": "in_force",
    }
    assert found["BOTH"].path == ("X",)
    assert found["BOTH"].missing == ("X to be fulfilled",)


def test_a_count_sets_off_at_its_number_and_a_claimed_count_cannot(status: Judge) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-01-01, quantity: {item: missile, number: 42}",
        "id: V, by: B, condition: {counted: U, at_least: 38}",
        "id: W, by: B, condition: {counted: U, at_least: 50}",
        head="items: {missile: {unit: missiles}}",
    )
    count = "  - {id: %s, date: %s, kind: count, about: [U], assurance: %s, value: {total: %s}}\n"
    few = text + count % ("E1", "2030-02-01", "established", 37)
    assert status(few, "2030-02-20")["V"].state == "pending"
    claimed = few + count % ("E2", "2030-02-02", "claimed", 42)
    assert status(claimed, "2030-02-20")["V"].state == "pending"
    enough = few + count % ("E2", "2030-02-02", "established", 38)
    found = status(enough, "2030-02-20")
    assert (found["V"].state, found["V"].decides) == ("in_force", ("E2",))
    assert found["W"].state == "pending"
    assert found["W"].missing == ("50 counted under U",)


def test_a_claimed_event_is_unknown_and_an_act_of_speech_has_happened(status: Judge) -> None:
    text = agreement("id: V, by: B, condition: {event: E1}", "id: W, by: B, starts: {after: E2}")
    seen = "  - {id: E1, date: 2030-02-01, kind: incident, party: A, assurance: claimed}\n"
    assert status(text + seen, "2030-02-02")["V"].state == "pending"
    asked = seen.replace("incident", "request")
    assert status(text + asked, "2030-02-02")["V"].state == "in_force"
    assert status(text, "2030-02-02")["W"].state == "pending"
    assert status(text + seen.replace("E1", "E2"), "2030-02-02")["W"].state == "in_force"


def test_acceptance_starts_what_has_no_start_and_sets_its_deadline(status: Judge) -> None:
    text = agreement("id: U, by: A")
    found = status(text, "2030-01-02")["U"]
    assert (found.state, found.missing) == ("pending", ("acceptance by Aland",))
    accepted = (
        "  - {id: E1, date: 2030-01-20, kind: accepted, party: A, about: [U], due: 2030-02-20}\n"
    )
    found = status(text + accepted, "2030-01-20")["U"]
    assert (found.state, found.decides) == ("in_force", ("E1",))
    assert found.due == datetime(2030, 2, 20, 23, 59, 59, 999999, tzinfo=UTC)
    by_another = accepted.replace("party: A", "party: B")
    assert status(text + by_another, "2030-01-20")["U"].state == "pending"
    denied = accepted.replace("due:", "assurance: disputed, due:")
    assert status(text + denied, "2030-01-20")["U"].state == "pending"


def test_acceptance_never_starts_what_has_its_own_start_to_come(status: Judge) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-06-01",
        "id: V, by: A, condition: {fulfilled: U}",
        "id: W, by: A, condition: {accepted_by: A}",
        events=("id: E1, date: 2030-01-20, kind: accepted, party: A, about: [U, V, W]",),
    )
    found = status(text, "2030-01-21")
    assert [found[name].state for name in "UVW"] == ["pending", "pending", "in_force"]


def test_who_accepts_with_a_deadline_of_his_own_waits_no_longer_for_the_condition(
    status: Judge,
) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-01-01",
        "id: V, by: A, condition: {fulfilled: U}",
        events=("id: E1, date: 2030-01-20, kind: accepted, party: A, about: [V], due: 2030-05-01",),
    )
    found = status(text, "2030-01-21")["V"]
    assert (found.state, found.decides) == ("in_force", ("E1",))
    assert found.missing == ("performance, by 1 May",)


def test_what_somebody_should_do_who_never_agreed_is_pending_until_he_accepts(
    status: Judge,
) -> None:
    text = agreement("id: U, by: X, starts: 2030-01-01", head="not_party: {X: Xland}")
    found = status(text, "2030-02-01")["U"]
    assert (found.state, found.reason) == ("pending", "Xland never accepted it.")
    assert found.flags == ("obligor_not_party",)
    accepted = "  - {id: E1, date: 2030-02-10, kind: accepted, party: X, about: [U]}\n"
    found = status(text + accepted, "2030-02-10")["U"]
    assert (found.state, found.starts) == ("in_force", datetime(2030, 2, 10, tzinfo=UTC))


def test_a_deadline_over_before_its_condition_is_flagged_and_not_missed(status: Judge) -> None:
    text = agreement(
        "id: U, by: A, starts: 2030-01-01",
        "id: V, by: B, condition: {fulfilled: U}, due: 2030-01-20, silence: breached",
    )
    waiting = status(text, "2030-01-25")["V"]
    assert (waiting.state, waiting.flags) == ("pending", ("deadline_before_condition",))
    assert waiting.reason == (
        "Waits for U to be fulfilled; its own deadline, 20 January, is already over."
    )
    begun = status(text + "  - {" + DONE + ", assurance: established}\n", "2030-02-02")["V"]
    assert (begun.state, begun.flags) == ("in_force", ("deadline_before_condition",))


def test_what_is_performed_before_its_condition_is_performed(status: Judge) -> None:
    text = agreement(
        "id: V, by: A, condition: {accepted_by: B}",
        events=(DONE.replace("[U]", "[V]"),),
    )
    assert status(text, "2030-02-02")["V"].state == "fulfilled"


RING = agreement(
    "id: U, by: A, condition: {fulfilled: V}",
    "id: V, by: B, condition: {fulfilled: W}",
    "id: W, by: C, condition: {fulfilled: U}",
    "id: AFTER, by: A, condition: {fulfilled: W}",
    "id: OPEN, by: B, condition: {any: [{fulfilled: U}, {accepted_by: C}]}",
)


def test_a_ring_stays_pending_and_says_so(status: Judge) -> None:
    found = status(RING, "2035-01-01")
    assert {one.state for one in found.values()} == {"pending"}
    assert found["U"].path == ("V", "W", "U")
    assert found["U"].flags == ("circular_wait",)
    assert found["AFTER"].flags == ("waits_on_circle",)
    assert found["OPEN"].flags == ()


def test_whoever_acts_first_opens_a_ring(status: Judge) -> None:
    found = status(RING + "  - {" + DONE + ", assurance: established}\n", "2030-02-02")
    assert [found[name].state for name in "UWV"] == ["fulfilled", "in_force", "pending"]
    assert found["W"].decides == ("E1",)


def test_a_duty_that_waits_for_its_own_contrary_stays_pending(status: Judge) -> None:
    text = agreement(
        "id: U, by: A, condition: {not: {in_force: V}}",
        "id: V, by: B, condition: {in_force: U}",
    )
    found = status(text, "2030-02-02")
    assert (found["U"].state, found["V"].state) == ("pending", "pending")
    assert found["U"].reason.startswith("Cannot be known to have begun")


@pytest.mark.parametrize("length", [2, 400])
def test_a_long_chain_and_a_long_ring_are_judged_without_recursion(
    status: Judge, length: int
) -> None:
    chain = [f"id: U{n}, by: A, condition: {{in_force: U{n + 1}}}" for n in range(length)]
    last = f"id: U{length}, by: A, starts: 2030-01-01"
    found = status(agreement(*chain, last), "2030-02-01")
    assert {one.state for one in found.values()} == {"in_force"}
    back = f"id: U{length}, by: A, condition: {{in_force: U0}}"
    found = status(agreement(*chain, back), "2030-02-01")
    assert {one.state for one in found.values()} == {"pending"}
    assert {one.flags for one in found.values()} == {("circular_wait",)}


@given(st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 12), max_size=4)))
@settings(max_examples=200)
def test_everything_waited_for_is_judged_first(graph: dict[int, list[int]]) -> None:
    needs = {str(name): [str(n) for n in needed] for name, needed in graph.items()}
    order = components(needs)
    assert sorted(name for group in order for name in group) == sorted(needs)
    place = {name: at for at, group in enumerate(order) for name in group}
    for name, needed in needs.items():
        assert all(place[n] <= place[name] for n in needed if n in needs)
