"""Counts: how many are alleged, from figures, number words, dozens and scores, as a range."""

from excomm.reports.model import Number, Span
from excomm.reports.vocabulary import vocabulary
from excomm.reports.words import Words

_GROUPS = {"dozen": 12, "dozens": 12, "score": 20, "scores": 20}
_BIG = {"hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000}
_VAGUE = {"several": 3, "some": 1, "many": 3, "few": 2, "various": 2, "numerous": 5, "multiple": 2}
_ABOUT = frozenset(("about", "around", "approximately", "roughly", "some", "nearly", "almost", "ca"))
_LEAST = frozenset(("least", "over", "than", "exceeding"))
_MOST = frozenset(("most", "to", "under"))


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
    second = _exact(read, at + length + 1, taken)
    before = read[at - 1] if at else ""
    if second and (
        _at(read, at + length) in ("to", "or") or (before == "between" and _at(read, at + length) == "and")
    ):
        low, high = sorted((value, second[1]))
        return length + 1 + second[0], low, high, None, False
    if before in _LEAST and before != "over" or (before == "over" and length):
        return length, value, None, value, False
    if before in _MOST and _at(read, at - 2) in ("at", "up", "") or before == "under":
        return length, 0, value, value, False
    if before in _ABOUT:
        slack = max(1, round(0.2 * value))
        return length, value - slack, value + slack, value, False
    return length, value, value, value, False


def _exact(read: tuple[str, ...], at: int, taken: frozenset[int]) -> tuple[int, int] | None:
    """Length and value of a number that starts here: `24`, `two dozen`, `twenty-four`, `a score`."""
    word = _at(read, at)
    if not word or at in taken:
        return None
    following = _at(read, at + 1) if at + 1 not in taken else ""
    value: int | None = None
    length = 1
    known = vocabulary().numbers
    if word.isdigit() and len(word) <= 7:
        value = int(word)
        if following.isdigit() and len(following) == 3 and len(word) <= 3 and value:
            value, length = value * 1000 + int(following), 2
    elif word in known:
        value = known[word]
        if value >= 20 and 0 < known.get(following, 0) < 10:
            value, length = value + known[following], 2
    elif word == "half" and following == "a" and _at(read, at + 2) == "dozen":
        return 3, 6
    elif word == "half" and following == "dozen":
        return 2, 6
    elif word in ("couple", "pair", "brace"):
        value = 2
    elif word in ("dozen", "score") or (word == "a" and following in ("hundred", "thousand")):
        value, length = (_GROUPS[word], 1) if word in _GROUPS else (_BIG[following], 2)
        return length, value
    if value is None:
        return None
    group = _at(read, at + length)
    if group in _GROUPS and at + length not in taken:
        return length + 1, value * _GROUPS[group]
    if group in _BIG and at + length not in taken:
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
