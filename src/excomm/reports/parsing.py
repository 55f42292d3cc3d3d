"""Parsing: what a report alleges, part by part, with the characters each part rests on.

Words of the telling ("a woman who left last week says", "on air this morning") are not taken for the
thing told. English only: a text in another language is kept and said to be unparsed.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import msgspec

from excomm.reports.counts import numbers
from excomm.reports.dates import windows
from excomm.reports.model import (
    Action,
    Allegation,
    Item,
    Number,
    Parsed,
    Place,
    Report,
    Span,
    Window,
)
from excomm.reports.places import Gazetteer
from excomm.reports.spelling import Speller
from excomm.reports.vocabulary import Phrases, vocabulary
from excomm.reports.words import Words, sentences, words_in

# A press article is a few thousand characters; what is longer is read so far, and said to be.
READ_CHARS_MAX = 20_000
ALLEGATIONS_MAX = 50
_HEAD_WEIGHT = 0.35


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
        words = vocabulary()
        self.gazetteer = gazetteer
        self._items: Phrases[Mapping[str, float]] = Phrases()
        self._actions: Phrases[str] = Phrases()
        own = {name: tuple(names) for name, names in (item_names or {}).items()}
        for classes in (own, words.items):
            for name, phrases in classes.items():
                for phrase in phrases:
                    self._items.add(phrase, {name: 1.0})
        for head, names in words.heads.items():
            self._items.add(head, dict.fromkeys(names, _HEAD_WEIGHT))
        for action, phrases in words.actions.items():
            for phrase in phrases:
                self._actions.add(phrase, action)
        said = [word for names in own.values() for name in names for word in name.lower().split()]
        self._speller = Speller((*words.words(), *said, *known), gazetteer.words())

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
                    context = _filled(piece, context)
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
        elsewhere = _covered(words, [d.span for d in days] + [p.span for p in places])
        mentions = self._mentions(words, elsewhere)
        items = [m for m in mentions if not isinstance(m.meaning, str)]
        actions = [m for m in mentions if isinstance(m.meaning, str)]
        named = {at for m in items for at in range(m.at, m.end)} | _designations(text, words)
        counted = numbers(words, elsewhere | named)
        stretches = _stretches(words, items, actions, counted) or _unknown(
            words, actions, counted, elsewhere
        )
        found = []
        for stretch in stretches:
            number = stretch.number(counted)
            action = stretch.action(actions)
            window = stretch.window(days)
            notes = ()
            if window and published and window.first > published:
                notes = ("date after publication",)
            found.append(
                Allegation(
                    span=Span(words.starts[stretch.begins], words.ends[stretch.ends - 1]),
                    item=stretch.item(actions, elsewhere),
                    action=action,
                    place=stretch.place(places, action),
                    window=window,
                    number=number,
                    damage=words.damage,
                    notes=notes,
                )
            )
        return found

    def _mentions(self, words: Words, elsewhere: frozenset[int]) -> list["_Mention"]:
        """Items and actions in order; of two that start together the longer is meant."""
        found: list[_Mention] = []
        at = 0
        while at < len(words.stems):
            item, action = self._items.at(words.stems, at), self._actions.at(words.stems, at)
            chosen: tuple[int, Mapping[str, float] | str] | None = item
            if action and (item is None or action[0] > item[0]):
                chosen = action
            if chosen is None or any(i in elsewhere for i in range(at, at + chosen[0])):
                at += 1
                continue
            found.append(_Mention(at, at + chosen[0], chosen[1]))
            at = found[-1].end
        return found


class _Mention(msgspec.Struct, frozen=True):
    """Words `at` up to `end` that name an item (weights by class) or an action (its name)."""

    at: int
    end: int
    meaning: Mapping[str, float] | str


class _Stretch(msgspec.Struct, frozen=True):
    """The words that one allegation is read from: those from `begins` to `ends`, the item inside.

    first, last: where the item starts and ends; told: where the telling before it ends.
    """

    words: Words
    mentions: tuple[_Mention, ...]
    first: int
    last: int
    begins: int
    ends: int
    told: int
    number_at: frozenset[int]

    def item(self, actions: list[_Mention], elsewhere: frozenset[int]) -> Item | None:
        """The item with all its words: from the number up to what was done with it."""
        if self.first == self.last:
            return None
        stops = {at for m in actions for at in range(m.at, m.end)} | elsewhere
        first, last = self.first, self.last
        while first > self.begins and self._part_of_item(first - 1, stops):
            first -= 1
        while last < min(self.ends, self.last + _ADJECTIVES_MAX) and self._part_of_item(last, stops):
            last += 1
        read = tuple(w for w in self.words.stems[first:last] if w not in _LINKS)
        classes: dict[str, float] = {}
        for mention in self.mentions:
            assert not isinstance(mention.meaning, str)
            for name, weight in mention.meaning.items():
                classes[name] = max(weight, classes.get(name, 0.0))
        if max(classes.values(), default=0.0) < 1.0:
            for name, (one, other) in vocabulary().together.items():
                if any(w in one for w in read) and any(w in other for w in read):
                    classes[name] = _TOGETHER_WEIGHT
        return Item(classes, read, Span(self.words.starts[first], self.words.ends[last - 1]))

    def _part_of_item(self, at: int, stops: set[int] | frozenset[int]) -> bool:
        word = self.words.read[at]
        return not (
            at in stops
            or at in self.number_at
            or word in _AUXILIARIES
            or word in _STOPS
            or word in _TELLING
            or word in _BOUNDS
        )

    def action(self, actions: list[_Mention]) -> Action | None:
        after = [m for m in actions if self.last <= m.at < self.ends]
        before = [m for m in actions if max(self.told, self.begins) <= m.at < self.first]
        for mention in (*after[:1], *before[-1:]):
            assert isinstance(mention.meaning, str)
            return Action(
                mention.meaning, Span(self.words.starts[mention.at], self.words.ends[mention.end - 1])
            )
        return None

    def place(self, places: tuple[Place, ...], action: Action | None) -> Place | None:
        start, end = self.words.starts[self.begins], self._end()
        inside = [p for p in places if start <= p.span.start < end]
        after = [p for p in inside if p.span.start >= self.words.starts[self.first]]
        later = [p for p in after if action and p.span.start >= action.span.end]
        for place in (*later, *after, *inside[::-1]):
            return place
        return None

    def window(self, days: tuple[Window, ...]) -> Window | None:
        start, end = self.words.starts[self.begins], self._end()
        told = self.words.starts[self.told] if self.told < len(self.words.starts) else 0
        item = self.words.starts[self.first] if self.first < len(self.words.starts) else 0
        after = [d for d in days if item <= d.span.start < end]
        between = [d for d in days if max(start, told) <= d.span.start < item]
        # Before the telling a day stands for the thing told only where it is a date outright.
        outright = [d for d in days if start <= d.span.start < told and self._outright(d)]
        for window in (*after, *between[::-1], *outright[::-1]):
            return window
        return None

    def number(self, counted: tuple[Number, ...]) -> Number | None:
        starts = self.words.starts
        near = starts[max(self.begins, self.first - _ADJECTIVES_MAX)] if starts else 0
        item_end = self.words.ends[self.last - 1] if self.last else 0
        before = [n for n in counted if near <= n.span.start <= starts[min(self.first, len(starts) - 1)]]
        inside = [n for n in counted if before == [] and near <= n.span.start < item_end]
        after = [n for n in counted if 0 <= n.span.start - item_end <= 12 and not n.vague]
        for number in (*before[::-1], *inside, *after):
            return number
        return None

    def _end(self) -> int:
        """Characters: what stands just behind the last word (dots, a bracket) is inside."""
        if self.ends < len(self.words.starts):
            return self.words.starts[self.ends]
        return self.words.ends[-1] + 8

    def _outright(self, window: Window) -> bool:
        pairs = zip(self.words.read, self.words.starts, strict=True)
        return any(
            word.isdigit() for word, at in pairs if window.span.start <= at < window.span.end
        ) or not any(window.span.start <= at < window.span.end for at in self.words.starts)


_ADJECTIVES_MAX = 5
_TOGETHER_WEIGHT = 0.9
_BOUNDS = frozenset("near at from by around outside close and but some many several a an the".split())
_GAP_MAX = 3
_LINKS = frozenset("a an the of in with and or by at to for on from no".split())
# Words after which the thing told begins.
_TELLING = frozenset(
    "say says said claim claims claimed tell tells told learn learned learnt report reports reported wrote writes write"
    " state states stated hear heard word know confirm confirms confirmed insist insists insisted allege alleges alleged"
    " announce announces announced according quote believe believes believed think thinks warn warns warned saw seen"
    " morning urgent denials breaking swear swears swore describe describes described spot spotted watched".split()
)


def _stretches(
    words: Words, items: list[_Mention], actions: list[_Mention], counted: tuple[Number, ...]
) -> list[_Stretch]:
    """One stretch for each item alleged: those with a number, else the first that is named."""
    groups: list[list[_Mention]] = []
    number_at = _number_words(words, counted)
    for mention in items:
        previous = groups[-1][-1] if groups else None
        between = range(previous.end, mention.at) if previous else range(0)
        if (
            previous
            and len(between) <= _GAP_MAX
            and not any(at in number_at for at in between)
            and not any(previous.end <= m.at < mention.at for m in actions)
        ):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    if not groups:
        return []
    begun = {i: _begin(group, number_at) for i, group in enumerate(groups)}
    chosen = [i for i in begun if begun[i] < groups[i][0].at or groups[i][0].at in number_at]
    if not chosen:
        named = [i for i, g in enumerate(groups) if any(_names(m) for m in g)]
        chosen = (named or [0])[:1]
    told = _told(words, groups[chosen[0]][0].at)
    found = []
    for place, i in enumerate(chosen):
        following = chosen[place + 1] if place + 1 < len(chosen) else None
        ends = begun[following] if following is not None else len(words.read)
        begins = begun[i] if place else 0
        group = tuple(groups[i])
        found.append(
            _Stretch(
                words,
                group,
                group[0].at,
                group[-1].end,
                begins,
                ends,
                begins if place else told,
                number_at,
            )
        )
    return found


def _unknown(
    words: Words, actions: list[_Mention], counted: tuple[Number, ...], elsewhere: frozenset[int]
) -> list[_Stretch]:
    """An item that the vocabulary lacks: the words between the number and what was done."""
    number_at = _number_words(words, counted)
    for action in actions:
        first = action.at
        low = max([0, *(a.end for a in actions if a.end <= action.at)])
        while first > low and first - 1 not in number_at and first - 1 not in elsewhere:
            if words.read[first - 1] in _TELLING or words.read[first - 1] in _STOPS:
                break
            first -= 1
        last = action.at
        while last > first and words.read[last - 1] in _AUXILIARIES:
            last -= 1
        if last > first and (first - 1 in number_at or first > 0):
            told = _told(words, first)
            return [_Stretch(words, (), first, last, 0, len(words.read), told, number_at)]
    at = min((m.at for m in actions), default=0)
    return [_Stretch(words, (), at, at, 0, len(words.read), _told(words, at), number_at)]


_STOPS = frozenset("that who which they he she it we there where when".split())
_AUXILIARIES = frozenset(
    "is are was were be been being have has had will would can could still now already just".split()
)


def _begin(group: list[_Mention], number_at: frozenset[int]) -> int:
    """Where the number before an item stands; the item itself if none does."""
    first = group[0].at
    for at in range(first - 1, max(-1, first - 1 - _ADJECTIVES_MAX), -1):
        if at in number_at:
            return at
    return first


def _number_words(words: Words, counted: tuple[Number, ...]) -> frozenset[int]:
    """Which words belong to a number."""
    return _covered(words, [number.span for number in counted])


def _names(mention: _Mention) -> bool:
    return not isinstance(mention.meaning, str) and max(mention.meaning.values()) > _HEAD_WEIGHT


def _told(words: Words, first: int) -> int:
    """Where the telling before the item ends."""
    return max((at + 1 for at in range(first) if words.read[at] in _TELLING), default=0)


def _covered(words: Words, spans: Iterable[Span]) -> frozenset[int]:
    inside = [(span.start, span.end) for span in spans]
    return frozenset(
        at
        for at, start in enumerate(words.starts)
        if any(low <= start < high for low, high in inside)
    )


def _designations(text: str, words: Words) -> set[int]:
    """Figures tied to letters, as in `IL-8`: part of a name, not a number of things."""
    return {
        at
        for at, start in enumerate(words.starts)
        if start > 1 and words.read[at].isdigit() and text[start - 1] in "-‐–" and text[start - 2].isalpha()
    }


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


def language(text: str) -> str:
    """The language of a text that is not English, as an adjective; empty where it may be English.

    >>> language("Los cohetes que llegaron al puerto son de los rusos y no se ven")
    'Spanish'
    """
    letters = [c for c in text[:2000] if c.isalpha()]
    latin = sum(c < "\u0250" for c in letters)
    if letters and latin < len(letters) / 2:
        return "another script"
    found = {name: 0 for name in _FUNCTION_WORDS}
    for word in _LETTERS.findall(text[:2000].lower()):
        for name, known in _FUNCTION_WORDS.items():
            found[name] += word in known
    best = max(found, key=lambda name: found[name])
    return best if best != "English" and found[best] >= 3 + 2 * found["English"] else ""


_LETTERS = re.compile(r"[^\W\d_]+")
_FUNCTION_WORDS = {
    "English": frozenset("the of and to in is are was were that it on at by has have been with from near".split()),
    "Spanish": frozenset("el la los las de del que y en un una por con para se su al es son no han fue cerca".split()),
    "Portuguese": frozenset("o os as do da dos das em um uma por com para não são foi foram que e no na ao".split()),
    "French": frozenset("le les des du de et est sont dans un une que qui pour par au aux ont été sur avec près".split()),
    "German": frozenset("der die das und ist sind in den dem ein eine nicht mit von zu auf bei wurde wurden nach im".split()),
    "Italian": frozenset("il lo gli i di e che un una per con sono è stato stati nel della dei al vicino non".split()),
    "Dutch": frozenset("de het een en van in op zijn was werden met bij naar dat niet voor aan door er".split()),
    "Polish": frozenset("w na i z do się że nie jest są pod przez od dla po oraz za".split()),
    "Russian in Latin letters": frozenset("v na i s k po ne chto iz byli bylo okolo ot dlya za".split()),
    "Turkish": frozenset("ve bir bu da de için ile olarak daha çok sonra kadar gibi olan".split()),
}
