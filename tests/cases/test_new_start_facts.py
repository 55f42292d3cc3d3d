"""New START as a historian of arms control would check it: whose figure, of when, known when.

The figures are those of the pages named in the case's own rows.
"""

from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from time import perf_counter

import pytest

from excomm import folder
from excomm.case import SHIPPED
from excomm.entries import Day, end_of, parse_when
from excomm.entries.kinds import (
    Assumption,
    CaseHeader,
    Declaration,
    Event,
    Look,
    Measure,
    Offer,
    Response,
    Site,
    Undertaking,
)
from excomm.fold import Facts, fold
from excomm.folder import Folder

NOW = datetime(2027, 1, 1, tzinfo=UTC)
MONTH_ENDS = ("2011-10-31", "2018-10-31", "2020-04-30", "2020-10-31", "2021-12-31", "2022-10-31")


@lru_cache(maxsize=1)
def shipped() -> Folder:
    return folder.read(SHIPPED / "new-start-2010", now=NOW)


def as_of(on: str, known_by: str | None = None) -> Facts:
    at = end_of(parse_when(on), UTC)
    known = end_of(parse_when(known_by), UTC) if known_by else None
    return fold(lambda: shipped().entries, on=at, known_by=known, zone=UTC)


def latest(facts: Facts, party: str, item: str) -> tuple[str, float | None, str]:
    entry, body = [(e, d) for e, d in facts.of(Declaration) if (d.party, d.item) == (party, item)][
        -1
    ]
    return str(entry.occurred), body.number, entry.reading


# -- what was declared -----------------------------------------------------------------------------


def test_each_side_declares_three_numbers_on_25_days_less_what_rus_did_not_give() -> None:
    rows = [(e, e.body) for e in shipped().entries if isinstance(e.body, Declaration)]
    days = {(body.party, str(entry.occurred)) for entry, body in rows}
    assert len(rows) == 147
    assert len([day for party, day in days if party == "USA"]) == 25
    assert len([day for party, day in days if party == "RUS"]) == 24
    assert max(day for party, day in days if party == "RUS") == "2022-09-01"


@pytest.mark.parametrize(
    ("day", "party", "figures"),
    [
        ("2011-02-05", "USA", (882, 1800, 1124)),
        ("2011-02-05", "RUS", (521, 1537, 865)),
        ("2016-09-01", "RUS", (508, 1796, 847)),
        ("2018-02-05", "RUS", (527, 1444, 779)),
        ("2020-03-01", "RUS", (485, 1326, 754)),
        ("2022-03-01", "USA", (686, 1515, 800)),
        ("2023-03-01", "USA", (662, 1419, 800)),
    ],
)
def test_the_numbers_are_those_of_the_pages(
    day: str, party: str, figures: tuple[int, int, int]
) -> None:
    facts = as_of(day, known_by="2026-12-31")
    items = ("deployed-launchers", "deployed-warheads", "all-launchers")
    assert tuple(latest(facts, party, item)[:2] for item in items) == tuple(
        (day, figure) for figure in figures
    )


def test_a_number_is_the_word_of_the_side_that_gives_it() -> None:
    for entry in shipped().entries:
        if isinstance(entry.body, Declaration):
            party = entry.body.party
            assert (entry.by, entry.standing, entry.held_by) == (party, "claimed", (party,))


def test_silence_is_not_zero() -> None:
    numbers = [e.body.number for e in shipped().entries if isinstance(e.body, Declaration)]
    assert min(n for n in numbers if n is not None) == 473
    assert latest(as_of("2026-02-06"), "RUS", "deployed-warheads")[0] == "2022-09-01"


def test_recalled_figures_are_unverified_and_no_others() -> None:
    recalled = {
        (str(e.occurred), e.body.party, e.body.item)
        for e in shipped().entries
        if isinstance(e.body, Declaration) and e.reading == "unverified"
    }
    launchers = {"deployed-launchers", "all-launchers"}
    sides = {"USA", "RUS"}
    assert recalled == {
        *((day, p, i) for day in ("2017-03-01", "2022-09-01") for p in sides for i in launchers),
        *(("2016-03-01", party, "all-launchers") for party in sides),
        ("2018-02-05", "USA", "all-launchers"),
    }


