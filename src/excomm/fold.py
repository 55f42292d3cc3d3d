"""The fold: what is so on a day, as known by a day, as cleared.

One pass over the entries, in the order the ledger took them in. An entry that the reader may not
see is passed over before anything else is asked of it, so it cannot change what he sees. What was
corrected is dropped as the correction arrives: memory follows what is kept, not the log.

Never done here: judging what the facts mean. The rooms do that.
"""

import gc
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, tzinfo
from typing import TypeVar

from excomm.entries import Day, Entry, EntryId, Instant, Marking, Scheme, start_of
from excomm.entries.kinds import CaseHeader, Correction, Event
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.errors import InputError

B = TypeVar("B")


class Facts:
    """The entries that hold, for one reader, on one day. Immutable once made.

    on, known_by: UTC. zone: the case's. cleared: None where the reader is cleared for all.
    recorded_later: how many entries bear on a day up to `on` but were recorded after `known_by`
    (among those the reader may see).
    """

    def __init__(
        self,
        kept: dict[EntryId, Entry],
        *,
        on: datetime,
        known_by: datetime,
        zone: tzinfo,
        cleared: Marking | None = None,
        recorded_later: int = 0,
    ) -> None:
        self.on = on
        self.known_by = known_by
        self.zone = zone
        self.cleared = cleared
        self.recorded_later = recorded_later
        self._kept = kept
        self._by_kind: dict[type, list[Entry]] | None = None
        self._sorted: dict[type, tuple[tuple[Entry, object], ...]] = {}

    def of(self, kind: type[B]) -> tuple[tuple[Entry, B], ...]:
        """The entries of one kind with their bodies, by when they were so, then as appended."""
        if kind not in self._sorted:
            if self._by_kind is None:
                self._by_kind = {}
                for entry in self._kept.values():
                    self._by_kind.setdefault(type(entry.body), []).append(entry)
            found = sorted(self._by_kind.get(kind, ()), key=self._order)
            self._sorted[kind] = tuple((entry, entry.body) for entry in found)
        return self._sorted[kind]  # type: ignore[return-value]

    def get(self, entry_id: str) -> Entry | None:
        """The entry of that id, if it holds and the reader may see it."""
        return self._kept.get(EntryId(entry_id))

    def start(self, entry: Entry) -> datetime:
        """When the entry counts from, UTC."""
        return start_of(entry.occurred, self.zone)

    def local_day(self, entry: Entry) -> date:
        """The day in the case's zone on which the entry counts from."""
        return self.start(entry).astimezone(self.zone).date()

    def __len__(self) -> int:
        return len(self._kept)

    def _order(self, entry: Entry) -> tuple[datetime, int]:
        return self.start(entry), entry.seq


