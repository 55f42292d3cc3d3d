"""From bytes as they are stored to the entry that they say."""

import msgspec

from excomm.entries import Entry, from_bytes
from excomm.ledger.heads import Damaged


def decoded(where: str, seq: int, body: bytes) -> Entry:
    """The entry. Raises Damaged, naming the place, where the bytes are none."""
    try:
        return from_bytes(body)
    except (msgspec.MsgspecError, TypeError, UnicodeDecodeError) as error:
        raise Damaged(
            f"{where}: entry {seq}",
            f"bytes that are no entry ({error})",
            "an entry as it was taken in",
            "See what else was changed: excomm verify LEDGER.",
        ) from None
