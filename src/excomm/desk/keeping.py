"""What the desk keeps for its user between runs: its secret, and how far he has read.

A folder of the user's own (XDG_STATE_HOME/excomm/desk), readable by nobody else, never in a
repository and never in a ledger. Also the mark that a run's key is spent, which has to hold for
every process of that run.
"""

import os
import secrets
import stat
from datetime import datetime
from pathlib import Path

import msgspec

from excomm.errors import EnvironmentFault

_PRIVATE_FOLDER, _PRIVATE_FILE = 0o700, 0o600


class Looked(msgspec.Struct, frozen=True):
    """How far somebody has read a ledger, and when he said so."""

    size: int
    at: datetime


class Kept:
    """The desk's own folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        _only_ours(folder)

    @classmethod
    def of_user(cls) -> "Kept":
        """The folder of whoever runs the desk."""
        base = os.environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
        return cls(Path(base) / "excomm" / "desk")

    def secret(self) -> str:
        """What cookies and forms are signed with; made on the first start."""
        path = self.folder / "secret"
        if not path.exists():
            self._put(path, secrets.token_urlsafe(48), replace=False)
        _only_ours(path)
        return path.read_text(encoding="ascii")

    def spend(self, run_id: str) -> bool:
        """Mark a run's key as used; False where it was used before."""
        try:
            handle = os.open(self._spent(run_id), os.O_CREAT | os.O_EXCL, _PRIVATE_FILE)
        except FileExistsError:
            return False
        os.close(handle)
        return True

    def forget(self, run_id: str) -> None:
        """Drop the mark of a run that is over."""
        self._spent(run_id).unlink(missing_ok=True)

    def looked(self, ledger: str) -> Looked | None:
        """How far this ledger was read; None where nobody has said."""
        return self._all_looked().get(ledger)

    def mark_looked(self, ledger: str, looked: Looked) -> None:
        """Say how far a ledger was read."""
        found = self._all_looked() | {ledger: looked}
        self._put(self._looked_path, msgspec.json.encode(found).decode(), replace=True)

    @property
    def _looked_path(self) -> Path:
        return self.folder / "looked.json"

    def _all_looked(self) -> dict[str, Looked]:
        try:
            return msgspec.json.decode(self._looked_path.read_bytes(), type=dict[str, Looked])
        except (FileNotFoundError, msgspec.MsgspecError):
            return {}  # a convenience: lost, everything is unread again

    def _spent(self, run_id: str) -> Path:
        return self.folder / f"spent-{run_id}"

    def _put(self, path: Path, text: str, *, replace: bool) -> None:
        scratch = self.folder / f".{path.name}-{secrets.token_hex(8)}"
        handle = os.open(scratch, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE_FILE)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        try:
            if replace:
                scratch.replace(path)
            elif not path.exists():
                os.link(scratch, path)
        except FileExistsError:
            return  # another process made it at the same time: its own holds
        finally:
            scratch.unlink(missing_ok=True)


def _only_ours(path: Path) -> None:
    found = path.stat()
    if found.st_uid != os.getuid() or stat.S_IMODE(found.st_mode) & 0o077:
        wanted = "700" if path.is_dir() else "600"
        raise EnvironmentFault(
            f"{path}: others may read it. The desk keeps its secret there: chmod {wanted} {path}"
        )
