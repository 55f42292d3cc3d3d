"""The fold: what is so on a day, as known by a day, as cleared.

One pass over the entries, in the order the ledger took them in. An entry that the reader may not
see is passed over before anything else is asked of it, so it cannot change what he sees. What was
corrected is dropped as the correction arrives: memory follows what is kept, not the log. A break of
the ledger is of no day: it bears on whatever is read from it, and holds on all of them.

Never done here: judging what the facts mean. The rooms do that.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Set
from datetime import UTC, date, datetime, tzinfo
from typing import TypeVar

import msgspec

from excomm.entries import (
    Day,
    Entry,
    EntryId,
    Instant,
    Marking,
    Scheme,
    content_digest,
    start_of,
)
from excomm.entries.corrections import Corrections, withdraws
from excomm.entries.kinds import Break, CaseHeader, Clearance, Erasure
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.errors import InputError
from excomm.kept import Kept
from excomm.layered import GONE, Gone
from excomm.remembered import Change, Remembered
from excomm.uncollected import uncollected

NEVER = datetime.max.replace(tzinfo=UTC)
B = TypeVar("B")


class Facts:
    """The entries that hold, for one reader, on one day. Immutable once made.

    on, known_by: UTC. zone: the case's. cleared: None where the reader is cleared for all.
    scheme: the marking words of the case, by its newest header.
    recorded_later: how many entries bear on a day up to `on` but were recorded after `known_by`
    (among those the reader may see).
    """

    def __init__(
        self,
        kept: Kept,
        *,
        on: datetime,
        known_by: datetime,
        zone: tzinfo,
        cleared: Marking | None = None,
        scheme: Scheme | None = None,
        recorded_later: int = 0,
        still: "Still | None" = None,
        headers: Collection[EntryId] = (),
        remembered: Remembered | None = None,
    ) -> None:
        self.on = on
        self.known_by = known_by
        self.zone = zone
        self.cleared = cleared
        self.scheme = scheme or scheme_of(None)
        self.recorded_later = recorded_later
        self._kept = kept
        self._still = still
        self._headers = headers  # every header ever, and what corrects one
        # What was worked out from these facts; only `day_by_day` and the like know what.
        self.remembered = Remembered() if remembered is None else remembered

    def of(self, kind: type[B]) -> tuple[tuple[Entry, B], ...]:
        """The entries of one kind with their bodies, by when they were so, then as appended."""
        return self._kept.of(kind)  # type: ignore[return-value]

    def get(self, entry_id: str) -> Entry | None:
        """The entry of that id, if it holds and the reader may see it."""
        return self._kept.get(EntryId(entry_id))

    def number_of(self, ids: Set[str]) -> int:
        """How many of these ids are of entries that hold and that the reader may see."""
        return self._kept.number_of(ids)

    def having(self, entries: Iterable[Entry]) -> "Facts":
        """The same facts, had these entries been taken in as well. Nothing is stored.

        One that corrects another takes its place; clearance and dates are not asked of them.
        """
        changes: dict[EntryId, Entry | Gone] = {}
        for entry in entries:
            if entry.corrects is not None:
                changes[entry.corrects] = GONE
            if not withdraws(entry):
                changes[entry.id] = entry
        return Facts(
            self._kept.changed(changes),
            on=self.on,
            known_by=self.known_by,
            zone=self.zone,
            cleared=self.cleared,
            scheme=self.scheme,
            recorded_later=self.recorded_later,
            remembered=self.remembered.gone_on(self._differences(changes)),
        )

    def sees(self, marking: str) -> bool:
        """Whether the reader may see what is so marked: for parts of an entry marked alone."""
        return _may_see(self.scheme, self.cleared, marking)

    def holds_the_same(self, other: "Facts") -> bool:
        """Whether these are the same entries on the same day, one having gone on from the other."""
        same = self.on == other.on and self.known_by == other.known_by
        return same and self._kept is other._kept

    def start(self, entry: Entry) -> datetime:
        """When the entry counts from, UTC."""
        return start_of(entry.occurred, self.zone)

    def local_day(self, entry: Entry) -> date:
        """The day in the case's zone on which the entry counts from."""
        return self.start(entry).astimezone(self.zone).date()

    def updated(
        self,
        entries: Iterable[Entry],
        *,
        on: datetime | None = None,
        known_by: datetime | None = None,
    ) -> "Facts | None":
        """The facts after the log's next entries, equal to folding the whole log again.

        on, known_by: later ones, where time has moved on too. None where only the log can tell:
        it has to be folded again where a withdrawal brings something back, the marking words or
        a clearance change, or time alone makes something count that did not.
        """
        on, known_by = on or self.on, known_by or self.known_by
        if self._still is None or not self._still.holds(self, on, known_by):
            return None
        changing = _Changing(self._kept)
        folding = Fold(on=on, known_by=known_by, zone=self.zone, sees=self.sees, kept=changing)
        folding.go_on(self._still, self.recorded_later)
        for entry in entries:
            if self._reopens(entry, folding):
                return None
            folding.add(entry)
        if folding.brings_back or (folding.lowered and self.cleared is not None):
            return None
        return Facts(
            self._kept.changed(changing.changes) if changing.changes else self._kept,
            on=folding.on,
            known_by=folding.known_by,
            zone=self.zone,
            cleared=self.cleared,
            scheme=self.scheme,
            recorded_later=folding.recorded_later,
            still=folding.still,
            headers=self._headers,
            remembered=self.remembered.gone_on(self._differences(changing.changes)),
        )

    def _differences(self, changes: Mapping[EntryId, Entry | Gone]) -> tuple[Change, ...]:
        return tuple(
            Change(self._kept.get(one), None if isinstance(now, Gone) else now)
            for one, now in changes.items()
        )

    def _reopens(self, entry: Entry, folding: "Fold") -> bool:
        """Whether an entry changes what earlier entries mean, beyond the one that it corrects."""
        if isinstance(entry.body, CaseHeader | Erasure) or entry.corrects in self._headers:
            return True
        if entry.corrects is None or not folding.knows(entry):
            return False
        return folding.kept.get(entry.corrects) is None

    def __len__(self) -> int:
        return len(self._kept)


