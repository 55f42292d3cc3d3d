"""What a sheet would add to a ledger: new rows, changed rows as corrections, rows with faults.

The same sheet sent again adds nothing; a grown one adds its new rows. A row that says something
else than it did becomes a correction of its own entry. A row that is gone from the sheet is told,
never taken out. Nothing is written here but by `take`, all of it at once.
"""

import csv
import hashlib
import io
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from excomm.entries import KINDS, Entry, EntryId, Instant, lines, parse_zone
from excomm.entries.corrections import Corrections
from excomm.entries.kinds import Attachment, CaseHeader
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.errors import Faults, InputError
from excomm.folder import ReadRow, TypedRow, changes, texts_of, typed_rows
from excomm.interchange.mapping import (
    Names,
    SheetMap,
    check_map,
    of_json,
    row_id,
    texts_of_row,
    to_json,
)
from excomm.interchange.sheet import Sheet, SheetRow
from excomm.ledger import Head, Ledger

MAP_ROLE = "sheet map"
_BEGIN = datetime.min.replace(tzinfo=UTC)


class CellFault(msgspec.Struct, frozen=True):
    """What is wrong in one cell. line: of the sheet. column: its name there, or the field's."""

    line: int
    column: str
    fault: InputError

    @property
    def says(self) -> str:
        """What is wrong, without where."""
        return str(self.fault).removeprefix(f"{self.fault.where}: ")

    def __str__(self) -> str:
        return f"row {self.line}: {self.column}: {self.says}"


class Change(msgspec.Struct, frozen=True):
    """A row that says something else than its entry: field by field, before and after."""

    line: int
    of: EntryId
    entry: Entry
    fields: tuple[tuple[str, str, str], ...]


