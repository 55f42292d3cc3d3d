"""Seen often enough: how many of the declared items were not seen within so many days, every day.

For a duty that comes round for each of many things ("every declared item seen within 30 days") over
a log of looks, as arrays: days and items are numbers from 0. One pass over the sorted log gives all
days at once; one look more, early or late, changes only the days up to the next look at its item.
No facts and no dates here; callers hold those.
"""

from functools import cached_property

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.errors import InputError
from excomm.layered import Layered

Ints = NDArray[np.int64]
_DIGIT = 1 << 16  # NumPy sorts numbers of two bytes by counting, which is what makes this fast


class Seen(msgspec.Struct, frozen=True, dict=True):
    """What a log of looks says of a duty to see each item within so many days.

    overdue: (days,), how many items had not been seen within `within` days at the end of the day.
    A look on day d serves until day d + within; before the first look the duty counts from day 0.
    """

    overdue: Ints
    items: int
    within: int
    _day: Ints  # of the looks, sorted by item and then by day
    _starts: Ints  # (items + 1,), where the looks of an item begin in it
    _changed: Layered[int, Ints]  # item -> its days, where looks came in since

    @property
    def kept(self) -> NDArray[np.bool_]:
        """(days,), whether every item had been seen in time."""
        return np.equal(self.overdue, 0)

    @property
    def days(self) -> int:
        """How many days are judged."""
        return len(self.overdue)

    def days_of(self, item: int) -> Ints:
        """The days on which an item was seen, in order."""
        changed = self._changed.get(item)
        return (
            self._day[self._starts[item] : self._starts[item + 1]] if changed is None else changed
        )

    @cached_property
    def overdue_now(self) -> Ints:
        """The items not seen in time at the end of the last day."""
        last = np.full(self.items, -1, dtype=np.int64)
        some = self._starts[1:] > self._starts[:-1]
        last[some] = self._day[self._starts[1:][some] - 1]
        for item, days in self._changed.items():
            last[item] = days[-1]
        return np.flatnonzero(self.days - 1 - last > self.within)

    def updated(self, item: int, day: int) -> "Seen":
        """With one look more, whenever it was: equal to asking the whole log again.

        Raises InputError where the item or the day is none.
        """
        for name, value, size in (("item", item, self.items), ("day", day, self.days)):
            if not 0 <= value < size:
                raise InputError(name, value, f"0 to {size - 1}")
        known = self.days_of(item)
        at = int(known.searchsorted(day, side="right"))
        before = int(known[at - 1]) if at else -1
        after = int(known[at]) if at < len(known) else self.days
        overdue = self.overdue
        # Overdue from before's end to after; now only up to the day, and from its own end.
        first, second = (
            before + self.within + 1,
            max(day + self.within + 1, before + self.within + 1),
        )
        if first < after:
            overdue = overdue.copy()
            overdue[first:after] -= 1
            overdue[first:day] += 1
            overdue[second:after] += 1
        days = np.concatenate((known[:at], (day,), known[at:]))
        changed = self._changed.changed({item: days})
        return Seen(overdue, self.items, self.within, self._day, self._starts, changed)


def seen_within(item: Ints, day: Ints, *, items: int, days: int, within: int) -> Seen:
    """How many items were overdue on each day.

    item, day: (looks,), which item was seen on which day; in any order, several of a day allowed.
    items, days: how many there are. within: days that a look serves, 1 or more.
    Raises InputError naming argument and index for a number outside its range.
    """
    if item.shape != day.shape:
        raise InputError("day", day.shape, f"shape {item.shape}", "One day for each look.")
    for name, size in (("items", items), ("days", days), ("within", within)):
        if size < 1:
            raise InputError(name, size, "1 or more")
    _check("item", item, items)
    _check("day", day, days)
    if len(day) and (day[1:] < day[:-1]).any():
        order = _sorted_places(day)
        item, day = item[order], day[order]
    # Stable, so that days stay in order within an item.
    day = day[_sorted_places(item)].astype(np.int64, copy=False)
    counts = np.bincount(item, minlength=items)
    starts = np.concatenate(((0,), counts.cumsum()))
    overdue = np.zeros(days + 1, dtype=np.int64)
    # The end of what each look serves, and the next look at the item (else the end of all days).
    ends, until = day + (within + 1), np.append(day[1:], days)
    lasts = starts[1:][counts > 0] - 1
    until[lasts] = days
    gaps = np.flatnonzero(ends < until)
    firsts = day[starts[:-1][counts > 0]]
    unseen = items - len(firsts)
    late = firsts[firsts > within]
    for begins, stops in ((ends[gaps], until[gaps]), (np.full(len(late), within), late)):
        overdue += np.bincount(begins, minlength=days + 1)[: days + 1]
        overdue -= np.bincount(stops, minlength=days + 1)[: days + 1]
    if within <= days:
        overdue[within] += unseen
    return Seen(overdue.cumsum()[:days], items, within, day, starts, Layered({}))


def _check(name: str, numbers: Ints, size: int) -> None:
    outside = (numbers < 0) | (numbers >= size)
    if outside.any():
        index = int(outside.argmax())
        raise InputError(f"{name}[{index}]", int(numbers[index]), f"0 to {size - 1}")


def _sorted_places(numbers: Ints) -> Ints:
    """The order that sorts numbers from 0 up and leaves equal ones as they stand."""
    order = np.argsort(numbers.astype(np.uint16), kind="stable")  # the low digit
    digit = _DIGIT
    while len(numbers) and digit <= int(numbers.max()):
        high = (numbers[order] // digit).astype(np.uint16)
        order = order[np.argsort(high, kind="stable")]
        digit *= _DIGIT
    return order
