"""From a model's JSON to its struct, and every fault of form as an error with a place and a remedy.

A model that names another (`model: "chicken.json"`) is read with it: the name is a path beside the
file, never above it.
"""

from pathlib import Path
from typing import Any, get_args

import msgspec

from excomm.errors import EnvironmentFault, InputError
from excomm.options.models import Conflict, Inverse, Model, Orders, Partial, Ties
from excomm.tagged import decoded, kind_of, placed, typed

KINDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Model)
}


def read_file(path: Path) -> Model:
    """The model in a file, with the model it names, if any.

    Raises InputError with the file, the line and the place in it (`deal.json:9: $.options[2].dm`);
    EnvironmentFault where the file cannot be read.
    """
    text = text_of(path)
    with placed(path, text):
        model = read(text)
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


def text_of(path: Path) -> bytes:
    """A model's file as it stands. Raises EnvironmentFault where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a readable model file.") from None


def read(text: bytes | str) -> Model:
    """The model in a JSON text.

    Raises InputError: not JSON, an unknown kind, a missing or misspelt key, a wrong type.

    >>> read('{"kind": "inspection-sequential", "cells": [[2, 1]]}').cells
    ((2, 1),)
    """
    return of_plain(decoded(text, flatten="Cut the tree where play is as good as over."))


def of_plain(raw: object) -> Model:
    """The model in plain data, as JSON or YAML gives it. Raises InputError as `read`.

    A conflict may name its outcomes and its status quo by patterns: `outcomes: {deal: "YYNY"}`.

    >>> of_plain({"kind": "inspection-sequential", "cells": [[2, 1]]}).cells
    ((2, 1),)
    """
    raw, kind = kind_of(raw, KINDS, "model")
    if kind is Conflict:
        raw = _with_states(raw)
    return typed(raw, kind, "docs/options.md")  # type: ignore[no-any-return]


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
