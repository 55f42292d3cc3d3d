"""YAML 1.2 as nodes with lines, and nodes as YAML again.

The parser's events are taken, not its objects: nothing is constructed, no tag is obeyed, nothing
recurses, and no scalar changes its type. Anchors, aliases and tags are refused: an agreement is
read by people, and what is said twice should stand twice.
"""

import json
import re
from collections.abc import Iterator

import yaml

from excomm.errors import InputError
from excomm.folder.nodes import ListNode, MapNode, Node, Plain, ScalarNode, resolved

DEPTH_MAX = 32

_NOT_TEXT = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def parse(text: str, name: str) -> tuple[Node | None, list[InputError]]:
    """The one document of a text, and the faults that did not stop the reading.

    name: the file, for the faults. None: an empty document. Raises InputError where the text is
    no YAML, nests deeper than `DEPTH_MAX`, or uses anchors, aliases, tags or several documents.
    """
    if odd := _NOT_TEXT.search(text):
        line = text.count("\n", 0, odd.start()) + 1
        raise InputError(
            f"{name}:{line}", f"the character U+{ord(odd[0]):04X}", "text", "Delete it."
        )
    builder = _Builder(name)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.take(event)
    except yaml.MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        said = (fault.problem or fault.context or "no YAML").removeprefix("found ")
        raise InputError(
            f"{name}:{line}",
            said,
            "YAML 1.2",
            f"Look at column {column}, or at the line before: a quote, a bracket or the space "
            "after a colon may be missing.",
        ) from None
    return builder.root, builder.faults


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


class _Open:
    """A list or a map that is being read."""

    def __init__(self, line: int, *, keyed: bool) -> None:
        self.line = line
        self.keyed = keyed
        self.items: list[Node] = []
        self.pairs: list[tuple[ScalarNode, Node]] = []
        self.key: ScalarNode | None = None
        self.seen: dict[str, int] = {}


class _Builder:
    """Turns events into nodes with a stack of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: Node | None = None
        self.faults: list[InputError] = []
        self._stack: list[_Open] = []
        self._documents = 0

    def take(self, event: yaml.Event) -> None:
        match event:
            case yaml.ScalarEvent():
                self._refuse_marks(event, event.tag if event.tag not in (None, "!") else None)
                plain = event.style in (None, "", "plain")
                self._put(ScalarNode(event.value, _line(event), plain))
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._refuse_marks(event, event.tag)
                self._open(event)
            case yaml.MappingEndEvent():
                done = self._stack.pop()
                self._put(MapNode(tuple(done.pairs), done.line))
            case yaml.SequenceEndEvent():
                done = self._stack.pop()
                self._put(ListNode(tuple(done.items), done.line))
            case yaml.AliasEvent():
                self._refuse(event, f"*{event.anchor}", "no aliases", "Write it out again.")
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    self._refuse(event, "a second document", "one document", "Make two files.")

    def _open(self, event: yaml.CollectionStartEvent) -> None:
        keyed = isinstance(event, yaml.MappingStartEvent)
        line = _line(event)
        if len(self._stack) >= DEPTH_MAX:
            self._refuse(
                event, f"more than {DEPTH_MAX} levels", f"at most {DEPTH_MAX}", "Nest less deeply."
            )
        if self._stack and self._stack[-1].keyed and self._stack[-1].key is None:
            self._refuse(event, "a list or a map as a key", "a word", "Quote it if it is text.")
        self._stack.append(_Open(line, keyed=keyed))

    def _put(self, node: Node) -> None:
        if not self._stack:
            self.root = node
            return
        top = self._stack[-1]
        if not top.keyed:
            top.items.append(node)
        elif top.key is None:
            assert isinstance(node, ScalarNode)
            top.key = node
        else:
            key, top.key = top.key, None
            if key.text in top.seen:
                self.faults.append(
                    InputError(
                        f"{self.name}:{key.line}: {key.text}",
                        "the key a second time",
                        f"each key once (first on line {top.seen[key.text]})",
                        "Delete one of them.",
                    )
                )
                return
            top.seen[key.text] = key.line
            top.pairs.append((key, node))

    def _refuse_marks(self, event: yaml.NodeEvent, tag: str | None) -> None:
        if event.anchor:
            self._refuse(event, f"&{event.anchor}", "no anchors", "Write it out where it is meant.")
        if tag:
            self._refuse(event, tag, "no tags", "Quote the value if it is text.")

    def _refuse(self, event: yaml.Event, found: str, expected: str, remedy: str) -> None:
        raise InputError(f"{self.name}:{_line(event)}", found, expected, remedy)


# -- writing -------------------------------------------------------------------------------------

# Words, numbers, dates: what reads the same in YAML 1.1 and 1.2 and inside brackets.
_BARE = re.compile(r"[A-Za-z0-9_(.][A-Za-z0-9_ ().+/;='-]*(?<! )", re.ASCII)
_BARE_WHEN = re.compile(
    r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?", re.ASCII
)
_WORDS_OF_1_1 = frozenset(("y", "n", "yes", "no", "on", "off"))
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_KEY_CHARS_MAX = 120  # YAML bounds a key on one line; longer ones are announced by `? `


def written(value: Plain) -> str:
    """Plain data as one line of YAML, in brackets where it has parts.

    >>> written({"id": "E1", "what": "says: yes", "about": ["U1"], "reversible": True})
    '{id: E1, what: "says: yes", about: [U1], reversible: true}'
    """
    return "".join(_pieces(value))


def pair(key: str, value: Plain) -> str:
    """One key with its value, as a line (a key too long for a line: two) of a block."""
    if len(key) > _KEY_CHARS_MAX:
        return f"? {_text(key)}\n  : {written(value)}"
    return f"{_text(key)}: {written(value)}"


def _pieces(value: Plain) -> Iterator[str]:
    match value:
        case dict():
            yield "{"
            for index, (key, part) in enumerate(value.items()):
                yield ", " if index else ""
                yield f"? {_text(key)} : " if len(key) > _KEY_CHARS_MAX else f"{_text(key)}: "
                yield from _pieces(part)
            yield "}"
        case list():
            yield "["
            for index, part in enumerate(value):
                yield ", " if index else ""
                yield from _pieces(part)
            yield "]"
        case None:
            yield "null"
        case bool():
            yield "true" if value else "false"
        case int() | float():
            yield number(value)
        case str():
            yield _text(value)


def _text(text: str) -> str:
    if _BARE_WHEN.fullmatch(text):
        # The second colon of an instant is harmless in 1.2; quoted all the same for readers of 1.1.
        return text if ":" not in text else f'"{text}"'
    bare = (
        _BARE.fullmatch(text)
        and isinstance(resolved(text), str)
        and text.lower() not in _WORDS_OF_1_1
        and not text.startswith(("...", "---"))
    )
    return text if bare else quoted(text)


def quoted(text: str) -> str:
    """Text in double quotes, as YAML (and JSON) want it."""
    said = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found[0]):04x}", said)


def number(value: int | float) -> str:
    """A number written out, without an exponent; a float keeps its point.

    >>> number(42), number(42.0), number(1e-7)
    ('42', '42.0', '0.0000001')
    """
    if isinstance(value, int):
        return str(value)
    said = repr(value)
    if "e" in said:
        from decimal import Decimal

        said = format(Decimal(said), "f")
    return said if "." in said else f"{said}.0"
