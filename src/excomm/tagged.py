"""An object with a `kind`, from JSON to its struct; every fault of form has a place and a remedy.

Serves the models of options and the problems of watch alike. Knows no kind itself.
"""

import difflib
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import msgspec

from excomm.errors import InputError


def decoded(text: bytes | str, *, flatten: str, not_a_number: str = "") -> object:
    """The plain data of a JSON text.

    flatten: what to do where it nests too deeply. not_a_number: what to write instead of NaN.
    Raises InputError where the text is no JSON, with its line.
    """
    try:
        return msgspec.json.decode(text)
    except RecursionError:
        raise InputError("$", "a deeply nested text", "fewer levels", flatten) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raw = text if isinstance(text, str) else text.decode("utf-8", "replace")
        nan = not_a_number and re.search(r"[\[:,]\s*-?(NaN|Infinity)\b", raw)
        remedy = not_a_number if nan else f"Mend it: {fault}."
        raise InputError("$", _broken_line(raw, fault), "JSON", remedy) from None


def kind_of(
    raw: object, kinds: Mapping[str, type[msgspec.Struct]], noun: str
) -> tuple[dict[str, Any], type[msgspec.Struct]]:
    """The object and the struct that its `kind` names. Raises InputError where it names none."""
    known = f"Give one of: {', '.join(kinds)}."
    if not isinstance(raw, dict) or "kind" not in raw:
        raise InputError("$", "no key kind", 'an object with "kind"', known)
    kind = kinds.get(raw["kind"]) if isinstance(raw["kind"], str) else None
    if kind is None:
        raise InputError("$.kind", raw["kind"], f"a kind of {noun}", known)
    return raw, kind


def typed(raw: dict[str, Any], kind: type[msgspec.Struct], guide: str) -> Any:
    """The struct of an object; figures may be written "3/5", "0.6", 0.6 or 1.

    guide: the page that describes the form. Raises InputError: a missing or misspelt key, a wrong
    type, each with its place (`$.options[2].dm`).
    """
    _refuse_misspelt(raw, kind)
    try:
        return msgspec.convert(raw, kind, dec_hook=_fraction, str_keys=True)
    except msgspec.ValidationError as fault:
        raise _told(str(fault), guide) from None


@contextmanager
def placed(path: Path, text: bytes) -> Iterator[None]:
    """Faults of what was read from a file's text, told with the file and the line of their place.

    A fault that has no place in the text (`$.means[0].cost`) passes as it is.
    """
    try:
        yield
    except InputError as fault:
        if not fault.where.startswith("$"):
            raise
        raise fault.at(f"{path}:{line_of(text, fault.where)}") from None


def line_of(text: bytes, place: str) -> int:
    """The line, from 1, on which the value at a place stands: `$.means[0].cost`.

    Where the text ends before it, or goes another way, the line of what is nearest above.

    >>> line_of(b'{"means": [\\n  {"name": "U-2",\\n   "cost": -1}]}', "$.means[0].cost")
    3
    """
    raw = text.decode("utf-8", "replace")
    scan = json.JSONDecoder().raw_decode
    at = _next(raw, 0)
    try:
        msgspec.json.decode(text)
        for key, index in _STEPS.findall(place):
            at = _inside(raw, at, scan, key or int(index))
    except LookupError:
        pass  # the step is not in the text: what holds it is
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        return _line_of_byte(text, fault) or raw.rstrip().count("\n") + 1
    except RecursionError:
        return 1
    return raw.count("\n", 0, at) + 1


def _line_of_byte(text: bytes, fault: Exception) -> int | None:
    """The line of the byte that a decoder's fault names; None where it names none."""
    byte = re.search(r"byte (\d+)", str(fault))
    return text[: int(byte[1])].count(10) + 1 if byte else None


