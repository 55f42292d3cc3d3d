"""What each message tells: the pure sequential equilibria of a signalling game, and their beliefs.

A sender knows his type and sends a message; the receiver sees only the message. An equilibrium
stands on what the receiver would believe after messages that are never sent, so the beliefs that
support it are part of the answer. That there is none in pure strategies is an answer too.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, product
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from excomm.errors import InputError
from excomm.options.mixed_signals import MixedEquilibrium, mixed_equilibria
from excomm.options.models import Signalling

_STRATEGIES_MOST = 1_000_000

Form = Literal["pooling", "separating", "partly pooling"]
Belief = tuple[Fraction, Fraction]


class Equilibrium(msgspec.Struct, frozen=True):
    """What each type sends, how each message is answered, and the belief in the first type."""

    sender: tuple[str, ...]
    receiver: tuple[str, ...]
    belief_first_type: tuple[Belief, ...]  # per message, least and most; one point where it is sent
    form: Form


class SignallingAnswer(msgspec.Struct, frozen=True):
    """All pure equilibria; those that stand on no belief at all are counted in the second only.

    Mixed ones are looked for on request: the extreme ones in which somebody mixes.
    """

    pure_sequential_equilibria: tuple[Equilibrium, ...]
    pure_nash_equilibria_count: int
    mixed_sequential_equilibria: tuple[MixedEquilibrium, ...] | UnsetType = UNSET


def solve_signalling(model: Signalling) -> SignallingAnswer:
    """All pure sequential equilibria, in the order of messages and responses.

    After a message that nobody sends any belief is consistent (Kreps and Wilson 1982, for two
    stages); the range is of the belief in the first type, others free.
    Raises InputError: a prior that does not sum to one, payoffs of the wrong shape.
    """
    _check(model)
    messages, responses = range(len(model.messages)), range(len(model.responses))
    types = range(len(model.types))
    # After an unsent message a response is kept up by the beliefs under which it is best.
    unsent = [[_range_of_belief(model, m, r) for r in responses] for m in messages]
    found, nash = [], 0
    for sender in product(messages, repeat=len(model.types)):
        beliefs = [_belief(model, sender, m) for m in messages]
        best = [
            [r for r in responses if belief is None or _is_best(model, m, r, belief)]
            for m, belief in enumerate(beliefs)
        ]
        for receiver in product(*best):
            if not all(_keeps(model, t, sender[t], receiver) for t in types):
                continue
            nash += 1
            ranges = [
                (belief[0], belief[0]) if belief is not None else unsent[m][receiver[m]]
                for m, belief in enumerate(beliefs)
            ]
            supported = [believed for believed in ranges if believed is not None]
            if len(supported) == len(ranges):
                found.append(
                    Equilibrium(
                        tuple(model.messages[m] for m in sender),
                        tuple(model.responses[r] for r in receiver),
                        tuple(supported),
                        _form(sender),
                    )
                )
    mixed = mixed_equilibria(model) if model.mixed else UNSET
    return SignallingAnswer(tuple(found), nash, mixed)


def _belief(model: Signalling, sender: Sequence[int], message: int) -> list[Fraction] | None:
    weights = [
        p if sent == message else Fraction(0) for p, sent in zip(model.prior, sender, strict=True)
    ]
    total = sum(weights, Fraction(0))
    return [w / total for w in weights] if total else None


def _keeps(model: Signalling, own: int, sent: int, receiver: Sequence[int]) -> bool:
    pays = [model.sender_payoff[own][m][r] for m, r in enumerate(receiver)]
    return pays[sent] == max(pays)


def _is_best(model: Signalling, message: int, response: int, belief: Sequence[Fraction]) -> bool:
    def worth(r: int) -> Fraction:
        pays = (pay[message][r] for pay in model.receiver_payoff)
        return sum((b * p for b, p in zip(belief, pays, strict=True)), Fraction(0))

    return all(worth(response) >= worth(r) for r in range(len(model.responses)))


def _range_of_belief(model: Signalling, message: int, response: int) -> Belief | None:
    """Least and most belief in the first type under which the response is best; None: under none.

    The beliefs form a polytope, so its corners decide: as many conditions met with equality as
    there are types, less one.
    """
    size = len(model.types)
    conditions = [[Fraction(int(n == t)) for n in range(size)] for t in range(size)]
    for other in range(len(model.responses)):
        if other != response:
            row = [pay[message][response] - pay[message][other] for pay in model.receiver_payoff]
            conditions.append(row)
    firsts = [
        corner[0]
        for tight in combinations(conditions, size - 1)
        for corner in _solution([*tight, [Fraction(1)] * size])
        if all(sum(a * b for a, b in zip(row, corner, strict=True)) >= 0 for row in conditions)
    ]
    return (min(firsts), max(firsts)) if firsts else None


def _solution(rows: Sequence[Sequence[Fraction]]) -> Iterator[list[Fraction]]:
    """The one solution of rows x = (0, ..., 0, 1), if there is just one (Gauss, in fractions)."""
    size = len(rows)
    table = [[*row, Fraction(int(n == size - 1))] for n, row in enumerate(rows)]
    for column in range(size):
        pivot = next((n for n in range(column, size) if table[n][column]), None)
        if pivot is None:
            return
        table[column], table[pivot] = table[pivot], table[column]
        table[column] = [value / table[column][column] for value in table[column]]
        for n in range(size):
            if n != column and table[n][column]:
                times = table[n][column]
                table[n] = [a - times * b for a, b in zip(table[n], table[column], strict=True)]
    yield [row[-1] for row in table]


def _form(sender: Sequence[int]) -> Form:
    if len(set(sender)) == 1:
        return "pooling"
    return "separating" if len(set(sender)) == len(sender) else "partly pooling"


def _check(model: Signalling) -> None:
    for name in ("types", "messages", "responses"):
        if not getattr(model, name):
            raise InputError(f"$.{name}", "none", "at least one", f"Name the {name}.")
    check_prior(model.prior, len(model.types))
    for n, prior in enumerate(model.prior):
        if prior == 0:
            raise InputError(f"$.prior[{n}]", 0, "above 0", "Leave out a type that cannot be.")
    for name, payoffs in (
        ("sender_payoff", model.sender_payoff),
        ("receiver_payoff", model.receiver_payoff),
    ):
        shape = (len(model.types), len(model.messages), len(model.responses))
        whole = len(payoffs) == shape[0] and all(
            len(rows) == shape[1] and all(len(row) == shape[2] for row in rows) for rows in payoffs
        )
        if not whole:
            expected = f"{shape[0]} types x {shape[1]} messages x {shape[2]} responses"
            remedy = "Give a figure for every type, message and response."
            raise InputError(f"$.{name}", "another shape", expected, remedy)
    strategies = len(model.messages) ** len(model.types)
    strategies *= len(model.responses) ** len(model.messages)
    if strategies > _STRATEGIES_MOST:
        remedy = "Join messages or responses that are much alike."
        expected = f"{_STRATEGIES_MOST} or fewer"
        raise InputError("$.messages", f"{strategies} strategy pairs", expected, remedy)


def check_prior(prior: Sequence[Fraction], size: int) -> None:
    """Raises InputError unless there are `size` probabilities that sum to one."""
    if len(prior) != size:
        raise InputError("$.prior", f"{len(prior)} figures", f"{size}", "Give one for each.")
    for n, value in enumerate(prior):
        if not 0 <= value <= 1:
            raise InputError(f"$.prior[{n}]", value, "0 to 1", "Write 85 % as 17/20.")
    total = sum(prior, Fraction(0))
    if total != 1:
        raise InputError("$.prior", f"a sum of {total}", "a sum of 1", "Make them sum to one.")
