"""Releases: what one audience may see of a ledger, with proof that nothing else was left out.

A release is a zip file: the release itself, and a verifier that needs neither us nor a network.
Every entry of the ledger is in it, in order: its disclosures where the audience may see it, else
its leaf alone and a reason. docs/ledger.md states the form.

Nothing here approves: a release that two persons stand for is bound to their entry by its digest.
"""

import zipfile
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from excomm.entries import (
    DEFAULT_LEVELS,
    KINDS,
    Entry,
    EntryId,
    Instant,
    Marking,
    Scheme,
    content_digest,
    end_of,
    from_bytes,
    parse_when,
    parse_zone,
)
from excomm.entries.kinds import CaseHeader, Clearance, Party
from excomm.entries.nearest import did_you_mean
from excomm.errors import InputError
from excomm.ledger.checkpoint import Checkpoint
from excomm.ledger.commitment import commitment
from excomm.ledger.door import Ledger
from excomm.ledger.placing import publish, scratch_beside
from excomm.ledger.store import Connection, Kept, Store
from excomm.ledger.tree import DIGEST_BYTES, inclusion

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

FIRST_LINE = b"excomm release, format 2\n"
MEMBER = "release.txt"
VERIFIER = "verify_release.py"
# Why something is not shown.
MARKING, LATER, FIELD, PADDING, ERASED = "marking", "later", "field", "padding", "erased"
_STAMP = (1980, 1, 1, 0, 0, 0)  # the least a zip can say: the same release gives the same bytes


class Made(NamedTuple):
    """What was handed out. digest: SHA-256 of the release, hex; approvals name it."""

    head: Checkpoint
    shown: int
    withheld: int
    digest: str


class Audience(NamedTuple):
    """Who it is for: as asked, and the clearance that it comes to."""

    name: str
    scheme: Scheme
    clearance: Marking

    def sees(self, marking: str) -> bool:
        try:
            return self.scheme.may_see(self.clearance, self.scheme.parse(marking))
        except InputError:
            return False  # a word this case does not know is never treated as open


def make(
    ledger: Ledger,
    out: Path,
    *,
    to: str,
    on: str,
    withhold: Collection[str] = (),
    only: Sequence[str] = (),
    approved: str = "",
) -> Made:
    """Write a release of a ledger to a free path.

    to: a clearance in the marking's text form, or the id of a party, which sees what is at the
    lowest level and releasable to it. on: a day or instant; what was recorded after it is not
    shown. withhold: paths of fields that stay back in every entry (`source`, `body.what`).
    only: ids of entries that go out alone, each with its proof; nothing is said of the others.
    approved: the digest of the release that was shown to whoever approved it.
    Raises InputError for an unknown audience, day, entry or path, and where `out` is taken.
    """
    _known_fields(withhold)
    head = ledger.checkpoint()
    _, at = _day(ledger, on)
    audience = audience_of(ledger, to, head.size)
    text = _text(ledger, head, audience, on, at, frozenset(withhold), tuple(only))
    with scratch_beside(out) as scratch:
        made = archive(scratch, text, ledger.signing_key())
        if approved and approved != made.digest:
            raise InputError(
                "--sha256",
                approved,
                f"{made.digest}, of the release as it is now",
                "What was approved is not this: entries came since, or the call differs.",
            )
        publish(scratch, out)
    return Made(head, *made)


def _known_fields(withhold: Collection[str]) -> None:
    """A field misspelt would go out: it is refused before anything is written."""
    inner = dict.fromkeys(name for kind in KINDS.values() for name in kind.__struct_encode_fields__)
    head = [name for name in Entry.__struct_encode_fields__ if name != "body"]
    known = [*head, "body.kind", *(f"body.{name}" for name in inner)]
    for path in withhold:
        if path not in known:
            meant = f"Did you mean body.{path}?" if path in inner else did_you_mean(path, known)
            remedy = meant or "Write source, note, body.what, or another by its column."
            raise InputError("--withhold", path, "a field of an entry", remedy)


Part = tuple[bytes, int, int]  # with how many entries it shows and how many it withholds


class Archived(NamedTuple):
    """What went into a release: how many entries it shows and withholds, and its digest, hex."""

    shown: int
    withheld: int
    digest: str


def archive(target: Path | IO[bytes], parts: Iterable[Part], key: "Ed25519PrivateKey") -> Archived:
    """Write the parts of a release, signed, beside the verifier; the same parts, the same bytes."""
    content, shown, withheld = sha256(), 0, 0
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as file:
        text_member = zipfile.ZipInfo(MEMBER, _STAMP)
        text_member.compress_type = zipfile.ZIP_DEFLATED
        with file.open(text_member, "w") as member:
            for part, of_shown, of_withheld in parts:
                member.write(part)
                content.update(part)
                shown += of_shown
                withheld += of_withheld
            signature = key.sign(FIRST_LINE + content.digest())
            member.write(b"sig " + b64encode(signature) + b"\n")
        verifier = Path(__file__).with_name(VERIFIER).read_bytes()
        file.writestr(zipfile.ZipInfo(VERIFIER, _STAMP), verifier, zipfile.ZIP_DEFLATED)
    return Archived(shown, withheld, content.hexdigest())


def approve(
    ledger: Ledger, made: Made, *, to: str, proposed_by: str, approved_by: str, now: datetime
) -> Entry:
    """Put on record that two persons released exactly these bytes."""
    entry = Entry(
        id=EntryId(f"release-{made.digest[:16]}"),
        occurred=Instant(now.astimezone(UTC)),
        recorded=now.astimezone(UTC),
        body=Clearance(
            of="release",
            marking=to,
            proposed_by=proposed_by,
            approved_by=approved_by,
            sha256=made.digest,
        ),
        by=approved_by,
    )
    ledger.append([entry], now=now, key=f"release {made.digest}")
    return entry


