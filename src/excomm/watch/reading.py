"""From a problem's JSON to its struct; every fault of form is an error with place and remedy."""

from pathlib import Path
from typing import get_args

import msgspec

from excomm.errors import EnvironmentFault
from excomm.tagged import decoded, kind_of, placed, typed
from excomm.watch.problems import Problem

KINDS: dict[str, type[msgspec.Struct]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(Problem)
}


def read_file(path: Path) -> Problem:
    """The problem in a file.

    Raises InputError with the file, the line and the place in it (`month.json:3: $.detect[2][0]`);
    EnvironmentFault where the file cannot be read.
    """
    text = text_of(path)
    with placed(path, text):
        return read(text)


def text_of(path: Path) -> bytes:
    """A problem's file as it stands. Raises EnvironmentFault where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a readable problem.") from None


def read(text: bytes | str) -> Problem:
    """The problem in a JSON text.

    Raises InputError: not JSON (NaN is not), an unknown kind, a missing or misspelt key, a wrong
    type.

    >>> read('{"kind": "gap_schedule", "max_gap_days": [2, 4, 4], "looks_per_day": 1}').max_gap_days
    (2, 4, 4)
    """
    nan = "NaN and Infinity are no numbers: write 0 for a refused look, leave out a limit."
    raw, kind = kind_of(decoded(text, flatten="Flatten it.", not_a_number=nan), KINDS, "problem")
    return typed(raw, kind, "docs/watch.md")  # type: ignore[no-any-return]
