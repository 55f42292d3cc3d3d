"""In what share of the preferences that may be meant does an outcome hold, and what decides it.

Preferences are never known; these counts say how much hangs on them. A share of orders is not a
probability: nothing says that the orders are equally likely.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, islice, pairwise, permutations, product

import msgspec
import numpy as np

from excomm.errors import InputError
from excomm.options.cube import Bools, Levels
from excomm.options.graph import Graph, graph
from excomm.options.models import Conflict, Orders, Partial, Preference, Sampling, Share, Ties
from excomm.options.preferences import STATEMENTS_AT_ONCE, statement_truth, weigh
from excomm.options.rankings import ENUMERATED_MOST, Rankings, share_interval
from excomm.options.sweeps import CONCEPTS

STATEMENTS_ENUMERATED = 8
_CELLS_AT_ONCE = 1 << 20
_SEQ = CONCEPTS.index("seq")


class Drawn(msgspec.Struct, frozen=True):
    """Where not all were gone through: how many were drawn, the 95 % interval of the seq share."""

    draws: int
    seed: int
    seq_share_low: float
    seq_share_high: float


class OrdersTarget(msgspec.Struct, frozen=True):
    """One outcome over all orders of one decision maker's statements."""

    stable_for_it_in: dict[str, int]
    equilibrium_in: dict[str, int]
    # [x, y, with x before y, with x after y], statements counted from 1
    seq_equilibrium_count_if_x_before_y_and_if_after: tuple[tuple[int, int, int, int], ...]
    decides: (
        tuple[int, int] | None
    )  # the first more important than the second: what holds hangs on it
    drawn: Drawn | None = None


class OrdersOf(msgspec.Struct, frozen=True):
    """All orders of one decision maker's statements."""

    orders: int
    targets: dict[int, OrdersTarget]


class PartialAnswer(msgspec.Struct, frozen=True):
    """The rankings that agree with what is known."""

    rankings: int
    equilibrium_in: dict[str, int]
    decides: tuple[int, int] | None  # were the first known to be better than the second
    drawn: Drawn | None = None


class ShareAnswer(msgspec.Struct, frozen=True):
    """All combinations of strict rankings."""

    pairs: int
    equilibrium_in: dict[str, dict[int, int]]
    no_equilibrium_in: dict[str, int]
    draws: int | msgspec.UnsetType = msgspec.UNSET


def solve_orders(model: Orders) -> dict[str, OrdersOf]:
    """For each decision maker with statements: every order of them, the others as given.

    Raises InputError: a target that cannot be; more than 8 statements and no `sampling`.
    """
    conflict = conflict_of(model.model)
    ready = graph(conflict)
    targets = [ready.number(s, f"$.targets[{n}]") for n, s in enumerate(model.targets)]
    answer = {}
    for row, dm in enumerate(conflict.decision_makers):
        preference = conflict.preferences[dm]
        if preference.statements is not None:
            answer[dm] = _orders_of(ready, row, preference, model, targets)
    if not answer:
        raise InputError(
            "$.model", "rankings only", "statements of some decision maker", "Use kind partial."
        )
    return answer


