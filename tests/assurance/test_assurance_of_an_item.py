"""From the facts of a case to one item's assurance: what counts, what does not, what is said."""

from datetime import UTC, date, datetime

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest import approx

from excomm.assurance import Interval, exit_tally, prob_absent_over_places
from excomm.assurance.from_facts import item_assurance, items_with_figures
from excomm.assurance.item import ELSEWHERE, ItemAssurance
from excomm.entries import end_of, parse_when, parse_zone
from excomm.errors import InputError
from excomm.fold import Facts, fold
from excomm.folder import read_text

CASE = """
=== case.toml
id = "island"
title = "Island"
zone = "-05:00"
opens = 1962-08-29
recorded = "as dated"
parties = [{id = "USA", name = "United States"}, {id = "USSR", name = "Soviet Union"}]
items = [
  {id = "missiles", name = "missiles", unit = "missiles"},
  {id = "il28", name = "IL-28 bombers", unit = "aircraft"},
  {id = "fuel", name = "fuel", unit = "tons", whole = false},
]
sites = [{id = "san-julian", name = "San Julian"}, {id = "mariel", name = "Mariel"}]
means = [{id = "u2", name = "U-2 overflight"}, {id = "deck", name = "deck count"}]
"""
ASSUMED = """
=== assumptions.csv
name,low,best,high,author,basis
missiles.stock,42,42,48,desk,estimate
missiles.prob_retained,0.05,0.1,0.3,desk,guess
missiles.exit.missed,0.02,0.05,0.15,desk,guess
missiles.exit.twice,0,0.02,0.05,desk,guess
missiles.arrival,0.0001,0.001,0.005,desk,guess
u2.missiles.detection,0.3,0.6,0.8,desk,guess
il28.stock,35,40,42,desk,estimate
il28.prob_retained,0.05,0.1,0.3,desk,guess
il28.arrival,0.0001,0.001,0.005,desk,guess
u2.il28.detection,0.3,0.6,0.8,desk,guess
"""
COUNTS = """
=== counts.csv
id,occurred,item,number,low,high,unit,site,carrier,moving,scope,difference,look,reading,standing,what
"""
OUT = f"{COUNTS}C38,1962-11-09,missiles,38,,,missiles,,,leaving,total,,,high,established,\n"
LOOKS = """
=== looks.csv
id,occurred,means,outcome,number,sites,items,coverage,reading,standing
"""


def facts_of(*parts: str, on: str = "1962-11-12") -> Facts:
    entries = read_text("".join((CASE, *parts)), now=datetime(2024, 1, 1, tzinfo=UTC)).entries
    zone = parse_zone("-05:00")
    return fold(lambda: entries, on=end_of(parse_when(on), zone), zone=zone)


def assured(*parts: str, item: str = "missiles", on: str = "1962-11-12") -> ItemAssurance:
    return item_assurance(facts_of(*parts, on=on), item)


def fault(*parts: str, item: str = "missiles") -> str:
    with pytest.raises(InputError) as raised:
        assured(*parts, item=item)
    return str(raised.value)


def mixed(found: Interval) -> tuple[float, float, float]:
    return found.low, found.best, found.high


# -- the figures -----------------------------------------------------------------------------------


GROUPED = """
=== looks.csv
id,occurred,means,outcome,sites,coverage,group,reading
"""


def grouped(*rows: str) -> ItemAssurance:
    """The figure with these looks: the 10th over San Julian, half of it, say."""
    return assured(ASSUMED, OUT, GROUPED, "\n".join(rows), "\n")


def test_of_looks_that_share_a_cause_of_error_only_the_best_at_each_place_counts() -> None:
    alone = grouped("L1,1962-11-10,u2,made,san-julian,0.9,,high")
    shared = grouped(
        "L1,1962-11-10,u2,made,san-julian,0.9,haze,high",
        "L2,1962-11-10,u2,made,san-julian,0.5,haze,high",
        "L3,1962-11-11,u2,made,san-julian,0.9,haze,high",
    )
    assert shared.prob_none_left_nor_back == alone.prob_none_left_nor_back
    assert shared.looks == ("L1",)
    assert "shares a cause of error (haze) with a better look: L2, L3" in shared.excluded
    assert any("save those of a group" in said for said in shared.assumptions)
    apart = grouped(
        "L1,1962-11-10,u2,made,san-julian,0.9,haze,high",
        "L2,1962-11-10,u2,made,san-julian,0.5,glare,high",
    )
    assert apart.prob_none_left_nor_back.best > alone.prob_none_left_nor_back.best
    assert not any("save those of a group" in said for said in alone.assumptions)