class _Changing:
    """What a fold that goes on takes in and drops, beside what was kept before."""

    def __init__(self, kept: Kept) -> None:
        self._kept = kept
        self.changes: dict[EntryId, Entry | Gone] = {}

    def get(self, entry_id: EntryId) -> Entry | None:
        found = self.changes.get(entry_id)
        if found is None:
            return self._kept.get(entry_id)
        return None if isinstance(found, Gone) else found

    def pop(self, entry_id: EntryId, default: None) -> Entry | None:
        found = self.get(entry_id)
        if found is not None:
            self.changes[entry_id] = GONE
        return found if found is not None else default

    def __setitem__(self, entry_id: EntryId, entry: Entry) -> None:
        self.changes[entry_id] = entry


class Still(msgspec.Struct, frozen=True):
    """Until when time alone changes nothing of what is kept: the first of each not yet counted."""

    day: date = date.max  # of entries dated by day
    at: datetime = NEVER  # of others, when they begin
    recorded: datetime = NEVER  # of those recorded after `known_by`

    def holds(self, facts: Facts, on: datetime, known_by: datetime) -> bool:
        """Whether the same would be kept at these later times."""
        return (
            facts.on <= on < self.at
            and facts.known_by <= known_by < self.recorded
            and on.astimezone(facts.zone).date() < self.day
        )


