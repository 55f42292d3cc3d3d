"""docs/folder.md says everything about the form, and its examples are a case without faults."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args, get_origin

import msgspec
import pytest

from excomm.entries import KINDS, Entry
from excomm.entries.kinds import Event
from excomm.folder import read_text
from excomm.folder.casefile import TABLES
from excomm.folder.tables import FILES

DOC = (Path(__file__).parents[2] / "docs" / "folder.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(
    r"^```(?:toml|yaml|csv|text) (\S+)\n(.*?)^```$", DOC, re.MULTILINE | re.DOTALL
)


def test_the_examples_are_one_case_without_a_fault() -> None:
    text = "".join(f"=== {name}\n{example}" for name, example in EXAMPLES)
    case = read_text(text, now=datetime(2032, 1, 1, tzinfo=UTC))
    assert len(EXAMPLES) == 8
    assert {"PA-1", "P1", "E1", "L2", "C1", "Q1", "minutes/2024-03-20"} <= {
        entry.id for entry in case.entries
    }


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_every_kind_and_each_of_its_columns_is_described(kind: type[msgspec.Struct]) -> None:
    tag = str(kind.__struct_config__.tag)
    places = [row for row in DOC.splitlines() if f"`{tag}`" in row]
    section = DOC if tag in ("case", "agreement", "undertaking") else "\n".join(places)
    assert tag == "case" or places
    for field in msgspec.structs.fields(kind):
        assert f"`{field.name}`" in section, field.name
        for one in (field.type, *get_args(field.type)):
            for word in get_args(one) if get_origin(one) is Literal else ():
                assert f"`{word}`" in (DOC if kind is Event else section + DOC), word


def test_every_file_and_every_column_of_the_head_is_described() -> None:
    for name in (*FILES, *(f"[[{table}]]" for table in TABLES)):
        assert f"`{name}`" in DOC
    for field in msgspec.structs.fields(Entry):
        if field.name not in ("body", "seq", "appended"):
            assert f"\n| `{field.name}` |" in DOC
