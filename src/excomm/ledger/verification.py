"""Verification: is every entry the one that was taken in, and in its place?

Everything is computed again from the stored bytes. What a chain alone cannot show, since a tail
cut off or a ledger written afresh is a chain as well, shows against a head that somebody held.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from excomm.entries import Entry, from_bytes
from excomm.ledger.chain import GENESIS, Damaged, Head, Row, link

if TYPE_CHECKING:
    from excomm.ledger.store import Store

FAULTS_MAX = 100  # after so many a longer list helps nobody


class Fault(NamedTuple):
    """seq: the entry, 0 where the fault is in no single one. what: a clause."""

    seq: int
    what: str


class Verification(msgspec.Struct, frozen=True):
    """What was found, the first bad entry first; at most FAULTS_MAX faults are listed.

    head: as computed from the bytes; meaningful where `faults` is empty. held: the head that the
    ledger was compared with, if any.
    """

    head: Head
    faults: tuple[Fault, ...]
    held: Head | None = None

    @property
    def size(self) -> int:
        """How many entries were read."""
        return self.head.size

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    @property
    def unseen(self) -> str:
        """What this verification could not have seen, a sentence."""
        if self.held is None:
            return (
                "Without a head that somebody else holds, the loss of the last entries "
                "and a ledger written afresh cannot be seen."
            )
        if self.head.size > self.held.size:
            return (
                f"Entries {self.held.size + 1} to {self.head.size} came after the held head: "
                "had others stood in their place, this would not be seen."
            )
        return "What was taken in after the held head, and lost since, cannot be seen."


def verify(store: "Store", held: Head | None) -> Verification:
    """Recompute the chain of `store`, and compare it with `held` at its size."""
    walk = _Walk(held)
    faults: list[Fault] = []
    try:
        with store.reading() as connection:
            faults += (Fault(0, what) for what in store.schema_faults(connection))
            for fault in walk.over(store.rows(connection)):
                faults.append(fault)
                if len(faults) >= FAULTS_MAX:
                    break
            else:
                faults += walk.against_held()
    except Damaged as error:
        faults.append(Fault(walk.size + 1, f"cannot be read: {error.found}"))
    return Verification(Head(walk.size, walk.before.hex()), tuple(faults[:FAULTS_MAX]), held)


class _Walk:
    """The chain as far as it was followed; after a fault it goes on from what is stored."""

    def __init__(self, held: Head | None) -> None:
        self.size = 0
        self.before = GENESIS
        self._appended: datetime | None = None
        self._held = held
        self._at_held = GENESIS

    def over(self, rows: Iterable[Row]) -> Iterator[Fault]:
        for row in rows:
            if row.seq <= self.size:
                yield Fault(row.seq, "stands before the first")
                continue
            if row.seq > self.size + 1:
                # The hash builds on what is missing: it cannot be checked.
                yield Fault(self.size + 1, f"is missing; the next one there is {row.seq}")
                found = self._content(row)
            elif not (isinstance(row.body, bytes) and isinstance(row.hash, bytes)):
                found = "is not stored as bytes"
            elif link(self.before, row.body) != row.hash:
                found = "is not what was taken in here: its hash does not follow"
            else:
                found = self._content(row)
            if found:
                yield Fault(row.seq, found)
            self.size = row.seq
            self.before = row.hash if isinstance(row.hash, bytes) else b""
            if self._held and row.seq == self._held.size:
                self._at_held = self.before

    def against_held(self) -> Iterator[Fault]:
        held = self._held
        if held is None:
            return
        if held.size > self.size:
            yield Fault(
                self.size + 1, f"is missing: the ledger ends here, the held head at {held.size}"
            )
        elif self._at_held.hex() != held.digest:
            yield Fault(0, f"entries 1 to {held.size} are not those of the held head")

    def _content(self, row: Row) -> str:
        try:
            entry = from_bytes(row.body)
        except (msgspec.MsgspecError, TypeError) as error:
            return f"cannot be decoded: {error}"
        if entry.seq != row.seq:
            return f"says of itself that it is entry {entry.seq}"
        if entry.id.encode() != row.id:
            return f"is filed under another id than its own, {entry.id}"
        return self._times(entry)

    def _times(self, entry: Entry) -> str:
        appended, before = entry.appended, self._appended
        if appended is None or appended.tzinfo is None or entry.recorded.tzinfo is None:
            return "does not say at what instant it was recorded and taken in"
        self._appended = appended
        if before is not None and appended < before:
            return "was taken in before the entry ahead of it"
        if entry.recorded > appended:
            return "was recorded after it was taken in"
        return ""
