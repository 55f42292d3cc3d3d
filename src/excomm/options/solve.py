"""One door for every kind of model: a file in, its answer out.

Answers are frozen structs; as JSON their fractions are strings ("3/5"), and states that are keys
are written as strings, as JSON wants it.
"""

from fractions import Fraction
from pathlib import Path
from typing import assert_never

import msgspec

from excomm.options.conflict import ConflictAnswer, solve_conflict
from excomm.options.inspection import (
    OneShotAnswer,
    SequentialAnswer,
    solve_one_shot,
    solve_sequential,
)
from excomm.options.inverse import InverseOf, solve_inverse
from excomm.options.keeping import KeepingAnswer, solve_keeping
from excomm.options.models import (
    Conflict,
    InspectionOneShot,
    InspectionSequential,
    Inverse,
    Keeping,
    Model,
    Offers,
    Orders,
    Partial,
    Posture,
    PriceOfVerification,
    Share,
    Signalling,
    Ties,
    Tree,
)
from excomm.options.offers import OffersAnswer, solve_offers
from excomm.options.posture import PostureAnswer, solve_posture
from excomm.options.price import PriceAnswer, solve_price
from excomm.options.reading import read_file, text_of
from excomm.options.robust import (
    OrdersOf,
    PartialAnswer,
    ShareAnswer,
    solve_orders,
    solve_partial,
    solve_share,
    solve_ties,
)
from excomm.options.signals import SignallingAnswer, solve_signalling
from excomm.options.tree import TreeAnswer, solve_tree
from excomm.tagged import placed

Answer = (
    ConflictAnswer
    | dict[str, InverseOf]
    | PartialAnswer
    | dict[str, OrdersOf]
    | ShareAnswer
    | OneShotAnswer
    | SequentialAnswer
    | PriceAnswer
    | SignallingAnswer
    | TreeAnswer
    | PostureAnswer
    | OffersAnswer
    | KeepingAnswer
)


def solve_file(path: Path) -> Answer:
    """The answer to the model in a file, and to one it names beside it.

    Raises InputError with file, line and place (`case/deal.json:9: $.options[2].dm`);
    EnvironmentFault where the file cannot be read.
    """
    return solved_file(path)[1]


def solved_file(path: Path) -> tuple[Model, Answer]:
    """The model in a file with its answer. Raises as `solve_file`."""
    model = read_file(path)
    with placed(path, text_of(path)):
        return model, solve(model)


def solve(model: Model) -> Answer:  # noqa: PLR0912  one branch a kind
    """The answer to a model of any kind. Raises InputError with the place in the model."""
    answer: Answer
    match model:
        case Conflict():
            answer = solve_conflict(model)
        case Inverse():
            answer = solve_inverse(model)
        case Partial():
            answer = solve_partial(model)
        case Ties():
            answer = solve_ties(model)
        case Orders():
            answer = solve_orders(model)
        case Share():
            answer = solve_share(model)
        case InspectionOneShot():
            answer = solve_one_shot(model)
        case InspectionSequential():
            answer = solve_sequential(model)
        case PriceOfVerification():
            answer = solve_price(model)
        case Signalling():
            answer = solve_signalling(model)
        case Tree():
            answer = solve_tree(model)
        case Posture():
            answer = solve_posture(model)
        case Offers():
            answer = solve_offers(model)
        case Keeping():
            answer = solve_keeping(model)
        case _:
            assert_never(model)
    return answer


def to_json(answer: Answer) -> bytes:
    """An answer as JSON, the same bytes for the same model."""
    return msgspec.json.encode(answer, enc_hook=_plain)


def _plain(value: object) -> str:
    assert isinstance(value, Fraction), value
    return str(value)
