"""Is this file a ledger, and is all of it there? Asked without SQLAlchemy, of every case given.

Asked through SQLite where the file may be in use: whoever reads its first bytes himself and closes
the file drops the locks that a writer in the same process holds on it
(https://www.sqlite.org/howtocorrupt.html, section 2.2).
"""

import sqlite3
from contextlib import closing
from pathlib import Path

APPLICATION_ID = 0x4558434D  # "EXCM"


def has_mark(path: Path) -> bool:
    """Whether an SQLite file says of itself that it is a ledger; makes and changes nothing.

    Raises sqlite3.Error where it cannot be opened or is no SQLite file.
    """
    uri = path.resolve().as_uri() + "?mode=ro"
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            (found,) = connection.execute("PRAGMA application_id").fetchone()
    except sqlite3.OperationalError as error:
        # A write was interrupted, and who may only read cannot undo it: opening it will tell.
        if "readonly" in str(error):
            return True
        raise
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