def test_looks_of_one_group_at_two_places_both_count_each_at_its_own() -> None:
    free = grouped(
        "L1,1962-11-10,u2,made,san-julian,0.9,,high", "L2,1962-11-10,u2,made,mariel,0.5,,high"
    )
    shared = grouped(
        "L1,1962-11-10,u2,made,san-julian,0.9,haze,high",
        "L2,1962-11-10,u2,made,mariel; san-julian,0.5,haze,high",
    )
    assert shared.prob_none_left_nor_back == free.prob_none_left_nor_back
    assert shared.looks == ("L1", "L2")


def test_the_recursion_starts_at_what_the_tally_says_and_runs_to_the_day() -> None:
    found = assured(
        ASSUMED, OUT, f"{LOOKS}L1,1962-11-11,u2,made,2,,,,high,\nL2,1962-11-12,u2,made,,,,,high,\n"
    )
    start = exit_tally(42, [0.9] + [0.1 / 42] * 42, 38, 0.05, 0.93, 0.02).prob_none
    looks = [[0.0, 0.6, 0.6]] * 3  # two sites and elsewhere; 10, 11 and 12 November
    both = prob_absent_over_places(looks, [0.001] * 3, start).absent
    assert found.days == tuple(date(1962, 11, day) for day in (9, 10, 11, 12))
    assert found.prob_absent_by_day[1] == approx([start, *both])
    assert found.prob_none_left_nor_back.best == approx(both[-1])
    assert found.prob_none_left.best == approx(start / (start + (1 - start) * 0.4**2))
    assert found.prob_none_back.best == approx(
        prob_absent_over_places(looks, [0.001] * 3, 1.0).absent[-1]
    )
    assert (found.last_look, found.days_unseen) == (date(1962, 11, 12), 0)
    assert found.rests_on[:3] == ("C38", "L1", "L2")
    # How many remain: what is kept together is missed together, by both looks.
    kept = [0.9] + [0.1 * 0.4**2 / 42] * 42
    left = exit_tally(42, np.array(kept) / sum(kept), 38, 0.05, 0.93, 0.02)
    assert found.remaining_pmf is not None
    assert len(found.remaining_pmf.best) == 49  # the largest stock's
    assert found.remaining_pmf.best[:43] == approx(left.pmf, rel=1e-9)
    assert found.remaining_pmf.low[0] == found.prob_none_left.low
    assert found.remaining_pmf.high[0] == found.prob_none_left.high


def test_on_the_day_of_the_tally_the_joint_figure_is_the_tallys() -> None:
    found = assured(ASSUMED, OUT, on="1962-11-09")
    assert found.days == (date(1962, 11, 9),)
    assert found.prob_none_left_nor_back == found.prob_none_left
    assert found.prob_none_back == Interval.exactly(1.0)
    assert found.worst_case_miss == Interval.exactly(1.0)
    assert found.days_unseen is None


def test_the_joint_figure_is_never_above_either_question() -> None:
    found = assured(ASSUMED, OUT, f"{LOOKS}L1,1962-11-11,u2,made,,mariel,,0.5,high,\n")
    for joint, left, back in zip(
        *(
            mixed(figure)
            for figure in (
                found.prob_none_left_nor_back,
                found.prob_none_left,
                found.prob_none_back,
            )
        ),
        strict=True,
    ):
        assert joint <= min(left, back)


def test_a_look_at_one_place_leaves_the_others_as_they_were() -> None:
    found = assured(
        ASSUMED,
        OUT,
        LOOKS + "".join(f"L{n},1962-11-11,u2,made,,mariel,,,high,\n" for n in range(9)),
    )
    assert found.worst_case_miss == Interval.exactly(1.0)
    assert found.worst_site == "san-julian"
    whole_area = assured(ASSUMED, OUT, f"{LOOKS}L1,1962-11-11,u2,made,,,,,high,\n")
    assert whole_area.prob_none_left.best > found.prob_none_left.best


