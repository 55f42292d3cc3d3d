"""What looking at a sample buys: the chance that it meets one of those that are not as declared.

A sum over what was declared, what is opened and what might be wrong; no finding about anybody.
The last two are assumptions, named MEANS.ITEM.sampled and MEANS.ITEM.hidden.
"""

from collections.abc import Iterator

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, last_day_of, name_of, points, quiet, section
from excomm.brief.stopped import looks_granted
from excomm.brief.structs import Point, Section
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Assumption, Declaration, Means

_YEAR_DAYS = 365


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
    notes: tuple[str, ...]


def samples(view: View) -> tuple[Sample, ...]:
    """Every sample that the case's assumptions speak of and its declarations allow.

    Drawn from the latest number of the other side that was read; from one recalled only where no
    other is there. Left out: numbers of which more would be opened, or be wrong, than there are.
    """
    assumed = {a.name: (entry, a) for entry, a in view.facts.of(Assumption)}
    found = []
    for name, (entry, sampled) in assumed.items():
        means, _, rest = name.partition(".")
        item, _, ending = rest.rpartition(".")
        hidden = assumed.get(f"{means}.{item}.hidden")
        if ending != "sampled" or hidden is None:
            continue
        declared = _declared(view, means, item)
        if declared is not None:
            sample = _sample(means, declared, (entry, sampled), hidden)
            found.extend([sample] if sample is not None else [])
    return tuple(found)


def _declared(view: View, means: str, item: str) -> tuple[Entry, Declaration] | None:
    means_entry = view.facts.get(means)
    own = means_entry.body.party if means_entry and isinstance(means_entry.body, Means) else ""
    rows = [
        (entry, d)
        for entry, d in view.facts.of(Declaration)
        if d.item == item and d.party != own and d.number is not None and not (d.carrier or d.site)
    ]
    read = [row for row in rows if row[0].reading != "unverified"]
    rows = read or rows
    return rows[-1] if rows else None


def _sample(
    means: str,
    declared: tuple[Entry, Declaration],
    sampled: tuple[Entry, Assumption],
    hidden: tuple[Entry, Assumption],
) -> Sample | None:
    from excomm.assurance import detection_probability

    entry, body = declared
    assert body.number is not None
    population, opened = int(body.number), int(sampled[1].best)
    wrong = dict.fromkeys((int(hidden[1].low), int(hidden[1].high)))
    if opened > population or max(wrong) > population:
        return None
    return Sample(
        means,
        body.party,
        body.item,
        population,
        opened,
        tuple((each, detection_probability(population, opened, each)) for each in wrong),
        (entry, sampled[0], hidden[0]),
        tuple(dict.fromkeys((sampled[1].basis, hidden[1].basis))),
    )


def what_a_sample_buys(view: View) -> Section | None:
    """The chance for each means, with what it leaves out, and whether it is looked with at all."""
    found = samples(view)
    last = {str(each.means.id): each for each in looks_granted(view)} if found else {}
    told = []
    for sample in found:
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
