"""Declared and not counted: each side's own figures against the limits it undertook to keep.

On whose word, as of when, known when, how old, how far from the limit, and how much such a figure
usually moves. What nobody declared is not zero: no row stands for it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from statistics import median_high
from typing import TYPE_CHECKING, Literal

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, name_of, points, quiet, section
from excomm.brief.stopped import missed, series
from excomm.brief.structs import Column, Point, Row, Section, Table, Tone
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Count, Declaration, Event, Item, Undertaking
from excomm.entries.language import Number

if TYPE_CHECKING:
    from excomm.terms import Status

_STEPS_LEAST = 3  # fewer changes say nothing of what is usual

Binds = Literal["not yet", "now", "ended"]


class Limit(msgspec.Struct, frozen=True):
    """What a party may hold of an item at most, and whether that binds it on this day."""

    number: Number
    undertakings: tuple[Entry, ...]
    binds: Binds
    starts: date | None  # the first day it binds, where that is known


class Held(msgspec.Struct, frozen=True):
    """What a party last declared of an item, and the limit it stands against."""

    party: str
    item: str
    name: str
    entry: Entry
    number: Number
    age_days: int
    usual_step: Number | None  # median of the changes from one declared day to the next
    limit: Limit | None

    @property
    def margin(self) -> Number | None:
        """Declared less the limit: above zero is over it. None without a limit."""
        return None if self.limit is None else self.number - self.limit.number


def declared_only(view: View) -> tuple[str, ...]:
    """The items that are declared as wholes and never counted, by several sides or under a limit.

    In the order in which the case names its items.
    """
    counted = {c.item for _, c in view.facts.of(Count)}
    parts = {d.item for _, d in view.facts.of(Declaration) if d.carrier or d.site}
    sides: dict[str, set[str]] = {}
    for _, d in view.facts.of(Declaration):
        sides.setdefault(d.item, set()).add(d.party)
    limited = {item for _, item in limits(view)}
    return tuple(
        str(entry.id)
        for entry, _ in view.facts.of(Item)
        if entry.id in sides
        and entry.id not in counted
        and entry.id not in parts
        and (len(sides[entry.id]) > 1 or entry.id in limited)
    )


def limits(view: View) -> dict[tuple[str, str], Limit]:
    """The limits that undertakings set, by party and item."""
    item_of = {
        name: str(entry.id)
        for entry, item in view.facts.of(Item)
        for name in (*item.aliases, item.name, str(entry.id))
    }
    found: dict[tuple[str, str], list[tuple[Entry, Number]]] = {}
    for entry, body in view.facts.of(Undertaking):
        if body.modality == "may":
            continue
        for name, number in body.measure.items():
            for party in body.by if name in item_of else ():
                found.setdefault((party, item_of[name]), []).append((entry, number))
    standing = view.standing() if found else {}
    return {
        key: _limit(view, [entry for entry, _ in rows], rows[-1][1], standing)
        for key, rows in found.items()
    }


def _limit(
    view: View, entries: list[Entry], number: Number, standing: "Mapping[str, Status]"
) -> Limit:
    """A state to be reached binds from its deadline, one to be kept from its start."""
    starts: list[date] = []
    over = []
    for entry in entries:
        body, status = entry.body, standing[entry.id]
        assert isinstance(body, Undertaking)
        if body.kind == "maintain":
            over.append(status.state in ("lapsed", "fulfilled"))
        at = status.due if body.kind == "achieve" else status.starts
        if at is not None:
            starts.append(at.astimezone(view.case.zone).date())
    first = min(starts, default=None)
    today = view.on.astimezone(view.case.zone).date()
    binds: Binds = "now"
    if over and all(over):
        binds = "ended"
    elif first is None or today < first:
        binds = "not yet"
    return Limit(number, tuple(entries), binds, first)


def held(view: View) -> tuple[Held, ...]:
    """The latest figure of each party for each item only declared, party by party."""
    only = declared_only(view)
    if not only:
        return ()
    limited = limits(view)
    today = view.on.astimezone(view.case.zone).date()
    by: dict[tuple[str, str], list[tuple[Entry, Number]]] = {}
    for entry, d in view.facts.of(Declaration):
        if d.item in only and d.number is not None:
            by.setdefault((d.party, d.item), []).append((entry, d.number))
    parties = dict.fromkeys(party for party, _ in by)
    found = []
    for party in parties:
        for item in only:
            rows = by.get((party, item))
            if not rows:
                continue
            entry, number = rows[-1]
            steps = [abs(after - before) for (_, before), (_, after) in pairwise(rows)]
            step = median_high(steps) if len(steps) >= _STEPS_LEAST else None
            age = (today - words.last_day(entry.occurred, view.case.zone)).days
            limit = limited.get((party, item))
            name = name_of(view, item)
            found.append(Held(party, item, name, entry, number, max(age, 0), step, limit))
    return tuple(found)


def declared(view: View) -> Section | None:
    """Each side's own figures against the limits; below, what has not been given since, and why."""
    rows = held(view)
    columns = (
        Column("Whose, what", 2.6),
        Column("declared", 0.9, figures=True),
        Column("limit", 0.8, figures=True),
        Column("over, under", 0.9, figures=True),
        Column("usual step", 0.8, figures=True),
        Column("as of, how old, known when", 2.6),
    )
    return section(
        "declared",
        "Declared, and counted by nobody",
        Table(columns, tuple(_row(view, each) for each in rows)),
        points(
            [
                *_binding(view, rows),
                *_denied(view, rows),
                *_not_given(view, rows),
                *_steps(rows),
            ]
        ),
    )


