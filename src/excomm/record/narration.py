"""Narration: the rapporteur's own sentences, which belong to nobody who spoke."""

from excomm.record.actions import heading_of, to_do
from excomm.record.lexicon import (
    AGREED,
    CHARGED,
    DOCUMENTS,
    IMPERSONAL,
    MEETING_PARTICIPLES,
    NOT_SPEAKERS,
    RESOLVES,
    SO_DONE,
    TASK_PARTICIPLES,
    TASK_VERBS,
    TOLD,
    word_set,
)
from excomm.record.sentences import Words
from excomm.record.speakers import NOBODY, mention
from excomm.record.verbs import is_adverb, verb_at

_FINITE = word_set(
    "is are was were has have had will would can could should may might must do does did"
)
# What a whole body does to its agenda is told by the rapporteur, as "there was a discussion" is.
OF_BODIES = frozenset(
    {"discussed", "considered", "reviewed", "turned to", "dealt with", "took up", "resumed"}
)
_BODY_VERBS = frozenset(phrase.split()[0] for phrase in OF_BODIES)
_THERE = word_set("followed ensued was were is being arose then")
_DISCUSSION = word_set("discussion agreement debate consensus exchange consideration")


def is_narration(  # noqa: PLR0911
    words: Words, *, numbered: bool, opens: bool
) -> bool:
    """Whether a sentence without speaker is told by the rapporteur: "It was decided that ..."."""
    keys = words.keys
    if not keys:
        return True
    start = 1 if keys[0] in ("(", "[") else 0
    head = keys[start : start + 3]
    if not head:
        return True
    if head[0] == "There" and len(head) > 1 and (head[1] in _THERE or head[1].endswith("ed")):
        stood = opens and {"objection", "opposition", "dissent"} & set(keys[:6])
        return bool(stood) or any(word.lower() in _DISCUSSION for word in keys[start : start + 14])
    if _in_discussion(keys) or _body_handles(words):
        return True
    if is_consensus(keys):
        return True
    if head[0] == "It" and head[1:2] == ("was",):
        return any(
            word in MEETING_PARTICIPLES or word in IMPERSONAL
            for word in keys[start + 2 : start + 6]
        )
    if (
        is_note(keys)
        or heading_of(keys)[0]
        or _comes_or_goes(keys)
        or _is_to(words)
        or so_done(keys)
    ):
        return True
    if to_do(words, opens=opens) or (keys[0].isupper() and keys[0].capitalize() in RESOLVES):
        return True
    if any(word in ("Discussion", "discussion") for word in keys[start : start + 4]) and any(
        word in ("followed", "ensued", "turned", "centered", "continued", "then")
        for word in keys[:12]
    ):
        return True
    if (
        head[0] in ("Also", "The", "A", "Attached")
        and "attached" in [k.lower() for k in keys[:12]]
        and opens
    ):
        return True
    if "meeting" in keys[:4] and any(
        word in ("adjourned", "ended", "closed", "began", "opened", "concluded")
        for word in keys[:10]
    ):
        return True
    return numbered or _passive(keys) or (opens and is_expected(keys))


def is_note(keys: tuple[str, ...]) -> bool:
    """ "Note: coffee was served": a head that is nobody's name."""
    return ":" in keys[1:3] and keys[0].capitalize() in NOT_SPEAKERS


def is_consensus(keys: tuple[str, ...]) -> bool:
    """ "It was the consensus that", "The sense of the meeting was that"."""
    return keys[0] in ("It", "The") and any(
        key in ("consensus", "sense", "understanding") for key in keys[1:5]
    )


def _in_discussion(keys: tuple[str, ...]) -> bool:
    """ "In discussion it was said that", "After some debate, the question was put"."""
    if keys[0] not in ("In", "After", "Following", "During"):
        return False
    comma = keys.index(",") if "," in keys[:14] else 0
    if comma and keys[comma + 1 : comma + 3] == ("it", "was"):
        return True
    stop = next((i for i, key in enumerate(keys[:7]) if key in (",", "it")), 0)
    return bool(stop) and bool(_DISCUSSION & set(keys[1:stop])) and "of" not in keys[1:stop]


