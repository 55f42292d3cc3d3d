"""Each part of the page: what it says of a small case, and what it never claims."""

from collections.abc import Callable

import pytest

from excomm.brief import Brief, brief, text
from excomm.brief.structs import Point, Row, Table
from excomm.case import View
from excomm.errors import InputError

ViewOf = Callable[..., View]

ITEMS = """
items = [{id = "guns", name = "guns", unit = "guns"}]
means = [{id = "plane", name = "overflight"}, {id = "visit", name = "on-site visit"}]
[[sites]]
id = "north"
name = "North"
reading = "high"
[[sites]]
id = "south"
name = "South"
reading = "high"
"""


def test_declared_stands_against_counted_by_carrier(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            ITEMS
            + """
=== declarations.csv
id,occurred,party,item,number,carrier,scope,by,reading
D0,2024-01-05,A,guns,10,,total,A,high
D1,2024-01-05,A,guns,4,first train,,A,high
=== counts.csv
id,occurred,item,number,difference,carrier,moving,scope,by,reading
C0,2024-01-06,guns,8,,,leaving,total,B,high
C1,2024-01-06,guns,1,,first train,leaving,,B,unverified
C2,2024-01-06,guns,,1,another train,leaving,,B,high
"""
        )
    )
    rows = {
        row.cells[0].text: [cell.text for cell in row.cells[1:4]] for row in _rows(page, "counted")
    }
    assert rows["first train"] == ["4", "1", "−3"]
    assert rows["another train"] == ["–", "–", "+1"]
    assert rows["guns, all carriers"] == ["10", "8", "−2"]
    said = text.render(page)
    assert "A 5 Jan; counted B 6 Jan (unverified)" in said


COUNTED = (
    ITEMS
    + """
=== agreement.yaml
id: accord
title: Accord
parties: {A: Side A}
calendar: {zone: UTC}
undertakings:
  - {id: U-1, by: A, modality: must, kind: achieve, what: go, starts: 2024-01-01, item: guns}
=== declarations.csv
id,occurred,party,item,number,scope,by,reading
D0,2024-01-05,A,guns,10,total,A,high
=== counts.csv
id,occurred,recorded,item,number,low,high,carrier,site,moving,scope,by,reading,corrects
"""
)


def test_where_nobody_gave_a_total_the_carriers_are_added_up(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            COUNTED
            + """
C1,2024-01-06,,guns,1,,,first train,,leaving,own,B,high,
C2,2024-01-07,,guns,3,,,first train,,leaving,own,B,high,
C3,2024-01-08,,guns,2,2,4,,south,leaving,own,B,high,
"""
        )
    )
    assert _rows(page, "counted")[-1].cells[2].text == "5 (5 to 7)"
    assert page.bottom_line[0].lead.text == (
        "Guns: 10 declared, 5 counted on the way out by 8 January."
    )
    assert {"C2", "C3"} <= set(page.bottom_line[0].rest.rests_on)


def test_a_later_and_larger_sum_of_carriers_stands_for_an_older_total(view_of: ViewOf) -> None:
    rows = """
C0,2024-01-06,,guns,4,,,,,leaving,total,B,high,
C1,2024-01-06,,guns,4,,,first train,,leaving,own,B,high,
C2,2024-01-07,,guns,{},,,next train,,leaving,own,B,high,
"""
    for number, whole in ((3, "7"), (0, "4")):
        page = brief(view_of(COUNTED + rows.format(number)))
        assert _rows(page, "counted")[-1].cells[2].text == whole


def test_a_corrected_figure_says_when_it_was_corrected(view_of: ViewOf) -> None:
    rows = """
C0,2024-01-06,,guns,9,,,,,leaving,total,B,high,
C0.2,2024-01-06,2024-01-08,guns,8,,,,,leaving,total,B,high,C0
"""
    assert "counted B 6 Jan (corrected 8 Jan)" in text.render(brief(view_of(COUNTED + rows)))
    before = brief(view_of(COUNTED + rows, known_by="2024-01-07"))
    assert _rows(before, "counted")[-1].cells[2].text == "9"
    assert "corrected" not in text.render(before)


def test_a_site_that_no_look_named_was_not_looked_at(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            ITEMS
            + """
=== looks.csv
id,occurred,means,outcome,sites,what,reading
L1,2024-01-03,plane,made,north,seen from above,high
L2,2024-01-05,plane,made,,over some of the sites,high
L3,2024-01-06,plane,authorized,south,,high
L4,2024-01-07,plane,aborted,north,turned back,high
"""
        )
    )
    rows = {row.cells[0].text: row.cells for row in _rows(page, "looks")}
    assert [cell.text for cell in rows["South"][1:]] == [
        "–",
        "not looked",
        "6 Jan, overflight authorized, no outcome",
    ]
    assert rows["South"][2].tone == "unknown"
    assert [cell.text for cell in rows["North"][1:]] == [
        "7 days",
        "3 Jan, overflight",
        "7 Jan, overflight aborted",
    ]
    (somewhere,) = _points(page, "looks")
    assert (somewhere.label, somewhere.body.text) == (
        "sites not named",
        "5 Jan, overflight",
    )
    assert "aborted" in [point.label for point in _points(page, "losses")]


