"""Receipts: whoever submits an entry gets at once the signed proof that it is in the ledger.

A receipt is a release of that entry alone, with every field and the way to a signed head. A later
head that does not continue it convicts the desk: both are signed by the same key.
"""

from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from excomm.entries import Entry, from_bytes, instant_text
from excomm.errors import AnswerIsNo, InputError
from excomm.ledger.checkpoint import Checkpoint
from excomm.ledger.door import Ledger
from excomm.ledger.heads import Head
from excomm.ledger.release import alone, archive, header
from excomm.ledger.released import verify_release
from excomm.ledger.tree import consistent
from excomm.ledger.verification import signer
from excomm.ledger.witness import Request


class Receipt(NamedTuple):
    """entry: its id. head: which it is in, signed. content: the file to hand over."""

    entry: str
    head: Checkpoint
    content: bytes


def submit(
    ledger: Ledger, entry: Entry, *, now: datetime, key: str | None = None, onto: Head | None = None
) -> Receipt:
    """Take an entry in, and give its receipt; now, key and onto as for `Ledger.append`.

    Raises what `append` raises; and InputError, with nothing taken in, where the key that signs
    is not here.
    """
    ledger.signing_key()
    ledger.append([entry], now=now, key=key, onto=onto)
    return receipt(ledger, entry.id)


def receipt(ledger: Ledger, entry_id: str) -> Receipt:
    """The receipt of an entry that is in the ledger. Raises InputError where it is not."""
    head = ledger.checkpoint()
    with ledger.store.reading() as connection:
        kept = ledger.store.kept(connection, entry_id.encode())
        if kept is None:
            raise InputError("entry", entry_id, "an entry of this ledger")
        entry = from_bytes(kept.body)
        on = instant_text(max(entry.recorded, entry.appended or entry.recorded))
        first = header(ledger, head, to=entry.marking, on=on, entries="some")
        only = alone(ledger.store, connection, kept, head)
    content = BytesIO()
    archive(content, ((first, 0, 0), (only, 1, 0)), ledger.signing_key())
    return Receipt(entry_id, head, content.getvalue())


def still_in(path: Path, later: Request) -> str:
    """Whether what a receipt acknowledges is in a later head; where it is, a sentence.

    later: a head and the proof from the receipt's, as `excomm head LEDGER --since N` prints them.
    Raises AnswerIsNo where the head does not continue the receipt's, or the receipt does not hold;
    InputError where the head is another ledger's, older, or comes without the proof that is needed.
    """
    found = verify_release(path)
    head, own = later.head, found.signed
    if head.origin != own.origin:
        raise InputError("head", f"one of {head.origin}", f"one of {own.origin}")
    if fault := signer(head, found.keys):
        raise InputError(
            "head",
            f"one that is {fault}, as the receipt knows its keys",
            "one by a key of the receipt",
            "If the ledger changed its key: verify a release made since, with the receipt's head.",
        )
    if head.size < own.size:
        raise InputError(
            "head", f"one of {head.size} entries", f"one of {own.size} or more, as in the receipt"
        )
    if head.size > own.size and later.old != own.size:
        raise InputError(
            "proof",
            f"one from {later.old} entries" if later.old else None,
            f"one from {own.size}, the receipt's head",
            f"Ask for it: excomm head LEDGER --since {own.size}.",
        )
    if consistent(own.size, own.root, head.size, later.proof) != head.root:
        raise AnswerIsNo(
            f"{path}: what it acknowledges is not in the head of {head.size}: that does not "
            f"continue the head of {own.size}. Keep both: the ledger signed both, and together "
            "they convict it."
        )
    return f"{path}: what it acknowledges is in the head of {head.size}, {head.head.digest[:16]}"
