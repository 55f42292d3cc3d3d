"""What an entry commits to: each of its fields by itself, under a salt of its own.

Disclosure = `["SALT","PATH",VALUE]` (the form of RFC 9901, the value as it stands in the entry's
canonical bytes); digest = its SHA-256. Decoys fill the digests up to a multiple of eight, so that
what is withheld cannot be counted. The leaf is the count and the root over the sorted digests.
Salts and decoys come out of one random secret an entry (SHAKE-256): whoever has the secret and the
bytes has every disclosure, and whoever has neither cannot guess at a value.
"""

from binascii import b2a_base64
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
_FOR_URLS = bytes.maketrans(b"+/", b"-_")


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
    return Commitment(*_made(secret, body))


def entry_leaf(secret: bytes, body: bytes) -> bytes:
    """The hash of an entry's leaf; raises what `commitment` raises."""
    return leaf(_made(secret, body)[1])


def _made(secret: bytes, body: bytes) -> tuple[list[bytes], list[bytes]]:
    try:
        head = _RAW.decode(body)
        inner = _RAW.decode(head["body"])
    except (msgspec.MsgspecError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise NoFields(str(error)) from None
    template, place, twice, salts_bytes, of_salts, of_decoys, stream_bytes, beyond = _shape(
        tuple(head), tuple(inner)
    )
    values = [*head.values()]
    values[place : place + 1] = inner.values()
    stream = shake_256(_LABEL + secret).digest(stream_bytes)
    parts: list[object] = [None] * twice
    parts[::2] = of_salts(b2a_base64(stream[:salts_bytes], newline=False).translate(_FOR_URLS))
    parts[1::2] = values
    joined = template % tuple(parts)
    # One name once, no blanks: then these bytes and no others give these fields.
    if len(joined) - beyond != len(body):
        raise NoFields("a name twice, or blanks between the fields")
    disclosures = joined.split(b"\n")
    digests = [sha256(one).digest() for one in disclosures]
    digests += of_decoys(stream, salts_bytes)
    digests.sort()
    return disclosures, digests


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


@lru_cache(maxsize=4096)
def _shape(
    head: tuple[str, ...], inner: tuple[str, ...]
) -> tuple[bytes, int, int, int, _Unpack, _Unpack, int, int]:
    """What is the same of all entries with fields of these names.

    Their disclosures, to be filled in; where the body stands; how many parts to fill in; the bytes
    of all salts; how to part salts and decoys; the bytes of all; and by how much the disclosures,
    joined, are longer than the entry's bytes.
    """
    place = head.index("body")
    paths = [*head[:place], *(f"body.{name}" for name in inner), *head[place + 1 :]]
    lines = [b'["%b",' + msgspec.json.encode(path).replace(b"%", b"%%") + b",%b]" for path in paths]
    # Path and value of a disclosure stand for `"NAME":VALUE` and a comma, two braces an object.
    written = sum(len(msgspec.json.encode(path)) - 2 for path in paths)
    alone = sum(len(_quoted(name)) + 1 for name in (*head, *inner))
    commas = len(head) - 1 + max(len(inner) - 1, 0)
    number = len(paths)
    decoys = -number % GROUP
    salts_bytes = SALT_BYTES * number
    return (
        b"\n".join(lines),
        place,
        2 * number,
        salts_bytes,
        Struct(f"{_SALT_CHARS}s" * number).unpack,
        Struct(f"{DIGEST_BYTES}s" * decoys).unpack_from,
        salts_bytes + DIGEST_BYTES * decoys,
        (_AROUND + 1) * number - 1 + written - alone - commas - 4,
    )


@lru_cache(maxsize=4096)
def _quoted(name: str) -> bytes:
    return msgspec.json.encode(name)
