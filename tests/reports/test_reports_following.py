"""Where a report stands: clocks, repeats, reviews, findings that reopen, corrections owed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from excomm.case import View
from excomm.reports.accounts import Account, worth
from excomm.reports.following import Followed, Received, roots
from excomm.reports.overlap import Time

ViewOf = Callable[..., View]
REPORTS = """
=== reports.csv
id,occurred,recorded,allegation,outlet,item,site,text
R1,2024-01-10,2024-01-10T08:00Z,launchers at North Port,radio,launchers,north,
R2,2024-01-11,2024-01-11T20:00Z,launchers at North Port again,paper,launchers,north,
"""
REPEAT = "\n=== repeats.csv\nid,occurred,recorded,report,of,state\n"
FINDING = "\n=== findings.csv\nid,occurred,recorded,report,decision,author,reviewer\n"
LOOK = "\n=== looks.csv\nid,occurred,recorded,reading,means,outcome,sites,items\n"


def first(view: View) -> Followed:
    return view.followed()[0]


def test_both_clocks_run_from_the_first_receipt(ports: ViewOf) -> None:
    one = first(ports(REPORTS, "2024-01-10T21:00Z"))
    assert (one.interview_clock.state, one.reply_clock.state) == ("first warning", "first warning")
    assert one.reply_clock.hours_left == pytest.approx(11.0)


def test_a_confirmed_repeat_adds_its_outlet_and_never_restarts_a_clock(ports: ViewOf) -> None:
    text = f"{REPORTS}{REPEAT}P1,2024-01-11,2024-01-11T21:00Z,R2,R1,confirmed\n"
    one, two = ports(text, "2024-01-11T22:00Z").followed()
    assert (one.repeats, one.outlets, two.repeat_of) == (("R2",), ("radio", "paper"), "R1")
    assert one.reply_clock.state == "breached"
    assert one.received == datetime(2024, 1, 10, 8, tzinfo=UTC)


@pytest.mark.parametrize("state", ["suggested", "undone"])
def test_a_repeat_that_nobody_confirmed_stands_by_itself(ports: ViewOf, state: str) -> None:
    text = (
        f"{REPORTS}{REPEAT}P1,2024-01-11,2024-01-11T21:00Z,R2,R1,confirmed\n"
        f"P2,2024-01-12,2024-01-12T01:00Z,R2,R1,{state}\n"
    )
    one, two = ports(text, "2024-01-12T02:00Z").followed()
    assert (one.repeats, two.repeat_of) == ((), "")


def test_byte_equal_copies_are_one_report_and_the_first_receipt_counts() -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    came = [
        Received(report=name, at=at, outlet="", text=text, unparsed="")
        for name, text in (("A", "x"), ("B", "y"), ("C", "x"), ("D", ""), ("E", ""))
    ]
    assert roots(came, {}) == {"A": "A", "B": "B", "C": "A", "D": "D", "E": "E"}
    assert roots(came, {"A": "B", "B": "A"})["C"] == "A"


def test_an_unreviewed_finding_is_said_to_be_one(ports: ViewOf) -> None:
    text = f"{REPORTS}{FINDING}F1,2024-01-11,2024-01-11,R1,undetermined,Ann,\n"
    assert not first(ports(text, "2024-01-12")).reviewed
    assert first(ports(text, "2024-01-12", header='reports = {review = "none"}')).reviewed
    two = f"{REPORTS}{FINDING}F1,2024-01-11,2024-01-11,R1,undetermined,Ann,Ben\n"
    assert first(ports(two, "2024-01-12")).reviewed


def test_a_finding_reopens_by_itself_when_a_later_look_moves_the_ratio_past_a_threshold(
    ports: ViewOf,
) -> None:
    decided = f"{REPORTS}{FINDING}F1,2024-01-11,2024-01-11,R1,undetermined,Ann,Ben\n"
    assert not first(ports(decided, "2024-01-12")).reopened
    later = f"{decided}{LOOK}L1,2024-01-12,2024-01-12T09:00Z,high,team,made,north,launchers\n"
    one = first(ports(later, "2024-01-13"))
    assert one.reopened == (
        "the looks gave a ratio of 1 when it was decided (open), now 0.069 (against it)"
    )
    assert one.is_open
    # A look that was known when it was decided reopens nothing.
    known = later.replace("F1,2024-01-11,2024-01-11", "F1,2024-01-12,2024-01-12T10:00Z")
    assert not first(ports(known, "2024-01-13")).reopened


def test_an_outlet_told_otherwise_before_is_owed_a_correction(ports: ViewOf) -> None:
    text = (
        f"{REPORTS}{FINDING}F1,2024-01-10,2024-01-10T12:00Z,R1,undetermined,Ann,Ben\n"
        "F2,2024-01-12,2024-01-12T12:00Z,R1,no evidence,Ann,Ben\n"
        "\n=== replies.csv\nid,occurred,outlet,report,finding,sent\n"
        "Y1,2024-01-11,radio,R1,F1,2024-01-11T07:00Z\n"
    )
    one = first(ports(text, "2024-01-13"))
    assert (one.finding, one.to_correct, one.unanswered) == ("F2", ("radio",), ())
    assert (one.reply_clock.state, one.reply_clock.late) == ("stopped", False)
    assert one in ports(text, "2024-01-13").waiting()
    again = f"{text}Y2,2024-01-12,radio,R1,F2,2024-01-12T13:00Z\n"
    assert first(ports(again, "2024-01-13")).to_correct == ()


def test_what_the_text_dates_itself_never_sets_a_clock(ports: ViewOf) -> None:
    text = """
