"""If they accept an offer: what arises, how it could be verified, whether the result would hold.

Three rooms are asked: terms, what moves; assurance, how sure it could be; this one, what holds.
"""

import msgspec

from excomm.options.models import Conflict
from excomm.options.solve import solve
from excomm.options.telling import outcome_of, outcome_words


class Arising(msgspec.Struct, frozen=True):
    """One undertaking under the supposition. verified_by, assurance: empty where there is none."""

    undertaking: str
    by: str
    what: str
    before: str
    after: str
    reason: str
    in_offer: bool
    verified_by: str
    assurance: str


class Accepted(msgspec.Struct, frozen=True):
    """What would follow if an offer were accepted. outcomes: by model, whether the result holds."""

    offer: str
    text: str
    arising: tuple[Arising, ...]
    outcomes: tuple[str, ...]
    open: tuple[str, ...]  # what the offer leaves open, in words


def outcome_after(model: Conflict, offer: str) -> str:
    """Whether the outcome that the offer leads to would hold, and who would leave it; "" if unsaid.

    Raises InputError where the model says a state that cannot be.
    """
    if offer not in model.after:
        return ""
    state = model.after[offer]
    answer = solve(model)
    return f"{outcome_words(model, state)}: {outcome_of(model, answer, state)}"
