"""The chain: each entry's hash covers its own bytes and, through the hash before, all earlier ones.

hash[0] = SHA-256(seed); hash[n] = SHA-256(hash[n-1] || bytes[n]). Nothing else goes in: no name of
the ledger, no database, no clock. The same entries taken in at the same times give the same head
on SQLite and on PostgreSQL.
"""

from hashlib import sha256
from typing import NamedTuple

import msgspec

from excomm.errors import InputError

FORMAT = 1
# Names product and format, so that no chain of another kind can pass for one of these.
SEED = b"excomm ledger, format 1"
GENESIS = sha256(SEED).digest()


class Head(msgspec.Struct, frozen=True):
    """Where a ledger ends: who holds it can later see that nothing before it was changed.

    size: how many entries. digest: the last one's hash, hex; of an empty ledger, the genesis.
    """

    size: int
    digest: str


def link(before: bytes, body: bytes) -> bytes:
    """The hash of an entry whose canonical bytes are `body`, after an entry of hash `before`.

    >>> link(GENESIS, b'{"id":"a"}').hex()[:16]
    '287b08c1abccaacc'
    """
    return sha256(before + body).digest()


class Row(NamedTuple):
    """One entry as it is stored; a tampered file may hold other types."""

    seq: int
    id: bytes
    body: bytes
    hash: bytes


class Damaged(InputError):
    """What is stored cannot be read as a ledger; `verify` reports it as a finding."""


class NoLedger(InputError):
    """There is a place, and no ledger in it yet."""
