"""Which column of somebody's sheet says what: mapped once, kept, and used each time it is sent.

A mapping is of one kind of entry. Columns that it does not name are left alone. What is the same in
every row (whose sheet it is, its marking) is said once. A row is known again by its key: the cells
that tell it from all others.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Literal

import msgspec

from excomm.entries import KINDS, Entry, EntryId, instant_text
from excomm.entries.nearest import did_you_mean
from excomm.errors import Faults, InputError
from excomm.folder import Field, fields
from excomm.interchange.sheet import Sheet, SheetRow

DateOrder = Literal["", "day first", "month first"]
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "occurred": ("date", "when", "day", "time", "datetime", "date/time", "seen on"),
    "number": ("count", "quantity", "qty", "no", "no.", "how many", "total number"),
    "carrier": ("ship", "vessel", "train", "convoy", "truck"),
    "site": ("place", "location", "port", "where"),
    "sites": ("place", "location", "site", "where", "port"),
    "by": ("who", "observer", "reported by", "says"),
    "source": ("document", "reference", "ref"),
    "what": ("remarks", "remark", "notes", "description", "comment", "comments"),
    "id": ("key", "no.", "row id", "serial"),
    "outcome": ("result",),
    "party": ("side",),
    "item": ("thing", "type"),
    "allegation": ("report", "claim"),
    "standing": ("assurance",),
    "reading": ("certainty",),
}


class SheetMap(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a sheet is read.

    columns: the sheet's column -> the field it says. fixed: what every row says alike.
    key: columns that tell a row from all others; empty: those that say when, where and of what.
    dates: how a date with slashes or points is written; empty: only 1962-11-09.
    comma: 38,5 is thirty-eight and a half.
    """

    name: str
    kind: str
    columns: dict[str, str]
    fixed: dict[str, str] = {}
    key: tuple[str, ...] = ()
    dates: DateOrder = ""
    comma: bool = False

    @property
    def key_columns(self) -> tuple[str, ...]:
        """The columns whose cells tell a row from all others."""
        if self.key:
            return self.key
        by_id = tuple(column for column, field in self.columns.items() if field == "id")
        return by_id or tuple(
            column for column, field in self.columns.items() if field in _tells(self.kind)
        )


def _tells(kind: str) -> set[str]:
    """The fields of a kind that say which thing a row is of: no figures, no running text."""
    whose = {"by", "source", "standing", "held_by", "reading", "marking", "note", "recorded"}
    text = {"what", "text", "reason", "allegation", "unit"}
    return {
        field.name
        for field in fields(KINDS[kind])
        if not field.figure
        and field.name not in whose | text
        and not field.name.startswith("entry_")
    }


def mappable(kind: str) -> tuple[Field, ...]:
    """The fields that a column may say: the kind's, and the id by which a row is known."""
    return (Field("id", required=False, head=True), *fields(KINDS[kind]))


def guessed(sheet: Sheet, kind: str, name: str) -> SheetMap:
    """A mapping by the names of the columns alone: for somebody to look at, not to be relied on."""
    _known_kind(kind)
    known = [field.name for field in mappable(kind)]
    columns: dict[str, str] = {}
    for column in sheet.columns:
        bare = " ".join(re.sub(r"[_\-]+", " ", column).casefold().split())
        field = next((one for one in known if one.replace("_", " ") == bare), "")
        field = field or next(
            (f for f, said in _SYNONYMS.items() if bare in said and f in known), ""
        )
        if field and field not in columns.values():
            columns[column] = field
    return SheetMap(name, kind, columns)


def check_map(mapping: SheetMap, sheet: Sheet) -> None:
    """Raises Faults for a kind, a field or a column that is none, and for what nobody says."""
    _known_kind(mapping.kind)
    named = {field.name: field for field in mappable(mapping.kind)}
    found = [*_unknown(mapping, sheet, named), *_unsaid(mapping, named)]
    if not re.fullmatch(r"[\w][\w .-]{0,59}", mapping.name):
        found.append(InputError("map", mapping.name, "a name of letters, digits, - and spaces"))
    if not mapping.key_columns:
        found.append(InputError("key", None, "columns that tell a row from all others"))
    if found:
        raise Faults(found)


def _known_kind(kind: str) -> None:
    known = [each for each in KINDS if each not in ("case", "agreement")]
    if kind not in known:
        raise InputError("kind", kind, f"one of {', '.join(known)}", did_you_mean(kind, known))


def _unknown(mapping: SheetMap, sheet: Sheet, named: Mapping[str, Field]) -> Iterator[InputError]:
    for column, field in mapping.columns.items():
        if column not in sheet.columns:
            known = ", ".join(sheet.columns)
            remedy = "The sheet has changed its columns: map it again."
            yield InputError(f"{sheet.name}: column", column, f"one of {known}", remedy)
        if field not in named:
            near = did_you_mean(field, tuple(named))
            yield InputError(f"column {column}", field, f"a field of a {mapping.kind}", near)
    for column in mapping.key:
        if column not in sheet.columns:
            yield InputError("key", column, f"one of {', '.join(sheet.columns)}")
    for field in mapping.fixed:
        if field not in named or field == "id":
            yield InputError(f"set {field}", field, f"a field of a {mapping.kind}")


