"""Sealing: the names of sources, kept apart from everything else that the desk holds.

Beside the ledger lies NAME.sources with one encrypted line a source, and NAME.sources.key, which
alone opens it; everywhere else a source is its pseudonym, the same for the same name. Nobody reads
a name without a reason, and the reading is an entry of the ledger before the name is given.
"""

import hmac
import os
from base64 import b64decode, b64encode
from datetime import datetime
from hashlib import sha256
from secrets import token_bytes
from typing import TYPE_CHECKING

import msgspec

from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import Unsealing
from excomm.errors import InputError
from excomm.ledger import Ledger

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12
_NAME_CHARS_MAX = 1000


class _Sealed(msgspec.Struct, frozen=True):
    """One line of the file: a source by its pseudonym; nonce and cipher in base 64."""

    origin: str
    nonce: str
    sealed: str


class Sources:
    """The sealed names of one ledger's sources."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        beside = ledger.key_path.with_suffix("")
        self.path = beside.with_name(f"{beside.name}.sources")
        self.key_path = beside.with_name(f"{beside.name}.sources.key")

    def seal(self, name: str) -> str:
        """The pseudonym of a source; its name is kept, once.

        Raises InputError where nothing can be written, or the key is not that of the file.
        """
        name = " ".join(name.split())
        if not name or len(name) > _NAME_CHARS_MAX:
            raise InputError("source", name, f"a name of 1 to {_NAME_CHARS_MAX} characters")
        key = self._key(make=True)
        origin = f"source-{hmac.new(key, name.casefold().encode(), sha256).hexdigest()[:12]}"
        if origin not in {line.origin for line in self._lines()}:
            nonce = token_bytes(_NONCE_BYTES)
            sealed = _cipher(key).encrypt(nonce, name.encode(), origin.encode())
            line = _Sealed(origin, b64encode(nonce).decode(), b64encode(sealed).decode())
            self._append(msgspec.json.encode(line) + b"\n")
        return origin

    def unseal(self, origin: str, *, reason: str, by: str, now: datetime) -> str:
        """The name behind a pseudonym, once its reading stands in the ledger.

        Raises what `reading` raises.
        """
        name, entry = self.reading(origin, reason=reason, by=by, now=now)
        self._ledger.append([entry], now=now)
        return name

    def reading(
        self, origin: str, *, reason: str, by: str, now: datetime, marking: str = "open"
    ) -> tuple[str, Entry]:
        """The name behind a pseudonym, and the entry to be taken in before it is shown.

        reason, by: why, and who reads it: the keeper of the sources. marking: of whatever names
        the source. Raises InputError for an unknown pseudonym, no reason, nobody named, a key that
        does not open it.
        """
        if not reason.strip():
            raise InputError("reason", reason, "why the name is needed", "It stays in the ledger.")
        if not by.strip():
            raise InputError("by", by, "who reads it")
        name = self.names(only=origin).get(origin)
        if name is None:
            raise InputError("origin", origin, "the pseudonym of a source of this ledger")
        entry = Entry(
            id=EntryId(f"unsealing-{token_bytes(8).hex()}"),
            occurred=Instant(now),
            recorded=now,
            body=Unsealing(origin=origin, reason=reason, read_by=by),
            by=by,
            standing="established",
            reading="high",
            marking=marking,
        )
        return name, entry

    def names(self, only: str = "") -> dict[str, str]:
        """Every name by its pseudonym, for the check that none leaves in a reply.

        Shown to nobody: whoever wants to read one asks `unseal`.
        """
        lines = [line for line in self._lines() if only in ("", line.origin)]
        if not lines:
            return {}
        key = self._key(make=False)
        return {line.origin: self._opened(key, line) for line in lines}

    def _opened(self, key: bytes, line: _Sealed) -> str:
        from cryptography.exceptions import InvalidTag

        try:
            nonce, sealed = b64decode(line.nonce), b64decode(line.sealed)
            return _cipher(key).decrypt(nonce, sealed, line.origin.encode()).decode()
        except (InvalidTag, ValueError):
            raise InputError(
                str(self.path),
                f"a name of {line.origin} that this key does not open",
                "the key that sealed it",
                f"Put {self.key_path.name} back as it was.",
            ) from None

    def _lines(self) -> list[_Sealed]:
        try:
            return [msgspec.json.decode(r, type=_Sealed) for r in self.path.read_bytes().split()]
        except FileNotFoundError:
            return []
        except (OSError, msgspec.DecodeError, msgspec.ValidationError):
            raise InputError(
                str(self.path), "no sealed names", "the file as this desk wrote it"
            ) from None

    def _key(self, *, make: bool) -> bytes:
        try:
            key = self.key_path.read_bytes()
        except FileNotFoundError:
            key = b""
        if key:
            if len(key) != _KEY_BYTES:
                raise InputError(str(self.key_path), f"{len(key)} bytes", f"{_KEY_BYTES} bytes")
            return key
        if not make or self.path.exists():
            raise InputError(
                str(self.key_path), "no such file", "the key of the sealed names", "Put it back."
            )
        key = token_bytes(_KEY_BYTES)
        try:
            handle = os.open(self.key_path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process was first
            return self._key(make=False)
        with os.fdopen(handle, "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        return key

    def _append(self, line: bytes) -> None:
        try:
            handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as fault:
            raise InputError(
                str(self.path), f"a place that cannot be written ({fault.strerror})", "one that may"
            ) from None


def _cipher(key: bytes) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    return AESGCM(key)
