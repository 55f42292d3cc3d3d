"""From the facts of a case to one item's assurance: which entries count, and how.

The rules of choice stand in docs/assurance.md; the arithmetic stands in the engines. No number is
made up: whatever is in no record comes from an assumption that somebody entered, and what is left
out is said. "Not looked" is never "not there".
"""

from datetime import date, timedelta
from hashlib import sha256

import msgspec

from excomm.assurance.assumed import Assumptions
from excomm.assurance.counted import Counted, CountedOut, at_once, counted_out, usable_counts
from excomm.assurance.exit_range import Counting, ExitRange, exit_range
from excomm.assurance.interval import Interval
from excomm.assurance.item import ItemAssurance
from excomm.assurance.joint import ByDay, joint, unseen, worst
from excomm.assurance.looked import Looked, Places, looked
from excomm.entries import Entry, end_of, lines
from excomm.entries.kinds import Assumption, Count, Declaration, Item, Look, Means, Site
from excomm.errors import InputError
from excomm.fold import Facts

_ABOUT_ITEM = (".stock", ".prob_retained", ".exit.missed", ".exit.twice", ".arrival")
_NEVER = Interval.exactly(0.0)


def items_with_figures(facts: Facts) -> tuple[str, ...]:
    """The items of which a figure can be asked: those with an assumption of their own.

    In the order in which the case names its items. Some of their assumptions may be missing;
    `item_assurance` then says which row to add.
    """
    assumed = {
        body.name.removesuffix(ending)
        for _, body in facts.of(Assumption)
        for ending in _ABOUT_ITEM
        if body.name.endswith(ending)
    }
    return tuple(entry.id for entry, _ in facts.of(Item) if entry.id in assumed)


def item_assurance(facts: Facts, item: str) -> ItemAssurance:
    """How sure we are that none of an item is left and none was brought back.

    Raises InputError for an unknown item, an assumption that is missing or out of its range, and
    entries that contradict each other or the assumptions; each names the entries.
    """
    about = _item(facts, item)
    on = facts.on.astimezone(facts.zone).date()
    assumed = Assumptions(facts.of(Assumption))
    rows = [(entry, count) for entry, count in facts.of(Count) if count.item == item]
    counts, unusable = usable_counts(rows, item, about, lambda entry: _days(facts, entry, on))
    out, not_added = counted_out(counts)
    stock, raised = _stock(assumed, item, counts)
    retained = assumed.chance(f"{item}.prob_retained", "the chance that some were kept back")
    counting = _counting(assumed, item, out, stock)
    arrival = assumed.chance(f"{item}.arrival", "the chance a day that one is brought back")
    # Nothing counted out: the prior stands alone, and holds from the day it is dated.
    start = out.day if out else facts.local_day(assumed.entry(f"{item}.prob_retained"))
    seen = [one for one in counts if one.is_sighting and (out is None or one.first > out.day)]
    looks = looked(
        facts.of(Look),
        item,
        [count for _, count in rows],
        counts,
        Places(facts.of(Site)),
        assumed,
        span=(start, on),
        day_of=facts.local_day,
        name_of=lambda means: _means_name(facts, means),
    )
    try:
        left = _kept_back(stock, retained, counting, looks, seen)
        both = joint(left.prob_none, arrival, looks.detection)
    except InputError as fault:
        raise fault.at(f"assurance of {item}") from None
    days = tuple(start + timedelta(n) for n in range((on - start).days + 1))
    at_worst = worst(looks.detection)
    seen_number = float(at_once(seen))
    used = [one.entry for one in seen] + list(out.entries if out else ()) + list(looks.used)
    resting = [entry for entry, _ in assumed.used.values()]
    return ItemAssurance(
        item=item,
        name=about.name,
        on=on,
        prob_none_left_nor_back=_NEVER if seen else both.none_left_nor_back,
        prob_none_left=_NEVER if seen else both.none_left,
        prob_none_back=_NEVER if seen else both.none_back,
        remaining_mean=_at_least(left.mean, seen_number),
        remaining_upper95=_at_least(left.upper95, seen_number),
        worst_case_miss=at_worst.miss,
        worst_site=looks.places[at_worst.place],
        days=days,
        prob_absent_by_day=_none_from(seen, days, both.by_period),
        last_look=looks.last,
        days_unseen=(on - looks.last).days if looks.last else None,
        seen_after=tuple(one.entry.id for one in seen),
        counted_out=tuple(entry.id for entry in (out.entries if out else ())),
        looks=tuple(entry.id for entry in looks.used),
        assumed=tuple(entry.id for entry in resting),
        excluded=(*unusable, *not_added, *looks.excluded),
        assumptions=(
            *assumed.words(),
            *raised,
            *_said(facts, item, about, stock, out, left),
            *_model(seen, looks),
        ),
        inputs_digest=_digest([*used, *resting], item, on),
    )


def _item(facts: Facts, item: str) -> Item:
    items = {str(entry.id): body for entry, body in facts.of(Item)}
    if item not in items:
        expected = f"an item of the case: {', '.join(items) or 'none is named'}"
        raise InputError("item", item, expected)
    if not items[item].whole:
        raise InputError(
            f"item {item}", f"measured in {items[item].unit}", "an item counted in whole things"
        )
    return items[item]


