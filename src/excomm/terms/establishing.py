"""Whether anybody could establish that an undertaking was kept, and who waits in vain for it.

No agreed means, or only the obligor's own word, establishes nothing. Whatever waits for such an
undertaking can never be known to have begun, and so on through the chain; a second limb that can
be established is a way round.
"""

import re
from collections import deque
from collections.abc import Iterator, Mapping
from typing import Literal

from excomm.entries.kinds import Means, Undertaking
from excomm.entries.language import All, Any, Condition, Counted, Is, Not, Relative
from excomm.terms.rings import Atom, atoms, named, needed_by_point, split_anchor
from excomm.terms.text import Text, Variant, variants

_SELF = re.compile(r"self[- ]?(?:declar|report|certif|assess|verif|notif|attest)\w*", re.IGNORECASE)
_SPOKEN = (
    r"(?:declaration|statement|word|report|notification|certificate|certification|say-so|assurance"
    r"|promise|account|confirmation|attestation)s?"
)
_BARE = re.compile(
    rf"(?:(?:its|his|her|their|the)\s+)?(?:own\s+|unilateral\s+|mere\s+|bare\s+)?{_SPOKEN}"
    r"(?:\s+alone|\s+only)?",
    re.IGNORECASE,
)
_OWN = re.compile(rf"(?:(?:its|his|her|their)\s+)?own\s+{_SPOKEN}", re.IGNORECASE)

_PATH_MAX = 64  # of a longer chain its near end is shown


def unverifiable(text: Text) -> dict[str, str]:
    """Undertakings that no agreed means could establish, each with why, in words."""
    found: dict[str, str] = {}
    own: dict[tuple[tuple[str, ...], tuple[str, ...]], bool] = {}
    for name, body in text.undertakings.items():
        if not body.verification:
            if not body.relies_on:
                found[name] = "no means of verification is agreed"
            continue
        key = (body.by, body.verification)
        if key not in own:
            own[key] = all(own_word(means, body, text) for means in body.verification)
        if own[key]:
            means = " and ".join(body.verification)
            found[name] = f"the only means agreed ({means}) is the obligor's own word"
    return found


def own_word(means: str, body: Undertaking, text: Text) -> bool:
    """Whether a means of verification is no more than the obligor's own word."""
    entered = _entered(means, text.means)
    if entered is not None and entered.party:
        spoken = _BARE.fullmatch(entered.type.strip()) or _BARE.fullmatch(entered.name.strip())
        return bool(spoken) and entered.party in body.by
    said = " ".join(means.split()).rstrip(".")
    if _SELF.fullmatch(said) or _SELF.match(said) or _OWN.match(said) or _BARE.fullmatch(said):
        return True
    return any(_said_by(said, word) for party in body.by for word in (party, text.name(party)))


def depends(text: Text, bare: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Who waits for what nobody can establish, with the way to it, nearest first.

    bare: undertakings that cannot be established themselves.
    """
    cause: dict[str, str] = {}
    dependents: dict[str, list[str]] = {}
    for name, body in text.undertakings.items():
        if body.condition is None and type(body.starts) is not Relative and not body.readings:
            continue
        for variant in variants(body):
            for needed in _needed(variant, text.undertakings):
                dependents.setdefault(needed, []).append(name)
    queue = deque(dict.fromkeys(other for name in bare for other in dependents.get(name, ())))
    while queue:
        name = queue.popleft()
        if name in cause:
            continue
        found = _cause(name, text.undertakings, bare, cause)
        if found is None:
            continue
        cause[name] = found
        queue.extend(dependents.get(name, ()))
    return {name: _chain(name, cause, bare) for name in text.undertakings if name in cause}


def _chain(name: str, cause: Mapping[str, str], bare: Mapping[str, str]) -> tuple[str, ...]:
    way = [cause[name]]
    while way[-1] not in bare and len(way) < _PATH_MAX:
        way.append(cause[way[-1]])
    return tuple(way)


def _cause(
    name: str,
    undertakings: Mapping[str, Undertaking],
    bare: Mapping[str, str],
    cause: Mapping[str, str],
) -> str | None:
    """What keeps an undertaking from ever being known to have begun; None where nothing does."""
    first: str | None = None
    for variant in variants(undertakings[name]):
        found = _of_start(variant, undertakings, bare, cause)
        if found is None and variant.condition is not None:
            found = _of_condition(variant.condition, bare, cause, "is")
        if found is None:
            return None
        first = first or found
    return first


def _of_start(
    variant: Variant,
    undertakings: Mapping[str, Undertaking],
    bare: Mapping[str, str],
    cause: Mapping[str, str],
) -> str | None:
    for needed in needed_by_point(variant.starts, undertakings):
        word, of = split_anchor(getattr(variant.starts, "anchor", ""))
        if needed in cause or (word == "fulfilled" and of == needed and needed in bare):
            return needed
    return None


def _of_condition(
    condition: Condition,
    bare: Mapping[str, str],
    cause: Mapping[str, str],
    side: Literal["is", "not"],
) -> str | None:
    match condition:
        case Not(part):
            return _of_condition(part, bare, cause, "not" if side == "is" else "is")
        case All(parts) | Any(parts):
            found = [_of_condition(part, bare, cause, side) for part in parts]
            if isinstance(condition, All) == (side == "is"):
                return next((each for each in found if each is not None), None)
            return found[0] if all(each is not None for each in found) else None
        case Is() | Counted():
            of = named(condition)
            if of is None:
                return None
            return of if of in cause or (of in bare and _asks_performance(condition)) else None


def _asks_performance(atom: Atom) -> bool:
    return isinstance(atom, Counted) or atom.what != "in_force"


def _needed(variant: Variant, undertakings: Mapping[str, Undertaking]) -> Iterator[str]:
    yield from needed_by_point(variant.starts, undertakings)
    for atom in atoms(variant.condition):
        of = named(atom)
        if of is not None and of in undertakings:
            yield of


def _entered(means: str, entered: Mapping[str, Means]) -> Means | None:
    if means in entered:
        return entered[means]
    said = means.casefold()
    return next(
        (
            each
            for each in entered.values()
            if said in (each.name.casefold(), *(alias.casefold() for alias in each.aliases))
        ),
        None,
    )


def _said_by(means: str, who: str) -> bool:
    """ "declaration by A", "A's declaration", "word of A"."""
    name = re.escape(who)
    after = rf"(?:the\s+)?{_SPOKEN}\s+(?:by|of|from)\s+(?:the\s+)?{name}"
    before = rf"(?:the\s+)?{name}(?:'s|’s|s')?\s+(?:own\s+)?{_SPOKEN}"
    return re.fullmatch(f"(?:{after})|(?:{before})", means, re.IGNORECASE) is not None
