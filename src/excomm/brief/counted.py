"""Declared against counted: by carrier and item, with the differences and what is still at sites.

The latest declaration and the latest count of each carrier stand side by side; a difference of
which only the size is known stands alone. A total is the latest one given, else the carriers' sum.
"""

from collections.abc import Iterable

import msgspec

from excomm.brief import words
from excomm.brief.attribution import cell, day_of, name_of, points, quiet, section, who
from excomm.brief.declared import declared_only
from excomm.brief.structs import Cell, Column, Point, Row, Section, Table, Tone
from excomm.case import View
from excomm.entries import Entry
from excomm.entries.kinds import Assessment, Count, Declaration
from excomm.entries.language import Number

_DAYS_SHOWN = 2


class Tally(msgspec.Struct, frozen=True):
    """One carrier, or all of them: the latest declaration and the latest count."""

    name: str
    declared: tuple[Entry, Declaration] | None
    counted: tuple[Entry, Count] | None
    added: tuple[Entry, ...] = ()  # what a total was added up from, where nobody gave one

    @property
    def difference(self) -> Number | None:
        """Counted less declared; None where it cannot be told."""
        if self.counted is not None and self.counted[1].difference is not None:
            return self.counted[1].difference
        if self.declared is None or self.counted is None:
            return None
        said, seen = self.declared[1].number, self.counted[1].number
        return None if said is None or seen is None else seen - said

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What the tally rests on."""
        found = [pair[0] for pair in (self.declared, self.counted) if pair is not None]
        return tuple(dict.fromkeys((*found, *self.added)))


class ItemTally(msgspec.Struct, frozen=True):
    """One item on its way out: the whole, and by carrier."""

    item: str
    name: str
    unit: str
    whole: Tally
    carriers: tuple[Tally, ...]

    @property
    def differing(self) -> tuple[Tally, ...]:
        """The carriers whose count is not what was declared."""
        return tuple(tally for tally in self.carriers if tally.difference)


def tallies(view: View) -> tuple[ItemTally, ...]:
    """Every item that somebody declared or counted on its way out.

    Left out: what several sides declare, or under a limit, and nobody counts (`declared_only`).
    """
    apart = declared_only(view)
    declared = [(e, d) for e, d in view.facts.of(Declaration) if not d.site and d.item not in apart]
    leaving = [(e, c) for e, c in view.facts.of(Count) if c.moving == "leaving"]
    items = dict.fromkeys([d.item for _, d in declared] + [c.item for _, c in leaving])
    return tuple(
        _item_tally(
            view,
            item,
            [(e, d) for e, d in declared if d.item == item],
            [(e, c) for e, c in leaving if c.item == item],
        )
        for item in items
    )


def _item_tally(
    view: View,
    item: str,
    declared: list[tuple[Entry, Declaration]],
    counted: list[tuple[Entry, Count]],
) -> ItemTally:
    said = {d.carrier: (e, d) for e, d in declared if d.carrier and d.scope == "own"}
    seen = {c.carrier: (e, c) for e, c in counted if c.carrier and c.scope == "own"}
    names = dict.fromkeys([*said, *seen])
    said_whole = [(e, d) for e, d in declared if d.scope == "total" or not d.carrier]
    seen_whole, added = _counted_whole(view, counted)
    entry = view.facts.get(item)
    return ItemTally(
        item,
        name_of(view, item),
        getattr(entry.body, "unit", "") if entry else "",
        Tally("all", said_whole[-1] if said_whole else None, seen_whole, added),
        tuple(Tally(name, said.get(name), seen.get(name)) for name in names),
    )


def _counted_whole(
    view: View, counted: list[tuple[Entry, Count]]
) -> tuple[tuple[Entry, Count] | None, tuple[Entry, ...]]:
    """The latest total; else, or where it is later and larger, the sum over carriers and sites.

    The rule of the assurance figures, so that both speak of one number. Also what was added up.
    """
    totals = [(e, c) for e, c in counted if c.scope == "total"]
    own = [(e, c) for e, c in counted if c.scope == "own" and c.difference is None]
    parts = list({c.carrier or c.site or str(e.id): (e, c) for e, c in own}.values())
    if not parts:
        return (totals[-1] if totals else None), ()
    last, body = max(parts, key=lambda pair: view.facts.start(pair[0]))
    summed = msgspec.structs.replace(
        body,
        number=_sum(c.number for _, c in parts),
        low=_sum(c.number if c.low is None else c.low for _, c in parts),
        high=_sum(c.number if c.high is None and c.low is None else c.high for _, c in parts),
        scope="total",
    )
    if totals:
        entry, total = totals[-1]
        later = view.facts.local_day(last) > view.facts.local_day(entry)
        if not (later and (summed.number or 0) > (total.number or 0)):
            return (entry, total), ()
    return (last, summed), tuple(e for e, _ in parts)


def _sum(figures: Iterable[Number | None]) -> Number | None:
    """None where one of them is not known."""
    known = list(figures)
    found = [each for each in known if each is not None]
    return sum(found) if len(found) == len(known) else None


def declared_and_counted(view: View) -> Section | None:
    """The table of ships and items: what was declared, what was counted, what differs."""
    rows = [row for tally in tallies(view) for row in _rows(view, tally)]
    return section(
        "counted",
        _TITLE,
        Table(_COLUMNS, tuple(rows)),
        points([*_estimates(view), *_at_sites(view)]),
    )


def of_item(view: View, item: str) -> Section | None:
    """The same of one item alone."""
    rows = [row for tally in tallies(view) if tally.item == item for row in _rows(view, tally)]
    told = [*_estimates(view, item), *_at_sites(view, item)]
    return section("counted", _TITLE, Table(_COLUMNS, tuple(rows)), points(told))


_TITLE = "Declared against counted"
_COLUMNS = (
    Column("Item, carrier", 2.2),
    Column("declared", 1, figures=True),
    Column("counted", 1, figures=True),
    Column("differs", 0.8, figures=True),
    Column("when, whose word", 3),
)


def _rows(view: View, tally: ItemTally) -> list[Row]:
    order = sorted(tally.carriers, key=lambda t: (not t.difference, t.name))
    rows = [_row(view, tally.item, each) for each in order]
    if tally.whole.declared or tally.whole.counted:
        whole = msgspec.structs.replace(tally.whole, name=f"{tally.name}, all carriers")
        rows.append(msgspec.structs.replace(_row(view, tally.item, whole), total=True))
    return rows


def _row(view: View, item: str, tally: Tally) -> Row:
    differs = tally.difference
    tone: Tone = "warning" if differs else "plain"
    return Row(
        (
            cell(tally.name, tone="strong" if differs else "plain"),
            _declared(tally),
            _counted(tally),
            cell("" if differs is None else words.signed(differs), *tally.entries, tone=tone),
            _when(view, tally),
        )
    )


def _declared(tally: Tally) -> Cell:
    if tally.declared is None:
        return cell("–", tone="quiet")
    entry, body = tally.declared
    return cell(words.amount(body.number, body.low, body.high), entry)


def _counted(tally: Tally) -> Cell:
    if tally.counted is None:
        return cell("not counted", tone="quiet")
    entry, body = tally.counted
    if body.number is None and body.low is None and body.high is None:
        return cell("–", entry, tone="quiet")
    return cell(words.amount(body.number, body.low, body.high), entry)


def _when(view: View, tally: Tally) -> Cell:
    told = []
    if tally.declared is not None:
        entry, body = tally.declared
        told.append(f"{body.party} {day_of(view, entry)}{_unread(entry)}{_corrected(view, entry)}")
    if tally.counted is not None:
        entry, _ = tally.counted
        by = f"{who(view, entry.by)} " if entry.by else ""
        told.append(f"counted {by}{day_of(view, entry)}{_unread(entry)}{_corrected(view, entry)}")
    return quiet("; ".join(told), *tally.entries)


def _corrected(view: View, entry: Entry) -> str:
    if entry.corrects is None:
        return ""
    zone = view.case.zone
    day = entry.recorded.astimezone(zone).date()
    return f" (corrected {words.day_month(day, view.on.astimezone(zone).date())})"


def _unread(entry: Entry) -> str:
    return {"unverified": " (unverified)", "low": " (our inference)"}.get(entry.reading, "")


def _estimates(view: View, item: str = "") -> list[Point]:
    """The latest estimate of each item by each author: neither declared nor counted."""
    latest = {
        (a.item, entry.by, a.unit): (entry, a)
        for entry, a in view.facts.of(Assessment)
        if a.item and item in ("", a.item) and (a.number is not None or a.low is not None)
    }
    return [
        Point(
            "estimate",
            cell(
                f"{name_of(view, a.item)}: {words.amount(a.number, a.low, a.high)}"
                f" ({who(view, entry.by) or 'nobody named'}, {day_of(view, entry)}: {a.statement})",
                entry,
            ),
        )
        for entry, a in latest.values()
    ]


def _at_sites(view: View, only: str = "") -> list[Point]:
    """What was counted where, the last two days of counting at each place; nothing is added up."""
    present: dict[tuple[str, str], list[tuple[Entry, Count]]] = {}
    for entry, c in view.facts.of(Count):
        if c.moving == "present" and not c.carrier and only in ("", c.item):
            present.setdefault((c.item, c.site), []).append((entry, c))
    return [
        Point(
            "in place",
            cell(
                f"{name_of(view, item)}{f', {name_of(view, site)}' if site else ''}:"
                f" {_by_day(view, rows)}",
                *(entry for entry, _ in rows),
            ),
        )
        for (item, site), rows in present.items()
    ]


def _by_day(view: View, rows: list[tuple[Entry, Count]]) -> str:
    days: dict[str, list[str]] = {}
    last = None
    for entry, c in reversed(rows):
        day = view.facts.local_day(entry)
        if len(days) > _DAYS_SHOWN and day != last:
            break
        last = day
        days.setdefault(day_of(view, entry), []).insert(0, f"{_seen(c)}{_unread(entry)}")
    return "; ".join(f"{day} {', '.join(seen)}" for day, seen in [*days.items()][:_DAYS_SHOWN])


def _seen(count: Count) -> str:
    figure = words.amount(count.number, count.low, count.high)
    if figure == "?":
        return count.what or "seen, not counted"
    return f"{figure} {count.what}".rstrip()
