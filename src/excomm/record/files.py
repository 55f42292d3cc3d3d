"""Minutes and rosters as files: bytes in, a Record out, with the file named in every fault."""

from collections.abc import Sequence
from pathlib import Path

from excomm.entries import Span, parse_when
from excomm.errors import EnvironmentFault, InputError
from excomm.record.model import Person, Record
from excomm.record.reading import read
from excomm.record.review import disposed, refused
from excomm.record.roster import read_roster
from excomm.record.sidecar import read_sidecar

_BYTES_MAX = 100 << 20


def read_file(
    path: Path, *, roster: Path | None = None, meeting: str | None = None
) -> tuple[str, Record]:
    """The raw text of a file of minutes, and what was read in it.

    roster: a file of people (JSON, or CSV with name, office, aliases, party). meeting: a day or an
    instant with offset; else the heading says.
    What a person made of an earlier reading (`sidecar`) is taken in.
    Raises InputError for what is no text in UTF-8, EnvironmentFault where a file cannot be read.
    """
    when = None
    if meeting is not None:
        try:
            when = parse_when(meeting)
        except InputError as fault:
            raise InputError("--meeting-date", meeting, fault.expected, fault.remedy) from None
        if isinstance(when, Span):
            raise InputError("--meeting-date", meeting, "one day or one instant")
    people: Sequence[Person] = ()
    if roster is not None:
        listed = _text(roster)
        try:
            people = read_roster(listed)
        except InputError as fault:
            raise fault.at(str(roster)) from None
    text = _text(path)
    said = read_sidecar(path, text)
    try:
        return text, disposed(read(text, people, when, refused=refused(said)), said)
    except InputError as fault:
        raise fault.at(str(path)) from None


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > _BYTES_MAX:
            raise InputError(
                str(path), "over 100 MB", "the text of one meeting", "Split it by meeting."
            )
        data = path.read_bytes()
    except OSError as fault:
        raise EnvironmentFault(
            f"{path}: cannot be read: {fault.strerror}. Check the name and who may read it."
        ) from None
    if data.startswith(b"%PDF"):
        raise InputError(str(path), "a PDF", "plain text in UTF-8", "Extract its text first.")
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
