"""Entries handed out as CSV, XLSX or JSON, as one reader may see them.

A spreadsheet runs a cell that begins with =, +, -, @ or a control character: such a cell gets an
apostrophe in front, which every spreadsheet shows as text. Numbers of our own stay numbers.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from excomm.entries import Entry, instant_text, lines
from excomm.entries.kinds import CaseHeader
from excomm.folder import texts_of
from excomm.interchange.cells import harmless

if TYPE_CHECKING:
    from openpyxl.cell import Cell

_HEAD = (
    *("seq", "id", "kind", "occurred", "recorded", "appended", "by", "source", "standing"),
    *("reading", "marking", "corrects", "note", "says"),
)


def to_csv(entries: Iterable[Entry], header: CaseHeader) -> Iterator[str]:
    """One row an entry; `says` holds the fields of the kind as `name: value` lines."""
    yield _row(_HEAD)
    for entry in entries:
        yield _row(_cells(entry, header))


def to_xlsx(entries: Iterable[Entry], header: CaseHeader) -> bytes:
    """The same as a workbook of one sheet, every cell text; the same rows give the same bytes."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    book.properties.creator, book.properties.created = "", _DATE
    sheet = book.create_sheet("entries")
    sheet.freeze_panes = "C2"
    for row in (_HEAD, *(_cells(entry, header) for entry in entries)):
        sheet.append([_as_text(WriteOnlyCell(sheet), text) for text in row])
    raw, out = io.BytesIO(), io.BytesIO()
    book.save(raw)
    with zipfile.ZipFile(raw) as given, zipfile.ZipFile(out, "w") as packed:
        for name in given.namelist():
            part = zipfile.ZipInfo(name, _DATE.timetuple()[:6])
            said = _WHEN.sub(rb"\g<1>1980-01-01T00:00:00Z", given.read(name))
            packed.writestr(part, said, zipfile.ZIP_DEFLATED)
    return out.getvalue()


_DATE = datetime(1980, 1, 1)  # noqa: DTZ001 - the first that a zip can say
_WHEN = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_CELL_MAX = 32_767  # characters that a spreadsheet takes
_XML_LACKS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def _as_text(cell: "Cell", text: str) -> "Cell":
    cell.value = _XML_LACKS.sub("\N{REPLACEMENT CHARACTER}", text)[:_CELL_MAX]
    cell.data_type = "s"  # whatever it begins with
    return cell


def _cells(entry: Entry, header: CaseHeader) -> tuple[str, ...]:
    own = entry.body.__struct_fields__
    texts = texts_of(entry, header)
    says = "; ".join(f"{name}: {texts[name]}" for name in own if name in texts)
    return (
        str(entry.seq or ""),
        harmless(entry.id),
        entry.kind,
        harmless(str(entry.occurred)),
        instant_text(entry.recorded),
        instant_text(entry.appended) if entry.appended else "",
        *(harmless(text) for text in (entry.by, entry.source)),
        entry.standing,
        entry.reading,
        *(harmless(text) for text in (entry.marking, entry.corrects or "", entry.note)),
        harmless(says),
    )


def to_json(entries: Iterable[Entry]) -> bytes:
    """The canonical form of each entry, in one list."""
    raw = [msgspec.Raw(line) for line in lines(entries).splitlines()]
    return msgspec.json.format(msgspec.json.encode(raw), indent=1) + b"\n"


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
