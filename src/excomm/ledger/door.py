"""The door to a ledger: append, read, head, verify. What lies behind may change; this does not.

The ledger alone sets `seq` and `appended`. It refuses what would make its own order meaningless
(an id used twice, a correction of nothing, an entry recorded in the future, an approval by the
person who proposed) and judges nothing else: whether parties, items and markings are known is
asked where entries are read from files.
"""

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from excomm.entries import Entry, EntryId, Instant, from_bytes, to_bytes
from excomm.entries.kinds import Attachment, Break, CaseHeader, Erasure
from excomm.errors import Faults, InputError
from excomm.ledger import keys
from excomm.ledger.appending import Appending, Secrets
from excomm.ledger.checkpoint import (
    Checkpoint,
    Signature,
    parse,
    public_bytes,
    seen_by,
    sign,
    signed_by,
)
from excomm.ledger.decoding import decoded
from excomm.ledger.heads import Head, Moved
from excomm.ledger.recognition import has_mark
from excomm.ledger.store import Connection, Identity, Key, Load, Store
from excomm.ledger.tree import DIGEST_BYTES, EMPTY, Frontier, consistency, inclusion
from excomm.ledger.two_persons import lowest
from excomm.ledger.verification import Held, Progress, Verification, endorsed, verify

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_BATCH = 1000
_URL = re.compile(r"[a-z][a-z0-9+.-]+://")
_Edge = tuple[Frontier, datetime | None]


