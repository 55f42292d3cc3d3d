"""Minutes and rosters as files: bytes in, a Record out, with the file named in every fault."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import msgspec

from excomm.documents import document_text, source_of
from excomm.entries import Day, Instant, Span, parse_when
from excomm.errors import EnvironmentFault, InputError
from excomm.record import copies
from excomm.record.model import Person, Record
from excomm.record.reading import read
from excomm.record.review import disposed, refused
from excomm.record.roster import read_roster
from excomm.record.sidecar import read_sidecar

if TYPE_CHECKING:
    from excomm.sentences import Encoder

_BYTES_MAX = 100 << 20


def read_file(
    path: Path, *, roster: Path | None = None, meeting: str | None = None, model: str | None = None
) -> tuple[str, Record]:
    """The raw text of a file of minutes (plain, PDF or DOCX), and what was read in it.

    roster: a file of people (JSON, or CSV with name, office, aliases, party). meeting: a day or an
    instant with offset; else the heading says. model: "sentences" for a second opinion.
    What a person made of an earlier reading (`sidecar`) is taken in.
    Raises InputError for what is no text in UTF-8, EnvironmentFault where a file cannot be read.
    """
    when = _when(meeting)
    people: Sequence[Person] = ()
    if roster is not None:
        listed = _text(roster)
        try:
            people = read_roster(listed)
        except InputError as fault:
            raise fault.at(str(roster)) from None
    data = _bytes(path)
    try:
        source = source_of(path.name, data)
        text = document_text(data) if source.media_type != "text/plain" else _decoded(path, data)
        said = read_sidecar(path, text)
        found = read(text, people, when, refused=refused(said), model=_model(model))
        record = disposed(found, said)
    except InputError as fault:
        raise (fault if fault.where.startswith(str(path)) else fault.at(str(path))) from None
    return text, msgspec.structs.replace(record, source=source)


def copy(
    path: Path,
    form: str,
    withhold: Sequence[str] = (),
    *,
    title: str = "",
    roster: Path | None = None,
    meeting: str | None = None,
) -> bytes:
    """A copy of a file of minutes to hand on, without what is withheld (`copies.released`).

    form: json, html, docx or tei. With something withheld the copy is read anew from what is
    left, and names neither the file nor its digest. Raises InputError.
    """
    if form not in get_args(copies.Format):
        raise InputError("--format", form, f"one of {', '.join(get_args(copies.Format))}")
    raw, record = read_file(path, roster=roster, meeting=meeting)
    if withhold:
        raw = copies.released(raw, withhold)
        people = read_roster(_text(roster)) if roster else ()
        record = read(raw, people, record.meeting or _when(meeting))
    title = title or ("Minutes" if withhold else path.stem)
    match form:
        case "json":
            return record.to_json() + b"\n"
        case "html":
            return copies.html(record, title)
        case "docx":
            return copies.docx(record, title)
        case _:
            return copies.tei(raw, record, title)


def _model(name: str | None) -> "Encoder | None":
    if name is None:
        return None
    if name != "sentences":
        raise InputError("--model", name, "sentences", "It is the one that there is.")
    from excomm.sentences import Sentences

    return Sentences(extra="nlp")


def _when(meeting: str | None) -> Day | Instant | None:
    if meeting is None:
        return None
    try:
        when = parse_when(meeting)
    except InputError as fault:
        raise InputError("--meeting-date", meeting, fault.expected, fault.remedy) from None
    if isinstance(when, Span):
        raise InputError("--meeting-date", meeting, "one day or one instant")
    return when


def _text(path: Path) -> str:
    return _decoded(path, _bytes(path))


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise InputError(
                str(path), "over 100 MB", "the text of one meeting", "Split it by meeting."
            )
        return path.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(
            f"{path}: cannot be read: {fault.strerror}. Check the name and who may read it."
        ) from None


def _decoded(path: Path, data: bytes) -> str:
    try:
        # Offsets are characters of the raw file: line ends stay as they are.
        return data.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise InputError(
            f"{path}:{line}",
            f"byte {data[fault.start]:#04x}",
            "text in UTF-8",
            "Convert it, from Windows-1252 for example, and read it again.",
        ) from None
