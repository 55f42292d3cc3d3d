"""Judging an agreement: every undertaking, in the order of their waits.

Undertakings wait for each other, so they are judged in the order of their waits; a ring is judged
by iteration from "nothing has begun" until nothing changes, and so stays pending unless something
from outside opens it.
"""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, Sequence
from copy import copy
from datetime import datetime, tzinfo
from functools import cached_property

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import Fixed, Is, Reading, State
from excomm.terms.assured import Assessed, Figure
from excomm.terms.book import Book, anchored_on
from excomm.terms.evidence import UNKNOWN, Act, amount, shown
from excomm.terms.monitor import outcome
from excomm.terms.order import components, reachable
from excomm.terms.outcome import Outcome
from excomm.terms.plain import plain
from excomm.terms.points import Calendar
from excomm.terms.rings import awaited, never_begins
from excomm.terms.settling import settle
from excomm.terms.waits import open_waits

_PRECEDENCE: tuple[State, ...] = (
    "breached",
    "suspended",
    "unverifiable",
    "due",
    "in_force",
    "pending",
    "lapsed",
    "fulfilled",
)


class Found(msgspec.Struct, frozen=True):
    """All outcomes of one judging."""

    sight: "Sight"

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """What is found of each undertaking."""
        return self.sight.outcomes

    @property
    def waits(self) -> "Waits":
        """What each undertaking not yet begun waits for; itself among it where it rings."""
        return Waits(self)


class Waits(Mapping[str, tuple[str, ...]]):
    """Undertakings not yet begun, each with those that keep it so: looked up when asked for."""

    def __init__(self, found: Found) -> None:
        self._found = found

    def __getitem__(self, name: str) -> tuple[str, ...]:
        outcome = self._found.outcomes[name]
        if outcome.state != "pending":
            raise KeyError(name)
        return open_waits(name, outcome.body, self._found.sight)

    def __iter__(self) -> Iterator[str]:
        return (n for n, o in self._found.outcomes.items() if o.state == "pending")

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Room:
    """The book, judged; and the order of its waits, to judge a part of it with fewer entries."""

    def __init__(self, of: Book) -> None:
        self.book = of
        self.calendar = Calendar(of.zone)
        self.needs: dict[str, tuple[str, ...]] = {}
        self.order: list[tuple[str, ...]] = []
        self.found = self._judged_whole()

    @cached_property
    def never(self) -> frozenset[str]:
        """Undertakings that cannot begin whatever anybody does: they wait in, or on, a ring."""
        return never_begins(self.book.undertakings)

    def judge(self, order: Iterable[Sequence[str]], only: frozenset[str] | None = None) -> Found:
        """Judge the groups in their order. only: the acts that count; None counts all."""
        sight = Sight(self.book, {}, self.calendar, only)
        for group in order:
            self.judge_group(group, sight)
        return Found(sight)

    def _judged_whole(self) -> Found:
        """Most texts name first what others wait for, so that most are judged as they come."""
        book, needs, order = self.book, self.needs, self.order
        about, outcomes = book.about, dict[str, Outcome]()
        sight = Sight(book, outcomes, self.calendar)
        later: dict[str, tuple[str, ...]] = {}
        for name, body in book.undertakings.items():
            needed = _needs_of_text(body, book) if name not in about else None
            if needed is None:
                needed = needs_of(name, book)
            needs[name] = needed
            if needed and not all(map(outcomes.__contains__, needed)):
                later[name] = needed
                continue
            order.append((name,))
            quick = plain(name, body, sight) if name not in about else None
            outcomes[name] = quick or self._judged(name, sight)
        place = {name: at for at, name in enumerate(later)}
        for found in components(later):
            # In the order of the agreement: what never settles in a ring is told of the same member
            # in whichever order its waits are named.
            group = tuple(sorted(found, key=place.__getitem__)) if len(found) > 1 else found
            order.append(group)
            self.judge_group(group, sight)
        return Found(sight)

    def judge_group(self, group: Sequence[str], sight: "Sight") -> None:
        """Judge one group, all that it needs being judged."""
        name = group[0]
        if len(group) == 1 and name not in self.needs[name]:
            sight.outcomes[name] = self._judged(name, sight)
        else:
            settle(
                group, self.book, self.needs, sight.outcomes, lambda name: self._judged(name, sight)
            )

    def on_with(self, book: Book, outcomes: MutableMapping[str, Outcome]) -> "Room":
        """The room with entries more or less, or on a later day, of the same text.

        outcomes: as far as they are known to be what they were; the caller judges the rest.
        """
        found = copy(self)
        found.book = book
        found.found = Found(Sight(book, outcomes, self.calendar))
        return found

    def closure(self, name: str) -> tuple[tuple[str, ...], ...]:
        """The groups that the judging of one undertaking needs, in order, its own last."""
        if not self.needs[name]:
            return ((name,),)
        needed = {name, *reachable(name, self.needs)}
        return tuple(group for group in self.order if group[0] in needed)

    def _judged(self, name: str, sight: "Sight") -> Outcome:
        body = self.book.undertakings[name]
        acts = sight.acts_about(name)
        if not acts:
            quick = plain(name, body, sight)
            if quick is not None:
                return quick
        if not body.readings:
            return _by_parties(name, body, acts, sight)
        found = {
            party: _by_parties(name, _as_read(body, reading), acts, sight)
            for party, reading in body.readings.items()
        }
        states = {party: result.state for party, result in found.items()}
        if len(body.by) == 1 and body.by[0] in found:
            chosen = found[body.by[0]]
        else:
            # Each obligor by his own reading, and by the text where he has none.
            chosen = _by_parties(name, body, acts, sight, by_own_reading=True)
            by_text = next((party for party in body.by if party not in found), None)
            if by_text is not None:
                own = (chosen.by_party or {}).get(by_text, chosen.state)
                states = {by_text: own, **states}
        if len(set(states.values())) > 1:
            return msgspec.structs.replace(chosen, disputed=True, readings=states)
        return chosen


