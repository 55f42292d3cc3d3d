"""The four forms of a page: that text fits, that nothing a case says is read as markup."""

import io
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pypdf
import pytest
from rich.cells import cell_len

from excomm.brief import brief, html, pdf, text, to_json
from excomm.case import View

ViewOf = Callable[..., View]

HOSTILE = (
    '<script>alert(1)</script> #let x = 1 $ sum $ \\ *bold* `raw` "#eval" {{ 7*7 }} '
    "</style>} \x1b[31mred\x1b[0m \x07 \u202egnp.exe " + "unbreakable" * 30
)


@pytest.fixture
def hostile(view_of: ViewOf) -> View:
    """A case whose every word tries to be more than a word."""
    quoted = '"' + HOSTILE.replace('"', '""').replace("\x07", "") + '"'
    rows = f"""
=== measures.csv
id,occurred,name,party,level,cost,reading
M1,2024-01-02,{quoted},A,{quoted},{quoted},high
=== lines.csv
id,occurred,clause,to,source,reading
L1,2024-01-02,{quoted},press,{quoted},high
=== decisions.csv
id,occurred,question,state,by,until,reading
D1,2024-01-02,{quoted},wanted,A,{quoted},high
"""
    return view_of(rows)


@pytest.mark.parametrize("width", [60, 80, 100, 140])
def test_text_keeps_within_its_width(cuba: View, hostile: View, width: int) -> None:
    for view in (cuba, hostile):
        for line in text.render(brief(view), width=width).splitlines():
            assert cell_len(line) <= width, line


def test_plain_text_carries_no_escape_sequence(cuba: View, hostile: View) -> None:
    for view in (cuba, hostile):
        said = text.render(brief(view))
        assert all(c.isprintable() or c == "\n" for c in said)


def test_colour_changes_nothing_but_colour(cuba: View) -> None:
    page = brief(cuba)
    coloured = text.render(page, color=True)
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == text.render(page)


def test_a_row_cannot_steer_a_terminal(hostile: View) -> None:
    coloured = text.render(brief(hostile), color=True)
    ours = {"1", "2", "31", "32", "33", "34", "35", "36", "1;31", "0"}
    assert set(re.findall(r"\x1b\[([\d;]*)m", coloured)) <= ours
    assert "\x1b" not in re.sub(r"\x1b\[[\d;]*m", "", coloured)
    assert "�[31mred" in text.render(brief(hostile))


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def test_the_page_has_no_script_and_asks_for_nothing_outside(cuba: View, hostile: View) -> None:
    for view in (cuba, hostile):
        made = html.render(brief(view))
        read = _Tags()
        read.feed(made)
        assert not {"script", "link", "img", "iframe", "object", "embed"} & set(read.tags)
        assert all(address.startswith("#entry-") for address in read.addresses)
        style = made.split("<style>", 1)[1].split("</style>", 1)[0]
        assert "url(" not in style and "@import" not in style
        assert made.count("</style>") == 1


def test_a_title_cannot_leave_the_style_sheet() -> None:
    from excomm.brief.html import _css_string

    assert str(_css_string('a"}</style>')) == '"a\\22 \\7d \\3c \\2f style\\3e "'


def test_every_link_of_the_page_finds_its_entry(cuba: View) -> None:
    made = html.render(brief(cuba))
    targets = set(re.findall(r'<li id="(entry-\d+)"', made))
    assert set(re.findall(r'href="#(entry-\d+)"', made)) <= targets


def test_the_brief_of_cuba_fits_two_sheets_with_head_and_page_on_each(cuba: View) -> None:
    page = brief(cuba)
    sheets = pypdf.PdfReader(io.BytesIO(pdf.render(page))).pages
    assert len(sheets) <= 2
    for at, sheet in enumerate(sheets, start=1):
        said = sheet.extract_text()
        assert page.heading.head[:16] in said
        assert f"page {at} of {len(sheets)}" in said


def test_print_shows_markup_as_the_text_it_is(hostile: View) -> None:
    sheets = pypdf.PdfReader(io.BytesIO(pdf.render(brief(hostile)))).pages
    said = "".join(sheet.extract_text() for sheet in sheets)
    assert "#let x = 1" in said and "<script>" in said and "{{ 7*7 }}" in said


def test_a_script_that_typst_does_not_carry_is_set_from_the_system(view_of: ViewOf) -> None:
    rows = "=== measures.csv\nid,occurred,name,party,level\nM,2024-01-02,巡逻,A,每天\n"
    assert pdf.render(brief(view_of(rows))).startswith(b"%PDF")


def test_json_is_ordered_and_indented(cuba: View) -> None:
    made = to_json(brief(cuba)).decode()
    assert made.startswith('{\n  "heading": {\n    "case_id": "cuba-1962"')
