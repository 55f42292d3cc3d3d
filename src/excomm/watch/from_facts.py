"""From the facts of a case to what the planning of looks needs: sites, means, detection, refusals.

Every probability, cost and risk comes from an assumption that somebody entered; one that is missing
is an error that names the line to add. A look that named no site and no coverage may have been
anywhere: it is no look at this one. "Not looked" is never "not there".
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Protocol

import msgspec
import numpy as np

from excomm.entries import Entry
from excomm.entries.kinds import (
    Assumption,
    Count,
    Event,
    Item,
    Means,
    Undertaking,
)
from excomm.errors import Faults, InputError
from excomm.fold import Facts
from excomm.watch.days_from_facts import Places, attempts_by_day, last_day, looks_by_day, today
from excomm.watch.linear import Floats
from excomm.watch.schedule import Looks
from excomm.watch.situation import Closed, Flies, Made, PlannedMeans, Range, Situation

_OF_MEANS = {
    "sorties_per_day": "how many sorties a day {name} can fly",
    "sites_per_sortie": "how many sites one sortie of {name} sees",
    "cost_per_sortie": "what one sortie of {name} costs, in any unit that all means share",
    "loss_per_sortie": "the chance that one sortie of {name} is lost",
    "clear_sky": "the chance that nothing hides a site from {name} (1, 1, 1 for one that sees"
    " through)",
}
_OF_FLIGHT = {
    "base_north": "how many degrees north the base of {name} lies",
    "base_east": "how many degrees east the base of {name} lies",
    "speed_kmh": "how fast {name} flies, in km an hour",
    "range_km": "how far one sortie of {name} can fly",
    "station_minutes": "how long {name} stays over each site",
    "by_daylight": "whether {name} has to see by daylight (1, 1, 1; else 0, 0, 0)",
}
_WINDOW = "window_days"


class Figure(Protocol):
    """What an assumption says: a number with its range."""

    @property
    def low(self) -> float: ...
    @property
    def best(self) -> float: ...
    @property
    def high(self) -> float: ...


class Assumed(Protocol):
    """The assumptions of a case, each found by name, checked and remembered as used."""

    def chance(self, name: str, what: str) -> Figure: ...
    def number(self, name: str, what: str) -> Figure: ...
    def amount(self, name: str, what: str) -> Figure: ...
    def degrees(self, name: str, what: str) -> Figure: ...
    def offered(self, name: str) -> object | None: ...
    def words(self) -> list[str]: ...


class SiteSeen(msgspec.Struct, frozen=True):
    """When a site was last seen with success, and what was tried since."""

    site: Entry
    name: str
    last: Entry | None  # a look made, or a count taken there
    days: int | None  # since then; None: never looked
    tried: Entry | None = None  # the latest attempt without success after it


def sites_seen(facts: Facts) -> tuple[SiteSeen, ...]:
    """Every site of the case, the never looked-at first, then by days since the last look.

    A site that holds smaller ones is seen by those and is not listed.
    """
    now = today(facts)
    places = Places(facts)
    last, tried = _lately(facts, places)
    found = [
        SiteSeen(
            entry,
            site.name,
            seen := last.get(n),
            (now - min(last_day(facts, seen), now)).days if seen else None,
            tried.get(n),
        )
        for n, (entry, site) in enumerate(places.sites)
    ]
    return tuple(sorted(found, key=lambda s: (s.days is not None, -(s.days or 0), s.name)))


def _lately(facts: Facts, places: Places) -> tuple[dict[int, Entry], dict[int, Entry]]:
    """By site, the last look that came off or count there, and the last attempt after it."""
    last: dict[int, Entry] = {}
    tried: dict[int, Entry] = {}
    for found in attempts_by_day(facts, places).values():
        last |= found.made
        tried = {site: one for site, one in tried.items() if site not in found.made} | found.tried
    there: dict[int, Entry] = {}
    for entry, count in facts.of(Count):
        if count.site and count.moving == "present":
            there.update(dict.fromkeys(places.at((count.site,)), entry))
    for site, entry in there.items():
        # Of a look and a count that stand alike in time the count is the later.
        if site not in last or _order(facts, last[site]) <= _order(facts, entry):
            last[site] = entry
        if site in tried and _order(facts, tried[site]) <= _order(facts, entry):
            del tried[site]
    return last, tried


def _order(facts: Facts, entry: Entry) -> tuple[datetime, int]:
    return facts.start(entry), entry.seq


def watched_items(facts: Facts) -> tuple[str, ...]:
    """The items that a watch is kept for: those with a window, in the order of the case."""
    named = {body.name for _, body in facts.of(Assumption)}
    return tuple(str(entry.id) for entry, _ in facts.of(Item) if f"{entry.id}.{_WINDOW}" in named)


def situation(
    facts: Facts,
    assumed: Assumed,
    items: tuple[str, ...] = (),
    sites: tuple[SiteSeen, ...] | None = None,
) -> Situation:
    """Where things stand for whoever plans from the day after the facts' own.

    items: those watched for; empty: all with a window. A look has for several of them together the
    least of its detections, so that whatever comes is found at least so well.
    sites: what `sites_seen` gave for the same facts, where somebody has asked already.
    Raises InputError for an unknown item and where no site can be looked at; Faults naming every
    line that assumptions.csv lacks.
    """
    watched = _watched(facts, items)
    names = {str(entry.id): item.name for entry, item in facts.of(Item)}
    places = Places(facts)
    if not places.ids:
        raise InputError("sites", "none", "at least one", "Name it in [[sites]] of case.toml.")
    said = _Said(assumed)
    window = min(
        (said.number(f"{one}.{_WINDOW}", _window_words(names[one])) for one in watched),
        key=lambda found: found.best,
    )
    means, sensors = _means(facts, said, watched, names)
    said.complete()
    if window.low < 1:
        raise InputError(
            f"assumptions.csv: {watched[0]}.{_WINDOW}", window.low, "1 or more", "A day at least."
        )
    first = today(facts) + timedelta(days=1)
    refusals, refused = _refusals(facts, places, [one.id for one in means])
    detect = np.where(refusals[None], 0.0, sensors.T[:, None, :])
    made, not_counted = _made(facts, said, watched, places, first)
    said.complete()
    days = sites_seen(facts) if sites is None else sites
    seen = {str(one.site.id): one.days for one in days}
    return Situation(
        first_day=first,
        items=watched,
        window_days=window,
        sites=tuple(places.ids),
        names=tuple(site.name for _, site in places.sites),
        means=means,
        detect=detect,
        made=made,
        closed=tuple(_closures(facts, places, means, first)),
        days_unseen=tuple(seen[one] for one in places.ids),
        places=tuple(
            None if site.lat is None or site.lon is None else (site.lat, site.lon)
            for _, site in places.sites
        ),
        assumptions=(*assumed.words(), *_model(facts, watched, names)),
        excluded=(*refused, *not_counted, *_not_planned(facts, said, watched, means)),
    )


class _Said:
    """The assumptions, with every fault kept until all have been asked for."""

    def __init__(self, assumed: Assumed) -> None:
        self._assumed = assumed
        self._faults: list[InputError] = []

    def chance(self, name: str, what: str) -> Range:
        return self._asked(self._assumed.chance, name, what)

    def number(self, name: str, what: str) -> Range:
        return self._asked(self._assumed.number, name, what)

    def amount(self, name: str, what: str) -> Range:
        return self._asked(self._assumed.amount, name, what)

    def degrees(self, name: str, what: str) -> Range:
        return self._asked(self._assumed.degrees, name, what)

    def offered(self, name: str) -> bool:
        return self._assumed.offered(name) is not None

    def complete(self) -> None:
        """Raises Faults where anything asked for was missing or out of its range."""
        if self._faults:
            raise Faults(self._faults)

    def _asked(self, ask: "_Ask", name: str, what: str) -> Range:
        try:
            found = ask(name, what)
        except InputError as fault:
            if str(fault) not in map(str, self._faults):
                self._faults.append(fault)
            return Range(1.0, 1.0, 1.0)
        return Range(found.low, found.best, found.high)


class _Ask(Protocol):
    def __call__(self, name: str, what: str) -> Figure: ...


def _watched(facts: Facts, items: tuple[str, ...]) -> tuple[str, ...]:
    known = [str(entry.id) for entry, _ in facts.of(Item)]
    for one in items:
        if one not in known:
            expected = f"an item of the case: {', '.join(known) or 'none is named'}"
            raise InputError("item", one, expected)
    watched = items or watched_items(facts)
    if not watched:
        raise InputError(
            "assumptions.csv",
            f"no row that ends in .{_WINDOW}",
            "a row for the days within which what is brought back has to be found",
            f"Add a line for an item: {known[0] if known else 'ITEM'}.{_WINDOW},"
            "low,best,high,author,basis",
        )
    return watched


def _window_words(item: str) -> str:
    return f"the days within which {item} brought back have to be found"


def _means(
    facts: Facts, said: _Said, watched: tuple[str, ...], names: dict[str, str]
) -> tuple[tuple[PlannedMeans, ...], Floats]:
    """The means that can be planned, and what one look by each sees: (means, 3)."""
    named = [body.name for _, body in facts.of(Assumption)]
    offered = [
        (str(entry.id), means)
        for entry, means in facts.of(Means)
        if any(f"{entry.id}.{ending}" in named for ending in _OF_MEANS)
    ]
    if not offered:
        able = [
            str(entry.id)
            for entry, _ in facts.of(Means)
            if any(said.offered(f"{entry.id}.{item}.detection") for item in watched)
        ]
        example = able[0] if able else "MEANS"
        lines = ", ".join(f"{example}.{ending}" for ending in _OF_MEANS)
        raise InputError(
            "assumptions.csv",
            "no means that can be planned",
            "rows that say what a sortie of one sees, costs and risks",
            f"Add the lines: {lines}; each with low,best,high,author,basis",
        )
    found, sensors = [], []
    for id_, means in offered:
        asked = {key: what.format(name=means.name) for key, what in _OF_MEANS.items()}
        whole = [
            said.number(f"{id_}.{key}", asked[key])
            for key in ("sorties_per_day", "sites_per_sortie")
        ]
        cost = said.amount(f"{id_}.cost_per_sortie", asked["cost_per_sortie"])
        loss = said.chance(f"{id_}.loss_per_sortie", asked["loss_per_sortie"])
        clear = np.array(said.chance(f"{id_}.clear_sky", asked["clear_sky"]))
        sensor = np.array(_sensor(said, id_, means.name, watched, names))
        sensors.append(clear * sensor)
        found.append(
            PlannedMeans(
                id=id_,
                name=means.name,
                sorties_per_day=int(whole[0].best),
                sites_per_sortie=max(int(whole[1].best), 1),
                cost=cost,
                loss=loss,
                legal_basis=tuple(legal_basis(facts, id_, means)),
                clear_sky=float(clear[1]),
                flies=_flies(said, id_, means.name, named),
            )
        )
    return tuple(found), np.stack(sensors)


def _not_planned(
    facts: Facts, said: _Said, watched: tuple[str, ...], planned: tuple[PlannedMeans, ...]
) -> Iterator[str]:
    """The means that could see something, and of which no row says what a sortie is."""
    for entry, means in facts.of(Means):
        sees = any(said.offered(f"{entry.id}.{item}.detection") for item in watched)
        if sees and str(entry.id) not in [one.id for one in planned]:
            lines = ", ".join(f"{entry.id}.{ending}" for ending in _OF_MEANS)
            yield f"{means.name}: no rows {lines} in assumptions.csv"


def _flies(said: _Said, means: str, name: str, named: list[str]) -> Flies | None:
    """How the means flies; None where no row speaks of it."""
    if not any(f"{means}.{ending}" in named for ending in _OF_FLIGHT):
        return None
    what = {key: words.format(name=name) for key, words in _OF_FLIGHT.items()}

    def best(key: str, ask: Callable[[str, str], Range]) -> float:
        return ask(f"{means}.{key}", what[key]).best

    return Flies(
        north=best("base_north", said.degrees),
        east=best("base_east", said.degrees),
        speed_kmh=best("speed_kmh", said.amount),
        range_km=best("range_km", said.amount),
        station_minutes=best("station_minutes", said.amount),
        by_daylight=best("by_daylight", said.chance) > 0,
    )


def _sensor(
    said: _Said, means: str, name: str, watched: tuple[str, ...], names: dict[str, str]
) -> Range:
    """What one look over all of a site sees, of the item that it sees least."""
    rows = [
        said.chance(
            f"{means}.{item}.detection",
            f"the chance that one look by {name} over all of a site sees the {names[item]} there"
            " (0, 0, 0 for a means that cannot)",
        )
        for item in watched
    ]
    return Range(*(min(row[n] for row in rows) for n in range(3)))


def legal_basis(facts: Facts, id_: str, means: Means) -> Iterator[str]:
    called = {one.casefold() for one in (id_, means.name, *means.aliases, means.type)}
    called.add(means.type.partition(",")[0].casefold())
    for entry, undertaking in facts.of(Undertaking):
        for word in undertaking.verification:
            if word.casefold() in called:
                yield f"{entry.id} agrees on {word}"


def _refusals(facts: Facts, places: Places, means: list[str]) -> tuple[Looks, list[str]]:
    """(sites, means) whether the last word on a means at a site was a refusal; and in words."""
    number = {one: m for m, one in enumerate(means)}
    by = {
        (site, number[one]): refusal
        for found in attempts_by_day(facts, places).values()
        for (site, one), refusal in found.last_word.items()
        if one in number
    }
    refused = np.zeros((len(places.ids), len(means)), dtype=bool)
    told: dict[tuple[int, str], list[str]] = {}
    for (site, m), by_entry in sorted(by.items()):
        if by_entry:
            refused[site, m] = True
            told.setdefault((m, by_entry), []).append(places.ids[site])
    return refused, [
        f"{means[m]} refused at {places.told(sites)}: {entry}" for (m, entry), sites in told.items()
    ]


def _made(
    facts: Facts, said: _Said, watched: tuple[str, ...], places: Places, first: date
) -> tuple[tuple[Made, ...], list[str]]:
    """Looks already made at each site, with the detection they had; and those that cannot count."""
    means = {str(entry.id): one.name for entry, one in facts.of(Means)}
    items = {str(entry.id): one.name for entry, one in facts.of(Item)}
    found: list[Made] = []
    excluded: list[str] = []
    sensors: dict[str, Range] = {}
    for on_day in looks_by_day(facts, places, watched, _weighable(facts, said, watched)).values():
        excluded += on_day.excluded
        for look, entries in on_day.alike.items():
            if look.means not in sensors:
                name = means.get(look.means, look.means)
                sensors[look.means] = _sensor(said, look.means, name, watched, items)
            day = min((look.last_day - first).days, -1)
            seen = Range(*(look.share * one for one in sensors[look.means]))
            found += [Made(site, day, seen, entries) for site in look.at]
    return tuple(found), excluded


def _weighable(facts: Facts, said: _Said, watched: tuple[str, ...]) -> frozenset[str]:
    """The means of which it is assumed what they see of each item watched for."""
    ending = f".{watched[0]}.detection"
    named = (body.name for _, body in facts.of(Assumption) if body.name.endswith(ending))
    return frozenset(
        means
        for means in (name.removesuffix(ending) for name in named)
        if all(said.offered(f"{means}.{item}.detection") for item in watched)
    )


def _closures(
    facts: Facts, places: Places, means: tuple[PlannedMeans, ...], first: date
) -> Iterator[Closed]:
    """Gaps in access that reach into the days to come."""
    whose = {str(entry.id): one.party for entry, one in facts.of(Means)}
    for entry, event in facts.of(Event):
        if event.kind != "access_gap" or (last := (last_day(facts, entry) - first).days) < 0:
            continue
        for m, one in enumerate(means):
            if event.party and whose[one.id] and whose[one.id] not in event.party:
                continue
            for site in places.at((event.site,) if event.site else ()):
                yield Closed(site, m, 0, last, event.what, str(entry.id))


def _model(facts: Facts, watched: tuple[str, ...], names: dict[str, str]) -> Iterator[str]:
    what = " and ".join(names[one] for one in watched)
    yield f"what comes in ({what}) goes to one of the sites named and stays for the window"
    yield "looks independent; detection is coverage x clear sky x sensor"
    if len(watched) > 1:
        yield "of several items each look is worth what it sees of the one it sees least"
