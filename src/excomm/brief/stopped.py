"""What is done again and again, and has stopped: since when, on whose act, and for which reason.

Inspections, exchanges of data, notices, sessions. Paused by agreement, refused, suspended by one
side, stopped as a countermeasure, ended: the same nothing is seen behind each, and each says
something else about who may begin again. Nothing is added up here, and no side is taken.
"""

from datetime import datetime

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, last_day_of, points, quiet, section
from excomm.brief.structs import Column, Point, Row, Section, Table
from excomm.case import View
from excomm.entries import Entry, end_of
from excomm.entries.kinds import Event, Means, Undertaking

_STOPS = (
    "suspended_by_agreement",
    "refusal",
    "suspension_claimed",
    "countermeasure",
    "not_done",
    "terminated",
)
_DONE = ("done", "count", "progress", "partial", "measurement")


class Series(msgspec.Struct, frozen=True):
    """A recurring undertaking: when it was last seen done, and what stopped it since, in order."""

    undertaking: Entry
    body: Undertaking
    last: Entry | None
    stops: tuple[tuple[Entry, Event], ...]


def series(view: View) -> tuple[Series, ...]:
    """Every recurring undertaking, in the order of the agreement."""
    return tuple(
        _series(view, entry, entry.body)
        for name in view.standing()
        if (entry := view.facts.get(name)) is not None
        and isinstance(entry.body, Undertaking)
        and entry.body.kind == "recur"
    )


def _series(view: View, entry: Entry, body: Undertaking) -> Series:
    last: Entry | None = None
    last_until: datetime | None = None
    stops: list[tuple[Entry, Event]] = []
    for each, event in view.facts.of(Event):
        if entry.id not in event.about:
            continue
        if event.kind == "resumed":
            stops.clear()
        elif event.kind in _STOPS:
            stops.append((each, event))
        elif _shows_it_done(event, str(entry.id)):
            until = min(end_of(each.occurred, view.case.zone), view.on)
            if last_until is None or until >= last_until:
                last, last_until = each, until
            stops = [stop for stop in stops if view.facts.start(stop[0]) > view.facts.start(each)]
    return Series(entry, body, last, tuple(stops))


def _shows_it_done(event: Event, undertaking: str) -> bool:
    shown = event.shows.get(undertaking)
    return shown in ("performed", "part") or (shown is None and event.kind in _DONE)


def _reason(event: Event, entry: Entry) -> str:
    by = f" by {words.listed(event.party)}" if event.party else ""
    match event.kind:
        case "suspended_by_agreement":
            return "paused by agreement"
        case "refusal":
            return f"refused{by}"
        case "suspension_claimed":
            disputed = ", disputed" if entry.standing == "disputed" else ""
            return f"suspended{by} alone{disputed}" if len(event.party) == 1 else f"suspended{by}"
        case "countermeasure":
            reversible = ", reversible" if event.reversible else ""
            return f"stopped{by} as a countermeasure{reversible}"
        case "terminated":
            return "ended"
        case _:
            return f"not done{by}"


def chain(view: View, found: Series) -> str:
    """What stopped it, act by act: "1 Apr 2020 paused by agreement; 8 Aug 2022 refused by RUS".

    Acts of one kind that follow each other are one, from the first to the last of their days.
    """
    told: list[tuple[str, list[str]]] = []
    for entry, event in found.stops:
        reason, day = _reason(event, entry), day_of(view, entry)
        if told and told[-1][0] == reason:
            told[-1][1].append(day)
        else:
            told.append((reason, [day]))
    return "; ".join(
        f"{days[0]} {reason}" if len(days) == 1 else f"{days[0]} to {days[-1]} {reason}"
        for reason, days in told
    )


def missed(found: Series) -> tuple[Entry, str] | None:
    """The first time that nothing was done, and why; else the first act that stopped it."""
    if not found.stops:
        return None
    not_done = [stop for stop in found.stops if stop[1].kind == "not_done"]
    entry, event = (not_done or [*found.stops])[0]
    return entry, _reason(event, entry)


def what_stopped(view: View) -> Section | None:
    """The recurring undertakings that have stopped, and why; below, each act that stopped them."""
    stopped = [found for found in series(view) if found.stops]
    columns = (
        Column("Undertaking", 3),
        Column("last seen done", 1.4),
        Column("stopped since", 1.8),
        Column("now", 2.2),
    )
    rows = tuple(_row(view, found) for found in stopped)
    return section(
        "stopped",
        "What has stopped, and why",
        Table(columns, rows),
        points(_acts(view, stopped)),
    )


def _row(view: View, found: Series) -> Row:
    first, now = found.stops[0][0], found.stops[-1][0]
    since = (view.on - view.facts.start(first)).days
    days = f", {words.plural(since, 'day')}" if since else ""
    what = f"{found.undertaking.id} {words.listed(found.body.by)}: {words.small(found.body.what)}"
    last = cell(last_day_of(view, found.last), found.last) if found.last else quiet("not entered")
    stops = [entry for entry, _ in found.stops]
    notes = (quiet(f"{words.capital(chain(view, found))}.", *stops),) if len(stops) > 1 else ()
    return Row(
        (
            cell(what, found.undertaking),
            last,
            cell(f"{day_of(view, first)}{days}", first),
            cell(_now(found), now, tone="strong"),
        ),
        notes,
    )


def _now(found: Series) -> str:
    """Why nothing is done now; of what has ended, also why nothing was done before."""
    entry, event = found.stops[-1]
    if event.kind == "terminated" and len(found.stops) > 1:
        before_entry, before = found.stops[-2]
        return f"ended; before that {_reason(before, before_entry)}"
    return _reason(event, entry)


def _acts(view: View, stopped: list[Series]) -> list[Point]:
    """Each act once, in order of time, with the undertakings that it stopped."""
    acts: dict[str, tuple[Entry, Event, list[str]]] = {}
    for found in stopped:
        for entry, event in found.stops:
            acts.setdefault(str(entry.id), (entry, event, []))[2].append(str(found.undertaking.id))
    return [
        Point(
            day_of(view, entry),
            cell(f"{event.what or _reason(event, entry)} ({words.listed(names)})", entry),
        )
        for entry, event, names in sorted(
            acts.values(), key=lambda act: (view.facts.start(act[0]), act[0].seq)
        )
    ]


class Watched(msgspec.Struct, frozen=True):
    """A means of looking that an undertaking lets one side use: its last look, what stopped it."""

    means: Entry
    name: str
    last: Entry | None
    days: int | None  # since the last day of the last look
    series: Series


def looks_granted(view: View) -> tuple[Watched, ...]:
    """The means of looking that rest on an undertaking of the other side to let them happen.

    Such an undertaking recurs, is owed to whose means it is, and names its type among the agreed
    means.
    """
    today = view.on.astimezone(view.case.zone).date()
    granted = []
    for found in series(view):
        for entry, means in view.facts.of(Means):
            if means.type not in found.body.verification or means.party not in found.body.to:
                continue
            last = view.last_made(str(entry.id))
            days = None
            if last is not None:
                last_day = min(words.last_day(last.occurred, view.case.zone), today)
                days = (today - last_day).days
            granted.append(Watched(entry, means.name, last, days, found))
    return tuple(granted)
