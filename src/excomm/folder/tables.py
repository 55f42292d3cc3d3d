"""Tables: one CSV file per kind, read row by row into entries and written back.

The columns are the head's and the kind's own by name, taken from the struct definitions. Cells are
text exactly as it stands; lists are parted by `;`, maps by `;` and `:`, and a backslash before
either takes it for what it is.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, BinaryIO, get_origin

from excomm.entries.entry import Entry
from excomm.entries.kinds import KINDS, Assumption, Body, Outlet
from excomm.entries.rules import SPREADSHEET_REMEDY, is_spreadsheet_error
from excomm.errors import InputError
from excomm.folder import yaml_text
from excomm.folder.bounded import FILE_BYTES_MAX, text_lines
from excomm.folder.fields import Misread, shape
from excomm.folder.nodes import ListNode, MapNode, Node, ScalarNode, resolved
from excomm.folder.rows import TABLE, Form, Pairs, Reading, columns, read_row, unknown_name
from excomm.folder.said import plain_of, said

PLURALS: dict[str, str] = {
    tag: {"reply": "replies", "clearance": "clearances"}.get(tag, f"{tag}s")
    for tag in KINDS
    if tag not in ("case", "agreement", "party", "item", "site", "means", "undertaking")
}
FILES: dict[str, type[Body]] = {f"{plural}.csv": KINDS[tag] for tag, plural in PLURALS.items()}
"""The tables of a folder by name, in the order in which they are read."""

_FORMS: dict[type[Body], Form] = {
    Assumption: Form(undated=True, id_from="name"),
    Outlet: Form(undated=True),
}


def read_table(reading: Reading, name: str, stream: BinaryIO) -> None:
    """Take in every row of a table; what is wrong is noted with its line."""
    kind = FILES[name]
    form = _FORMS.get(kind, TABLE)
    rows = records(text_lines(stream))
    try:
        names = _header(reading, name, kind, rows)
        for line, cells in rows:
            if any(cells) and (found := _pairs(reading, name, kind, names, line, cells)):
                pairs, faulty = found
                read_row(reading, name, line, kind, pairs, form, faulty)
    except Misread as fault:
        reading.fault(name, fault)
        reading.unread.add(str(kind.__struct_config__.tag))


def records(lines: Iterator[str]) -> Iterator[tuple[int, list[str]]]:
    """Records with the line each begins on; blank lines and leading comments are passed over."""
    limit = csv.field_size_limit(FILE_BYTES_MAX)
    try:
        rows = csv.reader(_without_comments(lines), strict=True)
        while True:
            line = rows.line_num + 1
            try:
                cells = next(rows)
            except StopIteration:
                return
            except csv.Error as fault:
                raise _broken(line, rows.line_num, str(fault)) from None
            if cells:
                yield line, cells
    finally:
        csv.field_size_limit(limit)


def _without_comments(lines: Iterator[str]) -> Iterator[str]:
    heading = True
    for line in lines:
        if heading and (line.startswith("#") or not line.strip()):
            yield "\n"
        else:
            heading = False
            yield line


def _broken(line: int, line_now: int, said: str) -> Misread:
    if "end of data" in said:
        return Misread(
            line,
            "row",
            "a quote that is never closed",
            "quotes in pairs",
            "Close it; inside a quoted cell write a quote twice.",
        )
    if "new-line" in said:
        return Misread(
            line_now, "row", "a bare carriage return", "lines that end as on Unix or Windows",
            "Save the file again with such line ends.",
        )  # fmt: skip
    where = "" if line == line_now else f"the row from line {line} on: "
    return Misread(
        line_now,
        "row",
        f"{where}text after a closing quote",
        "a comma or the end of the row there",
        "Inside a quoted cell write a quote twice.",
    )


def _header(
    reading: Reading, name: str, kind: type[Body], rows: Iterator[tuple[int, list[str]]]
) -> list[str]:
    """The column names; "" for one without a name or an unknown one."""
    line, cells = next(rows, (1, []))
    names = [cell.strip() for cell in cells]
    if not any(names):
        raise Misread(
            line, "columns", None, f"a first row with names: {', '.join(columns(kind))}",
            "Delete the file if there are no rows.",
        )  # fmt: skip
    for mark, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(names) == 1 and mark in cells[0]:
            raise Misread(
                line, "columns", f"columns parted by {called}", "commas",
                "Save the file again as CSV with commas (and points in numbers).",
            )  # fmt: skip
    known = columns(kind)
    for index, one in enumerate(names):
        if one in names[:index] and one:
            reading.fault(
                name,
                Misread(line, one, "the column a second time", "each column once", "Join them."),
            )
        elif one and one not in known:
            reading.fault(name, unknown_name(kind, TABLE, ScalarNode(one, line)))
    return [one if one in known and one not in names[:i] else "" for i, one in enumerate(names)]


def _pairs(
    reading: Reading, file: str, kind: type[Body], names: Sequence[str], line: int, cells: list[str]
) -> tuple[Pairs, Mapping[str, Misread]] | None:
    if len(cells) != len(names):
        more = len(cells) > len(names)
        reading.fault(
            file,
            Misread(
                line, "row", f"{len(cells)} cells", f"{len(names)}, as in the first row",
                "Put quotes round a cell that holds a comma." if more
                else "Write the commas of empty cells too.",
            ),
        )  # fmt: skip
        reading.failed.update(cells[:1])
        return None
    known = columns(kind)
    pairs: list[tuple[ScalarNode, Node]] = []
    faulty: dict[str, Misread] = {}
    for name, cell in zip(names, cells, strict=True):
        if cell and name:
            node: Node = ScalarNode(cell, line)
            try:
                node = node_of(cell, known[name].type, name, line)
            except Misread as fault:
                faulty[name] = fault
            pairs.append((ScalarNode(name, line), node))
    return pairs, faulty


# -- cells -----------------------------------------------------------------------------------------


def node_of(cell: str, kind: Any, where: str, line: int) -> Node:
    """One cell as a node, by how its field's type is laid out. Raises Misread."""
    if is_spreadsheet_error(cell):
        raise Misread(line, where, cell, "a value", SPREADSHEET_REMEDY)
    match shape(kind):
        case "text":
            return ScalarNode(cell, line)
        case "list":
            return ListNode(
                tuple(ScalarNode(part, line) for part in _split(cell, where, line)), line
            )
        case "map":
            return _map_node(cell, kind, where, line)
        case "tree":
            return _tree_node(cell, where, line)


