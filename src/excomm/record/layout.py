"""Layout: which lines of a page are text, which are furniture, and where paragraphs begin.

Stamps are known by their words, also garbled ones; page numbers, headings, lists of who attended
and the signature by their shape and place. Nothing is removed from the raw text: a paragraph is
a list of raw spans, a mark is one span.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

import msgspec

from excomm.record.lexicon import word_set
from excomm.record.model import Mark, MarkKind


class Paragraph(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Raw spans that read on as one text, without what stands between them."""

    spans: tuple[tuple[int, int], ...]
    number: str = ""  # "3." of a numbered paragraph, outside the spans


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """Paragraphs and marks in the order of the page."""

    paragraphs: tuple[Paragraph, ...]
    marks: tuple[Mark, ...]


class _Line(msgspec.Struct, frozen=True, gc=False):
    start: int
    end: int
    text: str
    blank_before: bool
    indent: int


_LINE = re.compile(r"[^\r\n\f\v\u2028\u2029]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.),](?=\s)\s*|[-–—•*]\s+(?=[A-Z])")
_WITHHELD = re.compile(r"\[[^\[\]]{1,400}\]")
_WITHHELD_WORDS = re.compile(
    r"declassified|omitted|here follow|deleted|excised|withheld|illegible|redacted|sanitized"
    r"|source text|blacked",
    re.IGNORECASE,
)
_ARCHIVE = re.compile(
    r"\bCIA-?RDP|\bNL[A-Z]-|\bNND|\bNARA\b|\bNARS\b|\bE\.?\s?O\.?\s?\d{5}|\bDATE\b|\bApproved\b.{0,9}\bRelease\b"
    r"|\bAuthority\b|\bRelease \d{4}/\d|\bCopy (?:No|\d)",
)
_HEADING_WORDS = re.compile(
    r"\b(?:record|minutes|notes|memorandum|memcon|meeting|subject|conversation|summary|conference"
    r"|proceedings)\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1[6-9]|20)\d\d\b")
_FIELD = re.compile(
    r"(?:subject|participants|present|attendance|attendees|in attendance|date|time|place|to|from"
    r"|copies to|copy|via|ref|reference|re|source|file|distribution|drafted by|also present"
    r"|persons present|members present|absent|time and place|memorandum for|drafting office)"
    r"\s*(?::|$)",
    re.IGNORECASE,
)
_ATTENDANCE = re.compile(
    r"(?:participants|present|attendance|attendees|in attendance|also present|persons present"
    r"|members present|absent)\s*(?::|$)",
    re.IGNORECASE,
)
_STAMP_WORDS = (
    "SECRET",
    "SENSITIVE",
    "CONFIDENTIAL",
    "SANITIZED",
    "DECLASSIFIED",
    "UNCLASSIFIED",
    "RESTRICTED",
)
_STAMP_PLAIN = word_set(
    "top secret sensitive confidential eyes only noforn restricted unclassified limited"
    " official use sanitized declassified for the copy cosmic literally"
)
_TERMINAL = (".", "?", "!", ":", ";", '."', ".”", '?"', ".)", "?”")
_FOOTNOTE = re.compile(r"(?:\s?\(\d{1,2}\)|\s?\[\d{1,2}\])$")
_FOOTNOTE_LINE = re.compile(
    r"(?:\(?\d{1,2}[).]?|\*) |Attach|Copies|cc:|Distribution|Enclos", re.IGNORECASE
)
_NO_TITLE_ENDS = (*_TERMINAL, ",", "-", "–", "—")
_FIELD_CHARS = 30  # more than the longest name of a field
_LINE_MAX = 90


def layout(raw: str) -> Layout:
    """Divide the raw text into paragraphs and marks; every character that is no space is in one."""
    lines = list(_lines(raw))
    shouting = _upper_share(raw[:20_000]) > 0.6
    stamped = _stamped(lines, shouting=shouting)
    marks: list[Mark] = []
    kept: list[_Line] = []
    for line, kind in zip(lines, stamped, strict=True):
        if kind:
            marks.append(Mark(kind=kind, start=line.start, end=line.end))
        else:
            kept.append(line)
    paragraphs = [_without_withheld(one, raw, marks) for one in _paragraphs(raw, kept)]
    paragraphs = [one for one in paragraphs if one.spans]
    body, furniture = _furniture(raw, paragraphs)
    marks.extend(furniture)
    marks.sort(key=lambda mark: mark.start)
    return Layout(paragraphs=tuple(body), marks=tuple(marks))


def words_of(paragraph: Paragraph, raw: str) -> str:
    """The paragraph's raw text, without what stands between its spans."""
    return " ".join(raw[start:end] for start, end in paragraph.spans)


