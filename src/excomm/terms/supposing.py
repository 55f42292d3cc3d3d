"""What if: the standing, were some events to happen. Nothing is stored.

Supposed events are plain data in the form of an agreement file's events. Without a date they
happen at the end of the day of the question, without `assurance` they are established, without an
id they are named here. One dated later moves the question to its date.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from itertools import combinations
from typing import Any, Protocol

import msgspec

from excomm.entries import Day, Entry, EntryId, Instant, end_of, parse_when, start_of
from excomm.entries.entry import to_bytes
from excomm.entries.kinds import (
    Agreement,
    CaseHeader,
    Correction,
    Count,
    Event,
    Offer,
    Party,
    Response,
    Undertaking,
)
from excomm.entries.language import Counted, EventKind, Relative, State
from excomm.entries.nearest import did_you_mean
from excomm.errors import Faults, InputError
from excomm.fold import Facts, fold
from excomm.terms.book import Book, added, book
from excomm.terms.judging import Room
from excomm.terms.rings import atoms
from excomm.terms.standing import Standing, standing

Plain = Mapping[str, Any]
_LEAST_MAX = 4  # sets up to this size are tried one by one; a larger one is only irreducible


class CaseLike(Protocol):
    """A case: its entries from the first, and its zone."""

    zone: tzinfo

    @property
    def read(self) -> Callable[[], Iterable[Entry]]: ...


def what_if(
    source: Facts | CaseLike,
    events: Sequence[Plain],
    day: str | date | datetime | None = None,
    *,
    cleared: str | None = None,
) -> Standing:
    """The status of each undertaking, had these events happened as well.

    source: a case, asked on `day`; or the facts of a day, which then is the day unless one is
    given. cleared: as the case's `on` takes it. Of facts, what was corrected away is gone and
    cannot be brought back by a supposed retraction; of a case it can.
    Raises InputError naming the event and the field, for a form or a name that is none.
    """
    zone = source.zone
    on = _asked(day, zone) if day is not None else _on(source)
    supposed = _read(events, on, zone)
    later = max((start_of(entry.occurred, zone) for entry in supposed), default=on)
    if later > on:
        on = max(end_of(entry.occurred, zone) for entry in supposed)
    whole = _reader(source)

    def read() -> Iterable[Entry]:
        return (*whole(), *supposed)

    _check_names(read(), supposed)
    return standing(fold(read, on=on, zone=zone, cleared=cleared))


def supposed(facts: Facts, events: Sequence[Plain]) -> tuple[Entry, ...]:
    """Events in the form of an agreement file as entries, to be put beside the facts.

    Raises InputError naming the event and the field, for a form or a name that is none.
    """
    found = _read(events, facts.on, facts.zone)
    _check_names((*_reader(facts)(), *found), found)
    return found


def _on(source: Facts | CaseLike) -> datetime:
    return source.on if isinstance(source, Facts) else datetime.now(UTC)


def _asked(day: str | date | datetime, zone: tzinfo) -> datetime:
    if isinstance(day, datetime):
        return day.astimezone(UTC)
    if isinstance(day, date):
        return end_of(Day(day), zone)
    try:
        return end_of(parse_when(day), zone)
    except InputError as fault:
        raise InputError("day", fault.found, fault.expected, fault.remedy) from None


def _reader(source: Facts | CaseLike) -> Callable[[], Iterable[Entry]]:
    if not isinstance(source, Facts):
        return source.read
    kinds = (CaseHeader, Party, Agreement, Undertaking, Offer, Response, Event, Count, Correction)
    kept = tuple(entry for kind in kinds for entry, _ in source.of(kind))
    return lambda: kept


# -- reading -------------------------------------------------------------------------------------


def _read(events: Sequence[Plain], on: datetime, zone: tzinfo) -> tuple[Entry, ...]:
    if isinstance(events, Mapping):
        events = events.get("events", events)
    if not isinstance(events, Sequence) or isinstance(events, str):
        raise InputError("events", events, "a list of events", "Write [{...}, {...}].")
    found: list[Entry] = []
    ids: set[str] = set()
    for index, event in enumerate(events):
        where = f"events[{index}]"
        if not isinstance(event, Mapping):
            raise InputError(where, event, "an event: {kind: ..., about: [...]}")
        entry = _entry(where, dict(event), on, zone, f"supposed-{index + 1}")
        if entry.id in ids:
            raise InputError(f"{where}.id", entry.id, "an id of its own", "Name it otherwise.")
        ids.add(str(entry.id))
        found.append(entry)
    return tuple(found)


def _entry(where: str, event: dict[str, Any], on: datetime, zone: tzinfo, name: str) -> Entry:
    from excomm.folder import read_agreement

    event = {
        "id": name,
        "date": on.astimezone(zone).date().isoformat(),
        "assurance": "established",
        **event,
    }
    whole = {"title": "supposed", "calendar": {"zone": _zone_name(zone)}, "events": [event]}
    text = msgspec.json.encode(whole).decode()
    try:
        entries = read_agreement(text)
    except Faults as faults:
        raise Faults([_placed(fault, where) for fault in faults.faults]) from None
    except InputError as fault:
        raise _placed(fault, where) from None
    return next(entry for entry in entries if isinstance(entry.body, Event))


def _zone_name(zone: tzinfo) -> str:
    key = getattr(zone, "key", None)
    if key is not None:
        return str(key)
    offset = datetime(2000, 1, 1, tzinfo=zone).strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}"


def _placed(fault: InputError, where: str) -> InputError:
    inner = fault.where.partition(": ")[2] if fault.where.startswith("agreement:") else fault.where
    field = inner.removeprefix("event").lstrip(": ")
    return InputError(
        f"{where}.{field}" if field else where, fault.found, fault.expected, fault.remedy
    )


def _check_names(entries: Iterable[Entry], supposed: Sequence[Entry]) -> None:
    known = {str(entry.id) for entry in entries if isinstance(entry.body, Undertaking)}
    for index, entry in enumerate(supposed):
        assert isinstance(entry.body, Event)
        for name in (*entry.body.about, *entry.body.shows):
            if name not in known:
                raise InputError(
                    f"events[{index}].about",
                    name,
                    f"an undertaking of the agreement ({', '.join(sorted(known)[:8])})",
                    did_you_mean(name, sorted(known)[:1000]),
                )


# -- the least that would do -----------------------------------------------------------------------


class Least(msgspec.Struct, frozen=True):
    """The fewest events that would bring an undertaking into a state; none where nothing would.

    events: in the form of an agreement file. words: the same as a sentence.
    """

    undertaking: str
    state: State
    reached: bool
    words: str
    events: tuple[dict[str, Any], ...] = ()


def least(
    facts: Facts, undertaking: str, state: State = "due", *, tried_max: int = 20_000
) -> Least:
    """The least that would make an undertaking binding, due, fulfilled or anything else.

    Searched over the kinds of event that what it waits through could be moved by, fewest first.
    Due and in force are taken as one: both mean that it is owed. Raises InputError for an unknown
    undertaking.
    """
    about = book(facts)
    if undertaking not in about.undertakings:
        known = tuple(about.undertakings)
        raise InputError(
            "ID", undertaking, "an undertaking of the agreement", did_you_mean(undertaking, known)
        )
    wanted = ("in_force", "due") if state in ("in_force", "due") else (state,)
    path = [name for group in Room(about).closure(undertaking) for name in group]
    moves = _moves(undertaking, path, about)
    room = Room(added(about, moves))
    order = room.closure(undertaking)
    happened = frozenset(about.acts)

    def reaches(chosen: Sequence[Entry]) -> bool:
        acts = happened | {str(move.id) for move in chosen}
        return room.judge(order, acts).outcomes[undertaking].state in wanted

    if reaches(()):
        return Least(undertaking, state, reached=True, words=f"{undertaking} stands so already.")
    tried = 0
    for size in range(1, _LEAST_MAX + 1):
        for chosen in combinations(moves, size):
            tried += 1
            if tried > tried_max:
                break
            if reaches(chosen):
                return _least(undertaking, state, chosen)
    good = [move for move in moves if isinstance(move.body, Event) and move.body.kind in _WILLING]
    for every in (good, moves):
        if reaches(every):
            kept = list(every)
            for move in list(kept):
                rest = [other for other in kept if other is not move]
                if reaches(rest):
                    kept = rest
            return _least(undertaking, state, tuple(kept))
    nothing = f"No event on its path would make {undertaking} {state.replace('_', ' ')} today."
    return Least(undertaking, state, reached=False, words=nothing)


_WILLING: frozenset[EventKind] = frozenset(("accepted", "done", "request", "resumed"))


def _moves(undertaking: str, path: Sequence[str], about: Book) -> list[Entry]:
    """What the parties could do about the undertakings on the path: the nearest first."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}

    def move(kind: EventKind, party: str, name: str, **more: object) -> None:
        event = {"kind": kind, "party": party, "about": [name], **more}
        found.setdefault((kind, party, name), event)

    for name in (undertaking, *(other for other in reversed(path) if other != undertaking)):
        body = about.undertakings[name]
        by = body.by[0]
        for atom in atoms(body.condition):
            if isinstance(atom, Counted):
                move("count", by, atom.undertaking, value=_total(atom, about))
            elif atom.what == "requested_by":
                move("request", atom.of, name)
            elif atom.what == "accepted_by":
                move("accepted", atom.of, name)
            elif atom.what == "event" and atom.of not in about.acts:
                found.setdefault(
                    ("incident", "", atom.of),
                    {"id": atom.of, "kind": "incident", "what": atom.of},
                )
            elif atom.what == "breached" and atom.of in about.undertakings:
                move("violation", about.undertakings[atom.of].by[0], atom.of)
        if isinstance(body.starts, Relative) and _is_event(body.starts.anchor, about):
            found.setdefault(
                ("incident", "", body.starts.anchor),
                {"id": body.starts.anchor, "kind": "incident", "what": body.starts.anchor},
            )
        if body.on_request_of:
            move("request", body.on_request_of, name)
        for party in body.by:
            move("accepted", party, name)
        move("done", by, name)
        move("resumed", by, name)
        move("refusal", by, name)
        move("violation", by, name)
        move("terminated", by, name)
    on = about.on
    return [
        Entry(
            id=EntryId(str(event.get("id", f"supposed-{index}"))),
            occurred=Instant(on),
            recorded=on,
            standing="established",
            body=Event(
                kind=event["kind"],
                party=(event["party"],) if event.get("party") else (),
                about=tuple(event.get("about", ())),
                what=event.get("what", ""),
                value=event.get("value", {}),
            ),
        )
        for index, event in enumerate(found.values(), 1)
    ]


