"""A second opinion from pygambit, where it is installed (GPL; never part of the product or CI)."""

import random
from fractions import Fraction

import pytest

from excomm.options.inspection import Simultaneous, solve_one_shot
from excomm.options.models import InspectionOneShot, InspectionPayoffs

gbt = pytest.importorskip("pygambit")


@pytest.mark.parametrize("seed", range(20))
def test_the_inspection_game_has_the_equilibria_that_another_solver_finds(seed: int) -> None:
    rng = random.Random(seed)
    gain, loss, undetected = (Fraction(rng.randint(1, 9)) for _ in range(3))
    detected, cost = Fraction(rng.randint(0, 3)), Fraction(rng.randint(1, 3))
    detection = Fraction(rng.randint(1, 9), 10)
    pay = InspectionPayoffs(
        inspectee_gain_undetected=gain,
        inspectee_loss_detected=loss,
        inspector_loss_undetected=undetected,
        inspector_loss_detected=detected,
        inspection_cost=cost,
        detection_if_inspected=detection,
    )
    found = solve_one_shot(InspectionOneShot(pay))
    caught = detection * -loss + (1 - detection) * gain
    seen = -cost - detection * detected - (1 - detection) * undetected
    # Rows: inspect or not; columns: violate or not.
    game = gbt.Game.from_arrays(
        [[seen, -cost], [-undetected, Fraction(0)]], [[caught, Fraction(0)], [gain, Fraction(0)]]
    )
    every = gbt.nash.enummixed_solve(game, rational=True).equilibria
    assert isinstance(found.simultaneous, Simultaneous)
    ours = (found.simultaneous.inspect_probability, found.simultaneous.violate_probability)
    inspector, inspectee = game.players
    theirs = {
        tuple(
            Fraction(int(one[first].numerator), int(one[first].denominator))
            for first in (next(iter(inspector.strategies)), next(iter(inspectee.strategies)))
        )
        for one in every
    }
    assert ours in theirs
