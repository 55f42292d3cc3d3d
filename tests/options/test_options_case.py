"""Models that belong to a case: read from its folder, solved with its facts, shown as stale."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from excomm import cli
from excomm.case import Case, CaseHead
from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import Plan
from excomm.errors import InputError
from excomm.folder import read_text, write
from excomm.options import read, solve, tell
from excomm.options.drawing import lines
from excomm.options.from_facts import CaseModel
from excomm.options.keeping import KeepingAnswer
from excomm.options.models import Offers
from excomm.options.offers import OffersAnswer, tree_of

CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
parties = [{id = "A", name = "Side A"}, {id = "B", name = "Side B"}]
=== measures.csv
id,occurred,name,party,level,seen_by_them,cost_a_day,cost_unit
M1,2024-01-02,patrols,A,daily,at once,3,crews
M2,2024-01-02,listening,A,on,"no, nobody knows",,
M3,2024-01-02,reserves,A,called,,,
=== offers.csv
id,occurred,by,to,text
O1,2024-01-02,A,B,patrols end if the boats go
"""
OFFERS = """
=== options/first.yaml
title: Put it or wait
author: an analyst
occurred: 2024-01-03
cites: [O1, M1]
kind: offers
players: [A, B]
offers:
  O1:
    accepted: {belief: 1/2, payoffs: [9, 6], reneges: 1/4, reneged: [1, 3]}
    refused: {belief: 1/2, payoffs: [1, 1]}
  wait:
    no reply: {payoffs: [3, 2]}
"""


def case_of(text: str) -> Case:
    found = read_text(text, now=datetime(2024, 2, 1, tzinfo=UTC))
    return Case(lambda: found.entries, CaseHead("folder", len(found.entries), found.digest))


def models(text: str, on: str = "2024-01-10") -> tuple[CaseModel, ...]:
    return case_of(text).on(on).models


def test_an_offer_is_weighed_by_what_may_follow_it_and_says_at_which_belief_that_turns() -> None:
    # By hand: accepted 3/4 of 9 and 1/4 of 1 is 7; half of that and half of 1 is 4; waiting 3.
    found = models(CASE + OFFERS)[0]
    assert isinstance(found.answer, OffersAnswer)
    assert {name: str(worth[0]) for name, worth in found.answer.worth.items()} == {
        "O1": "4",
        "wait": "3",
    }
    assert found.answer.first == "O1"
    assert found.told is not None
    assert found.told.says == ("A does best to put O1: worth 4 to it (wait 3).",)
    # 7 p + 1 (1 - p) = 3 at p = 1/3.
    turns = {switch.outcome: str(switch.probability) for switch in found.answer.tree.switching}
    assert turns["accepted"] == "1/3"
    assert found.told.hangs_on[0].startswith("accepted after O1, held to be 0.50: below 0.333 wait")


def test_where_no_answer_is_believed_the_other_side_chooses_by_its_own_worth() -> None:
    text = OFFERS.replace("belief: 1/2, ", "").replace(", reneges: 1/4, reneged: [1, 3]", "")
    found = models(CASE + text)[0]
    assert isinstance(found.model, Offers)
    assert lines(tree_of(found.model)) == (
        "A chooses:",
        "  put O1 (best); B chooses:",
        "    accepted: 9 to A, 6 to B (best)",
        "    refused: 1 to A, 1 to B",
        "  wait; B chooses:",
        "    no reply: 3 to A, 2 to B",
    )


def test_a_model_is_written_out_as_the_file_that_reads_back_to_it(tmp_path: Path) -> None:
    found = read_text(CASE + OFFERS, now=datetime(2024, 2, 1, tzinfo=UTC))
    write(found.entries, tmp_path / "out")
    assert (tmp_path / "out/options/first.yaml").read_text().startswith("occurred: 2024-01-03\n")
    cli_check(tmp_path / "out")


def cli_check(folder: Path) -> None:
    from typer.testing import CliRunner

    result = CliRunner().invoke(cli.app, ["check", str(folder)])
    assert result.exit_code == 0, result.output


