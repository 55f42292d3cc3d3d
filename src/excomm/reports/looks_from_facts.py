"""From the facts of a case to its looks, day by day: as they were, and for one allegation."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from excomm.day_by_day import Counts, day_by_day
from excomm.entries import Entry, end_of, start_of
from excomm.entries.kinds import Assumption, CaseHeader, Count, Item, Look, Party, Site
from excomm.entries.positions import position
from excomm.fold import Facts
from excomm.reports.alleged import Alleged
from excomm.reports.bearing import OnDay, on_day
from excomm.reports.held import Attempt, Known
from excomm.reports.one_look import Borne, OneLook
from excomm.reports.overlap import Footprint, Time


class Attempts(msgspec.Struct, frozen=True):
    """The looks of one day, whatever came of them."""

    by_id: dict[str, Attempt]
    anybody_looked: bool
    refused: dict[str, str]  # means -> id of the last look by it that was refused


def attempts_by_day(facts: Facts) -> dict[date, Attempts]:
    """The looks of the case on each day."""
    return day_by_day(facts, ("reports", "attempts"), _AsTheyWere(facts))


def looks_by_day(facts: Facts, alleged: Alleged, known: Known) -> dict[date, OnDay]:
    """What the looks of each day come to for one allegation."""
    name = ("reports", alleged.report, alleged.part)
    return day_by_day(facts, name, _ForAllegation(facts, alleged, known))


class _AsTheyWere:
    rests_on = ()

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def row(self, entry: Entry, look: Look, counts: Counts, day: date) -> Attempt:
        facts = self._facts
        return Attempt(
            id=str(entry.id),
            recorded=entry.recorded,
            time=Time(
                start_of(entry.occurred, facts.zone),
                min(end_of(entry.occurred, facts.zone), facts.on + timedelta(days=1)),
            ),
            means=look.means,
            outcome=look.outcome,
            sites=look.sites,
            items=look.items,
            coverage=look.coverage,
            footprint=Footprint(tuple(map(position, look.footprint)), look.swath_km)
            if look.footprint
            else None,
            number=look.number,
            group=look.group,
            source=entry.source,
            doubt=_doubt(entry),
            saw=tuple(
                (count.item, count.site, str(each.id), _at_least(count))
                for each, count in counts
                if count.moving != "leaving" and not _doubt(each) and _at_least(count) > 0
            ),
            doubtful=tuple(
                count.item
                for each, count in counts
                if count.moving != "leaving" and _doubt(each) and _at_least(count) > 0
            ),
            counted=tuple(count.item for _, count in counts if count.moving != "leaving"),
            what=look.what,
        )

    def day(self, day: date, rows: Sequence[Attempt]) -> Attempts:
        return Attempts(
            by_id={each.id: each for each in rows},
            anybody_looked=any(each.outcome == "made" for each in rows),
            refused={each.means: each.id for each in rows if each.outcome == "refused"},
        )


class _ForAllegation:
    def __init__(self, facts: Facts, alleged: Alleged, known: Known) -> None:
        # The names of items and places, too, say what the words of a look tell of.
        kinds = (Assumption, CaseHeader, Item, Party, Site)
        self.rests_on = (alleged, *(facts.of(kind) for kind in kinds))
        self._one = OneLook(alleged, known)
        self._attempts = attempts_by_day(facts)

    def row(self, entry: Entry, look: Look, counts: Counts, day: date) -> Borne | None:
        return self._one.borne(self._attempts[day].by_id[entry.id])

    def day(self, day: date, rows: Sequence[Borne | None]) -> OnDay:
        return on_day(rows)


def _doubt(entry: Entry) -> str:
    if entry.reading == "unverified":
        return "read unverified"
    return "disputed" if entry.standing == "disputed" else ""


def _at_least(count: Count) -> float:
    return float(next((n for n in (count.low, count.number, count.high) if n is not None), 0))
