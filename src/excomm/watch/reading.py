"""From a problem's JSON to its struct; every fault of form is an error with place and remedy."""

import difflib
import re
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import msgspec

from excomm.errors import EnvironmentFault, InputError
from excomm.watch.problems import Problem

KINDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Problem)
}


def read_file(path: Path) -> Problem:
    """The problem in a file.

    Raises InputError with the file and the place in it (`month.json: $.detect[2][0]`);
    EnvironmentFault where the file cannot be read.
    """
    try:
        text = path.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a readable problem.") from None
    try:
        return read(text)
    except InputError as fault:
        raise fault.at(str(path)) from None


def read(text: bytes | str) -> Problem:
    """The problem in a JSON text.

    Raises InputError: not JSON (NaN is not), an unknown kind, a missing or misspelt key, a wrong
    type.

    >>> read('{"kind": "gap_schedule", "max_gap_days": [2, 4, 4], "looks_per_day": 1}').max_gap_days
    (2, 4, 4)
    """
    try:
        raw = msgspec.json.decode(text)
    except RecursionError:
        raise InputError("$", "a deeply nested text", "fewer levels", "Flatten it.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise InputError("$", _line_of(text, fault), "JSON", _mend(text, fault)) from None
    kinds = f"Give one of: {', '.join(KINDS)}."
    if not isinstance(raw, dict) or "kind" not in raw:
        raise InputError("$", "no key kind", 'an object with "kind"', kinds)
    kind = KINDS.get(raw["kind"]) if isinstance(raw["kind"], str) else None
    if kind is None:
        raise InputError("$.kind", raw["kind"], "a kind of problem", kinds)
    _refuse_misspelt(raw, kind)
    try:
        return msgspec.json.decode(text, type=kind, dec_hook=_fraction)  # type: ignore[return-value]
    except msgspec.ValidationError as fault:
        raise _told(str(fault)) from None


def _fraction(wanted: type, value: object) -> Any:
    assert wanted is Fraction, wanted
    written = str(value).replace(" ", "")
    try:
        if isinstance(value, bool) or not _FRACTION.fullmatch(written):
            raise ValueError
        return Fraction(written)
    except (ValueError, ZeroDivisionError):
        raise ValueError(f"Expected `{_A_FRACTION}`, got `{value}`") from None


def _refuse_misspelt(raw: dict[str, object], kind: type[msgspec.Struct]) -> None:
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    for key in raw:
        meant = [] if key in known else difflib.get_close_matches(key, known, 1, 0.85)
        if meant and meant[0] not in raw:
            raise InputError(f"$.{key}", key, f"the key {meant[0]}", f"Write {meant[0]}.")


# A number of sane size: Fraction itself would take 1e999999999 and fill the memory.
_FRACTION = re.compile(r"[+-]?(\d{1,60}/\d{1,60}|\d{0,60}\.?\d{1,60}(e[+-]?\d{1,2})?)", re.I)
_A_FRACTION = "a fraction such as 3/5 or 0.6"
_AT = re.compile(r" - at `(?P<place>[^`]*)`$")
_MISSING = re.compile(r"Object missing required field `(?P<key>[^`]*)`")
_TYPES = re.compile(r"Expected `(?P<expected>[^`]*)`, got `?(?P<found>[^`]*)`?")


def _told(said: str) -> InputError:
    at = _AT.search(said)
    place, said = (at["place"], said[: at.start()]) if at else ("$", said)
    place = place.replace("[...]", "[…]")
    missing = _MISSING.match(said)
    if missing:
        key = missing["key"]
        return InputError(place, "nothing", f"the key {key}", f"Add {key}.")
    types = _TYPES.match(said)
    if types:
        return InputError(place, types["found"], types["expected"], "Write it as the form says.")
    return InputError(place, said, "a value that the form allows", "See docs/watch.md.")


def _mend(text: bytes | str, fault: Exception) -> str:
    raw = text if isinstance(text, str) else text.decode("utf-8", "replace")
    if re.search(r"[\[:,]\s*-?(NaN|Infinity)\b", raw):
        return "NaN and Infinity are no numbers: write 0 for a refused look, leave out a limit."
    return f"Mend it: {fault}."


def _line_of(text: bytes | str, fault: Exception) -> str:
    byte = re.search(r"byte (\d+)", str(fault))
    raw = text.encode() if isinstance(text, str) else text
    if not byte:
        return "a text that ends too early" if raw.strip() else "an empty text"
    return f"a fault in line {raw[: int(byte[1])].count(10) + 1}"
