"""The models an analyst writes down: one frozen struct per kind, decoded at the edge.

The form is the one of the options folder: JSON objects with a `kind`. Figures are exact fractions;
they may be written "3/5", "0.6", 0.6 or 1. Nothing is computed here; what a struct cannot say about
itself (sums, ranges, names that must agree) is checked by the module that uses it.
"""

from fractions import Fraction
from typing import Literal

import msgspec

OPTIONS_MOST = 20

Moves = Literal["both", "fwd", "back"]
Ranking = tuple[int | tuple[int, ...], ...]


class Option(msgspec.Struct, frozen=True):
    """Something one decision maker can take or leave."""

    dm: str
    name: str
    moves: Moves  # fwd: may only be taken up; back: may only be dropped


class Statement(msgspec.Struct, frozen=True):
    """True of a state or not: `any` of patterns, `if` one `then` another, one `iff` another."""

    any: tuple[str, ...] | None = None
    if_: str | None = msgspec.field(default=None, name="if")
    then: str | None = None
    iff: tuple[str, str] | None = None


class Preference(msgspec.Struct, frozen=True):
    """A ranking, best first (a list inside is a tie), or statements, most important first."""

    ranking: Ranking | None = None
    statements: tuple[Statement, ...] | None = None


class Conflict(msgspec.Struct, frozen=True, tag_field="kind", tag="conflict"):
    """Who can do what, what cannot be, and what each would rather have."""

    decision_makers: tuple[str, ...]
    options: tuple[Option, ...]
    preferences: dict[str, Preference]
    name: str = ""
    infeasible: tuple[str, ...] = ()
    merge: tuple[str, ...] = ()
    arcs: dict[str, dict[int, tuple[int, ...]]] | None = None
    state_names: dict[int, str] = {}
    after: dict[str, int] = {}  # an offer of the case: the state that its acceptance leads to
    status_quo: int | None = None


class Sampling(msgspec.Struct, frozen=True):
    """Used only where there are too many rankings to go through: how many are drawn, and how."""

    draws: int
    seed: int


class Inverse(msgspec.Struct, frozen=True, tag_field="kind", tag="inverse"):
    """In how many of all strict rankings of one decision maker is each state stable for it?"""

    model: str | Conflict
    name: str = ""
    sampling: Sampling | None = None


class Partial(msgspec.Struct, frozen=True, tag_field="kind", tag="partial"):
    """In how many of the rankings that agree with what is known is the target an equilibrium?"""

    model: str | Conflict
    decision_maker: str
    known: tuple[tuple[int, int], ...]  # (better, worse)
    target: int
    name: str = ""
    sampling: Sampling | None = None


class Ties(msgspec.Struct, frozen=True, tag_field="kind", tag="ties"):
    """In how many of the strict rankings that its ties may stand for is the target an equilibrium?

    The ranking of one decision maker is sure between its levels, and in doubt within each.
    """

    model: str | Conflict
    decision_maker: str
    target: int
    name: str = ""
    sampling: Sampling | None = None


class Orders(msgspec.Struct, frozen=True, tag_field="kind", tag="orders"):
    """In how many orders of each decision maker's statements do the targets hold?"""

    model: str | Conflict
    targets: tuple[int, ...]
    name: str = ""
    sampling: Sampling | None = None


class Share(msgspec.Struct, frozen=True, tag_field="kind", tag="share"):
    """In how many of all combinations of strict rankings is each state an equilibrium?"""

    decision_makers: tuple[str, ...]
    options: tuple[Option, ...]
    name: str = ""
    infeasible: tuple[str, ...] = ()
    sampling: Sampling | None = None


class InspectionPayoffs(msgspec.Struct, frozen=True):
    """All gains and losses as sizes, 0 or more; the sign is in the name."""

    inspectee_gain_undetected: Fraction
    inspectee_loss_detected: Fraction
    inspector_loss_undetected: Fraction
    inspector_loss_detected: Fraction
    inspection_cost: Fraction
    detection_if_inspected: Fraction


class InspectionOneShot(msgspec.Struct, frozen=True, tag_field="kind", tag="inspection-one-shot"):
    """One chance to violate, one chance to inspect."""

    payoffs: InspectionPayoffs
    name: str = ""


class InspectionSequential(
    msgspec.Struct, frozen=True, tag_field="kind", tag="inspection-sequential"
):
    """A number of periods, fewer inspections, at most one violation."""

    cells: tuple[tuple[int, int], ...]  # (periods, inspections)
    name: str = ""


class VerificationMeans(msgspec.Struct, frozen=True):
    """One means of verification: what a look finds, costs, and how many there can be."""

    name: str
    detection_per_look: Fraction
    cost_per_look: Fraction
    most_looks: int


