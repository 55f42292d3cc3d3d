"""Ids of what was read: from the words themselves, never from where they stand.

A repair accepted, a rule changed or a line put above shifts every offset; the letters of a
directive stay, and with them whatever was entered about it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import TypeVar

import msgspec

from excomm.record.model import Directive, Repair, Statement

Read = TypeVar("Read", Directive, Statement, Repair)
_LETTERS = re.compile(r"[^\W_]+")
_SIGNS = bytes(code for code in range(128) if not chr(code).isalnum())  # the same, in ASCII
_LENGTH = 10
_AROUND = 24  # characters on each side by which a repair is known


def id_of_words(words: str) -> str:
    """Ten hexadecimal digits from the letters and figures of the words, whatever the case.

    >>> id_of_words("Draft a letter.") == id_of_words("draft  a\\nletter")
    True
    """
    if words.isascii():
        letters = words.lower().encode().translate(None, _SIGNS)
    else:
        letters = "".join(_LETTERS.findall(words.casefold())).encode()
    return sha256(letters).hexdigest()[:_LENGTH]


def named_by_words(raw: str, found: Sequence[Read]) -> tuple[Read, ...]:
    """What was read with its ids; the second of the same words gets "-2" after it."""
    return _named(found, (raw[one.start : one.end] for one in found))


def named_by_place(raw: str, found: Sequence[Repair]) -> tuple[Repair, ...]:
    """Repairs with their ids, from the words around each: the same stamp may come often."""
    return _named(
        found,
        (
            f"{raw[max(0, one.start - _AROUND) : one.end + _AROUND]} {one.raw} {one.fixed}"
            for one in found
        ),
    )


def _named(found: Sequence[Read], words: Iterable[str]) -> tuple[Read, ...]:
    seen: Counter[str] = Counter()
    named: list[Read] = []
    for one, of in zip(found, words, strict=True):
        base = id_of_words(of)
        seen[base] += 1
        id_ = base if seen[base] == 1 else f"{base}-{seen[base]}"
        named.append(msgspec.structs.replace(one, id=id_))
    return tuple(named)