class Fold:
    """Carries what is so as entries arrive; `add` costs the same whatever the log's length."""

    def __init__(
        self,
        *,
        on: datetime,
        known_by: datetime,
        zone: tzinfo,
        sees: Callable[[str], bool],
        kept: "_Changing | None" = None,
    ) -> None:
        self.on = on.astimezone(UTC)
        self.known_by = known_by.astimezone(UTC)
        self.zone = zone
        self._sees = sees
        self._on_day = on.astimezone(zone).date()
        self.kept: dict[EntryId, Entry] | _Changing = {} if kept is None else kept
        self._next_day, self._next_at, self._next_recorded = date.max, NEVER, NEVER
        # What was withdrawn may bring back something dropped before: see `fold`.
        self.brings_back = False
        self.recorded_later = 0
        # By the entry's id: markings that two persons lowered, as this reader knows of it.
        self.lowered: dict[str, Clearance] = {}

    def add(self, entry: Entry) -> None:
        """Take in the next entry of the log."""
        if not self._sees(entry.marking):
            return
        if entry.recorded > self.known_by and type(entry.body) is not Break:
            self.recorded_later += self._has_begun(entry)
            self._next_recorded = min(self._next_recorded, entry.recorded)
            return
        if type(entry.body) is Clearance:
            self.lowered[entry.body.of] = entry.body
        if entry.corrects is not None:
            self._correct(entry, entry.corrects)
        if self._has_begun(entry):
            self.kept[entry.id] = entry

    def knows(self, entry: Entry) -> bool:
        """Whether the reader may see an entry and it had been recorded."""
        known = entry.recorded <= self.known_by or type(entry.body) is Break
        return self._sees(entry.marking) and known

    def keep_again(self, entries: Iterable[Entry], corrections: Corrections) -> None:
        """Start over from the whole log, with what all its corrections have done."""
        self.kept = {
            entry.id: entry
            for entry in entries
            if self.knows(entry) and entry.id not in corrections.gone and self._has_begun(entry)
        }

    def add_all(self, entries: Iterable[Entry]) -> None:
        """Take in the rest of the log."""
        add = self.add
        for entry in entries:
            add(entry)

    def facts(
        self,
        cleared: Marking | None = None,
        scheme: Scheme | None = None,
        headers: Collection[EntryId] = (),
    ) -> Facts:
        """What holds now. The fold may go on; what was returned does not change."""
        assert isinstance(self.kept, dict)
        return Facts(
            Kept(dict(self.kept), self.zone),
            on=self.on,
            known_by=self.known_by,
            zone=self.zone,
            cleared=cleared,
            scheme=scheme,
            recorded_later=self.recorded_later,
            still=self.still,
            headers=headers,
        )

    @property
    def still(self) -> "Still":
        """Until when time alone would change nothing."""
        return Still(self._next_day, self._next_at, self._next_recorded)

    def go_on(self, still: "Still", recorded_later: int) -> None:
        """Take up where an earlier fold stopped."""
        self._next_day, self._next_at, self._next_recorded = still.day, still.at, still.recorded
        self.recorded_later = recorded_later

    def _correct(self, entry: Entry, old: EntryId) -> None:
        dropped = self.kept.pop(old, None)
        if withdraws(entry) and (dropped is None or dropped.corrects is not None):
            self.brings_back = True

    def _has_begun(self, entry: Entry) -> bool:
        occurred = entry.occurred
        if type(occurred) is Day:
            if occurred.day <= self._on_day or type(entry.body) is Break:
                return True
            self._next_day = min(self._next_day, occurred.day)
            return False
        at = occurred.at if type(occurred) is Instant else start_of(occurred, self.zone)
        if at <= self.on or type(entry.body) is Break:
            return True
        self._next_at = min(self._next_at, at)
        return False


def fold(
    read: Callable[[], Iterable[Entry]],
    *,
    on: datetime,
    zone: tzinfo,
    known_by: datetime | None = None,
    cleared: str | None = None,
) -> Facts:
    """What is so at `on`, as known by `known_by` (else at `on`), as a reader so cleared sees it.

    read: gives the entries from the first, in ledger order; asked again only where a withdrawal
    brings an older entry back, or where a corrected header has changed the marking words.
    cleared: a clearance in the marking's text form; None sees all.
    Raises InputError for a clearance of unknown words.
    """
    with uncollected():
        scheme = scheme_of(first_header(read()))
        while True:
            sight = _Sight(scheme, cleared)
            headers = Headers()
            folding = Fold(on=on, known_by=known_by or on, zone=zone, sees=sight.sees)
            folding.add_all(headers.noting(read()))
            newest = scheme_of(headers.newest)
            if newest == scheme:
                break
            scheme = newest  # a corrected header has changed the words: asked once more with those
        if cleared is not None and folding.lowered:
            read = _Lowering(read, folding.lowered, sight.sees)
            folding = Fold(on=on, known_by=known_by or on, zone=zone, sees=sight.sees)
            folding.add_all(read())
        if folding.brings_back:
            corrections = Corrections(entry for entry in read() if folding.knows(entry))
            folding.keep_again(read(), corrections)
        return folding.facts(sight.clearance, scheme, headers.ids)


