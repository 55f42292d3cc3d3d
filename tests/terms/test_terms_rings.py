"""Rings against a solver of its own: whatever could begin in some order of willing acts does."""

from itertools import permutations
from typing import Any as Any_

from hypothesis import given, settings
from hypothesis import strategies as st

from excomm.entries.kinds import Undertaking
from excomm.entries.language import All, Any, Condition, Counted, Is, Not, Relative
from excomm.terms.rings import rings

NAMES = ("A", "B", "C", "D", "E", "F")

_ATOM = st.one_of(
    st.builds(Is, st.sampled_from(("fulfilled", "in_force", "breached")), st.sampled_from(NAMES)),
    st.builds(Counted, st.sampled_from(NAMES), st.just(3)),
    st.builds(Is, st.just("fulfilled"), st.sampled_from(NAMES)),
    st.builds(Is, st.just("accepted_by"), st.just("P")),
)
_CONDITION: st.SearchStrategy[Condition] = st.recursive(
    _ATOM,
    lambda inner: st.one_of(
        st.builds(All, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Any, st.lists(inner, min_size=1, max_size=3).map(tuple)),
        st.builds(Not, inner),
    ),
    max_leaves=4,
)


@st.composite
def agreements(draw: st.DrawFn) -> dict[str, Undertaking]:
    found = {}
    for name in NAMES[: draw(st.integers(2, 6))]:
        starts = draw(
            st.one_of(
                st.none(),
                st.builds(
                    Relative,
                    st.builds(
                        "{} {}".format,
                        st.sampled_from(("start of", "fulfilled")),
                        st.sampled_from(NAMES),
                    ),
                ),
            )
        )
        condition = draw(st.one_of(st.none(), _CONDITION, _CONDITION, _CONDITION))
        found[name] = Undertaking(
            by=("P",),
            modality="must",
            kind="achieve",
            what="go",
            starts=starts,
            condition=condition,
        )
    return found


def holds(condition: Condition | None, begun: set[str], known: set[str], denied: bool) -> bool:
    """Truth in a world where `begun` have begun and been performed, written once more by hand."""
    if condition is None:
        return True
    if isinstance(condition, Not):
        return holds(condition.part, begun, known, not denied)
    if isinstance(condition, All | Any):
        truths = [holds(part, begun, known, denied) for part in condition.parts]
        return all(truths) if isinstance(condition, All) != denied else any(truths)
    if denied:
        return True
    of = condition.undertaking if isinstance(condition, Counted) else condition.of
    return of not in known or of in begun


def begins(name: str, of: dict[str, Undertaking], begun: set[str]) -> bool:
    body = of[name]
    if isinstance(body.starts, Relative):
        anchor = body.starts.anchor.rpartition(" ")[2]
        if anchor in of and anchor not in begun:
            return False
    return holds(body.condition, begun, set(of), denied=False)


@given(agreements())
@settings(max_examples=400, deadline=None)
def test_what_never_begins_begins_in_no_order_of_acts(of: dict[str, Undertaking]) -> None:
    possible: set[str] = set()
    for order in permutations(of):
        begun: set[str] = set()
        for name in order:
            if begins(name, of, begun):
                begun.add(name)
        possible |= begun
        if possible == set(of):
            break
    assert rings(of).never == set(of) - possible


@given(agreements())
@settings(max_examples=400, deadline=None)
def test_opening_any_member_from_outside_opens_a_ring(of: dict[str, Undertaking]) -> None:
    """Nobody is called a member whom it would not help to let begin."""
    found = rings(of)
    for ring in found.rings:
        assert set(ring) <= found.never
        for member in ring:
            waits = found.paths[found.rings.index(ring)]
            assert waits[-1] == ring[0]
            assert set(waits) <= set(ring)
            assert member not in found.waiting
    for name, way in found.waiting.items():
        ringed = {member for ring in found.rings for member in ring}
        assert name in found.never
        assert way[-1] in ringed
        assert not set(way[:-1]) & ringed


@given(agreements())
@settings(max_examples=300, deadline=None)
def test_whoever_never_begins_is_in_a_ring_or_waits_on_one(of: dict[str, Undertaking]) -> None:
    found = rings(of)
    ringed = {member for ring in found.rings for member in ring}
    assert found.never == ringed | set(found.waiting)


@given(agreements())
@settings(max_examples=40, deadline=None)
def test_z3_finds_the_same_that_can_never_begin(of: dict[str, Undertaking]) -> None:
    """An and/or graph as integer ranks: what begins does so after all that it waits for."""
    import z3  # type: ignore[import-untyped]

    def can(condition: Condition | None, name: str, *, denied: bool) -> Any_:
        if condition is None:
            return z3.BoolVal(True)
        if isinstance(condition, Not):
            return can(condition.part, name, denied=not denied)
        if isinstance(condition, All | Any):
            parts = [can(part, name, denied=denied) for part in condition.parts]
            return z3.And(parts) if isinstance(condition, All) != denied else z3.Or(parts)
        other = condition.undertaking if isinstance(condition, Counted) else condition.of
        return after(other, name) if not denied and other in of else z3.BoolVal(True)

    def after(other: str, name: str) -> Any_:
        return z3.And(begun[other], rank[other] < rank[name])

    begun = {name: z3.Bool(f"begun {name}") for name in of}
    rank = {name: z3.Int(f"rank {name}") for name in of}
    solver = z3.Optimize()
    for name, body in of.items():
        anchor = body.starts.anchor.rpartition(" ")[2] if isinstance(body.starts, Relative) else ""
        starts = after(anchor, name) if anchor in of else z3.BoolVal(True)
        solver.add(z3.Implies(begun[name], z3.And(starts, can(body.condition, name, denied=False))))
        solver.add_soft(begun[name])
    assert solver.check() == z3.sat
    model = solver.model()
    never = {name for name in of if not z3.is_true(model.eval(begun[name], model_completion=True))}
    assert rings(of).never == never


def test_a_chain_and_a_ring_of_thousands_are_no_matter_of_depth() -> None:
    def waits(on: str) -> Undertaking:
        return Undertaking(
            by=("P",), modality="must", kind="achieve", what="go", condition=Is("fulfilled", on)
        )

    size = 5000
    of = {f"U{n}": waits(f"U{(n + 1) % size}") for n in range(size)}
    assert [len(ring) for ring in rings(of).rings] == [size]
    of["U7"] = Undertaking(by=("P",), modality="must", kind="achieve", what="go")
    assert rings(of).never == frozenset()
