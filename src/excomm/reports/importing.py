"""Importing: files of reports read for intake: CSV, JSON Lines, RSS or Atom, and e-mail.

Every fault of a file is told with its line, all together. Markup is taken off and never obeyed;
entities and external references of XML are refused. Nothing is written here.
"""

import csv
import io
import re
from collections.abc import Callable, Mapping
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from excomm.entries import instant_text
from excomm.errors import EnvironmentFault, Faults, InputError
from excomm.reports.intake import IMAGE, Incoming

if TYPE_CHECKING:
    from _csv import Reader as Rows
    from xml.etree.ElementTree import Element

FILE_BYTES_MAX = 64 << 20
MANY = (".csv", ".jsonl", ".xml", ".rss", ".atom")
"""Endings of files that hold many reports; all others hold one."""
_COLUMNS = (
    "text",
    "allegation",
    "outlet",
    "published",
    "source",
    "grade",
    "item",
    "site",
    "would_break",
)


def read_file(path: Path, *, outlet: str = "") -> tuple[Incoming, ...]:
    """The reports in a file, by its ending: .csv, .jsonl, .xml, .rss, .atom, .eml, .txt.

    outlet: whose they are, where a row does not say. Raises Faults with every fault by line;
    InputError for another ending; EnvironmentFault where the file cannot be read.
    """
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= FILE_BYTES_MAX else b""
    except OSError as fault:
        raise EnvironmentFault(f"{path}: {fault.strerror}. Name a readable file.") from None
    if size > FILE_BYTES_MAX:
        raise InputError(str(path), f"{size} bytes", f"at most {FILE_BYTES_MAX}", "Part the file.")
    return read_data(str(path), data, outlet=outlet)


def read_data(name: str, data: bytes, *, outlet: str = "") -> tuple[Incoming, ...]:
    """The reports in the bytes of a file, by the ending of its name. Raises as `read_file`."""
    ending = Path(name).suffix.lower()
    read = _READERS.get(ending)
    if read is None:
        known = ", ".join(_READERS)
        raise InputError(name, ending or "no ending", f"one of {known}", "Rename it.")
    found = read(name, data)
    return tuple(
        msgspec.structs.replace(each, outlet=each.outlet or outlet) if outlet else each
        for each in found
    )


def decoded(where: str, data: bytes) -> str:
    """Bytes as text in UTF-8. Raises InputError naming the byte that is none."""
    try:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8")
    except UnicodeDecodeError as fault:
        line = data.count(b"\n", 0, fault.start) + 1
        raise InputError(
            f"{where}:{line}",
            f"byte {data[fault.start]:#04x}",
            "text in UTF-8",
            "Convert the file, from Windows-1252 for example.",
        ) from None


def _of_csv(where: str, data: bytes) -> tuple[Incoming, ...]:
    limit = csv.field_size_limit(FILE_BYTES_MAX)
    try:
        rows = csv.reader(io.StringIO(decoded(where, data), newline=""), strict=True)
        return _of_rows(where, rows)
    except csv.Error as fault:
        raise InputError(where, str(fault), "CSV with commas", "Quote what holds them.") from None
    finally:
        csv.field_size_limit(limit)


def _of_rows(where: str, rows: "Rows") -> tuple[Incoming, ...]:
    names = next(rows, None)
    if not names:
        raise InputError(f"{where}:1", None, f"columns: {', '.join(_COLUMNS)}")
    unknown = [name for name in names if name not in _COLUMNS]
    if unknown or not {"text", "allegation"} & set(names):
        raise InputError(
            f"{where}:1",
            ", ".join(unknown) or ", ".join(names),
            f"columns among {', '.join(_COLUMNS)}, text or allegation among them",
        )
    found, wrong = [], []
    line = rows.line_num + 1
    for cells in rows:
        if cells and len(cells) != len(names):
            wrong.append(InputError(f"{where}:{line}", f"{len(cells)} cells", f"{len(names)}"))
        elif any(cells):
            found.append(_row(f"{where}:{line}", dict(zip(names, cells, strict=True)), "CSV file"))
        line = rows.line_num + 1
    if wrong:
        raise Faults(wrong)
    return tuple(found)


def _of_json_lines(where: str, data: bytes) -> tuple[Incoming, ...]:
    found: list[Incoming] = []
    wrong: list[InputError] = []
    for number, line in enumerate(decoded(where, data).split("\n"), start=1):
        if not line.strip():
            continue
        place = f"{where}:{number}"
        try:
            raw = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError) as fault:
            wrong.append(InputError(place, line, "one JSON object", f"Mend it: {fault}."))
            continue
        values = raw if isinstance(raw, dict) else {}
        bad = [key for key in _COLUMNS if not isinstance(values.get(key) or "", str)]
        if not isinstance(raw, dict):
            wrong.append(InputError(place, line, "one JSON object", "Write {...} on one line."))
        elif bad:
            wrong.append(InputError(f"{place}: {bad[0]}", values[bad[0]], "a text"))
        else:
            texts = {key: str(values.get(key) or "") for key in _COLUMNS}
            found.append(_row(place, texts, "JSON Lines file"))
    if wrong:
        raise Faults(wrong)
    return tuple(found)


