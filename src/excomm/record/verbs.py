"""Verbs of speech: which one stands at a word, and what the words after it make of it.

"Asked whether" asks and "asked that" directs; "said he would see to it" undertakes.
"""

from collections.abc import Set

import msgspec

from excomm.record.lexicon import (
    ADVERBS,
    BEING,
    DOCUMENTS,
    MOODS,
    PRESENT,
    QUESTION_WORDS,
    TASK_VERBS,
    UNMOODED,
    VERBS,
    VOICED,
    VOICES,
    word_set,
)
from excomm.record.model import Act
from excomm.record.sentences import Words


class Verb(msgspec.Struct, frozen=True, gc=False):
    """A verb of speech, from word `first` up to word `after`."""

    act: Act
    text: str
    first: int
    after: int


_ALONE: dict[str, Act] = {}  # verbs of one word
_LONGER: dict[str, list[tuple[tuple[str, ...], Act]]] = {}  # phrases by their first word
for _act, _phrases in VERBS.items():
    for _phrase in _phrases.split("|"):
        if " " in _phrase:
            _LONGER.setdefault(_phrase.split()[0], []).append((tuple(_phrase.split()), _act))
        else:
            _ALONE.setdefault(_phrase, _act)
for _found in _LONGER.values():
    _found.sort(key=lambda row: -len(row[0]))
_SECOND = {first: frozenset(parts[1] for parts, _ in rows) for first, rows in _LONGER.items()}


def verb_at(words: Words, at: int, *, any_past: bool = False) -> Verb | None:
    """The verb of speech at word `at`, after adverbs. any_past: any verb in -ed will do."""
    keys = words.keys
    index = at
    while index < len(keys) and index < at + 4 and is_adverb(keys[index]):
        index += 1
    if index >= len(keys):
        return None
    key = keys[index]
    if key in _LONGER and _goes_on(keys, index + 1, _SECOND[key]):
        for parts, act in _LONGER[key]:
            after = _matches(keys, index, parts)
            if after:
                return _refined(keys, act, " ".join(parts), index, after)
    voiced = _voiced(keys, index) or _mood(keys, index)
    if voiced:
        return voiced
    alone = _ALONE.get(PRESENT.get(key, key))
    if alone:
        return _refined(keys, alone, key, index, index + 1)
    if any_past and key.endswith("ed") and key.islower() and len(key) > 4:
        return Verb("said", key, index, index + 1)
    return None


def _goes_on(keys: tuple[str, ...], at: int, second: Set[str]) -> bool:
    """Whether one of these words stands next, adverbs aside."""
    while at < len(keys):
        if keys[at] in second:
            return True
        if not is_adverb(keys[at]):
            return False
        at += 1
    return False


_VOICED_REACH = 6
_ENDS_VOICE = word_set(", that to of and with in been at on by from")
_HAS = word_set(
    "no some grave serious strong a an two three several certain many few great further doubts"
    " reservations misgivings objections questions"
)
_VOICED_BY = {noun: act for act, nouns in VOICED.items() for noun in nouns}
_MOOD_OF = {mood: act for act, moods in reversed(MOODS.items()) for mood in moods}


def _voiced(keys: tuple[str, ...], at: int) -> Verb | None:
    """ "Expressed grave doubts about": the noun says what was done."""
    if keys[at] not in VOICES or (keys[at] == "had" and keys[at + 1 : at + 2] == ("been",)):
        return None
    if keys[at] == "had" and not _HAS & {*keys[at + 1 : at + 2]}:
        return None
    for index in range(at + 1, min(len(keys), at + _VOICED_REACH)):
        act = _VOICED_BY.get(keys[index])
        if act:
            return Verb(act, keys[at], at, index + 1)
        if keys[index] in _ENDS_VOICE:
            return None
    return None


