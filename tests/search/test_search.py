"""The index: what it finds, that it keeps current by itself, that it tells of nothing hidden."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from excomm import folder, ledger
from excomm.case import Case
from excomm.entries import Entry
from excomm.errors import InputError
from excomm.ledger import Ledger
from excomm.search import Index, words_of
from excomm.search.index import place_of

NOW = datetime(2024, 6, 1, tzinfo=UTC)
CASE = """
=== case.toml
id = "small"
title = "A small case"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"
parties = [{id = "A", name = "Side A"}]
[markings]
levels = ["open", "secret"]
=== events.csv
id,occurred,kind,what,marking
E1,2024-01-02,incident,Übung der Küstenwache at San Julián,open
E2,2024-01-03,incident,the IL-28 crates were counted,open
E3,2024-01-04,incident,the crates again,secret
"""


class All:
    """Sees every id."""

    def __contains__(self, name: object) -> bool:
        return True


@pytest.fixture
def small(tmp_path: Path) -> Ledger:
    where = tmp_path / "small.ledger"
    return ledger.create(where, folder.read_text(CASE, now=NOW).entries, now=NOW)


def one(entries: Ledger, name: str) -> Entry:
    return next(entry for entry in entries.read() if entry.id == name)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("crates", ("E3", "E2")),  # the latest first
        ("CRAT count", ("E2",)),  # beginnings of words, all of them, whatever the letters' size
        ("san julian", ("E1",)),  # without its accent
        ("kustenwache", ("E1",)),
        ("il-28", ("E2",)),
        ('"crates were"', ("E2",)),
        ('"were crates"', ()),
        ("E2", ("E2",)),
        ("2024-01-03", ("E2",)),
        ("incident", ("E3", "E2", "E1")),
        ("crates NOT again", ()),  # words, no language
        ('" OR * ( : -', ()),
        ("", ()),
    ],
)
def test_words_are_found_as_somebody_types_them(
    small: Ledger, asked: str, found: tuple[str, ...]
) -> None:
    assert Index.beside(small).matching(asked, All()) == found


def test_only_what_the_reader_may_see_is_found_and_counts_are_those_without_the_rest(
    small: Ledger,
) -> None:
    view = Case.of_ledger(small).on("2024-01-10", cleared="open")
    visible = {str(entry.id) for entry in view.log}
    bare = Index.of(entry for entry in small.read() if entry.marking == "open")
    for asked in ("crates", "the", "E3", "incident", "2024"):
        assert Index.beside(small).matching(asked, visible) == bare.matching(asked, visible)


def test_it_follows_the_ledger_and_starts_again_where_it_left_off(small: Ledger) -> None:
    index = Index.beside(small)
    assert index.matching("harbour", All()) == ()
    small.append([replace(one(small, "E1"), id="E4", note="at the harbour")], now=NOW)
    assert index.matching("harbour", All()) == ("E4",)
    index.close()
    small.append([replace(one(small, "E1"), id="E5", note="harbour again")], now=NOW)
    assert Index.beside(small).matching("harbour", All()) == ("E5", "E4")


def test_an_index_of_another_ledger_or_none_at_all_is_made_anew(
    small: Ledger, tmp_path: Path
) -> None:
    Index.beside(small).matching("crates", All())
    other = ledger.create(
        tmp_path / "other.ledger",
        [replace(e, note="elsewhere") for e in folder.read_text(CASE, now=NOW).entries],
        now=NOW,
    )
    place_of(other).write_bytes(place_of(small).read_bytes())
    assert Index.beside(other).matching("crates elsewhere", All()) == ("E3", "E2")
    place_of(small).write_bytes(b"no index at all" * 1000)
    assert Index.beside(small).matching("crates", All()) == ("E3", "E2")
    place_of(small).unlink()
    assert Index.beside(small).matching("crates", All()) == ("E3", "E2")


def test_what_is_erased_from_the_ledger_is_in_the_index_no_more(small: Ledger) -> None:
    index = Index.beside(small)
    assert index.matching("Küstenwache", All()) == ("E1",)
    later = NOW + timedelta(hours=1)
    small.erase("E1", reason="the law", legal_basis="art. 17", by="A", now=later)
    assert index.matching("Küstenwache", All()) == ()
    assert b"stenwache" not in place_of(small).read_bytes()


def test_the_file_is_its_owners_alone(small: Ledger) -> None:
    Index.beside(small).matching("crates", All())
    assert stat.S_IMODE(place_of(small).stat().st_mode) == 0o600


def test_a_place_that_cannot_be_written_costs_time_and_nothing_else(
    small: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    def refuse(*_: object) -> int:
        raise PermissionError

    monkeypatch.setattr(os, "open", refuse)
    assert Index.beside(small).matching("crates", All()) == ("E3", "E2")


def test_a_question_that_is_too_long_is_refused(small: Ledger) -> None:
    with pytest.raises(InputError, match="400 characters at most"):
        Index.beside(small).matching("x" * 401, All())


@given(st.text(max_size=60))
def test_nothing_that_is_typed_breaks_the_index(text: str) -> None:
    index = Index.of(folder.read_text(CASE, now=NOW).entries)
    assert set(index.matching(text, All())) <= {"small", "A", "E1", "E2", "E3"}


def test_all_texts_of_an_entry_are_among_its_words() -> None:
    for entry in Case.open("cuba-1962").read():
        said = words_of(entry)
        assert str(entry.id) in said and entry.source in said