def _orders_of(
    ready: Graph, row: int, preference: Preference, model: Orders, targets: Sequence[int]
) -> OrdersOf:
    dm = ready.model.decision_makers[row]
    truth = statement_truth(preference, ready.cube, ready.model.options, f"$.preferences.{dm}")
    count = len(truth)
    total = math.factorial(count)
    sampling = None if count <= STATEMENTS_ENUMERATED else needed(model.sampling, total)
    if sampling is None:
        orders = np.array(list(permutations(range(count))), dtype=np.int64).reshape(total, count)
    else:
        random = np.random.default_rng(sampling.seed)
        orders = random.permuted(np.tile(np.arange(count), (sampling.draws, 1)), axis=1)
    at_once = max(1, _CELLS_AT_ONCE // ready.cube.cells)
    parts = []
    for start in range(0, len(orders), at_once):
        tried = _weighed(truth, orders[start : start + at_once])
        tried[:, ~ready.cube.feasible] = 0
        parts.append(ready.stable(_with(ready, row, tried))[..., targets])
    stable = np.concatenate(parts, axis=2)  # (concepts, people, orders, targets)
    equilibrium: Bools = np.logical_and.reduce(stable, axis=1)
    places = np.argsort(orders, axis=1)
    told = {}
    for n, state in enumerate(model.targets):
        held = equilibrium[_SEQ, :, n]
        pairs = []
        for x, y in combinations(range(count), 2):
            before = held & (places[:, x] < places[:, y])
            pairs.append((x + 1, y + 1, int(before.sum()), int(held.sum() - before.sum())))
        told[state] = OrdersTarget(
            _counts(stable[:, row, :, n]),
            _counts(equilibrium[:, :, n]),
            tuple(pairs),
            _deciding_pair(pairs),
            _drawn(sampling, held),
        )
    return OrdersOf(total, told)


def solve_partial(model: Partial) -> PartialAnswer:
    """Every strict ranking that agrees with the comparisons, the other decision makers as given.

    Raises InputError: a state that cannot be, comparisons that contradict each other (with the
    cycle), too many rankings and no `sampling`.
    """
    ready, row, known = compared(model)
    target = ready.number(model.target, "$.target")
    states = ready.states.tolist()
    rankings = Rankings(states, known, "$.known")
    sampling = None
    if rankings.count <= ENUMERATED_MOST:
        every = np.array(list(rankings.every()), dtype=np.int64)
        valued = (np.argsort(every, axis=1) + 1).astype(np.int32)
    else:
        sampling = needed(model.sampling, rankings.count)
        valued = rankings.drawn(sampling)
    held = np.concatenate(
        [np.logical_and.reduce(part[..., target], axis=1) for part in solved(ready, row, valued)],
        axis=1,
    )
    return PartialAnswer(
        rankings.count,
        _counts(held),
        _deciding(valued, held[_SEQ], states),
        _drawn(sampling, held[_SEQ]),
    )


def solve_ties(model: Ties) -> PartialAnswer:
    """Every strict ranking that the ties of one decision maker may stand for, the others as given.

    Raises InputError: a preference that is no ranking, more rankings than can be gone through
    without `sampling`.
    """
    conflict = conflict_of(model.model)
    preference = conflict.preferences.get(model.decision_maker)
    if preference is None or preference.ranking is None:
        found = "statements" if preference else "nothing"
        remedy = "Name a decision maker with a ranking; for statements ask kind orders."
        raise InputError("$.decision_maker", found, "a ranking with ties", remedy)
    levels = [(one,) if isinstance(one, int) else one for one in preference.ranking]
    # Neighbouring levels are enough: what is better than the better is better too.
    known = tuple(pair for upper, lower in pairwise(levels) for pair in product(upper, lower))
    return solve_partial(
        Partial(conflict, model.decision_maker, known, model.target, model.name, model.sampling)
    )


def solve_share(model: Share) -> ShareAnswer:
    """Every combination of strict rankings of all decision makers: where are equilibria?

    Raises InputError where there are too many combinations and no `sampling`.
    """
    unknown = {dm: Preference(statements=()) for dm in model.decision_makers}
    ready = graph(
        Conflict(model.decision_makers, model.options, unknown, infeasible=model.infeasible)
    )
    people, states = len(model.decision_makers), len(ready.states)
    total = math.factorial(states) ** people
    sampling = None if total <= ENUMERATED_MOST else needed(model.sampling, total)
    hits = np.zeros((len(CONCEPTS), states), dtype=np.int64)
    none = np.zeros(len(CONCEPTS), dtype=np.int64)
    for valued in _combinations(people, states, sampling, ready.cube.cells):
        equilibrium: Bools = np.logical_and.reduce(ready.stable(_over_cells(ready, valued)), axis=1)
        hits += equilibrium.sum(axis=1)
        none += (~equilibrium.any(axis=2)).sum(axis=1)
    named = ready.states.tolist()
    return ShareAnswer(
        total,
        {c: dict(zip(named, hits[n].tolist(), strict=True)) for n, c in enumerate(CONCEPTS)},
        {c: int(none[n]) for n, c in enumerate(CONCEPTS)},
        sampling.draws if sampling else msgspec.UNSET,
    )


def compared(model: Partial) -> tuple[Graph, int, list[tuple[int, int]]]:
    """A partial model made ready: its graph, the decision maker's place, comparisons by number."""
    conflict = conflict_of(model.model)
    free = {**conflict.preferences, model.decision_maker: Preference(statements=())}
    if model.decision_maker in conflict.decision_makers:
        conflict = msgspec.structs.replace(conflict, preferences=free)
    ready = graph(conflict)
    row = ready.dm(model.decision_maker, "$.decision_maker")
    known = []
    for n, (better, worse) in enumerate(model.known):
        where = f"$.known[{n}]"
        known.append((ready.number(better, where), ready.number(worse, where)))
    return ready, row, known


def conflict_of(model: str | Conflict) -> Conflict:
    """The conflict a model works on. Raises InputError where it is only named, not read with it."""
    if isinstance(model, Conflict):
        return model
    remedy = "Read the model from its file, or write the conflict out in its place."
    raise InputError("$.model", model, "a conflict", remedy)


def needed(sampling: Sampling | None, total: int) -> Sampling:
    """The sampling, where not all can be gone through. Raises InputError, if none was given."""
    said = str(total) if total < 10**12 else f"about 1e{len(str(total)) - 1}"
    if sampling is None:
        remedy = (
            f'{said} are too many to go through: add "sampling": {{"draws": 10000, "seed": 1}}.'
        )
        raise InputError("$.sampling", "nothing", "draws and seed", remedy)
    if not 1 <= sampling.draws <= 1_000_000:
        raise InputError("$.sampling.draws", sampling.draws, "1 to 1000000", "Give 10000.")
    if sampling.seed < 0:
        raise InputError("$.sampling.seed", sampling.seed, "0 or more", "Give any whole number.")
    return sampling


def _with(ready: Graph, row: int, tried: Levels) -> Levels:
    """The model's values, those of one decision maker replaced, (people, sets, cells)."""
    valued = np.broadcast_to(ready.values[:, None], (len(ready.values), *tried.shape)).copy()
    valued[row] = tried
    return valued


def _over_cells(ready: Graph, valued: Levels) -> Levels:
    """Values of states, (..., states), laid over the cells."""
    number = ready.number_of_cell
    return np.where(number >= 0, valued[..., number], 0)


def solved(ready: Graph, row: int, valued: Levels) -> Iterator[Bools]:
    """What is stable under rankings of one decision maker, (concepts, people, some, states).

    valued: (rankings, states), greater is better; the other decision makers as the model has them.
    """
    at_once = max(1, _CELLS_AT_ONCE // ready.cube.cells)
    for start in range(0, len(valued), at_once):
        tried = _over_cells(ready, valued[start : start + at_once])
        yield ready.stable(_with(ready, row, tried))


def _weighed(truth: Bools, orders: np.ndarray[tuple[int, int], np.dtype[np.int64]]) -> Levels:
    if len(truth) > STATEMENTS_AT_ONCE:
        return np.stack([weigh(truth, order.tolist()) for order in orders])
    worth = np.zeros((len(orders), truth.shape[1]), dtype=np.int32)
    for place in range(len(truth)):
        worth *= 2
        worth += truth[orders[:, place]]
    return worth + np.int32(1)


def _combinations(
    people: int, states: int, sampling: Sampling | None, cells: int
) -> Iterator[Levels]:
    at_once = max(1, _CELLS_AT_ONCE // cells)
    if sampling is not None:
        random = np.random.default_rng(sampling.seed)
        for start in range(0, sampling.draws, at_once):
            count = min(at_once, sampling.draws - start)
            ordered = np.tile(np.arange(1, states + 1, dtype=np.int32), (people, count, 1))
            yield random.permuted(ordered, axis=2)
        return
    every = np.array(list(permutations(range(1, states + 1))), dtype=np.int32)
    for start in range(0, len(every) ** people, at_once):
        flat = np.arange(start, min(start + at_once, len(every) ** people))
        yield np.stack([every[n] for n in np.unravel_index(flat, (len(every),) * people)])


def _counts(held: Bools) -> dict[str, int]:
    return {concept: int(held[n].sum()) for n, concept in enumerate(CONCEPTS)}


def _deciding_pair(pairs: Sequence[tuple[int, int, int, int]]) -> tuple[int, int] | None:
    """The pair whose order makes the greatest difference; turned so that it helps the outcome."""
    best = max(pairs, key=lambda pair: abs(pair[2] - pair[3]), default=None)
    if best is None or best[2] == best[3]:
        return None
    return (best[0], best[1]) if best[2] > best[3] else (best[1], best[0])


def _deciding(valued: Levels, held: Bools, states: Sequence[int]) -> tuple[int, int] | None:
    """The comparison of two states that, made known, moves the share of orders the most."""
    best, found = 0.0, None
    for a, b in islice(combinations(range(len(states)), 2), 10_000):
        above = valued[:, a] > valued[:, b]
        if above.all() or not above.any():
            continue
        gap = float(held[above].mean() - held[~above].mean())
        if abs(gap) > best + 1e-12:
            best, found = abs(gap), (states[a], states[b]) if gap > 0 else (states[b], states[a])
    return found


def _drawn(sampling: Sampling | None, held: Bools) -> Drawn | None:
    if sampling is None:
        return None
    low, high = share_interval(int(held.sum()), sampling.draws)
    return Drawn(sampling.draws, sampling.seed, low, high)
