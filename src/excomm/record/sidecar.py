"""The sidecar of a file of minutes: what a person made of its reading, one line a word.

`NAME.review.jsonl` stands beside the minutes and is only added to. Its first line holds the digest
of the text: the words of a review of another text are not put on this one.
"""

from hashlib import sha256
from pathlib import Path

import msgspec

from excomm.errors import EnvironmentFault, InputError
from excomm.record.review import Disposed


class _Head(msgspec.Struct, frozen=True):
    sha256: str


def sidecar_of(file: Path) -> Path:
    """Where the review of a file stands."""
    return file.with_name(f"{file.name}.review.jsonl")


def read_sidecar(file: Path, text: str) -> tuple[Disposed, ...]:
    """What was disposed of so far; nothing where there is no sidecar.

    Raises InputError where it was made for another text or a line is none of its own.
    """
    path = sidecar_of(file)
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    found: list[Disposed] = []
    for number, line in enumerate(lines, 1):
        try:
            if number > 1:
                found.append(msgspec.json.decode(line, type=Disposed))
            elif msgspec.json.decode(line, type=_Head).sha256 != _digest(text):
                raise InputError(
                    f"{path}:1: sha256",
                    "that of another text",
                    f"the digest of {file.name}",
                    "Somebody has changed the minutes: restore them, or move the review away.",
                )
        except msgspec.MsgspecError as fault:
            raise InputError(
                f"{path}:{number}", str(fault), "a line of a review", "Restore the file."
            ) from None
    return tuple(found)


def append_sidecar(file: Path, text: str, word: Disposed) -> None:
    """Add one word, the digest before the first. Raises EnvironmentFault where it cannot."""
    path = sidecar_of(file)
    head = b"" if path.exists() else msgspec.json.encode(_Head(_digest(text))) + b"\n"
    try:
        with path.open("ab") as out:
            out.write(head + msgspec.json.encode(word) + b"\n")
    except OSError as fault:
        raise EnvironmentFault(f"{path}: cannot be written: {fault.strerror}.") from None


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