def test_the_events_of_the_agreement_say_the_numbers_that_were_read() -> None:
    names = {
        "warheads": "deployed-warheads",
        "deployed": "deployed-launchers",
        "launchers": "all-launchers",
    }
    declared = {
        (str(e.occurred), e.body.party, e.body.item): (e.body.number, e.recorded, e.reading)
        for e in shipped().entries
        if isinstance(e.body, Declaration)
    }
    told = 0
    for entry in shipped().entries:
        event = entry.body
        if not isinstance(event, Event) or event.kind != "measurement":
            continue
        day = str(event.as_of or entry.occurred)
        for name, value in event.value.items():
            number, recorded, reading = declared[day, event.party[0], names[name]]
            assert (number, reading != "unverified") == (value, True), entry.id
            # RUS gave its own on 5 February 2018; that both are known is of the 22nd.
            assert recorded == entry.recorded or entry.id == "E5"
            told += 1
    assert told == 147 - 11


# -- when it was known -----------------------------------------------------------------------------


def test_a_number_is_not_known_before_the_day_it_came_out() -> None:
    assert latest(as_of("2023-05-14"), "USA", "deployed-warheads")[0] == "2022-09-01"
    assert latest(as_of("2023-05-15"), "USA", "deployed-warheads") == ("2023-03-01", 1419, "high")


def test_of_5_february_2018_rus_gave_its_own_that_day_and_both_were_out_on_the_22nd() -> None:
    early = as_of("2018-02-10")
    assert latest(early, "RUS", "deployed-warheads")[:2] == ("2018-02-05", 1444)
    assert latest(early, "USA", "deployed-warheads")[:2] == ("2017-09-01", 1393)
    assert latest(as_of("2018-02-22"), "USA", "deployed-warheads")[:2] == ("2018-02-05", 1350)


def test_every_number_came_out_after_its_day_and_a_month_is_taken_at_its_end() -> None:
    days: dict[str, set[date]] = {}
    for entry in shipped().entries:
        if isinstance(entry.body, Declaration):
            assert isinstance(entry.occurred, Day)
            known = entry.recorded.date()
            assert known > entry.occurred.day or str(known) == "2018-02-05"
            days.setdefault(str(entry.occurred), set()).add(known)
    assert len(days) == 25
    known_days = {str(day) for each in days.values() for day in each}
    assert set(MONTH_ENDS) <= known_days
    assert all(len(each) == 1 for day, each in days.items() if day != "2018-02-05")


def test_what_came_later_is_in_no_earlier_row() -> None:
    objection = as_of("2018-03-01").get("E12")
    assert objection is not None
    assert "101" not in str(objection.body)
    suspension = as_of("2023-02-21").get("E16")
    assert suspension is not None
    assert "invalid" not in str(suspension.body)


def test_nothing_is_seen_that_was_recorded_later() -> None:
    for day in ("2012-02-06", "2018-03-01", "2023-02-01", "2026-02-06"):
        facts = as_of(day)
        for entry in shipped().entries:
            if entry.recorded > facts.known_by:
                assert facts.get(entry.id) is None, entry.id


def test_the_end_of_the_treaty_was_2021_until_it_was_extended() -> None:
    body = next(e.body for e in shipped().entries if e.id == "NS-3")
    assert isinstance(body, Undertaking)
    assert "2021, 2, 5" in repr(body.ends)
    assert as_of("2021-02-02").get("E24") is None


# -- inspections -----------------------------------------------------------------------------------


def test_each_inspection_is_in_one_look_and_they_add_to_328() -> None:
    made = [e for e, look in as_of("2026-02-06").of(Look) if look.outcome == "made"]
    assert sum(e.body.number or 0 for e in made if isinstance(e.body, Look)) == 328
    spans = [(e.body.party, str(e.occurred)) for e in made if isinstance(e.body, Look)]
    assert len(spans) == len(set(spans)) == 20


def test_what_is_so_far_and_what_is_of_both_sides_is_told_and_never_a_look() -> None:
    counts = [e for e, event in as_of("2016-02-05").of(Event) if event.kind == "count"]
    said = [str(getattr(e.body, "what", "")) for e in counts]
    assert "12 inspections by USA so far in treaty year 1" in said
    assert "180 inspections by both sides together in five treaty years" in said
    whole = [look.number for _, look in as_of("2016-02-05").of(Look)]
    assert whole == [18] * 10


