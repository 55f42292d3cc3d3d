"""Beside an item's figure: what carries it, the next look, ship by ship, and a picture."""

import sys
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import msgspec
import pytest
from pytest import approx

from excomm.assurance import Carrier, Interval, detection_limit, exit_tallies
from excomm.assurance.by_carrier import ByCarrier, Ship, range_by_carrier
from excomm.assurance.from_facts import item_assurance
from excomm.assurance.item import ItemAssurance
from excomm.assurance.joint import Limit
from excomm.entries import end_of, parse_when, parse_zone
from excomm.errors import EnvironmentFault, InputError
from excomm.fold import fold
from excomm.folder import read_text

CASE = """
=== case.toml
id = "island"
title = "Island"
zone = "-05:00"
opens = 1962-08-29
recorded = "as dated"
parties = [{id = "USA", name = "United States"}, {id = "USSR", name = "Soviet Union"}]
items = [{id = "missiles", name = "missiles", unit = "missiles"}]
sites = [{id = "west", name = "San Cristobal"}, {id = "mariel", name = "Mariel"}]
means = [{id = "u2", name = "U-2 overflight"}, {id = "deck", name = "deck count"}]
"""
ASSUMED = """
=== assumptions.csv
name,low,best,high,author,basis
missiles.stock,42,42,44,desk,estimate
missiles.prob_retained,0.05,0.1,0.3,desk,guess
missiles.exit.missed,0.02,0.05,0.15,desk,guess
missiles.exit.twice,0,0.02,0.05,desk,guess
missiles.arrival,0.0001,0.002,0.005,desk,guess
u2.missiles.detection,0.3,0.6,0.8,desk,guess
deck.missiles.detection,0.8,0.9,1,desk,guess
"""
MOVED = "missiles.exit.moved,0.005,0.02,0.05,desk,guess\n"
COUNTS = """
=== counts.csv
id,occurred,item,number,carrier,moving,scope,difference,look,reading
C38,1962-11-09,missiles,38,,leaving,total,,,high
"""
SHIPS = """C-labinsk,1962-11-09,missiles,0,Labinsk,leaving,own,,,high
C-other,1962-11-09,missiles,,another ship,leaving,own,1,,high
"""
DECLARED = """
=== declarations.csv
id,occurred,party,item,number,carrier,scope,reading
D-labinsk,1962-11-08,USSR,missiles,2,Labinsk,own,high
"""
LOOKS = """
=== looks.csv
id,occurred,recorded,means,outcome,number,sites,reading
"""


def assured(*parts: str, on: str = "1962-11-12", standard: float | None = 0.95) -> ItemAssurance:
    entries = read_text("".join((CASE, *parts)), now=datetime(2024, 1, 1, tzinfo=UTC)).entries
    zone = parse_zone("-05:00")
    facts = fold(lambda: entries, on=end_of(parse_when(on), zone), zone=zone)
    return item_assurance(facts, "missiles", standard=standard)


# -- the gap of September --------------------------------------------------------------------------


def test_on_14_october_the_desk_would_have_read_39_days_without_a_look_at_the_west() -> None:
    # 5 September to 14 October: Air and Space Forces Magazine 2005, "U-2". What the flight of the
    # 14th saw was known on the 16th.
    flown = (
        f"{LOOKS}L0,1962-09-05,1962-09-05,u2,made,1,west,high\n"
        "L1,1962-10-14,1962-10-16,u2,made,1,west,high\n"
    )
    known_then = assured(ASSUMED, flown, on="1962-10-14")
    assert (known_then.last_look, known_then.days_unseen) == (date(1962, 9, 5), 39)
    # Every day without a look the claim wears away, from the look of 5 September on.
    best = dict(zip(known_then.days, known_then.prob_absent_by_day[1], strict=True))
    gap = [best[date.fromordinal(date(1962, 9, 5).toordinal() + n)] for n in range(40)]
    assert all(later < earlier for earlier, later in pairwise(gap))
    assert gap[-1] < gap[0] * 0.95
    # And whoever put one in the west on 6 September would have been missed for sure.
    assert known_then.worst_case_miss == Interval.exactly(1.0)
    assert known_then.next_looks[0].means == "u2"
    assert known_then.next_looks[0].site == "mariel"  # never looked at, so more is still to learn


# -- what carries the claim ------------------------------------------------------------------------


