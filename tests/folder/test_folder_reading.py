"""A folder as it is read: who knew what when, cells and their escapes, minutes left untouched."""

from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from excomm.entries import Day, Entry, Instant
from excomm.entries.kinds import Attachment, CaseHeader, Decision, Event, Look, Offer
from excomm.entries.language import Advice, Fixed, Relative
from excomm.folder import read, read_text
from excomm.folder.tables import list_cell, map_cell

NOW = datetime(2024, 1, 1, tzinfo=UTC)

CASE = """
=== case.toml
id = "strait"
title = "Strait"
zone = "America/New_York"
opens = 1962-08-29
recorded = "as dated"
[markings]
levels = ["public", "secret"]
[[parties]]
id = "USA"
name = "United States"
[[sites]]
id = "a;b"
name = "Two places"
[[sites]]
id = "SC"
name = "San Cristobal"
[[means]]
id = "U-2"
name = "U-2 flights"
occurred = 1962-09-01
recorded = "1962-09-02T10:00-04:00"
marking = "secret"
"""


def by_id(*sections: str, case: str = CASE) -> dict[str, Entry]:
    text = "\n".join((case.rstrip("\n"), *sections, ""))
    return {entry.id: entry for entry in read_text(text, now=NOW).entries}


def body(entry: Entry, kind: type) -> Any:
    assert isinstance(entry.body, kind)
    return entry.body


LOOKS = """=== looks.csv
id,occurred,recorded,means,outcome,sites,coverage
L1,1962-11-05,,U-2,made,SC,0.5
L2,1962-11-05T09:00-05:00,,U-2,made,a\\;b; SC,
L3,1962-11,,U-2,made,,
L4,1962-11-05,1962-11-07,U-2,made,,
L5,1962-11-05,1962-11-07T12:00Z,U-2,made,,"""


def test_a_row_is_known_on_its_own_date_where_the_case_says_so() -> None:
    found = by_id(LOOKS)
    assert found["L1"].recorded == datetime(1962, 11, 5, 5, tzinfo=UTC)
    assert found["L2"].recorded == datetime(1962, 11, 5, 14, tzinfo=UTC)
    # Of a month the last day, from its start; a day given counts from its start.
    assert found["L3"].recorded == datetime(1962, 11, 30, 5, tzinfo=UTC)
    assert found["L4"].recorded == datetime(1962, 11, 7, 5, tzinfo=UTC)
    assert found["L5"].recorded == datetime(1962, 11, 7, 12, tzinfo=UTC)


def test_a_row_is_known_from_its_load_where_the_case_says_nothing() -> None:
    found = by_id(LOOKS, case=CASE.replace('recorded = "as dated"\n', ""))
    assert found["L1"].recorded == NOW
    assert found["L4"].recorded == datetime(1962, 11, 7, 5, tzinfo=UTC)
    assert found["USA"].recorded == datetime(1962, 8, 29, 4, tzinfo=UTC)


def test_what_has_no_date_is_of_the_day_the_case_opens() -> None:
    found = by_id(
        "=== assumptions.csv\nname,low,best,high,author,basis\nany.rate,0,1,2,desk,a guess",
        "=== outlets.csv\nid,name\nnyt,New York Times",
        case=CASE.replace('recorded = "as dated"\n', ""),
    )
    for name in ("strait", "USA", "any.rate", "nyt"):
        assert found[name].occurred == Day(date(1962, 8, 29))
        assert found[name].recorded == datetime(1962, 8, 29, 4, tzinfo=UTC)
    assert found["U-2"].occurred == Day(date(1962, 9, 1))
    assert found["U-2"].recorded == datetime(1962, 9, 2, 14, tzinfo=UTC)


def test_a_row_without_a_marking_is_of_the_lowest_level() -> None:
    found = by_id(LOOKS)
    assert (found["L1"].marking, found["U-2"].marking) == ("public", "secret")


def test_lists_and_maps_stand_in_one_cell() -> None:
    found = by_id(
        LOOKS,
        "=== decisions.csv",
        "id,occurred,question,state,by,options,advice,entry_by",
        "D1,1962-11-12,Lower?,wanted,President,now; later,McNamara: not today; Rusk: \\;no,USA",
        "=== events.csv",
        "id,occurred,kind,party,value,due,set,about",
        "E1,1962-11-12,incident,unknown,n: 3; share: 0.5; seen: yes; word: 'yes; x: a:b,,,",
        'E2,1962-11-12,amended,USA,,"{P14D after: E1, last_day: 1962-11-26}",{what: stop},',
        "E3,1962-11-12,accepted,USA,,1962-12-20,,",
        "=== offers.csv\nid,occurred,by,undertakings,put\nO1,1962-11-12,USA,,yes",
    )
    assert body(found["L2"], Look).sites == ("a;b", "SC")
    decision = body(found["D1"], Decision)
    assert (decision.by, found["D1"].by) == ("President", "USA")
    assert decision.options == ("now", "later")
    assert decision.advice == (Advice("McNamara", "not today"), Advice("Rusk", ";no"))
    event = body(found["E1"], Event)
    assert event.value == {"n": 3, "share": 0.5, "seen": True, "word": "yes", "x": "a:b"}
    assert body(found["E2"], Event).due == Relative("E1", "P14D", last_day=date(1962, 11, 26))
    assert body(found["E2"], Event).set == {"what": "stop"}
    assert body(found["E3"], Event).due == Fixed(Day(date(1962, 12, 20)))
    assert body(found["O1"], Offer).put is True


