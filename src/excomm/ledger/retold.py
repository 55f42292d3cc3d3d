"""Retold: what a marked entry says, said again in an entry that more readers see.

A correction that does so is refused when it is taken in. A new entry is its author's own to mark,
and no rule can tell a second source from a way round. So this lists the likely ones for a person to
read: of one kind and one time, every field the same, and of what is written out half the words. It
judges and changes nothing, and whoever takes other words and another time is not found.
"""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import msgspec

from excomm.entries import Entry
from excomm.entries.kinds import CaseHeader
from excomm.ledger.two_persons import covers, lowest

ALIKE = 0.5  # share of the shorter one's words that stand in the other
_WORDS_WRITTEN_OUT = 3  # a field of so many words is text, one of fewer a name
_WORD = re.compile(r"\w{4,}")


class Retold(NamedTuple):
    """An entry, and the earlier one that it seems to tell to more readers."""

    entry: Entry
    of: Entry


def retold(read: Callable[[], Iterable[Entry]]) -> tuple[Retold, ...]:
    """The entries of a log that seem to tell an earlier one to more readers, in its order.

    read: gives the entries from the first; asked anew, so that only few are held at once.
    """
    headers = [entry.body for entry in read() if isinstance(entry.body, CaseHeader)]
    open_to_all = lowest(headers)
    marked = {_parts(entry)[0] for entry in read() if entry.marking != open_to_all}
    earlier: dict[object, list[tuple[Entry, frozenset[str]]]] = {}
    found = []
    for entry in read():
        key, words = _parts(entry)
        if key not in marked or isinstance(entry.body, CaseHeader):
            continue
        row = earlier.setdefault(key, [])
        same = [old for old, others in row if _alike(words, others)]
        # What was told to as many before is no secret from them.
        if same and not any(covers(entry.marking, old.marking, headers) for old in same):
            found.append(Retold(entry, same[-1]))
        row.append((entry, words))
    return tuple(found)


def _parts(entry: Entry) -> tuple[object, frozenset[str]]:
    """What has to be the same, and the words of what is written out."""
    fields = msgspec.structs.asdict(entry.body)
    texts = {
        name: value
        for name, value in fields.items()
        if isinstance(value, str) and len(value.split()) >= _WORDS_WRITTEN_OUT
    }
    rest = {name: value for name, value in fields.items() if name not in texts and value != ""}
    said = " ".join([*texts.values(), entry.note]).casefold()
    return (entry.kind, entry.occurred, repr(rest)), frozenset(_WORD.findall(said))


def _alike(words: frozenset[str], others: frozenset[str]) -> bool:
    return len(words & others) >= ALIKE * min(len(words), len(others))
