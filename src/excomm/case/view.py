"""The case: the one object analysts hold. Joins the fold with the rooms.

A case is a shipped case's name, a folder, a ledger file or a ledger URL; `on` gives an immutable
view of it for one day, as known by an instant, as a reader so cleared sees it. Nothing is computed
before it is asked for, and nothing twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from excomm.case.looks import OfLooks
from excomm.case.options import OfOptions
from excomm.case.record import OfRecord
from excomm.case.reports import OfReports
from excomm.case.terms import OfTerms
from excomm.entries import Day, Entry, Instant, Span, end_of, parse_when, parse_zone, start_of
from excomm.entries.corrections import withdraws
from excomm.entries.kinds import (
    Assumption,
    Body,
    Break,
    CaseHeader,
    Check,
    Count,
    Declaration,
    Item,
    Look,
    Means,
    Measure,
    Model,
    Offer,
    Party,
    Report,
    Response,
    Site,
    Undertaking,
)
from excomm.errors import EnvironmentFault, InputError
from excomm.fold import Facts, Headers, fold, scheme_of

if TYPE_CHECKING:
    from excomm.assurance.item import ItemAssurance
    from excomm.ledger import Ledger

SHIPPED = Path(__file__).parent.parent / "cases"
_EARLIER_KEPT = 2  # days whose views a view keeps: the page of the day before is asked often
_OF_FACTS = (
    *("header", "looks", "reports", "measures", "_standing", "_assured", "_allegations"),
    *("_records", "_tagger", "_positions", "_said"),
)
"""What a view works out from its facts and nothing else."""
READS: Mapping[str, tuple[type[Body], ...]] = {
    "looks": (Look,),
    "reports": (Report,),
    "measures": (Measure,),
    "sites_seen": (Count, Look, Site),
    "watched_items": (Assumption, Item),
    "models": (Measure, Model, Offer, Response),
    "_assured": (Assumption, Count, Declaration, Item, Look, Means, Site, Undertaking),
    "_allegations": (
        *(Assumption, CaseHeader, Check, Count, Item, Look, Means, Party, Report, Site),
    ),
}
"""Of what is dear to work out, the kinds of entry it reads: others leave it as it was."""
_OF_THE_HOUR = ("_allegations",)
"""What of this is another at another hour; all else is as the day is."""
_YEARS = range(1000, 9999)  # those that entries may be of


class CaseHead(msgspec.Struct, frozen=True):
    """What a page was computed from: so many entries, under this digest."""

    kind: Literal["ledger", "folder"]
    size: int
    digest: str  # SHA-256, hexadecimal

    @property
    def short(self) -> str:
        """The first 16 characters: they stand on every page."""
        return self.digest[:16]


class Case:
    """One agreement and all that is known about it.

    >>> case = Case.open("cuba-1962")
    >>> case.title, str(case.zone)
    ('Cuba 1962', 'America/New_York')
    """

    def __init__(
        self, read: Callable[[], Iterable[Entry]], head: CaseHead, *, name: str = ""
    ) -> None:
        first = next(iter(read()), None)
        if first is None or not isinstance(first.body, CaseHeader):
            raise InputError(
                name or "case",
                "an empty ledger" if first is None else f"a first entry of kind {first.kind}",
                "a case: its header is the first entry",
                "Load a folder into it: excomm load FOLDER --into LEDGER.",
            )
        self.id = str(first.id)
        self.first_header = first.body
        self.zone: tzinfo = parse_zone(first.body.zone)  # a corrected header cannot change it
        self.head = head
        self.read = read
        self._reading: Callable[[int], Iterable[Entry]] | None = None  # of a ledger, up to a size

    @classmethod
    def open(cls, where: str | Path, *, now: datetime | None = None) -> "Case":
        """Open a shipped case by name, a folder, a ledger file or a ledger URL.

        now: when rows without `recorded` count as recorded, for a folder that says "on load".
        Raises InputError where there is nothing of the kind, with the shipped names as remedy;
        Faults for a folder with faults.
        """
        text = str(where)
        if "://" in text:
            return cls._of_ledger(text)
        path = Path(text)
        if path.is_dir():
            return cls._of_folder(path, now or datetime.now(UTC))
        if path.exists():
            return cls._of_ledger(text)
        if text in shipped_cases():
            return cls._of_folder(SHIPPED / text, now or datetime.now(UTC))
        raise InputError(
            "CASE",
            text,
            "a shipped case, a folder, a ledger file or a ledger URL",
            f"Shipped: {', '.join(shipped_cases()) or 'none'}. excomm new FOLDER starts one.",
        )

    @classmethod
    def _of_folder(cls, path: Path, now: datetime) -> "Case":
        from excomm import folder

        found = folder.read(path, now=now)
        head = CaseHead("folder", len(found.entries), found.digest)
        return cls(lambda: found.entries, head, name=str(path))

    @classmethod
    def _of_ledger(cls, where: str) -> "Case":
        from excomm.ledger import open_ledger

        return cls.of_ledger(open_ledger(where))

    @classmethod
    def of_ledger(cls, ledger: "Ledger") -> "Case":
        """The case in a ledger up to its present head; what is appended later is not in it."""
        head = ledger.head()

        def reading(size: int) -> Iterable[Entry]:
            return ledger.read(size=size)

        case_head = CaseHead("ledger", head.size, head.digest)
        found = cls(partial(reading, head.size), case_head, name=ledger.where)
        found._reading = reading
        return found

    def updated(self, entries: Iterable[Entry], head: CaseHead) -> "Case":
        """The case after its ledger took in these entries; nothing of the log is read again.

        entries: all from the old head to the new one, in ledger order.
        """
        found = copy(self)
        found.head = head
        taken, before = tuple(entries), self.read
        found.read = partial(self._reading, head.size) if self._reading else _both(before, taken)
        if "_headers" in self.__dict__:
            found._headers = self._headers.updated(taken)
        if "_parties" in self.__dict__:
            found._parties = self._parties | _parties(taken)
        return found

    @property
    def header(self) -> CaseHeader:
        """The case's header as it stands now, corrections taken in."""
        return self._headers.newest or self.first_header

    @cached_property
    def _headers(self) -> Headers:
        return Headers.of(self.read())

    @property
    def title(self) -> str:
        """What the case is called now; a view says what it was called then."""
        return self.header.title

    def on(
        self,
        day: str | date | None = None,
        *,
        known_by: str | datetime | None = None,
        cleared: str | None = None,
    ) -> "View":
        """The case on a day or at an instant; a bare day means its end in the case's zone.

        day: without one, the day the case is shown on, else the present.
        known_by: what was recorded after it is not seen; without it, what was known on the day
        itself. cleared: a clearance in the marking's text form; None sees all.
        Raises InputError for a day that does not exist or a clearance of unknown words.
        """
        if cleared is not None:
            self._check_clearance(cleared)
        if day is None:
            shown = self.shown_on(cleared)
            day = end_of(shown, self.zone) if shown else datetime.now(UTC)
        at = self._instant("--on", day) if isinstance(day, str) else self._end(day)
        if isinstance(known_by, str):
            known_by = self._instant("--known-by", known_by)
        return View(self, at.astimezone(UTC), known_by or at, cleared)

    def shown_on(self, cleared: str | None) -> Day | Instant | None:
        """The day the case is shown on to a reader; None: the present. cleared: as for `on`.

        A header that he may not see decides nothing for him.
        """
        if cleared is None:
            return self.header.shown_on
        self._check_clearance(cleared)
        scheme = scheme_of(self.header)
        clearance = scheme.parse(cleared)

        def sees(marking: str) -> bool:
            try:
                return scheme.may_see(clearance, scheme.parse(marking))
            except InputError:  # a word that this case does not know opens nothing
                return False

        return (self._headers.newest_for(sees) or self.first_header).shown_on

    def _end(self, day: date) -> datetime:
        return day if isinstance(day, datetime) else end_of(Day(day), self.zone)

    def _instant(self, name: str, text: str) -> datetime:
        try:
            when = parse_when(text)
        except InputError as fault:
            raise InputError(
                name, fault.found, fault.expected, fault.remedy or "Write 1962-11-12."
            ) from None
        if isinstance(when, Span):
            raise InputError(name, text, "one day or one instant", "Name its last day.")
        if (when.day if isinstance(when, Day) else when.at).year not in _YEARS:
            raise InputError(name, text, f"a year from {_YEARS[0]} to {_YEARS[-1]}")
        return end_of(when, self.zone)

    def _check_clearance(self, cleared: str) -> None:
        """Raises InputError for words that this case does not know; hidden parties are not told."""
        try:
            known = scheme_of(self.header).parse(cleared)
        except InputError as fault:
            raise InputError("--cleared", fault.found, fault.expected, fault.remedy) from None
        unknown = known.releasable_to and known.releasable_to - self._parties
        if unknown:
            raise InputError("--cleared", min(unknown), "a party of the case after REL")

    @cached_property
    def _parties(self) -> frozenset[str]:
        return _parties(self.read())


