"""Static findings: what is wrong with an agreement before anything has happened.

Judged from the text alone; events are never looked at. Every finding names the undertakings it is
about, the way through others where there is one, and what to do, in words. None is a guess: where
the text leaves a thing open, nothing is found. What each name means stands in docs/terms.md.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from typing import get_args

import msgspec

from excomm.entries import Entry
from excomm.entries.durations import parse_duration
from excomm.entries.kinds import Undertaking
from excomm.entries.language import Is, Relative, StaticFinding
from excomm.fold import Facts
from excomm.terms import establishing, named, words_used
from excomm.terms.conflicts import conflicts
from excomm.terms.promises import promises
from excomm.terms.rings import Rings, atoms, can_hold, is_dead, links, never_holds, rings
from excomm.terms.spans import Span, spans
from excomm.terms.text import Text, text_of, variants


class Finding(msgspec.Struct, frozen=True):
    """One thing wrong with the text.

    on: both of a conflict, every member of a ring, otherwise the one undertaking (or agreement,
    package, letter). path: the undertakings it leads through, nearest first. says: what is wrong
    and what to do.
    """

    check: StaticFinding
    on: tuple[str, ...]
    path: tuple[str, ...]
    says: str


def check(source: Facts | Iterable[Entry]) -> tuple[Finding, ...]:
    """Every static finding, in the order of the agreement, then of the list of names.

    source: the facts of a day, whose agreement is read as known then; or the entries of a file.
    """
    collecting = gc.isenabled()
    # As in the fold: many small structs that all stay need no collector.
    gc.disable()
    try:
        return _check(text_of(source))
    finally:
        if collecting:
            gc.enable()


def _check(text: Text) -> tuple[Finding, ...]:
    linked = links(text.undertakings)
    times = spans(text.undertakings, text.zone, linked)
    ringed = rings(text.undertakings, linked)
    found = (
        *_structure(text, ringed),
        *_each(text, times, ringed.never),
        *_pairs(text, times, ringed.never),
        *_words(text),
    )
    place = {name: index for index, name in enumerate((*text.undertakings, *text.offers))}
    names = {name: index for index, name in enumerate(get_args(StaticFinding))}
    last = len(place)
    return tuple(sorted(found, key=lambda f: (place.get(f.on[0], last), names[f.check], f.on)))


# -- through the whole agreement -----------------------------------------------------------------


def _structure(text: Text, ringed: Rings) -> Iterator[Finding]:
    for name, said in named.unknown(text):
        yield Finding("unknown_reference", (name,), (), f"{'; '.join(said)}. Name what there is.")
    for members, path in zip(ringed.rings, ringed.paths, strict=True):
        yield Finding("circular_wait", members, path, _ring_words(members))
    for name, path in ringed.waiting.items():
        yield Finding(
            "waits_on_circle",
            (name,),
            path,
            f"{name} can only begin after {path[-1]}, which waits in a circle. Open the circle, or"
            f" give {name} another way in.",
        )
    bare = establishing.unverifiable(text)
    for name, why in bare.items():
        yield Finding(
            "unverifiable_means",
            (name,),
            (),
            f"{name}: {why}. Agree a means that does not rest on the obligor alone.",
        )
    for name, path in establishing.depends(text, bare).items():
        through = "" if len(path) == 1 else f", through {' and '.join(path[:-1])}"
        yield Finding(
            "depends_on_unverifiable",
            (name,),
            path,
            f"{name} waits for {path[-1]}{through}, and nobody could establish that {path[-1]} was"
            " performed. Agree a means for it, or wait for something that can be seen.",
        )


def _ring_words(members: tuple[str, ...]) -> str:
    if len(members) == 1:
        return f"{members[0]} waits for itself. Name another start."
    return (
        f"{', '.join(members[:-1])} and {members[-1]} wait for each other, and nobody can begin."
        " Let one of them act first, or give one another way in (any: [...])."
    )


# -- each by itself --------------------------------------------------------------------------------


def _each(text: Text, times: dict[str, Span], never: frozenset[str]) -> Iterator[Finding]:
    for name, body in text.undertakings.items():
        for found, said in _alone(name, body, times[name], text, never):
            if said:
                yield Finding(found, (name,), (), f"{name}: {said}")


def _alone(
    name: str, body: Undertaking, time: Span, text: Text, never: frozenset[str]
) -> Iterator[tuple[StaticFinding, str]]:
    """What is wrong with one undertaking by itself: empty words where nothing is."""
    if body.condition is not None or body.readings:
        yield "condition_never_holds", _never(body, text)
        yield "needs_consent_of_outsider", _outsiders(body, text)
    elif body.needs_consent_of:
        yield "needs_consent_of_outsider", _outsiders(body, text)
    due = time.due
    if due is not None and (time.waits_until > due or (time.waits_by or due) > due):
        yield "deadline_before_condition", "" if name in never else _too_soon(time)
    if body.due is None:
        yield "no_deadline", _no_deadline(body)
    elif type(body.due) is Relative:
        yield "counting_open_to_doubt", _open_to_doubt(body)
    if text.outsiders:
        yield "obligor_not_party", _not_party(body, text)
    if body.standard is None and (body.item or body.accuse is not None):
        yield "standard_missing", _no_standard(body, text)
    if body.quantity is not None:
        yield "unit_mismatch", _other_unit(body, text)


def _never(body: Undertaking, text: Text) -> str:
    if type(body.condition) is Is and not body.readings:
        dead = is_dead(body.condition, text.undertakings)
        return _CANNOT_HOLD if dead else ""
    for variant in variants(body):
        if variant.condition is not None and never_holds(variant.condition, text.undertakings):
            return _CANNOT_HOLD
    return ""


_CANNOT_HOLD = "its condition can never hold, whoever does what. Correct the condition."


def _too_soon(time: Span) -> str:
    if time.due is None:
        return ""
    last = max(time.waits_until, time.waits_by or time.waits_until)
    if last <= time.due:
        return ""
    return (
        f"its deadline ({time.due:%Y-%m-%d}) can pass before what it waits for need have come"
        f" about ({last:%Y-%m-%d}). Count the deadline from the condition."
    )


def _no_deadline(body: Undertaking) -> str:
    if body.modality == "must" and body.kind == "achieve" and body.due is None:
        return "no deadline: it can be put off for ever. Give it a due."
    return ""


def _open_to_doubt(body: Undertaking) -> str:
    due = body.due
    if not isinstance(due, Relative) or due.last_day is not None or not due.duration:
        return ""
    duration = parse_duration(due.duration)
    if duration.seconds or not (duration.days or duration.months):
        return ""
    return (
        f"{due.duration} after {due.anchor} ends on one day or the next, as the first day is"
        " counted or not. Fix the last_day."
    )


def _not_party(body: Undertaking, text: Text) -> str:
    outside = [party for party in body.by if party in text.outsiders]
    if not outside:
        return ""
    who = " and ".join(text.name(party) for party in outside)
    return f"{who} never accepted it, and is not bound. Get acceptance, or bind a party."


def _outsiders(body: Undertaking, text: Text) -> str:
    outside = [party for party in body.needs_consent_of if party in text.outsiders]
    outside.extend(party for party in _asked(body, text) if party not in outside)
    if not outside:
        return ""
    who = " and ".join(text.name(party) for party in outside)
    return f"it depends on {who}, who is not a party. Get consent first, or agree another means."


def _asked(body: Undertaking, text: Text) -> Sequence[str]:
    """Outsiders whose word its condition cannot do without."""
    if not text.outsiders:
        return ()
    asked = tuple(
        dict.fromkeys(
            atom.of
            for atom in atoms(body.condition)
            if isinstance(atom, Is)
            and atom.what in ("accepted_by", "requested_by")
            and atom.of in text.outsiders
        )
    )
    if not asked or body.condition is None:
        return ()
    without = can_hold(body.condition, lambda atom: not (isinstance(atom, Is) and atom.of in asked))
    return () if without else asked


def _no_standard(body: Undertaking, text: Text) -> str:
    if body.standard is not None:
        return ""
    if body.accuse is not None:
        return "it says how sure one must be to accuse, and not to call it performed. Set standard."
    item = body.item
    if item and (text.with_figures is None or item in text.with_figures):
        return (
            f"it rests on the assurance of {item}, and says not how sure is enough. Set standard."
        )
    return ""


def _other_unit(body: Undertaking, text: Text) -> str:
    quantity = body.quantity
    if quantity is None or not quantity.unit:
        return ""
    unit = text.units.get(quantity.item)
    if not unit or unit == quantity.unit:
        return ""
    return f"it counts {quantity.item} in {quantity.unit}, the agreement in {unit}. Use one unit."


# -- pairs, promises, words ------------------------------------------------------------------------


def _pairs(text: Text, times: dict[str, Span], never: frozenset[str]) -> Iterator[Finding]:
    for conflict in conflicts(text.undertakings, times):
        pair = (conflict.first, conflict.second)
        what = text.undertakings[conflict.first].act or text.undertakings[conflict.first].what
        if conflict.how == "unit":
            yield Finding(
                "unit_mismatch",
                pair,
                (),
                f"{pair[0]} and {pair[1]} limit the same act ({what}) by amounts of different items"
                " or units. Use one unit.",
            )
            continue
        first, second = (text.undertakings[name].modality.replace("_", " ") for name in pair)
        yield Finding(
            "conflicting_modality",
            pair,
            (),
            f"{pair[0]} says {first} and {pair[1]} says {second}, of the same act ({what}) in"
            " overlapping time. End one before the other begins, or drop one.",
        )
    for promise in promises(text.undertakings, times):
        if promise.first in never:
            continue  # nobody acts in a ring, first or last
        body = text.undertakings[promise.first]
        who = " and ".join(text.name(party) for party in body.by)
        others = dict.fromkeys(
            text.name(party) for on in promise.on for party in text.undertakings[on].by
        )
        yield Finding(
            "performs_first",
            (promise.first,),
            promise.on,
            f"{who} acts first under {promise.first}, on a mere promise of {' and '.join(others)}"
            f" ({', '.join(promise.on)}). Wait for the performance, or accept the risk knowingly.",
        )


def _words(text: Text) -> Iterator[Finding]:
    for use in words_used.uses(text):
        instead = f"Say {use.rule.use}" if use.rule.use else "Leave it out"
        where = ", ".join(part for part in (use.rule.scope, use.rule.source) if part)
        yield Finding(
            "wording",
            (use.on,),
            (),
            f'{use.on}: {use.field} says "{use.word}". {instead}{f" ({where})" if where else ""}.',
        )