def test_a_model_whose_facts_were_withdrawn_is_shown_as_stale() -> None:
    later = "=== corrections.csv\nid,occurred,corrects,reason\nX1,2024-01-05,M1,a mistake\n"
    text = CASE + OFFERS + later
    assert models(text, "2024-01-04")[0].stale == ()
    assert models(text)[0].stale == ("it cites M1, which does not stand here",)


def test_an_offer_that_was_answered_since_makes_its_model_stale() -> None:
    later = "=== responses.csv\nid,occurred,offer,party,answer\nR1,2024-01-05,O1,B,countered\n"
    assert models(CASE + OFFERS + later)[0].stale == ("O1 was countered by B since",)


POSTURE = """
=== options/posture.yaml
title: What ending patrols tells them
occurred: 2024-01-03
kind: posture
intents: [settle, strike]
prior: [1/2, 1/2]
signs:
  - {measure: patrols, to: none, likelihood: [3/4, 1/4]}
  - {measure: listening, to: "off", likelihood: [1, 0]}
"""


def test_whether_a_change_is_seen_is_taken_from_the_measure_of_the_case() -> None:
    found = models(CASE + POSTURE)[0]
    assert found.told is not None
    assert found.told.says == (
        "Having seen what can be seen, they would hold: settle 0.75 (was 0.50), "
        "strike 0.25 (was 0.50).",
        "They cannot see listening: it changes nothing.",
    )
    changed = CASE.replace(
        "M3,2024-01-02,reserves,A,called,,,", "M3,2024-01-05,patrols,A,weekly,,,"
    )
    assert models(changed + POSTURE)[0].stale == ("patrols has changed since: weekly",)


def test_a_change_that_nobody_said_is_seen_has_to_say_so_itself() -> None:
    text = POSTURE.replace("measure: patrols", "measure: reserves")
    assert models(CASE + text)[0].fault == (
        "options/posture: $.signs[0].visible: found nothing, expected whether they can see it. "
        "Say so here, or in seen_by_them of the case's measure of that name."
    )


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "O1:",
            "O2:",
            "$.offers.O2: found O2, expected the id of an offer of the case. "
            "The case has O1; wait is to put none.",
        ),
        (
            "refused: {belief: 1/2",
            "refused: {belief: 1/4",
            "$.offers.O1: found beliefs that sum to 3/4, expected a sum of 1. "
            "Make the beliefs of one offer sum to one.",
        ),
        (
            "refused: {belief: 1/2, ",
            "refused: {",
            "$.offers.O1.refused.belief: found nothing, expected 0 to 1, as for the others. "
            "Give every answer of this offer a belief, or none of them.",
        ),
        (
            ", reneged: [1, 3]",
            "",
            "$.offers.O1.accepted.reneged: found nothing, expected payoffs. "
            "Say what it is worth to both if it is not carried out.",
        ),
        (
            "no reply: {payoffs: [3, 2]}",
            "no reply: {}",
            "$.offers.wait.no reply: found neither, expected payoffs, or then with our choices. "
            "Give one of the two.",
        ),
    ],
)
def test_a_faulty_model_says_where_and_what_to_do_and_stops_no_page(
    old: str, new: str, says: str
) -> None:
    found = models(CASE + OFFERS.replace(old, new))[0]
    assert found.fault == f"options/first: {says}"
    assert found.told is None