def test_looks_at_every_named_site_leave_elsewhere_as_the_worst_place() -> None:
    found = assured(ASSUMED, OUT, f"{LOOKS}L1,1962-11-11,u2,made,,mariel; san-julian,,,high,\n")
    assert found.worst_site == ELSEWHERE
    assert found.worst_case_miss == Interval.exactly(1.0)


def test_of_places_looked_at_alike_the_longest_unseen_is_named() -> None:
    found = assured(
        ASSUMED,
        OUT,
        f"{LOOKS}L1,1962-11-05,u2,made,,san-julian,,,high,\nL2,1962-11-11,u2,made,,,,,high,\n",
    )
    assert found.worst_site == "san-julian"
    assert found.worst_case_miss is not None
    assert mixed(found.worst_case_miss) == approx((0.2, 0.4, 0.7))


def test_a_look_at_a_larger_site_reaches_those_within_it() -> None:
    nested = CASE.replace("sites = [", 'sites = [{id = "west", name = "West"}, ').replace(
        'name = "San Julian"', 'name = "San Julian", within = "west"'
    )
    look = f"{LOOKS}L1,1962-11-11,u2,made,,west; mariel,,,high,\n"
    entries = read_text(nested + ASSUMED + OUT + look, now=datetime(2024, 1, 1, tzinfo=UTC)).entries
    zone = parse_zone("-05:00")
    facts = fold(lambda: entries, on=end_of(parse_when("1962-11-12"), zone), zone=zone)
    assert item_assurance(facts, "missiles").worst_site == ELSEWHERE


def test_a_look_that_covered_half_is_worth_half() -> None:
    found = assured(ASSUMED, OUT, f"{LOOKS}L1,1962-11-11,u2,made,,,,0.5,high,\n")
    assert found.worst_case_miss is not None
    assert mixed(found.worst_case_miss) == approx((0.6, 0.7, 0.85))


def test_the_low_figure_is_that_of_most_arrivals_and_weakest_looks() -> None:
    found = assured(ASSUMED, OUT, f"{LOOKS}L1,1962-11-11,u2,made,,,,,high,\n")
    for figure, arrival, look in (
        (found.prob_none_back.low, 0.005, 0.3),
        (found.prob_none_back.high, 0.0001, 0.8),
    ):
        series = prob_absent_over_places([[0.0, look, 0.0]] * 3, [arrival] * 3, 1.0)
        assert figure == approx(series.absent[-1])


# -- which counts ----------------------------------------------------------------------------------


def test_the_sum_by_carrier_is_used_only_where_later_and_larger() -> None:
    by_ship = "".join(
        f"S{n},1962-11-{day},missiles,{number},,,missiles,,ship {n},leaving,own,,,high,,\n"
        for n, day, number in ((1, "08", 20), (2, "10", 20), (2, "11", 19), (3, "11", 2))
    ).replace("S2,1962-11-11", "S2b,1962-11-11")
    found = assured(ASSUMED, OUT, by_ship)
    assert found.counted_out == ("S1", "S2b", "S3")  # 41; the latest count of each ship
    assert found.days[0] == date(1962, 11, 11)
    assert "other counts out, 38 in all, not added to the 41: C38" in found.excluded
    earlier = by_ship.replace("11-08", "11-02").replace("11-10", "11-03").replace("11-11", "11-04")
    assert assured(ASSUMED, OUT, earlier).counted_out == ("C38",)
    fewer = assured(ASSUMED, OUT, by_ship.replace(",20,,", ",10,,"))
    assert fewer.counted_out == ("C38",)
    assert "other counts out, 31 in all, not added to the 38: S1, S2b, S3" in fewer.excluded


def test_counts_that_cannot_be_used_are_said() -> None:
    found = assured(
        ASSUMED,
        OUT,
        "U1,1962-11-10,missiles,42,,,missiles,,,leaving,total,,,unverified,,\n"
        "U2,1962-11-10,missiles,41,,,missiles,,,leaving,total,,,high,disputed,\n"
        "U3,1962-11-10,missiles,27,,,transporters,,,leaving,total,,,high,,\n"
        "U4,1962-11-10,missiles,,,,missiles,,another ship,leaving,own,1,,high,,\n",
    )
    assert found.counted_out == ("C38",)
    assert found.excluded == (
        "1 count read unverified: U1",
        "1 count disputed: U2",
        "1 count in transporters, not in missiles: U3",
        "1 count giving only a difference from what was declared: U4",
    )


