"""One entry: a dated, attributed, marked fact, and its canonical bytes."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from hashlib import sha256
from typing import Literal, NewType, TypeVar

import msgspec

from excomm.entries.kinds import AnyBody
from excomm.entries.times import Day, Instant, Span

EntryId = NewType("EntryId", str)
S = TypeVar("S", bound=msgspec.Struct)

Standing = Literal["established", "claimed", "disputed"]
Readability = Literal["high", "medium", "low", "unverified"]


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """A fact with its head: when, known when, who says so, from what, for whose eyes.

    occurred: when it was so. recorded: when the case's own desk knew, UTC. appended and seq: when
    and where this ledger took it in; set by the ledger alone.
    standing: who holds it (established: agreed means or both sides; claimed: one side's word;
    disputed: denied). reading: how well we read the source. The two are never merged.
    corrects: the id of the entry that this one replaces (or, for a Correction, withdraws).
    """

    id: EntryId
    occurred: Day | Instant | Span
    recorded: datetime
    body: AnyBody
    by: str = ""
    source: str = ""
    standing: Standing = "claimed"
    held_by: tuple[str, ...] = ()
    reading: Readability = "unverified"
    marking: str = "open"
    corrects: EntryId | None = None
    note: str = ""
    seq: int = 0  # 1-based; 0: in no ledger
    appended: datetime | None = None

    @property
    def kind(self) -> str:
        """The word of DESIGN's list: "look", "count", "event"."""
        return str(self.body.__struct_config__.tag)


_ENCODER = msgspec.json.Encoder(order="deterministic")
_DECODER = msgspec.json.Decoder(Entry)


def to_bytes(entry: Entry) -> bytes:
    """The canonical bytes: one form for one entry, whatever made it."""
    return _ENCODER.encode(_canonical(entry))


def content_digest(entry: Entry) -> str:
    """SHA-256, hex, of what was entered, whatever ledger took it in: what an approval binds."""
    return sha256(to_bytes(msgspec.structs.replace(entry, seq=0, appended=None))).hexdigest()


def from_bytes(data: bytes | str) -> Entry:
    """The entry again. Raises msgspec.DecodeError where the bytes are none of ours."""
    return _DECODER.decode(data)


def lines(entries: Iterable[Entry]) -> bytes:
    """Canonical bytes, one entry a line."""
    return _ENCODER.encode_lines([_canonical(entry) for entry in entries])


@cache
def _default_words(kind: type[msgspec.Struct]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (field.name, field.default)
        for field in msgspec.structs.fields(kind)
        if isinstance(field.default, str) and field.default
    )


def _canonical(entry: Entry) -> Entry:
    # msgspec leaves a default word out only if it is the very object of the struct definition; a
    # word that was read from somewhere is equal and not identical, and would be written.
    body = _with_own_words(entry.body)
    entry = _with_own_words(entry)
    return entry if body is entry.body else msgspec.structs.replace(entry, body=body)


def _with_own_words(value: S) -> S:
    own = {
        name: word
        for name, word in _default_words(type(value))
        if (said := getattr(value, name)) is not word and said == word
    }
    return msgspec.structs.replace(value, **own) if own else value
