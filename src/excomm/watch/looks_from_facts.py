"""Planned looks of a case and what came of them: proposals, review, picture, calendar, audit.

Beside `from_facts`, which says where things stand: this module says what was planned, and turns
plans into entries. A look that was planned is no look.
"""

from collections.abc import Iterable, Mapping, Set
from datetime import date, datetime, timedelta
from itertools import count
from typing import Literal

import msgspec

from excomm.entries import Day, Entry, EntryId, Instant, end_of, start_of
from excomm.entries.kinds import (
    Assumption,
    Commitment,
    Event,
    Look,
    Means,
    Plan,
    Site,
    Undertaking,
)
from excomm.fold import Facts
from excomm.watch.campaign import Schedule, Sortie, Supposed
from excomm.watch.days_from_facts import Places, last_day, today
from excomm.watch.drawing import Audit, audited, commitment
from excomm.watch.from_facts import legal_basis
from excomm.watch.picture import Mark
from excomm.watch.policy import DrawnPlan


class Proposed(msgspec.Struct, frozen=True):
    """What a plan brings to a ledger: sorties proposed, earlier proposals called off, what stands.

    standing: proposed before, and in this plan too. decided: approved before, and not in this plan;
    to call them off is not the plan's to do.
    """

    entries: tuple[Entry, ...]
    off: tuple[Entry, ...]
    standing: tuple[str, ...]
    decided: tuple[str, ...]

    @property
    def every(self) -> tuple[Entry, ...]:
        """All entries, to be appended together."""
        return (*self.entries, *self.off)

    def text(self) -> str:
        """The same in words, a line or two."""
        said = f"PROPOSED  {len(self.entries)} sorties"
        said += f"; {len(self.off)} proposed before called off" if self.off else ""
        said += f"; {len(self.standing)} stand already" if self.standing else ""
        said += "\n"
        if self.decided:
            said += f"approved, and not in this plan: {', '.join(self.decided)}\n"
        return said


def proposals(
    facts: Facts,
    sorties: Iterable[Sortie],
    planned: "Iterable[Planned]",
    *,
    items: tuple[str, ...],
    until: date,
    taken: Set[str],
) -> Proposed:
    """The sorties of a plan as entries, proposed on the day of the facts.

    Each is marked as high as anything the plan was made from. planned: the looks that the case has
    planned: up to `until`, the plan takes the place of what is only proposed. taken: ids in use.
    """
    wanted = {(one.day, one.means, frozenset(one.sites)): one for one in sorties}
    standing, decided, off = [], [], []
    for one in planned:
        if one.came != "ahead" or one.first <= today(facts) or one.first > until:
            continue
        if wanted.pop((one.first, one.body.means, frozenset(one.body.sites)), None):
            standing.append(str(one.entry.id))
        elif one.body.state == "approved":
            decided.append(str(one.entry.id))
        else:
            off.append(_called_off(facts, one.entry, one.body, taken))
    entries = _proposed(facts, wanted.values(), items, taken)
    return Proposed(tuple(entries), tuple(off), tuple(standing), tuple(decided))


def _called_off(facts: Facts, entry: Entry, body: Plan, taken: Set[str]) -> Entry:
    why = f"planned anew on {today(facts)}"
    return Entry(
        id=_free(f"{entry.id}-off", taken),
        occurred=Day(today(facts)),
        recorded=start_of(Day(today(facts)), facts.zone),
        body=msgspec.structs.replace(body, state="cancelled", what=body.what or why),
        corrects=entry.id,
        source="excomm watch plan",
        reading="high",
        marking=entry.marking,
    )


def _free(wanted: str, taken: Set[str]) -> EntryId:
    """The id wanted, or with the first number behind it that no entry has."""
    return EntryId(
        next(one for n in count() if (one := f"{wanted}.{n}" if n else wanted) not in taken)
    )


def _proposed(
    facts: Facts, sorties: Iterable[Sortie], items: tuple[str, ...], taken: Set[str]
) -> list[Entry]:
    kinds = (Site, Means, Look, Event, Undertaking, Assumption)
    scheme = facts.scheme
    joined = scheme.join(
        scheme.parse(text)
        for text in sorted({entry.marking for kind in kinds for entry, _ in facts.of(kind)})
    )
    party = {str(entry.id): one.party for entry, one in facts.of(Means)}
    means = {str(entry.id): one for entry, one in facts.of(Means)}
    numbers: dict[tuple[date, str], int] = {}
    found = []
    for one in sorties:
        number = numbers[one.day, one.means] = numbers.get((one.day, one.means), 0) + 1
        body = Plan(
            planned_for=Day(one.day),
            means=one.means,
            sites=one.sites,
            items=items,
            party=party[one.means],
            number=1,
            legal_basis="; ".join(legal_basis(facts, one.means, means[one.means])),
        )
        id_ = f"plan-{today(facts):%Y%m%d}-{one.day:%m%d}-{one.means}-{number}"
        found.append(
            Entry(
                id=_free(id_, taken),
                occurred=Day(today(facts)),
                recorded=start_of(Day(today(facts)), facts.zone),
                body=body,
                source="excomm watch plan",
                reading="high",
                marking=str(joined),
            )
        )
    return found


