"""A plan for the days to come of a case: whole sorties, what became of them, the draw."""

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import numpy as np
import pytest
from typer.testing import CliRunner

from excomm.case import Case, CaseHead, View
from excomm.cli import app
from excomm.entries.kinds import Plan
from excomm.errors import InputError
from excomm.folder import read_text
from excomm.folder.writing import as_files
from excomm.lookout import (
    audited,
    curves,
    planned_calendar,
    planned_looks,
    proposals,
    review,
    watch_picture,
)
from excomm.watch import plan
from excomm.watch.campaign import detection_of, joined, planned, rota
from excomm.watch.known import KnownAnswer
from excomm.watch.picture import curve
from excomm.watch.policy import drawn
from excomm.watch.problems import Agreed, KnownSchedule, Means
from excomm.watch.situation import Range, Situation

from .test_watch_case import ASSUMED, CASE, LOOKS

NOW = datetime(2026, 1, 1, tzinfo=UTC)
PLANS = """=== plans.csv
id,occurred,planned_for,means,state,sites,number,corrects
P1,2024-01-10,2024-01-12,jet,approved,bay; cape,1,
P2,2024-01-10,2024-01-13,jet,proposed,dune,1,
P3,2024-01-10,2024-01-14,team,proposed,bay,1,
P4,2024-01-11,2024-01-15,team,cancelled,bay,1,P3
P5,2024-01-10,2024-01-16,jet,proposed,bay; dune,1,
"""
FLOWN = "F1,2024-01-12,jet,made,bay; cape,,high,\nF2,2024-01-13,jet,failed,dune,,high,clouds\n"


def case_of(*parts: str, on: str = "2024-01-14") -> View:
    found = read_text("".join(parts), now=NOW)
    head = CaseHead("folder", len(found.entries), found.digest)
    return Case(lambda: found.entries, head, name="coast").on(on)


def within(days: int) -> Situation:
    now = Case.open("cuba-1962").on("1962-11-12").watch()
    return msgspec.structs.replace(now, window_days=Range(days, days, days), made=())


def test_a_sortie_is_paid_for_whole_however_few_sites_it_sees() -> None:
    # Two sites, one sortie sees both: 3 windows of 2 in 4 days need looks on 2 days at least.
    problem = KnownSchedule(
        2, 4, ("A", "B"), (Means("jet", 1, 5.0, 2),), (((0.5,),) * 4,) * 2, budget=14.0
    )
    found = plan(problem, seconds=5)
    assert isinstance(found, KnownAnswer)
    assert (found.min_detection, found.ended, found.cost) == (0.5, "proved", 10.0)
    poorer = plan(msgspec.structs.replace(problem, budget=9.0), seconds=5)
    assert isinstance(poorer, KnownAnswer)
    assert (poorer.min_detection, poorer.cost <= 9.0) == (0.0, True)


