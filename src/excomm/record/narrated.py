"""Orders that the rapporteur tells: "It was decided that", "A paper is to be prepared by", points
of a list that begin with what a body did.
"""

from collections.abc import Sequence

from excomm.record.actions import heading_of, owner_of, to_do
from excomm.record.lexicon import (
    ADVERBS,
    CHARGED,
    DELIVERABLES,
    DEPARTMENTS,
    DOCUMENTS,
    PUT_OFF,
    RESOLVES,
    TASK_PARTICIPLES,
    TASK_VERBS,
    TOLD,
    word_set,
)
from excomm.record.model import Strength
from excomm.record.narration import is_consensus, is_expected, so_done
from excomm.record.orders import Order, actor, asked_to, between, by, content, doer, phrase
from excomm.record.sentences import Words
from excomm.record.speakers import NOBODY, mention
from excomm.record.turns import Clause

MODALS = word_set("would should will shall must be")


def narrated(clause: Clause) -> Order | None:  # noqa: PLR0911
    sentence = content(clause)
    keys = sentence.keys
    kind, at = heading_of(keys)
    if kind:
        return _headed(clause, sentence, kind, at)
    if not keys or so_done(keys):
        return None
    if is_consensus(keys) and any(key in MODALS for key in keys[:30]):
        that = keys.index("that") if "that" in keys[:12] else 0
        return Order("decision", that + 1, actor(clause, sentence, that + 1)) if that else None
    if clause.opens and is_expected(keys):
        return Order("hard", 0)
    if keys[:4] == ("It", "was", "left", "to") and "to" in keys[4:_LEFT_MAX]:
        to = keys.index("to", 4)
        return Order("hard", to + 1, phrase(clause, sentence, 4, to))
    if keys[:2] == ("It", "was"):
        return _impersonal(clause, sentence)
    if keys and keys[0].capitalize() in RESOLVES and len(keys) > 3:
        return _item(clause)
    if keys[:1] == ("There",) and "agreement" in keys[:5] and "that" in keys[:7]:
        at = keys.index("that")
        modal = any(key in MODALS for key in keys[at : at + 20])
        return Order("decision", at + 1, actor(clause, sentence, at + 1)) if modal else None
    if found := to_do(sentence, opens=clause.opens):
        return Order("hard", found[1], phrase(clause, sentence, 0, found[0]))
    for index in range(1, min(len(keys), 40)):
        order = _passive(clause, sentence, index)
        if order:
            return order
    return None


def _headed(clause: Clause, sentence: Words, kind: str, at: int) -> Order:
    """ "Action: Vale to write", "Decision: the trucks go on Thursday"."""
    first, after, begins = owner_of(sentence.keys, at)
    owner = phrase(clause, sentence, first, after)
    if kind == "decision":
        return Order("decision", at, owner if owner and begins > at else None)
    named = mention(sentence.part(first, after), 0, NOBODY)
    whole = named is not None and named.after == after - first and named.kind != "office"
    return Order("hard", begins, named.name if named and whole else owner)


_LEFT_MAX = 12


def _item(clause: Clause) -> Order | None:
    """ "b. Directed the Secretary of Defense to": what a body did, without its name."""
    sentence = content(clause)
    keys = (sentence.keys[0].capitalize(), *sentence.keys[1:])
    if keys[0] == "Agreed" and not any(key in MODALS for key in keys[:20]):
        return None
    if keys[0] in ("Approved", "Endorsed", "Adopted") and keys[2:3] == ("minutes",):
        return None
    hard = keys[0] in ("Directed", "Requested", "Instructed", "Invited", "Asked", "Tasked")
    return Order("hard" if hard else "decision", 1, asked_to(clause, sentence.part(1)))


def _impersonal(clause: Clause, sentence: Words) -> Order | None:
    """ "It was decided that the Department would": a decision, where something is to be done."""
    keys = sentence.keys
    verb = next((i for i in range(2, min(len(keys), 8)) if keys[i] in _IMPERSONAL), 0)
    if not verb or not PUT_OFF.isdisjoint(keys[:16]):
        return None
    at = verb + 1
    while at < len(keys) and keys[at] not in ("that", "to") and at < verb + 8:
        at += 1
    if keys[at : at + 1] == ("to",):
        return Order("decision", at - 1 if keys[at - 1] == "not" else at + 1)
    if keys[at : at + 1] == ("that",) and any(key in MODALS for key in keys[at : at + 20]):
        return Order("decision", at + 1, actor(clause, sentence, at + 1))
    return None


_IMPERSONAL = word_set(
    "left agreed decided directed ordered requested determined resolved asked understood settled"
    " concluded"
)


_AUXILIARIES = word_set("was were is are has have will would should shall")


