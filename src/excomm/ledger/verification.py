"""Verification: is every entry the one that was taken in, and in its place?

Everything is computed again from the stored bytes: disclosures, digests, leaves and inner nodes.
What a ledger alone cannot show, since a tail cut off or a ledger written afresh is whole as well,
shows against heads that somebody held.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import chain, pairwise
from operator import attrgetter, le
from typing import Any, NamedTuple

import msgspec

from excomm.entries import Entry, from_bytes
from excomm.entries.kinds import Break, Clearance, Erasure
from excomm.entries.persons import approved_by_another
from excomm.errors import InputError
from excomm.ledger.checkpoint import Checkpoint, genuine, origin, signed_by
from excomm.ledger.decoding import decoded
from excomm.ledger.heads import Damaged, Head
from excomm.ledger.leaves import Leaf, Pair, with_leaves
from excomm.ledger.store import Connection, Identity, Key, Row, Store
from excomm.ledger.tree import DIGEST_BYTES, Frontier
from excomm.uncollected import uncollected

FAULTS_MAX = 100  # after so many a longer list helps nobody
_KEY_LABEL = "excomm ledger key, format 2"
_CLOCK = b',"clock":"'
_UNSAID = "is without its content, and no entry says why"

# Kinds of which more is asked than of others.
_ASKED = {Clearance, Break}
_zone = attrgetter("tzinfo")

Held = Head | Checkpoint


class Fault(NamedTuple):
    """seq: the entry, 0 where the fault is in no single one. what: a clause."""

    seq: int
    what: str


class Erased(NamedTuple):
    """An entry whose content was taken out, and the entry that says so."""

    seq: int
    id: str
    said_by: str
    reason: str


class ClockStep(NamedTuple):
    """An entry taken in while the clock had gone back; clock: what it said."""

    seq: int
    clock: str


class Verification(msgspec.Struct, frozen=True):
    """What was found, the first bad entry first; at most FAULTS_MAX faults are listed.

    head: as computed from the bytes; meaningful where `faults` is empty. held: the heads that the
    ledger was compared with. since: up to where entries were not read again; 0 after a whole
    verification. erased, clock_steps, breaks (number and id of each entry that admits one): what
    is no fault and has to be said; those before `since` are not among them.
    """

    head: Head
    faults: tuple[Fault, ...]
    held: tuple[Head, ...] = ()
    since: int = 0
    erased: tuple[Erased, ...] = ()
    clock_steps: tuple[ClockStep, ...] = ()
    breaks: tuple[tuple[int, str], ...] = ()

    @property
    def size(self) -> int:
        """How many entries there are."""
        return self.head.size

    @property
    def holds(self) -> bool:
        """Whether nothing was found."""
        return not self.faults

    @property
    def extent(self) -> str:
        """What was read: all of it, or what came after a head; a sentence."""
        if self.since:
            read = (
                f"entries {self.since + 1} to {self.size} were read"
                if self.size > self.since
                else "nothing came since"
            )
            return (
                f"Incremental: {read}; entries 1 to {self.since} were not read again, "
                "and their tree still leads to the head they were verified under."
            )
        return f"Whole: every entry from 1 to {self.size} was read."

    @property
    def unseen(self) -> str:
        """What this verification could not have seen, a sentence."""
        if not self.held:
            return (
                "Without a head that somebody else holds, the loss of the last entries, "
                "a ledger written afresh and different ledgers shown to different parties "
                "cannot be seen."
            )
        newest = max(head.size for head in self.held)
        if self.head.size > newest:
            return (
                f"Entries {newest + 1} to {self.head.size} came after the newest held head: "
                "had others stood in their place, this would not be seen."
            )
        return "What was taken in after the newest held head, and lost since, cannot be seen."


Progress = Callable[[int, int], None]


def verify(
    store: Store,
    held: Sequence[Held],
    since: Held | None,
    progress: Progress = lambda _read, _of: None,
) -> Verification:
    """Recompute the tree of `store`, and compare it with the heads in `held` and `since`.

    progress: told now and then up to which entry was read, and how many there are.
    Raises InputError where a held head is another ledger's.
    """
    given = (*held, since) if since is not None else tuple(held)
    heads = tuple(dict.fromkeys(map(_plain, given)))
    walk = _Walk(heads, progress)
    faults: list[Fault] = []
    try:
        identity = store.identity()
        for one in given:
            if isinstance(one, Checkpoint) and one.origin != identity.origin:
                raise InputError(
                    "heads",
                    f"a head of {one.origin}",
                    f"heads of {identity.origin}",
                    "It is another ledger's, or this one was written afresh under another key.",
                )
        faults += (Fault(0, what) for what in _identity_faults(identity))
        faults += (Fault(0, what) for what in _held_faults(given, identity.keys))
        with store.reading() as connection, uncollected():
            deep = since is None
            faults += (Fault(0, what) for what in store.schema_faults(connection, deep=deep))
            for fault in walk.over(store, connection, _plain(since) if since else None):
                faults.append(fault)
                if len(faults) >= FAULTS_MAX:
                    break
            else:
                faults += walk.against_held()
    except Damaged as error:
        faults.append(Fault(walk.size + 1, f"cannot be read: {error.found}"))
    return Verification(
        Head(walk.size, walk.root.hex()),
        tuple(faults[:FAULTS_MAX]),
        heads,
        walk.since,
        tuple(walk.erased),
        tuple(walk.clock_steps),
        tuple(walk.breaks.values()),
    )


def endorsed(name: str, since: int, public: bytes) -> bytes:
    """What the old key of a ledger signs when a new one takes over."""
    return f"{_KEY_LABEL}\n{name}\n{since}\n{public.hex()}\n".encode()


def keys_fault(name: str, schema: str, keys: Sequence[Key]) -> str:
    """What is wrong with a ledger's keys: the first makes its name, each vouches for the next."""
    if not keys or keys[0].since != 0 or origin(keys[0].public, schema) != name:
        return "its name is not that of its first key"
    for before, key in pairwise(keys):
        if key.since <= before.since or not genuine(
            before.public, key.endorsement, endorsed(name, key.since, key.public)
        ):
            return f"the key from entry {key.since} on is not vouched for by the one before"
    return ""