def _tree_node(cell: str, where: str, line: int) -> Node:
    if not cell.lstrip().startswith(("{", "[")):
        return ScalarNode(cell, line)
    try:
        node, faults = yaml_text.parse(cell, "cell")
    except InputError as fault:
        node, faults = None, [fault]
    if faults or node is None:
        found = faults[0].found if faults else None
        raise Misread(line, where, found, "the form of agreement.yaml", "As in {P14D after: E1}.")
    return _at_line(node, line)


def _at_line(node: Node, line: int) -> Node:
    match node:
        case ScalarNode():
            return ScalarNode(node.text, line, node.plain)
        case ListNode():
            return ListNode(tuple(_at_line(item, line) for item in node.items), line)
        case MapNode():
            return MapNode(
                tuple((ScalarNode(k.text, line), _at_line(v, line)) for k, v in node.pairs), line
            )


def _map_node(cell: str, kind: Any, where: str, line: int) -> MapNode:
    figures = get_origin(kind) is dict
    pairs: dict[str, tuple[ScalarNode, Node]] = {}
    for part in _parts(cell, ";"):
        key, *rest = _parts(part, ":", 1)
        word = _unescaped(key)
        if not rest or not word:
            raise Misread(line, where, part.strip(), "key: value; key: value", "Part them by `;`.")
        if word in pairs:
            raise Misread(line, where, f"{word} a second time", "each key once")
        text = _unescaped(rest[0])
        value = _figure_node(text, line) if figures else ScalarNode(text, line)
        pairs[word] = (ScalarNode(word, line), value)
    return MapNode(tuple(pairs.values()), line)


def _figure_node(text: str, line: int) -> ScalarNode:
    # A spreadsheet's own mark for text: '42 is the word 42.
    if text.startswith("'"):
        return ScalarNode(text[1:], line)
    return ScalarNode({"yes": "true", "no": "false"}.get(text, text), line, plain=True)


def _split(cell: str, where: str, line: int) -> list[str]:
    parts = [_unescaped(part) for part in _parts(cell, ";")]
    if "" in parts:
        raise Misread(
            line, where, cell, "words parted by `;`", "Delete the `;` with nothing beside it."
        )
    return parts