def _both(
    before: Callable[[], Iterable[Entry]], taken: tuple[Entry, ...]
) -> Callable[[], Iterable[Entry]]:
    return lambda: chain(before(), taken)


class View(OfTerms, OfLooks, OfRecord, OfReports, OfOptions):
    """A case on one day, as known by an instant, for one reader. Immutable."""

    def __init__(
        self,
        case: Case,
        on: datetime,
        known_by: datetime,
        cleared: str | None,
        facts: Facts | None = None,
    ) -> None:
        self.case = case
        self.on = on
        self.known_by = known_by.astimezone(UTC)
        self.cleared = cleared
        if facts is None:
            facts = fold(case.read, on=on, zone=case.zone, known_by=known_by, cleared=cleared)
        self.facts = facts
        self._earlier: dict[datetime, View] = {}
        # What was asked of the view before the last entries, and what came since.
        self._before: dict[datetime, tuple[View, Sequence[Entry]]] = {}

    def updated(
        self,
        case: Case,
        entries: Sequence[Entry],
        *,
        on: datetime | None = None,
        known_by: datetime | None = None,
    ) -> "View":
        """The view after the case took in these entries, equal to asking the case anew.

        case: as `Case.updated` gives it, of the same entries. on, known_by: later instants, where
        time has moved on too. What one entry changes is worked out from that entry; the log is
        read again only where nothing else can tell (`Facts.updated`).
        """
        on, known_by = on or self.on, known_by or self.known_by
        facts = self.facts.updated(entries, on=on, known_by=known_by)
        found = View(case, on, known_by, self.cleared, facts)
        if facts is None:
            return found
        if "log" in self.__dict__:
            found.log = (*self.log, *(entry for entry in entries if facts.sees(entry.marking)))
        found._go_on_from(self, entries)
        if facts.holds_the_same(self.facts):
            # What was worked out from the facts alone holds on.
            kept = {name: self.__dict__[name] for name in _OF_FACTS if name in self.__dict__}
            found.__dict__.update(kept)
        elif not any(entry.corrects for entry in entries):
            # A correction takes an id away, and that may be named by an entry of any kind.
            found._keep(self)
        waiting = {at: (view, (*old, *entries)) for at, (view, old) in self._before.items()}
        found._before = waiting | {at: (view, entries) for at, view in self._earlier.items()}
        return found

    def _keep(self, before: "View") -> None:
        """Take over what was worked out from entries of kinds that did not change."""
        at_once = (self.on, self.known_by) == (before.on, before.known_by)
        zone = self.case.zone
        same_day = self.on.astimezone(zone).date() == before.on.astimezone(zone).date()
        for name, kinds in READS.items():
            in_time = at_once if name in _OF_THE_HOUR else same_day
            if (
                in_time
                and name in before.__dict__
                and all(self.facts.of(kind) is before.facts.of(kind) for kind in kinds)
            ):
                self.__dict__[name] = before.__dict__[name]

    @cached_property
    def header(self) -> CaseHeader:
        """Title, zone, marking words, scale, wording rules: as they stood then, for this reader.

        Before the case opens, its first header without wording rules.
        """
        found = self.facts.of(CaseHeader)
        if not found:
            return msgspec.structs.replace(self.case.first_header, wording=())
        entry, header = found[-1]
        sees = self.facts.sees
        rules = tuple(rule for rule in header.wording if sees(rule.marking or entry.marking))
        return msgspec.structs.replace(header, wording=rules)

    @property
    def head(self) -> CaseHead:
        """The ledger head (or the folder's digest) that this view was computed from."""
        return self.case.head

    def earlier(self, on: datetime) -> "View":
        """The same case as it read on an earlier day: what was known then."""
        found = self._earlier.get(on)
        if found is None:
            known_by = min(on, self.known_by)
            before = self._before.pop(on, None)
            if before is not None and before[0].known_by == known_by:
                view, entries = before
                found = view.updated(self.case, entries)
            else:
                found = View(self.case, on, known_by, self.cleared)
            if len(self._earlier) < _EARLIER_KEPT:
                self._earlier[on] = found
        return found

    def supposing(self, entries: Iterable[Entry]) -> "View":
        """The view as it would be, had these entries been taken in as well. Nothing is stored."""
        return View(self.case, self.on, self.known_by, self.cleared, self.facts.having(entries))

    def what_if(self, events: Sequence[Mapping[str, Any]]) -> "View":
        """The view as it would be, had these events happened: in the form of an agreement file.

        Without a date they happen on the day of the view; a later one moves the question to its
        end, and what was known on the day to what was known then. A retraction brings back what
        the case had corrected. Raises InputError naming the event and the field, for a form or a
        name that is none.
        """
        from excomm.terms import supposed

        entries = supposed(self.facts, events)
        zone = self.case.zone
        later = any(start_of(one.occurred, zone) > self.on for one in entries)
        on = max(end_of(one.occurred, zone) for one in entries) if later else self.on
        if not later and not any(withdraws(one) for one in entries):
            return self.supposing(entries)
        known_by = on if self.known_by == self.on else self.known_by
        # What is supposed is seen, whenever it would have been recorded.
        taken = tuple(
            msgspec.structs.replace(one, recorded=min(one.recorded, known_by)) for one in entries
        )

        def read() -> Iterable[Entry]:
            return (*self.case.read(), *taken)

        facts = fold(read, on=on, zone=zone, known_by=known_by, cleared=self.cleared)
        return View(self.case, on, known_by, self.cleared, facts)

    def assuming(self, best: Mapping[str, float]) -> "View":
        """The view as it would be, were these assumptions known to be exactly so.

        best: by the name of the assumption; those that the reader does not see are passed over.
        Raises InputError for a value that is not from 0 to 1.
        """
        from excomm.case.figures import assumed

        return self.supposing(assumed(self.facts, best))

    @cached_property
    def log(self) -> tuple[Entry, ...]:
        """Every entry that this reader may see, in ledger order: corrected ones too, any day."""
        return tuple(entry for entry in self.case.read() if self.facts.sees(entry.marking))

    @cached_property
    def looks(self) -> tuple[tuple[Entry, Look], ...]:
        """Every attempt to see, whatever came of it."""
        return self.facts.of(Look)

    @cached_property
    def reports(self) -> tuple[tuple[Entry, Report], ...]:
        """Every allegation received."""
        return self.facts.of(Report)

    @cached_property
    def measures(self) -> tuple[tuple[Entry, Measure], ...]:
        """What each side keeps up on this day: the latest level of each name, not ended."""
        latest = {(m.party, m.name): (entry, m) for entry, m in self.facts.of(Measure)}
        return tuple(pair for pair in latest.values() if not pair[1].ended)

    @property
    def breaks(self) -> tuple[tuple[Entry, Break], ...]:
        """Each break of the ledger that nobody has explained yet: it stands on every page."""
        return tuple(pair for pair in self.facts.of(Break) if not pair[1].explanation)

    @cached_property
    def _assured(self) -> "dict[tuple[str, float], ItemAssurance]":
        return {}

    def assurance(self, item: str, *, standard: float | None = None) -> "ItemAssurance":
        """How sure we are that none of an item is left and none was brought back.

        standard: of proof, at which its break-even values stand; the strictest that an undertaking
        about the item names where none is given.
        Raises InputError for an unknown item, or naming the assumption that was not entered.
        """
        from excomm.assurance.from_facts import item_assurance, standard_of

        key = (item, standard_of(self.facts, item)[0] if standard is None else standard)
        if key not in self._assured:
            try:
                self._assured[key] = item_assurance(self.facts, item, standard=standard)
            except InputError as fault:
                raise self._if_known_later(fault) from None
        return self._assured[key]

    def _if_known_later(self, fault: InputError) -> InputError:
        """The same fault, unless the assumption that it misses was entered, for a later day."""
        if fault.where != "assumptions.csv":
            return fault
        missing = str(fault.found).removeprefix("no row ")
        days = [
            max(start_of(entry.occurred, self.case.zone), entry.recorded)
            for entry in self.log
            if isinstance(entry.body, Assumption) and entry.body.name == missing
        ]
        if not days:
            return fault
        day = min(days).astimezone(self.case.zone).date()
        expected = "a row that was known by the day asked"
        remedy = "Ask with --known-by, or date the row earlier."
        return InputError(fault.where, f"{missing} known only from {day}", expected, remedy)

    def items_with_figures(self) -> tuple[str, ...]:
        """The items of which an assurance figure can be asked."""
        from excomm.assurance.from_facts import items_with_figures

        return items_with_figures(self.facts)

    def entry(self, entry_id: str, kind: type[Body] | None = None) -> Entry:
        """The entry of that id. Raises InputError, alike for an unknown and a hidden one."""
        found = self.facts.get(entry_id)
        if found is None or (kind is not None and not isinstance(found.body, kind)):
            raise InputError("id", entry_id, "an entry of this case on this day")
        return found


def _parties(entries: Iterable[Entry]) -> frozenset[str]:
    return frozenset(entry.id for entry in entries if isinstance(entry.body, Party))


def shipped_cases() -> tuple[str, ...]:
    """The names of the cases that come with the product."""
    if not SHIPPED.is_dir():
        raise EnvironmentFault(f"{SHIPPED.name}: the shipped cases are missing. Install again.")
    return tuple(sorted(path.parent.name for path in SHIPPED.glob("*/case.toml")))
