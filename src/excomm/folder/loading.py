"""A folder, or one text, or an agreement alone, read into the entries that it says.

All faults are gathered before anything is said, and nothing is returned unless there are none.
"""

import hashlib
import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO

import msgspec

from excomm.entries.agreement_rules import unknown_about
from excomm.entries.entry import Entry, EntryId, lines
from excomm.entries.kinds import (
    KINDS,
    Agreement,
    CaseHeader,
    Item,
    Means,
    Offer,
    Party,
    Site,
    Undertaking,
)
from excomm.entries.rules import faults, own_faults
from excomm.entries.times import instant_text, parse_zone
from excomm.errors import Faults, InputError
from excomm.folder import agreement, casefile, minutes, models
from excomm.folder.bounded import whole_text
from excomm.folder.fields import Misread
from excomm.folder.files import (
    Files,
    in_number_order,
    is_agreement,
    of_directory,
    of_text,
    strays,
)
from excomm.folder.nodes import ScalarNode
from excomm.folder.rows import Form, Reading, Row, read_row
from excomm.folder.tables import FILES, read_table

NEVER = datetime.max.replace(tzinfo=UTC)
"""A moment of loading that nothing is later than."""
_BEGIN = datetime.min.replace(tzinfo=UTC)


class Folder(msgspec.Struct, frozen=True):
    """A case read from files.

    entries: in ledger order, the case's header first. digest: hex SHA-256 of the entries as
    written, whatever the moment of loading. header: the first entry's body.
    """

    entries: tuple[Entry, ...]
    digest: str

    @property
    def header(self) -> CaseHeader:
        """The case's header as the files have it."""
        body = self.entries[0].body
        assert isinstance(body, CaseHeader)
        return body


def read(path: Path | str, *, now: datetime) -> Folder:
    """Read a case folder. now: what rows without `recorded` get, where the case says "on load".

    Raises Faults with every problem of every file; InputError where there is no folder.
    """
    return folder_of(of_directory(Path(path)), now)


def read_text(text: str, *, now: datetime) -> Folder:
    """A whole case in one text: each file follows a line `=== its name`. Faults as in `read`.

    >>> from datetime import UTC, datetime
    >>> case = read_text(
    ...     '''
    ...     === case.toml
    ...     id = "short"
    ...     title = "A short case"
    ...     zone = "UTC"
    ...     opens = 2024-01-01
    ...     parties = [{id = "A", name = "Side A"}]
    ...     === measures.csv
    ...     id,occurred,name,party,level
    ...     M1,2024-01-02,patrols,A,daily
    ...     ''',
    ...     now=datetime(2024, 1, 3, tzinfo=UTC),
    ... )
    >>> [(entry.kind, entry.id) for entry in case.entries]
    [('case', 'short'), ('party', 'A'), ('measure', 'M1')]
    """
    return folder_of(of_text(text), now)


def check(path: Path | str, *, now: datetime | None = None) -> tuple[InputError, ...]:
    """Every problem of a folder, by file and line; none where it can be read.

    now: what was recorded later is a fault; None: not asked.
    """
    try:
        files = of_directory(Path(path))
    except InputError as fault:
        return (fault,)
    return tuple(_read(files, now or NEVER).faults)


# -- all files of a folder -----------------------------------------------------------------------


def folder_of(files: Files, now: datetime) -> Folder:
    """The case of these files. Raises Faults as `read` does."""
    reading = _read(files, now.astimezone(UTC))
    if reading.faults:
        raise Faults(reading.faults)
    entries = tuple(in_ledger_order(row.entry for row in reading.rows))
    on_load = {row.entry.id for row in reading.rows if row.on_load}
    said = (
        msgspec.structs.replace(entry, recorded=_BEGIN) if entry.id in on_load else entry
        for entry in entries
    )
    return Folder(entries, hashlib.sha256(lines(said)).hexdigest())


def _read(files: Files, now: datetime) -> Reading:
    """Read every file in its turn, then hold the entries against each other."""
    reading = Reading(now=now)
    _take(reading, files, casefile.FILE, casefile.KINDS_READ, _case)
    for name in sorted(filter(is_agreement, files), key=in_number_order):
        _take(reading, files, name, agreement.KINDS_READ, _agreement)
    for name, kind in FILES.items():
        if name in files:
            _take(reading, files, name, (str(kind.__struct_config__.tag),), read_table)
    for name in files:
        if minutes.is_text(name):
            _take(reading, files, name, ("attachment",), partial(_minutes, files))
    for name in files:
        if name.startswith(models.FOLDER) and name.endswith(models.ENDING):
            _take(reading, files, name, ("model",), _model)
    reading.faults.extend(strays(files))
    _hold_against(reading, partial(faults, failed=reading.failed, unread=reading.unread))
    order = {name: index for index, name in enumerate(files)}
    reading.faults.sort(key=lambda found: _place(found, order))
    return reading


def _hold_against(
    reading: Reading, rules: Callable[[list[Entry]], Iterator[tuple[Entry, InputError]]]
) -> None:
    for row in reading.rows:
        if row.entry.recorded > reading.now and (placed := row.placed(_to_come(row, reading.now))):
            reading.faults.append(placed)
    rows = {id(row.entry): row for row in reading.rows}
    for entry, found in rules([row.entry for row in reading.rows]):
        if placed := rows[id(entry)].placed(found):
            reading.faults.append(placed)


def _to_come(row: Row, now: datetime) -> InputError:
    return InputError(
        "recorded",
        instant_text(row.entry.recorded),
        f"at the latest now, {instant_text(now)}",
        "Nothing can have been known later than it is read: mend the row or the clock.",
    )


