"""What is declared and never counted, what has stopped, and what a sample buys."""

from collections.abc import Callable

from excomm.brief import Brief, brief, text
from excomm.brief.structs import Point, Row, Table
from excomm.case import View

ViewOf = Callable[..., View]

TREATY = """
items = [
  {id = "warheads", name = "warheads", unit = "warheads", source = "text", reading = "high"},
  {id = "silos", name = "silos", unit = "silos", source = "text", reading = "high"},
]
means = [{id = "visit", name = "visit by B", type = "visit", party = "B", reading = "high"}]
[[sites]]
id = "north"
name = "North"
reading = "high"
=== agreement.yaml
id: accord
title: A short treaty
parties: {A: Side A, B: Side B}
reading: high
undertakings:
  - {id: U-1, by: A, to: [B], modality: must, kind: achieve, what: come within the limits,
     starts: 2024-01-01, due: 2024-03-01, measure: {warheads: 100, silos: 50}, reading: high}
  - {id: U-2, by: A, to: [B], modality: must, kind: maintain, what: stay within the limits,
     starts: {after: due of U-1}, ends: 2024-12-31, measure: {warheads: 100, silos: 50},
     reading: high}
  - {id: U-3, by: A, to: [B], modality: must, kind: recur, what: give numbers, starts: 2024-01-01,
     each: {months: all, due_day: 28}, reading: high}
  - {id: U-4, by: A, to: [B], modality: must, kind: recur, what: host visits, starts: 2024-01-01,
     verification: [visit], reading: high}
"""
NUMBERS = """
=== declarations.csv
id,occurred,recorded,party,item,number,scope,by,held_by,reading
W1,2024-01-02,2024-01-05,A,warheads,130,total,A,A,high
W2,2024-02-02,2024-02-05,A,warheads,110,total,A,A,high
W3,2024-03-02,2024-03-05,A,warheads,99,total,A,A,high
W4,2024-04-02,2024-04-05,A,warheads,98,total,A,A,unverified
S1,2024-03-02,2024-03-05,A,silos,51,total,A,A,high
B1,2024-03-02,2024-03-05,B,warheads,70,total,B,B,high
"""


def test_each_side_stands_against_its_own_limit_with_age_and_the_day_it_was_known(
    view_of: ViewOf,
) -> None:
    page = brief(view_of(TREATY + NUMBERS, "2024-03-12"))
    rows = {row.cells[0].text: [cell.text for cell in row.cells[1:]] for row in _rows(page)}
    assert rows["A: warheads"] == ["99", "100", "−1", "", "2 Mar, 10 days old; known 5 Mar"]
    assert rows["B: warheads"] == ["70", "–", "", "", "2 Mar, 10 days old; known 5 Mar"]
    assert "counted" not in [part.key for part in page.sections]


def test_only_a_limit_that_binds_makes_a_figure_over_it_a_warning(view_of: ViewOf) -> None:
    early, late = (
        {row.cells[0].text: row for row in _rows(brief(view_of(TREATY + NUMBERS, day)))}
        for day in ("2024-02-10", "2024-03-12")
    )
    assert (early["A: warheads"].cells[3].text, early["A: warheads"].cells[3].tone) == (
        "+10",
        "plain",
    )
    assert (late["A: silos"].cells[3].text, late["A: silos"].cells[3].tone) == ("+1", "warning")
    said = brief(view_of(TREATY + NUMBERS, "2024-02-10")).bottom_line[0]
    assert said.lead.text == (
        "A declared itself over its limit as of 2 February (110 warheads against 100)."
    )
    assert "The limits do not bind before 1 March: over one is no breach." in said.rest.text


def test_the_usual_step_is_told_once_three_are_known(view_of: ViewOf) -> None:
    rows = {
        row.cells[0].text.partition(" (")[0]: row
        for row in _rows(brief(view_of(TREATY + NUMBERS, "2024-04-12")))
    }
    assert rows["A: warheads"].cells[4].text == "±11"  # of 20, 11 and 1
    assert "unverified" in rows["A: warheads"].cells[0].text


def test_a_number_is_not_told_before_it_was_known(view_of: ViewOf) -> None:
    assert not _rows(brief(view_of(TREATY + NUMBERS, "2024-01-04")))


def test_a_counted_item_stays_among_the_counted(view_of: ViewOf) -> None:
    counted = (
        NUMBERS + "=== counts.csv\nid,occurred,item,number,moving\nC,2024-03-03,silos,2,leaving\n"
    )
    page = brief(view_of(TREATY + counted, "2024-03-12"))
    assert [row.cells[0].text for row in _rows(page)] == ["A: warheads", "B: warheads"]
    assert "silos, all carriers" in text.render(page)


STOPPED = """
events:
  - {id: E-1, date: 2024-02-01, kind: done, party: A, about: [U-4], what: a visit,
     assurance: established, reading: high}
  - {id: E-2, date: 2024-02-10, kind: suspended_by_agreement, party: [A, B], about: [U-4],
     what: snow, assurance: established, reading: high}
  - {id: E-3, date: 2024-02-20, kind: refusal, party: A, about: [U-4], what: no visits,
     assurance: established, reading: high}
  - {id: E-4, date: 2024-03-28, kind: not_done, party: A, about: [U-3],
     what: no numbers for March, assurance: established, reading: high}
"""


