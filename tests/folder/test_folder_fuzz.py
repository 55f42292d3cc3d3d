"""Whatever stands in a file: faults, never a traceback."""

import io
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import excomm.folder
from excomm.errors import InputError
from excomm.folder import read_agreement
from excomm.folder.loading import folder_of

STARTER = Path(excomm.folder.__file__).parent / "starter_case"
FILES = {
    one.relative_to(STARTER).as_posix(): one.read_bytes()
    for one in sorted(STARTER.rglob("*"))
    if one.is_file()
}
PIECES = [
    *(piece.encode() for piece in ",;:\"'\\\n\r\t #[]{}&*!|>%@`=-?"),
    b"\x00",
    b"\xff\xfe",
    b"\xe9",
    "\u2028\ufeff".encode(),
    b'""',
    b"[[",
    b"{{{{",
    b"null",
    b"~",
    b"yes",
    b"1e999",
    b"-1",
    b"nan",
    b"9" * 5000,
    b"0001-01-01",
    b"9999-12-31",
    b"2024-02-30",
    b"2024-03-04T25:00Z",
    b"id",
    b"corrects",
    b"unknown",
    b"{after: {after: x}}",
    b"- - - ",
    b"? ",
    b"<<: ",
    b"!!python/object:os.system ",
]
NOW = datetime(2032, 1, 1, tzinfo=UTC)
calm = settings(
    max_examples=150, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate)
)


@st.composite
def damaged(draw: st.DrawFn, raw: bytes) -> bytes:
    """A file with a few pieces cut out and others put in."""
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(raw)))
        end = start + draw(st.sampled_from([0, 0, 1, 2, 7, 40]))
        raw = raw[:start] + draw(st.sampled_from(PIECES) | st.binary(max_size=4)) + raw[end:]
    return raw


@given(
    st.sampled_from(list(FILES)).flatmap(
        lambda name: st.tuples(st.just(name), damaged(FILES[name]))
    )
)
@calm
def test_a_damaged_file_gives_faults_or_a_case(found: tuple[str, bytes]) -> None:
    files = dict(FILES) | dict([found])
    try:
        case = folder_of({name: partial(io.BytesIO, raw) for name, raw in files.items()}, NOW)
    except InputError as fault:
        assert str(fault)
        return
    assert case.entries


@given(st.text(st.sampled_from("ab :-[]{},\"'\n#&*!?|>")) | st.text())
@calm
def test_any_text_as_an_agreement_gives_faults_or_entries(text: str) -> None:
    try:
        read_agreement(f"id: a\n{text}")
    except InputError as fault:
        assert str(fault)
