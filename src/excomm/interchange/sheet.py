"""A sheet that somebody keeps: CSV, XLSX or cells pasted from one, read as rows of texts.

Every cell is text when it leaves here, in the form that a case's tables have: a date of a workbook
as 1962-11-09, a whole number without a point. Nothing is guessed of what a cell means.

A workbook is a zip of XML. Before any of it is read as a sheet, its size once expanded is counted
(not believed), and a document that declares entities is refused; formulas are never computed, and
one that was saved without its value is a fault.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time
from itertools import islice
from typing import BinaryIO

import msgspec

from excomm.errors import Faults, InputError
from excomm.folder.bounded import text_lines
from excomm.folder.fields import Misread
from excomm.interchange.cells import as_it_was

BYTES_MAX = 32 << 20
EXPANDED_BYTES_MAX = 200 << 20
RATIO_MAX = 200  # of one part, expanded to packed; a sheet of numbers comes to some 20
_UNASKED_BYTES = 20 << 20  # a part up to this size may be packed as tightly as it will
_PARTS_MAX = 2000
ROWS_MAX = 100_000
COLUMNS_MAX = 200
CELLS_MAX = 2_000_000
CELL_CHARS_MAX = 32_767


class SheetRow(msgspec.Struct, frozen=True):
    """One row. line: of the file, or of the sheet; cells: as many as there are columns."""

    line: int
    cells: tuple[str, ...]


class Sheet(msgspec.Struct, frozen=True):
    """The names of the columns, as they stand in the first row that says anything, and the rest."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[SheetRow, ...]

    def to_csv(self) -> str:
        """The same sheet as CSV, for it to be sent again; lines keep their numbers."""
        out = io.StringIO()
        write = csv.writer(out, lineterminator="\n")
        write.writerow(self.columns)
        number = 1
        for row in self.rows:
            while (number := number + 1) < row.line:
                out.write("\n")
            write.writerow(row.cells)
        return out.getvalue()


def read_sheet(stream: BinaryIO, name: str, *, sheet: str = "") -> Sheet:
    """The first sheet of a workbook (or the one so named), or a file of separated values.

    name: of the file; what it ends in is not asked, its bytes are.
    Raises InputError, or Faults by cell, naming file, row and column.
    """
    raw = stream.read(BYTES_MAX + 1)
    if len(raw) > BYTES_MAX:
        raise InputError(name, "a file of more than 32 MiB", "32 MiB at most", "Divide it.")
    if raw.startswith(b"PK"):
        return _of_workbook(raw, name, sheet)
    if raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputError(name, "an old workbook (XLS), or one with a password", "XLSX or CSV",
                         "Save it again as XLSX, without a password.")  # fmt: skip
    try:
        text = "".join(text_lines(io.BytesIO(raw)))
    except Misread as fault:
        raise fault.at(f"{name}:{fault.line}") from None
    return read_pasted(text, name)


def read_pasted(text: str, name: str = "pasted") -> Sheet:
    """Cells as a spreadsheet copies them, or any text with commas, semicolons or tabs between."""
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[int, Sequence[str]]] = []
    # As long as a bounded line may be: a quoted cell is bounded by `_checked`.
    before = csv.field_size_limit(len(text) + 1)
    try:
        while True:
            line = lines.line_num + 1
            try:
                rows.append((line, next(lines)))
            except StopIteration:
                break
            if len(rows) > ROWS_MAX:
                raise _too_many(name)
    except csv.Error as fault:
        raise InputError(
            f"{name}:{lines.line_num}", str(fault), "cells in matching quotes",
            "Inside a quoted cell write a quote twice.",
        ) from None  # fmt: skip
    finally:
        csv.field_size_limit(before)
    return _sheet(name, rows)


def _delimiter(text: str) -> str:
    """Whichever parts the first line that says anything: a tab before a semicolon or a comma."""
    first = next((line for line in io.StringIO(text) if line.strip()), "")
    bare = re.sub(r'"[^"]*"', "", first)
    counts = {mark: bare.count(mark) for mark in ("\t", ";", ",", "|")}
    return max(counts, key=lambda mark: counts[mark]) if any(counts.values()) else ","


def _sheet(name: str, rows: Iterable[tuple[int, Sequence[str]]]) -> Sheet:
    told = [(line, [as_it_was(cell.strip()) for cell in cells]) for line, cells in rows]
    told = [(line, cells) for line, cells in told if any(cells)]
    if not told:
        raise InputError(name, "no cell with anything in it", "a first row with names of columns")
    columns = _named(told[0][1])
    _checked(name, columns, told)
    wide = len(columns)
    found = tuple(
        SheetRow(line, tuple(cells[:wide]) + ("",) * (wide - len(cells)))
        for line, cells in told[1:]
        if any(cells)
    )
    return Sheet(name, columns, found)


def _named(cells: list[str]) -> tuple[str, ...]:
    """The names of the columns: one without a name by its letter, a second of a name numbered."""
    while cells and not cells[-1]:
        cells = cells[:-1]
    names: list[str] = []
    for at, cell in enumerate(cells):
        name = " ".join(cell.split()) or f"column {letters(at)}"
        number = 2
        free = name
        while free in names:
            free, number = f"{name} ({number})", number + 1
        names.append(free)
    return tuple(names)


