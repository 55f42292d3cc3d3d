"""Where a ledger ends, and the two ways in which there is none."""

import msgspec

from excomm.errors import InputError

FORMAT = 2
# Names product and format, so that nothing of another kind can pass for one of these.
SEED = b"excomm ledger, format 2\n"


class Head(msgspec.Struct, frozen=True):
    """Where a ledger ends: who holds it can later see that nothing before it was changed.

    size: how many entries. digest: the root of the tree over them, hex (RFC 6962).
    """

    size: int
    digest: str


class Damaged(InputError):
    """What is stored cannot be read as a ledger; `verify` reports it as a finding."""


class NoLedger(InputError):
    """There is a place, and no ledger in it yet."""


class Taken(InputError):
    """Where a ledger was to be made there is one, or something else, already."""


class Moved(InputError):
    """The ledger went on while somebody decided what to append to it; nothing was taken in."""

    def __init__(self, where: str, size: int, expected: Head) -> None:
        super().__init__(
            where,
            f"a ledger of {size} entries",
            f"the head of {expected.size}, on which these entries rest",
            "Look at what came since, then enter them again.",
        )
