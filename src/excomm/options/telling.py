"""An answer in sentences and tables: what a principal reads, whichever kind of model it was.

Nothing is solved here but the reasons of a conflict (`explain`) and what its outcomes hang on.
"""

from collections.abc import Iterator, Mapping
from typing import assert_never

import msgspec

from excomm.options.conflict import ConflictAnswer
from excomm.options.explain import Answered, explain
from excomm.options.inspection import OneShotAnswer, SequentialAnswer
from excomm.options.inverse import InverseOf
from excomm.options.keeping import KeepingAnswer
from excomm.options.models import Conflict, Model, Offers, Orders, Posture, Signalling, Tree
from excomm.options.offers import OffersAnswer
from excomm.options.phrases import figure, switches
from excomm.options.posture import PostureAnswer
from excomm.options.price import PriceAnswer
from excomm.options.robust import (
    STATEMENTS_ENUMERATED,
    OrdersOf,
    OrdersTarget,
    PartialAnswer,
    ShareAnswer,
    solve_orders,
)
from excomm.options.signals import SignallingAnswer
from excomm.options.solve import Answer, solve
from excomm.options.sweeps import CONCEPTS
from excomm.options.tree import TreeAnswer

_OUTCOMES_TOLD = 6


class ToldTable(msgspec.Struct, frozen=True):
    """Rows to compare, all text."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Told(msgspec.Struct, frozen=True):
    """An answer in words: the finding first, then what it hangs on, nearest first."""

    says: tuple[str, ...]
    tables: tuple[ToldTable, ...] = ()
    hangs_on: tuple[str, ...] = ()


def tell(model: Model, answer: Answer) -> Told:  # noqa: PLR0911, PLR0912  one return a kind
    """The answer to a model, in words."""
    match answer:
        case ConflictAnswer():
            assert isinstance(model, Conflict)
            return _conflict(model, answer)
        case OffersAnswer():
            assert isinstance(model, Offers)
            return Told(answer.says, (_offers(model, answer),), answer.hangs_on)
        case KeepingAnswer():
            return Told(answer.says)
        case TreeAnswer():
            assert isinstance(model, Tree)
            return Told(tuple(_tree(model, answer)), hangs_on=switches(answer.switching))
        case PostureAnswer():
            assert isinstance(model, Posture)
            return Told(tuple(_posture(model, answer)), (_signs(model),))
        case SignallingAnswer():
            assert isinstance(model, Signalling)
            return Told(tuple(_signalling(model, answer)))
        case PriceAnswer():
            cost = answer.least_cost
            said = "cannot be had within the limits" if cost is None else f"costs {cost}"
            return Told((f"The detection that deters {said}.",))
        case OneShotAnswer():
            return Told(tuple(_one_shot(answer)))
        case SequentialAnswer():
            rows = tuple(tuple(map(str, row)) for row in answer.rows)
            return Told((), (ToldTable("Worth to the inspectee", answer.columns, rows),))
        case PartialAnswer():
            return _partial(answer)
        case ShareAnswer():
            return _shared(answer)
        case dict():
            return _by_party(answer)
        case _:
            assert_never(answer)


# -- a conflict ----------------------------------------------------------------------------------


def _conflict(model: Conflict, answer: ConflictAnswer) -> Told:
    told = _told_states(model, answer)
    rows = tuple(_outcome(model, answer, state) for state in told)
    columns = ("outcome", *CONCEPTS, "who gains by leaving", "who punishes it")
    says = [_sentence(f"{outcome_words(model, s)} {_holds(answer, s)}.") for s in told] or [
        "No outcome is stable for all parties."
    ]
    table = ToldTable("Outcomes", columns, rows)
    return Told((*says, *answer.warnings), (table,), hangs_on(model, told))


def _told_states(model: Conflict, answer: ConflictAnswer) -> tuple[int, ...]:
    """The outcomes that the model names; else those that hold most firmly."""
    if named := [state for state in model.state_names if state in answer.states]:
        # What holds most firmly first; where we are, last.
        held = {s: sum(s in answer.equilibria[concept] for concept in CONCEPTS) for s in named}
        return tuple(sorted(named, key=lambda s: (s == model.status_quo, -held[s])))
    for concept in CONCEPTS:
        if found := answer.equilibria[concept]:
            return found[:_OUTCOMES_TOLD]
    return ()


def outcome_words(model: Conflict, state: int) -> str:
    """An outcome by its name, or by what is taken in it."""
    if state in model.state_names:
        return model.state_names[state]
    taken = [option.name for n, option in enumerate(model.options) if state >> n & 1]
    return ", ".join(taken) if taken else "nothing taken"


def _holds(answer: ConflictAnswer, state: int) -> str:
    held = [concept for concept in CONCEPTS if state in answer.equilibria[concept]]
    if "nash" in held:
        return "holds: nobody gains by leaving it"
    if "seq" in held:
        return "holds as long as those who would gain by leaving believe that it would be answered"
    if held:
        return "holds only if threats are believed that would hurt those who carry them out"
    return "does not hold"


def outcome_after(model: Conflict, offer: str) -> str:
    """Whether the outcome that the offer leads to would hold, and who would leave it; "" if unsaid.

    Raises InputError where the model says a state that cannot be.
    """
    if offer not in model.after:
        return ""
    state = model.after[offer]
    return f"{outcome_words(model, state)}: {outcome_of(model, solve(model), state)}"


def outcome_of(model: Conflict, answer: Answer, state: int) -> str:
    """Whether an outcome holds, who gains by leaving it, and who punishes that."""
    assert isinstance(answer, ConflictAnswer)
    *_, gains, punished = _outcome(model, answer, state)
    told = _holds(answer, state)
    if gains == "nobody":
        return told
    return f"{told}; who gains by leaving it: {gains}; who punishes that: {punished}"


def _outcome(model: Conflict, answer: ConflictAnswer, state: int) -> tuple[str, ...]:
    marks = ("yes" if state in answer.equilibria[concept] else "no" for concept in CONCEPTS)
    gains, punished = [], []
    for dm in model.decision_makers:
        verdicts = {one.concept: one for one in explain(model, dm, state)}
        if verdicts["nash"].stable:
            continue
        first = verdicts["nash"].answers[0]
        gains.append(f"{dm} ({_moved(model, state, first.improvement)})")
        punished.append(f"{dm}: {_punished(verdicts['seq'].answers, verdicts['gmr'].answers)}")
    return (
        outcome_words(model, state),
        *marks,
        "; ".join(gains) or "nobody",
        "; ".join(punished) or "no need",
    )


def _moved(model: Conflict, before: int, after: int) -> str:
    """A move by the name of where it leads, else by what is taken up and dropped."""
    if after in model.state_names:
        return f"to {model.state_names[after]}"
    changed = [(n, o.name) for n, o in enumerate(model.options) if (before ^ after) >> n & 1]
    ups = [name for n, name in changed if after >> n & 1]
    downs = [name for n, name in changed if before >> n & 1]
    words = [f"takes up {_listed(tuple(ups))}"] if ups else []
    return " and ".join([*words, f"drops {_listed(tuple(downs))}"] if downs else words)


def _punished(credible: tuple[Answered, ...], any_: tuple[Answered, ...]) -> str:
    for answers, how in ((credible, ""), (any_, ", at a loss to itself")):
        movers = [step.by for one in answers for step in one.sanction or ()]
        if all(one.sanction is not None for one in answers):
            return f"{', '.join(dict.fromkeys(movers))}{how}"
    return "nobody"


def hangs_on(model: Conflict, states: tuple[int, ...]) -> tuple[str, ...]:
    """For each outcome, the share of orders of each party's statements in which it holds.

    Parties with rankings, or with more than 8 statements, are left out: ask `kind: orders`.
    """
    counted = {
        dm: len(preference.statements)
        for dm, preference in model.preferences.items()
        if preference.statements is not None
    }
    if not states or not counted or max(counted.values()) > STATEMENTS_ENUMERATED:
        return ()
    found = solve_orders(Orders(model=model, targets=states))
    return tuple(_hangs(model, state, found) for state in states)


def _hangs(model: Conflict, state: int, found: Mapping[str, OrdersOf]) -> str:
    name = outcome_words(model, state)
    held = {dm: of.targets[state].equilibrium_in["seq"] for dm, of in found.items()}
    if not any(held.values()):
        return _sentence(f"{name} holds in no order of what any party wants.")
    parts = [
        _share(model, dm, of.orders, of.targets[state])
        for dm, of in found.items()
        if held[dm] < of.orders
    ]
    if not parts:
        return _sentence(f"{name} holds in every order of what each party wants.")
    return _sentence(f"{name} holds {'; '.join(parts)}.")


def _share(model: Conflict, dm: str, orders: int, target: OrdersTarget) -> str:
    count = target.equilibrium_in["seq"]
    told = f"in {count} of {orders} orders of what {dm} wants"
    if count == 0 or target.decides is None:
        return told
    first, second = (_statement(model, dm, n) for n in target.decides)
    return f"just if {dm} puts {first} before {second} ({told})"


def _statement(model: Conflict, dm: str, number: int) -> str:
    statements = model.preferences[dm].statements
    assert statements is not None
    said = statements[number - 1]
    if said.any is not None:
        return f"'{' or '.join(_pattern(model, one) for one in said.any)}'"
    if said.iff is not None:
        return f"'{_pattern(model, said.iff[0])} just if {_pattern(model, said.iff[1])}'"
    return f"'if {_pattern(model, said.if_ or '')}, then {_pattern(model, said.then or '')}'"


def _pattern(model: Conflict, pattern: str) -> str:
    words = [
        f"{'' if letter == 'Y' else 'not '}{option.name}"
        for option, letter in zip(model.options, pattern, strict=True)
        if letter != "-"
    ]
    return " and ".join(words) or "anything"


# -- the other kinds -----------------------------------------------------------------------------


def _offers(model: Offers, answer: OffersAnswer) -> ToldTable:
    rows = tuple(
        (
            name,
            *(figure(value) for value in answer.worth[name]),
            "; ".join(
                reply if one.belief is None else f"{reply} {figure(one.belief)}"
                for reply, one in replies.items()
            ),
        )
        for name, replies in model.offers.items()
    )
    columns = ("offer", *(f"worth to {player}" for player in model.players), "answers")
    return ToldTable("What each offer is worth", columns, rows)


def _tree(model: Tree, answer: TreeAnswer) -> Iterator[str]:
    worth = ", ".join(
        f"{figure(value)} to {player}"
        for player, value in zip(model.players, answer.value, strict=True)
    )
    yield f"Best play: {', then '.join(answer.path_to_first_chance_or_end)}; worth {worth}."
    for tie in answer.ties:
        yield f"{tie.by} is indifferent between {' and '.join(tie.actions)}."


def _posture(model: Posture, answer: PostureAnswer) -> Iterator[str]:
    odds = ", ".join(
        f"{intent} {figure(after)} (was {figure(before)})"
        for intent, before, after in zip(model.intents, model.prior, answer.posterior, strict=True)
    )
    yield f"Having seen what can be seen, they would hold: {odds}."
    if isinstance(ranged := answer.posterior_first_range, tuple):
        low, high = ranged
        yield f"Over the ranges given, {model.intents[0]} lies between {figure(low)} and " + (
            f"{figure(high)}."
        )
    if answer.left_out_not_visible:
        yield f"They cannot see {_listed(answer.left_out_not_visible)}: it changes nothing."
    if answer.left_out_same_order:
        yield f"{_listed(answer.left_out_same_order)}: of an order already counted, no second sign."
    if answer.says_nothing:
        yield f"{_listed(answer.says_nothing)}: as likely either way, it says nothing."


def _signs(model: Posture) -> ToldTable:
    rows = tuple(
        (
            sign.measure + (f" to {sign.to}" if sign.to else ""),
            "yes" if sign.visible else "no",
            *(
                figure(likely)
                + (
                    f" ({figure(sign.range[n][0])} to {figure(sign.range[n][1])})"
                    if sign.range
                    else ""
                )
                for n, likely in enumerate(sign.likelihood)
            ),
            sign.author or "not named",
        )
        for sign in model.signs
    )
    columns = ("change", "seen", *(f"likely if {intent}" for intent in model.intents), "says")
    return ToldTable("Changes of posture", columns, rows)


def _signalling(model: Signalling, answer: SignallingAnswer) -> Iterator[str]:
    found = answer.pure_sequential_equilibria
    if not found:
        yield "No pure sequential equilibrium: no message can be counted on."
    for one in found:
        sent = ", ".join(f"{t} sends {m}" for t, m in zip(model.types, one.sender, strict=True))
        done = ", ".join(
            f"{response} on {m}" for m, response in zip(model.messages, one.receiver, strict=True)
        )
        says = "the message tells them apart" if one.form == "separating" else "it tells nothing"
        yield f"{sent}; the answer is {done}: {says}."


def _one_shot(answer: OneShotAnswer) -> Iterator[str]:
    needed = answer.break_even_detection_probability
    if answer.deterrable:
        yield f"Detection of {needed} makes keeping as good as violating."
        yield f"Inspect with probability {answer.break_even_inspection_probability} or more."
    else:
        yield f"Even certain inspection does not deter: detection of {needed} would be needed."


def _partial(answer: PartialAnswer) -> Told:
    drawn = answer.drawn
    of = f"{drawn.draws} drawn of {answer.rankings}" if drawn else str(answer.rankings)
    says = [f"{of} rankings agree with what is known; the target is an equilibrium in so many:"]
    if answer.decides is not None:
        better, worse = answer.decides
        says.append(f"It hangs most on whether {better} is better than {worse}.")
    row = tuple(str(answer.equilibrium_in[concept]) for concept in CONCEPTS)
    return Told(tuple(says), (ToldTable("Equilibrium in", CONCEPTS, (row,)),))


def _shared(answer: ShareAnswer) -> Told:
    states = dict.fromkeys(s for by in answer.equilibrium_in.values() for s in by)
    rows = [
        (str(s), *(str(answer.equilibrium_in[concept].get(s, 0)) for concept in CONCEPTS))
        for s in states
    ]
    none = ("none at all", *(str(answer.no_equilibrium_in[concept]) for concept in CONCEPTS))
    says = (f"Of {answer.pairs} combinations of rankings each state is an equilibrium in so many:",)
    return Told(says, (ToldTable("Equilibria", ("state", *CONCEPTS), (*rows, none)),))


def _by_party(answer: Mapping[str, InverseOf] | Mapping[str, OrdersOf]) -> Told:
    return Told((), tuple(_of_party(dm, found) for dm, found in answer.items()))


def _of_party(dm: str, found: InverseOf | OrdersOf) -> ToldTable:
    if isinstance(found, OrdersOf):
        title = f"{dm}: equilibrium in so many of {found.orders} orders of its statements"
        rows = tuple(
            (
                str(state),
                *(str(target.equilibrium_in[concept]) for concept in CONCEPTS),
                " before ".join(map(str, target.decides)) if target.decides else "none",
            )
            for state, target in found.targets.items()
        )
        return ToldTable(title, ("state", *CONCEPTS, "statement that decides"), rows)
    of = f"{found.draws} drawn of " if isinstance(found.draws, int) else ""
    title = f"{dm}: stable in so many of {of}{found.rankings} rankings"
    states = dict.fromkeys(s for by in found.stable_in.values() for s in by)
    rows = tuple(
        (str(s), *(str(found.stable_in[concept][s]) for concept in CONCEPTS)) for s in states
    )
    return ToldTable(title, ("state", *CONCEPTS), rows)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _listed(words: tuple[str, ...]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
