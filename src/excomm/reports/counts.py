"""Counts: how many are alleged, from figures, number words, dozens and scores, as a range."""

from itertools import pairwise

from excomm.reports.model import Number, Span
from excomm.reports.vocabulary import speech, vocabulary
from excomm.reports.words import TIES, Words

_GROUPS = {"dozen": 12, "dozens": 12, "score": 20, "scores": 20}
_HALVES = {"dozen": 6, "score": 10, "hundred": 50, "thousand": 500}
_BIG = {"hundred": 100, "hundreds": 100, "thousand": 1000, "thousands": 1000}
_VAGUE = {
    "several": 3,
    "some": 1,
    "many": 3,
    "few": 2,
    "various": 2,
    "numerous": 5,
    "multiple": 2,
    "countless": 5,
    "certain": 1,
    "assorted": 2,
    "further": 1,
}
_ABOUT = frozenset(
    ("about", "around", "approximately", "roughly", "some", "nearly", "almost", "ca")
)
_LEAST = frozenset(("least", "exceeding", "over", "minimum"))
_MOST = frozenset(("most", "to", "maximum"))
_MORE, _LESS = frozenset(("more", "greater")), frozenset(("fewer", "less"))
_ABOUT_SHARE = 0.2  # how far "about" reaches


def numbers(text: str, words: Words, taken: frozenset[int]) -> tuple[Number, ...]:
    """Every number of things in these words, in order, except at words already taken (a date).

    No number of things are figures in names (`SA-2`), sizes (`82 mm`, `12.7`) and what is tied to
    the word that follows (`one-way`, `two-thousand-mile`).
    """
    taken |= _sizes(text, words)
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


def _sizes(text: str, words: Words) -> frozenset[int]:
    """Words that are part of a size or of a name."""
    read = words.read
    found: set[int] = set()
    gaps = zip(words.ends[:-1], words.starts[1:], strict=True)
    ties = [text[end:start] in TIES for end, start in gaps]
    for at, (word, following) in enumerate(pairwise(read)):
        figure = word.isdecimal()
        counts = figure or word in vocabulary().numbers or word in _GROUPS or word in _BIG
        if figure and following.isdecimal() and text[words.ends[at] : words.starts[at + 1]] == ".":
            found.update((at, at + 1))
        is_unit = following in speech("units") and ties[at + 1 : at + 2] != [True]
        is_part = ties[at] and not _goes_on(following)
        if counts and (is_unit or is_part):
            back = at
            while back > 0 and ties[back - 1]:
                back -= 1
            found.update(range(back, at + 1))
    # Figures tied to letters before them, as in `IL-8`, are part of a name.
    found.update(
        at
        for at, start in enumerate(words.starts)
        if start > 1 and read[at].isdecimal()
        if text[start - 1] in TIES and text[start - 2].isalpha()
    )
    return frozenset(found)


def _goes_on(word: str) -> bool:
    """Whether a word can be the next part of a number: "twenty-four", "half-a-dozen"."""
    return word in vocabulary().numbers or word in _GROUPS or word in _BIG or word in ("a", "odd")


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
    if before in _LEAST or (before == "than" and _grows(read, at - 2)):
        return length, value, None, value, False
    if before in ("under", "than") or (before in _MOST and _at(read, at - 2) in ("at", "up", "a")):
        low = 0
    elif before in _ABOUT:
        slack = max(1, round(_ABOUT_SHARE * value))
        low, high_or_none = value - slack, value + slack
    return length, low, high_or_none, value, False


def _grows(read: tuple[str, ...], at: int) -> bool:
    """Whether "more than" or "no fewer than" ends here, and not "fewer than", "no more than"."""
    denied = _at(read, at - 1) in ("no", "not")
    return _at(read, at) in (_LESS if denied else _MORE)


def _exact(read: tuple[str, ...], at: int, taken: frozenset[int]) -> tuple[int, int] | None:
    """Length and value of a number that starts here: `24`, `two dozen`, `a score`."""
    word = _at(read, at)
    if not word or at in taken:
        return None
    if word in ("dozen", "score"):
        return 1, _GROUPS[word]
    if word == "a" and _at(read, at + 1) in ("hundred", "thousand"):
        return 2, _BIG[read[at + 1]]
    for group, half in _HALVES.items():
        if word == "half" and group in read[at + 1 : at + 3]:
            return read.index(group, at) - at + 1, half
    simple = _simple(read, at, taken)
    return _multiplied(read, at, taken, *simple) if simple else None


def _simple(read: tuple[str, ...], at: int, taken: frozenset[int]) -> tuple[int, int] | None:
    """`24`, `1 200` or `twenty-four`, `a couple`."""
    word = read[at]
    following = _at(read, at + 1) if at + 1 not in taken else ""
    known = vocabulary().numbers
    if word.isdecimal() and len(word) <= 7:
        grouped = following.isdecimal() and len(following) == 3 and len(word) <= 3
        if grouped and int(word) and word[0] != "0":
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
    if word == "no" and _at(read, at - 1) not in ("there", "says") and not _no_bound(read, at):
        return 1, 0, 0, 0, False
    length, least = _vague_phrase(read, at)
    if not length and word in _VAGUE and not (word == "some" and _exact(read, at + 1, taken)):
        length, least = 1, _VAGUE[word]
    return (length, least, None, None, True) if length else None


def _vague_phrase(read: tuple[str, ...], at: int) -> tuple[int, int]:
    """Length and least number of "a handful of", "an unknown number of", "hundreds"; or 0, 0."""
    for length in range(4, 1, -1):
        least = _VAGUE_PHRASES.get(read[at : at + length])
        if least is not None:
            return length, least
    if read[at] in ("a", "an") and read[at + 2 : at + 4] == ("number", "of"):
        return 4, 1
    if read[at] in ("dozens", "scores", "hundreds", "thousands"):
        return 1, 2 * _GROUPS.get(read[at], _BIG.get(read[at], 0))
    return 0, 0


def _no_bound(read: tuple[str, ...], at: int) -> bool:
    """ "No fewer than five", "no longer there": no word about none."""
    return _at(read, at + 1) in _LESS | _MORE or _at(read, at + 1) in ("longer", "one", "doubt")


_VAGUE_PHRASES = {
    ("a", "number", "of"): 2,
    ("a", "large", "number", "of"): 3,
    ("a", "great", "number", "of"): 3,
    ("more", "than", "a", "few"): 3,
    ("a", "handful", "of"): 2,
    ("a", "lot", "of"): 3,
    ("lots", "of"): 3,
    ("quite", "a", "few"): 3,
    ("a", "few"): 2,
    ("plenty", "of"): 3,
    ("a", "great", "many"): 3,
    ("any", "number", "of"): 2,
    ("a", "batch", "of"): 2,
    ("a", "group", "of"): 2,
}


def _at(read: tuple[str, ...], at: int) -> str:
    return read[at] if 0 <= at < len(read) else ""
