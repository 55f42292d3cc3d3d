"""The states of a conflict as one array: a cell for every combination of options.

Cells are numbered so that a decision maker's options lie together: the array has one axis for each
decision maker, and along that axis first the options that go both ways (fastest), then those that
go one way, turned so that moving is always from 0 to 1. A move of one decision maker then stays on
one line of the array, and jumping over infeasible cells costs nothing.
"""

from itertools import pairwise

import msgspec
import numpy as np
from numpy.typing import NDArray

from excomm.errors import InputError
from excomm.options.models import OPTIONS_MOST, Conflict, Option, Share

Ints = NDArray[np.int64]
Levels = NDArray[np.int32]
Bools = NDArray[np.bool_]


class Axis(msgspec.Struct, frozen=True):
    """Where one decision maker's options lie: before x (one-way x both-way) x after cells."""

    before: int
    one_way: int  # cells, 2 ** number of options
    both_way: int
    after: int

    @property
    def size(self) -> int:
        """Cells along the axis; 1 for a decision maker without options."""
        return self.one_way * self.both_way


class Cube(msgspec.Struct, frozen=True):
    """The cells, which of them can be, and where each decision maker moves."""

    axes: tuple[Axis, ...]
    states: Ints  # (cells,), the state that a cell stands for
    feasible: Bools  # (cells,)
    all_feasible: bool

    @property
    def cells(self) -> int:
        """2 ** number of options."""
        return int(self.states.size)

    def ascending(self) -> Ints:
        """Feasible cells in ascending order of their states, (states,)."""
        cells = np.flatnonzero(self.feasible)
        return cells[np.argsort(self.states[cells], kind="stable")]


def cube(model: Conflict | Share) -> Cube:
    """Lay the states of a model out.

    Raises InputError: more than 20 options, an option without owner, a pattern of the wrong
    length or with a letter that is none of Y, N, -, nothing feasible.
    """
    _check_names(model)
    options = model.options
    cells = np.arange(1 << len(options), dtype=np.int64)
    states = np.zeros_like(cells)
    axes: list[Axis] = []
    low = 0
    for dm in reversed(model.decision_makers):
        own = [(n, option) for n, option in enumerate(options) if option.dm == dm]
        both = [(n, option) for n, option in own if option.moves == "both"]
        one = [(n, option) for n, option in own if option.moves != "both"]
        for bit, (n, option) in enumerate(both + one, low):
            taken = (cells >> bit) & 1
            states |= (1 - taken if option.moves == "back" else taken) << n
        after = 1 << low
        low += len(own)
        axes.append(Axis(cells.size >> low, 1 << len(one), 1 << len(both), after))
    feasible = np.ones(cells.size, dtype=np.bool_)
    for n, pattern in enumerate(model.infeasible):
        feasible &= ~matches(pattern, states, options, f"$.infeasible[{n}]")
    if not feasible.any():
        remedy = "Take out the pattern that rules everything out."
        raise InputError("$.infeasible", "no feasible state", "at least one", remedy)
    return Cube(tuple(reversed(axes)), states, feasible, bool(feasible.all()))


def matches(pattern: str, states: Ints, options: tuple[Option, ...], where: str) -> Bools:
    """Which states match a pattern of Y (taken), N (not) and - (either), one letter an option.

    Raises InputError with `where`, if the pattern has another length or another letter.
    """
    if len(pattern) != len(options):
        found = f"{pattern} ({len(pattern)} letters)"
        remedy = "Write one of Y, N, - for each option, in their order."
        raise InputError(where, found, f"{len(options)} letters", remedy)
    if set(pattern) - set("YN-"):
        raise InputError(where, pattern, "letters Y, N and -", "Write - where either will do.")
    mask = sum(1 << n for n, letter in enumerate(pattern) if letter != "-")
    value = sum(1 << n for n, letter in enumerate(pattern) if letter == "Y")
    matched: Bools = (states & mask) == value
    return matched


def pattern_of(state: int, options: int) -> str:
    """A state as a pattern.

    >>> pattern_of(5, 4)
    'YNYN'
    """
    return "".join("Y" if state >> n & 1 else "N" for n in range(options))


def cut(states: Ints, starts: Ints) -> list[tuple[int, ...]]:
    """States in parts that start at the given places, the first at 0."""
    flat, bounds = states.tolist(), [*starts.tolist(), states.size]
    return [tuple(flat[low:high]) for low, high in pairwise(bounds)]


def _check_names(model: Conflict | Share) -> None:
    if not model.decision_makers:
        raise InputError("$.decision_makers", "nobody", "at least one", "Name who decides.")
    for n, dm in enumerate(model.decision_makers):
        if dm in model.decision_makers[:n]:
            raise InputError(f"$.decision_makers[{n}]", f"{dm} again", "each once", "Take it out.")
    if len(model.options) > OPTIONS_MOST:
        raise InputError(
            "$.options",
            f"{len(model.options)} options",
            f"{OPTIONS_MOST} or fewer",
            "Split the model: join options that are always taken together, leave out those that no "
            "preference asks about, or solve one issue first and carry its outcome over.",
        )
    for n, option in enumerate(model.options):
        if option.dm not in model.decision_makers:
            remedy = f"Give {option.name} to one of: {', '.join(model.decision_makers)}."
            raise InputError(f"$.options[{n}].dm", option.dm, "a decision maker as owner", remedy)
