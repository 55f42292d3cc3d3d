"""What the brief says of allegations: it leads with them, and they stand at their undertaking."""

from collections.abc import Callable

from excomm.brief import Brief, brief
from excomm.brief.structs import Points, Table
from excomm.case import View

ViewOf = Callable[..., View]
DESK = """
items = [{id = "guns", name = "guns", unit = "guns"}]
sites = [{id = "mill", name = "Old Mill"}]
means = [{id = "flight", name = "overflight"}]
=== agreement.yaml
id: accord
title: Accord
parties: {A: Side A, B: Side B}
calendar: {zone: UTC}
undertakings:
  - {id: U-1, by: A, modality: must_not, kind: maintain, what: bring guns, starts: 2024-01-01}
=== outlets.csv
id,name,watched_by,watched_last,reading
daily,The Daily,Ann,2024-01-09,high
radio,Radio One,,,high
=== assumptions.csv
name,low,best,high,author,basis,reading
flight.guns.detection,0.9,0.95,0.97,the desk,they are large,high
guns.prob_concealed,0,0.01,0.02,the desk,no shed is large enough,high
=== reports.csv
id,occurred,recorded,allegation,outlet,item,site,would_break,reading
R1,2024-01-10,2024-01-10T08:00Z,guns are in the mill,daily,guns,mill,U-1,high
"""
LOOK = "\n=== looks.csv\nid,occurred,recorded,means,outcome,sites,reading\n"


def _part(page: Brief, key: str) -> list[Table | Points]:
    return [block for part in page.sections if part.key == key for block in part.blocks]


def _cells(page: Brief, key: str) -> list[str]:
    tables = [block for block in _part(page, key) if isinstance(block, Table)]
    return [
        cell.text for table in tables for row in table.rows for cell in (*row.cells, *row.notes)
    ]


def _points(page: Brief, key: str) -> list[str]:
    blocks = [block for block in _part(page, key) if isinstance(block, Points)]
    return [point.body.text for block in blocks for point in block.points]


def test_an_allegation_that_would_break_an_undertaking_leads_and_stands_there(
    view_of: ViewOf,
) -> None:
    page = brief(view_of(DESK, "2024-01-10T21:00Z"))
    first = page.bottom_line[0]
    assert first.lead.text == "1 undecided report would break U-1 if true."
    assert first.rest.text == "11 h left, warned: guns are in the mill."
    assert "Alleged, and would break it: R1 (undecided)." in _cells(page, "stands")
    assert first.lead.rests_on == ("R1",)


def test_what_was_corroborated_and_breaks_an_undertaking_leads(view_of: ViewOf) -> None:
    finding = (
        "\n=== findings.csv\nid,occurred,recorded,report,decision,text,author,reviewer,reading\n"
        "F1,2024-01-10,2024-01-10T12:00Z,R1,corroborated,two looks saw it,Ann,Ben,high\n"
    )
    page = brief(view_of(DESK + finding, "2024-01-10T21:00Z"))
    first = page.bottom_line[0]
    assert first.lead.text == "1 corroborated report would break U-1."
    assert first.rest.text == "The last: guns are in the mill."
    assert first.lead.rests_on == ("R1",)


def test_nobody_looked_is_said_and_the_look_that_would_settle_it_is_named(view_of: ViewOf) -> None:
    page = brief(view_of(DESK, "2024-01-10T21:00Z"))
    assert "undetermined: nobody looked; nothing checked yet" in _cells(page, "reports")
    assert _points(page, "looks") == [
        "overflight, Old Mill, for guns: R1 (nothing seen: no evidence)"
    ]


def test_after_24_hours_the_breach_is_said_and_what_may_be_answered(view_of: ViewOf) -> None:
    page = brief(view_of(DESK, "2024-01-11T20:00Z"))
    assert "The Daily; ask, answer: over by 12 h (“undetermined so far” may be said)" in _cells(
        page, "reports"
    )
    title = next(part.title for part in page.sections if part.key == "reports")
    assert title == "Reports without a finding: 1; time over: 1"


def test_every_report_is_claimed_for_the_outlets_that_somebody_watches_alone(
    view_of: ViewOf,
) -> None:
    page = brief(view_of(DESK, "2024-01-10T21:00Z"))
    assert _points(page, "reports") == [
        "The Daily by Ann, last 9 Jan."
        " Of no other outlet can it be said that every report was seen."
    ]


def test_no_evidence_states_the_power_of_the_search(view_of: ViewOf) -> None:
    look = f"{LOOK}L1,2024-01-10,2024-01-10T12:00Z,flight,made,mill,high\n"
    said = _cells(brief(view_of(DESK + look, "2024-01-10T21:00Z")), "reports")
    told = "no evidence: one look saw nothing; power 0.94, likelihood ratio 0.0595; over the range"
    assert any(cell.startswith(told) for cell in said)
