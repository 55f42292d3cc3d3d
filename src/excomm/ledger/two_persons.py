"""What one person may not do alone: show what is there already to more readers than before.

A clearance names two persons and the exact bytes that they let go. Its ways round are closed here:
a correction that repeats an entry under a lower marking, and a header that puts the levels in
another order. What somebody says in an entry of his own, in new words, is his own to mark: `retold`
lists what seems to say a marked entry again.
"""

from collections.abc import Callable, Iterable
from itertools import combinations

import msgspec

from excomm.entries import DEFAULT_LEVELS, Entry, EntryId, Scheme
from excomm.entries.kinds import CaseHeader
from excomm.errors import InputError

_REMEDY = (
    "A marking is lowered by two persons: keep it as it is, and enter a clearance of this entry."
)


def lowering_fault(
    entry: Entry, old: Entry, headers: Callable[[], Iterable[CaseHeader]]
) -> InputError | None:
    """What is wrong with a correction that says what the old entry says, to more readers.

    headers: gives those of the case so far, the newest last; asked only where it matters.
    """
    if entry.marking == old.marking or _said(entry) != _said(old):
        return None
    if covers(entry.marking, old.marking, headers()):
        return None
    return InputError(
        "marking",
        entry.marking,
        f"at least {old.marking}, that of {old.id}, which it repeats",
        _REMEDY,
    )


def levels_fault(header: CaseHeader, earlier: Iterable[CaseHeader]) -> InputError | None:
    """What is wrong with the levels of a header: two of them stood the other way round before."""
    before = {pair for one in earlier for pair in combinations(one.levels or DEFAULT_LEVELS, 2)}
    for low, high in combinations(header.levels or DEFAULT_LEVELS, 2):
        if low != high and (high, low) in before:
            return InputError(
                "levels",
                f"{low} below {high}",
                f"{high} below {low}, as it has been",
                "What is marked already would be shown to others. Add a level under a new word.",
            )
    return None


def lowest(headers: Iterable[CaseHeader]) -> str:
    """The marking that hides nothing, by the newest of these headers."""
    return next((one.levels for one in [*headers][-1:] if one.levels), DEFAULT_LEVELS)[0]


def covers(marking: str, old: str, headers: Iterable[CaseHeader]) -> bool:
    """Whether nobody may see what is marked `marking` who may not see what is marked `old`."""
    newest = [*headers][-1:]
    levels = next((one.levels for one in newest if one.levels), DEFAULT_LEVELS)
    scheme = Scheme(levels, newest[0].compartments if newest else (), None)
    try:
        to, was = scheme.parse(marking), scheme.parse(old)
    except InputError:
        return False  # a word that the case does not know is never treated as open
    return (
        levels.index(to.level) >= levels.index(was.level)
        and to.compartments >= was.compartments
        and (
            was.releasable_to is None
            or (to.releasable_to is not None and to.releasable_to <= was.releasable_to)
        )
    )


def _said(entry: Entry) -> Entry:
    bare = {"id": EntryId(""), "corrects": None, "marking": "", "seq": 0, "appended": None}
    return msgspec.structs.replace(entry, recorded=entry.recorded.min, **bare)
