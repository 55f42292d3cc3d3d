"""Rows: what one line of a table, or one object of a file, says as an entry.

A row is pairs of names and nodes, whichever file it stood in. `Reading` holds what a whole folder
shares (zone, opening day, marking words, the rule for `recorded`) and gathers every fault.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Any

import msgspec

from excomm.entries.entry import Entry
from excomm.entries.kinds import Body
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.entries.nearest import did_you_mean
from excomm.entries.times import Day, Span, When, start_of
from excomm.errors import InputError
from excomm.folder.fields import Misread, reader, scalar
from excomm.folder.nodes import Node, ScalarNode

Pairs = Sequence[tuple[ScalarNode, Node]]


class Row(msgspec.Struct, frozen=True):
    """An entry and where it was read. on_load: `recorded` is the moment of loading."""

    entry: Entry
    place: str
    on_load: bool = False


class Reading(msgspec.Struct):
    """What the files of one folder share while they are read."""

    now: datetime
    zone: tzinfo = UTC
    zone_name: str = "UTC"
    opens: date = date(1000, 1, 1)
    as_dated: bool = False
    lowest: str = DEFAULT_LEVELS[0]
    faults: list[InputError] = msgspec.field(default_factory=list)
    rows: list[Row] = msgspec.field(default_factory=list)
    # Ids of rows and kinds of files that could not be read: whoever names them is not to blame.
    failed: set[str] = msgspec.field(default_factory=set)
    unread: set[str] = msgspec.field(default_factory=set)

    def fault(self, file: str, fault: InputError) -> None:
        """Note a fault of a file; a `Misread` knows its line."""
        self.faults.append(fault.at(f"{file}:{fault.line}" if isinstance(fault, Misread) else file))

    def dated(self, when: When) -> datetime:
        """When a row so dated counts as known, UTC: its day's start; of an interval the last's."""
        return start_of(when.end if isinstance(when, Span) else when, self.zone)


class Form(msgspec.Struct, frozen=True):
    """How one kind of file says a row, where that differs from the plain table.

    names: the file's word -> the field's name. undated: a row without a date is of the case's
    opening day. dated_by_itself: a row without `recorded` was known at its date, whatever the
    case's rule. id_from: the field that is the id where none is given. asides: `form` and `what`
    may stand where the kind has no such field; they are kept in the note.
    """

    names: Mapping[str, str] = {}
    undated: bool = False
    dated_by_itself: bool = False
    id_from: str = ""
    asides: bool = False


TABLE = Form()


class Column(msgspec.Struct, frozen=True):
    """One name that a row may use. head: of the entry itself, not of its body."""

    field: str
    type: Any
    head: bool
    required: bool


@cache
def columns(kind: type[Body]) -> dict[str, Column]:
    """Every name that a row of a kind may use: the head's first, then the kind's own.

    Where a kind has a field with a name of the head's (an offer's `by`), that is the kind's own and
    the head's is `entry_by`.
    """
    own = {
        field.name: Column(field.name, field.type, head=False, required=field.required)
        for field in msgspec.structs.fields(kind)
    }
    head = {
        f"entry_{field.name}" if field.name in own else field.name: Column(
            field.name,
            When if field.name == "recorded" else field.type,
            head=True,
            required=field.name in ("id", "occurred"),
        )
        for field in msgspec.structs.fields(Entry)
        if field.name not in ("body", "seq", "appended")
    }
    return head | own


def read_row(
    reading: Reading,
    file: str,
    line: int,
    kind: type[Body],
    pairs: Pairs,
    form: Form = TABLE,
    **given: object,
) -> Entry | None:
    """Take in one entry of one kind; None where it has faults, which are then noted.

    given: fields of the body that the file does not say itself.
    """
    values: dict[tuple[bool, str], Any] = {(False, name): value for name, value in given.items()}
    mentioned: set[tuple[bool, str]] = set(values)
    asides: list[str] = []
    faults_before = len(reading.faults)
    for key, node in pairs:
        column = _column(kind, form, key.text)
        if isinstance(node, ScalarNode) and (node.null or node.text == ""):
            if column is None:
                reading.fault(file, unknown_name(kind, form, key))
            continue
        if column is None:
            if form.asides and key.text in ("form", "what"):
                asides.append(f"{key.text}: {scalar(node, key.text)}")
            else:
                reading.fault(file, unknown_name(kind, form, key))
            continue
        mentioned.add((column.head, column.field))
        try:
            values[column.head, column.field] = reader(column.type)(node, key.text)
        except Misread as fault:
            reading.fault(file, fault)
    if form.id_from and (True, "id") not in mentioned:
        values[True, "id"] = values.get((False, form.id_from), "")
        mentioned.add((True, "id"))
    undated = (True, "occurred") not in mentioned
    if undated and form.undated:
        values[True, "occurred"] = Day(reading.opens)
        mentioned.add((True, "occurred"))
    for name, column in columns(kind).items():
        if column.required and (column.head, column.field) not in mentioned:
            reading.fault(
                file, Misread(line, _said(form, name), None, "a value", "Every row needs one.")
            )
    head = {field: value for (of_head, field), value in values.items() if of_head}
    if len(reading.faults) > faults_before:
        reading.failed.add(str(head.get("id", "")))
        return None
    if asides:
        head["note"] = "; ".join((*filter(None, (head.get("note"),)), *asides))
    on_load = "recorded" not in head and not (undated or form.dated_by_itself or reading.as_dated)
    head["recorded"] = (
        reading.now if on_load else reading.dated(head.get("recorded", head["occurred"]))
    )
    head.setdefault("marking", reading.lowest)
    body = kind(**{field: value for (of_head, field), value in values.items() if not of_head})
    entry = Entry(body=body, **head)  # type: ignore[arg-type]
    reading.rows.append(Row(entry, f"{file}:{line}", on_load))
    return entry


def _column(kind: type[Body], form: Form, word: str) -> Column | None:
    if word not in form.names and word in form.names.values():
        return None
    return columns(kind).get(form.names.get(word, word))


def _said(form: Form, name: str) -> str:
    return next((word for word, field in form.names.items() if field == name), name)


# What people write where the tables or the agreement have another word.
_ALSO_CALLED = {
    "date": "occurred",
    "known": "recorded",
    "assurance": "standing",
    "certainty": "reading",
    "occurred": "date",
    "recorded": "known",
    "standing": "assurance",
    "latitude": "lat",
    "longitude": "lon",
    "quantity": "number",
    "deadline": "due",
}


def unknown_name(kind: type[Body], form: Form, key: ScalarNode) -> Misread:
    """The fault of a name that a row of the kind does not have, with the nearest that it has."""
    known = [_said(form, name) for name in columns(kind)]
    other = _ALSO_CALLED.get(key.text)
    remedy = f"Did you mean {other}?" if other in known else did_you_mean(key.text, known)
    tag = kind.__struct_config__.tag
    return Misread(
        key.line,
        key.text or "a column without a name",
        "an unknown name",
        f"a name that {'an' if str(tag)[0] in 'aeiou' else 'a'} {tag} has",
        remedy or f"It has {', '.join(known)}.",
    )
