"""Minutes as DOCX and PDF: the extracted text is the raw layer, the file is kept by its digest."""

import io
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import docx
import msgspec
import pypdf
import pytest
from typer.testing import CliRunner, Result

from excomm import cli
from excomm.case import Case
from excomm.documents import DOCX, document_text, media_type
from excomm.entries.kinds import Attachment
from excomm.errors import ExcommError, InputError
from excomm.ledger import attachments
from excomm.ledger.door import open_ledger
from excomm.record.files import read_file

LINES = (
    "Record of Action, May 4, 1970, 10 a.m.",
    "The President asked that a report be prepared by Friday.",
    "General Pike agreed.",
)


def _docx(*lines: str) -> bytes:
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _pdf(*lines: str) -> bytes:
    """A page of text in the plainest PDF that there is."""
    drawn = b"BT /F1 11 Tf 50 750 Td 14 TL " + b" ".join(
        b"(" + line.encode() + b") Tj T* T*" for line in lines
    )
    stream = drawn + b" ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    return out + b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % start


@pytest.mark.parametrize(("name", "data"), [("m.docx", _docx(*LINES)), ("m.pdf", _pdf(*LINES))])
def test_a_document_is_read_like_its_text_and_kept_by_its_digest(
    name: str, data: bytes, tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    text, record = read_file(file)
    assert [(one.speaker, one.act) for one in record.statements] == [
        ("President", "directed"),
        ("Pike", "agreed"),
    ]
    assert record.directives[0].due == "by Friday"
    assert text[record.statements[1].start :].startswith("General Pike agreed.")
    assert record.source
    assert record.source.sha256 == sha256(data).hexdigest()
    assert file.read_bytes() == data


def test_the_cells_of_a_table_are_read_too() -> None:
    document = docx.Document()
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Present", "Mr. Bell"
    out = io.BytesIO()
    document.save(out)
    assert document_text(out.getvalue()) == "Present | Mr. Bell"


def _locked() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(_pdf(*LINES)))
    writer.encrypt("secret", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    packed = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
    with packed, packed.open("word/document.xml", "w") as part:
        for _ in range(201):
            part.write(bytes(1 << 20))
    return out.getvalue()


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (
            _pdf(),
            "text: found a scan without text, expected a document with text in it. Have the text"
            " recognised first: ocrmypdf SCAN.pdf READ.pdf, then read READ.pdf.",
        ),
        (
            _locked(),
            "file: found a locked PDF, expected one that opens without a password. Save it without"
            " a password: qpdf --decrypt --password=... LOCKED.pdf OPEN.pdf.",
        ),
        (
            b"%PDF-1.7\ncut off here",
            "file: found a broken PDF (PdfStreamError), expected a whole one. Fetch it again, or"
            " print it anew into a PDF.",
        ),
        (
            _bomb(),
            "file: found 201 MB in 1 parts when unpacked, expected at most 200 MB in 10000. No"
            " minutes are that long: look at where it came from.",
        ),
        (_archive(), "file: found an archive, expected a DOCX, a PDF or plain text."),
        (
            b"PK\x03\x04 and nothing more",
            "file: found a broken archive, expected a whole DOCX. Fetch it again.",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "file: found a locked or old Word document, expected DOCX without a password. Open it"
            " in a word processor and save it as DOCX.",
        ),
    ],
)
def test_a_document_that_cannot_be_read_is_refused_with_what_to_do(data: bytes, says: str) -> None:
    with pytest.raises(InputError) as refused:
        document_text(data)
    assert str(refused.value) == says


def test_the_first_bytes_say_what_a_file_is_whatever_its_name() -> None:
    assert media_type(_docx("A")) == DOCX
    assert media_type(b"The President") == "text/plain"


