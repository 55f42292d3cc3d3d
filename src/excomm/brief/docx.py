"""A document as DOCX: text, tables and numbered sources; no macro, no link to anything outside.

The same document gives the same bytes: the package is packed again with one fixed date.
"""

import io
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from excomm.brief import words
from excomm.brief.document import Document
from excomm.brief.structs import Cell, Points, Reference, Section, Table

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.text.paragraph import Paragraph

_DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say
_INKS = {
    "fulfilled": "0b6b57", "in_force": "1d4f91", "due": "7a4e00", "breached": "a31d15",
    "unverifiable": "5a3190",
}  # fmt: skip
_QUIET, _WARNING = "4d5259", "a31d15"


def render(document: Document) -> bytes:
    """The whole file."""
    from docx import Document as Fresh
    from docx.shared import Cm, Pt

    made = Fresh()
    for part in made.sections:
        part.page_width, part.page_height = Cm(21), Cm(29.7)
        part.left_margin = part.right_margin = Cm(2)
        part.top_margin = part.bottom_margin = Cm(1.8)
    made.styles["Normal"].font.name = "Calibri"
    made.styles["Normal"].font.size = Pt(10)
    made.styles["Normal"].paragraph_format.space_after = Pt(4)
    pen = _Pen(made, document.numbers)
    pen.edges(document)
    for line in document.to:
        pen.line(line)
    made.add_heading(document.title, level=0)
    for line in document.under:
        pen.line(line, ink=_QUIET)
    for said in document.opening:
        pen.cells(said.lead, said.rest, lead_bold=bool(said.rest.text))
    for section in document.parts:
        pen.section(section)
    for line in document.closing:
        pen.line(line)
    letters = iter("ABCDEFGH")
    if document.sources:
        pen.sources(f"Annex {next(letters)}. Sources", document.sources)
    for section in document.annexes:
        pen.section(section, f"Annex {next(letters)}. {section.title}")
    return _packed(made, document.title)


class _Pen:
    """Writes cells, tables and lists with the numbers of their sources."""

    def __init__(self, made: "Docx", numbers: dict[str, int]) -> None:
        self.made = made
        self.numbers = numbers

    def edges(self, document: Document) -> None:
        """The marking above and the head below, on each sheet."""
        from docx.enum.text import WD_ALIGN_PARAGRAPH

        section = self.made.sections[0]
        head = section.header.paragraphs[0]
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        self.run(head, document.marking.upper(), bold=True)
        foot = section.footer.paragraphs[0]
        self.run(foot, f"{document.foot} · page ", ink=_QUIET)
        _field(foot, "PAGE")
        self.run(foot, " of ", ink=_QUIET)
        _field(foot, "NUMPAGES")

    def line(self, text: str, *, ink: str = "") -> None:
        self.run(self.made.add_paragraph(), text, ink=ink)

    def cells(self, *cells: Cell, lead_bold: bool = False, style: str | None = None) -> None:
        paragraph = self.made.add_paragraph(style=style)
        for at, cell in enumerate(cells):
            if at and cell.text:
                self.run(paragraph, " ")
            self.cell(paragraph, cell, bold=lead_bold and at == 0)

    def section(self, section: Section, title: str = "") -> None:
        self.made.add_heading(title or section.title, level=1)
        for block in section.blocks:
            if isinstance(block, Table):
                self.table(block)
            else:
                self.points(block)

    def points(self, block: Points) -> None:
        for point in block.points:
            paragraph = self.made.add_paragraph()
            if point.label:
                self.run(paragraph, f"{point.label}: ", ink=_QUIET)
            self.cell(paragraph, point.body)
            for note in point.notes:
                self.run(paragraph, " ")
                self.cell(paragraph, note)

    def table(self, block: Table) -> None:
        table = self.made.add_table(rows=1, cols=len(block.columns), style="Table Grid")
        for place, column in zip(table.rows[0].cells, block.columns, strict=True):
            self.run(place.paragraphs[0], column.head, bold=True)
        _repeats(table.rows[0])
        for row in block.rows:
            places = table.add_row().cells
            for place, cell in zip(places, row.cells, strict=True):
                self.cell(place.paragraphs[0], cell, bold=row.total)
            for note in row.notes:
                self.cell(places[0].add_paragraph(), note)
        self.made.add_paragraph()

    def sources(self, title: str, sources: tuple[Reference, ...]) -> None:
        self.made.add_heading(title, level=1)
        for number, each in enumerate(sources, start=1):
            said = ", ".join(filter(None, (each.kind, each.occurred, each.by)))
            text = f"[{number}] {each.id}: {said}; {each.standing}, read {each.reading}"
            self.line(text + (f". {each.source}" if each.source else "."))

    def cell(self, paragraph: "Paragraph", cell: Cell, *, bold: bool = False) -> None:
        shapes = " ".join(words.SHAPES[state] for state in cell.states)
        ink = _INKS.get(cell.states[0], "") if len(cell.states) == 1 else ""
        ink = ink or {"quiet": _QUIET, "warning": _WARNING}.get(cell.tone, "")
        strong = bold or cell.tone in ("strong", "warning")
        self.run(paragraph, f"{shapes} {cell.text}".strip(), bold=strong, ink=ink)
        numbers = sorted({self.numbers[one] for one in cell.rests_on if one in self.numbers})
        if numbers:
            self.run(paragraph, _ranges(numbers), small=True, ink=_QUIET)

    def run(
        self,
        paragraph: "Paragraph",
        text: str,
        *,
        bold: bool = False,
        small: bool = False,
        ink: str = "",
    ) -> None:
        from docx.shared import RGBColor

        made = paragraph.add_run("".join(c for c in text if c >= " " or c == "\t"))
        made.bold = bold or None
        made.font.superscript = small or None
        if ink:
            made.font.color.rgb = RGBColor.from_string(ink.upper())


def _ranges(numbers: list[int]) -> str:
    """Numbers of sources as they stand behind a text.

    >>> _ranges([1, 2, 3, 5])
    '[1-3, 5]'
    """
    found: list[list[int]] = []
    for number in numbers:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    return f"[{', '.join(f'{r[0]}-{r[-1]}' if len(r) > 1 else str(r[0]) for r in found)}]"


def _field(paragraph: "Paragraph", name: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), name)
    paragraph._p.append(field)


def _repeats(row: Any) -> None:
    from docx.oxml import OxmlElement

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _packed(made: "Docx", title: str) -> bytes:
    about = made.core_properties
    about.title, about.author, about.last_modified_by = title[:200], "", ""
    about.comments = ""
    about.created = about.modified = datetime(*_DATE, tzinfo=UTC).replace(tzinfo=None)
    about.revision = 1
    raw, out = io.BytesIO(), io.BytesIO()
    made.save(raw)
    with (
        zipfile.ZipFile(raw) as given,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in given.namelist():
            packed.writestr(zipfile.ZipInfo(name, _DATE), given.read(name), zipfile.ZIP_DEFLATED)
    return out.getvalue()
