"""Does a release hold? The product's own verifier; the one inside each release shares no code.

It reads the release as a stream, names the entry where something does not fit, and beyond the
stand-alone one decodes what is shown whole.
"""

import zipfile
import zlib
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple, cast

import msgspec

from excomm.entries import from_bytes
from excomm.errors import AnswerIsNo, InputError
from excomm.ledger.checkpoint import Checkpoint, genuine, parse, seen_by
from excomm.ledger.commitment import GROUP, NoFields, body_of, leaf, opened
from excomm.ledger.heads import Head
from excomm.ledger.release import FIELD, FIRST_LINE, MEMBER
from excomm.ledger.store import Key
from excomm.ledger.tree import Frontier, included
from excomm.ledger.verification import keys_fault, signer

BYTES_MAX = 1 << 30
_LINE_MAX = 1 << 24
_EXPECTED = "a whole release, as excomm release makes it"


class Released(NamedTuple):
    """What a release that holds says. reasons: how many entries stay back, by reason."""

    origin: str
    to: str
    on: str
    head: Head
    shown: int
    reasons: dict[str, int]
    witnesses: tuple[str, ...]
    whole: bool  # every entry is in it, or its leaf
    digest: str  # SHA-256, hex: what an approval names
    held: int  # heads it was compared with
    signed: Checkpoint
    keys: tuple[Key, ...]


class _Header(msgspec.Struct, forbid_unknown_fields=True):
    origin: str
    schema: str
    keys: list[tuple[int, str, str]]
    to: str
    on: str
    entries: str
    checkpoint: str
    witnesses: list[tuple[str, str]]


def is_release(path: Path) -> bool:
    """Whether a file is a release, by the look of it."""
    try:
        with path.open("rb") as file:
            return file.read(4) == b"PK\x03\x04"
    except OSError:
        return False


