"""The fold: bitemporal, corrected, cleared."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from excomm.entries import Day, Entry, EntryId, Instant, Span, parse_zone
from excomm.entries.kinds import CaseHeader, Correction, Count, Event, Look
from excomm.errors import InputError
from excomm.fold import Facts, Fold, fold

ZONE = parse_zone("-05:00")
HEADER = Entry(
    id=EntryId("case"),
    occurred=Day(date(1962, 1, 1)),
    recorded=datetime(1962, 1, 1, tzinfo=UTC),
    body=CaseHeader(
        title="Case",
        zone="-05:00",
        opens=date(1962, 1, 1),
        levels=("open", "restricted", "secret"),
        compartments=("imagery",),
    ),
)
NOON_12 = datetime(1962, 11, 12, 17, tzinfo=UTC)


def count(
    name: str, number: int, *, day: int, recorded: int | None = None, corrects: str | None = None
) -> Entry:
    return Entry(
        id=EntryId(name),
        occurred=Day(date(1962, 11, day)),
        recorded=datetime(1962, 11, recorded or day, 5, tzinfo=UTC),
        body=Count(item="missiles", number=number),
        corrects=EntryId(corrects) if corrects else None,
    )


def withdrawal(name: str, of: str, *, day: int) -> Entry:
    return msgspec.structs.replace(
        count(name, 0, day=day, corrects=of), body=Correction(reason="read from the wrong column")
    )


def folded(
    entries: Sequence[Entry],
    *,
    on: datetime = NOON_12,
    known_by: datetime | None = None,
    cleared: str | None = None,
) -> Facts:
    log = [HEADER, *entries]
    return fold(lambda: log, on=on, zone=ZONE, known_by=known_by, cleared=cleared)


def ids(facts: Facts) -> list[str]:
    return [str(entry.id) for entry, _ in facts.of(Count)]


def test_what_happened_later_is_not_so_yet() -> None:
    assert ids(folded([count("a", 1, day=12), count("b", 2, day=13)])) == ["a"]


def test_what_was_recorded_after_known_by_is_not_seen_but_said() -> None:
    facts = folded([count("a", 1, day=9), count("b", 2, day=9, recorded=15)])
    assert ids(facts) == ["a"]
    assert facts.recorded_later == 1


def test_knowing_later_shows_what_was_recorded_late() -> None:
    late = [count("a", 1, day=9), count("b", 2, day=9, recorded=15)]
    facts = folded(late, known_by=datetime(1962, 11, 16, tzinfo=UTC))
    assert ids(facts) == ["a", "b"]
    assert facts.recorded_later == 0


def test_a_day_counts_from_its_start_in_the_zone_of_the_case() -> None:
    entry = count("a", 1, day=12, recorded=1)
    assert ids(folded([entry], on=datetime(1962, 11, 12, 5, tzinfo=UTC))) == ["a"]
    assert ids(folded([entry], on=datetime(1962, 11, 12, 4, 59, tzinfo=UTC))) == []


def test_an_instant_and_an_interval_count_from_their_first_moment() -> None:
    at = msgspec.structs.replace(
        count("at", 1, day=9), occurred=Instant(datetime(1962, 11, 12, 17, tzinfo=UTC))
    )
    over = msgspec.structs.replace(
        count("over", 1, day=9), occurred=Span(Day(date(1962, 11, 12)), Day(date(1962, 11, 20)))
    )
    assert ids(folded([at, over])) == ["over", "at"]
    assert ids(folded([at, over], on=NOON_12 - timedelta(seconds=1))) == ["over"]


def test_a_correction_replaces_the_old_entry_and_was_not_known_before_it_came() -> None:
    log = [count("a", 36, day=9), count("a.2", 38, day=9, recorded=11, corrects="a")]
    assert ids(folded(log)) == ["a.2"]
    assert ids(folded(log, known_by=datetime(1962, 11, 10, tzinfo=UTC))) == ["a"]


def test_a_correction_to_a_later_day_takes_the_entry_off_today() -> None:
    assert (
        ids(folded([count("a", 1, day=9), count("a.2", 1, day=20, recorded=11, corrects="a")]))
        == []
    )


def test_withdrawing_an_entry_leaves_nothing_in_its_place() -> None:
    assert ids(folded([count("a", 1, day=9), withdrawal("w", "a", day=10)])) == []


def test_withdrawing_a_correction_brings_the_corrected_entry_back() -> None:
    log = [
        count("a", 36, day=9),
        count("a.2", 38, day=9, recorded=10, corrects="a"),
        withdrawal("w", "a.2", day=11),
    ]
    assert ids(folded(log)) == ["a"]


def test_withdrawing_one_correction_after_the_other_goes_back_step_by_step() -> None:
    log = [
        count("a", 36, day=7),
        count("a.2", 38, day=7, recorded=8, corrects="a"),
        count("a.3", 42, day=7, recorded=9, corrects="a.2"),
        withdrawal("w", "a.3", day=10),
    ]
    assert ids(folded(log)) == ["a.2"]
    assert ids(folded([*log, withdrawal("v", "a.2", day=11)])) == ["a"]


def test_withdrawing_what_was_replaced_already_changes_nothing() -> None:
    log = [
        count("a", 36, day=7),
        count("a.2", 38, day=7, recorded=8, corrects="a"),
        count("a.3", 42, day=7, recorded=9, corrects="a.2"),
        withdrawal("w", "a.2", day=10),
    ]
    assert ids(folded(log)) == ["a.3"]


def test_withdrawing_a_withdrawal_brings_back_what_it_had_withdrawn() -> None:
    log = [count("a", 36, day=7), withdrawal("w", "a", day=8), withdrawal("v", "w", day=9)]
    assert ids(folded(log)) == ["a"]
    assert ids(folded([*log, withdrawal("u", "v", day=10)])) == []


def test_withdrawing_the_withdrawal_of_a_correction_puts_the_correction_in_force_again() -> None:
    log = [
        count("a", 36, day=7),
        count("a.2", 38, day=7, recorded=8, corrects="a"),
        withdrawal("w", "a.2", day=9),
    ]
    assert ids(folded(log)) == ["a"]
    assert ids(folded([*log, withdrawal("v", "w", day=10)])) == ["a.2"]


def test_a_row_in_the_place_of_a_withdrawal_stands_alone() -> None:
    log = [
        count("a", 36, day=7),
        withdrawal("w", "a", day=8),
        count("a.2", 38, day=7, recorded=9, corrects="w"),
    ]
    assert ids(folded(log)) == ["a.2"]


def header(name: str, corrects: str, *, day: int, **changed: Any) -> Entry:
    assert isinstance(HEADER.body, CaseHeader)
    return msgspec.structs.replace(
        HEADER,
        id=EntryId(name),
        recorded=datetime(1962, 11, day, 5, tzinfo=UTC),
        corrects=EntryId(corrects),
        body=msgspec.structs.replace(HEADER.body, **changed),
    )


def test_the_marking_words_are_those_of_the_newest_header_whatever_the_day() -> None:
    secret = msgspec.structs.replace(count("s", 1, day=9), marking="secret")
    cosmic = msgspec.structs.replace(count("c", 1, day=9), marking="cosmic")
    longer = header("case.2", "case", day=20, levels=("open", "restricted", "secret", "cosmic"))
    assert ids(folded([secret, cosmic], cleared="secret")) == ["s"]
    assert ids(folded([secret, cosmic, longer], cleared="cosmic")) == ["s", "c"]
    assert ids(folded([secret, cosmic, longer], cleared="secret")) == ["s"]
    undone = withdrawal("w", "case.2", day=21)
    assert ids(folded([secret, cosmic, longer, undone], cleared="secret")) == ["s"]
    with pytest.raises(InputError, match="cosmic"):
        folded([secret, cosmic, longer, undone], cleared="cosmic")


def test_a_corrected_header_reads_as_it_was_known_then() -> None:
    log = [header("case.2", "case", day=10, title="Case, renamed")]
    titles = [
        [body.title for _, body in folded(log, known_by=known).of(CaseHeader)]
        for known in (datetime(1962, 11, 9, tzinfo=UTC), NOON_12)
    ]
    assert titles == [["Case"], ["Case, renamed"]]


def test_a_retraction_in_an_agreement_file_withdraws_too() -> None:
    retraction = msgspec.structs.replace(
        withdrawal("w", "a.2", day=11), body=Event(kind="retraction")
    )
    log = [count("a", 36, day=9), count("a.2", 38, day=9, corrects="a"), retraction]
    assert ids(folded(log)) == ["a"]


def test_facts_stay_as_they_were_while_the_fold_goes_on() -> None:
    folding = Fold(on=NOON_12, known_by=NOON_12, zone=ZONE, sees=lambda _: True)
    folding.add(count("a", 1, day=9))
    before = folding.facts()
    folding.add(count("b", 2, day=10))
    assert ids(before) == ["a"]
    assert ids(folding.facts()) == ["a", "b"]


def test_a_clearance_of_unknown_words_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        folded([], cleared="cosmic")
    assert str(caught.value) == (
        "marking: found cosmic, expected one of the case's levels: open, restricted, secret."
    )


def test_a_marking_this_case_does_not_know_is_never_treated_as_open() -> None:
    strange = msgspec.structs.replace(count("a", 1, day=9), marking="cosmic")
    assert ids(folded([strange], cleared="secret//imagery")) == []


MARKINGS = ("open", "restricted", "secret", "secret//imagery", "open//REL USA", "open//REL USA,UK")
CLEARANCES = (*MARKINGS, "secret//imagery//REL USA")
days = st.integers(1, 28)


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """Counts, some later corrected or withdrawn, each with a marking of its own."""
    log: list[Entry] = []
    for number in range(draw(st.integers(0, 12))):
        older: list[Entry | None] = [None, *log]
        old = draw(st.sampled_from(older))
        made = count(
            f"n{number}",
            number,
            day=draw(days),
            recorded=draw(days),
            corrects=str(old.id) if old else None,
        )
        if old is not None and number % 3 == 0:
            made = msgspec.structs.replace(made, body=Correction(reason="withdrawn"))
        log.append(msgspec.structs.replace(made, marking=draw(st.sampled_from(MARKINGS))))
    return log


def seen(facts: Facts) -> tuple[object, ...]:
    return facts.of(Count), facts.of(Correction), facts.of(Look), facts.recorded_later, len(facts)


@given(logs(), st.sampled_from(CLEARANCES), days)
def test_what_a_reader_may_not_see_changes_nothing_in_his_view(
    log: list[Entry], clearance: str, day: int
) -> None:
    on = datetime(1962, 11, day, 17, tzinfo=UTC)
    visible = {m for m in MARKINGS if ids(folded([_marked(m)], cleared=clearance))}
    allowed = [entry for entry in log if entry.marking in visible]
    assert seen(folded(log, on=on, cleared=clearance)) == seen(
        folded(allowed, on=on, cleared=clearance)
    )


@given(logs(), days, days)
def test_a_live_fold_updated_by_one_entry_equals_the_whole_fold_again(
    log: list[Entry], day: int, known: int
) -> None:
    on = datetime(1962, 11, day, 17, tzinfo=UTC)
    known_by = datetime(1962, 11, known, 17, tzinfo=UTC)
    plain = [entry for entry in log if not isinstance(entry.body, Correction)]
    folding = Fold(on=on, known_by=known_by, zone=ZONE, sees=lambda _: True)
    folding.add(HEADER)
    for upto, entry in enumerate(plain, start=1):
        folding.add(entry)
        assert seen(folding.facts()) == seen(folded(plain[:upto], on=on, known_by=known_by))


def _marked(marking: str) -> Entry:
    return msgspec.structs.replace(count("a", 1, day=1), marking=marking)