class Fold:
    """Carries what is so as entries arrive; `add` costs the same whatever the log's length."""

    def __init__(
        self,
        *,
        on: datetime,
        known_by: datetime,
        zone: tzinfo,
        sees: Callable[[str], bool],
        all_links: bool = False,
    ) -> None:
        self.on = on.astimezone(UTC)
        self.known_by = known_by.astimezone(UTC)
        self.zone = zone
        self._sees = sees
        self._on_day = on.astimezone(zone).date()
        self._kept: dict[EntryId, Entry] = {}
        # Correction -> what it replaced, for those that hold: memory follows what is kept.
        self._replaced: dict[EntryId, EntryId] = {}
        self._all_links = all_links
        self.to_restore: set[EntryId] = set()
        # Something was withdrawn whose link had been let go: only a fold of all links knows more.
        self.lost_link = False
        self.recorded_later = 0

    def add(self, entry: Entry) -> None:
        """Take in the next entry of the log."""
        if not self._sees(entry.marking):
            return
        if entry.recorded > self.known_by:
            self.recorded_later += self._has_begun(entry)
            return
        if entry.corrects is not None:
            self._correct(entry, entry.corrects)
        if self._has_begun(entry):
            self._kept[entry.id] = entry

    def add_all(self, entries: Iterable[Entry]) -> None:
        """Take in the rest of the log."""
        add = self.add
        for entry in entries:
            add(entry)

    def restore(self, entry: Entry) -> None:
        """Put back an entry whose correction was withdrawn."""
        if entry.id in self.to_restore and self._sees(entry.marking) and self._has_begun(entry):
            self._kept[entry.id] = entry

    def facts(self, cleared: Marking | None = None) -> Facts:
        """What holds now. The fold may go on; what was returned does not change."""
        return Facts(
            dict(self._kept),
            on=self.on,
            known_by=self.known_by,
            zone=self.zone,
            cleared=cleared,
            recorded_later=self.recorded_later,
        )

    def _correct(self, entry: Entry, old: EntryId) -> None:
        self._kept.pop(old, None)
        brought_back = old in self.to_restore
        self.to_restore.discard(old)
        older = self._replaced.get(old) if self._all_links else self._replaced.pop(old, None)
        if not _withdraws(entry):
            self._replaced[entry.id] = old
        elif older is not None:
            # What the withdrawn entry had replaced is gone by now: asked for again afterwards.
            self.to_restore.add(older)
        else:
            self.lost_link |= brought_back

    def _has_begun(self, entry: Entry) -> bool:
        occurred = entry.occurred
        if type(occurred) is Day:
            return occurred.day <= self._on_day
        if type(occurred) is Instant:
            return occurred.at <= self.on
        return start_of(occurred, self.zone) <= self.on


def fold(
    read: Callable[[], Iterable[Entry]],
    *,
    on: datetime,
    zone: tzinfo,
    known_by: datetime | None = None,
    cleared: str | None = None,
) -> Facts:
    """What is so at `on`, as known by `known_by` (else at `on`), as a reader so cleared sees it.

    read: gives the entries from the first, in ledger order; asked again only where a withdrawn
    correction brings an older entry back. cleared: a clearance in the marking's text
    form; None sees all.
    Raises InputError for a clearance of unknown words.
    """
    collecting = gc.isenabled()
    # A million small structs that all stay: the cycle collector would only re-read them.
    gc.disable()
    try:
        entries = iter(read())
        first = next(entries, None)
        header = first.body if first and isinstance(first.body, CaseHeader) else None
        scheme = scheme_of(header)
        clearance = scheme.parse(cleared) if cleared is not None else None
        sees = _Sight(scheme, clearance).sees
        folding = Fold(on=on, known_by=known_by or on, zone=zone, sees=sees)
        if first:
            folding.add(first)
        folding.add_all(entries)
        if folding.lost_link:
            folding = Fold(on=on, known_by=known_by or on, zone=zone, sees=sees, all_links=True)
            folding.add_all(read())
        if folding.to_restore:
            for entry in read():
                folding.restore(entry)
        return folding.facts(clearance)
    finally:
        if collecting:
            gc.enable()


def scheme_of(header: CaseHeader | None) -> Scheme:
    """The marking words of a case; parties are checked where entries are taken in."""
    if header is None:
        return Scheme(parties=None)
    return Scheme(header.levels or DEFAULT_LEVELS, header.compartments, None)


class _Sight:
    """Whether a reader may see a marking, remembered by its text."""

    def __init__(self, scheme: Scheme, clearance: Marking | None) -> None:
        self._scheme = scheme
        self._clearance = clearance
        self._known: dict[str, bool] = {}

    def sees(self, marking: str) -> bool:
        known = self._known.get(marking)
        if known is None:
            known = self._known[marking] = self._may_see(marking)
        return known

    def _may_see(self, marking: str) -> bool:
        if self._clearance is None:
            return True
        try:
            return self._scheme.may_see(self._clearance, self._scheme.parse(marking))
        except InputError:
            return False  # a word this case does not know is never treated as open


def _withdraws(entry: Entry) -> bool:
    body = entry.body
    return isinstance(body, Correction) or (isinstance(body, Event) and body.kind == "retraction")
