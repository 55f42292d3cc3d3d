"""The fold by one entry more: what an update gives is what folding the whole log gives."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.entries import Day, Entry, EntryId, Instant, content_digest, parse_zone
from excomm.entries.kinds import CaseHeader, Clearance, Correction, Count
from excomm.fold import Facts, fold

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


MARKINGS = ("open", "open", "open", "secret", "restricted//imagery")
CLEARANCES = (None, "open", "secret")


@st.composite
def growing_logs(draw: st.DrawFn) -> list[Entry]:
    """A log in which entries come late, correct, withdraw, hide and change the marking words."""
    found: list[Entry] = [HEADER]
    for index in range(draw(st.integers(1, 12))):
        earlier = [str(entry.id) for entry in found]
        one = msgspec.structs.replace(
            count(
                f"e{index}",
                index,
                day=draw(st.integers(8, 15)),
                recorded=draw(st.integers(8, 15)),
                corrects=draw(st.sampled_from([None, None, *earlier])),
            ),
            marking=draw(st.sampled_from(MARKINGS)),
            seq=index + 1,
        )
        if draw(st.booleans()):
            at = datetime(1962, 11, draw(st.integers(8, 15)), 9, tzinfo=UTC)
            one = msgspec.structs.replace(one, occurred=Instant(at))
        if one.corrects == HEADER.id:
            levels = ("restricted", "open", "secret")
            one = msgspec.structs.replace(
                one, body=msgspec.structs.replace(HEADER.body, levels=levels), marking="open"
            )
        elif one.corrects is not None and draw(st.booleans()):
            one = msgspec.structs.replace(one, body=Correction(reason="wrong"))
        elif draw(st.integers(0, 9)) == 0:
            of = draw(st.sampled_from(found))
            lowered = Clearance(
                of=str(of.id), marking="open", proposed_by="A", approved_by="B",
                sha256=content_digest(of),
            )  # fmt: skip
            one = msgspec.structs.replace(one, body=lowered, corrects=None)
        found.append(one)
    return found


def read(facts: Facts) -> object:
    """All that a fold found, to be compared."""
    kinds = (CaseHeader, Count, Correction, Clearance)
    return [[*facts.of(kind)] for kind in kinds], facts.recorded_later, facts.scheme, len(facts)


Growing = given(growing_logs(), st.integers(1, 12), st.sampled_from(CLEARANCES), st.data())


@Growing
def test_facts_updated_by_each_entry_are_those_of_the_whole_log(
    log: list[Entry], size: int, cleared: str | None, data: st.DataObject
) -> None:
    update_by_each(log, size, cleared, data)


@pytest.mark.long
@settings(max_examples=10_000)
@Growing
def test_facts_updated_by_each_entry_of_ten_thousand_logs_are_those_of_the_whole(
    log: list[Entry], size: int, cleared: str | None, data: st.DataObject
) -> None:
    update_by_each(log, size, cleared, data)


def update_by_each(log: list[Entry], size: int, cleared: str | None, data: st.DataObject) -> None:
    """Time goes on as the log grows, and a clearance hides a part of it."""
    on = datetime(1962, 11, 12, 17, tzinfo=UTC)
    facts = fold(lambda: log[:size], on=on, zone=ZONE, cleared=cleared)
    for end in range(size, len(log) + 1):
        on += timedelta(hours=data.draw(st.sampled_from((0, 0, 1, 30))))
        whole = fold(lambda end=end: log[:end], on=on, zone=ZONE, cleared=cleared)  # type: ignore[misc]
        kept = facts.updated(log[end - 1 : end] if end > size else (), on=on, known_by=on)
        facts = whole if kept is None else kept
        assert read(facts) == read(whole)


def test_what_was_folded_before_does_not_change_with_what_comes() -> None:
    before = folded([count("a", 1, day=9), count("b", 2, day=9)])
    after = before.updated([count("c", 3, day=8), count("d", 4, day=9, corrects="a")])
    assert after is not None
    assert (ids(before), ids(after)) == (["a", "b"], ["c", "b", "d"])
    assert before.get("a") is not None
    assert after.get("a") is None


def test_only_what_the_log_alone_can_tell_folds_it_again() -> None:
    before = folded([count("a", 1, day=9), count("b", 2, day=9, corrects="a")])
    assert before.updated([withdrawal("c", "b", day=10)]) is None
    assert before.updated([withdrawal("c", "a", day=10)]) is None
    assert before.updated([count("c", 2, day=14)]) is not None
    late = folded([count("a", 1, day=13)])
    assert late.updated((), on=NOON_12 + timedelta(days=1)) is None
    assert late.updated((), on=NOON_12 + timedelta(hours=1)) is not None