def test_text_is_read_exactly_as_it_stands() -> None:
    found = by_id(
        "=== lines.csv",
        "# A comment before the names of the columns is passed over.",
        "",
        "id,occurred,clause,note",
        'A,1962-11-12," =1+1; ""so""\nand on", # not a comment ',
        "",
        ",,,",
    )
    assert found["A"].body.clause == ' =1+1; "so"\nand on'  # type: ignore[union-attr]
    assert found["A"].note == " # not a comment "


def test_list_and_map_cells_take_a_backslash_for_what_it_is() -> None:
    assert list_cell(["a;b", "\\", " c "]) == "a\\;b; \\\\; \\ c\\ "
    assert map_cell([("k:1", "v;2")]) == "k\\:1: v\\;2"


def test_entries_come_in_ledger_order() -> None:
    found = by_id(
        "=== lines.csv",
        "id,occurred,clause,corrects",
        "B,1962-11-10,b,C",
        "C,1962-11-12,c,",
        "A,1962-11-11,a,",
        "=== looks.csv\nid,occurred,means,outcome\nL,1962-11-01,U-2,made",
    )
    # The header, the words, then by when it was known; B corrects C, so it follows C.
    assert list(found) == ["strait", "USA", "a;b", "SC", "U-2", "L", "A", "C", "B"]


def test_the_digest_does_not_depend_on_the_moment_of_loading() -> None:
    text = CASE.replace('recorded = "as dated"\n', "") + LOOKS + "\n"
    early, late = (read_text(text, now=datetime(year, 1, 1, tzinfo=UTC)) for year in (2024, 2025))
    assert early.entries != late.entries
    assert early.digest == late.digest
    assert early.digest != read_text(text.replace("0.5", "0.6"), now=NOW).digest


def test_the_header_carries_markings_scale_and_wording(tmp_path: Path) -> None:
    extra = """
    [[scale]]
    word = "likely"
    low = 0.55
    high = 0.8
    [[wording]]
    avoid = "guarantee"
    use = "assurances"
    """
    folder = read_text(CASE + extra.replace("    ", ""), now=NOW)
    assert isinstance(folder.entries[0].body, CaseHeader)
    assert folder.header.levels == ("public", "secret")
    assert [likely.word for likely in folder.header.scale] == ["likely"]
    assert [rule.use for rule in folder.header.wording] == ["assurances"]


@pytest.mark.parametrize("raw", [b"One.\r\nTwo\r\n", "\ufeffÄ \u2028 end".encode(), b""])
def test_minutes_are_left_untouched(tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "minutes").mkdir()
    (tmp_path / "case.toml").write_text(CASE.partition("\n=== case.toml\n")[2], encoding="utf-8")
    (tmp_path / "minutes" / "m 24.txt").write_bytes(raw)
    (tmp_path / "minutes" / "m 24.toml").write_text(
        'meeting = "ExComm 24"\noccurred = 1962-11-12T10:00:00-05:00\nmarking = "secret"\n',
        encoding="utf-8",
    )
    (entry,) = (one for one in read(tmp_path, now=NOW).entries if one.kind == "attachment")
    minutes = body(entry, Attachment)
    assert entry.id == "minutes/m 24"
    assert minutes.text.encode() == raw
    assert (minutes.sha256, minutes.size) == (sha256(raw).hexdigest(), len(raw))
    assert (minutes.name, minutes.role, minutes.meeting) == ("m 24.txt", "minutes", "ExComm 24")
    assert isinstance(entry.occurred, Instant)
    assert entry.marking == "secret"


def test_agreements_stand_in_the_order_of_their_numbers() -> None:
    head = (
        '=== case.toml\nid = "c"\ntitle = "C"\nzone = "UTC"\nopens = 2024-01-01\n'
        'parties = [{id = "A", name = "A"}]\n'
    )
    one = (
        "=== agreement{0}.yaml\nundertakings:\n"
        "  - {{id: U{0}, by: A, modality: may, kind: maintain, what: w}}\n"
    )
    text = head + "".join(one.format(number) for number in ("-10", "-2", ""))
    found = read_text(text, now=datetime(2024, 2, 1, tzinfo=UTC)).entries
    assert [entry.id for entry in found if entry.kind == "undertaking"] == ["U", "U-2", "U-10"]
