"""Which looks bear on an allegation of a case, what they say together, and what would settle it."""

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excomm.case import Case, View
from excomm.entries.kinds import Report
from excomm.errors import Faults, InputError
from excomm.reports.alleged import Weighed
from excomm.reports.overlap import (
    Disc,
    Time,
    distance_km,
    share_of_area,
    share_of_time,
)

ViewOf = Callable[..., View]
REPORT = """
=== reports.csv
id,occurred,allegation,outlet,item,site
R1,2024-01-10,six launchers stand at North Port,radio,launchers,north
"""
COUNTS = "\n=== counts.csv\nid,occurred,reading,item,number,site,look\n"
LOOKS = """
=== looks.csv
id,occurred,reading,means,outcome,sites,items,coverage,group,what
"""


def looked(ports: ViewOf, rows: str, **more: Any) -> Weighed:
    (found,) = ports(REPORT + LOOKS + rows, **more).allegations()
    return found


# -- the figures ----------------------------------------------------------------------------------


def test_a_look_that_saw_nothing_weighs_by_its_share_of_area_and_time(ports: ViewOf) -> None:
    found = looked(ports, "L1,2024-01-10,high,flight,made,north,launchers,0.5,,")
    # s = 0.5 x 1 x 0.8 = 0.4; ratio = 0.02 + 0.98 (1 - 0.4); posterior from even odds of 1 to 4.
    assert found.ratio is not None and found.posterior is not None
    assert found.ratio.best == pytest.approx(0.608)
    assert found.posterior.best == pytest.approx(0.2 * 0.608 / (0.2 * 0.608 + 0.8))
    assert found.power.best == pytest.approx(0.98 * 0.4)
    # Over the range of the detection alone: 0.7 and 0.9.
    assert found.ratio.high == pytest.approx(0.02 + 0.98 * 0.65)
    assert found.ratio.low == pytest.approx(0.02 + 0.98 * 0.55)
    assert found.decision.word == "undetermined"


def test_a_team_that_saw_nothing_contradicts_it(ports: ViewOf) -> None:
    found = looked(
        ports, "L1,2024-01-10,high,flight,made,north,,,,\nL2,2024-01-11,high,team,made,north,,,,"
    )
    assert found.decision.word == "contradicted"
    assert found.ratio is not None
    assert found.ratio.best == pytest.approx(0.02 + 0.98 * 0.2 * 0.05)
    assert [each.look.id for each in found.bears] == ["L1", "L2"]


def test_a_look_with_a_count_of_the_item_is_a_hit(ports: ViewOf) -> None:
    counts = f"{COUNTS}C1,2024-01-10,high,launchers,6,north,L1"
    found = looked(ports, "L1,2024-01-10,high,flight,made,north,launchers,,," + counts)
    assert found.bears[0].look.hit
    # (0.8 + 0.2 x 0.02) / 0.02 = 40.2
    assert found.ratio is not None
    assert found.ratio.best == pytest.approx(0.02 + 0.98 * 40.2)
    assert found.decision.word == "corroborated"
    assert "C1" in found.rests_on


def test_a_count_of_none_is_a_miss(ports: ViewOf) -> None:
    counts = f"{COUNTS}C1,2024-01-10,high,launchers,0,north,L1"
    found = looked(ports, "L1,2024-01-10,high,flight,made,north,launchers,,,no launchers" + counts)
    assert not found.bears[0].look.hit
    assert found.left_out == ()


def test_what_two_looks_share_counts_once(ports: ViewOf) -> None:
    one = looked(ports, "L1,2024-01-10,high,flight,made,north,,,film 7,")
    both = looked(
        ports,
        "L1,2024-01-10,high,flight,made,north,,,film 7,\n"
        "L2,2024-01-10,high,flight,made,north,,,film 7,",
    )
    assert one.ratio == both.ratio
    assert len(both.bears) == 2


# -- what the ground of a look covers --------------------------------------------------------------

FOOTPRINTS = """
=== looks.csv
id,occurred,reading,means,outcome,sites,coverage,footprint,swath_km
"""


def seen_from(ports: ViewOf, row: str, report: str = "") -> Weighed:
    head = "\n=== reports.csv\nid,occurred,allegation,item,site,lat,lon,radius_km\n"
    text = report or "R1,2024-01-10,launchers at the port,launchers,north,,,"
    (found,) = ports(head + text + FOOTPRINTS + row).allegations()
    return found


