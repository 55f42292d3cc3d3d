"""Turns: the paragraphs of a record as a run of clauses, each somebody's or the rapporteur's.

One rule carries from sentence to sentence: a sentence that names nobody belongs to whoever spoke
last, until the rapporteur speaks himself.
"""

from collections import Counter
from collections.abc import Sequence, Set

import msgspec

from excomm.record.attribution import Attribution, attributions, is_attributed
from excomm.record.layout import Layout
from excomm.record.lexicon import (
    CALLED_BY_OFFICE,
    CHAIRS,
    NOT_SPEAKERS,
    OPENERS,
    STATIVE,
    TASK_VERBS,
    word_set,
)
from excomm.record.model import Act, Repair
from excomm.record.naming import Naming, naming
from excomm.record.narration import is_narration
from excomm.record.offices import speaking_offices
from excomm.record.roster import Roster
from excomm.record.sentences import Text, Words, assembled, parsed, sentences, words
from excomm.record.speakers import (
    DASHES,
    NOBODY,
    Known,
    Mention,
    bare_name,
    colon_at,
    known_as,
    label,
    mention,
    with_dash,
)
from excomm.record.spoken import Spoken, spoken
from excomm.record.verbs import Verb, item_verb


class Speaker(msgspec.Struct, frozen=True):
    """Whom a clause belongs to."""

    name: str
    person: str = ""
    spelt: str = ""
    doubt: str = ""
    chair: bool = False
    group: bool = False
    woman: bool = False


