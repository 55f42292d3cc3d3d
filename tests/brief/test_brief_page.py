"""The page as a whole: what it always says, what it never says, and that it repeats itself."""

from collections.abc import Callable

import msgspec

from excomm.brief import Brief, brief, html, pdf, text, to_json
from excomm.brief.structs import Cell, Table
from excomm.case import Case, View

ViewOf = Callable[..., View]


def test_an_empty_case_says_what_to_enter_next(view_of: ViewOf) -> None:
    page = brief(view_of(""))
    said = text.render(page)
    assert "NOTHING CAN BE SAID YET OF A SHORT CASE." in said
    assert "agreement.yaml" in said and "looks.csv" in said and "declarations.csv" in said
    assert [part.key for part in page.sections] == ["basis"]
    assert page.heading.head[:16] in said
    assert "Nothing can be said yet" in html.render(page)
    assert pdf.render(page).startswith(b"%PDF")


def test_a_day_before_the_case_opens_names_the_day_from_which_to_ask(view_of: ViewOf) -> None:
    said = text.render(brief(view_of("", "2023-12-31")))
    assert "The case opens on 1 January 2024: ask for a day from then\non." in said
    assert "agreement.yaml" not in said


def test_the_same_view_gives_the_same_bytes(cuba: View) -> None:
    again = Case.open("cuba-1962").on("1962-11-12T17:00-05:00")
    for made, remade in zip(_all_forms(brief(cuba)), _all_forms(brief(again)), strict=True):
        assert made == remade


def test_json_holds_the_whole_page(cuba: View) -> None:
    page = brief(cuba)
    assert msgspec.json.decode(to_json(page), type=Brief) == page


def test_no_figure_of_an_unverified_entry_stands_without_the_word(cuba: View) -> None:
    page = brief(cuba)
    unverified = {each.id for each in page.references if each.reading == "unverified"}
    assert unverified
    for cells in _read_together(page):
        if any(unverified & set(cell.rests_on) for cell in cells):
            assert any("unverified" in cell.text for cell in cells), cells


def test_every_cell_leads_to_entries_that_the_page_names(cuba: View) -> None:
    page = brief(cuba)
    named = {each.id for each in page.references}
    used = {i for cells in _read_together(page) for cell in cells for i in cell.rests_on}
    assert used == named


def test_a_reader_who_may_not_see_an_entry_gets_a_page_without_a_trace_of_it(
    view_of: ViewOf,
) -> None:
    rows = """
=== measures.csv
id,occurred,name,party,level,marking,reading
M1,2024-01-02,patrols,A,daily,open,high
M2,2024-01-03,overflights,A,four a day,secret,high
"""
    without = rows.replace("M2,2024-01-03,overflights,A,four a day,secret,high\n", "")
    seen = brief(view_of(rows, cleared="open"))
    fewer = brief(view_of(without, cleared="open"))
    head = msgspec.structs.replace(seen.heading, head=fewer.heading.head)
    assert "overflights" not in text.render(seen)
    basis = [part.key for part in seen.sections].index("basis")
    assert seen.sections[:basis] == fewer.sections[:basis]
    assert head == fewer.heading
    assert text.render(brief(view_of(rows))).count("overflights") == 1


def test_what_was_recorded_later_is_counted_and_not_shown(view_of: ViewOf) -> None:
    rows = """
=== measures.csv
id,occurred,recorded,name,party,level,reading
M1,2024-01-02,2024-01-20,patrols,A,daily,high
"""
    early = text.render(brief(view_of(rows)))
    assert "patrols" not in early
    assert "1 entry recorded later is not shown; add --known-by." in early
    late = text.render(brief(view_of(rows, known_by="2024-01-31")))
    assert "patrols" in late and "as known by Wednesday 31 January 2024" in late
    assert "not shown" not in late


def test_a_marked_case_says_so_on_every_form(view_of: ViewOf) -> None:
    page = brief(
        view_of(
            "=== measures.csv\nid,occurred,name,party,level,marking\nM,2024-01-02,x,A,y,secret\n"
        )
    )
    assert page.heading.marking == "secret"
    assert "MARKED secret" in text.render(page)
    assert '<p class="banner">secret</p>' in html.render(page)


def _all_forms(page: Brief) -> tuple[bytes, ...]:
    return (
        text.render(page).encode(),
        text.render(page, color=True).encode(),
        html.render(page).encode(),
        pdf.render(page),
        to_json(page),
    )


def _read_together(page: Brief) -> list[tuple[Cell, ...]]:
    found: list[tuple[Cell, ...]] = [(said.lead, said.rest) for said in page.bottom_line]
    for part in page.sections:
        for block in part.blocks:
            if isinstance(block, Table):
                found.extend((*row.cells, *row.notes) for row in block.rows)
            else:
                found.extend((point.body, *point.notes) for point in block.points)
    return found
