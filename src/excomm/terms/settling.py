"""A ring of waits: judged from "nothing has begun" until nothing changes (the least fixpoint).

So it stays pending unless something from outside opens it.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from excomm.terms.book import Book
from excomm.terms.outcome import Outcome, not_begun
from excomm.terms.rings import waits_by_condition

# What has not settled after so many rounds waits for its own contrary: it cannot be known to begin.
_ROUNDS_MAX = 8


class Outcomes(Protocol):
    """What is found so far, and takes in more."""

    def __getitem__(self, name: str, /) -> Outcome: ...
    def __setitem__(self, name: str, outcome: Outcome, /) -> None: ...


def settle(
    group: Sequence[str],
    book: Book,
    needs: Mapping[str, Sequence[str]],
    outcomes: Outcomes,
    judged: Callable[[str], Outcome],
) -> None:
    """Judge the members of a ring. judged: one of them by the outcomes so far."""
    bodies = book.undertakings
    for name in group:
        outcomes[name] = not_begun(bodies[name])
    told = _whole
    if _tied_by_conditions(group, book):
        told = _to_conditions
        for name in group:
            outcomes[name] = judged(name)
        if all(told(outcomes[name]) == _NOTHING_BEGUN for name in group):
            return
    dependents = _dependents(group, needs)
    rounds = dict.fromkeys(group, 0)
    queue, queued = deque(group), set(group)
    while queue:
        name = queue.popleft()
        queued.discard(name)
        if rounds[name] > _ROUNDS_MAX:
            continue
        before, anew = outcomes[name], judged(name)
        outcomes[name] = anew
        if told(anew) == told(before):
            continue
        rounds[name] += 1
        if rounds[name] > _ROUNDS_MAX:
            outcomes[name] = not_begun(bodies[name], "condition_unknown")
        for other in dependents[name]:
            if other not in queued:
                queue.append(other)
                queued.add(other)


def _dependents(group: Sequence[str], needs: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {name: [] for name in group}
    for name in group:
        for needed in needs[name]:
            if needed in found:
                found[needed].append(name)
    return found


def _tied_by_conditions(group: Sequence[str], book: Book) -> bool:
    """Whether nothing else than conditions ties the members, and no entry speaks of one."""
    for name in group:
        body = book.undertakings[name]
        if name in book.about or body.relies_on or not waits_by_condition(body):
            return False
    return True


def _whole(outcome: Outcome) -> object:
    return outcome


def _to_conditions(outcome: Outcome) -> object:
    """What a condition of another can see of an outcome."""
    return (
        *(outcome.state, outcome.begun, outcome.starts if outcome.begun else None),
        *(outcome.performed, outcome.breached),
        *(outcome.basis, outcome.start_basis, outcome.breaches),
    )


_NOTHING_BEGUN = ("pending", False, None, None, None, (), (), ())
