"""A brief of very many entries: long lists are cut, and what they leave out is counted."""

from datetime import UTC, datetime

from excomm.brief import brief, html, to_json
from excomm.brief.basis import part_rests_on
from excomm.brief.structs import Brief, Points
from excomm.case import Case, View
from excomm.entries import Entry, EntryId, Instant
from excomm.entries.kinds import Look

NOW = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(1962, 11, 11, 12, tzinfo=UTC)


def looked(size: int, outcome: str, *, reading: str = "high") -> View:
    body = Look(means="low-level", outcome=outcome, sites=("banes",), party="USA")  # type: ignore[arg-type]
    looks = [
        Entry(
            id=EntryId(f"more-{n}"),
            occurred=Instant(AT),
            recorded=AT,
            body=body,
            reading=reading,  # type: ignore[arg-type]
            seq=10**6 + n,
        )
        for n in range(size)
    ]
    return Case.open("cuba-1962", now=NOW).on("1962-11-12").supposing(looks)


def points(page: Brief, key: str) -> list[str]:
    part = next(each for each in page.sections if each.key == key)
    blocks = [block for block in part.blocks if isinstance(block, Points)]
    return [point.body.text for block in blocks for point in block.points]


def test_a_page_that_rests_on_very_many_entries_lists_some_and_counts_the_others() -> None:
    page = brief(looked(300, "made"))
    named = {name for part in page.sections for name in part_rests_on(part)}
    said = {
        name for each in page.bottom_line for name in (*each.lead.rests_on, *each.rest.rests_on)
    }
    assert {f"more-{n}" for n in range(300)} <= named
    assert len(page.references) + page.references_more == len(named | said)
    assert page.references_more > 200
    assert f"and {page.references_more} more entries, in the ledger" in html.render(page)


def test_a_page_that_lists_all_says_nothing_of_others() -> None:
    page = brief(Case.open("cuba-1962", now=NOW).on("1962-11-12"))
    assert page.references_more == 0
    assert b"references_more" not in to_json(page)
    assert "in the ledger</p>" not in html.render(page)


def test_of_many_looks_that_did_not_come_off_the_latest_stand_and_the_others_are_counted() -> None:
    few, many = (points(brief(looked(n, "aborted")), "losses") for n in (10, 60))
    earlier = "37 earlier ones since 4 Nov, in the ledger"  # one aborted that day, and 36 of these
    assert "4 Nov: two U-2 missions aborted, mechanical failure" in few
    assert many.count("11 Nov 07:00: low-level overflight") == 24
    assert many[3] == earlier
    assert few[:3] == many[:3]
