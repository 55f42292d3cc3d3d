"""Tallies over all entries that hold, kept by one entry more or less."""

import msgspec

from excomm.entries import KINDS
from excomm.fold import Facts
from excomm.remembered import Changes


class Tallied(msgspec.Struct, frozen=True):
    """How many entries carry each marking, and the ids of those that were read unverified."""

    markings: dict[str, int]
    unverified: frozenset[str]


def tallied(facts: Facts) -> Tallied:
    """The markings of all entries that hold, and those read unverified."""

    def anew() -> Tallied:
        markings: dict[str, int] = {}
        unverified = set()
        for kind in KINDS.values():
            for entry, _ in facts.of(kind):
                markings[entry.marking] = markings.get(entry.marking, 0) + 1
                if entry.reading == "unverified":
                    unverified.add(str(entry.id))
        return Tallied(markings, frozenset(unverified))

    def gone_on(before: Tallied, changes: Changes) -> Tallied:
        markings, unverified = dict(before.markings), set(before.unverified)
        for was, now in changes:
            if was is not None:
                markings[was.marking] -= 1
                unverified.discard(was.id)
            if now is not None:
                markings[now.marking] = markings.get(now.marking, 0) + 1
                if now.reading == "unverified":
                    unverified.add(now.id)
        return Tallied({one: n for one, n in markings.items() if n}, frozenset(unverified))

    return facts.remembered.asked("tallied", (), anew, gone_on)
