"""Laws of the ledger over any entries of any kind."""

import tempfile
import types
import typing
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from excomm.entries import KINDS, Entry, EntryId, Instant
from excomm.entries.kinds import CaseHeader, Finding, Line
from excomm.ledger import create, open_ledger, sqlite

NOW = datetime(2030, 1, 1, tzinfo=UTC)
_offsets = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
_plain: dict[object, st.SearchStrategy[Any]] = {
    str: st.text(max_size=12),
    bool: st.booleans(),
    int: st.integers(-(2**53), 2**53),
    float: st.floats(allow_nan=False, allow_infinity=False),
    type(None): st.none(),
    date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    datetime: st.datetimes(datetime(1900, 1, 1), datetime(2029, 1, 1), timezones=_offsets),  # noqa: DTZ001
    Any: st.none() | st.booleans() | st.text(max_size=5) | st.lists(st.integers(0, 9), max_size=2),
}


def values(kind: Any) -> st.SearchStrategy[Any]:
    """Any value of an annotated type that entries use."""
    origin, parts = get_origin(kind), get_args(kind)
    if kind in _plain:
        return _plain[kind]
    if origin is Literal:
        return st.sampled_from(parts)
    if origin in (Union, types.UnionType):
        return st.one_of([values(part) for part in parts])
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(st.deferred(lambda: values(parts[0])), max_size=2).map(tuple)
    if origin is tuple:
        return st.tuples(*map(values, parts))
    if origin is dict:
        return st.dictionaries(values(parts[0]), values(parts[1]), max_size=2)
    if isinstance(kind, typing.NewType):
        return values(kind.__supertype__)
    assert issubclass(kind, msgspec.Struct), kind
    hints = get_type_hints(kind)
    return st.deferred(
        lambda: st.builds(kind, **{field: values(hints[field]) for field in kind.__struct_fields__})
    )


def entries() -> st.SearchStrategy[Entry]:
    head = get_type_hints(Entry)
    fields = {
        field: values(head[field])
        for field in Entry.__struct_fields__
        if field not in ("body", "corrects", "seq", "appended")
    }
    # A clearance is of the exact bytes of something: no chance makes one.
    return st.sampled_from(sorted(KINDS.keys() - {"clearance"})).flatmap(
        lambda kind: st.builds(Entry, body=values(KINDS[kind]).map(_by_two), **fields)
    )


def _by_two(body: Any) -> Any:
    """What one person may say alone: no finding reviewed, no order of levels."""
    if isinstance(body, Finding):
        return msgspec.structs.replace(body, reviewer="")
    return msgspec.structs.replace(body, levels=()) if isinstance(body, CaseHeader) else body


batches = st.lists(entries(), max_size=6, unique_by=lambda entry: entry.id)


@given(first=batches, second=batches)
@settings(max_examples=60, deadline=None)
def test_what_was_taken_in_comes_back(first: list[Entry], second: list[Entry]) -> None:
    taken = {entry.id for entry in first}
    second = [entry for entry in second if entry.id not in taken]
    with tempfile.TemporaryDirectory() as folder:
        ledger = create(Path(folder) / "case.ledger", first, now=NOW)
        head = ledger.append(second, now=NOW)
        found = list(open_ledger(Path(folder) / "case.ledger").read())
        verified = ledger.verify(held=head)
    assert [msgspec.structs.replace(e, seq=0, appended=None) for e in found] == first + second
    assert [entry.seq for entry in found] == list(range(1, len(found) + 1))
    assert (verified.head, verified.faults) == (head, ())


@given(batch=batches)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_head_is_the_same_on_both_databases(
    postgresql_url: str, batch: list[Entry], counting: Callable[[], Any]
) -> None:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute(f"DROP TABLE IF EXISTS {', '.join(sqlite.TABLES)}".encode())
        connection.execute("DROP FUNCTION IF EXISTS ledger_refuse, ledger_erase")
    with tempfile.TemporaryDirectory() as folder:
        here = create(Path(folder) / "case.ledger", batch, now=NOW, secrets=counting())
        there = create(postgresql_url, batch, now=NOW, secrets=counting())
        assert here.head() == there.head()
        assert list(here.read()) == list(there.read())
        assert there.verify(held=here.head()).holds


def test_any_entry_can_be_of_every_kind() -> None:
    # The strategy follows the annotations: a kind it could not make would fail here by name.
    for kind in KINDS.values():
        values(kind).validate()


@pytest.mark.parametrize("number", [0, 1, 999, 1000, 1001, 2000])
def test_batches_of_any_length_are_whole(tmp_path: Path, number: int) -> None:
    body = Line(clause="The quarantine stays.")
    batch = [
        Entry(id=EntryId(f"line-{index}"), occurred=Instant(NOW), recorded=NOW, body=body)
        for index in range(number)
    ]
    ledger = create(tmp_path / "case.ledger", batch, now=NOW)
    assert (ledger.verify().size, ledger.head().size) == (number, number)
