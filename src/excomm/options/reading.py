"""From a model's JSON to its struct, and every fault of form as an error with a place and a remedy.

A model that names another (`model: "chicken.json"`) is read with it: the name is a path beside the
file, never above it.
"""

import difflib
import re
from fractions import Fraction
from pathlib import Path
from typing import Any, get_args

import msgspec

from excomm.errors import EnvironmentFault, InputError
from excomm.options.models import Conflict, Inverse, Model, Orders, Partial, Ties

KINDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Model)
}


def read_file(path: Path) -> Model:
    """The model in a file, with the model it names, if any.

    Raises InputError with the file and the place in it (`$.options[2].dm`); EnvironmentFault where
    the file cannot be read.
    """
    try:
        text = path.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a readable model file.") from None
    try:
        model = read(text)
    except InputError as fault:
        raise fault.at(str(path)) from None
    if not isinstance(model, Inverse | Partial | Ties | Orders) or isinstance(
        model.model, Conflict
    ):
        return model
    named = model.model
    if Path(named).name != named:
        raise InputError(
            f"{path}: $.model", named, "a file name", "Put the conflict model into the same folder."
        )
    beside = path.parent / named
    if not beside.is_file():
        raise InputError(
            f"{path}: $.model", named, "a file beside this one", f"Put {named} into {path.parent}."
        )
    conflict = read_file(beside)
    if not isinstance(conflict, Conflict):
        raise InputError(f"{path}: $.model", named, "a model of kind conflict", "Name a conflict.")
    return msgspec.structs.replace(model, model=conflict)


def read(text: bytes | str) -> Model:
    """The model in a JSON text.

    Raises InputError: not JSON, an unknown kind, a missing or misspelt key, a wrong type.

    >>> read('{"kind": "inspection-sequential", "cells": [[2, 1]]}').cells
    ((2, 1),)
    """
    try:
        raw = msgspec.json.decode(text)
    except RecursionError:
        remedy = "Cut the tree where play is as good as over."
        raise InputError("$", "a deeply nested text", "fewer levels", remedy) from None
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise InputError("$", _line_of(text, fault), "JSON", f"Mend it: {fault}.") from None
    return of_plain(raw)


def of_plain(raw: object) -> Model:
    """The model in plain data, as JSON or YAML gives it. Raises InputError as `read`.

    A conflict may name its outcomes and its status quo by patterns: `outcomes: {deal: "YYNY"}`.

    >>> of_plain({"kind": "inspection-sequential", "cells": [[2, 1]]}).cells
    ((2, 1),)
    """
    if not isinstance(raw, dict) or "kind" not in raw:
        raise InputError(
            "$", "no key kind", 'an object with "kind"', f"Give one of: {', '.join(KINDS)}."
        )
    kind = KINDS.get(raw["kind"]) if isinstance(raw["kind"], str) else None
    if kind is None:
        remedy = f"Give one of: {', '.join(KINDS)}."
        raise InputError("$.kind", raw["kind"], "a kind of model", remedy)
    if kind is Conflict:
        raw = _with_states(raw)
    _refuse_misspelt(raw, kind)
    try:
        return msgspec.convert(raw, kind, dec_hook=_fraction, str_keys=True)  # type: ignore[return-value]
    except msgspec.ValidationError as fault:
        raise _told(str(fault)) from None


def _with_states(raw: dict[str, Any]) -> dict[str, Any]:
    """A conflict with the states that its `outcomes` and `status_quo` name by patterns."""
    raw = dict(raw)
    if isinstance(quo := raw.get("status_quo"), str):
        raw["status_quo"] = _state(quo, raw, "$.status_quo")
    outcomes = raw.pop("outcomes", {})
    if not isinstance(outcomes, dict):
        raise InputError("$.outcomes", outcomes, "names with patterns", 'Write {deal: "YYNY"}.')
    if outcomes:
        named = {
            str(_state(pattern, raw, f"$.outcomes.{name}")): name
            for name, pattern in outcomes.items()
        }
        raw["state_names"] = {**raw.get("state_names", {}), **named}
    if isinstance(after := raw.get("after"), dict):
        raw["after"] = {
            offer: _after(outcome, outcomes, raw, f"$.after.{offer}")
            for offer, outcome in after.items()
        }
    return raw


def _after(outcome: object, outcomes: dict[str, Any], raw: dict[str, Any], where: str) -> int:
    """The state of an outcome by its name; a state may be given by its number too."""
    if isinstance(outcome, int):
        return outcome
    if outcome not in outcomes:
        known = ", ".join(outcomes) or "none"
        raise InputError(where, outcome, f"the name of an outcome ({known})", "Add it to outcomes.")
    return _state(outcomes[str(outcome)], raw, where)


def _state(pattern: object, raw: dict[str, Any], where: str) -> int:
    options = raw.get("options")
    count = len(options) if isinstance(options, list) else 0
    if not isinstance(pattern, str) or len(pattern) != count or set(pattern) - {"Y", "N"}:
        raise InputError(where, pattern, f"{count} letters, each Y or N", "One for each option.")
    return sum(1 << place for place, letter in enumerate(pattern) if letter == "Y")


def _fraction(wanted: type, value: object) -> Any:
    assert wanted is Fraction, wanted
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError(f"Expected `{_A_FRACTION}`, got `{value}`")
    written = str(value).replace(" ", "")
    try:
        if not _FRACTION.fullmatch(written):
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
_MOVES = re.compile(r"Invalid enum value '(?P<found>[^']*)'")
_TYPES = re.compile(r"Expected `(?P<expected>[^`]*)`, got `?(?P<found>[^`]*)`?")


def _told(said: str) -> InputError:
    at = _AT.search(said)
    place, said = (at["place"], said[: at.start()]) if at else ("$", said)
    place = place.replace("[...]", "[…]")
    missing = _MISSING.match(said)
    if missing:
        key = missing["key"]
        remedy = f"Name the decision maker in {key}." if key == "dm" else f"Add {key}."
        expected = "an owner (key dm)" if key == "dm" else f"the key {key}"
        return InputError(place, "nothing", expected, remedy)
    moves = _MOVES.match(said)
    if moves:
        return InputError(place, moves["found"], "both, fwd or back", "Say how it may change.")
    types = _TYPES.match(said)
    if types:
        return InputError(place, types["found"], types["expected"], "Write it as the form says.")
    return InputError(place, said, "a value that the form allows", "See docs/options.md.")


def _line_of(text: bytes | str, fault: Exception) -> str:
    byte = re.search(r"byte (\d+)", str(fault))
    raw = text.encode() if isinstance(text, str) else text
    if not byte:
        return "a text that ends too early" if raw.strip() else "an empty text"
    return f"a fault in line {raw[: int(byte[1])].count(10) + 1}"
