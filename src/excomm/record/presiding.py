"""What whoever presides says in the form of a wish, and what is an order all the same: "he wanted a
report by Friday", "General Pike should report", "nobody was to talk to the press".
"""

from collections.abc import Sequence

from excomm.record.lexicon import (
    ADVERBS,
    DELIVERABLES,
    DOCUMENTS,
    TASK_PARTICIPLES,
    TASK_VERBS,
    word_set,
)
from excomm.record.orders import Order, doer
from excomm.record.sentences import Words
from excomm.record.turns import Clause

_NOBODY = word_set("nobody nothing none no")
_WE = frozenset({"we", "they", "you"})
_DUTIES = frozenset({"should", "must"})
_WANTED = word_set("wanted wished desired")
_REACH = 26
_PAST = word_set("done made said given told sent shown known left seen")


def told_by_chair(clause: Clause, sentence: Words, at: int) -> Order | None:
    """The order in what whoever presides said. at: the word after "that"."""
    keys = sentence.keys
    return (
        _wanted(clause, sentence, at) or _unwanted(clause, keys, at) or _duty(clause, sentence, at)
    )


def _wanted(clause: Clause, sentence: Words, at: int) -> Order | None:
    """ "He wanted a report by Friday", "he would like the paper to be redrafted"."""
    keys = sentence.keys
    if keys[at + 1 : at + 2] != () and keys[at + 1] in _WANTED:
        begin = at + 2
    elif keys[at + 1 : at + 3] == ("would", "like"):
        begin = at + 3
    elif clause.verb in (*_WANTED, "would like"):
        begin = 0
    else:
        return None
    rest = keys[begin : begin + 14]
    if not rest or rest[0] in ("it", "that"):
        return None
    if rest[0] == "to":
        return Order("hard", 0) if asks_for_it(rest) else None
    for index, key in enumerate(rest[:-1]):
        if key == "to" and (rest[index + 1] in TASK_VERBS or rest[index + 1] == "be"):
            passive = rest[index + 1] == "be"
            return Order(
                "hard", 0, None if passive else doer(clause, sentence, begin, begin + index)
            )
    return Order("hard", 0) if any(key in DOCUMENTS for key in rest[:5]) else None


def asks_for_it(rest: Sequence[str]) -> bool:
    """ "to have a report", "to be kept informed": what others must do."""
    if rest[1:2] == ("be",):
        return rest[2:3] != () and rest[2] in _KEPT
    return rest[1:2] in (("have",), ("see",)) and any(key in DOCUMENTS for key in rest[2:6])


_KEPT = word_set("kept given shown told informed consulted notified briefed")


def _unwanted(clause: Clause, keys: Sequence[str], at: int) -> Order | None:
    """ "He did not want the matter discussed outside"."""
    inner = keys[at + 1 : at + 4] in (("did", "not", "want"), ("did", "not", "wish"))
    if not inner and clause.verb not in ("did not want", "did not wish"):
        return None
    begin = at + 4 if inner else 0
    rest = keys[begin : begin + 20]
    if rest[:1] == ("to",):
        return None
    done = any(key in _PAST or key.endswith("ed") for key in rest[1:8])
    return Order("hard", 0) if "to" in rest or done else None


def _duty(clause: Clause, sentence: Words, at: int) -> Order | None:
    """ "General Pike should report", "Mr. Bell was to draft it", "no one was to leave"."""
    keys = sentence.keys
    for index in range(at, min(len(keys), _REACH)):
        key = keys[index]
        was_to = key in ("was", "were") and keys[index + 1 : index + 2] == ("to",)
        if key not in _DUTIES and not was_to:
            continue
        after = index + 1 + was_to
        task = next((k for k in keys[after : after + 3] if k not in ADVERBS and k != "not"), "")
        subject = keys[at:index]
        if not subject:
            return None
        if subject[-1] in _WE:
            return Order("soft", after) if task in TASK_VERBS and not was_to else None
        if subject[0].lower() in _NOBODY:
            return Order("hard", at)
        if task == "be":
            return _to_be_done(keys, subject, after)
        to = doer(clause, sentence, at, index) if len(subject) < _SUBJECT_MAX else None
        return Order("hard", at, to) if to and task in TASK_VERBS else None
    return None


_SUBJECT_MAX = 9


def _to_be_done(keys: Sequence[str], subject: Sequence[str], after: int) -> Order | None:
    """ "The statement should be redrafted": a paper that somebody must work on."""
    done = next((k for k in keys[after + 1 : after + 4] if k not in ADVERBS), "")
    paper = len(subject) <= _SUBJECT_MAX and any(key in DOCUMENTS for key in subject)
    return Order("hard", 0) if paper and done in DELIVERABLES | TASK_PARTICIPLES else None
