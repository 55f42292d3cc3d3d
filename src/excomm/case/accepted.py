"""If they accept an offer: what arises, how it could be verified, whether the result would hold.

Three rooms are asked: terms, what moves; assurance, how sure it is; options, what holds.
"""

import msgspec

from excomm.terms import State


class Arising(msgspec.Struct, frozen=True):
    """One undertaking under the supposition. verified_by, assurance: empty where there is none."""

    undertaking: str
    by: str
    what: str
    before: State
    after: State
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