def test_what_stopped_says_which_act_stands_behind_nothing_done(view_of: ViewOf) -> None:
    page = brief(view_of(TREATY + STOPPED, "2024-02-15"))
    (row,) = _rows(page, "stopped")
    assert [cell.text for cell in row.cells[1:]] == [
        "1 February",
        "10 Feb, 5 days",
        "paused by agreement",
    ]
    later = _rows(brief(view_of(TREATY + STOPPED, "2024-04-02")), "stopped")
    assert [row.cells[3].text for row in later] == ["not done by A", "refused by A"]
    assert later[1].notes[0].text == "10 Feb paused by agreement; 20 Feb refused by A."


def test_what_was_done_again_has_not_stopped(view_of: ViewOf) -> None:
    again = (
        STOPPED
        + "  - {id: E-5, date: 2024-03-01, kind: done, party: A, about: [U-4], what: a visit,"
        + " assurance: established, reading: high}\n"
    )
    assert not _rows(brief(view_of(TREATY + again, "2024-03-02")), "stopped")


LOOKS = """
=== looks.csv
id,occurred,means,outcome,number,what,party,reading
L1,2024-02-01,visit,made,1,one visit,B,high
"""


def test_the_bottom_line_says_when_the_last_look_was_and_why_none_came_after(
    view_of: ViewOf,
) -> None:
    page = brief(view_of(TREATY + STOPPED + LOOKS, "2024-02-25"))
    said = page.bottom_line[-1]
    assert said.lead.text == "Last visit by B: by 1 February, 24 days ago."
    assert said.rest.text == (
        "U-4 (proposed: breached): 10 Feb paused by agreement; 20 Feb refused by A."
        " What was declared after that, no look has tested."
    )


def test_where_no_look_names_a_site_no_site_is_called_unseen(view_of: ViewOf) -> None:
    page = brief(view_of(TREATY + LOOKS, "2024-02-25"))
    assert not _rows(page, "looks")
    assert _points(page, "looks")[0].body.text.startswith("no look names one of the 1 sites")


SAMPLE = """
=== assumptions.csv
name,low,best,high,author,basis,reading
visit.warheads.sampled,10,10,10,desk,ten are opened,high
visit.warheads.hidden,5,5,20,desk,an example,high
"""


def test_a_sample_is_drawn_from_the_latest_number_that_was_read(view_of: ViewOf) -> None:
    page = brief(view_of(TREATY + NUMBERS + SAMPLE, "2024-04-12"))
    (point,) = _points(page, "sample")
    # 1 - C(94,10)/C(99,10) and 1 - C(79,10)/C(99,10)
    assert "of the 99 warheads that A declared as of 2 Mar" in point.body.text
    assert point.body.text.partition(": ")[2].startswith(
        "the chance to meet one that is not as declared is .42 if 5 are and .91 if 20 are"
    )
    assert any("2 Apr, is recalled, not read: not used" in note.text for note in point.notes)


def test_a_sample_larger_than_what_is_declared_says_why_there_is_no_sum(view_of: ViewOf) -> None:
    small = SAMPLE.replace("10,10,10", "10,500,500")
    (point,) = _points(brief(view_of(TREATY + NUMBERS + small, "2024-03-12")), "sample")
    assert point.body.tone == "unknown"
    assert point.body.text.startswith("cannot be computed: sampled")


def test_the_obligors_own_figures_are_said_to_be_his_own(view_of: ViewOf) -> None:
    shown = """
events:
  - {id: E-1, date: 2024-03-02, kind: measurement, party: A, about: [U-2],
     shows: {U-2: performed}, assurance: established, reading: high}
"""
    page = brief(view_of(TREATY + shown, "2024-03-12"))
    (row,) = [row for row in _rows(page, "stands") if row.cells[0].text.startswith("U-2")]
    assert row.cells[2].text == "established: its own figures of 2 Mar"


def test_a_state_whose_term_ended_early_is_known_to_be_kept_no_longer_than_shown(
    view_of: ViewOf,
) -> None:
    ended = """
events:
  - {id: E-1, date: 2024-03-02, kind: measurement, party: A, about: [U-2],
     shows: {U-2: performed}, assurance: established, reading: high}
  - {id: E-2, date: 2024-06-01, kind: terminated, party: [A, B], about: [U-2], what: the end,
     assurance: established, reading: high}
"""
    page = brief(view_of(TREATY + ended, "2024-06-12"))
    (row,) = [row for row in _rows(page, "stands") if row.cells[0].text.startswith("U-2")]
    assert row.cells[2].text == "over; last shown kept 2 Mar, after that cannot be known"


def test_a_settled_offer_stays_for_a_week_with_its_answer(view_of: ViewOf) -> None:
    offered = """
=== offers.csv
id,occurred,by,to,text,put,reading
O1,2024-01-02,A,B,one year more,yes,high
=== responses.csv
id,occurred,offer,party,answer,text,reading
R1,2024-01-05,O1,B,refused,a new text instead,high
"""
    (point,) = _points(brief(view_of(offered, "2024-01-10")), "offers")
    assert [note.text for note in point.notes] == ["Refused by B, 5 Jan: a new text instead."]
    assert not _points(brief(view_of(offered, "2024-01-14")), "offers")


def _rows(page: Brief, key: str = "declared") -> list[Row]:
    parts = [part for part in page.sections if part.key == key]
    return [
        row for part in parts for one in part.blocks if isinstance(one, Table) for row in one.rows
    ]


def _points(page: Brief, key: str) -> list[Point]:
    found: list[Point] = []
    for part in page.sections:
        if part.key == key:
            for block in part.blocks:
                found.extend(getattr(block, "points", ()))
    return found