@pytest.mark.parametrize("seed", range(2))
def test_whole_sorties_stay_within_their_limits_and_below_the_bound(seed: int) -> None:
    random = np.random.default_rng(seed)
    detect = np.round(random.uniform(0.2, 0.8, (7, 8, 2)), 3)
    problem = KnownSchedule(
        3,
        8,
        tuple("ABCDEFG"),
        (Means("jet", 2, 4.0, 3), Means("team", 1, 2.0)),
        tuple(tuple(tuple(cell) for cell in row) for row in detect.tolist()),
        budget=40.0,
        risk=((0.02, 0.01),) * 7,
        risk_max=0.2,
    )
    found = plan(problem, seconds=1.5)
    assert isinstance(found, KnownAnswer)
    by_day: dict[tuple[int, str], int] = {}
    for _, day, means in found.schedule:
        by_day[day, means] = by_day.get((day, means), 0) + 1
    jets = sum(-(-n // 3) for (_, means), n in by_day.items() if means == "jet")
    teams = sum(n for (_, means), n in by_day.items() if means == "team")
    assert all(n <= (6 if means == "jet" else 1) for (_, means), n in by_day.items())
    assert found.cost == pytest.approx(4 * jets + 2 * teams)
    assert found.cost <= 40
    assert found.loss_prob == pytest.approx(1 - 0.98**jets * 0.99**teams)
    assert found.loss_prob <= 0.2 + 1e-12
    assert 0 < found.min_detection <= found.bound


def test_six_flights_a_month_assured_nothing_within_a_fortnight_to_one_who_knew_the_days() -> None:
    # FRUS 1961-63 vol. XI doc. 161: six U-2 flights a month, full coverage once in 30 days.
    fortnight = within(14)
    assert detection_of(fortnight, 30, rota(fortnight, "u2", 6, 30)) == Range(0.0, 0.0, 0.0)
    best = planned(fortnight, 30, budget=6, seconds=10)
    assert (best.detection.best, best.answer.bound, best.answer.ended) == (0.0, 0.0, "proved")
    draw = drawn(fortnight, 30, budget=6)
    assert draw.sorties == 6
    # Ten of 19 sites' shares a window of two slots: 10/19 x .536, less what splitting one costs.
    assert draw.watched.best == pytest.approx(10 / 19 * 0.536, abs=2e-3)
    assert draw.watched.best < draw.secret.best < draw.bound
    # 30 looks a month are 14 in a fortnight for 19 sites.
    assert draw.bound == pytest.approx(14 / 19 * 0.536)
    month = within(30)
    assert detection_of(month, 30, rota(month, "u2", 6, 30)).best == pytest.approx(0.536)


def test_a_plan_becomes_entries_that_a_folder_takes_and_gives_back() -> None:
    view = case_of(CASE, ASSUMED, LOOKS)
    now = view.watch()
    made = planned(now, 10, budget=30, seconds=3)
    entries = proposals(view, made).entries
    assert entries
    assert all(isinstance(entry.body, Plan) and entry.body.state == "proposed" for entry in entries)
    files = as_files((*view.case.read(), *entries))
    text = "".join(f"=== {name}\n{raw.decode()}" for name, raw in files.items())
    again = case_of(text)
    assert [one.came for one in planned_looks(again)] == ["ahead"] * len(entries)
    sites = {site for site, _, _ in made.answer.schedule}
    assert {site for one in planned_looks(again) for site in one.body.sites} == sites
    assert joined(now, made.answer.schedule) == made.sorties


def test_planning_anew_calls_off_what_was_only_proposed_and_leaves_what_was_approved() -> None:
    ahead = """=== plans.csv
id,occurred,planned_for,means,state,sites,number
P1,2024-01-10,2024-01-16,jet,approved,cape,1
P2,2024-01-10,2024-01-17,jet,proposed,cape,1
P3,2024-01-10,2024-02-20,jet,proposed,cape,1
"""
    view = case_of(CASE, ASSUMED, LOOKS, ahead)
    made = planned(view.watch(), 10, budget=30, seconds=3)
    found = proposals(view, made)
    assert [(str(one.id), str(one.corrects)) for one in found.off] == [("P2-off", "P2")]
    assert all(isinstance(one.body, Plan) and one.body.state == "cancelled" for one in found.off)
    assert (found.standing, found.decided) == ((), ("P1",))
    assert found.text() == (
        f"PROPOSED  {len(made.sorties)} sorties; 1 proposed before called off\n"
        "approved, and not in this plan: P1\n"
    )
    # Taken in, the same plan again changes nothing.
    entries = (*view.case.read(), *found.every)
    again = Case(lambda: entries, CaseHead("folder", len(entries), ""), name="coast").on(view.on)
    more = proposals(again, made)
    assert more.every == ()
    assert len(more.standing) == len(made.sorties)
    came = {str(one.entry.id): one.came for one in planned_looks(again)}
    assert (came["P1"], came["P2-off"], came["P3"]) == ("ahead", "cancelled", "ahead")


def test_planned_looks_that_were_entered_later_are_counted() -> None:
    later = (
        PLANS.replace("planned_for", "recorded,planned_for")
        .replace("01-10,", "01-10,2024-06-01T00:00Z,")
        .replace("01-11,", "01-11,2024-06-01T00:00Z,")
    )
    found = review(case_of(CASE, ASSUMED, LOOKS, later))
    assert (found.looks, found.entered_later) == ((), 4)
    assert "  4 planned looks were entered later: --known-by shows them\n" in found.text()


def test_what_came_of_each_planned_look_is_told() -> None:
    view = case_of(CASE, ASSUMED, LOOKS + FLOWN, PLANS)
    found = {one.plan: (one.came, one.look) for one in review(view).looks}
    assert found == {
        "P1": ("done", "F1"),
        "P2": ("failed", "F2"),
        "P4": ("cancelled", None),
        "P5": ("ahead", None),
    }
    late = case_of(CASE, ASSUMED, LOOKS + FLOWN, PLANS, on="2024-01-17")
    assert {one.plan: one.came for one in review(late).looks}["P5"] == "no outcome entered"


def test_a_look_may_name_a_plan_by_any_id_that_it_had() -> None:
    named = (
        LOOKS.replace("reading,note", "reading,note,plan")
        .replace(",high,\n", ",high,,\n")
        .replace("names no site\n", "names no site,\n")
        .replace("clouds\n", "clouds,\n")
    )
    back = PLANS.replace("cancelled", "approved")
    looks = named + "F3,2024-01-19,team,refused,bay,,high,,P3\n"
    view = case_of(CASE, ASSUMED, looks, back, on="2024-01-20")
    assert {one.plan: one.came for one in review(view).looks}["P4"] == "refused"


def test_planned_and_flown_stand_beside_each_other() -> None:
    # A fifth day closes the first window of five that begins on 12 January.
    some = case_of(CASE, ASSUMED, LOOKS + FLOWN, PLANS, on="2024-01-16")
    found = review(some)
    assert found.as_planned.least_detection is not None
    assert found.as_flown.least_detection is not None
    # Planned: Dune on 13 and 16 January, each .5; Cape on 12 January. Flown: nothing at Dune.
    assert found.as_planned.least_detection.best == pytest.approx(0.5)
    assert found.as_flown.least_detection.best == 0.0
    assert found.as_flown.worst_site == "dune"
    assert review(case_of(CASE, ASSUMED, LOOKS, PLANS)).as_flown.least_detection is None


def test_a_calendar_keeps_ids_counts_changes_and_cancels_what_was_called_off() -> None:
    view = case_of(CASE, ASSUMED, LOOKS, PLANS)
    text = planned_calendar(view, NOW).decode().replace("\r\n ", "")
    events = {
        re.search(r"UID:(\S+)", part).group(1): part  # type: ignore[union-attr]
        for part in text.split("BEGIN:VEVENT")[1:]
    }
    assert sorted(events) == ["P1@coast", "P2@coast", "P3@coast", "P5@coast"]
    assert "STATUS:CONFIRMED" in events["P1@coast"]
    assert "STATUS:TENTATIVE" in events["P2@coast"]
    assert "SEQUENCE" not in events["P2@coast"]
    moved = events["P3@coast"]
    assert "STATUS:CANCELLED" in moved
    assert "SEQUENCE:1" in moved
    assert "DTSTART;VALUE=DATE:20240115" in moved
    withdrawn = PLANS + "=== corrections.csv\nid,occurred,corrects,reason\nX,2024-01-12,P2,no\n"
    gone = planned_calendar(case_of(CASE, ASSUMED, LOOKS, withdrawn), NOW).decode()
    assert gone.count("STATUS:CANCELLED") == 2


def test_the_picture_tells_marks_by_shape_and_says_the_same_in_words() -> None:
    drawn_ = watch_picture(case_of(CASE, ASSUMED, LOOKS + FLOWN, PLANS), 6).decode()
    told = re.search(r"<desc id=\"d\">(.*)</desc>", drawn_)
    assert told is not None
    assert told.group(1) == (
        "Bay: seen 12 Jan; planned 16 Jan."
        " Cape: seen 12 Jan."
        " Dune: failed 13 Jan; planned 16 Jan."
        " Worst gap: Cape, 13 Jan to 17 Jan."
    )
    for shape in ('rect class="seen"', 'rect class="failed"', 'circle class="planned"'):
        assert shape in drawn_


def test_a_draw_is_committed_drawn_day_by_day_and_audited(tmp_path: Path) -> None:
    run = CliRunner()
    folder = tmp_path / "coast"
    policy, seed = tmp_path / "policy.json", tmp_path / "seed.hex"
    from excomm.folder import write

    free = LOOKS.replace("L4,2024-01-09,team,refused,cape,,high,\n", "")
    view = case_of(CASE, ASSUMED, free)
    write(view.case.read(), folder)
    plan_it = ["watch", "plan", str(folder), "--on", "2024-01-14", "--days", "10"]
    told = run.invoke(app, [*plan_it, "--they-know", "looks", "--json"])
    assert told.exit_code == 0, told.output
    policy.write_bytes(told.stdout_bytes)
    told = run.invoke(app, ["watch", "commit", str(policy), "--seed", str(seed)])
    digest = told.stdout.strip()
    assert re.fullmatch("[0-9a-f]{64}", digest)
    assert seed.stat().st_mode & 0o077 == 0
    rows: list[str] = []
    for day in range(15, 20):
        ask = ["watch", "draw", str(policy), "--seed", str(seed), "--on", f"2024-01-{day}"]
        one = run.invoke(app, [*ask, "--json"])
        said = json.loads(one.stdout)
        for part in (said, *said.pop("beside")):
            assert set(part) == {"day", "means", "sites"}
            assert part["day"] == f"2024-01-{day}"
            at, means, sites = f"D{day}-{part['means']}", part["means"], "; ".join(part["sites"])
            if sites:
                rows.append(f"{at},2024-01-{day},{means},made,{sites},,high,\n")
    lodged = f"=== commitments.csv\nid,occurred,sha256,purpose\nK,2024-01-14,{digest},seed\n"
    kept = case_of(CASE, ASSUMED, free + "".join(rows), lodged, on="2024-01-19")
    from excomm.watch.drawing import read_policy, seed_of

    found = audited(kept, read_policy(policy), seed_of(seed))
    assert (found.kept, found.days, found.bent, found.lodged) == (True, 5, (), "K")
    bent = case_of(CASE, ASSUMED, free + "".join(rows[1:]), lodged, on="2024-01-19")
    assert [one.day for one in audited(bent, read_policy(policy), seed_of(seed)).bent] == [
        date(2024, 1, 15)
    ]
    late = case_of(
        CASE, ASSUMED, free + "".join(rows), lodged.replace("01-14", "01-16"), on="2024-01-19"
    )
    assert not audited(late, read_policy(policy), seed_of(seed)).lodged_in_time
    audit = ["watch", "audit", str(folder), str(policy), "--seed", str(seed), "--on", "2024-01-19"]
    told = run.invoke(app, audit)
    assert "lodged in no entry of this case" in told.stdout
    assert "of 5 days were not flown as drawn" in str(told.exception)


def test_what_is_no_seed_and_no_policy_is_refused(tmp_path: Path) -> None:
    from excomm.watch.drawing import read_policy, seed_of

    (tmp_path / "seed").write_text("abc")
    with pytest.raises(InputError, match="found another content, expected 64 hexadecimal char"):
        seed_of(tmp_path / "seed")
    (tmp_path / "p.json").write_text("{}")
    with pytest.raises(InputError, match="expected a policy that is drawn"):
        read_policy(tmp_path / "p.json")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (["--days", "3"], "--days: found 3, expected 14 or more, one window."),
        (["--closed", "soon"], "--closed: found soon, expected"),
        (
            ["--they-know", "looks", "--budget", "1"],
            "--budget: found too little for a look in every window, expected at least one sortie"
            " in every window of 14 days. Give more, or watch fewer sites.",
        ),
        (
            ["--they-know", "looks", "--loss-max", "0.1"],
            "--loss-max: found a plan that is drawn, expected a calendar.",
        ),
        (
            ["--they-know", "policy", "--plans", "p.csv"],
            "--plans: found a plan that is drawn, expected a calendar.",
        ),
    ],
)
def test_a_call_that_cannot_be_is_refused(more: list[str], said: str) -> None:
    told = CliRunner().invoke(app, ["watch", "plan", "cuba-1962", "--on", "1962-11-12", *more])
    assert isinstance(told.exception, InputError)
    assert str(told.exception).startswith(said)


