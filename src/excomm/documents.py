"""Documents: the text of a PDF or a DOCX as the raw layer, under the digest of the file itself.

Nothing of a document is executed or fetched. What would unpack to more than it may hold is refused
before it is unpacked; a scan without text is refused with what to do.
"""

import io
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from excomm.errors import InputError

if TYPE_CHECKING:
    from docx.document import Document

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_TEXT_CHARS_MAX = 20_000_000
_UNPACKED_MAX = 200 << 20
_MEMBERS_MAX = 10_000
_PAGES_MAX = 5_000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class Source(msgspec.Struct, frozen=True):
    """The file that a text came from."""

    name: str
    sha256: str
    media_type: str


def source_of(name: str, data: bytes) -> Source:
    """A file's name, digest and kind."""
    return Source(name, sha256(data).hexdigest(), media_type(data))


def media_type(data: bytes) -> str:
    """What the first bytes say the file is."""
    if data.startswith(b"%PDF"):
        return PDF
    return DOCX if data.startswith((b"PK\x03\x04", _OLE)) else "text/plain"


def document_text(data: bytes) -> str:
    """The text of a PDF or a DOCX. Raises InputError for one without text, locked or broken."""
    text = _pdf_text(data) if data.startswith(b"%PDF") else _docx_text(data)
    if not text.strip():
        raise InputError(
            "text",
            "a scan without text",
            "a document with text in it",
            "Have the text recognised first: ocrmypdf SCAN.pdf READ.pdf, then read READ.pdf.",
        )
    return text


# -- PDF -------------------------------------------------------------------------------------------


def _pdf_text(data: bytes) -> str:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted:
            raise InputError(
                "file",
                "a locked PDF",
                "one that opens without a password",
                "Save it without a password: qpdf --decrypt --password=... LOCKED.pdf OPEN.pdf.",
            )
        if len(reader.pages) > _PAGES_MAX:
            raise InputError(
                "file",
                f"{len(reader.pages)} pages",
                f"at most {_PAGES_MAX}",
                "Split it by meeting.",
            )
        parts: list[str] = []
        length = 0
        for page in reader.pages:
            parts.append(page.extract_text())
            length += len(parts[-1])
            if length > _TEXT_CHARS_MAX:
                raise _too_long()
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as fault:
        raise InputError(
            "file",
            f"a broken PDF ({type(fault).__name__})",
            "a whole one",
            "Fetch it again, or print it anew into a PDF.",
        ) from None
    return "\n\f\n".join(parts)


# -- DOCX ------------------------------------------------------------------------------------------


def _docx_text(data: bytes) -> str:
    if data.startswith(_OLE):
        raise InputError(
            "file",
            "a locked or old Word document",
            "DOCX without a password",
            "Open it in a word processor and save it as DOCX.",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            members = packed.infolist()
            unpacked = sum(member.file_size for member in members)
            if len(members) > _MEMBERS_MAX or unpacked > _UNPACKED_MAX:
                raise InputError(
                    "file",
                    f"{unpacked >> 20} MB in {len(members)} parts when unpacked",
                    f"at most {_UNPACKED_MAX >> 20} MB in {_MEMBERS_MAX}",
                    "No minutes are that long: look at where it came from.",
                )
            if "word/document.xml" not in packed.namelist():
                raise InputError("file", "an archive", "a DOCX, a PDF or plain text")
    except zipfile.BadZipFile:
        raise InputError("file", "a broken archive", "a whole DOCX", "Fetch it again.") from None
    return _paragraphs(data)


def _paragraphs(data: bytes) -> str:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(data))
        text = "\n\n".join(_blocks(document))
    except (OpcError, etree.XMLSyntaxError, zipfile.BadZipFile, KeyError, ValueError) as fault:
        raise InputError(
            "file",
            f"a broken DOCX ({type(fault).__name__})",
            "a whole one",
            "Open it in a word processor and save it again.",
        ) from None
    if len(text) > _TEXT_CHARS_MAX:
        raise _too_long()
    return text


def _blocks(document: "Document") -> Iterator[str]:
    """Paragraphs and the cells of tables, in the order of the page."""
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(cell.text.strip() for cell in row.cells)
        elif block.text.strip():
            yield block.text


def _too_long() -> InputError:
    return InputError(
        "text",
        f"more than {_TEXT_CHARS_MAX // 1_000_000} million characters",
        "the text of one meeting",
        "Split it by meeting.",
    )
