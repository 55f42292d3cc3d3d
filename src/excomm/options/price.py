"""The price of verification: the cheapest mix of looks that deters, with everything that ties.

Looks are taken as independent; means that fail together (the same cloud, the same permit) reach
less than this says.
"""

import math
from fractions import Fraction

import msgspec

from excomm.errors import InputError
from excomm.options.inspection import fewest_looks
from excomm.options.models import PriceOfVerification, VerificationMeans

_MIXES_LISTED = 100_000


class PriceAnswer(msgspec.Struct, frozen=True):
    """The least cost, and every mix (looks per means) at that cost; None: the limits forbid it."""

    least_cost: Fraction | None
    mixes: tuple[tuple[int, ...], ...]


def solve_price(model: PriceOfVerification) -> PriceAnswer:
    """Go through the mixes, leaving out those that cannot be cheapest. Exact in fractions.

    Raises InputError: a detection that is no probability, a cost or a limit below 0, a break-even
    below 0, more ties than can be listed.
    """
    _check(model)
    allowed = 1 - model.break_even_detection
    if allowed < 0:
        return PriceAnswer(None, ())
    search = _Search(model.means, allowed)
    search.go((), Fraction(0), Fraction(1))
    return PriceAnswer(search.least, tuple(search.mixes))


class _Search:
    def __init__(self, means: tuple[VerificationMeans, ...], allowed: Fraction) -> None:
        self.means, self.allowed = means, allowed
        self.least: Fraction | None = None
        self.mixes: list[tuple[int, ...]] = []
        # What the means from here on can at best leave undetected, all looks taken.
        self.left = [Fraction(1)]
        for one in reversed(means):
            self.left.insert(0, self.left[0] * (1 - one.detection_per_look) ** one.most_looks)
        # The cheapest reduction of log(undetected) that the means from here on offer.
        self.rate = [math.inf]
        for one in reversed(means):
            self.rate.insert(0, min(self.rate[0], _rate(one)))

    def go(self, taken: tuple[int, ...], cost: Fraction, missed: Fraction) -> None:
        place = len(taken)
        if missed * self.left[place] > self.allowed:
            return
        if self.least is not None and self._at_least(place, cost, missed) > self.least:
            return
        if place == len(self.means):
            self._found(taken, cost)
            return
        one = self.means[place]
        most = one.most_looks
        if one.cost_per_look > 0:
            # More than are needed by this means alone are never cheapest.
            wanted = 1 - self.allowed / missed if missed else Fraction(0)
            enough = fewest_looks(one.detection_per_look, wanted)
            most = min(most, enough) if enough is not None else most
        for looks in range(most + 1):
            left = missed * (1 - one.detection_per_look) ** looks
            self.go((*taken, looks), cost + looks * one.cost_per_look, left)

    def _at_least(self, place: int, cost: Fraction, missed: Fraction) -> Fraction:
        """A lower bound of the whole cost; the float in it is rounded down by a wide margin."""
        if missed <= self.allowed or not self.allowed or not math.isfinite(self.rate[place]):
            return cost
        wanted = math.log(missed / self.allowed)
        return cost + Fraction(max(0.0, wanted * self.rate[place] * (1 - 1e-9) - 1e-9))

    def _found(self, taken: tuple[int, ...], cost: Fraction) -> None:
        if self.least is None or cost < self.least:
            self.least, self.mixes = cost, []
        self.mixes.append(taken)
        if len(self.mixes) > _MIXES_LISTED:
            remedy = "Give looks that cost nothing a cost, or take them out."
            raise InputError("$.means", "more ties than can be listed", "few ties", remedy)


def _rate(one: VerificationMeans) -> float:
    if one.detection_per_look == 0 or one.most_looks == 0:
        return math.inf
    if one.detection_per_look == 1:
        return 0.0
    return float(one.cost_per_look) / -math.log1p(-float(one.detection_per_look))


def _check(model: PriceOfVerification) -> None:
    if model.break_even_detection < 0:
        where, found = "$.break_even_detection", model.break_even_detection
        raise InputError(
            where, found, "0 or more", "A break-even of 0 says there is no temptation."
        )
    for n, one in enumerate(model.means):
        if not 0 <= one.detection_per_look <= 1:
            where = f"$.means[{n}].detection_per_look"
            raise InputError(where, one.detection_per_look, "0 to 1", "Write 85 % as 17/20.")
        if one.cost_per_look < 0:
            where = f"$.means[{n}].cost_per_look"
            raise InputError(where, one.cost_per_look, "0 or more", "A look cannot earn money.")
        if one.most_looks < 0:
            where = f"$.means[{n}].most_looks"
            raise InputError(where, one.most_looks, "0 or more", "Write 0 to leave it out.")
