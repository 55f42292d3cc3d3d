"""What a load has to append: the difference between a folder and a ledger, as entries.

Nothing in a ledger is ever altered. A row whose content differs from what stands in the ledger
becomes a correction with an id of its own; a row that is gone from the folder is only told.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo

import msgspec

from excomm.entries.corrections import Corrections, withdraws
from excomm.entries.entry import Entry, EntryId, to_bytes
from excomm.entries.kinds import CaseHeader
from excomm.entries.times import Span, instant_text, parse_zone, start_of
from excomm.errors import Faults, InputError


class Changes(msgspec.Struct, frozen=True):
    """What is to be appended, in this order, and what else was found.

    entries: to append. corrected: id of a row -> id of the correction among `entries`.
    unchanged: how many rows stand in the ledger as they are. missing: ids that the ledger has and
    the folder does not; they stay.
    """

    entries: tuple[Entry, ...]
    corrected: dict[EntryId, EntryId]
    unchanged: int
    missing: tuple[EntryId, ...]


def changes(existing: Iterable[Entry], wanted: Iterable[Entry], *, now: datetime) -> Changes:
    """Compare a folder's entries with a ledger's.

    existing: what the ledger holds, in its order. wanted: what a folder says, read with the same
    `now`. A correction is recorded now, unless the row's own `recorded` was changed.
    Raises Faults where the folder is another case, names another zone, or changes a withdrawal,
    what a correction corrects, or a row that it has itself replaced.
    """
    ledger = _Ledger(existing)
    rows = tuple(wanted)
    if not ledger.by_id:
        return Changes(rows, {}, 0, ())
    faults = [fault for row in rows if (fault := _case_fault(ledger, row))]
    if faults:
        raise Faults(faults)
    # Rows whose versions the folder lists itself, as an exported one does.
    listed = {row.corrects for row in rows if row.corrects is not None}
    replaced = Corrections(rows).gone
    now = now.astimezone(UTC)
    taken = {*ledger.by_id, *(row.id for row in rows)}
    entries: list[Entry] = []
    corrected: dict[EntryId, EntryId] = {}
    accounted: set[EntryId] = set()
    for row in rows:
        known = ledger.by_id.get(row.id)
        if known is None:
            faults.extend(ledger.faults_of_new(row))
            entries.append(row)
            continue
        accounted.update(ledger.chain(row.id))
        standing = known if row.id in listed else ledger.standing(known)
        if row.corrects != known.corrects:
            faults.append(_moved(row, known))
        elif not ledger.differs(row, standing, now):
            continue
        elif row.id in replaced:
            faults.append(_replaced(row, rows))
        elif withdraws(row):
            faults.append(_taken_back(row))
        else:
            correction = ledger.correction(row, now, taken)
            taken.add(correction.id)
            entries.append(correction)
            corrected[row.id] = correction.id
    if entries and ledger.latest > now:
        faults.append(_clock(ledger.latest, now))
    if faults:
        raise Faults(faults)
    unchanged = len(rows) - len(entries)
    missing = tuple(one for one in ledger.by_id if one not in accounted)
    return Changes(tuple(entries), corrected, unchanged, missing)


class _Ledger:
    """What a ledger holds, by id and by what corrects what."""

    def __init__(self, existing: Iterable[Entry]) -> None:
        self.by_id = {entry.id: entry for entry in existing}
        self.header = next(
            (one for one in self.by_id.values() if isinstance(one.body, CaseHeader)), None
        )
        self.zone: tzinfo = UTC
        if self.header is not None:
            assert isinstance(self.header.body, CaseHeader)
            self.zone = parse_zone(self.header.body.zone)
        appended = (entry.appended for entry in self.by_id.values())
        self.latest = max((at for at in appended if at is not None), default=_SAME)
        self._withdrawn = Corrections(self.by_id.values()).withdrawn
        self._corrections: dict[EntryId, list[Entry]] = {}
        for entry in self.by_id.values():
            if entry.corrects is not None:
                self._corrections.setdefault(entry.corrects, []).append(entry)

    def standing(self, entry: Entry) -> Entry:
        """The entry that says now what this one said: itself, or the last that replaced it."""
        seen = {entry.id}
        while following := [
            one for one in self._holding(entry) if not withdraws(one) and one.id not in seen
        ]:
            entry = following[-1]
            seen.add(entry.id)
        return entry

    def chain(self, entry_id: EntryId) -> list[EntryId]:
        """The entry and all that replaced it, one after the other."""
        found = [entry_id]
        for one in found:
            found.extend(
                later.id
                for later in self._corrections.get(one, ())
                if not withdraws(later) and later.id not in found
            )
        return found

    def differs(self, row: Entry, standing: Entry, now: datetime) -> bool:
        """Whether a row says something else than what stands, or was known at another time."""
        return _content(row) != _content(standing) or self._known_otherwise(row, standing, now)

    def correction(self, row: Entry, now: datetime, taken: set[EntryId]) -> Entry:
        """The row as a correction of what stands."""
        standing = self.standing(self.by_id[row.id])
        withdrawn = [one for one in self._holding(standing) if withdraws(one)]
        head = withdrawn[-1] if withdrawn else standing
        return msgspec.structs.replace(
            row,
            id=self._next_id(row.id, taken),
            corrects=head.id,
            recorded=row.recorded if self._known_otherwise(row, standing, now) else now,
        )

    def faults_of_new(self, row: Entry) -> list[InputError]:
        """What hinders a new row: it corrects what the ledger has corrected already."""
        old = self.by_id.get(row.corrects) if row.corrects is not None else None
        holding = self._holding(old) if old is not None else []
        return [
            InputError(
                f"{row.id}: corrects",
                row.corrects,
                f"what stands in the ledger: {one.id} has replaced it there",
                f"Write {one.id}, or export the ledger and go on from that folder.",
            )
            for one in holding[-1:]
        ]

    def _holding(self, entry: Entry) -> list[Entry]:
        """The corrections of an entry that were not themselves withdrawn."""
        return [one for one in self._corrections.get(entry.id, ()) if one.id not in self._withdrawn]

    def _next_id(self, row_id: EntryId, taken: set[EntryId]) -> EntryId:
        root = row_id
        while (
            (old := self.by_id[root].corrects) is not None and old in self.by_id and old != row_id
        ):
            root = old
        base = root if re.fullmatch(rf"{re.escape(root)}\.\d+", row_id) else row_id
        number = 2
        while (found := EntryId(f"{base}.{number}")) in taken:
            number += 1
        return found

    def _known_otherwise(self, row: Entry, standing: Entry, now: datetime) -> bool:
        """Whether the row's own `recorded` was changed since it was last loaded.

        A correction made by a load is recorded at that load and says nothing of the row's own: then
        what it replaced tells.
        """
        if row.recorded == standing.recorded:
            return False
        said = self._rule(row, loaded=now)
        stood = self._rule(standing, loaded=standing.appended)
        if said == _ON_LOAD:
            return stood != _ON_LOAD
        while stood == _ON_LOAD and standing.corrects in self.by_id:
            standing = self.by_id[EntryId(str(standing.corrects))]
            stood = self._rule(standing, loaded=standing.appended)
        return said != stood

    def _rule(self, entry: Entry, *, loaded: datetime | None) -> str | datetime:
        """How an entry came to its `recorded`: by being loaded, by its date, or said outright."""
        occurred = entry.occurred
        if entry.recorded == loaded:
            return _ON_LOAD
        dated = start_of(occurred.end if isinstance(occurred, Span) else occurred, self.zone)
        return _AS_DATED if entry.recorded == dated else entry.recorded


_ON_LOAD, _AS_DATED = "on load", "as dated"
_SAME = datetime.min.replace(tzinfo=UTC)


def _content(entry: Entry) -> bytes:
    """What an entry says, without its name, its place and when it was known."""
    bare = msgspec.structs.replace(
        entry, id=EntryId(""), corrects=None, recorded=_SAME, seq=0, appended=None
    )
    return to_bytes(bare)


def _case_fault(ledger: _Ledger, row: Entry) -> InputError | None:
    if not isinstance(row.body, CaseHeader) or ledger.header is None:
        return None
    assert isinstance(ledger.header.body, CaseHeader)
    if row.corrects is None and row.id not in ledger.by_id:
        return InputError(
            "case.toml: id", row.id, f"the ledger's case, {ledger.header.id}", "Use another ledger."
        )
    if row.body.zone != ledger.header.body.zone:
        return InputError(
            "case.toml: zone",
            row.body.zone,
            f"the ledger's zone, {ledger.header.body.zone}",
            "The days of a case cannot move: make a new ledger.",
        )
    return None


def _clock(latest: datetime, now: datetime) -> InputError:
    return InputError(
        "clock",
        instant_text(now),
        f"no earlier than the ledger's last entry, {instant_text(latest)}",
        "Set the clock of this machine right, then load again.",
    )


def _moved(row: Entry, known: Entry) -> InputError:
    return InputError(
        f"{row.id}: corrects",
        row.corrects,
        f"{known.corrects or 'nothing'}, as in the ledger",
        "Give the row an id of its own.",
    )


def _taken_back(row: Entry) -> InputError:
    # A correction of a withdrawal would be read as taking the withdrawal back.
    return InputError(
        row.id,
        "a changed withdrawal",
        "the row as the ledger has it",
        "Put it back, and say what is to be added in a row of its own.",
    )


def _replaced(row: Entry, rows: Iterable[Entry]) -> InputError:
    later = next(one.id for one in rows if one.corrects == row.id)
    return InputError(
        row.id,
        "a changed row",
        f"the row as the ledger has it: {later} has replaced it",
        f"Change {later} instead.",
    )