def _days(facts: Facts, entry: Entry, on: date) -> tuple[date, date]:
    last = end_of(entry.occurred, facts.zone).astimezone(facts.zone).date()
    return facts.local_day(entry), min(last, on)


def _means_name(facts: Facts, means: str) -> str:
    entry = facts.get(means)
    return entry.body.name if entry and isinstance(entry.body, Means) else means


def _stock(
    assumed: Assumptions, item: str, counts: tuple[Counted, ...]
) -> tuple[Interval, tuple[str, ...]]:
    """The stock as assumed, but no smaller than what was seen there at one time."""
    stock = assumed.number(f"{item}.stock", "how many there were, none having left")
    there = [one for one in counts if one.is_sighting and one.count.moving == "present"]
    seen = at_once(there)
    if seen > stock.high:
        raise InputError(
            f"counts {', '.join(one.entry.id for one in there)}",
            f"{seen} at one time",
            f"at most {stock.high:g}, the high of {item}.stock",
            "Correct the counts or the assumption.",
        )
    if seen <= stock.low:
        return stock, ()
    raised = Interval(seen, max(stock.best, seen), stock.high)
    return raised, (f"stock taken as {raised}: {seen} were seen at one time",)


def _counting(
    assumed: Assumptions, item: str, out: CountedOut | None, stock: Interval
) -> Counting | None:
    if out is None:
        return None
    counting = Counting(
        out.tally,
        assumed.chance(f"{item}.exit.missed", "the chance that one leaving is not counted"),
        assumed.chance(f"{item}.exit.twice", "the chance that one leaving is counted twice"),
    )
    if counting.missed.high + counting.twice.high > 1:
        raise InputError(
            f"assumptions.csv: {item}.exit.missed, {item}.exit.twice",
            f"highs of {counting.missed.high:g} and {counting.twice.high:g}",
            "highs that add to at most 1",
        )
    times = 2 if counting.twice.best > 0 else 1
    if out.tally.best > times * stock.best:
        raise InputError(
            f"counts {', '.join(entry.id for entry in out.entries)}",
            f"{out.tally.best:g} counted out",
            f"at most {times * stock.best:g}: {item}.stock is {stock.best:g},"
            f" each counted {'twice' if times == 2 else 'once'}",
            "Correct the counts or the assumption.",
        )
    return counting


def _kept_back(
    stock: Interval,
    retained: Interval,
    counting: Counting | None,
    looks: Looked,
    seen: list[Counted],
) -> ExitRange:
    if seen and counting is None:
        # Seen, and none counted out: at least so many were kept, whatever was thought before.
        sure = Interval.exactly(1.0)
        return exit_range(stock, sure, None, unseen=sure, at_least=at_once(seen))
    missed = Interval.exactly(1.0) if seen else unseen(looks.detection)
    return exit_range(stock, retained, counting, unseen=missed)


def _at_least(found: Interval, number: float) -> Interval:
    return Interval(max(found.low, number), max(found.best, number), max(found.high, number))


def _none_from(seen: list[Counted], days: tuple[date, ...], by_day: ByDay) -> ByDay:
    first = min((one.first for one in seen), default=date.max)
    low, best, high = (
        tuple(0.0 if day >= first else p for day, p in zip(days, row, strict=True))
        for row in by_day
    )
    return low, best, high


def _said(
    facts: Facts,
    item: str,
    about: Item,
    stock: Interval,
    out: CountedOut | None,
    left: ExitRange,
) -> list[str]:
    said = []
    if out is None:
        said.append("nothing counted out: the figure is the prior and the looks alone")
    if left.stock_excluded:
        numbers = ", ".join(str(n) for n in left.stock_excluded)
        said.append(f"stock of {numbers} left out: no such stock gives this tally")
    declared = [
        (entry, body)
        for entry, body in facts.of(Declaration)
        if body.item == item
        and body.scope == "total"
        and body.number is not None
        and body.unit in ("", about.unit)
        and entry.standing != "disputed"
        and entry.reading != "unverified"
    ]
    if declared:
        entry, body = declared[-1]
        if body.number != stock.best:
            said.append(f"{body.party} declared {body.number} ({entry.id}); stock taken as {stock}")
    return said


def _model(seen: list[Counted], looks: Looked) -> list[str]:
    if seen:
        return [
            "seen after the last count out: what was left and what came back cannot be told apart,"
            " and neither absence is claimed"
        ]
    places = len(looks.places) - 1
    said = [
        f"what is there stays at one of the {places} sites of the case or elsewhere in the area,"
        " each as likely; what is kept together is missed together"
        if places
        else "what is there stays where it is, and what is kept together is missed together"
    ]
    if looks.used:
        said.append("looks miss independently of each other; flights entered together are one look")
    said.append("nothing learned from looks that were refused or did not come off")
    return said


def _digest(entries: list[Entry], item: str, on: date) -> str:
    # Where an entry stands in a ledger is no part of what it says.
    bare = {e.id: msgspec.structs.replace(e, seq=0, appended=None) for e in entries}
    content = lines(bare[name] for name in sorted(bare))
    return sha256(f"{item} {on}\n".encode() + content).hexdigest()
