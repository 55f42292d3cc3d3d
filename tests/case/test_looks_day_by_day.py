"""After a look more only its own day is made again, and of that day only the look itself."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from excomm.day_by_day import Counts, day_by_day
from excomm.entries import Day, Entry, EntryId, parse_zone
from excomm.entries.kinds import AnyBody, Count, Look
from excomm.fold import Facts, fold

ON = datetime(2024, 1, 20, tzinfo=UTC)
ZONE = parse_zone("UTC")


def entry(name: str, day: int, body: AnyBody, corrects: str | None = None) -> Entry:
    return Entry(
        id=EntryId(name),
        occurred=Day(date(2024, 1, day)),
        recorded=datetime(2024, 1, day, 12, tzinfo=UTC),
        body=body,
        corrects=EntryId(corrects) if corrects else None,
        seq=int(name[1:]),
    )


def look(name: str, day: int, corrects: str | None = None) -> Entry:
    return entry(name, day, Look(means="jet", outcome="made", sites=("bay",)), corrects)


class Noting:
    """Ids of the looks of a day with their counts, noting what it is asked for."""

    def __init__(self, *rests_on: object) -> None:
        self.rests_on = rests_on
        self.rows: list[str] = []
        self.days: list[int] = []

    def row(self, entry: Entry, look: Look, counts: Counts, day: date) -> str:
        self.rows.append(entry.id)
        return f"{entry.id}{len(counts)}"

    def day(self, day: date, rows: Sequence[str]) -> str:
        self.days.append(day.day)
        return " ".join(rows)


def three_looks() -> Facts:
    log = [look("e1", 3), look("e2", 4), look("e3", 4)]
    return fold(lambda: log, on=ON, zone=ZONE)


def gone_on(facts: Facts, *entries: Entry) -> Facts:
    found = facts.updated(entries)
    assert found is not None
    return found


def test_a_look_more_makes_its_own_day_again_and_no_other_look() -> None:
    facts = three_looks()
    assert day_by_day(facts, "test", Noting()) == {
        date(2024, 1, 3): "e10",
        date(2024, 1, 4): "e20 e30",
    }
    noting = Noting()
    after = day_by_day(gone_on(facts, look("e4", 4)), "test", noting)
    assert after == {date(2024, 1, 3): "e10", date(2024, 1, 4): "e20 e30 e40"}
    assert (noting.rows, noting.days) == (["e4"], [4])


def test_a_count_makes_the_look_again_that_it_rests_on() -> None:
    facts = three_looks()
    day_by_day(facts, "test", Noting())
    noting = Noting()
    count = entry("e4", 9, Count(item="guns", number=2, look="e1"))
    assert day_by_day(gone_on(facts, count), "test", noting)[date(2024, 1, 3)] == "e11"
    assert (noting.rows, noting.days) == (["e1"], [3])


def test_a_look_moved_by_correction_leaves_one_day_and_comes_to_another() -> None:
    facts = three_looks()
    day_by_day(facts, "test", Noting())
    noting = Noting()
    # Nobody asked in between: what came meanwhile is taken in together.
    later = gone_on(gone_on(facts, look("e4", 5, corrects="e1")), look("e5", 6))
    assert day_by_day(later, "test", noting) == {
        date(2024, 1, 4): "e20 e30",
        date(2024, 1, 5): "e40",
        date(2024, 1, 6): "e50",
    }
    assert noting.days == [5, 6]
    assert day_by_day(facts, "test", Noting())[date(2024, 1, 3)] == "e10"


def test_where_something_else_changed_that_it_rests_on_all_is_made_anew() -> None:
    facts = three_looks()
    day_by_day(facts, "test", Noting("before"))
    noting = Noting("after")
    day_by_day(gone_on(facts, look("e4", 4)), "test", noting)
    assert noting.rows == ["e1", "e2", "e3", "e4"]