def _unsaid(mapping: SheetMap, named: Mapping[str, Field]) -> Iterator[InputError]:
    said = [*mapping.columns.values(), *mapping.fixed]
    for field in dict.fromkeys(said):
        if said.count(field) > 1:
            yield InputError(f"field {field}", "said twice", "one column or one fixed text")
    for name, field_of in named.items():
        if field_of.required and name not in said:
            yield InputError(f"field {name}", None, "a column, or a text for every row")


def row_id(mapping: SheetMap, sheet: Sheet, row: SheetRow) -> EntryId:
    """The id of a row: the same each time the sheet is sent, whatever else in the row changes."""
    cells = [row.cells[sheet.columns.index(column)] for column in mapping.key_columns]
    digest = hashlib.sha256(msgspec.json.encode([mapping.name, *cells])).hexdigest()[:16]
    return EntryId(f"{mapping.name}/{digest}")


class Names:
    """The ids behind the names that a case gives its parties, items, sites and means."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._ids: dict[str, set[str]] = {}
        self._named: dict[tuple[str, str], set[str]] = {}
        for entry in entries:
            self._ids.setdefault(entry.kind, set()).add(str(entry.id))
            body = entry.body
            for name in (getattr(body, "name", ""), *getattr(body, "aliases", ())):
                if name:
                    self._named.setdefault((entry.kind, _bare(name)), set()).add(str(entry.id))

    def id_of(self, kinds: tuple[str, ...], text: str) -> str:
        """The id of what is so named; the text itself where none, or more than one, is."""
        if any(text in self._ids.get(kind, ()) for kind in kinds):
            return text
        found = set().union(*(self._named.get((kind, _bare(text)), set()) for kind in kinds))
        return found.pop() if len(found) == 1 else text


def _bare(name: str) -> str:
    return " ".join(name.casefold().split())


def texts_of_row(
    mapping: SheetMap, sheet: Sheet, row: SheetRow, names: Names, zone: tzinfo
) -> dict[str, str]:
    """What a row says, by field, in the form that a table of a case has."""
    known = {field.name: field for field in mappable(mapping.kind)}
    said: dict[str, str] = {}
    for column, cell in zip(sheet.columns, row.cells, strict=True):
        field = mapping.columns.get(column)
        if field and field != "id" and cell:
            said[field] = _said(cell, known[field], mapping, names, zone)
    for field, text in mapping.fixed.items():
        said.setdefault(field, text)
    return {field: text for field, text in said.items() if text}


def _said(cell: str, field: Field, mapping: SheetMap, names: Names, zone: tzinfo) -> str:
    if field.name in _TIMES:
        return _when(cell, mapping.dates, zone)
    if field.names and field.several:
        parts = [part.strip() for part in re.split(r"[;\n]", cell) if part.strip()]
        return "; ".join(names.id_of(field.names, part) for part in parts)
    if field.names and not field.head:
        return names.id_of(field.names, cell)
    if field.words:
        return next(
            (word for word in field.words if _bare(word.replace("_", " ")) == _bare(cell)), cell
        )
    if field.figure:
        return _figure(cell, comma=mapping.comma)
    return cell


_TIMES = ("occurred", "recorded", "due", "asked", "sent", "as_of", "reveal_by")
_WRITTEN = re.compile(
    r"(?P<first>\d{1,2})[/.\-](?P<second>\d{1,2})[/.\-](?P<year>\d{4})"
    r"(?:[ T,]+(?P<time>\d{1,2}:\d\d(?::\d\d)?))?"
)
_NAIVE = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d{1,2}:\d\d(?::\d\d)?)")


def _when(cell: str, order: DateOrder, zone: tzinfo) -> str:
    """A time as the tables write it; one without an offset is of the case's zone."""
    if order and (found := _WRITTEN.fullmatch(cell)):
        day, month = found["first"], found["second"]
        if order == "month first":
            day, month = month, day
        cell = f"{found['year']}-{int(month):02}-{int(day):02}"
        cell += f" {found['time']}" if found["time"] else ""
    naive = _NAIVE.fullmatch(cell)
    if naive is None:
        return cell
    try:
        at = datetime.fromisoformat(f"{naive['day']}T{naive['time'].zfill(5)}")
    except ValueError:
        return cell
    return instant_text(at.replace(tzinfo=zone))


def _figure(cell: str, *, comma: bool) -> str:
    if comma and re.fullmatch(r"[-+]?\d{1,3}(\.\d{3})*(,\d+)?|[-+]?\d+(,\d+)?", cell):
        return cell.replace(".", "").replace(",", ".")
    return cell


def to_json(mapping: SheetMap) -> str:
    """A mapping as it is kept; the same mapping gives the same text."""
    return msgspec.json.format(msgspec.json.encode(mapping), indent=1).decode()


def of_json(text: str, where: str) -> SheetMap:
    """A mapping that was kept. Raises InputError."""
    try:
        return msgspec.json.decode(text, type=SheetMap)
    except msgspec.MsgspecError as fault:
        raise InputError(where, str(fault), "a mapping of columns as JSON") from None


def with_changes(
    mapping: SheetMap, columns: Mapping[str, str], fixed: Mapping[str, str], key: Iterable[str]
) -> SheetMap:
    """The mapping with some of it said otherwise; a column said to be nothing is left alone."""
    said = mapping.columns | dict(columns)
    return msgspec.structs.replace(
        mapping,
        columns={column: field for column, field in said.items() if field},
        fixed={field: text for field, text in (mapping.fixed | dict(fixed)).items() if text},
        key=tuple(key) or mapping.key,
    )
