"""What is exchanged with witnesses by hand or mail: files in, files out."""

import hashlib
import os
from datetime import UTC, datetime
from pathlib import Path

from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import Attachment
from excomm.errors import InputError
from excomm.ledger import keys
from excomm.ledger.checkpoint import Checkpoint, parse_vkey, public_bytes, vkey
from excomm.ledger.door import open_ledger
from excomm.ledger.held import read_heads
from excomm.ledger.witness import Request, parse_request, witness


def witness_file(
    file: Path, heads: Path, key: Path, name: str, *, now: datetime
) -> tuple[Checkpoint, str]:
    """Sign the head in `file` and add it to the held ones; the head and the witness's key.

    key: made where there is none. Raises what `witness` raises; then nothing is kept.
    """
    if not name or any(char.isspace() or char == "+" for char in name):
        raise InputError("--name", name, "a name without blanks and +")
    asked = read_request(file)
    held = read_heads(heads) if heads.exists() else ()
    if not key.exists():
        keys.write(keys.generate(), key)
    own = keys.read(key)
    cosigned = asked.head.signed(witness(asked, held, own, name, int(now.timestamp())))
    with heads.open("a", encoding="utf8") as kept:
        kept.write(f"{cosigned}\n")
        kept.flush()
        os.fsync(kept.fileno())
    return cosigned, vkey(name, public_bytes(own))


def read_request(file: Path) -> Request:
    """A head, with its proof if there is one, as it came in a file."""
    return parse_request(_text(file), str(file))


def take_in(where: str, file: Path, by: str, *, now: datetime) -> str:
    """Keep what came back: a witness's line under our head, or another desk's head; a sentence.

    by: the witness's key; without it, the one in the file's first line.
    """
    text = _text(file)
    ledger = open_ledger(where)
    head = parse_request(text, str(file)).head
    if head.origin != ledger.origin:
        return _log(where, head, now)
    first = text.partition("\n")[0]
    by = by or (first[2:] if first.startswith("# ") else "")
    name, _ = parse_vkey(by)
    ledger.witnessed(head, by)
    return f"{where}: {name} has seen the head of {head.size}"


def _log(where: str, head: Checkpoint, now: datetime) -> str:
    """Enter another desk's head: neither side can then show a third another history."""
    raw = str(head).encode()
    digest = hashlib.sha256(raw).hexdigest()
    now = now.astimezone(UTC)
    entry = Entry(
        id=EntryId(f"head-{digest[:16]}"),
        occurred=Instant(now),
        recorded=now,
        body=Attachment(
            name=f"{head.origin}, {head.size}",
            sha256=digest,
            size=len(raw),
            role="head",
            text=str(head),
        ),
    )
    open_ledger(where).append([entry], now=now, key=f"head {digest}")
    return f"{where}: the head of {head.size} of {head.origin} is entered as {entry.id}"


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(1 << 20).decode("utf-8", errors="replace")
    except OSError as fault:
        raise InputError(
            str(file), f"a file that cannot be read ({fault.strerror})", "a head"
        ) from None