def test_the_number_declared_is_said_where_the_stock_taken_differs() -> None:
    declared = "=== declarations.csv\nid,occurred,party,item,number,scope,reading\n"
    row = "D1,1962-11-04,USSR,missiles,40,total,high\n"
    said = assured(ASSUMED, OUT, declared, row).assumptions
    assert "USSR declared 40 (D1); stock taken as 42 (42 to 48)" in said
    same = assured(ASSUMED, OUT, declared, row.replace("40", "42")).assumptions
    assert not any("declared" in words for words in same)


def test_what_was_seen_before_the_last_count_out_only_bounds_the_stock() -> None:
    seen = "P1,1962-11-05,missiles,45,,,missiles,,,present,total,,,high,,\n"
    found = assured(ASSUMED, OUT, seen)
    assert found.seen_after == ()
    assert "stock taken as 45 (45 to 48): 45 were seen at one time" in found.assumptions
    assert fault(ASSUMED, OUT, seen.replace(",45,", ",49,")) == (
        "counts P1: found 49 at one time, expected at most 48, the high of missiles.stock. "
        "Correct the counts or the assumption."
    )


def test_at_least_so_many_counted_out_leaves_open_how_many_left() -> None:
    some = assured(ASSUMED, OUT.replace("missiles,38,,", "missiles,3,3,"))
    assert some.prob_none_left.low < 1e-20
    assert some.prob_none_left.high > 0.99
    assert "at least 3 counted out: any number up to the stock may have left" in some.assumptions
    exactly = assured(ASSUMED, OUT.replace("missiles,38,,", "missiles,3,3,3"))
    assert exactly.prob_none_left.high < 1e-20


# -- seen to be there ------------------------------------------------------------------------------

BOMBERS = (
    "B1,1962-11-04,il28,1,,,aircraft,san-julian,,present,own,,,medium,,complete\n"
    "B2,1962-11-04,il28,5,,,aircraft,san-julian,,present,own,,,medium,,partly assembled\n"
    "B3,1962-11-04,il28,21,,,aircraft,san-julian,,present,own,,,medium,,in crates\n"
    "B4,1962-11-09,il28,2,,,aircraft,san-julian,,present,own,,,high,,partly assembled\n"
)


def test_bombers_seen_and_none_counted_out_are_still_there() -> None:
    found = assured(ASSUMED, COUNTS, BOMBERS, item="il28")
    assert found.seen_after == ("B1", "B2", "B3", "B4")
    assert found.prob_none_left_nor_back == Interval.exactly(0.0)
    assert found.prob_none_left == Interval.exactly(0.0)
    assert set(found.prob_absent_by_day[2][-1:]) == {0.0}
    # At least the 27 of 4 November; the rest of the stock as likely as not.
    assert found.remaining_mean.low >= 27
    assert found.remaining_mean.best == approx((27 + 40) / 2)
    assert found.remaining_upper95.high == 42
    # None counted out: 27 to the whole stock, each alike.
    assert found.remaining_pmf is not None
    assert found.remaining_pmf.best[26:42] == approx([0.0, *[1 / 14] * 14, 0.0])
    assert (found.last_look, found.days_unseen) == (date(1962, 11, 9), 3)
    assert found.table()[0][1:] == ("0", "0", "0", "seen: B1, B2, B3, B4")


def test_two_counts_of_the_same_part_on_one_day_saw_the_same_things() -> None:
    again = "B5,1962-11-04,il28,20,,,aircraft,san-julian,,present,own,,,high,,in crates\n"
    found = assured(ASSUMED, COUNTS, BOMBERS, again, item="il28")
    assert found.remaining_mean.low == approx((27 + 35) / 2)


def test_missiles_seen_on_the_day_of_the_count_out_may_have_left_after() -> None:
    seen = "P1,1962-11-09,missiles,2,,,missiles,mariel,,present,own,,,high,,\n"
    assert assured(ASSUMED, OUT, seen).seen_after == ()


