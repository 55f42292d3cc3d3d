"""Signalling in mixed strategies: what is sent and answered with chances, and what one believes.

For given sets of messages that each type may send and answers that each message may get, the
sender's chances and the receiver's stand under linear conditions that do not mix; so both are
polytopes, and their corners, in fractions, are the extreme equilibria. Only small games.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import chain, combinations, product
from math import comb, prod

import msgspec

from excomm.errors import InputError
from excomm.options.models import Signalling

_CORNERS_MOST = 400_000

Chances = tuple[tuple[Fraction, ...], ...]
Row = list[Fraction]


class MixedEquilibrium(msgspec.Struct, frozen=True):
    """Chances of each message by type and of each answer by message, and the beliefs that hold."""

    sender: Chances  # [type][message]
    receiver: Chances  # [message][response]
    belief_first_type: tuple[tuple[Fraction, Fraction], ...]  # per message, least and most


def mixed_equilibria(model: Signalling) -> tuple[MixedEquilibrium, ...]:
    """Every extreme sequential equilibrium in which somebody mixes, in a fixed order.

    model: checked already. Raises InputError for a game too large to go through.
    """
    types, messages = len(model.types), len(model.messages)
    responses = len(model.responses)
    _check_size(types, messages, responses)
    found: dict[tuple[Chances, Chances], MixedEquilibrium] = {}
    for answered in product(_subsets(responses), repeat=messages):
        for sent in product(_subsets(messages), repeat=types):
            senders = list(_senders(model, sent, answered))
            if not senders:
                continue
            for receiver in _receivers(model, sent, answered):
                for sender in senders:
                    one = _equilibrium(model, sender, receiver)
                    if one is not None and not (_is_pure(sender) and _is_pure(receiver)):
                        found[sender, receiver] = one
    return tuple(found[key] for key in sorted(found, reverse=True))


def _subsets(size: int) -> list[tuple[int, ...]]:
    every = (combinations(range(size), count) for count in range(1, size + 1))
    return list(chain.from_iterable(every))


def _check_size(types: int, messages: int, responses: int) -> None:
    supports = (2**messages - 1) ** types * (2**responses - 1) ** messages
    senders = comb(types * messages + messages * responses * responses, types * (messages - 1))
    receivers = comb(messages * responses + types * messages * messages, messages * (responses - 1))
    if supports * (senders + receivers) > _CORNERS_MOST * 10:
        found = f"{types} types, {messages} messages, {responses} responses"
        remedy = "Leave mixed out, or join what is much alike."
        raise InputError("$.mixed", found, "a game as small as 2 by 2 by 2", remedy)


def _senders(
    model: Signalling, sent: Sequence[Sequence[int]], answered: Sequence[Sequence[int]]
) -> Iterator[Chances]:
    """Corners of what the types may send, such that each answer in use is a best one."""
    places = [(t, m) for t, used in enumerate(sent) for m in used]
    equal = [[Fraction(int(t == own)) for t, _ in places] for own in range(len(sent))]
    least = [
        [
            model.prior[t] * (pay[t][m][r] - pay[t][m][other]) if m == message else Fraction(0)
            for t, m in places
        ]
        for pay in (model.receiver_payoff,)
        for message, used in enumerate(answered)
        for r in used
        for other in range(len(model.responses))
        if other != r
    ]
    for corner in _corners(equal, least, len(places)):
        chances = dict(zip(places, corner, strict=True))
        yield tuple(
            tuple(chances.get((t, m), Fraction(0)) for m in range(len(model.messages)))
            for t in range(len(sent))
        )


def _receivers(
    model: Signalling, sent: Sequence[Sequence[int]], answered: Sequence[Sequence[int]]
) -> Iterator[Chances]:
    """Corners of how the messages may be answered, such that each message in use is a best one."""
    places = [(m, r) for m, used in enumerate(answered) for r in used]
    equal = [[Fraction(int(m == own)) for m, _ in places] for own in range(len(answered))]
    least = [
        [
            (pay[m][r] if m == message else Fraction(0))
            - (pay[m][r] if m == other else Fraction(0))
            for m, r in places
        ]
        for pay, used in zip(model.sender_payoff, sent, strict=True)
        for message in used
        for other in range(len(model.messages))
        if other != message
    ]
    for corner in _corners(equal, least, len(places)):
        chances = dict(zip(places, corner, strict=True))
        yield tuple(
            tuple(chances.get((m, r), Fraction(0)) for r in range(len(model.responses)))
            for m in range(len(answered))
        )


def _corners(equal: list[Row], least: list[Row], size: int) -> Iterator[Row]:
    """Corners of {x >= 0, equal x = 1, least x >= 0}: as many conditions tight as there are x."""
    conditions = [*_unit_rows(size), *least]
    seen: set[tuple[Fraction, ...]] = set()
    for tight in combinations(conditions, size - len(equal)):
        found = _solution([*equal, *tight], len(equal))
        if found is None or tuple(found) in seen:
            continue
        if all(
            sum((a * b for a, b in zip(row, found, strict=True)), Fraction(0)) >= 0
            for row in conditions
        ):
            seen.add(tuple(found))
            yield found


def _unit_rows(size: int) -> list[Row]:
    return [[Fraction(int(n == own)) for n in range(size)] for own in range(size)]


def _solution(rows: Sequence[Row], ones: int) -> Row | None:
    """The one solution of rows x = (1 for the first `ones`, then 0), if there is just one."""
    size = len(rows)
    table = [[*row, Fraction(int(n < ones))] for n, row in enumerate(rows)]
    for column in range(size):
        pivot = next((n for n in range(column, size) if table[n][column]), None)
        if pivot is None:
            return None
        table[column], table[pivot] = table[pivot], table[column]
        table[column] = [value / table[column][column] for value in table[column]]
        for n in range(size):
            if n != column and table[n][column]:
                times = table[n][column]
                table[n] = [a - times * b for a, b in zip(table[n], table[column], strict=True)]
    return [row[-1] for row in table]


def _equilibrium(model: Signalling, sender: Chances, receiver: Chances) -> MixedEquilibrium | None:
    """The pair with its beliefs, where some belief supports the answer to what nobody sends."""
    beliefs = []
    for message in range(len(model.messages)):
        weights = [p * chances[message] for p, chances in zip(model.prior, sender, strict=True)]
        used = [r for r, chance in enumerate(receiver[message]) if chance]
        if total := sum(weights, Fraction(0)):
            beliefs.append((weights[0] / total, weights[0] / total))
            continue
        least = [
            [pay[message][r] - pay[message][other] for pay in model.receiver_payoff]
            for r in used
            for other in range(len(model.responses))
            if other != r
        ]
        types = len(model.types)
        corners = [c[0] for c in _corners([[Fraction(1)] * types], least, types)]
        if not corners:
            return None
        beliefs.append((min(corners), max(corners)))
    return MixedEquilibrium(sender, receiver, tuple(beliefs))


def _is_pure(chances: Chances) -> bool:
    return prod(max(row) == 1 for row in chances) == 1