class Ledger:
    """An append-only log of entries, in an SQLite file or a PostgreSQL database."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._identity: Identity | None = None
        # The right edge and the last `appended`, good as long as nobody else has added.
        self._edge: _Edge | None = None

    @property
    def where(self) -> str:
        """The path, or the URL without its password."""
        return self._store.where

    @property
    def origin(self) -> str:
        """The ledger's own name, which binds its first key."""
        return self._known.origin

    def append(
        self,
        entries: Iterable[Entry],
        *,
        now: datetime,
        key: str | None = None,
        onto: Head | None = None,
        secrets: Secrets = os.urandom,
    ) -> Head:
        """Take in all of these, in this order, or none; durable when this returns.

        now: an instant with offset. `appended` is it, or the last entry's where the clock has
        gone back since. What `entries` carry in `seq` and `appended` is not looked at.
        key: names this load; the same load under the same key lands once, however often it is
        repeated. onto: the head that whoever made these entries saw; where the ledger has gone on
        since, nothing is taken in. secrets: where each entry's secret comes from; a test may give
        its own.
        Raises Moved where the ledger does not end at `onto`; Faults with an InputError (`where` is
        "entries[INDEX].FIELD") for every id that is taken, every `corrects` that names no earlier
        entry, every `recorded` without offset or after `appended`, every clearance by one person
        or of other bytes; InputError where the key was used for another load.
        """
        if now.tzinfo is None:
            raise InputError("now", now, "an instant with offset", "Say which zone it is in.")
        now = now.astimezone(UTC)
        with self._store.writing() as connection:
            landed = self._store.load(connection, key.encode()) if key is not None else None
            if landed is not None:
                return self._landed_already(connection, key or "", landed, entries)
            if onto is not None:
                self._require_end(connection, onto)
            edge = self._added(connection, entries, now, key, secrets)
        # Only what is durable by now is remembered.
        self._edge = edge
        return _head(edge[0])

    def read(self, after: int = 0, *, size: int | None = None) -> Iterator[Entry]:
        """The entries after number `after`, in order.

        size: that of the head up to which to read; without it, to the last that is there now.
        Erased ones are not among them. Memory stays flat, and a reader who stops half way keeps
        no writer waiting.
        Raises InputError, naming the entry, where bytes cannot be decoded; nothing else is
        checked here, that is `verify`'s.
        """
        for page in self._store.pages(after, size):
            try:
                entries = [from_bytes(body) for _, body in page]
            except (msgspec.MsgspecError, TypeError, UnicodeDecodeError):
                # Once more, one by one: the sound ones first, then the fault by its number.
                yield from (decoded(self.where, seq, body) for seq, body in page)
            else:
                yield from entries

    def head(self, size: int | None = None) -> Head:
        """Where the ledger ends now; or ended, when it held `size` entries.

        Raises InputError for more entries than it holds.
        """
        with self._store.reading() as connection:
            there = self._store.size(connection)
            if size is not None and not 0 <= size <= there:
                raise InputError("size", size, f"0 to {there}, what the ledger holds")
            frontier = self._store.frontier(connection, there if size is None else size)
        return _head(frontier)

    def checkpoint(self, size: int | None = None) -> Checkpoint:
        """The head, signed, with the lines of the witnesses that have seen it.

        size: of how many entries; without it, of all that are durable now.
        Raises InputError where the key is not here, or is not this ledger's.
        """
        with self._store.reading() as connection:
            there = self._store.size(connection)
            if size is not None and not 0 <= size <= there:
                raise InputError("size", size, f"0 to {there}, what the ledger holds")
            frontier = self._store.frontier(connection, there if size is None else size)
        key = self.signing_key()
        head = sign(Checkpoint(self.origin, frontier.size, frontier.root), key)
        return head.signed(*(_line(line) for _, line in self._store.cosignatures(head.size)))

    def inclusion(self, seq: int, size: int | None = None) -> tuple[bytes, ...]:
        """The proof that entry `seq` is in the head of `size` entries (else the present one)."""
        with self._store.reading() as connection:
            there = self._store.size(connection) if size is None else size
            if not 0 < seq <= there:
                raise InputError("entry", seq, f"1 to {there}")
            return tuple(inclusion(seq - 1, there, lambda at: self._store.nodes(connection, at)))

    def consistency(self, old: int, size: int | None = None) -> tuple[bytes, ...]:
        """The proof that the head of `size` (else the present one) only adds to that of `old`."""
        with self._store.reading() as connection:
            there = self._store.size(connection) if size is None else size
            if not 0 <= old <= there:
                raise InputError("size", old, f"0 to {there}")
            if old == 0:
                return ()
            return tuple(consistency(old, there, lambda at: self._store.nodes(connection, at)))

    def verify(
        self,
        held: Held | Sequence[Held] | None = None,
        *,
        since: Held | None = None,
        progress: Progress = lambda _read, _of: None,
    ) -> Verification:
        """Compute everything again, and compare with heads that somebody held, if any are given.

        since: a head up to which all was verified before: only what came after is read.
        progress: told now and then up to which entry was read, and how many there are.
        Finds changed, missing, swapped and undecodable entries, numbers and times that disagree
        with their place, inner nodes, keys, tables and triggers that are not this ledger's.
        Raises InputError where a held head is another ledger's.
        """
        held = () if held is None else (held,) if isinstance(held, Head | Checkpoint) else held
        return verify(self._store, tuple(held), since, progress)

    def erase(
        self, entry_id: str, *, reason: str, legal_basis: str, by: str, now: datetime
    ) -> Head:
        """Take an entry's content out for good, and say so in an entry of its own.

        Its place in the tree stays, so all proofs hold. Copies made before outlive this.
        Raises InputError where there is no such entry, or it is itself an erasure.
        """
        now = now.astimezone(UTC)
        with self._store.writing() as connection:
            kept = self._store.kept(connection, entry_id.encode())
            if kept is None:
                raise InputError("entry", entry_id, "an entry of this ledger")
            old = decoded(self.where, kept.seq, kept.body)
            if isinstance(old.body, Erasure) or kept.seq == 1:
                expected = "an entry that is neither the first nor an erasure"
                raise InputError("entry", entry_id, expected)
            erasure = Entry(
                id=EntryId(f"erasure-of-{entry_id}"),
                occurred=Instant(now),
                recorded=now,
                body=Erasure(
                    of=entry_id,
                    reason=reason,
                    legal_basis=legal_basis,
                    leaf=kept.nodes[:DIGEST_BYTES].hex(),
                ),
                by=by,
                marking=old.marking,
            )
            edge = self._added(connection, [erasure], now, None, os.urandom)
            self._store.erase(connection, kept.seq, kept.id, edge[0].size)
        self._edge = edge
        self._store.forget()
        if isinstance(old.body, Attachment):
            from excomm.ledger.attachments import forget

            forget(self, old.body)
        return _head(edge[0])

    def resume(self, held: Iterable[Checkpoint], *, now: datetime) -> Head:
        """After a copy was restored: append a break for every held head that it lacks.

        Lacking are those that are newer, and where it has gone on since, those that it contradicts.
        Raises InputError where no held head is missing, or one is another ledger's.
        """
        with self._store.reading() as connection:
            size = self._store.size(connection)
            lost = sorted(
                {
                    one.body: one
                    for one in held
                    if one.size > size
                    or self._store.frontier(connection, one.size).root != one.root
                }.items()
            )
        for _, one in lost:
            self.require_own(one)
        if not lost:
            raise InputError("heads", "none that the ledger lacks", "one newer, or contradicted")
        # Everybody is told, whatever the case calls its levels.
        marking = lowest(one.body for one in self.read() if isinstance(one.body, CaseHeader))
        return self.append(
            (
                Entry(
                    id=EntryId(f"break-{size}-{number}"),
                    occurred=Instant(now),
                    recorded=now,
                    body=Break(held_head=f"{one.size} {one.root.hex()}"),
                    marking=marking,
                )
                for number, (_, one) in enumerate(lost, start=1)
            ),
            now=now,
        )

    def explain(self, break_id: str, explanation: str, *, by: str, now: datetime) -> Head:
        """What a person says of a break: from then on it stands on no page, and stays readable.

        Raises InputError where there is no such break, or nobody says anything.
        """
        if not (explanation.strip() and by.strip()):
            raise InputError("explanation", explanation.strip(), "what happened, and who says so")
        head = self.head()
        log = [entry for entry in self.read(size=head.size) if isinstance(entry.body, Break)]
        found = next((entry for entry in log if entry.id == break_id), None)
        if found is None or any(entry.corrects == break_id for entry in log):
            raise InputError("break", break_id, "a break that nobody has explained yet")
        now = now.astimezone(UTC)
        explained = Entry(
            id=EntryId(f"{break_id}.2"),
            occurred=found.occurred,
            recorded=now,
            body=msgspec.structs.replace(found.body, explanation=explanation),
            by=by,
            corrects=found.id,
            marking=found.marking,
        )
        return self.append([explained], now=now, onto=head)

    def witnessed(self, seen: Checkpoint, witness: str) -> None:
        """Keep a witness's line under a head of this ledger. witness: its key in text.

        Raises InputError where the head is not one of this ledger, or the line is not genuine.
        """
        self.require_own(seen)
        with self._store.reading() as connection:
            size = self._store.size(connection)
            root = self._store.frontier(connection, seen.size).root if seen.size <= size else EMPTY
        if seen.root != root:
            raise InputError(
                "head", f"one of {seen.size} entries that differs", "a head of this ledger"
            )
        if seen_by(seen, witness) is None:
            raise InputError("head", "no line of this witness", f"one by {witness}")
        name = witness.partition("+")[0]
        line = next(str(one) for one in seen.signatures if one.name == name)
        self._store.add_cosignature(seen.size, witness, line)

    def require_own(self, head: Checkpoint) -> None:
        """Raises InputError where a head is another ledger's, or not signed by this one's keys."""
        if head.origin != self.origin:
            raise InputError("head", f"one of {head.origin}", f"one of {self.origin}")
        if not any(signed_by(head, key.public) for key in self._known.keys):
            raise InputError("head", "a signature that is not this ledger's", "its own")

    def rotate(self, key: "Ed25519PrivateKey | None" = None) -> None:
        """Sign with a fresh key from now on; the old one vouches for it, and is put aside.

        Raises InputError where the old key is not here.
        """
        old, fresh = self.signing_key(), key or keys.generate()
        path = self.key_path
        with self._store.writing() as connection:
            since = self._store.size(connection)
            if self._known.keys[-1].since >= since:
                since = self._known.keys[-1].since + 1
            public = public_bytes(fresh)
            endorsement = old.sign(endorsed(self.origin, since, public))
            connection.execute(
                "INSERT INTO ledger_key VALUES (?, ?, ?)", (since, public, endorsement)
            )
            path.rename(path.with_name(f"{path.name}.until-{since}"))
            keys.write(fresh, path)
        self._identity = None

    @property
    def key_path(self) -> Path:
        """Where the key that signs lies."""
        path = getattr(self._store, "path", None)
        return keys.beside(path) if isinstance(path, Path) else keys.in_folder(self.origin)

    def signing_key(self) -> "Ed25519PrivateKey":
        """The key that signs heads now. Raises InputError where it is not here."""
        key = keys.read(self.key_path)
        if public_bytes(key) != self._known.keys[-1].public:
            raise InputError(
                str(self.key_path), "the key of another ledger", f"that of {self.origin}"
            )
        return key

    @property
    def keys(self) -> tuple[Key, ...]:
        """The public keys, the first to the present one."""
        return self._known.keys

    @property
    def store(self) -> Store:
        """The tables behind: for what hands parts of a ledger out."""
        return self._store

    def close(self) -> None:
        """Put the ledger to rest: one file, nothing beside it. It may be used again."""
        self._store.close()

    @property
    def _known(self) -> Identity:
        if self._identity is None:
            self._identity = self._store.identity()
        return self._identity

    def _added(
        self,
        connection: Connection,
        entries: Iterable[Entry],
        now: datetime,
        key: str | None,
        secrets: Secrets,
    ) -> _Edge:
        """Take entries in, inside a transaction; the right edge as it then is."""
        frontier, last = self._right_edge(connection)
        first = frontier.size
        writing = Appending(self._store, connection, frontier, now=now, last=last, secrets=secrets)
        given = sha256()
        writing.add(_batches(entries, None if key is None else given))
        if writing.faults:
            raise Faults(writing.faults)
        if key is not None:
            load = Load(first, frontier.size, given.digest())
            self._store.add_load(connection, key.encode(), load)
        return frontier, (writing.appended if frontier.size > first else last)

    def _require_end(self, connection: Connection, onto: Head) -> None:
        frontier, _ = self._right_edge(connection)
        if _head(frontier) != onto:
            raise Moved(self.where, frontier.size, onto)

    def _right_edge(self, connection: Connection) -> _Edge:
        size = self._store.size(connection)
        if self._edge is not None and self._edge[0].size == size:
            return self._edge[0].copy(), self._edge[1]
        body = self._store.body(connection, size)
        last = decoded(self.where, size, body).appended if body is not None else None
        return self._store.frontier(connection, size), last

    def _landed_already(
        self, connection: Connection, key: str, landed: Load, entries: Iterable[Entry]
    ) -> Head:
        given = sha256()
        for _ in _batches(entries, given):
            pass
        if given.digest() != landed.digest:
            raise InputError("key", key, "a key that no other load has used", "Choose a fresh one.")
        frontier = self._store.frontier(connection, landed.last)
        return _head(frontier)