@pytest.mark.parametrize(
    ("footprint", "swath", "share"),
    [
        # The disc of North Port: 5 km around 12, 42. Its whole; its eastern half; a strip through
        # its middle, 2 km wide: 2 (r^2 asin(h/r) + h sqrt(r^2 - h^2)) / (pi r^2), h = 1, r = 5.
        ("11.9 41.9; 11.9 42.1; 12.1 42.1; 12.1 41.9", "", 1.0),
        ("11.9 42.0; 11.9 42.1; 12.1 42.1; 12.1 42.0", "", 0.5),
        ("12.0 41.0; 12.0 43.0", "2", 0.2529),
        # A circle as large as the port, and one a quarter of it.
        ("12.0 42.0", "10", 1.0),
        ("12.0 42.0", "5", 0.25),
    ],
)
def test_the_share_of_area_comes_from_the_footprint_of_a_look(
    ports: ViewOf, footprint: str, swath: str, share: float
) -> None:
    found = seen_from(ports, f"L1,2024-01-10,high,flight,made,north,,{footprint},{swath}")
    assert found.bears[0].look.f == pytest.approx(share, abs=2e-3)
    assert not any("no footprint" in line for line in found.assumptions)


def test_cloud_over_a_footprint_takes_its_share(ports: ViewOf) -> None:
    found = seen_from(ports, "L1,2024-01-10,high,flight,made,,0.4,12.0 42.0,10")
    assert found.bears[0].look.f == pytest.approx(0.4, abs=1e-3)


def test_a_footprint_beside_the_place_does_not_bear_whatever_site_the_look_names(
    ports: ViewOf,
) -> None:
    found = seen_from(ports, "L1,2024-01-10,high,flight,made,north,,12.0 44.0,10")
    assert (found.bears, found.decision.word) == ((), "undetermined")


def test_a_footprint_reaches_a_place_that_is_no_site(ports: ViewOf) -> None:
    found = seen_from(
        ports,
        "L1,2024-01-10,high,flight,made,,,12.4 42.4; 12.4 42.6; 12.6 42.6; 12.6 42.4,",
        "R1,2024-01-10,launchers in the hills,launchers,,12.5,42.5,3",
    )
    assert found.bears[0].look.f == 1.0


def test_what_is_assumed_of_a_look_without_a_footprint_is_said(ports: ViewOf) -> None:
    found = seen_from(ports, "L1,2024-01-10,high,flight,made,north,,,")
    assert found.bears[0].look.f == 1.0
    assert (
        "no footprint entered of L1: taken to have covered the sites named,"
        " all of each or the share entered"
    ) in found.assumptions


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            "12.0 42.0; 12.1 42.0,",
            "footprint: found 2 corners, expected three or more, or a swath_km",
        ),
        ("95 42.0,2", "footprint: found 95 42.0, expected degrees north and degrees east"),
        ("12;42,2", "footprint: found 12, expected degrees north and degrees east"),
        (",2", "footprint: found nothing, expected positions"),
        ("12.0 42.0,0", "swath_km: found 0"),
    ],
)
def test_a_footprint_off_the_globe_or_without_ground_is_refused(
    ports: ViewOf, cells: str, message: str
) -> None:
    with pytest.raises(Faults, match=message):
        seen_from(ports, f"L1,2024-01-10,high,flight,made,north,,{cells}")


# -- not looked is never not there -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("L1,2024-01-10,high,flight,refused,north,launchers,,,", "L1: refused"),
        ("L1,2024-01-10,high,flight,authorized,north,,,,", "L1: authorized, no outcome entered"),
        ("L1,2024-01-10,high,flight,made,,,,,", "L1: no row says where it looked"),
        (
            "L1,2024-01-10,high,flight,made,north,,,,photographs four launchers",
            "L1: what it saw stands in words only: enter a count that names it",
        ),
    ],
)
def test_what_is_no_look_for_it_leaves_the_ratio_at_1_and_says_why(
    ports: ViewOf, row: str, why: str
) -> None:
    found = looked(ports, row)
    assert found.ratio is not None
    assert (found.ratio.best, found.decision.word) == (1.0, "undetermined")
    assert found.left_out == (why,)


@pytest.mark.parametrize(
    "row",
    [
        "L1,2024-01-09,high,flight,made,north,launchers,,,",  # before
        "L1,2024-01-15,high,flight,made,north,launchers,,,",  # later than it lasts
        "L1,2024-01-10,high,flight,made,south,launchers,,,",  # elsewhere
        "L1,2024-01-10,high,flight,made,north,tanks,,,",  # for something else
    ],
)
def test_a_look_at_another_time_place_or_kind_does_not_bear(ports: ViewOf, row: str) -> None:
    found = looked(ports, row)
    assert (found.bears, found.decision.why) == ((), "no look overlaps it")