def test_the_least_cost_of_whole_sorties_for_a_required_assurance_is_proved() -> None:
    # 19 sites twice a month are 38 looks, five a flight: eight flights, as two rounds of four.
    found = planned(within(14), 30, required=0.5, seconds=12)
    assert (found.answer.cost, found.answer.cost_bound, found.answer.ended) == (8.0, 8.0, "proved")
    assert found.detection.best >= 0.5
    told = CliRunner().invoke(
        app,
        [
            "watch",
            "plan",
            "cuba-1962",
            "--on",
            "1962-11-12",
            "--required",
            "0.999",
            "--budget",
            "3",
        ],
    )
    assert isinstance(told.exception, InputError)
    assert str(told.exception).startswith(
        "$.required_detection: found demands that cannot all be kept, expected what some plan can"
        " keep. The cheapest way out at the least: $.budget"
    )


def test_agreed_frequencies_bind_whole_sorties_too() -> None:
    free = KnownSchedule(
        2, 4, ("A", "B"), (Means("jet", 1, 5.0, 2),), (((0.5,),) * 4,) * 2, budget=20.0
    )
    bound = msgspec.structs.replace(free, agreed=(Agreed("A", most=1),))
    found = plan(bound, seconds=3)
    assert isinstance(found, KnownAnswer)
    assert sum(site == "A" for site, _, _ in found.schedule) <= 1
    assert (found.min_detection, found.ended) == (0.0, "proved")
    beyond = msgspec.structs.replace(free, agreed=(Agreed("A", least=5),))
    with pytest.raises(InputError, match=r"\$\.agreed\[0\] 1 looks fewer than its least"):
        plan(beyond, seconds=3)