def test_a_missing_assumption_is_asked_for_and_no_number_given(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            ITEMS
            + """
=== agreement.yaml
id: accord
title: A short agreement
parties: {A: Side A, B: Side B}
undertakings:
  - id: U-1
    by: A
    to: [B]
    modality: must
    kind: achieve
    what: remove the guns
    starts: 2024-01-01
    item: guns
=== assumptions.csv
name,low,best,high,author,basis
guns.stock,8,10,12,desk,guessed
"""
        )
    )
    (row,) = _rows(page, "stands")
    assert row.cells[2].tone == "unknown"
    asked = "cannot be computed: add row guns.prob_retained to assumptions.csv"
    assert row.cells[2].text == asked
    assert page.bottom_line[-1].rest.text == f"Guns: {asked}."


def test_an_assumption_of_a_later_day_is_not_said_to_be_missing(view_of: ViewOf) -> None:
    rows = """
=== assumptions.csv
occurred,name,low,best,high,author,basis
2024-01-01,guns.stock,8,10,12,desk,guessed
2024-02-01,guns.prob_retained,0.1,0.2,0.3,desk,guessed
"""
    with pytest.raises(InputError) as caught:
        view_of(ITEMS + rows).assurance("guns")
    assert str(caught.value) == (
        "assumptions.csv: found guns.prob_retained known only from 2024-02-01, expected a row that"
        " was known by the day asked. Ask with --known-by, or date the row earlier."
    )
    with pytest.raises(InputError, match=r"no row guns\.arrival"):
        view_of(ITEMS + rows, "2024-02-02").assurance("guns")


def test_readings_stand_side_by_side_and_no_headline_takes_a_side(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            """
=== agreement.yaml
id: accord
title: A short agreement
parties: {A: Side A, B: Side B}
undertakings:
  - id: U-1
    by: A
    to: [B]
    modality: must
    kind: achieve
    what: remove the bombers
    readings:
      A: {condition: {accepted_by: A}, what: the text speaks of guns}
      B: {starts: 2024-01-02, what: the text covers bombers}
"""
        )
    )
    (row,) = _rows(page, "stands")
    assert row.cells[1].text == "pending as A reads it; in force as B does"
    assert row.cells[1].states == ("pending", "in_force")
    (said,) = page.bottom_line
    assert said.lead.text == "U-1 (remove the bombers): read in two ways."
    assert said.rest.text.startswith("U-1 is pending as A reads it; in force as B does")


def test_a_change_since_the_day_before_is_said(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            """
=== agreement.yaml
id: accord
title: A short agreement
parties: {A: Side A, B: Side B}
undertakings:
  - id: U-1
    by: A
    to: [B]
    modality: must
    kind: achieve
    what: open the road
    starts: 2024-01-02
    due: 2024-01-30
events:
  - id: E-1
    date: 2024-01-10
    kind: done
    party: A
    about: [U-1]
    what: the road is open
    assurance: established
"""
        )
    )
    (row,) = _rows(page, "stands")
    assert row.cells[1].text == "fulfilled"
    assert row.cells[0].text == "U-1 A: open the road (unverified)"
    assert row.cells[2].text == "established"
    assert row.cells[3].text.startswith("was in force; 10 Jan: the road is open")
    assert (
        page.bottom_line[0].lead.text == "Since the day before: U-1 (open the road) is fulfilled."
    )


def test_what_one_side_claims_is_said_to_be_its_word(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            """
=== agreement.yaml
id: accord
title: A short agreement
parties: {A: Side A, B: Side B}
undertakings:
  - id: U-1
    by: A
    to: [B]
    modality: must_not
    kind: maintain
    what: fly over the line
    starts: 2024-01-02
events:
  - id: E-1
    date: 2024-01-09
    kind: violation
    party: A
    about: [U-1]
    what: a flight
    assurance: claimed
    held_by: [B]
    reading: high
"""
        )
    )
    (row,) = _rows(page, "stands")
    assert (row.cells[1].text, row.cells[1].tone) == ("cannot be known", "unknown")
    assert row.cells[2].text == "on the word of B"


