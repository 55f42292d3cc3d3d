"""One entry has one form in bytes, whatever made it."""

from datetime import UTC, date, datetime

from excomm.entries import Day, Entry, EntryId, from_bytes, lines, to_bytes
from excomm.entries.kinds import Attachment


def _entry(marking: str, media_type: str) -> Entry:
    body = Attachment(name="a.txt", sha256="0" * 64, size=0, media_type=media_type)
    return Entry(
        id=EntryId("A1"),
        occurred=Day(date(1962, 11, 12)),
        recorded=datetime(1962, 11, 12, tzinfo=UTC),
        body=body,
        marking=marking,
    )


def test_a_default_word_that_was_read_from_somewhere_gives_the_same_bytes() -> None:
    # msgspec 0.21 leaves out a default only where it is the same object.
    own = _entry("open", "text/plain")
    read = _entry("".join(["op", "en"]), "/".join(["text", "plain"]))
    assert read == own
    assert to_bytes(read) == to_bytes(own)
    assert lines([read]) == lines([own])
    assert to_bytes(from_bytes(to_bytes(own).replace(b'"body"', b'"marking":"open","body"'))) == (
        to_bytes(own)
    )
