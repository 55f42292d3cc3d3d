"""What an entry commits to: each of its fields by itself, under a salt of its own.

Disclosure = `["SALT","PATH",VALUE]` (the form of RFC 9901, the value as it stands in the entry's
canonical bytes); digest = its SHA-256. Decoys fill the digests up to a multiple of eight, so that
what is withheld cannot be counted. The leaf is the count and the root over the sorted digests.
Salts and decoys come out of one random secret an entry (SHAKE-256): whoever has the secret and the
bytes has every disclosure, and whoever has neither cannot guess at a value.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from hashlib import sha256, shake_256
from struct import Struct
from typing import NamedTuple

import msgspec

from excomm.ledger.tree import DIGEST_BYTES, leaf_hash

SECRET_BYTES = 32
SALT_BYTES = 18  # 24 characters, without padding
_SALT_CHARS = 24
GROUP = 8
_PAIR = 2 * DIGEST_BYTES
_LABEL = b"excomm ledger salts, format 2\n"
_RAW = msgspec.json.Decoder(dict[str, msgspec.Raw])
# All that stands around path and value in a disclosure.
_AROUND = len(b'["","",]') + _SALT_CHARS
_INNER = len("body.")


class NoFields(ValueError):
    """Bytes that are no entry as this ledger would have written it."""


class Commitment(NamedTuple):
    """disclosures: one a field, in the order of the bytes. digests: theirs and decoys, sorted."""

    disclosures: list[bytes]
    digests: list[bytes]


def commitment(secret: bytes, body: bytes) -> Commitment:
    """Every disclosure and digest of an entry, from its secret and its canonical bytes.

    Raises NoFields where the bytes are no JSON object without blanks and with one name once.
    """
    try:
        head = _RAW.decode(body)
        inner = _RAW.decode(head["body"])
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise NoFields(str(error)) from None
    place = list(head).index("body")
    values = list(head.values())
    values[place : place + 1] = inner.values()
    template, named = _template(tuple(head), tuple(inner))
    number = len(values)
    salts_bytes, of_salts, of_decoys, stream_bytes = _layout(number)
    stream = shake_256(_LABEL + secret).digest(stream_bytes)
    parts: list[object] = [b""] * (2 * number)
    parts[::2] = of_salts(urlsafe_b64encode(stream[:salts_bytes]))
    parts[1::2] = values
    joined = template % tuple(parts)
    # One name once, no blanks: then these bytes and no others give these fields.
    if len(joined) - (_AROUND + 1) * number + 1 - named != len(body):
        raise NoFields("a name twice, or blanks between the fields")
    disclosures = joined.split(b"\n")
    digests = [sha256(one).digest() for one in disclosures]
    digests += of_decoys(stream, salts_bytes)
    digests.sort()
    return Commitment(disclosures, digests)


def leaf(digests: Sequence[bytes]) -> bytes:
    """The hash of an entry's leaf in the tree, from its sorted digests."""
    return leaf_hash(len(digests).to_bytes(2, "big") + fields_root(digests))


def fields_root(digests: Sequence[bytes]) -> bytes:
    """The root over sorted digests, which stand as leaves themselves (RFC 6962 in shape)."""
    row = b"".join(digests)
    while (left := len(row)) > DIGEST_BYTES:
        pairs = [
            sha256(b"\x01" + row[at : at + _PAIR]).digest()
            for at in range(0, left - DIGEST_BYTES, _PAIR)
        ]
        if left % _PAIR:
            pairs.append(row[-DIGEST_BYTES:])
        row = b"".join(pairs)
    return row


def opened(disclosures: Sequence[bytes]) -> Iterator[tuple[str, bytes]]:
    """(path, the value's bytes) of each disclosure. Raises NoFields for what is none."""
    for one in disclosures:
        try:
            salt, path, value = _PARTS.decode(one)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise NoFields(str(error)) from None
        if one != disclosure(salt, path, bytes(value)):
            raise NoFields("not written as a disclosure is")
        yield path, bytes(value)


_PARTS = msgspec.json.Decoder(tuple[str, str, msgspec.Raw])


def disclosure(salt: str, path: str, value: bytes) -> bytes:
    """The bytes of one disclosure."""
    quoted = msgspec.json.encode((salt, path))
    return quoted[:-1] + b"," + value + b"]"


def body_of(fields: Sequence[tuple[str, bytes]]) -> bytes:
    """The canonical bytes again, from all fields of an entry in their order."""
    head = [(path, value) for path, value in fields if not path.startswith("body.")]
    inner = [(path[5:], value) for path, value in fields if path.startswith("body.")]
    place = next((at for at, (path, _) in enumerate(fields) if path.startswith("body.")), len(head))
    head.insert(place, ("body", _object(inner)))
    return _object(head)


def _object(fields: Sequence[tuple[str, bytes]]) -> bytes:
    return b"{" + b",".join(_quoted(name) + b":" + value for name, value in fields) + b"}"


_Unpack = Callable[..., tuple[bytes, ...]]


@lru_cache(maxsize=256)
def _layout(number: int) -> tuple[int, _Unpack, _Unpack, int]:
    """Of so many fields: the bytes of all salts, how to part salts and decoys, the bytes of all."""
    decoys = -number % GROUP
    salts_bytes = SALT_BYTES * number
    of_salts = Struct(f"{_SALT_CHARS}s" * number).unpack
    of_decoys = Struct(f"{DIGEST_BYTES}s" * decoys).unpack_from
    return salts_bytes, of_salts, of_decoys, salts_bytes + DIGEST_BYTES * decoys


@lru_cache(maxsize=4096)
def _template(head: tuple[str, ...], inner: tuple[str, ...]) -> tuple[bytes, int]:
    """The disclosures of such an entry, to be filled in; and what their length tells of its own."""
    paths = [name for name in head if name != "body"]
    at = head.index("body")
    paths[at:at] = [f"body.{name}" for name in inner]
    lines = [b'["%b",' + msgspec.json.encode(path).replace(b"%", b"%%") + b",%b]" for path in paths]
    # Path and value of a disclosure stand for `"NAME":VALUE` and a comma, two braces an object.
    written = sum(len(msgspec.json.encode(path)) - 2 for path in paths)
    alone = sum(len(_quoted(name)) + 1 for name in (*head, *inner))
    commas = len(head) - 1 + max(len(inner) - 1, 0)
    return b"\n".join(lines), written - alone - commas - 4


@lru_cache(maxsize=4096)
def _quoted(name: str) -> bytes:
    return msgspec.json.encode(name)
