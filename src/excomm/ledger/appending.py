"""Taking entries in: numbers, refuses, commits to each field and grows the tree, batch by batch."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from functools import cached_property

import msgspec

from excomm.entries import Entry, content_digest, instant_text, to_bytes
from excomm.entries.kinds import CaseHeader, Clearance, Finding
from excomm.entries.persons import approved_by_another, reviewed_by_another
from excomm.errors import InputError
from excomm.ledger.commitment import SECRET_BYTES
from excomm.ledger.decoding import decoded
from excomm.ledger.leaves import Pair, with_leaves
from excomm.ledger.store import Connection, Kept, Store
from excomm.ledger.tree import Frontier
from excomm.ledger.two_persons import levels_fault, lowering_fault

# Gives so many random bytes.
Secrets = Callable[[int], bytes]
_HEADER = b'"entry":"case"'


class Appending:
    """One append under way. What it wrote stands or falls with the transaction around it."""

    def __init__(
        self,
        store: Store,
        connection: Connection,
        frontier: Frontier,
        *,
        now: datetime,
        last: datetime | None,
        secrets: Secrets = os.urandom,
    ) -> None:
        self.faults: list[InputError] = []
        self.frontier = frontier
        self._store = store
        self._connection = connection
        self.appended = max(now, last) if last else now
        # The clock has gone back: what it says now is committed to as well.
        self._clock = now if now < self.appended else None
        self._secrets = secrets
        self._index = 0
        self._seq = frontier.size
        # Checked, and not written yet.
        self._ahead: dict[str, Entry] = {}

    def add(self, batches: Iterable[Sequence[Entry]]) -> None:
        """Take in all of these, batch by batch; while leaves are computed, later ones are read."""
        grown, ahead = self.frontier.add, self._ahead
        for rows, leaves in with_leaves(map(self._checked, batches), _pairs):
            found = zip(rows, leaves, strict=True)
            # The bytes are ours: of each there is a leaf.
            kept = [row._replace(nodes=grown(leaf)) for row, leaf in found if leaf is not None]
            self._store.insert(self._connection, kept)
            for row in rows:
                del ahead[row.id.decode()]

    def _checked(self, batch: Sequence[Entry]) -> list[Kept]:
        """The rows of the next ones, still without their nodes."""
        named = {entry.id for entry in batch} | {e.corrects for e in batch if e.corrects}
        named |= {e.body.of for e in batch if isinstance(e.body, Clearance)}  # type: ignore[misc]
        there = self._store.present(self._connection, [name.encode() for name in named])
        ahead = self._ahead
        there |= {name.encode() for name in named if name in ahead}
        fresh = self._secrets(SECRET_BYTES * len(batch))
        rows = []
        for at, entry in enumerate(batch):
            key = entry.id.encode()
            if (
                key in there
                or entry.corrects
                or entry.recorded.tzinfo is None
                or (entry.recorded > self.appended)
            ):
                self.faults += self._faults(entry, key, there)
            if entry.corrects or isinstance(entry.body, Clearance | CaseHeader | Finding):
                self.faults += self._alone_faults(entry)
            # Faulty ones are written too, so that later ones may name them; all is undone then.
            if key not in there:
                there.add(key)
                self._seq += 1
                secret = fresh[SECRET_BYTES * at : SECRET_BYTES * (at + 1)]
                rows.append(Kept(self._seq, b"", key, secret, self._body(entry)))
                ahead[entry.id] = entry
            self._index += 1
        return rows

    def _body(self, entry: Entry) -> bytes:
        body = to_bytes(msgspec.structs.replace(entry, seq=self._seq, appended=self.appended))
        if self._clock is None:
            return body
        clock = msgspec.json.encode(self._clock)
        self._clock = None
        return body[:-1] + b',"clock":' + clock + b"}"

    def _faults(self, entry: Entry, key: bytes, there: set[bytes]) -> Iterator[InputError]:
        where = f"entries[{self._index}]"
        if key in there:
            yield InputError(
                f"{where}.id",
                entry.id,
                "an id that is not in the ledger",
                "Name the old entry in `corrects` to replace it.",
            )
        if entry.corrects is not None and entry.corrects.encode() not in there:
            yield InputError(f"{where}.corrects", entry.corrects, "the id of an earlier entry")
        if entry.recorded.tzinfo is None:
            yield InputError(f"{where}.recorded", entry.recorded, "an instant with offset")
        elif entry.recorded > self.appended:
            yield InputError(
                f"{where}.recorded",
                instant_text(entry.recorded),
                f"at the latest now, {instant_text(self.appended)}",
                "Nothing can have been known later than it is taken in: mend the row or the clock.",
            )

    def _alone_faults(self, entry: Entry) -> Iterator[InputError]:
        """What one person may not do alone."""
        body, where = entry.body, f"entries[{self._index}]"
        found: list[InputError | None] = []
        if isinstance(body, Clearance):
            found += approved_by_another(body)
            old = self._earlier(body.of)
            if old is not None and (digest := content_digest(old)) != body.sha256:
                found.append(
                    InputError(
                        "sha256",
                        body.sha256,
                        f"{digest}, of the entry {body.of}",
                        "An approval is of the exact bytes that were shown.",
                    )
                )
        elif isinstance(body, Finding):
            found += reviewed_by_another(body)
        elif isinstance(body, CaseHeader):
            found.append(levels_fault(body, self._headers))
            self._headers.append(body)
        if entry.corrects and (old := self._earlier(entry.corrects)) is not None:
            found.append(lowering_fault(entry, old, lambda: self._headers))
        for fault in found:
            if fault is not None:
                place = f"{where}.{fault.where}"
                yield InputError(place, fault.found, fault.expected, fault.remedy)

    def _earlier(self, name: str) -> Entry | None:
        if name in self._ahead:
            return self._ahead[name]
        kept = self._store.kept(self._connection, name.encode())
        return decoded(self._store.where, kept.seq, kept.body) if kept else None

    @cached_property
    def _headers(self) -> list[CaseHeader]:
        """The headers of the case so far, the newest last."""
        found = (
            decoded(self._store.where, seq, body).body
            for seq, body in self._store.bodies(self._connection)
            if _HEADER in body
        )
        return [body for body in found if isinstance(body, CaseHeader)]


def _pairs(rows: Sequence[Kept]) -> list[Pair]:
    return [(row.secret, row.body) for row in rows]