def test_what_carries_the_claim_is_named_first_with_where_it_fails() -> None:
    found = assured(
        ASSUMED, COUNTS, f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,,high\n", standard=0.98
    )
    names = [row.name for row in found.sensitivity]
    assert set(names) == {
        "missiles.stock", "missiles.prob_retained", "missiles.exit.missed", "missiles.exit.twice",
        "missiles.arrival", "u2.missiles.detection",
    }  # fmt: skip
    assert names[0] == "missiles.exit.missed"
    first = found.sensitivity[0]
    assert first.breaks_within
    assert first.breaks_at is not None
    # With that value entered instead the figure stands at the standard.
    rows = ASSUMED.replace("0.02,0.05,0.15", f"0.02,{first.breaks_at},0.15")
    at_break = assured(rows, COUNTS, f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,,high\n")
    assert at_break.prob_none_left_nor_back.best == approx(0.98, abs=1e-6)
    held = found.sensitivity[names.index("missiles.prob_retained")]
    rows = ASSUMED.replace("0.05,0.1,0.3", "0.3,0.3,0.3")
    there = assured(rows, COUNTS, f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,,high\n")
    assert held.at_high == approx(there.prob_none_left_nor_back.best, rel=1e-9)


def test_the_next_look_adds_what_it_then_turns_out_to_have_added() -> None:
    before = assured(ASSUMED, COUNTS, f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,mariel,high\n")
    assert [look.site for look in before.next_looks] == ["west", "mariel"]
    west = before.next_looks[0]
    after = assured(
        ASSUMED,
        COUNTS,
        f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,mariel,high\n"
        "L2,1962-11-12,1962-11-12,u2,made,1,west,high\n",
    )
    assert west.prob_none_left_nor_back == approx(after.prob_none_left_nor_back.best, rel=1e-12)
    assert west.adds == approx(
        after.prob_none_left_nor_back.best - before.prob_none_left_nor_back.best, rel=1e-9
    )


def test_once_it_was_seen_nothing_carries_a_claim_of_absence() -> None:
    seen = "P1,1962-11-11,missiles,2,,present,own,,,high\n"
    found = assured(ASSUMED, COUNTS, seen)
    assert (found.sensitivity, found.next_looks) == ((), ())


# -- ship by ship ----------------------------------------------------------------------------------


def test_ships_are_used_one_by_one_once_it_is_assumed_how_often_things_change_ships() -> None:
    together = assured(ASSUMED, COUNTS, SHIPS, DECLARED)
    apart = assured(ASSUMED, MOVED, COUNTS, SHIPS, DECLARED)
    assert any("not added to" in words for words in together.excluded)
    assert any("only a difference" in words for words in together.excluded)
    assert apart.excluded == ()
    assert apart.counted_out == ("C38", "C-labinsk", "D-labinsk", "C-other")
    assert (
        "counted ship by ship: Labinsk 0 seen of 2 declared (C-labinsk, D-labinsk);"
        " another ship 1 over (C-other); all others together"
    ) in apart.assumptions
    assert apart.prob_none_left.best < together.prob_none_left.best
    prior = [0.9] + [0.1 / 42] * 42
    ships = [Carrier(2, 0), Carrier(2, 3), Carrier(38, 35)]
    by_ship = exit_tallies(ships, 42, prior, 0.05, 0.93, 0.02, moved=0.02)
    assert apart.prob_none_left.best == approx(by_ship.prob_none, rel=1e-12)
    assert "missiles.exit.moved" in [row.name for row in apart.sensitivity]


def test_a_range_by_ship_holds_what_lies_inside_it() -> None:
    counting = ByCarrier(
        ships=(Ship(name="A", declared=2, counted=0, difference=None, ids=()),),
        tally=9, missed=Interval(0.05, 0.1, 0.2), twice=Interval(0.0, 0.02, 0.05),
        moved=Interval(0.0, 0.05, 0.1),
    )  # fmt: skip
    kept, sure = Interval(0.1, 0.2, 0.4), Interval.exactly(1.0)
    found = range_by_carrier(Interval(10, 11, 12), kept, counting, unseen=sure)
    for stock in (10, 11, 12):
        for retained in (0.1, 0.3, 0.4):
            for missed in (0.05, 0.12, 0.2):
                for moved in (0.0, 0.1):
                    one = exit_tallies(
                        [Carrier(2, 0), Carrier(stock - 2, 9)], stock,
                        [1 - retained] + [retained / stock] * stock, missed, 0.97 - missed, 0.03,
                        moved=moved,
                    )  # fmt: skip
                    assert found.prob_none.low <= one.prob_none <= found.prob_none.high
                    assert found.mean.low <= one.mean <= found.mean.high


def test_ships_that_leave_more_than_the_tally_are_a_contradiction() -> None:
    more = COUNTS.replace("missiles,38", "missiles,1")
    ships = "C-bratsk,1962-11-09,missiles,2,Bratsk,leaving,own,,,high\n"
    said = DECLARED.replace("Labinsk", "Bratsk").replace("labinsk", "bratsk")
    with pytest.raises(InputError) as raised:
        assured(ASSUMED, MOVED, more, ships, said)
    assert str(raised.value).startswith(
        "assurance of missiles: stock: found 42, expected a stock that the counts on Bratsk"
    )


# -- the picture -----------------------------------------------------------------------------------


def test_the_picture_is_plain_svg_that_says_what_it_shows() -> None:
    found = assured(ASSUMED, COUNTS, f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,,high\n")
    shown = found.chart()
    picture = ElementTree.fromstring(shown.svg)
    assert picture.tag == "{http://www.w3.org/2000/svg}svg"
    assert picture.get("role") == "img"
    label = picture.get("aria-label") or ""
    assert label == f"{shown.title}. {shown.says}"
    assert shown.title.startswith(found.title)
    assert f"{found.prob_none_left_nor_back.best:.4f}" in label
    assert shown.says.endswith("; standard 0.95; 1 look from 1962-11-11 to 1962-11-11.")
    assert "look on 1962-11-11: nothing seen" in shown.svg
    assert not list(picture.iter("{http://www.w3.org/2000/svg}script"))
    assert msgspec.json.decode(msgspec.json.encode(found), type=ItemAssurance).chart() == shown


def test_the_picture_is_had_in_pixels_without_a_browser(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown = assured(ASSUMED, COUNTS).chart()
    assert shown.to_file(Path("a.png"))[:8] == b"\x89PNG\r\n\x1a\n"
    assert shown.to_file(Path("a.svg")) == f"{shown.svg}\n".encode()
    with pytest.raises(InputError) as raised:
        shown.to_file(Path("a.gif"))
    assert str(raised.value) == "file: found a.gif, expected a name ending in .svg or .png."
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(EnvironmentFault) as missing:
        shown.png()
    assert str(missing.value) == (
        "A PNG needs vl-convert. Install it: pip install 'excomm[charts]', or ask for SVG."
    )


# -- what it is held against -----------------------------------------------------------------------

AGREED = """
=== agreement.yaml
id: letters
undertakings:
  - {id: U-1, by: [USSR], to: [USA], kind: achieve, modality: must, what: remove them,
     item: missiles, standard: 0.9}
  - {id: U-2, by: [USSR], to: [USA], kind: maintain, modality: must_not, what: bring none back,
     item: missiles, standard: 0.97}
"""


def test_the_claim_is_held_against_the_strictest_standard_that_an_undertaking_names() -> None:
    found = assured(ASSUMED, COUNTS, AGREED, standard=None)
    assert found.standard == 0.97
    assert found.assumptions[-1] == "held against 0.97, the standard of proof of U-2"
    asked = assured(ASSUMED, COUNTS, AGREED, standard=0.9)
    assert asked.assumptions[-1] == "held against 0.9, as asked"
    by_name = {row.name: row.breaks_at for row in asked.sensitivity}
    assert by_name != {row.name: row.breaks_at for row in found.sensitivity}
    assert asked.prob_none_left_nor_back == found.prob_none_left_nor_back


def test_without_a_standard_the_usual_one_is_taken_and_said() -> None:
    found = assured(ASSUMED, COUNTS, standard=None)
    assert found.standard == 0.95
    assert found.assumptions[-1] == "held against 0.95: no undertaking names a standard of proof"


def test_the_least_number_that_would_have_been_found_needs_no_prior() -> None:
    before = assured(ASSUMED, COUNTS)
    assert before.detection_limit == Limit(None, None, None)
    flown = f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,,high\n"
    found = assured(ASSUMED, COUNTS, flown)
    limits = [detection_limit([d], 0.95) for d in (0.8, 0.6, 0.3)]
    assert found.detection_limit == Limit(*limits) == Limit(2, 4, 9)
    assert found.figures()[-1][1:4] == ("2", "4", "9")


def test_what_carries_the_claim_and_the_next_looks_are_had_in_sentences() -> None:
    found = assured(ASSUMED, COUNTS, f"{LOOKS}L1,1962-11-11,1962-11-11,deck,made,1,,high\n")
    said = found.carried()
    assert said[: len(found.sensitivity)] == tuple(row.sentence for row in found.sensitivity)
    look = found.next_looks[0]
    assert said[len(found.sensitivity) :] == (
        f"one more deck look that sees nothing makes it {look.prob_none_left_nor_back:.4f}"
        f" (+{look.adds:.4f}) at each of west, mariel",
    )


def test_a_century_takes_as_many_steps_as_there_were_looks_and_more_is_refused() -> None:
    flown = f"{LOOKS}L1,1962-11-11,1962-11-11,u2,made,1,,high\n"
    found = assured(ASSUMED, COUNTS, flown, on="1992-11-01")
    slope = {row.name: row.derivative for row in found.sensitivity}
    assert slope["missiles.arrival"] < 0
    assert found.next_looks[0].prob_none_left_nor_back > found.prob_none_left_nor_back.best
    low = next(row for row in found.sensitivity if row.name == "missiles.arrival").at_low
    rows = ASSUMED.replace("0.0001,0.002,0.005", "0.0001,0.0001,0.005")
    there = assured(rows, COUNTS, flown, on="1992-11-01").prob_none_left_nor_back.best
    assert low == approx(there, rel=1e-9)
    with pytest.raises(InputError) as raised:
        assured(ASSUMED, COUNTS, on="9998-12-31")
    assert str(raised.value) == (
        "--on: found 9998-12-31, expected a day within 100 years of the count, 1962-11-09."
        " Ask for an earlier day."
    )
