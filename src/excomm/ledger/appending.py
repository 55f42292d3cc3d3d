"""Taking entries in: numbers, refuses, commits to each field and grows the tree, batch by batch."""

import os
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

import msgspec

from excomm.entries import Entry, content_digest, from_bytes, instant_text, to_bytes
from excomm.entries.kinds import Clearance, Finding
from excomm.entries.rules import reviewed_by_another
from excomm.errors import InputError
from excomm.ledger.commitment import SECRET_BYTES, commitment, leaf
from excomm.ledger.store import Connection, Kept, Store
from excomm.ledger.tree import Frontier

# Gives so many random bytes.
Secrets = Callable[[int], bytes]


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

    def add(self, batch: Sequence[Entry]) -> None:
        """Take in the next ones."""
        named = {entry.id for entry in batch} | {e.corrects for e in batch if e.corrects}
        named |= {e.body.of for e in batch if isinstance(e.body, Clearance)}  # type: ignore[misc]
        there = self._store.present(self._connection, [name.encode() for name in named])
        fresh = self._secrets(SECRET_BYTES * len(batch))
        rows = []
        earlier: dict[str, Entry] = {}
        add = self.frontier.add
        for at, entry in enumerate(batch):
            key = entry.id.encode()
            if (
                key in there
                or entry.corrects
                or entry.recorded.tzinfo is None
                or (entry.recorded > self.appended)
            ):
                self.faults += self._faults(entry, key, there)
            if isinstance(entry.body, Clearance):
                self.faults += self._clearance_faults(entry.body, earlier)
            elif isinstance(entry.body, Finding):
                # One person decides and a second reviews, whatever room or program appends.
                where = f"entries[{self._index}]"
                self.faults += [
                    InputError(f"{where}.{fault.where}", fault.found, fault.expected, fault.remedy)
                    for fault in reviewed_by_another(entry.body)
                ]
            # Faulty ones are written too, so that later ones may name them; all is undone then.
            if key not in there:
                there.add(key)
                body = self._body(entry)
                secret = fresh[SECRET_BYTES * at : SECRET_BYTES * (at + 1)]
                nodes = add(leaf(commitment(secret, body).digests))
                rows.append(Kept(self.frontier.size, nodes, key, secret, body))
                earlier[entry.id] = entry
            self._index += 1
        self._store.insert(self._connection, rows)

    def _body(self, entry: Entry) -> bytes:
        numbered = msgspec.structs.replace(
            entry, seq=self.frontier.size + 1, appended=self.appended
        )
        body = to_bytes(numbered)
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

    def _clearance_faults(self, body: Clearance, earlier: dict[str, Entry]) -> Iterator[InputError]:
        where = f"entries[{self._index}]"
        if not body.proposed_by or body.proposed_by == body.approved_by:
            yield InputError(
                f"{where}.approved_by",
                body.approved_by,
                "somebody else than who proposed it",
                "A marking is lowered, and a release made, by two persons.",
            )
        old = earlier.get(body.of)
        if old is None:
            kept = self._store.kept(self._connection, body.of.encode())
            old = from_bytes(kept.body) if kept else None
        if old is not None and (digest := content_digest(old)) != body.sha256:
            yield InputError(
                f"{where}.sha256",
                body.sha256,
                f"{digest}, of the entry {body.of}",
                "An approval is of the exact bytes that were shown.",
            )