def test_a_fault_of_a_document_names_its_file(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(_pdf())
    ran = subprocess.run(
        [sys.executable, "-m", "excomm.cli", "record", "read", str(file), "--json"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr.startswith(f"{file}: text: found a scan without text")


def test_the_json_says_what_file_it_was_read_from(tmp_path: Path) -> None:
    file = tmp_path / "m.docx"
    file.write_bytes(_docx(*LINES))
    built = msgspec.json.decode(read_file(file)[1].to_json())
    assert built["source"]["media_type"] == DOCX


# -- in the folder of a case -----------------------------------------------------------------------

HEADER = 'meeting = "M 1"\noccurred = 1970-05-04T10:00:00-04:00\nsource = "the clerk"\n'


def _folder(where: Path, **minutes: bytes) -> Path:
    made = where / "case"
    (made / "minutes").mkdir(parents=True)
    (made / "case.toml").write_text(
        'id = "c"\ntitle = "C"\nzone = "America/New_York"\n'
        'opens = 1970-01-01\nrecorded = "as dated"\n'
    )
    for name, raw in minutes.items():
        (made / f"minutes/m.{name}").write_bytes(raw)
    (made / "minutes/m.toml").write_text(HEADER)
    return made


def _load(folder: Path) -> tuple[Path, Result]:
    ledger = folder.parent / "c.ledger"
    return ledger, CliRunner().invoke(cli.app, ["load", str(folder), "--into", str(ledger)])


def _kept(ledger: Path) -> dict[str, Attachment]:
    log = Case.open(ledger).on("1970-06-01").log
    return {str(one.id): one.body for one in log if isinstance(one.body, Attachment)}


@pytest.mark.parametrize(("ending", "raw"), [("docx", _docx(*LINES)), ("pdf", _pdf(*LINES))])
def test_a_document_among_the_minutes_is_read_and_kept_by_its_digest(
    ending: str, raw: bytes, tmp_path: Path
) -> None:
    folder = _folder(tmp_path, **{ending: raw})
    ledger, loaded = _load(folder)
    assert loaded.exit_code == 0, loaded.exception
    kept = _kept(ledger)
    text, original = kept["minutes/m"], kept[f"minutes/m.{ending}"]
    assert (text.role, text.media_type, original.role) == ("minutes", "text/plain", "original")
    assert (original.about, original.sha256) == (("minutes/m",), sha256(raw).hexdigest())
    door = open_ledger(ledger)
    with attachments.stream(door, original.sha256) as stream:
        assert stream.read() == raw
    assert list(attachments.findings(door)) == []
    # What is ordered lies in the text that was taken from the document.
    ((_, record),) = Case.open(ledger).on("1970-06-01").records()
    (order,) = record.directives
    assert text.text[order.start : order.end] == LINES[1]
    assert order.due_at is not None
    assert order.due_at.isoformat() == "1970-05-08T23:59:59.999999-04:00"


def test_a_folder_with_a_document_is_loaded_again_and_nothing_is_new(tmp_path: Path) -> None:
    folder = _folder(tmp_path, docx=_docx(*LINES))
    ledger, _ = _load(folder)
    before = Case.open(ledger).on("1970-06-01").log
    _, again = _load(folder)
    assert "0 entries added, 0 corrections" in again.output
    assert Case.open(ledger).on("1970-06-01").log == before


def test_a_document_that_was_not_yet_kept_is_kept_when_loaded_again(tmp_path: Path) -> None:
    folder = _folder(tmp_path, docx=_docx(*LINES))
    ledger, _ = _load(folder)
    (file,) = (one for one in tmp_path.glob("c*.files/??/*"))
    file.unlink()
    assert [one.state for one in attachments.findings(open_ledger(ledger))] == ["not here"]
    _load(folder)
    assert list(attachments.findings(open_ledger(ledger))) == []


def test_a_case_with_a_document_is_exported_and_read_without_loss(tmp_path: Path) -> None:
    ledger, _ = _load(_folder(tmp_path, docx=_docx(*LINES)))
    out = tmp_path / "out"
    written = CliRunner().invoke(cli.app, ["export", str(ledger), str(out)])
    assert written.exit_code == 0, written.exception
    assert _kept(out) == _kept(ledger)


@pytest.mark.parametrize(
    ("minutes", "says"),
    [
        (
            {"pdf": _pdf()},
            "minutes/m.pdf: text: found a scan without text, expected a document with text in it. "
            "Have the text recognised first: ocrmypdf SCAN.pdf READ.pdf, then read READ.pdf.",
        ),
        (
            {"docx": b"May 4, 1970"},
            "minutes/m.docx: file: found no DOCX and no PDF, expected what its name says. "
            "Name a text .txt.",
        ),
        (
            {"docx": _docx(*LINES), "txt": b"May 4, 1970"},
            "minutes/m.toml: found minutes/m.txt and minutes/m.docx beside it, expected one of "
            "them. The text of a document is taken from it: keep the document or the text, not "
            "both.",
        ),
        (
            {"DOCX": _docx(*LINES), "txt": b"May 4, 1970"},
            "minutes/m.DOCX: found another kind of file, expected .txt, .docx or .pdf with .toml. "
            "Rename it to minutes/m.docx.",
        ),
    ],
)
def test_what_cannot_be_read_is_named_and_nothing_is_loaded(
    minutes: dict[str, bytes], says: str, tmp_path: Path
) -> None:
    ledger, loaded = _load(_folder(tmp_path, **minutes))
    assert isinstance(loaded.exception, ExcommError)
    assert str(loaded.exception) == says
    assert not ledger.exists()
    assert not list(tmp_path.glob("c*.files"))
