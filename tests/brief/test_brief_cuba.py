"""The whole way: the brief of 12 November 1962 as text, and what a historian would ask of it."""

from pathlib import Path

import pytest

from excomm.brief import Brief, brief, text
from excomm.brief.structs import Table
from excomm.case import Case, View

EXPECTED = Path(__file__).with_name("cuba-1962-11-12.txt")


def test_the_brief_of_12_november_reads_as_it_was_last_reviewed(cuba: View, tmp_path: Path) -> None:
    # The digest changes with every row of the case; the page shows whether the change matters.
    said = text.render(brief(cuba)).replace(cuba.head.digest, "f" * 64)
    said = said.replace(cuba.head.digest[:16], "f" * 16)
    made = tmp_path / EXPECTED.name
    made.write_text(said, encoding="utf-8")
    assert said == EXPECTED.read_text(encoding="utf-8"), f"Read it, then: cp {made} {EXPECTED}"


@pytest.mark.parametrize(
    "said",
    [
        "Missiles: 42 declared, 38 counted on the way out by 9 November.",
        "Labinsk 2 short and another ship 1 over",
        "read in two ways, and no reply by 12 November",
        "CU-4 is in force as USA reads it; pending as USSR does",
        "On-site inspection has not taken place: refused by Cuba, 30 to 31 Oct.",
        "President: within twenty-four hours our officials interrogate every Cuban refugee",
        "18 h of 24",
        "over by 1 h, outcome not entered",
        "6 Nov the press's sources asked: could not substantiate",
        "USA: Quarantine | hail and pass; Bloc ships not boarded",
        "USA: DEFCON SAC | DEFCON 2",
        "“assurances”, never “guarantee”",
        "Not kept since: McCloy, ExComm 24, p. 3.",
        "27 Oct: U-2 shot down near Banes, Major Anderson killed",
    ],
)
def test_12_november_reads_right_to_a_historian(cuba: View, said: str) -> None:
    assert said in _told(brief(cuba))


@pytest.mark.parametrize(
    "unknown",
    [
        "obligations fulfilled",
        "beyond reasonable doubt",
        "36 warheads",
        "Okhotsk",
        "reasonably sure",
    ],
)
def test_12_november_does_not_know_what_came_later(cuba: View, unknown: str) -> None:
    assert unknown not in _told(brief(cuba))


def test_on_the_evening_of_20_november_the_quarantine_is_off_and_the_bombers_bind() -> None:
    said = _told(brief(Case.open("cuba-1962").on("1962-11-20T21:00-05:00")))
    assert "CU-4 (remove the IL-28 bombers from Cuba) is in force" in said
    assert "CU-8 (lift the quarantine) is fulfilled" in said
    assert "Next deadline: CU-4 (remove the IL-28 bombers from Cuba), 20 Dec; 30 days left." in said
    assert "USA: Quarantine" not in said


def _told(page: Brief) -> str:
    """Everything the page says, a row or a point a line."""
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


def test_a_day_too_far_ahead_for_figures_is_told_once() -> None:
    page = text.render(brief(Case.open("cuba-1962").on("2070-01-01")))
    words = " ".join(page.split())
    assert words.count("expected a day within 100 years of") == 1
    assert "Missiles: cannot be computed so far ahead. IL-28 bombers:" in words