def _lines(raw: str) -> Iterator[_Line]:
    last_end, blank = 0, True
    for found in _LINE.finditer(raw):
        text = found[0].strip()
        if not text:
            blank = True
            continue
        gap = raw[last_end : found.start()]
        blank = blank or gap.count("\n") > 1 or gap.count("\r") > 1 or "\f" in gap
        start = found.start() + len(found[0]) - len(found[0].lstrip())
        yield _Line(start, start + len(text), text, blank, start - found.start())
        last_end, blank = found.end(), False


# -- furniture of the page ---------------------------------------------------------------------


def _stamped(lines: list[_Line], *, shouting: bool) -> list[MarkKind | None]:
    kinds: list[MarkKind | None] = []
    for line in lines:
        kinds.append(_line_kind(line.text, shouting=shouting))
    # What stands in capitals right beside a stamp came from the same hand.
    for index, line in enumerate(lines):
        beside = kinds[max(0, index - 2) : index] + kinds[index + 1 : index + 2]
        if kinds[index] is None and "stamp" in beside and not shouting and _hand_stamped(line.text):
            kinds[index] = "stamp"
    return kinds


@lru_cache(maxsize=4096)
def _line_kind(text: str, *, shouting: bool) -> MarkKind | None:  # noqa: PLR0911
    if len(text) > _LINE_MAX:
        return None
    bare = text.strip(" -–—.,_|~*")
    if (bare.isdigit() and len(bare) <= 4 and not text.endswith((".", ")"))) or (
        bare.isdigit() and text[0] in "-–—" and text[-1] in "-–—"
    ):
        return "page"
    words = _LETTERS.findall(text)
    if not words:
        return "page" if text.strip("-–—_=*. ") in ("",) else None
    if words[0].lower() == "page" and len(words) <= 2 and any(c.isdigit() for c in text):
        return "page"
    if all(word.lower() in _STAMP_PLAIN for word in words) and any(
        word.upper() in _STAMP_WORDS or word.lower() in ("eyes", "noforn") for word in words
    ):
        return "stamp"
    if _ARCHIVE.search(text) and (_upper_share(text) > 0.5 or "elease" in text):
        return "stamp"
    head = words[:6]
    capitals = sum(word.isupper() for word in head) / len(head)
    if not shouting and capitals >= 0.6 and any(w.isupper() and _is_stamp_word(w) for w in head):
        return "stamp"
    return None


def _hand_stamped(text: str) -> bool:
    return (
        len(text) <= 60
        and _upper_share(text) > 0.8
        and not text.endswith(":")
        and not _NUMBER.match(text)
        and len(_LETTERS.findall(text)) <= 8
    )


def _upper_share(text: str) -> float:
    upper = sum(map(str.isupper, text))
    letters = sum(map(str.isalpha, text))
    return upper / letters if letters else 0.0


@lru_cache(maxsize=4096)
def _is_stamp_word(word: str) -> bool:
    return any(
        sorted(word) == sorted(known)  # letters swapped
        or (
            abs(len(word) - len(known)) <= 2
            and distance(word, known, 2 if len(known) > 6 else 1) <= (2 if len(known) > 6 else 1)
        )
        for known in _STAMP_WORDS
    )


def distance(one: str, other: str, most: int) -> int:
    """Edit distance (insert, delete, replace), or `most` + 1 where it is more."""
    if abs(len(one) - len(other)) > most or max(len(one), len(other)) > 40:
        return most + 1
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
        if min(row) > most:
            return most + 1
    return row[-1]


# -- paragraphs --------------------------------------------------------------------------------


