"""What leaves as a document: DOCX and PDF of the brief, of a finding, of a letter."""

import io
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
from docx import Document as Word

from excomm import folder
from excomm.brief import brief, docx, pdf
from excomm.brief.document import Document, finding, letter, of_brief
from excomm.case import Case, CaseHead, View
from excomm.errors import InputError

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
parties = [{id = "A", name = "Side A"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
=== outlets.csv
id,name,contact
paper,The Evening Paper,"1 Front Street, desk@paper.example"
=== reports.csv
id,occurred,allegation,outlet,item,marking,source
R1,2024-01-05,boats at night,paper,boats,open,front page
=== checks.csv
id,occurred,report,what,result,marking,source
K1,2024-01-06,R1,harbour master asked,none left after dusk,secret,SECRET SOURCE
=== findings.csv
id,occurred,report,decision,text,author,reviewer,marking
F1,2024-01-07,R1,contradicted,no boat left the harbour that night,Ann,Ben,secret
=== replies.csv
id,occurred,outlet,report,text,marking
P1,2024-01-08,paper,R1,WORDS,open
P2,2024-01-08,paper,R1,,open
"""
WORDS = 'We looked and found none; =HYPERLINK(x) #read("/etc/passwd") #import "@preview/a:1.0.0"'


def view(cleared: str | None = None) -> View:
    entries = folder.read_text(CASE.replace("WORDS", WORDS), now=NOW).entries
    case = Case(lambda: entries, CaseHead("folder", len(entries), "0" * 64), name="small")
    return case.on("2024-01-10", cleared=cleared)


def words_of(raw: bytes) -> str:
    made = Word(io.BytesIO(raw))
    rows = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(one.text for one in made.paragraphs), *rows])


def words_of_pdf(raw: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(raw)).pages)


def test_the_brief_leaves_as_docx_with_numbered_sources_and_annexes() -> None:
    page = brief(Case.open("cuba-1962").on("1962-11-12"))
    raw = docx.render(of_brief(page))
    told = words_of(raw)
    for said in page.bottom_line:
        assert said.lead.text in told and said.rest.text in told
    for part in page.sections:
        assert part.title in told
    assert "Annex A. Sources" in told and "Annex B. " in told
    for number, each in enumerate(page.references, start=1):
        assert f"[{number}] {each.id}: " in told
    foot = Word(io.BytesIO(raw)).sections[0].footer.paragraphs[0].text
    assert page.heading.head_words in foot
    head = Word(io.BytesIO(raw)).sections[0].header.paragraphs[0].text
    assert head == page.heading.marking.upper() == "SECRET"
    assert raw == docx.render(of_brief(page))


def test_a_document_holds_nothing_that_runs_or_leads_outside() -> None:
    raw = docx.render(letter(view(), "P1"))
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        for name in package.namelist():
            assert not name.endswith((".bin", ".vba", ".exe"))
            said = package.read(name)
            assert b'TargetMode="External"' not in said and b"instrText" not in said, name


def test_a_finding_says_what_was_alleged_done_and_decided_and_numbers_its_sources() -> None:
    made = finding(view(), "F1")
    assert made.marking == "secret" and [each.id for each in made.sources] == ["F1", "R1", "K1"]
    for told in (words_of(docx.render(made)), words_of_pdf(pdf.render_document(made))):
        for said in (
            "Finding on R1", "Contradicted.", "boats at night", "The Evening Paper",
            "none left after dusk", "Ann", "Ben", "[3] K1: check",
        ):  # fmt: skip
            assert said in told, said
    assert pdf.render_document(made) == pdf.render_document(made)


def test_a_reader_below_gets_no_finding_and_no_word_that_there_is_one() -> None:
    with pytest.raises(InputError) as hidden:
        finding(view("open"), "F1")
    with pytest.raises(InputError) as unknown:
        finding(view("open"), "F9")
    assert str(hidden.value).replace("F1", "F9") == str(unknown.value)


def test_a_letter_names_no_source_that_is_not_open_to_all() -> None:
    made = letter(view(), "P1")
    assert made.title == "Your report of 5 Jan: boats at night"
    assert made.to == ("The Evening Paper", "1 Front Street, desk@paper.example")
    told = words_of(docx.render(made))
    assert "We looked and found none" in told and "SECRET" not in told and "K1" not in told


def test_text_is_text_in_a_pdf_and_reaches_no_file() -> None:
    told = words_of_pdf(pdf.render_document(letter(view(), "P1")))
    flat = " ".join(told.split())
    assert '#read("/etc/passwd")' in flat and '#import "@preview/a:1.0.0"' in flat
    assert "root:" not in flat


def test_a_reply_without_text_is_no_letter_yet() -> None:
    with pytest.raises(InputError, match="Correct the reply with its text first"):
        letter(view(), "P2")


def test_the_command_writes_a_docx(tmp_path: Path) -> None:
    out = tmp_path / "brief.docx"
    command = [sys.executable, "-m", "excomm.cli", "brief", "cuba-1962", "--on", "1962-11-12"]
    subprocess.run([*command, "--format", "docx", "--out", str(out)], check=True)
    assert "42 declared" in words_of(out.read_bytes())


def test_letters_and_shapes_of_every_kind_are_set() -> None:
    made = finding(view(), "F1")
    assert isinstance(made, Document) and made.annexes == () and made.foot.endswith("0" * 16)
