"""Signing keys: Ed25519, one PEM file each, readable by its owner only.

Beside a ledger file NAME its key is NAME.key. Of a ledger in a database it lies in the folder that
EXCOMM_KEYS names, else in ~/.config/excomm/keys, under the ledger's own name.
"""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from excomm.errors import InputError
from excomm.ledger.heads import Taken
from excomm.ledger.placing import publish, scratch_beside

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FOLDER_VARIABLE = "EXCOMM_KEYS"
_BYTES_MAX = 1 << 16  # of a file that may be a key


def beside(path: Path) -> Path:
    """Where a ledger file's key lies."""
    return path.with_name(f"{path.name}.key")


def in_folder(origin: str) -> Path:
    """Where the key of a ledger in a database lies."""
    folder = os.environ.get(FOLDER_VARIABLE)
    base = Path(folder) if folder else Path.home() / ".config" / "excomm" / "keys"
    return base / f"{origin.rpartition('/')[2]}.key"


def generate() -> "Ed25519PrivateKey":
    """A fresh key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.generate()


def read(path: Path) -> "Ed25519PrivateKey":
    """The key in a file. Raises InputError where there is none that can sign."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    expected = "an Ed25519 private key (PEM)"
    try:
        with path.open("rb") as file:
            data = file.read(_BYTES_MAX)
    except FileNotFoundError:
        raise InputError(
            str(path), "no such file", expected, "Signing needs it: put it back where it was."
        ) from None
    except OSError as fault:
        raise InputError(
            str(path), f"a file that cannot be read ({fault.strerror})", expected
        ) from None
    try:
        key = load_pem_private_key(data, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise InputError(
            str(path), "something else", expected, "Put the ledger's own back."
        ) from None
    if not isinstance(key, Ed25519PrivateKey):
        found = type(key).__name__.removesuffix("PrivateKey").strip("_")
        raise InputError(str(path), f"a key of another type ({found})", expected)
    return key


def write(key: "Ed25519PrivateKey", path: Path) -> None:
    """Put a key where nothing is yet, for its owner's eyes, durably.

    Raises Taken where something is there, InputError where nothing can be written.
    """
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    data = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise InputError(
            str(path), f"a place that cannot be written ({fault.strerror})", "one that may"
        ) from None
    try:
        with scratch_beside(path) as scratch:
            scratch.chmod(0o600)
            scratch.write_bytes(data)
            publish(scratch, path)
    except Taken:
        raise Taken(str(path), "a key", "a place without one", "Keys are never replaced.") from None
