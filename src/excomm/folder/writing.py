"""Entries written out as a case folder that reads back to the same entries.

The bytes depend on the entries alone: one row a line, only the columns used, in ledger order, so
that two versions of a case can be compared line by line. Nothing is put in place until it has been
read back and found the same.
"""

import io
from collections.abc import Iterable, Mapping
from datetime import UTC
from functools import partial
from pathlib import Path

import msgspec

from excomm.entries.entry import Entry, to_bytes
from excomm.entries.kinds import (
    Agreement,
    Attachment,
    CaseHeader,
    Item,
    Means,
    Model,
    Party,
    Site,
    Undertaking,
)
from excomm.entries.marking import DEFAULT_LEVELS
from excomm.entries.times import parse_zone
from excomm.errors import InputError
from excomm.folder import agreement, casefile, minutes, models, tables
from excomm.folder.loading import NEVER, folder_of, in_ledger_order
from excomm.folder.placing import put
from excomm.folder.rows import Reading


def write(entries: Iterable[Entry], path: Path | str) -> None:
    """Write a case folder: all of it, or nothing where something is in the way.

    What comes back when it is read is the same but for `seq` and `appended`, which are a ledger's
    own. Raises InputError where the place is taken or cannot be written, and where entries break
    the rules that a folder is held against (then nothing is written).
    """
    put(as_files(entries), Path(path))


def as_files(entries: Iterable[Entry]) -> dict[str, bytes]:
    """The files of a case by name, read back once. Raises InputError as in `write`."""
    wanted = [_bare(entry) for entry in entries]
    files = _files(in_ledger_order(wanted))
    found = folder_of({name: partial(io.BytesIO, raw) for name, raw in files.items()}, NEVER)
    same = {entry.id: to_bytes(entry) for entry in found.entries}
    for entry in wanted:
        if same.pop(entry.id, None) != to_bytes(entry):
            raise InputError(
                entry.id, f"a {entry.kind} that files cannot hold", "one that reads back unchanged"
            )
    for one in same:
        raise InputError(
            one, "a name of an agreement without an entry", "an entry for every party and item"
        )
    return files


def _bare(entry: Entry) -> Entry:
    recorded = entry.recorded.astimezone(UTC)
    return msgspec.structs.replace(entry, recorded=recorded, seq=0, appended=None)


def _files(entries: list[Entry]) -> dict[str, bytes]:
    if not entries or not isinstance(entries[0].body, CaseHeader):
        raise InputError("entries", "no case header", "a case's entries, its header among them")
    header = entries[0].body
    reading = Reading(
        now=NEVER,
        zone=parse_zone(header.zone),
        zone_name=header.zone,
        opens=header.opens,
        lowest=(header.levels or DEFAULT_LEVELS)[0],
    )
    groups: dict[type, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(type(entry.body), []).append(entry)
    minuted = minutes.to_files(groups.get(Attachment, []))
    modelled = models.to_files(groups.get(Model, []))
    rows = _in_tables(groups, minuted | modelled)
    dated = [*rows, *minuted.values(), *modelled.values()]
    as_dated = sum(entry.recorded == reading.dated(entry.occurred) for entry in dated)
    reading.as_dated = 0 < len(dated) <= 2 * as_dated
    files = {casefile.FILE: casefile.written(groups, reading)}
    files |= agreement.written(groups, reading)
    files |= tables.written(rows, reading)
    files |= minutes.written(minuted, reading)
    files |= models.written(modelled, reading)
    return files


_VOCABULARY = (CaseHeader, Party, Item, Site, Means, Agreement, Undertaking)


def _in_tables(groups: Mapping[type, list[Entry]], filed: Mapping[str, Entry]) -> list[Entry]:
    """What belongs in tables: all but the vocabulary, the agreement's, minutes and models."""
    elsewhere = {id(entry) for entry in filed.values()}
    return [
        entry
        for kind, found in groups.items()
        if kind not in _VOCABULARY
        for entry in found
        if id(entry) not in elsewhere and not agreement.takes(entry, groups)
    ]
