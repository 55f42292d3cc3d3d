"""Stretches: which words of a sentence belong to one allegation, and which part each of them is.

A sentence may allege several things ("ten tanks left, and six launchers are being set up"); each
item with a number of its own starts one. What comes before is the telling: who said so, and when.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import lru_cache

import msgspec

from excomm.reports.model import Action, Item, Number, Place, Span, Window
from excomm.reports.vocabulary import HEAD_WEIGHT, speech, vocabulary
from excomm.reports.words import Words


class Mention(msgspec.Struct, frozen=True):
    """Words `at` up to `end` that name an item (weights by class) or an action (its name)."""

    at: int
    end: int
    meaning: Mapping[str, float] | str


class Stretch(msgspec.Struct, frozen=True):
    """The words that one allegation is read from: those from `begins` to `ends`, the item inside.

    first, last: where the item starts and ends; told: where the telling before it ends.
    """

    words: Words
    mentions: tuple[Mention, ...]
    first: int
    last: int
    begins: int
    ends: int
    told: int
    number_at: frozenset[int]

    def item(self, actions: list[Mention], elsewhere: frozenset[int]) -> Item | None:
        """The item with all its words: from the number up to what was done with it."""
        if self.first == self.last:
            return None
        stops = {at for m in actions for at in range(m.at, m.end)} | elsewhere
        first, last = self.first, self.last
        breaks, end = self.words.breaks, min(self.ends, self.last + _ADJECTIVES_MAX)
        while first > self.begins and first not in breaks and self._part_of_item(first - 1, stops):
            first -= 1
        while last < end and last not in breaks and self._part_of_item(last, stops):
            last += 1
        read = tuple(w for w in self.words.stems[first:last] if w not in speech("links"))
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
            or word in speech("auxiliaries")
            or word in speech("stops")
            or word in speech("telling")
            or word in speech("bounds")
        )

    def action(self, actions: list[Mention]) -> Action | None:
        after = [m for m in actions if self.last <= m.at < self.ends]
        before = [m for m in actions if max(self.told, self.begins) <= m.at < self.first]
        for mention in (*after[:1], *before[-1:]):
            assert isinstance(mention.meaning, str)
            return Action(
                mention.meaning,
                Span(self.words.starts[mention.at], self.words.ends[mention.end - 1]),
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
        before = [
            n for n in counted if near <= n.span.start <= starts[min(self.first, len(starts) - 1)]
        ]
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
            word.isdecimal() for word, at in pairs if window.span.start <= at < window.span.end
        ) or not any(window.span.start <= at < window.span.end for at in self.words.starts)


_ADJECTIVES_MAX = 5
_TOGETHER_WEIGHT = 0.9
_GAP_MAX = 3


def told_of(words: Words, mentions: list[Mention]) -> list[Mention]:
    """What is told, without who tells it: "a militiaman told the judge that ten tanks ..."."""
    starts = [
        at + 1
        for at, word in enumerate(words.read)
        if word == "that" and speech("telling") & set(words.read[max(0, at - 4) : at])
    ]
    return [m for m in mentions if m.at >= starts[0]] if starts else mentions


def stretches(
    words: Words, items: list[Mention], actions: list[Mention], counted: tuple[Number, ...]
) -> list[Stretch]:
    """One stretch for each item alleged: those with a number, else the first that is named."""
    groups: list[list[Mention]] = []
    number_at = _number_words(words, counted)
    for mention in items:
        previous = groups[-1][-1] if groups else None
        between = range(previous.end, mention.at) if previous else range(0)
        if (
            previous
            and len(between) <= _GAP_MAX
            and not any(at in number_at for at in between)
            and not any(
                previous.end <= m.at < mention.at and not _says_which(words, m) for m in actions
            )
        ):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    if not groups:
        return []
    # A number belongs to the thing next after it.
    begun = {
        i: max(_begin(group, number_at), groups[i - 1][-1].end if i else 0)
        for i, group in enumerate(groups)
    }
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
            Stretch(
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


def unnamed(
    words: Words,
    items: list[Mention],
    actions: list[Mention],
    counted: tuple[Number, ...],
    elsewhere: frozenset[int],
) -> list[Mention]:
    """Things counted that the vocabulary has no word for ("five roadblocks"); of no class.

    None where a known item is counted. Who tells it, and where, is no item ("two sources say").
    """
    number_at = _number_words(words, counted)
    if any(_begin([m], number_at) < m.at or m.at in number_at for m in items):
        return []
    known = {at for m in (*items, *actions) for at in range(m.at, m.end)}
    stops = known | elsewhere | number_at
    found = []
    for number in counted:
        if number.high == 0:  # "no text", "no comment"
            continue
        first = bisect_left(words.starts, number.span.end)
        first += first < len(words.read) and words.read[first] == "of"
        last = first
        while last < min(len(words.read), first + _ADJECTIVES_MAX) and not (
            last in stops or words.read[last] in _ends_a_noun()
        ):
            last += 1
        if last > first and not any(w in speech("no_items") for w in words.stems[first:last]):
            found.append(Mention(first, last, {}))
    told = [m for m in found if _told(words, m.at)]
    return told or found


@lru_cache(maxsize=1)
def _ends_a_noun() -> frozenset[str]:
    kinds = ("auxiliaries", "stops", "bounds", "telling", "before_places")
    return frozenset(word for kind in kinds for word in speech(kind))


def unknown(
    words: Words, actions: list[Mention], counted: tuple[Number, ...], elsewhere: frozenset[int]
) -> list[Stretch]:
    """An item that the vocabulary lacks: the words between the number and what was done."""
    number_at = _number_words(words, counted)
    for action in actions:
        first = action.at
        low = max([0, *(a.end for a in actions if a.end <= action.at)])
        while first > low and first - 1 not in number_at and first - 1 not in elsewhere:
            if words.read[first - 1] in speech("telling") | speech("stops"):
                break
            first -= 1
        last = action.at
        while last > first and words.read[last - 1] in speech("auxiliaries"):
            last -= 1
        # "They stand hidden": a pronoun names nothing.
        spoken_of = first > 0 and words.read[first - 1] in speech("pronouns")
        if last > first > 0 and not spoken_of:
            told = _told(words, first)
            return [Stretch(words, (), first, last, 0, len(words.read), told, number_at)]
    at = min((m.at for m in actions), default=0)
    return [Stretch(words, (), at, at, 0, len(words.read), _told(words, at), number_at)]


def _says_which(words: Words, action: Mention) -> bool:
    """ "Rockets walled up in caves left": that says which rockets, and not what was done."""
    is_told = action.at > 0 and words.read[action.at - 1] in speech("auxiliaries")
    return action.meaning == "hide" and not is_told


def _begin(group: list[Mention], number_at: frozenset[int]) -> int:
    """Where the number before an item stands; the item itself if none does."""
    first = group[0].at
    for at in range(first - 1, max(-1, first - 1 - _ADJECTIVES_MAX), -1):
        if at in number_at:
            return next(start for start in range(at, -1, -1) if start - 1 not in number_at)
    return first


def _number_words(words: Words, counted: tuple[Number, ...]) -> frozenset[int]:
    """Which words belong to a number."""
    return covered(words, [number.span for number in counted])


def _names(mention: Mention) -> bool:
    meaning = mention.meaning
    return not isinstance(meaning, str) and max(meaning.values(), default=0.0) > HEAD_WEIGHT


def _told(words: Words, first: int) -> int:
    """Where the telling before the item ends."""
    return max((at + 1 for at in range(first) if words.read[at] in speech("telling")), default=0)


def covered(words: Words, spans: Iterable[Span]) -> frozenset[int]:
    """Which words start inside one of these spans."""
    return frozenset(
        at
        for span in spans
        for at in range(bisect_left(words.starts, span.start), bisect_left(words.starts, span.end))
    )
