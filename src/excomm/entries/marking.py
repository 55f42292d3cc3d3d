"""Markings: who may see an entry. Level x compartments (all needed) x releasable-to.

Text form: `LEVEL`, `LEVEL//COMPARTMENT,COMPARTMENT`, `LEVEL//REL PARTY,PARTY`, or all three parts.
A clearance is written in the same form: REL then names the parties the reader belongs to.
An unknown level, compartment or party is refused, never treated as open.
"""

from collections.abc import Iterable

import msgspec

from excomm.errors import InputError

DEFAULT_LEVELS = ("open", "restricted", "secret")


class Marking(msgspec.Struct, frozen=True):
    """What is needed to see an entry; also what a reader has (see `may_see`)."""

    level: str
    compartments: frozenset[str] = frozenset()
    releasable_to: frozenset[str] | None = None  # None: not restricted by party

    def __str__(self) -> str:
        parts = [self.level]
        if self.compartments:
            parts.append(",".join(sorted(self.compartments)))
        if self.releasable_to is not None:
            parts.append(f"REL {','.join(sorted(self.releasable_to))}")
        return "//".join(parts)


class Scheme(msgspec.Struct, frozen=True):
    """The marking words of one case; levels from lowest to highest."""

    levels: tuple[str, ...] = DEFAULT_LEVELS
    compartments: tuple[str, ...] = ()
    parties: tuple[str, ...] | None = ()  # None: not checked here

    def parse(self, text: str) -> Marking:
        """Read a marking or a clearance. Raises InputError (`where` "marking") on unknown words.

        >>> str(Scheme(compartments=("IMINT",), parties=("USA",)).parse("secret//IMINT//REL USA"))
        'secret//IMINT//REL USA'
        """
        level, *rest = text.split("//")
        if level not in self.levels:
            raise InputError("marking", level, f"one of the case's levels: {_list(self.levels)}")
        compartments: frozenset[str] = frozenset()
        releasable: frozenset[str] | None = None
        for part in rest:
            if part.startswith("REL "):
                releasable = _known(part[4:], self.parties, "parties")
            else:
                compartments |= _known(part, self.compartments, "compartments")
        return Marking(level, compartments, releasable)

    def may_see(self, clearance: Marking, marking: Marking) -> bool:
        """Whether a reader so cleared may see what is so marked."""
        return (
            self.levels.index(marking.level) <= self.levels.index(clearance.level)
            and marking.compartments <= clearance.compartments
            and (
                marking.releasable_to is None
                or bool(marking.releasable_to & (clearance.releasable_to or frozenset()))
            )
        )

    def join(self, markings: Iterable[Marking]) -> Marking:
        """The marking of what was computed from these: all of it is needed.

        Nobody at all may be left in `releasable_to`: the parts were released to different parties.
        """
        level, compartments = self.levels[0], frozenset[str]()
        releasable: frozenset[str] | None = None
        for marking in markings:
            level = max(level, marking.level, key=self.levels.index)
            compartments |= marking.compartments
            if marking.releasable_to is not None:
                known = marking.releasable_to
                releasable = known if releasable is None else releasable & known
        return Marking(level, compartments, releasable)


def _known(text: str, words: tuple[str, ...] | None, what: str) -> frozenset[str]:
    found = frozenset(word.strip() for word in text.split(",") if word.strip())
    for word in sorted(found):
        if words is not None and word not in words:
            raise InputError("marking", word, f"one of the case's {what}: {_list(words)}")
    if not found:
        raise InputError("marking", text, f"one or more of the case's {what}: {_list(words)}")
    return found


def _list(words: tuple[str, ...] | None) -> str:
    return ", ".join(words) if words else "none is named in case.toml"
