"""Copies to hand on: a clean reading copy in HTML and DOCX, TEI, and the text for a release.

A reading copy holds what was said and told, repairs put in, without the furniture of the page. In
the text for a release what is withheld is not covered but gone: every copy is made anew from the
text that is left, so neither an id nor a repair nor an offset tells of it.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from html import escape
from typing import Literal

import msgspec

from excomm.errors import InputError
from excomm.record.model import Mark, Record, Statement
from excomm.record.repaired import Cut

Format = Literal["json", "html", "docx", "tei"]
WITHHELD = "[withheld]"
_NOT_READ = ("page", "stamp")
_SPAN = re.compile(r"(\d+)[:-](\d+)")
_STYLE = (
    "body{max-width:42em;margin:2em auto;padding:0 1em;font:17px/1.5 serif}"
    "h1{font-size:1.2em}.who{font-variant:small-caps}.told{font-style:italic}"
    ".act{color:#575c64;font-size:.85em}"
)


class Part(msgspec.Struct, frozen=True):
    """A piece of the reading copy, in the order of the page."""

    kind: str  # statement, heading, narration, withheld, signature, attendance
    words: str
    speaker: str = ""
    act: str = ""


def parts(record: Record) -> tuple[Part, ...]:
    """What a reading copy shows: statements, and the marks that are words of the record."""
    cut = Cut(record)
    found: list[Part] = []
    spans: list[Statement | Mark] = [
        *record.statements,
        *(one for one in record.marks if one.kind not in _NOT_READ),
    ]
    for one in sorted(spans, key=lambda each: (each.start, each.end)):
        words = cut.words(one.start, one.end)
        if isinstance(one, Statement):
            found.append(Part("statement", words, one.person or one.speaker, one.act))
        elif words:
            found.append(Part(one.kind, words))
    return tuple(found)


def html(record: Record, title: str) -> bytes:
    """The reading copy as one page without anything from outside."""
    lines = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8">',
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{escape(title)}</h1>",
    ]
    for part in parts(record):
        words = escape(part.words)
        if part.kind == "statement":
            lines.append(
                f'<p><span class="who">{escape(part.speaker)}</span> '
                f'<span class="act">{part.act}</span><br>{words}</p>'
            )
        else:
            lines.append(f'<p class="told {part.kind}">{words}</p>')
    return "\n".join((*lines, "</body></html>", "")).encode()


def docx(record: Record, title: str) -> bytes:
    """The reading copy as DOCX; the same reading gives the same bytes."""
    import docx as word

    document = word.Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    document.add_heading(title, level=1)
    for part in parts(record):
        paragraph = document.add_paragraph()
        if part.kind == "statement":
            paragraph.add_run(part.speaker).bold = True
            paragraph.add_run(f" {part.act}: ").italic = True
            paragraph.add_run(_xml(part.words))
        else:
            paragraph.add_run(_xml(part.words)).italic = True
    out = io.BytesIO()
    document.save(out)
    return _undated(out.getvalue())


def _undated(data: bytes) -> bytes:
    """The archive with every part of one date, so that equal contents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as fresh:
        for member in packed.infolist():
            one = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
            one.compress_type = zipfile.ZIP_DEFLATED
            fresh.writestr(one, packed.read(member))
    return out.getvalue()


