"""The book by a few entries more, sharing with the book before what did not change."""

from bisect import insort
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TypeVar

import msgspec

from excomm.entries import Entry, EntryId
from excomm.entries.kinds import (
    Agreement,
    Assessment,
    CaseHeader,
    Correction,
    Count,
    Event,
    Offer,
    Party,
    Response,
    Undertaking,
)
from excomm.entries.language import Is, Point
from excomm.fold import Facts
from excomm.layered import GONE, Gone, Layered
from excomm.terms.assured import Figure
from excomm.terms.book import SAID_AT_LARGE, Book, act_of, assessed_of, corrected_of, named_by
from excomm.terms.counting import is_of_removal
from excomm.terms.evidence import Act, in_time
from excomm.terms.judging import words_of
from excomm.terms.rings import atoms

V = TypeVar("V")

# What changes the text, or who is bound by it.
_OF_TEXT = (Agreement, CaseHeader, Offer, Party, Response, Undertaking)


class BookUpdate:
    """Takes in what came and went, and says what that touches.

    touched: undertakings whose acts changed, or that name an entry that came or went. tied: those
    of them that may wait for others now than before.
    mentions: entry -> undertakings that name it, those of the acts taken in among them.
    """

    def __init__(
        self, before: Book, facts: Facts, later: Facts, mentions: Layered[str, tuple[str, ...]]
    ) -> None:
        self.touched: set[str] = set()
        self.tied: set[str] = set()
        self.spoke_at_large = False
        self.mentions = mentions
        self._before = before
        self._facts = facts
        self._later = later
        self._acts: dict[str, Act | Gone] = {}
        self._about: dict[str, list[Act]] = {}
        self._at_large = list(before.at_large)
        self._corrected = False
        self._assessed = False

    def take(self, entries: Iterable[Entry]) -> bool:
        """Take in what these changed; whether that can be told without the whole."""
        ids: dict[EntryId, None] = {}
        for entry in entries:
            ids[entry.id] = None
            if entry.corrects is not None:
                ids[entry.corrects] = None
        for one in ids:
            old, new = self._facts.get(one), self._later.get(one)
            if old is new:
                continue
            if not all(self._plain(entry) for entry in (old, new) if entry is not None):
                return False
            if old is not None:
                self._remove(old)
            if new is not None:
                self._add(new)
        return True

    def book(self, facts: Facts, figures: Mapping[str, Figure]) -> Book:
        """The book of the later facts."""
        before = self._before
        assessed = before.assessed
        if self._assessed:
            assessed = assessed_of(facts, before.zone)
            self.touched.update(
                name
                for name in (*before.assessed, *assessed)
                if name in before.undertakings and before.assessed.get(name) != assessed.get(name)
            )
        come = [act for act in self._acts.values() if not isinstance(act, Gone)]
        return msgspec.structs.replace(
            before,
            on=facts.on,
            about=_changed(
                before.about, {n: tuple(acts) or GONE for n, acts in self._about.items()}
            ),
            at_large=tuple(self._at_large) if self.spoke_at_large else before.at_large,
            acts=_changed(before.acts, self._acts),
            latest=max((before.latest, *(act.at for act in come))),
            corrected=corrected_of(facts) if self._corrected else before.corrected,
            figures=figures,
            assessed=assessed,
        )

    def _plain(self, entry: Entry) -> bool:
        """Whether what an entry changes can be told from it alone."""
        body = entry.body
        if isinstance(body, Event):
            named = named_by(body)
            return not (entry.seq == 0 or body.set or any(n in self._before.counted for n in named))
        if isinstance(body, Count):
            return not is_of_removal(entry, body)
        return not isinstance(body, _OF_TEXT)

    def _remove(self, entry: Entry) -> None:
        if isinstance(entry.body, Event):
            act = self._before.acts[entry.id]
            self._acts[act.id] = GONE
            for acts in self._places_of(act):
                acts.remove(act)
            self._tie(act)
        self._learn(entry)

    def _add(self, entry: Entry) -> None:
        if isinstance(entry.body, Event):
            act = act_of(entry, entry.body, self._later.on, self._before.zone)
            self._acts[act.id] = act
            for acts in self._places_of(act):
                insort(acts, act, key=in_time)
            self._tie(act)
        self._learn(entry)

    def _places_of(self, act: Act) -> Iterator[list[Act]]:
        """The lists that an act stands in; its undertakings are touched."""
        before = self._before
        names = named_by(act.event)
        if not names and act.kind in SAID_AT_LARGE:
            self.spoke_at_large = True
            yield self._at_large
        for name in names:
            if name in before.undertakings:
                self.touched.add(name)
                yield self._about.setdefault(name, list(before.about.get(name, ())))

    def _learn(self, entry: Entry) -> None:
        """That an entry corrects another, and who named either."""
        if isinstance(entry.body, Assessment):
            self._assessed = True
        self._touch(self.mentions.get(entry.id, ()))
        if entry.corrects is not None and isinstance(entry.body, Event | Correction):
            self._corrected = True
            self._touch(self.mentions.get(entry.corrects, ()))

    def _touch(self, naming: Collection[str]) -> None:
        self.touched.update(naming)
        self.tied.update(naming)

    def _tie(self, act: Act) -> None:
        """Undertakings wait for others by what their acts name."""
        named = dict(_mentioned_by_act(act, self._before))
        if named:
            self._touch({name for names in named.values() for name in names})
            self.mentions = self.mentions.changed(
                {one: (*self.mentions.get(one, ()), *names) for one, names in named.items()}
            )


def mentioned(book: Book) -> dict[str, tuple[str, ...]]:
    """Entry -> the undertakings that name it, in their text or by the entries about them."""
    found: dict[str, dict[str, None]] = {}
    for name, body in book.undertakings.items():
        points: list[Point | None] = [body.starts, body.due, body.ends]
        conditions = [body.condition]
        for reading in body.readings.values():
            points.append(reading.starts)
            conditions.append(reading.condition)
        named = [getattr(point, "anchor", "") for point in points]
        for condition in conditions:
            named.extend(a.of for a in atoms(condition) if type(a) is Is and a.what == "event")
        for one in named:
            if one:
                found.setdefault(one, {})[name] = None
    for act in book.acts.values():
        for one, names in _mentioned_by_act(act, book):
            found.setdefault(one, {}).update(dict.fromkeys(names))
    return {one: tuple(names) for one, names in found.items()}


def _mentioned_by_act(act: Act, book: Book) -> Iterator[tuple[str, tuple[str, ...]]]:
    named = dict.fromkeys(act.event.in_answer_to)
    named[getattr(act.event.due, "anchor", "")] = None
    named.update(dict.fromkeys(words_of(act.event.set)))
    names = tuple(name for name in named_by(act.event) if name in book.undertakings)
    for one in named:
        if one and names:
            yield one, names


def _changed(before: Mapping[str, V], changes: Mapping[str, "V | Gone"]) -> Mapping[str, V]:
    if not changes:
        return before
    layered = before if isinstance(before, Layered) else Layered(before)
    return layered.changed(changes)
