"""The day's draw from a seed committed beforehand, so that nobody can say it was bent.

`commit` gives a digest to lodge before the first day: it binds seed and slots and tells neither.
`draw` gives one day's sites, and only those. When the seed is revealed, `audit` draws every day
anew and names each that differs.
"""

import hashlib
import hmac
from collections.abc import Iterator, Mapping
from itertools import count

import msgspec

from excomm.errors import InputError

_SEED_BYTES_LEAST = 16
_DRAWN_BITS = 53

Slots = tuple[tuple[float, ...], ...]


class Bent(msgspec.Struct, frozen=True):
    """A day whose looks are not those that the committed seed draws."""

    day: int
    drawn: tuple[int, ...]
    flown: tuple[int, ...]


def commit(seed: bytes, slots: Slots) -> str:
    """Hex SHA-256 over seed and slots; lodge it where the other side, or a third, can hold it.

    Raises InputError for a seed under 16 bytes, which could be found by trying.

    >>> commit(b"sixteen bytes ok", ((0.5, 0.5),))[:16]
    'c47d19ff120f70a3'
    """
    _require(seed, slots)
    return hashlib.sha256(b"excomm watch commit\0" + _bytes(slots) + seed).hexdigest()


def draw(seed: bytes, slots: Slots, day: int) -> tuple[int, ...]:
    """The sites to look at on the day, ascending.

    slots[slot][site]: the cycle's probabilities; day d is of slot d modulo their number. Systematic
    sampling in an order drawn for the day: every site comes with exactly its probability, and the
    number of looks is the sum of the slot, up or down to a whole one.
    """
    _require(seed, slots)
    if day < 0:
        raise InputError("day", day, "0 or more", "Count days from the first of the plan.")
    slot = slots[day % len(slots)]
    numbers = _numbers(seed, day)
    point = next(numbers)
    order = list(range(len(slot)))
    for last in range(len(order) - 1, 0, -1):
        other = int(next(numbers) * (last + 1))
        order[last], order[other] = order[other], order[last]
    drawn: list[int] = []
    summed = 0.0
    for site in order:
        before, summed = summed, summed + slot[site]
        # The comb point, point + 1, point + 2, ... has a tooth in [before, summed).
        if _teeth(summed, point) > _teeth(before, point):
            drawn.append(site)
    return tuple(sorted(drawn))


def audit(
    commitment: str, seed: bytes, slots: Slots, flown: Mapping[int, tuple[int, ...]]
) -> tuple[Bent, ...]:
    """The days whose looks were not drawn by the committed seed; none, if no draw was bent.

    flown: by day, the sites that the day's export named. Raises InputError where seed and slots are
    not those committed: then nothing is proved.
    """
    if not hmac.compare_digest(commit(seed, slots), commitment):
        remedy = "Reveal the very seed and slots that were committed."
        raise InputError("seed", "another seed or plan", f"one of digest {commitment}", remedy)
    drawn = {day: draw(seed, slots, day) for day in sorted(flown)}
    return tuple(
        Bent(day, sites, tuple(sorted(flown[day])))
        for day, sites in drawn.items()
        if sites != tuple(sorted(flown[day]))
    )


def _teeth(summed: float, point: float) -> int:
    return max(int(summed - point) + 1, 0) if summed > point else 0


def _numbers(seed: bytes, day: int) -> Iterator[float]:
    """Numbers from 0 to below 1, from the seed and the day alone."""
    for turn in count():
        block = hmac.digest(seed, f"excomm watch draw {day} {turn}".encode(), "sha256")
        yield (int.from_bytes(block[:8], "big") >> 11) / (1 << _DRAWN_BITS)


def _require(seed: bytes, slots: Slots) -> None:
    if len(seed) < _SEED_BYTES_LEAST:
        remedy = "Take 32 bytes from secrets.token_bytes."
        raise InputError("seed", f"{len(seed)} bytes", f"{_SEED_BYTES_LEAST} or more", remedy)
    if not slots or not slots[0]:
        raise InputError("slots", "none", "one slot for each day of the cycle", "Plan a cycle.")
    for n, slot in enumerate(slots):
        for site, probability in enumerate(slot):
            if not 0 <= probability <= 1:
                raise InputError(f"slots[{n}][{site}]", probability, "0 to 1", "Plan a cycle.")


def _bytes(slots: Slots) -> bytes:
    return msgspec.json.encode(slots) + b"\0"
