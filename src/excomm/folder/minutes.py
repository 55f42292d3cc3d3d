"""Minutes: a text kept as it is, and beside it a small file that says what it is.

`minutes/NAME.txt` is never altered, not even its line ends or a byte order mark: offsets into it
are evidence. `minutes/NAME.toml` gives the meeting, its instant and the source. In place of the
text a DOCX or a PDF may stand: the text taken from it is the raw text from then on, and the file
itself is an attachment of its own, under its digest.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import BinaryIO

import msgspec

from excomm.documents import document_text, media_type
from excomm.entries.corrections import Corrections
from excomm.entries.entry import Entry, EntryId
from excomm.entries.kinds import Attachment
from excomm.errors import InputError
from excomm.folder.bounded import FILE_BYTES_MAX, whole_text
from excomm.folder.casefile import toml, toml_nodes
from excomm.folder.fields import Misread
from excomm.folder.nodes import ScalarNode
from excomm.folder.rows import TABLE, Reading, Row, read_row
from excomm.folder.said import said

FOLDER = "minutes/"
ROLE = "minutes"
ORIGINAL = "original"
"""The role of a document whose text are the minutes that it is about."""
TEXT = "txt"
ENDINGS = (TEXT, "docx", "pdf")
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._ -]{0,99}(?<![. ])", re.ASCII)
"""Names that every file system takes."""


def is_text(name: str) -> bool:
    """Whether a file holds the words of minutes: minutes/NAME.txt, .docx or .pdf."""
    return name.startswith(FOLDER) and name.rpartition(".")[2] in ENDINGS


def read_minutes(reading: Reading, file: str, stream: BinaryIO, about: BinaryIO) -> None:
    """Take in one text or document with its header file. file: "minutes/NAME.txt", .docx, .pdf."""
    name, _, ending = file.rpartition(".")
    raw = b""
    try:
        if ending == TEXT:
            text = whole_text(stream, keep_bom=True)
        else:
            raw = _whole(stream)
            text = document_text(raw)
    except InputError as fault:
        reading.fault(file, fault)
        reading.failed.add(name)
        return
    try:
        root = toml_nodes(reading, f"{name}.toml", whole_text(about))
    except Misread as fault:
        reading.fault(f"{name}.toml", fault)
        root = None
    if root is None:
        reading.failed.add(name)
        return
    pairs = list(root.pairs)
    if not any(key.text == "id" for key, _ in pairs):
        pairs.append((ScalarNode("id", 1), ScalarNode(name, 1)))
    entry = read_row(
        reading,
        f"{name}.toml",
        1,
        Attachment,
        pairs,
        name=_text_name(name),
        sha256=_digest(text.encode()),
        size=len(text.encode()),
        role=ROLE,
        text=text,
    )
    if raw and entry is not None:
        reading.rows.append(_original(reading.rows[-1], file, raw))


def _original(row: Row, file: str, raw: bytes) -> Row:
    """The document that a text was taken from: of the same meeting, source and marking."""
    entry = msgspec.structs.replace(
        row.entry,
        id=EntryId(file),
        corrects=None,
        body=Attachment(
            name=file.removeprefix(FOLDER),
            sha256=_digest(raw),
            size=len(raw),
            media_type=media_type(raw),
            role=ORIGINAL,
            about=(row.entry.id,),
        ),
    )
    return msgspec.structs.replace(row, entry=entry)


def _whole(stream: BinaryIO) -> bytes:
    raw = stream.read(FILE_BYTES_MAX + 1)
    if len(raw) > FILE_BYTES_MAX:
        limit = f"files up to {FILE_BYTES_MAX >> 20} MiB"
        raise InputError(
            "file", f"one of more than {FILE_BYTES_MAX >> 20} MiB", limit, "Divide it."
        )
    if media_type(raw) == "text/plain":
        raise InputError("file", "no DOCX and no PDF", "what its name says", "Name a text .txt.")
    return raw


def repeated_minutes(entries: Sequence[Entry]) -> tuple[InputError, ...]:
    """Minutes that claim to be a record which an earlier file is already.

    The same words, however they are broken into lines; or one meeting, time and source with other
    words. Two records of one meeting differ in their source, and are none. What was corrected or
    withdrawn claims nothing any more.
    """
    gone = Corrections(entries).gone
    faults: list[InputError] = []
    texts: dict[str, Entry] = {}
    claims: dict[tuple[object, ...], Entry] = {}
    for entry in entries:
        body = entry.body
        if not isinstance(body, Attachment) or body.role != ROLE or entry.id in gone:
            continue
        first = texts.setdefault(_digest(" ".join(body.text.split()).encode()), entry)
        if first is not entry:
            expected = "each record once"
            remedy = "Keep one of the two: all that was ordered in it would be due twice."
            same = f"the words of {first.id}"
            faults.append(InputError(f"{entry.id}.txt", same, expected, remedy))
            continue
        if not body.meeting:
            continue
        first = claims.setdefault((body.meeting, entry.occurred, entry.source), entry)
        if first is not entry:
            same = f"meeting, time and source of {first.id}, with other words"
            remedy = (
                f'If it mends that one, write corrects = "{first.id}"; if two people took notes, '
                "say in source whose each is. excomm record align shows where they differ."
            )
            faults.append(InputError(f"{entry.id}.toml", same, "a record of its own", remedy))
    return tuple(faults)


def to_files(attachments: Iterable[Entry]) -> dict[str, Entry]:
    """The minutes that a file can be, by the name of that file without its ending."""
    found: dict[str, Entry] = {}
    taken: set[str] = set()
    for entry in attachments:
        body = entry.body
        assert isinstance(body, Attachment)
        name = entry.id.removeprefix(FOLDER)
        raw = body.text.encode()
        if (
            entry.id == f"{FOLDER}{name}"
            and SAFE_NAME.fullmatch(name)
            and name.lower() not in taken
            and (body.role, body.sha256, body.size) == (ROLE, _digest(raw), len(raw))
        ):
            found[entry.id] = entry
            taken.add(name.lower())
    return found


def written(minuted: Mapping[str, Entry], reading: Reading) -> dict[str, bytes]:
    """Each text as it is, and what is to be said of it."""
    files: dict[str, bytes] = {}
    for stem, entry in sorted(minuted.items()):
        assert isinstance(entry.body, Attachment)
        files[f"{stem}.txt"] = entry.body.text.encode()
        given = {"id", "sha256", "size", "role", "text"}
        if entry.body.name == _text_name(stem):
            given.add("name")
        pairs = [(one.name, one.value) for one in said(entry, TABLE, reading)]
        files[f"{stem}.toml"] = "".join(
            f"{name} = {toml(value)}\n" for name, value in pairs if name not in given
        ).encode()
    return files


def _text_name(stem: str) -> str:
    return f"{stem.removeprefix(FOLDER)}.txt"


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
