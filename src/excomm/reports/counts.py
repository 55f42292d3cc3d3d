"""Counts: how many are alleged, from figures, number words, dozens and scores, as a range."""

from excomm.reports.model import Number, Span
from excomm.reports.vocabulary import vocabulary
from excomm.reports.words import Words

_GROUPS = {"dozen": 12, "dozens": 12, "score": 20, "scores": 20}
_BIG = {"hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000}
_VAGUE = {"several": 3, "some": 1, "many": 3, "few": 2, "various": 2, "numerous": 5, "multiple": 2}
_ABOUT = frozenset(
    ("about", "around", "approximately", "roughly", "some", "nearly", "almost", "ca")
)
_LEAST = frozenset(("least", "than", "exceeding", "over"))
_MOST = frozenset(("most", "to"))
_ABOUT_SHARE = 0.2  # how far "about" reaches


def numbers(words: Words, taken: frozenset[int]) -> tuple[Number, ...]:
    """Every number in these words, in order, except at words already taken (a date, `SA-2`)."""
    found: list[Number] = []
    at = 0
    while at < len(words.read):
        read = _range(words.read, at, taken)
        if read is None:
            at += 1
            continue
        length, low, high, best, vague = read
        span = Span(words.starts[at], words.ends[at + length - 1])
        found.append(Number(low, high, best, vague, span))
        at += length
    return tuple(found)


_Read = tuple[int, int, int | None, int | None, bool]


def _range(read: tuple[str, ...], at: int, taken: frozenset[int]) -> _Read | None:
    exact = _exact(read, at, taken)
    if exact is None:
        return _vague(read, at, taken)
    length, value = exact
    before, between = _at(read, at - 1), _at(read, at + length)
    second = _exact(read, at + length + 1, taken)
    if second and (between in ("to", "or") or (before == "between" and between == "and")):
        low, high = sorted((value, second[1]))
        return length + 1 + second[0], low, high, None, False
    low, high_or_none = value, value
    if before in _LEAST:
        return length, value, None, value, False
    if before == "under" or (before in _MOST and _at(read, at - 2) in ("at", "up")):
        low = 0
    elif before in _ABOUT:
        slack = max(1, round(_ABOUT_SHARE * value))
        low, high_or_none = value - slack, value + slack
    return length, low, high_or_none, value, False


def _exact(read: tuple[str, ...], at: int, taken: frozenset[int]) -> tuple[int, int] | None:
    """Length and value of a number that starts here: `24`, `two dozen`, `a score`."""
    word = _at(read, at)
    if not word or at in taken:
        return None
    if word in ("dozen", "score"):
        return 1, _GROUPS[word]
    if word == "a" and _at(read, at + 1) in ("hundred", "thousand"):
        return 2, _BIG[read[at + 1]]
    if word == "half" and "dozen" in read[at + 1 : at + 3]:
        return read.index("dozen", at) - at + 1, 6
    simple = _simple(read, at, taken)
    return _multiplied(read, at, taken, *simple) if simple else None


def _simple(read: tuple[str, ...], at: int, taken: frozenset[int]) -> tuple[int, int] | None:
    """`24`, `1 200` or `twenty-four`, `a couple`."""
    word = read[at]
    following = _at(read, at + 1) if at + 1 not in taken else ""
    known = vocabulary().numbers
    if word.isdecimal() and len(word) <= 7:
        if following.isdecimal() and len(following) == 3 and len(word) <= 3 and int(word):
            return 2, int(word) * 1000 + int(following)
        return 1, int(word)
    if word in known:
        more = known.get(following, 0)
        tens = known[word] >= 20 and 0 < more < 10
        return (2, known[word] + more) if tens else (1, known[word])
    return (1, 2) if word in ("couple", "pair", "brace") else None


def _multiplied(
    read: tuple[str, ...], at: int, taken: frozenset[int], length: int, value: int
) -> tuple[int, int]:
    """`two dozen`, `three score`, `two hundred and fifty`."""
    group = _at(read, at + length) if at + length not in taken else ""
    if group in _GROUPS:
        return length + 1, value * _GROUPS[group]
    if group not in _BIG:
        return length, value
    value, length = value * _BIG[group], length + 1
    rest = _exact(read, at + length + 1, taken) if _at(read, at + length) == "and" else None
    if rest and rest[1] < 100 <= value:
        return length + 1 + rest[0], value + rest[1]
    return length, value


def _vague(read: tuple[str, ...], at: int, taken: frozenset[int]) -> _Read | None:
    word = read[at]
    if at in taken:
        return None
    if word in ("dozens", "scores", "hundreds", "thousands"):
        least = 2 * _GROUPS.get(word, _BIG.get(word, 0))
        return 1, least, None, None, True
    if word == "no" and _at(read, at - 1) not in ("there", "says"):
        return 1, 0, 0, 0, False
    if word in _VAGUE and not (word == "some" and _exact(read, at + 1, taken)):
        return 1, _VAGUE[word], None, None, True
    return None


def _at(read: tuple[str, ...], at: int) -> str:
    return read[at] if 0 <= at < len(read) else ""
