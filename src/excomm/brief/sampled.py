"""What looking at a sample buys: the chance that it meets one of those that are not as declared.

A sum over what was declared, what is opened and what might be wrong; no finding about anybody.
The last two are assumptions, named MEANS.ITEM.sampled and MEANS.ITEM.hidden.
"""

from collections.abc import Iterator

import msgspec

from excomm.brief import words
from excomm.brief.attribution import (
    cell,
    day_of,
    last_day_of,
    name_of,
    not_computed,
    points,
    quiet,
    section,
)
from excomm.brief.stopped import looks_granted
from excomm.brief.structs import Point, Section
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Assumption, Declaration, Means
from excomm.errors import InputError

_YEAR_DAYS = 365


class NotSummed(msgspec.Struct, frozen=True):
    """A sum that cannot be made, and why."""

    means: str
    why: str
    entries: tuple[Entry, ...]


class Sample(msgspec.Struct, frozen=True):
    """One means, what it draws from, and the chances for fewest and most that are not as declared.

    chances: (how many are not as declared, probability that one is among those opened).
    """

    means: str
    party: str  # whose declared number it is
    item: str
    declared: int
    sampled: int
    chances: tuple[tuple[int, float], ...]
    entries: tuple[Entry, ...]
    passed_over: tuple[Entry, ...]  # later numbers, recalled and not read
    notes: tuple[str, ...]


def samples(view: View) -> tuple[Sample | NotSummed, ...]:
    """Every sample that the case's assumptions speak of and its declarations allow.

    Drawn from the latest number of the other side that was read; from one recalled only where no
    other is there.
    """
    assumed = {a.name: (entry, a) for entry, a in view.facts.of(Assumption)}
    found: list[Sample | NotSummed] = []
    for name, sampled in assumed.items():
        means, _, rest = name.partition(".")
        item, _, ending = rest.rpartition(".")
        hidden = assumed.get(f"{means}.{item}.hidden")
        if ending != "sampled" or hidden is None:
            continue
        rows = _declared(view, means, item)
        if rows:
            try:
                found.append(_sample(means, rows, sampled, hidden))
            except InputError as fault:
                found.append(NotSummed(means, not_computed(fault), (sampled[0], hidden[0])))
    return tuple(found)


def _declared(view: View, means: str, item: str) -> list[tuple[Entry, Declaration]]:
    """The other side's numbers from the latest that was read; after it, those only recalled."""
    means_entry = view.facts.get(means)
    own = means_entry.body.party if means_entry and isinstance(means_entry.body, Means) else ""
    rows = [
        (entry, d)
        for entry, d in view.facts.of(Declaration)
        if d.item == item and d.party != own and d.number is not None and not (d.carrier or d.site)
    ]
    read = [at for at, (entry, _) in enumerate(rows) if entry.reading != "unverified"]
    return rows[read[-1] :] if read else rows[-1:]


def _sample(
    means: str,
    rows: list[tuple[Entry, Declaration]],
    sampled: tuple[Entry, Assumption],
    hidden: tuple[Entry, Assumption],
) -> Sample:
    from excomm.assurance import detection_probability

    entry, body = rows[0]
    assert body.number is not None
    population = _whole(f"{entry.id}: number", body.number)
    opened = _whole(f"{sampled[0].id}: best", sampled[1].best)
    ends = {"low": hidden[1].low, "high": hidden[1].high}
    wrong = dict.fromkeys(_whole(f"{hidden[0].id}: {end}", n) for end, n in ends.items())
    return Sample(
        means,
        body.party,
        body.item,
        population,
        opened,
        tuple((n, detection_probability(population, opened, n)) for n in wrong),
        (entry, sampled[0], hidden[0]),
        tuple(later for later, _ in rows[1:]),
        tuple(dict.fromkeys((sampled[1].basis, hidden[1].basis))),
    )


def _whole(where: str, number: float) -> int:
    if not float(number).is_integer():
        raise InputError(where, number, "a whole number of things")
    return int(number)


def what_a_sample_buys(view: View) -> Section | None:
    """The chance for each means, with what it leaves out, and whether it is looked with at all."""
    found = samples(view)
    last = {str(each.means.id): each for each in looks_granted(view)} if found else {}
    told = []
    for sample in found:
        if isinstance(sample, NotSummed):
            why = cell(sample.why, *sample.entries, tone="unknown")
            told.append(Point(name_of(view, sample.means), why))
            continue
        entry = sample.entries[0]
        chances = words.listed(
            [f"{words.probability(chance)} if {wrong} are" for wrong, chance in sample.chances]
        )
        text = (
            f"{sample.sampled} opened in a year of the {words.number(sample.declared)}"
            f" {name_of(view, sample.item)} that {sample.party} declared as of"
            f" {day_of(view, entry)}: the chance to meet one that is not as declared is {chances}"
        )
        notes = [quiet(words.sentence(words.capital(note))) for note in sample.notes]
        for later in sample.passed_over:
            text_of = (
                f"The later number, as of {day_of(view, later)}, is recalled, not read: not used."
            )
            notes.insert(0, quiet(text_of, later))
        watched = last.get(sample.means)
        if watched is not None and watched.last is not None and (watched.days or 0) > _YEAR_DAYS:
            day = last_day_of(view, watched.last)
            missing = f"None made since {day}: what is not opened is not met, a chance of 0."
            notes.insert(0, cell(missing, watched.last, tone="warning"))
        told.append(Point(name_of(view, sample.means), cell(text, *sample.entries), tuple(notes)))
    return section("sample", "What a sample buys", points(_once(told)))


def _once(told: list[Point]) -> Iterator[Point]:
    """The points; what was noted under an earlier one is not noted again."""
    noted: set[str] = set()
    for point in told:
        notes = tuple(note for note in point.notes if note.text not in noted)
        noted.update(note.text for note in notes if note.tone == "quiet")
        yield msgspec.structs.replace(point, notes=notes)
