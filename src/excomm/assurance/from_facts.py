"""From the facts of a case to one item's assurance: which entries count, and how.

The rules of choice stand in docs/assurance.md; the arithmetic stands in the engines. No number is
made up: whatever is in no record comes from an assumption that somebody entered, and what is left
out is said. "Not looked" is never "not there".
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from hashlib import sha256
from math import inf

from excomm.assurance.assumed import Assumed, Assumptions
from excomm.assurance.by_carrier import ByCarrier, range_by_carrier
from excomm.assurance.carried import Basis, carried_by, next_looks
from excomm.assurance.counted import Counted, CountedOut, at_once, counted_out
from excomm.assurance.counts_from_facts import counts_of, doubt
from excomm.assurance.distribution import with_none
from excomm.assurance.exit_range import Counting, ExitRange, exit_range
from excomm.assurance.interval import Interval
from excomm.assurance.item import ItemAssurance
from excomm.assurance.joint import ByDay, joint, limit, unseen, worst
from excomm.assurance.looked import Looked, OnDay, Places, looked
from excomm.assurance.looks_from_facts import contents, looks_by_day
from excomm.assurance.ranges import probability
from excomm.assurance.refused import Refused, refused
from excomm.assurance.ships import Declared, Seen, ships_of
from excomm.entries import end_of
from excomm.entries.kinds import (
    Assumption,
    Count,
    Declaration,
    Item,
    Site,
    Undertaking,
)
from excomm.errors import InputError
from excomm.fold import Facts

_ABOUT_ITEM = (".stock", ".prob_retained", ".exit.missed", ".exit.twice", ".arrival")
_NEVER = Interval.exactly(0.0)
_USUAL = 0.95
_DAYS_MAX = 36_525  # every day has its figure


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


def assumptions_of(facts: Facts) -> Assumptions:
    """The assumptions of a case, the latest of each name."""
    return Assumptions(_assumed(body) for _, body in facts.of(Assumption))


def standard_of(facts: Facts, item: str) -> tuple[float, str]:
    """The standard of proof that the claim is held against, and whose it is, in words.

    The strictest that an undertaking about the item names; .95 where none does.
    """
    named = [
        (body.standard, str(entry.id))
        for entry, body in facts.of(Undertaking)
        if body.standard is not None
        and item in (body.item, body.quantity.item if body.quantity else "")
    ]
    if not named:
        return _USUAL, f"held against {_USUAL:g}: no undertaking names a standard of proof"
    strictest, by = max(named, key=lambda one: one[0])
    return strictest, f"held against {strictest:g}, the standard of proof of {by}"


def item_assurance(facts: Facts, item: str, *, standard: float | None = None) -> ItemAssurance:
    """How sure we are that none of an item is left and none was brought back.

    standard: the chance below which that claim fails, `standard_of` where none is given; the
    figures do not depend on it, only where `sensitivity` says that they would fail.
    Raises InputError for an unknown item, an assumption that is missing or out of its range, and
    entries that contradict each other or the assumptions; each names the entries.
    """
    about = _item(facts, item)
    against, whose = standard_of(facts, item)
    if standard not in (None, against):
        against, whose = probability("standard", standard), f"held against {standard:g}, as asked"
    on = facts.on.astimezone(facts.zone).date()
    assumption_of = {body.name: entry for entry, body in facts.of(Assumption)}
    assumed = assumptions_of(facts)
    counts, unusable = counts_of(facts, item, about, on)
    out, not_added = counted_out(counts)
    stock, raised = _stock(assumed, item, counts)
    retained = assumed.chance(f"{item}.prob_retained", "the chance that some were kept back")
    counting = _counting(assumed, item, out, stock)
    by_carrier = _by_carrier(facts, assumed, item, about, out, counting)
    if by_carrier:
        # Used ship by ship: neither beside the tally nor unusable for giving a difference alone.
        not_added = ()
        taken = {id for ship in by_carrier.ships for id in ship.ids}
        _, unusable = counts_of(facts, item, about, on, taken=taken)
    arrival = assumed.chance(f"{item}.arrival", "the chance a day that one is brought back")
    # Nothing counted out: the prior stands alone, and holds from the day it is dated.
    start = out.day if out else facts.local_day(assumption_of[f"{item}.prob_retained"])
    _require_near(start, on, "the count" if out else "the prior")
    seen = [one for one in counts if one.is_sighting and (out is None or one.first > out.day)]
    where = Places({entry.id: site.within for entry, site in facts.of(Site)})
    by_day = looks_by_day(facts, item, about, where)
    days_looked = {day: found.looks for day, found in by_day.items()}
    looks = looked(
        days_looked,
        item,
        where,
        assumed,
        span=(start, on),
        begins="the count" if out else "the prior",
    )
    try:
        left = _kept_back(stock, retained, counting, by_carrier, looks, seen)
        both = joint(left.prob_none, arrival, looks.detection)
    except InputError as fault:
        raise fault.at(f"assurance of {item}") from None
    beside = None
    if not seen:
        beside = refused(
            days_looked, item, where, assumed, looks,
            start=(start, left.prob_none), arrival=arrival,
        )  # fmt: skip
    basis_of = Basis(
        item=item,
        stock=stock,
        retained=retained,
        counting=counting,
        arrival=arrival,
        detection={look.assumption: assumed.used_range(look.assumption) for look in looks.reached},
        reached=looks.reached,
        places=len(looks.places),
        days=(on - start).days,
        stock_excluded=left.stock_excluded,
        by_carrier=by_carrier,
    )
    means = _means(days_looked, item, assumed)
    days = tuple(start + timedelta(n) for n in range((on - start).days + 1))
    at_worst = worst(looks.detection)
    seen_number = float(at_once(seen))
    last = max([*([looks.last] if looks.last else []), *_days_seen(counts)], default=None)
    seen_after = tuple(one.id for one in seen)
    counted = out.ids if out else ()
    if by_carrier:
        by_ship = (id for ship in by_carrier.ships for id in ship.ids)
        counted = tuple(dict.fromkeys((*counted, *by_ship)))
    basis = tuple(str(assumption_of[name].id) for name in assumed.used)
    return ItemAssurance(
        item=item,
        name=about.name,
        on=on,
        prob_none_left_nor_back=_NEVER if seen else both.none_left_nor_back,
        prob_none_if_refusals_tell=beside.none_left_nor_back if beside else None,
        prob_none_left=_NEVER if seen else both.none_left,
        prob_none_back=_NEVER if seen else both.none_back,
        remaining_mean=_at_least(left.mean, seen_number),
        remaining_upper95=_at_least(left.upper95, seen_number),
        # Seen after the count out: at least so many, and no telling what was left from what came.
        remaining_pmf=None if seen and out else with_none(left.pmf, both.none_left),
        refused=beside.ids if beside else (),
        worst_case_miss=at_worst.miss,
        worst_site=looks.places[at_worst.place],
        detection_limit=limit(looks.detection),
        days=days,
        prob_absent_by_day=_none_from(seen, days, both.by_period),
        last_look=last,
        days_unseen=(on - last).days if last else None,
        seen_after=seen_after,
        counted_out=counted,
        looks=looks.used,
        look_days=looks.days,
        assumed=basis,
        excluded=(*unusable, *not_added, *looks.excluded),
        assumptions=(
            *assumed.words(),
            *raised,
            *_said(facts, item, about, stock, out, left),
            *_ship_by_ship(by_carrier),
            *_model(seen, looks, beside),
            *([] if seen else [whose]),
        ),
        standard=against,
        sensitivity=() if seen else carried_by(basis_of, against),
        next_looks=() if seen else next_looks(basis_of, left.prob_none.best, looks.places, means),
        inputs_digest=_digest(
            facts,
            (*seen_after, *counted, *(beside.ids if beside else ()), *basis),
            [found.digest for day, found in by_day.items() if day > start],
            item,
            on,
        ),
    )


def _require_near(start: date, on: date, begins: str) -> None:
    if (on - start).days > _DAYS_MAX:
        raise InputError(
            "--on", on, f"a day within 100 years of {begins}, {start}", "Ask for an earlier day."
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


def _assumed(body: Assumption) -> Assumed:
    return Assumed(body.name, body.low, body.best, body.high, body.author, body.basis)


def _means(days: Mapping[date, OnDay], item: str, assumed: Assumptions) -> dict[str, float]:
    """The detection, at its best, of each means that was ever meant to look for it."""
    looked_by = dict.fromkeys(means for found in days.values() for means in found.means)
    names = {means: f"{means}.{item}.detection" for means in looked_by}
    return {means: found.best for means, name in names.items() if (found := assumed.offered(name))}


def _days_seen(counts: list[Counted]) -> list[date]:
    # Whoever counted what is on the ground, none included, looked.
    return [one.first for one in counts if one.moving == "present"]


def _stock(
    assumed: Assumptions, item: str, counts: list[Counted]
) -> tuple[Interval, tuple[str, ...]]:
    """The stock as assumed, but no smaller than what was seen there at one time."""
    stock = assumed.number(f"{item}.stock", "how many there were, none having left")
    there = [one for one in counts if one.is_sighting and one.moving == "present"]
    seen = at_once(there)
    if seen > stock.high:
        raise InputError(
            f"counts {', '.join(one.id for one in there)}",
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
        # "At least so many": anything up to the whole stock may have left.
        Interval(
            out.tally.low, out.tally.best, max(out.tally.best, min(out.tally.high, stock.high))
        ),
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
            f"counts {', '.join(out.ids)}",
            f"{out.tally.best:g} counted out",
            f"at most {times * stock.best:g}: {item}.stock is {stock.best:g},"
            f" each counted {'twice' if times == 2 else 'once'}",
            "Correct the counts or the assumption.",
        )
    return counting


def _by_carrier(
    facts: Facts,
    assumed: Assumptions,
    item: str,
    about: Item,
    out: CountedOut | None,
    counting: Counting | None,
) -> ByCarrier | None:
    """The tally taken apart by ship; None where nobody assumed how often things change ships."""
    name = f"{item}.exit.moved"
    if out is None or counting is None or not assumed.offered(name):
        return None
    tally = counting.tally
    if tally.low != tally.high:
        return None
    seen = [
        Seen(
            id=str(entry.id),
            day=end_of(entry.occurred, facts.zone).astimezone(facts.zone).date(),
            carrier=count.carrier,
            number=None if count.number is None else int(count.number),
            difference=None if count.difference is None else int(count.difference),
        )
        for entry, count in facts.of(Count)
        if count.item == item
        and count.moving == "leaving"
        and count.scope == "own"
        and count.carrier
        and not doubt(entry)
        and count.unit in ("", about.unit)
        and (count.number is not None or count.difference is not None)
        and str(entry.id) not in out.ids
    ]
    said = [
        Declared(str(entry.id), body.carrier, int(body.number))
        for entry, body in facts.of(Declaration)
        if body.item == item
        and body.carrier
        and body.scope == "own"
        and body.number is not None
        and not doubt(entry)
        and body.unit in ("", about.unit)
    ]
    ships = ships_of(seen, said, out.day)
    if not ships:
        return None
    moved = assumed.chance(name, "the chance that one leaving goes by another ship than declared")
    return ByCarrier(
        ships=ships,
        tally=int(tally.best),
        missed=counting.missed,
        twice=counting.twice,
        moved=moved,
    )


def _ship_by_ship(by_carrier: ByCarrier | None) -> list[str]:
    if by_carrier is None:
        return []
    ships = []
    for ship in by_carrier.ships:
        seen = f"{ship.counted} seen" if ship.counted is not None else ""
        if ship.difference is not None:
            seen = f"{abs(ship.difference)} {'over' if ship.difference > 0 else 'short'}"
        of = f" of {ship.declared} declared" if ship.declared is not None else ""
        ships.append(f"{ship.name} {seen}{of} ({', '.join(ship.ids)})")
    return [f"counted ship by ship: {'; '.join(ships)}; all others together"]


def _kept_back(
    stock: Interval,
    retained: Interval,
    counting: Counting | None,
    by_carrier: ByCarrier | None,
    looks: Looked,
    seen: list[Counted],
) -> ExitRange:
    if seen and counting is None:
        # Seen, and none counted out: at least so many were kept, whatever was thought before.
        sure = Interval.exactly(1.0)
        return exit_range(stock, sure, None, unseen=sure, at_least=at_once(seen))
    missed = Interval.exactly(1.0) if seen else unseen(looks.detection)
    if by_carrier:
        return range_by_carrier(stock, retained, by_carrier, unseen=missed)
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
        said.append("nothing counted out")
    elif out.tally.high == inf:
        said.append(
            f"at least {out.tally.low:g} counted out: any number up to the stock may have left"
        )
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


def _model(seen: list[Counted], looks: Looked, beside: Refused | None) -> list[str]:
    if seen:
        return [
            "seen to be there: what was left and what came back cannot be told apart, and neither"
            " absence is claimed"
        ]
    places = len(looks.places) - 1
    said = [
        f"what is there stays at one of the {places} sites of the case or elsewhere in the area,"
        " each as likely; what is kept together is missed together"
        if places
        else "what is there stays where it is, and what is kept together is missed together"
    ]
    if looks.used:
        alike = ", save those of a group, which miss together" if looks.grouped else ""
        said.append(
            f"looks miss independently of each other{alike}; flights entered together are one look"
        )
    said.append("nothing learned from looks that were refused or did not come off")
    if beside:
        said.append(
            f"only in the figure with refusals: {', '.join(beside.ids)} weighed by"
            f" {', '.join(beside.names)}, each place once by each means"
        )
    return said


def _digest(facts: Facts, ids: tuple[str, ...], looks: Iterable[bytes], item: str, on: date) -> str:
    entries = [entry for name in sorted(set(ids)) if (entry := facts.get(name))]
    return sha256(b"".join([f"{item} {on}\n".encode(), contents(entries), *looks])).hexdigest()
