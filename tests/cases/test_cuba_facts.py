"""Cuba 1962 as a historian would check it: what the desk knew, and when.

The figures are those of the documents named in the case's own rows (FRUS 1961-63 vol. XI docs.
143, 162, 163 and the microfiche supplement docs. 499, 512, 514; the record of the 24th meeting).
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from excomm import folder
from excomm.entries import Day, Entry, end_of
from excomm.entries.kinds import (
    Assumption,
    Attachment,
    Body,
    CaseHeader,
    Count,
    Declaration,
    Event,
    Finding,
    Interview,
    Line,
    Look,
    Measure,
    Reply,
    Report,
    Site,
)
from excomm.fold import Facts
from excomm.folder import Folder

AsOf = Callable[..., Facts]
B = TypeVar("B", bound=Body)

MEETING = "1962-11-12T11:00-05:00"
BRIEF = "1962-11-12T17:00-05:00"
EVENING = "1962-11-20T21:00-05:00"


def body(facts: Facts, entry_id: str, kind: type[B]) -> B:
    entry = facts.get(entry_id)
    assert entry is not None, entry_id
    assert isinstance(entry.body, kind)
    return entry.body


def level(facts: Facts, name: str) -> Measure:
    return [measure for _, measure in facts.of(Measure) if measure.name == name][-1]


# -- missiles --------------------------------------------------------------------------------------


def test_42_missiles_are_declared_and_38_counted_by_9_november(as_of: AsOf) -> None:
    facts = as_of(BRIEF)
    declared = [d for _, d in facts.of(Declaration) if d.item == "missiles" and d.scope == "total"]
    counted = [
        c
        for _, c in facts.of(Count)
        if c.item == "missiles" and c.scope == "total" and c.moving == "leaving"
    ]
    assert [d.number for d in declared] == [42, 42]
    assert [c.number for c in counted] == [38]


def test_labinsk_was_declared_with_two_and_seen_with_none_and_another_ship_was_one_over(
    as_of: AsOf,
) -> None:
    facts = as_of("1962-11-09")
    assert body(facts, "decl-labinsk", Declaration).number == 2
    assert body(facts, "count-labinsk", Count).number == 0
    other = body(facts, "count-other-ship", Count)
    assert (other.carrier, other.number, other.difference) == ("another ship", None, 1)


def test_the_estimate_and_what_was_seen_stand_beside_the_declared_figure(as_of: AsOf) -> None:
    facts = as_of(BRIEF)
    seen = body(facts, "count-missiles-seen", Count)
    assert (seen.number, seen.moving) == (33, "present")
    stock = body(facts, "missiles.stock", Assumption)
    assert (stock.low, stock.best, stock.high) == (42, 42, 48)


def test_the_ships_one_by_one_are_from_memory_and_add_to_the_declared_total(as_of: AsOf) -> None:
    facts = as_of("1962-11-12")
    ships = {
        d.carrier: (d.number, entry.reading)
        for entry, d in reversed(facts.of(Declaration))
        if d.item == "missiles" and d.carrier
    }
    assert len(ships) == 9
    recalled = [number for number, reading in ships.values() if reading == "unverified"]
    assert len(recalled) == 8
    read = body(facts, "decl-labinsk", Declaration).number
    assert sum(n for n in [*recalled, read] if n is not None) == 42


def test_a_deck_count_alongside_is_an_agreed_means_and_what_one_side_sees_from_the_air_is_not(
    as_of: AsOf,
) -> None:
    for entry, count in as_of(BRIEF).of(Count):
        assert (entry.standing == "established") == (count.moving == "leaving"), entry.id


def test_soviet_figures_are_claims_held_by_the_soviet_union(as_of: AsOf) -> None:
    for entry, declared in as_of("1963-03-01").of(Declaration):
        assert (declared.party, entry.standing, entry.held_by) == ("USSR", "claimed", ("USSR",))


# -- bombers ---------------------------------------------------------------------------------------


def test_the_bombers_at_san_julian_are_counted_as_found_and_again_on_9_november(
    as_of: AsOf,
) -> None:
    seen = [(str(e.occurred), c.number) for e, c in as_of(BRIEF).of(Count) if c.item == "il28"]
    assert seen == [
        ("1962-11-04", 1),
        ("1962-11-04", 5),
        ("1962-11-04", 21),
        ("1962-11-09", 2),
    ]


# -- measures --------------------------------------------------------------------------------------


def test_sac_is_at_defcon_2_on_12_november_and_the_rest_at_defcon_3(as_of: AsOf) -> None:
    facts = as_of(BRIEF)
    sac = level(facts, "DEFCON SAC")
    assert (sac.level, sac.seen_by_them) == ("DEFCON 2", "at once")
    assert "spare parts" in sac.cost
    assert level(facts, "DEFCON others").level == "DEFCON 3"


def test_what_an_alert_costs_was_not_known_before_the_meeting(as_of: AsOf) -> None:
    assert level(as_of("1962-11-12T10:59-05:00"), "DEFCON SAC").cost == ""
    assert level(as_of(MEETING), "DEFCON SAC").cost != ""


def test_the_day_sac_left_defcon_2_is_from_memory(as_of: AsOf) -> None:
    assert level(as_of("1962-11-20"), "DEFCON SAC").level == "DEFCON 2"
    entry = as_of("1962-11-21").get("sac-back")
    assert entry is not None
    assert entry.reading == "unverified"


@pytest.mark.parametrize(
    ("on", "ended"), [(BRIEF, False), ("1962-11-20T18:44-05:00", False), (EVENING, True)]
)
def test_the_quarantine_stands_until_the_evening_of_20_november(
    as_of: AsOf, on: str, ended: bool
) -> None:
    assert level(as_of(on), "Quarantine").ended is ended


# -- looks -----------------------------------------------------------------------------------------


def test_an_authorized_flight_is_no_flight_made(as_of: AsOf) -> None:
    outcomes: dict[str, int] = {}
    for _, look in as_of("1963-03-01").of(Look):
        outcomes[look.outcome] = outcomes.get(look.outcome, 0) + 1
    assert outcomes == {"made": 7, "authorized": 9, "failed": 2, "refused": 1, "aborted": 1}


def test_one_aircraft_is_lost_and_it_is_the_one_of_27_october(as_of: AsOf) -> None:
    lost = [(str(e.occurred), look.lost) for e, look in as_of(BRIEF).of(Look) if look.lost]
    assert lost == [("1962-10-27", 1)]


def test_inspection_on_cuban_soil_was_refused_by_cuba_and_never_made(as_of: AsOf) -> None:
    onsite = [look for _, look in as_of("1963-03-01").of(Look) if look.means == "onsite"]
    assert [(look.outcome, look.refused_by) for look in onsite] == [("refused", "CUBA")]


def test_the_days_on_which_nobody_looked_are_gaps_and_not_looks(as_of: AsOf) -> None:
    facts = as_of(BRIEF)
    gaps = [str(e.occurred) for e, event in facts.of(Event) if event.kind == "access_gap"]
    assert gaps == ["1962-09-05/1962-10-14", "1962-10-30/1962-10-31"]
    quiet = {"1962-10-30", "1962-10-31"}
    assert not [
        e for e, look in facts.of(Look) if str(e.occurred) in quiet and look.means != "onsite"
    ]


# -- reports ---------------------------------------------------------------------------------------


def test_the_press_could_not_bear_out_its_caves_and_nobody_has_decided_yet(as_of: AsOf) -> None:
    facts = as_of(BRIEF)
    asked = [i for _, i in facts.of(Interview) if i.report == "report-press-caves"]
    assert [i.result for i in asked] == ["could not substantiate"]
    decided = {finding.report for _, finding in facts.of(Finding)}
    open_reports = {e.id for e, _ in facts.of(Report)} - decided
    assert {"report-caves", "report-press-caves", "report-waves", "report-refugees"} <= open_reports


def test_refugees_are_to_be_asked_within_24_hours_and_the_outlets_are_owed_a_reply(
    as_of: AsOf,
) -> None:
    facts = as_of(BRIEF)
    entry = facts.get("ask-refugees")
    assert entry is not None
    assert isinstance(entry.body, Interview)
    assert entry.body.due is not None
    hours = (end_of(entry.body.due, facts.zone) - facts.start(entry)).total_seconds() / 3600
    assert hours == 24
    owed = [reply.outlet for _, reply in facts.of(Reply) if reply.sent is None]
    assert owed == ["today-show", "press", "radio"]


# -- what the desk did not know --------------------------------------------------------------------


def test_nothing_is_seen_that_was_recorded_later(as_of: AsOf, cuba: Folder) -> None:
    facts = as_of(BRIEF)
    for entry in cuba.entries:
        if entry.recorded > facts.known_by:
            assert facts.get(entry.id) is None, entry.id


def test_khrushchevs_message_dated_12_november_had_not_come(as_of: AsOf) -> None:
    assert as_of("1962-11-12").get("khrushchev-12-nov") is None
    assert as_of("1962-11-12", known_by="1962-11-13").get("khrushchev-12-nov") is not None


def test_the_pictures_of_14_october_were_known_two_days_later(as_of: AsOf) -> None:
    assert as_of("1962-10-15").get("look-14-oct") is None
    assert as_of("1962-10-16").get("look-14-oct") is not None


def test_no_missile_site_is_known_in_september(as_of: AsOf) -> None:
    def missile_sites(facts: Facts) -> list[Entry]:
        return [entry for entry, site in facts.of(Site) if site.type in ("MRBM site", "IRBM site")]

    assert not missile_sites(as_of("1962-09-30"))
    assert len(missile_sites(as_of(BRIEF))) == 9


def test_warheads_in_cuba_are_in_no_row_at_any_time(cuba: Folder) -> None:
    figures = [
        (entry.id, entry.body.number)
        for entry in cuba.entries
        if isinstance(entry.body, Count | Declaration) and entry.body.item == "warheads"
    ]
    assert figures == [("count-warheads", 0)]
    said = " ".join(str(entry.body) for entry in cuba.entries).lower()
    for secret in ("indigirka", "bejucal", "luna", "fkr", "42,000", "42000"):
        assert secret not in said


# -- how the case is kept --------------------------------------------------------------------------


def test_every_entry_names_its_source(cuba: Folder) -> None:
    assert not [entry.id for entry in cuba.entries if not entry.source]


def test_what_was_recalled_is_unverified(cuba: Folder) -> None:
    for entry in cuba.entries:
        if "recalled" in entry.source or "no record" in entry.source:
            assert entry.reading == "unverified", entry.id


def test_what_is_unverified_was_recalled_or_assumed(cuba: Folder) -> None:
    unverified = [entry for entry in cuba.entries if entry.reading == "unverified"]
    unread = [
        e.id for e in unverified if "recalled" not in e.source and "no record" not in e.source
    ]
    assert not unread


def test_the_desks_numbers_are_in_no_record_and_say_so(cuba: Folder) -> None:
    assumptions = [entry.body for entry in cuba.entries if isinstance(entry.body, Assumption)]
    assert len(assumptions) >= 28
    for assumption in assumptions:
        assert assumption.author == "desk's assumption"
        assert assumption.basis.startswith("in no record: ")
        assert assumption.low <= assumption.best <= assumption.high


def test_the_minutes_are_the_raw_text_with_its_errors(cuba: Folder) -> None:
    (minutes,) = [entry for entry in cuba.entries if isinstance(entry.body, Attachment)]
    assert isinstance(minutes.body, Attachment)
    assert minutes.body.meeting == "ExComm 24"
    assert minutes.body.text.startswith("Summery Record of NSC Executive Committee Meeting No. 24")
    assert "Ambassalor Utevenson" in minutes.body.text
    assert minutes.occurred.at.isoformat() == "1962-11-12T11:00:00-05:00"  # type: ignore[union-attr]


def test_a_reader_cleared_for_open_papers_sees_letters_and_no_photographs(as_of: AsOf) -> None:
    facts = as_of(BRIEF, cleared="open")
    assert facts.get("khrushchev-28-oct") is not None
    assert [entry.id for entry, _ in facts.of(Look)] == ["look-u2-lost", "look-onsite-refused"]
    assert not facts.of(Count)
    assert not facts.of(Attachment)


def test_the_line_to_take_is_that_a_reply_is_awaited_until_it_comes(as_of: AsOf) -> None:
    def clauses(facts: Facts) -> list[str]:
        return [line.clause for _, line in facts.of(Line)]

    waiting = "We are waiting for a Russian reply to our demand that they remove the IL-28 bombers."
    assert clauses(as_of(BRIEF))[0] == waiting
    assert waiting not in clauses(as_of("1962-11-20"))


def test_the_case_opens_with_the_first_photographs(cuba: Folder) -> None:
    header = cuba.entries[0].body
    assert isinstance(header, CaseHeader)
    assert header.opens.isoformat() == "1962-08-29"
    assert all(
        entry.occurred.day >= header.opens
        for entry in cuba.entries
        if isinstance(entry.occurred, Day)
    )


def test_the_case_written_out_and_read_again_is_the_same(cuba: Folder, tmp_path: Path) -> None:
    folder.write(cuba.entries, tmp_path / "again")
    again = folder.read(tmp_path / "again", now=datetime(2000, 1, 1, tzinfo=UTC))
    assert again.digest == cuba.digest


def test_the_rules_of_wording_hold_from_the_meeting_that_made_them(cuba: Folder) -> None:
    header = cuba.entries[0].body
    assert isinstance(header, CaseHeader)
    assert [(rule.avoid, str(rule.since)) for rule in header.wording] == [
        ("guarantee", "1962-11-12T11:00-05:00"),
        ("a document more formal than a letter", "1962-11-12T11:00-05:00"),
    ]
