"""One entry as somebody types it: texts by field name, in the form that table cells have.

The same readers as for files, so a form and a CSV row can never differ in what they take. Faults
name the field alone; whoever shows the form puts them there.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, get_args, get_origin

import msgspec

from excomm.entries.entry import Entry, EntryId
from excomm.entries.kinds import Agreement, Body, CaseHeader, Party
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.entries.references import REFERENCES
from excomm.entries.rules import faults
from excomm.entries.times import parse_zone
from excomm.errors import Faults, InputError
from excomm.folder.fields import Misread, shape
from excomm.folder.loading import NEVER
from excomm.folder.nodes import Node, ScalarNode
from excomm.folder.rows import TABLE, Form, Pairs, Reading, Row, columns, read_row
from excomm.folder.said import said
from excomm.folder.tables import cell_of, node_of

_PLACE = "form"


class Field(msgspec.Struct, frozen=True):
    """One field of a kind, as a form needs to know it.

    words: what it may say, where that is a closed set. names: kinds of entries that it names by
    id. several: words parted by `;`. head: of the entry itself (when, by whom, from what source).
    """

    name: str
    required: bool
    head: bool
    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    several: bool = False
    figure: bool = False
    default: str = ""  # what an empty text says, where that is a word


def fields(kind: type[Body]) -> tuple[Field, ...]:
    """The fields of a kind that a person fills in: the head's first, then its own."""
    return tuple(
        Field(
            name,
            column.required,
            column.head,
            words=_words(column.type),
            names=_names(kind, column.field, head=column.head),
            several=shape(column.type) == "list",
            figure=bool({int, float} & {column.type, *get_args(column.type)}),
            default=_default(Entry if column.head else kind, column.field),
        )
        for name, column in columns(kind).items()
        if not (column.head and column.field in ("id", "recorded", "corrects"))
    )


def typed(
    kind: type[Body],
    texts: Mapping[str, str],
    case: Iterable[Entry],
    *,
    entry_id: str,
    now: datetime,
    corrects: str | None = None,
) -> Entry:
    """The entry that these texts say, held against the rules and the names of the case.

    case: the entries that the writer may see, the case's header among them. It counts as recorded
    now. Empty texts are not said. Raises Faults whose `where` is the field's name.
    """
    row = TypedRow(1, EntryId(entry_id), dict(texts), corrects)
    found = typed_rows(kind, [row], case, now=now)[0]
    if found.entry is None:
        raise Faults(found.faults)
    return found.entry


class TypedRow(msgspec.Struct, frozen=True):
    """Texts by field name, to be read as one entry. number: tells it from the others."""

    number: int
    id: EntryId
    texts: Mapping[str, str]
    corrects: str | None = None


class ReadRow(msgspec.Struct, frozen=True):
    """What a row was read as: an entry, or what is wrong with it (`where` is the field's name)."""

    number: int
    entry: Entry | None
    faults: tuple[InputError, ...] = ()


def typed_rows(
    kind: type[Body], rows: Iterable[TypedRow], case: Iterable[Entry], *, now: datetime
) -> tuple[ReadRow, ...]:
    """Many rows of one kind as `typed` reads one, held against the case and against each other."""
    entries = tuple(case)
    header = [entry.body for entry in entries if isinstance(entry.body, CaseHeader)][-1]
    read: list[tuple[TypedRow, Row, tuple[InputError, ...]]] = []
    for row in rows:
        reading = _reading(header, now)
        read_row(reading, _PLACE, 1, kind, *_told(kind, row))
        read.append((row, reading.rows[0], tuple(map(_bare, reading.faults))))
    # What stands in for a cell that could not be read is never given out, and not blamed itself.
    whole = tuple(one.entry for _, one, _ in read)
    said: dict[int, list[InputError]] = {}
    for entry, fault in faults((*_beside(kind, entries, whole), *whole)):
        said.setdefault(id(entry), []).append(fault)
    found = []
    for row, one, own in read:
        every = (*own, *(f for f in said.get(id(one.entry), ()) if one.placed(f) is not None))
        found.append(ReadRow(row.number, None if every else one.entry, every))
    return tuple(found)


def _told(kind: type[Body], row: TypedRow) -> tuple[Pairs, Form, dict[str, Misread]]:
    known = columns(kind)
    strange = [name for name in row.texts if name not in known]
    if strange:
        raise Faults(
            InputError(name, "no such column", f"one of {', '.join(known)}") for name in strange
        )
    pairs: list[tuple[ScalarNode, Node]] = []
    faulty: dict[str, Misread] = {}
    given = {"id": str(row.id)} | ({"corrects": row.corrects} if row.corrects else {})
    for name, text in (given | dict(row.texts)).items():
        if not text.strip():
            continue
        node: Node = ScalarNode(text.strip(), 1)
        try:
            node = node_of(text.strip(), known[name].type, name, 1)
        except Misread as fault:
            faulty[name] = fault
        pairs.append((ScalarNode(name, 1), node))
    return pairs, TABLE, faulty


def texts_of(entry: Entry, header: CaseHeader) -> dict[str, str]:
    """What an entry says, as texts that `typed` reads to the same."""
    reading = _reading(header, NEVER)
    return {
        one.name: cell_of(one.value, one.column.type)
        for one in said(entry, TABLE, reading)
        if not (one.column.head and one.column.field in ("id", "recorded", "corrects"))
    }


def _reading(header: CaseHeader, now: datetime) -> Reading:
    return Reading(
        now=now.astimezone(UTC),
        zone=parse_zone(header.zone),
        zone_name=header.zone,
        opens=header.opens,
        lowest=(header.levels or DEFAULT_LEVELS)[0],
    )


def _beside(kind: type[Body], entries: tuple[Entry, ...], rows: tuple[Entry, ...]) -> list[Entry]:
    """What the rules have to know of the case to judge these entries more."""
    wanted = REFERENCES.get(kind, {}).values()
    kinds = {name for each in wanted for name in each}
    asks_any = any(not each for each in wanted)
    ids = {one.id for one in rows}
    roots = {one.corrects for one in rows if one.corrects is not None}
    return [
        one
        for one in entries
        if asks_any
        or one.kind in kinds
        or isinstance(one.body, CaseHeader | Agreement | Party)
        or one.kind == "item"
        or one.id in ids
        or (roots and (one.id in roots or one.corrects is not None))
    ]


def _bare(fault: InputError) -> InputError:
    where = fault.where.removeprefix(f"{_PLACE}:1: ")
    return InputError(where, fault.found, fault.expected, fault.remedy)


def _default(struct: type[msgspec.Struct], field: str) -> str:
    defaults = {one.name: one.default for one in msgspec.structs.fields(struct)}
    said = defaults.get(field)
    return said if isinstance(said, str) else ("no" if said is False else "")


def _words(kind: Any) -> tuple[str, ...]:
    if get_origin(kind) is Literal:
        return tuple(str(word) for word in get_args(kind))
    return ("no", "yes") if kind is bool else ()


def _names(kind: type[Body], field: str, *, head: bool) -> tuple[str, ...]:
    if head:
        return ("party",) if field in ("held_by", "by") else ()
    return REFERENCES.get(kind, {}).get(field, ())
