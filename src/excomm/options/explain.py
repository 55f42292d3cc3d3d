"""Why a state holds for a decision maker, or does not: the improvement, and who answers it how.

Three kinds of answer, as sentences: nothing to gain; a gain that is punished, with the moves that
punish it; a gain that nobody punishes.
"""

from collections import deque

import msgspec

from excomm.options.graph import Graph, graph
from excomm.options.models import Conflict
from excomm.options.sweeps import CONCEPTS


class Step(msgspec.Struct, frozen=True):
    """One move."""

    by: str
    from_: int
    to: int


class Answered(msgspec.Struct, frozen=True):
    """An improvement, and the shortest way in which opponents spoil it; None: they cannot."""

    improvement: int
    sanction: tuple[Step, ...] | None


class Verdict(msgspec.Struct, frozen=True):
    """One concept of stability for one decision maker at one state."""

    dm: str
    state: int
    concept: str
    stable: bool
    answers: tuple[Answered, ...]  # best improvement first
    says: str


def explain(model: Conflict, dm: str, state: int) -> tuple[Verdict, ...]:
    """The verdict on a state for a decision maker, by nash, gmr, smr and seq in turn.

    Raises InputError: a decision maker or a state that the model does not have.
    """
    ready = graph(model)
    own, number = ready.dm(dm, "dm"), ready.number(state, "state")
    values = ready.values[:, ready.cells]
    better = [t for t in ready.targets(own, number) if values[own, t] > values[own, number]]
    better.sort(key=lambda t: (-int(values[own, t]), t))
    verdicts = []
    for concept in CONCEPTS:
        answers = tuple(
            Answered(int(ready.states[first]), _sanction(ready, own, number, first, concept))
            for first in better
        )
        stable = all(answer.sanction is not None for answer in answers)
        says = _said(ready, dm, number, concept, answers)
        verdicts.append(Verdict(dm, int(ready.states[number]), concept, stable, answers, says))
    return tuple(verdicts)


def named(model: Conflict, state: int) -> str:
    """A state in words: its given name, or the options taken in it."""
    if state in model.state_names:
        return f"{state} ({model.state_names[state]})"
    taken = [option.name for n, option in enumerate(model.options) if state >> n & 1]
    return f"{state} ({', '.join(taken) if taken else 'nothing taken'})"


def _sanction(
    ready: Graph, own: int, number: int, first: int, concept: str
) -> tuple[Step, ...] | None:
    """Breadth first over opponents' moves from `first`, nobody twice running."""
    if concept == "nash":
        return None
    people = ready.model.decision_makers
    values = ready.values[:, ready.cells]
    level = values[own, number]

    def spoils(x: int) -> bool:
        if values[own, x] > level:
            return False
        return concept != "smr" or all(values[own, y] <= level for y in ready.targets(own, x))

    queue: deque[tuple[int, int, tuple[Step, ...]]] = deque([(first, own, ())])
    been = {(first, own)}
    while queue:
        here, last, steps = queue.popleft()
        for mover, name in enumerate(people):
            if mover in (own, last):
                continue
            for there in ready.targets(mover, here):
                if concept == "seq" and values[mover, there] <= values[mover, here]:
                    continue
                if (there, mover) in been:
                    continue
                been.add((there, mover))
                step = Step(name, int(ready.states[here]), int(ready.states[there]))
                if spoils(there):
                    return (*steps, step)
                queue.append((there, mover, (*steps, step)))
    return None


def _said(ready: Graph, dm: str, number: int, concept: str, answers: tuple[Answered, ...]) -> str:
    here = int(ready.states[number])
    subject = f"{named(ready.model, here)} is"
    if not answers:
        return f"{subject} stable for {dm} ({concept}): nothing it can do is better for it."
    for answer in answers:
        if answer.sanction is None:
            gain = f"it gains if it {_done(ready, here, answer.improvement)}"
            spoilt = {
                "nash": "",
                "gmr": ", and nothing the others can do then leaves it no better off",
                "smr": ", and nothing the others can do then leaves it no better off for good",
                "seq": ", and nothing the others would gain by then leaves it no better off",
            }[concept]
            return f"{subject} not stable for {dm} ({concept}): {gain}{spoilt}."
    told = "; ".join(_met(ready, here, answer) for answer in answers)
    end = ", and cannot mend it" if concept == "smr" else ""
    return f"{subject} stable for {dm} ({concept}): {told}. It is then no better off{end}."


def _met(ready: Graph, here: int, answer: Answered) -> str:
    assert answer.sanction is not None
    replies = ", then ".join(
        f"{step.by} {_done(ready, step.from_, step.to)}" for step in answer.sanction
    )
    return f"if it {_done(ready, here, answer.improvement)}, {replies}"


def _done(ready: Graph, before: int, after: int) -> str:
    """A move in words: the options taken up and dropped; where moves are listed, the state."""
    model = ready.model
    if ready.listed is not None:
        return f"goes to {named(model, after)}"
    changed = [
        (n, option.name) for n, option in enumerate(model.options) if (before ^ after) >> n & 1
    ]
    ups = [f"'{name}'" for n, name in changed if after >> n & 1]
    downs = [f"'{name}'" for n, name in changed if before >> n & 1]
    words = [f"takes up {_listed(ups)}"] if ups else []
    words += [f"drops {_listed(downs)}"] if downs else []
    return f"{' and '.join(words)} (to {after})"


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
