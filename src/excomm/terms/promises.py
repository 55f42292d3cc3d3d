"""Who acts first on a mere promise: since another has bound himself, not since he has performed."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import datetime
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
    ahead: dict[tuple[Atom, tuple[str, ...]], list[tuple[str, datetime | None]]] = {}
    for name, body in undertakings.items():
        if body.modality != "must" or body.condition is None:
            continue
        condition = body.condition
        if type(condition) is Is and condition.what not in ("in_force", "accepted_by"):
            continue
        performed = () if type(condition) is Is else _performed(condition)
        due, passed_over = times[name].due, {name, *performed}
        promised: dict[Atom, tuple[str, ...]] = {}
        for atom in atoms(condition):
            key = atom, body.by
            if key not in ahead:
                found = _promised(atom, body, undertakings, owed_by)
                ahead[key] = [(other, times[other].due) for other in found]
            promised[atom] = _open_still(due, ahead[key], passed_over)
        if not any(promised.values()):
            continue
        needed = tuple(
            dict.fromkeys(
                other
                for atom, behind in promised.items()
                if behind
                and (atom is condition or _sets_off(atom, condition, promised, undertakings))
                for other in behind
            )
        )
        if needed:
            yield Promise(name, needed)


def _open_still(
    due: datetime | None,
    others: Iterable[tuple[str, datetime | None]],
    passed_over: Collection[str],
) -> tuple[str, ...]:
    """Those that may still be unperformed when what is due by then must be done."""
    found: list[str] = []
    for other, over in others:
        if (due is None or over is None or due <= over) and other not in passed_over:
            found.append(other)
            if len(found) == _NAMED_MAX:
                break
    return tuple(found)


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

    return any(
        can_hold(condition, comes(rest, None)) and not can_hold(condition, comes(rest, atom))
        for rest in _RESTS
    )


_RESTS: tuple[Literal["open", "kept"], ...] = ("open", "kept")


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
                to = undertakings[name].to
                if not to or any(one in body.by for one in to):
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
