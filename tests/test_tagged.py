"""Where in a file a fault stands: the line of a place, for whoever mends it."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.errors import InputError
from excomm.tagged import line_of
from excomm.watch import read

keys = st.text(st.characters(codec="utf-8", exclude_characters=".[]"), min_size=1)
trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


def places(tree: Any, place: str = "$") -> list[tuple[str, Any]]:
    """Every place of a tree with what stands there."""
    found = [(place, tree)]
    if isinstance(tree, dict):
        for key, one in tree.items():
            found += places(one, f"{place}.{key}")
    if isinstance(tree, list):
        for n, one in enumerate(tree):
            found += places(one, f"{place}[{n}]")
    return found


@given(trees)
@settings(deadline=None)
def test_the_line_of_a_place_is_where_its_value_begins(tree: Any) -> None:
    # Indented, every element and member has a line of its own: the text from there on begins
    # with what stands at the place.
    text = json.dumps(tree, indent=1)
    lines = text.split("\n")
    for place, value in places(tree):
        line = lines[line_of(text.encode(), place) - 1].strip()
        begins = json.dumps(value, indent=1).split("\n")[0]
        assert line.removesuffix(",").endswith(begins)


@pytest.mark.parametrize(
    ("text", "place", "line"),
    [
        ('{"a": [1,\n2,\n3]}', "$.a[2]", 3),
        ('{"a": [1,\n2,\n3]}', "$.a[7]", 1),
        ('\n{"a":\n {"b": 1}}', "$.a.c", 3),
        ('{"a": 1,\n"b" 2}', "$", 2),
        ("[1,\n[", "$", 2),
        ("", "$", 1),
    ],
)
def test_what_is_not_there_is_told_by_what_would_hold_it(text: str, place: str, line: int) -> None:
    assert line_of(text.encode(), place) == line


def test_a_key_misspelt_within_a_list_is_told_and_not_passed_over() -> None:
    means = '[{"name": "high", "sorties_per_day": 1, "sites_per_sorties": 4}]'
    with pytest.raises(InputError) as fault:
        read(
            '{"kind": "deterministic_maxmin", "window_days": 1, "days": 1, "sites": ["A"],'
            f' "means": {means}, "detect": [[[0.5]]]}}'
        )
    assert str(fault.value) == (
        "$.means[0].sites_per_sorties: found sites_per_sorties, expected the key sites_per_sortie."
        " Write sites_per_sortie."
    )