def verify_release(path: Path, held: Sequence[Checkpoint] = ()) -> Released:
    """Check a release against itself and against heads that somebody held.

    Raises AnswerIsNo with the reason where it does not hold; InputError where it is no release
    that can be read, or a held head is another ledger's.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.getinfo(MEMBER).file_size >= BYTES_MAX:
                raise InputError(str(path), "a release of more than 1 GB", "a smaller one")
            with archive.open(MEMBER) as member:
                return _Reading(path, cast(BinaryIO, member)).checked(held)
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile, zlib.error) as fault:
        raise InputError(
            str(path), f"a file that cannot be read as a release ({fault})", _EXPECTED
        ) from None


class _Reading:
    def __init__(self, path: Path, member: BinaryIO) -> None:
        self._path = path
        self._member = member
        self._digest = sha256()
        self._tree = Frontier()
        self._reasons: Counter[str] = Counter()
        self._shown = 0
        self._last = b""
        self._some = False

    def checked(self, held: Sequence[Checkpoint]) -> Released:
        lines = self._lines()
        if next(lines, b"") != FIRST_LINE:
            raise InputError(str(self._path), "a first line that is another", _EXPECTED)
        raw = next(lines, b"")
        try:
            header = msgspec.json.decode(raw, type=_Header)
            keys = tuple(
                Key(since, bytes.fromhex(public), bytes.fromhex(endorsement))
                for since, public, endorsement in header.keys
            )
        except (msgspec.MsgspecError, ValueError) as fault:
            raise InputError(f"{self._path}:2", f"no header ({fault})", _EXPECTED) from None
        head = parse(header.checkpoint, f"{self._path}: head")
        for one in held:
            if one.origin != header.origin:
                raise InputError(
                    "heads",
                    f"a head of {one.origin}",
                    f"heads of {header.origin}",
                    "The release is of another case, or of a ledger written afresh.",
                )
        if wrong := keys_fault(header.origin, header.schema, keys):
            raise self._refused(wrong)
        if head.origin != header.origin:
            raise self._refused("its head is another ledger's")
        if wrong := signer(head, keys):
            raise self._refused(f"its head is {wrong}")
        for witness, _ in header.witnesses:
            if seen_by(head, witness) is None:
                raise self._refused(
                    f"the witness {witness.partition('+')[0]} did not sign its head"
                )
        self._some = header.entries == "some"
        roots = self._entries(lines, head, {one.size for one in held})
        self._against(held, head, keys, roots)
        signature = b64decode(self._last[4:]) if self._last.startswith(b"sig ") else b""
        public = next(key.public for key in reversed(keys) if key.since <= head.size)
        if not genuine(public, signature, FIRST_LINE + self._digest.digest()):
            raise self._refused("it was changed after it was signed")
        return Released(
            header.origin,
            header.to,
            header.on,
            head.head,
            self._shown,
            dict(self._reasons),
            tuple(witness.partition("+")[0] for witness, _ in header.witnesses),
            not self._some,
            self._digest.hexdigest(),
            len(held),
            head,
            keys,
        )

    def _lines(self) -> Iterator[bytes]:
        """Each line but the last, which is kept; all but the last are under the digest."""
        before = self._member.readline(_LINE_MAX)
        while line := self._member.readline(_LINE_MAX):
            self._digest.update(before)
            yield before
            before = line
        self._last = before

    def _entries(
        self, lines: Iterator[bytes], head: Checkpoint, sizes: set[int]
    ) -> dict[int, bytes]:
        roots = {0: self._tree.root}
        line = next(lines, None)
        while line is not None:
            mark, seq, stored, why = _entry_line(line)
            if not self._some and seq != self._tree.size + 1:
                raise self._refused(f"entry {self._tree.size + 1} is not in its place")
            line = next(lines, None)
            if mark == b"=":
                parts: dict[bytes, list[bytes]] = {b"[": [], b"-": [], b"<": []}
                reasons = set()
                while line is not None and line[:1] in parts:
                    word = line[:-1]
                    if line[:1] != b"[":
                        _, text, *reason = line.split()
                        word = b64decode(text, validate=True)
                        reasons.update(reason)
                    parts[line[:1]].append(word)
                    line = next(lines, None)
                self._shown += 1
                fields = self._fields(seq, stored, parts[b"["], parts[b"-"])
                if FIELD.encode() not in reasons:
                    self._decoded(seq, fields)
                if self._some and included(stored, seq - 1, head.size, parts[b"<"]) != head.root:
                    raise self._refused(f"entry {seq} is not in the head")
            elif self._some or not why:
                raise self._refused(f"entry {seq} is neither shown nor withheld for a reason")
            else:
                self._reasons[why] += 1
            self._tree.add(stored)
            if self._tree.size in sizes:
                roots[self._tree.size] = self._tree.root
        if not self._some and self._tree.size != head.size:
            raise self._refused(f"there are {self._tree.size} entries of {head.size}")
        if not self._some and self._tree.root != head.root:
            raise self._refused("its entries do not lead to its head")
        return roots

    def _fields(
        self, seq: int, stored: bytes, shown: list[bytes], bare: list[bytes]
    ) -> list[tuple[str, bytes]]:
        try:
            fields = list(opened(shown))
        except NoFields as fault:
            raise self._refused(f"entry {seq}: a field is none ({fault})") from None
        if len({path for path, _ in fields}) != len(fields):
            raise self._refused(f"entry {seq}: a field stands there twice")
        digests = sorted([*bare, *(sha256(one).digest() for one in shown)])
        if not digests or len(digests) % GROUP or leaf(digests) != stored:
            raise self._refused(f"entry {seq}: its fields do not lead to its leaf")
        return fields

    def _decoded(self, seq: int, fields: list[tuple[str, bytes]]) -> None:
        try:
            entry = from_bytes(body_of(fields))
        except (msgspec.MsgspecError, UnicodeDecodeError) as fault:
            raise self._refused(f"entry {seq} cannot be decoded ({fault})") from None
        if entry.seq != seq:
            raise self._refused(f"entry {seq} says of itself that it is entry {entry.seq}")

    def _against(
        self,
        held: Sequence[Checkpoint],
        head: Checkpoint,
        keys: Sequence[Key],
        roots: dict[int, bytes],
    ) -> None:
        for one in held:
            if fault := signer(one, keys):
                raise self._refused(f"the held head of {one.size} entries is {fault}")
            if one.size > head.size:
                raise self._refused(
                    f"it is older than a held head: {head.size} entries, {one.size} held"
                )
            # Of an older head a few entries alone say nothing.
            if self._some and one.size < head.size:
                continue
            if (head.root if self._some else roots[one.size]) != one.root:
                raise self._refused(f"entries 1 to {one.size} are not those of the held head")
            signed = {(line.name, line.key) for line in head.signatures}
            lost = [line.name for line in one.signatures if (line.name, line.key) not in signed]
            if one.size == head.size and lost:
                raise self._refused(f"the witness {lost[0]} of the held head is missing")

    def _refused(self, reason: str) -> AnswerIsNo:
        return AnswerIsNo(f"{self._path}: refused: {reason}.")


def _entry_line(line: bytes) -> tuple[bytes, int, bytes, str]:
    mark, seq, text, *why = line.split()
    if mark not in (b"=", b"x") or len(why) > 1:
        raise ValueError(f"a line that begins with {mark.decode(errors='replace')}")
    return mark, int(seq), b64decode(text, validate=True), why[0].decode() if why else ""