def _take(
    reading: Reading,
    files: Files,
    name: str,
    kinds: tuple[str, ...],
    take: Callable[[Reading, str, BinaryIO], None],
) -> None:
    """Read one file; where it cannot be read, whoever names what it holds is not to blame."""
    try:
        with files[name]() as stream:
            take(reading, name, stream)
            return
    except KeyError:
        reading.faults.append(
            InputError(
                name,
                None,
                "a file with id, title, zone, opens, parties, items, sites and means",
                "excomm new makes a folder to start from.",
            )
        )
    except Misread as fault:
        reading.fault(name, fault)
    except OSError as fault:
        remedy = "Check who may read it." if isinstance(fault, PermissionError) else ""
        reading.faults.append(InputError(name, fault.strerror, "a file that can be read", remedy))
    reading.unread.update(kinds)


def _case(reading: Reading, _: str, stream: BinaryIO) -> None:
    casefile.read_case(reading, whole_text(stream))


def _agreement(reading: Reading, name: str, stream: BinaryIO) -> None:
    root = agreement.opened(reading, name, whole_text(stream))
    if root is not None:
        agreement.read_sections(reading, name, root, default_id="")


def _minutes(files: Files, reading: Reading, name: str, stream: BinaryIO) -> None:
    stem = name.rpartition(".")[0]
    header = f"{stem}.toml"
    if sum(f"{stem}.{ending}" in files for ending in minutes.ENDINGS) > 1:
        reading.failed.add(stem)  # which of them is the record is told among the strays
    elif header in files:
        with files[header]() as about:
            minutes.read_minutes(reading, name, stream, about)


def _model(reading: Reading, name: str, stream: BinaryIO) -> None:
    models.read_model(reading, name, whole_text(stream))


_LINE = re.compile(r"(.+?):(\d+): ")


def _place(fault: InputError, order: Mapping[str, int]) -> tuple[int, int]:
    """By file, then by line; faults of one line stay as they were found."""
    found = _LINE.match(f"{fault.where}: ")
    name = found[1] if found else fault.where
    return order.get(name, -1), int(found[2]) if found else 0


def read_agreement(source: Path | str) -> tuple[Entry, ...]:
    """An agreement file alone as a tiny case: its header first, then all that the file says.

    source: a path, or the text itself (which has a line break or a bracket). References to
    undertakings, parties and events are left to the static checks of `excomm.terms`.
    Raises Faults with every problem of form, InputError where the file cannot be read.
    """
    name, text = _agreement_text(source)
    reading = Reading(now=datetime.max.replace(tzinfo=UTC), as_dated=True)
    root = agreement.opened(reading, name, text)
    if root is None:
        raise Faults(reading.faults)
    if zone := agreement.zone_of(root):
        with suppress(InputError):  # the rules say so of the agreement
            reading.zone, reading.zone_name = parse_zone(zone.text), zone.text
    words = {key.text: node.text for key, node in root.pairs if isinstance(node, ScalarNode)}
    agreement_id = words.get("id", "agreement")
    header = {
        "id": f"{agreement_id}/case",
        "title": words.get("title", agreement_id),
        "zone": reading.zone_name,
        "opens": reading.opens.isoformat(),
    }
    pairs = [(ScalarNode(key, 1), ScalarNode(said, 1)) for key, said in header.items()]
    read_row(reading, name, 1, CaseHeader, pairs, Form(undated=True))
    agreement.read_sections(reading, name, root, default_id="agreement")
    _hold_against(reading, own_faults)
    _hold_against(reading, unknown_about)
    if reading.faults:
        raise Faults(reading.faults)
    return tuple(in_ledger_order(row.entry for row in reading.rows))


def _agreement_text(source: Path | str) -> tuple[str, str]:
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return "agreement", textwrap.dedent(source)
    path = Path(source)
    try:
        with path.open("rb") as stream:
            return str(path), whole_text(stream)
    except Misread as fault:
        raise fault.at(f"{path}:{fault.line}") from None
    except OSError as fault:
        raise InputError(str(path), fault.strerror, "an agreement file that can be read") from None


_FIRST: tuple[type, ...] = (CaseHeader, Party, Item, Site, Means, Agreement, Undertaking, Offer)


def in_ledger_order(entries: Iterable[Entry]) -> list[Entry]:
    """The header, the vocabulary, the agreement, then the rest by when it was known.

    What corrects another follows it. Entries of one time stand by kind, else in the order given;
    so this order, put in order again, is the same.
    """
    kinds = list(KINDS.values())
    places = {kind: (len(_FIRST), index) for index, kind in enumerate(kinds)}
    places |= {kind: (index, 0) for index, kind in enumerate(_FIRST)}

    def key(entry: Entry) -> tuple[int, datetime, int]:
        first, among = places[type(entry.body)]
        return first, entry.recorded if first == len(_FIRST) else _BEGIN, among

    ordered: list[Entry] = []
    waiting: dict[EntryId, list[Entry]] = {}
    by_time = sorted(entries, key=key)
    to_come = {entry.id for entry in by_time}
    for entry in by_time:
        if entry.corrects in to_come and entry.corrects != entry.id:
            waiting.setdefault(EntryId(entry.corrects), []).append(entry)
            continue
        ready = [entry]
        while ready:
            one = ready.pop(0)
            ordered.append(one)
            to_come.discard(one.id)
            ready.extend(waiting.pop(one.id, ()))
    # Only corrections in a ring are left, which are faults: said elsewhere, and not lost here.
    return [*ordered, *(entry for found in waiting.values() for entry in found)]