def _as_read(body: Undertaking, reading: Reading | None) -> Undertaking:
    said = {
        field: value
        for field in ("starts", "condition", "what")
        if (value := getattr(reading, field, None))
    }
    return msgspec.structs.replace(body, **said) if said else body


def _by_parties(
    name: str,
    body: Undertaking,
    acts: Sequence[Act],
    sight: "Sight",
    *,
    by_own_reading: bool = False,
) -> Outcome:
    if len(body.by) == 1:
        return outcome(name, body, acts, sight)
    unknown = [act for act in acts if _by_nobody_known(act, name, body)]
    known = [act for act in acts if act not in unknown]
    each = {
        party: outcome(
            name,
            msgspec.structs.replace(
                _as_read(body, body.readings.get(party)) if by_own_reading else body, by=(party,)
            ),
            [act for act in known if _concerns(act, party, body)],
            sight,
        )
        for party in body.by
    }
    states: dict[str, State] = {party: found.state for party, found in each.items()}
    worst = min(each.values(), key=lambda found: _PRECEDENCE.index(found.state))
    if worst.state in ("fulfilled", "lapsed"):
        worst = (
            max(each.values(), key=lambda found: found.days_late or 0)
            if (worst.state == "fulfilled")
            else worst
        )
        basis = dict.fromkeys(entry for found in each.values() for entry in found.basis)
        worst = msgspec.structs.replace(worst, basis=tuple(basis))
    if any(found.disputed for found in each.values()):
        worst = msgspec.structs.replace(worst, disputed=True)
    if unknown and worst.state != "breached":
        shared = outcome(
            name, body, [act for act in acts if act in unknown or _neutral(act, body)], sight
        )
        if shared.state == "breached":
            worst = msgspec.structs.replace(shared, ground="broken_by_nobody_known")
    if worst.ground == "broken_by_nobody_known" or (unknown and worst.state == "breached"):
        states = {
            party: state if state == "breached" else "unverifiable"
            for party, state in states.items()
        }
    return msgspec.structs.replace(worst, by_party=states)


