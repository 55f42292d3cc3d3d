"""From nodes to the fields of an entry: one reader for each type that the kinds use.

What a field may hold is taken from the struct definitions; nothing here knows a column by name.
A reader either returns the value or raises `Misread` with line, field, what was found, what was
expected and what to do.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from excomm.entries.durations import is_duration
from excomm.entries.language import (
    Advice,
    All,
    Condition,
    Counted,
    Each,
    Fixed,
    Is,
    Not,
    Point,
    Relative,
    With,
)
from excomm.entries.language import Any as AnyOf
from excomm.entries.nearest import did_you_mean
from excomm.entries.times import Day, Instant, Span, When, parse_when
from excomm.errors import InputError
from excomm.folder.nodes import ListNode, MapNode, Node, ScalarNode, plain

Reader = Callable[[Node, str], Any]

ASIDES = ("note", "source", "form", "what")  # any object of an agreement may carry these


class Misread(InputError):
    """A value that its field cannot hold, and the line it stands on."""

    def __init__(
        self, line: int, where: str, found: object, expected: str, remedy: str = ""
    ) -> None:
        super().__init__(where, found, expected, remedy)
        self.line = line


@cache
def reader(kind: Any) -> Reader:  # noqa: PLR0911  one return a type
    """What reads a field of that type: `reader(field.type)(node, "field")`."""
    kind = getattr(kind, "__supertype__", kind)
    if kind is str:
        return _text
    if kind is bool:
        return _boolean
    if kind is int:
        return _whole
    if kind is float:
        return _fraction
    if kind is date:
        return _date
    if get_origin(kind) is Literal:
        return _word_of(get_args(kind))
    if get_origin(kind) is tuple:
        return _list_of(get_args(kind)[0])
    if get_origin(kind) is dict:
        return _map_of(get_args(kind)[1])
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return {Each: _each, Advice: _advice}.get(kind) or _struct_of(kind)
    if get_origin(kind) in (UnionType, Union):
        return _union(frozenset(get_args(kind)) - {NoneType})
    assert kind is Any, f"no reader for {kind}"
    return lambda node, _: plain(node)


def _union(kinds: frozenset[Any]) -> Reader:
    if len(kinds) == 1:
        return reader(next(iter(kinds)))
    for known, found in _UNIONS:
        if kinds == known:
            return found
    raise AssertionError(f"no reader for {kinds}")


def shape(kind: Any) -> Literal["text", "list", "map", "tree"]:
    """How a field of that type is laid out in one cell of a table."""
    kinds = frozenset(get_args(kind)) if get_origin(kind) in (UnionType, Union) else {kind}
    for one in kinds - {NoneType}:
        if get_origin(one) is tuple:
            return "map" if get_args(one)[0] is Advice else "list"
        if get_origin(one) is dict:
            return "tree" if get_args(one)[1] is Any else "map"
        if (
            isinstance(one, type)
            and issubclass(one, msgspec.Struct)
            and one not in (Day, Instant, Span)
        ):
            return "tree"
    return "text"


# -- scalars ---------------------------------------------------------------------------------------


def scalar(node: Node, where: str) -> str:
    """The text of a scalar; a list or a map is a fault."""
    if isinstance(node, ScalarNode):
        return node.text
    found = "a list" if isinstance(node, ListNode) else "a map"
    raise Misread(node.line, where, found, "one value", "Quote it if it is text.")


def _text(node: Node, where: str) -> str:
    return scalar(node, where)


_BOOLEANS = {"yes": True, "no": False, "true": True, "false": False}


def _boolean(node: Node, where: str) -> bool:
    text = scalar(node, where).strip()
    if text.lower() not in _BOOLEANS:
        raise Misread(node.line, where, text, "yes or no")
    return _BOOLEANS[text.lower()]


_WHOLE = re.compile(r"[-+]?\d+", re.ASCII)
_FRACTION = re.compile(r"[-+]?(\d+\.\d*|\.\d+)", re.ASCII)
_DIGITS_MAX = 400


def _number(node: Node, where: str) -> int | float:
    text = scalar(node, where).strip()
    if len(text) <= _DIGITS_MAX:
        if _WHOLE.fullmatch(text):
            return int(text)
        if _FRACTION.fullmatch(text):
            return float(text)
    raise Misread(node.line, where, text, "a number", _number_remedy(text))


def _whole(node: Node, where: str) -> int:
    value = _number(node, where)
    if isinstance(value, float):
        raise Misread(node.line, where, scalar(node, where), "a whole number")
    return value


def _fraction(node: Node, where: str) -> float:
    return float(_number(node, where))


def _number_remedy(text: str) -> str:  # noqa: PLR0911  one return a form
    if re.fullmatch(r"[-+]?\d{1,3},\d{3}", text):
        parts = f"{text.replace(',', '')}, if the comma parts thousands"
        return f"Write a point, no comma: {text.replace(',', '.')}; or {parts}."
    if re.fullmatch(r"[-+]?\d+,\d+", text):
        return f"Write a point, no comma: {text.replace(',', '.')}."
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", text):
        return f"Leave the commas out: {text.replace(',', '')}."
    if found := re.fullmatch(r"([-+]?[\d.]+)\s*%", text):
        return f"Write {text} as {float(found[1]) / 100:g}." if found[1].count(".") < 2 else ""
    if re.fullmatch(r"[-+]?\d*\.?\d+[eE][-+]?\d{1,3}", text):
        return (
            "A spreadsheet has shortened it; digits may be lost: write the number out from the "
            "source."
        )
    if re.match(r"[-+]?\d", text):
        return "Only the number; the unit has a column of its own."
    return ""


def _date(node: Node, where: str) -> date:
    found = when(node, where)
    if not isinstance(found, Day):
        raise Misread(node.line, where, scalar(node, where), "a day (1962-11-09)")
    return found.day


_YEARS = range(1000, 9999)  # every zone's midnight fits
_DIALECT = re.compile(r"(\d{1,2})([/.-])(\d{1,2})[/.-](\d{4})(?:[ T].*)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_SERIAL_ZERO = date(1899, 12, 30)


def when(node: Node, where: str) -> When:
    """A day, an instant or an interval; the remedy names what a spreadsheet made of it."""
    text = scalar(node, where).strip()
    try:
        found = parse_when(text)
    except InputError as fault:
        remedy = _time_remedy(text) or fault.remedy
        raise Misread(node.line, where, text, fault.expected, remedy) from None
    for part in (found.start, found.end) if isinstance(found, Span) else (found,):
        if (part.at if isinstance(part, Instant) else part.day).year not in _YEARS:
            raise Misread(node.line, where, text, "a year from 1000 to 9998")
    return found


def _day_or_instant(node: Node, where: str) -> Day | Instant:
    found = when(node, where)
    if isinstance(found, Span):
        raise Misread(
            node.line,
            where,
            scalar(node, where),
            "a day or an instant",
            "Name the day that counts.",
        )
    return found


def _time_remedy(text: str) -> str:
    if found := _DIALECT.fullmatch(text):
        first, mark, second, year = int(found[1]), found[2], int(found[3]), found[4]
        month_first = f"{year}-{first:02}-{second:02}"
        day_first = f"{year}-{second:02}-{first:02}"
        said = [day_first] if mark == "." else [month_first, day_first]
        known = [day for day in dict.fromkeys(said) if _exists(day)]
        if known:
            return f"Write {' or '.join(known)}; a spreadsheet has changed the form."
    if _SERIAL.fullmatch(text):
        day = _SERIAL_ZERO + timedelta(days=int(text[:5]))
        return f"A spreadsheet's day number: write {day}, if that is the day meant."
    if "/" in text and re.fullmatch(r"\d{2,4}/\d{1,2}/\d{1,2}", text):
        return f"Write {text.replace('/', '-')}."
    return ""


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def instant(node: Node, where: str, dated: Callable[[When], datetime]) -> datetime:
    """When something was known, UTC; a day counts from its start, of an interval its last day."""
    return dated(when(node, where)).astimezone(UTC)


def _word_of(words: tuple[str, ...]) -> Reader:
    def word(node: Node, where: str) -> str:
        text = scalar(node, where).strip()
        if text not in words:
            raise Misread(
                node.line,
                where,
                text,
                f"one of {', '.join(filter(None, words))}",
                did_you_mean(text, words),
            )
        return text

    return word


# -- lists and maps ----------------------------------------------------------------------------


def _list_of(kind: Any) -> Reader:
    if kind is Advice:
        return _advice_list
    if kind is Condition or kind is Ellipsis:
        raise AssertionError("conditions are read by _condition")
    one = reader(kind)

    def values(node: Node, where: str) -> tuple[Any, ...]:
        if isinstance(node, ScalarNode):
            return () if node.null or not node.text else (one(node, where),)
        if isinstance(node, MapNode):
            if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
                return (one(node, where),)
            raise Misread(node.line, where, "a map", "a list")
        found = []
        for item in node.items:
            if isinstance(item, ScalarNode) and (item.null or item.text == ""):
                raise Misread(item.line, where, None, "a word in every place of the list")
            found.append(one(item, where))
        return tuple(found)

    return values


def _map_of(kind: Any) -> Reader:
    if kind is Any:
        return lambda node, where: plain(_map(node, where))
    one = reader(kind)

    def values(node: Node, where: str) -> dict[str, Any]:
        if isinstance(node, ScalarNode) and (node.null or not node.text):
            return {}
        return {
            key.text: one(value, f"{where}.{key.text}") for key, value in _map(node, where).pairs
        }

    return values


def _map(node: Node, where: str) -> MapNode:
    if not isinstance(node, MapNode):
        found = "a list" if isinstance(node, ListNode) else node.text
        raise Misread(node.line, where, found, "a map (key: value)")
    return node


def _figure(node: Node, where: str) -> int | float | str | bool:
    """A named figure: a number, a yes or no, or a word."""
    value = plain(ScalarNode(scalar(node, where), node.line, _is_plain(node)))
    if value is None:
        raise Misread(node.line, where, None, "a figure, a word, true or false")
    assert isinstance(value, int | float | str | bool)
    return value


def _is_plain(node: Node) -> bool:
    return isinstance(node, ScalarNode) and node.plain


def _advice_list(node: Node, where: str) -> tuple[Advice, ...]:
    return tuple(
        Advice(key.text, scalar(says, f"{where}.{key.text}"))
        for key, says in _map(node, where).pairs
    )


def _advice(node: Node, where: str) -> Advice:
    found = _advice_list(node, where)
    if len(found) != 1:
        raise Misread(node.line, where, f"{len(found)} answers", "one (who: says)")
    return found[0]


# -- the terms language -------------------------------------------------------------------------

_POINT_KEYS = ("after", "P14D after", "with", "date", "last_day", "renewable")


def _point(node: Node, where: str) -> Point:  # noqa: PLR0912  one branch a key
    if isinstance(node, ScalarNode):
        return Fixed(_day_or_instant(node, where))
    last_day: date | None = None
    renewable = False
    heads: list[tuple[ScalarNode, Node]] = []
    for key, value in _map(node, where).pairs:
        if key.text == "last_day":
            last_day = _date(value, f"{where}.last_day")
        elif key.text == "renewable":
            renewable = _boolean(value, f"{where}.renewable")
        elif key.text in ("with", "date", "after") or key.text.endswith(" after"):
            heads.append((key, value))
        elif key.text not in ASIDES:
            raise unknown_key(key, where, _POINT_KEYS)
    if len(heads) != 1:
        found = " and ".join(key.text for key, _ in heads)
        raise Misread(node.line, where, found, "one of after, P14D after, with, date")
    key, value = heads[0]
    said = scalar(value, f"{where}.{key.text}").strip()
    if not said:
        raise Misread(value.line, f"{where}.{key.text}", None, "a day, an event or start of U")
    if key.text == "with":
        if last_day or renewable:
            raise Misread(key.line, where, "with beside last_day or renewable", "with alone")
        return With(said)
    if key.text == "date":
        return Fixed(_day_or_instant(value, f"{where}.date"), last_day, renewable)
    duration = key.text.removesuffix("after").rstrip()
    if duration and not is_duration(duration):
        raise Misread(
            key.line, where, duration, "an ISO 8601 duration", "P14D is 14 days, P3M 3 months."
        )
    if re.match(r"\d{4}-\d", said):
        said = str(_day_or_instant(value, f"{where}.{key.text}"))
    return Relative(said, duration, last_day, renewable)


_FACTS = ("fulfilled", "in_force", "breached", "requested_by", "accepted_by", "event")
_CONDITION_KEYS = (*_FACTS, "counted", "all", "any", "not")


def _condition(node: Node, where: str) -> Condition:
    pairs = {
        key.text: (key, value) for key, value in _map(node, where).pairs if key.text not in ASIDES
    }
    for key, _ in pairs.values():
        if key.text not in (*_CONDITION_KEYS, "at_least"):
            raise unknown_key(key, where, _CONDITION_KEYS)
    at_least = pairs.pop("at_least", None)
    if len(pairs) != 1:
        found = " and ".join(pairs)
        raise Misread(
            node.line, where, found, "one condition", "Join several in all: [...] or any: [...]."
        )
    ((word, (key, value)),) = pairs.items()
    inner = f"{where}.{word}"
    if (word == "counted") != (at_least is not None):
        raise Misread(key.line, where, word, "counted and at_least together")
    match word:
        case "counted":
            assert at_least is not None
            return Counted(scalar(value, inner), _number(at_least[1], f"{where}.at_least"))
        case "not":
            return Not(_condition(value, inner))
        case "all" | "any":
            if not isinstance(value, ListNode) or not value.items:
                raise Misread(value.line, inner, None, "a list of conditions")
            parts = tuple(_condition(part, inner) for part in value.items)
            return All(parts) if word == "all" else AnyOf(parts)
        case _:
            of = scalar(value, inner)
            if not of:
                raise Misread(value.line, inner, None, "an id")
            return Is(word, of)  # type: ignore[arg-type]


def _each(node: Node, where: str) -> Each:
    months: tuple[int, ...] | None = None
    due_day: int | None = None
    for key, value in _map(node, where).pairs:
        inner = f"{where}.{key.text}"
        if key.text == "months":
            every = isinstance(value, ScalarNode) and value.text == "all"
            months = tuple(range(1, 13)) if every else reader(tuple[int, ...])(value, inner)
        elif key.text == "due_day":
            due_day = _whole(value, inner)
        elif key.text not in ASIDES:
            raise unknown_key(key, where, ("months", "due_day"))
    if months is None:
        raise Misread(node.line, f"{where}.months", None, "all, or months by number ([3, 9])")
    return Each(months, due_day)


def _struct_of(kind: type[msgspec.Struct]) -> Reader:
    fields = {field.name: field for field in msgspec.structs.fields(kind)}

    def struct(node: Node, where: str) -> msgspec.Struct:
        values: dict[str, Any] = {}
        for key, value in _map(node, where).pairs:
            if key.text not in fields:
                if key.text in ASIDES:
                    continue
                raise unknown_key(key, where, fields)
            if not (isinstance(value, ScalarNode) and value.null):
                values[key.text] = reader(fields[key.text].type)(value, f"{where}.{key.text}")
        for name, field in fields.items():
            if field.required and name not in values:
                raise Misread(
                    node.line, f"{where}.{name}", None, f"a value beside {', '.join(fields)}"
                )
        return kind(**values)

    return struct


def unknown_key(key: ScalarNode, where: str, known: Iterable[str]) -> Misread:
    """The fault of a key that the form does not have, with the nearest that it has."""
    known = tuple(known)
    return Misread(
        key.line,
        where,
        f"the key {key.text}",
        f"one of {', '.join(known)}",
        did_you_mean(key.text, known),
    )


_UNIONS: tuple[tuple[frozenset[Any], Reader], ...] = (
    (frozenset(get_args(int | float)), _number),
    (frozenset(get_args(int | float | str | bool)), _figure),
    (frozenset(get_args(When)), when),
    (frozenset((Day, Instant)), _day_or_instant),
    (frozenset(get_args(Point)), _point),
    (frozenset(get_args(Condition)), _condition),
)
