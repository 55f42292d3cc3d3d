"""Why: what decides is enough by itself, and none of it can be left out."""

from collections.abc import Callable
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.entries import Entry, parse_when, start_of
from excomm.entries.times import Day
from excomm.fold import fold
from excomm.folder import read_agreement
from excomm.terms import Standing, standing

Judge = Callable[[str, str], Standing]

TEXT = """
parties: {A: Aland, B: Bland}
not_party: {X: Xland}
items: {gun: {unit: guns}}
undertakings:
  - {id: GUNS, by: A, to: [B], modality: must, kind: achieve, what: destroy guns,
     starts: 2030-01-01, due: 2030-01-15, evidence_by: P4D,
     quantity: {item: gun, number: 10, unit: guns}}
  - {id: HOST, by: A, to: [B], modality: must, kind: recur, what: host inspections,
     starts: 2030-01-01}
  - {id: KEEP, by: A, to: [B], modality: must_not, kind: maintain, what: keep guns,
     starts: {after: due of GUNS}, ends: 2030-01-25, relies_on: [HOST]}
  - {id: LIFT, by: B, to: [A], modality: must, kind: achieve, what: lift the blockade,
     condition: {any: [{fulfilled: GUNS}, {accepted_by: B}]}, due: {P5D after: condition}}
  - {id: BOTH, by: [A, B], to: [A], modality: must, kind: achieve, what: publish,
     starts: 2030-01-01, due: 2030-01-20, silence: breached}
  - {id: RIGHT, by: B, modality: may, kind: achieve, what: fly over, starts: 2030-01-01,
     due: 2030-01-20}
  - {id: RING, by: A, modality: must, kind: achieve, what: go, condition: {fulfilled: BACK}}
  - {id: BACK, by: B, modality: must, kind: achieve, what: go, condition: {fulfilled: RING}}
"""
NAMES = ("GUNS", "HOST", "KEEP", "LIFT", "BOTH", "RIGHT", "RING")
KINDS = (
    *("done", "not_done", "violation", "refusal", "progress", "count", "cannot_confirm"),
    *("objection", "finding", "request", "accepted", "suspended_by_agreement"),
    *("suspension_claimed", "countermeasure", "resumed", "terminated", "extended"),
)


@st.composite
def events(draw: st.DrawFn) -> list[str]:
    lines = []
    for number in range(draw(st.integers(0, 7))):
        kind = draw(st.sampled_from(KINDS))
        more = ""
        if kind == "count":
            how = draw(st.sampled_from(("total", "adds", "exactly")))
            more = f", value: {{item: gun, {how}: {draw(st.integers(0, 11))}}}"
        elif kind in ("countermeasure", "suspension_claimed"):
            more = f", in_answer_to: [E{draw(st.integers(0, 7))}]"
        elif kind in ("extended", "accepted") and draw(st.booleans()):
            more = f", due: 2030-01-{draw(st.integers(10, 28))}"
        lines.append(
            f"  - {{id: E{number}, date: 2030-01-{draw(st.integers(1, 28)):02}, kind: {kind}, "
            f"party: {draw(st.sampled_from(('A', 'B', 'X', 'unknown')))}, "
            f"about: [{draw(st.sampled_from(NAMES))}], "
            f"assurance: {draw(st.sampled_from(('established', 'established', 'claimed')))}{more}}}"
        )
    return lines


def _entries(lines: list[str]) -> tuple[Entry, ...]:
    return read_agreement("\n".join((TEXT, "events:" if lines else "", *lines)))


def _standing(entries: tuple[Entry, ...], day: Day) -> Standing:
    zone = parse_when("2030-01-01T00:00Z").at.tzinfo  # type: ignore[union-attr]
    assert zone is not None
    return standing(fold(lambda: entries, on=start_of(day, zone), zone=zone))


@given(events(), st.integers(2, 28))
@settings(max_examples=150, deadline=None)
def test_what_decides_is_enough_and_none_of_it_can_be_left_out(lines: list[str], day: int) -> None:
    on = parse_when(f"2030-01-{day:02}")
    assert isinstance(on, Day)
    entries = _entries(lines)
    told = {f"E{number}" for number in range(8)}
    for name, status in _standing(entries, on).items():
        assert set(status.decides) <= set(status.why)

        def state(kept: set[str], name: str = name) -> str:
            rest = tuple(entry for entry in entries if entry.id not in told or entry.id in kept)
            return _standing(rest, on)[name].state

        assert state(set(status.decides)) == status.state
        for fewer in combinations(status.decides, max(len(status.decides) - 1, 0)):
            assert state(set(fewer)) != status.state or not status.decides


@given(events(), st.integers(2, 28))
@settings(max_examples=150, deadline=None)
def test_claims_alone_never_fulfil_break_or_end_anything(lines: list[str], day: int) -> None:
    on = parse_when(f"2030-01-{day:02}")
    assert isinstance(on, Day)
    claims = [line.replace("established", "claimed") for line in lines]
    bare = _standing(_entries([]), on)
    for name, status in _standing(_entries(claims), on).items():
        if status.state in ("fulfilled", "breached", "lapsed", "suspended"):
            assert status.state == bare[name].state  # the calendar alone, and not the claims


@given(events(), st.integers(2, 28))
@settings(max_examples=100, deadline=None)
def test_a_ring_is_never_set_off_by_anything_but_its_members_conduct(
    lines: list[str], day: int
) -> None:
    on = parse_when(f"2030-01-{day:02}")
    assert isinstance(on, Day)
    outside = [line for line in lines if "RING" not in line]
    assert _standing(_entries(outside), on)["RING"].state == "pending"


def test_what_is_waited_through_is_named_with_the_entries_on_the_way(status: Judge) -> None:
    count = (
        "  - {id: E1, date: 2030-01-05, kind: count, about: [GUNS], assurance: established, "
        "value: {item: gun, total: 6}}\n"
        "  - {id: E2, date: 2030-01-05, kind: progress, about: [HOST], assurance: established}\n"
    )
    found = status(TEXT + "events:\n" + count, "2030-01-06")["LIFT"]
    assert found.path == ("GUNS",)
    assert found.why == ("E1",)
    assert found.missing == ("GUNS to be fulfilled or acceptance by Bland",)


def test_what_a_retraction_withdraws_and_what_says_it_shows_nothing_bears_on_nothing(
    status: Judge,
) -> None:
    text = TEXT + (
        "events:\n"
        "  - {id: E1, date: 2030-01-05, kind: done, about: [GUNS], assurance: established}\n"
        "  - {id: E2, date: 2030-01-06, kind: retraction, corrects: E1, about: [GUNS]}\n"
        "  - {id: E3, date: 2030-01-06, kind: finding, about: [GUNS], shows: {GUNS: nothing}}\n"
    )
    assert status(text, "2030-01-05")["GUNS"].state == "fulfilled"
    found = status(text, "2030-01-06")["GUNS"]
    assert (found.state, found.why) == ("in_force", ())
