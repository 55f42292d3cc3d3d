"""The ledger: taking in, verifying, folding, releasing, and the memory it needs.

python bench/ledger.py [ENTRIES]: a million by default. Peers in the same run: a bare SQLite loop of
durable commits; sqlite3 and json.loads for a fold; hashing alone for a verification (each hash that
it makes, of salts, fields, nodes, leaves and the tree, by one process over values that lie ready in
memory: nothing read, parsed or compared); pymerkle for the tree, where it can be
imported (it is no dependency: `pip install pymerkle` in an environment of its own). PostgreSQL is
measured where EXCOMM_BENCH_URL names a database without a ledger.
Memory is that of a process of its own that reads and folds one file.
"""

import gc
import json
import os
import random
import resource
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from hashlib import sha256, shake_256
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from excomm.entries import Day, Entry, EntryId, Instant
from excomm.entries.kinds import AnyBody, CaseHeader, Count, Declaration, Look
from excomm.fold import fold
from excomm.ledger import create, open_ledger
from excomm.ledger.commitment import commitment, fields_root
from excomm.ledger.release import make
from excomm.ledger.released import verify_release
from excomm.ledger.tree import DIGEST_BYTES, Frontier, Place, inclusion, leaf_hash

RUNS = 3
OPENS = datetime(1962, 10, 14, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
SINGLE = 2000


def main(size: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "whole.ledger"
        ledger = create(path)
        entries = log(size)
        row("taking in, batches", took(lambda: ledger.append(entries, now=NOW), runs=1), size)
        ledger.close()
        singles(folder)
        database()
        tree(size)
        verified(path, size)
        ours = took(lambda: fold(open_ledger(path).read, on=NOW, zone=UTC))
        row(f"reading and folding, median of {RUNS}", ours, size)
        peer = took(lambda: peer_fold(path))
        row("the same with sqlite3 and json.loads", peer, size)
        said("excomm to peer", f"{ours.clock / peer.clock:.2f}")
        bodies = sum(len(body) for page in ledger.store.pages(0) for _, body in page)
        overhead = (path.stat().st_size - bodies) / size
        said("file beyond the entries' bytes", f"{overhead:.0f} bytes an entry")
        released(folder)
        for number, corrected in ((size, 0), (size // 10, 0), (size, 9)):
            scratch = folder / f"{number}-{corrected}.ledger"
            if corrected or number != size:
                create(scratch, log(number, corrected=corrected), now=NOW)
            kept, peak_mb, drained_mb, verified_mb = measured(scratch if scratch.exists() else path)
            print(
                f"peak memory, {number:>9,} entries, {kept / number:>4.0%} kept"
                f"{'':<8}{peak_mb:>8.0f} MB; read and let go {drained_mb:.0f} MB; "
                f"verified {verified_mb:.0f} MB"
            )


def singles(folder: Path) -> None:
    """Durable commits one by one, beside the least that SQLite can do; in turns, twice."""
    entries = list(islice(log(2 * SINGLE), 2 * SINGLE))
    for turn in range(2):
        bare = took(lambda: bare_commits(folder / f"bare-{turn}.db"), runs=1)  # noqa: B023
        row("durable commits of a bare SQLite loop", bare, SINGLE)
        ledger = create(folder / f"single-{turn}.ledger")

        def one_by_one() -> None:
            for entry in entries[:SINGLE]:
                ledger.append([entry], now=NOW)  # noqa: B023

        ours = took(one_by_one, runs=1)
        row("taking in, one by one", ours, SINGLE)
        said("excomm's rate to the bare loop's", f"{bare.clock / ours.clock:.2f}")


def bare_commits(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
        for _ in range(SINGLE):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO t (b) VALUES (?)", (bytes(300),))
            connection.execute("COMMIT")


def database() -> None:
    url = os.environ.get("EXCOMM_BENCH_URL")
    if url:
        number = 50_000
        ledger = create(url)
        entries = list(log(number))
        taken = took(lambda: ledger.append(entries, now=NOW), runs=1)
        row("taking in, batches, PostgreSQL", taken, number)


def tree(size: int) -> None:
    """The tree alone, and proofs out of it."""
    leaves = [leaf_hash(str(index).encode()) for index in range(size)]
    nodes: list[bytes] = []

    def grow() -> None:
        nodes.clear()
        add = Frontier().add
        nodes.extend(map(add, leaves))

    grown = took(grow, runs=1)
    row("tree alone", grown, size)

    def found(places: list[Place]) -> list[bytes]:
        return [
            nodes[((index + 1) << level) - 1][DIGEST_BYTES * level : DIGEST_BYTES * (level + 1)]
            for level, index in places
        ]

    chance = random.Random(1)
    places = [chance.randrange(size) for _ in range(2000)]
    proofs = took(lambda: [inclusion(at, size, found) for at in places])  # type: ignore[arg-type]
    said(f"inclusion proof of {size:,}", f"{1e6 * proofs.clock / len(places):.1f} us")
    if find_spec("pymerkle") is None:
        print("pymerkle is not installed here: the tree has no peer in this run")
        return
    from pymerkle import InmemoryTree  # type: ignore[import-not-found]

    number = min(size, 100_000)
    peer = InmemoryTree(algorithm="sha256")
    theirs = took(lambda: [peer.append_entry(leaf) for leaf in leaves[:number]], runs=1)
    row("pymerkle's in-memory tree", theirs, number)
    said("excomm's rate to pymerkle's", f"{theirs.clock / number / (grown.clock / size):.1f}")
    proofs = took(lambda: [peer.prove_inclusion(at + 1) for at in range(20)], runs=1)
    said(f"pymerkle's inclusion proof of {number:,}", f"{1e6 * proofs.clock / 20:.1f} us")


def verified(path: Path, size: int) -> None:
    """Whole, beside the hashing alone; and what came after a head."""
    whole = took(lambda: open_ledger(path).verify(), runs=1)
    row("verifying, whole", whole, size)
    part = min(size, 50_000)
    query = f"SELECT secret, body FROM ledger_vault LIMIT {part}"
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(query).fetchall()
    ready = [Ready.of(*one) for one in rows]
    hashing = took(lambda: hash_alone(ready))
    row("hashing alone, by one process", hashing, part)
    said("verifying to hashing", f"{whole.clock / size / (hashing.clock / part):.2f}")
    said("the same in processor time", f"{whole.processor / size / (hashing.processor / part):.2f}")
    ledger = open_ledger(path)
    held = ledger.checkpoint()
    ledger.append(
        [msgspec.structs.replace(e, id=EntryId(f"more-{at}")) for at, e in enumerate(log(1000))],
        now=NOW,
    )
    since = took(lambda: open_ledger(path).verify(since=held))
    said("verifying 1,000 after a held head", f"{1000 * since.clock:.0f} ms")
    ledger.close()


class Ready(NamedTuple):
    """What the hashes of one entry are made of, made before."""

    labelled: bytes
    salts_bytes: int
    disclosures: list[bytes]
    digests: list[bytes]

    @classmethod
    def of(cls, secret: bytes, body: bytes) -> "Ready":
        made = commitment(secret, body)
        fields = len(made.disclosures)
        salts_bytes = 18 * fields + 32 * (len(made.digests) - fields)
        return cls(bytes(30) + secret, salts_bytes, *made)


def hash_alone(ready: list[Ready]) -> bytes:
    tree = Frontier()
    for labelled, salts_bytes, disclosures, digests in ready:
        shake_256(labelled).digest(salts_bytes)
        for one in disclosures:
            sha256(one).digest()
        tree.add(leaf_hash(len(digests).to_bytes(2, "big") + fields_root(digests)))
    return tree.root


def released(folder: Path) -> None:
    """A release of ten thousand entries, half of them withheld."""
    number = 10_000
    header = Entry(
        id=EntryId("case"),
        occurred=Day(OPENS.date()),
        recorded=OPENS,
        body=CaseHeader(title="A case", zone="UTC", opens=OPENS.date()),
    )
    entries = [
        msgspec.structs.replace(entry, marking="open" if at % 2 else "secret")
        for at, entry in enumerate(log(number - 1))
    ]
    ledger = create(folder / "release.ledger", [header, *entries], now=NOW)
    out = iter(range(100))
    made = took(lambda: make(ledger, folder / f"{next(out)}.zip", to="open", on="2026-01-01"))
    said("release of 10,000 made, half withheld", f"{made.clock:.2f} s")
    path = folder / "0.zip"
    checked = took(lambda: verify_release(path))
    said("verified", f"{checked.clock:.2f} s")
    alone = Path(verify_release.__code__.co_filename).with_name("verify_release.py")
    process = took(lambda: subprocess.check_output([sys.executable, alone, path]))
    said("verified by the stand-alone file, a process", f"{process.clock:.2f} s")
    said("its size", f"{path.stat().st_size / number:.0f} bytes an entry")


def log(size: int, *, corrected: int = 0) -> Iterator[Entry]:
    """So many entries; each is replaced by the next, `corrected` times out of ten."""
    for index in range(size):
        at = OPENS + timedelta(minutes=index % 100_000)
        body: AnyBody
        if index % 3 == 0:
            body = Look(means="low-level", outcome="made", sites=(f"site-{index % 40}",))
        elif index % 3 == 1:
            body = Count(item="MRBM", number=index % 7, site=f"site-{index % 40}")
        else:
            body = Declaration(party="USSR", item="MRBM", number=index % 42, carrier="Labinsk")
        yield Entry(
            id=EntryId(f"entry-{index}"),
            occurred=Instant(at) if index % 2 else Day(at.date()),
            recorded=at,
            body=body,
            by="USA",
            source="JCS photo log, p. 12",
            corrects=EntryId(f"entry-{index - 1}") if index % 10 and corrected else None,
        )


def peer_fold(path: Path) -> dict[str, object]:
    """What anybody would write first."""
    kept: dict[str, object] = {}
    gc.disable()
    with closing(sqlite3.connect(path)) as connection:
        for (body,) in connection.execute("SELECT body FROM ledger_vault ORDER BY seq"):
            entry = json.loads(body)
            if "corrects" in entry:
                kept.pop(entry["corrects"], None)
            kept[entry["id"]] = entry
    gc.enable()
    return kept


class Took(NamedTuple):
    """Seconds by the clock, and of the processor, that of processes started here among them."""

    clock: float
    processor: float


def took(run: Callable[[], object], runs: int = RUNS) -> Took:
    """Medians; what a run returns is dropped before the next."""
    clock, processor = [], []
    for _ in range(runs):
        gc.collect()
        started = time.perf_counter(), sum(os.times()[:4])
        found = run()
        clock.append(time.perf_counter() - started[0])
        processor.append(sum(os.times()[:4]) - started[1])
        del found
    return Took(statistics.median(clock), statistics.median(processor))


def row(name: str, seconds: Took, size: int) -> None:
    print(
        f"{name:<48}{seconds.clock:>8.2f} s ({seconds.processor:.2f} s of processor)"
        f"{size / seconds.clock:>12,.0f} entries/s",
        flush=True,
    )


def said(name: str, what: str) -> None:
    print(f"{name:<48}{what:>8}", flush=True)


def measured(path: Path) -> tuple[int, float, float, float]:
    """Entries kept, and peak megabytes when they are folded, only read, and verified."""
    kept, folded = ask("--fold", path)
    _, drained = ask("--drain", path)
    _, verified = ask("--verify", path)
    return kept, folded / 1024, drained / 1024, verified / 1024


def ask(what: str, path: Path) -> tuple[int, int]:
    answer = subprocess.check_output([sys.executable, __file__, what, str(path)], text=True)
    kept, peak_kb = answer.split()
    return int(kept), int(peak_kb)


def peak_kb() -> int:
    """Of this process alone; where /proc is missing, the most it or its parent needed."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1])
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--fold", where]:
            facts = fold(open_ledger(where).read, on=NOW, zone=UTC)
            print(len(facts), peak_kb())
        case ["--drain", where]:
            print(sum(1 for _ in open_ledger(where).read()), peak_kb())
        case ["--verify", where]:
            print(open_ledger(where).verify().size, peak_kb())
        case [entries]:
            main(int(entries))
        case _:
            main(1_000_000)