class PriceOfVerification(
    msgspec.Struct, frozen=True, tag_field="kind", tag="price-of-verification"
):
    """The cheapest mix of looks that makes keeping the agreement the best reply."""

    break_even_detection: Fraction
    means: tuple[VerificationMeans, ...]
    name: str = ""


class Signalling(msgspec.Struct, frozen=True, tag_field="kind", tag="signalling"):
    """A sender who knows his type, a message, a receiver who sees only that.

    Payoffs are indexed type, message, response.
    """

    types: tuple[str, ...]
    prior: tuple[Fraction, ...]
    messages: tuple[str, ...]
    responses: tuple[str, ...]
    sender_payoff: tuple[tuple[tuple[Fraction, ...], ...], ...]
    receiver_payoff: tuple[tuple[tuple[Fraction, ...], ...], ...]
    name: str = ""
    mixed: bool = False  # look for equilibria in which somebody mixes, too


class Branch(msgspec.Struct, frozen=True):
    """One way on from a node: an action of its player, or a probability of chance."""

    to: "Node"
    action: str | None = None
    probability: Fraction | None = None
    outcome: str = ""


class Node(msgspec.Struct, frozen=True):
    """A player's or chance's turn with branches, or an end with a payoff for every player."""

    by: str | None = None
    branches: tuple[Branch, ...] = ()
    payoffs: tuple[Fraction, ...] | None = None


class Tree(msgspec.Struct, frozen=True, tag_field="kind", tag="tree"):
    """Offers and replies in turn."""

    players: tuple[str, ...]
    root: Node
    name: str = ""


class Sign(msgspec.Struct, frozen=True):
    """A change of posture: can the other side see it, and how likely is it under each intent?"""

    measure: str
    likelihood: tuple[Fraction, ...]
    range: tuple[tuple[Fraction, Fraction], ...] | None = None
    visible: bool | None = None  # None: as the case says of the measure
    to: str = ""  # the level that it would change to
    order: str = ""  # changes that follow from one order are one signal
    author: str = ""


class Posture(msgspec.Struct, frozen=True, tag_field="kind", tag="posture"):
    """What the other side would make of what it can see."""

    intents: tuple[str, ...]
    prior: tuple[Fraction, ...]
    signs: tuple[Sign, ...]
    name: str = ""


class Reply(msgspec.Struct, frozen=True):
    """What may follow an offer: what it is worth to both, or what we may then do.

    belief: how likely we think it, where their answer is not for us to reason out. reneges: the
    chance that what was agreed is not carried out, and what that is worth.
    """

    payoffs: tuple[Fraction, ...] | None = None
    then: dict[str, "Reply"] = {}  # our choices after it
    belief: Fraction | None = None
    reneges: Fraction = Fraction(0)
    reneged: tuple[Fraction, ...] | None = None


class Offers(msgspec.Struct, frozen=True, tag_field="kind", tag="offers"):
    """Which offer to put, or none: by offer (or "wait"), what may follow it."""

    players: tuple[str, str]  # who offers, who answers
    offers: dict[str, dict[str, Reply]]
    name: str = ""


class Detection(msgspec.Struct, frozen=True):
    """How sure a plan of looks finds a violation before it pays; never without the plan."""

    plan: str
    policy: Literal["known", "secret", "observed"]  # what the other side sees of the plan
    value: Fraction
    bound: Fraction | None = None  # no plan of equal cost can do better


class Keeping(msgspec.Struct, frozen=True, tag_field="kind", tag="keeping"):
    """Is keeping the agreement their best reply under the plan of looks that we have?

    keep, cheat_undetected, cheat_detected: worth of each to the party, on any one scale.
    """

    party: str
    keep: Fraction
    cheat_undetected: Fraction
    cheat_detected: Fraction
    undertaking: str = ""
    item: str = ""
    days_until_banked: int = 0  # a violation found later than this comes too late
    plan_days: int = 30  # of the plan of looks that the case's watch makes, ...
    budget: Fraction | None = None  # ... and what its sorties may cost together
    false_alarm_probability: Fraction = Fraction(0)
    false_alarm_loss: Fraction = Fraction(0)
    detection: tuple[Detection, ...] = ()
    means: tuple[VerificationMeans, ...] = ()
    name: str = ""


Model = (
    Conflict
    | Inverse
    | Partial
    | Ties
    | Orders
    | Share
    | InspectionOneShot
    | InspectionSequential
    | PriceOfVerification
    | Signalling
    | Tree
    | Posture
    | Offers
    | Keeping
)
