"""Rows: what one line of a table, or one object of a file, says as an entry.

A row is pairs of names and nodes, whichever file it stood in. `Reading` holds what a whole folder
shares (zone, opening day, marking words, the rule for `recorded`) and gathers every fault.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from types import MappingProxyType
from typing import Any, Literal, get_args, get_origin

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
    """An entry and where it was read.

    lines: of fields that stand on lines of their own. on_load: `recorded` is the moment of loading.
    broken: fields that could not be read; others stand in for them so that the rest of the row can
    be held against the rules all the same. Such an entry is never given out.
    """

    entry: Entry
    file: str
    line: int
    lines: Mapping[str, int]
    on_load: bool = False
    broken: frozenset[str] = frozenset()

    def placed(self, fault: InputError) -> InputError | None:
        """A fault of the entry with file and line; None where the field was at fault before."""
        words = fault.where.split(".")
        if words[0] in self.broken or (words[0] == "occurred" and "recorded" in self.broken):
            return None
        line = next((self.lines[word] for word in words if word in self.lines), self.line)
        return fault.at(f"{self.file}:{line}")


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
    faulty: Mapping[str, Misread] = MappingProxyType({}),
    **given: object,
) -> Entry | None:
    """Take in one entry of one kind; None where it has faults, which are then noted.

    faulty: names whose values could not even be told apart. given: fields of the body that the file
    does not say itself.
    """
    faults_before = len(reading.faults)
    row = _Values(kind, form)
    row.body.update(given)
    row.named.update((False, field) for field in given)
    for key, node in pairs:
        try:
            if key.text in faulty:
                row.refuse(key)
                raise faulty[key.text]
            row.take(key, node)
        except Misread as fault:
            reading.fault(file, fault)
    dated = (True, "occurred") in row.named
    if form.undated and not dated:
        row.give(head=True, field="occurred", value=Day(reading.opens))
    if form.id_from and (True, "id") not in row.named:
        row.give(head=True, field="id", value=row.body.get(form.id_from, ""))
    for name in row.missing():
        reading.fault(file, Misread(line, name, None, "a value", "Every row needs one."))
    broken = row.stand_in(reading) if len(reading.faults) > faults_before else frozenset[str]()
    by_date = not dated or form.dated_by_itself or reading.as_dated
    known = row.head.pop("recorded", row.head["occurred"] if by_date else None)
    recorded = reading.dated(known) if known is not None else reading.now
    row.head.setdefault("marking", reading.lowest)
    if row.asides:
        row.head["note"] = "; ".join(filter(None, (row.head.get("note"), *row.asides)))
    entry = Entry(body=kind(**row.body), recorded=recorded, **row.head)  # type: ignore[arg-type]
    lines = {key.text: key.line for key, _ in pairs if key.line != line}
    reading.rows.append(Row(entry, file, line, lines, on_load=known is None, broken=broken))
    return None if broken else entry


class _Values:
    """The values of one row as they are read: of the entry's head, and of its body."""

    def __init__(self, kind: type[Body], form: Form) -> None:
        self.kind = kind
        self.form = form
        self.head: dict[str, Any] = {}
        self.body: dict[str, Any] = {}
        self.named: set[tuple[bool, str]] = set()  # (of the head, field): said, well or not
        self.unread: set[tuple[bool, str]] = set()
        self.asides: list[str] = []

    def take(self, key: ScalarNode, node: Node) -> None:
        """Read the value of one name. Raises Misread."""
        empty = isinstance(node, ScalarNode) and (node.null or node.text == "")
        column = _column(self.kind, self.form, key.text)
        if column is None:
            if not (self.form.asides and key.text in ("form", "what")):
                raise unknown_name(self.kind, self.form, key)
            self.asides.extend([f"{key.text}: {scalar(node, key.text)}"] * (not empty))
        elif not empty:
            self.refuse(key)
            value = reader(column.type)(node, key.text)
            self.unread.discard((column.head, column.field))
            self.give(head=column.head, field=column.field, value=value)

    def refuse(self, key: ScalarNode) -> None:
        """Remember that a name was said and has no value that can be read."""
        if column := _column(self.kind, self.form, key.text):
            self.named.add((column.head, column.field))
            self.unread.add((column.head, column.field))

    def give(self, *, head: bool, field: str, value: object) -> None:
        self.named.add((head, field))
        (self.head if head else self.body)[field] = value

    def missing(self) -> list[str]:
        """The names of fields that must be said and were not."""
        return [
            _said(self.form, name)
            for name, column in columns(self.kind).items()
            if column.required and (column.head, column.field) not in self.named
        ]

    def stand_in(self, reading: Reading) -> frozenset[str]:
        """Fill in what could not be read; the names of these fields."""
        broken = set()
        for column in columns(self.kind).values():
            values = self.head if column.head else self.body
            lacking = column.required and column.field not in values
            if lacking or (column.head, column.field) in self.unread:
                broken.add(column.field)
            if lacking:
                values[column.field] = _stand_in(column, reading)
        return frozenset(broken or {""})


def _stand_in(column: Column, reading: Reading) -> object:
    kind = getattr(column.type, "__supertype__", column.type)
    if column.field == "id":
        return f"?{len(reading.rows)}"
    if column.field == "occurred":
        return Day(reading.opens)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if get_origin(kind) is tuple:
        return ()
    return {str: "?", date: reading.opens}.get(kind, 0)


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
