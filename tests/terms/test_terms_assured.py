"""Where an undertaking names its standard, its state is what the figure of its item yields."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excomm.entries import end_of, parse_when, parse_zone
from excomm.fold import fold
from excomm.folder import read_agreement
from excomm.terms import Figure, Standing, explain, joint_bounds, standing

HEAD = """
parties: {A: Aland, B: Bland}
items: {gun: {unit: guns}}
undertakings:
  - {id: U, by: A, to: [B], modality: must, kind: achieve, what: remove the guns, item: gun,
     starts: 2030-01-01, due: 2030-03-01, evidence_by: P10D, standard: 0.95, accuse: 0.9}
  - {id: W, by: B, modality: must, kind: achieve, what: lift, condition: {fulfilled: U}}
  - {id: K, by: A, modality: must, kind: maintain, what: keep none, starts: 2030-01-01,
     item: gun, standard: 0.9, accuse: 0.9, relies_on: [V]}
  - {id: V, by: A, modality: must, kind: recur, what: be visited, starts: 2030-01-01}
events:
"""
DONE = "  - {id: D, date: 2030-02-01, kind: done, about: [U], assurance: established}\n"
REFUSED = (
    "  - {id: R, date: 2030-02-01, kind: refusal, party: A, about: [V], assurance: established}\n"
)
CLAIM = "  - {id: C, date: 2030-02-01, kind: done, about: [U], assurance: claimed}\n"


def judged(events: str, on: str, low: float, high: float) -> Standing:
    entries = read_agreement(HEAD + events)
    zone = parse_zone("UTC")
    facts = fold(lambda: entries, on=end_of(parse_when(on), zone), zone=zone)
    return standing(facts, {"gun": Figure(low, (low + high) / 2, high, "prior 0.5")})


@pytest.mark.parametrize(
    ("events", "on", "low", "high", "state"),
    [
        (DONE, "2030-02-02", 0.97, 0.97, "fulfilled"),
        (DONE, "2030-02-02", 0.88, 0.99, "in_force"),  # done by the entries, and not sure enough
        (DONE, "2030-02-25", 0.88, 0.99, "due"),
        (DONE, "2030-03-05", 0.88, 0.99, "due"),  # evidence may still come
        (DONE, "2030-03-20", 0.88, 0.99, "unverifiable"),
        (DONE, "2030-03-20", 0.0, 0.05, "breached"),  # the high end leaves no more than 1 - accuse
        (DONE, "2030-03-20", 0.0, 0.2, "unverifiable"),
        (
            CLAIM,
            "2030-02-02",
            0.97,
            0.99,
            "fulfilled",
        ),  # the claim does not decide, the figure does
        (CLAIM, "2030-03-20", 0.5, 0.6, "unverifiable"),
        (CLAIM, "2029-12-31", 0.97, 0.99, "pending"),  # nothing binds yet
    ],
)
def test_the_state_follows_from_the_low_end_against_the_standard(
    events: str, on: str, low: float, high: float, state: str
) -> None:
    assert judged(events, on, low, high)["U"].state == state


def test_the_figure_stands_beside_the_state_with_its_prior() -> None:
    found = judged(DONE, "2030-02-02", 0.97, 0.97)["U"]
    assert found.headline == "fulfilled (0.97 against 0.95; prior 0.5)"
    assert found.reason == "Done on 1 February, 28 days early (0.97 against 0.95; prior 0.5)."
    short = judged(DONE, "2030-02-02", 0.88, 0.99)["U"]
    assert short.reason == (
        "Shown to be done, and not sure enough (0.88 to 0.99 against 0.95; prior 0.5)."
    )


def test_what_the_figure_alone_yields_is_proposed_for_a_person_to_enter() -> None:
    assert judged(CLAIM, "2030-02-02", 0.97, 0.99)["U"].flags == ("assessment_proposed",)
    assert judged(DONE, "2030-02-02", 0.97, 0.99)["U"].flags == ()


def test_what_waits_for_it_waits_for_the_figure_too() -> None:
    assert judged(DONE, "2030-02-02", 0.88, 0.99)["W"].state == "pending"
    assert judged(DONE, "2030-02-02", 0.96, 0.99)["W"].state == "in_force"


def test_of_a_state_to_be_kept_it_is_a_second_column_until_the_agreed_means_end() -> None:
    beside = judged(CLAIM, "2030-02-02", 0.3, 0.4)["K"]
    assert (beside.state, beside.assurance) == (
        "in_force",
        "0.3 to 0.4 against 0.9; prior 0.5",
    )
    assert judged(REFUSED, "2030-02-02", 0.3, 0.4)["K"].state == "unverifiable"
    assert judged(REFUSED, "2030-02-02", 0.92, 0.99)["K"].state == "in_force"
    assert judged(REFUSED, "2030-02-02", 0.0, 0.01)["K"].state == "breached"


def test_without_a_figure_or_a_standard_the_entries_decide() -> None:
    entries = read_agreement(HEAD + DONE)
    zone = parse_zone("UTC")
    facts = fold(lambda: entries, on=end_of(parse_when("2030-02-02"), zone), zone=zone)
    assert standing(facts)["U"].state == "fulfilled"
    assert standing(facts, {"shell": Figure(0, 0, 0)})["U"].state == "fulfilled"
    assert "28 days early" in explain(facts, "U").words


chances = st.floats(0, 1)


@given(st.lists(st.tuples(chances, chances).map(sorted), min_size=1, max_size=5))
def test_several_figures_are_bounded_and_never_multiplied(ranges: list[list[float]]) -> None:
    figures = [Figure(low, low, high) for low, high in ranges]
    low, high = joint_bounds(figures)
    independent = 1.0
    for figure in figures:
        independent *= figure.low
    assert low <= independent + 1e-12
    assert high == min(figure.high for figure in figures)


def test_where_several_are_waited_for_their_figures_are_bounded_and_never_multiplied() -> None:
    text = HEAD.replace(
        "events:\n",
        """\
  - {id: S, by: A, modality: must, kind: achieve, what: remove the ships, item: ship,
     starts: 2030-01-01, due: 2030-03-01, standard: 0.9}
  - {id: T, by: A, modality: must, kind: achieve, what: say that the guns are gone, item: gun,
     starts: 2030-01-01, standard: 0.9}
  - {id: X, by: B, modality: must, kind: achieve, what: lift all,
     condition: {all: [{fulfilled: U}, {all: [{fulfilled: S}]}]}}
  - {id: Y, by: B, modality: must, kind: achieve, what: lift the first,
     condition: {all: [{fulfilled: U}, {fulfilled: T}]}}
  - {id: Z, by: B, modality: must, kind: achieve, what: lift some,
     condition: {any: [{fulfilled: U}, {fulfilled: S}]}}
events: []
""",
    )
    entries = read_agreement(
        text.replace("{gun: {unit: guns}}", "{gun: {unit: guns}, ship: {unit: ships}}")
    )
    zone = parse_zone("UTC")
    facts = fold(lambda: entries, on=end_of(parse_when("2030-02-01"), zone), zone=zone)
    sure = {"gun": Figure(0.8, 0.85, 0.9), "ship": Figure(0.7, 0.8, 0.85)}
    assert explain(facts, "X", sure).words.endswith(
        "It waits on several that have figures, U (0.8 to 0.9) and S (0.7 to 0.85): together "
        "between 0.5 and 0.85, however they depend on each other.\n"
    )
    assert explain(facts, "Y", sure).words.endswith(
        "U (0.8 to 0.9) and T (0.8 to 0.9): they ask the same of one item, so together it is "
        "0.8 to 0.9.\n"
    )
    assert "figures" not in explain(facts, "Z", sure).words  # either will do
    assert "figures" not in explain(facts, "X").words
