"""The standing by one entry more: what an update gives is what judging the whole log gives."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any as Any_

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.entries import Day, Entry, EntryId, Instant, parse_zone
from excomm.entries.kinds import (
    Agreement,
    AnyBody,
    Assessment,
    CaseHeader,
    Correction,
    Count,
    Event,
    Look,
    Offer,
    Response,
    Undertaking,
)
from excomm.entries.language import (
    All,
    Amount,
    Any,
    Condition,
    Counted,
    Each,
    Fixed,
    Is,
    Not,
    Point,
    Reading,
    Relative,
    With,
)
from excomm.fold import fold
from excomm.terms import Figure, Status, standing

OPENS = date(2030, 1, 1)
NAMES = tuple(f"U{n}" for n in range(6))
EVENTS = tuple(f"E{n}" for n in range(9))
_NAME = st.sampled_from(NAMES)
_PARTY = st.sampled_from(("A", "B"))
_DAY = st.integers(0, 40).map(lambda n: Fixed(Day(OPENS + timedelta(days=n))))
_POINT: st.SearchStrategy[Point | None] = st.one_of(
    st.none(),
    _DAY,
    _DAY,
    st.builds(
        Relative,
        st.one_of(
            st.sampled_from(("starts", "condition", *EVENTS[:4])),
            _NAME.map(lambda name: f"start of {name}"),
            _NAME.map(lambda name: f"due of {name}"),
            _NAME.map(lambda name: f"fulfilled {name}"),
        ),
        st.sampled_from(("", "P3D", "PT12H")),
    ),
    st.builds(With, _NAME),
)
_ATOM: st.SearchStrategy[Condition] = st.one_of(
    st.builds(Is, st.sampled_from(("fulfilled", "in_force", "breached")), _NAME),
    st.builds(Is, st.sampled_from(("accepted_by", "requested_by")), _PARTY),
    st.builds(Is, st.just("event"), st.sampled_from(EVENTS)),
    st.builds(Counted, _NAME, st.integers(1, 5)),
)
_CONDITION = st.one_of(
    st.none(),
    st.none(),
    _ATOM,
    st.builds(Not, _ATOM),
    st.builds(All, st.tuples(_ATOM, _ATOM)),
    st.builds(Any, st.tuples(_ATOM, _ATOM)),
)
_UNDERTAKING = st.builds(
    Undertaking,
    by=st.sampled_from((("A",), ("B",), ("A", "B"))),
    to=st.just(("B",)),
    modality=st.sampled_from(("must", "must", "must", "must_not", "may")),
    kind=st.sampled_from(("achieve", "achieve", "maintain", "recur")),
    what=st.just("go"),
    starts=_POINT,
    due=_POINT,
    ends=_POINT,
    condition=_CONDITION,
    evidence_by=st.sampled_from(("", "", "P5D", "PT6H")),
    silence=st.sampled_from(("unverifiable", "unverifiable", "breached")),
    quantity=st.sampled_from((None, None, Amount("gun", 5, ""), Amount("missile", 3, ""))),
    standard=st.sampled_from((None, None, 0.9)),
    accuse=st.just(0.95),
    relies_on=st.sampled_from(((), (), ("U0",))),
    each=st.sampled_from((None, Each(tuple(range(1, 13)), 9))),
    readings=st.sampled_from(
        ({}, {}, {}, {"B": Reading(condition=Is("fulfilled", "U1"), source="s")})
    ),
)
_KINDS = (
    *("done", "done", "not_done", "violation", "count", "partial", "progress", "accepted"),
    *("refusal", "objection", "request", "finding", "access_gap", "countermeasure"),
    *("suspension_claimed", "suspended_by_agreement", "resumed", "terminated", "extended"),
    *("amended", "in_force", "cannot_confirm"),
)
_EVENT = st.builds(
    Event,
    kind=st.sampled_from(_KINDS),
    party=st.sampled_from((("A",), ("B",), ("A", "B"), ("unknown",), ())),
    about=st.one_of(st.just(()), _NAME.map(lambda name: (name,)), st.just(("U0", "U1"))),
    value=st.sampled_from(({}, {"item": "gun", "total": 3}, {"item": "gun", "adds": 4})),
    in_answer_to=st.sampled_from(((), (), ("E1",), ("E2",))),
    due=st.one_of(st.none(), st.none(), _DAY),
    set=st.sampled_from(({}, {}, {}, {}, {"due": "2030-02-01"})),
    shows=st.sampled_from(({}, {}, {}, {"U2": "performed"}, {"U2": "cannot_tell"})),
)
_SPOKEN = st.builds(Event, kind=st.sampled_from(("accepted", "request")), party=st.tuples(_PARTY))
_ANSWER = st.builds(
    Event,
    kind=st.just("countermeasure"),
    party=st.just(("A",)),
    about=st.just(("U0",)),
    in_answer_to=st.tuples(st.sampled_from(EVENTS[:4])),
)
_BROKEN = st.builds(Event, kind=st.just("violation"), party=st.just(("B",)), about=st.tuples(_NAME))
_BODY: st.SearchStrategy[AnyBody] = st.one_of(
    _EVENT,
    _EVENT,
    _EVENT,
    _SPOKEN,
    _ANSWER,
    _BROKEN,
    st.builds(
        Count, item=st.sampled_from(("gun", "missile")), number=st.integers(1, 5),
        moving=st.sampled_from(("leaving", "present")), scope=st.sampled_from(("total", "own")),
    ),
    st.builds(
        Assessment, statement=st.just("so"), undertaking=_NAME,
        state=st.sampled_from(("fulfilled", "breached")),
    ),
    st.builds(Look, means=st.just("flight"), outcome=st.just("made")),
    st.builds(Response, offer=st.just("O"), party=_PARTY, answer=st.just("accepted")),
    st.builds(Correction, reason=st.just("wrong")),
)  # fmt: skip


def _entry(name: str, body: AnyBody, seq: int, day: int = 0, recorded: int = 0) -> Entry:
    return Entry(
        id=EntryId(name),
        seq=seq,
        occurred=Day(OPENS + timedelta(days=day)),
        recorded=datetime(2030, 1, 1, 9, tzinfo=UTC) + timedelta(days=recorded),
        body=body,
        standing="established",
    )


@st.composite
def logs(draw: st.DrawFn) -> list[Entry]:
    """An agreement, then entries that come late, correct, withdraw, claim and deny."""
    bodies = draw(st.lists(_UNDERTAKING, min_size=6, max_size=6))
    offer = Offer(by="A", to=("B",), undertakings=("U3",), text="o")
    found = [
        _entry("case", CaseHeader(title="t", zone="-05:00", opens=OPENS), 1),
        _entry("text", Agreement(title="t", zone="-05:00", parties={"A": "a", "B": "b"}), 2),
        _entry("O", offer, 3),
        *(
            _entry(name, body, 4 + n)
            for n, (name, body) in enumerate(zip(NAMES, bodies, strict=True))
        ),
    ]
    standings = st.sampled_from(("established", "established", "claimed", "disputed"))
    for name in EVENTS[: draw(st.integers(1, len(EVENTS)))]:
        body, day = draw(_BODY), draw(st.integers(0, 30))
        late = draw(st.sampled_from((0, 0, 0, 3, 20)))
        one = _entry(name, body, len(found) + 1, day, day + late)
        changes: dict[str, object] = {"standing": draw(standings)}
        if draw(st.integers(0, 3)) == 0:
            changes["occurred"] = Instant(datetime(2030, 1, 1 + day, 14, tzinfo=UTC))
        earlier = [entry.id for entry in found[3 + len(NAMES) :]]
        if earlier and (isinstance(body, Correction) or draw(st.integers(0, 3)) == 0):
            changes["corrects"] = draw(st.sampled_from(earlier))
        elif isinstance(body, Correction):
            continue
        found.append(msgspec.structs.replace(one, **changes))
    return found


_FIGURES: st.SearchStrategy[dict[str, Figure]] = st.sampled_from(
    ({}, {}, {"gun": Figure(0.95, 0.97, 0.99)}, {"gun": Figure(0.5, 0.7, 0.8)})
)
Growing = given(logs(), st.integers(0, 40), st.data())


@settings(deadline=None)
@Growing
def test_a_standing_updated_by_each_entry_is_that_of_the_whole_log(
    log: list[Entry], day: int, data: st.DataObject
) -> None:
    update_by_each(log, day, data)


@pytest.mark.long
@settings(max_examples=10_000, deadline=None)
@Growing
def test_a_standing_updated_by_each_entry_of_ten_thousand_logs_is_that_of_the_whole(
    log: list[Entry], day: int, data: st.DataObject
) -> None:
    update_by_each(log, day, data)


def update_by_each(log: Sequence[Entry], day: int, data: st.DataObject) -> None:
    """Time goes on as the log grows, and figures move."""
    on = datetime(2030, 1, 1, 20, tzinfo=UTC) + timedelta(days=day)
    zone = parse_zone("-05:00")
    start = 3 + len(NAMES)
    facts = fold(lambda: log[:start], on=on, zone=zone)
    stands = standing(facts)
    whole, figures = facts, {}
    for end in range(start + 1, len(log) + 1):
        on += timedelta(hours=data.draw(st.sampled_from((0, 0, 0, 1, 30, 24 * 9))))
        figures = data.draw(_FIGURES)
        whole = fold(lambda end=end: log[:end], on=on, zone=zone)  # type: ignore[misc]
        entries = log[end - 1 : end]
        later = facts.updated(entries, on=on, known_by=on)
        anew = standing(whole, figures)
        stands = anew if later is None else stands.updated(later, entries, figures)
        facts = whole if later is None else later
        assert [known(status) for status in stands.values()] == list(map(known, anew.values()))
    name = data.draw(_NAME)
    assert stands[name] == standing(whole, figures)[name]


def known(status: Status) -> object:
    """What there is to know of a status without explaining it."""
    return (
        *(status.undertaking, status.state, status.starts, status.due, status.days_late),
        *(status.disputed, status.by_party, status.readings, status.obstructed_by),
    )


@pytest.mark.parametrize(
    ("name", "event", "of"),
    [
        ("E1", Event(kind="accepted", party=("B",)), "U2"),
        ("E1", Event(kind="count", about=("U0",), value={"total": 3}), "U1"),
        ("E0", Event(kind="incident"), "U3"),
    ],
)
def test_an_entry_touches_whoever_waits_for_it_though_it_names_him_not(
    name: str, event: Event, of: str
) -> None:
    conditions = (None, Counted("U0", 3), Is("accepted_by", "B"), Is("event", "E0"))
    log = [
        _entry("case", CaseHeader(title="t", zone="UTC", opens=OPENS), 1),
        *(
            _entry(
                f"U{n}",
                Undertaking(
                    by=("A",),
                    modality="must",
                    kind="maintain",
                    what="go",
                    starts=None if condition else Fixed(Day(OPENS)),
                    condition=condition,
                ),
                n + 2,
            )
            for n, condition in enumerate(conditions)
        ),
    ]
    facts = fold(lambda: log, on=datetime(2030, 1, 20, tzinfo=UTC), zone=UTC)
    before = standing(facts)
    come = _entry(name, event, 9, day=3, recorded=3)
    later = facts.updated((come,))
    assert later is not None
    after = before.updated(later, (come,))
    changed = {each for each in before if before[each].state != after[each].state}
    assert (changed, after[of].state) == ({of}, "in_force")


def test_an_answer_ties_those_it_is_about_to_whomever_the_answered_was_about() -> None:
    """A ring may close by it: `U0` answers what was done about `U1`, which ends with `U0`."""
    start = Fixed(Day(OPENS))
    log = [
        _entry("case", CaseHeader(title="t", zone="UTC", opens=OPENS), 1),
        _entry("U0", _maintained(starts=start), 2),
        _entry("U1", _maintained(starts=start, ends=With("U0")), 3),
        _entry("E1", Event(kind="violation", party=("A",), about=("U1",)), 4, day=3, recorded=3),
    ]
    answer = Event(kind="countermeasure", party=("A",), about=("U0",), in_answer_to=("E1",))
    come = _entry("E2", answer, 5, day=4, recorded=4)
    on = datetime(2030, 1, 20, tzinfo=UTC)
    facts = fold(lambda: log, on=on, zone=UTC)
    later = facts.updated((come,))
    assert later is not None
    after = standing(facts).updated(later, (come,))
    assert after._room.needs["U0"] == ("U1",)
    whole = standing(fold(lambda: [*log, come], on=on, zone=UTC))
    assert list(map(known, after.values())) == list(map(known, whole.values()))


def test_what_two_entries_correct_stays_corrected_when_one_of_them_is_corrected() -> None:
    accepted = Event(kind="accepted", party=("A",))
    answer = Event(kind="countermeasure", party=("A",), about=("U0",), in_answer_to=("E0",))
    log = [
        _entry("case", CaseHeader(title="t", zone="UTC", opens=OPENS), 1),
        _entry("U0", _maintained(), 2),
        _entry("E0", accepted, 3),
        _corrects(_entry("E1", accepted, 4), "E0"),
        _corrects(_entry("E2", answer, 5), "E0"),
    ]
    come = _corrects(_entry("E3", accepted, 6), "E1")
    on = datetime(2030, 1, 20, tzinfo=UTC)
    facts = fold(lambda: log, on=on, zone=UTC)
    later = facts.updated((come,))
    assert later is not None
    after = standing(facts).updated(later, (come,))
    whole = standing(fold(lambda: [*log, come], on=on, zone=UTC))
    assert list(map(known, after.values())) == list(map(known, whole.values()))


def _corrects(entry: Entry, old: str) -> Entry:
    return msgspec.structs.replace(entry, corrects=EntryId(old))


def _maintained(**fields: Any_) -> Undertaking:
    return Undertaking(by=("A",), modality="must", kind="maintain", what="go", **fields)