def test_what_is_due_has_its_hours_left_or_its_outcome(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            """
=== directives.csv
id,occurred,what,to,due,reading
D1,2024-01-10T11:00Z,write to the press,desk,2024-01-11T11:00Z,high
D2,2024-01-10T11:00Z,find the map,desk,2024-01-10T16:00Z,high
D3,2024-01-09T11:00Z,count the trucks,desk,2024-01-10T12:00Z,high
D4,2024-01-09T11:00Z,ask the pilots,desk,2024-01-09T12:00Z,high
=== events.csv
id,occurred,kind,about,what,reading
E3,2024-01-10T11:30Z,done,D3,counted,high
E4,2024-01-09T11:30Z,done,D4,asked,high
=== outlets.csv
id,name
daily,The Daily
=== reports.csv
id,occurred,allegation,outlet,reading
R1,2024-01-08,guns in the mill,daily,high
=== interviews.csv
id,occurred,report,person,due,reading
I1,2024-01-10T11:00Z,R1,the miller,2024-01-11T11:00Z,high
=== replies.csv
id,occurred,outlet,report,due,reading
Y1,2024-01-08,daily,R1,2024-01-09,high
""",
            "2024-01-10T17:00Z",
        )
    )
    rows = {row.cells[0].text: row for row in _rows(page, "due")}
    assert rows["write to the press"].cells[3].text == "18 h of 24"
    assert "the miller" in rows["write to the press"].notes[0].text
    assert rows["find the map"].cells[3].text == "over by 1 h, outcome not entered"
    assert rows["count the trucks"].cells[3].text == "done, today 11:30"
    assert "ask the pilots" not in rows
    assert rows["Reply to The Daily about “guns in the mill”"].cells[3].text.endswith("not done")
    (report,) = _rows(page, "reports")
    assert report.cells[2].text == ("undetermined: no item of the case named; nothing checked yet")
    assert (
        report.cells[3].text
        == "The Daily; reply owed; ask, answer: over by 41 h (“undetermined so far” may be said)"
    )


def test_an_unmentioned_cost_of_a_measure_is_said_to_be_missing(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            """
=== measures.csv
id,occurred,name,party,level,ended,cost,reading
M1,2024-01-02,patrols,A,daily,,,high
M2,2024-01-03,patrols,A,hourly,,fuel,high
M3,2024-01-03,blockade,B,full,,,high
M4,2024-01-04,curfew,A,nightly,,,high
M5,2024-01-05,curfew,A,lifted,yes,,high
"""
        )
    )
    (row,) = _rows(page, "measures")
    assert [cell.text for cell in row.cells] == [
        "A: patrols",
        "hourly",
        "3 Jan",
        "not entered",
        "fuel",
        "not entered",
    ]
    (rest,) = _points(page, "measures")
    assert (rest.label, rest.body.text) == ("cost not entered", "blockade full (B, 3 Jan)")


def test_a_wording_rule_is_not_known_before_it_was_made(view_of: ViewOf) -> None:
    rule = """
wording = [{avoid = "guarantee", use = "assurances", source = "meeting 3", since = 2024-01-08}]
"""
    assert "guarantee" in text.render(brief(view_of(rule, "2024-01-08")))
    assert "guarantee" not in text.render(brief(view_of(rule, "2024-01-07")))


def _blocks(page: Brief, key: str) -> list[object]:
    (part,) = [part for part in page.sections if part.key == key]
    return list(part.blocks)


def _rows(page: Brief, key: str) -> list[Row]:
    return [row for block in _blocks(page, key) if isinstance(block, Table) for row in block.rows]


def _points(page: Brief, key: str) -> list[Point]:
    found: list[Point] = []
    for block in _blocks(page, key):
        found.extend(getattr(block, "points", ()))
    return found


DESK = (
    ITEMS
    + """
=== outlets.csv
id,occurred,name
tele,2024-01-02,River Channel
=== reports.csv
id,occurred,allegation,outlet,item,site,reading
R1,2024-01-03,guns by night,tele,guns,north,high
R2,2024-01-05,guns by rail,,guns,,high
"""
)


def test_a_desk_without_an_agreement_leads_with_its_reports(view_of: ViewOf) -> None:
    later = """
=== findings.csv
id,occurred,report,decision,text,reading
F1,2024-01-08,R1,contradicted,clear pictures show no gun,high
=== looks.csv
id,occurred,means,outcome,sites,what,reading
L1,2024-01-07,plane,made,north,nothing but snow,high
"""
    leads = [said.lead.text for said in brief(view_of(DESK)).bottom_line]
    assert leads == ["2 reports without a finding.", "No look has come off."]
    said = brief(view_of(DESK + later)).bottom_line
    assert [each.lead.text for each in said] == [
        "1 report without a finding.",
        "Found: 1 contradicted.",
        "Last look that came off: 7 Jan, overflight, North.",
    ]
    assert said[1].rest.text == (
        "The last, 8 Jan, of “guns by night”: clear pictures show no gun (not reviewed)."
    )
    assert said[2].rest.text == "Nothing but snow."
    decided = later.replace("F1,", "F2,2024-01-08,R2,no evidence,,high\nF1,")
    assert (
        brief(view_of(DESK + decided)).bottom_line[0].lead.text == "Every report has its finding."
    )


def test_a_break_of_the_ledger_stands_first_until_a_person_explains_it(view_of: ViewOf) -> None:
    rows = """
=== breaks.csv
id,occurred,held_head,explanation
break-1,2024-01-08,3f9ac41e77b20d15aa,
"""
    page = brief(view_of(rows))
    assert page.bottom_line[0].lead.text.startswith("This ledger goes on from an older copy")
    assert "3f9ac41e77b20d15" in page.bottom_line[0].rest.text
    told = brief(view_of(rows.replace("15aa,", "15aa,disk replaced; two rows entered again")))
    assert "older copy" not in told.bottom_line[0].lead.text
