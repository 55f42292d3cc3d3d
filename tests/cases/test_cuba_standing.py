"""Cuba 1962: what stands, evening by evening, and how sure the desk is."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from excomm.assurance.from_facts import item_assurance, items_with_figures
from excomm.case import Case
from excomm.fold import Facts
from excomm.terms import standing

AsOf = Callable[..., Facts]

BRIEF = "1962-11-12T17:00-05:00"
EVENING = "1962-11-20T21:00-05:00"


def states(facts: Facts) -> dict[str, str]:
    return {name: status.state for name, status in standing(facts).items()}


def test_on_12_november_the_missiles_are_going_and_nothing_is_done_for_sure(as_of: AsOf) -> None:
    assert states(as_of(BRIEF)) == {
        "CU-1": "in_force",
        "CU-2": "in_force",
        "CU-3": "unverifiable",
        "CU-4": "pending",
        "CU-5": "in_force",
        "CU-6": "in_force",
        "CU-7": "in_force",
        "CU-8": "pending",
        "CU-9": "pending",
    }


def test_on_the_evening_of_20_november_the_quarantine_is_lifted_and_the_bombers_have_a_date(
    as_of: AsOf,
) -> None:
    assert states(as_of(EVENING)) == {
        "CU-1": "fulfilled",
        "CU-2": "fulfilled",
        "CU-3": "unverifiable",
        "CU-4": "in_force",
        "CU-5": "in_force",
        "CU-6": "in_force",
        "CU-7": "fulfilled",
        "CU-8": "fulfilled",
        "CU-9": "pending",
    }


def test_the_missiles_are_gone_only_once_the_desk_is_sure_enough(as_of: AsOf) -> None:
    # All 42 were counted out, and the low end of the figure is still below the standard of .95.
    view = Case.open("cuba-1962").on(EVENING)
    status = view.standing()["CU-2"]
    assert (status.state, standing(as_of(EVENING))["CU-2"].state) == ("in_force", "fulfilled")
    assert status.headline.startswith("in force (0.83 to above 0.99 against 0.95; prior 0.9")
    assert status.reason.startswith("42 of 42 missiles counted, and not sure enough")
    assert view.standing()["CU-9"].path == ("CU-2", "CU-4", "CU-6")
    assert Case.open("cuba-1962").on(BRIEF).standing()["CU-2"].state == "in_force"


def test_the_bombers_are_in_force_as_the_usa_reads_the_letters_and_pending_as_the_ussr_does(
    as_of: AsOf,
) -> None:
    status = standing(as_of(BRIEF))["CU-4"]
    assert status.readings == {"USA": "in_force", "USSR": "pending"}
    assert {"kennedy-6-nov", "il28-no-reply"} <= set(status.why)


def test_the_two_readings_are_one_from_the_acceptance_on_and_its_deadline_is_20_december(
    as_of: AsOf,
) -> None:
    status = standing(as_of(EVENING))["CU-4"]
    assert not status.readings
    assert not status.disputed
    # The end of 20 December in New York.
    assert status.due == datetime(1962, 12, 21, 4, 59, 59, 999999, tzinfo=UTC)
    assert status.decides == ("il28-accepted",)


def test_the_reason_of_cu_2_counts_38_of_42(as_of: AsOf) -> None:
    status = standing(as_of(BRIEF))["CU-2"]
    assert status.reason.startswith("38 of 42 missiles counted")
    assert "counted-38" in status.why


def test_the_letters_name_no_number_before_one_is_declared(as_of: AsOf) -> None:
    declared = {day: standing(as_of(day))["CU-2"].why for day in ("1962-11-03", "1962-11-04")}
    assert ["declared-42" in why for why in declared.values()] == [False, True]


def test_un_observation_was_undone_by_cuba_which_never_agreed_to_it(as_of: AsOf) -> None:
    status = standing(as_of(BRIEF))["CU-3"]
    assert status.decides == ("castro-refusal",)
    assert "consent of Cuba" in " ".join(status.missing)


@pytest.mark.parametrize(
    ("undertaking", "path"), [("CU-8", {"CU-6", "CU-4"}), ("CU-9", {"CU-2", "CU-4", "CU-6"})]
)
def test_what_the_usa_owes_waits_for_what_the_ussr_owes(
    as_of: AsOf, undertaking: str, path: set[str]
) -> None:
    assert set(standing(as_of(BRIEF))[undertaking].path) == path


def test_the_quarantine_may_be_lifted_from_the_acceptance_and_is_at_a_quarter_to_seven(
    as_of: AsOf,
) -> None:
    lifting = {
        on: standing(as_of(on))["CU-8"].state
        for on in ("1962-11-19", "1962-11-20T18:44-05:00", "1962-11-20T18:45-05:00")
    }
    assert list(lifting.values()) == ["pending", "in_force", "fulfilled"]


def test_after_the_deadline_nobody_can_tell_of_the_bombers_until_the_finding(as_of: AsOf) -> None:
    assert standing(as_of("1962-12-21"))["CU-4"].state == "unverifiable"
    found = standing(as_of("1963-02-05"))["CU-4"]
    assert (found.state, found.late) == ("fulfilled", False)


def test_a_reader_cleared_for_open_papers_still_sees_every_undertaking(as_of: AsOf) -> None:
    open_states = states(as_of(BRIEF, cleared="open"))
    assert open_states["CU-3"] == "unverifiable"
    assert len(open_states) == 9


# -- how sure ------------------------------------------------------------------------------------


def test_no_figure_is_given_before_there_is_a_declaration_and_an_estimate(as_of: AsOf) -> None:
    assert items_with_figures(as_of("1962-11-04")) == ()
    assert items_with_figures(as_of(BRIEF)) == ("missiles", "il28")


def test_missiles_are_unseen_for_a_week_on_12_november(as_of: AsOf) -> None:
    found = item_assurance(as_of(BRIEF), "missiles")
    assert str(found.last_look) == "1962-11-05"
    assert found.days_unseen == 7
    # Labinsk's none of two beside another ship's one over are used, not averaged away.
    assert found.counted_out == (
        "count-missiles-38", "count-labinsk", "decl-labinsk", "count-other-ship",
    )  # fmt: skip
    assert (
        "counted ship by ship: Labinsk 0 seen of 2 declared (count-labinsk, decl-labinsk);"
        " another ship 1 over (count-other-ship); all others together"
    ) in found.assumptions


def test_the_range_of_what_is_left_narrows_with_the_42nd_missile(as_of: AsOf) -> None:
    before = item_assurance(as_of(BRIEF), "missiles").prob_none_left_nor_back
    after = item_assurance(as_of(EVENING), "missiles").prob_none_left_nor_back
    assert before.low < 0.5 < after.low
    assert after.high < 1


def test_the_bombers_are_seen_to_be_there(as_of: AsOf) -> None:
    found = item_assurance(as_of(BRIEF), "il28")
    assert "count-il28-9-nov" in found.seen_after
    assert found.prob_none_left_nor_back.high == 0
