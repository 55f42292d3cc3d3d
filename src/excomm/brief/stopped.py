"""What is done again and again, and has stopped: since when, on whose act, and for which reason.

Inspections, exchanges of data, notices, sessions. Paused by agreement, refused, suspended by one
side, stopped as a countermeasure, ended: the same nothing is seen behind each, and each says
something else about who may begin again. Nothing is added up here, and no side is taken.
"""

from datetime import datetime, timedelta

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, last_day_of, quiet, section
from excomm.brief.structs import Column, Row, Section, Table
from excomm.case import View
from excomm.entries import Entry, end_of
from excomm.entries.kinds import Event, Look, Means, Undertaking

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

    @property
    def reason(self) -> str:
        """Why nothing is done now: the last act that stopped it."""
        return _reason(self.stops[-1][1], self.stops[-1][0]) if self.stops else ""


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
    """What stopped it, act by act: "paused by agreement 1 Apr 2020, refused by RUS 8 Aug 2022".

    Acts of one kind that follow each other are one, from the first to the last of their days.
    """
    told: list[list[str]] = []
    for entry, event in found.stops:
        reason, day = _reason(event, entry), day_of(view, entry)
        if told and told[-1][0] == reason:
            told[-1].append(day)
        else:
            told.append([reason, day])
    return ", ".join(
        f"{reason} {days[0]}" if len(days) == 1 else f"{reason} {days[0]} to {days[-1]}"
        for reason, *days in told
    )


def what_stopped(view: View) -> Section | None:
    """The recurring undertakings that have stopped, each with the acts that stopped it."""
    rows = []
    for found in series(view):
        if not found.stops:
            continue
        first, now = found.stops[0][0], found.stops[-1][0]
        since = view.on - view.facts.start(first)
        days = f", {words.plural(since.days, 'day')}" if since >= timedelta(days=1) else ""
        acts = [
            quiet(f"{day_of(view, entry)} {_reason(event, entry)}{_told(event)}.", entry)
            for entry, event in found.stops
        ]
        rows.append(
            Row(
                (
                    cell(
                        f"{found.undertaking.id} {words.listed(found.body.by)}:"
                        f" {words.small(found.body.what)}",
                        found.undertaking,
                    ),
                    cell(f"{last_day_of(view, found.last)}", found.last)
                    if found.last
                    else quiet("never entered"),
                    cell(f"{day_of(view, first)}{days}", first),
                    cell(found.reason, now, tone="strong"),
                ),
                tuple(acts),
            )
        )
    columns = (
        Column("Undertaking", 3),
        Column("last seen done", 1.4),
        Column("stopped since", 1.8),
        Column("now", 2.2),
    )
    return section("stopped", "What has stopped, and why", Table(columns, tuple(rows)))


def _told(event: Event) -> str:
    return f": {event.what}" if event.what else ""


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
            made = [each for each, look in view.looks if _is_made(look, str(entry.id))]
            last = max(made, key=lambda e: end_of(e.occurred, view.case.zone), default=None)
            days = None
            if last is not None:
                last_day = min(words.last_day(last.occurred, view.case.zone), today)
                days = (today - last_day).days
            granted.append(Watched(entry, means.name, last, days, found))
    return tuple(granted)


def _is_made(look: Look, means: str) -> bool:
    return look.means == means and look.outcome == "made" and look.number != 0
