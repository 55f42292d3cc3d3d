"""The signed head, in the C2SP text forms: signed-note, tlog-checkpoint, tlog-cosignature.

    ORIGIN
    SIZE
    ROOT, base64

    — NAME base64(key id, signature)

The origin names the ledger by its own first key: nobody else can sign a head of that origin, and
whoever holds one head knows which keys may sign the next. A witness adds a line: it has seen this
head at a time, and none that disagrees with it.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from excomm.errors import InputError
from excomm.ledger.heads import SEED, Head

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "excomm.ledger/"
LEDGER_KEY, WITNESS_KEY = b"\x01", b"\x04"  # kinds of key of C2SP: a log's, a cosigner's
_SIGNATURE = re.compile(r"— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,14}", re.ASCII)
_VKEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})", re.ASCII)


class Signature(msgspec.Struct, frozen=True):
    """A line under a note. key: which key, four bytes. data: what that key made."""

    name: str
    key: bytes
    data: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_base64(self.key + self.data)}"


class Checkpoint(msgspec.Struct, frozen=True):
    """A head as it is handed out: whose, how long, the root, and who signed it."""

    origin: str
    size: int
    root: bytes
    signatures: tuple[Signature, ...] = ()

    @property
    def head(self) -> Head:
        return Head(self.size, self.root.hex())

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"

    def __str__(self) -> str:
        """The text form, with a line feed at the end."""
        return f"{self.body}\n" + "".join(f"{one}\n" for one in self.signatures)

    def signed(self, *more: Signature) -> "Checkpoint":
        """The same under further signatures; one that is there already is not added again."""
        new = [one for one in more if one not in self.signatures]
        return Checkpoint(self.origin, self.size, self.root, (*self.signatures, *new))


def origin(public: bytes, schema: str) -> str:
    """A ledger's name: it binds the first key and the text of the tables and triggers."""
    return PREFIX + sha256(SEED + schema.encode() + b"\n" + public).hexdigest()[:32]


def key_id(name: str, kind: bytes, public: bytes) -> bytes:
    """Four bytes that tell which key is meant; they prove nothing."""
    return sha256(name.encode() + b"\n" + kind + public).digest()[:4]


def sign(checkpoint: Checkpoint, key: "Ed25519PrivateKey") -> Checkpoint:
    """The head under its ledger's signature."""
    name = checkpoint.origin
    data = key.sign(checkpoint.body.encode())
    return checkpoint.signed(Signature(name, key_id(name, LEDGER_KEY, public_bytes(key)), data))


def cosign(checkpoint: Checkpoint, key: "Ed25519PrivateKey", name: str, at: int) -> Signature:
    """A witness's line. at: seconds since 1970, when it was seen."""
    data = at.to_bytes(8, "big") + key.sign(_witnessed(checkpoint, at))
    return Signature(name, key_id(name, WITNESS_KEY, public_bytes(key)), data)


def signed_by(checkpoint: Checkpoint, public: bytes) -> bool:
    """Whether this key of the ledger signed it."""
    key = key_id(checkpoint.origin, LEDGER_KEY, public)
    return any(
        one.name == checkpoint.origin
        and one.key == key
        and genuine(public, one.data, checkpoint.body.encode())
        for one in checkpoint.signatures
    )


def seen_by(checkpoint: Checkpoint, vkey: str) -> int | None:
    """When the witness of this key saw it, seconds since 1970; None where it did not sign."""
    name, public = parse_vkey(vkey)
    key = key_id(name, WITNESS_KEY, public)
    for one in checkpoint.signatures:
        if (one.name, one.key) == (name, key) and len(one.data) == 72:
            at = int.from_bytes(one.data[:8], "big")
            if genuine(public, one.data[8:], _witnessed(checkpoint, at)):
                return at
    return None


def genuine(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of `public` (32 bytes, Ed25519) made this signature."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def public_bytes(key: "Ed25519PrivateKey") -> bytes:
    """The 32 bytes by which a key is known."""
    return key.public_key().public_bytes_raw()


def vkey(name: str, public: bytes) -> str:
    """A witness's key in text, as C2SP writes it: NAME+ID+KEY."""
    return f"{name}+{key_id(name, WITNESS_KEY, public).hex()}+{_base64(WITNESS_KEY + public)}"


def parse_vkey(text: str) -> tuple[str, bytes]:
    """Name and public key of a witness. Raises InputError for what is none."""
    expected = "a witness's key, NAME+ID+KEY, as excomm witness prints it"
    found = _VKEY.fullmatch(text)
    data = from_base64(found[3]) if found else b""
    if found is None or len(data) != 33 or data[:1] != WITNESS_KEY:
        raise InputError("witness key", text, expected)
    if key_id(found[1], WITNESS_KEY, data[1:]).hex() != found[2]:
        raise InputError("witness key", text, expected, "Its parts disagree: copy it again.")
    return found[1], data[1:]


def parse(text: str, where: str = "head") -> Checkpoint:
    """One checkpoint from its text. Raises InputError (`where` leads to the line)."""
    found = parse_all(text, where)
    if len(found) != 1:
        raise InputError(where, f"{len(found)} heads", "one")
    return found[0]


def parse_all(text: str, where: str) -> tuple[Checkpoint, ...]:
    """Checkpoints one after another; blank lines between, and lines that start with #, count not.

    Raises InputError naming the line that is out of place.
    """
    lines = [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), start=1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    found, at = [], 0
    while at < len(lines):
        body = lines[at : at + 3]
        number = body[0][0]
        _expect(where, body, 0, body[0][1].startswith(PREFIX), f"{PREFIX}… (a ledger's name)")
        _expect(where, body, 1, len(body) > 1 and _SIZE.fullmatch(body[1][1]), "the size")
        root = from_base64(body[2][1]) if len(body) > 2 else b""
        _expect(where, body, 2, len(root) == 32, "the root, 32 bytes in base64")
        at += 3
        signatures = []
        while at < len(lines) and lines[at][1].startswith("— "):
            line = _SIGNATURE.fullmatch(lines[at][1])
            data = from_base64(line[2]) if line else b""
            _expect(where, lines, at, line and len(data) > 4, "a signature: — NAME BASE64")
            assert line is not None
            signatures.append(Signature(line[1], data[:4], data[4:]))
            at += 1
        if not signatures:
            raise InputError(f"{where}:{number}", "a head that nobody signed", "one with signature")
        found.append(Checkpoint(body[0][1], int(body[1][1]), root, tuple(signatures)))
    return tuple(found)


def _expect(
    where: str, lines: Sequence[tuple[int, str]], at: int, holds: object, expected: str
) -> None:
    if not holds:
        number, line = lines[at] if at < len(lines) else (lines[-1][0], None)
        raise InputError(
            f"{where}:{number}", line, expected, "A head is copied whole: excomm head LEDGER."
        )


def _witnessed(checkpoint: Checkpoint, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{checkpoint.body}".encode()


def base64_lines(digests: Iterable[bytes]) -> str:
    """Hashes as a proof is written, one a line."""
    return "".join(f"{_base64(one)}\n" for one in digests)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def from_base64(text: str) -> bytes:
    """What base64 says; nothing where it is none or not written in the one way."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
    return data if _base64(data) == text else b""
