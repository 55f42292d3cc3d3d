"""Where nobody has looked for longest, what a look came to, what was lost.

"Not looked" is never "not there": a site that no look reached has its own word and its own look.
"""

from collections.abc import Iterator
from datetime import date

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, name_of, points, quiet, section
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Count, Event, Look, Site

_SHOWN = 12


class SiteSeen(msgspec.Struct, frozen=True):
    """When a site was last seen with success, and what was tried since."""

    site: Entry
    name: str
    last: Entry | None  # a look made, or a count taken there
    days: int | None  # since then; None: never looked
    tried: Entry | None = None  # the latest attempt without success after it


def sites_seen(view: View) -> tuple[SiteSeen, ...]:
    """Every site of the case, the never looked-at first, then by days since the last look."""
    today = view.on.astimezone(view.case.zone).date()
    within = {str(entry.id): site.within for entry, site in view.facts.of(Site)}
    holders = {outer for outer in within.values() if outer}
    found = []
    for entry, site in view.facts.of(Site):
        if entry.id in holders:
            continue  # an area is seen by its sites
        places = set(_places(str(entry.id), within))
        last = tried = None
        for attempt in _attempts(view, places):
            body = attempt.body
            if isinstance(body, Count) or (isinstance(body, Look) and body.outcome == "made"):
                last, tried = attempt, None
            else:
                tried = attempt
        days = (today - _last(view, last, today)).days if last else None
        found.append(SiteSeen(entry, site.name, last, days, tried))
    return tuple(sorted(found, key=lambda s: (s.days is not None, -(s.days or 0), s.name)))


def _places(site: str, within: dict[str, str]) -> Iterator[str]:
    """The site and every larger one around it."""
    seen: set[str] = set()
    while site and site not in seen:
        seen.add(site)
        yield site
        site = within.get(site, "")


def _attempts(view: View, places: set[str]) -> list[Entry]:
    looks = [entry for entry, look in view.looks if not look.sites or places & set(look.sites)]
    counts = [
        entry
        for entry, count in view.facts.of(Count)
        if count.site in places and count.moving == "present"
    ]
    return sorted([*looks, *counts], key=lambda entry: (view.facts.start(entry), entry.seq))


def _last(view: View, entry: Entry, today: date) -> date:
    return min(words.last_day(entry.occurred, view.case.zone), today)


def look_next(view: View) -> Section | None:
    """Sites by days since the last successful look."""
    seen = sites_seen(view)
    rows = [_row(view, site) for site in seen[:_SHOWN]]
    rest = len(seen) - len(rows)
    more = [Point("", quiet(f"{words.plural(rest, 'more site')}, seen more lately."))]
    columns = (
        Column("Site", 2),
        Column("days unseen", 1.2, figures=True),
        Column("last look", 2),
        Column("tried since", 2.4),
    )
    never = sum(site.days is None for site in seen)
    title = "Look next"
    if never:
        title = f"Look next: {never} of {words.plural(len(seen), 'site')} never looked at"
    return section("looks", title, Table(columns, tuple(rows)), points(more if rest > 0 else ()))


def _row(view: View, seen: SiteSeen) -> Row:
    tried = _tried(view, seen.tried) if seen.tried else cell("nothing entered", tone="quiet")
    if seen.last is None or seen.days is None:
        last = cell("not looked", tone="unknown")
        return Row((cell(seen.name, seen.site, tone="strong"), cell("–"), last, tried))
    body = seen.last.body
    how = name_of(view, body.means) if isinstance(body, Look) else "count"
    return Row(
        (
            cell(seen.name, seen.site),
            cell(words.number(seen.days)),
            cell(f"{day_of(view, seen.last)}, {how}", seen.last),
            tried,
        )
    )


def _tried(view: View, entry: Entry) -> Cell:
    look = entry.body
    assert isinstance(look, Look)
    outcome = {"authorized": "authorized, outcome not entered"}.get(look.outcome, look.outcome)
    by = f" by {look.refused_by}" if look.refused_by else ""
    return cell(f"{name_of(view, look.means)} {outcome}{by}, {day_of(view, entry)}", entry)


def losses(view: View) -> Section | None:
    """What looking has cost so far, the days nobody could look, and what was aborted."""
    lost = [(entry, look) for entry, look in view.looks if look.lost]
    found = []
    if lost:
        total = sum(look.lost for _, look in lost)
        days = words.listed([day_of(view, entry) for entry, _ in lost])
        found.append(Point("lost", cell(f"{total} ({days})", *(e for e, _ in lost))))
    gaps = [
        (entry, event.what) for entry, event in view.facts.of(Event) if event.kind == "access_gap"
    ]
    gaps += [(entry, look.what) for entry, look in view.looks if look.number == 0]
    for entry, what in gaps:
        found.append(Point("not looked", cell(f"{day_of(view, entry)}: {what}", entry)))
    for outcome in ("aborted", "failed", "refused"):
        for entry, look in view.looks:
            if look.outcome == outcome and look.number != 0:
                count = f"{words.number(look.number)} " if look.number else ""
                what = look.what or f"{count}{name_of(view, look.means)}"
                found.append(Point(outcome, cell(f"{day_of(view, entry)}: {what}", entry)))
    return section("losses", "Lost, and not looked", points(found))
