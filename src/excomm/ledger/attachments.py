"""Attachments: images, tracks, tables of positions, kept as files beside the ledger by their hash.

The ledger commits to name, size and SHA-256; the bytes lie in NAME.files/ab/abcd..., streamed in
and out and never held in memory whole. A file that is there under its hash is never written again.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from shutil import copyfile
from typing import BinaryIO, Literal, NamedTuple

from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import Attachment
from excomm.errors import InputError
from excomm.ledger.door import Ledger

_CHUNK = 1 << 20


class Stored(NamedTuple):
    """Bytes that are kept. sha256: hex. size: bytes."""

    sha256: str
    size: int


def folder_of(ledger: Ledger) -> Path:
    """Where a ledger's files lie: beside it, or beside its key for one in a database."""
    return ledger.key_path.with_suffix(".files")


def keep(ledger: Ledger, source: BinaryIO) -> Stored:
    """Copy a stream into the ledger's files, durably; its hash and size.

    Raises InputError where nothing can be written.
    """
    folder = folder_of(ledger)
    scratch = folder / f".{secrets.token_hex(8)}.unfinished"
    digest, size = sha256(), 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with scratch.open("xb") as file:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        place = _place(folder, digest.hexdigest())
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            scratch.rename(place)
    except OSError as fault:
        raise InputError(
            str(folder), f"a place that cannot be written ({fault.strerror})", "one that may"
        ) from None
    finally:
        with suppress(OSError):
            scratch.unlink(missing_ok=True)
    return Stored(digest.hexdigest(), size)


def attach(
    ledger: Ledger,
    path: Path,
    *,
    by: str,
    now: datetime,
    role: str = "",
    media_type: str = "application/octet-stream",
    marking: str = "open",
    source: str = "",
) -> Entry:
    """Keep a file and enter it. The same file again, under the same name, is entered once.

    Raises InputError where the file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            stored = keep(ledger, stream)
    except OSError as fault:
        raise InputError(
            str(path), f"a file that cannot be read ({fault.strerror})", "a file"
        ) from None
    now = now.astimezone(UTC)
    entry = Entry(
        id=EntryId(f"files/{path.name}/{stored.sha256[:16]}"),
        occurred=Instant(now),
        recorded=now,
        body=Attachment(
            name=path.name,
            sha256=stored.sha256,
            size=stored.size,
            media_type=media_type,
            role=role,
        ),
        by=by,
        source=source,
        marking=marking,
    )
    with ledger.store.reading() as connection:
        taken = ledger.store.kept(connection, entry.id.encode())
    if taken is None:
        ledger.append([entry], now=now)
    return entry


def keep_from(folder: Path, ledger: Ledger, entries: Iterable[Entry]) -> int:
    """Keep the files of a case folder that entries name by their place in it; how many.

    What is kept already is left. Raises InputError where a file is no longer the one that was read.
    """
    number = 0
    for entry in entries:
        body = entry.body
        if not isinstance(body, Attachment) or body.text:
            continue
        path = folder / entry.id
        inside = path.is_file() and path.resolve().is_relative_to(folder.resolve())
        if not inside or _place(folder_of(ledger), body.sha256).exists():
            continue
        raw = path.read_bytes()
        if sha256(raw).hexdigest() != body.sha256:
            raise InputError(
                str(path), "another file than was read", "the same", "Load the folder again."
            )
        keep(ledger, BytesIO(raw))
        number += 1
    return number


def stream(ledger: Ledger, digest: str) -> BinaryIO:
    """The bytes of this hash, to be read and closed. Raises InputError where they are not kept."""
    try:
        return _place(folder_of(ledger), digest).open("rb")
    except OSError:
        raise InputError("attachment", digest, "one whose file is kept") from None


class Finding(NamedTuple):
    """An attachment whose file is other than it was, or cannot be read again."""

    seq: int
    name: str
    state: Literal["changed", "not here"]


def findings(ledger: Ledger) -> Iterator[Finding]:
    """Each attachment whose file is not what was taken in, or is not kept here.

    An attachment with its text in the entry has no file; its text is under the tree itself.
    """
    for entry in ledger.read():
        body = entry.body
        if not isinstance(body, Attachment) or body.text:
            continue
        place = _place(folder_of(ledger), body.sha256)
        if not place.exists():
            yield Finding(entry.seq, body.name, "not here")
            continue
        with place.open("rb") as file:
            digest = sha256()
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != body.sha256:
            yield Finding(entry.seq, body.name, "changed")


def forget(ledger: Ledger, body: Attachment) -> None:
    """Remove an erased attachment's file, unless another entry stands for the same bytes."""
    others = (entry.body for entry in ledger.read())
    if not any(isinstance(one, Attachment) and one.sha256 == body.sha256 for one in others):
        _place(folder_of(ledger), body.sha256).unlink(missing_ok=True)


def copy_all(ledger: Ledger, beside: Path) -> int:
    """Copy the files to the folder of the ledger file `beside`; how many."""
    source, target = folder_of(ledger), beside.with_name(f"{beside.name}.files")
    number = 0
    for path in sorted(source.glob("??/*")):
        place = _place(target, path.name)
        place.parent.mkdir(parents=True, exist_ok=True)
        if not place.exists():
            copyfile(path, place)
        number += 1
    return number


def _place(folder: Path, digest: str) -> Path:
    if len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise InputError("sha256", digest, "64 hexadecimal digits, lower case")
    return folder / digest[:2] / digest