def test_check_names_the_line_of_a_fault_inside_a_model(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = read_text(CASE + OFFERS, now=datetime(2024, 2, 1, tzinfo=UTC))
    write(found.entries, tmp_path / "out")
    broken = OFFERS.split("first.yaml\n")[1].replace("refused: {belief: 1/2", "refused: {belief: 2")
    (tmp_path / "out/options/first.yaml").write_text(broken)
    with pytest.raises(SystemExit) as end:
        _main("check", str(tmp_path / "out"))
    assert end.value.code == 2
    assert "options/first.yaml:8: $.offers.O1: found beliefs that sum to 5/2" in (
        capsys.readouterr().err
    )


def _main(*words: str) -> None:
    import sys
    from unittest.mock import patch

    with patch.object(sys, "argv", ["excomm", *words]):
        cli.main()


def test_outcomes_of_a_conflict_are_named_by_patterns() -> None:
    found = read("""{"kind": "conflict", "decision_makers": ["A", "B"], "options": [
        {"dm": "A", "name": "a", "moves": "both"}, {"dm": "B", "name": "b", "moves": "both"}],
        "preferences": {"A": {"ranking": [2, 0, 3, 1]}, "B": {"ranking": [1, 0, 3, 2]}},
        "outcomes": {"both": "YY", "none": "NN"}, "status_quo": "NN"}""")
    told = tell(found, solve(found))
    assert [row[0] for row in told.tables[0].rows] == ["both", "none"]
    with pytest.raises(InputError) as fault:
        read("""{"kind": "conflict", "decision_makers": ["A"], "options": [
            {"dm": "A", "name": "a", "moves": "both"}], "preferences": {},
            "outcomes": {"x": "Y-"}}""")
    assert str(fault.value) == (
        "$.outcomes.x: found Y-, expected 1 letters, each Y or N. One for each option."
    )


# -- keeping -------------------------------------------------------------------------------------

KEEPING = {
    "kind": "keeping",
    "party": "B",
    "keep": 0,
    "cheat_undetected": 6,
    "cheat_detected": -14,
    "days_until_banked": 30,
    "detection": [
        {"plan": "weekly flights", "policy": "known", "value": "1/10", "bound": "1/5"},
        {"plan": "drawn by lot", "policy": "secret", "value": "2/5"},
    ],
    "means": [
        {"name": "flights", "detection_per_look": "1/10", "cost_per_look": 2, "most_looks": 9}
    ],
}


def test_keeping_is_the_best_reply_where_the_plan_finds_enough_and_the_rest_has_a_price() -> None:
    # (V - L) / (V - P) = 6 / 20; from 1/10 what is left to find is 1 - .7/.9 = 2/9: three looks.
    found = solve(read(json.dumps(KEEPING)))
    assert isinstance(found, KeepingAnswer)
    assert str(found.break_even_detection) == "3/10"
    assert found.says == (
        "B keeps it if a violation is found within 30 days with 0.30 or more.",
        "weekly flights, if they know the calendar: found with 0.10; 0.20 short: violating is the "
        "best reply.",
        "No plan of equal cost can reach it.",
        "What is missing costs 6 at the least: 3 × flights.",
        "drawn by lot, if they know only the policy: found with 0.40; keeping is the best reply, "
        "by 0.10.",
    )


def test_a_detection_figure_needs_a_plan_behind_it() -> None:
    with pytest.raises(InputError) as none:
        solve(read(json.dumps({**KEEPING, "detection": []})))
    assert str(none.value) == (
        "$.detection: found none, expected the detection of a plan of looks. Plan looks first "
        "(excomm watch plan), or give detection with its plan."
    )
    bare = {**KEEPING, "detection": [{"plan": "", "policy": "known", "value": "1/10"}]}
    with pytest.raises(InputError) as empty:
        solve(read(json.dumps(bare)))
    assert empty.value.where == "$.detection[0].plan"


def test_without_temptation_no_plan_is_asked_for() -> None:
    found = solve(read(json.dumps({**KEEPING, "keep": 7, "detection": []})))
    assert isinstance(found, KeepingAnswer)
    assert (found.verdict, found.plans) == ("no temptation", ())


# -- the shipped case ---------------------------------------------------------------------------


def test_the_models_of_12_november_are_solved_and_go_stale_as_the_alert_is_lowered() -> None:
    case = Case.open("cuba-1962")
    then = {one.id: one for one in case.on("1962-11-12T17:00-05:00").models}
    assert list(then) == [
        "options/bargain",
        "options/keeping",
        "options/offers-12-november",
        "options/posture",
    ]
    assert all((one.told or one.asks_watch) and not one.stale for one in then.values())
    later = case.on("1962-11-22").model("posture")
    assert "DEFCON SAC has changed since: DEFCON 3" in later.stale
    assert case.on("1962-11-11").models == ()


def test_the_posture_of_the_case_is_drawn_with_its_steps_in_words() -> None:
    drawn = Case.open("cuba-1962").on("1962-11-12T17:00-05:00").posture_picture()
    assert "USA: DEFCON SAC from 22 Oct 1962: DEFCON 3, seen; from 24 Oct 1962: DEFCON 2" in drawn


def test_if_an_offer_is_accepted_it_says_what_arises_and_whether_the_result_would_hold() -> None:
    view = Case.open("cuba-1962").on("1962-11-12T17:00-05:00")
    found = view.if_accepted("offer-mccloy")
    assert {one.undertaking: (one.before, one.after) for one in found.arising} == {
        "CU-4": ("pending", "in_force"),
        "CU-8": ("pending", "in_force"),
    }
    assert found.arising[0].verified_by == "counting at sea, overflight"
    assert found.outcomes == (
        "What holds once the bombers are out: the deal with overflights instead: does not hold; "
        "who gains by leaving it: CUBA (takes up fire on overflights); who punishes that: "
        "CUBA: nobody",
    )
    assert view.standing()["CU-4"].state == "pending"  # nothing is stored
    unknown = view.if_accepted("offer-stevenson")
    assert unknown.arising == ()
    assert unknown.open == ("which undertakings it joins is not in the record",)


def test_an_unknown_offer_is_told_with_those_that_are_there() -> None:
    view = Case.open("cuba-1962").on("1962-11-12T17:00-05:00")
    with pytest.raises(InputError, match="offers: found offer-x, expected an offer of the case"):
        view.if_accepted("offer-x")


def test_whether_keeping_pays_is_asked_of_the_plans_of_looks_that_the_case_can_afford() -> None:
    # The figures are those of the worked example in docs/watch.md: six flights, a fortnight.
    found = Case.open("cuba-1962").on("1962-11-12T17:00-05:00").model("keeping")
    assert isinstance(found.answer, KeepingAnswer)
    by_policy = {one.policy: one for one in found.answer.plans}
    assert str(found.answer.break_even_detection) == "3/10"
    assert float(by_policy["known"].detection) == 0.0
    assert not by_policy["known"].could_deter
    assert by_policy["secret"].deters
    assert float(by_policy["secret"].detection) == pytest.approx(0.36, abs=0.005)
    assert float(by_policy["observed"].margin) == pytest.approx(-0.02, abs=0.005)


def test_the_plan_of_the_case_is_held_against_what_deters() -> None:
    case = Case.open("cuba-1962")
    view = case.on("1962-11-12T17:00-05:00")
    plan = Entry(
        id=EntryId("a-flight-each-day"),
        occurred=Day(date(1962, 11, 12)),
        recorded=datetime(1962, 11, 12, 20, tzinfo=UTC),
        body=Plan(
            planned_for=Day(date(1962, 11, 13)),
            means="u2",
            sites=("banes",),
            state="approved",
            items=("missiles",),
        ),
    )
    plans = view.supposing([plan]).model("keeping")
    assert isinstance(plans.answer, KeepingAnswer)
    assert plans.answer.plans[0].plan == "the plan of the case (1 looks ahead)"


def test_solve_names_the_line_of_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    deal = tmp_path / "deal.json"
    deal.write_text(
        """{"kind": "conflict",
 "decision_makers": ["A"],
 "options": [
   {"dm": "A", "name": "a", "moves": "both"},
   {"dm": "A", "name": "b", "moves": "both"}],
 "preferences": {"A": {"ranking": [0, 1, 2, 3]}},
 "infeasible": ["-Y-"]}"""
    )
    with pytest.raises(SystemExit) as end:
        _main("options", "solve", str(deal))
    assert end.value.code == 2
    assert capsys.readouterr().err == (
        f"{deal}:7: $.infeasible[0]: found -Y- (3 letters), expected 2 letters. Write one of Y, N, "
        "- for each option, in their order.\n"
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("inverse-chicken", "stable in so many of 24 rankings"),
        ("orders-cuba-nov-1962", "equilibrium in so many of 720 orders of its statements"),
        ("partial-chicken", "rankings agree with what is known"),
        ("share-2x2", "Of 576 combinations of rankings"),
    ],
)
def test_counts_over_preferences_are_told_as_tables(
    name: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _main_done("options", "solve", str(Path(__file__).parent / "cases" / f"{name}.json"))
    told = capsys.readouterr().out
    assert says in told
    assert "{" not in told and "None" not in told


def _main_done(*words: str) -> None:
    with pytest.raises(SystemExit) as end:
        _main(*words)
    assert not end.value.code
