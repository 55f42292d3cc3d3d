"""Terms: the standing and the static findings of a large agreement with rings, and of cuba-1962.

python bench/terms.py [UNDERTAKINGS]: 100,000 by default, a fifth in rings, a tenth with an event.
Times are of the processor, medians of three; that of cuba-1962 is without its fold. Then "every
declared item seen within 30 days": a million looks, all days of ten years, and one look more;
beside clingo (one day) and rtamt (one item at a time), where they can be imported (no dependency:
`pip install clingo rtamt` in an environment of its own). Last, one late entry in a
million: the facts and the standing.
"""

import gc
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec
from random import Random
from typing import TypeVar

import msgspec
import numpy as np

from excomm.case import Case
from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import Agreement, AnyBody, CaseHeader, Event, Look, Undertaking
from excomm.entries.language import All, Any, Condition, Fixed, Is
from excomm.fold import fold
from excomm.terms import check, standing
from excomm.terms.seen import Ints, seen_within

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

    every_item_seen()
    one_late_entry()


LOOKS, ITEMS, DAYS, WITHIN = 1_000_000, 1_000, 3_653, 30


def every_item_seen() -> None:
    """A recurring duty over a log of looks, and its peers on parts of the same log."""
    random = np.random.default_rng(1)
    day = np.sort(random.integers(0, DAYS, LOOKS))
    item = random.integers(0, ITEMS, LOOKS)
    seconds, found = took(
        lambda: seen_within(item, day, items=ITEMS, days=DAYS, within=WITHIN), runs=9
    )
    print(f"{'every item seen within 30 days, a million looks, all days':<64}{seconds:>8.3f} s")
    rate = LOOKS / seconds / 1e6
    print(f"{'  looks judged a second':<64}{rate:>8.1f} M")
    more = [(int(random.integers(ITEMS)), int(random.integers(DAYS))) for _ in range(2_000)]
    times = []
    for one in more:
        start = time.process_time()
        found = found.updated(*one)
        times.append(time.process_time() - start)
    both = np.append(item, [i for i, _ in more]), np.append(day, [d for _, d in more])
    whole = seen_within(*both, items=ITEMS, days=DAYS, within=WITHIN)
    assert np.array_equal(found.overdue, whole.overdue)
    print(f"{'  one look more, whenever it was':<64}{1e6 * statistics.median(times):>8.1f} us")
    if find_spec("clingo") is not None:
        clingo_one_day(item[:100_000], day[:100_000], rate)
    if find_spec("rtamt") is not None:
        rtamt_some_items(item, day, rate)


def clingo_one_day(item: Ints, day: Ints, rate: float) -> None:
    """Facts, grounding and solving, for the last day of the part."""
    import clingo  # type: ignore[import-not-found]

    facts = "".join(f"l({i},{d})." for i, d in zip(item.tolist(), day.tolist(), strict=True))
    rules = f"i(0..{ITEMS - 1}). f(I):-l(I,D),D>={int(day[-1]) - WITHIN}. o(I):-i(I),not f(I)."

    def run() -> None:
        control = clingo.Control(["--warn=none"])
        control.add("base", [], facts + rules)
        control.ground([("base", [])])
        control.solve()

    seconds, _ = took(run, runs=1)
    theirs = len(item) / seconds / 1e6
    print(f"{'  clingo, one day':<64}{theirs:>8.2f} M ({rate / theirs:.0f} times)")


def rtamt_some_items(item: Ints, day: Ints, rate: float) -> None:
    """Each item a signal of its own; the looks at twenty items are its entries."""
    import rtamt  # type: ignore[import-not-found]

    def run() -> None:
        for one in range(20):
            made = np.zeros(DAYS)
            made[day[item == one]] = 1.0
            spec = rtamt.StlDiscreteTimeSpecification()
            spec.declare_var("seen", "float")
            spec.spec = f"once[0:{WITHIN}](seen >= 0.5)"
            spec.parse()
            spec.evaluate({"time": list(range(DAYS)), "seen": made.tolist()})

    seconds, _ = took(run, runs=1)
    theirs = int((item < 20).sum()) / seconds / 1e6
    print(f"{'  rtamt, all days':<64}{theirs:>8.4f} M ({rate / theirs:,.0f} times)")


def one_late_entry() -> None:
    """The facts and the standing of a thousand undertakings and a million looks, by one late entry.

    Each entry is about another undertaking, so that what it sets off is judged too.
    """
    size, owed = 1_000_000, 1_000
    seen = Look(means="flight", outcome="made")
    entries = [*log(owed), *(entry(f"L{index}", seen) for index in range(size))]
    facts = fold(lambda: entries, on=ON, zone=UTC)
    stands = standing(facts)
    gc.freeze()
    of_facts, of_standing = [], []
    for index in range(owed):
        late = Event(kind="done", about=(f"U{index}",))
        one = msgspec.structs.replace(entry(f"late-{index}", late), seq=len(entries) + index + 1)
        start = time.process_time()
        after = facts.updated((one,))
        assert after is not None
        middle = time.process_time()
        stands = stands.updated(after, (one,))
        of_facts.append(middle - start)
        of_standing.append(time.process_time() - middle)
        facts = after
    whole = standing(facts)
    assert [s.state for s in stands.values()] == [s.state for s in whole.values()]
    for what, times in (("facts", of_facts), ("standing", of_standing)):
        median, mean = 1e6 * statistics.median(times), 1e6 * statistics.mean(times[1:])
        print(f"{f'one late entry beside a million: the {what}, median':<64}{median:>8.1f} us")
        print(f"{'  the same, mean':<64}{mean:>8.1f} us")


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
