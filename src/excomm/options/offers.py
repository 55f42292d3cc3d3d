"""Which offer to put, or to wait: the offers of a case as a tree of replies, solved backwards.

The offers and what follows each answer are facts of the case; only what each outcome is worth and
how likely we think each answer are entered here. An answer is either the other side's own choice,
reasoned out by its payoffs, or, where every reply has a `belief`, a turn of chance.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from excomm.errors import InputError
from excomm.options.models import Branch, Node, Offers, Reply, Tree
from excomm.options.phrases import figure, switches
from excomm.options.tree import CHANCE, TreeAnswer, solve_tree

WAIT = "wait"
KEPT, RENEGED = "carried out", "not carried out"


class OffersAnswer(msgspec.Struct, frozen=True):
    """What to do first, what it is worth to each, and at which belief that changes."""

    first: str
    worth: dict[str, tuple[Fraction, ...]]  # by offer: value to each player
    tree: TreeAnswer
    says: tuple[str, ...]
    hangs_on: tuple[str, ...]  # the belief nearest to turning it first


def solve_offers(model: Offers) -> OffersAnswer:
    """Solve the tree that the offers make.

    Raises InputError: no offer, an answer with neither payoffs nor a choice after it, beliefs for
    some answers and not for others, beliefs that do not sum to one, a reneging without its worth.
    """
    tree = tree_of(model)
    found = solve_tree(tree)
    worth = {
        name: solve_tree(Tree(model.players, branch.to)).value
        for name, branch in zip(model.offers, tree.root.branches, strict=True)
    }
    first = found.path_to_first_chance_or_end[0]
    offer = next(name for name in model.offers if _put(name) == first)
    hangs = switches(found.switching)
    return OffersAnswer(offer, worth, found, tuple(_says(model, offer, worth)), hangs)


def tree_of(model: Offers) -> Tree:
    """The offers as a tree: who offers chooses first, then the answer, then what follows it."""
    if not model.offers:
        raise InputError("$.offers", "none", "an offer, or wait", "Name what can be put.")
    branches = tuple(
        Branch(to=_answers(replies, model, f"$.offers.{name}"), action=_put(name))
        for name, replies in model.offers.items()
    )
    return Tree(model.players, Node(model.players[0], branches), model.name)


def _put(name: str) -> str:
    return WAIT if name == WAIT else f"put {name}"


def _answers(replies: Mapping[str, Reply], model: Offers, where: str) -> Node:
    if not replies:
        raise InputError(where, "no answers", "what may follow it", "Name each answer.")
    believed = [reply.belief is not None for reply in replies.values()]
    if any(believed) and not all(believed):
        lacking = next(name for name, reply in replies.items() if reply.belief is None)
        remedy = "Give every answer of this offer a belief, or none of them."
        raise InputError(f"{where}.{lacking}.belief", None, "0 to 1, as for the others", remedy)
    branches = tuple(
        Branch(
            to=_node(reply, model, f"{where}.{name}"),
            action=None if all(believed) else name,
            probability=reply.belief,
            outcome=name if all(believed) else "",
        )
        for name, reply in replies.items()
    )
    if all(believed):
        total = sum((reply.belief or Fraction(0) for reply in replies.values()), Fraction(0))
        if total != 1:
            remedy = "Make the beliefs of one offer sum to one."
            raise InputError(where, f"beliefs that sum to {total}", "a sum of 1", remedy)
    return Node(CHANCE if all(believed) else model.players[1], branches)


def _node(reply: Reply, model: Offers, where: str) -> Node:
    if (reply.payoffs is None) == (not reply.then):
        found = "both" if reply.then else "neither"
        raise InputError(where, found, "payoffs, or then with our choices", "Give one of the two.")
    if reply.then:
        branches = tuple(
            Branch(to=_node(after, model, f"{where}.then.{name}"), action=name)
            for name, after in reply.then.items()
        )
        return Node(model.players[0], branches)
    kept = Node(payoffs=reply.payoffs)
    if not reply.reneges:
        return kept
    if reply.reneged is None:
        remedy = "Say what it is worth to both if it is not carried out."
        raise InputError(f"{where}.reneged", None, "payoffs", remedy)
    return Node(
        CHANCE,
        (
            Branch(to=kept, probability=1 - reply.reneges, outcome=KEPT),
            Branch(to=Node(payoffs=reply.reneged), probability=reply.reneges, outcome=RENEGED),
        ),
    )


def _says(model: Offers, first: str, worth: Mapping[str, tuple[Fraction, ...]]) -> Iterator[str]:
    us = model.players[0]
    best = worth[first][0]
    others = [(name, value[0]) for name, value in worth.items() if name != first]
    done = WAIT if first == WAIT else f"put {first}"
    beside = "; ".join(f"{name} {figure(value)}" for name, value in others)
    told = f"{us} does best to {done}: worth {figure(best)} to it"
    yield f"{told} ({beside})." if beside else f"{told}."
    if tied := ", ".join(name for name, value in others if value == best):
        yield f"{tied} is worth as much: the figures do not decide between them."
