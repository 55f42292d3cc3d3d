"""Witnesses: a party that has seen a head signs that it saw it, and keeps it.

What travels, by hand or mail, is the request of C2SP's tlog-witness: how much the witness has seen
already, the proof that the new head only adds to it, and the head.

    old 120
    base64 hashes, one a line

    the head
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from excomm.errors import AnswerIsNo, InputError
from excomm.ledger.checkpoint import (
    Checkpoint,
    Signature,
    base64_lines,
    cosign,
    from_base64,
    parse,
)
from excomm.ledger.tree import consistent

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_OLD = re.compile(r"old (0|[1-9][0-9]{0,14})", re.ASCII)


class Request(NamedTuple):
    """A head to be witnessed. old: the size that the proof starts from; 0 without proof."""

    head: Checkpoint
    old: int
    proof: tuple[bytes, ...]


def request(head: Checkpoint, old: int, proof: Sequence[bytes]) -> str:
    """The text to send to a witness who has seen `old` entries."""
    return f"old {old}\n{base64_lines(proof)}\n{head}"


def parse_request(text: str, where: str) -> Request:
    """Read what came: a request, or a head alone (then `old` is 0)."""
    first, _, rest = text.partition("\n")
    found = _OLD.fullmatch(first)
    if found is None:
        return Request(parse(text, where), 0, ())
    lines, _, head = rest.partition("\n\n") if not rest.startswith("\n") else ("", "", rest[1:])
    proof = tuple(from_base64(line) for line in lines.splitlines())
    if any(len(one) != 32 for one in proof):
        raise InputError(where, "a proof that is none", "hashes in base64", "Copy it whole.")
    return Request(parse(head, where), int(found[1]), proof)


def witness(
    asked: Request,
    held: Sequence[Checkpoint],
    key: "Ed25519PrivateKey",
    name: str,
    at: int,
) -> Signature:
    """Sign a head that agrees with all heads held of the same ledger.

    at: seconds since 1970. Raises AnswerIsNo where the head contradicts a held one: that convicts
    the ledger; InputError where the proof is missing or starts elsewhere.
    """
    own = [one for one in held if one.origin == asked.head.origin]
    newest = max(own, key=lambda one: one.size, default=None)
    if newest is None or newest.size == 0:
        return cosign(asked.head, key, name, at)
    if not _same_key(asked.head, newest):
        raise InputError(
            "head",
            "a signature by another key than the held head's",
            "the same key",
            "If the ledger changed its key, verify a release of it first, and hold its head.",
        )
    if asked.head.size < newest.size:
        raise AnswerIsNo(
            f"head: of {asked.head.size} entries, and one of {newest.size} is held: not signed. "
            "Ask for a head that is not older; if there is none, entries were lost."
        )
    if asked.head.size > newest.size and asked.old != newest.size:
        raise InputError(
            "proof",
            f"one from {asked.old} entries" if asked.old else None,
            f"one from {newest.size}, the newest held head",
            f"Ask for it: excomm head LEDGER --since {newest.size}.",
        )
    if consistent(newest.size, newest.root, asked.head.size, asked.proof) != asked.head.root:
        raise AnswerIsNo(
            f"head: of {asked.head.size} entries, does not continue the held one of "
            f"{newest.size}: not signed. Keep both: together they show that the ledger was changed."
        )
    return cosign(asked.head, key, name, at)


def _same_key(new: Checkpoint, old: Checkpoint) -> bool:
    keys = {one.key for one in old.signatures if one.name == old.origin}
    return any(one.key in keys for one in new.signatures if one.name == new.origin)