def _passive(  # noqa: PLR0911
    clause: Clause, sentence: Words, index: int
) -> Order | None:
    keys = sentence.keys
    key = keys[index]
    if key not in _AUXILIARIES:
        return None
    rest = _without_adverbs(keys[index + 1 : index + 16])
    if not rest:
        return None
    if rest[0] == "been":
        rest = rest[1:] or [""]
    order = (
        _was(clause, sentence, index, rest)
        if key not in ("will", "would", "should", "shall")
        else None
    )
    if key in ("was", "were", "is", "are") and rest[:2] == ["not", "to"]:
        return Order("hard", index, doer(clause, sentence, 0, index))
    if order is None and key in ("was", "were", "is", "are") and rest[0] == "to":
        return _is_to(clause, sentence, index, rest[1:])
    if order is None and key in ("will", "would", "should", "shall"):
        if rest[0] == "be" and rest[1:2] and rest[1] in DELIVERABLES and _document(keys[:index]):
            return Order("decision", 0, by(clause, sentence, index))
        if rest[0] in TASK_VERBS and _is_actor(keys[:index]) and clause.opens:
            return Order("hard", index, phrase(clause, sentence, 0, index))
    return order


def _was(  # noqa: PLR0911
    clause: Clause, sentence: Words, index: int, rest: Sequence[str]
) -> Order | None:
    """ "Mr. Bell was asked to", "Five flights were authorized", "was set up and instructed to"."""
    keys = sentence.keys
    subject = phrase(clause, sentence, 0, index)
    if rest[0] in ("tasked", "charged", "entrusted") and rest[1:2] == ["with"]:
        return Order("hard", keys.index("with", index) + 1, subject)
    if tuple(rest[:3]) in CHARGED:
        return Order("hard", index + 3, subject)
    if rest[0] in TOLD and rest[1:2] == ["for"] and subject and rest[0] != "authorized":
        return Order("hard", keys.index("for", index) + 1, subject)
    founded = rest[:2] == ["set", "up"] or rest[0] in ("established", "formed", "appointed")
    if founded and "to" in rest and _to_do(rest):
        return Order("hard", keys.index("to", index) + 1, by(clause, sentence, 0))
    if rest[0] == "referred" and rest[1:2] == ["to"]:
        return Order("decision", 0)
    reach = 7 if rest[1:2] == ["by"] else 3 if rest[1:2] == ["upon"] else 2
    if rest[0] in TOLD and "to" in rest[1:reach] and rest[1:3] != ["to", "order"]:
        strength: Strength = "decision" if rest[0] == "authorized" else "hard"
        return Order(strength, keys.index("to", index) + 1, subject)
    if rest[0] == "given" and {"approval", "authority", "permission"} & {
        key.lower() for key in keys[:index]
    }:
        return Order("decision", 0, between(clause, sentence, index, "for", "to"))
    charged = next((i for i, word in enumerate(rest[:-1]) if word in TOLD), 0)
    if charged and rest[charged - 1] == "and" and rest[charged + 1] == "to":
        return Order("hard", keys.index(rest[charged], index) + 2, subject)
    reached = rest[0] in ("made", "taken", "reached") and rest[1:2] in (["to"], ["that"])
    if reached and {"decision", "agreement"} & {key.lower() for key in keys[:index]}:
        return Order("decision", index + 2)
    if rest[0] in ("authorized", "approved") and (
        rest[1:2] == ["for"] or keys[0].isdigit() or keys[0].lower() in _COUNTS
    ):
        return Order("decision", 0)
    if "approved" in rest[:4] and "for" in rest and _to_do(rest[rest.index("for") :]):
        return Order("decision", 0, between(clause, sentence, index, "for", "to"))
    if rest[0] == "decided" and rest[1:2] in (["to"], ["that"]):
        return Order("decision", 0)
    return None


def _is_to(clause: Clause, sentence: Words, index: int, rest: Sequence[str]) -> Order | None:
    """ "A paper is to be prepared", "The text was to be ready", "General Pike is to report"."""
    keys = sentence.keys
    if rest[:1] == ["be"] and rest[1:2]:
        if rest[1] in TASK_PARTICIPLES:
            return Order("hard", 0, by(clause, sentence, index))
        if rest[1] in ("ready", "available", "in") and _document(keys[:index]):
            return Order("hard", 0)
    if rest and rest[0] in ("reach", "arrive") and _document(keys[:index]):
        return Order("hard", 0)
    if rest and rest[0] in TASK_VERBS and _is_actor(keys[:index]):
        return Order("hard", index + 1, phrase(clause, sentence, 0, index))
    return None


_COUNTS = word_set(
    "one two three four five six seven eight nine ten eleven twelve additional further"
)


def _without_adverbs(keys: Sequence[str]) -> list[str]:
    return [k for k in keys if k not in ADVERBS and not (k.endswith("ly") and len(k) > 4)]


def _to_do(keys: Sequence[str]) -> bool:
    return any(
        key == "to" and index + 1 < len(keys) and keys[index + 1] in TASK_VERBS
        for index, key in enumerate(keys[:8])
    )


def _document(keys: Sequence[str]) -> bool:
    return len(keys) <= 8 and any(key in DOCUMENTS for key in keys)


def _is_actor(keys: Sequence[str]) -> bool:
    """A person or a department stands there, not a thing."""
    return 0 < len(keys) <= 8 and (
        keys[-1] in DEPARTMENTS
        or keys[-1] in ("Department", "Staff", "Agency")
        or (len(keys) > 1 and keys[-1][0].isupper())
        or (keys[0].isupper() and len(keys[0]) > 1)
        or keys[0] in ("He", "She")
        or keys[-1].lower() in ("group", "committee", "subcommittee")
    )
