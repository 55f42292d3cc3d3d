"""Parsing: what a report alleges, part by part, with the characters each part rests on.

Words of the telling ("a woman who left last week says", "on air this morning") are not taken for
the thing told. English only: a text in another language is kept and said to be unparsed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache

import msgspec

from excomm.reports.counts import numbers
from excomm.reports.dates import windows
from excomm.reports.language import language
from excomm.reports.model import (
    Allegation,
    Parsed,
    Place,
    Report,
    Span,
)
from excomm.reports.places import Gazetteer, towns
from excomm.reports.spelling import Speller
from excomm.reports.stretches import Mention, Stretch, covered, stretches, told_of, unknown, unnamed
from excomm.reports.vocabulary import HEAD_WEIGHT, Phrases, speech, vocabulary
from excomm.reports.words import TIES, Words, sentences, words_in

# A press article is a few thousand characters; what is longer is read so far, and said to be.
READ_CHARS_MAX = 20_000
ALLEGATIONS_MAX = 50


class Parser:
    """Reads reports with the shipped vocabulary, a gazetteer and the case's own names for items.

    gazetteer: the places known. item_names: further names by class or item code
    (`{"il28": ("Frosch",)}`). known: words that need no repair, from the case's own papers.
    """

    def __init__(
        self,
        gazetteer: Gazetteer,
        *,
        item_names: Mapping[str, Iterable[str]] | None = None,
        known: Iterable[str] = (),
    ) -> None:
        self.gazetteer = gazetteer
        shipped, self._actions, words = _shipped()
        self._items = Phrases(shipped)
        own = {name: tuple(names) for name, names in (item_names or {}).items()}
        for name, phrases in own.items():
            for phrase in phrases:
                self._items.add(phrase, {name: 1.0})
        said = [word for names in own.values() for name in names for word in name.lower().split()]
        self._speller = Speller((*words, *said, *known), gazetteer.words())

    def words(self, text: str) -> Words:
        """The words of a text as read after repair."""
        return words_in(text[:READ_CHARS_MAX], self._speller)

    def parse(self, report: Report) -> Parsed:
        """Every allegation in a report."""
        text = report.text[:READ_CHARS_MAX]
        if not text.strip():
            return Parsed((), "no text")
        other = language(text)
        if other:
            return Parsed((), f"not in English ({other})")
        published = report.published
        day = published.date() if isinstance(published, datetime) else published
        found: list[Allegation] = []
        context: Allegation | None = None
        for start, end in sentences(text):
            words = words_in(text, self._speller, start, end)
            for piece in self._sentence(text, words, day):
                if piece.item is None and found:
                    found[-1] = _filled(found[-1], piece)
                elif piece.item is None and piece.action is None:
                    said = piece.place or piece.window
                    context = _filled(piece, context) if said else context
                else:
                    found.append(_filled(piece, found[-1] if found else context))
            if len(found) >= ALLEGATIONS_MAX:
                break
        if not found and context:
            found.append(context)
        if len(report.text) > READ_CHARS_MAX:
            note = f"only the first {READ_CHARS_MAX} characters were read"
            found = [msgspec.structs.replace(a, notes=(*a.notes, note)) for a in found]
        if not found:
            return Parsed((), "nothing that the vocabulary knows")
        return Parsed(tuple(found[:ALLEGATIONS_MAX]))

    def _sentence(self, text: str, words: Words, published: date | None) -> list[Allegation]:
        if not words.read:
            return []
        days = windows(text, words, published)
        places = self.gazetteer.places(text, words)
        elsewhere = covered(words, [d.span for d in days] + [p.span for p in places])
        mentions = told_of(words, self._mentions(text, words, elsewhere))
        items = [m for m in mentions if not isinstance(m.meaning, str)]
        actions = [m for m in mentions if isinstance(m.meaning, str)]
        named = {at for m in items for at in range(m.at, m.end)}
        counted = numbers(text, words, elsewhere | named)
        items += unnamed(words, items, actions, counted, elsewhere)
        items.sort(key=lambda m: m.at)
        pieces = stretches(words, items, actions, counted) or unknown(
            words, actions, counted, elsewhere
        )
        found = []
        for stretch in pieces:
            number = stretch.number(counted)
            action = stretch.action(actions)
            window = stretch.window(days)
            place = stretch.place(places, action) or self._elsewhere(text, stretch)
            notes: tuple[str, ...] = ()
            if window and published and window.first > published:
                notes = ("date after publication",)
            found.append(
                Allegation(
                    span=Span(words.starts[stretch.begins], words.ends[stretch.ends - 1]),
                    item=stretch.item(actions, elsewhere),
                    action=action,
                    place=place,
                    window=window,
                    number=number,
                    damage=words.damage,
                    notes=notes,
                )
            )
        return found

    def _elsewhere(self, text: str, stretch: Stretch) -> Place | None:
        """A place that the gazetteer lacks: an unknown name or a large town, where one would be."""
        words = stretch.words
        for at in range(max(stretch.last, 1), stretch.ends):
            if (
                words.read[at - 1] not in speech("before_places")
                or not text[words.starts[at]].isupper()
            ):
                continue
            word = words.read[at]
            known = self._speller.knows(word)
            if not word.isalpha() or (known and word not in towns()):
                continue
            also = self.gazetteer.written_like(words, at)
            if also is not None:
                return also
            return Place({}, Span(words.starts[at], words.ends[at]))
        return None

    def _mentions(self, text: str, words: Words, elsewhere: frozenset[int]) -> list[Mention]:
        """Items and actions in order; of two that start together the longer is meant.

        A word tied to the next by a hyphen only says of what sort that is ("ship-launched").
        """
        found: list[Mention] = []
        at = 0
        while at < len(words.stems):
            item, action = self._items.at(words.stems, at), self._actions.at(words.stems, at)
            chosen: tuple[int, Mapping[str, float] | str] | None = item
            # Missiles kept underground are such missiles; that they "are kept underground" is told.
            told = at > 0 and words.read[at - 1] in speech("auxiliaries")
            if action and (item is None or action[0] > item[0] or (told and action[0] == item[0])):
                chosen = action
            if chosen is None or any(i in elsewhere for i in range(at, at + chosen[0])):
                at += 1
                continue
            mention = Mention(at, at + chosen[0], chosen[1])
            at = mention.end
            if _is_tied(text, words, mention):
                continue
            found.append(mention)
        return found


@lru_cache(maxsize=1)
def _shipped() -> tuple[Phrases[Mapping[str, float]], Phrases[str], tuple[str, ...]]:
    """Items, actions and single words of the shipped vocabulary."""
    words = vocabulary()
    items: Phrases[Mapping[str, float]] = Phrases()
    actions: Phrases[str] = Phrases()
    for name, phrases in words.items.items():
        for phrase in phrases:
            items.add(phrase, {name: 1.0})
    for head, names in words.heads.items():
        items.add(head, dict.fromkeys(names, HEAD_WEIGHT))
    for action, phrases in words.actions.items():
        for phrase in phrases:
            actions.add(phrase, action)
    return items, actions, words.words()


def _is_tied(text: str, words: Words, mention: Mention) -> bool:
    """Whether what is named here is a part of a longer compound."""
    ends = words.ends[mention.end - 1]
    if text[ends : ends + 1] in TIES and text[ends + 1 : ends + 2].isalpha():
        return True
    at = words.starts[mention.at]
    is_action = isinstance(mention.meaning, str)
    return is_action and at > 1 and text[at - 1] in TIES and text[at - 2].isalpha()


def _filled(allegation: Allegation, other: Allegation | None) -> Allegation:
    """An allegation with the place and the time of another where it states none."""
    if other is None:
        return allegation
    return msgspec.structs.replace(
        allegation,
        place=allegation.place or other.place,
        window=allegation.window or other.window,
        action=allegation.action or (other.action if other.item is None else None),
    )
