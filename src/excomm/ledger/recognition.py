"""Is this file a ledger, and is all of it there? Asked of every case given.

Asked through SQLite where the file may be in use: whoever reads its first bytes himself and closes
the file drops the locks that a writer in the same process holds on it
(https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

APPLICATION_ID = 0x4558434D  # "EXCM"
LEDGER_FILE = "a ledger file"  # what is expected where something else is found


def uri(path: Path) -> str:
    """How to open a ledger file: to write where that may be, else as it lies there.

    A write-ahead log needs files beside the ledger, which cannot be made where nothing may be
    written; there, a ledger at rest is opened as a file that nobody changes.
    """
    base = path.resolve().as_uri()
    if may_write(path):
        return base + "?mode=rw"
    return base + ("?mode=ro" if has_log(path) else "?mode=ro&immutable=1")


def may_write(path: Path) -> bool:
    """Whether a ledger file can be added to: the file and its folder may be written."""
    effective = os.access in os.supports_effective_ids
    return all(os.access(one, os.W_OK, effective_ids=effective) for one in (path, path.parent))


def has_log(path: Path) -> bool:
    """Whether a write-ahead log stands beside the file, with something in it."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def has_mark(path: Path) -> bool:
    """Whether an SQLite file says of itself that it is a ledger; makes and changes nothing.

    Raises sqlite3.Error where it cannot be opened or is no SQLite file.
    """
    with closing(sqlite3.connect(uri(path), uri=True)) as connection:
        (found,) = connection.execute("PRAGMA application_id").fetchone()
    return bool(found == APPLICATION_ID)


def bytes_promised(path: Path) -> int:
    """How long a damaged SQLite file says that it is; 0 where it cannot say.

    Layout: https://www.sqlite.org/fileformat.html, section 1.3.
    """
    with path.open("rb") as file:
        head = file.read(100)
    if len(head) < 100 or not head.startswith(b"SQLite format 3\x00"):
        return 0
    page_size = int.from_bytes(head[16:18], "big")
    # 1 stands for 65536, which two bytes cannot hold.
    return int.from_bytes(head[28:32], "big") * (65536 if page_size == 1 else page_size)
