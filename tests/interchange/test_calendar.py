"""iCalendar as RFC 5545 has it: folded at 75 bytes, escaped, and read back as it was."""

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from excomm.interchange.calendar import Due, calendar

STAMP = datetime(2030, 1, 1, tzinfo=UTC)


def test_a_day_is_an_entry_of_a_whole_day_and_an_instant_is_in_utc() -> None:
    made = calendar(
        [
            Due(uid="CU-4", title="IL-28s out; all, counted", by=date(1962, 12, 20)),
            Due(uid="T", title="reply", by=datetime(1962, 11, 12, 21, tzinfo=UTC), text="a\nb"),
        ],
        name="Cuba 1962",
        stamp=STAMP,
    )
    assert made.decode().split("\r\n") == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//excomm//calendar//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Cuba 1962",
        "BEGIN:VEVENT",
        "UID:CU-4",
        "DTSTAMP:20300101T000000Z",
        "DTSTART;VALUE=DATE:19621220",
        "SUMMARY:IL-28s out\\; all\\, counted",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "BEGIN:VEVENT",
        "UID:T",
        "DTSTAMP:20300101T000000Z",
        "DTSTART:19621112T210000Z",
        "SUMMARY:reply",
        "DESCRIPTION:a\\nb",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]


@given(st.text(max_size=300))
def test_no_line_is_longer_than_75_bytes_and_no_text_can_break_out_of_its_line(text: str) -> None:
    made = calendar([Due(uid="U", title=text, by=date(2030, 1, 1))], name="n", stamp=STAMP)
    assert all(len(line) <= 75 for line in made.split(b"\r\n"))
    unfolded = made.replace(b"\r\n ", b"").decode()
    lines = unfolded.split("\r\n")
    assert len(lines) == 15
    assert [line.partition(":")[0] for line in lines[:2]] == ["BEGIN", "VERSION"]
    said = next(line for line in lines if line.startswith("SUMMARY:"))[8:]
    plain = said.replace("\\\\", "\0").replace("\\;", ";").replace("\\,", ",")
    plain = plain.replace("\\n", "\n").replace("\0", "\\")
    kept = text.replace("\r\n", "\n").replace("\r", "\n")
    assert plain == "".join(c for c in kept if c == "\n" or (c >= " " and c != "\x7f"))
