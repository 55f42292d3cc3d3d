"""Replying: the answer to an outlet, in fixed wording per decision, checked before it leaves.

The draft says what was decided, with the power of the search where it says "no evidence", under the
case's wording rules. It may not carry the name of a source (not even inside a quotation), a word
about a look above what the outlet may see, or a phrase that only the report's own text has. What
leaves was approved, and proof of it is kept.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from excomm.entries.header import WordRule
from excomm.reports.vocabulary import folded, speech, words_of

_PHRASE_WORDS = 6


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What must not leave: names of sources, words above the outlet's marking, texts as received.

    secrets: by where each stands (an entry's id), the words themselves. texts: by report.
    """

    sources: tuple[str, ...] = ()
    secrets: Mapping[str, tuple[str, ...]] = {}
    texts: Mapping[str, str] = {}


class Leak(msgspec.Struct, frozen=True):
    """Something in a reply that may not leave: what, and what it would give away."""

    found: str
    what: str
    start: int
    end: int


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What a reply tells: of which allegation, what was decided, how well somebody looked.

    power: of the search, best; None where nobody looked. quote: a commitment given, word for word.
    """

    allegation: str
    received: datetime
    decision: str
    power: float | None
    looks: int
    is_late: bool
    reviewed: bool
    corrects: str = ""
    quote: str = ""


def draft(told: Told, rules: Sequence[WordRule]) -> str:
    """The reply in the desk's fixed words, the case's wording rules kept.

    Words that a rule avoids, in the allegation or a quotation, stay as they were said, in quotation
    marks: what others said is not rewritten.
    """
    day = f"{told.received:%-d %B %Y}"
    said = [f"You carried a report, which we received on {day}: “{_quoted(told.allegation)}”"]
    if told.corrects:
        said.append(f"We told you before: {told.corrects}. That no longer holds.")
    said.append(_decision(told))
    if told.quote:
        said.append(f"We recall what was given: “{_quoted(told.quote)}”")
    if not told.reviewed:
        said.append("This finding was not reviewed by a second person.")
    said.append("If you have more on this, tell us and we will look again.")
    return "\n\n".join(_kept_to(rules, sentence) for sentence in said) + "\n"


def wording_faults(text: str, rules: Iterable[WordRule]) -> tuple[Leak, ...]:
    """Words that a rule of the case avoids, outside quotation marks."""
    outside = _QUOTED.sub(lambda quote: " " * len(quote[0]), text)
    found = []
    for rule in rules:
        for match in re.finditer(_as_words(rule.avoid), outside, re.IGNORECASE):
            use = f"; say {rule.use}" if rule.use else ""
            found.append(Leak(match[0], f"avoided by the case{use}", *match.span()))
    return tuple(sorted(found, key=lambda leak: leak.start))


def leaks(text: str, held: Held) -> tuple[Leak, ...]:
    """Everything in a text that may not leave, quotations included, by where it stands."""
    found = []
    for name in held.sources:
        # Also a part of the name by itself, and letters drawn apart: "J o h n   D o e".
        for part in {name, *(p for p in re.findall(r"[^\W\d_]{4,}", name))}:
            for match in re.finditer(_spaced(part), text, re.IGNORECASE):
                found.append(Leak(match[0], "the name of a source", *match.span()))
    for where, words in held.secrets.items():
        for word in words:
            for match in re.finditer(_as_words(word), text, re.IGNORECASE):
                found.append(Leak(match[0], f"above what may be told ({where})", *match.span()))
    for report, original in held.texts.items():
        for start, end in _shared(text, original):
            found.append(Leak(text[start:end], f"word for word from {report}", start, end))
    return tuple(sorted(set(found), key=lambda leak: (leak.start, leak.end, leak.what)))


def _decision(told: Told) -> str:
    if told.is_late or told.decision == "undetermined":
        looked = (
            "No look that we know of bears on it"
            if told.power is None
            else f"What was looked at would have shown it with a chance of {told.power:.0%}"
        )
        so_far = " so far" if told.is_late else ""
        return f"Our answer: undetermined{so_far}. {looked}; we neither confirm nor deny it."
    if told.decision == "corroborated":
        return "Our answer: corroborated. It was seen independently of your report."
    if told.decision == "contradicted":
        return "Our answer: contradicted. What was seen cannot be so if the report is true."
    chance = "an unknown chance" if told.power is None else f"a chance of {told.power:.0%}"
    return (
        f"Our answer: no evidence. {_looks(told.looks)} that would have shown it with {chance}"
        " saw nothing of it. That is not proof that it was not so."
    )


def _looks(number: int) -> str:
    return "A search" if number == 0 else "One look" if number == 1 else f"{number} looks"


def _quoted(text: str) -> str:
    return text.replace("“", "‘").replace("”", "’").strip()


def _kept_to(rules: Sequence[WordRule], text: str) -> str:
    """The desk's own words in those that the case uses; quotations stay."""
    pieces = []
    last = 0
    for quote in _QUOTED.finditer(text):
        pieces += [_reworded(rules, text[last : quote.start()]), quote[0]]
        last = quote.end()
    return "".join([*pieces, _reworded(rules, text[last:])])


def _reworded(rules: Sequence[WordRule], text: str) -> str:
    for rule in rules:
        if rule.use:
            text = re.sub(_as_words(rule.avoid), rule.use, text, flags=re.IGNORECASE)
    return text


def _as_words(phrase: str) -> str:
    return r"\b" + r"\s+".join(map(re.escape, phrase.split())) + r"\w{0,2}\b"


def _spaced(name: str) -> str:
    """A name whatever stands between its letters: spaces, points, hyphens, soft hyphens."""
    letters = [re.escape(letter) for letter in name if not letter.isspace()]
    return r"(?<!\w)" + r"[\s.\-_*\u00ad\u200b]*".join(letters) + r"(?!\w)"


def _shared(text: str, original: str) -> list[tuple[int, int]]:
    """Runs of six words and more that a text has from another, and that no phrase book has."""
    theirs = words_of(original)
    runs = {theirs[at : at + _PHRASE_WORDS] for at in range(len(theirs) - _PHRASE_WORDS + 1)}
    places = [(m.start(), m.end()) for m in re.finditer(r"[^\W\d_]+|\d+", text)]
    ours = tuple(folded(text[start:end]) for start, end in places)
    found: list[tuple[int, int]] = []
    for at in range(len(ours) - _PHRASE_WORDS + 1):
        run = ours[at : at + _PHRASE_WORDS]
        if run in runs and any(word not in speech("common") for word in run):
            start, end = places[at][0], places[at + _PHRASE_WORDS - 1][1]
            if found and start <= found[-1][1]:
                found[-1] = (found[-1][0], end)
            else:
                found.append((start, end))
    return found


_QUOTED = re.compile(r"“[^”]*”")
