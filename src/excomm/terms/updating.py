"""The standing by a few entries more: which undertakings they can touch, and only those anew.

An entry touches the undertakings that it is about, those that name it, and those that ask whether
somebody has spoken; a day that passes touches those with a time in between. From there it goes on
to whoever waits for one of them, as long as an outcome is another than it was. What changes the
text, or bears on what is counted, is judged whole: `None` says so.
"""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from heapq import heapify, heappop, heappush
from typing import Any

from excomm.entries import Entry
from excomm.entries.language import Counted, Is
from excomm.fold import Facts
from excomm.layered import Layered
from excomm.terms.assured import Figure
from excomm.terms.book import Book
from excomm.terms.book_updated import BookUpdate, mentioned
from excomm.terms.judging import Room, needs_of
from excomm.terms.outcome import Outcome
from excomm.terms.rings import atoms
from excomm.terms.turning import Turns

Mentions = Layered[str, tuple[str, ...]]


class Updating:
    """How one standing goes on to the next. What it looks up is made when first needed."""

    def __init__(self, index: "Index | None" = None, turns: Turns | None = None) -> None:
        self._index = index
        self._turns = turns

    def updated(
        self,
        room: Room,
        before: Facts,
        facts: Facts,
        entries: Sequence[Entry],
        figures: Mapping[str, Figure],
    ) -> "tuple[Room, Updating] | None":
        """What stands after the entries; None where all has to be judged anew."""
        moved = facts.on != before.on
        # Asked in hindsight, or of acts still to come, time alone changes what an entry sets off.
        if moved and (facts.known_by > facts.on or room.book.latest > before.on):
            return None
        index = self._index or Index(room)
        update = BookUpdate(room.book, before, facts, index.mentions)
        if not update.take(entries):
            return None
        book = update.book(facts, figures)
        touched = update.touched | index.touched(update, room.book, book)
        if any(set(needs_of(name, book)) != set(room.needs[name]) for name in update.tied):
            return None
        turns = self._turns
        if moved:
            turns = turns or Turns.of(room)
            touched |= turns.between(before.on, facts.on)
        after = room.on_with(book, Going.over(room.found.outcomes))
        judged = index.judge_again(after, touched)
        if turns is not None:
            turns = turns.turned(judged, after)
        return after, Updating(index.with_mentions(update.mentions), turns)


class Going(MutableMapping[str, Outcome]):
    """The outcomes so far with those judged anew laid over them."""

    def __init__(self, before: Layered[str, Outcome]) -> None:
        self.before = before
        self.anew: dict[str, Outcome] = {}

    @classmethod
    def over(cls, outcomes: Mapping[str, Outcome]) -> "Going":
        """Ready to take in what is judged anew; what was found before stays as it is."""
        if isinstance(outcomes, Going):
            return cls(outcomes.before.changed(outcomes.anew))
        return cls(Layered(outcomes))

    def __getitem__(self, name: str) -> Outcome:
        found = self.anew.get(name)
        return self.before[name] if found is None else found

    def get(self, name: str, default: Any = None) -> Any:
        """As `Layered.get`."""
        found = self.anew.get(name)
        return self.before.get(name, default) if found is None else found

    def __setitem__(self, name: str, outcome: Outcome) -> None:
        self.anew[name] = outcome

    def __delitem__(self, name: str) -> None:
        raise NotImplementedError("an undertaking has an outcome, whatever happens")

    def __iter__(self) -> Iterator[str]:
        return iter(self.before)

    def __len__(self) -> int:
        return len(self.before)


class Index:
    """Of an agreement: who waits for whom, who names which entry, and who asks for a word."""

    def __init__(self, room: Room) -> None:
        self._place = {name: place for place, group in enumerate(room.order) for name in group}
        self._waiting: dict[str, list[str]] = {}
        for name, needed in room.needs.items():
            for other in needed:
                self._waiting.setdefault(other, []).append(name)
        self._asking: list[str] = []  # whether somebody has spoken, who need not say of what
        self._counting: dict[str, list[str]] = {}
        self._with_standard: list[str] = []
        for name, body in room.book.undertakings.items():
            conditions = [body.condition, *(read.condition for read in body.readings.values())]
            asked = [atom for condition in conditions for atom in atoms(condition)]
            if any(type(a) is Is and a.what in ("accepted_by", "requested_by") for a in asked):
                self._asking.append(name)
            for atom in asked:
                if isinstance(atom, Counted):
                    self._counting.setdefault(atom.undertaking, []).append(name)
            if body.standard is not None or room.found.outcomes[name].body.standard is not None:
                self._with_standard.append(name)
        self.mentions: Mentions = Layered(mentioned(room.book))

    def with_mentions(self, mentions: Mentions) -> "Index":
        """The same where entries since name others."""
        if mentions is self.mentions:
            return self
        found = Index.__new__(Index)
        found.__dict__.update(self.__dict__)
        found.mentions = mentions
        return found

    def touched(self, update: BookUpdate, before: Book, book: Book) -> set[str]:
        """Undertakings that an entry touches although it is not about them, or a figure does."""
        found = {other for name in update.touched for other in self._counting.get(name, ())}
        if update.spoke_at_large:
            found.update(self._asking)
        if before.figures is not book.figures and (before.figures or book.figures):
            for name in self._with_standard:
                body = book.undertakings[name]
                if before.figure(name, body) != book.figure(name, body):
                    found.add(name)
        return found

    def judge_again(self, room: Room, touched: Iterable[str]) -> set[str]:
        """Judge those touched, and whoever waits for one whose outcome is another now."""
        sight, place, order = room.found.sight, self._place, room.order
        outcomes = sight.outcomes
        queue = list({place[name] for name in touched})
        heapify(queue)
        queued = set(queue)
        judged: set[str] = set()
        while queue:
            group = order[heappop(queue)]
            before = [outcomes[name] for name in group]
            room.judge_group(group, sight)
            judged.update(group)
            for name, was in zip(group, before, strict=True):
                if outcomes[name] == was:
                    continue
                for other in self._waiting.get(name, ()):
                    if place[other] not in queued:
                        queued.add(place[other])
                        heappush(queue, place[other])
        return judged