def _xml(text: str) -> str:
    """The text without what XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\x7f\ufffe\uffff"))


# -- TEI -------------------------------------------------------------------------------------------


def tei(raw: str, record: Record, title: str) -> bytes:
    """The record in TEI P5: who speaks as `sp`, what is told as `p`, repairs as `choice`.

    Of TEI it uses teiHeader, div, sp, speaker, p, fw, pb, gap, choice with sic and corr. A speaker
    is a `person` of the header's list.
    """
    names: dict[str, str] = {}
    for statement in record.statements:
        names.setdefault(statement.speaker, f"p{len(names) + 1}")
    body = "\n".join(_tei_body(raw, record, names))
    people = "".join(
        f'<person xml:id="{key}"><persName>{_tei_text(name)}</persName></person>'
        for name, key in names.items()
    )
    listed = f"<particDesc><listPerson>{people}</listPerson></particDesc>" if people else ""
    when = record.meeting.isoformat() if record.meeting else ""
    date = f'<creation><date when="{when}"/></creation>' if when else ""
    profile = f"<profileDesc>{date}{listed}</profileDesc>" if date or listed else ""
    source = record.source
    told = f"{source.name}, sha256 {source.sha256}" if source else "minutes as text"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<TEI xmlns="http://www.tei-c.org/ns/1.0">\n<teiHeader><fileDesc>'
        f"<titleStmt><title>{_tei_text(title)}</title></titleStmt>"
        "<publicationStmt><p>A reading of minutes; offsets and words are those of the source.</p>"
        f"</publicationStmt><sourceDesc><p>{_tei_text(told)}</p></sourceDesc></fileDesc>{profile}"
        f"</teiHeader>\n<text><body><div>\n{body}\n</div></body></text>\n</TEI>\n"
    ).encode()


def _tei_body(raw: str, record: Record, names: dict[str, str]) -> Iterator[str]:
    marks = list(record.marks)
    taken = 0
    empty = True
    for one in record.statements:
        while taken < len(marks) and marks[taken].start < one.start:
            yield from _tei_mark(raw, record, marks[taken])
            taken += 1
            empty = False
        inside = []
        while taken < len(marks) and marks[taken].start < one.end:
            inside.append(marks[taken])
            taken += 1
        empty = False
        yield (
            f'<sp who="#{names[one.speaker]}" ana="#{one.act}">'
            f"<speaker>{_tei_text(one.speaker)}</speaker>"
            f"<p>{_tei_words(raw, record, one.start, one.end, inside)}</p></sp>"
        )
    for mark in marks[taken:]:
        yield from _tei_mark(raw, record, mark)
        empty = False
    if empty:
        yield "<p/>"


def _tei_mark(raw: str, record: Record, mark: Mark) -> Iterator[str]:
    if mark.kind == "page":
        number = re.search(r"\d+", raw[mark.start : mark.end])
        yield f'<pb n="{number[0]}"/>' if number else "<pb/>"
    elif mark.kind == "withheld":
        yield f"<p>{_GAP}</p>"
    elif mark.kind == "stamp":
        yield f'<fw type="stamp">{_tei_words(raw, record, mark.start, mark.end, ())}</fw>'
    else:
        words = _tei_words(raw, record, mark.start, mark.end, ())
        yield f'<p rend="{mark.kind}">{words}</p>'


_GAP = '<gap reason="withheld"/>'


def _tei_words(raw: str, record: Record, start: int, end: int, marks: Sequence[Mark]) -> str:
    """The words between two offsets, repairs as choices, marks inside as their own elements."""
    repairs = [one for one in record.repairs if start <= one.start and one.end <= end]
    pieces: list[tuple[int, int, str]] = [
        (
            one.start,
            one.end,
            f"<choice><sic>{_tei_text(one.raw)}</sic>"
            f'<corr cert="{one.certainty:.2f}">{_tei_text(one.fixed)}</corr></choice>',
        )
        for one in repairs
    ]
    for mark in marks:
        inner = "".join(_tei_mark(raw, record, mark)).replace("<p>", "").replace("</p>", "")
        shown = inner if mark.kind in ("page", "withheld", "stamp") else ""
        pieces.append((mark.start, mark.end, shown))
    told: list[str] = []
    at = start
    for first, after, text in sorted(pieces):
        if first >= at:
            told += (_tei_text(raw[at:first]), text)
            at = after
    return "".join((*told, _tei_text(raw[at:end])))


def _tei_text(text: str) -> str:
    return escape(_xml(text), quote=True)


# -- release ---------------------------------------------------------------------------------------


def released(raw: str, withhold: Sequence[str]) -> str:
    """The raw text without what is withheld; `[withheld]` stands in its place.

    withhold: spans in characters ("120:348"), or words as they stand, whatever the line ends
    between them, wherever they stand. Raises InputError for a span outside the text, or words that
    are not in it: nothing is released that somebody believes to have withheld.
    """
    spans: list[tuple[int, int]] = []
    for index, one in enumerate(withhold):
        spans += _spans(raw, one, f"withhold[{index}]")
    kept: list[str] = []
    at = 0
    for start, end in _joined(spans):
        kept += (raw[at:start], WITHHELD)
        at = end
    return "".join((*kept, raw[at:]))


def _spans(raw: str, one: str, where: str) -> list[tuple[int, int]]:
    given = _SPAN.fullmatch(one.strip())
    if given:
        start, end = int(given[1]), int(given[2])
        if not 0 <= start < end <= len(raw):
            raise InputError(where, one, f"a span inside 0:{len(raw)}")
        return [(start, end)]
    words = one.split()
    if not words:
        raise InputError(where, one, "a span, or words of the text")
    pattern = re.compile(r"\s+".join(map(re.escape, words)), re.IGNORECASE)
    found = [match.span() for match in pattern.finditer(raw)]
    if not found:
        raise InputError(where, one, "words that stand in the text", "Nothing was written.")
    return found


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found
