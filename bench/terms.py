"""Terms: the standing and the static findings of a large agreement with rings, and of cuba-1962.

python bench/terms.py [UNDERTAKINGS]: 100,000 by default, a fifth in rings, a tenth with an event.
Times are of the processor, medians of three; that of cuba-1962 is without its fold.
"""

import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypeVar

from excomm.case import Case
from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import Agreement, AnyBody, CaseHeader, Event, Undertaking
from excomm.entries.language import All, Any, Condition, Fixed, Is
from excomm.fold import fold
from excomm.terms import check, standing

R = TypeVar("R")
RUNS = 3
OPENS = date(2030, 1, 1)
ON = datetime(2030, 6, 1, tzinfo=UTC)


def main(size: int) -> None:
    """Print the table."""
    entries = log(size)
    facts = fold(lambda: entries, on=ON, zone=UTC)
    facts.of(Undertaking)
    seconds, found = took(lambda: standing(facts))
    print(f"{f'standing of {size:,} undertakings, a fifth of them in rings':<64}{seconds:>8.2f} s")
    states = Counter(status.state for status in found.values())
    print("  " + ", ".join(f"{state} {number:,}" for state, number in sorted(states.items())))
    seconds, findings = took(lambda: check(facts))
    print(f"{f'static findings of the same, {len(findings):,} found':<64}{seconds:>8.2f} s")
    middle = f"U{size // 2}"
    seconds, _ = took(lambda: standing(facts)[middle].reason)
    bare, _ = took(lambda: standing(facts)[middle].state)
    seconds = max(seconds - bare, 0.0)
    print(f"{'explaining one of them':<64}{seconds * 1e3:>8.2f} ms")
    cuba = Case.open("cuba-1962").on("1962-11-20").facts
    seconds, _ = took(lambda: standing(cuba), runs=50)
    print(f"{'standing of cuba-1962 after the fold, states':<64}{seconds * 1e3:>8.2f} ms")
    seconds, _ = took(lambda: [status.reason for status in standing(cuba).values()], runs=20)
    print(f"{'the same with every explanation':<64}{seconds * 1e3:>8.2f} ms")


def log(size: int) -> tuple[Entry, ...]:
    """An agreement of chains of ten; in every chain two undertakings wait for each other."""
    random = Random(1)
    entries = [
        entry("case", CaseHeader(title="bench", zone="UTC", opens=OPENS)),
        entry("text", Agreement(title="bench", parties={"A": "Aland", "B": "Bland"})),
    ]
    for index in range(size):
        due = OPENS + timedelta(days=random.randrange(365))
        condition = waits(index)
        entries.append(
            entry(
                f"U{index}",
                Undertaking(
                    by=("AB"[index % 2],),
                    to=("BA"[index % 2],),
                    modality="must",
                    kind="achieve" if index % 10 < 8 else "maintain",
                    what=f"do {index}",
                    starts=None if condition else Fixed(Day(OPENS)),
                    due=Fixed(Day(due)),
                    condition=condition,
                    verification=("visit",),
                ),
            )
        )
    for index in range(0, size, 10):
        on = OPENS + timedelta(days=random.randrange(1, 150))
        done = Event(kind="done", party=("A",), about=(f"U{index}",))
        entries.append(entry(f"E{index}", done, on))
    return tuple(entries)


def waits(index: int) -> Condition | None:
    """What the undertaking of that number waits for: 5 and 6 of each ten for each other."""
    before = f"U{index - 1}"
    match index % 10:
        case 1 | 2 | 3:
            return Is("fulfilled", before)
        case 4:
            return Any((Is("fulfilled", before), Is("accepted_by", "B")))
        case 5:
            return Is("fulfilled", f"U{index + 1}")
        case 6:
            return Is("in_force", before)
        case 7:
            return All((Is("fulfilled", before), Is("in_force", f"U{index - 2}")))
        case _:
            return None


def entry(name: str, body: AnyBody, day: date = OPENS) -> Entry:
    """An established entry of a day."""
    return Entry(
        id=EntryId(name),
        occurred=Day(day),
        recorded=datetime(day.year, day.month, day.day, tzinfo=UTC),
        body=body,
        standing="established",
    )


def took(run: Callable[[], R], runs: int = RUNS) -> tuple[float, R]:
    """The median time of some runs, of the processor, and what the last gave."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        result = run()
        times.append(time.process_time() - start)
    return statistics.median(times), result


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
