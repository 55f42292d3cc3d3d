"""An order's parts: how strong it is, where what is to be done begins, and who is to do it.

Who is read from the words before the verb of the task, or after "by" and "for". A passive names
nobody: then nobody is named, never guessed.
"""

import msgspec

from excomm.record.lexicon import GROUP_HEADS, TASK_VERBS, word_set
from excomm.record.model import Strength
from excomm.record.offices import OFFICE_NOUNS
from excomm.record.sentences import Words, words
from excomm.record.turns import Clause

_PRONOUNS = word_set("we our us he she they it")
_TO_MAX = 10
_ARTICLES = word_set("a an the no this that any some his its our their")


class Order(msgspec.Struct, frozen=True):
    strength: Strength
    at: int  # the word at which what is to be done begins
    to: str | None = None


def content(clause: Clause) -> Words:
    """The words of what was said in the clause."""
    if clause.sentence is not None:
        return clause.sentence.part(clause.first, clause.after)
    return words(clause.text.words, clause.content if clause.speaker else clause.start, clause.end)


def asked_to(clause: Clause, sentence: Words) -> str | None:
    """ "the State Department" of "asked the State Department to tell"."""
    keys = sentence.keys
    if not keys or not (keys[0][0].isupper() or keys[0] in ("the", "all", "our", "both")):
        return None
    ends = _CHARGES.get(clause.verb, "for" if clause.verb in ("asked", "told") else "")
    until = "to" if "to" in keys[1:_TO_MAX] else ends
    if not until or until not in keys[1:_TO_MAX]:
        return None
    return phrase(clause, sentence, 0, keys.index(until, 1))


# "charged Mr. Bell with the inquiry", "gave Mr. Bell responsibility": where the name ends.
_CHARGES = {
    "charged": "with",
    "tasked": "with",
    "entrusted": "with",
    "assigned": "the",
}


def doer(clause: Clause, sentence: Words, first: int, after: int) -> str | None:
    """Who the words name, if they name a person, an office or a body; a thing does nothing."""
    keys = sentence.keys[first:after]
    plain = [key for key in keys if key not in _ARTICLES]
    if not plain:
        return None
    last = plain[-1]
    acts = (
        plain[0][0].isupper()
        or last in _BODIES
        or last.capitalize() in OFFICE_NOUNS
        or last in GROUP_HEADS
        or plain == ["we"]
        or plain[0] in ("our", "all", "both")
    )
    return (phrase(clause, sentence, first, after) or " ".join(keys)) if acts else None


_BODIES = word_set(
    "groups teams agencies departments members parties staff delegations governments units"
    " stations offices posts sections officials people secretariat commanders officers services"
)


def actor(clause: Clause, sentence: Words, at: int) -> str | None:
    """Whoever stands before the verb of the task; None for a passive or a thing."""
    keys = sentence.keys
    start = at + (keys[at : at + 1] == ("that",))
    if (
        start < len(keys) and keys[start] == "within"
    ):  # "that within twenty-four hours our officials"
        start = min(start + 3, len(keys))
    for index in range(start, min(len(keys), start + _TO_MAX)):
        key = keys[index]
        if key in ("be", "no", ",", "that", "was", "were", "been", "not"):
            return None
        if (
            index > start
            and keys[index - 1] not in _ARTICLES
            and (key in TASK_VERBS or key in ("to", "would", "should", "will", "shall", "avoid"))
        ):
            following = keys[index + 1 : index + 3]
            if following[:1] == ("be",) or ("be" in following and key not in TASK_VERBS):
                return None  # "a report be prepared": a thing, and nobody named
            named = " ".join(keys[start:index])
            if named != "we" and named in _PRONOUNS:
                return None
            return doer(clause, sentence, start, index)
    return None


def phrase(clause: Clause, sentence: Words, first: int, after: int) -> str | None:
    if after <= first or after - first > _TO_MAX:
        return None
    text = clause.text.words[sentence.start_of(first) : sentence.end_of(after - 1)].rstrip(".,")
    if text in ("He", "She"):
        return clause.about or None
    return None if text.lower() in _PRONOUNS else text.removeprefix("The ").removeprefix("the ")


def between(clause: Clause, sentence: Words, at: int, opening: str, closing: str) -> str | None:
    keys = sentence.keys
    first = next((i for i in range(at, len(keys)) if keys[i] == opening), -1) + 1
    after = next((i for i in range(first, len(keys)) if keys[i] == closing), 0) if first else 0
    return phrase(clause, sentence, first, after)


def by(clause: Clause, sentence: Words, at: int) -> str | None:
    keys = sentence.keys
    for index in range(at, min(len(keys), at + 25)):
        if keys[index] in ("by", "under") and index + 1 < len(keys):
            end = index + 1
            while end < len(keys) and (keys[end][0].isupper() or keys[end] in ("the", "of")):
                end += 1
            if end > index + 1 and keys[end - 1][0].isupper():
                return phrase(clause, sentence, index + 1, end)
    return None