def create(
    where: str | Path,
    entries: Iterable[Entry] = (),
    *,
    now: datetime | None = None,
    key: "Ed25519PrivateKey | None" = None,
    secrets: Secrets = os.urandom,
) -> Ledger:
    """Make a ledger at a free path or in a database without one, with its first entries.

    It is there whole and verified, or not at all. now: as for `append`; needed for entries.
    key: signs its heads; without one a key is made. Either way it comes to lie where
    `excomm.ledger.keys` says.
    Raises what `append` raises, and InputError where the place is taken or cannot be written.
    """
    assert now is not None or entries == (), "entries are taken in at some moment: give `now`"
    if is_url(where):
        from excomm.ledger import postgresql

        with postgresql.building(str(where), key) as store:
            _fill(Ledger(store), entries, now, secrets)
    else:
        from excomm.ledger import sqlite

        with sqlite.building(Path(where), key) as scratch:
            _fill(Ledger(scratch), entries, now, secrets)
    return open_ledger(where)


def open_ledger(where: str | Path) -> Ledger:
    """The ledger at a path or a PostgreSQL URL; nothing is made or changed.

    Raises InputError where there is none, it is damaged or from a newer version.
    """
    if is_url(where):
        from excomm.ledger import postgresql

        return Ledger(postgresql.open_url(str(where)))
    from excomm.ledger import sqlite

    return Ledger(sqlite.open_file(Path(where)))


