"""Every row of the reference that other packages gave, under our words; approximations by name.

Values from epiR 2.0.57, RSurveillance commit 396259f and freedom 1.1.0 under R 4.2.2
(peer_functions.csv), each with its row's id. Peers' defects are tests that name them.
"""

import numpy as np
import pytest
from pytest import approx

from excomm import assurance as a
from excomm.assurance import approximate
from excomm.errors import InputError


def same(value: object) -> object:
    return approx(value, rel=1e-12, abs=0.0)


# -- one sample ------------------------------------------------------------------------------------


def test_one_sample_finds_as_often_as_the_peers_say() -> None:
    assert a.detection_probability(None, 30, 0.1, 0.9) == same(0.94094702662764251)  # D-P001
    assert a.detection_probability(3, 3, 3, 0.7) == same(0.97299999999999998)  # D-P006
    assert a.detection_over(1, 0.05, [0.9, 0.9, 0.7, 0.5, 0.95]) == same(
        0.18265830041406261
    )  # D-P008
    assert a.detection_probability(24, 12, 1, 0.8) == same(0.4)  # D-P004, exact for one


def test_a_detection_limit_in_shares_is_the_peers() -> None:
    assert a.share_limit(500, 100, 0.95, 0.9) == same(0.030191162539400362)  # D-P023
    assert a.share_limit(None, 300, 0.99, 0.8) == same(0.019041684862302344)  # D-P024
    # Exactly, fifteen of 500 are found with 95 %, and fourteen are not.
    assert a.smallest_found(500, 100, 0.95, 0.9) == 15
    assert a.detection_probability(500, 100, 14, 0.9) < 0.95


def test_sizes_without_end_are_the_peers() -> None:
    assert a.sample_size(None, 0.05, 0.95).exact == 59  # D-P017
    found = a.sample_size_for_absence(0.5, 0.01, 0.95, 0.05, 0.9)  # D-P040
    assert found.size == 65
    assert found.detection == same(0.9484106305367378)
    assert found.prior_absent == same(0.495)


# -- false positives, pools, sensors ---------------------------------------------------------------


def test_cut_points_find_and_spare_as_the_peers_say() -> None:
    for population, present, cut, specificity, wanted in (
        (150, 15, 2, 0.98, 0.87056604684666783),  # D-P011
        (None, 0.1, 1, 0.98, 0.96757009837304264),  # D-P012
        (150, 15, 1, 1.0, 0.95587274036821224),  # D-P013
    ):
        plan = a.detection_cut_point(population, 30, present, cut, 0.9, specificity)
        assert plan.detection == same(wanted)
    found = a.sample_size_cut_point(  # D-P022
        500, 25, detection=0.95, specificity=0.95, sensor_sensitivity=0.95, sensor_specificity=0.98
    )
    assert found is not None
    assert (found.size, found.accepted) == (183, 7)
    assert found.detection == same(0.95044348077248086)
    assert found.specificity == same(0.96809377468264934)


def test_composite_samples_find_as_the_peers_say() -> None:
    plan = a.detection_pooled(60, 5, 0.01, 0.9, 0.99)  # D-P015
    assert plan.detection == same(0.96335921813389236)
    assert plan.specificity == same(0.54715664239076123)
    assert a.sample_size_pooled(5, 0.01, 0.95, 0.9) == 67  # D-P021


def test_two_sensors_that_miss_together_are_worth_less() -> None:
    found = a.joined_sensors((0.9, 0.8), (0.95, 0.97), (0.02, 0.01), finding="any")  # D-P030
    assert found.detection_independent == same(0.98000000000000009)
    assert found.specificity_independent == same(0.92149999999999999)
    assert found.detection == same(0.95999999999999996)
    assert found.specificity == same(0.93149999999999999)
    both = a.joined_sensors((0.9, 0.8), (0.95, 0.97), (0.02, 0.01), finding="all")
    assert both.detection == approx(0.74)
    assert both.specificity == approx(0.9885)
    with pytest.raises(InputError) as raised:
        a.joined_sensors((0.9, 0.8), (0.95, 0.97), (0.2, 0.0), finding="any")
    assert str(raised.value).startswith("covariance[0]: found 0.2, expected -0.02 to 0.08")