def audience_of(ledger: Ledger, to: str, size: int) -> Audience:
    """The clearance that an audience comes to, by the first `size` entries.

    Raises InputError for nobody known.
    """
    parties: set[str] = set()
    scheme = Scheme(parties=None)
    for entry in ledger.read(size=size):
        if isinstance(entry.body, CaseHeader):
            levels = entry.body.levels or DEFAULT_LEVELS
            scheme = Scheme(levels, entry.body.compartments, None)
        elif isinstance(entry.body, Party) and entry.body.role in ("party", "outsider"):
            parties.add(str(entry.id))
    if to in parties:
        return Audience(to, scheme, Marking(scheme.levels[0], frozenset(), frozenset({to})))
    try:
        return Audience(to, scheme, scheme.parse(to))
    except InputError as fault:
        known = ", ".join((*scheme.levels, *sorted(parties)))
        raise InputError("--to", to, f"a clearance or a party of the case: {known}") from fault


def _day(ledger: Ledger, on: str) -> tuple[Any, datetime]:
    first = next(iter(ledger.read()), None)
    zone = parse_zone(first.body.zone) if first and isinstance(first.body, CaseHeader) else UTC
    try:
        return zone, end_of(parse_when(on), zone)
    except InputError as fault:
        raise InputError("--on", fault.found, fault.expected, fault.remedy) from None


def _lowered(ledger: Ledger, audience: Audience, at: datetime, size: int) -> dict[str, str]:
    """What two persons let an audience see later: the id, and the digest of the exact bytes."""
    return {
        entry.body.of: entry.body.sha256
        for entry in ledger.read(size=size)
        if isinstance(entry.body, Clearance)
        and audience.sees(entry.marking)
        and audience.sees(entry.body.marking)
        and entry.recorded <= at
    }


def _text(
    ledger: Ledger,
    head: Checkpoint,
    audience: Audience,
    on: str,
    at: datetime,
    withhold: frozenset[str],
    only: tuple[str, ...],
) -> Iterator[Part]:
    store = ledger.store
    first = header(ledger, head, to=audience.name, on=on, entries="some" if only else "all")
    yield first, 0, 0
    lowered = _lowered(ledger, audience, at, head.size)

    def reason(entry: Entry) -> str:
        if not audience.sees(entry.marking):
            approved = lowered.get(entry.id)
            if approved is None or content_digest(entry) != approved:
                return MARKING
        return LATER if entry.recorded > at else ""

    with store.reading() as connection:
        if only:
            yield from _some(store, connection, head, only, reason, withhold)
            return
        for seq, nodes, _, secret, body in store.rows(connection, head.size):
            leaf = b64encode(nodes[:DIGEST_BYTES])
            why = ERASED if body is None else reason(from_bytes(body))
            if why:
                yield b"x %d %b %b\n" % (seq, leaf, why.encode()), 0, 1
            else:
                yield _shown(seq, leaf, secret, body, withhold), 1, 0


def header(
    ledger: Ledger, head: Checkpoint, *, to: str, on: str, entries: Literal["all", "some"]
) -> bytes:
    """The first lines of a release."""
    identity = ledger.store.identity()
    said = {
        "origin": identity.origin,
        "schema": identity.schema,
        "keys": [[key.since, key.public.hex(), key.endorsement.hex()] for key in identity.keys],
        "to": to,
        "on": on,
        "entries": entries,
        "checkpoint": str(head),
        "witnesses": [list(pair) for pair in ledger.store.cosignatures(head.size)],
    }
    return FIRST_LINE + msgspec.json.encode(said) + b"\n"


def _some(
    store: Store,
    connection: Connection,
    head: Checkpoint,
    only: Sequence[str],
    reason: Callable[[Entry], str],
    withhold: frozenset[str],
) -> Iterator[Part]:
    for name in only:
        kept = store.kept(connection, name.encode())
        if kept is None or kept.seq > head.size or reason(from_bytes(kept.body)):
            raise InputError("--entry", name, "an entry that the audience may see")
        yield alone(store, connection, kept, head, withhold), 1, 0


def alone(
    store: Store,
    connection: Connection,
    kept: Kept,
    head: Checkpoint,
    withhold: frozenset[str] = frozenset(),
) -> bytes:
    """One entry with the proof that it is in the head."""
    leaf = b64encode(kept.nodes[:DIGEST_BYTES])
    proof = inclusion(kept.seq - 1, head.size, lambda at: store.nodes(connection, at))
    lines = b"".join(b"< %b\n" % b64encode(node) for node in proof)
    return _shown(kept.seq, leaf, kept.secret, kept.body, withhold) + lines


def _shown(seq: int, leaf: bytes, secret: bytes, body: bytes, withhold: frozenset[str]) -> bytes:
    made = commitment(secret, body)
    shown = [one for one in made.disclosures if not withhold or _path(one) not in withhold]
    digests = {sha256(one).digest() for one in shown}
    # A decoy beside a withheld field has to look like one.
    why = FIELD if len(shown) < len(made.disclosures) else PADDING
    bare = [one for one in made.digests if one not in digests]
    return b"".join(
        (
            b"= %d %b\n" % (seq, leaf),
            *(one + b"\n" for one in shown),
            *(b"- %b %b\n" % (b64encode(one), why.encode()) for one in bare),
        )
    )


def _path(disclosure: bytes) -> str:
    return str(msgspec.json.decode(disclosure)[1])


def counts(reasons: Mapping[str, int]) -> str:
    """The reasons and how often, in words."""
    return ", ".join(f"{number} by {why}" for why, number in sorted(reasons.items())) or "none"