def _mood(keys: tuple[str, ...], at: int) -> Verb | None:
    """ "Was not persuaded that": an adjective says where somebody stands."""
    if keys[at] not in BEING:
        return None
    index, denied = at + 1, False
    while index < len(keys) and (is_adverb(keys[index]) or keys[index] in _DEGREES):
        denied = denied or keys[index] in ("not", "no", "never", "less", "far")
        index += 1
    mood = keys[index] if index < len(keys) else ""
    act = _MOOD_OF.get(mood)
    if act is None:
        return None
    if denied and mood in UNMOODED:
        act = "objected"
    elif denied and act in ("objected", "cautioned"):
        act = "said"
    return Verb(act, f"{keys[at]} {mood}", at, index + 1)


_DEGREES = word_set("not no never less far more very most rather quite too as so also in")


def _matches(keys: tuple[str, ...], at: int, parts: tuple[str, ...]) -> int:
    """The word after the phrase, with adverbs allowed inside it; 0 where it does not match."""
    index = at
    for number, part in enumerate(parts):
        while number and index < len(keys) and keys[index] != part and is_adverb(keys[index]):
            index += 1
        if index >= len(keys) or keys[index] != part:
            return 0
        index += 1
    return index


def is_adverb(key: str) -> bool:
    return key in ADVERBS or (len(key) > 4 and key.endswith("ly") and key.islower())


def _refined(keys: tuple[str, ...], act: Act, text: str, first: int, after: int) -> Verb:
    """What the words after the verb make of it."""
    rest = keys[after : after + 14]
    following = rest[0] if rest else ""
    if text == "asked":
        act = _asked(rest)
    elif text in ("told", "advised", "reminded", "warned", "called", "pressed", "urged"):
        infinitive = _infinitive(rest)
        if infinitive and text in ("told", "called"):
            act = "directed"
        if infinitive and text == "warned":
            act = "cautioned"
        if text == "advised" and following in ("caution", "prudence", "patience"):
            act = "cautioned"
        elif text == "advised" and _be_done(rest):
            act = "recommended"
        elif text == "advised" and (infinitive or following == "against"):
            act = "recommended" if infinitive else "objected"
    elif text in ("said", "stated", "indicated", "added", "thought", "announced"):
        act = _said(rest, act)
    elif (text in _FINDS and not _UNFIT.isdisjoint(rest[:7])) or (
        text == "questioned" and following in ("this", "that", "it", "these", "their")
    ):
        act = "objected"
    elif text == "agreed" and following == "to" and len(rest) > 1 and rest[1].islower():
        act = "agreed"
    elif (text == "called for" and not DOCUMENTS.isdisjoint(rest[:5])) or (
        text in _WANTS and _wants(rest)
    ):
        act = "directed"
    elif (text == "assured" and "would" in rest[:9]) or (
        text == "reported" and rest[:2] == ("he", "would")
    ):
        act = "undertook"
    return Verb(act, text, first, after)


_WANTS = ("wanted", "wished", "would like", "did not want", "did not wish")


def _wants(rest: tuple[str, ...]) -> bool:
    """ "wanted the Navy to work out", "would like a paper to be sent"; not "wanted to say"."""
    at = rest.index("to") if "to" in rest[1:10] else 0
    return (
        bool(at)
        and rest[0] != "to"
        and rest[at + 1 : at + 2] != ()
        and (rest[at + 1] in ("be", "appear") or rest[at + 1] in TASK_VERBS)
    )


_KNOWLEDGE = word_set(
    "views opinion opinions view comments clarification comment decision guidance advice reaction"
    " reactions information details confirmation"
)
_TO_KNOW = frozenset({"told", "informed", "reminded", "shown", "excused", "heard", "allowed"})


def _asked(rest: tuple[str, ...]) -> Act:
    to_know = rest[:2] == ("to", "be") and rest[2:3] != () and rest[2] in _TO_KNOW
    if not rest or to_know or rest[0] in QUESTION_WORDS or rest[0] in (":", "several", "by"):
        return "asked"
    if rest[0] in ("that", "to", "for"):
        asks_to_know = rest[0] == "for" and any(word in _KNOWLEDGE for word in rest[1:7])
        return "asked" if asks_to_know else "directed"
    for index, word in enumerate(rest):
        if word in QUESTION_WORDS or word in (",", ";", ":"):
            return "asked"
        if word == "to" and index:
            return "directed"
        if word == "for" and index:
            return "directed" if DOCUMENTS & set(rest[index + 1 : index + 5]) else "asked"
    return "asked"


