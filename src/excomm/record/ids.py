"""Ids of what was read: from the words themselves, never from where they stand.

A repair accepted, a rule changed or a line put above shifts every offset; the letters of a
directive stay, and with them whatever was entered about it.
"""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

import msgspec

from excomm.record.model import Directive

_LENGTH = 10


def id_of_words(words: str) -> str:
    """Ten hexadecimal digits from the letters and figures of the words, whatever the case.

    >>> id_of_words("Draft a letter.") == id_of_words("draft  a\\nletter")
    True
    """
    letters = "".join(c for c in words.casefold() if c.isalnum())
    return sha256(letters.encode()).hexdigest()[:_LENGTH]


def named_by_words(raw: str, found: Sequence[Directive]) -> tuple[Directive, ...]:
    """The directives with their ids; the second of the same words gets "-2" after it."""
    seen: Counter[str] = Counter()
    named: list[Directive] = []
    for one in found:
        base = id_of_words(raw[one.start : one.end])
        seen[base] += 1
        id_ = base if seen[base] == 1 else f"{base}-{seen[base]}"
        named.append(msgspec.structs.replace(one, id=id_))
    return tuple(named)
