"""Rankings that agree with what is known: counted, gone through, or drawn.

What is known is a list of comparisons (better, worse). Comparisons that tie nothing together leave
parts that can be ranked apart and shuffled; within a part the orders are counted by the sets of
states that can stand at the bottom, which also allows drawing them with equal chances, exactly.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np

from excomm.errors import InputError
from excomm.options.cube import Levels
from excomm.options.models import Sampling

Comparisons = Sequence[tuple[int, int]]

# 9! orders of a small model take seconds; beyond that they are drawn.
ENUMERATED_MOST = 400_000
_BOTTOM_SETS_MOST = 1 << 16


class Rankings:
    """Strict rankings of named states under comparisons of their numbers (better, worse).

    where: the place of the comparisons, for errors. Raises InputError naming the cycle, where they
    contradict each other.

    >>> Rankings([4, 6, 9], [(0, 1)], "$.known").count
    3
    """

    def __init__(self, states: Sequence[int], known: Comparisons, where: str) -> None:
        self.size = len(states)
        self.below = [0] * self.size  # per state: those known to be worse, as bits
        for better, worse in known:
            self.below[better] |= 1 << worse
        self._where = where
        cycle = _cycle(self.below)
        if cycle:
            told = " better than ".join(str(states[n]) for n in (*cycle, cycle[0]))
            remedy = "Take one of these comparisons out."
            raise InputError(where, told, "comparisons that can all be true", remedy)

    @cached_property
    def parts(self) -> tuple[tuple[int, ...], ...]:
        """States tied together by comparisons, each part ascending."""
        part = list(range(self.size))
        for better in range(self.size):
            for worse in range(self.size):
                if self.below[better] >> worse & 1 and part[better] != part[worse]:
                    old, new = part[worse], part[better]
                    part = [new if p == old else p for p in part]
        return tuple(tuple(n for n in range(self.size) if part[n] == p) for p in sorted(set(part)))

    @cached_property
    def count(self) -> int:
        """How many rankings agree with what is known, exactly."""
        total = math.factorial(self.size)
        for part in self.parts:
            total = total // math.factorial(len(part)) * self._ways(part)[0]
        return total

    def every(self) -> Iterator[tuple[int, ...]]:
        """All of them, worst first."""
        return self._grown((), 0)

    def drawn(self, sampling: Sampling) -> Levels:
        """Some, each with the same chance, as values (draws, size): 1 the worst."""
        random = np.random.default_rng(sampling.seed)
        values = np.empty((sampling.draws, self.size), dtype=np.int32)
        for row in values:
            places = random.permutation(self.size)
            start = 0
            for part in self.parts:
                own = np.sort(places[start : start + len(part)])
                row[list(self._draw(part, random))] = own + 1
                start += len(part)
        return values

    def _grown(self, done: tuple[int, ...], placed: int) -> Iterator[tuple[int, ...]]:
        if len(done) == self.size:
            yield done
            return
        for n in self._nexts(range(self.size), placed):
            yield from self._grown((*done, n), placed | 1 << n)

    @cached_property
    def _ways_of(self) -> dict[tuple[int, ...], dict[int, int]]:
        return {}

    def _ways(self, part: tuple[int, ...]) -> dict[int, int]:
        """For each set that can stand at the bottom, in how many ways the rest goes on top."""
        if part in self._ways_of:
            return self._ways_of[part]
        layers: list[set[int]] = [{0}]
        total = 1
        for _ in part:
            grown: set[int] = set()
            for low in layers[-1]:
                grown.update(low | 1 << n for n in self._nexts(part, low))
                if total + len(grown) > _BOTTOM_SETS_MOST:
                    raise InputError(
                        self._where,
                        f"{len(part)} states compared only in part",
                        "few enough possible orders to draw from",
                        "Give more comparisons, or write the preference as statements.",
                    )
            total += len(grown)
            layers.append(grown)
        ways = dict.fromkeys(layers[-1], 1)
        for layer in reversed(layers[:-1]):
            for low in sorted(layer):
                ways[low] = sum(ways[low | 1 << n] for n in self._nexts(part, low))
        self._ways_of[part] = ways
        return ways

    def _nexts(self, part: Sequence[int], low: int) -> list[int]:
        """What can come next above a bottom set."""
        return [n for n in part if not low >> n & 1 and self.below[n] & ~low == 0]

    def _draw(self, part: tuple[int, ...], random: np.random.Generator) -> tuple[int, ...]:
        ways = self._ways(part)
        low = 0
        drawn: list[int] = []
        while len(drawn) < len(part):
            nexts = self._nexts(part, low)
            weights = [ways[low | 1 << n] for n in nexts]
            chosen = _weighed(weights, random)
            drawn.append(nexts[chosen])
            low |= 1 << nexts[chosen]
        return tuple(drawn)


def _weighed(weights: Sequence[int], random: np.random.Generator) -> int:
    """An index drawn by whole-number weights of any size, without rounding."""
    total = sum(weights)
    size = (total.bit_length() + 7) // 8
    while True:
        at = int.from_bytes(random.bytes(size), "big") & ((1 << total.bit_length()) - 1)
        if at < total:
            break
    for n, weight in enumerate(weights):
        at -= weight
        if at < 0:
            return n
    raise AssertionError(at)


def _cycle(below: Sequence[int]) -> tuple[int, ...]:
    """Things that are each known to be better than the next, the last than the first; or none."""
    left = set(range(len(below)))
    while True:
        bottom = [n for n in sorted(left) if not any(below[n] >> m & 1 for m in left)]
        if not bottom:
            break
        left -= set(bottom)
    if not left:
        return ()
    walk = [min(left)]
    while True:
        after = next(m for m in sorted(left) if below[walk[-1]] >> m & 1)
        if after in walk:
            return tuple(walk[walk.index(after) :])
        walk.append(after)


def share_interval(hits: int, draws: int) -> tuple[float, float]:
    """95 % interval of a share that was estimated by equal draws (Wilson 1927)."""
    z = 1.959963984540054
    share = hits / draws
    middle = (share + z * z / (2 * draws)) / (1 + z * z / draws)
    half = z / (1 + z * z / draws) * math.sqrt(share * (1 - share) / draws + z * z / 4 / draws**2)
    return max(0.0, middle - half), min(1.0, middle + half)