def _said(rest: tuple[str, ...], act: Act) -> Act:  # noqa: PLR0911
    """What is said inside "said": that one agrees, objects, asks, or will do a thing."""
    index = 1 if rest and rest[0] == "that" else 0
    if len(rest) <= index + 2 or rest[index] not in _SELVES:
        return act
    index += rest[index] in _OWNERS  # "his delegation could not accept"
    verb = rest[index + 1]
    following = rest[index + 2] if len(rest) > index + 2 else ""
    if rest[index + 1 : index + 4] == ("had", "no", "objection"):
        return "agreed"
    if verb in ("could", "would") and following in ("not", "accept", "support"):
        denied = following == "not"
        takes = rest[index + 2 + denied : index + 3 + denied]
        if takes and takes[0] in ("accept", "support", "agree", "endorse", "favor", "favour"):
            return "objected" if denied else "agreed"
    if rest[index] not in ("he", "she", "they", "I", "we"):
        return act
    if verb == "would" and rest[index] not in ("we", "they"):
        if rest[index + 2 : index + 4] in (("have", "it"), ("have", "them")):
            return "undertook"
        task = rest[index + 3] if is_adverb(following) and len(rest) > index + 3 else following
        stays = "not be have like prefer favor oppose agree support rather hope expect want think"
        return act if task in stays.split() or not task.isalpha() else "undertook"
    inner = {
        "agreed": "agreed",
        "concurred": "agreed",
        "supported": "agreed",
        "favored": "recommended",
        "preferred": "recommended",
        "opposed": "objected",
        "disagreed": "objected",
        "objected": "objected",
        "feared": "cautioned",
        "wondered": "asked",
        "doubted": "said",
    }
    if verb in ("wished", "wanted") and _wants(rest[index + 2 :]):
        return "directed"
    if verb in ("must", "wished", "wanted", "had", "would", "felt") and act != "undertook":
        # "said he must warn": the verb of speech stands inside.
        for word in rest[index + 2 : index + 5]:
            if word in _SPEAKS:
                return _SPEAKS[word]
    found = inner.get(verb)
    if found is None and verb == "did" and rest[index + 2 : index + 4] == ("not", "agree"):
        found = "objected"
    return found or act  # type: ignore[return-value]


_SPEAKS: dict[str, Act] = {
    "warn": "cautioned",
    "caution": "cautioned",
    "object": "objected",
    "oppose": "objected",
    "disagree": "objected",
    "protest": "objected",
    "urge": "urged",
    "recommend": "recommended",
    "suggest": "suggested",
    "propose": "proposed",
}
_OWNERS = frozenset({"his", "her", "their", "our"})
_SELVES = frozenset({"he", "she", "they", "I", "we", "it", *_OWNERS})


_FINDS = ("considered", "found", "held", "regarded", "called", "termed")
_UNFIT = word_set(
    "unsatisfactory unacceptable insufficient inadequate premature unwise wrong excessive"
    " unjustified undesirable impossible unfair improper"
)


def _be_done(rest: tuple[str, ...]) -> bool:
    """ "that no figures be given": what ought to be."""
    at = rest.index("be") if rest[:1] == ("that",) and "be" in rest else 0
    return bool(at) and rest[at - 1] not in ("to", "would", "will", "could", "might", "may", "can")


def _infinitive(rest: tuple[str, ...]) -> bool:
    for index, word in enumerate(rest[:8]):
        if word in (",", "that", ";", "whether", "how"):
            return False
        if word == "to" and index:
            return True
    return False


def item_verb(words: Words) -> Verb | None:
    """The verb of "a. Noted the report": what a body did, where its name stands above the list."""
    keys = words.keys
    if not keys or not keys[0].istitle() or keys[0].lower() in _NO_ITEM:
        return None
    lower = words.read_as((keys[0].lower(), *keys[1:]))
    return verb_at(lower, 0) if keys[0].endswith("ed") or lower.keys[0] in _OPENING else None


_OPENING = _ALONE.keys() | _LONGER.keys()
_NO_ITEM = word_set("was could would saw made held set read put did had")