def test_a_required_assurance_of_hundreds_of_sites_has_a_plan_and_a_bound() -> None:
    random = np.random.default_rng(7)
    detect = np.round(random.uniform(0.3, 0.8, (150, 20)), 3)
    problem = KnownSchedule(
        7,
        20,
        tuple(f"S{n}" for n in range(150)),
        (Means("jet", 60),),
        tuple(tuple((cell,) for cell in row) for row in detect.tolist()),
        required_detection=0.6,
    )
    found = plan(problem, seconds=3)
    assert isinstance(found, KnownAnswer)
    assert found.min_detection >= 0.6 - 1e-9
    assert found.cost_bound is not None
    assert 0 < found.cost_bound <= found.cost < 60 * 20


STOCK = """guns.stock,4,4,4,the desk,an example
guns.prob_retained,.1,.2,.3,the desk,an example
guns.exit.missed,0,.1,.2,the desk,an example
guns.exit.twice,0,0,0,the desk,an example
guns.arrival,.01,.02,.05,the desk,an example
"""


def test_the_assurance_as_planned_runs_above_what_was_flown_and_to_the_last_planned_day() -> None:
    dated = ASSUMED.replace("name,low", "name,occurred,low").replace("\nguns.", "\nguns.")
    assumed = "".join(
        line if line.startswith(("===", "name")) else line.replace(",", ",2024-01-08,", 1)
        for line in (dated + STOCK).splitlines(keepends=True)
    )
    view = case_of(CASE, assumed, LOOKS + FLOWN, PLANS)
    (found,) = curves(view)
    assert (found.days[-1], found.days[len(found.flown) - 1]) == (
        date(2024, 1, 16),
        date(2024, 1, 14),
    )
    at = found.days.index(date(2024, 1, 13))  # Dune failed there: planned, it had been seen
    assert found.planned[at] > found.flown[at]
    assert found.planned[: at - 1] == found.flown[: at - 1]
    assert found.flown[-1] == pytest.approx(
        view.assurance("guns").prob_none_left_nor_back.best, abs=1e-12
    )
    drawn_ = curve(found.days, found.planned, found.flown, finding=found.finding).decode()
    assert drawn_.count("<polyline") == 2
    assert "guns, none left and none brought back: as planned " in drawn_
