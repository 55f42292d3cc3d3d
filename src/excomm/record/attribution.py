"""Attribution: whose words a sentence gives, by which verb, and where its content begins.

Looked for in this order: at the start; after a leading clause ("In response to X's comment that
..., Ambassador Y said"); as a view ("It was X's view that"); in passing (", he said,"). A sentence
that names no speaker belongs to whoever spoke last, unless it is the rapporteur's own narration.
"""

from collections.abc import Iterator

import msgspec

from excomm.record.lexicon import (
    ACT_CLASS,
    ANSWERING,
    CONNECTIVES,
    OPENERS,
    PRESENT,
    PRONOUNS,
    STRONG,
    word_set,
)
from excomm.record.model import Act
from excomm.record.narration import OF_BODIES
from excomm.record.sentences import Words
from excomm.record.speakers import Known, Mention, mention
from excomm.record.verbs import Verb, verb_at

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


class Attribution(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One clause with its speaker. start: the word at which the clause begins."""

    start: int
    subject: Mention | None  # None: the subject of the clause before
    verb: Verb
    answering: bool = False
    in_passing: bool = False
    joined: bool = False  # the same act going on: a second order in one breath


def attributions(
    words: Words, known: Known, *, opens: bool, direct: bool = False
) -> tuple[Attribution, ...]:
    """The clauses of a sentence with their speakers; empty where it names none.

    known: who counts as a speaker without a title. opens: it opens a paragraph. direct: it
    stands among words given directly, where a verb in the present is the speaker's own.
    """
    first = _main(words, known, opens=opens)
    if first is None or (direct and first.verb.text in PRESENT):
        return ()
    return (first, *_further(words, first, known))


def is_attributed(words: Words, known: Known) -> bool:
    """Whether a sentence names who speaks in it."""
    return _main(words, known, opens=False) is not None


# -- where the speaker stands --------------------------------------------------------------------


def _main(words: Words, known: Known, *, opens: bool) -> Attribution | None:
    keys = words.keys
    at = 0
    while (
        at < len(keys) and at < 3 and (keys[at] in ("(", '"', "“", ",") or keys[at] in CONNECTIVES)
    ):
        at += 1
    found = _clause(words, at, known, opens=opens)
    if found:
        return found if at == 0 else msgspec.structs.replace(found, start=0)
    if keys and at < len(keys) and (keys[at] in OPENERS or keys[0] in OPENERS):
        answering = any(keys[at : at + len(phrase)] == phrase for phrase in ANSWERING)
        for comma in _commas(keys, at):
            found = _clause(words, comma + 1, known, opens=opens)
            if found:
                return msgspec.structs.replace(found, start=0, answering=answering)
        found = _after_opener(words, at, known)
        if found:
            return msgspec.structs.replace(found, start=0, answering=answering)
    return _view(words, known) or _passing(words, known)


_OPENER_WORDS = 9
_PLAIN_OPENERS = word_set("In On At With For To Under From After During Following Before")


def _after_opener(words: Words, at: int, known: Known) -> Attribution | None:
    """ "In these circumstances he proposed": a leading phrase without its comma."""
    keys = words.keys
    for index in range(at + 2, min(len(keys), at + _OPENER_WORDS)):
        if keys[index] == ",":
            return None
        if keys[index] in PRONOUNS or (keys[index] == "the" and keys[at] in _PLAIN_OPENERS):
            found = _clause(words, index, known, opens=False)
            if found:
                return found
    return None


def _commas(keys: tuple[str, ...], at: int) -> Iterator[int]:
    seen = 0
    for index in range(at, len(keys)):
        if keys[index] == "," and seen < _COMMAS_MAX:
            seen += 1
            yield index


def _clause(words: Words, at: int, known: Known, *, opens: bool) -> Attribution | None:
    subject = mention(words, at, known)
    if subject is None:
        return None
    verb = _verb_after(words, subject, opens=opens and at == 0)
    if subject.of_others and not opens and subject.name not in known.names:
        # Mid-paragraph a head of others is spoken of, unless he answers somebody in the room.
        to_whom = words.keys[verb.after : verb.after + 1] if verb else ()
        if verb is None or verb.act != "replied" or to_whom == ("to",):
            return None
    if verb and (
        _written(words.keys, verb)
        or (subject.kind == "group" and verb.text in _OF_MEETINGS)
        or (subject.kind == "group" and verb.text in OF_BODIES and subject.title == "body")
    ):
        return None
    return Attribution(start=at, subject=subject, verb=verb) if verb else None


_OF_MEETINGS = frozenset({"adjourned", "closed", "opened", "concluded", "began", "commenced"})
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


def _view(words: Words, known: Known) -> Attribution | None:
    """ "It was the President's view that", "Mr. X's view was that"."""
    keys = words.keys
    if _VIEWS.isdisjoint(keys):
        return None
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
        bare = words.read_as((*keys[at:index], key[:-2]), at)
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


def _passing(words: Words, known: Known) -> Attribution | None:
    """ "The quarantine, he said, should stay."""
    keys = words.keys
    if _PASSING.isdisjoint(keys):
        return None
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


def _further(words: Words, main: Attribution, known: Known) -> Iterator[Attribution]:
    """Later clauses of the sentence with an act of their own: "..., but he directed that"."""
    if main.in_passing:
        return
    keys = words.keys
    act = main.verb.act
    begin = main.verb.after
    for index in [at for at, key in enumerate(keys[begin:-1], begin) if key in _LINKS]:
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
            "him",
            "me",
            "them",
            "her",
            "us",
            "all",
            "each",
            "both",
            "this",
        )
        opens_content = (
            opens_content
            or verb.text.endswith(" that")
            or (
                verb.act in ("directed", "asked") and complement[:1] and complement[0][:1].isupper()
            )
        )
        if subject is None and not (opens_content and _past_before(keys, main, index)):
            continue
        yield Attribution(start=index + 1, subject=None if same else subject, verb=verb)
        act = verb.act


_LINKS = ("and", "but", ";")


def _past_before(keys: tuple[str, ...], main: Attribution, at: int) -> bool:
    """Whether "and asked" goes on from the main verb, not from "which was seen and asked"."""
    content = keys[main.verb.after : at]
    return "who" not in content[-8:] and "which" not in content[-8:]