def _body_handles(words: Words) -> bool:
    """ "The Council then took up the budget"."""
    if _BODY_VERBS.isdisjoint(words.keys):
        return False
    subject = mention(words, 0, NOBODY)
    if subject is None or subject.title != "body":
        return False
    verb = verb_at(words, subject.after)
    return verb is not None and verb.text in OF_BODIES


def _comes_or_goes(keys: tuple[str, ...]) -> bool:
    """ "At this point the President left the room", "At 1:25 p.m. Mr. Bell left"."""
    if keys[0] == "At" and _GOES & set(keys[:14]):
        return True
    for index, key in enumerate(keys[:14]):
        if key in ("left", "joined", "entered", "rejoined") and keys[index + 1 : index + 2] == (
            "the",
        ):
            return keys[index + 2 : index + 3] in (("room",), ("meeting",), ("group",))
    return False


def _is_to(words: Words) -> bool:
    """ "General Pike is to report": what was settled, told by the rapporteur."""
    if "to" not in words.keys:
        return False
    subject = mention(words, 0, NOBODY)
    if subject is None:
        return False
    after = words.keys[subject.after : subject.after + 3]
    return len(after) == 3 and after[0] in _BE and after[1] == "to" and after[2] in TASK_VERBS


_GOES = frozenset({"left", "arrived", "joined", "entered", "withdrew", "departed"})
_BE = frozenset({"is", "are", "was", "were"})


def _passive(keys: tuple[str, ...]) -> bool:
    """A main clause in which a meeting handles something: "A paper was circulated"."""
    for index in range(1, min(len(keys), 30)):
        key = keys[index]
        if key in ("that", "which", "who", "whether", "if") and index < 3:
            return False
        if key in _FINITE:
            return _handled(keys, index)
        if key == ",":
            continue
    return False


def is_expected(keys: tuple[str, ...]) -> bool:
    """ "Comments should reach the Secretary by Friday"."""
    at = keys.index("should") if "should" in keys[1:7] else 0
    return (
        bool(at)
        and any(key.lower() in DOCUMENTS for key in keys[:at])
        and keys[at + 1 : at + 2] in (("reach",), ("be",))
    )


def so_done(keys: tuple[str, ...]) -> bool:
    """ "The meeting so decided"."""
    if keys[0] in AGREED and set(keys[1:]) <= {"."}:
        return True
    at = keys.index("so") if "so" in keys[1:5] else 0
    return bool(at) and keys[at + 1 : at + 2] != () and keys[at + 1] in SO_DONE


def _handled(keys: tuple[str, ...], at: int) -> bool:  # noqa: PLR0911
    rest = [word for word in keys[at + 1 : at + 8] if not is_adverb(word)]
    if rest and rest[0] == "been":
        rest = rest[1:]
    if rest[:2] == ["not", "to"] and keys[at] in _BE:
        return True
    told_to = rest[:1] and rest[0] in TOLD and {"to", "with", "upon", "for"} & set(rest[1:4])
    if told_to and keys[at] in ("was", "were", "is", "are", "has", "have"):
        return True
    if keys[at] in ("was", "were") and rest and tuple(rest[:3]) in CHARGED:
        return True
    if keys[at] in ("was", "were") and rest:
        if rest[:2] == ["set", "up"] or rest[:2] == ["left", "to"]:
            return True
        if rest[0] in MEETING_PARTICIPLES and rest[1:2] != ["with"]:
            return True
        if rest[0] in ("made", "reached", "taken", "given", "held") and keys[0] in (
            "A",
            "An",
            "No",
            "The",
        ):
            return bool(
                {"proposal", "suggestion", "decision", "agreement", "report", "briefing"}
                & set(keys[:6])
            )
        if rest[0] in ("revised", "amended") and "and" in rest:
            return True
    if keys[at] in ("was", "were", "is", "are") and rest[:1] == ["to"] and len(rest) > 1:
        return (rest[1] == "be" and len(rest) > 2 and rest[2] in TASK_PARTICIPLES) or keys[
            at
        ] == "was"
    return False