def _row(where: str, texts: Mapping[str, str], method: str) -> Incoming:
    empty = Incoming(where=where, method=method)
    return msgspec.structs.replace(empty, **{k: v for k, v in texts.items() if v})


def _of_feed(where: str, data: bytes) -> tuple[Incoming, ...]:
    from xml.etree.ElementTree import ParseError

    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(data, forbid_dtd=True)
    except ParseError as fault:
        raise InputError(where, str(fault), "XML of an RSS or Atom feed", "Mend it.") from None
    except DefusedXmlException:
        raise InputError(
            where, "a document type or entities", "XML without them", "They are never read."
        ) from None
    items = [each for each in root.iter() if _local(each) in ("item", "entry")]
    if not items:
        raise InputError(where, f"<{_local(root)}> without items", "an RSS or Atom feed")
    return tuple(_of_item(f"{where}: item {n}", each) for n, each in enumerate(items, start=1))


def _of_item(where: str, item: "Element") -> Incoming:
    parts = {_local(child): "".join(child.itertext()).strip() for child in item}
    title = plain(parts.get("title", ""))
    told = parts.get("encoded") or parts.get("content") or parts.get("description")
    body = plain(told or parts.get("summary", ""))
    text = "\n".join(part for part in (title, body) if part)
    link = parts.get("link", "")
    return Incoming(
        where=where,
        text=text,
        allegation=title,
        published=_mail_time(parts.get("pubDate") or parts.get("published") or ""),
        method="feed file",
        note=f"at {link}" if link else "",
    )


def _of_mail(where: str, data: bytes) -> tuple[Incoming, ...]:
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    if not mail.keys():
        raise InputError(where, "no header", "an e-mail as it was saved", "Save it as .eml.")
    part = mail.get_body(preferencelist=("plain", "html"))
    notes = []
    text = ""
    if part is not None:
        try:
            text = str(part.get_content())
        except (LookupError, UnicodeDecodeError):
            # Its own word for its encoding is wrong: read as far as it can be.
            payload = part.get_payload(decode=True)
            text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
            notes.append("wrong encoding: some letters could not be read")
        if part.get_content_type() == "text/html":
            text = plain(text)
    files = [each.get_filename() or each.get_content_type() for each in mail.iter_attachments()]
    if files:
        notes.append(f"attached, not read: {', '.join(files)}")
    if not text.strip():
        notes.append("no text in it")
    return (
        Incoming(
            where=where,
            text=text,
            raw=data,
            allegation=str(mail.get("Subject", "")),
            published=_mail_time(str(mail.get("Date", ""))),
            source=str(mail.get("From", "")),
            method="e-mail file",
            note="; ".join(notes),
        ),
    )


def _of_text(where: str, data: bytes) -> tuple[Incoming, ...]:
    return (Incoming(where=where, text=decoded(where, data), raw=data, method="text file"),)


def _of_image(where: str, data: bytes) -> tuple[Incoming, ...]:
    """Nothing to read: parked for a person, and the clock runs all the same."""
    name = Path(where).name
    return (
        Incoming(
            where=where,
            raw=data,
            allegation=f"image to be looked at: {name}",
            method=IMAGE,
            note=f"SHA-256 {sha256(data).hexdigest()}",
        ),
    )


_READERS: dict[str, Callable[[str, bytes], tuple[Incoming, ...]]] = {
    ".csv": _of_csv,
    ".jsonl": _of_json_lines,
    ".xml": _of_feed,
    ".rss": _of_feed,
    ".atom": _of_feed,
    ".eml": _of_mail,
    ".txt": _of_text,
    ".png": _of_image,
    ".jpg": _of_image,
    ".jpeg": _of_image,
}


def plain(markup: str) -> str:
    """Markup as text: tags off, scripts and styles left out, entities as the signs they mean.

    >>> plain("<p>Rockets &amp; vans</p><script>alert(1)</script>")
    'Rockets & vans'
    """
    reader = _Text()
    reader.feed(markup)
    reader.close()
    return re.sub(r"[ \t]*\n\s*", "\n", "".join(reader.parts)).strip()


class _Text(HTMLParser):
    """Gathers what a reader of the page would see."""

    _HIDDEN = ("script", "style", "head", "template")
    _LINES = ("p", "br", "div", "li", "tr", "h1", "h2", "h3")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside += tag in self._HIDDEN
        if tag in self._LINES:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._inside = max(0, self._inside - (tag in self._HIDDEN))
        if tag in self._LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._inside:
            self.parts.append(data)


def _local(element: "Element") -> str:
    return str(element.tag).rpartition("}")[2]


def _mail_time(said: str) -> str:
    """A time as mail and feeds write it, in our form; empty where it is none: it is not trusted."""
    if not said.strip():
        return ""
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        from excomm.entries.times import parse_instant

        try:
            at = parse_instant(said)
        except InputError:
            return ""
    return instant_text(at) if at.tzinfo is not None and 1000 <= at.year < 9999 else ""
