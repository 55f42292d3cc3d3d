"""Heads that somebody held: kept elsewhere, one a line, as `excomm head` prints them."""

import re
from pathlib import Path

from excomm.errors import EnvironmentFault, Faults, InputError
from excomm.ledger.chain import Head

_LINE = re.compile(r"(\d{1,15}) ([0-9a-f]{64})", re.ASCII)
_BYTES_MAX = 1 << 20


def read_heads(path: Path) -> tuple[Head, ...]:
    """The heads in a file; blank lines and lines that start with # are passed over.

    Raises Faults naming each line that is none, InputError where there is no head at all.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_BYTES_MAX).decode("utf-8", errors="replace")
    except OSError as fault:
        raise EnvironmentFault(f"{path}: cannot be read: {fault.strerror}.") from None
    heads, faults = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if found := _LINE.fullmatch(line.strip()):
            heads.append(Head(int(found[1]), found[2]))
        else:
            expected = "SIZE and 64 hexadecimal digits, as excomm head prints them"
            faults.append(InputError(f"{path}:{number}", line.strip(), expected))
    if faults:
        raise Faults(faults)
    if not heads:
        raise InputError(str(path), "no head", "one or more", "excomm head LEDGER prints one.")
    return tuple(heads)
