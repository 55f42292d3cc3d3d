"""Why an undertaking stands as it does: what bears on it, what decides, what it waits through.

The deciding entries are found by removal: the agreement is judged again with fewer entries until
none can be left out without another state.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime

from excomm.entries.language import EventKind, State
from excomm.terms.evidence import Act, in_time, shown, silent
from excomm.terms.judging import Found, Room
from excomm.terms.order import reachable
from excomm.terms.outcome import Outcome
from excomm.terms.phrases import party_words
from excomm.terms.status import Told
from excomm.terms.wording import Words

_STOPPING: frozenset[EventKind] = frozenset(
    ("suspended_by_agreement", "suspension_claimed", "countermeasure", "terminated")
)

States = Callable[[Iterable[str]], State]


class Explaining:
    """Tells of one undertaking at a time what there is to say beyond its state."""

    def __init__(self, room: Room) -> None:
        self._found = room.found
        self._room = room

    def told(self, name: str) -> Told:
        """Everything that explains the state."""
        found, room = self._found, self._room
        outcome = found.outcomes[name]
        waits = reachable(name, found.waits) if outcome.state == "pending" else ()
        words = Words(name, found, room.book)
        decides = _deciding(name, outcome, found, room)
        return Told(
            why=_in_order((*_bearing(name, outcome, waits, found), *decides), room),
            decides=decides,
            missing=words.missing(),
            path=waits,
            reason=words.reason(),
            flags=(*outcome.flags, *_ring_flags(name, outcome, waits, room)),
            assurance=words.assurance(),
        )

    def disputed(self, name: str) -> bool:
        """Whether anything that bears on it is denied."""
        return self._found.outcomes[name].disputed

    def days_late(self, name: str) -> int | None:
        """Whole days after the deadline."""
        return self._found.outcomes[name].days_late

    def by_party(self, name: str) -> dict[str, State]:
        """Each obligor's own state, where several are bound."""
        return self._found.outcomes[name].by_party or {}

    def readings(self, name: str) -> dict[str, State]:
        """Each party's state, where they differ."""
        return self._found.outcomes[name].readings or {}

    def said(self, name: str, state: State) -> str:
        """A state in the institution's words; a breach is proposed until a person enters it."""
        own = self._room.book.own_words.get(state)
        word = own or ("cannot be known" if state == "unverifiable" else state.replace("_", " "))
        assessed = self._room.book.assessed.get(name)
        since = self._found.outcomes[name].breached
        if state != "breached":
            return word
        if assessed is None or assessed.state != "breached" or (since and assessed.at < since):
            return f"proposed: {word}"
        return word

    def obstructed_by(self, name: str) -> tuple[str, ...]:
        """Outsiders whose refusal stands: what they refused, they have not since agreed to."""
        found, names = self._found, self._room.book.names
        if found.outcomes[name].state in ("fulfilled", "lapsed"):
            return ()
        refused: dict[str, None] = {}
        for act in found.sight.acts_about(name):
            outsiders = [party for party in act.parties if found.sight.is_outsider(party)]
            if act.standing == "disputed" or not outsiders:
                continue
            if act.kind in ("refusal", "access_gap"):
                refused.update(dict.fromkeys(outsiders))
            elif act.kind in ("accepted", "resumed"):
                for party in outsiders:
                    refused.pop(party, None)
        own = found.outcomes[name].body.by
        return tuple(
            party_words(party, names.get(party, party)) for party in refused if party not in own
        )

    def times(self, name: str) -> tuple[datetime | None, datetime | None]:
        """When it starts and when it is due."""
        outcome = self._found.outcomes[name]
        return outcome.starts, outcome.due


def _ring_flags(name: str, outcome: Outcome, waits: Sequence[str], room: Room) -> tuple[str, ...]:
    if outcome.state != "pending" or not waits or name not in room.never:
        return ()
    return ("circular_wait",) if name in waits else ("waits_on_circle",)


# -- what bears on it ----------------------------------------------------------------------------


def _bearing(name: str, outcome: Outcome, waits: Sequence[str], found: Found) -> Iterator[str]:
    sight = found.sight
    for act in sight.acts_about(name):
        if not silent(act, name):
            yield act.id
            yield from act.event.in_answer_to
    yield from (*outcome.basis, *outcome.start_basis, *outcome.breaches)
    if outcome.condition is not None:
        yield from outcome.condition.decided_by
    for point in (outcome.body.starts, outcome.body.due, outcome.body.ends):
        anchor = getattr(point, "anchor", "")
        if sight.act(anchor) is not None:
            yield anchor
    for relied in outcome.body.relies_on:
        yield from (act.id for act in sight.acts_about(relied) if _taints(act, relied, found))
    for waited in waits:
        yield from (act.id for act in _speaking(waited, found))
        yield from found.outcomes[waited].basis


def _speaking(name: str, found: Found) -> Iterator[Act]:
    body = found.outcomes[name].body
    for act in found.sight.acts_about(name):
        if not silent(act, name) and shown(act, name, body) != "nothing":
            yield act


def _taints(act: Act, relied: str, found: Found) -> bool:
    """Whether an act takes evidence away from whatever relies on the undertaking it is about."""
    if silent(act, relied) or relied not in found.outcomes:
        return False
    return act.kind in _STOPPING or shown(act, relied, found.outcomes[relied].body) in (
        "not_performed",
        "cannot_tell",
    )


def _in_order(ids: Iterable[str], room: Room) -> tuple[str, ...]:
    acts = room.book.acts
    known = (act_id for act_id in dict.fromkeys(ids) if act_id in acts)
    return tuple(sorted(known, key=lambda act_id: in_time(acts[act_id])))


# -- what decides --------------------------------------------------------------------------------


def _deciding(name: str, outcome: Outcome, found: Found, room: Room) -> tuple[str, ...]:
    """An irreducible set of entries that yields the state by itself."""
    groups = room.closure(name)

    def state(acts: Iterable[str]) -> State:
        return room.judge(groups, frozenset(acts)).outcomes[name].state

    if state(()) == outcome.state:
        return ()
    chosen = [act_id for act_id in dict.fromkeys(outcome.basis) if act_id in room.book.acts]
    if state(chosen) != outcome.state:
        acts = sorted(room.book.acts.values(), key=in_time)
        chosen = _enough([act.id for act in acts], state, outcome.state)
    return _in_order(_irreducible(chosen, state, outcome.state), room)


def _enough(chosen: list[str], state: States, wanted: State) -> list[str]:
    """As few of all acts as dropping them in parts leaves."""
    size = len(chosen)
    while size > 1:
        size //= 2
        for first in reversed(range(0, len(chosen), size)):
            rest = chosen[:first] + chosen[first + size :]
            if state(rest) == wanted:
                chosen = rest
    return chosen


def _irreducible(chosen: list[str], state: States, wanted: State) -> list[str]:
    shrinking = True
    while shrinking:
        shrinking = False
        for act_id in list(chosen):
            rest = [other for other in chosen if other != act_id]
            if state(rest) == wanted:
                chosen, shrinking = rest, True
    return chosen
