"""A folder, or one text, or an agreement alone, read into the entries that it says.

All faults are gathered before anything is said, and nothing is returned unless there are none.
"""

import hashlib
import io
import textwrap
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import msgspec

from excomm.entries.entry import Entry, EntryId, lines
from excomm.entries.kinds import (
    Agreement,
    CaseHeader,
    Item,
    Means,
    Offer,
    Party,
    Site,
    Undertaking,
)
from excomm.entries.times import parse_zone
from excomm.errors import Faults, InputError
from excomm.folder.agreement import opened, read_agreement_sections, zone_of
from excomm.folder.bounded import whole_text
from excomm.folder.fields import Misread
from excomm.folder.nodes import ScalarNode
from excomm.folder.rows import Form, Reading, Row, read_row


def read_agreement(source: Path | str) -> tuple[Entry, ...]:
    """An agreement file alone as a tiny case: its header first, then all that the file says.

    source: a path, or the text itself (which has a line break or a bracket). References to
    undertakings, parties and events are left to the static checks of `excomm.terms`.
    Raises Faults with every problem of form, InputError where the file cannot be read.
    """
    name, text = _agreement_text(source)
    reading = Reading(now=datetime.max.replace(tzinfo=UTC), as_dated=True)
    root = opened(reading, name, text)
    if root is None:
        raise Faults(reading.faults)
    if zone := zone_of(root):
        try:
            reading.zone, reading.zone_name = parse_zone(zone.text), zone.text
        except InputError as fault:
            reading.fault(name, Misread(zone.line, "calendar.zone", fault.found, fault.expected))
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
    read_agreement_sections(reading, name, root, default_id="agreement")
    if reading.faults:
        raise Faults(reading.faults)
    return tuple(row.entry for row in in_ledger_order(reading.rows))


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


def in_ledger_order(rows: Iterable[Row]) -> list[Row]:
    """The header, the vocabulary, the agreement, then the rest by when it was known.

    What corrects another follows it.
    """
    rank = {kind: index for index, kind in enumerate(_FIRST)}
    rest = len(_FIRST)
    begin = datetime.min.replace(tzinfo=UTC)

    def key(row: Row) -> tuple[int, datetime]:
        place = rank.get(type(row.entry.body), rest)
        return place, row.entry.recorded if place == rest else begin

    ordered: list[Row] = []
    waiting: dict[EntryId, list[Row]] = {}
    to_come = {row.entry.id for row in rows}
    for row in sorted(rows, key=key):
        old = row.entry.corrects
        if old in to_come and old != row.entry.id:
            waiting.setdefault(old, []).append(row)
            continue
        ready = [row]
        while ready:
            one = ready.pop(0)
            ordered.append(one)
            to_come.discard(one.entry.id)
            ready.extend(waiting.pop(one.entry.id, ()))
    return ordered
