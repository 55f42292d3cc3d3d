"""Entries handed out as CSV or JSON, as one reader may see them.

A spreadsheet runs a cell that begins with =, +, -, @ or a control character: such a cell gets an
apostrophe in front, which every spreadsheet shows as text. Numbers of our own stay numbers.
"""

import csv
import io
from collections.abc import Iterable, Iterator

import msgspec

from excomm.entries import Entry, instant_text, lines
from excomm.entries.kinds import CaseHeader
from excomm.folder import texts_of
from excomm.interchange.cells import harmless

_HEAD = (
    *("seq", "id", "kind", "occurred", "recorded", "appended", "by", "source", "standing"),
    *("reading", "marking", "corrects", "note", "says"),
)


def to_csv(entries: Iterable[Entry], header: CaseHeader) -> Iterator[str]:
    """One row an entry; `says` holds the fields of the kind as `name: value` lines."""
    yield _row(_HEAD)
    for entry in entries:
        own = entry.body.__struct_fields__
        texts = texts_of(entry, header)
        says = "; ".join(f"{name}: {texts[name]}" for name in own if name in texts)
        yield _row(
            (
                str(entry.seq or ""),
                harmless(entry.id),
                entry.kind,
                harmless(str(entry.occurred)),
                instant_text(entry.recorded),
                instant_text(entry.appended) if entry.appended else "",
                *(harmless(text) for text in (entry.by, entry.source)),
                entry.standing,
                entry.reading,
                *(harmless(text) for text in (entry.marking, entry.corrects or "", entry.note)),
                harmless(says),
            )
        )


def to_json(entries: Iterable[Entry]) -> bytes:
    """The canonical form of each entry, in one list."""
    raw = [msgspec.Raw(line) for line in lines(entries).splitlines()]
    return msgspec.json.format(msgspec.json.encode(raw), indent=1) + b"\n"


def _row(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return out.getvalue()