=== reports.csv
id,occurred,recorded,published,allegation,text
R1,2024-01-10,2024-01-10T08:00Z,1999-01-01,arms,Seen on 3 March 2031 at North Port.
"""
    assert first(ports(text, "2024-01-10T09:00Z")).reply_clock.hours_left == pytest.approx(23.0)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"outcome": "refused"}, "refused; nothing learned"),
        ({"outcome": "untraced"}, "untraced; nothing learned"),
        ({}, "not asked yet"),
        ({"asked": True}, "asked; no answer yet"),
        (
            {"asked": True, "knows": "heard", "result": "arms"},
            "asked; not first-hand; adds nothing to what we hold",
        ),
        (
            {"asked": True, "knows": "seen himself", "result": "arms"},
            "asked; seen himself; adds to what we hold",
        ),
        (
            {
                "asked": True,
                "knows": "seen himself",
                "result": "arms",
                "last_there": datetime(2023, 1, 1, tzinfo=UTC),
            },
            "asked; was last there before it is said to have been; adds nothing to what we hold",
        ),
        (
            {"asked": True, "knows": "heard", "shows": "a photograph"},
            "asked; not first-hand; shows a photograph; adds to what we hold",
        ),
    ],
)
def test_an_account_is_worth_what_its_source_can_know(said: dict[str, object], told: str) -> None:
    empty = {"outcome": "", "knows": "", "heard_from": "", "last_there": None, "shows": ""}
    account = Account(**{**empty, "result": "", "asked": False, **said})  # type: ignore[arg-type]
    when = Time(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 1, 2, tzinfo=UTC))
    assert worth(account, when, ()) == told


def test_an_account_that_tells_what_a_count_holds_adds_nothing(ports: ViewOf) -> None:
    text = (
        f"{REPORTS}\n=== counts.csv\nid,occurred,reading,item,number,site\n"
        "C1,2024-01-09,high,launchers,6,north\n"
        "\n=== interviews.csv\nid,occurred,report,person,asked,outcome,knows,result\n"
        "I1,2024-01-10,R1,a driver,2024-01-10T09:00Z,answered,seen himself,"
        "six launchers at North Port\n"
    )
    (asked,) = first(ports(text, "2024-01-11")).asked
    assert asked.worth == "asked; seen himself; held already: C1; adds nothing to what we hold"