def _parts(text: str, mark: str, splits: int = 0) -> list[str]:
    """Cut at a mark that no backslash precedes; the backslashes stay."""
    if "\\" not in text:
        return text.split(mark, splits or -1)
    pieces = re.findall(r"(?:\\.|[^\\" + mark + r"])+|" + mark + r"|\\$", text, re.DOTALL)
    parts = [""]
    for piece in pieces:
        if piece == mark and (not splits or len(parts) <= splits):
            parts.append("")
        else:
            parts[-1] += piece
    return parts


_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_EDGES = re.compile(r"^\s+|(?<!\\)\s+$")


def _unescaped(part: str) -> str:
    if "\\" not in part:
        return part.strip()
    text = part.lstrip()
    bare = text.rstrip()
    # One backslash (or three) before the end keeps the space after it.
    if (len(bare) - len(bare.rstrip("\\"))) % 2 and bare != text:
        bare = text[: len(bare) + 1]
    return _ESCAPED.sub(r"\1", bare)


def _escaped(text: str, marks: str) -> str:
    said = re.sub(f"[\\\\{marks}]", lambda found: f"\\{found[0]}", text)
    if said[:1].isspace():
        said = f"\\{said}"
    if len(text) > 1 and text[-1].isspace():
        said = f"{said[:-1]}\\{said[-1]}"
    return said


def list_cell(words: Iterable[str]) -> str:
    """Words as one cell.

    >>> list_cell(["San Cristobal", "a; b", "c"])
    'San Cristobal; a\\\\; b; c'
    """
    return "; ".join(_escaped(word, ";") for word in words)


def map_cell(pairs: Iterable[tuple[str, str]]) -> str:
    """Keys and values as one cell.

    >>> map_cell([("total", "42"), ("see", "a:b")])
    'total: 42; see: a:b'
    """
    return "; ".join(f"{_escaped(key, ';:')}: {_escaped(value, ';')}" for key, value in pairs)


# -- writing ---------------------------------------------------------------------------------------


def written(entries: Iterable[Entry], reading: Reading) -> dict[str, bytes]:
    """The tables of these entries by file name, rows in the order given."""
    by_file: dict[str, list[Entry]] = {}
    for entry in entries:
        by_file.setdefault(f"{PLURALS[entry.kind]}.csv", []).append(entry)
    return {name: _table(by_file[name], reading) for name in FILES if name in by_file}


def _table(entries: list[Entry], reading: Reading) -> bytes:
    kind = type(entries[0].body)
    form = _FORMS.get(kind, TABLE)
    rows = [list(said(entry, form, reading)) for entry in entries]
    cells = [{one.name: cell_of(one.value, one.column.type) for one in row} for row in rows]
    used = {name for row in cells for name in row}
    names = [name for name in _column_order(kind) if name in used]
    lines = [names, *([row.get(name, "") for name in names] for row in cells)]
    return "".join(f"{','.join(map(_csv_cell, line))}\n" for line in lines).encode()


def _column_order(kind: type[Body]) -> list[str]:
    known = columns(kind)
    first = [name for name, one in known.items() if one.head and one.field in _DATES]
    own = [name for name, one in known.items() if not one.head]
    return [*first, *own, *(name for name in known if name not in (*first, *own))]


_DATES = ("id", "occurred", "recorded")
_NEEDS_QUOTES = re.compile(r'[,"\r\n]|^\s|\s$|^#')


def _csv_cell(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text


def cell_of(value: Any, kind: Any) -> str:
    """A value as it stands in one cell."""
    match shape(kind):
        case "list":
            return list_cell(value)
        case "map" if isinstance(value, dict):
            return map_cell((key, _figure_cell(one)) for key, one in sorted(value.items()))
        case "map":
            return map_cell((one.who, one.says) for one in value)
        case "tree":
            plain = plain_of(value)
            return plain if isinstance(plain, str) else yaml_text.written(plain)
        case "text":
            whole = isinstance(value, float) and value.is_integer() and kind in _FRACTIONS
            return _word(int(value) if whole else value)


_FRACTIONS = (float, float | None)  # read as floats with a point or without


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return yaml_text.number(value)
    return value if isinstance(value, str) else str(value)


def _figure_cell(value: int | float | str) -> str:
    if not isinstance(value, str):
        return _word(value)
    ambiguous = (
        value.startswith("'") or value in ("yes", "no") or not isinstance(resolved(value), str)
    )
    return f"'{value}" if ambiguous else value