def test_a_hidden_thing_is_not_denied_by_looks_from_outside(ports: ViewOf) -> None:
    text = """
=== reports.csv
id,occurred,allegation,item,site
R1,2024-01-10,launchers hidden in caves at North Port,launchers,north
"""
    (found,) = ports(text + LOOKS + "L1,2024-01-10,high,team,made,north,,,,").allegations()
    assert found.ratio is not None
    assert (found.ratio.best, found.decision.word) == (1.0, "undetermined")
    assert "R1.prob_concealed" in found.left_out[0]
    assert found.unsettled.startswith("no look from outside")


def test_where_no_item_of_the_case_is_meant_no_look_can_have_been_for_it(ports: ViewOf) -> None:
    text = "\n=== reports.csv\nid,occurred,allegation\nR1,2024-01-10,arms are going in\n"
    (found,) = ports(text + LOOKS + "L1,2024-01-10,high,flight,made,north,,,,").allegations()
    assert found.decision.word == "undetermined"
    assert found.left_out == ("no item of the case is named: no look can have been for it",)


def test_without_a_place_it_may_be_at_any_site_or_elsewhere(ports: ViewOf) -> None:
    text = (
        "\n=== reports.csv\nid,occurred,allegation,item\n"
        "R1,2024-01-10,launchers are here,launchers\n"
    )
    (found,) = ports(text + LOOKS + "L1,2024-01-10,high,flight,made,north,,,,").allegations()
    assert found.bears[0].look.f == pytest.approx(1 / 3)


def test_a_hit_that_rests_on_the_reports_own_source_is_not_independent(ports: ViewOf) -> None:
    text = """
=== reports.csv
id,occurred,allegation,item,site,source
R1,2024-01-10,launchers at North Port,launchers,north,a dock hand
=== looks.csv
id,occurred,reading,means,outcome,sites,source
L1,2024-01-10,high,flight,made,north,a dock hand
=== counts.csv
id,occurred,reading,item,number,site,look,source
C1,2024-01-10,high,launchers,6,north,L1,a dock hand
"""
    (found,) = ports(text).allegations()
    assert found.left_out == ("L1: rests on the report's own source",)
    assert found.decision.word == "undetermined"


def test_what_positively_excludes_it_contradicts_it(ports: ViewOf) -> None:
    text = (
        REPORT
        + f"{COUNTS}C9,2024-01-10,high,launchers,24,south,"
        + "\n=== checks.csv\nid,occurred,report,what,excluded_by\nK1,2024-01-11,R1,counted,C9\n"
    )
    (found,) = ports(text).allegations()
    assert (found.decision.word, found.decision.why) == ("contradicted", "excluded by C9")


# -- assumptions ----------------------------------------------------------------------------------


def test_a_missing_assumption_names_its_row_and_leaves_it_undetermined(ports: ViewOf) -> None:
    found = looked(
        ports, "L1,2024-01-10,high,flight,made,north,,,,", without=("flight.launchers.detection",)
    )
    assert found.ratio is None
    assert found.missing == (
        "assumptions.csv: found no row flight.launchers.detection, expected a row for the chance"
        " that flight sees launchers. Add the line:"
        " flight.launchers.detection,low,best,high,author,basis"
    )
    assert found.decision.word == "undetermined"


def test_without_a_prior_the_ratio_stands_alone(ports: ViewOf) -> None:
    found = looked(
        ports, "L1,2024-01-10,high,flight,made,north,,,,", without=("reports.prob_true",)
    )
    assert found.ratio is not None and found.posterior is None
    assert found.prior_missing == (
        "no prior assumed: add reports.prob_true or R1.prob_true to assumptions.csv"
    )


def test_without_a_row_for_it_nothing_lasts_longer_than_it_is_said_to(ports: ViewOf) -> None:
    row = "L1,2024-01-12,high,flight,made,north,,,,"
    assert looked(ports, row).bears
    assert not looked(ports, row, without=("reports.lasting_days",)).bears


def test_a_report_has_assumptions_of_its_own_before_the_general_ones(ports: ViewOf) -> None:
    row = "L1,2024-01-10,high,team,made,north,,,,"
    own = "R1.prob_concealed,0.5,0.5,0.5,the desk,the sheds were shut"
    found = looked(ports, row, assumed=own)
    assert found.conceal is not None and found.ratio is not None
    assert found.ratio.best == pytest.approx(0.5 + 0.5 * 0.05)


