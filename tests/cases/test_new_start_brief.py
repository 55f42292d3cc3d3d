"""The brief of New START on the days that a historian of arms control would ask for."""

import pytest

from excomm.brief import Brief, brief
from excomm.brief.structs import Table
from excomm.case import Case

CASE = Case.open("new-start-2010")
_TOLD: dict[str, str] = {}


def told(on: str) -> str:
    """Everything the page says, a row or a point a line."""
    if on not in _TOLD:
        _TOLD[on] = _lines(brief(CASE.on(on)))
    return _TOLD[on]


def test_the_case_is_shown_on_the_day_after_the_refusal_to_certify() -> None:
    assert brief(CASE.on()).heading.when.startswith("Wednesday 1 February 2023")


@pytest.mark.parametrize(
    "said",
    [
        "RUS declared itself within all 3 limits as of 5 February (nearest: 779",
        "On each side's own word; how old: USA 24 days and RUS 24 days",
        "Disputed: NS-2",
        "Last inspection by USA and last inspection by RUS: by 4 February, 25 days ago.",
        "NS-7 (in force): 18 inspections by USA in treaty year 7.",
        "USA: warheads on deployed launchers | 1,350 | 1,550 | −200 |",
        "| 5 Feb, 24 days old; known 22 Feb",
        "until 5 February 2021; no breach established",
        "denied | to USA, 5 Feb: RUS: the limit was reached partly by conversions",
        "of the 527 deployed launchers that RUS declared as of 5 Feb",
    ],
)
def test_1_march_2018_reads_right(said: str) -> None:
    assert said in told("2018-03-01")


@pytest.mark.parametrize(
    "unknown", ["101", "2026", "2022", "suspen", "refused", "What has stopped"]
)
def test_1_march_2018_does_not_know_what_came_later(unknown: str) -> None:
    page = "\n".join(line for line in told("2018-03-01").splitlines() if "read from" not in line)
    assert unknown not in page


@pytest.mark.parametrize(
    "said",
    [
        "within all 3 limits as of 1 September 2022 (nearest: 1,549 warheads on deployed launchers"
        " against 1,550)",
        "how old: USA 153 days and RUS 153 days (partly unverified)",
        "by 31 March 2020, 1,037 days ago.",
        "NS-7 (proposed: breached): 1 Apr 2020 paused by agreement; 8 Aug 2022 refused by RUS.",
        "NS-8 (suspended): 1 Apr 2020 paused by agreement.",
        "no change; 31 Jan: the USA cannot certify Russian compliance for 2022",
        "no change; 31 Jan: as under NS-3",
        "is 1,822 days overdue",
        "What was declared after that, no look has tested.",
        "RUS: warheads on deployed launchers | 1,549 | 1,550 | −1 | ±61 | 1 Sep 2022, 153 days old;"
        " known 31 Oct 2022",
        "established: its own figures of 1 Sep 2022",
        "it counts the USA 101 over the 800",
        "of the 526 deployed launchers that RUS declared as of 1 Mar 2022: the chance to meet one"
        " that is not as declared is .18 if 10 are and .64 if 50 are",
        "None made since 31 March 2020",
        "of what is not declared inspection finds nothing",
        "no look names one of the 23 sites",
    ],
)
def test_1_february_2023_reads_right(said: str) -> None:
    assert said in told("2023-02-01")


@pytest.mark.parametrize("unknown", ["21 Feb", "1,419", "countermeasure", "25,000"])
def test_1_february_2023_does_not_know_what_came_later(unknown: str) -> None:
    assert unknown not in told("2023-02-01")


@pytest.mark.parametrize(
    "said",
    [
        "USA declared itself within all 3 limits as of 1 March 2023",
        "how old: USA 1,073 days and RUS 1,254 days. The limits bind no more.",
        "Figures owed have stopped: NS-5 not done by RUS 30 Mar 2023; NS-6 stopped by USA as a"
        " countermeasure, reversible 30 Mar 2023",
        "over; last shown kept 1 Sep 2022, after that cannot be known",
        "NS-7 (proposed: breached): 1 Apr 2020 paused by agreement; 8 Aug 2022 refused by RUS;"
        " 21 Feb 2023 to 28 Feb 2023 suspended by RUS alone, disputed; 5 Feb ended.",
        "ended; before that stopped by USA as a countermeasure, reversible",
        "Refused by USA, 5 Feb: the US president wants a new treaty.",
        "The numbers no longer binding, says the foreign ministry (RUS, 4 Feb)",
        "looks in 2024: none by either side, so that no look bears on it",
        "no look | 8 Aug 2022 to 5 Feb: no inspection by either side",
    ],
)
def test_6_february_2026_reads_right(said: str) -> None:
    assert said in told("2026-02-06")


def test_over_the_limits_in_2012_is_no_breach() -> None:
    said = told("2012-02-06")
    assert "USA declared itself over 3 of 3 limits as of 1 September 2011" in said
    assert "The limits do not bind before 5 February 2018: over one is no breach." in said
    assert "breached" not in said


def test_what_the_other_side_hid_is_never_counted_as_nothing() -> None:
    for on in ("2023-06-15", "2026-02-06"):
        assert "RUS: warheads on deployed launchers | 1,549" in told(on)
        assert "| 0 |" not in told(on).replace("| 800 | 800 | 0 |", "")


@pytest.mark.parametrize("on", ["2012-02-06", "2018-03-01", "2023-02-01", "2026-02-06"])
def test_no_figure_of_an_unverified_entry_stands_without_the_word(on: str) -> None:
    page = brief(CASE.on(on))
    unverified = {each.id for each in page.references if each.reading == "unverified"}
    assert unverified
    for part in page.sections:
        for block in part.blocks:
            rows = (
                [(*row.cells, *row.notes) for row in block.rows]
                if isinstance(block, Table)
                else [(point.body, *point.notes) for point in block.points]
            )
            for cells in rows:
                if any(unverified & set(cell.rests_on) for cell in cells):
                    assert any("unverified" in cell.text for cell in cells), cells


def _lines(page: Brief) -> str:
    lines = [f"{said.lead.text} {said.rest.text}" for said in page.bottom_line]
    for part in page.sections:
        lines.append(part.title)
        for block in part.blocks:
            if isinstance(block, Table):
                rows = [(*row.cells, *row.notes) for row in block.rows]
                lines += [" | ".join(cell.text for cell in row) for row in rows]
            else:
                lines += [
                    " | ".join((point.label, point.body.text, *(note.text for note in point.notes)))
                    for point in block.points
                ]
    return "\n".join(lines)


def test_sources_are_named_in_full_and_not_by_the_short_names_of_the_agreement() -> None:
    sources = {each.id: each.source for each in brief(CASE.on("2023-02-01")).references}
    assert sources["NS-3"] == "State Department, central limits and aggregate numbers 2011-2020"
    assert not [one for one, source in sources.items() if source.split("; ")[0] in ("S1", "S8")]