# -- risk, stages, pathways ------------------------------------------------------------------------


def test_risks_and_groups_are_the_peers() -> None:
    assert a.adjusted_risk([5, 3, 1], [0.1, 0.3, 0.6]) == same([2.5, 1.5, 0.5])  # D-P025
    by_group = a.present_by_risk(0.02, [5, 1], [0.1, 0.9])
    assert by_group == same([0.071428571428571438, 0.014285714285714287])  # D-P026
    assert a.detection_over([50, 20], by_group, 0.9) == same(0.97215397901600642)  # D-P027
    size = a.sample_size_by_risk(0.02, [5, 1], [0.1, 0.9], [0.6, 0.4], 0.95, 0.9)
    assert size.exact == 68  # D-P029


def test_reports_that_nobody_fetched_are_worth_the_peers_figure() -> None:
    found = a.detection_through_reports([0.1, 0.2, 0.9, 0.99], 5, 0.98, 0.9, 20)  # D-P016
    assert found.detection == same(0.30204835785847672)
    assert found.site == same(0.01781959232156774)


def test_sites_by_risk_and_the_programme_over_them_are_the_peers() -> None:
    each = a.detection_over([[5, 6], [10, 0]], [[0.05, 0.15], [0.1, 0.0]], 0.3)  # D-P042
    assert each == same([0.29660159046749668, 0.26257587310507191])
    programme = a.detection_over(1, [0.01] * 500, [0.2] * 500)  # D-P043, as in the vignette
    assert programme == same(0.63248874514284137)


def test_a_tree_of_one_node_is_the_plan_by_risk() -> None:
    tree = a.scenario_tree([a.Branch(0.1, 5, 0.9), a.Branch(0.9, 1, 0.9)], 0.02)
    assert tree.found([50, 20]) == same(0.97215397901600642)  # D-P027
    below = (a.Branch(0.5, 1, 0.5), a.Branch(0.5, 3, 1.0))
    deep = a.scenario_tree([a.Branch(0.1, 5, branches=below), a.Branch(0.9, 1)], 0.02)
    assert deep.share == approx([0.05, 0.05, 0.9])
    assert deep.share @ deep.present == approx(0.02)
    with pytest.raises(InputError) as raised:
        a.scenario_tree([a.Branch(0.1, 5, branches=(a.Branch(0.4),)), a.Branch(0.9)], 0.02)
    assert str(raised.value).startswith("branches[0].branches: share: found 0.4, expected shares")


def test_places_that_differ_are_drawn_exactly() -> None:
    # Against every set of two of four places, looked at with three different sensitivities.
    looks = [0.9, 0.5, 0.2, 0.0]
    pairs = [(i, j) for i in range(4) for j in range(i)]
    missed = sum((1 - looks[i]) * (1 - looks[j]) for i, j in pairs) / len(pairs)
    assert a.detection_mixed(4, looks[:3], 2) == approx(1 - missed, rel=1e-14)
    alike = a.detection_mixed(60, [0.8] * 15, 3)
    assert alike == same(a.detection_probability(60, 15, 3, 0.8))  # D-D004: .4929
    assert a.detection_two_stage(60, [0.8] * 15, 3) == alike


def test_sizes_of_two_stages_reach_what_was_asked() -> None:
    size = a.sample_size_two_stage(
        500, 100, sites_present=10, items_present=10, site_confidence=0.95, confidence=0.95,
        sensitivity=0.9,
    )  # fmt: skip
    assert (size.sites, size.items) == (135, 28)  # epiR by its closed form: 137 and 29
    at_site = a.detection_probability(100, 28, 10, 0.9)
    assert at_site >= 0.95
    assert a.detection_two_stage(500, [at_site] * 135, 10) >= 0.95
    assert a.detection_two_stage(500, [at_site] * 134, 10) < 0.95


# -- what a claim needs ----------------------------------------------------------------------------