def plans(entry: Entry) -> bool:
    """Whether an entry plans a look; one that changes a plan is none more."""
    return isinstance(entry.body, Plan) and entry.corrects is None


Came = Literal["ahead", "no outcome entered", "done", "failed", "refused", "aborted", "cancelled"]


class Planned(msgspec.Struct, frozen=True):
    """A planned look, the days it was planned for, and what came of it."""

    entry: Entry
    body: Plan
    first: date
    last: date
    came: Came
    look: Entry | None = None


def planned_looks(facts: Facts, roots: Mapping[str, str]) -> tuple[Planned, ...]:
    """Every planned look with what came of it, in the order of their days.

    roots: each entry's id and the first of its chain of corrections: a look may name any of them.
    A look that names no plan is taken to be of the plan of its means on its day whose sites it
    reached, each plan once.
    """
    looks = facts.of(Look)
    by_plan = {roots.get(look.plan, look.plan): entry for entry, look in looks if look.plan}
    free = [
        (entry, look) for entry, look in looks if not look.plan and look.outcome != "authorized"
    ]
    found = []
    for entry, body in facts.of(Plan):
        first, last = (
            end(body.planned_for, facts.zone).astimezone(facts.zone).date()
            for end in (start_of, end_of)
        )
        look = by_plan.get(roots.get(str(entry.id), str(entry.id)))
        if look is None and body.state != "cancelled":
            for one in free:
                same = one[1].means == body.means and first <= facts.local_day(one[0]) <= last
                if same and (not body.sites or set(body.sites) & set(one[1].sites)):
                    look = one[0]
                    free.remove(one)
                    break
        found.append(Planned(entry, body, first, last, _came(facts, body, last, look), look))
    return tuple(sorted(found, key=lambda one: (one.first, one.last, str(one.entry.id))))


def _came(facts: Facts, body: Plan, last: date, look: Entry | None) -> Came:
    if body.state == "cancelled":
        return "cancelled"
    if look is None or not isinstance(look.body, Look) or look.body.outcome == "authorized":
        return "ahead" if last > today(facts) else "no outcome entered"
    return "done" if look.body.outcome == "made" else look.body.outcome


def as_flown(planned: Iterable[Planned]) -> list[Entry]:
    """The planned looks as if each had been made: what the plan was to buy."""
    return [
        Entry(
            id=EntryId(f"{one.entry.id} as planned"),
            occurred=one.body.planned_for,
            recorded=one.entry.recorded,
            body=Look(
                means=one.body.means,
                outcome="made",
                sites=one.body.sites,
                items=one.body.items,
                party=one.body.party,
                number=one.body.number,
            ),
            reading="high",
            marking=one.entry.marking,
        )
        for one in planned
        if one.came != "cancelled"
    ]


def as_assumed(facts: Facts, looks: Iterable[Supposed]) -> list[Entry]:
    """Looks that are only supposed, as entries: they came off, and nothing was seen."""
    party = {str(entry.id): one.party for entry, one in facts.of(Means)}
    return [
        Entry(
            id=EntryId(f"look {n} as assumed"),
            occurred=Day(one.day),
            recorded=start_of(Day(today(facts)), facts.zone),
            body=Look(
                means=one.means,
                outcome="made",
                sites=one.sites,
                party=party[one.means],
                coverage=one.coverage,
            ),
            reading="high",
        )
        for n, one in enumerate(looks)
    ]


class Appointment(msgspec.Struct, frozen=True):
    """A planned look for a calendar; root: the first id of its chain of corrections."""

    root: str
    title: str
    text: str
    by: date
    state: Literal["CONFIRMED", "TENTATIVE", "CANCELLED"]
    sequence: int


