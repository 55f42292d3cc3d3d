"""case.toml: what the case is called, its zone, its marking words, and its vocabulary.

`tomllib` keeps no line numbers; the lines of tables and keys are found by a scan of our own, good
enough to name a place and never used for a value.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any

from excomm.entries.entry import Entry
from excomm.entries.kinds import Body, CaseHeader, Item, Means, Party, Site
from excomm.entries.times import parse_zone
from excomm.errors import InputError
from excomm.folder.fields import Misread, reader, unknown_key
from excomm.folder.nodes import ListNode, MapNode, Node, ScalarNode
from excomm.folder.rows import Form, Reading, columns, read_row
from excomm.folder.said import plain_of, said
from excomm.folder.yaml_text import number, quoted

FILE = "case.toml"
TABLES: dict[str, type[Body]] = {"parties": Party, "items": Item, "sites": Site, "means": Means}
KINDS_READ = ("case", "party", "item", "site", "means")
RULES = ("as dated", "on load")

_HEADER = Form(names={"entry_recorded": "recorded"}, undated=True)
_TABLE = Form(undated=True)


def read_case(reading: Reading, text: str) -> None:
    """Take in case.toml: sets what the other files need, then reads its tables."""
    root = toml_nodes(reading, FILE, text)
    if root is None:
        reading.unread.update(KINDS_READ)
        return
    sections = {key.text: node for key, node in root.pairs}
    _set_rules(reading, sections)
    _read_header(reading, root.pairs, 1)
    for header in _tables(reading, sections, "header"):
        _read_header(reading, header.pairs, header.line)
    for name, kind in TABLES.items():
        for table in _tables(reading, sections, name):
            read_row(reading, FILE, table.line, kind, table.pairs, _TABLE)


def _set_rules(reading: Reading, sections: dict[str, Node]) -> None:
    """The zone, the opening day, the lowest level and the rule for `recorded`."""
    if isinstance(zone := sections.get("zone"), ScalarNode):
        with suppress(InputError):  # the rules say so of the header
            reading.zone = parse_zone(zone.text)
            reading.zone_name = zone.text
    if (opens := sections.get("opens")) is not None:
        with suppress(Misread):  # the header's own field says so
            reading.opens = reader(date)(opens, "opens")
    match sections.get("recorded"):
        case None:
            pass
        case ScalarNode(text=text) if text in RULES:
            reading.as_dated = text == RULES[0]
        case node:
            found = node.text if isinstance(node, ScalarNode) else "no text"
            reading.fault(
                FILE, Misread(node.line, "recorded", found, '"as dated" or "on load"', "")
            )
    match sections.get("markings"):
        case MapNode(pairs=pairs):
            levels = {key.text: node for key, node in pairs}.get("levels")
            if isinstance(levels, ListNode) and levels.items:
                first = levels.items[0]
                if isinstance(first, ScalarNode):
                    reading.lowest = first.text


_OF_FILE = ("recorded", "header", *TABLES)


def _read_header(reading: Reading, pairs: tuple[tuple[ScalarNode, Node], ...], line: int) -> None:
    own: list[tuple[ScalarNode, Node]] = []
    for key, node in pairs:
        if key.text == "markings":
            own.extend(_markings(reading, node))
        elif key.text not in _OF_FILE and (key.text in columns(CaseHeader) or _is_plain(node)):
            own.append((key, node))
        elif key.text not in _OF_FILE:
            tables = ("markings", "scale", "wording", "words", "reports", *_OF_FILE[1:])
            reading.fault(FILE, unknown_key(key, "case", tables))
    read_row(reading, FILE, line, CaseHeader, own, _HEADER)


def _is_plain(node: Node) -> bool:
    return isinstance(node, ScalarNode)


def _markings(reading: Reading, node: Node) -> list[tuple[ScalarNode, Node]]:
    if not isinstance(node, MapNode):
        reading.fault(
            FILE, Misread(node.line, "markings", "no table", "[markings] levels, compartments")
        )
        return []
    known = ("levels", "compartments")
    for key, _ in node.pairs:
        if key.text not in known:
            reading.fault(FILE, unknown_key(key, "markings", known))
    return [pair for pair in node.pairs if pair[0].text in known]


def _tables(reading: Reading, sections: dict[str, Node], name: str) -> list[MapNode]:
    node = sections.get(name)
    if node is None:
        return []
    tables = node.items if isinstance(node, ListNode) else (node,)
    found = [table for table in tables if isinstance(table, MapNode)]
    if len(found) < len(tables) or not isinstance(node, ListNode):
        reading.fault(FILE, Misread(node.line, name, "no list of tables", f"[[{name}]]"))
        return []
    return found


# -- TOML as nodes -------------------------------------------------------------------------------


def toml_nodes(reading: Reading, file: str, text: str) -> MapNode | None:
    """A TOML text as nodes; None where it is none, which is then noted with its line."""
    try:
        data = tomllib.loads(text)
    except RecursionError:
        reading.fault(file, InputError("text", "values nested too deeply", "a few levels"))
        return None
    except ValueError as fault:  # tomllib's own, and int()'s where a number has no end
        said, line = _toml_fault(str(fault), text)
        reading.fault(
            file, Misread(line, "text", said, "TOML", "Text stands in quotes, a day as 1962-11-09.")
        )
        return None
    lines = _Lines(text)
    pairs = tuple(
        (ScalarNode(key, lines.of("", 0, key)), lines.node(key, value))
        for key, value in data.items()
    )
    return MapNode(pairs, 1)


def _toml_fault(said: str, text: str) -> tuple[str, int]:
    if found := re.search(r" \(at line (\d+), column \d+\)", said):
        return said[: found.start()], int(found[1])
    return said.removesuffix(" (at end of document)"), text.count("\n") + 1


_HEADING = re.compile(r"\s*\[(\[)?\s*([A-Za-z0-9_.\"'-]+)\s*\]")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\"|'[^']*')\s*=")


class _Lines:
    """On which line the nth table of a name begins, and each of its keys."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, int, str], int] = {}
        counts: dict[str, int] = {}
        table, index, open_quote = "", 0, ""
        for number_, line in enumerate(text.splitlines(), 1):
            if open_quote:
                if open_quote in line:
                    open_quote = ""
                continue
            if found := _HEADING.match(line):
                table = found[2].strip("\"'")
                index = counts.get(table, -1) + 1
                counts[table] = index
                self._lines[table, index, ""] = number_
            elif found := _KEY.match(line):
                key = found[1].strip("\"'")
                self._lines.setdefault((table, index, key), number_)
                for quote in ('"""', "'''"):
                    if line.count(quote) == 1:
                        open_quote = quote

    def of(self, table: str, index: int, key: str) -> int:
        """The line of a key; else of its table; else of a table that has the key's name."""
        for place in ((table, index, key), (table, index, ""), (key, 0, "")):
            if place in self._lines:
                return self._lines[place]
        return 1

    def node(self, name: str, value: Any) -> Node:
        """The value of a top-level key with the lines of what it holds."""
        line = self.of("", 0, name)
        if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
            return ListNode(
                tuple(self._table(name, index, one, line) for index, one in enumerate(value)), line
            )
        if isinstance(value, dict):
            return self._table(name, 0, value, line)
        return _node(value, line)

    def _table(self, name: str, index: int, table: dict[str, Any], line: int) -> MapNode:
        begins = self._lines.get((name, index, ""), line)
        pairs = []
        for key, value in table.items():
            at = self._lines.get((name, index, key), begins)
            pairs.append((ScalarNode(key, at), _node(value, at)))
        return MapNode(tuple(pairs), begins)