def _paragraphs(raw: str, lines: list[_Line]) -> list[Paragraph]:
    if not lines:
        return []
    lengths = sorted(len(line.text) for line in lines)
    width = lengths[len(lengths) * 9 // 10]
    wrapped = width <= 120
    groups: list[list[_Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if last is not None and _reads_on(last, line, width=width, wrapped=wrapped):
            groups[-1].append(line)
        else:
            groups.append([line])
    return [_paragraph(raw, group) for group in groups]


def _reads_on(last: _Line, line: _Line, *, width: int, wrapped: bool) -> bool:
    # A sentence broken by a page or a blank line goes on in lower case.
    open_end = last.text[-1].isalnum() or last.text[-1] in ",-–—"
    if open_end and line.text[0].islower() and not _NUMBER.match(line.text):
        return len(last.text) > 30 or not line.blank_before
    if line.blank_before or not wrapped:
        return False
    if _NUMBER.match(line.text) or line.indent >= last.indent + 3:
        return False
    if _label(line.text) or _FIELD.match(line.text):
        return False
    if _YEAR.search(last.text) and len(last.text) < 0.9 * width and open_end is False:
        return False
    short = len(last.text) < 0.7 * width
    return not (short and (last.text.endswith(_TERMINAL) or line.text[0].isupper()))


def _label(text: str) -> bool:
    head, colon, _ = text[:60].partition(":")
    return (
        bool(colon)
        and head[:1].isupper()
        and len(head.split()) <= 6
        and "." not in head[4:]
        and not any(c.isdigit() for c in head)
    )


def _paragraph(raw: str, lines: list[_Line]) -> Paragraph:
    spans: list[tuple[int, int]] = []
    for line in lines:
        # Lines with only spaces between them are one span; a mark in between starts another.
        if spans and not raw[spans[-1][1] : line.start].strip():
            spans[-1] = (spans[-1][0], line.end)
        else:
            spans.append((line.start, line.end))
    number = _NUMBER.match(raw, spans[0][0], spans[0][1])
    if number and number.end() < spans[0][1]:
        spans[0] = (number.end(), spans[0][1])
        return Paragraph(spans=tuple(spans), number=number[0].strip())
    return Paragraph(spans=tuple(spans))


def _without_withheld(paragraph: Paragraph, raw: str, marks: list[Mark]) -> Paragraph:
    spans: list[tuple[int, int]] = []
    for start, end in paragraph.spans:
        if raw.find("[", start, end) < 0:
            spans.append((start, end))
            continue
        at = start
        for found in _WITHHELD.finditer(raw, start, end):
            if not _WITHHELD_WORDS.search(found[0]):
                continue
            marks.append(Mark(kind="withheld", start=found.start(), end=found.end()))
            spans.extend(_trimmed(raw, at, found.start()))
            at = found.end()
        spans.extend(_trimmed(raw, at, end))
    return Paragraph(spans=tuple(spans), number=paragraph.number)


def _trimmed(raw: str, start: int, end: int) -> list[tuple[int, int]]:
    text = raw[start:end]
    start += len(text) - len(text.lstrip())
    end -= len(text) - len(text.rstrip())
    return [(start, end)] if start < end else []


# -- headings, attendance, signature -----------------------------------------------------------


def _furniture(raw: str, paragraphs: list[Paragraph]) -> tuple[list[Paragraph], list[Mark]]:
    texts = [words_of(one, raw) for one in paragraphs]
    kinds: list[MarkKind | None] = [None] * len(paragraphs)
    begun = listing = False
    for index, text in enumerate(texts):
        head = text[:60]
        field = (":" in head or len(head.rstrip()) < _FIELD_CHARS) and bool(_FIELD.match(head))
        if listing and not begun:
            listing = field or not _is_prose(text)
        listing = listing or (field and bool(_ATTENDANCE.match(head)))
        if listing and not (_is_prose(text) and not field):
            kinds[index] = "attendance"
        elif (
            (field and not begun)
            or (not begun and _is_front(text) and not paragraphs[index].number)
            or _is_title(text)
        ):
            kinds[index] = "heading"
        else:
            begun, listing = True, False
    _sign(texts, kinds)
    marks = [
        Mark(kind=kind, start=one.spans[0][0], end=one.spans[-1][1])
        for one, kind in zip(paragraphs, kinds, strict=True)
        if kind
    ]
    return [one for one, kind in zip(paragraphs, kinds, strict=True) if not kind], marks


def _is_front(text: str) -> bool:
    words = text.split()
    if len(words) > 40 or _label(text):
        return False
    dated = bool(_YEAR.search(text)) and len(words) <= 16
    titled = bool(_HEADING_WORDS.search(text)) and not text.rstrip().endswith((".", "?"))
    return dated or titled or _is_title(text)


def _is_title(text: str) -> bool:
    """Short, unpunctuated, in capitals: a title, not a sentence."""
    if len(text) > 120:
        return False
    bare = _FOOTNOTE.sub("", text) if text.endswith((")", "]")) else text
    if bare.endswith(_NO_TITLE_ENDS):
        return False
    words = [word for word in bare.split() if word[0].isalpha()]
    if not words or len(words) > 12:
        return False
    longer = [word for word in words if len(word) > 3] or words
    return words[0][0].isupper() and sum(w[0].isupper() for w in longer) >= 0.7 * len(longer)


def _is_prose(text: str) -> bool:
    """A sentence with a lower-case verb in it, not a list of names."""
    words = text[:400].split()
    lower = sum(word[0].islower() for word in words)
    return len(words) >= 5 and lower >= 0.45 * len(words)


def _sign(texts: list[str], kinds: list[MarkKind | None]) -> None:
    """The name under the text, and what stands below it."""
    if all(kinds):
        return
    last_prose = next(i for i in range(len(kinds) - 1, -1, -1) if kinds[i] is None)
    while (
        last_prose > 0 and len(kinds) - last_prose < 6 and _FOOTNOTE_LINE.match(texts[last_prose])
    ):
        last_prose -= 1  # notes below the signature
    for index in range(last_prose + 1, min(len(texts), last_prose + 5)):
        if kinds[index] == "heading" and _is_name(texts[index]):
            kinds[index] = "signature"
            for below in range(index + 1, len(texts)):
                kinds[below] = kinds[below] or "narration"
            return


def _is_name(text: str) -> bool:
    words = _FOOTNOTE.sub("", text).replace("/s/", "").split()
    return 2 <= len(words) <= 5 and all(word[0].isupper() for word in words)
