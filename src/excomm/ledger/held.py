"""Heads that somebody held: kept elsewhere, one after another, as `excomm head` prints them."""

from pathlib import Path

from excomm.errors import EnvironmentFault, InputError
from excomm.ledger.checkpoint import Checkpoint, parse_all

_BYTES_MAX = 1 << 20


def read_heads(path: Path) -> tuple[Checkpoint, ...]:
    """The heads in a file; blank lines and lines that start with # are passed over.

    Raises InputError naming the line that is none, or where there is no head at all.
    """
    try:
        with path.open("rb") as file:
            text = file.read(_BYTES_MAX).decode("utf-8", errors="replace")
    except OSError as fault:
        raise EnvironmentFault(f"{path}: cannot be read: {fault.strerror}.") from None
    heads = parse_all(text, str(path))
    if not heads:
        raise InputError(str(path), "no head", "one or more", "excomm head LEDGER prints one.")
    return heads
