"""The ledger: reading and folding a long log, taking in, verifying, and the memory it needs.

python bench/ledger.py [ENTRIES]: a million by default. The peer reads the same rows with sqlite3
and json.loads and keeps them by id, in the same run; it makes no types and no times of them.
Memory is that of a process of its own that reads and folds one file.
"""

import gc
import json
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
from pathlib import Path
from typing import NamedTuple

from excomm.entries import Day, Entry, EntryId, Instant
from excomm.entries.kinds import AnyBody, Count, Declaration, Look
from excomm.fold import fold
from excomm.ledger import create, open_ledger

RUNS = 3
OPENS = datetime(1962, 10, 14, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def main(size: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.ledger"
        made = took(lambda: create(path, log(size), now=NOW), runs=1)
        row(f"making, taking in, verifying {size:,} entries", made, size)
        ours = took(lambda: fold(open_ledger(path).read, on=NOW, zone=UTC))
        row(f"reading and folding, median of {RUNS}", ours, size)
        peer = took(lambda: peer_fold(path))
        row("the same with sqlite3 and json.loads", peer, size)
        print(f"{'excomm to peer':<48}{ours.clock / peer.clock:>8.2f}")
        row("verifying", took(lambda: open_ledger(path).verify(), runs=1), size)
        print(f"{'file':<48}{path.stat().st_size / size:>8.0f} bytes an entry")
        for number, corrected in ((size, 0), (size // 10, 0), (size, 9)):
            scratch = Path(folder) / f"{number}-{corrected}.ledger"
            if corrected or number != size:
                create(scratch, log(number, corrected=corrected), now=NOW)
            kept, peak_mb, drained_mb = measured(scratch if scratch.exists() else path)
            print(
                f"peak memory, {number:>9,} entries, {kept / number:>4.0%} kept"
                f"{'':<8}{peak_mb:>8.0f} MB; read and let go {drained_mb:.0f} MB"
            )


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
        for (body,) in connection.execute("SELECT body FROM ledger_entry ORDER BY seq"):
            entry = json.loads(body)
            if "corrects" in entry:
                kept.pop(entry["corrects"], None)
            kept[entry["id"]] = entry
    gc.enable()
    return kept


class Took(NamedTuple):
    """Seconds by the clock, and of the processor: the same, on a machine that is otherwise idle."""

    clock: float
    processor: float


def took(run: Callable[[], object], runs: int = RUNS) -> Took:
    """Medians; what a run returns is dropped before the next."""
    clock, processor = [], []
    for _ in range(runs):
        gc.collect()
        started = time.perf_counter(), time.process_time()
        found = run()
        clock.append(time.perf_counter() - started[0])
        processor.append(time.process_time() - started[1])
        del found
    return Took(statistics.median(clock), statistics.median(processor))


def row(name: str, seconds: Took, size: int) -> None:
    print(
        f"{name:<48}{seconds.clock:>8.2f} s ({seconds.processor:.2f} s of processor)"
        f"{size / seconds.clock:>12,.0f} entries/s",
        flush=True,
    )


def measured(path: Path) -> tuple[int, float, float]:
    """Entries kept, and peak megabytes when they are folded and when they are only read."""
    kept, folded = ask("--fold", path)
    _, drained = ask("--drain", path)
    return kept, folded / 1024, drained / 1024


def ask(what: str, path: Path) -> tuple[int, int]:
    said = subprocess.check_output([sys.executable, __file__, what, str(path)], text=True)
    kept, peak_kb = said.split()
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
        case [entries]:
            main(int(entries))
        case _:
            main(1_000_000)