class _Lowering:
    """A log in which what two persons cleared reads under its lower marking.

    Only what the reader would not see otherwise changes, and only the exact bytes approved.
    """

    def __init__(
        self,
        read: Callable[[], Iterable[Entry]],
        lowered: dict[str, Clearance],
        sees: Callable[[str], bool],
    ) -> None:
        self._read = read
        self._lowered = {of: body for of, body in lowered.items() if sees(body.marking)}
        self._sees = sees

    def __call__(self) -> Iterator[Entry]:
        for entry in self._read():
            body = self._lowered.get(entry.id)
            if body and not self._sees(entry.marking) and content_digest(entry) == body.sha256:
                yield msgspec.structs.replace(entry, marking=body.marking)
            else:
                yield entry


class Headers:
    """The headers of a case as they pass by, to know which one holds in the end.

    The marking words protect now what was entered before: they are always those of the newest
    header, whatever day is asked for.
    """

    def __init__(self) -> None:
        self._entries: dict[EntryId, Entry] = {}

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> "Headers":
        """Those of a whole log."""
        return cls().updated(entries)

    def updated(self, entries: Iterable[Entry]) -> "Headers":
        """These, with what the log's next entries say."""
        found = Headers()
        found._entries = dict(self._entries)
        for _ in found.noting(entries):
            pass
        return found

    def noting(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries, one by one."""
        for entry in entries:
            if type(entry.body) is CaseHeader or entry.corrects in self._entries:
                self._entries[entry.id] = entry
            yield entry

    @property
    def ids(self) -> frozenset[EntryId]:
        """Of every header, and of whatever corrects one."""
        return frozenset(self._entries)

    @property
    def newest(self) -> CaseHeader | None:
        """The header that holds at the end of the log; None before any."""
        return _newest(self._entries.values())

    def newest_for(self, sees: Callable[[str], bool]) -> CaseHeader | None:
        """The one that holds for a reader. sees: whether he may see what is marked so."""
        return _newest([entry for entry in self._entries.values() if sees(entry.marking)])


def _newest(entries: Collection[Entry]) -> CaseHeader | None:
    gone = Corrections(entries).gone
    holding = [entry for entry in entries if entry.id not in gone]
    found = [entry.body for entry in holding if isinstance(entry.body, CaseHeader)]
    return found[-1] if found else first_header(entries)


def first_header(entries: Iterable[Entry]) -> CaseHeader | None:
    """The header that a log begins with."""
    first = next(iter(entries), None)
    return first.body if first is not None and isinstance(first.body, CaseHeader) else None


def scheme_of(header: CaseHeader | None) -> Scheme:
    """The marking words of a case; parties are checked where entries are taken in."""
    if header is None:
        return Scheme(parties=None)
    return Scheme(header.levels or DEFAULT_LEVELS, header.compartments, None)


class _Sight:
    """Whether a reader may see a marking, remembered by its text."""

    def __init__(self, scheme: Scheme, cleared: str | None) -> None:
        self._scheme = scheme
        self._known: dict[str, bool] = {}
        self._fault: InputError | None = None
        self._clearance: Marking | None = None
        if cleared is not None:
            try:
                self._clearance = scheme.parse(cleared)
            except InputError as fault:
                self._fault = fault

    @property
    def clearance(self) -> Marking | None:
        """None where the reader sees all. Raises InputError for a clearance of unknown words."""
        if self._fault is not None:
            raise self._fault
        return self._clearance

    def sees(self, marking: str) -> bool:
        known = self._known.get(marking)
        if known is None:
            allowed = self._fault is None and _may_see(self._scheme, self._clearance, marking)
            known = self._known[marking] = allowed
        return known


def _may_see(scheme: Scheme, clearance: Marking | None, marking: str) -> bool:
    if clearance is None:
        return True
    try:
        return scheme.may_see(clearance, scheme.parse(marking))
    except InputError:
        return False  # a word this case does not know is never treated as open