def _needs_of_text(body: Undertaking, of: Book) -> tuple[str, ...] | None:
    """Those whose outcome the judging of one asks for, of which no entry speaks; None where its

    times, what it relies on or its readings name others too.
    """
    starts, due, condition = body.starts, body.due, body.condition
    if (
        (due is not None and type(due) is not Fixed)
        or (starts is not None and type(starts) is not Fixed)
        or body.ends is not None
        or body.relies_on
        or body.readings
    ):
        return None
    if condition is None:
        return ()
    if type(condition) is Is and condition.what == "fulfilled":
        return (condition.of,) if condition.of in of.undertakings else ()
    asked = awaited(condition)
    if len(asked) > 1:
        asked = tuple(dict.fromkeys(asked))
    return tuple([other for other in asked if other in of.undertakings])


def needs_of(name: str, of: Book) -> tuple[str, ...]:
    """Those whose outcome the judging of one asks for, by its text and the entries about it."""
    body = of.undertakings[name]
    conditions = [body.condition, *(reading.condition for reading in body.readings.values())]
    points = [body.starts, body.due, body.ends]
    points.extend(reading.starts for reading in body.readings.values())
    needed: dict[str, None] = {}
    for act in of.about.get(name, ()):
        points.append(act.event.due)
        if act.event.set:
            needed.update(dict.fromkeys(words_of(act.event.set)))
        for answered in act.event.in_answer_to:
            if act.kind in ("countermeasure", "suspension_claimed") and answered in of.acts:
                event = of.acts[answered].event
                needed.update(dict.fromkeys((*event.about, *event.shows)))
    for condition in conditions:
        needed.update(dict.fromkeys(awaited(condition)))
    for point in points:
        anchor = anchored_on(point)
        if anchor is not None and anchor != name:
            needed[anchor] = None
    needed.update(dict.fromkeys(body.relies_on))
    return tuple(needed_name for needed_name in needed if needed_name in of.undertakings)


def words_of(value: object) -> Iterable[str]:
    """Every id that an amendment may name, wherever in it."""
    if isinstance(value, str):
        yield value.rpartition(" ")[2]
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from words_of(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from words_of(inner)


def _neutral(act: Act, body: Undertaking) -> bool:
    return not act.by_any(body.by) and act.parties != (UNKNOWN,)


def _concerns(act: Act, party: str, body: Undertaking) -> bool:
    """Whether an act counts for one of several obligors: his own, a third's, or a shared sum."""
    if party in act.parties or not act.by_any(body.by):
        return True
    return body.quantity is not None and amount(act, body.quantity) is not None


def _by_nobody_known(act: Act, name: str, body: Undertaking) -> bool:
    return act.established and UNKNOWN in act.parties and shown(act, name, body) == "not_performed"


class Sight:
    """The book as far as some of its acts count, and what is found so far."""

    def __init__(
        self,
        of: Book,
        outcomes: MutableMapping[str, Outcome],
        calendar: Calendar,
        only: frozenset[str] | None = None,
    ) -> None:
        self.on: datetime = of.on
        self.zone: tzinfo = of.zone
        self.calendar = calendar
        self.outcomes = outcomes
        self._book = of
        self._only = only

    def outcome(self, undertaking: str) -> Outcome | None:
        return self.outcomes.get(undertaking)

    def body(self, undertaking: str) -> Undertaking | None:
        return self._book.undertakings.get(undertaking)

    def acts_about(self, undertaking: str) -> Sequence[Act]:
        return self._counting(self._book.about.get(undertaking, ()))

    def acts_at_large(self) -> Sequence[Act]:
        return self._counting(self._book.at_large)

    def act(self, act_id: str) -> Act | None:
        if self._only is not None and act_id not in self._only:
            return None
        return self._book.acts.get(act_id)

    def corrected(self, entry_id: str) -> datetime | None:
        return self._book.corrected.get(entry_id)

    def figure(self, name: str, body: Undertaking) -> Figure | None:
        """The assurance figure of an undertaking, else that of its item."""
        return self._book.figure(name, body)

    def assessed(self, name: str) -> Assessed | None:
        """What a person last entered of an undertaking's state."""
        return self._book.assessed.get(name)

    def is_outsider(self, party: str) -> bool:
        return party in self._book.outsiders

    def _counting(self, acts: Sequence[Act]) -> Sequence[Act]:
        only = self._only
        return acts if only is None else [act for act in acts if act.id in only]
