"""A state in the institution's words; what is only proposed until a person enters it."""

from datetime import UTC, date, datetime

import msgspec

from excomm.entries import Day, Entry, EntryId
from excomm.entries.header import OwnWords
from excomm.entries.kinds import AnyBody, Assessment, CaseHeader
from excomm.entries.language import State
from excomm.fold import Facts, fold
from excomm.folder import read_agreement
from excomm.terms import Figure, standing

TEXT = """
parties: {A: Aland, B: Bland}
items: {missile: {unit: missiles}}
undertakings:
  - {id: OUT, by: A, to: [B], modality: must, kind: achieve, what: remove the missiles,
     starts: 2030-01-01, due: 2030-06-01, standard: 0.95, verification: [ship count],
     quantity: {item: missile, number: 42, unit: missiles}}
  - {id: LIST, by: A, to: [B], modality: must, kind: achieve, what: hand over the list,
     starts: 2030-01-01, due: 2030-02-01, verification: [letter]}
events:
  - {id: E1, date: 2030-02-03, kind: not_done, party: A, about: [LIST], assurance: established}
  - {id: E2, date: 2030-02-03, kind: count, about: [OUT], assurance: established,
     value: {item: missile, total: 42}}
"""


def facts_with(*more: AnyBody, day: date = date(2030, 2, 10)) -> Facts:
    entries = list(read_agreement(TEXT))
    recorded = datetime(day.year, day.month, day.day, tzinfo=UTC)
    for index, body in enumerate(more):
        if isinstance(body, CaseHeader):
            entries[0] = msgspec.structs.replace(entries[0], body=body)
        else:
            one = Entry(
                id=EntryId(f"more-{index}"), occurred=Day(day), recorded=recorded, body=body
            )
            entries.append(one)
    on = datetime(2030, 2, 20, tzinfo=UTC)
    return fold(lambda: entries, on=on, zone=UTC)


def says(undertaking: str, state: State) -> Assessment:
    return Assessment(statement="we hold it so", undertaking=undertaking, state=state)


def test_a_breach_is_proposed_until_a_person_enters_it() -> None:
    assert standing(facts_with())["LIST"].said == "proposed: breached"
    assert standing(facts_with())["LIST"].state == "breached"
    assert standing(facts_with(says("LIST", "breached")))["LIST"].said == "breached"


def test_an_assessment_of_before_the_breach_settles_nothing() -> None:
    early = facts_with(says("LIST", "breached"), day=date(2030, 1, 20))
    assert standing(early)["LIST"].said == "proposed: breached"


def test_an_institution_says_a_state_in_its_own_words_of_its_language() -> None:
    header = CaseHeader(
        title="case",
        zone="UTC",
        opens=date(2030, 1, 1),
        words=(
            OwnWords("breached", "a material breach"),
            OwnWords("fulfilled", "rempli", lang="fr"),
        ),
    )
    found = standing(facts_with(header))["LIST"]
    assert found.said == "proposed: a material breach"
    assert found.said_of("fulfilled") == "fulfilled"
    assert found.said_of("unverifiable") == "cannot be known"


def test_a_crossing_is_proposed_and_what_a_person_settled_does_not_flap() -> None:
    sure = Figure(0.97, 0.98, 0.99, "prior 0.5")
    less = Figure(0.94, 0.97, 0.98, "prior 0.5")
    above = standing(facts_with(), {"missile": sure})["OUT"]
    below = standing(facts_with(), {"missile": less})["OUT"]
    assert (above.state, below.state) == ("fulfilled", "in_force")
    settled = facts_with(says("OUT", "fulfilled"))
    held = standing(settled, {"missile": less})["OUT"]
    assert (held.state, held.flags) == ("fulfilled", ("assessment_proposed",))
    assert held.headline == (
        "fulfilled (0.94 to 0.98 against 0.95; prior 0.5; assessed 10 February)"
    )
    assert standing(settled, {"missile": sure})["OUT"].flags == ()
