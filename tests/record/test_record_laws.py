"""What holds for any text at all, and what is refused."""

import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.errors import InputError
from excomm.record import Record, read, read_roster
from excomm.record.due import PATTERNS, signs_in

_PIECES = st.sampled_from(
    [
        "The President asked that a report be prepared today. ",
        "He said no, but he urged that we wait until Friday. ",
        "Mr. Bell",
        "Ambassalor Orme ",
        " replied (with care), ",
        "It was decided not to go.\n\n",
        "1. ",
        "\n\n- 2 -\n\n",
        "TOP SECRET\n",
        "[1 line not declassified] ",
        "navi-\ngational ",
        'the word "a" be used rather than "b". ',
        "The Council:\n\n",
        "\u202e\u200f",
        "\x0b\x1b",
        "<b onclick='x()'>",
        "?",
        "...",
        "“",
        ", ",
        "é\u0301🚢 ",
        "\r\n",
        "Present: A, B\n",
    ]
)
_TEXTS = st.one_of(
    st.lists(_PIECES, min_size=1, max_size=25).map("".join),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=300),
)


def _read(text: str) -> Record | None:
    try:
        return read(text)
    except InputError:
        return None


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_every_span_lies_in_the_text_and_in_order(text: str) -> None:
    record = _read(text)
    if record is None:
        return
    all_spans: tuple[list[tuple[int, int]], ...] = (
        [(one.start, one.end) for one in record.statements],
        [(one.start, one.end) for one in record.marks],
        [(one.start, one.end) for one in record.repairs],
    )
    for spans in all_spans:
        assert spans == sorted(spans)
        assert all(0 <= start < end <= len(text) for start, end in spans)
    ends = [0, *(one.end for one in record.statements)]
    assert all(one.start >= end for one, end in zip(record.statements, ends, strict=False))
    for directive in record.directives:
        assert 0 <= directive.start < directive.end <= len(text)
    for question in record.questions:
        assert question.answered_by is None or question.answered_by > question.statement


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_the_raw_text_is_the_repaired_one_with_the_repairs_taken_back(text: str) -> None:
    record = _read(text)
    if record is None:
        return
    raw, at, end = "", 0, 0
    for one in record.repairs:
        gap = one.start - end
        raw += record.text[at : at + gap] + one.raw
        at += gap + len(one.fixed)
        end = one.end
        assert text[one.start : one.end] == one.raw
    assert raw + record.text[at:] == text


@given(_TEXTS)
@settings(max_examples=200, deadline=None)
def test_nothing_is_lost_between_statements_and_marks(text: str) -> None:
    record = _read(text)
    if record is None:
        return
    covered = bytearray(len(text))
    spans = [(one.start, one.end) for one in record.statements]
    spans += [(one.start, one.end) for one in record.marks]
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    left = "".join(" " if seen else c for c, seen in zip(text, covered, strict=True))
    # Only the numbers of paragraphs, and what shows nothing, stand outside.
    left = re.sub(r"\(?(?:\d{1,2}|[a-z]|[ivx]{2,4})[.),](?=\s)|[-–—•*](?=\s)", " ", left)
    assert not [c for c in left.split() if c.isprintable()]


@given(_TEXTS)
@settings(max_examples=50, deadline=None)
def test_the_same_text_reads_the_same(text: str) -> None:
    first, second = _read(text), _read(text)
    assert (first and first.to_json()) == (second and second.to_json())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "text: found nothing, expected the text of minutes."),
        (" \n\t", "text: found nothing, expected the text of minutes."),
        ("\x00\x01\x02", "text: found binary data, expected the text of minutes."),
        ("%PDF-1.7 and so on", "text: found binary data, expected the text of minutes."),
        ("A \ud800 b", "text[2]: found half a character, expected whole characters."),
    ],
)
def test_what_is_no_text_is_refused_in_words(text: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        read(text)
    assert str(refused.value).startswith(says)


def test_markup_and_instructions_in_the_text_are_only_read() -> None:
    text = "Mr. Bell said <script>alert(1)</script> and ignore all earlier orders."
    record = read(text)
    assert [one.speaker for one in record.statements] == ["Bell"]
    assert record.text == text


def test_right_to_left_marks_and_control_characters_are_read_over() -> None:
    text = "\u202eMr.\u200f Bell\x0b said\x1b no."
    (one,) = read(text).statements
    assert (one.speaker, one.act) == ("Bell", "said")


@pytest.mark.parametrize(
    "piece",
    [
        "Mr. Bell said that the port was open and that he would go. ",
        "TOP SECRET - SENSITIVE\n\n",
        "In a, ",
        'The President said the word "x" be used rather than "y". ',
        "ab-\ncd ",
        "Mr. X: yes.\n\n",
        "within within in the ",
        "((((",
        '"',
        "a",
        ". ",
        "[not declassified ",
    ],
)
def test_reading_time_grows_with_the_text_and_no_faster(piece: str) -> None:
    def seconds(chars: int) -> float:
        text = piece * (chars // len(piece))
        began = time.process_time()
        read(text)
        return time.process_time() - began

    seconds(1_000)
    small = max(min(seconds(20_000), seconds(20_000)), 0.002)
    # Eight times the text; a square would take sixty-four times as long.
    assert seconds(160_000) < 24 * small


def test_a_roster_is_read_from_csv_and_from_json() -> None:
    from_csv = read_roster("name,office,aliases\nAnn Bell,Consul,Annie; A. B.\n")
    from_json = read_roster('[{"name":"Ann Bell","office":"Consul","aliases":["Annie","A. B."]}]')
    assert from_csv == from_json


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("who,office\nBell,x\n", "roster:1: found who, office, expected a column called name."),
        ("name,office\n,Consul\n", "roster:2: name: found nothing, expected a name."),
        ("[1]", "roster: found Expected"),
    ],
)
def test_a_roster_that_cannot_be_read_is_refused_with_its_row(text: str, says: str) -> None:
    with pytest.raises(InputError) as refused:
        read_roster(text)
    assert str(refused.value).startswith(says)


@pytest.mark.parametrize("number", range(len(PATTERNS)))
@given(st.data())
@settings(max_examples=60, deadline=None)
def test_what_is_looked_for_before_a_due_phrase_stands_in_every_one(
    number: int, data: st.DataObject
) -> None:
    _, signs, pattern = PATTERNS[number]
    phrase = data.draw(st.from_regex(pattern))
    assert any(sign in signs_in(phrase) for sign in signs)


@pytest.mark.parametrize("words", ["by May 45", "by 99 June", "by February 30"])
def test_a_day_that_there_is_none_of_is_told_and_stops_nothing(words: str) -> None:
    (order,) = read(f"May 4, 1970\n\nThe President directed that it be done {words}.").directives
    assert (order.due_at, order.due_reason) == (None, "no such day or time")


_STYLES = Path(__file__).parent / "styles"


def test_a_sentence_that_breaks_off_after_any_word_is_read() -> None:
    words = [line.rpartition("|")[2].split() for one in sorted(_STYLES.glob("*.txt"))
             for line in one.read_text().splitlines()]  # fmt: skip
    cut = {" ".join(said[first : first + length]) for said in words
           for first in (0, 1, 2) for length in range(1, 9)}  # fmt: skip
    text = "\n\n".join(f"{one}." for one in sorted(cut))
    assert len(read(text).statements) > 100
