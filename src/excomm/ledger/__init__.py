"""The ledger: everything known, in the order it came in, never altered, and provably so."""

from excomm.ledger.checkpoint import Checkpoint
from excomm.ledger.copying import backup
from excomm.ledger.door import Ledger, create, is_ledger, open_ledger
from excomm.ledger.heads import Head, Moved, NoLedger, Taken
from excomm.ledger.held import read_heads
from excomm.ledger.verification import Fault, Verification

__all__ = [
    "Checkpoint",
    "Fault",
    "Head",
    "Ledger",
    "Moved",
    "NoLedger",
    "Taken",
    "Verification",
    "backup",
    "create",
    "is_ledger",
    "open_ledger",
    "read_heads",
]