def test_the_case_sets_its_own_thresholds(ports: ViewOf) -> None:
    row = "L1,2024-01-10,high,flight,made,north,launchers,0.5,,"
    header = "reports = {no_evidence_ratio = 0.7}"
    assert looked(ports, row, header=header).decision.word == "no evidence"


# -- what would settle it -------------------------------------------------------------------------


def test_the_look_that_would_settle_it_is_named_with_what_each_answer_means(ports: ViewOf) -> None:
    found = looked(ports, "", day="2024-01-11")
    team, flight = found.settling
    assert (team.means, team.decision_if_nothing, team.looks_needed) == ("team", "no evidence", 1)
    assert team.ratio_if_nothing == pytest.approx(0.02 + 0.98 * 0.05)
    assert (flight.means, flight.decision_if_seen) == ("flight", "corroborated")
    assert flight.until == datetime(2024, 1, 13, 23, 59, 59, 999999, tzinfo=UTC)


def test_a_means_that_was_refused_is_named_last(ports: ViewOf) -> None:
    found = looked(ports, "L1,2024-01-10,high,team,refused,north,,,,", day="2024-01-11")
    assert [(s.means, s.refused) for s in found.settling] == [("flight", ""), ("team", "L1")]


def test_once_it_can_no_longer_be_seen_the_source_is_to_be_asked(ports: ViewOf) -> None:
    found = looked(ports, "", day="2024-02-20")
    assert (found.settling, found.unsettled) == ((), "no look: its time is over; ask the source")


# -- what was alleged -----------------------------------------------------------------------------


def test_what_was_not_entered_is_read_in_the_text(ports: ViewOf) -> None:
    text = """
=== reports.csv
id,occurred,allegation,text
R1,2024-01-12,arms,A driver saw four launchers unloaded at South Port on 8 January.
"""
    (found,) = ports(text).allegations()
    alleged = found.alleged
    assert (alleged.item, alleged.sites, alleged.number) == ("launchers", {"south": 1.0}, "4")
    assert alleged.lasts == "from then on"
    assert alleged.time.first == datetime(2024, 1, 8, tzinfo=UTC)


def test_each_allegation_of_a_report_is_weighed_by_itself(ports: ViewOf) -> None:
    text = """
=== reports.csv
id,occurred,allegation,text
R1,2024-01-12,arms,Four launchers are at South Port. Two tanks were seen at North Port.
"""
    first, second = ports(text).allegations()
    assert (first.id, first.alleged.item, first.alleged.sites) == (
        "R1",
        "launchers",
        {"south": 1.0},
    )
    assert (second.id, second.alleged.item) == ("R1#2", "tanks")


def test_a_place_that_the_case_lacks_is_reached_by_no_look(ports: ViewOf) -> None:
    text = """
=== reports.csv
id,occurred,allegation,item
R1,2024-01-10,launchers were seen in Xanadu,launchers
"""
    (found,) = ports(text + LOOKS + "L1,2024-01-10,high,flight,made,north,,,,").allegations()
    assert (found.bears, found.left_out) == ((), ("Xanadu is no place of the case",))


def test_a_town_that_the_case_lacks_is_found_in_the_world_and_reached_where_a_look_covered_it(
    ports: ViewOf,
) -> None:
    text = """
=== reports.csv
id,occurred,allegation,item
R1,2024-01-10,launchers were seen in Matanzas,launchers
=== looks.csv
id,occurred,reading,means,outcome,sites
L1,2024-01-10,high,flight,made,coast
"""
    # GeoNames: Matanzas, Cuba, 23.04 north, 81.58 west; the largest of that name.
    coast = """
[[sites]]
id = "coast"
name = "The coast"
lat = 23.0
lon = -81.6
radius_km = 20.0
"""
    (found,) = ports(text, sites=coast).allegations()
    assert found.alleged.place == "Matanzas (CU; 23.04, -81.58)"
    assert found.bears[0].look.f == 1.0
    (none,) = ports(text.replace("coast", "north")).allegations()
    assert (none.bears, none.decision.why) == ((), "no look overlaps it")


def test_a_position_is_covered_by_the_part_of_it_that_a_site_reaches(ports: ViewOf) -> None:
    text = """
=== reports.csv
id,occurred,allegation,item,lat,lon,radius_km
R1,2024-01-10,launchers by the coast road,launchers,12.0,42.0,10
"""
    (found,) = ports(text + LOOKS + "L1,2024-01-10,high,flight,made,north,,,,").allegations()
    assert found.bears[0].look.f == pytest.approx(0.25, rel=1e-3)


