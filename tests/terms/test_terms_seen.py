"""Every declared item seen within so many days: all days at once, and by one look more."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excomm.errors import InputError
from excomm.terms.seen import Seen, seen_within

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
