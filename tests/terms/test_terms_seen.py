"""Every declared item seen within so many days: all days at once, and by one look more."""

from datetime import UTC, date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.entries import Entry, EntryId, end_of, parse_when
from excomm.entries.kinds import Body, CaseHeader, Item, Look, Site
from excomm.errors import InputError
from excomm.fold import fold
from excomm.terms.seen import Seen, seen_within
from excomm.terms.seen_from_facts import sites_seen

Looks = list[tuple[int, int]]
ITEMS, DAYS = 4, 30
LOOKS = st.lists(st.tuples(st.integers(0, ITEMS - 1), st.integers(0, DAYS - 1)), max_size=25)


def seen(looks: Looks, within: int, *, items: int = ITEMS, days: int = DAYS) -> Seen:
    item, day = np.array(looks, dtype=np.int64).reshape(-1, 2).T
    return seen_within(item, day, items=items, days=days, within=within)


def by_hand(looks: Looks, within: int) -> list[int]:
    """Day by day and item by item, as the words say it."""
    return [
        sum(
            today - max((day for item, day in looks if item == one and day <= today), default=-1)
            > within
            for one in range(ITEMS)
        )
        for today in range(DAYS)
    ]


def test_an_item_is_overdue_from_the_day_after_its_look_no_longer_serves() -> None:
    found = seen([(0, 2), (0, 9)], 3, items=1, days=14)
    assert found.overdue.tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 1]
    assert found.overdue_now.tolist() == [0]


@settings(deadline=None)  # the first call compiles
@given(LOOKS, st.integers(1, DAYS + 5))
def test_all_days_at_once_are_what_each_day_is_by_hand(looks: Looks, within: int) -> None:
    assert seen(looks, within).overdue.tolist() == by_hand(looks, within)


@given(LOOKS, LOOKS, st.integers(1, DAYS + 5))
def test_each_look_more_gives_what_the_whole_log_gives(
    looks: Looks, more: Looks, within: int
) -> None:
    found = seen(looks, within)
    for index, (item, day) in enumerate(more, 1):
        found = found.updated(item, day)
        whole = seen([*looks, *more[:index]], within)
        assert found.overdue.tolist() == whole.overdue.tolist()
        assert found.overdue_now.tolist() == whole.overdue_now.tolist()


def test_more_items_than_two_bytes_number_are_sorted_too() -> None:
    item = np.array([70_000, 5, 70_000, 65_541], dtype=np.int64)
    found = seen_within(item, np.arange(4, dtype=np.int64), items=70_001, days=5, within=9)
    assert found.days_of(70_000).tolist() == [0, 2]
    assert found.days_of(5).tolist() == [1]
    assert found.days_of(65_541).tolist() == [3]


def test_a_number_outside_its_range_is_named_with_its_place() -> None:
    with pytest.raises(InputError) as caught:
        seen([(0, 1), (9, 2)], 3)
    assert str(caught.value) == "item[1]: found 9, expected 0 to 3."
    with pytest.raises(InputError) as caught:
        seen([(0, 1)], 3).updated(0, 30)
    assert str(caught.value) == "day: found 30, expected 0 to 29."
    with pytest.raises(InputError) as caught:
        seen([(0, 1)], 0)
    assert str(caught.value) == "within: found 0, expected 1 or more."


def look(name: str, day: str, outcome: str, *sites: str, item: str = "") -> Entry:
    body = Look(means="flight", outcome=outcome, sites=sites, items=(item,) if item else ())  # type: ignore[arg-type]
    return dated(name, day, body)


def dated(name: str, day: str, body: Body) -> Entry:
    at = parse_when(day)
    return Entry(
        id=EntryId(name),
        occurred=at,
        recorded=end_of(at, UTC),
        body=body,  # type: ignore[arg-type]
        standing="established",
    )


def test_only_looks_that_were_made_count_for_the_sites_and_the_item_they_name() -> None:
    opens = date(2030, 1, 1)
    entries = (
        dated("case", "2030-01-01", CaseHeader(title="Port", zone="UTC", opens=opens)),
        *(dated(one, "2030-01-01", Site(name=one.title())) for one in ("quay", "shed", "yard")),
        dated("gun", "2030-01-01", Item(name="Guns", unit="guns")),
        look("all", "2030-01-02", "made"),
        look("quay-1", "2030-01-10", "made", "quay", item="gun"),
        look("shed-1", "2030-01-10", "refused", "shed"),
    )
    facts = fold(lambda: entries, on=end_of(parse_when("2030-01-12"), UTC), zone=UTC)
    found = sites_seen(facts, 5)
    assert [(one.site, str(one.last), one.state) for one in found.sites] == [
        ("quay", "2030-01-10", "in time"),
        ("shed", "2030-01-02", "overdue"),
        ("yard", "2030-01-02", "overdue"),
    ]
    assert (found.since, found.days, found.days_kept) == (opens, 12, 7)  # to the end of 7 January
    with pytest.raises(InputError, match=r"item: found gum, .*Did you mean gun\?"):
        sites_seen(facts, 5, "gum")
    with pytest.raises(InputError, match="within: found 0, expected 1 day or more"):
        sites_seen(facts, 0)
