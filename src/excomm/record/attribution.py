"""Attribution: whose words a sentence gives, by which verb, and where its content begins.

Looked for in this order: at the start; after a leading clause ("In response to X's comment that
..., Ambassador Y said"); as a view ("It was X's view that"); in passing (", he said,"). A sentence
that names no speaker belongs to whoever spoke last, unless it is the rapporteur's own narration.
"""

from collections.abc import Iterator, Set

import msgspec

from excomm.record.lexicon import (
    ACT_CLASS,
    ADVERBS,
    ANSWERING,
    CONNECTIVES,
    DOCUMENTS,
    IMPERSONAL,
    MEETING_PARTICIPLES,
    OPENERS,
    PRESENT,
    QUESTION_WORDS,
    STRONG,
    TASK_PARTICIPLES,
    TASK_VERBS,
    VERBS,
    word_set,
)
from excomm.record.model import Act
from excomm.record.sentences import Words
from excomm.record.speakers import Mention, mention

_COMMAS_MAX = 12
_APPOSITION_WORDS = 45
_PASSING = word_set(
    "said added continued felt thought believed noted concluded replied explained observed"
    " suggested argued stated remarked asked inquired answered wondered"
)
_QUOTED_WORDS = 120
_VIEWS = word_set(
    "view opinion belief feeling judgment judgement position conclusion answer reply response"
    " impression conviction understanding hope decision"
    " briefing report presentation summary remarks account"
)
_ANSWERS = word_set("answer reply response")
_ACCOUNTS = word_set("briefing report presentation summary remarks account")
_FINITE = word_set(
    "is are was were has have had will would can could should may might must do does did"
)


class Verb(msgspec.Struct, frozen=True, gc=False):
    """A verb of speech, from word `first` up to word `after`."""

    act: Act
    text: str
    first: int
    after: int


