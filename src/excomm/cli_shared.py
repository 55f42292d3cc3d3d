"""What the commands share: how a case and a day are named, and how an answer leaves."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.case import Case

CaseArg = Annotated[
    str, typer.Argument(metavar="CASE", help="Shipped name, folder, ledger or URL.")
]
OnOption = Annotated[
    str | None,
    typer.Option(
        "--on",
        metavar="DAY",
        help="A day (its end) or an instant; else the case's own.",
    ),
]
KnownOption = Annotated[
    str | None,
    typer.Option(metavar="INSTANT", help="Only what was recorded by then; else by --on itself."),
]
ClearedOption = Annotated[
    str | None, typer.Option(metavar="MARKING", help="As a reader so cleared; else everything.")
]
JsonFlag = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def case_or_agreement(source: str) -> "Case":
    """A case, or an agreement file alone as a tiny one."""
    from excomm.case import Case, CaseHead

    if Path(source).suffix not in (".yaml", ".yml"):
        return Case.open(source)
    import hashlib

    from excomm.entries import lines
    from excomm.folder import read_agreement

    entries = read_agreement(Path(source))
    digest = hashlib.sha256(lines(entries)).hexdigest()
    return Case(lambda: entries, CaseHead("folder", len(entries), digest), name=source)


def give(data: bytes, out: Path | None = None) -> None:
    """Print bytes, or write them to a file, whole or not at all."""
    if out is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        if out.exists() and not out.is_file():
            out.write_bytes(data)  # a device or a pipe; a folder says no
            return
        beside = out.with_name(f".{out.name}.{os.getpid()}")
        try:
            beside.write_bytes(data)
            beside.replace(out.resolve())
        finally:
            beside.unlink(missing_ok=True)
    except OSError as fault:
        raise InputError(
            "--out", out, "a file that can be written", f"{fault.strerror}. Name another place."
        ) from None


def give_json(found: object, *, compact: bool = False) -> None:
    """Print what was found as JSON, indented, or on one line."""
    import msgspec

    data = msgspec.json.encode(found)
    give((data if compact else msgspec.json.format(data)) + b"\n")


def counted(number: int, noun: str) -> str:
    """So many of a noun: "1 entry", "2 entries"."""
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"