def signer(head: Checkpoint, keys: Sequence[Key]) -> str:
    """What is wrong with a head's signature; empty where the key of its time signed it."""
    for at, key in enumerate(keys):
        if signed_by(head, key.public):
            until = keys[at + 1].since if at + 1 < len(keys) else head.size
            if not key.since <= head.size <= until:
                return f"signed by a key that had been replaced at entry {until}"
            return ""
    return "not signed by this ledger"


def _identity_faults(identity: Identity) -> Iterator[str]:
    if fault := keys_fault(identity.origin, identity.schema, identity.keys):
        yield fault


def _held_faults(held: Sequence[Held], keys: Sequence[Key]) -> Iterator[str]:
    roots: dict[int, str] = {}
    for one in held:
        head = _plain(one)
        if isinstance(one, Checkpoint) and (fault := signer(one, keys)):
            yield f"the held head of {head.size} entries is {fault}"
        if roots.setdefault(head.size, head.digest) != head.digest:
            yield (
                f"two heads of {head.size} entries are held that differ: "
                "different ledgers were shown to different parties"
            )


def _plain(held: Held) -> Head:
    return held.head if isinstance(held, Checkpoint) else held


class _Walk:
    """The tree as far as it was followed; after a fault it goes on from what is stored."""

    def __init__(self, held: tuple[Head, ...], progress: Progress) -> None:
        self._progress = progress
        self.size = 0
        self.since = 0
        self.erased: list[Erased] = []
        self.clock_steps: list[ClockStep] = []
        self.breaks: dict[str, tuple[int, str]] = {}
        self._tree: Frontier | None = Frontier()  # None after a gap: nothing to build on
        self._appended: datetime | None = None
        self._held = held
        self._sizes = {head.size for head in held}
        self._roots = {0: Frontier().root}

    @property
    def root(self) -> bytes:
        return self._tree.root if self._tree is not None else b""

    def over(self, store: Store, connection: Connection, since: Head | None) -> Iterator[Fault]:
        last = store.size(connection)
        erased = store.erased(connection)
        if since is not None:
            self._start(store, connection, since, last)
        pages = store.row_pages(connection, last, *((self.since,) if self.since else ()))
        vault = 0
        for page, leaves in with_leaves(pages, _pairs):
            if self._at_once(page, leaves, erased):
                vault += len(page)
                self._progress(self.size, last)
                continue
            for row, leaf in zip(page, leaves, strict=True):
                vault += row[4] is not None
                if row[4] is None and row[0] not in erased:
                    # It may have been erased since this began.
                    erased = store.erased(connection)
                found = self._entry(row, leaf, erased)
                if found:
                    yield from found
            self._progress(self.size, last)
        if not self.since and vault < store.vault_size(connection, last):
            yield Fault(0, "the vault holds what belongs to no entry")
        yield from self._erasures(store, connection, erased)

    def against_held(self) -> Iterator[Fault]:
        for held in self._held:
            if f"{held.size} {held.digest}" in self.breaks:
                continue
            if held.size > self.size:
                yield Fault(
                    self.size + 1, f"is missing: the ledger ends here, the held head at {held.size}"
                )
            elif held.size < self.since and held.size not in self._roots:
                continue
            elif self._roots.get(held.size, b"").hex() != held.digest:
                yield Fault(0, f"entries 1 to {held.size} are not those of the held head")

    def _start(self, store: Store, connection: Connection, since: Head, last: int) -> None:
        if since.size > last:
            self.size = last
            self._tree = store.frontier(connection, last)
            self._roots[last] = self._tree.root
            self.since = last
            return
        self._tree = store.frontier(connection, since.size)
        self.size = self.since = since.size
        for size in self._sizes:
            if 0 < size <= since.size:
                self._roots[size] = store.frontier(connection, size).root
        body = store.body(connection, since.size)
        if body is not None:
            self._appended = decoded(store.where, since.size, body).appended

    def _at_once(self, page: Sequence[Row], leaves: list[Leaf], erased: dict[int, Any]) -> bool:
        """Walk over these, column by column, if `_entry` can have nothing to say of any of them.

        That takes half the time. Where the answer is no, nothing has changed or been decided.
        """
        seqs, nodes, keys, _, bodies = zip(*page, strict=True)
        if (
            self._tree is None
            or seqs != tuple(range(self.size + 1, self.size + len(page) + 1))
            or not self._sizes.isdisjoint(seqs)
            or not erased.keys().isdisjoint(seqs)
        ):
            return False
        tree = self._tree.copy()
        if [leaf and tree.add(leaf) for leaf in leaves] != list(nodes):
            return False
        try:
            entries = list(map(from_bytes, bodies))
        except (msgspec.MsgspecError, TypeError, UnicodeDecodeError):
            return False
        named = [(entry.seq, entry.id.encode()) for entry in entries]
        if (
            named != list(zip(seqs, keys, strict=True))
            or _CLOCK in b"".join(bodies)
            or not _ASKED.isdisjoint(type(entry.body) for entry in entries)
            or not _in_time(entries, self._appended)
        ):
            return False
        self.size, self._tree, self._appended = seqs[-1], tree, entries[-1].appended
        return True

    def _entry(self, row: Row, leaf: Leaf, erased: dict[int, Any]) -> list[Fault]:
        seq, nodes, key, secret, body = row
        faults: list[Fault] = []
        if seq <= self.size:
            return [Fault(seq, "stands before the first")]
        if seq > self.size + 1:
            # What is missing cannot be built on: the tree ends here.
            faults.append(Fault(self.size + 1, f"is missing; the next one there is {seq}"))
            self._tree = None
        self.size = seq
        if not isinstance(nodes, bytes) or len(nodes) < DIGEST_BYTES:
            self._tree = None
            return [*faults, Fault(seq, "is not stored as bytes")]
        stored = nodes[:DIGEST_BYTES]
        if body is not None:
            if not (isinstance(body, bytes) and isinstance(secret, bytes)):
                what = "is not stored as bytes"
            elif leaf != stored:
                what = "is not what was taken in here: its fields do not lead to its leaf"
            else:
                what = self._content(seq, key, body)
            if what or seq in erased:
                what = what or "was erased, and its content is still there"
                faults.append(Fault(seq, what))
        elif seq not in erased:
            faults.append(Fault(seq, _UNSAID))
        if self._tree is not None:
            if self._tree.add(stored) != nodes:
                faults.append(Fault(seq, "stands under inner nodes that do not follow"))
            if seq in self._sizes:
                self._roots[seq] = self._tree.root
        return faults

    def _content(self, seq: int, key: bytes, body: bytes) -> str:
        try:
            entry = from_bytes(body)
        except (msgspec.MsgspecError, TypeError, UnicodeDecodeError) as error:
            return f"cannot be decoded: {error}"
        if entry.seq != seq:
            return f"says of itself that it is entry {entry.seq}"
        if entry.id.encode() != key:
            return f"is filed under another id than its own, {entry.id}"
        if type(entry.body) is Clearance and any(approved_by_another(entry.body)):
            return "lowers a marking, or lets a release go, on one person's word"
        if type(entry.body) is Break:
            self.breaks[entry.body.held_head] = (seq, str(entry.id))
        if _CLOCK in body and (clock := msgspec.json.decode(body).get("clock")):
            self.clock_steps.append(ClockStep(seq, str(clock)))
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

    def _erasures(
        self, store: Store, connection: Connection, erased: dict[int, tuple[bytes, int]]
    ) -> Iterator[Fault]:
        for seq, (key, said_by) in sorted(erased.items()):
            if said_by <= self.since:
                continue
            body = store.body(connection, said_by)
            entry = decoded(store.where, said_by, body) if body is not None else None
            said = entry.body if entry is not None else None
            (stored,) = store.nodes(connection, [(0, seq - 1)])
            if (
                entry is None
                or not isinstance(said, Erasure)
                or (said.of.encode(), said.leaf) != (key, stored.hex())
            ):
                yield Fault(seq, _UNSAID)
            else:
                self.erased.append(Erased(seq, said.of, str(entry.id), said.reason))


def _in_time(entries: Sequence[Entry], before: datetime | None) -> bool:
    """Whether of no entry there is anything to say about its times."""
    appended = [entry.appended for entry in entries if entry.appended is not None]
    recorded = [entry.recorded for entry in entries]
    if len(appended) < len(entries) or None in map(_zone, chain(appended, recorded)):
        return False
    earlier = [before or appended[0], *appended]
    return all(map(le, earlier, appended)) and all(map(le, recorded, appended))


def _pairs(page: Sequence[Row]) -> list[Pair]:
    return [
        (secret, body) if isinstance(body, bytes) and isinstance(secret, bytes) else None
        for _, _, _, secret, body in page
    ]