def _row(view: View, each: Held) -> Row:
    margin = each.margin
    over = margin is not None and margin > 0
    tone: Tone = "plain"
    if over and each.limit is not None and each.limit.binds == "now":
        tone = "warning"
    limits_of = each.limit.undertakings if each.limit else ()
    step = "" if each.usual_step is None else f"±{words.number(each.usual_step)}"
    return Row(
        (
            cell(f"{each.party}: {each.name}", each.entry, tone="strong" if over else "plain"),
            cell(words.number(each.number), each.entry),
            cell(words.number(each.limit.number) if each.limit else "–", *limits_of),
            cell("" if margin is None else words.signed(margin), each.entry, tone=tone),
            quiet(step),
            quiet(f"{day_of(view, each.entry)}, {_age(each.age_days)}{_known(view, each.entry)}"),
        )
    )


def _age(days: int) -> str:
    return f"{words.plural(days, 'day')} old" if days else "of today"


def _known(view: View, entry: Entry) -> str:
    """When the desk knew, where that was later than the day the figure speaks of."""
    day = entry.recorded.astimezone(view.case.zone).date()
    if day <= words.last_day(entry.occurred, view.case.zone):
        return ""
    today = view.on.astimezone(view.case.zone).date()
    return f"; known {words.day_month(day, today)}"


def _binding(view: View, rows: tuple[Held, ...]) -> Iterator[Point]:
    today = view.on.astimezone(view.case.zone).date()
    told: dict[tuple[Binds, date | None], list[Entry]] = {}
    for each in rows:
        if each.limit is not None:
            key = (each.limit.binds, each.limit.starts)
            told.setdefault(key, []).extend(each.limit.undertakings)
    for (binds, starts), entries in told.items():
        day = words.day_month(starts, today) if starts else ""
        match binds:
            case "not yet":
                text = f"bind from {day}" if day else "do not bind yet"
                text = f"{text}: a figure over one is no breach before"
            case "now":
                text = f"bind since {day}"
            case "ended":
                text = "bind no more"
        named = {str(each.id) for each in entries}
        names = words.listed([name for name in view.standing() if name in named])
        yield Point("limits", cell(f"{text} ({names})", *entries))


def _denied(view: View, rows: tuple[Held, ...]) -> Iterator[Point]:
    """The latest objection to what a side declares under its limits."""
    parties = dict.fromkeys(each.party for each in rows)
    for party in parties:
        limited = [each.limit.undertakings for each in rows if each.limit and each.party == party]
        names = {str(entry.id) for undertakings in limited for entry in undertakings}
        objections = [
            (entry, event)
            for entry, event in view.facts.of(Event)
            if event.kind == "objection" and names & set(event.about)
        ]
        if objections:
            entry, event = objections[-1]
            yield Point("denied", cell(f"to {party}, {day_of(view, entry)}: {event.what}", entry))


def _not_given(view: View, rows: tuple[Held, ...]) -> Iterator[Point]:
    """Since when a side has not given the figures that it owes by the calendar, and why."""
    parties = dict.fromkeys(each.party for each in rows)
    for party in parties:
        for found in series(view):
            first = missed(found)
            if party in found.body.by and found.body.each is not None and first is not None:
                entry, reason = first
                what = getattr(entry.body, "what", "")
                said = f"{found.undertaking.id} {reason}" + (f": {what}" if what else "")
                text = f"since {day_of(view, entry)} ({said})"
                yield Point("not given", cell(text, entry))


def _steps(rows: tuple[Held, ...]) -> Iterator[Point]:
    if any(each.usual_step is not None for each in rows):
        yield Point(
            "usual step",
            quiet("half of all changes from one declared day to the next were no larger"),
        )