def test_what_a_claim_of_absence_needs_is_the_peers() -> None:
    assert a.discounted(0.95, [0.001, 0.01, 0.05]) == same(
        [0.94904999999999995, 0.9405, 0.90249999999999997]
    )  # D-P037
    assert a.detection_needed(0.5, [0.8, 0.95, 0.99]) == same(
        [0.75, 0.94736842105263164, 0.98989898989898983]
    )  # D-P038
    # RSurveillance sep.prior gives .19999999999999982: it takes .95 from 1 first, as we do.
    assert a.detection_to_hold(0.95, 0.01) == same(0.19999999999999982)  # D-P039
    assert a.equilibrium(0.2, 0.01).prior_absent == approx(0.95)


def test_arrivals_by_pathways_are_one_risk() -> None:
    assert a.introduction_by_pathways([0.01, 0.2], [10, 1]) == approx(1 - 0.99**10 * 0.8)


# -- approximations, by name only ------------------------------------------------------------------


def test_the_peers_approximations_are_had_by_name() -> None:
    by_name = approximate.detection_probability
    assert by_name(500, 50, 10, 0.9) == same(0.61058388188189239)  # D-P002
    assert by_name(300, 60, 6, 0.95) == same(0.71757046351899989)  # D-P007
    mean = (50 * 0.8 + 23 * 0.7) / 73
    assert by_name(73, 73, 4, mean) == same(0.99712753081784189)  # D-P009
    rows = [by_name(50, 10, 3, 0.95), by_name(100, 20, 5, 0.95), by_name(1000, 40, 50, 0.95)]
    assert rows == same([0.46855899999999995, 0.65132155989999996, 0.85587026043322045])  # D-P003
    assert by_name(24, 12, 1, 0.8) == same(0.40000000000000013)  # D-P004
    site = 1 - (1 - 0.1 * 0.9) ** np.array([10] * 10 + [20] * 10)
    assert by_name(500, 20, 10, float(site.mean())) == same(0.25630885992764441)  # D-P010
    assert approximate.specificity_cut_point(150, 30, 3, 2) == same(0.89795029929258097)  # D-P014
    sizes = [approximate.sample_size_formula(n, d, 0.95, 0.9) for n, d in ((50, 3), (500, 25))]
    assert sizes == [36, 63]  # D-P018
    assert approximate.sample_size_formula(50, 1, 0.95, 0.9) is None  # D-P019
    assert approximate.sample_size_formula(100, 10, 0.95, 0.9) == 29  # D-P020
    groups = approximate.detection_in_groups([50, 450], [25, 30], [2.5, 7.5], 0.95)
    assert groups == same(0.87773947752238013)  # D-P028
    assert approximate.detection_cut_point(150, 30, 16.2, 2) == same(0.87825204954680791)  # D-P041


# -- defects of peers, not taken over --------------------------------------------------------------


def test_a_share_of_a_population_is_never_rounded_up_in_binary() -> None:
    # D-P005: epiR 2.0.57 rsu.sep.rs makes 8 of 7 % of 100 and gives .94235199 for 7 present.
    assert approximate.detection_probability(100, 30, 7) == same(0.91764570000000006)
    assert a.detection_probability(100, 30, 7) == approx(0.925, abs=0.001)
    with pytest.raises(InputError):
        a.detection_probability(100, 30, 0.07)


def test_arrivals_of_a_period_are_not_those_of_the_period_before() -> None:
    # D-P032: epiR 2.0.57 rsu.pfree.rs gives .7609, .8670, .9554 from the second period on.
    found = a.prob_absent([0.4, 0.5, 0.6, 0.7], [0.01, 0.05, 0.002, 0.03], 0.5).absent
    assert (np.abs(found[1:] - [0.7609176662, 0.8670406387, 0.9553854678]) > 0.005).all()
    assert found == same(
        [0.62030075187969924, 0.74157303370786509, 0.87682772281445343, 0.94991642359721618]
    )  # D-P033


def test_the_two_results_of_an_equilibrium_stand_under_their_own_names() -> None:
    # D-P036: epiR 2.0.57 rsu.pfree.equ has the prior under epfree and the posterior under depfree.
    found = a.equilibrium(0.6, 0.02)
    assert found.prior_absent == same(0.96666666666666667)
    assert found.absent == same(0.98639455782312924)
    assert found.prior_absent < found.absent