def test_missiles_seen_after_the_count_out_are_not_gone() -> None:
    seen = "P1,1962-11-11,missiles,2,,,missiles,mariel,,present,own,,L1,high,,\n"
    look = f"{LOOKS}L1,1962-11-11,u2,made,,,,,high,\n"
    found = assured(ASSUMED, OUT, seen, look)
    assert found.seen_after == ("P1",)
    assert found.remaining_pmf is None
    assert found.looks == ()  # a look that saw it is no evidence of absence
    assert found.prob_none_left_nor_back == Interval.exactly(0.0)
    assert found.prob_absent_by_day[2][2:] == (0.0, 0.0)
    assert found.prob_absent_by_day[2][1] > 0
    assert found.remaining_mean.low >= 2
    assert any("neither absence is claimed" in words for words in found.assumptions)


def test_a_sighting_that_cannot_be_used_takes_its_look_with_it() -> None:
    seen = "P1,1962-11-11,missiles,2,,,missiles,mariel,,present,own,,L1,unverified,,\n"
    found = assured(ASSUMED, OUT, seen, f"{LOOKS}L1,1962-11-11,u2,made,,,,,high,\n")
    assert (found.seen_after, found.looks) == ((), ())
    assert found.excluded == (
        "1 count read unverified: P1",
        "look L1: what it is said to have seen cannot be used",
    )


def test_what_arrives_after_the_count_out_came_back() -> None:
    came = "A1,1962-11-11,missiles,3,,,missiles,,some ship,arriving,own,,,high,,\n"
    assert assured(ASSUMED, OUT, came).seen_after == ("A1",)


# -- which looks -----------------------------------------------------------------------------------


def test_looks_without_an_outcome_detect_nothing_and_are_said() -> None:
    found = assured(
        ASSUMED,
        OUT,
        f"{LOOKS}L1,1962-11-09,u2,authorized,5,,,,high,\nL2,1962-11-10,u2,authorized,10,,,,high,\n"
        "L3,1962-11-10,u2,aborted,2,,,,high,\nL4,1962-11-11,u2,made,3,,,,unverified,\n"
        "L5,1962-11-09,u2,made,,,,,high,\nL6,1962-11-11,u2,made,,,il28,,high,\n",
    )
    assert found.looks == ()
    assert found.excluded == (
        "U-2 overflight: 15 authorized, no outcome entered: L1, L2",
        "U-2 overflight: 1 made on the day of the count, perhaps before it: L5",
        "U-2 overflight: 2 aborted: L3",
        "U-2 overflight: 3 read unverified: L4",
    )
    assert found.prob_none_left == assured(ASSUMED, OUT).prob_none_left
    assert found.worst_case_miss == Interval.exactly(1.0)


def test_a_count_at_sea_is_no_look_at_the_ground() -> None:
    tally = "T1,1962-11-11,missiles,40,,,missiles,,,leaving,total,,K1,high,,\n"
    found = assured(ASSUMED, OUT, tally, f"{LOOKS}K1,1962-11-12,deck,made,,,,,high,\n")
    assert found.looks == ()
    assert found.last_look is None


def test_a_means_that_cannot_see_it_is_assumed_to_and_changes_nothing() -> None:
    look = f"{LOOKS}K1,1962-11-12,deck,made,,,,,high,\n"
    assert fault(ASSUMED, OUT, look) == (
        "assumptions.csv: found no row deck.missiles.detection, expected a row for the chance that"
        " one look by deck count over all of a site sees the missiles there (0, 0, 0 for a means"
        " that cannot). Add the line: deck.missiles.detection,low,best,high,author,basis"
    )
    blind = f"{ASSUMED}deck.missiles.detection,0,0,0,desk,sees only what sails\n"
    found = assured(blind, OUT, look)
    assert found.prob_none_left == assured(ASSUMED, OUT).prob_none_left


# -- assumptions -----------------------------------------------------------------------------------


