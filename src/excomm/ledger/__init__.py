"""The ledger: everything known, in the order it came in, never altered, and provably so."""

from excomm.ledger.chain import Head, NoLedger
from excomm.ledger.door import Ledger, create, is_ledger, open_ledger
from excomm.ledger.held import read_heads
from excomm.ledger.verification import Fault, Verification

__all__ = [
    "Fault",
    "Head",
    "Ledger",
    "NoLedger",
    "Verification",
    "create",
    "is_ledger",
    "open_ledger",
    "read_heads",
]
