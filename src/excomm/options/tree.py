"""Offer, accept, counter, refuse: what follows if everyone does his best from here on, exactly.

Backward induction in fractions. Where a player is indifferent the first branch listed is followed,
and every tie is reported with all values that could come of it. Switching points say at what
belief the first move changes: chance stands for what one side believes of the other as well.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import pairwise, product

import msgspec

from excomm.errors import InputError
from excomm.options.models import Branch, Node, Tree

CHANCE = "chance"
_VALUES_MOST = 10_000
_TURNS_MOST = 100

Payoffs = tuple[Fraction, ...]


class Tie(msgspec.Struct, frozen=True):
    """A turn at which several branches are equally good for the player."""

    at: tuple[str, ...]  # the way to it
    by: str
    actions: tuple[str, ...]


class Switch(msgspec.Struct, frozen=True):
    """At which probability of one outcome the first move changes, all else as given."""

    at: tuple[str, ...]  # the way to the turn of chance
    outcome: str
    given: Fraction
    probability: Fraction
    below: str
    above: str


class TreeAnswer(msgspec.Struct, frozen=True):
    """The value to each player, and the way to the first turn of chance or the end."""

    value: Payoffs
    path_to_first_chance_or_end: tuple[str, ...]
    ties: tuple[Tie, ...] = ()
    values_by_ties: tuple[Payoffs, ...] = ()  # all of them, if there is more than one
    switching: tuple[Switch, ...] = ()


def solve_tree(model: Tree) -> TreeAnswer:
    """Solve backwards.

    Raises InputError: a turn of nobody known, probabilities that do not sum to one, a payoff
    missing, a branch without action or probability, more tied values than can be listed.
    """
    _check(model.root, model.players, "$.root")
    root = _turn(model.root, model.players)
    tied = _values(root)
    return TreeAnswer(
        root.value,
        tuple(_path(root)),
        tuple(_ties(root, ())),
        tuple(sorted(tied)) if len(tied) > 1 else (),
        tuple(_switches(root)),
    )


class _Turn(msgspec.Struct, frozen=True):
    """A node solved."""

    by: str  # "" at an end
    own: int  # the place of the player whose turn it is; -1 of chance and at an end
    branches: tuple[Branch, ...]
    below: tuple["_Turn", ...]
    value: Payoffs

    @property
    def best(self) -> int:
        """The first of the branches that are best for the player."""
        return max(range(len(self.below)), key=lambda n: self.below[n].value[self.own])


def _turn(node: Node, players: Sequence[str]) -> _Turn:
    if node.payoffs is not None:
        return _Turn("", -1, (), (), node.payoffs)
    below = tuple(_turn(branch.to, players) for branch in node.branches)
    if node.by == CHANCE:
        odds = (_odds(branch) for branch in node.branches)
        value = _mean(zip(odds, (turn.value for turn in below), strict=True))
        return _Turn(CHANCE, -1, node.branches, below, value)
    assert node.by is not None
    own = players.index(node.by)
    return _Turn(node.by, own, node.branches, below, max(below, key=lambda b: b.value[own]).value)


def _path(turn: _Turn) -> Iterator[str]:
    while turn.own >= 0:
        yield _named(turn.branches[turn.best])
        turn = turn.below[turn.best]


def _ties(turn: _Turn, way: tuple[str, ...]) -> Iterator[Tie]:
    if turn.own >= 0:
        best = turn.value[turn.own]
        tied = [n for n, below in enumerate(turn.below) if below.value[turn.own] == best]
        if len(tied) > 1:
            yield Tie(way, turn.by, tuple(_named(turn.branches[n]) for n in tied))
    for branch, below in zip(turn.branches, turn.below, strict=True):
        yield from _ties(below, (*way, _named(branch)))


def _values(turn: _Turn) -> frozenset[Payoffs]:
    """Every value that backward induction can come to, ties broken in any way."""
    if not turn.below:
        return frozenset([turn.value])
    below = [_values(one) for one in turn.below]
    if turn.own < 0:
        size = math.prod(map(len, below))
        if size > _VALUES_MOST:
            remedy = "Make payoffs differ where the players would not be indifferent."
            raise InputError("$.root", f"{size} values by ties", f"{_VALUES_MOST} or fewer", remedy)
        odds = [_odds(branch) for branch in turn.branches]
        return frozenset(
            _mean(zip(odds, chosen, strict=True)) for chosen in product(*map(sorted, below))
        )
    # A branch can be taken if it is no worse than the others can be at their worst.
    worst = [min(value[turn.own] for value in values) for values in below]
    return frozenset(
        value
        for n, values in enumerate(below)
        for value in values
        if all(value[turn.own] >= w for m, w in enumerate(worst) if m != n)
    )


class _Piece(msgspec.Struct, frozen=True):
    """Between two probabilities the value is `start` + p x `slope`, whatever p is."""

    low: Fraction
    high: Fraction
    start: Payoffs
    slope: Payoffs
    action: str = ""  # what is done at the last turn passed on the way up


Chain = tuple[tuple[_Turn, int], ...]  # turns on a way, each with the branch taken


def _switches(root: _Turn) -> Iterator[Switch]:
    if root.own < 0:
        return
    for above, chance in _chances(root, ()):
        # Of two outcomes the second says nothing that the first does not.
        for n in range(len(chance.branches) if len(chance.branches) > 2 else 1):
            branch = chance.branches[n]
            if _odds(branch) == 1:
                continue
            pieces = [_varied(chance, n)]
            for turn, taken in reversed(above):
                pieces = [new for piece in pieces for new in _up(turn, taken, piece)]
            way = tuple(_named(turn.branches[taken]) for turn, taken in above)
            for left, right in pairwise(pieces):
                if left.action != right.action:
                    odds, named = _odds(branch), _named(branch)
                    yield Switch(way, named, odds, left.high, left.action, right.action)


def _chances(turn: _Turn, above: Chain) -> Iterator[tuple[Chain, _Turn]]:
    """Every turn of chance, with the way from the root to it."""
    if turn.by == CHANCE:
        yield above, turn
    for n, below in enumerate(turn.below):
        yield from _chances(below, (*above, (turn, n)))


def _varied(chance: _Turn, varied: int) -> _Piece:
    """One outcome takes the probability p, the others share the rest in proportion."""
    rest = 1 - _odds(chance.branches[varied])
    others = _mean(
        (_odds(branch) / rest, below.value)
        for n, (branch, below) in enumerate(zip(chance.branches, chance.below, strict=True))
        if n != varied
    )
    slope = tuple(a - b for a, b in zip(chance.below[varied].value, others, strict=True))
    return _Piece(Fraction(0), Fraction(1), others, slope)


def _up(turn: _Turn, taken: int, piece: _Piece) -> list[_Piece]:
    others = [n for n in range(len(turn.below)) if n != taken]
    if turn.own < 0:
        odds = _odds(turn.branches[taken])
        fixed = ((_odds(turn.branches[n]), turn.below[n].value) for n in others)
        start = _mean([(odds, piece.start), *fixed])
        slope = tuple(odds * value for value in piece.slope)
        return [msgspec.structs.replace(piece, start=start, slope=slope)]
    own = turn.own
    stays = msgspec.structs.replace(piece, action=_named(turn.branches[taken]))
    if not others:
        return [stays]
    best = max(others, key=lambda n: turn.below[n].value[own])
    level = turn.below[best].value
    flat = tuple(Fraction(0) for _ in level)
    leaves = _Piece(piece.low, piece.high, level, flat, _named(turn.branches[best]))
    gap, rise = piece.start[own] - level[own], piece.slope[own]
    cut = -gap / rise if rise else None
    if cut is None or not piece.low < cut < piece.high:
        middle = gap + rise * (piece.low + piece.high) / 2
        return [stays if middle > 0 or (middle == 0 and taken < best) else leaves]
    first, second = (leaves, stays) if rise > 0 else (stays, leaves)
    return [msgspec.structs.replace(first, high=cut), msgspec.structs.replace(second, low=cut)]


def _mean(weighed: Iterable[tuple[Fraction, Payoffs]]) -> Payoffs:
    parts = [[weight * value for value in values] for weight, values in weighed]
    return tuple(sum(column, Fraction(0)) for column in zip(*parts, strict=True))


def _odds(branch: Branch) -> Fraction:
    assert branch.probability is not None
    return branch.probability


def _named(branch: Branch) -> str:
    return branch.action or branch.outcome or f"chance {branch.probability}"


def _check(node: Node, players: Sequence[str], where: str) -> None:
    if where.count(".branches[") > _TURNS_MOST:
        remedy = "Cut the tree where play is as good as over."
        raise InputError("$.root", "a longer way", f"{_TURNS_MOST} turns or fewer", remedy)
    if node.payoffs is not None:
        if node.branches:
            remedy = "Keep one of the two."
            raise InputError(where, "payoffs and branches", "an end or a turn", remedy)
        if len(node.payoffs) != len(players):
            found, remedy = f"{len(node.payoffs)} figures", "Give one for each player."
            raise InputError(f"{where}.payoffs", found, f"{len(players)}", remedy)
        return
    if not node.branches:
        raise InputError(where, "nothing", "payoffs or branches", "Say how it ends.")
    if node.by != CHANCE and node.by not in players:
        known = ", ".join([*players, CHANCE])
        raise InputError(f"{where}.by", node.by, f"one of {known}", "Say whose turn it is.")
    for n, branch in enumerate(node.branches):
        place = f"{where}.branches[{n}]"
        if node.by == CHANCE:
            if branch.probability is None or not 0 <= branch.probability <= 1:
                remedy = "Give every outcome of chance a probability."
                raise InputError(f"{place}.probability", branch.probability, "0 to 1", remedy)
        elif branch.action is None:
            raise InputError(f"{place}.action", None, "an action", "Say what is done.")
        _check(branch.to, players, f"{place}.to")
    if node.by == CHANCE:
        total = sum((_odds(branch) for branch in node.branches), Fraction(0))
        if total != 1:
            remedy = "Make the probabilities sum to one."
            raise InputError(f"{where}.branches", f"a sum of {total}", "a sum of 1", remedy)