class Attribution(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One clause with its speaker. start: the word at which the clause begins."""

    start: int
    subject: Mention | None  # None: the subject of the clause before
    verb: Verb
    answering: bool = False
    in_passing: bool = False
    joined: bool = False  # the same act going on: a second order in one breath


def _table() -> dict[str, list[tuple[tuple[str, ...], Act]]]:
    table: dict[str, list[tuple[tuple[str, ...], Act]]] = {}
    for act, phrases in VERBS.items():
        for phrase in phrases.split("|"):
            parts = tuple(phrase.split())
            table.setdefault(parts[0], []).append((parts, act))
    for found in table.values():
        found.sort(key=lambda row: -len(row[0]))
    return table


_TABLE = _table()


def attributions(
    words: Words, known: Set[str], *, opens: bool, direct: bool = False
) -> tuple[Attribution, ...]:
    """The clauses of a sentence with their speakers; empty where it names none.

    known: surnames that count as people without a title. opens: it opens a paragraph. direct: it
    stands among words given directly, where a verb in the present is the speaker's own.
    """
    first = _main(words, known, opens=opens)
    if first is None or (direct and first.verb.text in PRESENT):
        return ()
    return (first, *_further(words, first, known))


def verb_at(words: Words, at: int, *, any_past: bool = False) -> Verb | None:
    """The verb of speech at word `at`, after adverbs. any_past: any verb in -ed will do."""
    keys = words.keys
    index = at
    while index < len(keys) and index < at + 4 and _adverb(keys[index]):
        index += 1
    if index >= len(keys):
        return None
    for parts, act in _TABLE.get(keys[index], ()):
        after = _matches(keys, index, parts)
        if after:
            return _refined(keys, act, " ".join(parts), index, after)
    if keys[index] in PRESENT:
        past = PRESENT[keys[index]]
        for parts, act in _TABLE.get(past, ()):
            if len(parts) == 1:
                return _refined(keys, act, keys[index], index, index + 1)
    if any_past and keys[index].endswith("ed") and keys[index].islower() and len(keys[index]) > 4:
        return Verb("said", keys[index], index, index + 1)
    return None


def _matches(keys: tuple[str, ...], at: int, parts: tuple[str, ...]) -> int:
    """The word after the phrase, with adverbs allowed inside it; 0 where it does not match."""
    index = at
    for number, part in enumerate(parts):
        while number and index < len(keys) and keys[index] != part and _adverb(keys[index]):
            index += 1
        if index >= len(keys) or keys[index] != part:
            return 0
        index += 1
    return index


def _adverb(key: str) -> bool:
    return key in ADVERBS or (len(key) > 4 and key.endswith("ly") and key.islower())


def _refined(keys: tuple[str, ...], act: Act, text: str, first: int, after: int) -> Verb:
    """What the words after the verb make of it."""
    rest = keys[after : after + 14]
    following = rest[0] if rest else ""
    if text == "asked":
        act = _asked(rest)
    elif text in ("told", "advised", "reminded", "warned", "called", "pressed", "urged"):
        infinitive = _infinitive(rest)
        if text == "told" and infinitive:
            act = "directed"
        if text == "advised" and (infinitive or following == "against"):
            act = "recommended" if infinitive else "objected"
    elif text in ("said", "stated", "indicated", "added", "thought", "announced"):
        act = _said(rest, act)
    elif text == "agreed" and following == "to" and len(rest) > 1 and rest[1].islower():
        act = "agreed"
    elif text in _WANTS and _wants(rest):
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


def _asked(rest: tuple[str, ...]) -> Act:
    if not rest or rest[0] in QUESTION_WORDS or rest[0] in (":", "several"):
        return "asked"
    if rest[0] in ("that", "to", "for"):
        asks_to_know = rest[0] == "for" and any(
            word in ("views", "opinion", "opinions", "view", "comments", "clarification", "comment")
            for word in rest[1:7]
        )
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
    if rest[index + 1 : index + 4] == ("had", "no", "objection"):
        return "agreed"
    if verb in ("could", "would") and rest[index + 2] in ("not", "accept", "support"):
        denied = rest[index + 2] == "not"
        takes = rest[index + 2 + denied : index + 3 + denied]
        if takes and takes[0] in ("accept", "support", "agree", "endorse", "favor", "favour"):
            return "objected" if denied else "agreed"
    if rest[index] not in ("he", "she", "they", "I", "we"):
        return act
    if verb == "would" and rest[index] not in ("we", "they"):
        if rest[index + 2 : index + 4] in (("have", "it"), ("have", "them")):
            return "undertook"
        task = rest[index + 2] if len(rest) > index + 2 else ""
        task = rest[index + 3] if _adverb(task) and len(rest) > index + 3 else task
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
    }
    found = inner.get(verb)
    if found is None and verb == "did" and rest[index + 2 : index + 4] == ("not", "agree"):
        found = "objected"
    return found or act  # type: ignore[return-value]


_OWNERS = frozenset({"his", "her", "their", "our"})
_SELVES = frozenset({"he", "she", "they", "I", "we", "it", *_OWNERS})


def _infinitive(rest: tuple[str, ...]) -> bool:
    for index, word in enumerate(rest[:8]):
        if word in (",", "that", ";", "whether", "how"):
            return False
        if word == "to" and index:
            return True
    return False


# -- where the speaker stands --------------------------------------------------------------------


def _main(words: Words, known: Set[str], *, opens: bool) -> Attribution | None:
    keys = words.keys
    at = 0
    while (
        at < len(keys) and at < 3 and (keys[at] in ("(", '"', "“", ",") or keys[at] in CONNECTIVES)
    ):
        at += 1
    found = _clause(words, at, known, opens=opens)
    if found:
        return msgspec.structs.replace(found, start=0)
    if keys and at < len(keys) and (keys[at] in OPENERS or keys[0] in OPENERS):
        answering = any(keys[at : at + len(phrase)] == phrase for phrase in ANSWERING)
        for comma in _commas(keys, at):
            found = _clause(words, comma + 1, known, opens=opens)
            if found:
                return msgspec.structs.replace(found, start=0, answering=answering)
    return _view(words, known) or _passing(words, known)


def _commas(keys: tuple[str, ...], at: int) -> Iterator[int]:
    seen = 0
    for index in range(at, len(keys)):
        if keys[index] == "," and seen < _COMMAS_MAX:
            seen += 1
            yield index


def _clause(words: Words, at: int, known: Set[str], *, opens: bool) -> Attribution | None:
    subject = mention(words, at, known)
    if subject is None:
        return None
    verb = _verb_after(words, subject, opens=opens and at == 0)
    if subject.of_others and not opens and subject.name not in known:
        # Mid-paragraph a head of others is spoken of, unless he answers somebody in the room.
        to_whom = words.keys[verb.after : verb.after + 1] if verb else ()
        if verb is None or verb.act != "replied" or to_whom == ("to",):
            return None
    if verb and (
        _written(words.keys, verb)
        or (subject.kind == "group" and verb.text in _OF_MEETINGS)
        or (subject.kind == "group" and verb.text in _OF_BODIES and subject.title == "body")
    ):
        return None
    return Attribution(start=at, subject=subject, verb=verb) if verb else None


_OF_MEETINGS = frozenset({"adjourned", "closed", "opened", "concluded", "began", "commenced"})
# What a whole body does to its agenda is told by the rapporteur, as "there was a discussion" is.
_OF_BODIES = frozenset(
    {"discussed", "considered", "reviewed", "turned to", "dealt with", "took up", "resumed"}
)
_WRITINGS = word_set(
    "message letter speech reply note statement cable telegram interview broadcast article"
)


def _written(keys: tuple[str, ...], verb: Verb) -> bool:
    """ "said in his message that": somebody's words from outside, told by whoever speaks."""
    return keys[verb.after : verb.after + 1] == ("in",) and any(
        key in _WRITINGS for key in keys[verb.after + 1 : verb.after + 5]
    )


def _verb_after(words: Words, subject: Mention, *, opens: bool) -> Verb | None:
    keys = words.keys
    at = subject.after
    any_past = opens and subject.kind in ("person", "office")
    verb = verb_at(words, at, any_past=any_past)
    if verb or at >= len(keys):
        return verb
    if keys[at] == "(":
        close = next((i for i in range(at, min(len(keys), at + 25)) if keys[i] == ")"), 0)
        verb = verb_at(words, close + 1) if close else None
        if verb or not close or keys[close + 1 : close + 2] != (",",):
            return verb
        at = close + 1
    if keys[at] != ",":
        return None
    seen = 0
    for index in range(at + 1, min(len(keys), at + _APPOSITION_WORDS)):
        if keys[index] == ",":
            seen += 1
            verb = verb_at(words, index + 1)
            if verb or seen == 4:
                return verb
    return None


def _view(words: Words, known: Set[str]) -> Attribution | None:
    """ "It was the President's view that", "Mr. X's view was that"."""
    keys = words.keys
    in_view = keys[:1] == ("In",)
    at = 2 if keys[:2] in (("It", "was"), ("It", "is")) else int(in_view)
    for index in range(at, min(len(keys), at + 8)):
        key = keys[index]
        if not key.endswith(("'s", "’s")):
            continue
        view = next(
            (i for i in range(index + 1, min(len(keys), index + 3)) if keys[i] in _VIEWS), 0
        )
        if not view or (at == 0 and keys[view + 1 : view + 2] != ("was",)):
            verb = verb_at(words, view + 1) if view and keys[view] in _ACCOUNTS else None
            if verb is None or ACT_CLASS[verb.act] != "assert":
                return None
        bare = Words(
            (*keys[at:index], key[:-2]), words.starts[at : index + 1], words.ends[at : index + 1]
        )
        subject = mention(bare, 0, known)
        if subject is None or subject.after != len(bare.keys):
            return None
        moved = msgspec.structs.replace(subject, first=at, after=index + 1)
        after = min(view + 1 + (at == 0), len(keys))
        act: Act = "replied" if keys[view] in _ANSWERS else "said"
        act = "reported" if keys[view] in _ACCOUNTS else act
        act = "decided" if keys[view] == "decision" else act
        return Attribution(start=0, subject=moved, verb=Verb(act, keys[view], view, after))
    return None


def _passing(words: Words, known: Set[str]) -> Attribution | None:
    """ "The quarantine, he said, should stay."""
    keys = words.keys
    closers = (i for i, key in enumerate(keys[:_QUOTED_WORDS]) if key in ('"', "”") and i)
    for comma in (*_commas(keys, 0), *closers):
        subject = mention(words, comma + 1, known)
        if subject is None or subject.after >= len(keys) or subject.of_others:
            continue
        verb = verb_at(words, subject.after)
        if (
            verb
            and verb.text in _PASSING
            and keys[verb.after : verb.after + 1] in ((",",), (".",), ())
        ):
            return Attribution(start=0, subject=subject, verb=verb, in_passing=True)
    return None


def _further(words: Words, main: Attribution, known: Set[str]) -> Iterator[Attribution]:
    """Later clauses of the sentence with an act of their own: "..., but he directed that"."""
    if main.in_passing:
        return
    keys = words.keys
    act = main.verb.act
    for index in range(main.verb.after, len(keys) - 1):
        if keys[index] not in ("and", "but", ";"):
            continue
        subject = mention(words, index + 1, known)
        same = subject is None or subject.kind == "pronoun"
        verb = verb_at(words, subject.after if subject else index + 1)
        if verb is None or (subject and subject.of_others):
            continue
        if verb.act == act == "directed" and same:
            yield Attribution(start=index + 1, subject=None, verb=verb, joined=True)
            continue
        if verb.act == act:
            continue
        if verb.act not in STRONG and (same or subject is None):
            continue
        if ACT_CLASS[verb.act] == ACT_CLASS[act] and "directed" not in (verb.act, act):
            continue
        complement = keys[verb.after : verb.after + 1]
        opens_content = complement and complement[0] in (
            "that",
            "to",
            "whether",
            "if",
            "how",
            "against",
            "for",
            "in",
            "the",
            "a",
            "what",
            "why",
        )
        if subject is None and not (opens_content and _past_before(keys, main, index)):
            continue
        yield Attribution(start=index + 1, subject=None if same else subject, verb=verb)
        act = verb.act


def _past_before(keys: tuple[str, ...], main: Attribution, at: int) -> bool:
    """Whether "and asked" goes on from the main verb, not from "which was seen and asked"."""
    content = keys[main.verb.after : at]
    return "who" not in content[-8:] and "which" not in content[-8:]


def item_verb(words: Words) -> Verb | None:
    """The verb of "a. Noted the report": what a body did, where its name stands above the list."""
    keys = words.keys
    if not keys or not keys[0].istitle() or keys[0].lower() in _NO_ITEM:
        return None
    lower = Words((keys[0].lower(), *keys[1:]), words.starts, words.ends)
    return verb_at(lower, 0) if keys[0].endswith("ed") or keys[0].lower() in _TABLE else None


_NO_ITEM = word_set("was could would saw made held set read put did had")

# -- the rapporteur's own sentences ----------------------------------------------------------------

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
    if head[0] == "It" and head[1:2] == ("was",):
        return any(
            word in MEETING_PARTICIPLES or word in IMPERSONAL
            for word in keys[start + 2 : start + 6]
        )
    if head[:2] == ("Action", ":") or _comes_or_goes(keys) or _is_to(words):
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
    if _passive(keys):
        return True
    return numbered


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
    subject = mention(words, 0, frozenset())
    if subject is None or subject.title != "body":
        return False
    verb = verb_at(words, subject.after)
    return verb is not None and verb.text in _OF_BODIES


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
    subject = mention(words, 0, frozenset())
    if subject is None or subject.kind == "pronoun":
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


def _handled(keys: tuple[str, ...], at: int) -> bool:
    rest = [word for word in keys[at + 1 : at + 8] if not _adverb(word)]
    if keys[at] in ("was", "were") and rest:
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
