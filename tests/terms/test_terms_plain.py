"""The short way finds what the monitor finds."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.entries import Day, Entry, EntryId
from excomm.entries.kinds import Agreement, AnyBody, CaseHeader, Event, Undertaking
from excomm.entries.language import All, Amount, Any, Condition, Counted, Fixed, Is, Not, Relative
from excomm.fold import fold
from excomm.terms.book import book
from excomm.terms.judging import Room
from excomm.terms.monitor import outcome
from excomm.terms.plain import plain

OPENS = date(2030, 1, 1)
NAMES = tuple(f"U{n}" for n in range(6))
_DAY = st.integers(0, 60).map(lambda n: Fixed(Day(OPENS + timedelta(days=n))))
_ATOM = st.one_of(
    st.builds(Is, st.sampled_from(("fulfilled", "in_force", "breached")), st.sampled_from(NAMES)),
    st.builds(Is, st.just("accepted_by"), st.sampled_from(("A", "B"))),
    st.builds(Counted, st.sampled_from(NAMES), st.integers(1, 5)),
)
_CONDITION: st.SearchStrategy[Condition] = st.one_of(
    _ATOM,
    st.builds(Not, _ATOM),
    st.builds(All, st.tuples(_ATOM, _ATOM)),
    st.builds(Any, st.tuples(_ATOM, _ATOM)),
)
_UNDERTAKING = st.builds(
    Undertaking,
    by=st.sampled_from((("A",), ("B",), ("A", "B"))),
    modality=st.sampled_from(("must", "must", "must_not", "may")),
    kind=st.sampled_from(("achieve", "achieve", "maintain")),
    what=st.just("go"),
    starts=st.one_of(st.none(), _DAY, st.just(Relative("start of U0"))),
    due=st.one_of(st.none(), _DAY),
    condition=st.one_of(st.none(), _CONDITION),
    quantity=st.one_of(st.none(), st.just(Amount("gun", 5))),
)
_EVENT = st.builds(
    Event,
    kind=st.sampled_from(("done", "violation", "accepted", "count")),
    party=st.sampled_from((("A",), ("B",))),
    about=st.sampled_from(NAMES).map(lambda name: (name,)),
    value=st.just({"item": "gun", "total": 3}),
)


def _entry(name: str, body: AnyBody, day: date = OPENS) -> Entry:
    at = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return Entry(
        id=EntryId(name), occurred=Day(day), recorded=at, body=body, standing="established"
    )


@given(
    st.lists(_UNDERTAKING, min_size=6, max_size=6),
    st.lists(st.tuples(_EVENT, st.integers(0, 50)), max_size=4),
    st.integers(0, 70),
)
@settings(max_examples=500, deadline=None)
def test_the_short_way_finds_what_the_monitor_finds(
    bodies: list[Undertaking], events: list[tuple[Event, int]], day: int
) -> None:
    entries = [
        _entry("case", CaseHeader(title="t", zone="UTC", opens=OPENS)),
        _entry("text", Agreement(title="t", parties={"A": "Aland", "B": "Bland"})),
        *(_entry(name, body) for name, body in zip(NAMES, bodies, strict=True)),
        *(
            _entry(f"E{n}", event, OPENS + timedelta(days=on))
            for n, (event, on) in enumerate(events)
        ),
    ]
    on = datetime(2030, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)
    room = Room(book(fold(lambda: entries, on=on, zone=UTC)))
    sight = room.found.sight
    for name, body in room.book.undertakings.items():
        if name in room.book.about:
            continue
        quick = plain(name, body, sight)
        if quick is not None:
            assert quick == outcome(name, body, (), sight)