def test_years_2_to_5_are_our_inference_and_years_6_to_9_recalled() -> None:
    readings = {str(e.id): e.reading for e, _ in as_of("2026-02-06").of(Look)}
    for year in range(1, 11):
        expected = "high" if year in (1, 10) else "low" if year < 6 else "unverified"
        assert readings[f"by-usa-year-{year}"] == readings[f"by-rus-year-{year}"] == expected


def test_no_look_is_made_after_march_2020() -> None:
    later = [
        (look.outcome, str(e.occurred))
        for e, look in as_of("2026-02-06").of(Look)
        if e.id.startswith("by-") is False
    ]
    assert later == [("refused", "2022-08-01/2022-08-31"), ("refused", "2022-08-08")]
    assert as_of("2020-04-30").get("by-usa-year-10") is not None


def test_all_places_are_recalled() -> None:
    sites = [entry for entry in shipped().entries if isinstance(entry.body, Site)]
    assert len(sites) == 23
    assert {entry.reading for entry in sites} == {"unverified"}


# -- what ended it ---------------------------------------------------------------------------------


def test_five_reasons_stand_in_the_record_each_on_its_day() -> None:
    reasons = ("suspended_by_agreement", "refusal", "suspension_claimed", "countermeasure")
    told = [
        (event.kind, str(entry.occurred))
        for entry, event in as_of("2026-02-06").of(Event)
        if event.kind in (*reasons, "terminated") and event.about
    ]
    assert told == [
        ("suspended_by_agreement", "2020-04-01"),
        ("refusal", "2022-08-08"),
        ("refusal", "2022-11-28"),
        ("suspension_claimed", "2023-02-21"),
        ("suspension_claimed", "2023-02-22"),
        ("suspension_claimed", "2023-02-28"),
        ("countermeasure", "2023-03-30"),
        ("countermeasure", "2023-06-01"),
        ("terminated", "2026-02-05"),
    ]


def test_an_offer_refused_binds_nobody() -> None:
    facts = as_of("2026-02-06")
    ((entry, _),) = facts.of(Offer)
    assert [r.answer for _, r in facts.of(Response) if r.offer == entry.id] == ["none", "refused"]
    assert not [e for e, u in facts.of(Undertaking) if u.by == ("RUS",) and "year past" in u.what]


def test_one_party_says_two_things_in_february_2026() -> None:
    def said(on: str) -> str:
        return [m.level for _, m in as_of(on).of(Measure) if m.name == "The numbers"][-1]

    assert "no longer binding" in said("2026-02-06")
    assert "as long as the USA does" in said("2026-02-28")


# -- how the case is kept --------------------------------------------------------------------------


def test_every_entry_names_its_source() -> None:
    assert not [entry.id for entry in shipped().entries if not entry.source]


def test_what_was_only_recalled_is_unverified() -> None:
    for entry in shipped().entries:
        if entry.source.startswith(("recalled", "desk's assumption")):
            assert entry.reading == "unverified", entry.id


def test_what_is_unverified_was_recalled_or_assumed() -> None:
    for entry in shipped().entries:
        if entry.reading == "unverified":
            assert entry.source.startswith(("recalled", "desk's assumption")), entry.id


def test_nothing_found_is_our_inference() -> None:
    none = [e for e in shipped().entries if e.source == "none found in what could be read"]
    assert [e.reading for e in none] == ["low"] * 5


def test_the_desks_numbers_say_that_they_are_an_example() -> None:
    rows = [e.body for e in shipped().entries if isinstance(e.body, Assumption)]
    assert len(rows) == 4
    for row in rows:
        assert row.author == "desk's assumption"
        assert row.name.endswith("sampled") or row.basis.startswith("an example")


def test_everything_is_open() -> None:
    header = shipped().entries[0].body
    assert isinstance(header, CaseHeader)
    assert header.levels == ("open",)
    assert {entry.marking for entry in shipped().entries} == {"open"}


def test_the_case_written_out_and_read_again_is_the_same(tmp_path: Path) -> None:
    folder.write(shipped().entries, tmp_path / "again")
    assert folder.read(tmp_path / "again", now=NOW).digest == shipped().digest


def test_the_case_is_read_in_less_than_the_blink_of_an_eye() -> None:
    shipped()

    def seconds() -> float:
        began = perf_counter()
        folder.read(SHIPPED / "new-start-2010", now=NOW)
        return perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.3