class Clause(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A sentence or a part of one. speaker None: the rapporteur. act None: goes on as before."""

    text: Text
    start: int  # in text.words
    end: int
    speaker: Speaker | None
    act: Act | None = None
    verb: str = ""
    sentence: Words | None = None  # the whole sentence; None for words given directly
    first: int = 0  # the word of the sentence at which what was said begins
    after: int | None = None  # and the one before which it ends; None: with the sentence
    direct: bool = False  # the speaker's own words ("Name: text")
    after_label: int = 0  # where they begin, if not with the clause
    opens: bool = False  # opens a paragraph
    paragraph: int = 0
    joined: bool = False  # a further order within one statement
    about: str = ""  # in the rapporteur's sentence: whom its "he" means

    @property
    def content(self) -> int:
        """Where what was said begins, in text.words."""
        if self.sentence is not None and self.first:
            return self.sentence.end_of(self.first - 1)
        return self.after_label or self.start


_SPEECH_SHARE = 0.75  # of all paragraphs, those that begin "Name:"


class _State(msgspec.Struct, kw_only=True):
    naming: Naming
    speaker: Speaker | None = None
    woman: Speaker | None = None  # who spoke last of those whose title says so
    other: Speaker | None = None  # who spoke last before the author or a woman did
    told_of: Speaker | None = None  # whom the rapporteur has just named
    label: Speaker | None = None
    after_colon: bool = False
    performative: bool = False  # the last clause was an act without speech ("authorized")
    last_act: Act | None = None
    author: str = ""
    lead: Speaker | None = None  # whose list is being read
    speakers: dict[tuple[object, ...], Speaker] = {}


def turns(
    raw: str, page: Layout, found: Sequence[Repair], roster: Roster, author: str = ""
) -> list[Clause]:
    """Every clause of the record in order. author: whom "I" means, where the record is signed."""
    texts = _texts(raw, page, found)
    told = [parsed(text.words) for text in texts]
    people = naming(raw, page.marks, told)
    labels = _labels(texts, people.attended | roster.names)
    known = _known(told, people, roster)
    state = _State(author=author, naming=people)
    clauses: list[Clause] = []
    for index, (text, paragraph) in enumerate(zip(texts, page.paragraphs, strict=True)):
        named = labels.get(index)
        if named is not None:
            said_by = _speaker(named[0], text, words(text.words, 0, named[1]), roster, state)
            clauses += _labelled(text, said_by, named[1], index, state)
        elif (
            paragraph.number
            and (of_list := state.label or state.lead)
            and told[index]
            and (done := item_verb(told[index][0]))
        ):
            state.lead = state.speaker = of_list
            state.label, state.last_act = None, done.act
            clauses += _listed(text, told[index], of_list, done, index)
        elif state.label and not _interrupts(text, told[index], known):
            clauses += _labelled(text, state.label, 0, index, state)
        else:
            state.label = None
            numbered = bool(paragraph.number) and not state.after_colon
            clauses += _told(
                text, told[index], roster, known, state, numbered=numbered, index=index
            )
        listed = text.words.rstrip().endswith((":", ":-", ":—", " -", "—"))
        if listed:
            state.lead = state.speaker
        elif not paragraph.number:
            state.lead = None
        state.after_colon = listed or (state.after_colon and bool(paragraph.number))
    return clauses


def _texts(raw: str, page: Layout, found: Sequence[Repair]) -> list[Text]:
    texts: list[Text] = []
    at = 0
    for paragraph in page.paragraphs:
        first, last = paragraph.spans[0][0], paragraph.spans[-1][1]
        while at < len(found) and found[at].end <= first:
            at += 1
        until = at
        while until < len(found) and found[until].start < last:
            until += 1
        texts.append(assembled(paragraph, raw, list(found[at:until])))
    return texts


_LABEL_CHARS = 120


def _labels(texts: list[Text], attended: Set[str]) -> dict[int, tuple[Mention, int]]:
    """Paragraphs that begin "Name:", where the record uses that form."""
    found: dict[int, tuple[Mention, int]] = {}
    for index, text in enumerate(texts):
        start = text.words[:_LABEL_CHARS]
        if ":" not in start and not start.rstrip().endswith(DASHES):
            continue
        written = words(text.words, 0, len(start))
        head = with_dash(written)
        one = label(head)
        if one and one.name.capitalize() not in NOT_SPEAKERS:
            found[index] = (one, written.end_of(min(colon_at(head), len(written.keys) - 1)))
    often = Counter(one.name for one, _ in found.values())
    # A title, a body or a name that comes again speaks. Where such stand and nearly all is speech,
    # a name that comes once does too.
    sure = {
        index: pair
        for index, pair in found.items()
        if pair[0].kind != "bare" or often[pair[0].name] > 1 or pair[0].name in attended
    }
    return sure if not sure or len(found) < _SPEECH_SHARE * len(texts) else found


def _known(told: list[list[Words]], people: Naming, roster: Roster) -> Known:
    """Who counts without a title: whom the record calls so, and who holds an office that speaks.

    Who is in the list of those who were there counts; one of the roster where the record has him
    speak: he may be somebody whom others quote.
    """
    titled: Counter[str] = Counter()
    bare: Counter[str] = Counter()
    for paragraph in told:
        for sentence in paragraph:
            few = _head(sentence)
            one = mention(few, 0, NOBODY)
            if one and one.kind == "person":
                if is_attributed(few, NOBODY):
                    titled[one.name] += 1
            elif (
                one is None
                and (name := bare_name(few))
                and is_attributed(few, Known(frozenset({name})))
            ):
                bare[name] += 1
            elif one is None and few.keys[0] in OPENERS and "," in few.keys:
                following = few.part(few.keys.index(",") + 1)
                if following.keys and (name := bare_name(following)) in roster:
                    bare[name] += is_attributed(following, Known(frozenset({name})))
    names = set(titled) | people.attended | {name for name in bare if name in roster}
    # Notes that call everybody by surname alone.
    if sum(bare.values()) > sum(titled.values()):
        names |= set(bare)
    return known_as(
        frozenset(names),
        speaking_offices(
            told,
            _office_speaks,
            people=sum(titled.values()),
            attended=people.offices | roster.offices,
        ),
    )


_OPENING_WORDS = 16


def _head(whole: Words) -> Words:
    return whole.part(0, _OPENING_WORDS) if len(whole.keys) > _OPENING_WORDS else whole


def _office_speaks(whole: Words, name: str) -> bool:
    found = attributions(_head(whole), known_as(frozenset(), {name: name}), opens=False)
    return bool(found) and found[0].subject is not None and found[0].subject.name == name


def _interrupts(text: Text, told: list[Words], known: Known) -> bool:
    """Whether a paragraph without label leaves the speaker: narration, or another one told of."""
    if not told:
        return False
    first = told[0]
    bracketed = text.words.startswith("(") and text.words.rstrip().endswith(")")
    return (
        bracketed
        or bool(attributions(first, known, opens=True, direct=True))
        or is_narration(first, numbered=False, opens=True)
    )


def _listed(
    text: Text, told: list[Words], speaker: Speaker, done: Verb, index: int
) -> list[Clause]:
    """A point of a list that says what the body named above it did."""
    clauses: list[Clause] = []
    for one in told:
        first = not clauses
        clauses.append(
            Clause(
                text=text,
                start=one.begin,
                end=one.end,
                speaker=speaker,
                act=done.act if first else None,
                verb=done.text if first else "",
                sentence=one,
                first=done.after if first else 0,
                opens=first,
                paragraph=index,
            )
        )
    return clauses


def _labelled(text: Text, speaker: Speaker, start: int, index: int, state: _State) -> list[Clause]:
    answers = state.last_act == "asked" and state.speaker != speaker
    spans = sentences(text.words[start:])
    parts: list[Spoken] = spoken(
        [text.words[start + a : start + b] for a, b in spans], chair=speaker.chair, answers=answers
    )
    clauses: list[Clause] = []
    fresh = start > 0
    if not spans:  # the name stands alone, above what is said or done
        clauses.append(
            Clause(text=text, start=0, end=len(text.words), speaker=None, paragraph=index)
        )
    for part in parts:
        first, last = spans[part.first][0] + start, spans[part.last][1] + start
        clauses.append(
            Clause(
                text=text,
                start=0 if fresh else first,
                end=last,
                speaker=speaker,
                act=part.act,
                direct=True,
                after_label=first,
                opens=fresh,
                paragraph=index,
            )
        )
        fresh = False
        state.last_act = part.act
    _heard(speaker, state)
    state.label = speaker
    return clauses


def _told(
    text: Text,
    told: list[Words],
    roster: Roster,
    known: Known,
    state: _State,
    *,
    numbered: bool,
    index: int,
) -> list[Clause]:
    clauses: list[Clause] = []
    for number, sentence in enumerate(told):
        start, end = sentence.begin, sentence.end
        opens = number == 0
        found = attributions(sentence, known, opens=opens)
        subject = found[0].subject if found else None
        if subject and subject.kind == "pronoun" and subject.name != "I":
            state.speaker = _meant(subject.name, state)
            found = found if state.speaker else ()
        if found:
            clauses += _attributed(text, sentence, found, roster, state, index, opens=opens)
        elif is_narration(sentence, numbered=numbered and opens, opens=opens) or (
            state.performative and not opens
        ):
            about = state.speaker.name if state.speaker else ""
            state.told_of = _told_of(text, sentence, roster, known, state)
            state.speaker, state.performative = None, False
            clauses.append(
                Clause(
                    text=text,
                    start=start,
                    end=end,
                    speaker=None,
                    sentence=sentence,
                    opens=opens,
                    paragraph=index,
                    about=about,
                )
            )
        else:
            asks = text.words[start:end].rstrip('"”)').endswith("?")
            before: Act | None = "asked" if asks and state.last_act != "asked" else None
            if state.speaker and _promises(sentence):
                before = "undertook"
            if not asks and state.last_act == "asked" and clauses and clauses[-1].verb == "?":
                before = "said"
            clauses.append(
                Clause(
                    text=text,
                    start=start,
                    end=end,
                    speaker=state.speaker,
                    act=before,
                    verb="?" if asks else "",
                    sentence=sentence,
                    opens=opens,
                    paragraph=index,
                )
            )
            state.last_act = before or state.last_act
    return clauses


def _meant(pronoun: str, state: _State) -> Speaker | None:
    """Whom "he" or "she" means: whoever spoke last, unless that is the author or a woman, or the
    rapporteur has just named somebody."""
    last = state.speaker or state.told_of
    if last is None:
        return None
    if last.spelt == "I" or (pronoun in ("He", "he") and last.woman):
        return state.other or (None if last.spelt == "I" else last)
    if pronoun in ("She", "she") and not last.woman and state.woman:
        return state.woman
    return last


_ABOUT_WORDS = 9


def _told_of(
    text: Text, sentence: Words, roster: Roster, known: Known, state: _State
) -> Speaker | None:
    """Whom a sentence of the rapporteur is about: "Mr. Bell entered the room." """
    for start in range(min(len(sentence.keys), _ABOUT_WORDS)):
        one = mention(sentence, start, known)
        if one and one.kind == "joint":
            one = mention(sentence, start, NOBODY)
            one = None if one and one.kind == "joint" else one
        if one and one.kind in ("person", "office", "bare"):
            return _speaker(one, text, sentence, roster, state)
    return None


def _promises(sentence: Words) -> bool:
    """ "She would provide a list": what one said one would do, without "said"."""
    keys = sentence.keys
    return (
        keys[:1] in (("He",), ("She",))
        and keys[1:2] == ("would",)
        and keys[2:3] != ()
        and keys[2] in TASK_VERBS - STATIVE
    )


def _attributed(
    text: Text,
    sentence: Words,
    found: tuple[Attribution, ...],
    roster: Roster,
    state: _State,
    index: int,
    *,
    opens: bool,
) -> list[Clause]:
    clauses: list[Clause] = []
    for number, one in enumerate(found):
        if one.subject is not None and one.subject.name == "I":
            match = roster.named(state.author, "")
            person = match.person.name if match.person else ""
            _heard(Speaker(state.author or "I", person, "I", match.doubt), state)
        elif one.subject is not None and one.subject.kind != "pronoun":
            _heard(_speaker(one.subject, text, sentence, roster, state), state)
        start = sentence.start_of(one.start) if one.start else sentence.begin
        following = found[number + 1].start if number + 1 < len(found) else None
        until = sentence.end if following is None else sentence.end_of(following - 1)
        act = one.verb.act
        if act == "said" and one.verb.text == "concluded" and state.speaker and state.speaker.chair:
            act = "decided" if _SHALL & set(sentence.keys[:_OPENING_WORDS]) else act
        if one.answering and act in ("said", "commented", "reported"):
            act = "replied"
        clauses.append(
            Clause(
                text=text,
                start=start,
                end=until,
                speaker=state.speaker,
                act=act,
                verb=one.verb.text,
                sentence=sentence,
                first=one.start if one.in_passing else one.verb.after,
                after=following,
                opens=opens and number == 0,
                paragraph=index,
                joined=one.joined,
            )
        )
        state.last_act = act
        state.performative = act == "authorized"
    return clauses


_SHALL = frozenset({"should", "would", "must", "shall"})


def _heard(speaker: Speaker, state: _State) -> None:
    state.speaker = speaker
    if speaker.woman:
        state.woman = speaker
    elif speaker.spelt != "I" and not speaker.group:
        state.other = speaker


_WOMEN = word_set("Mrs Miss Ms Mme Mlle Frau Lady Dame Madame Congresswoman Chairwoman")


def _speaker(one: Mention, text: Text, sentence: Words, roster: Roster, state: _State) -> Speaker:
    """Who is meant; worked out once for each way in which the record names him."""
    spelt = text.words[sentence.start_of(one.first) : sentence.end_of(one.after - 1)]
    named = (spelt, one.kind, one.name, one.title, one.of_others)
    found = state.speakers.get(named)
    if found is None:
        found = state.speakers[named] = _called(one, spelt, roster, state.naming)
    return found


def _called(one: Mention, spelt: str, roster: Roster, known: Naming) -> Speaker:
    chair = (one.kind == "office" and one.name in CHAIRS) or (
        one.kind == "person" and one.title in CHAIRS and not one.of_others
    )
    if one.kind in ("group", "joint"):
        return Speaker(one.name, "", spelt, "", chair, group=True)
    name, doubt = one.name, ""
    if one.kind == "office":
        match = roster.in_office(name)
        if match.person is None and not match.doubt and (holder := known.holder(name)):
            name, match = holder, roster.named(holder, name)
    else:
        meant = known.read_as.get(name)
        if meant and name not in roster:
            name, doubt = meant, f"{name}: read as {meant}"
        match = roster.named(name, one.title)
    chair = chair or name in known.chairs
    if match.person:
        chair = chair or match.person.office.partition(" of ")[0] in CHAIRS
        called = one.kind == "office" and one.name not in CALLED_BY_OFFICE
        if called or (one.kind == "bare" and roster.is_alias(name, match.person)):
            name = roster.short(match.person)
    person = match.person.name if match.person else ""
    woman = not _WOMEN.isdisjoint(one.title.split())
    return Speaker(name, person, spelt, doubt or match.doubt, chair, woman=woman)
