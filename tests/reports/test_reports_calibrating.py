"""What a likeness is worth, by what the desk has said of such pairs."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from excomm.case import Case
from excomm.cli_reports import reports_repeats
from excomm.folder import read_text
from excomm.ledger import Ledger, create
from excomm.reports.calibrating import ANSWERS_MIN, calibrated
from excomm.reports.deciding import repeat
from excomm.reports.intake import Incoming, take_in

NOW = datetime(2024, 3, 1, 9, tzinfo=UTC)
CASE = """
=== case.toml
id = "port"
title = "A port"
zone = "UTC"
opens = 2024-01-01
parties = [{id = "A", name = "Side A"}]
items = [{id = "launchers", name = "launchers", unit = "launchers"}]
sites = [{id = "north", name = "North Port", lat = 12.0, lon = 42.0}]
=== outlets.csv
id,name
radio,Radio One
"""
answers = st.lists(st.tuples(st.floats(-8, 12), st.booleans()), min_size=ANSWERS_MIN, max_size=60)


@given(answers, st.floats(-8, 12), st.floats(0, 8))
def test_the_chance_never_falls_as_the_score_rises(
    said: list[tuple[float, bool]], score: float, more: float
) -> None:
    desk = calibrated(said)
    assert 0.0 <= desk.chance(score) <= desk.chance(score + more) <= 1.0


@given(answers)
def test_one_more_confirmation_never_lowers_the_chance_of_its_own_score(
    said: list[tuple[float, bool]],
) -> None:
    score = said[0][0]
    before, after = calibrated(said), calibrated([*said, (score, True)])
    assert after.chance(score) >= before.chance(score) - 1e-6


def test_with_few_answers_the_score_is_taken_as_log_odds_and_that_is_said() -> None:
    desk = calibrated([(0.0, False)] * (ANSWERS_MIN - 1))
    assert desk.chance(0.0) == 0.5
    assert str(desk) == "not yet calibrated: 7 of 8 answers that are needed"


def test_the_curve_is_where_the_answers_and_the_prior_together_put_it() -> None:
    # At score 0 the slope plays no part: the top of a binomial of 2 in 10 under an offset of
    # N(0, 1.5), searched on a grid of 0.0005 with math.log1p alone: -1.1035.
    desk = calibrated([(0.0, True)] * 2 + [(0.0, False)] * 8)
    assert desk.offset == pytest.approx(-1.1035, abs=5e-4)
    assert desk.slope == pytest.approx(1.0)
    assert str(desk) == "calibrated on 2 confirmed and 8 undone"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = create(str(tmp_path / "port.ledger"), read_text(CASE, now=NOW).entries, now=NOW)
    days = [f"Launchers were seen at North Port on {day} February." for day in range(1, 7)]
    told = [
        f"{day[:-1]}, {by}." for day in days for by in ("say drivers", "writes a farmer", "we hear")
    ]
    posts = [Incoming(text=text, outlet="radio", item="launchers", site="north") for text in told]
    take_in(made, posts, now=NOW, operator="Ann")
    return made


def test_what_the_desk_answered_moves_the_chance_of_what_is_suggested_next(
    ledger: Ledger, capsys: pytest.CaptureFixture[str]
) -> None:
    def suggested(at: datetime) -> Callable[[], list[tuple[float, str]]]:
        view = Case.open(ledger.where).on(at)
        return lambda: [(each.chance, str(each.calibration)) for each in view.suggested_repeats()]

    before = suggested(NOW)()
    assert len(before) > 12
    assert {said for _, said in before} == {"not yet calibrated: 0 of 8 answers that are needed"}
    view = Case.open(ledger.where).on(NOW)
    later = NOW + timedelta(hours=1)
    for pair in view.suggested_repeats()[:9]:
        repeat(ledger, pair.report, pair.of, "undone", by="Ann", why="", now=later)
    after = suggested(later)()
    assert len(after) == len(before) - 9
    assert {said for _, said in after} == {"calibrated on 0 confirmed and 9 undone"}
    assert max(chance for chance, _ in after) < min(chance for chance, _ in before)
    reports_repeats(ledger.where, on=later.isoformat())
    assert "chance: calibrated on 0 confirmed and 9 undone" in capsys.readouterr().out
