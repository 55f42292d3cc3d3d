"""What a text form says before anybody asks what it means: scalars, lists and maps with lines.

CSV cells, YAML and TOML all become these, so that one decoder (`fields`) serves the three and every
fault knows its line. A plain scalar stays text until a field that wants a number asks for one.
"""

import re

import msgspec


class ScalarNode(msgspec.Struct, frozen=True, gc=False):
    """One value as written. plain: bare YAML or TOML, where null, true and 42 mean something."""

    text: str
    line: int
    plain: bool = False

    @property
    def null(self) -> bool:
        """Whether nothing stands here."""
        return self.plain and self.text in ("", "~", "null", "Null", "NULL")


class ListNode(msgspec.Struct, frozen=True):
    """Values in order."""

    items: tuple["Node", ...]
    line: int


class MapNode(msgspec.Struct, frozen=True):
    """Keys and values in order; no key twice."""

    pairs: tuple[tuple[ScalarNode, "Node"], ...]
    line: int


Node = ScalarNode | ListNode | MapNode

Plain = None | bool | int | float | str | list["Plain"] | dict[str, "Plain"]

_TRUE = ("true", "True", "TRUE")
_FALSE = ("false", "False", "FALSE")
_INT = re.compile(r"[-+]?[0-9]+", re.ASCII)
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_DIGITS_MAX = 400  # of a number; longer ones stay text


def resolved(text: str) -> bool | int | float | str | None:  # noqa: PLR0911  one a form
    """A plain scalar by the core schema of YAML 1.2: `on`, `yes` and dates are text.

    >>> resolved("yes"), resolved("1962-11-09"), resolved("42"), resolved("true")
    ('yes', '1962-11-09', 42, True)
    """
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if len(text) <= _DIGITS_MAX:
        if _INT.fullmatch(text):
            return int(text)
        if _BASED.fullmatch(text):
            return int(text, 0)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def node_of(value: Plain, line: int = 0) -> Node:
    """The node that a plain value is written as: what `plain` is the inverse of."""
    if isinstance(value, dict):
        pairs = value.items()
        return MapNode(tuple((ScalarNode(k, line), node_of(v, line)) for k, v in pairs), line)
    if isinstance(value, list):
        return ListNode(tuple(node_of(item, line) for item in value), line)
    if isinstance(value, str):
        return ScalarNode(value, line)
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return ScalarNode(text, line, plain=True)


def plain(node: Node) -> Plain:
    """Plain data: text, numbers, booleans, lists and dictionaries."""
    match node:
        case ScalarNode():
            return resolved(node.text) if node.plain else node.text
        case ListNode():
            return [plain(item) for item in node.items]
        case MapNode():
            return {key.text: plain(value) for key, value in node.pairs}
