"""The brief as text: for a terminal of any width from 60, or for a pipe. Deterministic bytes.

Everything a colour says stands there in words or shapes too, so plain output loses nothing.
"""

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from excomm.brief import words
from excomm.brief.layout import GAP, column_widths, longest_word, pad, wrap
from excomm.brief.structs import (
    Brief,
    Cell,
    Column,
    Heading,
    Point,
    Points,
    Row,
    Section,
    Sentence,
    Table,
)

_BOLD, _DIM = "1", "2"
_TONES = {"plain": "", "strong": _BOLD, "quiet": _DIM, "unknown": "35", "warning": "31"}
_STATES = {
    "fulfilled": "32",
    "in_force": "34",
    "due": "33",
    "pending": "",
    "breached": "1;31",
    "suspended": "36",
    "lapsed": _DIM,
    "unverifiable": "35",
}
_HATCHED = "▨"
_NARROWEST, _WIDEST = 60, 140
_LABEL = 22  # the widest margin of labels
_LONGEST = 16  # a longer word may be cut


def render(brief: Brief, *, width: int = 100, color: bool = False) -> str:
    """The whole page, each line at most width cells wide (60 to 140 are kept to).

    color: with ANSI colours, for a terminal; without, not one escape sequence.
    """
    pen = _Pen(min(max(width, _NARROWEST), _WIDEST), color=color)
    lines = [*pen.heading(brief.heading), ""]
    for said in brief.bottom_line:
        lines += pen.sentence(said)
    for part in brief.sections:
        lines += ["", *pen.section(part)]
    lines += ["", *pen.foot(brief.heading)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def table(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A plain table under its title, for a command that prints one; 100 cells wide."""
    made = Table(
        tuple(Column(head) for head in heads),
        tuple(Row(tuple(Cell(str(each)) for each in row)) for row in rows),
    )
    pen = _Pen(100, color=False)
    lines = [words.printable(title), *pen.table(made, "")]
    return "\n".join(line.rstrip() for line in lines)


class _Pen:
    """Writes in one width, with or without colour."""

    def __init__(self, width: int, *, color: bool) -> None:
        self.width = width
        self.color = color

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and style and text else text

    def heading(self, head: Heading) -> Iterator[str]:
        title = f"{head.title.upper()} · brief for {head.when}"
        view = f"view: {head.view}"
        if cell_len(title) + GAP + cell_len(view) <= self.width:
            yield self.paint(pad(title, self.width - cell_len(view)), _BOLD) + view
        else:
            for line in (*wrap(title, self.width), view):
                yield self.paint(line, _BOLD)
        known = f"{head.known} · {words.plural(head.entries, 'entry')} · {head.head_words}"
        for line in wrap(known, self.width):
            yield self.paint(line, _DIM)
        if head.marking:
            yield self.paint(f"MARKED {head.marking}", _BOLD)

    def foot(self, head: Heading) -> Iterator[str]:
        yield self.paint(f"{head.head_words} · end", _DIM)

    def sentence(self, said: Sentence) -> Iterator[str]:
        lead = said.lead.text.upper()
        lines = wrap(f"{lead} {said.rest.text}", self.width)
        left = len(lead)
        for line in lines:
            bold = line[: max(left, 0)]
            yield self.paint(bold, _BOLD) + line[len(bold) :]
            left -= len(line) + 1

    def section(self, part: Section) -> Iterator[str]:
        title = part.title.upper()
        for at, block in enumerate(part.blocks):
            if isinstance(block, Table):
                yield from self.table(block, title if at == 0 else "")
            else:
                if at == 0:
                    yield self.paint(title, _BOLD)
                yield from self.points(block)

    def points(self, block: Points) -> Iterator[str]:
        longest = max(cell_len(point.label) for point in block.points)
        margin = min(longest + GAP, _LABEL)
        for point in block.points:
            yield from self.point(point, margin)

    def point(self, point: Point, margin: int) -> Iterator[str]:
        room = self.width - margin
        label, told = point.label, _marked(point.body)
        if cell_len(label) + GAP > margin:
            label, told = "", f"{label}: {told}"
        body = wrap(told, room)
        notes = [(line, note) for note in point.notes for line in wrap(_marked(note), room - GAP)]
        for at, line in enumerate(body):
            written = pad(label if at == 0 else "", margin) + self.paint(line, _style(point.body))
            # A short note, such as a source, ends the last line where it fits.
            if at + 1 == len(body) and len(notes) == 1:
                short, note = notes[0]
                if cell_len(line) + cell_len(short) + 3 <= room:
                    written += self.paint(f" [{short}]", _style(note))
                    notes = []
            yield written
        for line, note in notes:
            yield " " * (margin + GAP) + self.paint(line, _style(note))

    def table(self, block: Table, title: str) -> Iterator[str]:
        heads = [column.head for column in block.columns]
        texts = [
            [head, *(_marked(row.cells[at]) for row in block.rows)] for at, head in enumerate(heads)
        ]
        widths = column_widths(
            [max(cell_len(each) for each in column) for column in texts],
            [max(longest_word(each, _LONGEST) for each in column) for column in texts],
            [column.share for column in block.columns],
            self.width,
        )
        if title and len(widths) > 1 and cell_len(title) <= widths[0]:
            heads[0] = title
        elif title:
            yield self.paint(title, _BOLD)
        told = tuple(Cell(head, tone="quiet") for head in heads)
        styles = [_BOLD if title and head == title else _DIM for head in heads]
        yield from self.lines(told, block.columns, widths, styles)
        for row in block.rows:
            if row.total:
                yield self.paint("─" * (sum(widths) + GAP * (len(widths) - 1)), _DIM)
            yield from self.lines(row.cells, block.columns, widths, [_style(c) for c in row.cells])
            for note in row.notes:
                for line in wrap(_marked(note), self.width - 4):
                    yield "    " + self.paint(line, _style(note))

    def lines(
        self,
        cells: tuple[Cell, ...],
        columns: tuple[Column, ...],
        widths: list[int],
        styles: list[str],
    ) -> Iterator[str]:
        wrapped = [wrap(_marked(c), width) for c, width in zip(cells, widths, strict=True)]
        for at in range(max(len(lines) for lines in wrapped)):
            parts = []
            for lines, width, column, style in zip(wrapped, widths, columns, styles, strict=True):
                text = lines[at] if at < len(lines) else ""
                filled = pad(text, width, figures=column.figures)
                parts.append(filled.replace(text, self.paint(text, style), 1) if text else filled)
            yield (" " * GAP).join(parts)


def _marked(cell: Cell) -> str:
    """The text with the shapes of its states; hatched where it cannot be known."""
    if cell.states:
        return f"{' '.join(words.SHAPES[state] for state in cell.states)} {cell.text}"
    return f"{_HATCHED} {cell.text}" if cell.tone == "unknown" else cell.text


def _style(cell: Cell) -> str:
    if len(cell.states) == 1:
        return _STATES[cell.states[0]]
    return _TONES[cell.tone]
