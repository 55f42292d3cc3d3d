"""Bad input, kind by kind: what is wrong, where, what was expected; never a silent clip.

The kinds are those that the engines promise to refuse. Where an end of a range means something
its limit is the answer, and that is tried here too.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from pytest import approx

from excomm import assurance as a
from excomm.assurance.from_facts import item_assurance
from excomm.entries import end_of, parse_when, parse_zone
from excomm.errors import Faults, InputError
from excomm.fold import fold
from excomm.folder import read_text

NAN = float("nan")
PRIOR = [0.9] + [0.1 / 5] * 5

# A call that is right, for each function; what in it is a probability, or a row of them.
RIGHT: list[tuple[Callable[..., object], dict[str, Any], str]] = [
    (a.prob_absent, {"detection": [0.4, 0.5], "introduction": [0.01, 0.02], "prior_absent": 0.5},
     "detection introduction prior_absent"),
    (a.prob_absent_over_places,
     {"detection": [[0.4, 0.5]], "introduction": [0.01, 0.02], "prior_absent": 0.5},
     "introduction prior_absent"),
    (a.equilibrium, {"detection": 0.5, "introduction": 0.1}, "detection introduction"),
    (a.detection_probability, {"population": 20, "sampled": 5, "present": 2, "sensitivity": 0.9},
     "sensitivity"),
    (a.sample_size, {"population": 20, "present": 2, "confidence": 0.9, "sensitivity": 0.9},
     "confidence sensitivity"),
    (a.smallest_found, {"population": 20, "sampled": 5, "confidence": 0.5, "sensitivity": 0.9},
     "confidence sensitivity"),
    (a.share_limit, {"population": 20, "sampled": 5, "confidence": 0.5, "sensitivity": 0.9},
     "confidence sensitivity"),
    (a.expected_remaining,
     {"start": 2.0, "arrivals": [0.1, 0.1], "detection": [0.5, 0.5], "stay": 0.9},
     "detection stay"),
    (a.remaining,
     {"counts": [[3, 2]], "start": ("poisson", 4), "arrivals": 0.5, "detection": 0.5, "stay": 0.9},
     "detection stay"),
    (a.exit_tally,
     {"total": 5, "retained_prior": PRIOR, "tally": 4, "missed": 0.05, "once": 0.93,
      "twice": 0.02, "follow_up": [0.5]}, "retained_prior missed once twice follow_up"),
    (a.exit_tallies,
     {"carriers": [a.Carrier(2, 1), a.Carrier(3, 3)], "total": 5, "retained_prior": PRIOR,
      "missed": 0.05, "once": 0.93, "twice": 0.02, "moved": 0.01, "follow_up": [0.5]},
     "retained_prior missed once twice moved follow_up"),
    (a.detection_limit, {"detection": [0.2, 0.3], "confidence": 0.9}, "detection confidence"),
    (a.worst_site_drawn, {"sites": 2, "drawn": 1, "detection": [0.5, 0.5]}, "detection"),
    (a.equalising_visits, {"detection": [0.5, 0.6], "cost": [1, 1], "budget": 1.0}, "detection"),
    (a.time_to_detection, {"interval": 5, "detection": 0.5}, "detection"),
    (a.solow, {"sightings": 4, "last": 10, "end": 20, "prior_present": 0.5}, "prior_present"),
    (a.stated_detection, {"values": [0.2, 0.9], "weights": [0.5, 0.5]}, "values"),
    (a.prob_absent_uncertain,
     {"coverage": [[1.0, 0.5]], "detection": [a.beta_detection(2, 3, 4)], "introduction": [0.01],
      "prior_absent": 0.5}, "introduction prior_absent"),
    (a.prob_absent_by_outcome,
     {"outcomes": ["nothing", "refused"], "introduction": 0.01, "prior_absent": 0.5,
      "identified": 0.6, "unidentified": 0.1, "false_unidentified": 0.05},
     "introduction prior_absent identified unidentified false_unidentified"),
    (a.detection_of_several, {"detection": [0.5, 0.6]}, "detection"),
    (a.detection_needed, {"prior_absent": 0.5, "absent": 0.9}, "prior_absent absent"),
    (a.detection_to_hold, {"prior_absent": 0.9, "introduction": 0.01}, "prior_absent introduction"),
    (a.discounted, {"prior_absent": 0.9, "introduction": 0.01}, "prior_absent introduction"),
    (a.detection_mixed, {"population": 5, "sensitivity": [0.5, 0.6], "present": 2}, "sensitivity"),
    (a.detection_two_stage, {"sites": 20, "site_detection": [0.5, 0.6], "sites_present": 2},
     "site_detection"),
    (a.detection_over, {"sampled": [3, 4], "present": [0.1, 0.2], "sensitivity": 0.9},
     "present sensitivity"),
    (a.detection_pooled,
     {"pools": 10, "pool_size": 5, "present": 0.02, "sensitivity": 0.9, "specificity": 0.99},
     "present sensitivity specificity"),
    (a.detection_cut_point,
     {"population": 150, "sampled": 30, "present": 10, "cut": 2, "sensitivity": 0.9,
      "specificity": 0.98}, "sensitivity specificity"),
    (a.detection_through_reports,
     {"steps": [0.5, 0.6], "showing": 3, "prob_shows": 0.2, "sensitivity": 0.9,
      "sites_present": 2}, "steps prob_shows sensitivity"),
    (a.introduction_by_pathways, {"chance": [0.01, 0.02], "number": [3, 4]}, "chance"),
    (a.sample_size_pooled,
     {"pool_size": 5, "present": 0.02, "confidence": 0.9, "sensitivity": 0.9},
     "present confidence sensitivity"),
]  # fmt: skip


@pytest.mark.parametrize("bad", [NAN, -0.1, 1.5, float("inf")])
@pytest.mark.parametrize(("function", "call", "chances"), RIGHT)
def test_no_function_takes_a_probability_that_is_none(
    function: Callable[..., object], call: dict[str, Any], chances: str, bad: float
) -> None:
    function(**call)
    for name in chances.split():
        value = call[name]
        wrong = [*value[:-1], bad] if isinstance(value, list) else bad
        with pytest.raises(InputError) as raised:
            function(**{**call, name: wrong})
        assert raised.value.where.partition("[")[0] in (
            name,
            "retained_prior",
            "missed, once, twice",
        )


def said(call: Callable[[], object]) -> str:
    with pytest.raises(InputError) as raised:
        call()
    return str(raised.value)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        # Outside 0 to 1.
        (lambda: a.prob_absent([[0.4], [85.0]], 0.1, 0.5),
         "detection[1, 0]: found 85.0, expected 0 to 1. Write 85 % as 0.85."),
        # NaN where it means nothing; in counts it means that nobody looked.
        (lambda: a.expected_remaining(NAN, [0.1], [0.5]), "start: found nan, expected 0 or more."),
        (lambda: a.time_to_detection(NAN, 0.5),
         "interval: found nan, expected a number above 0."),
        # Shapes that do not broadcast.
        (lambda: a.remaining([[3, 2]], ("poisson", 4), [1, 1, 1], 0.5),
         "arrivals: found shape (3,), expected what broadcasts to sites by periods, (1, 2)."),
        (lambda: a.equilibrium([0.1, 0.2], [0.1, 0.2, 0.3]),
         "introduction: found shape (3,), expected a shape that broadcasts with (2,)."),
        # Negative or fractional counts.
        (lambda: a.remaining([[3, -2]], ("poisson", 4), 1, 0.5),
         "counts[0, 1]: found -2.0, expected a whole number, 0 or more."
         " nan where nobody looked."),
        (lambda: a.exit_tally(5, PRIOR, 2.5, 0.05, 0.93, 0.02),  # type: ignore[arg-type]
         "tally: found 2.5, expected a whole number, 0 or more."),
        (lambda: a.detection_probability(100, 10, 0.07),
         "present: found 0.07, expected a whole number of things."
         " A share goes with population=None."),
        (lambda: a.detection_probability(100, 10, "seven"),  # type: ignore[arg-type]
         "present: found seven, expected numbers of one shape."),
        # More counted than could exist.
        (lambda: a.exit_tally(5, PRIOR, 11, 0.05, 0.93, 0.02),
         "tally: found 11, expected at most 10, each of total = 5 counted twice."
         " Correct the tally or the total."),
        (lambda: a.exit_tallies([a.Carrier(2, 3)], 5, PRIOR, 0.05, 0.95, 0.0),
         "carriers[0].counted: found 3, expected at most 2, each of 2 counted once."
         " Correct the count, the declared number, or allow double counts or `moved`."),
        (lambda: a.remaining([[3, 4]], ("fixed", 3), 0, 0.5),
         "counts[0, 1]: found 4, expected a count that start, arrivals and detection allow. More"
         " was counted than could be there, or something where no look sees any."),
        # A prior that excludes the data.
        (lambda: a.exit_tally(5, [0, 0, 0, 0, 0, 1.0], 5, 0.05, 0.95, 0.0),
         "retained_prior: found none of its numbers possible with a tally of 5, expected a prior"
         " that the tally and the looks do not exclude."),
        (lambda: a.prob_absent([0.4, 1.0], [0.0], 0.0),
         "detection[1]: found a look that surely sees and saw nothing, expected less than 1 where"
         " something is surely there. One of prior_absent, introduction and detection must leave"
         " room for doubt."),
    ],
)  # fmt: skip
def test_each_kind_of_bad_input_says_where_and_what(call: Callable[[], object], says: str) -> None:
    assert said(call) == says


def test_a_sure_look_and_a_sure_arrival_are_their_limits() -> None:
    # Documented with prob_absent: exactly 0 or 1, and no other value ever is.
    looked = a.prob_absent([1.0, 0.5], [0.0, 0.1], 0.5)
    assert (looked.absent[0], looked.present[0]) == (1.0, 0.0)
    assert looked.absent[1] < 1.0
    arrived = a.prob_absent([0.5, 0.5], [1.0, 0.1], 0.5)
    assert (arrived.absent[0], arrived.present[0]) == (0.0, 1.0)
    assert float(a.equilibrium(1.0, 0.2).absent) == 1.0
    assert float(a.equilibrium(0.5, 1.0).absent) == 0.0


@pytest.mark.parametrize("looks", [50, 300, 500, 575])
def test_a_complement_keeps_its_digits_down_to_1e_300(looks: int) -> None:
    detection = 0.7
    found = a.prob_absent([detection] * looks, 0.0, 0.5)
    odds = 0.3**looks
    assert found.present[-1] == approx(odds / (1.0 + odds), rel=1e-12, abs=0.0)
    thinned = a.expected_remaining(1.0, [0.0] * looks, [detection] * looks)
    assert thinned.prob_some[-1] == approx(odds, rel=1e-12, abs=0.0)
    kept = a.exit_tally(1, [0.5, 0.5], 1, 0.3**looks, 1.0 - 0.3**looks, 0.0)
    assert kept.prob_some == 0.0  # one of one counted out: certain
    many = a.exit_tally(1, [0.5, 0.5], 0, 0.25, 0.75, 0.0, [detection] * looks)
    assert many.prob_some == approx(odds / (odds + 0.25), rel=1e-12, abs=0.0)
    counted = a.remaining([[0.0] * looks], ("poisson", 1.0), 0.0, detection)
    assert counted.prob_some == approx([odds], rel=1e-12, abs=0.0)


CASE = """
=== case.toml
id = "island"
title = "Island"
zone = "-05:00"
opens = 1962-08-29
recorded = "as dated"
parties = [{id = "USA", name = "United States"}, {id = "USSR", name = "Soviet Union"}]
items = [{id = "missiles", name = "missiles", unit = "missiles"}]
sites = [{id = "west", name = "San Cristobal"}]
means = [{id = "u2", name = "U-2 overflight"}]
=== assumptions.csv
name,low,best,high,author,basis
missiles.stock,42,42,44,desk,estimate
missiles.prob_retained,0.05,0.1,0.3,desk,guess
missiles.exit.missed,0.02,0.05,0.15,desk,guess
missiles.exit.twice,0,0,0,desk,guess
missiles.arrival,0.0001,0.002,0.005,desk,guess
u2.missiles.detection,0.3,0.6,0.8,desk,guess
"""
COUNTS = "=== counts.csv\nid,occurred,item,number,moving,scope,reading\n"
LOOKS = "=== looks.csv\nid,occurred,means,outcome,sites,reading\n"


def assured(*parts: str) -> object:
    entries = read_text("".join((CASE, *parts)), now=datetime(2024, 1, 1, tzinfo=UTC)).entries
    zone = parse_zone("-05:00")
    on = end_of(parse_when("1962-11-12"), zone)
    return item_assurance(fold(lambda: entries, on=on, zone=zone), "missiles")


def test_entries_that_contradict_each_other_are_named() -> None:
    out = f"{COUNTS}C-out,1962-11-09,missiles,45,leaving,total,high\n"
    assert said(lambda: assured(out)) == (
        "counts C-out: found 45 counted out, expected at most 42: missiles.stock is 42, each"
        " counted once. Correct the counts or the assumption."
    )
    there = (
        f"{COUNTS}P-1,1962-11-01,missiles,20,present,own,high\n"
        "P-2,1962-11-01,missiles,45,present,total,high\n"
    )
    assert said(lambda: assured(there)) == (
        "counts P-1, P-2: found 45 at one time, expected at most 44, the high of missiles.stock."
        " Correct the counts or the assumption."
    )


def test_a_look_at_an_unknown_site_is_refused_with_its_line() -> None:
    flown = f"{LOOKS}L1,1962-11-11,u2,made,west; atlantis,high\n"
    with pytest.raises(Faults) as raised:
        assured(flown)
    assert str(raised.value).startswith("looks.csv:2: sites: found atlantis, expected a site")


def test_figures_are_no_other_for_having_been_refused_once() -> None:
    before = a.prob_absent([0.4, 0.5], [0.01, 0.05], 0.5).absent
    said(lambda: a.prob_absent([0.4, NAN], [0.01, 0.05], 0.5))
    np.testing.assert_array_equal(a.prob_absent([0.4, 0.5], [0.01, 0.05], 0.5).absent, before)