def _node(value: Any, line: int) -> Node:
    match value:
        case dict():
            return MapNode(
                tuple((ScalarNode(key, line), _node(one, line)) for key, one in value.items()), line
            )
        case list():
            return ListNode(tuple(_node(one, line) for one in value), line)
        case bool():
            return ScalarNode("true" if value else "false", line, plain=True)
        case int() | float():
            return ScalarNode(number(value), line, plain=True)
        case datetime() | date() | time():
            return ScalarNode(value.isoformat(), line, plain=True)
        case _:
            return ScalarNode(str(value), line)


# -- writing ---------------------------------------------------------------------------------------


def written(groups: Mapping[type, list[Entry]], reading: Reading) -> bytes:
    """case.toml of these entries: the first header, then the vocabulary, a table each."""
    header, *corrected = groups[CaseHeader]
    pairs, tables = _header_parts(header, reading)
    rule = RULES[0] if reading.as_dated else RULES[1]
    pieces = ["".join(f"{name} = {toml(value)}\n" for name, value in [*pairs, ("recorded", rule)])]
    for name, value in tables.items():
        if isinstance(value, dict):
            pieces.append(_toml_table(f"[{name}]", value.items()))
        else:
            pieces.extend(_toml_table(f"[[{name}]]", one.items()) for one in value)
    for entry in corrected:
        again, inner = _header_parts(entry, reading)
        pieces.append(_toml_table("[[header]]", [*again, *inner.items()]))
    for name, kind in TABLES.items():
        for entry in groups.get(kind, ()):
            row = [(one.name, one.value) for one in said(entry, _TABLE, reading)]
            pieces.append(_toml_table(f"[[{name}]]", row))
    return "\n".join(pieces).encode()


def _header_parts(entry: Entry, reading: Reading) -> tuple[list[tuple[str, Any]], dict[str, Any]]:
    """What stands at the top of the file, and the tables `markings`, `scale` and `wording`."""
    pairs: list[tuple[str, Any]] = []
    tables: dict[str, Any] = {}
    for one in said(entry, _HEADER, reading):
        if one.name in ("levels", "compartments"):
            tables.setdefault("markings", {})[one.name] = one.value
        elif one.name in ("scale", "wording", "words", "reports"):
            tables[one.name] = plain_of(one.value)
        else:
            pairs.append((one.name, one.value))
    return pairs, tables


def _toml_table(heading: str, pairs: Iterable[tuple[str, Any]]) -> str:
    return f"{heading}\n" + "".join(f"{name} = {toml(value)}\n" for name, value in pairs)


_TOML_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def toml(value: Any) -> str:
    """A value on one line of TOML; a day is written as a day."""
    match plain_of(value):
        case bool() as plain:
            return "true" if plain else "false"
        case int() | float() as plain:
            return number(plain)
        case str() as plain:
            day = _TOML_DAY.fullmatch(plain) and not isinstance(value, str)
            return plain if day else quoted(plain)
        case list() as plain:
            return f"[{', '.join(toml(one) for one in plain)}]"
        case dict() as plain:
            return f"{{{', '.join(f'{key} = {toml(one)}' for key, one in plain.items())}}}"
        case None:
            raise AssertionError("TOML has no null")
