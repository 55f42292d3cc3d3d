"""Who may do what: the roles, what each is for, and the one function that decides.

Nothing here knows a web page or a database. A role is held in one case; the custodian's is of the
whole desk, and lets nobody see any case. Who may see which entry is not asked here: that is the
clearance, and the fold's.
"""

from collections.abc import Iterable
from enum import StrEnum


class Role(StrEnum):
    """What somebody is at this desk."""

    READER = "reader"
    RECORDER = "recorder"
    ANALYST = "analyst"
    CHECKER = "checker"
    REVIEWER = "reviewer"
    SPOKESPERSON = "spokesperson"
    SOURCE_KEEPER = "source keeper"
    CUSTODIAN = "custodian"


class Doing(StrEnum):
    """What can be done."""

    READ = "read"
    ENTER = "enter"  # what was seen, said or received
    ASSESS = "assess"  # what the desk asserts: findings, assessments, assumptions
    CHECK = "check"
    REVIEW = "review"  # decide on what another has asserted; lower a marking
    SPEAK = "speak"  # answer whoever carried an allegation
    KEEP_SOURCES = "keep sources"
    EXPORT = "export"
    KEEP_LEDGER = "keep the ledger"  # at no desk: by whoever holds the files
    PEOPLE = "people"


EVERYTHING = frozenset(Doing) - {Doing.PEOPLE}
_ALL_READ = frozenset({Doing.READ})
GRANTS: dict[Role, frozenset[Doing]] = {
    Role.READER: _ALL_READ,
    Role.RECORDER: _ALL_READ | {Doing.ENTER},
    Role.ANALYST: _ALL_READ | {Doing.ENTER, Doing.ASSESS, Doing.EXPORT},
    Role.CHECKER: _ALL_READ | {Doing.CHECK},
    Role.REVIEWER: _ALL_READ | {Doing.REVIEW, Doing.EXPORT},
    Role.SPOKESPERSON: _ALL_READ | {Doing.SPEAK, Doing.EXPORT},
    Role.SOURCE_KEEPER: _ALL_READ | {Doing.ENTER, Doing.KEEP_SOURCES, Doing.EXPORT},
    Role.CUSTODIAN: frozenset({Doing.PEOPLE}),
}
OF_A_CASE = tuple(role for role in Role if role is not Role.CUSTODIAN)

NEEDS: dict[str, Doing] = {
    # A header says what the markings are: who could enter one could see everything.
    **dict.fromkeys(("break", "case", "commitment", "erasure"), Doing.KEEP_LEDGER),
    **dict.fromkeys(("agreement", "item", "means", "party", "site", "undertaking"), Doing.ASSESS),
    **dict.fromkeys(("assessment", "assumption", "finding"), Doing.ASSESS),
    "check": Doing.CHECK,
    **dict.fromkeys(("clearance", "decision"), Doing.REVIEW),
    "reply": Doing.SPEAK,
    **dict.fromkeys(("interview", "outlet", "unsealing"), Doing.KEEP_SOURCES),
}
"""What entering a kind needs, where it is more than to enter; `duties` says the rest."""

_OWN_WORD = ("assessment", "check", "clearance", "finding", "reply", "unsealing")
"""Here the word is that of whoever enters it, and of nobody else."""


def may(roles: Iterable[Role], doing: Doing) -> bool:
    """Whether somebody with these roles in a case may do this there.

    >>> may([Role.RECORDER], Doing.ENTER), may([Role.RECORDER], Doing.REVIEW)
    (True, False)
    >>> may([Role.CUSTODIAN], Doing.READ)
    False
    """
    return any(doing in GRANTS[role] for role in roles)


def doings(roles: Iterable[Role]) -> frozenset[Doing]:
    """All that somebody with these roles may do."""
    held = tuple(roles)
    return frozenset(doing for doing in Doing if may(held, doing))


def needs_second_factor(roles: Iterable[Role], *, above_lowest: bool) -> bool:
    """Whether a second factor is asked for: of all who do more than read what is open to all."""
    return above_lowest or any(role is not Role.READER for role in roles)


def needed_for(kind: str) -> Doing:
    """What entering an entry of this kind needs."""
    return NEEDS.get(kind, Doing.ENTER)


def is_own_word(kind: str) -> bool:
    """Whether an entry of this kind says what the one who enters it asserts or decides."""
    return kind in _OWN_WORD
