"""The proof of the open month, as whoever does not believe the bound would run it."""

import subprocess
import sys
from pathlib import Path

PROOF = Path(__file__).parents[2] / "bench/watch_proof.py"
MONTH = Path(__file__).parent / "cases/det-24-30-7-open.json"


def run(*more: str) -> tuple[int, str]:
    told = subprocess.run(
        [sys.executable, str(PROOF), *more], capture_output=True, text=True, check=False
    )
    return told.returncode, told.stdout


def test_three_routes_show_that_no_calendar_of_the_month_exceeds_a_third() -> None:
    status, told = run()
    assert status == 0
    prices, cp_sat, engine = told.splitlines()[1:]
    assert prices.endswith("proved")
    assert "not proved" not in prices
    assert "INFEASIBLE" in cp_sat
    assert engine.startswith("3. the engine: 0.330000")


def test_no_route_shows_what_a_plan_refutes() -> None:
    # A plan with .33 is in the reference file.
    status, told = run(str(MONTH), "0.329")
    assert status == 1
    assert "1. prices: none found" in told
    assert "INFEASIBLE" not in told