def test_items_with_an_assumption_of_their_own_have_figures() -> None:
    assert items_with_figures(facts_of(ASSUMED)) == ("missiles", "il28")
    assert items_with_figures(facts_of()) == ()


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("missiles.stock", "how many there were, none having left"),
        ("missiles.prob_retained", "the chance that some were kept back"),
        ("missiles.exit.missed", "the chance that one leaving is not counted"),
        ("missiles.exit.twice", "the chance that one leaving is counted twice"),
        ("missiles.arrival", "the chance a day that one is brought back"),
    ],
)
def test_a_missing_assumption_names_the_line_to_add(name: str, what: str) -> None:
    rows = "".join(row for row in ASSUMED.splitlines(keepends=True) if not row.startswith(name))
    assert fault(rows, OUT) == (
        f"assumptions.csv: found no row {name}, expected a row for {what}. "
        f"Add the line: {name},low,best,high,author,basis"
    )


def test_a_tally_above_the_stock_is_a_contradiction_that_names_the_count() -> None:
    assert fault(ASSUMED, OUT.replace(",38,", ",85,")) == (
        "counts C38: found 85 counted out, expected at most 84: missiles.stock is 42, each counted"
        " twice. Correct the counts or the assumption."
    )


def test_an_unknown_item_is_named_beside_those_there_are() -> None:
    assert fault(ASSUMED, item="misiles") == (
        "item: found misiles, expected an item of the case: missiles, il28, fuel."
    )
    assert fault(ASSUMED, item="fuel") == (
        "item fuel: found measured in tons, expected an item counted in whole things."
    )


def test_nothing_counted_out_leaves_the_prior_and_says_so() -> None:
    found = assured(ASSUMED)
    assert found.days[0] == date(1962, 8, 29)
    assert mixed(found.prob_none_left) == approx((0.7, 0.9, 0.95))
    assert "nothing counted out" in found.assumptions


# -- laws ------------------------------------------------------------------------------------------


@settings(max_examples=8, deadline=None)
@given(st.integers(30, 41), st.integers(10, 12), st.sampled_from(["", "mariel", "san-julian"]))
def test_one_more_look_or_one_more_counted_out_never_lowers_the_joint_figure(
    tally: int, day: int, site: str
) -> None:
    out = OUT.replace(",38,", f",{tally},")
    first = f"{LOOKS}L1,1962-11-11,u2,made,,mariel,,,high,\n"
    before = assured(ASSUMED, out, first)
    looked = assured(ASSUMED, out, first, f"L2,1962-11-{day},u2,made,,{site},,,high,\n")
    counted = assured(ASSUMED, OUT.replace(",38,", f",{tally + 1},"), first)
    for after in (looked, counted):
        for old, new in zip(
            mixed(before.prob_none_left_nor_back), mixed(after.prob_none_left_nor_back), strict=True
        ):
            assert new >= old * (1 - 1e-9)
            assert 0 <= new <= 1


def test_the_figures_are_the_same_wherever_the_entries_are_kept() -> None:
    entries = read_text(CASE + ASSUMED + OUT, now=datetime(2024, 1, 1, tzinfo=UTC)).entries
    zone = parse_zone("-05:00")
    appended = datetime(2024, 2, 2, tzinfo=UTC)
    in_ledger = [
        msgspec.structs.replace(entry, seq=n, appended=appended)
        for n, entry in enumerate(entries, start=1)
    ]
    on = end_of(parse_when("1962-11-12"), zone)
    assert item_assurance(fold(lambda: in_ledger, on=on, zone=zone), "missiles") == item_assurance(
        fold(lambda: entries, on=on, zone=zone), "missiles"
    )


def test_a_figure_travels_as_json_and_as_a_table() -> None:
    found = assured(ASSUMED, OUT)
    assert msgspec.json.decode(msgspec.json.encode(found), type=ItemAssurance) == found
    assert [row[0] for row in found.table()] == [
        "none left and none brought back",
        "none left",
        "none brought back",
        "still there, of what should have left: mean",
        "still there: 95 % bound",
        "missed by every look, at san-julian",
        "so many, each by itself, would have been seen (95 %)",
        "still there: exactly 0",
        *(f"still there: {n} to {n + 1}" for n in range(1, 16, 2)),
        "still there: 17 to 48",
    ]
    assert found.title == "missiles: none left and none brought back, on 1962-11-12"
