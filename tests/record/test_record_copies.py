"""Copies to hand on: TEI against a schema, the reading copy, and the release."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from excomm.errors import InputError
from excomm.record import copies, read
from excomm.record.files import copy

HERE = Path(__file__).parent
SEED = (HERE / "data/seed-meeting-24.txt").read_text()
SCHEMA = etree.RelaxNG(etree.parse(HERE / "tei.rng"))
TEI = "{http://www.tei-c.org/ns/1.0}"
TEXT = """Record of Action, May 4, 1970, 10 a.m.

The President asked that the agent known as
Heron be paid by Friday. General Pike agreed that Heron was needed.

Mr. Bell said the port was open.
"""
SECRET = "the agent known as Heron be paid"


def _valid(made: bytes) -> "etree._Element":
    root = etree.fromstring(made)
    assert SCHEMA.validate(root), SCHEMA.error_log
    return root


def test_the_record_in_tei_validates_and_holds_every_statement_and_repair() -> None:
    record = read(SEED)
    root = _valid(copies.tei(SEED, record, "Meeting 24"))
    assert [one.text for one in root.iter(f"{TEI}speaker")] == [
        one.speaker for one in record.statements
    ]
    assert len(list(root.iter(f"{TEI}corr"))) == len(record.repairs)
    assert [one.get("n") for one in root.iter(f"{TEI}pb")] == ["2", "3", "4", "5"]


@given(
    st.lists(
        st.sampled_from(
            [
                "Mr. Bell said <b>no</b> & left. ",
                "\n\nTOP SECRET\n\n",
                "\n\n- 2 -\n\n",
                "The President asked that it be done. ",
                "[1 line not declassified] ",
                "navi-\ngation ",
                "\x0b\x1b\u202e",
                "\n\n",
                "Mr. Bell",
            ]
        ),
        min_size=1,
        max_size=12,
    ).map("".join)
)
@settings(max_examples=60, deadline=None)
def test_whatever_stands_in_the_minutes_the_tei_validates(text: str) -> None:
    try:
        record = read(text)
    except InputError:
        return
    _valid(copies.tei(text, record, "<t> & \x0b"))


def test_a_reading_copy_has_the_words_repaired_and_no_furniture() -> None:
    record = read(SEED)
    page = copies.html(record, "Meeting 24").decode()
    assert "Ambassador Stevenson again urged" in page
    assert "TOP SECRET" not in page
    words = "\n".join(
        one.text for one in docx.Document(io.BytesIO(copies.docx(record, "Meeting 24"))).paragraphs
    )
    assert "Stevenson urged: Ambassador Stevenson again urged" in words
    assert copies.docx(record, "Meeting 24") == copies.docx(record, "Meeting 24")


def test_nothing_in_the_minutes_becomes_markup_of_the_copy() -> None:
    page = copies.html(read("Mr. Bell said <script>alert(1)</script>."), "<i>").decode()
    assert "<script>" not in page
    assert "<title>&lt;i&gt;</title>" in page


def _all_bytes(made: bytes) -> bytes:
    """The bytes of a file, and of each part where it is an archive."""
    if not made.startswith(b"PK"):
        return made
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        return b"".join(packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("form", ["json", "html", "docx", "tei"])
def test_what_is_withheld_is_not_in_the_bytes_of_any_copy(form: str, tmp_path: Path) -> None:
    file = tmp_path / "heron-papers.txt"
    file.write_text(TEXT)
    whole = _all_bytes(copy(file, form))
    assert b"Heron" in whole
    made = _all_bytes(copy(file, form, [SECRET, "Heron"]))
    for gone in (b"Heron", b"heron", b"agent known", b"be paid", file.name.encode()):
        assert gone not in made
    assert b"withheld" in made
    assert b"the port was open" in made
    # Neither is what could be guessed and tried: the ids made of the words.
    for statement in read(TEXT).statements[:2]:
        assert statement.id.encode() not in made


def test_words_are_withheld_over_line_ends_and_wherever_they_stand() -> None:
    assert copies.released("one\ntwo three one  Two.", ["one two"]) == (
        "[withheld] three [withheld]."
    )
    assert copies.released("abcdef", ["1:3", "2:4"]) == "a[withheld]ef"


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        (
            "zebra",
            "withhold[0]: found zebra, expected words that stand in the text. Nothing was written.",
        ),
        ("3:900", "withhold[0]: found 3:900, expected a span inside 0:6."),
        (" ", "withhold[0]: found ' ', expected a span, or words of the text."),
    ],
)
def test_what_cannot_be_withheld_stops_the_release(given_: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        copies.released("abcdef", [given_])
    assert str(refused.value) == says


def test_the_command_writes_a_copy_and_refuses_an_unknown_form(tmp_path: Path) -> None:
    file, out = tmp_path / "m.txt", tmp_path / "m.xml"
    file.write_text(TEXT)

    def run(*args: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "excomm.cli", "record", "export", str(file), *args]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    assert run("--format", "tei", "--out", str(out), "--withhold", "Heron").returncode == 0
    _valid(out.read_bytes())
    refused = run("--format", "odt", "--out", str(tmp_path / "no.odt"))
    assert refused.stderr == "--format: found odt, expected one of json, html, docx, tei.\n"
    assert not (tmp_path / "no.odt").exists()
