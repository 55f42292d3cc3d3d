"""The first hundred bytes of an SQLite file: is this a ledger, and is all of it there?

Read without SQLAlchemy, since every command asks it of every case it is given.
Layout: https://www.sqlite.org/fileformat.html, section 1.3.
"""

from pathlib import Path

import msgspec

MAGIC = b"SQLite format 3\x00"
APPLICATION_ID = 0x4558434D  # "EXCM"
_SIZE = 100


class Header(msgspec.Struct, frozen=True):
    """What a file says of itself; zeros where it is no SQLite file."""

    empty: bool
    magic: bytes
    application_id: int
    bytes_promised: int  # pages of the database times their size

    @classmethod
    def of(cls, path: Path) -> "Header":
        """Raises OSError where the file cannot be read."""
        with path.open("rb") as file:
            head = file.read(_SIZE)
        if len(head) < _SIZE or not head.startswith(MAGIC):
            return cls(not head, head[: len(MAGIC)], 0, 0)
        page_size = int.from_bytes(head[16:18], "big")
        pages = int.from_bytes(head[28:32], "big")
        return cls(
            empty=False,
            magic=MAGIC,
            application_id=int.from_bytes(head[68:72], "big"),
            # 1 stands for 65536, which two bytes cannot hold.
            bytes_promised=pages * (65536 if page_size == 1 else page_size),
        )