def is_ledger(where: str | Path) -> bool:
    """Whether a path or URL is worth opening as a ledger, by the look of it.

    Asks a file for its mark, and a URL for nothing.
    """
    if is_url(where):
        return True
    try:
        return Path(where).is_file() and has_mark(Path(where))
    except (sqlite3.Error, OSError):
        return False


def is_url(where: str | Path) -> bool:
    """Whether it names a database, by the look of it."""
    return isinstance(where, str) and _URL.match(where) is not None


def _fill(ledger: Ledger, entries: Iterable[Entry], now: datetime | None, secrets: Secrets) -> None:
    if now is not None:
        ledger.append(entries, now=now, secrets=secrets)
    found = ledger.verify()
    assert found.holds, f"a ledger just written does not verify: {found.faults}"


def _head(frontier: Frontier) -> Head:
    return Head(frontier.size, frontier.root.hex())


def _batches(entries: Iterable[Entry], given: "Hash | None") -> Iterator[list[Entry]]:
    """Entries in batches; what is given goes into the digest, if there is one."""
    entries = iter(entries)
    while batch := list(islice(entries, _BATCH)):
        if given is not None:
            given.update(_as_given(batch))
        yield batch


def _as_given(batch: Sequence[Entry]) -> bytes:
    plain = (msgspec.structs.replace(entry, seq=0, appended=None) for entry in batch)
    return b"\n".join(map(to_bytes, plain)) + b"\n"


def _line(text: str) -> Signature:
    body = f"excomm.ledger/x\n0\n{'A' * 43}=\n\n{text}\n"
    return parse(body).signatures[0]
