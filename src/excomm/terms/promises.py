"""Who acts first on a mere promise: since another has bound himself, not since he has performed."""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Literal

import msgspec

from excomm.entries.kinds import Undertaking
from excomm.entries.language import All, Condition, Is
from excomm.terms.rings import Atom, atoms, can_hold, is_dead, named
from excomm.terms.spans import Span

_NAMED_MAX = 8  # of more promises behind one acceptance, the first are named


class Promise(msgspec.Struct, frozen=True):
    """first: the undertaking acted on first. on: what is only promised then."""

    first: str
    on: tuple[str, ...]


def promises(
    undertakings: Mapping[str, Undertaking], times: Mapping[str, Span]
) -> Iterator[Promise]:
    """Every duty that a promise of another sets off, though that promise need not yet be kept."""
    owed_by: dict[str, list[str]] = {}
    for name, body in undertakings.items():
        if body.modality == "must" and body.kind == "achieve":
            for party in body.by:
                owed_by.setdefault(party, []).append(name)
    for name, body in undertakings.items():
        if body.modality != "must" or body.condition is None:
            continue
        condition = body.condition
        if type(condition) is Is and condition.what not in ("in_force", "accepted_by"):
            continue
        performed = _performed(condition)
        promised = {
            atom: tuple(
                islice(
                    (
                        other
                        for other in _promised(atom, body, undertakings, owed_by)
                        if other != name and other not in performed and _later(name, other, times)
                    ),
                    _NAMED_MAX,
                )
            )
            for atom in atoms(condition)
        }
        needed = tuple(
            dict.fromkeys(
                other
                for atom, others in promised.items()
                if others and _sets_off(atom, condition, promised, undertakings)
                for other in others
            )
        )
        if needed:
            yield Promise(name, needed)


def _sets_off(
    atom: Atom,
    condition: Condition,
    promised: Mapping[Atom, tuple[str, ...]],
    undertakings: Mapping[str, Undertaking],
) -> bool:
    """Whether the promise can be what sets it off: alone of its kind, or with the rest kept."""

    def comes(kept: Literal["kept", "open"], without: Atom | None) -> Callable[[Atom], bool]:
        def judged(other: Atom) -> bool:
            if other == without or is_dead(other, undertakings):
                return False
            return bool(promised.get(other)) or kept == "kept" or named(other) is None

        return judged

    alone = can_hold(condition, comes("open", None)) and not can_hold(
        condition, comes("open", atom)
    )
    beside = can_hold(condition, comes("kept", None)) and not can_hold(
        condition, comes("kept", atom)
    )
    return alone or beside


def _promised(
    atom: Atom,
    body: Undertaking,
    undertakings: Mapping[str, Undertaking],
    owed_by: Mapping[str, list[str]],
) -> Iterator[str]:
    match atom:
        case Is("in_force", of) if of in undertakings:
            other = undertakings[of]
            owes = other.modality == "must" and other.kind == "achieve"
            if owes and not set(other.by) & set(body.by):
                yield of
        case Is("accepted_by", party) if party not in body.by:
            for name in owed_by.get(party, ()):
                if not undertakings[name].to or set(undertakings[name].to) & set(body.by):
                    yield name
        case _:
            return


def _performed(condition: Condition) -> frozenset[str]:
    """Undertakings that the condition asks to be performed, whatever else."""
    if isinstance(condition, All):
        return frozenset(name for part in condition.parts for name in _performed(part))
    if isinstance(condition, Is) and condition.what == "fulfilled":
        return frozenset((condition.of,))
    return frozenset()


def _later(first: str, other: str, times: Mapping[str, Span]) -> bool:
    """Whether the other may still be unperformed when the first must be done."""
    due, over = times[first].due, times[other].due
    return due is None or over is None or due <= over
