"""What one decision maker's improvements can make of each cell: one step, over the whole array.

From cell s it may go to any t on its line that it may move to and that it values more. Sorted by
its own value, those t are a prefix of the line, so the worst among them (for somebody else) is a
running minimum, looked up at the place where s would stand. With one-way options the cells that can
be moved to differ by source, so there is one sorted list for each combination of them: 1.5 ** n
times the memory. Where that gets out of hand, cells are compared change by change instead.
"""

from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.options.cube import Axis, Levels

WORST_NEVER = np.iinfo(np.int32).max
# A line short enough, and few enough cells, to keep every change of every cell in one table.
_CELLS_TABLED = 1 << 3
_TABLE_MOST = 1 << 20
# One-way options of one decision maker up to which lists by source are kept (1.5 ** 4 = 5 times).
_ONE_WAY_LISTED = 1 << 4
# Both-way cells up to which comparing change by change is the cheaper way, if any go one way.
_BOTH_WAY_COMPARED = 1 << 2

Indices = NDArray[np.intp]


class Replies(Protocol):
    """A decision maker's improvements."""

    def carry(self, worst: Levels) -> Levels:
        """The least of `worst` here and wherever one improvement leads, (rows, sets * cells)."""
        ...


def better_replies(axis: Axis, value: Levels) -> Replies:
    """The improvements of one decision maker. value: (sets, cells), 0 where nothing can be."""
    if axis.size <= _CELLS_TABLED and value.size * axis.size <= _TABLE_MOST:
        return _table(axis, value)
    compare = axis.one_way > 1 and axis.both_way <= _BOTH_WAY_COMPARED
    if compare or axis.one_way > _ONE_WAY_LISTED:
        return _Compared(axis, value)
    cells = np.arange(value.size, dtype=np.intp)
    lines = cells.reshape(-1, axis.one_way, axis.both_way, axis.after).transpose(0, 3, 1, 2)
    flat = value.reshape(-1)
    return _Sorted(tuple(_list(lines, flat, source) for source in range(axis.one_way)))


class _Tabled(msgspec.Struct, frozen=True):
    targets: Indices  # (changes, sets * cells), the first its own; no improvement: past the end

    def carry(self, worst: Levels) -> Levels:
        ended = np.full((len(worst), worst.shape[1] + 1), WORST_NEVER, dtype=np.int32)
        ended[:, :-1] = worst
        found: Levels = ended.take(self.targets, axis=1, mode="clip").min(axis=1)
        return found


def _table(axis: Axis, value: Levels) -> Replies:
    flat = value.reshape(-1)
    cells = np.arange(flat.size, dtype=np.intp)
    change = np.arange(axis.size, dtype=np.intp)[:, None] * axis.after
    one_way = change & -(axis.both_way * axis.after)
    targets = cells ^ change
    gains = (flat[targets] > flat) & (cells & one_way == 0)
    gains[0] = True
    targets[~gains] = flat.size
    return _Tabled(targets)


class _List(msgspec.Struct, frozen=True):
    order: Indices  # (lines, targets), cells with the best for the mover first
    source: Indices | slice  # the cells moved from
    place: Indices  # for each of these, the number of better targets, into lines x (targets + 1)


class _Sorted(msgspec.Struct, frozen=True):
    lists: tuple[_List, ...]

    def carry(self, worst: Levels) -> Levels:
        found = worst
        for listed in self.lists:
            lines, targets = listed.order.shape
            running = np.empty((len(worst), lines, targets + 1), dtype=np.int32)
            running[:, :, 0] = WORST_NEVER
            np.minimum.accumulate(
                found.take(listed.order, axis=1, mode="clip"), axis=2, out=running[:, :, 1:]
            )
            there = running.reshape(len(worst), -1).take(listed.place, axis=1, mode="clip")
            if isinstance(listed.source, slice):
                return np.minimum(found, there, out=there)
            found = found.copy() if found is worst else found
            found[:, listed.source] = np.minimum(found[:, listed.source], there)
        return found


def _list(lines: Indices, value: Levels, source: int) -> _List:
    one_way = lines.shape[2]
    configs = [config for config in range(one_way) if config & source == source]
    cells = lines[:, :, configs].reshape(lines.shape[0] * lines.shape[1], -1)
    count, targets = cells.shape
    bits = targets.bit_length() - 1
    # Value and place in one number: sorting numbers is several times faster than sorting indices.
    keys = (WORST_NEVER - value[cells].astype(np.int64) << bits) | np.arange(targets)
    keys.sort(axis=1)
    within = keys & (targets - 1)
    keys >>= bits
    ranks = np.broadcast_to(np.arange(targets), keys.shape).copy()
    ranks[:, 1:][keys[:, 1:] == keys[:, :-1]] = 0
    np.maximum.accumulate(ranks, axis=1, out=ranks)
    order = np.take_along_axis(cells, within, axis=1)
    ranks += np.arange(count)[:, None] * (targets + 1)
    if one_way == 1:
        place = np.empty(order.size, dtype=np.intp)
        place[order.reshape(-1)] = ranks.reshape(-1)
        return _List(order, slice(None), place)
    # `source` is the least of the configs: its cells come first on each line.
    from_here = within < lines.shape[3]
    return _List(order, order[from_here], ranks[from_here])


class _Compared(msgspec.Struct, frozen=True):
    axis: Axis
    value: Levels

    def carry(self, worst: Levels) -> Levels:
        axis = self.axis
        shape = (-1, axis.one_way, axis.both_way, axis.after)
        value = self.value.reshape(shape)
        found = worst.copy()
        lines = found.reshape(len(worst), *value.shape)
        configs, cells = np.arange(axis.one_way), np.arange(axis.both_way)
        for taken in range(axis.one_way):
            source = configs[configs & taken == 0]
            for turned in range(axis.both_way):
                if not taken and not turned:
                    continue
                here = lines[:, :, source]
                there = lines[:, :, source | taken][:, :, :, cells ^ turned]
                better = value[:, source | taken][:, :, cells ^ turned] > value[:, source]
                np.copyto(here, np.minimum(here, there), where=better)
                lines[:, :, source] = here
        return found
