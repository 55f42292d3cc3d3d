"""One entry as somebody types it: texts by field name, in the form that table cells have.

The same readers as for files, so a form and a CSV row can never differ in what they take. Faults
name the field alone; whoever shows the form puts them there.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any, Literal, get_args, get_origin

import msgspec

from excomm.entries.entry import Entry
from excomm.entries.kinds import Agreement, Body, CaseHeader, Party
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.entries.references import REFERENCES
from excomm.entries.rules import faults
from excomm.entries.times import parse_zone
from excomm.errors import Faults, InputError
from excomm.folder.fields import Misread, shape
from excomm.folder.loading import NEVER
from excomm.folder.nodes import Node, ScalarNode
from excomm.folder.rows import TABLE, Reading, columns, read_row
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
    entries = tuple(case)
    header = [entry.body for entry in entries if isinstance(entry.body, CaseHeader)][-1]
    reading = _reading(header, now)
    known = columns(kind)
    pairs: list[tuple[ScalarNode, Node]] = []
    faulty: dict[str, Misread] = {}
    given = {"id": entry_id} | ({"corrects": corrects} if corrects else {})
    for name, text in (given | dict(texts)).items():
        if not text.strip():
            continue
        node: Node = ScalarNode(text.strip(), 1)
        try:
            node = node_of(text.strip(), known[name].type, name, 1)
        except Misread as fault:
            faulty[name] = fault
        pairs.append((ScalarNode(name, 1), node))
    entry = read_row(reading, _PLACE, 1, kind, pairs, TABLE, faulty)
    if entry is None:
        raise Faults(_bare(fault) for fault in reading.faults)
    beside = _beside(entries, entry)
    found = [fault for one, fault in faults((*beside, entry)) if one.id == entry.id]
    if found:
        raise Faults(found)
    return entry


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


def _beside(entries: tuple[Entry, ...], entry: Entry) -> list[Entry]:
    """What the rules have to know of the case to judge one entry more."""
    wanted = REFERENCES.get(type(entry.body), {}).values()
    kinds = {kind for each in wanted for kind in each}
    asks_any = any(not each for each in wanted)
    root = entry.corrects
    return [
        one
        for one in entries
        if asks_any
        or one.kind in kinds
        or isinstance(one.body, CaseHeader | Agreement | Party)
        or one.kind == "item"
        or one.id == entry.id
        or (root is not None and (one.id == root or one.corrects is not None))
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