def _checked(name: str, columns: tuple[str, ...], rows: list[tuple[int, list[str]]]) -> None:
    if len(columns) > COLUMNS_MAX:
        raise InputError(name, f"{len(columns)} columns", f"{COLUMNS_MAX} at most")
    if len(columns) * len(rows) > CELLS_MAX:
        raise InputError(name, "more than two million cells", "fewer", "Divide it.")
    faults = []
    for line, cells in rows:
        if any(cells[len(columns) :]):
            at = next(n for n in range(len(columns), len(cells)) if cells[n])
            where = f"{name}:{line}: column {letters(at)}"
            faults.append(InputError(where, cells[at], "a cell under a name of the first row"))
        for at, cell in enumerate(cells):
            if len(cell) > CELL_CHARS_MAX:
                where = f"{name}:{line}: column {letters(at)}"
                faults.append(InputError(where, f"{len(cell)} letters", f"{CELL_CHARS_MAX}"))
            elif "\0" in cell:
                where = f"{name}:{line}: column {letters(at)}"
                faults.append(InputError(where, "a NUL", "text"))
    if faults:
        raise Faults(faults[:100])


def letters(column: int) -> str:
    """A column's letters as a spreadsheet has them; the first is 0.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


# -- workbooks -------------------------------------------------------------------------------------


def _of_workbook(raw: bytes, name: str, sheet: str) -> Sheet:
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    _unpacked_safely(raw, name)
    try:
        book = load_workbook(
            io.BytesIO(raw), read_only=True, data_only=True, keep_links=False, rich_text=False
        )
        try:
            if sheet and sheet not in book.sheetnames:
                raise InputError(f"{name}: sheet", sheet, f"one of {', '.join(book.sheetnames)}")
            found = book[sheet] if sheet else book.worksheets[0]
            found.reset_dimensions()  # what a file says of its own size is not believed
            return _sheet(name, _rows(found.iter_rows(values_only=True), name))
        finally:
            book.close()
    except (InvalidFileException, KeyError, IndexError, ValueError, TypeError, OSError) as fault:
        raise InputError(
            name, f"a workbook that cannot be read ({fault})", "XLSX", "Save it again as XLSX."
        ) from None


def _rows(rows: Iterable[Sequence[object]], name: str) -> Iterator[tuple[int, list[str]]]:
    filled = 0
    for line, cells in enumerate(rows, start=1):
        if line > 1 << 20:
            raise _too_many(name)
        if len(cells) > COLUMNS_MAX and any(one is not None for one in cells[COLUMNS_MAX:]):
            raise InputError(name, f"{len(cells)} columns", f"{COLUMNS_MAX} at most")
        told = [_text(cell) for cell in islice(cells, COLUMNS_MAX)]
        if any(told):
            filled += 1
            yield line, told
        if filled > ROWS_MAX:
            raise _too_many(name)


def _text(value: object) -> str:
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        bare = value.time() == time.min
        return str(value.date()) if bare else value.isoformat(sep=" ", timespec="minutes")
    return value.isoformat(timespec="minutes") if isinstance(value, time) else str(value)


def _too_many(name: str) -> InputError:
    return InputError(name, f"more than {ROWS_MAX} rows", f"{ROWS_MAX} at most", "Divide it.")


def _unpacked_safely(raw: bytes, name: str) -> None:
    """Refuse a workbook that would expand beyond all measure, or whose XML declares anything."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
        parts = archive.infolist()
        if len(parts) > _PARTS_MAX:
            raise InputError(name, f"{len(parts)} parts", f"{_PARTS_MAX} at most")
        left = EXPANDED_BYTES_MAX
        for part in parts:
            with archive.open(part) as stream:
                most = max(part.compress_size * RATIO_MAX, _UNASKED_BYTES)
                counted = _Counted(stream, min(left, most), name)
                if part.filename.endswith((".xml", ".rels", ".vml")):
                    _plain_xml(counted, part.filename, name)
                while counted.read(1 << 16):
                    pass
                left -= counted.size
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as fault:
        raise InputError(
            name, f"a damaged or locked workbook ({fault})", "XLSX",
            "Save it again as XLSX, without a password.",
        ) from None  # fmt: skip


class _Counted(io.RawIOBase):
    """A stream that counts what comes out of it, and stops in time."""

    def __init__(self, stream: object, most: int, name: str) -> None:
        super().__init__()
        self._stream = stream
        self._most = most
        self._name = name
        self.size = 0

    def read(self, size: int = -1, /) -> bytes:
        found = self._stream.read(1 << 16 if size < 0 else min(size, 1 << 16))  # type: ignore[attr-defined]
        assert isinstance(found, bytes)
        self.size += len(found)
        if self.size > self._most:
            raise InputError(
                self._name,
                "a workbook that expands beyond all measure",
                f"{EXPANDED_BYTES_MAX >> 20} MiB at most, and {RATIO_MAX} times its packed size",
                "Save the sheet alone, as CSV.",
            )
        return found


def _plain_xml(stream: "_Counted", part: str, name: str) -> None:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, iterparse

    bare = part.startswith("xl/worksheets/")
    faults = []
    try:
        for _, element in iterparse(stream, events=("end",), forbid_dtd=True):
            if bare and element.tag.endswith("}c"):
                told = {child.tag.rpartition("}")[2]: child.text for child in element}
                # A text may be empty; a number that is empty was never worked out.
                if "f" in told and not told.get("v") and element.get("t") != "str":
                    faults.append(
                        InputError(
                            f"{name}: {element.get('r', 'a cell')}",
                            "a formula without its value",
                            "the value beside it",
                            "Open it in the spreadsheet program and save it.",
                        )
                    )
            if bare and element.tag.endswith("}row"):
                element.clear()
    except DefusedXmlException:
        raise InputError(
            name, "a workbook whose XML declares entities", "none", "Save it again as XLSX or CSV."
        ) from None
    except ParseError as fault:
        raise InputError(name, f"XML that is none ({part}: {fault})", "XLSX") from None
    if faults:
        raise Faults(faults[:100])
