"""From a case to the next look: what counts, what is refused, what is missing, and the command."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from typer.testing import CliRunner

from excomm.case import Case, CaseHead, View
from excomm.cli import app
from excomm.errors import Faults, InputError
from excomm.folder import read_text
from excomm.watch.situation import Range

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CASE = """=== case.toml
id = "coast"
title = "Coast"
zone = "UTC"
opens = 2024-01-01
recorded = "as dated"

[[parties]]
id = "N"
name = "North"
[[parties]]
id = "S"
name = "South"
[[items]]
id = "guns"
name = "guns"
unit = "guns"
[[sites]]
id = "bay"
name = "Bay"
[[sites]]
id = "cape"
name = "Cape"
within = "west"
[[sites]]
id = "dune"
name = "Dune"
within = "west"
[[sites]]
id = "west"
name = "the West"
[[means]]
id = "jet"
name = "jet"
type = "overflight, high level"
party = "N"
[[means]]
id = "team"
name = "team"
party = "N"
=== agreement.yaml
id: pact
title: Pact
undertakings:
  - {id: U-1, by: S, modality: must_not, kind: maintain, what: no guns,
     verification: [overflight]}
"""
ASSUMED = """=== assumptions.csv
name,low,best,high,author,basis
guns.window_days,4,5,9,the desk,an example
jet.guns.detection,.4,.5,.8,the desk,an example
team.guns.detection,.8,.9,1,the desk,an example
jet.sorties_per_day,1,2,2,the desk,an example
jet.sites_per_sortie,2,2,2,the desk,an example
jet.clear_sky,.5,.8,1,the desk,an example
jet.cost_per_sortie,1,4,4,the desk,an example
jet.loss_per_sortie,0,.01,.1,the desk,an example
team.sorties_per_day,1,1,1,the desk,an example
team.sites_per_sortie,1,1,1,the desk,an example
team.clear_sky,1,1,1,the desk,an example
team.cost_per_sortie,1,9,9,the desk,an example
team.loss_per_sortie,0,0,0,the desk,an example
"""
LOOKS = """=== looks.csv
id,occurred,means,outcome,sites,coverage,reading,note
L1,2024-01-06,jet,made,bay,,high,
L2,2024-01-08,jet,made,west,.5,high,
L3,2024-01-09,jet,made,,,high,names no site
L4,2024-01-09,team,refused,cape,,high,
L5,2024-01-09,jet,failed,bay,,high,clouds
"""
Viewed = Callable[..., View]


@pytest.fixture
def viewed() -> Viewed:
    def made(*parts: str, on: str = "2024-01-10") -> View:
        found = read_text("".join(parts), now=NOW)
        case = Case(
            lambda: found.entries,
            CaseHead("folder", len(found.entries), found.digest),
            name="coast",
        )
        return case.on(on)

    return made


def test_the_next_look_is_at_the_site_seen_least_by_the_means_that_raises_most_for_its_cost(
    viewed: Viewed,
) -> None:
    looks = viewed(CASE, ASSUMED, LOOKS).next_looks()
    # The window of five days that ends on 11 January holds L2 (Cape and Dune, half covered) only.
    assert [(look.site, look.means) for look in looks] == [
        ("bay", "jet"),
        ("cape", "jet"),
        ("dune", "jet"),
    ]
    best = looks[0]
    assert best.before == Range(0.0, 0.0, 0.0)
    assert best.after == pytest.approx((0.4 * 0.5, 0.5 * 0.8, 0.8))
    assert [best.cost, best.per_cost] == pytest.approx([2.0, 0.4 / 2])
    assert [best.least_before, best.least_after] == pytest.approx([0.0, 0.25])
    assert best.legal_basis == ("U-1 agrees on overflight",)
    assert looks[1].before.best == pytest.approx(0.5 * 0.5)


def test_a_refused_means_is_out_until_it_is_let_in_again(viewed: Viewed) -> None:
    cheap = ASSUMED.replace("team.cost_per_sortie,1,9,9", "team.cost_per_sortie,0,0,0")
    by = {look.site: look.means for look in viewed(CASE, cheap, LOOKS).next_looks()}
    assert by == {"bay": "team", "cape": "jet", "dune": "team"}
    let_in = LOOKS + "L6,2024-01-10,team,made,cape,.1,high,\n"
    by = {look.site: look.means for look in viewed(CASE, cheap, let_in).next_looks()}
    assert by["cape"] == "team"


def test_what_cannot_count_is_said(viewed: Viewed) -> None:
    now = viewed(CASE, ASSUMED, LOOKS).watch()
    assert now.excluded == ("team refused at cape: L4", "L3: it names no site")
    assert now.first_day == date(2024, 1, 11)
    assert (now.window, now.sites) == (5, ("bay", "cape", "dune"))
    assert now.days_unseen == (4, 2, 2)


def test_a_means_of_which_no_row_says_what_a_sortie_is_is_named_as_not_planned(
    viewed: Viewed,
) -> None:
    without = "".join(
        line
        for line in ASSUMED.splitlines(keepends=True)
        if not line.startswith("team.") or ".detection" in line
    )
    assert viewed(CASE, without, LOOKS).watch().excluded[-1] == (
        "team: no rows team.sorties_per_day, team.sites_per_sortie, team.cost_per_sortie,"
        " team.loss_per_sortie, team.clear_sky in assumptions.csv"
    )


def test_a_gap_in_access_closes_the_days_it_reaches_into(viewed: Viewed) -> None:
    gap = "=== events.csv\nid,occurred,recorded,kind,party,site,what\n"
    gap += "G1,2024-01-09/2024-01-12,2024-01-09,access_gap,N,dune,storm\n"
    now = viewed(CASE, ASSUMED, LOOKS, gap).watch()
    open_ = now.open_on(4)
    assert not open_[2, :2].any()
    assert open_[2, 2:].all()
    assert open_[:2].all()
    assert [look.site for look in viewed(CASE, ASSUMED, LOOKS, gap).next_looks()] == ["bay", "cape"]


def test_every_missing_assumption_is_named_at_once(viewed: Viewed) -> None:
    fewer = "".join(
        line
        for line in ASSUMED.splitlines(keepends=True)
        if "jet.clear" not in line and "team.loss" not in line
    )
    with pytest.raises(Faults) as caught:
        viewed(CASE, fewer, LOOKS).next_looks()
    assert str(caught.value) == (
        "assumptions.csv: found no row jet.clear_sky, expected a row for the chance that nothing"
        " hides a site from jet (1, 1, 1 for one that sees through). Add the line:"
        " jet.clear_sky,low,best,high,author,basis\n"
        "assumptions.csv: found no row team.loss_per_sortie, expected a row for the chance that one"
        " sortie of team is lost. Add the line: team.loss_per_sortie,low,best,high,author,basis"
    )


def test_without_a_window_nothing_is_watched_for(viewed: Viewed) -> None:
    with pytest.raises(InputError) as caught:
        viewed(CASE).watch()
    assert str(caught.value) == (
        "assumptions.csv: found no row that ends in .window_days, expected a row for the days"
        " within which what is brought back has to be found."
        " Add a line for an item: guns.window_days,low,best,high,author,basis"
    )
    with pytest.raises(InputError, match="expected an item of the case: guns"):
        viewed(CASE, ASSUMED).watch(("planes",))


def test_several_items_are_watched_for_by_what_each_look_sees_worst(viewed: Viewed) -> None:
    two = CASE.replace(
        '[[sites]]\nid = "bay"',
        '[[items]]\nid = "planes"\nname = "planes"\nunit = "planes"\n[[sites]]\nid = "bay"',
    )
    more = ASSUMED + (
        "planes.window_days,3,3,3,the desk,an example\n"
        "jet.planes.detection,.1,.2,.9,the desk,an example\n"
        "team.planes.detection,.9,.9,.9,the desk,an example\n"
    )
    now = viewed(two, more).watch()
    assert now.items == ("guns", "planes")
    assert now.window == 3
    assert now.detect[:, 0, 0] == pytest.approx((0.1 * 0.5, 0.2 * 0.8, 0.8 * 1.0))


def test_the_command_names_the_next_look_and_the_sites_unseen_longest() -> None:
    told = CliRunner().invoke(app, ["watch", "next", "cuba-1962", "--on", "1962-11-12"])
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[:4] == [
        "NEXT LOOK  Bahia Honda, by U-2 overflight",
        "  chance to have found there what came in a window ago: 0.00, then 0.54 (0.25 to 0.81)",
        "  least over all sites: 0.00, then 0.00",
        "  costs 0.2, chance of loss 0.001; basis: CU-1 agrees on overflight;"
        " CU-4 agrees on overflight; CU-5 agrees on overflight",
    ]
    assert lines[lines.index("UNSEEN LONGEST") + 6] == "     75 days  Banes"


def test_where_nothing_is_assumed_the_command_still_lists_what_is_unseen() -> None:
    command = ["watch", "next", "new-start-2010", "--on", "2018-03-01", "--json"]
    told = CliRunner().invoke(app, command)
    assert told.exit_code == 0
    assert '"next":null' in told.stdout
    assert "deployed-warheads.window_days,low,best,high,author,basis" in told.stdout
    assert '"unseen_longest":[{"site":' in told.stdout


def test_an_unknown_item_is_refused() -> None:
    told = CliRunner().invoke(app, ["watch", "next", "cuba-1962", "--item", "tanks"])
    assert isinstance(told.exception, InputError)
    assert str(told.exception).startswith("item: found tanks, expected an item of the case: ")