def appointments(
    facts: Facts, log: Iterable[Entry], roots: Mapping[str, str]
) -> tuple[Appointment, ...]:
    """Every look that was ever planned, as it stands now; what was withdrawn is called off.

    log: the entries that the reader knew of, in order. Each correction raises the sequence number.
    """
    chains: dict[str, list[Entry]] = {}
    for entry in log:
        root = roots[str(entry.id)]
        if isinstance(entry.body, Plan) or root in chains:
            chains.setdefault(root, []).append(entry)
    names = {str(entry.id): means.name for entry, means in facts.of(Means)}
    sites = {str(entry.id): site.name for entry, site in facts.of(Site)}
    found = []
    for root, chain in chains.items():
        body = next(e.body for e in reversed(chain) if isinstance(e.body, Plan))
        stands = any(
            isinstance(entry.body, Plan) and facts.get(str(entry.id)) is not None for entry in chain
        )
        where = ", ".join(sites.get(one, one) for one in body.sites) or "the whole area"
        kept = {"approved": "CONFIRMED", "proposed": "TENTATIVE", "cancelled": "CANCELLED"}
        found.append(
            Appointment(
                root=root,
                title=f"{names.get(body.means, body.means)}: {where}",
                text="; ".join(one for one in (body.what, body.legal_basis) if one),
                by=start_of(body.planned_for, facts.zone).astimezone(facts.zone).date(),
                state=kept[body.state] if stands else "CANCELLED",  # type: ignore[arg-type]
                sequence=len(chain) - 1,
            )
        )
    return tuple(sorted(found, key=lambda one: (one.by, one.root)))


def commitment_entry(plan: DrawnPlan, digest: str, now: datetime) -> Entry:
    """The commitment to a seed as an entry, to be lodged before the first day of the policy."""
    until = plan.first_day + timedelta(days=plan.days)
    means = " and ".join(one.means for one in plan.cycles)
    purpose = f"seed of the looks by {means} from {plan.first_day} to the day before {until}"
    return Entry(
        id=EntryId(f"commitment-{digest[:16]}"),
        occurred=Instant(now),
        recorded=now,
        body=Commitment(sha256=digest, purpose=purpose, reveal_by=Day(until)),
        source="excomm watch commit",
        reading="high",
    )


def audit_of(facts: Facts, plan: DrawnPlan, seed: bytes) -> Audit:
    """The looks by the policy's means held against its seed, up to the day of the facts."""
    digest = commitment(plan, seed)
    lodged = next(
        (entry for entry, body in facts.of(Commitment) if body.sha256 == digest),
        None,
    )
    tried: dict[tuple[date, str], tuple[str, ...]] = {}
    for entry, look in facts.of(Look):
        if look.outcome != "authorized" and look.number != 0:
            at = facts.local_day(entry), look.means
            tried[at] = (*tried.get(at, ()), *look.sites)
    when = None if lodged is None else (lodged.appended or lodged.recorded)
    return audited(
        plan,
        seed,
        tried,
        until=today(facts),
        lodged=None if lodged is None else str(lodged.id),
        lodged_on=None if when is None else when.astimezone(facts.zone).date(),
    )


def marks(
    facts: Facts, planned: Iterable[Planned], first: date, days: int
) -> dict[tuple[int, int], Mark]:
    """What is to be drawn, by site and day from the first: of several the weightiest."""
    places = Places(facts)
    found: dict[tuple[int, int], Mark] = {}

    def put(mark: Mark, sites: Iterable[int], start: date, end: date) -> None:
        for day in range(max((start - first).days, 0), min((end - first).days + 1, days)):
            for site in sites:
                now = found.get((site, day), mark)
                found[site, day] = min(now, mark, key=_WEIGHTIEST.index)

    for entry, look in facts.of(Look):
        mark = _DRAWN.get(look.outcome)
        somewhere = look.sites or look.coverage is not None or look.outcome == "refused"
        if mark and somewhere and look.number != 0:
            put(mark, places.at(look.sites), facts.local_day(entry), last_day(facts, entry))
    for entry, event in facts.of(Event):
        if event.kind == "access_gap":
            sites = places.at((event.site,) if event.site else ())
            put("closed", sites, facts.local_day(entry), last_day(facts, entry))
    for one in planned:
        if one.came in ("ahead", "no outcome entered"):
            put("planned", places.at(one.body.sites), one.first, one.last)
    return found


_DRAWN: dict[str, Mark] = {
    "made": "seen",
    "failed": "failed",
    "aborted": "failed",
    "refused": "refused",
}
_WEIGHTIEST: tuple[Mark, ...] = ("seen", "failed", "refused", "planned", "closed")


def ahead(facts: Facts, planned: Iterable[Planned], first: date) -> Schedule:
    """The looks that are still planned: site, day from the first, means."""
    places = Places(facts)
    return tuple(
        dict.fromkeys(
            (places.ids[site], (one.first - first).days, one.body.means)
            for one in planned
            if one.came == "ahead" and one.first >= first
            for site in places.at(one.body.sites)
        )
    )