def _broken_line(raw: str, fault: Exception) -> str:
    line = _line_of_byte(raw.encode(), fault)
    if "out of range" in str(fault):
        return "a number beyond any that a computer holds"
    if line is None:
        return "a text that ends too early" if raw.strip() else "an empty text"
    return f"a fault in line {line}"


def _refuse_misspelt(raw: dict[str, object], kind: type[msgspec.Struct], place: str = "$") -> None:
    """Keys that stand for another, here and in the lists of objects within."""
    fields = {field.encode_name: field.type for field in msgspec.structs.fields(kind)}
    for key, value in raw.items():
        meant = [] if key in fields else difflib.get_close_matches(key, fields, 1, 0.85)
        if meant and meant[0] not in raw:
            raise InputError(f"{place}.{key}", key, f"the key {meant[0]}", f"Write {meant[0]}.")
        within = next(iter(get_args(fields.get(key))), None)
        if isinstance(value, list) and isinstance(within, type(msgspec.Struct)):
            for n, one in enumerate(value):
                if isinstance(one, dict):
                    _refuse_misspelt(one, within, f"{place}.{key}[{n}]")


# A number of sane size: Fraction itself would take 1e999999999 and fill the memory.
_FRACTION = re.compile(r"[+-]?(\d{1,60}/\d{1,60}|\d{0,60}\.?\d{1,60}(e[+-]?\d{1,2})?)", re.I)
_A_FRACTION = "a fraction such as 3/5 or 0.6"


def _fraction(wanted: type, value: object) -> Fraction:
    assert wanted is Fraction, wanted
    written = str(value).replace(" ", "")
    try:
        if isinstance(value, bool) or not _FRACTION.fullmatch(written):
            raise ValueError
        return Fraction(written)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"Expected `{_A_FRACTION}`, got `{value}`") from None


_AT = re.compile(r" - at `(?P<place>[^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_WORD = re.compile(r"Invalid enum value '(?P<found>[^']*)'")
_TYPES = re.compile(r"Expected `(?P<expected>[^`]*)`, got `?(?P<found>[^`]*)`?")
# What a key stands for, and the words that a closed set has, where that helps more than its name.
_CALLED = {"dm": ("an owner (key dm)", "Name the decision maker in dm.")}
_WORDS = {"moves": ("both, fwd or back", "Say how it may change.")}


def _told(said: str, guide: str) -> InputError:
    at = _AT.search(said)
    place, said = (at["place"], said[: at.start()]) if at else ("$", said)
    place = place.replace("[...]", "[…]")
    if missing := _MISSING.match(said):
        key = missing["key"]
        expected, remedy = _CALLED.get(key, (f"the key {key}", f"Add {key}."))
        return InputError(place, "nothing", expected, remedy)
    if (word := _WORD.match(said)) and (told := _WORDS.get(place.rpartition(".")[2])):
        return InputError(place, word["found"], *told)
    if types := _TYPES.match(said):
        return InputError(place, types["found"], types["expected"], "Write it as the form says.")
    return InputError(place, said, "a value that the form allows", f"See {guide}.")


_STEPS = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
_SPACE = re.compile(r"[ \t\r\n\ufeff]*")


def _next(raw: str, at: int) -> int:
    """Where the next text that is no space begins."""
    found = _SPACE.match(raw, at)
    return found.end() if found else at


def _inside(raw: str, at: int, scan: Callable[[str, int], tuple[Any, int]], step: str | int) -> int:
    """Where a member or an element of what begins at a place begins.

    Raises LookupError where there is none.
    """
    wanted = "{" if isinstance(step, str) else "["
    if raw[at] != wanted:
        raise KeyError(step)
    at, number = _next(raw, at + 1), 0
    while raw[at] not in "]}":
        key: object = number
        if wanted == "{":
            key, at = scan(raw, at)
            at = _next(raw, _next(raw, at) + 1)
        if key == step:
            return at
        at = _next(raw, scan(raw, at)[1])
        at, number = _next(raw, at + (raw[at] == ",")), number + 1
    raise KeyError(step)