def test_the_shipped_case_says_that_nobody_looked_for_what_came_on_12_november() -> None:
    view = Case.open("cuba-1962").on("1962-11-12T17:00-05:00")
    waves = next(a for a in view.allegations() if a.id == "report-waves")
    assert (waves.alleged.item, waves.decision.word) == ("missiles", "undetermined")
    assert waves.ratio is not None and waves.ratio.best == 1.0
    assert waves.settling[0].decision_if_nothing == "no evidence"
    assert waves.alleged.would_break == ("CU-5",)
    assert {a.alleged.report for a in view.allegations()} == {
        str(entry.id) for entry, _ in view.facts.of(Report)
    }


# -- geometry and time ----------------------------------------------------------------------------


def test_distance_is_that_along_the_globe() -> None:
    # Havana to Miami, 367 km (great circle of 6371 km; 111.2 km a degree).
    assert distance_km(Disc(23.13, -82.36), Disc(25.77, -80.19)) == pytest.approx(367, abs=2)


def test_discs_meet_across_the_date_line() -> None:
    assert share_of_area(Disc(0.0, 179.99, 5.0), [Disc(0.0, -179.99, 20.0)]) == 1.0


def test_two_discs_that_overlap_are_not_counted_twice() -> None:
    alleged = Disc(10.0, 10.0, 10.0)
    assert share_of_area(alleged, [Disc(10.0, 10.0, 5.0)] * 3) == pytest.approx(0.25, rel=1e-3)


@given(
    st.floats(0.1, 50.0),
    st.lists(
        st.tuples(st.floats(-0.4, 0.4), st.floats(-0.4, 0.4), st.floats(0.0, 40.0)), max_size=5
    ),
)
def test_a_further_look_never_covers_less(
    radius: float, looks: list[tuple[float, float, float]]
) -> None:
    alleged = Disc(40.0, 20.0, radius)
    seen = [Disc(40.0 + lat, 20.0 + lon, reach) for lat, lon, reach in looks]
    shares = [share_of_area(alleged, seen[:many]) for many in range(len(seen) + 1)]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(shares))
    assert all(0.0 <= share <= 1.0 and not math.isnan(share) for share in shares)


FIRST = datetime(2024, 1, 1, tzinfo=UTC)


def days(first: float, last: float) -> Time:
    return Time(FIRST + timedelta(days=first), FIRST + timedelta(days=last))


@pytest.mark.parametrize(
    ("look", "lasts", "share"),
    [
        (days(1, 2), "while it happens", 0.25),
        (days(-1, 9), "while it happens", 1.0),
        (days(4.5, 5), "while it happens", 0.0),
        (days(1, 1), "from then on", 0.25),
        (days(5, 5), "from then on", 1.0),
        (days(5, 5), "throughout", 1.0),
        (days(6.5, 7), "throughout", 0.0),
        (days(-1, -0.5), "throughout", 0.0),
    ],
)
def test_the_share_of_time_follows_how_long_it_can_be_seen(
    look: Time, lasts: str, share: float
) -> None:
    found = share_of_time(days(0, 4), look, lasts, lasting_days=2.0)  # type: ignore[arg-type]
    assert found == pytest.approx(share)


# -- the commands ---------------------------------------------------------------------------------


def test_an_unknown_report_is_refused_with_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from excomm.cli_reports import reports_weigh

    with pytest.raises(InputError) as refused:
        reports_weigh("cuba-1962", "report-nobody", on="1962-11-01")
    assert str(refused.value) == (
        "REPORT: found report-nobody, expected a report of this case on this day"
        " (report-keating, report-convoy)."
    )


def test_the_list_and_one_weighing_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    from excomm.cli_reports import reports_list, reports_weigh

    reports_list("cuba-1962", on="1962-11-12T17:00-05:00")
    assert "Cuba 1962: 6 allegations\n" in capsys.readouterr().out
    reports_list("cuba-1962", on="1962-10-20")
    assert "Cuba 1962: 1 allegation\n" in capsys.readouterr().out
    reports_weigh("cuba-1962", "report-waves", on="1962-11-12T17:00-05:00")
    told = capsys.readouterr().out
    assert "no look overlaps it" in told
    assert "Would settle it: ship-count for missiles: if nothing is seen no evidence" in told
