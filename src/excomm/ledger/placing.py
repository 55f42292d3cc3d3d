"""Files that get their name only when they are whole: nobody finds one that is half written.

What is being made lies beside its later place as `.NAME.*.unfinished`, under a lock of whoever
makes it. It is gone afterwards, save where the program was killed: then the next who makes
something of that name takes it away.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import IO

from excomm.errors import EnvironmentFault, InputError
from excomm.ledger.heads import Taken


@contextmanager
def scratch_beside(path: Path) -> Iterator[Path]:
    """A file beside a free path that is gone afterwards, whatever happens.

    Raises InputError where something is there already, or nothing can be written there;
    EnvironmentFault, naming the place that was asked for, where there is no more room.
    """
    if os.path.lexists(path):
        raise taken(path)
    _sweep(path)
    try:
        scratch, held = _begun(path)
    except OSError as error:
        raise _cannot_write(path, error) from None
    try:
        yield scratch
    except OSError as error:
        if error.filename not in (None, str(scratch)):
            raise  # of another file
        said = (error.strerror or str(error)).lower()
        raise EnvironmentFault(f"{path}: {said}. Nothing was written.") from error
    finally:
        scratch.unlink(missing_ok=True)
        held.close()


def publish(scratch: Path, path: Path) -> None:
    """Give a whole file its name, durably. Raises InputError where the name is taken."""
    _flush(scratch)
    _move(scratch, path)
    if os.name == "posix":
        _flush(path.parent)


def _begun(path: Path) -> tuple[Path, IO[bytes]]:
    """An empty file, and what holds its lock: this process, until it ends or closes that."""
    while True:
        scratch = path.with_name(f".{path.name}.{secrets.token_hex(4)}.unfinished")
        # Exclusively, and before SQLite does: its own messages name no cause.
        held = scratch.open("xb")
        try:
            _lock(held)
        except BlockingIOError:
            held.close()  # taken for one left behind, before it was locked
        except OSError:
            return scratch, held  # a file system without locks: there nothing is swept either
        else:
            if scratch.exists():
                return scratch, held
            held.close()


def _sweep(path: Path) -> None:
    """Take away what killed programs left of something of this name."""
    for left in sorted(path.parent.glob(f".{escape(path.name)}.*.unfinished")):
        with suppress(OSError), left.open("rb") as file:
            _lock(file)
            for beside in ("-journal", "-wal", "-shm", ""):
                left.with_name(left.name + beside).unlink(missing_ok=True)


def _lock(file: IO[bytes]) -> None:
    """Raises BlockingIOError where another holds it, another OSError where there are no locks."""
    if os.name != "posix":
        raise OSError("no locks that end with a program")
    from fcntl import LOCK_EX, LOCK_NB, flock

    flock(file, LOCK_EX | LOCK_NB)


def _move(scratch: Path, path: Path) -> None:
    # A link is never made over an existing file, as a rename would be.
    try:
        path.hardlink_to(scratch)
    except FileExistsError:
        raise taken(path) from None
    except OSError:
        # A file system without hard links: the check and the move are two steps there.
        if path.exists():
            raise taken(path) from None
        scratch.rename(path)


def _flush(path: Path) -> None:
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def taken(path: Path) -> Taken:
    """The fault of a place where something is already."""
    return Taken(
        str(path),
        "something of that name",
        "a name that is free",
        "Choose another name; an existing ledger is only added to.",
    )


def _cannot_write(path: Path, error: OSError) -> InputError:
    if isinstance(error, FileNotFoundError):
        return InputError(str(path), "no such folder", "a folder that exists", "Make it first.")
    return InputError(
        str(path),
        f"a place that cannot be written ({error.strerror})",
        "a folder that may be written",
        "Choose another folder, or free this one.",
    )
