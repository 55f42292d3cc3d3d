"""Where nobody has looked for longest, what a look came to, what was lost.

"Not looked" is never "not there": a site that no look reached has its own word and its own look.
"""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from excomm.brief import words
from excomm.brief.allegations import would_settle
from excomm.brief.attribution import cell, day_of, name_of, not_computed, points, quiet, section
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Event, Look
from excomm.errors import InputError

if TYPE_CHECKING:
    from excomm.watch.from_facts import SiteSeen

_RECENT_DAYS = 21
_SHOWN_MAX = 24  # of each kind of loss: the latest


def look_next(view: View) -> Section | None:
    """Sites by days since the last look that came off; sites with the same story share a row."""
    groups: dict[tuple[str, str], list[SiteSeen]] = {}
    for site in view.sites_seen:
        story = tuple(str(entry.id) if entry else "" for entry in (site.last, site.tried))
        groups.setdefault((story[0], story[1]), []).append(site)
    rows = tuple(_row(view, sites) for sites in groups.values())
    title = "Look next: sites by days unseen"
    somewhere = [*_somewhere(view)]
    if somewhere and [*groups] == [("", "")]:
        # Somewhere was looked, and no row says where: no site can be called unseen.
        sites = groups["", ""]
        text = f"no look names one of the {len(sites)} sites: which were seen, and when, is open"
        point = Point("sites", cell(text, *(site.site for site in sites), tone="unknown"))
        return section("looks", title, points([point, *somewhere]), would_settle(view))
    told = points([*_best(view), *somewhere])
    return section("looks", title, Table(_COLUMNS, rows), told, would_settle(view))


def _best(view: View) -> Iterator[Point]:
    """The look that raises the least detection most for its cost, where that can be computed."""
    if not view.watched_items:
        return
    try:
        looks = view.next_looks()
    except InputError as fault:
        yield Point("next look", cell(not_computed(fault), tone="unknown"))
        return
    for look in looks[:1]:
        chances = (look.before.best, look.after.best, look.after.low, look.after.high)
        before, after, low, high = (words.probability(one) for one in chances)
        before = before if look.before.best > 0 else "0"
        found = f"found in time {before}, then {after} ({low} to {high})"
        site = view.facts.get(look.site)
        text = f"{look.name}, {look.means_name}: {found}"
        yield Point("next look", cell(text, *([site] if site else [])))


def each_site(view: View) -> Section | None:
    """The same with a row of its own for every site."""
    rows = tuple(_row(view, [site]) for site in view.sites_seen)
    told = points(_somewhere(view))
    return section("looks", "Sites by days unseen", Table(_COLUMNS, rows), told)


_COLUMNS = (
    Column("Site", 3),
    Column("unseen", 1.1, figures=True),
    Column("last look", 2.2),
    Column("tried since", 2.6),
)


def _row(view: View, sites: "list[SiteSeen]") -> Row:
    last, tried, days = sites[0].last, sites[0].tried, sites[0].days
    never = last is None or days is None
    names = cell(
        ", ".join(site.name for site in sites),
        *(site.site for site in sites),
        tone="strong" if never else "plain",
    )
    after = _tried(view, tried) if tried else quiet("nothing entered")
    if last is None or days is None:
        return Row((names, quiet("–"), cell("not looked", tone="unknown"), after))
    how = name_of(view, last.body.means) if isinstance(last.body, Look) else "count there"
    unseen = words.plural(days, "day") if days else "today"
    return Row((names, cell(unseen), cell(f"{day_of(view, last)}, {how}", last), after))


def _tried(view: View, entry: Entry) -> Cell:
    look = entry.body
    assert isinstance(look, Look)
    outcome = {"authorized": "authorized, no outcome"}.get(look.outcome, look.outcome)
    by = f" by {look.refused_by}" if look.refused_by else ""
    return cell(f"{day_of(view, entry)}, {name_of(view, look.means)} {outcome}{by}", entry)


def _somewhere(view: View) -> Iterator[Point]:
    """The latest look of each means that came off and named no site: nobody can say what it saw."""
    found = {
        look.means: (entry, look)
        for entry, look in view.looks_apart
        if look.outcome == "made" and not look.sites and look.coverage is None and look.number != 0
    }
    if found:
        text = "; ".join(
            f"{day_of(view, entry)}, {name_of(view, look.means)}" for entry, look in found.values()
        )
        yield Point("sites not named", cell(text, *(entry for entry, _ in found.values())))


def losses(view: View) -> Section | None:
    """What looking has cost so far; of the last three weeks, the gaps and what did not come off."""
    lost = [(entry, look) for entry, look in view.looks_apart if look.lost]
    found = []
    if lost:
        total = sum(look.lost for _, look in lost)
        told = "; ".join(
            f"{day_of(view, entry)}: {look.what or name_of(view, look.means)}"
            for entry, look in lost[-_SHOWN_MAX:]
        )
        if len(lost) > _SHOWN_MAX:
            told = f"{words.number(len(lost) - _SHOWN_MAX)} earlier, in the ledger; {told}"
        found.append(Point(f"{total} lost", cell(told, *(entry for entry, _ in lost))))
    gaps = [
        (entry, event.what)
        for entry, event in view.facts.of(Event)
        if event.kind == "access_gap" and _is_recent(view, entry)
    ]
    found += _latest(view, "no look", gaps)
    by_outcome: dict[str, list[tuple[Entry, str]]] = {one: [] for one in _NOT_LOOKED}
    for entry, look in view.looks_apart:
        outcome: str = look.outcome
        if look.number == 0:
            outcome = "no look" if outcome in ("made", "failed") else ""
        elif look.lost:
            continue
        if outcome in by_outcome and _is_recent(view, entry):
            what = look.what if look.number == 0 else look.what or name_of(view, look.means)
            by_outcome[outcome].append((entry, what))
    for outcome, rows in by_outcome.items():
        found += _latest(view, outcome, rows)
    return section("losses", "Lost, and not looked", points(found))


_NOT_LOOKED = ("no look", "refused", "aborted", "failed")


def _latest(view: View, label: str, rows: list[tuple[Entry, str]]) -> Iterator[Point]:
    """A line for each of the latest; of those before, how many."""
    before = rows[:-_SHOWN_MAX]
    if before:
        text = f"{words.number(len(before))} earlier ones since {day_of(view, before[0][0])}"
        yield Point(label, cell(f"{text}, in the ledger", *(entry for entry, _ in before)))
    for entry, what in rows[-_SHOWN_MAX:]:
        yield Point(label, cell(f"{day_of(view, entry)}: {what}", entry))


def _last(view: View, entry: Entry, today: date) -> date:
    return min(words.last_day(entry.occurred, view.case.zone), today)


def _is_recent(view: View, entry: Entry) -> bool:
    today = view.on.astimezone(view.case.zone).date()
    return (today - _last(view, entry, today)).days <= _RECENT_DAYS
