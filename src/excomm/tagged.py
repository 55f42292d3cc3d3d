"""An object with a `kind`, from JSON to its struct; every fault of form has a place and a remedy.

Serves the models of options and the problems of watch alike. Knows no kind itself.
"""

import difflib
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

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
        raise InputError("$", _line_of(raw, fault), "JSON", remedy) from None


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


def _line_of(raw: str, fault: Exception) -> str:
    byte = re.search(r"byte (\d+)", str(fault))
    if not byte:
        return "a text that ends too early" if raw.strip() else "an empty text"
    return f"a fault in line {raw.encode()[: int(byte[1])].count(10) + 1}"


def _refuse_misspelt(raw: dict[str, object], kind: type[msgspec.Struct]) -> None:
    known = [field.encode_name for field in msgspec.structs.fields(kind)]
    for key in raw:
        meant = [] if key in known else difflib.get_close_matches(key, known, 1, 0.85)
        if meant and meant[0] not in raw:
            raise InputError(f"$.{key}", key, f"the key {meant[0]}", f"Write {meant[0]}.")


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
