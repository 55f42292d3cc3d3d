"""The case and its view: what opens, and what a day means."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from excomm.case import Case, shipped_cases
from excomm.entries.kinds import Count
from excomm.errors import InputError

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_cuba_1962_is_shipped() -> None:
    assert "cuba-1962" in shipped_cases()


def test_a_bare_day_means_its_end_in_the_zone_of_the_case() -> None:
    view = Case.open("cuba-1962", now=NOW).on("1962-11-12")
    assert view.on == datetime(1962, 11, 13, 4, 59, 59, 999999, tzinfo=UTC)


def test_known_by_defaults_to_the_day_itself() -> None:
    case = Case.open("cuba-1962", now=NOW)
    then, now = case.on("1962-10-14"), case.on("1962-10-14", known_by="1963-02-06")
    assert len(now.facts) > len(then.facts)
    assert then.facts.recorded_later > 0


def test_an_earlier_view_knows_only_what_was_known_then() -> None:
    view = Case.open("cuba-1962", now=NOW).on("1962-11-12")
    earlier = view.earlier(datetime(1962, 11, 1, tzinfo=UTC))
    assert earlier.known_by == datetime(1962, 11, 1, tzinfo=UTC)
    assert len(earlier.facts) < len(view.facts)


def test_an_interval_is_no_day_to_ask_for() -> None:
    with pytest.raises(InputError) as caught:
        Case.open("cuba-1962", now=NOW).on("1962-11")
    assert str(caught.value) == (
        "--on: found 1962-11, expected one day or one instant. Name its last day."
    )


def test_an_unknown_and_a_hidden_entry_are_refused_alike() -> None:
    case = Case.open("cuba-1962", now=NOW)
    hidden = next(
        entry.id
        for entry, _ in case.on("1962-11-12").facts.of(Count)
        if entry.marking != case.header.levels[0]
    )
    view = case.on("1962-11-12", cleared=case.header.levels[0])
    told = []
    for name in (str(hidden), "no-such-entry"):
        with pytest.raises(InputError) as caught:
            view.entry(name)
        told.append(str(caught.value).replace(name, "ID"))
    assert told[0] == told[1]


def test_nothing_there_is_told_with_how_to_start(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Case.open(tmp_path / "nowhere")
    assert "excomm new FOLDER starts one" in str(caught.value)


def test_a_day_may_be_asked_for_as_a_date() -> None:
    case = Case.open("cuba-1962", now=NOW)
    assert case.on(date(1962, 11, 12)).on == case.on("1962-11-12").on