def _total(atom: Counted, about: Book) -> dict[str, Any]:
    body = about.undertakings.get(atom.undertaking)
    item = {"item": body.quantity.item} if body is not None and body.quantity is not None else {}
    return {**item, "total": atom.at_least}


def _is_event(anchor: str, about: Book) -> bool:
    plain = not anchor[:1].isdigit() and " " not in anchor
    return plain and anchor not in ("starts", "condition", *about.undertakings, *about.acts)


def _least(undertaking: str, state: State, chosen: Sequence[Entry]) -> Least:
    events = tuple(_plain(entry) for entry in chosen)
    said = [_words(event) for event in events]
    joined = "; and ".join(said)
    return Least(
        undertaking,
        state,
        reached=True,
        events=events,
        words=f"{undertaking} would be {state.replace('_', ' ')} if {joined}.",
    )


def _plain(entry: Entry) -> dict[str, Any]:
    body = msgspec.json.decode(to_bytes(entry))["body"]
    event = {key: value for key, value in body.items() if key != "entry"}
    if isinstance(event.get("party"), list) and len(event["party"]) == 1:
        event["party"] = event["party"][0]
    return event if event.get("about") else {"id": str(entry.id), **event}


_SAID: dict[str, str] = {
    "accepted": "{party} accepted {about}",
    "done": "{party} were seen to have performed {about}",
    "request": "{party} asked for {about}",
    "resumed": "{party} resumed {about}",
    "refusal": "{party} refused {about}",
    "violation": "{party} were seen to have broken {about}",
    "terminated": "{party} and the others ended {about}",
    "count": "{total} were counted under {about}",
    "incident": "{what} happened",
}


def _words(event: dict[str, Any]) -> str:
    return _SAID[event["kind"]].format(
        party=event.get("party", ""),
        about=" and ".join(event.get("about", ())),
        total=event.get("value", {}).get("total", ""),
        what=event.get("what", ""),
    )