class Plan(msgspec.Struct, frozen=True):
    """What taking in a sheet would do.

    added: new entries with their lines. changed: corrections. unchanged: rows that stand as they
    are. missing: ids of entries that an earlier sheet of this map brought and this one does not.
    rejected: rows with faults. digest: of all that would be appended; two plans alike append alike.
    """

    mapping: SheetMap
    added: tuple[tuple[int, Entry], ...]
    changed: tuple[Change, ...]
    unchanged: int
    missing: tuple[EntryId, ...]
    faults: tuple[CellFault, ...]
    rejected: tuple[SheetRow, ...]
    map_entry: Entry | None
    digest: str

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What would be appended: the mapping where it is new, then the rows."""
        first = (self.map_entry,) if self.map_entry is not None else ()
        rows = [entry for _, entry in self.added]
        return (*first, *rows, *(change.entry for change in self.changed))


def plan(
    sheet: Sheet, mapping: SheetMap, existing: Iterable[Entry], *, now: datetime, by: str = ""
) -> Plan:
    """Work out what a sheet would add. existing: the entries that whoever sends it may see.

    Raises Faults where the mapping does not fit the sheet. Faults of cells are part of the plan.
    """
    check_map(mapping, sheet)
    case = tuple(existing)
    header = [entry.body for entry in case if isinstance(entry.body, CaseHeader)][-1]
    names = Names(case)
    zone = parse_zone(header.zone)
    ids = {row.line: row_id(mapping, sheet, row) for row in sheet.rows}
    own = set(ids.values())
    rows, faults = _told_apart(sheet, mapping, ids)
    read = typed_rows(
        KINDS[mapping.kind],
        (
            TypedRow(row.line, ids[row.line], texts_of_row(mapping, sheet, row, names, zone))
            for row in rows
        ),
        # An earlier sending of the same row is what it is compared with, not a second of its id.
        [entry for entry in case if entry.id not in own],
        now=now,
    )
    faults += [fault for row in read for fault in _placed(row, mapping)]
    wanted = [row.entry for row in read if row.entry is not None]
    found, more = _compared(case, wanted, ids, now)
    faults += more
    broken = {fault.line for fault in faults}
    line_of = {name: line for line, name in ids.items()}
    texts = {one.id: one for one in case}
    corrects = {new: old for old, new in found.corrected.items()}
    added = [(line_of[e.id], e) for e in found.entries if e.id not in corrects]
    changed = [
        Change(line_of[old], old, e, _differing(texts[_latest(case, e)], e, header))
        for e in found.entries
        if (old := corrects.get(e.id)) is not None
    ]
    map_entry = _map_entry(mapping, case, header, now, by)
    listed = lines(
        msgspec.structs.replace(entry, recorded=_BEGIN)
        for entry in (*(entry for _, entry in added), *(change.entry for change in changed))
    )
    mine = {e.id for e in case if e.id.startswith(f"{mapping.name}/") and e.corrects is None}
    gone = Corrections(case).withdrawn
    return Plan(
        mapping,
        tuple(added),
        tuple(changed),
        len(wanted) - len(added) - len(changed),
        tuple(sorted(mine - own - gone)),
        tuple(sorted(faults, key=lambda fault: fault.line)),
        tuple(row for row in sheet.rows if row.line in broken),
        map_entry,
        hashlib.sha256(listed + to_json(mapping).encode()).hexdigest(),
    )


def take(ledger: Ledger, made: Plan, *, onto: Head, now: datetime, key: str | None = None) -> Head:
    """Append what a plan holds, all of it or nothing, onto the head that it was made from.

    key: names this sending, so that it lands once. Raises Moved where the ledger has gone on.
    """
    entries = made.entries
    return ledger.append(entries, now=now, key=key, onto=onto) if entries else ledger.head()


def saved_map(existing: Iterable[Entry], name: str) -> SheetMap | None:
    """The mapping kept under a name, as it stands now."""
    found = saved_maps(existing)
    return found.get(name)


def saved_maps(existing: Iterable[Entry]) -> dict[str, SheetMap]:
    """Every mapping kept in the ledger, by name; the latest of each."""
    return {
        entry.body.name: of_json(entry.body.text, str(entry.id))
        for entry in existing
        if isinstance(entry.body, Attachment) and entry.body.role == MAP_ROLE
    }


def rejects_csv(sheet: Sheet, made: Plan) -> str:
    """The rows that were not taken in, each with what is wrong: to be mended and sent again."""
    from excomm.interchange.cells import harmless

    said: dict[int, list[str]] = {}
    for fault in made.faults:
        said.setdefault(fault.line, []).append(str(fault))
    out = io.StringIO()
    write = csv.writer(out, lineterminator="\n")
    write.writerow([*sheet.columns, "what is wrong"])
    for row in made.rejected:
        write.writerow([harmless(cell) for cell in (*row.cells, "; ".join(said[row.line]))])
    return out.getvalue()


# -- rows ------------------------------------------------------------------------------------------


def _told_apart(
    sheet: Sheet, mapping: SheetMap, ids: dict[int, EntryId]
) -> tuple[list[SheetRow], list[CellFault]]:
    """Rows with keys of their own; two with one key are both at fault: either may be meant."""
    lines_of: dict[EntryId, list[int]] = {}
    for row in sheet.rows:
        lines_of.setdefault(ids[row.line], []).append(row.line)
    column = ", ".join(mapping.key_columns)
    faults = [
        CellFault(
            row.line,
            column,
            InputError(
                column,
                f"the same as in row {others[0] if others[0] != row.line else others[1]}",
                "cells that tell the rows apart",
                "Name a further column as part of the key.",
            ),
        )
        for row in sheet.rows
        if len(others := lines_of[ids[row.line]]) > 1
    ]
    return [row for row in sheet.rows if len(lines_of[ids[row.line]]) == 1], faults


def _placed(row: ReadRow, mapping: SheetMap) -> list[CellFault]:
    columns = {field: column for column, field in mapping.columns.items()}
    return [
        CellFault(row.number, columns.get(field := fault.where.split(".")[0], field), fault)
        for fault in row.faults
    ]


class _Compared(msgspec.Struct, frozen=True):
    entries: tuple[Entry, ...]
    corrected: dict[EntryId, EntryId]


def _compared(
    case: tuple[Entry, ...], wanted: list[Entry], ids: dict[int, EntryId], now: datetime
) -> tuple[_Compared, list[CellFault]]:
    """The difference to the ledger; a row that cannot be compared is at fault by itself."""
    try:
        found = changes(case, wanted, now=now)
    except Faults as faults:
        line_of = {str(name): line for line, name in ids.items()}
        told = [(line_of.get(fault.where.split(":")[0], 0), fault) for fault in faults.faults]
        if any(not line for line, _ in told):
            raise
        broken = {line for line, _ in told}
        rest = [one for one in wanted if line_of[str(one.id)] not in broken]
        again, more = _compared(case, rest, ids, now)
        return again, [*more, *(CellFault(line, "row", fault) for line, fault in told)]
    return _Compared(found.entries, found.corrected), []


def _latest(case: tuple[Entry, ...], correction: Entry) -> EntryId:
    """The entry that says what stood before: past a withdrawal, what that one had taken away."""
    by_id = {one.id: one for one in case}
    old = EntryId(str(correction.corrects))
    while type(by_id[old].body) is not type(correction.body):
        old = EntryId(str(by_id[old].corrects))
    return old


def _differing(old: Entry, new: Entry, header: CaseHeader) -> tuple[tuple[str, str, str], ...]:
    was, now = texts_of(old, header), texts_of(new, header)
    return tuple(
        (name, was.get(name, ""), now.get(name, ""))
        for name in dict.fromkeys((*was, *now))
        if was.get(name, "") != now.get(name, "")
    )


def _map_entry(
    mapping: SheetMap, case: tuple[Entry, ...], header: CaseHeader, now: datetime, by: str
) -> Entry | None:
    """The mapping as an entry, where it is new or changed: how each row was read stays provable."""
    kept = [
        entry
        for entry in case
        if isinstance(entry.body, Attachment)
        and entry.body.role == MAP_ROLE
        and entry.body.name == mapping.name
    ]
    text = to_json(mapping)
    if kept and isinstance(last := kept[-1].body, Attachment) and last.text == text:
        return None
    raw = text.encode()
    digest = hashlib.sha256(raw).hexdigest()
    return Entry(
        id=EntryId(f"maps/{mapping.name}/{len(kept) + 1}-{digest[:8]}"),
        occurred=Instant(now.astimezone(UTC)),
        recorded=now.astimezone(UTC),
        body=Attachment(
            name=mapping.name,
            sha256=digest,
            size=len(raw),
            media_type="application/json",
            role=MAP_ROLE,
            text=text,
        ),
        by=by,
        standing="established",
        reading="high",
        marking=mapping.fixed.get("marking") or (header.levels or DEFAULT_LEVELS)[0],
        corrects=kept[-1].id if kept else None,
    )
