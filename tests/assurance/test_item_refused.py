"""Refusals in an item's assurance: nothing learned, or both figures where a ratio is stated."""

from datetime import UTC, datetime

import msgspec
import pytest
from pytest import approx

from excomm.assurance import prob_absent_by_outcome
from excomm.assurance.from_facts import item_assurance
from excomm.assurance.item import ItemAssurance
from excomm.entries import end_of, parse_when, parse_zone
from excomm.errors import InputError
from excomm.fold import fold
from excomm.folder import read_text

CASE = """
=== case.toml
id = "island"
title = "Island"
zone = "UTC"
opens = 1962-08-29
recorded = "as dated"
parties = [{id = "USA", name = "United States"}]
items = [{id = "boats", name = "boats", unit = "boats"}]
means = [{id = "visit", name = "visit"}]
"""
SITES = 'sites = [{id = "north", name = "North"}, {id = "south", name = "South"}]\n'
ASSUMED = """
=== assumptions.csv
name,low,best,high,author,basis
boats.stock,10,10,10,desk,estimate
boats.prob_retained,0.5,0.5,0.5,desk,guess
boats.exit.missed,0.1,0.1,0.1,desk,guess
boats.exit.twice,0,0,0,desk,guess
boats.arrival,0.01,0.01,0.01,desk,guess
visit.boats.detection,0.6,0.6,0.6,desk,guess
"""
RATIO = "visit.boats.refusal_ratio,1,3,5,analyst,they refused where it was\n"
OUT = """
=== counts.csv
id,occurred,item,number,unit,moving,scope,reading
C1,1962-11-09,boats,9,boats,leaving,total,high
"""
LOOKS = """
=== looks.csv
id,occurred,means,outcome,sites,reading
L1,1962-11-10,visit,made,,high
R1,1962-11-11,visit,refused,,high
"""


def assured(*parts: str, on: str = "1962-11-12") -> ItemAssurance:
    entries = read_text("".join((CASE, *parts)), now=datetime(2024, 1, 1, tzinfo=UTC)).entries
    zone = parse_zone("UTC")
    return item_assurance(
        fold(lambda: entries, on=end_of(parse_when(on), zone), zone=zone), "boats"
    )


def test_a_refusal_teaches_nothing_unless_somebody_states_how_much() -> None:
    without, with_ratio = assured(ASSUMED, OUT, LOOKS), assured(ASSUMED, RATIO, OUT, LOOKS)
    assert without.prob_none_if_refusals_tell is None
    assert without.refused == ()
    # The leading figure, and all that hangs on it, is the same.
    assert with_ratio.prob_none_left_nor_back == without.prob_none_left_nor_back
    assert with_ratio.sensitivity == without.sensitivity
    told = with_ratio.prob_none_if_refusals_tell
    assert told is not None
    assert told.high == approx(without.prob_none_left_nor_back.best)  # a ratio of 1
    start = without.prob_absent_by_day[1][0]
    for ratio, found in ((3.0, told.best), (5.0, told.low)):
        both = prob_absent_by_outcome(
            ["nothing", "refused", "not looked"], 0.01, start, identified=0.6, refusal_ratio=ratio
        )
        assert both.as_stated is not None
        assert found == approx(both.as_stated.absent[-1], rel=1e-12)


def test_both_figures_stand_in_words_in_the_table_and_in_json() -> None:
    found = assured(ASSUMED, RATIO, OUT, LOOKS)
    row = found.table()[1]
    assert row[0] == "none left and none brought back, refusals weighed as stated"
    assert row[4] == "the same; refused: R1"
    assert (
        "only in the figure with refusals: R1 weighed by visit.boats.refusal_ratio, each place"
        " once by each means"
    ) in found.assumptions
    assert "nothing learned from looks that were refused or did not come off" in found.assumptions
    ratio = "visit.boats.refusal_ratio 3 (1 to 5): analyst, they refused where it was"
    assert ratio in found.assumptions
    assert msgspec.json.decode(msgspec.json.encode(found), type=ItemAssurance) == found


def test_only_the_places_asked_for_are_weighed_and_each_but_once() -> None:
    at_north = LOOKS.replace("refused,,", "refused,north,")
    again = "R2,1962-11-12,visit,refused,north,high\n"
    everywhere, one, twice = (
        assured(SITES, ASSUMED, RATIO, OUT, looks).prob_none_if_refusals_tell
        for looks in (LOOKS, at_north, at_north + again)
    )
    assert everywhere is not None and one is not None and twice is not None
    assert one.best > everywhere.best
    assert twice == one
    # Odds at one of three places are tripled before the last day: 1 + 1 + 3 of 3.
    before = assured(SITES, ASSUMED, OUT, LOOKS, on="1962-11-11").prob_none_left_nor_back.best
    odds = ((1 - before) / before * 5 / 3 + 0.01) / 0.99
    assert one.best == approx(1 / (1 + odds), rel=1e-12)


def test_what_was_refused_before_the_count_out_is_not_weighed() -> None:
    early = LOOKS.replace("R1,1962-11-11", "R1,1962-11-09")
    assert assured(ASSUMED, RATIO, OUT, early).prob_none_if_refusals_tell is None


def test_a_ratio_of_nothing_is_refused() -> None:
    with pytest.raises(InputError) as raised:
        assured(ASSUMED, RATIO.replace(",1,3,5,", ",0,3,5,"), OUT, LOOKS)
    assert str(raised.value) == (
        "assumptions.csv: visit.boats.refusal_ratio: found 3 (0 to 5), expected above 0."
        " 1 teaches nothing."
    )
